//! `cargo xtask bench`: files a second beside other tools, as ratios of one run on one machine.

use std::process::Command;

use crate::error::TaskError;
use crate::process::run as run_program;
use crate::python::Python;
use crate::workspace::{Workspace, make_dir};
use crate::{demo, fetch};

/// Builds the program and hands over to `benches/compare.py` with the arguments given.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let binary = demo::build(workspace)?;
    let input = workspace.work("real");
    fetch::real_files(workspace, &input)?;
    let work = workspace.work("bench");
    make_dir(&work)?;
    let mut command: Command = Python::find()?.command();
    command.arg(workspace.path("benches/compare.py"));
    command
        .arg("--binary")
        .arg(binary)
        .arg("--input")
        .arg(input)
        .arg("--work")
        .arg(work);
    run_program(command.args(arguments).current_dir(&workspace.root))
}
