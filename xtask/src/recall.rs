//! `cargo xtask recall`: how much burned-in text is found, on pictures that are hard on purpose.
//!
//! `tests/pictures` draws the pictures with their truth, the optimised program de-identifies them as
//! anybody would, and the result is scored by group. [`run`] puts these together; with `--peers`
//! Tesseract and `RapidOCR` get the same pictures in the same run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::TaskError;
use crate::process::{run as run_program, status};
use crate::workspace::{Workspace, make_dir, read_text, remove_dir};
use crate::{demo, fetch, python, tools};

/// Exit code of `obscura deid` when some inputs were quarantined: the score counts them.
const SOME_QUARANTINED: i32 = 2;

/// Exit code of the scripts when fonts are lacking.
const NOT_HERE: i32 = 77;

/// The Debian packages with the fonts of the pictures.
const FONTS: &str = "tests/pictures/packages.txt";

const USAGE: &str = "\
usage: cargo xtask recall [--seed N] [--small] [--groups 'A|B'] [--peers] [--list N] [--write FILE]

  --seed N        other people, places and letters; seeds above 1 have fonts and grounds that
                  seed 1 never has [default: 2]
  --small         about 120 pictures instead of about 750
  --groups 'A|B'  only these groups, as the table names them
  --peers         Tesseract 5 and RapidOCR on the same pictures, which takes many minutes
  --list N        the first N failures of each group
  --write FILE    put the table between <!-- recall --> and <!-- /recall --> of this document";

/// What is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    seed: Option<String>,
    size: Size,
    groups: Option<String>,
    peers: Peers,
    list: Option<String>,
    write: Option<String>,
}

/// How many pictures.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Size {
    /// All of each group.
    #[default]
    Full,
    /// Two of each group.
    Small,
}

/// Whether other programs are measured too.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Peers {
    /// Obscura alone.
    #[default]
    Left,
    /// Tesseract and `RapidOCR` as well.
    Asked,
}

/// Draws, de-identifies, scores, and prints the table.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let wanted = parse(arguments)?;
    let interpreter = match wanted.peers {
        Peers::Left => python::environment(workspace)?,
        Peers::Asked => {
            tools::install("tesseract", &["tesseract-ocr"])?;
            python::peers_environment(workspace)?
        }
    };
    need_fonts(workspace, &interpreter)?;
    let real = workspace.work("real");
    fetch::real_files(workspace, &real)?;
    let binary = demo::build(workspace)?;
    let place = Place::new(workspace)?;
    run_program(&mut place.draw(&interpreter, &wanted, &real))?;
    de_identify(&binary, &place)?;
    run_program(&mut place.score(&interpreter, &wanted))?;
    if wanted.peers == Peers::Asked {
        run_program(&mut place.peers(&interpreter))?;
    }
    run_program(&mut place.table(workspace, &interpreter, &wanted, arguments))
}

/// The directories and files of one run.
struct Place {
    scripts: PathBuf,
    pictures: PathBuf,
    output: PathBuf,
    truth: PathBuf,
    scored: PathBuf,
    peers: PathBuf,
}

impl Place {
    /// An empty one: what an earlier run left is removed.
    fn new(workspace: &Workspace) -> Result<Self, TaskError> {
        let work = workspace.work("recall");
        remove_dir(&work)?;
        make_dir(&work)?;
        Ok(Self {
            scripts: workspace.path("tests/pictures"),
            pictures: work.join("pictures/dicom"),
            output: work.join("output"),
            truth: work.join("pictures/truth.jsonl"),
            scored: work.join("obscura.json"),
            peers: work.join("peers.json"),
        })
    }

    fn script(&self, interpreter: &Path, name: &str) -> Command {
        let mut command = Command::new(interpreter);
        command
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(self.scripts.join(name));
        command
    }

    fn draw(&self, interpreter: &Path, wanted: &Wanted, real: &Path) -> Command {
        let mut command = self.script(interpreter, "make.py");
        command
            .arg("--out")
            .arg(self.output.with_file_name("pictures"));
        command.arg("--real").arg(real);
        command.args(["--seed", wanted.seed.as_deref().unwrap_or("2")]);
        if let Some(groups) = &wanted.groups {
            command.args(["--groups", groups]);
        }
        if wanted.size == Size::Small {
            command.arg("--small");
        }
        command
    }

