//! The steps that are cargo's own: formatting, lints, tests, documentation.

use std::process::Command;

use crate::error::TaskError;
use crate::process::{cargo, run};
use crate::steps::Outcome;
use crate::tools;
use crate::workspace::Workspace;

/// `cargo fmt --check`.
pub(crate) fn fmt(workspace: &Workspace) -> Result<Outcome, TaskError> {
    passed(cargo(workspace).args(["fmt", "--all", "--check"]))
}

/// Clippy over every target, warnings being errors.
pub(crate) fn clippy(workspace: &Workspace) -> Result<Outcome, TaskError> {
    // With the features that are off by default, which are code too; the tests build without them.
    let arguments = [
        "clippy",
        "--workspace",
        "--features",
        "obscura/ort,obscura/aws",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ];
    passed(cargo(workspace).args(arguments))
}

/// Every test of the workspace, by cargo-nextest, or by `cargo test` where there is none.
pub(crate) fn unit(workspace: &Workspace) -> Result<Outcome, TaskError> {
    if let Some(nextest) = tools::nextest(workspace) {
        let mut command = Command::new(nextest);
        command.current_dir(&workspace.root);
        command.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
        command.args(["--status-level", "slow", "--final-status-level", "fail"]);
        return passed(&mut command);
    }
    println!("cargo-nextest is not installed: the same tests run by `cargo test`");
    passed(cargo(workspace).args(["test", "--workspace", "--all-targets", "--no-fail-fast"]))
}

/// The examples in the documentation.
pub(crate) fn doctests(workspace: &Workspace) -> Result<Outcome, TaskError> {
    passed(cargo(workspace).args(["test", "--workspace", "--doc", "--quiet"]))
}

/// The documentation, warnings (broken links among them) being errors.
pub(crate) fn rustdoc(workspace: &Workspace) -> Result<Outcome, TaskError> {
    let mut command = cargo(workspace);
    command.env("RUSTDOCFLAGS", "-D warnings");
    passed(command.args([
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--quiet",
    ]))
}

fn passed(command: &mut Command) -> Result<Outcome, TaskError> {
    run(command)?;
    Ok(Outcome::Passed)
}
