//! The words of a policy file for attributes, actions and private elements.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

use super::weakening::example;
use crate::tables::{Action, OptionAction, PROFILE, ProfileOption, TagPattern};

/// `0008,0080`, `(0008,0080)`, `00080080`, `60xx,3000`, `50xx,xxxx` or a keyword of PS3.6. A tag of
/// an odd group is [`TagPattern::Private`].
pub(super) fn parse_pattern(text: &str) -> Option<TagPattern> {
    if let Some(entry) = StandardDataDictionary.by_name(text) {
        let tag = entry.tag_range().inner();
        return Some(match tag.0 {
            0x5000 | 0x6000 => TagPattern::Repeating {
                group: tag.0,
                element: Some(tag.1),
            },
            _ => TagPattern::One(tag),
        });
    }
    let bare = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .unwrap_or(text);
    if !bare.is_ascii() {
        return None;
    }
    let (group, element) = match bare.split_once(',') {
        Some(halves) => halves,
        None => bare.split_at_checked(4)?,
    };
    let group = group.to_ascii_lowercase();
    if let Some(prefix) = group.strip_suffix("xx") {
        let group = match prefix {
            "50" => 0x5000,
            "60" => 0x6000,
            _ => return None,
        };
        let whole = element.eq_ignore_ascii_case("xxxx");
        let element = if whole { None } else { Some(number(element)?) };
        return Some(TagPattern::Repeating { group, element });
    }
    let tag = Tag(number(&group)?, number(element)?);
    Some(if tag.0 % 2 == 1 {
        TagPattern::Private
    } else {
        TagPattern::One(tag)
    })
}

/// `0019,SIEMENS MR HEADER,0C`, with or without brackets; `*` for every element. The creator may
/// hold commas.
pub(super) fn parse_private(text: &str) -> Option<(u16, String, Option<u8>)> {
    let bare = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .unwrap_or(text);
    let (group, rest) = bare.split_once(',')?;
    let (creator, element) = rest.rsplit_once(',')?;
    let group = number(group)?;
    let creator = creator.trim();
    let element = match element.trim() {
        "*" => None,
        digits if digits.len() == 2 => Some(u8::from_str_radix(digits, 16).ok()?),
        _ => return None,
    };
    let known = group % 2 == 1 && group > 0x0008 && !creator.is_empty() && creator.len() <= 64;
    known.then(|| (group, creator.to_owned(), element))
}

/// Four hexadecimal digits.
fn number(text: &str) -> Option<u16> {
    let hexadecimal = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| u16::from_str_radix(text, 16).ok())?
}

/// The action of a code. What C means is the table's: the option that cleans the attribute there;
/// for attributes without one, dates are moved and everything else is cleaned as a descriptor.
pub(super) fn parse_action(code: &str, pattern: TagPattern) -> Option<Action> {
    Some(match code {
        "K" => Action::K,
        "X" => Action::X,
        "Z" => Action::Z,
        "D" => Action::D,
        "U" => Action::U,
        "C" => Action::C(cleaning_of(pattern)),
        "X/Z" => Action::XZ,
        "X/D" => Action::XD,
        "Z/D" => Action::ZD,
        "X/Z/D" => Action::XZD,
        _ => return None,
    })
}

fn cleaning_of(pattern: TagPattern) -> ProfileOption {
    let tag = example(pattern);
    let row = PROFILE.iter().find(|row| row.pattern.matches(tag));
    let cleaning = row.and_then(|row| {
        row.options
            .iter()
            .rfind(|(_, action)| *action == OptionAction::C)
            .map(|(option, _)| *option)
    });
    cleaning.unwrap_or(match vr_of(tag) {
        Some(VR::DA | VR::DT | VR::TM) => ProfileOption::RetainLongitudinalModifiedDates,
        _ => ProfileOption::CleanDescriptors,
    })
}

/// Why no policy may do this to an attribute.
pub(super) fn refusal(pattern: TagPattern, action: Action) -> Option<&'static str> {
    let tag = example(pattern);
    if action == Action::U && !matches!(vr_of(tag), None | Some(VR::UI | VR::SQ)) {
        return Some("U is for attributes that hold UIDs");
    }
    match (tag, action) {
        (Tag(0x0000..=0x0007 | 0xFFFE, _), _) => {
            Some("commands, file meta information and delimiters are always written anew")
        }
        (Tag(0x0012, 0x0062..=0x0064) | Tag(0x0028, 0x0303), _) => {
            Some("it states what was done and is always written anew")
        }
        (Tag(0x0008, 0x0005 | 0x0016), _) => Some("without it the object cannot be read"),
        (Tag(0x0008, 0x0018), action) if !matches!(action, Action::K | Action::U) => {
            Some("every object needs its SOP Instance UID: only U or K")
        }
        (Tag(0x7FE0, _), action) if action != Action::K => {
            Some("pixel data is cleaned by the options for pixel data")
        }
        _ => None,
    }
}

/// The VR of an attribute in the data dictionary.
pub(super) fn vr_of(tag: Tag) -> Option<VR> {
    StandardDataDictionary
        .by_tag(tag)
        .map(|entry| entry.vr().relaxed())
}
