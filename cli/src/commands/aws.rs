//! `obscura aws`: groups, shredding and erasure of a deployment.
//!
//! A build without the feature `aws` has none of it: the command for one machine reaches no network.

use std::io::Read as _;
use std::sync::Arc;

use miette::Diagnostic;
use obscura_audit::Actor;
use obscura_aws::{Aws, PathStyle, Settings, SystemClock, SystemRandom, discover};
use obscura_core::{Group, IdError, Phi};
use obscura_pipeline::flow::{EraseError, Eraser, Ports, Target};
use obscura_storage::{Clock as _, GroupAdmin as _, SecretError, StoreError};
use thiserror::Error;
use tokio::runtime::{Builder, Runtime};

use super::CommandResult;
use crate::args::{AwsArgs, AwsCommand, EraseArgs, GroupCommand};
use crate::exit::Ending;

/// Why the deployment was not changed, or not as asked.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum AwsError {
    /// An id that is none.
    #[error("that is no id of a group or a job")]
    Id(#[from] IdError),
    /// A name that means something else.
    #[error(
        "the group {FOREIGN} is where objects of nobody are told and set aside: take another name"
    )]
    Reserved,
    /// The confirmation names another group.
    #[error("--confirm names another group: nothing was shredded")]
    Unconfirmed,
    /// A key of the group.
    #[error("the group's key could not be worked with")]
    #[diagnostic(help(
        "--stack is the parameter Name of the deployment, and `obscura aws group list` lists its groups; \
         credentials and region are found as every tool of AWS finds them (AWS_PROFILE, AWS_REGION)"
    ))]
    Group(#[source] SecretError),
    /// The names of the deployment.
    #[error("the deployment was not found")]
    #[diagnostic(help(
        "--stack names it: its keys have the aliases <stack>-intake and so on; credentials and region are \
         found as every tool of AWS finds them (AWS_PROFILE, AWS_REGION)"
    ))]
    Discover(#[source] StoreError),
    /// The erasure.
    #[error("the erasure did not come to its end")]
    Erase(#[source] EraseError),
    /// Stdin.
    #[error("no Patient ID came from stdin")]
    NoPatientId,
    /// The runtime.
    #[error("the runtime could not be started")]
    Runtime(#[source] std::io::Error),
}

/// The group under which what has no key of Obscura's is told and set aside.
const FOREIGN: &str = "foreign";

/// Administers a deployment.
pub(crate) fn aws(args: AwsArgs) -> CommandResult {
    let runtime = Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(AwsError::Runtime)?;
    let style = if args.path_style {
        PathStyle::Yes
    } else {
        PathStyle::No
    };
    let tables = || {
        let settings = Settings::tables_of(&args.stack, style);
        runtime.block_on(Aws::connect(settings))
    };
    match args.command {
        AwsCommand::Group(GroupCommand::Add { group }) => {
            let group: Group = group.parse().map_err(AwsError::Id)?;
            if group.as_str() == FOREIGN {
                return Err(AwsError::Reserved.into());
            }
            let added = tables().add(&group, SystemClock.now());
            let added = added.map_err(AwsError::Group)?;
            crate::stdout(&format!(
                "{}\t{}\t{}\n",
                added.group, added.created, added.key
            ));
        }
        AwsCommand::Group(GroupCommand::List) => {
            for group in tables().list().map_err(AwsError::Group)? {
                crate::stdout(&format!(
                    "{}\t{}\t{}\n",
                    group.group, group.created, group.key
                ));
            }
        }
        AwsCommand::Shred {
            group,
            days,
            confirm,
        } => {
            if group != confirm {
                return Err(AwsError::Unconfirmed.into());
            }
            let group: Group = group.parse().map_err(AwsError::Id)?;
            let days = tables().shred(&group, days).map_err(AwsError::Group)?;
            crate::stdout(&format!(
                "The key of {group} is gone in {days} days. Until then nothing of the group is \
                 de-identified, and an administrator can cancel the deletion in KMS.\n"
            ));
        }
        AwsCommand::Erase(erase) => {
            crate::stdout(&erased(&runtime, &args.stack, style, &erase)?);
        }
    }
    Ok(Ending::Clean)
}

fn erased(
    runtime: &Runtime,
    stack: &str,
    style: PathStyle,
    args: &EraseArgs,
) -> Result<String, AwsError> {
    let group: Group = args.group.parse()?;
    let target = match (&args.job, &args.pseudonym) {
        (Some(job), _) => Target::Job(job.parse()?),
        (None, Some(pseudonym)) => Target::Pseudonym(pseudonym.clone()),
        (None, None) => Target::PatientId(patient_id()?),
    };
    let settings = runtime.block_on(discover(stack, style));
    let settings = settings.map_err(AwsError::Discover)?;
    let aws = Arc::new(runtime.block_on(Aws::connect(settings)));
    let ports = Ports::of(aws.clone(), SystemClock, SystemRandom);
    let eraser = Eraser::new(ports, aws);
    let receipt = eraser.erase(&group, &target, &Actor::command("erase"));
    let receipt = receipt.map_err(AwsError::Erase)?;
    let text = serde_json::to_string_pretty(&receipt).unwrap_or_default();
    Ok(format!("{text}\n"))
}

/// The first line of stdin, without its end.
fn patient_id() -> Result<Phi<String>, AwsError> {
    let mut text = Phi::new(String::new());
    let mut read = String::with_capacity(256);
    let bytes = std::io::stdin().lock().take(200).read_to_string(&mut read);
    if let Some(line) = read.lines().next().filter(|line| !line.is_empty()) {
        text = Phi::new(line.to_owned());
    }
    zeroize::Zeroize::zeroize(&mut read);
    if bytes.is_err() || text.expose().is_empty() {
        return Err(AwsError::NoPatientId);
    }
    Ok(text)
}
