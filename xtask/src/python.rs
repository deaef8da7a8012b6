//! Python: the interpreter, and an environment of pinned packages for the comparisons.
//!
//! Only what is not shipped uses Python: fetching pydicom's test files, and the comparisons.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::TaskError;
use crate::process::{find_program, run, status};
use crate::workspace::{Workspace, make_dir, read_text, remove_dir, write_text};

/// The oldest Python that `tests/requirements.txt` has packages for.
const OLDEST: (u32, u32) = (3, 11);

/// Where the packages are pinned, each by the hashes of its files.
pub(crate) const REQUIREMENTS: &str = "tests/requirements.txt";

/// What `cargo xtask recall --peers` needs beside them.
const PEERS: &str = "tests/pictures/requirements.txt";

/// What `cargo xtask templates` needs: sam, cfn-lint, the translator, cfn-guard.
const TEMPLATES: &str = "tests/templates/requirements.txt";

/// checkov, which pins other versions of the same.
const CHECKOV: &str = "tests/templates/requirements-checkov.txt";

/// What the end-to-end tests on the emulator of AWS need.
const AWS: &str = "tests/aws/requirements.txt";

/// What builds the functions for Lambda.
const LAMBDA: &str = "tests/aws/requirements-build.txt";

/// A Python interpreter on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Python {
    /// The program.
    pub(crate) program: PathBuf,
    version: (u32, u32),
}

impl Python {
    /// The newest suitable interpreter by its usual names; any Python 3 if none is suitable.
    pub(crate) fn find() -> Result<Self, TaskError> {
        let names = [
            "python3",
            "python3.13",
            "python3.12",
            "python3.11",
            "python3.14",
            "python",
        ];
        let found: Vec<Self> = names
            .iter()
            .filter_map(|name| find_program(name))
            .filter_map(|program| version(&program).map(|version| Self { program, version }))
            .filter(|python| python.version >= (3, 0))
            .collect();
        let suitable = found
            .iter()
            .find(|python| python.version >= OLDEST)
            .or(found.first());
        suitable.cloned().ok_or_else(|| {
            TaskError::Missing("Python 3 is needed: install Python 3 with pip".to_owned())
        })
    }

    /// A command of this interpreter.
    pub(crate) fn command(&self) -> Command {
        quiet(&self.program)
    }

    /// A command of its pip.
    pub(crate) fn pip(&self) -> Command {
        let mut command = self.command();
        command.args(["-m", "pip", "--no-input", "--disable-pip-version-check"]);
        command
    }

    /// An error, with what to install, if there is no pip.
    pub(crate) fn need_pip(&self) -> Result<(), TaskError> {
        let mut command = self.pip();
        command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if status(&mut command)?.success() {
            return Ok(());
        }
        let advice = "pip is needed: `apt install python3-pip`, or `python3 -m ensurepip`";
        Err(TaskError::Missing(advice.to_owned()))
    }
}

fn version(program: &PathBuf) -> Option<(u32, u32)> {
    let code = "import sys; print(*sys.version_info[:2])";
    let output = Command::new(program)
        .args(["-c", code])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The interpreter of the environment, with the packages of `tests/requirements.txt`; made on
/// first use and again whenever the requirements change.
pub(crate) fn environment(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    made(workspace, "venv", &[REQUIREMENTS])
}

/// The same with `RapidOCR`, in a place of its own: the comparisons do not need its 100 MB.
pub(crate) fn peers_environment(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    made(workspace, "venv-peers", &[REQUIREMENTS, PEERS])
}

/// The tools that check the templates of AWS.
pub(crate) fn templates_environment(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    made(workspace, "venv-templates", &[TEMPLATES])
}

/// checkov.
pub(crate) fn checkov_environment(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    made(workspace, "venv-checkov", &[CHECKOV])
}

/// The emulator of AWS and its clients.
pub(crate) fn aws_environment(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    made(workspace, "venv-aws", &[AWS])
}

/// cargo-lambda and its linker.
pub(crate) fn lambda_environment(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    made(workspace, "venv-lambda", &[LAMBDA])
}

/// A command of an environment's interpreter that leaves no compiled files in the workspace.
pub(crate) fn quiet(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command
        .env_remove("PYTHONHOME")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// The interpreter of an environment below `.obscura-work`, made if it is not there as wanted.
fn made(workspace: &Workspace, name: &str, requirements: &[&str]) -> Result<PathBuf, TaskError> {
    let place = workspace.work(name);
    let inside = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let interpreter = place.join(inside);
    let mut wanted = String::new();
    for file in requirements {
        wanted.push_str(&read_text(&workspace.path(file))?);
    }
    let stamp = place.join("requirements.txt");
    if interpreter.is_file() && fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(interpreter);
    }
    let python = Python::find()?;
    if python.version < OLDEST {
        let (major, minor) = python.version;
        return Err(TaskError::Missing(format!(
            "the packages need Python {}.{} or later; this is {major}.{minor}",
            OLDEST.0, OLDEST.1
        )));
    }
    python.need_pip()?;
    remove_dir(&place)?;
    make_dir(&workspace.work(""))?;
    let names = requirements.join(" and ");
    println!("making a Python environment with the packages of {names}");
    // Without its own pip: Debian's Python cannot put one in unless python3-venv is installed.
    run(python
        .command()
        .args(["-m", "venv", "--without-pip"])
        .arg(&place))?;
    let mut pip = python.pip();
    pip.arg("--python").arg(&interpreter);
    pip.args([
        "install",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--require-hashes",
    ]);
    for file in requirements {
        pip.arg("-r").arg(workspace.path(file));
    }
    run(&mut pip)?;
    write_text(&stamp, &wanted)?;
    Ok(interpreter)
}
