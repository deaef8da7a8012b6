//! What the tests of the rules share.
#![allow(unreachable_pub, reason = "part of each test program")]

use obscura_text::{Cleaner, Context, Harvest};

/// A text of an object that states nobody, cleaned.
pub fn clean(text: &str, context: Context) -> String {
    let harvest = Harvest::new();
    Cleaner::new(&harvest)
        .clean(text, context)
        .text
        .into_owned()
}
