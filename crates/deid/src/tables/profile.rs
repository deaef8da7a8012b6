//! PS3.15 Table E.1-1: what the profile does to each attribute, and each option instead of it.

use std::fmt;

use dicom_core::Tag;

use super::generated;
use super::vocabulary::{Action, ProfileOption};

/// The attributes a row of Table E.1-1 speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TagPattern {
    /// One attribute.
    One(Tag),
    /// A repeating group (PS3.5 7.6): every even group from `group` to `group + FF`.
    Repeating {
        /// The first group: 5000 (curves) or 6000 (overlays).
        group: u16,
        /// The element, or `None` for every element of the group.
        element: Option<u16>,
    },
    /// All private attributes.
    Private,
}

impl TagPattern {
    /// The row speaks of this attribute.
    pub const fn matches(self, tag: Tag) -> bool {
        match self {
            Self::One(one) => one.0 == tag.0 && one.1 == tag.1,
            Self::Repeating { group, element } => {
                tag.0 & 0xFF01 == group
                    && match element {
                        Some(element) => element == tag.1,
                        None => true,
                    }
            }
            Self::Private => tag.0 & 1 == 1,
        }
    }
}

impl fmt::Display for TagPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(tag) => write!(f, "({:04X},{:04X})", tag.0, tag.1),
            Self::Repeating {
                group,
                element: Some(element),
            } => {
                write!(f, "({:02X}xx,{element:04X})", group >> 8)
            }
            Self::Repeating {
                group,
                element: None,
            } => write!(f, "({:02X}xx,xxxx)", group >> 8),
            Self::Private => f.write_str("(gggg,eeee) where gggg is odd"),
        }
    }
}

/// What an option does to an attribute instead of the profile's action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OptionAction {
    /// Keep.
    K,
    /// Clean.
    C,
}

/// One row of Table E.1-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileRow {
    /// Which attributes.
    pub pattern: TagPattern,
    /// The attribute's name.
    pub name: &'static str,
    /// Retired from the standard.
    pub retired: bool,
    /// Part of a standard composite IOD.
    pub in_std_iod: bool,
    /// What the basic profile does.
    pub basic: Action,
    /// What the options do instead, in the order of the table's columns.
    pub options: &'static [(ProfileOption, OptionAction)],
}

/// All rows of Table E.1-1, in ascending order of tags; the repeating groups and the row of the
/// private attributes stand last.
pub static PROFILE: &[ProfileRow] = &generated::profile::ROWS;
