//! `cargo xtask demo`: real files, one command, a report to look at.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::error::TaskError;
use crate::fetch;
use crate::process::{self, cargo, status};
use crate::workspace::{Workspace, read_text, remove_dir};

/// Exit code of `obscura deid` when some inputs were quarantined.
const SOME_QUARANTINED: i32 = 2;

/// Fetches the files, builds the program, runs it and says where to look.
pub(crate) fn run(workspace: &Workspace) -> Result<(), TaskError> {
    let input = workspace.work("demo/input");
    let output = workspace.work("demo/output");
    let number = fetch::real_files(workspace, &input)?;
    println!("{number} real files of pydicom's tests are in .obscura-work/demo/input");
    let binary = build(workspace)?;
    remove_dir(&output)?;
    let mut command = Command::new(&binary);
    command.arg("deid").arg(&input).arg("--out").arg(&output);
    // A key that is forgotten: a demonstration should not make a key in the user's directory.
    command
        .args(["--key", "none", "--report"])
        .current_dir(&workspace.root);
    println!("running: obscura deid .obscura-work/demo/input --out .obscura-work/demo/output \\");
    println!("           --key none --report");
    let ended = status(&mut command)?;
    if !ended.success() && ended.code() != Some(SOME_QUARANTINED) {
        return Err(TaskError::ProgramFailed {
            program: "obscura deid".to_owned(),
            status: ended,
        });
    }
    summarise(&output)
}

/// Builds the optimised binary and says where it is.
pub(crate) fn build(workspace: &Workspace) -> Result<std::path::PathBuf, TaskError> {
    println!("building obscura (the first time takes some minutes)");
    process::run(cargo(workspace).args(["build", "--quiet", "--release", "-p", "obscura"]))?;
    workspace.binary()
}

fn summarise(output: &Path) -> Result<(), TaskError> {
    let totals = totals(&read_text(&output.join("manifest.jsonl"))?)?;
    println!();
    for ((status, reason), number) in &totals {
        println!(
            "  {number:>5}  {status}{}{reason}",
            if reason.is_empty() { "" } else { ": " }
        );
    }
    if totals.keys().any(|(status, _)| status == "quarantined") {
        println!(
            "\nQuarantined files are expected here: some test files are broken on purpose, and"
        );
        println!(
            "what cannot be read or verified is never released. docs/reasons.md explains each."
        );
    }
    let report = output.join("report.html");
    println!("\nreport    {}", report.display());
    println!("manifest  {}", output.join("manifest.jsonl").display());
    println!("files     {}", output.join("dicom").display());
    println!("pictures  {}", output.join("jpeg").display());
    Ok(())
}

/// Inputs by status and reason.
fn totals(manifest: &str) -> Result<BTreeMap<(String, String), usize>, TaskError> {
    let mut totals = BTreeMap::new();
    for line in manifest.lines().filter(|line| !line.is_empty()) {
        let entry: serde_json::Value =
            serde_json::from_str(line).map_err(|error| TaskError::Form {
                what: "the manifest",
                detail: error.to_string(),
            })?;
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        if !text("status").is_empty() {
            *totals.entry((text("status"), text("reason"))).or_default() += 1;
        }
    }
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_counted_by_status_and_reason() {
        let manifest = "{\"status\":\"released\",\"reason\":null}\n\n\
                        {\"status\":\"skipped\",\"reason\":\"dicomdir\"}\n{\"status\":\"released\"}\n";
        let totals: Vec<_> = totals(manifest).unwrap().into_iter().collect();
        let key = |status: &str, reason: &str| (status.to_owned(), reason.to_owned());
        assert_eq!(
            totals,
            [(key("released", ""), 2), (key("skipped", "dicomdir"), 1)]
        );
        assert!(super::totals("{").is_err());
    }
}
