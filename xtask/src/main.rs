//! `cargo xtask`: the chores of the workspace, in Rust so that they run wherever Rust does.
//!
//! Two of them are all a newcomer needs: `demo` fetches real files and de-identifies them,
//! `test` passes everything CI passes. Each step of `test` is a command of its own as well.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for people: what it prints is its result"
)]

mod alike;
mod aws;
mod bench;
mod compare;
mod demo;
mod error;
mod fetch;
mod fuzz;
mod layer;
mod layers;
mod licences;
mod links;
mod metadata;
mod models;
mod process;
mod python;
mod recall;
mod rust_steps;
mod shape;
mod steps;
mod tables;
mod templates;
mod test;
mod tools;
mod words;
mod workspace;

use std::process::ExitCode;

use error::TaskError;
use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask <command>

  models               fetch the models that find text in pictures, pinned by hash
  demo                 fetch real files, de-identify them, say where the report is
  test [--quick]       everything CI runs; --quick leaves out what fetches or compares

steps of `test`, one by one:
  setup                Debian packages, Python packages, cargo-nextest, real files
  fmt | clippy | unit | doctests | rustdoc
  words                no path of a machine, no registry setting in what is committed
  links                relative links of the documentation lead somewhere
  shape                sources open with `//!`, are not too long, are on the map
  layers               the crates depend on each other only as designed
  licences             every dependency is under a licence of deny.toml
  templates            lints, scans, rules and tests of what is deployed to AWS
  fuzz-smoke           every fuzz target, for the same inputs each time
  compare [NAME...]    against independent programs, on real files

others:
  layer                the folder that becomes the Lambda layer with the models
  aws [--build | --arm64 | --binaries DIR] [--many N] [--pixels text] [--files DIR] [--only WORD]
                       the deployment on an emulator of AWS; the whole pipeline with the functions, also
                       those for arm64, by QEMU
  aws --events         the recorded events, by `cargo lambda invoke`
  tables [--check]     the engine's tables from the copies of the standard's in crates/deid/data
  bench [--text | --aws] [ARGS...]
                       files a second against other tools, on this machine; what the search for text
                       costs; what the functions take on Lambda
  recall [--seed N] [--small] [--groups 'A|B'] [--peers] [--list N] [--write FILE]
                       burned-in text that is hidden, by group, on pictures hard on purpose
  fuzz [TARGET...] [--seconds N] [--nightly]
                       fuzz targets, each asserting an invariant; 60 s each unless told otherwise";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match Workspace::find().and_then(|workspace| dispatch(&workspace, &arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.with_causes());
            ExitCode::FAILURE
        }
    }
}

fn dispatch(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match command {
        "models" => models::run_command(workspace),
        "demo" => demo::run(workspace),
        "test" => test::run(workspace, rest),
        "layer" => layer::run(workspace),
        "aws" => aws::run(workspace, rest),
        "bench" => bench::run(workspace, rest),
        "tables" => {
            println!("{}", tables::run(rest)?);
            Ok(())
        }
        "fuzz" => fuzz::run(workspace, rest),
        "compare" => compare::run(workspace, rest),
        "recall" => recall::run(workspace, rest),
        "help" | "-h" | "--help" => {
            println!("{USAGE}");
            Ok(())
        }
        name => match test::step(name) {
            Some(step) => step.run_alone(workspace),
            None => Err(TaskError::Usage(USAGE)),
        },
    }
}
