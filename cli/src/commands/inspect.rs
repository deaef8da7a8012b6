//! `obscura inspect`: what would be done to each element of a file, and why, without its values.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use miette::Diagnostic;
use obscura_core::{Limits, PseudonymKey};
use obscura_dicom::ReadError;
use obscura_pipeline::{Deidentifier, Options, PlanLine};
use serde_json::json;
use thiserror::Error;

use super::{CommandResult, FileError, chosen_policy};
use crate::args::InspectArgs;
use crate::exit::{Ending, shown};
use crate::sources::read_file;

/// Why a file cannot be inspected.
#[derive(Debug, Error, Diagnostic)]
#[error("{path} cannot be understood")]
struct Unreadable {
    path: String,
    #[source]
    source: ReadError,
}

/// Prints the plan of a file.
pub(crate) fn inspect(args: &InspectArgs) -> CommandResult {
    let policy = chosen_policy(&args.policy)?;
    let bytes = read_file(&args.file, &Limits::default())
        .map_err(|failure| FileError::read(&args.file, &failure))?;
    let head = policy.digest();
    // The plan does not depend on the key: it says what is done, not with which pseudonym.
    let key = PseudonymKey::from_bytes([0; 32]);
    let lines = Deidentifier::new(policy, &key, Options::default())
        .inspect(&bytes)
        .map_err(|source| Unreadable {
            path: shown(&args.file),
            source,
        })?;
    let (changed, kept): (Vec<_>, Vec<_>) = lines.iter().partition(|line| !stays(line));
    let listed: Vec<&PlanLine> = if args.all {
        lines.iter().collect()
    } else {
        changed
    };
    crate::stdout(&if args.json {
        format!(
            "{:#}\n",
            json!({"policy": head, "kept": kept.len(), "elements": listed})
        )
    } else {
        as_text(&head, &lines, &listed)
    });
    Ok(Ending::Clean)
}

/// The element is not touched.
fn stays(line: &PlanLine) -> bool {
    matches!(line.action, "keep" | "descend")
}

fn as_text(head: &str, all: &[PlanLine], listed: &[&PlanLine]) -> String {
    let width = |of: fn(&PlanLine) -> &str, most: usize| {
        listed
            .iter()
            .map(|line| of(line).chars().count())
            .max()
            .unwrap_or(0)
            .min(most)
    };
    let (path, name, action) = (
        width(|l| &l.path, 60),
        width(|l| &l.name, 40),
        width(|l| l.action, 20),
    );
    let mut text = format!("policy {head}\n\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{:<path$}  {:<name$}  VR  {:<action$}  rule",
        "element", "name", "action"
    );
    for line in listed {
        let _ = writeln!(
            text,
            "{:<path$}  {:<name$}  {:<2}  {:<action$}  {}",
            line.path, line.name, line.vr, line.action, line.rule
        );
    }
    let mut actions = BTreeMap::<&str, usize>::new();
    for line in all {
        *actions.entry(line.action).or_default() += 1;
    }
    let counts: Vec<String> = actions
        .iter()
        .map(|(name, n)| format!("{n} {name}"))
        .collect();
    let _ = writeln!(text, "\n{} elements: {}", all.len(), counts.join(", "));
    text
}
