//! Private attributes (PS3.5 7.8): resolved by creator, block by block and item by item.
//!
//! A private element stays only when the policy knows its creator and its place in the block. A
//! creator stays only while an element of its block does.

use obscura_dicom::{DataSet, Element, Tag, VR};

use super::decide::{Because, Decision, Place};
use super::{Act, Planner, Step};
use crate::policy::{PrivateDisposition, PrivateLookup, PrivateSource};
use crate::tables::ProfileOption;

/// Decides on an element of an odd group.
pub(super) fn decide(
    planner: &Planner<'_>,
    data: &DataSet<'_>,
    element: &Element<'_>,
    place: Place,
) -> Decision {
    let remove = Decision::new(Act::Remove, Because::Private(PrivateSource::Unknown));
    let (group, number) = (element.tag.group(), element.tag.element());
    if place == Place::Dummied || group < 0x0009 {
        return remove;
    }
    match number {
        // Until `settle_creators` has seen what becomes of the block.
        0x0010..=0x00FF => return Decision::new(Act::Keep, remove.because),
        0x1000..=0xFFFF => {}
        _ => return remove,
    }
    let Some(creator) = creator_of(data, element.tag) else {
        return remove;
    };
    let lookup = PrivateLookup {
        group,
        creator,
        element: number as u8,
    };
    let rule = planner
        .policy
        .private_rule_at(lookup, element.vr, &planner.steps_to_here());
    let vr = effective(element.vr, rule.vr);
    let act = match rule.disposition {
        PrivateDisposition::Remove => Act::Remove,
        // Words where the list promises a number are not what the list calls safe, and bytes whose
        // meaning no list gives can be anything.
        _ if vr == VR::UN => Act::Remove,
        _ if rule
            .vr
            .is_some_and(|listed| holds_words(element.vr) && !holds_words(listed)) =>
        {
            Act::Remove
        }
        PrivateDisposition::Keep | PrivateDisposition::Clean => kept(planner, vr),
        PrivateDisposition::Uid => uid(planner, vr),
        PrivateDisposition::Date => date(planner, vr),
        PrivateDisposition::IntegerDate => {
            if planner
                .policy
                .has(ProfileOption::RetainLongitudinalModifiedDates)
            {
                Act::ShiftSeconds
            } else {
                Act::Remove
            }
        }
    };
    let mut decision = Decision::new(act, Because::Private(rule.source));
    decision.vr = Some(vr);
    decision
}

/// The creator of a private element, from its own data set (PS3.5 7.8.1).
pub(super) fn creator_of<'s>(data: &'s DataSet<'_>, tag: Tag) -> Option<&'s str> {
    let reserved = tag.group() % 2 == 1 && tag.element() >= 0x1000;
    reserved
        .then(|| data.ascii(Tag(tag.group(), tag.element() >> 8)))
        .flatten()
}

/// What the policy says of a standard element inside a private sequence, if it removes it.
pub(super) fn inside(planner: &Planner<'_>, element: &Element<'_>) -> Option<Decision> {
    if planner.creators.iter().all(Option::is_none) {
        return None;
    }
    let path = planner.steps_to_here();
    let rule = planner
        .policy
        .standard_in_private(element.tag, element.vr, &path)?;
    Some(Decision::new(Act::Remove, Because::Private(rule.source)))
}

/// The VR that the value is treated by: the element's own, or the list's where the element's says
/// nothing (UN) or only that there are bytes.
const fn effective(written: VR, listed: Option<VR>) -> VR {
    match (written, listed) {
        (VR::UN | VR::OB | VR::OW, Some(listed)) => listed,
        (written, _) => written,
    }
}

/// The VR can hold words of any kind.
const fn holds_words(vr: VR) -> bool {
    matches!(
        vr,
        VR::AE | VR::LO | VR::LT | VR::PN | VR::SH | VR::ST | VR::UC | VR::UR | VR::UT | VR::CS
    )
}

/// A safe element stays as it is, unless its VR says that it cannot be safe as it is.
fn kept(planner: &Planner<'_>, vr: VR) -> Act {
    match vr {
        VR::SQ => Act::Descend,
        VR::PN => Act::Remove,
        VR::UI => uid(planner, vr),
        VR::DA | VR::DT => date(planner, vr),
        VR::AS => Act::LimitAge,
        VR::LO | VR::SH | VR::LT | VR::ST | VR::UC | VR::UT | VR::CS => Act::Scrub,
        _ => Act::Keep,
    }
}

fn uid(planner: &Planner<'_>, vr: VR) -> Act {
    if planner.policy.has(ProfileOption::RetainUids) {
        Act::Keep
    } else if matches!(
        vr,
        VR::UI | VR::UN | VR::LO | VR::SH | VR::UC | VR::ST | VR::LT
    ) {
        Act::RemapUid
    } else {
        Act::Remove
    }
}

fn date(planner: &Planner<'_>, vr: VR) -> Act {
    if planner
        .policy
        .has(ProfileOption::RetainLongitudinalFullDates)
    {
        Act::Keep
    } else if !planner
        .policy
        .has(ProfileOption::RetainLongitudinalModifiedDates)
    {
        Act::Remove
    } else if vr == VR::TM {
        Act::Keep
    } else {
        Act::ShiftDate
    }
}

/// Removes the creators of blocks of which nothing stays. `steps` are those of one data set and of
/// what is nested in it; `depth` tells which are its own.
pub(super) fn settle_creators(steps: &mut [Step], data: &DataSet<'_>, depth: u8) {
    let own = |step: &Step| step.depth == depth && step.tag.group() % 2 == 1;
    let first = steps.iter().position(own);
    let Some(first) = first else { return };
    // Creators come before what they reserve, so a block's fate is known from the back.
    let mut kept: Vec<Tag> = Vec::new();
    for step in steps[first..].iter_mut().rev().filter(|step| own(step)) {
        let number = step.tag.element();
        if number >= 0x1000 && step.act != Act::Remove {
            let creator = Tag(step.tag.group(), number >> 8);
            if kept.last() != Some(&creator) {
                kept.push(creator);
            }
        } else if (0x0010..=0x00FF).contains(&number) && step.act == Act::Keep {
            let stays = kept.contains(&step.tag) && data.get(step.tag).is_some();
            step.act = if stays { Act::Keep } else { Act::Remove };
        }
    }
}
