//! Rows written by `cargo xtask tables`; their types and their lookups are in the parent module.

pub(super) mod content_items;
pub(super) mod iods;
pub(super) mod methods;
pub(super) mod pixelmed;
pub(super) mod profile;
pub(super) mod safe_private;
pub(super) mod tcia_attributes;
pub(super) mod tcia_private;
