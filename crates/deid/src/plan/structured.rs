//! Content items of structured reports (PS3.15 E.3.4, Table E.3.4-1).
//!
//! The concept name of an item decides, as a tag does elsewhere. Words of TEXT items are cleaned
//! under the Clean Structured Content Option and replaced under the basic profile alone.

use obscura_dicom::{DataSet, Element, Tag};

use super::decide::{Because, Decision, Place};
use super::{Act, Planner, TEXT_VALUE};
use crate::tables::Action;

/// Concept Name Code Sequence.
const CONCEPT_NAME: Tag = Tag(0x0040, 0xA043);

/// Decides on a content item by its concept name.
pub(super) fn item(planner: &Planner<'_>, item: &DataSet<'_>, place: Place) -> Decision {
    let value_type = item.ascii(Tag(0x0040, 0xA040)).unwrap_or_default();
    let rule = concept(item)
        .and_then(|(code, scheme)| planner.policy.content_item_typed(code, scheme, value_type));
    let Some(rule) = rule else {
        return Decision::new(Act::Descend, Because::Item).inside(place);
    };
    let because = Because::ContentItem(rule.source);
    match rule.action {
        Action::X | Action::XZ | Action::XD | Action::XZD => Decision::new(Act::Remove, because),
        Action::Z | Action::D | Action::ZD => {
            Decision::new(Act::Descend, because).inside(Place::ContentStrict)
        }
        Action::K | Action::U | Action::XZU | Action::C(_) => {
            Decision::new(Act::Descend, because).inside(place)
        }
    }
}

/// Decides on the words of a content item; everything else of it has a row in the table.
pub(super) fn value(
    planner: &Planner<'_>,
    element: &Element<'_>,
    place: Place,
) -> Option<Decision> {
    if element.tag != TEXT_VALUE || planner.policy.rule(TEXT_VALUE).is_some() || element.is_empty()
    {
        return None;
    }
    let act = match place {
        Place::ContentStrict => Act::Dummy,
        Place::Content | Place::Object | Place::Dummied => Act::Clean,
    };
    Some(Decision::new(act, Because::Outside))
}

/// Code value and scheme of an item's concept name.
fn concept<'s>(item: &'s DataSet<'_>) -> Option<(&'s str, &'s str)> {
    let name = item.get(CONCEPT_NAME)?.items()?.first()?;
    Some((
        name.ascii(Tag(0x0008, 0x0100))?,
        name.ascii(Tag(0x0008, 0x0102))?,
    ))
}
