//! `cargo xtask aws`: the deployment on this machine, on an emulator of AWS.
//!
//! `tests/aws/run.py` starts the emulator in a folder of its own on the loopback, deploys the templates,
//! runs the scenarios and stops it: with a stand-in for the functions, or with the functions as
//! `cargo lambda` builds them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::TaskError;
use crate::layer;
use crate::process::{capture, cargo, run as run_program};
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

/// The processors that functions are built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Processor {
    /// The one of this machine.
    Own,
    /// The one of the deployment's default.
    Arm64,
}

/// Runs the scenarios; the arguments go to `tests/aws/run.py`. Without any, what every store guarantees is
/// asked of the adapters too. With `--build` the functions and the
/// layer are built first; with `--arm64` also for arm64, which the scenarios then run by QEMU, and what
/// both make of the same files is compared.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let (own, mut rest): (Vec<String>, Vec<String>) = arguments
        .iter()
        .cloned()
        .partition(|argument| ["--build", "--arm64"].contains(&argument.as_str()));
    if !own.is_empty() {
        layer::run(workspace)?;
        let mut name = |argument: &str, place: &Path| {
            rest.insert(0, place.to_string_lossy().into_owned());
            rest.insert(0, argument.to_owned());
        };
        let binaries = build_functions(workspace, Processor::Own)?;
        if own.iter().any(|argument| argument == "--arm64") {
            name("--binaries", &build_functions(workspace, Processor::Arm64)?);
            name("--same", &binaries);
        } else {
            name("--binaries", &binaries);
        }
    }
    if rest.is_empty() {
        rest = adapters(workspace)?;
    }
    scenarios(workspace, &rest)
}

/// The deployment itself, with a stand-in for the functions, and the adapters of `crates/aws`; then the whole
/// pipeline with the functions as the tests build them, which takes no second build of the SDK, and with the
/// command that administers it.
pub(crate) fn step(workspace: &Workspace) -> Result<Outcome, TaskError> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped(
            "the emulator runs functions for Linux: run this on Linux".to_owned(),
        ));
    }
    scenarios(workspace, &adapters(workspace)?)?;
    layer::run(workspace)?;
    let binaries = tested_functions(workspace)?;
    let binaries = binaries.to_string_lossy();
    // The unit tests build the command without what reaches a network.
    run_program(cargo(workspace).args([
        "test",
        "--quiet",
        "--workspace",
        "--features",
        "obscura/aws",
        "--bin",
        "obscura",
        "commands::aws",
    ]))?;
    let command = workspace.target()?.join("debug/obscura");
    let command = command.to_string_lossy();
    let arguments = [
        "--binaries",
        &binaries,
        "--any-glibc",
        "--many",
        "20",
        "--command",
        &command,
    ];
    scenarios(workspace, &arguments.map(str::to_owned))?;
    Ok(Outcome::Passed)
}

/// The tests of `crates/aws` that need an endpoint: built here, run beside the scenarios.
fn adapters(workspace: &Workspace) -> Result<Vec<String>, TaskError> {
    let target = "conformance";
    // All of the workspace, for its features: as the unit tests are built.
    let told = capture(cargo(workspace).args([
        "test",
        "--quiet",
        "--workspace",
        "--no-run",
        "--message-format=json",
        "--test",
        target,
    ]))?;
    let program = told
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == target)
        .find_map(|message| message["executable"].as_str().map(str::to_owned));
    let missing = || TaskError::Missing("cargo built no test of crates/aws".to_owned());
    let program = program.ok_or_else(missing)?;
    Ok(vec!["--adapters".to_owned(), program])
}

fn scenarios(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let interpreter = python::aws_environment(workspace)?;
    let mut command = python::quiet(&interpreter);
    if arguments.iter().any(|argument| argument == "--events") {
        with_programs(&mut command, &python::lambda_environment(workspace)?);
    }
    command
        .current_dir(&workspace.root)
        .arg(workspace.path("tests/aws/run.py"))
        .args(arguments);
    run_program(&mut command)
}

/// The functions as the tests build them, without their debug information, and where they are; and the
/// command that administers a deployment.
fn tested_functions(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    // All of the workspace, as for the tests: another choice of packages is another choice of features,
    // and builds everything once more.
    let arguments = [
        "build",
        "--quiet",
        "--workspace",
        "--bins",
        "--features",
        "obscura/aws",
    ];
    run_program(cargo(workspace).args(arguments))?;
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

/// Builds the functions against the glibc of Lambda, and says where they are. In the folder of the
/// functions, whose `.cargo/config.toml` says how, as `sam build` does.
pub(crate) fn build_functions(
    workspace: &Workspace,
    processor: Processor,
) -> Result<PathBuf, TaskError> {
    let place = match processor {
        Processor::Own => workspace.target()?.join("lambda"),
        Processor::Arm64 => workspace.target()?.join("lambda-arm64"),
    };
    let interpreter = python::lambda_environment(workspace)?;
    let mut command = cargo(workspace);
    command.current_dir(workspace.path("functions"));
    command.args(["lambda", "build", "--release", "--locked"]);
    command.args(["--manifest-path", "../Cargo.toml"]);
    command.arg("--lambda-dir").arg(&place);
    if processor == Processor::Arm64 {
        command.arg("--arm64");
    }
    for function in FUNCTIONS {
        command.args(["--package", function]);
    }
    with_programs(&mut command, &interpreter);
    run_program(&mut command)?;
    Ok(place)
}

/// Puts the programs of a Python environment first: cargo finds `cargo-lambda`, and that finds Zig.
fn with_programs(command: &mut Command, interpreter: &Path) {
    let programs = interpreter.parent().map(Path::to_path_buf);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = programs.into_iter().chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(places) {
        command.env("PATH", path);
    }
}
