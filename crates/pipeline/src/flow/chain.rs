//! Appending to a job's audit chain, against others who append at the same time.
//!
//! The chain is the objects themselves: an entry is written by a conditional put of the next
//! number. Whoever loses reads the entry that won and tries the next. The head that a row notes is
//! only a hint where to begin.
//!
//! An event is looked for behind the place where it could first have been told. A file's own claim is
//! always such a place, but in a large job hundreds of entries of others stand behind it. Who finds by
//! a conditional put that nobody was here before has a nearer one: the head noted before that put.

use obscura_audit::{AuditKey, Chain, Entry, Event, Head};
use obscura_core::ContentHash;
use obscura_storage::{JobRef, ObjectKey, Put};

use super::Ports;
use super::error::FlowError;
use super::state::Behind;

/// An entry is small; more is not read.
const ENTRY_BYTES: u64 = 64 << 10;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is in the chain, here.
    Yes(Head),
    /// The chain ended before.
    Sealed,
}

impl Told {
    /// Where what happens after this event is to be looked for.
    pub(crate) fn or(self, from: Behind) -> Behind {
        match self {
            Self::Yes(head) => Behind(Some(head)),
            Self::Sealed => from,
        }
    }
}

/// Whether the entry is to end the chain.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End<'a> {
    /// The chain goes on.
    No,
    /// It ends, sealed with this key if there is one.
    Seal(Option<&'a AuditKey>),
}

/// Where events of something that begins now are to be looked for.
pub(crate) fn from_here(ports: &Ports, job: &JobRef) -> Result<Behind, FlowError> {
    Ok(Behind(ports.rows.head(job)?))
}

/// Tells an event once: behind `from`, unless the same was told of the same file there.
pub(crate) fn tell(
    ports: &Ports,
    job: &JobRef,
    from: Behind,
    event: &Event,
    end: End<'_>,
) -> Result<Told, FlowError> {
    let chain = Chain::new(job.group.clone(), job.job);
    let mut head = from.0;
    loop {
        let now = ports.clock.now();
        let entry = match end {
            End::No => chain.next(head, now, event.clone())?,
            End::Seal(key) => chain.seal(head, now, event.clone(), key)?,
        };
        let bytes = entry.bytes()?;
        let key = ObjectKey::Audit(job.group.clone(), job.job, entry.sequence);
        if ports.objects.put(&key, &bytes)? == Put::Written {
            let head = Head {
                sequence: entry.sequence,
                hash: ContentHash::of(&bytes),
            };
            // The end is not noted: whoever comes later has to meet it, not to go on behind it.
            if entry.seal.is_none() {
                // A hint: without it the next one only looks longer.
                let _ = ports.rows.note_head(job, head);
            }
            return Ok(Told::Yes(head));
        }
        let bytes = ports.objects.get(&key, ENTRY_BYTES)?;
        let there = Entry::parse(&bytes)?;
        let place = Head {
            sequence: there.sequence,
            hash: ContentHash::of(&bytes),
        };
        if there.tells(event) {
            return Ok(Told::Yes(place));
        }
        if there.seal.is_some() {
            return Ok(Told::Sealed);
        }
        head = Some(place);
    }
}
