//! `cargo xtask fuzz`: the fuzz targets of `fuzz/`, for a time.
//!
//! They are libFuzzer programs, built by the pinned stable toolchain: LLVM's coverage pass is asked
//! for by name, as cargo-fuzz does on a nightly Rust. What stable cannot do is the address
//! sanitizer, of little use to code without `unsafe`; `--nightly` runs them with it, by cargo-fuzz.
//! The invariants live in `crates/invariants`, so the tests hold them too, over seeds and
//! mutations.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::compare;
use crate::error::TaskError;
use crate::process::{capture, cargo, find_program, run as run_program};
use crate::steps::Outcome;
use crate::workspace::{Workspace, make_dir};

/// A target, a file of `fuzz/fuzz_targets`, and what its seeds are.
struct Target {
    name: &'static str,
    seeds: Seeds,
    /// Inputs in the step of the tests: some fifteen seconds of them.
    smoke_runs: u32,
}

/// What a target takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seeds {
    /// DICOM objects.
    Objects,
    /// Identifiers and a text.
    Texts,
}

const TARGETS: [Target; 4] = [
    Target {
        name: "read",
        seeds: Seeds::Objects,
        smoke_runs: 40000,
    },
    Target {
        name: "walk",
        seeds: Seeds::Objects,
        smoke_runs: 10000,
    },
    Target {
        name: "text",
        seeds: Seeds::Texts,
        smoke_runs: 40000,
    },
    Target {
        name: "decode",
        seeds: Seeds::Objects,
        smoke_runs: 10000,
    },
];

const USAGE: &str = "usage: cargo xtask fuzz [read|walk|text|decode]... [--seconds N] [--nightly]";

const ADVICE: &str = "cargo-fuzz is needed: `cargo install --locked cargo-fuzz`, and a nightly \
                      Rust: `rustup toolchain install nightly --profile minimal`";

/// Where the draws of the step of the tests begin: one commit passes or fails, not both. `cargo xtask
/// fuzz` draws anew each time.
const SMOKE_SEED: u32 = 20_261_128;
/// Bytes of the longest input: enough for any structure, short enough for many a second.
const LONGEST: u32 = 65_536;
/// Seconds of a machine with other work, and megabytes, after which one input is a finding.
const BOUNDS: [&str; 2] = ["-timeout=60", "-rss_limit_mb=2048"];
/// What libFuzzer needs to know of the code it runs, and checks that are on in tests.
const COVERAGE: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
    "-Cdebug-assertions",
];

/// Who builds the targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Toolchain {
    /// The pinned one.
    Stable,
    /// A nightly one by cargo-fuzz, with the address sanitizer.
    Nightly,
}

/// How long a target runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// Seconds, from a draw of its own.
    Seconds(u32),
    /// The inputs of the step of the tests, the same each time.
    Smoke,
}

struct Wanted {
    targets: Vec<&'static Target>,
    effort: Effort,
    toolchain: Toolchain,
}

/// Runs one target or all of them, 60 seconds each unless told otherwise.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let wanted = parse(arguments)?;
    match wanted.toolchain {
        Toolchain::Stable => fuzz(workspace, &wanted),
        Toolchain::Nightly => fuzz_by_nightly(workspace, &wanted),
    }
}

/// The step of the tests: every target is built and runs some thousand inputs.
pub(crate) fn smoke(workspace: &Workspace) -> Result<Outcome, TaskError> {
    if find_program("c++").is_none() {
        let why = "libFuzzer is C++: install a compiler (Debian: g++)";
        return Ok(Outcome::Skipped(why.to_owned()));
    }
    let wanted = Wanted {
        targets: TARGETS.iter().collect(),
        effort: Effort::Smoke,
        toolchain: Toolchain::Stable,
    };
    fuzz(workspace, &wanted)?;
    Ok(Outcome::Passed)
}

fn fuzz(workspace: &Workspace, wanted: &Wanted) -> Result<(), TaskError> {
    let built = build(workspace)?;
    for target in &wanted.targets {
        let mut command = Command::new(built.join(target.name));
        command.current_dir(&workspace.root);
        command.args(corpora(workspace, target, wanted.effort)?);
        command.args(libfuzzer_arguments(workspace, target, wanted.effort)?);
        run_program(&mut command)?;
    }
    Ok(())
}

/// Builds the targets with coverage; the directory of the programs.
fn build(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    let host = host()?;
    let target = workspace.work("fuzz/target");
    let mut command = cargo(workspace);
    // A place of its own: these flags would have everything else built anew. They are for the
    // programs, not for build scripts, so the platform is named.
    command
        .env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\u{1F}"))
        .env("CARGO_TARGET_DIR", &target)
        .args(["build", "--locked", "--release", "--manifest-path"])
        .arg(workspace.path("fuzz/Cargo.toml"))
        .args(["--target", &host]);
    run_program(&mut command)?;
    Ok(target.join(host).join("release"))
}

