//! `cargo xtask aws`: the deployment on this machine, on an emulator of AWS.
//!
//! `tests/aws/run.py` starts the emulator in a folder of its own on the loopback, deploys the templates,
//! runs the scenarios and stops it: with a stand-in for the functions, or with the functions as
//! `cargo lambda` builds them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::TaskError;
use crate::layer;
use crate::process::{cargo, run as run_program};
use crate::python;
use crate::steps::Outcome;
use crate::workspace::{Workspace, make_dir};

/// The packages of the functions; their binaries have the same names.
pub(crate) const FUNCTIONS: [&str; 5] = [
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

/// The deployment itself, with a stand-in for the functions; then the whole pipeline with the functions
/// as the tests build them, which takes no second build of the SDK.
pub(crate) fn step(workspace: &Workspace) -> Result<Outcome, TaskError> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped(
            "the emulator runs functions for Linux: run this on Linux".to_owned(),
        ));
    }
    scenarios(workspace, &[])?;
    layer::run(workspace)?;
    let binaries = tested_functions(workspace)?;
    let binaries = binaries.to_string_lossy();
    let arguments = ["--binaries", &binaries, "--any-glibc", "--many", "20"];
    scenarios(workspace, &arguments.map(str::to_owned))?;
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

/// The functions as the tests build them, without their debug information, and where they are.
fn tested_functions(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    // All of the workspace, as for the tests: another choice of packages is another choice of features,
    // and builds everything once more.
    run_program(cargo(workspace).args(["build", "--quiet", "--workspace", "--bins"]))?;
    let place = workspace.work("functions");
    for function in FUNCTIONS {
        let folder = place.join(function);
        make_dir(&folder)?;
        let mut strip = Command::new("strip");
        strip
            .arg("--strip-debug")
            .arg("-o")
            .arg(folder.join("bootstrap"));
        run_program(strip.arg(workspace.target()?.join("debug").join(function)))?;
    }
    Ok(place)
}

/// Builds the functions for this machine's processor against the glibc of Lambda, and says where
/// they are. In the folder of the functions, whose `.cargo/config.toml` says how, as `sam build` does.
pub(crate) fn build_functions(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    let interpreter = python::lambda_environment(workspace)?;
    let mut command = cargo(workspace);
    command.current_dir(workspace.path("functions"));
    command.args(["lambda", "build", "--release", "--locked"]);
    command.args(["--manifest-path", "../Cargo.toml"]);
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
