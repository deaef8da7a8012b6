//! `obscura aws`: groups, shredding and erasure of a deployment.
//!
//! An erasure is the erase function's work: whoever runs the command may neither read what is erased nor
//! sign the receipt.
//!
//! A build without the feature `aws` has none of it: the command for one machine reaches no network.

use std::io::Read as _;

use miette::Diagnostic;
use obscura_aws::{Aws, PathStyle, Settings, SystemClock, ask};
use obscura_core::{Group, IdError, Phi};
use obscura_pipeline::flow::{Asked, EraseCommand};
use obscura_storage::{Clock as _, GroupAdmin as _, SecretError, StoreError};
use serde::Deserialize;
use serde_json::Value;
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
    /// The erase function could not be asked.
    #[error("the erase function of the deployment could not be asked")]
    #[diagnostic(help(
        "--stack is the parameter Name of the deployment; whoever erases needs lambda:InvokeFunction on \
         <stack>-erase; credentials and region are found as every tool of AWS finds them (AWS_PROFILE, AWS_REGION)"
    ))]
    Function(#[source] StoreError),
    /// The erasure.
    #[error("the erasure did not come to its end: {0}")]
    Refused(String),
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
            crate::stdout(&erased(&runtime, &args.stack, &erase)?);
        }
    }
    Ok(Ending::Clean)
}

fn erased(runtime: &Runtime, stack: &str, args: &EraseArgs) -> Result<String, AwsError> {
    let group: Group = args.group.parse()?;
    let erase = match (&args.job, &args.pseudonym) {
        (Some(job), _) => Asked::Job(job.parse()?),
        (None, Some(pseudonym)) => Asked::Pseudonym(pseudonym.clone()),
        (None, None) => Asked::PatientId(patient_id()?.expose().clone()),
    };
    let event = serde_json::to_vec(&EraseCommand { group, erase }).unwrap_or_default();
    let answer = runtime.block_on(ask(stack, "erase", event));
    answered(&answer.map_err(AwsError::Function)?)
}

/// The receipt of an answer of the erase function.
fn answered(answer: &[u8]) -> Result<String, AwsError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        status_code: u16,
        body: String,
    }
    let strange = || AwsError::Refused("its answer cannot be read".to_owned());
    let answer: Answer = serde_json::from_slice(answer).map_err(|_| strange())?;
    let body: Value = serde_json::from_str(&answer.body).map_err(|_| strange())?;
    if answer.status_code == 200 {
        return Ok(format!("{body:#}\n"));
    }
    let message = body["message"].as_str().ok_or_else(strange)?;
    Err(AwsError::Refused(message.to_owned()))
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panic")]
mod tests {
    use super::*;

    #[test]
    fn what_the_function_answers_is_a_receipt_or_an_error() {
        let receipt = br#"{"statusCode": 200, "body": "{\"receipt\": {\"remaining\": 0}}"}"#;
        assert!(answered(receipt).unwrap().contains("\"remaining\": 0"));
        let refused = br#"{"statusCode": 409, "body": "{\"message\": \"the group has no key\"}"}"#;
        let error = answered(refused).unwrap_err().to_string();
        assert!(error.ends_with(": the group has no key"), "{error}");
        for strange in [
            &b""[..],
            b"null",
            br#"{"statusCode": 503, "body": "<html>"}"#,
        ] {
            assert!(answered(strange).is_err());
        }
    }
}
