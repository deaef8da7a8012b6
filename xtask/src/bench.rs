//! `cargo xtask bench`: files a second beside other tools, as ratios of one run on one machine; with
//! `--text`, what the search for text in pixels costs; with `--aws`, what the functions take on Lambda.

use std::process::Command;

use crate::error::TaskError;
use crate::process::run as run_program;
use crate::python::{self, Python};
use crate::workspace::{Workspace, make_dir};
use crate::{aws, demo, fetch, layer};

/// Builds the program and hands over to `benches/compare.py`, or `benches/text.py`, with the arguments
/// given.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    if arguments.iter().any(|argument| argument == "--aws") {
        return on_aws(workspace, arguments);
    }
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

/// Files of the rounds, each an object of its own.
const FILES: &str = "8";

/// Builds the functions and the layer, makes the files, and hands over to `benches/lambda.py`.
fn on_aws(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    layer::run(workspace)?;
    let binaries = aws::build_functions(workspace, aws::Processor::Own)?;
    let input = workspace.work("real");
    fetch::real_files(workspace, &input)?;
    let work = workspace.work("bench-aws");
    make_dir(&work)?;
    let mut files = python::quiet(&python::environment(workspace)?);
    files.arg(workspace.path("benches/lambda_files.py"));
    files.arg("--input").arg(input).arg("--work").arg(&work);
    run_program(files.args(["--repeat", FILES]))?;
    let mut command = python::quiet(&python::aws_environment(workspace)?);
    command.arg(workspace.path("benches/lambda.py"));
    command.arg("--binaries").arg(binaries);
    command.arg("--layer").arg(workspace.path(layer::PLACE));
    command.arg("--work").arg(work);
    let others = arguments.iter().filter(|argument| *argument != "--aws");
    run_program(command.args(others).current_dir(&workspace.root))
}
