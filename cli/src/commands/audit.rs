//! `obscura audit verify`: whether the chains of a copy of the audit bucket are whole.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use obscura_audit::{AuditKey, Stored, Verified, verify};
use obscura_core::{Group, JobId, Pseudonyms};
use serde_json::json;
use thiserror::Error;

use super::CommandResult;
use crate::args::{AuditCommand, AuditVerifyArgs};
use crate::exit::{Ending, shown};
use crate::keyfile;

/// Why a copy of the audit bucket cannot be looked at.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum AuditError {
    /// A directory or a file cannot be read.
    #[error("{path} cannot be read")]
    Read {
        path: String,
        #[source]
        source: io::Error,
    },
    /// There is no entry in it.
    #[error("{path} holds no entries of an audit trail")]
    #[diagnostic(help("entries are files <group>/<job>/<8 digits>.json, as in the audit bucket"))]
    Empty { path: String },
    /// An entry is larger than any entry is.
    #[error("{path} is larger than an entry of an audit trail can be")]
    Large { path: String },
}

/// Bytes of an entry at most.
const ENTRY_BYTES: u64 = 1 << 20;

/// The chains that were found, by group and job.
type Chains = BTreeMap<(Group, JobId), Vec<Stored>>;

/// Verifies every chain below a directory.
pub(crate) fn audit(command: AuditCommand) -> CommandResult {
    let AuditCommand::Verify(args) = command;
    let key = match &args.key {
        Some(path) => Some(AuditKey::of(&Pseudonyms::new(&keyfile::read(path)?))),
        None => None,
    };
    let mut chains = Chains::new();
    collect(&args.directory, &mut chains)?;
    if chains.is_empty() {
        let path = shown(&args.directory);
        return Err(AuditError::Empty { path }.into());
    }
    let verified: Vec<(Group, JobId, Verified)> = chains
        .into_iter()
        .map(|((group, job), stored)| {
            let found = verify(&stored, &group, job, key.as_ref());
            (group, job, found)
        })
        .collect();
    crate::stdout(&told(&args, &verified));
    Ok(if verified.iter().all(|(_, _, found)| found.is_whole()) {
        Ending::Clean
    } else {
        Ending::Wanting
    })
}

fn collect(directory: &Path, chains: &mut Chains) -> Result<(), AuditError> {
    let failed = |source| AuditError::Read {
        path: shown(directory),
        source,
    };
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            collect(&entry.path(), chains)?;
        } else if let Some((group, job, sequence)) = place(&entry.path()) {
            let bytes = read(&entry.path())?;
            let chain = chains.entry((group, job)).or_default();
            chain.push(Stored { sequence, bytes });
        }
    }
    Ok(())
}

/// Group, job and number of an entry, by the last three parts of its path.
fn place(path: &Path) -> Option<(Group, JobId, u32)> {
    let mut parts = path.iter().rev().map(|part| part.to_str());
    let (name, job, group) = (parts.next()??, parts.next()??, parts.next()??);
    let number = name.strip_suffix(".json")?;
    let digits = number.len() == 8 && number.bytes().all(|c| c.is_ascii_digit());
    let sequence = number.parse().ok().filter(|_| digits)?;
    Some((group.parse().ok()?, job.parse().ok()?, sequence))
}

fn read(path: &PathBuf) -> Result<Vec<u8>, AuditError> {
    let failed = |source| AuditError::Read {
        path: shown(path),
        source,
    };
    if fs::metadata(path).map_err(failed)?.len() > ENTRY_BYTES {
        return Err(AuditError::Large { path: shown(path) });
    }
    fs::read(path).map_err(failed)
}

fn told(args: &AuditVerifyArgs, verified: &[(Group, JobId, Verified)]) -> String {
    if args.json {
        let chains = verified.iter().map(|(group, job, found)| {
            json!({"group": group, "job": job, "whole": found.is_whole(), "found": found})
        });
        return format!("{}\n", json!({"chains": chains.collect::<Vec<_>>()}));
    }
    let mut text = String::new();
    for (group, job, found) in verified.iter().filter(|(_, _, found)| !found.is_whole()) {
        // Writing to a string cannot fail.
        for fault in &found.faults {
            let _ = writeln!(
                text,
                "{group}/{job}: entry {} {}",
                fault.sequence, fault.kind
            );
        }
        if !found.sealed {
            let _ = writeln!(
                text,
                "{group}/{job}: not sealed: the job is open, or the end was cut"
            );
        }
    }
    let whole = verified
        .iter()
        .filter(|(_, _, found)| found.is_whole())
        .count();
    let entries: usize = verified.iter().map(|(_, _, found)| found.entries).sum();
    let proof = if args.key.is_some() {
        let proven = verified
            .iter()
            .filter(|(_, _, found)| found.authentic)
            .count();
        format!("{proven} seals proven with the key")
    } else {
        "seals not proven: no key was given".to_owned()
    };
    let _ = writeln!(
        text,
        "{whole} of {} chains are whole ({entries} entries; {proof})",
        verified.len()
    );
    text
}
