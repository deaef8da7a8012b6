//! [`verify`]: whether a chain is whole, and where it is not.

use std::collections::BTreeMap;
use std::fmt;

use obscura_core::{ContentHash, Group, JobId};
use serde::Serialize;

use crate::chain::{AuditKey, Entry};
use crate::event::Action;

/// An entry as it was kept: the place that its name gives it, and its bytes.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The number in the name of the object, from 1.
    pub sequence: u32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What was found of one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries that were looked at.
    pub entries: usize,
    /// Whether a seal ends it. Without one, an open job cannot be told from a chain that was cut.
    pub sealed: bool,
    /// Whether the seal was proven to be of the group's key.
    pub authentic: bool,
    /// What is wrong, in the order of the chain.
    pub faults: Vec<Fault>,
}

/// One place where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The place in the chain.
    pub sequence: u32,
    /// What is wrong there.
    pub kind: FaultKind,
}

/// What is wrong at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The bytes are not those that were written: the entry behind holds another hash, or they are
    /// no entry any more.
    Changed,
    /// There is no entry.
    Missing,
    /// The entry belongs to another place of the chain, or is there twice.
    Reordered,
    /// The seal counts more entries than there are, or other entries follow it.
    Cut,
    /// The entry is of another job, or the seal is not of the group's key.
    Forged,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Reordered => "reordered",
            Self::Cut => "cut",
            Self::Forged => "forged",
        })
    }
}

impl Verified {
    /// Whether nothing is wrong and the chain has its end.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty() && self.sealed
    }
}

/// Looks at the chain of one job. With the group's key the seal is proven as well: without it,
/// whoever may write all entries anew could make a chain that fits.
pub fn verify(stored: &[Stored], group: &Group, job: JobId, key: Option<&AuditKey>) -> Verified {
    let mut faults = Vec::new();
    let mut entries: BTreeMap<u32, (ContentHash, Option<Entry>)> = BTreeMap::new();
    for one in stored {
        let found = Entry::parse(&one.bytes).ok();
        let hash = ContentHash::of(&one.bytes);
        if entries.insert(one.sequence, (hash, found)).is_some() {
            fault(&mut faults, one.sequence, FaultKind::Reordered);
        }
    }
    let last = entries.keys().next_back().copied().unwrap_or(0);
    let mut sealed = false;
    let mut authentic = false;
    for sequence in 1..=last {
        let Some((_, entry)) = entries.get(&sequence) else {
            fault(&mut faults, sequence, FaultKind::Missing);
            continue;
        };
        let Some(entry) = entry else {
            fault(&mut faults, sequence, FaultKind::Changed);
            continue;
        };
        if entry.group != *group || entry.job != job {
            fault(&mut faults, sequence, FaultKind::Forged);
            continue;
        }
        if entry.sequence != sequence {
            fault(&mut faults, sequence, FaultKind::Reordered);
            continue;
        }
        if let Some(kind) = broken_link(&entries, sequence, entry) {
            fault(&mut faults, sequence - 1, kind);
        }
        if sealed {
            // Nothing may follow the end.
            fault(&mut faults, sequence, FaultKind::Cut);
        }
        if entry.seal.is_some() != (entry.event.action == Action::Sealed) {
            fault(&mut faults, sequence, FaultKind::Forged);
        } else if let Some(found) = &entry.seal {
            if found.entries != sequence {
                fault(&mut faults, sequence, FaultKind::Cut);
            }
            if let Some(key) = key {
                authentic = key.mac(entry).is_ok_and(|mac| found.mac == Some(mac));
                if !authentic {
                    fault(&mut faults, sequence, FaultKind::Forged);
                }
            }
            sealed = true;
        }
    }
    faults.sort_unstable_by_key(|fault| fault.sequence);
    Verified {
        entries: stored.len(),
        sealed,
        authentic,
        faults,
    }
}

/// What is wrong between an entry and the one before it, if that one stands in its place.
fn broken_link(
    entries: &BTreeMap<u32, (ContentHash, Option<Entry>)>,
    sequence: u32,
    entry: &Entry,
) -> Option<FaultKind> {
    if sequence == 1 {
        return entry.previous.map(|_| FaultKind::Missing);
    }
    let (hash, before) = entries.get(&(sequence - 1))?;
    let in_place = before
        .as_ref()
        .is_some_and(|before| before.sequence == sequence - 1);
    (in_place && entry.previous != Some(*hash)).then_some(FaultKind::Changed)
}

fn fault(faults: &mut Vec<Fault>, sequence: u32, kind: FaultKind) {
    let found = Fault { sequence, kind };
    if !faults.contains(&found) {
        faults.push(found);
    }
}
