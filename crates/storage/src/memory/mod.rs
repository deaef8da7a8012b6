//! The ports in memory: for tests, and for everything that needs no cloud.
//!
//! [`Memory`] implements all of them over one state, so that one fault plan ([`Faults`]) reaches
//! every step of a use case: each call can fail before or after it took effect, once or for good,
//! as a network or a killed process would have it.

mod faults;
mod objects;
mod rows;
mod secrets;
mod uploads;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use obscura_core::{ContentHash, Group, Phi, PseudonymKey, Timestamp};

pub use faults::{Fault, Faults};

use crate::error::StoreError;
use crate::key::Bucket;
use crate::object::Encryption;
use crate::ports::{Clock, Random};
use crate::row::{Row, RowKey};
use crate::uploads::Part;

/// All ports in memory. A clone is another handle to the same state.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
    /// What fails.
    pub faults: Faults,
}

#[derive(Debug, Default)]
struct State {
    now: u64,
    counter: u64,
    objects: BTreeMap<(Bucket, String), Vec<Kept>>,
    uploads: BTreeMap<String, Begun>,
    rows: BTreeMap<RowKey, Row>,
    heads: BTreeMap<RowKey, obscura_audit::Head>,
    rows_read: u64,
    secrets: BTreeMap<Group, (PseudonymKey, Shredded, Timestamp)>,
}

/// The bytes of an object; they may be an original.
type Body = Arc<Phi<Vec<u8>>>;

/// One version; without a body it is a delete marker.
#[derive(Debug, Clone)]
struct Kept {
    id: String,
    body: Option<Body>,
    sha256: ContentHash,
    encryption: Encryption,
    modified: Timestamp,
}

#[derive(Debug, Clone)]
struct Begun {
    bucket: Bucket,
    key: String,
    since: Timestamp,
    parts: BTreeMap<u32, (Part, Body)>,
}

/// Whether a group's key may still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shredded {
    No,
    Yes,
}

impl Memory {
    /// An empty store at this moment.
    pub fn new(now: Timestamp) -> Self {
        let memory = Self::default();
        memory.lock().now = now.millis();
        memory
    }

    /// Lets time pass.
    pub fn wait(&self, duration: Duration) {
        let mut state = self.lock();
        let now = Timestamp::from_millis(state.now).plus(duration);
        state.now = now.millis();
    }

    /// Sets the clock back, as another machine's may be.
    pub fn set_back(&self, duration: Duration) {
        let mut state = self.lock();
        let now = Timestamp::from_millis(state.now).minus(duration);
        state.now = now.millis();
    }

    /// Everything that is kept, whoever asks: keys, bodies of every version, and rows. Tests search
    /// it for what must not be there.
    pub fn everything(&self, bucket: Bucket) -> Vec<(String, Vec<u8>)> {
        let state = self.lock();
        let versions = state.objects.iter().filter(|((b, _), _)| *b == bucket);
        versions
            .flat_map(|((_, key), kept)| kept.iter().map(move |one| (key, one)))
            .filter_map(|(key, one)| Some((key.clone(), one.body.as_ref()?.expose().clone())))
            .collect()
    }

    /// Every row.
    pub fn all_rows(&self) -> Vec<Row> {
        self.lock().rows.values().cloned().collect()
    }

    /// How many rows were handed out so far by calls that read several: a table is paid by them.
    pub fn rows_read(&self) -> u64 {
        self.lock().rows_read
    }

    /// Puts an object under any key, as somebody else would.
    pub fn intrude(&self, bucket: Bucket, key: &str, body: &[u8], encryption: Encryption) {
        let mut state = self.lock();
        let kept = state.kept(Some(body), encryption);
        state
            .objects
            .entry((bucket, key.to_owned()))
            .or_default()
            .push(kept);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn kept(&mut self, body: Option<&[u8]>, encryption: Encryption) -> Kept {
        Kept {
            id: format!("v{}", self.next()),
            sha256: ContentHash::of(body.unwrap_or_default()),
            body: body.map(|body| Arc::new(Phi::new(body.to_vec()))),
            encryption,
            modified: Timestamp::from_millis(self.now),
        }
    }
}

impl Clock for Memory {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.lock().now)
    }
}

impl Random for Memory {
    /// Not random: the same run gives the same ids.
    fn bytes(&self) -> Result<[u8; 16], StoreError> {
        let number = self.lock().next();
        let hash = ContentHash::of(&number.to_be_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        Ok(bytes)
    }
}
