//! `cargo xtask aws`: the deployed pipeline end to end on this machine, on an emulator of AWS.
//!
//! `tests/aws/run.py` starts the emulator in a folder of its own on the loopback, deploys the templates
//! with the given binaries, runs the scenarios and stops it.

use crate::error::TaskError;
use crate::process::run as run_program;
use crate::python;
use crate::steps::Outcome;
use crate::workspace::Workspace;

/// Runs the scenarios; the arguments go to `tests/aws/run.py`.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let interpreter = python::aws_environment(workspace)?;
    let mut command = python::quiet(&interpreter);
    command
        .current_dir(&workspace.root)
        .arg(workspace.path("tests/aws/run.py"))
        .args(arguments);
    run_program(&mut command)
}

/// The deployment itself, with a stand-in for the functions.
pub(crate) fn step(workspace: &Workspace) -> Result<Outcome, TaskError> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped(
            "the emulator runs functions for Linux: run this on Linux".to_owned(),
        ));
    }
    run(workspace, &[])?;
    Ok(Outcome::Passed)
}
