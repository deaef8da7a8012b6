//! `cargo xtask words`: nothing that belongs to one machine or one person is committed.
//!
//! Paths of home and scratch directories and settings of private package registries make a clone
//! fail elsewhere, and say more about a machine than a public repository should.

use std::fs;
use std::process::{Command, Stdio};

use crate::error::TaskError;
use crate::steps::Outcome;
use crate::workspace::Workspace;

/// What may not stand in a committed text, in two halves, so that this file passes its own check.
const FORBIDDEN: &[(&str, &str)] = &[
    ("/ho", "me/"),
    ("/Us", "ers/"),
    ("/ro", "ot/"),
    ("/wo", "rk/"),
    ("/tm", "p/"),
    ("shared", "/eval"),
    ("extra-", "index-url"),
    ("find", "-links"),
    ("replace", "-with = "),
    ("BEGIN ", "PRIVATE KEY"),
    ("BEGIN RSA ", "PRIVATE KEY"),
];

/// Files that are not written by hand.
const GENERATED: &[&str] = &["Cargo.lock", "fuzz/Cargo.lock"];

/// Looks through every text file that is, or is about to be, committed.
pub(crate) fn check(workspace: &Workspace) -> Result<Outcome, TaskError> {
    let Some(files) = committed_files(workspace) else {
        return Ok(Outcome::Skipped(
            "git is needed to list the files".to_owned(),
        ));
    };
    let mut words: Vec<String> = FORBIDDEN.iter().map(|(a, b)| format!("{a}{b}")).collect();
    // The place of this very clone, wherever it is.
    words.push(workspace.root.to_string_lossy().into_owned());
    let mut findings = Vec::new();
    for name in files
        .iter()
        .filter(|name| !GENERATED.contains(&name.as_str()))
    {
        if let Ok(bytes) = fs::read(workspace.path(name)) {
            findings.extend(look(name, &bytes, &words));
        }
    }
    TaskError::unless_empty(findings)?;
    Ok(Outcome::Passed)
}

fn look(name: &str, bytes: &[u8], words: &[String]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in words {
            // A URL may hold such a path; a path begins after something that is not a host.
            let hit = line.match_indices(word.as_str()).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                !word.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || c == '.')
            });
            if hit {
                findings.push(format!("{name}:{}: {word}", number + 1));
            }
        }
    }
    findings
}

/// The files of the clone that git tracks or would track, relative to the root; `None` without
/// git or outside a clone (a source archive).
pub(crate) fn committed_files(workspace: &Workspace) -> Option<Vec<String>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(&workspace.root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let files: Vec<String> = text
        .split('\0')
        .filter(|name| !name.is_empty() && workspace.path(name).is_file())
        .map(ToOwned::to_owned)
        .collect();
    (output.status.success() && !files.is_empty()).then_some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_machine_is_found_and_a_url_is_not() {
        let home = ["/ho", "me/"].concat();
        let words = [home.clone()];
        assert_eq!(
            look("a.rs", format!("x\n\"{home}ann\"").as_bytes(), &words).len(),
            1
        );
        assert!(
            look(
                "a.md",
                format!("https://example.org{home}").as_bytes(),
                &words
            )
            .is_empty()
        );
    }
}
