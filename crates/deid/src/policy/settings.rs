//! [`Settings`]: what a policy file says, before it is resolved into rules.

use super::options::OptionSet;
use super::private::{Knowledge, PrivateOverride};
use crate::tables::{Action, TagPattern};

/// What is done with encapsulated documents (PDF, CDA, models), which cannot be cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Documents {
    /// The document is replaced by a page that says so.
    #[default]
    Dummy,
    /// The object is set aside.
    Quarantine,
}

/// What is done with pages in the picture: scanned documents, screenshots, dose reports. Blanking
/// their text line by line leaves little of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pages {
    /// Their text is blanked as in every other image.
    #[default]
    Blank,
    /// The object is set aside.
    Quarantine,
    /// The object is left out of what is released.
    Drop,
}

impl Pages {
    /// All of them, with the word of the policy file.
    pub(super) const WORDS: [(&'static str, Self); 3] = [
        ("blank", Self::Blank),
        ("quarantine", Self::Quarantine),
        ("drop", Self::Drop),
    ];

    /// The word of the policy file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Quarantine => "quarantine",
            Self::Drop => "drop",
        }
    }
}

/// What is done with objects in which a face may be recognised ([`crate::faces`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Faces {
    /// They are released with a warning, and marked.
    #[default]
    Warn,
    /// They are set aside, likely and possible faces alike.
    Quarantine,
}

impl Faces {
    /// All of them, with the word of the policy file.
    pub(super) const WORDS: [(&'static str, Self); 2] =
        [("warn", Self::Warn), ("quarantine", Self::Quarantine)];

    /// The word of the policy file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Quarantine => "quarantine",
        }
    }
}

/// A list of attribute actions that goes before the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AttributeActions {
    /// None: Table E.1-1 with its options decides.
    #[default]
    None,
    /// What The Cancer Imaging Archive does.
    Tcia,
}

/// A rule of the policy file for an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributeOverride {
    pub(super) pattern: TagPattern,
    pub(super) action: Action,
    pub(super) line: u32,
    pub(super) named_danger: bool,
}

/// All that a policy file says. The default is the basic profile alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) options: OptionSet,
    pub(super) attribute_actions: AttributeActions,
    pub(super) knowledge: Vec<Knowledge>,
    pub(super) documents: Documents,
    pub(super) pages: Pages,
    pub(super) faces: Faces,
    pub(super) overrides: Vec<AttributeOverride>,
    pub(super) private_overrides: Vec<PrivateOverride>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "basic".to_owned(),
            description: String::new(),
            options: OptionSet::default(),
            attribute_actions: AttributeActions::None,
            knowledge: vec![Knowledge::SafePrivate],
            documents: Documents::Dummy,
            pages: Pages::Blank,
            faces: Faces::Warn,
            overrides: Vec::new(),
            private_overrides: Vec::new(),
        }
    }
}
