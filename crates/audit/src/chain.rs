//! [`Entry`] and [`Chain`]: events in their order, each holding the hash of the one before.

use hmac::{Hmac, Mac};
use obscura_core::{ContentHash, Group, JobId, Pseudonyms, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use thiserror::Error;

use crate::canonical::{CanonicalError, canonical};
use crate::event::{Action, Event, Verdict};

/// The form of an entry. A change of the form is another number.
pub(crate) const SCHEMA: u32 = 1;

/// One entry of a job's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The form.
    pub schema: u32,
    /// The tenant.
    pub group: Group,
    /// The job.
    pub job: JobId,
    /// Where in the chain, from 1.
    pub sequence: u32,
    /// When it was written.
    pub at: Timestamp,
    /// The SHA-256 of the bytes of the entry before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<ContentHash>,
    /// What happened.
    pub event: Event,
    /// On the last entry only: how the chain ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Entries of the chain, this one included.
    pub entries: u32,
    /// HMAC-SHA256 under the group's audit key over this entry without it. None where the group
    /// has no key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<ContentHash>,
}

/// The key that seals a group's chains.
#[derive(Clone)]
pub struct AuditKey(Hmac<Sha256>);

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuditKey(****)")
    }
}

impl AuditKey {
    /// The audit key of a group, derived from its secret.
    pub fn of(pseudonyms: &Pseudonyms) -> Self {
        let key = pseudonyms.object(&ContentHash::of(b""), "obscura audit seal v1");
        // HMAC fills a key of 32 bytes up with zeros to its block of 64, as this array does.
        let mut block = [0_u8; 64];
        block[..32].copy_from_slice(key.as_bytes());
        Self(<Hmac<Sha256> as hmac::digest::KeyInit>::new(
            (&block).into(),
        ))
    }

    /// What the seal of an entry must hold: the MAC of its bytes without one. They hold the hash of
    /// the entry before, and so the whole chain.
    pub(crate) fn mac(&self, entry: &Entry) -> Result<ContentHash, ChainError> {
        let mut open = entry.clone();
        if let Some(seal) = &mut open.seal {
            seal.mac = None;
        }
        let mut mac = self.0.clone();
        mac.update(&open.bytes()?);
        Ok(ContentHash::from_bytes(mac.finalize().into_bytes().into()))
    }
}

/// The last entry that is known of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its place, from 1.
    pub sequence: u32,
    /// The SHA-256 of its bytes.
    pub hash: ContentHash,
}

/// Why bytes are no entry, or an entry cannot be made.
#[derive(Debug, Error)]
pub enum ChainError {
    /// They are not JSON of an entry.
    #[error("these bytes are no audit entry")]
    Parse(#[source] serde_json::Error),
    /// They are an entry, but not in its one form.
    #[error("an audit entry that is not in its canonical form")]
    NotCanonical,
    /// Its form is not known.
    #[error("an audit entry of form {0}, which is not known")]
    Schema(u32),
    /// It has no canonical form.
    #[error("the audit entry cannot be written")]
    Canonical(#[source] CanonicalError),
    /// A chain has no more than 99,999,999 entries.
    #[error("the chain is full")]
    Full,
}

impl Entry {
    /// The entry that these bytes are.
    ///
    /// # Errors
    /// [`ChainError`] if they are none, or not in the one form that an entry has.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChainError> {
        let entry: Self = serde_json::from_slice(bytes).map_err(ChainError::Parse)?;
        if entry.schema != SCHEMA {
            return Err(ChainError::Schema(entry.schema));
        }
        if entry.bytes()? == bytes {
            Ok(entry)
        } else {
            Err(ChainError::NotCanonical)
        }
    }

    /// Its bytes: canonical JSON.
    ///
    /// # Errors
    /// If it has none, which no event of this crate causes.
    pub fn bytes(&self) -> Result<Vec<u8>, ChainError> {
        canonical(self).map_err(ChainError::Canonical)
    }

    /// Whether this entry says the same of the same file as an event: the event was written before
    /// and must not be written again.
    pub fn tells(&self, event: &Event) -> bool {
        self.event.action == event.action && self.event.file == event.file
    }
}

/// The chain of one job: makes the entries that follow.
#[derive(Debug, Clone)]
pub struct Chain {
    group: Group,
    job: JobId,
}

impl Chain {
    /// The chain of a job.
    pub const fn new(group: Group, job: JobId) -> Self {
        Self { group, job }
    }

    /// The tenant.
    pub const fn group(&self) -> &Group {
        &self.group
    }

    /// The job.
    pub const fn job(&self) -> JobId {
        self.job
    }

    /// The entry of an event behind a head, or at the beginning.
    ///
    /// # Errors
    /// [`ChainError::Full`] at the end of the numbers.
    pub fn next(
        &self,
        head: Option<Head>,
        at: Timestamp,
        event: Event,
    ) -> Result<Entry, ChainError> {
        let sequence = head.map_or(0, |head| head.sequence) + 1;
        if sequence > 99_999_999 {
            return Err(ChainError::Full);
        }
        Ok(Entry {
            schema: SCHEMA,
            group: self.group.clone(),
            job: self.job,
            sequence,
            at,
            previous: head.map(|head| head.hash),
            event,
            seal: None,
        })
    }

    /// The entry that ends the chain behind a head.
    ///
    /// # Errors
    /// [`ChainError::Full`] at the end of the numbers.
    pub fn seal(
        &self,
        head: Option<Head>,
        at: Timestamp,
        event: Event,
        key: Option<&AuditKey>,
    ) -> Result<Entry, ChainError> {
        let sealed = Event {
            action: Action::Sealed,
            verdict: Verdict::Done,
            ..event
        };
        let mut entry = self.next(head, at, sealed)?;
        let entries = entry.sequence;
        entry.seal = Some(Seal { entries, mac: None });
        let mac = key.map(|key| key.mac(&entry)).transpose()?;
        entry.seal = Some(Seal { entries, mac });
        Ok(entry)
    }
}
