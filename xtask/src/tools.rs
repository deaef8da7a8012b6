//! `cargo xtask setup`: what the tests need beside Rust and Python.
//!
//! Nothing here is needed to build or to run Obscura. What cannot be installed is said loudly and
//! the comparisons that need it are skipped by name.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::error::TaskError;
use crate::process::{cargo, find_program, run, status};
use crate::steps::Outcome;
use crate::workspace::Workspace;
use crate::{fetch, python};

/// Programs of the comparisons and the Debian packages they come from.
const PROGRAMS: &[(&str, &str)] = &[
    ("dcmdump", "dcmtk"),
    ("dcmj2pnm", "dcmtk"),
    ("dcmdjpls", "dcmtk"),
    ("dciodvfy", "dicom3tools"),
    ("gdcmconv", "libgdcm-tools"),
];

/// The cargo-nextest that is built where there is none.
const NEXTEST: &str = "0.9.143";

/// Installs and fetches everything; what is there already is left as it is.
pub(crate) fn set_up(workspace: &Workspace) -> Result<Outcome, TaskError> {
    let mut lacking = Vec::new();
    if let Err(why) = debian_packages() {
        lacking.push(why);
    }
    let number = fetch::real_files(workspace, &workspace.work("real"))?;
    println!("{number} real files in .obscura-work/real");
    if let Err(error) = python::environment(workspace) {
        lacking.push(error.with_causes());
    }
    if nextest(workspace).is_none() {
        println!("building cargo-nextest {NEXTEST}, once; this takes a few minutes");
        if let Err(error) = build_nextest(workspace) {
            lacking.push(error.with_causes());
        }
    }
    if lacking.is_empty() {
        Ok(Outcome::Passed)
    } else {
        Ok(Outcome::Skipped(lacking.join("; ")))
    }
}

/// cargo-nextest: one that is installed, or the one built in `.obscura-work/tools`.
pub(crate) fn nextest(workspace: &Workspace) -> Option<PathBuf> {
    let name = format!("cargo-nextest{}", std::env::consts::EXE_SUFFIX);
    let ours = workspace.work("tools").join("bin").join(name);
    find_program("cargo-nextest").or_else(|| ours.is_file().then_some(ours))
}

fn build_nextest(workspace: &Workspace) -> Result<(), TaskError> {
    let mut command = cargo(workspace);
    command.args([
        "install",
        "--quiet",
        "--locked",
        "cargo-nextest",
        "--version",
        NEXTEST,
    ]);
    command.arg("--root").arg(workspace.work("tools"));
    // A build of its own: it shares nothing with the workspace's.
    command.env("CARGO_TARGET_DIR", workspace.work("tools/target"));
    run(&mut command)?;
    crate::workspace::remove_dir(&workspace.work("tools/target"))
}

/// Installs the programs that are not there; the error says what is lacking and why.
fn debian_packages() -> Result<(), String> {
    let mut packages: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| find_program(program).is_none())
        .map(|(_, package)| *package)
        .collect();
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    install_packages(&packages)
}

/// Installs Debian packages if a program is not there.
pub(crate) fn install(program: &str, packages: &[&str]) -> Result<(), TaskError> {
    match find_program(program) {
        Some(_) => Ok(()),
        None => install_packages(packages).map_err(TaskError::Missing),
    }
}

/// Installs Debian packages; the error says what to do by hand.
pub(crate) fn install_packages(packages: &[&str]) -> Result<(), String> {
    let names = packages.join(" ");
    if find_program("apt-get").is_none() || !is_root() {
        return Err(format!(
            "{names} not installed: as root, `apt-get install {names}`"
        ));
    }
    println!("installing {names}");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-qq", "-o", "Dpkg::Use-Pty=0"]);
        command.args(arguments).stdout(Stdio::null());
        status(&mut command).is_ok_and(|status| status.success())
    };
    // An index that cannot be renewed may still know the packages.
    apt(&["update"]);
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    if apt(&install) {
        Ok(())
    } else {
        Err(format!("`apt-get install {names}` failed"))
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
