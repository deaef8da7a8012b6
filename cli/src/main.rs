//! `obscura`: the command line of the de-identification pipeline, for one machine.
//!
//! The way of a command: [`args`] parses, `commands` decides, `sources` finds inputs, `run` drives
//! them through the `engine`, `output` writes, `report` shows, `review` lets
//! a person decide. Errors are printed in one place,
//! here, and never carry an element value.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the command line"
)]

mod args;
mod commands;
mod engine;
mod exit;
mod keyfile;
mod models;
mod output;
mod pairing;
mod progress;
mod report;
mod review;
mod run;
mod sources;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use args::{Cli, Command};
use exit::Ending;

/// An object is thousands of small values that come and go: the allocator of the system takes longer for
/// them, about 4 percent of the time of a file whose pixels are not searched (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    quiet_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Exit code 2 says that inputs were quarantined, so wrong usage has that of failures.
            let ending = if error.use_stderr() {
                Ending::Failed
            } else {
                Ending::Clean
            };
            let _ = error.print();
            return ending.into();
        }
    };
    start_logging(cli.verbose);
    let result = match cli.command {
        Command::Deid(args) => commands::deid::deid(&args),
        Command::Redact(args) => commands::redact::redact(&args),
        Command::Inspect(args) => commands::inspect::inspect(&args),
        Command::Verify(args) => commands::verify::verify(&args),
        Command::Policy(command) => commands::policy::policy(command),
        Command::Key(command) => commands::key::key(command),
        Command::Audit(command) => commands::audit::audit(command),
        #[cfg(feature = "aws")]
        Command::Aws(args) => commands::aws::aws(args),
    };
    match result {
        Ok(ending) => ending.into(),
        Err(error) => {
            eprint!("{}", exit::render(&*error));
            Ending::Failed.into()
        }
    }
}

/// Logs to stderr: warnings, more with `-v`. Inputs are named at debug only, values never.
fn start_logging(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "obscura=info,warn",
        _ => "obscura=debug,info",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .without_time()
        .init();
}

/// A panic's message could hold a value: only its place in the code is told.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|at| format!("{}:{}", at.file(), at.line()));
        tracing::error!(
            place = place.as_deref().unwrap_or("unknown"),
            "defect of this program"
        );
    }));
}

/// Prints a line for a person on stderr; a closed stderr ends nothing.
fn stderr_line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints text on stdout. A reader that went away (`| head`) is no failure.
fn stdout(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
