//! The use cases over stores: upload, de-identify, analyse, sweep, erase.
//!
//! Each takes the ports and works for one file or one request. All of them can be carried out any
//! number of times, one after the other or at once, and can be killed anywhere: what was written
//! is found again and not written twice, and an original is erased only after everything made of
//! it stands. An error that is returned is to be retried; what cannot succeed ends in a state of
//! the file, with a [`obscura_core::Reason`].

mod analyse;
mod chain;
mod close;
mod deidentify;
mod erase;
mod error;
mod judge;
mod kind;
mod record;
mod state;
mod sweep;
mod upload;
mod workshop;

use std::sync::Arc;

use obscura_storage::{Clock, ObjectStore, Random, RowStore, SecretStore};

pub use analyse::{Analysed, Analyser};
pub use deidentify::{Arrived, Ended, Handled, Intake};
pub use erase::{Asked, EraseCommand, EraseError, Eraser, Target};
pub use error::FlowError;
pub use judge::Quality;
pub use record::{AnalysisRecord, Output, QuarantineNote, ReleaseRecord};
pub use state::FileState;
pub use sweep::{Retention, Sweeper, Swept};
pub use upload::{
    FileRequest, FileStatus, JobStatus, MAX_REQUESTS, OpenedFile, OpenedJob, OpenedPart,
    OpenedUpload, PART_BYTES, UploadError, UploadLimits, UploadRequest, Uploader,
};
pub use workshop::{Way, Workshop};

/// The ports that every use case works with.
#[derive(Debug, Clone)]
pub struct Ports {
    /// The buckets.
    pub objects: Arc<dyn ObjectStore>,
    /// The table of jobs.
    pub rows: Arc<dyn RowStore>,
    /// The groups' secrets.
    pub secrets: Arc<dyn SecretStore>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Random ids.
    pub random: Arc<dyn Random>,
}

impl Ports {
    /// All of the storage behind one adapter.
    pub fn of<S>(
        storage: Arc<S>,
        clock: impl Clock + 'static,
        random: impl Random + 'static,
    ) -> Self
    where
        S: ObjectStore + RowStore + SecretStore + 'static,
    {
        Self {
            objects: storage.clone(),
            rows: storage.clone(),
            secrets: storage,
            clock: Arc::new(clock),
            random: Arc::new(random),
        }
    }
}