    /// A script that needs the truth and the pictures.
    fn judging(&self, interpreter: &Path, name: &str) -> Command {
        let mut command = self.script(interpreter, name);
        command.arg("--truth").arg(&self.truth);
        command.arg("--in").arg(&self.pictures);
        command
    }

    fn score(&self, interpreter: &Path, wanted: &Wanted) -> Command {
        let mut command = self.judging(interpreter, "score.py");
        command.arg("--out").arg(&self.output);
        command
            .arg("--manifest")
            .arg(self.output.join("manifest.jsonl"));
        command.arg("--json").arg(&self.scored);
        command.args(["--list", wanted.list.as_deref().unwrap_or("0")]);
        command
    }

    fn peers(&self, interpreter: &Path) -> Command {
        let mut command = self.judging(interpreter, "peers.py");
        command.arg("--json").arg(&self.peers);
        command
    }

    fn table(
        &self,
        workspace: &Workspace,
        interpreter: &Path,
        wanted: &Wanted,
        arguments: &[String],
    ) -> Command {
        let mut command = self.script(interpreter, "table.py");
        command.arg("--obscura").arg(&self.scored);
        command.arg("--truth").arg(&self.truth);
        if wanted.peers == Peers::Asked {
            command.arg("--peers").arg(&self.peers);
        }
        if let Some(document) = &wanted.write {
            command.arg("--write").arg(workspace.path(document));
        }
        let said = format!("cargo xtask recall {}", arguments.join(" "));
        command.args(["--command", said.trim_end()]);
        command
    }
}

/// Runs the program over the pictures with its defaults, so that the figures are a user's.
fn de_identify(binary: &Path, place: &Place) -> Result<(), TaskError> {
    let mut command = Command::new(binary);
    command.arg("deid").arg(&place.pictures);
    command.arg("--out").arg(&place.output);
    // The key is forgotten and no JPEG is made: neither has a part in what is measured.
    command.args(["--key", "none", "--jpeg", "none"]);
    let ended = status(&mut command)?;
    match ended.code() {
        Some(0 | SOME_QUARANTINED) => Ok(()),
        _ => Err(TaskError::ProgramFailed {
            program: "obscura deid".to_owned(),
            status: ended,
        }),
    }
}

/// Installs the packages of the fonts if a font is lacking.
fn need_fonts(workspace: &Workspace, interpreter: &Path) -> Result<(), TaskError> {
    let mut command = Command::new(interpreter);
    command
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(workspace.path("tests/pictures/fonts.py"));
    if status(&mut command)?.code() != Some(NOT_HERE) {
        return Ok(());
    }
    let text = read_text(&workspace.path(FONTS))?;
    let packages: Vec<&str> = text.split_whitespace().collect();
    tools::install_packages(&packages).map_err(TaskError::Missing)?;
    if status(&mut command)?.success() {
        return Ok(());
    }
    Err(TaskError::Missing(format!(
        "the fonts named above are lacking, with all packages of {FONTS} installed"
    )))
}

fn parse(arguments: &[String]) -> Result<Wanted, TaskError> {
    let mut wanted = Wanted::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().cloned().ok_or(TaskError::Usage(USAGE));
        match argument.as_str() {
            "--seed" => wanted.seed = Some(value()?),
            "--small" => wanted.size = Size::Small,
            "--groups" => wanted.groups = Some(value()?),
            "--peers" => wanted.peers = Peers::Asked,
            "--list" => wanted.list = Some(value()?),
            "--write" => wanted.write = Some(value()?),
            _ => return Err(TaskError::Usage(USAGE)),
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_are_understood() {
        let wanted = parse(&words("--seed 3 --small --peers --groups faint|plain"))
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(wanted.seed.as_deref(), Some("3"));
        assert_eq!((wanted.size, wanted.peers), (Size::Small, Peers::Asked));
        assert_eq!(wanted.groups.as_deref(), Some("faint|plain"));
    }

    #[test]
    fn a_lacking_value_and_an_unknown_option_are_refused() {
        assert!(parse(&words("--write")).is_err());
        assert!(parse(&words("--quick")).is_err());
    }
}
