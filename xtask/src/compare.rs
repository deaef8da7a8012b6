//! `cargo xtask compare`: independent programs judge what Obscura reads, writes and renders.
//!
//! Every script `tests/compare/*.py` is one comparison, and a program of its own, called with the
//! directory of real files as its only argument. `OBSCURA_BINARY` names the program to judge and
//! `OBSCURA_WORK` a directory of its own to work in. It ends with 0 if the programs agree, with 77
//! if what it needs is not installed, with anything else if they do not agree.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::TaskError;
use crate::process::status;
use crate::steps::Outcome;
use crate::workspace::{Workspace, make_dir, remove_dir};
use crate::{demo, fetch, python};

/// The exit code by which a script says that it could not run.
const NOT_HERE: i32 = 77;

/// All comparisons, as a step of the tests.
pub(crate) fn all(workspace: &Workspace) -> Result<Outcome, TaskError> {
    compare(workspace, &[])
}

/// The comparisons named, or all of them.
pub(crate) fn run(workspace: &Workspace, names: &[String]) -> Result<(), TaskError> {
    if let Outcome::Skipped(why) = compare(workspace, names)? {
        println!("SKIPPED: {why}");
    }
    Ok(())
}

fn compare(workspace: &Workspace, names: &[String]) -> Result<Outcome, TaskError> {
    let scripts = scripts(workspace, names)?;
    let interpreter = match python::environment(workspace) {
        Ok(interpreter) => interpreter,
        Err(TaskError::Missing(why)) => return Ok(Outcome::Skipped(why)),
        Err(error) => return Err(error),
    };
    let input = input(workspace)?;
    let binary = demo::build(workspace)?;
    let (mut failed, mut skipped) = (Vec::new(), Vec::new());
    for script in scripts {
        let name = script
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let work = workspace.work("compare").join(&name);
        remove_dir(&work)?;
        make_dir(&work)?;
        println!("-- {name}");
        let mut command = Command::new(&interpreter);
        command
            .arg(&script)
            .arg(&input)
            .env("OBSCURA_BINARY", &binary)
            .env("OBSCURA_WORK", &work)
            .current_dir(&workspace.root);
        match status(&mut command)?.code() {
            Some(0) => {}
            Some(NOT_HERE) => skipped.push(name),
            _ => failed.push(format!("{name} does not agree")),
        }
    }
    TaskError::unless_empty(failed)?;
    if skipped.is_empty() {
        return Ok(Outcome::Passed);
    }
    Ok(Outcome::Skipped(format!(
        "{}: what they need is not installed",
        skipped.join(", ")
    )))
}

/// Where the real files are, once fetched: `OBSCURA_REAL_FILES` where that names a directory, else
/// the place of pydicom's.
pub(crate) fn real_place(workspace: &Workspace) -> PathBuf {
    std::env::var_os("OBSCURA_REAL_FILES").map_or_else(|| workspace.work("real"), PathBuf::from)
}

fn input(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    let place = real_place(workspace);
    if std::env::var_os("OBSCURA_REAL_FILES").is_none() {
        fetch::real_files(workspace, &place)?;
    }
    Ok(place)
}

fn scripts(workspace: &Workspace, names: &[String]) -> Result<Vec<PathBuf>, TaskError> {
    let place = workspace.path("tests/compare");
    let unreadable = |source| TaskError::Io {
        action: "list",
        path: place.clone(),
        source,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(&place).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_script = path.extension().is_some_and(|extension| extension == "py");
        // A leading underscore marks what the scripts share.
        if is_script && !name.starts_with('_') && (names.is_empty() || names.contains(&name)) {
            found.push(path);
        }
    }
    found.sort();
    if found.len() < names.len() || found.is_empty() {
        let there = format!(
            "tests/compare has no script of that name: {}",
            names.join(" ")
        );
        return Err(TaskError::Missing(there));
    }
    Ok(found)
}
