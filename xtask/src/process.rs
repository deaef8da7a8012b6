//! Running other programs: always without input, with errors that name the program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::TaskError;
use crate::workspace::Workspace;

/// The cargo that runs this, in the workspace's root.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(&workspace.root);
    command
}

/// Runs a program to its end, its output going to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), TaskError> {
    let status = status(command)?;
    if status.success() {
        Ok(())
    } else {
        Err(TaskError::ProgramFailed {
            program: describe(command),
            status,
        })
    }
}

/// Runs a program to its end and says how it ended; only not starting is an error.
pub(crate) fn status(command: &mut Command) -> Result<std::process::ExitStatus, TaskError> {
    command
        .stdin(Stdio::null())
        .status()
        .map_err(|source| not_started(command, source))
}

/// Runs a program and gives what it prints.
pub(crate) fn capture(command: &mut Command) -> Result<String, TaskError> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| not_started(command, source))?;
    if !output.status.success() {
        let program = describe(command);
        return Err(TaskError::ProgramFailed {
            program,
            status: output.status,
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A program's place in the search path.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(&name))
        .find(|file| file.is_file())
}

/// Running inside continuous integration: nobody is there to answer.
pub(crate) fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

fn not_started(command: &Command, source: std::io::Error) -> TaskError {
    let program = command.get_program().to_string_lossy().into_owned();
    let stem = Path::new(&program)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let advice = match stem.as_str() {
        "python3" | "python" => ": install Python 3 with pip",
        "cargo" | "rustup" | "rustc" => ": install Rust by rustup",
        "git" => ": install git",
        _ => "",
    };
    TaskError::NotStarted {
        program,
        advice,
        source,
    }
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let mut text = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}
