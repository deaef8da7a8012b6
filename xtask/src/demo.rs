//! `cargo xtask demo`: real files, one command, a report to look at.

use std::path::PathBuf;
use std::process::Command;

use crate::error::TaskError;
use crate::fetch;
use crate::models;
use crate::process::{self, cargo, status};
use crate::workspace::{Workspace, remove_dir};

/// Exit code of `obscura deid` when some inputs were quarantined.
const SOME_QUARANTINED: i32 = 2;

const INPUT: &str = ".obscura-work/demo/input";
const OUTPUT: &str = ".obscura-work/demo/output";

const WHY_QUARANTINED: &str = "
Quarantined files are expected here (exit code 2): some test files are broken on purpose, and what
cannot be read or verified is never released. docs/reasons.md explains each reason.";

/// Fetches the files, builds the program, runs it and says where to look.
pub(crate) fn run(workspace: &Workspace) -> Result<(), TaskError> {
    let output = workspace.path(OUTPUT);
    let number = fetch::real_files(workspace, &workspace.path(INPUT))?;
    models::set_up(workspace)?;
    println!("{number} real files of pydicom's tests are in {INPUT}");
    let binary = build(workspace)?;
    remove_dir(&output)?;
    let mut command = Command::new(&binary);
    // A key that is forgotten: a demonstration should not make a key in the user's directory.
    command.args(["deid", INPUT, "--out", OUTPUT, "--key", "none", "--report"]);
    command.current_dir(&workspace.root);
    println!("running: obscura deid {INPUT} --out {OUTPUT} --key none --report\n");
    let ended = status(&mut command)?;
    match ended.code() {
        Some(0) => {}
        Some(SOME_QUARANTINED) => println!("{WHY_QUARANTINED}"),
        _ => {
            let program = "obscura deid".to_owned();
            return Err(TaskError::ProgramFailed {
                program,
                status: ended,
            });
        }
    }
    println!("\nLook at   {}", output.join("report.html").display());
    println!("released  {}", output.join("dicom").display());
    println!("pictures  {}", output.join("jpeg").display());
    println!("manifest  {}", output.join("manifest.jsonl").display());
    Ok(())
}

/// Builds the optimised binary and says where it is.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    println!("building obscura (the first time takes some minutes)");
    process::run(cargo(workspace).args(["build", "--quiet", "--release", "-p", "obscura"]))?;
    workspace.binary()
}
