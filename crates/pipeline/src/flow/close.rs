//! Closing a job: when the last of its files is done with, the audit chain is sealed.

use obscura_audit::{Action, Actor, AuditKey, Counts, Event, Verdict};
use obscura_core::Pseudonyms;
use obscura_storage::{JobRef, RowKey, SecretError};

use super::Ports;
use super::chain::{End, from_here, tell};
use super::error::FlowError;
use super::state::{Change, FileDoc, JobDoc, change, parse, read, state_once};

/// An event of a whole job or of a file; what it is about is filled in by the caller.
pub(crate) fn event(actor: &Actor, action: Action) -> Event {
    Event {
        actor: actor.clone(),
        action,
        file: None,
        input: None,
        output: None,
        rules: None,
        verdict: Verdict::Done,
        duration_ms: 0,
        counts: Counts::new(),
    }
}

/// Closes a job if nothing of it is open. Whoever is the last to do something for a file calls
/// this; several may, and one seal comes of it.
pub(crate) fn close(ports: &Ports, job: &JobRef, actor: &Actor) -> Result<(), FlowError> {
    let own = RowKey::Job(job.clone());
    let Some(doc) = read::<JobDoc>(&*ports.rows, &own)? else {
        return Ok(());
    };
    if doc.closed.is_some() {
        return Ok(());
    }
    let mut counts = Counts::new();
    for row in ports.rows.rows(job)? {
        if matches!(row.key, RowKey::Job(_)) {
            continue;
        }
        let file: FileDoc = parse(&row)?;
        if !file.is_settled() {
            return Ok(());
        }
        *counts.entry(row.state).or_default() += 1;
    }
    let here = from_here(ports, job)?;
    let claimed = change::<JobDoc>(&*ports.rows, &own, |doc| {
        state_once(&mut doc.seal_from, here)
    })?;
    let Some(from) = claimed.and_then(|doc| doc.seal_from) else {
        return Ok(());
    };
    let key = audit_key(ports, job)?;
    let sealed = Event {
        counts,
        ..event(actor, Action::Sealed)
    };
    tell(ports, job, from, &sealed, End::Seal(key.as_ref()))?;
    let now = ports.clock.now();
    change::<JobDoc>(&*ports.rows, &own, |doc| state_once(&mut doc.closed, now))?;
    Ok(())
}

/// The key that seals a group's chains; none where the group has no secret or lost it.
pub(crate) fn audit_key(ports: &Ports, job: &JobRef) -> Result<Option<AuditKey>, FlowError> {
    match ports.secrets.secret(&job.group) {
        Ok(secret) => Ok(Some(AuditKey::of(&Pseudonyms::new(&secret)))),
        Err(SecretError::NoGroup | SecretError::Destroyed) => Ok(None),
        Err(error) => Err(FlowError::Secret(error)),
    }
}

/// Notes that the original of a file is gone.
pub(crate) fn note_erased(ports: &Ports, key: &RowKey) -> Result<Option<FileDoc>, FlowError> {
    change::<FileDoc>(&*ports.rows, key, |doc| {
        if doc.erased {
            return Change::None;
        }
        doc.erased = true;
        Change::Made
    })
}
