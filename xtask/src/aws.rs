//! `cargo xtask aws`: the deployment on this machine, on an emulator of AWS.
//!
//! `tests/aws/run.py` starts the emulator in a folder of its own on the loopback, deploys the templates,
//! runs the scenarios and stops it: with a stand-in for the functions, or with the functions as
//! `cargo lambda` builds them.

use std::path::{Path, PathBuf};

use crate::error::TaskError;
use crate::layer;
use crate::process::{cargo, run as run_program};
use crate::python;
use crate::steps::Outcome;
use crate::workspace::Workspace;

/// The packages of the functions; their binaries have the same names.
const FUNCTIONS: [&str; 5] = [
    "obscura-fn-upload",
    "obscura-fn-deidentify",
    "obscura-fn-analyse",
    "obscura-fn-sweep",
    "obscura-fn-erase",
];

/// Runs the scenarios; the arguments go to `tests/aws/run.py`. With `--build` the functions and the
/// layer are built first.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let (build, mut rest): (Vec<String>, Vec<String>) = arguments
        .iter()
        .cloned()
        .partition(|argument| argument == "--build");
    if !build.is_empty() {
        layer::run(workspace)?;
        let binaries = build_functions(workspace)?;
        rest.insert(0, binaries.to_string_lossy().into_owned());
        rest.insert(0, "--binaries".to_owned());
    }
    scenarios(workspace, &rest)
}

/// The deployment itself, with a stand-in for the functions.
pub(crate) fn step(workspace: &Workspace) -> Result<Outcome, TaskError> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped(
            "the emulator runs functions for Linux: run this on Linux".to_owned(),
        ));
    }
    scenarios(workspace, &[])?;
    Ok(Outcome::Passed)
}

fn scenarios(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let interpreter = python::aws_environment(workspace)?;
    let mut command = python::quiet(&interpreter);
    command
        .current_dir(&workspace.root)
        .arg(workspace.path("tests/aws/run.py"))
        .args(arguments);
    run_program(&mut command)
}

/// Builds the functions for this machine's processor against the glibc of Lambda, and says where
/// they are.
fn build_functions(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    let interpreter = python::lambda_environment(workspace)?;
    let mut command = cargo(workspace);
    command.args(["lambda", "build", "--release"]);
    for function in FUNCTIONS {
        command.args(["--package", function]);
    }
    // Its programs first: cargo finds `cargo-lambda`, and that finds Zig.
    let programs = interpreter.parent().map(Path::to_path_buf);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = programs.into_iter().chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(places) {
        command.env("PATH", path);
    }
    run_program(&mut command)?;
    Ok(workspace.target()?.join("lambda"))
}
