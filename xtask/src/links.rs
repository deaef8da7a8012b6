//! `cargo xtask links`: every relative link of the documentation leads to a file that is there,
//! and to a heading that is there where it names one.

use std::path::{Path, PathBuf};

use crate::error::TaskError;
use crate::steps::Outcome;
use crate::words::committed_files;
use crate::workspace::{Workspace, read_text};

/// Checks every Markdown file that is, or is about to be, committed.
pub(crate) fn check(workspace: &Workspace) -> Result<Outcome, TaskError> {
    let Some(files) = committed_files(workspace) else {
        return Ok(Outcome::Skipped(
            "git is needed to list the files".to_owned(),
        ));
    };
    let mut findings = Vec::new();
    for name in &files {
        let path = workspace.path(name);
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        for link in links(&read_text(&path)?) {
            if let Some(fault) = fault(&path, &link) {
                findings.push(format!("{name}: ({link}) {fault}"));
            }
        }
    }
    TaskError::unless_empty(findings)?;
    Ok(Outcome::Passed)
}

/// The targets of the links of a Markdown text, outside code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            continue;
        }
        if in_block || line.starts_with("    ") {
            continue;
        }
        // Every second part between back-quotes is code.
        for part in line.split('`').step_by(2) {
            for after in part.split("](").skip(1) {
                if let Some((target, _)) = after.split_once(')') {
                    found.push(target.trim().to_owned());
                }
            }
        }
    }
    found
}

fn fault(file: &Path, link: &str) -> Option<&'static str> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (place, heading) = link.split_once('#').unwrap_or((link, ""));
    let target: PathBuf = if place.is_empty() {
        file.to_path_buf()
    } else {
        file.parent().unwrap_or(Path::new("")).join(place)
    };
    if !target.exists() {
        return Some("is not there");
    }
    if heading.is_empty() || target.extension().is_none_or(|extension| extension != "md") {
        return None;
    }
    let text = std::fs::read_to_string(&target).unwrap_or_default();
    let is_there = text
        .lines()
        .any(|line| line.starts_with('#') && anchor(line) == heading);
    (!is_there).then_some("names a heading that is not there")
}

/// The anchor that Markdown viewers make of a heading.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    text.chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_in_code_are_not_links() {
        let text = "a [b](c.md) `[d](e)` [f](g#h)\n```\n[i](j)\n```\n    [k](l)\n";
        assert_eq!(links(text), ["c.md", "g#h"]);
    }

    #[test]
    fn a_heading_becomes_its_anchor() {
        assert_eq!(
            anchor("## What is *not* covered (yet)"),
            "what-is-not-covered-yet"
        );
    }

    #[test]
    fn a_link_to_nowhere_is_found() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert_eq!(fault(&here, "src/main.rs"), None);
        assert_eq!(fault(&here, "https://example.org/x"), None);
        assert_eq!(fault(&here, "src/nowhere.rs"), Some("is not there"));
    }
}
