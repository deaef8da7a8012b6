//! [`Summary`]: what a run did, in numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use obscura_core::Reason;
use serde::Serialize;

use crate::exit::Ending;
use crate::output::manifest::former::Entry;
use crate::output::manifest::{Line, Status};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ended {
    /// With the last input.
    #[default]
    Complete,
    /// Early, by request.
    Interrupted,
}

/// What a run did. Inputs that a former run did are counted too.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Summary {
    /// How it ended.
    pub(crate) ended: Ended,
    /// Inputs seen.
    pub(crate) inputs: u64,
    /// Released, duplicates included.
    pub(crate) released: u64,
    /// Of these: equal to another input.
    pub(crate) duplicates: u64,
    /// Of these: another content with a SOP Instance UID that was released already.
    pub(crate) conflicts: u64,
    /// Set aside, by reason.
    pub(crate) quarantined: BTreeMap<Reason, u64>,
    /// Not de-identified, since there is nothing to de-identify, by reason.
    pub(crate) skipped: BTreeMap<Reason, u64>,
    /// Inputs that a former run did.
    pub(crate) kept: u64,
    /// Pictures written now.
    pub(crate) pictures: u64,
    /// Bytes read now.
    pub(crate) bytes_in: u64,
    /// How often each warning was given now.
    pub(crate) warnings: BTreeMap<String, u64>,
    /// How long it took.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub(crate) elapsed: Duration,
}

impl Summary {
    /// Counts an input that was done now.
    pub(super) fn add(&mut self, line: &Line) {
        self.count(line.status, line.reason);
        self.conflicts += u64::from(line.conflict_with.is_some());
        self.bytes_in += line.size_in;
        if line.duplicate_of.is_none() {
            self.pictures += line.jpeg.len() as u64;
        }
        for warning in &line.warnings {
            *self.warnings.entry(warning.clone()).or_default() += 1;
        }
    }

    /// Counts an input that a former run did.
    pub(super) fn keep(&mut self, entry: &Entry) {
        self.count(entry.status, entry.reason);
        self.kept += 1;
    }

    fn count(&mut self, status: Status, reason: Option<Reason>) {
        self.inputs += 1;
        let reason_of = reason.unwrap_or(Reason::Internal);
        match status {
            Status::Released => {
                self.released += 1;
                self.duplicates += u64::from(reason == Some(Reason::Duplicate));
            }
            Status::Quarantined => *self.quarantined.entry(reason_of).or_default() += 1,
            Status::Skipped => *self.skipped.entry(reason_of).or_default() += 1,
        }
    }

    /// All that were set aside.
    pub(crate) fn quarantined_total(&self) -> u64 {
        self.quarantined.values().sum()
    }

    /// All that were skipped.
    pub(crate) fn skipped_total(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// Inputs done now, a second.
    pub(crate) fn rate(&self) -> f64 {
        (self.inputs - self.kept) as f64 / self.elapsed.as_secs_f64().max(1e-3)
    }

    /// The ending of the command.
    pub(crate) fn ending(&self) -> Ending {
        if self.ended == Ended::Interrupted {
            Ending::Failed
        } else if self.quarantined_total() > 0 {
            Ending::Wanting
        } else {
            Ending::Clean
        }
    }
}

fn seconds<S: serde::Serializer>(elapsed: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((elapsed.as_secs_f64() * 1000.0).round() / 1000.0)
}
