//! Closing a job: when the last of its files is done with, the audit chain is sealed.

use obscura_audit::{Action, Actor, AuditKey, Counts, Event, Verdict};
use obscura_core::{FileId, Pseudonyms};
use obscura_storage::{JobRef, Row, RowKey, SecretError};

use super::Ports;
use super::chain::{End, from_here, tell};
use super::error::FlowError;
use super::state::{Change, FileDoc, JobDoc, change, parse, row, state_once};

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

/// Rows of files that are read at once, to see whether one is open.
const PAGE: u32 = 16;
/// Rows that are read at once where all of them are.
const WHOLE: u32 = 500;

/// Closes a job if nothing of it is open. Whoever is the last to do something for a file calls
/// this; several may, and one seal comes of it.
pub(crate) fn close(ports: &Ports, job: &JobRef, actor: &Actor) -> Result<(), FlowError> {
    let own = RowKey::Job(job.clone());
    let Some(there) = ports.rows.read(&own)? else {
        return Ok(());
    };
    let doc: JobDoc = parse(&there)?;
    if doc.closed.is_some() {
        return Ok(());
    }
    let noted = doc.settled_to;
    let counts = match look(ports, job, noted, PAGE)? {
        Files::Open(to) => return note_settled(ports, &there, doc, to),
        Files::Settled(counts) if noted.is_none() => counts,
        // Those up to the noted one are still to be counted.
        Files::Settled(_) => match look(ports, job, None, WHOLE)? {
            Files::Settled(counts) => counts,
            Files::Open(_) => return Ok(()),
        },
    };
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

/// What the files of a job behind one of them are.
enum Files {
    /// One is open. Up to this file all are settled, as far as whole pages were seen.
    Open(Option<FileId>),
    /// All are settled: how many are in which state.
    Settled(Counts),
}

fn look(
    ports: &Ports,
    job: &JobRef,
    mut behind: Option<FileId>,
    at_once: u32,
) -> Result<Files, FlowError> {
    let mut counts = Counts::new();
    loop {
        let page = ports.rows.files(job, behind, at_once)?;
        for file in &page {
            if !parse::<FileDoc>(file)?.is_settled() {
                return Ok(Files::Open(behind));
            }
            *counts.entry(file.state.clone()).or_default() += 1;
        }
        match page.last().map(|row| &row.key) {
            Some(RowKey::File(_, last)) if page.len() == at_once as usize => behind = Some(*last),
            _ => return Ok(Files::Settled(counts)),
        }
    }
}

/// Notes in a job's row up to which file all are settled, which they stay: the next one who looks begins
/// there. Otherwise each of many files would read all of them.
fn note_settled(
    ports: &Ports,
    own: &Row,
    mut doc: JobDoc,
    to: Option<FileId>,
) -> Result<(), FlowError> {
    if to == doc.settled_to {
        return Ok(());
    }
    doc.settled_to = to;
    let mut new = row(own.key.clone(), &doc, own.expires)?;
    new.revision = own.revision;
    // A hint: without it the next one only looks longer.
    let _ = ports.rows.replace(&new);
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
