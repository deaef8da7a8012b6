//! The rows of a policy for people: `obscura policy show`, the conformance statement, the digest.

use super::private::{is_numeric, listed_disposition, normalised};
use super::weakening::{name_of, private_key};
use super::{Action, Knowledge, Policy, PrivateDisposition, PrivateSource, ProfileOption};
use crate::tables::{
    CONTENT_ITEMS, PIXELMED_PRIVATE, PROFILE, SAFE_PRIVATE, SafePrivateRow, TagPattern,
    private_kb_rows,
};

/// One rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// The table the row belongs to: `pixels` for pages and faces in the picture, `E.1-1`, `E.3.4-1`, `private`, or `policy file` for
    /// attributes of which only the policy file speaks.
    pub table: &'static str,
    /// What the row speaks of: `(0008,0080)`, `(60xx,3000)`, `121022 DCM TEXT`,
    /// `(0019,SIEMENS MR HEADER,0C)`.
    pub pattern: String,
    /// Its name, empty where the list has none.
    pub name: String,
    /// The action's code, or the disposition of a private element.
    pub action: String,
    /// Who says so.
    pub source: String,
}

pub(super) fn rows(policy: &Policy) -> impl Iterator<Item = PolicyRow> + '_ {
    pixels(policy)
        .chain(attributes(policy))
        .chain(own_attributes(policy))
        .chain(content(policy))
        .chain(own_private(policy))
        .chain(private(policy))
}

/// What is done with pages and faces in the picture.
fn pixels(policy: &Policy) -> impl Iterator<Item = PolicyRow> + use<> {
    let row = |key: &str, name: &str, action: &str| PolicyRow {
        table: "pixels",
        pattern: key.to_owned(),
        name: name.to_owned(),
        action: action.to_owned(),
        source: "setting of the policy".to_owned(),
    };
    let pages = row(
        "pages",
        "Scanned documents, screenshots, dose reports",
        policy.pages().word(),
    );
    let faces = row(
        "faces",
        "Faces that can be recognised",
        policy.faces().word(),
    );
    [pages, faces].into_iter()
}

/// The rows of Table E.1-1. The rule shown is that of the row's own pattern.
fn attributes(policy: &Policy) -> impl Iterator<Item = PolicyRow> + '_ {
    PROFILE.iter().map(|row| {
        let rule = match row.pattern {
            TagPattern::One(tag) => policy.rule(tag),
            pattern => policy
                .repeating
                .iter()
                .find(|(known, _)| *known == pattern)
                .map(|p| p.1),
        };
        let (action, source) = match rule {
            Some(rule) => (rule.action, rule.source.to_string()),
            None if policy.has(ProfileOption::RetainSafePrivate) => {
                let option = ProfileOption::RetainSafePrivate;
                (
                    Action::C(option),
                    super::RuleSource::Option(option).to_string(),
                )
            }
            None => (row.basic, super::RuleSource::Basic.to_string()),
        };
        PolicyRow {
            table: "E.1-1",
            pattern: row.pattern.to_string(),
            name: row.name.to_owned(),
            action: action.to_string(),
            source,
        }
    })
}

fn own_attributes(policy: &Policy) -> impl Iterator<Item = PolicyRow> + '_ {
    let outside = |pattern: TagPattern| PROFILE.iter().all(|row| row.pattern != pattern);
    policy
        .settings
        .overrides
        .iter()
        .filter(move |own| outside(own.pattern))
        .map(|own| PolicyRow {
            table: "policy file",
            pattern: own.pattern.to_string(),
            name: name_of(own.pattern),
            action: own.action.to_string(),
            source: super::RuleSource::Override(own.line).to_string(),
        })
}

fn content(policy: &Policy) -> impl Iterator<Item = PolicyRow> + '_ {
    CONTENT_ITEMS
        .iter()
        .zip(&policy.content)
        .map(|(row, rule)| PolicyRow {
            table: "E.3.4-1",
            pattern: format!("{} {} {}", row.code, row.scheme, row.value_type),
            name: row.meaning.to_owned(),
            action: rule.action.to_string(),
            source: rule.source.to_string(),
        })
}

fn own_private(policy: &Policy) -> impl Iterator<Item = PolicyRow> + '_ {
    policy
        .settings
        .private_overrides
        .iter()
        .map(|own| PolicyRow {
            table: "private",
            pattern: private_key(own),
            name: String::new(),
            action: own.disposition.word().to_owned(),
            source: PrivateSource::Override(own.line).to_string(),
        })
}

/// The rows of the lists in use, in the order in which they are asked.
fn private(policy: &Policy) -> impl Iterator<Item = PolicyRow> + '_ {
    let lists = policy.settings.knowledge.iter();
    lists
        .filter(|_| policy.has(ProfileOption::RetainSafePrivate))
        .flat_map(|list| {
            let rows: Box<dyn Iterator<Item = PolicyRow>> = match list {
                Knowledge::SafePrivate => Box::new(
                    SAFE_PRIVATE
                        .iter()
                        .map(|row| listed(row, PrivateSource::SafePrivate)),
                ),
                Knowledge::PixelMed => Box::new(
                    PIXELMED_PRIVATE
                        .iter()
                        .map(|row| listed(row, PrivateSource::PixelMed)),
                ),
                Knowledge::PixelMedNumeric => {
                    let numeric = |row: &&SafePrivateRow| row.vr.is_some_and(is_numeric);
                    let rows = PIXELMED_PRIVATE.iter().filter(numeric);
                    Box::new(rows.map(|row| listed(row, PrivateSource::PixelMed)))
                }
                Knowledge::Tcia => Box::new(private_kb_rows().map(|row| {
                    PolicyRow {
                        table: "private",
                        pattern: row.signature,
                        name: row
                            .vr
                            .map(|vr| vr.to_string().to_owned())
                            .unwrap_or_default(),
                        action: normalised(row.disposition, row.vr == Some(dicom_core::VR::SQ))
                            .word()
                            .to_owned(),
                        source: PrivateSource::Tcia.to_string(),
                    }
                })),
            };
            rows
        })
}

fn listed(row: &SafePrivateRow, source: PrivateSource) -> PolicyRow {
    let disposition: PrivateDisposition = listed_disposition(row);
    PolicyRow {
        table: "private",
        pattern: format!("({:04X},{},{:02X})", row.group, row.creator, row.element),
        name: row
            .vr
            .map(|vr| vr.to_string().to_owned())
            .unwrap_or_default(),
        action: disposition.word().to_owned(),
        source: source.to_string(),
    }
}

/// How much an action leaves: 0 removes all.
pub(super) const fn leniency(action: Action) -> u8 {
    match action {
        Action::X => 0,
        Action::XZ | Action::XD | Action::XZD | Action::XZU => 1,
        Action::Z | Action::ZD => 2,
        Action::D => 3,
        Action::U => 4,
        Action::C(_) => 5,
        Action::K => 6,
    }
}

/// FNV-1a over every rule: the same for policies that do the same.
pub(super) fn hash(policy: &Policy) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    };
    for option in policy.options() {
        add(option.key());
    }
    add(if policy.quarantines_documents() {
        "quarantine"
    } else {
        "dummy"
    });
    for list in &policy.settings.knowledge {
        add(list.key());
    }
    add(policy.pages().word());
    add(policy.faces().word());
    let own = attributes(policy)
        .chain(own_attributes(policy))
        .chain(content(policy));
    for row in own.chain(own_private(policy)) {
        add(&row.pattern);
        add(&row.action);
    }
    hash
}
