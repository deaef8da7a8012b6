//! The text of generated Rust files.

use std::fmt::Write as _;

/// The head of a generated file: what it holds and how it is made again.
pub(super) fn head(what: &str, edition: &str, source: &str) -> String {
    format!(
        "//! {what}\n//!\n//! Edition: {edition}. Generated from `crates/deid/data/{source}` by \
         `cargo xtask tables`;\n//! never edit by hand.\n\n"
    )
}

/// An array of rows, one a line, that rustfmt leaves alone.
pub(super) fn rows(out: &mut String, declaration: &str, rows: &[String]) {
    let _ = writeln!(out, "#[rustfmt::skip]\n{declaration} = [");
    for row in rows {
        let _ = writeln!(out, "    {row},");
    }
    out.push_str("];\n");
}

/// A Rust string literal.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}
