//! One element, one decision: the rule of Table E.1-1 (or what stands in for one), made fit for
//! the element's VR and for its Type in the object's own IOD.

use std::borrow::Cow;

use obscura_dicom::{DataSet, Element, Tag, VR};

use super::{Act, Planner, form, outside, private, structured};
use crate::apply::dates;
use crate::policy::{PrivateSource, Rule, RuleSource, is_number_or_code};
use crate::tables::types::AttributeType;
use crate::tables::{Action, ProfileOption};

/// Why something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Because {
    /// A row of Table E.1-1, one of its options, or a team's own rule.
    Rule(RuleSource),
    /// A content item's row of Table E.3.4-1.
    ContentItem(RuleSource),
    /// A private attribute.
    Private(PrivateSource),
    /// A standard attribute that the table does not list: its VR decides.
    Outside,
    /// Neither the table nor the data dictionary knows the attribute.
    Unknown,
    /// It stands in a sequence that was replaced by dummies.
    InDummy,
    /// Bitmap overlays and curves: what is drawn in them cannot be verified.
    Graphics,
    /// An item of a sequence that stays.
    Item,
}

/// Where an element stands, as far as decisions depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The object itself, or an item of an ordinary sequence.
    Object,
    /// A content item of a structured report: words are cleaned.
    Content,
    /// A content item under the basic profile alone: words are replaced.
    ContentStrict,
    /// In a sequence replaced by dummies.
    Dummied,
}

/// What is done, why, and where the items of the element stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decision {
    pub(super) act: Act,
    pub(super) because: Because,
    pub(super) inside: Place,
    /// The VR to treat the value by, where it is not the element's own (private, UN).
    pub(super) vr: Option<VR>,
}

impl Decision {
    pub(super) const fn new(act: Act, because: Because) -> Self {
        Self {
            act,
            because,
            inside: Place::Object,
            vr: None,
        }
    }

    pub(super) const fn inside(self, inside: Place) -> Self {
        Self { inside, ..self }
    }
}

/// What the object's IOD asks of an attribute (PS3.5 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It may go (Type 3, or not of this IOD).
    None,
    /// It must be there and may be empty (Type 2, 2C).
    Element,
    /// It must be there with a value (Type 1, 1C).
    Value,
}

/// What the object's IOD asks of the attribute at the planner's place.
pub(super) fn need(planner: &Planner<'_>, tag: Tag) -> Need {
    // Content items nest without end; the tables know one level of them (PS3.3 C.17.3).
    let nested = planner.path.windows(2).any(|pair| pair[0] == pair[1]);
    let mut path = Cow::Borrowed(planner.path.as_slice());
    if nested {
        path.to_mut().dedup();
    }
    match planner.iod.and_then(|iod| iod.attribute_type(&path, tag)) {
        Some(AttributeType::One | AttributeType::OneC) => Need::Value,
        Some(AttributeType::Two | AttributeType::TwoC) => Need::Element,
        Some(AttributeType::Three) | None => Need::None,
    }
}

/// Decides on one element of a data set.
pub(super) fn decide(
    planner: &Planner<'_>,
    data: &DataSet<'_>,
    element: &Element<'_>,
    place: Place,
) -> Decision {
    let decision = by_table(planner, data, element, place);
    let vr = decision.vr.unwrap_or(element.vr);
    if decision.act == Act::Keep && !form::is_plausible(vr, element) {
        // Words in the place of a number are not the value that the rule speaks of.
        return Decision {
            act: gone(planner, element.tag),
            ..decision
        };
    }
    decision
}

fn by_table(
    planner: &Planner<'_>,
    data: &DataSet<'_>,
    element: &Element<'_>,
    place: Place,
) -> Decision {
    let tag = element.tag;
    if tag.group() % 2 == 1 {
        return private::decide(planner, data, element, place);
    }
    if matches!(tag.group(), 0x0000..=0x0006) {
        // Commands, file meta information and directory records have no place in a data set.
        return Decision::new(Act::Remove, Because::Unknown);
    }
    if let Some(decision) = private::inside(planner, element) {
        return decision;
    }
    if let Some(decision) = graphics(planner, tag) {
        return decision;
    }
    if place == Place::Dummied && !matches!(element.vr, VR::DA | VR::DT | VR::TM) {
        return dummied(element);
    }
    if let Some(decision) = structured::value(planner, element, place) {
        return decision;
    }
    match planner.policy.rule(tag) {
        Some(rule) => by_rule(planner, element, rule, place),
        None => outside::decide(planner, element, place),
    }
}

/// Decides on one item of a sequence that stays.
pub(super) fn decide_item(planner: &Planner<'_>, item: &DataSet<'_>, place: Place) -> Decision {
    match place {
        Place::Content | Place::ContentStrict => structured::item(planner, item, place),
        Place::Object | Place::Dummied => Decision::new(Act::Descend, Because::Item).inside(place),
    }
}

/// Overlays (60xx) and curves (50xx) go as whole groups when their data goes: rows, columns and
/// labels of an overlay that is not there describe nothing.
fn graphics(planner: &Planner<'_>, tag: Tag) -> Option<Decision> {
    let group = tag.group();
    let data = match group & 0xFF00 {
        0x6000 if group <= 0x60FF => Tag(group, 0x3000),
        0x5000 if group <= 0x50FF => Tag(group, 0x3000),
        _ => return None,
    };
    let keeps = planner
        .policy
        .rule(data)
        .is_some_and(|rule| rule.action == Action::K);
    (!keeps).then(|| Decision::new(Act::Remove, Because::Graphics))
}