/// The platform of the toolchain.
fn host() -> Result<String, TaskError> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let text = capture(Command::new(rustc).arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(ToOwned::to_owned).ok_or_else(|| TaskError::Form {
        what: "rustc -vV",
        detail: "no host".to_owned(),
    })
}

/// The directories of inputs: the first one grows, the others are seeds.
fn corpora(
    workspace: &Workspace,
    target: &Target,
    effort: Effort,
) -> Result<Vec<PathBuf>, TaskError> {
    let found = match effort {
        Effort::Seconds(_) => workspace.work("fuzz/corpus").join(target.name),
        Effort::Smoke => {
            // What an earlier run found would make this one another.
            let found = workspace.work("fuzz/smoke").join(target.name);
            let _ = std::fs::remove_dir_all(&found);
            found
        }
    };
    make_dir(&found)?;
    let seeds = workspace.work("fuzz/seeds");
    let mut example = cargo(workspace);
    example.args(["run", "--quiet", "-p", "obscura-testkit"]);
    example.args(["--example", "seeds", "--"]).arg(&seeds);
    run_program(&mut example)?;
    let mut all = vec![found];
    match target.seeds {
        Seeds::Objects => {
            all.push(seeds.join("objects"));
            all.extend(Some(compare::real_place(workspace)).filter(|place| place.is_dir()));
        }
        Seeds::Texts => all.push(seeds.join("texts")),
    }
    Ok(all)
}

fn libfuzzer_arguments(
    workspace: &Workspace,
    target: &Target,
    effort: Effort,
) -> Result<Vec<String>, TaskError> {
    let findings = workspace.work("fuzz/findings");
    make_dir(&findings)?;
    let prefix = findings.join(target.name);
    let mut arguments = match effort {
        Effort::Seconds(seconds) => vec![format!("-max_total_time={seconds}")],
        Effort::Smoke => vec![
            format!("-seed={SMOKE_SEED}"),
            format!("-runs={}", target.smoke_runs),
        ],
    };
    arguments.extend([
        format!("-max_len={LONGEST}"),
        format!("-artifact_prefix={}-", prefix.display()),
        "-print_final_stats=1".to_owned(),
    ]);
    arguments.extend(BOUNDS.map(ToOwned::to_owned));
    Ok(arguments)
}

fn fuzz_by_nightly(workspace: &Workspace, wanted: &Wanted) -> Result<(), TaskError> {
    if find_program("cargo-fuzz").is_none() {
        return Err(TaskError::Missing(ADVICE.to_owned()));
    }
    for target in &wanted.targets {
        let mut command = Command::new("cargo");
        // The nightly's own cargo: the one that runs this is pinned.
        command
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("CARGO")
            .current_dir(&workspace.root)
            .args(["+nightly", "fuzz", "run", target.name])
            .args(corpora(workspace, target, wanted.effort)?)
            .arg("--")
            .args(libfuzzer_arguments(workspace, target, wanted.effort)?);
        run_program(&mut command)?;
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<Wanted, TaskError> {
    let mut wanted = Wanted {
        targets: Vec::new(),
        effort: Effort::Seconds(60),
        toolchain: Toolchain::Stable,
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seconds" => {
                let number = rest.next().and_then(|number| number.parse().ok());
                wanted.effort = Effort::Seconds(number.ok_or(TaskError::Usage(USAGE))?);
            }
            "--nightly" => wanted.toolchain = Toolchain::Nightly,
            name => {
                let target = TARGETS.iter().find(|target| target.name == name);
                wanted.targets.push(target.ok_or(TaskError::Usage(USAGE))?);
            }
        }
    }
    if wanted.targets.is_empty() {
        wanted.targets.extend(&TARGETS);
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_and_a_time_are_understood() {
        let parsed = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(ToOwned::to_owned).collect();
            let wanted = parse(&words).ok()?;
            let names: Vec<_> = wanted.targets.iter().map(|target| target.name).collect();
            Some((names.join(" "), wanted.effort, wanted.toolchain))
        };
        assert_eq!(
            parsed("read --seconds 5"),
            Some(("read".to_owned(), Effort::Seconds(5), Toolchain::Stable))
        );
        assert_eq!(
            parsed("--nightly"),
            Some((
                "read walk text decode".to_owned(),
                Effort::Seconds(60),
                Toolchain::Nightly
            ))
        );
        assert_eq!(parsed("nothing"), None);
        assert_eq!(parsed("--seconds x"), None);
    }
}
