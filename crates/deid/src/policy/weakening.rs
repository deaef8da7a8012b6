//! [`Weakening`]: what a policy keeps beyond the basic profile, for the report, and the check that
//! the dangerous ones are named.

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;

use super::options::{is_danger, retains};
use super::private::{Knowledge, PrivateOverride, is_number_or_code};
use super::settings::{AttributeOverride, Settings};
use super::{Policy, PolicyError, PrivateDisposition, PrivateLookup, ProfileOption};
use crate::tables::{Action, OptionAction, PROFILE, TagPattern};

/// How much a weakening matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WeakeningLevel {
    /// Named in `[danger]`: what identifies, or leads to what identifies, is kept.
    Danger,
    /// Foreseen by the standard for de-identified objects; good to know.
    Note,
}

/// Something that a policy keeps beyond the basic profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakening {
    /// How much it matters.
    pub level: WeakeningLevel,
    /// The key in the policy file: an option, an attribute or a private element.
    pub key: String,
    /// A sentence for the report.
    pub sentence: String,
}

/// The weakenings of these settings, dangers first.
pub(super) fn list(settings: &Settings) -> Vec<Weakening> {
    let mut found = Vec::new();
    for option in settings.options.iter() {
        if let Some(sentence) = retains(option) {
            let level = if is_danger(option) {
                WeakeningLevel::Danger
            } else {
                WeakeningLevel::Note
            };
            let key = option.key().to_owned();
            found.push(Weakening {
                level,
                key,
                sentence: sentence.to_owned(),
            });
        }
    }
    let more = |list: &&Knowledge| **list != Knowledge::SafePrivate;
    if settings.options.has(ProfileOption::RetainSafePrivate) {
        for list in settings.knowledge.iter().filter(more) {
            found.push(Weakening {
                level: WeakeningLevel::Note,
                key: format!("tables.private: {}", list.key()),
                sentence: "Private elements are kept by a list beyond PS3.15 Table E.3.10-1."
                    .to_owned(),
            });
        }
    }
    let keeps = |own: &&AttributeOverride| matches!(own.action, Action::K | Action::C(_));
    found.extend(settings.overrides.iter().filter(keeps).map(|own| {
        let verb = if own.action == Action::K {
            "kept"
        } else {
            "cleaned, not removed,"
        };
        Weakening {
            level: if own.named_danger {
                WeakeningLevel::Danger
            } else {
                WeakeningLevel::Note
            },
            key: own.pattern.to_string(),
            sentence: format!("{} is {verb} by the policy file.", name_of(own.pattern)),
        }
    }));
    let dangers = settings
        .private_overrides
        .iter()
        .filter(|own| own.named_danger);
    found.extend(dangers.map(|own| Weakening {
        level: WeakeningLevel::Danger,
        key: private_key(own),
        sentence: "A private element that no list in use calls safe is kept.".to_owned(),
    }));
    found.sort_by_key(|weakening| weakening.level);
    found
}

/// Every rule of the file that weakens privacy is named as a danger.
pub(super) fn check(policy: &Policy) -> Result<(), PolicyError> {
    let settings = &policy.settings;
    // What the policy would do without the team's own rules.
    let bare = Policy::of(Settings {
        overrides: Vec::new(),
        private_overrides: Vec::new(),
        ..settings.clone()
    });
    for own in settings.overrides.iter().filter(|own| !own.named_danger) {
        if weakens(own, &bare) {
            return Err(PolicyError::NotNamedDanger {
                line: own.line,
                key: own.pattern.to_string(),
                place: "danger.attributes",
                why: format!("{} would be kept", name_of(own.pattern)),
            });
        }
    }
    for own in settings
        .private_overrides
        .iter()
        .filter(|own| !own.named_danger)
    {
        if keeps_unknown(own, &bare) {
            return Err(PolicyError::NotNamedDanger {
                line: own.line,
                key: private_key(own),
                place: "danger.private",
                why: "no list in use calls this private element safe".to_owned(),
            });
        }
    }
    Ok(())
}

/// The rule keeps what the policy would otherwise remove or replace, or cleans what the standard
/// has no cleaning for.
fn weakens(own: &AttributeOverride, bare: &Policy) -> bool {
    let tag = example(own.pattern);
    let before = bare.rule(tag).map(|rule| rule.action);
    match (own.action, before) {
        (Action::K, Some(before)) => before != Action::K,
        (Action::K, None) => !holds_numbers(tag),
        (Action::C(option), Some(before)) => {
            !matches!(before, Action::C(_) | Action::K) && !foreseen(tag, option)
        }
        _ => false,
    }
}

/// Table E.1-1 has this option's cleaning for the attribute.
fn foreseen(tag: Tag, option: ProfileOption) -> bool {
    let row = PROFILE.iter().find(|row| row.pattern.matches(tag));
    row.is_some_and(|row| row.options.contains(&(option, OptionAction::C)))
}

/// An attribute outside the table that can only hold numbers and codes.
fn holds_numbers(tag: Tag) -> bool {
    StandardDataDictionary
        .by_tag(tag)
        .is_some_and(|entry| is_number_or_code(entry.vr().relaxed()))
}

fn keeps_unknown(own: &PrivateOverride, bare: &Policy) -> bool {
    if own.disposition == PrivateDisposition::Remove {
        return false;
    }
    let Some(element) = own.element else {
        return true;
    };
    let lookup = PrivateLookup {
        group: own.group,
        creator: &own.creator,
        element,
    };
    let before = bare.private_rule(lookup).disposition;
    before != own.disposition && before != PrivateDisposition::Keep
}

/// A tag that the pattern speaks of.
pub(super) const fn example(pattern: TagPattern) -> Tag {
    match pattern {
        TagPattern::One(tag) => tag,
        TagPattern::Repeating {
            group,
            element: Some(element),
        } => Tag(group, element),
        TagPattern::Repeating {
            group,
            element: None,
        } => Tag(group, 0x3000),
        TagPattern::Private => Tag(0x0009, 0x1000),
    }
}

/// The name of an attribute: the table's, the dictionary's keyword, or the tag.
pub(super) fn name_of(pattern: TagPattern) -> String {
    if let Some(row) = PROFILE.iter().find(|row| row.pattern == pattern) {
        return row.name.to_owned();
    }
    match StandardDataDictionary.by_tag(example(pattern)) {
        Some(entry) => entry.alias().to_owned(),
        None => pattern.to_string(),
    }
}

pub(super) fn private_key(own: &PrivateOverride) -> String {
    match own.element {
        Some(element) => format!("({:04X},{},{element:02X})", own.group, own.creator),
        None => format!("({:04X},{},*)", own.group, own.creator),
    }
}
