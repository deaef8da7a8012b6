//! [`Step`] and [`run_all`]: named steps, each timed, with a summary that hides nothing.

use std::time::{Duration, Instant};

use crate::error::TaskError;
use crate::workspace::Workspace;

/// How a step ended without an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It ran and found nothing wrong.
    Passed,
    /// It could not run here; the text says why and what would make it run.
    Skipped(String),
}

/// When a step takes part in `cargo xtask test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Always.
    Quick,
    /// Not in `--quick`: it fetches, compares or takes minutes.
    Full,
}

/// One step of the tests.
pub(crate) struct Step {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// What it proves, for the summary.
    pub(crate) proves: &'static str,
    /// When it runs.
    pub(crate) pace: Pace,
    /// The step itself.
    pub(crate) run: fn(&Workspace) -> Result<Outcome, TaskError>,
}

impl Step {
    /// Runs this step only.
    pub(crate) fn run_alone(&self, workspace: &Workspace) -> Result<(), TaskError> {
        let outcome = (self.run)(workspace)?;
        if let Outcome::Skipped(why) = &outcome {
            println!("{} SKIPPED: {why}", self.name);
        } else {
            println!("{}: {}", self.name, self.proves);
        }
        Ok(())
    }
}

/// Runs the steps in order, all of them even if one fails, and prints a summary with times.
pub(crate) fn run_all(workspace: &Workspace, steps: &[&Step]) -> Result<(), TaskError> {
    let mut rows = Vec::new();
    let begun = Instant::now();
    for step in steps {
        println!("\n== {}", step.name);
        let begun = Instant::now();
        let result = (step.run)(workspace);
        match &result {
            Ok(Outcome::Passed) => {}
            Ok(Outcome::Skipped(why)) => println!("SKIPPED: {why}"),
            Err(error) => println!("FAILED: {}", error.with_causes()),
        }
        rows.push((*step, result, begun.elapsed()));
    }
    println!("\n== summary");
    let mut failed = Vec::new();
    for (step, result, time) in &rows {
        println!("{}", row(step, result, *time));
        if result.is_err() {
            failed.push(step.name.to_owned());
        }
    }
    println!("  {:>7.1} s  in all", begun.elapsed().as_secs_f64());
    if failed.is_empty() {
        println!("all passed");
    }
    TaskError::unless_empty(failed)
}

fn row(step: &Step, result: &Result<Outcome, TaskError>, time: Duration) -> String {
    let (word, text) = match result {
        Ok(Outcome::Passed) => ("passed", step.proves.to_owned()),
        Ok(Outcome::Skipped(why)) => ("SKIPPED", why.clone()),
        Err(_) => ("FAILED", step.proves.to_owned()),
    };
    format!(
        "  {:>7.1} s  {:<14} {word:<8} {text}",
        time.as_secs_f64(),
        step.name
    )
}
