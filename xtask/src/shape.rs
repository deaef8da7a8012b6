//! `cargo xtask shape`: sources have the form that `CONTRIBUTING.md` asks for.
//!
//! Each Rust file opens with `//!`, none is longer than 800 lines, and each crate and each of its
//! modules is on the map, `docs/ARCHITECTURE.md`.

use std::path::Path;

use crate::error::TaskError;
use crate::steps::Outcome;
use crate::words::committed_files;
use crate::workspace::{Workspace, read_text};

/// Lines that no file passes; 450 is where one should be divided.
const MOST_LINES: usize = 800;
const MAP: &str = "docs/ARCHITECTURE.md";

/// Checks every Rust file that is, or is about to be, committed.
pub(crate) fn check(workspace: &Workspace) -> Result<Outcome, TaskError> {
    let Some(files) = committed_files(workspace) else {
        return Ok(Outcome::Skipped(
            "git is needed to list the files".to_owned(),
        ));
    };
    let map = read_text(&workspace.path(MAP))?;
    let mut findings = Vec::new();
    for name in &files {
        if Path::new(name)
            .extension()
            .is_none_or(|extension| extension != "rs")
        {
            continue;
        }
        let text = read_text(&workspace.path(name))?;
        if !name.contains("/generated/") {
            findings.extend(form(name, &text));
        }
        findings.extend(
            place(name)
                .filter(|(a, b)| !is_on(&map, a, b))
                .map(|(home, module)| format!("{MAP} does not name `{module}` of {home}")),
        );
    }
    findings.sort();
    findings.dedup();
    TaskError::unless_empty(findings)?;
    Ok(Outcome::Passed)
}

fn form(name: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    if !text.starts_with("//!") {
        findings.push(format!("{name} does not open with `//!`"));
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        findings.push(format!(
            "{name} has {lines} lines; {MOST_LINES} are the most"
        ));
    }
    findings
}

/// The crate's directory and the module that a source file belongs to; none for the root of a
/// crate, for tests and for chores.
fn place(name: &str) -> impl Iterator<Item = (String, String)> {
    let (home, rest) = name.split_once("/src/").unwrap_or_default();
    let module = rest
        .split('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs")
        .to_owned();
    let is_module = !home.is_empty()
        && home != "xtask"
        && !matches!(module.as_str(), "lib" | "main" | "tests" | "generated");
    is_module.then(|| (home.to_owned(), module)).into_iter()
}

/// A section of the map names the crate, and after it the module.
fn is_on(map: &str, home: &str, module: &str) -> bool {
    let (home, module) = (format!("`{home}`"), format!("`{module}`"));
    map.split("\n#")
        .filter_map(|section| section.split_once(&home))
        .any(|(_, rest)| rest.contains(&module))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_the_map_does_not_name_is_found() {
        let map = "### `crates/core`\n| `phi` | ... |";
        let on = |name: &str| place(name).all(|(home, module)| is_on(map, &home, &module));
        assert!(on("crates/core/src/phi.rs"));
        assert!(on("crates/core/src/lib.rs"));
        assert!(!on("crates/core/src/reason.rs"));
        assert!(!on("crates/core/src/deep/mod.rs"));
        assert!(!on("crates/other/src/phi.rs"));
        assert!(on("crates/core/tests/any.rs"));
    }

    #[test]
    fn a_file_without_its_opening_words_is_found() {
        assert_eq!(form("a.rs", "use x;").len(), 1);
        assert!(form("a.rs", "//! Words.").is_empty());
        let long = format!("//! Words.\n{}", "\n".repeat(MOST_LINES));
        assert_eq!(form("a.rs", &long).len(), 1);
    }
}
