//! `cargo xtask models`: the models that find and read text, fetched by package name.
//!
//! They are two files of a wheel, each pinned by SHA-256 in `crates/ocr/src/models.rs`, which the
//! program checks again whenever it loads them. They are not part of the repository.

use std::path::{Path, PathBuf};

use crate::error::TaskError;
use crate::fetch;
use crate::process::run;
use crate::python::Python;
use crate::steps::Outcome;
use crate::workspace::{Workspace, make_dir};

/// Where they are put; the program finds them there when it was built from this checkout.
const PLACE: &str = "models";

/// The wheel that ships them, with its hash.
const WHEEL: &str = "rapidocr==3.10.0 \
    --hash=sha256:2fc34e26cd0f48514804a94f8832283039c7334076bff60768b1fed9ad068050\n";

/// The files: inside the wheel, and what they must hash to (as in `crates/ocr/src/models.rs`).
const FILES: [(&str, &str); 2] = [
    (
        "rapidocr/models/PP-OCRv6_det_small.onnx",
        "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    ),
    (
        "rapidocr/models/PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
];

/// The licence of the models, as their wheel has it.
pub(crate) const LICENCE: &str = "MODEL_LICENSES.md";

/// Takes files out of a wheel: `argv` is wheel, destination, then names; the licence goes along.
const UNPACK: &str = r#"
import os, sys, zipfile
wheel, place, *names = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    licences = [name for name in archive.namelist() if name.endswith("MODEL_LICENSES.md")]
    for name in names + licences:
        path = os.path.join(place, os.path.basename(name))
        with open(path + ".part", "wb") as file:
            file.write(archive.read(name))
        os.replace(path + ".part", path)
"#;

/// Checks: `argv` is directory, then pairs of name and hash. Exit code 1 if one is not right.
const CHECK: &str = r#"
import hashlib, os, sys
place, *pairs = sys.argv[1:]
for name, pin in zip(pairs[::2], pairs[1::2]):
    path = os.path.join(place, os.path.basename(name))
    if not os.path.isfile(path) or hashlib.sha256(open(path, "rb").read()).hexdigest() != pin:
        sys.exit(1)
"#;

/// Fetches the models unless they are there, and says where they are.
pub(crate) fn run_command(workspace: &Workspace) -> Result<(), TaskError> {
    set_up(workspace)?;
    println!("the models are in {}", workspace.path(PLACE).display());
    Ok(())
}

/// As a step of the tests.
pub(crate) fn step(workspace: &Workspace) -> Result<Outcome, TaskError> {
    set_up(workspace)?;
    Ok(Outcome::Passed)
}

/// Fetches the models unless they are there.
pub(crate) fn set_up(workspace: &Workspace) -> Result<(), TaskError> {
    let python = Python::find()?;
    let place = workspace.path(PLACE);
    if is_complete(&python, &place) {
        return Ok(());
    }
    println!("fetching the models that find and read text (30 MB, once)");
    let wheel = fetch::wheel(workspace, &python, "rapidocr", WHEEL)?;
    make_dir(&place)?;
    let names = FILES.iter().map(|(name, _)| *name);
    run(python
        .command()
        .args(["-c", UNPACK])
        .arg(&wheel)
        .arg(&place)
        .args(names))?;
    if is_complete(&python, &place) {
        return Ok(());
    }
    Err(TaskError::Form {
        what: "the models",
        detail: "a file has another SHA-256 than the pinned one".to_owned(),
    })
}

/// The directory that they are in.
pub(crate) fn place(workspace: &Workspace) -> PathBuf {
    workspace.path(PLACE)
}

/// The files' names and their SHA-256.
pub(crate) fn pinned() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES
        .iter()
        .map(|(name, pin)| (name.rsplit('/').next().unwrap_or(name), *pin))
}

/// An error unless a directory holds exactly what was pinned.
pub(crate) fn check(place: &Path) -> Result<(), TaskError> {
    if is_complete(&Python::find()?, place) {
        return Ok(());
    }
    Err(TaskError::Form {
        what: "a copy of the models",
        detail: "a file has another SHA-256 than the pinned one".to_owned(),
    })
}

fn is_complete(python: &Python, place: &Path) -> bool {
    let pairs = FILES.iter().flat_map(|(name, pin)| [*name, *pin]);
    let mut command = python.command();
    command.args(["-c", CHECK]).arg(place).args(pairs);
    crate::process::status(&mut command).is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pins_are_those_that_the_program_checks() {
        let source = include_str!("../../crates/ocr/src/models.rs");
        for (name, pin) in FILES {
            let file = name.rsplit('/').next().unwrap_or_default();
            assert!(source.contains(file) && source.contains(pin), "{name}");
        }
    }
}
