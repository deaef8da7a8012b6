//! `cargo xtask bench`: files a second beside other tools, as ratios of one run on one machine; with
//! `--text`, what the search for text in pixels costs.

use std::process::Command;

use crate::error::TaskError;
use crate::process::run as run_program;
use crate::python::{self, Python};
use crate::workspace::{Workspace, make_dir};
use crate::{demo, fetch};

/// Builds the program and hands over to `benches/compare.py`, or `benches/text.py`, with the arguments
/// given.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let binary = demo::build(workspace)?;
    let input = workspace.work("real");
    fetch::real_files(workspace, &input)?;
    let work = workspace.work("bench");
    make_dir(&work)?;
    let is_text = |argument: &&String| *argument == "--text";
    let (mut command, script): (Command, &str) = match arguments.iter().find(is_text) {
        Some(_) => (
            Command::new(python::peers_environment(workspace)?),
            "benches/text.py",
        ),
        None => (Python::find()?.command(), "benches/compare.py"),
    };
    command.arg(workspace.path(script));
    command
        .arg("--binary")
        .arg(binary)
        .arg("--input")
        .arg(input)
        .arg("--work")
        .arg(work);
    let others = arguments.iter().filter(|argument| !is_text(argument));
    run_program(command.args(others).current_dir(&workspace.root))
}
