//! Real files to work on: pydicom's own test files, fetched by package name, checked by hash.
//!
//! They are CT, MR, US, SR, RT and waveforms in most transfer syntaxes, with the faults that
//! archives hold. They are public and name nobody; they are never committed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::TaskError;
use crate::process::run;
use crate::python::{Python, REQUIREMENTS};
use crate::workspace::{Workspace, make_dir, read_text, remove_dir, write_text};

/// Takes out of the wheel what a reader of DICOM is interested in: `argv` is wheel, destination.
const UNPACK: &str = r#"
import os, sys, zipfile
wheel, place = sys.argv[1:]
inside = "pydicom/data/test_files/"
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        rest = name[len(inside):]
        if not name.startswith(inside) or name.endswith("/") or ".." in rest:
            continue
        if rest.endswith(".dcm") or rest.startswith("dicomdirtests/"):
            path = os.path.join(place, *rest.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(archive.read(name))
"#;

/// Puts the real files into a directory, unless they are there already, and gives their number.
/// Needs the network the first time only.
pub(crate) fn real_files(workspace: &Workspace, place: &Path) -> Result<usize, TaskError> {
    let pin = pinned(workspace)?;
    let stamp = place.with_extension("stamp");
    if !(place.is_dir() && fs::read_to_string(&stamp).is_ok_and(|had| had == pin)) {
        let python = Python::find()?;
        println!("fetching pydicom's test files (2 MB, once)");
        let wheel = wheel(workspace, &python, "pydicom", &pin)?;
        remove_dir(place)?;
        make_dir(place)?;
        run(python.command().args(["-c", UNPACK]).arg(&wheel).arg(place))?;
        write_text(&stamp, &pin)?;
    }
    count(place)
}

/// The wheel of a package, from an earlier download or from the package index. `pin` is the line
/// of a requirements file that names its version and hash.
pub(crate) fn wheel(
    workspace: &Workspace,
    python: &Python,
    package: &str,
    pin: &str,
) -> Result<PathBuf, TaskError> {
    let downloads = workspace.work("downloads");
    make_dir(&downloads)?;
    if let Some(wheel) = earlier(&downloads, package) {
        return Ok(wheel);
    }
    python.need_pip()?;
    let requirement = downloads.join(format!("{package}.txt"));
    write_text(&requirement, pin)?;
    let mut pip = python.pip();
    pip.args([
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--require-hashes",
    ]);
    pip.arg("--dest")
        .arg(&downloads)
        .arg("-r")
        .arg(&requirement);
    run(&mut pip).map_err(|error| {
        TaskError::Missing(format!(
            "the package {package} could not be fetched ({error}).\n\
             This needs the Python package index once; pip's own settings (a mirror, a proxy)\n\
             are honoured. With the wheel of {} put into {} it works without network.",
            pin.lines()
                .next()
                .unwrap_or_default()
                .split_whitespace()
                .next()
                .unwrap_or_default(),
            downloads.display()
        ))
    })?;
    earlier(&downloads, package).ok_or_else(|| TaskError::Form {
        what: "the download of a package",
        detail: format!("there is no wheel of {package} in it"),
    })
}

fn earlier(downloads: &Path, package: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(downloads).ok()?;
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(&format!("{package}-")) && name.ends_with(".whl")
        })
}

/// The lines of the requirements that pin pydicom and its hash.
fn pinned(workspace: &Workspace) -> Result<String, TaskError> {
    let text = read_text(&workspace.path(REQUIREMENTS))?;
    let mut lines = text
        .lines()
        .skip_while(|line| !line.starts_with("pydicom=="));
    let mut pin = String::new();
    for line in lines.by_ref() {
        pin.push_str(line);
        pin.push('\n');
        if !line.ends_with('\\') {
            break;
        }
    }
    if pin.contains("--hash=sha256:") {
        return Ok(pin);
    }
    Err(TaskError::Form {
        what: REQUIREMENTS,
        detail: "pydicom has no hash".to_owned(),
    })
}

/// The number of files below a directory.
fn count(place: &Path) -> Result<usize, TaskError> {
    let unreadable = |source| TaskError::Io {
        action: "list",
        path: place.to_path_buf(),
        source,
    };
    let mut number = 0;
    for entry in fs::read_dir(place).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        number += if path.is_dir() { count(&path)? } else { 1 };
    }
    Ok(number)
}
