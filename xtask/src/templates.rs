//! `cargo xtask templates`: everything that is checked about what is deployed to AWS.
//!
//! The checks themselves are Python, beside the tests of the templates (`tests/templates/check.py`),
//! because the tools they run are. Nothing of it needs an account or a network once the tools are there.

use crate::error::TaskError;
use crate::process::run;
use crate::python;
use crate::steps::Outcome;
use crate::workspace::Workspace;

/// Lints, scans, rules and tests of `template.yaml` and `infra/`.
pub(crate) fn check(workspace: &Workspace) -> Result<Outcome, TaskError> {
    let tools = python::templates_environment(workspace)?;
    let checkov = python::checkov_environment(workspace)?;
    let mut command = python::quiet(&tools);
    command
        .current_dir(&workspace.root)
        .arg(workspace.path("tests/templates/check.py"))
        .arg("--work")
        .arg(workspace.work("templates"))
        .arg("--checkov")
        .arg(checkov);
    run(&mut command)?;
    Ok(Outcome::Passed)
}
