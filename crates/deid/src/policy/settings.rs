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
            overrides: Vec::new(),
            private_overrides: Vec::new(),
        }
    }
}
