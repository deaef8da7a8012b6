//! `cargo xtask aws`: the deployed pipeline end to end on this machine, on an emulator of AWS.
//!
//! `tests/aws/run.py` starts the emulator in a folder of its own on the loopback, deploys the templates
//! with the given binaries, runs the scenarios and stops it.

use crate::error::TaskError;
use crate::process::run as run_program;
use crate::python;
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
