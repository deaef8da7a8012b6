//! PS3.15 Table E.3.4-1: what the Clean Structured Content Option does to content items.

use std::ops::Range;

use super::generated;
use super::profile::OptionAction;
use super::vocabulary::{Action, ProfileOption};

/// One row of Table E.3.4-1: a content item by its concept name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentItemRow {
    /// Code value of the concept name.
    pub code: &'static str,
    /// Coding scheme designator of the concept name.
    pub scheme: &'static str,
    /// Code meaning of the concept name.
    pub meaning: &'static str,
    /// Value type (0040,A040) of the item: TEXT, PNAME, DATE ...
    pub value_type: &'static str,
    /// Retired from the standard.
    pub retired: bool,
    /// What is done without further options.
    pub basic: Action,
    /// What the options do instead.
    pub options: &'static [(ProfileOption, OptionAction)],
}

/// All rows of Table E.3.4-1, in ascending order of scheme, code and value type.
pub static CONTENT_ITEMS: &[ContentItemRow] = &generated::content_items::ROWS;

/// The places in [`CONTENT_ITEMS`] of a concept name: none, one, or one for each value type. Codes
/// are compared as written, without padding.
pub fn content_items(code: &str, scheme: &str) -> Range<usize> {
    let key = (scheme, code);
    let start = CONTENT_ITEMS.partition_point(|row| (row.scheme, row.code) < key);
    let rows = CONTENT_ITEMS[start..].iter();
    start..start + rows.take_while(|row| (row.scheme, row.code) == key).count()
}