fn by_rule(planner: &Planner<'_>, element: &Element<'_>, rule: Rule, place: Place) -> Decision {
    let tag = element.tag;
    let because = Because::Rule(rule.source);
    let act = match rule.action {
        Action::K => keep(element),
        Action::U => match element.vr {
            VR::UI => Act::RemapUid,
            VR::SQ => Act::Descend,
            _ => gone(planner, tag),
        },
        Action::C(option) => return clean(planner, element, option, because, place),
        Action::Z | Action::ZD => match need(planner, tag) {
            Need::Value => Act::Dummy,
            Need::None | Need::Element => Act::Empty,
        },
        Action::D => Act::Dummy,
        // X unless U is needed for conformance: references that other modules count on stay, with
        // the UIDs in them replaced.
        Action::XZU if element.vr == VR::SQ => Act::Descend,
        Action::X | Action::XZ | Action::XD | Action::XZD | Action::XZU => gone(planner, tag),
    };
    let act = special(tag, act);
    if act == Act::Dummy && element.vr == VR::SQ {
        return dummy_items(tag, because);
    }
    Decision::new(settled(element, act), because)
}

/// Attributes whose replacement says more than "removed".
fn special(tag: Tag, act: Act) -> Act {
    match (tag, act) {
        // Patient's Name and Patient ID: the pseudonym links the patient's studies.
        (Tag(0x0010, 0x0010 | 0x0020), Act::Empty | Act::Dummy) => Act::Pseudonym,
        (Tag(0x0042, 0x0011), Act::Dummy) => Act::DummyDocument,
        _ => act,
    }
}

/// A value that is already empty stays so, whatever would replace it.
fn settled(element: &Element<'_>, act: Act) -> Act {
    let needless = matches!(
        act,
        Act::Empty | Act::Dummy | Act::Clean | Act::Scrub | Act::ShiftDate | Act::RemapUid
    );
    if needless && element.is_empty() {
        Act::Keep
    } else {
        act
    }
}

/// K keeps values; sequences are descended into, and no age above 89 stays (HIPAA
/// 164.514(b)(2)(i)(C)).
fn keep(element: &Element<'_>) -> Act {
    match element.vr {
        VR::SQ => Act::Descend,
        VR::AS => Act::LimitAge,
        _ => Act::Keep,
    }
}

/// X, or what the IOD allows in its place: the information goes in any case.
pub(super) fn gone(planner: &Planner<'_>, tag: Tag) -> Act {
    match need(planner, tag) {
        Need::None => Act::Remove,
        Need::Element => Act::Empty,
        Need::Value => Act::Dummy,
    }
}

/// C: what cleaning means for the VR and the option that asks for it.
fn clean(
    planner: &Planner<'_>,
    element: &Element<'_>,
    option: ProfileOption,
    because: Because,
    place: Place,
) -> Decision {
    let tag = element.tag;
    let act = match element.vr {
        VR::SQ => {
            let inside = match (option, place) {
                (ProfileOption::CleanStructuredContent, _) => Place::Content,
                (_, place) => place,
            };
            return Decision::new(Act::Descend, because).inside(inside);
        }
        VR::DA | VR::DT if is_date(element) => Act::ShiftDate,
        VR::AS => Act::LimitAge,
        VR::UI => Act::RemapUid,
        // Timezone Offset From UTC: an offset names no place by itself; other content goes.
        VR::SH if tag == Tag(0x0008, 0x0201) => {
            if is_utc_offset(element.bytes().unwrap_or_default()) {
                Act::Keep
            } else {
                Act::Remove
            }
        }
        VR::LO | VR::LT | VR::SH | VR::ST | VR::UC | VR::UT => Act::Clean,
        VR::CS | VR::AE => Act::Scrub,
        // Times stay: dates move by whole weeks.
        VR::TM | VR::DS | VR::IS | VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD => Act::Keep,
        // Names, addresses and bytes cannot be cleaned.
        _ => gone(planner, tag),
    };
    if act == Act::Dummy && element.vr == VR::SQ {
        return dummy_items(tag, because);
    }
    Decision::new(settled(element, act), because)
}

/// Every value can be moved as a date; what cannot is treated as if it were to go.
pub(super) fn is_date(element: &Element<'_>) -> bool {
    let bytes = element.bytes().unwrap_or_default();
    std::str::from_utf8(bytes).is_ok_and(|text| {
        text.split('\\')
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .all(|value| {
                let moved = if element.vr == VR::DT {
                    dates::shift_date_time(value, -7)
                } else {
                    dates::shift_date(value, -7)
                };
                moved.is_some()
            })
    })
}

fn is_utc_offset(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value.len() == 5 && matches!(value[0], b'+' | b'-') && value[1..].iter().all(u8::is_ascii_digit)
}

/// D on a sequence: the items stay as a shape, what they hold becomes dummies. Content trees and
/// graphic annotations have rules of their own for everything that can hold words.
pub(super) fn dummy_items(tag: Tag, because: Because) -> Decision {
    let inside = match tag {
        Tag(0x0040, 0xA730 | 0xB020) => Place::ContentStrict,
        Tag(0x0070, 0x0001) => Place::Object,
        _ => Place::Dummied,
    };
    Decision::new(Act::Descend, because).inside(inside)
}

/// An element of a sequence that is replaced by dummies. Dates have their own rules there too.
fn dummied(element: &Element<'_>) -> Decision {
    let act = match element.vr {
        VR::SQ => Act::Descend,
        VR::UI if outside::is_reference_uid(element.tag) => Act::Keep,
        VR::UI => Act::RemapUid,
        VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN => Act::Remove,
        vr if is_number_or_code(vr) => Act::Keep,
        _ => Act::Dummy,
    };
    Decision::new(settled(element, act), Because::InDummy).inside(Place::Dummied)
}
