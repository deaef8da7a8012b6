//! `cargo xtask fuzz`: the fuzz targets of `fuzz/`, for a time.
//!
//! cargo-fuzz and a nightly Rust are needed and are not installed by themselves. The invariants
//! live in `crates/invariants`, so the stable tests hold them too, over seeds and mutations.

use crate::error::TaskError;
use crate::process::{cargo, find_program, run as run_program};
use crate::workspace::{Workspace, make_dir};
use std::process::Command;

/// The targets, each a file of `fuzz/fuzz_targets`.
const TARGETS: &[&str] = &["read", "walk", "text", "decode"];

const USAGE: &str = "usage: cargo xtask fuzz [read|walk|text|decode] [--seconds N]";

const ADVICE: &str = "cargo-fuzz is needed: `cargo install --locked cargo-fuzz`, and a nightly \
                      Rust: `rustup toolchain install nightly --profile minimal`";

/// Runs one target or all of them, 60 seconds each unless told otherwise.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let (targets, seconds) = parse(arguments)?;
    if find_program("cargo-fuzz").is_none() {
        return Err(TaskError::Missing(ADVICE.to_owned()));
    }
    let seeds = workspace.work("fuzz/seeds");
    let mut example = cargo(workspace);
    example.args([
        "run",
        "--quiet",
        "-p",
        "obscura-testkit",
        "--example",
        "seeds",
        "--",
    ]);
    run_program(example.arg(&seeds))?;
    for target in targets {
        let corpus = workspace.path("fuzz/corpus").join(target);
        make_dir(&corpus)?;
        run_program(cargo(workspace).env("OBSCURA_SEEDS", &seeds).args([
            "run",
            "--quiet",
            "--package",
            "obscura-testkit",
            "--example",
            "seeds",
        ]))?;
        let mut command = Command::new("cargo");
        // The nightly's own cargo: the one that runs this is pinned.
        command
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("CARGO")
            .arg("+nightly");
        command
            .args(["fuzz", "run", target])
            .current_dir(&workspace.root);
        command.arg(&corpus).arg(&seeds);
        command
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg("-max_len=65536");
        run_program(&mut command)?;
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<(Vec<&'static str>, u32), TaskError> {
    let mut targets = Vec::new();
    let mut seconds = 60;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--seconds" {
            let number = rest.next().and_then(|number| number.parse().ok());
            seconds = number.ok_or(TaskError::Usage(USAGE))?;
        } else {
            let target = TARGETS.iter().find(|target| *target == argument);
            targets.push(*target.ok_or(TaskError::Usage(USAGE))?);
        }
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    Ok((targets, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_and_a_time_are_understood() {
        let words = |text: &str| text.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_eq!(
            parse(&words("read --seconds 5")).unwrap(),
            (vec!["read"], 5)
        );
        assert_eq!(parse(&[]).unwrap().0.len(), TARGETS.len());
        assert!(parse(&words("nothing")).is_err());
        assert!(parse(&words("--seconds x")).is_err());
    }
}
