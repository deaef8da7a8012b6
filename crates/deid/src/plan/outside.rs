//! Standard attributes that Table E.1-1 does not list.
//!
//! The standard keeps them, for none of them is meant to identify anybody. Objects disagree, so
//! their VR decides: people, dates, addresses and instance UIDs are treated as the table treats
//! their like, words are searched for what the object states elsewhere, the rest stays. What the
//! data dictionary does not know either goes.

use obscura_dicom::{Element, Tag, VR, is_standard};

use super::decide::{Because, Decision, Place, gone, is_date};
use super::{Act, Planner};
use crate::tables::ProfileOption;

pub(super) fn decide(planner: &Planner<'_>, element: &Element<'_>, place: Place) -> Decision {
    let tag = element.tag;
    if !is_standard(tag) {
        return Decision::new(Act::Remove, Because::Unknown);
    }
    if identifies(tag) {
        return Decision::new(gone(planner, tag), Because::Outside);
    }
    let act = match element.vr {
        VR::SQ => Act::Descend,
        VR::UI if is_reference_uid(tag) => Act::Keep,
        VR::UI if planner.policy.has(ProfileOption::RetainUids) => Act::Keep,
        VR::UI => Act::RemapUid,
        VR::UR if matches!(tag, Tag(0x0008, 0x010E | 0x0120)) => Act::Keep,
        VR::PN | VR::AE | VR::UR => gone(planner, tag),
        VR::DA | VR::DT | VR::TM => dates(planner, element),
        VR::AS => Act::LimitAge,
        // Free text: words are cleaned.
        VR::LT | VR::ST | VR::UT if !is_vocabulary(tag) => Act::Clean,
        VR::CS if is_structure(tag) => Act::Keep,
        VR::LO | VR::SH | VR::UC | VR::LT | VR::ST | VR::UT | VR::CS => Act::Scrub,
        // A value whose meaning is not known cannot be judged.
        VR::UN => Act::Remove,
        _ => Act::Keep,
    };
    let act = if element.is_empty() && act != Act::Remove {
        Act::Keep
    } else {
        act
    };
    let inside = if place == Place::Dummied {
        Place::Dummied
    } else {
        inherited(tag, place)
    };
    Decision::new(act, Because::Outside).inside(inside)
}

/// Nested content items stay content items; other sequences within them are ordinary.
fn inherited(tag: Tag, place: Place) -> Place {
    match (tag, place) {
        (Tag(0x0040, 0xA730), place) => place,
        (_, Place::ContentStrict) => Place::ContentStrict,
        _ => Place::Object,
    }
}

fn dates(planner: &Planner<'_>, element: &Element<'_>) -> Act {
    let policy = planner.policy;
    if policy.has(ProfileOption::RetainLongitudinalFullDates) {
        Act::Keep
    } else if !policy.has(ProfileOption::RetainLongitudinalModifiedDates) {
        gone(planner, element.tag)
    } else if element.vr == VR::TM {
        Act::Keep
    } else if is_date(element) {
        Act::ShiftDate
    } else {
        gone(planner, element.tag)
    }
}

/// Attributes the table forgets and that name a person, a place on the network or an order.
fn identifies(tag: Tag) -> bool {
    matches!(
        tag,
        // Patient's Birth and Death Date in Alternative Calendar.
        Tag(0x0010, 0x0033 | 0x0034)
            // Breed Registration Number.
            | Tag(0x0010, 0x2295)
            // NTP Source Address.
            | Tag(0x0018, 0x1803)
            // Order numbers (retired).
            | Tag(0x0040, 0x1006 | 0x1007 | 0x2006 | 0x2007)
            // HL7 Instance Identifier.
            | Tag(0x0040, 0xE001)
            // Filename in Container, Contact Display Name, Hanging Protocol Creator and User Group.
            | Tag(0x0008, 0x040B)
            | Tag(0x0074, 0x100A | 0x100C)
            | Tag(0x0072, 0x0008 | 0x0010)
            // Storage Media File-set ID.
            | Tag(0x0088, 0x0130)
    )
}

/// Enumerated values that say how an object is built: a wrong one breaks it and is noticed.
fn is_structure(tag: Tag) -> bool {
    tag.group() == 0x0028
        || matches!(tag, Tag(0x0008, 0x0005 | 0x0060))
        || matches!(tag, Tag(0x0040, 0xA010 | 0xA040 | 0xA050))
}

/// Text that is a vocabulary's, not a person's: never cleaned beyond harvested identifiers.
fn is_vocabulary(tag: Tag) -> bool {
    matches!(
        tag,
        Tag(0x0008, 0x0108 | 0x0114..=0x0116 | 0x0119 | 0x030C..=0x030F)
    ) || matches!(tag, Tag(0x2010, 0x0010 | 0x0150))
}

/// UI attributes that name something of the standard or of a vocabulary, not an instance:
/// classes, transfer syntaxes, coding schemes, context groups, mapping resources.
pub(super) fn is_reference_uid(tag: Tag) -> bool {
    matches!(
        tag,
        Tag(
            0x0008,
            0x0016
                | 0x001A
                | 0x001B
                | 0x0062
                | 0x010C
                | 0x010D
                | 0x0117
                | 0x0118
                | 0x040E
                | 0x1150
                | 0x115A
                | 0x3002
                | 0x9123
        ) | Tag(0x0034, 0x0003)
            | Tag(0x0400, 0x0010 | 0x0510)
            | Tag(0x3010, 0x0052 | 0x0053)
            | Tag(0x0072, 0x007F)
    )
}
