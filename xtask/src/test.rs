//! `cargo xtask test`: the list of everything CI runs.

use crate::error::TaskError;
use crate::steps::{Outcome, Pace, Step, run_all};
use crate::workspace::Workspace;
use crate::{
    aws, compare, fuzz, layers, licences, links, models, rust_steps, shape, tables, templates,
    tools, words,
};

const STEPS: &[Step] = &[
    Step {
        name: "setup",
        proves: "what the tests need is there",
        pace: Pace::Full,
        run: tools::set_up,
    },
    Step {
        name: "models",
        proves: "the models are there and are those that were pinned",
        pace: Pace::Quick,
        run: models::step,
    },
    Step {
        name: "fmt",
        proves: "formatted by rustfmt",
        pace: Pace::Quick,
        run: rust_steps::fmt,
    },
    Step {
        name: "words",
        proves: "nothing of one machine is committed",
        pace: Pace::Quick,
        run: words::check,
    },
    Step {
        name: "links",
        proves: "relative links of the documentation lead somewhere",
        pace: Pace::Quick,
        run: links::check,
    },
    Step {
        name: "shape",
        proves: "sources have the form asked for, and are on the map",
        pace: Pace::Quick,
        run: shape::check,
    },
    Step {
        name: "layers",
        proves: "the crates depend on each other only as designed",
        pace: Pace::Quick,
        run: layers::check,
    },
    Step {
        name: "licences",
        proves: "every dependency is under a licence of deny.toml",
        pace: Pace::Quick,
        run: licences::check,
    },
    Step {
        name: "tables --check",
        proves: "the engine's tables are what the standard's give",
        pace: Pace::Quick,
        run: tables_check,
    },
    Step {
        name: "clippy",
        proves: "no warning of clippy (pedantic)",
        pace: Pace::Quick,
        run: rust_steps::clippy,
    },
    Step {
        name: "unit",
        proves: "every Rust test",
        pace: Pace::Quick,
        run: rust_steps::unit,
    },
    Step {
        name: "doctests",
        proves: "the examples in the documentation run",
        pace: Pace::Full,
        run: rust_steps::doctests,
    },
    Step {
        name: "rustdoc",
        proves: "the documentation builds without a warning",
        pace: Pace::Full,
        run: rust_steps::rustdoc,
    },
    Step {
        name: "templates",
        proves: "what is deployed to AWS keeps what it promises",
        pace: Pace::Full,
        run: templates::check,
    },
    Step {
        name: "aws",
        proves: "the deployment and the whole pipeline hold on an emulator of AWS",
        pace: Pace::Full,
        run: aws::step,
    },
    Step {
        name: "fuzz-smoke",
        proves: "the fuzz targets are built and find nothing in some thousand inputs",
        pace: Pace::Full,
        run: fuzz::smoke,
    },
    Step {
        name: "compare",
        proves: "independent programs agree, on real files",
        pace: Pace::Full,
        run: compare::all,
    },
];

/// The step of a name.
pub(crate) fn step(name: &str) -> Option<&'static Step> {
    STEPS.iter().find(|step| step.name == name)
}

fn tables_check(_: &Workspace) -> Result<Outcome, TaskError> {
    println!("{}", tables::run(&["--check".to_owned()])?);
    Ok(Outcome::Passed)
}

/// Runs all steps, or the quick ones.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let pace = match arguments {
        [] => Pace::Full,
        [flag] if flag == "--quick" => Pace::Quick,
        _ => return Err(TaskError::Usage("usage: cargo xtask test [--quick]")),
    };
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| pace == Pace::Full || step.pace == Pace::Quick)
        .collect();
    run_all(workspace, &chosen)
}
