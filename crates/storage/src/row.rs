//! [`RowStore`]: the port to the table of jobs.
//!
//! A job has one row of its own and one for each of its files. What a row says is the pipeline's
//! (`doc`, JSON); the store knows what it needs to find rows and to change them one after the
//! other: who reads a row and writes it back is refused if somebody else wrote it in between.

use std::fmt;

use obscura_audit::Head;
use obscura_core::{FileId, Group, JobId};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// A job of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobRef {
    /// The tenant.
    pub group: Group,
    /// The job.
    pub job: JobId,
}

impl fmt::Display for JobRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.group, self.job)
    }
}

/// Which row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowKey {
    /// The job's own.
    Job(JobRef),
    /// A file's.
    File(JobRef, FileId),
}

impl RowKey {
    /// The job.
    pub const fn job(&self) -> &JobRef {
        match self {
            Self::Job(job) | Self::File(job, _) => job,
        }
    }

    /// The sort key: `job` or `file#<file>`.
    pub fn sort(&self) -> String {
        match self {
            Self::Job(_) => "job".to_owned(),
            Self::File(_, file) => format!("file#{file}"),
        }
    }

    /// The row that these two keys name.
    pub fn parse(partition: &str, sort: &str) -> Option<Self> {
        let (group, job) = partition.split_once('#')?;
        let job = JobRef {
            group: group.parse().ok()?,
            job: job.parse().ok()?,
        };
        match sort.strip_prefix("file#") {
            Some(file) => Some(Self::File(job, file.parse().ok()?)),
            None => (sort == "job").then_some(Self::Job(job)),
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub key: RowKey,
    /// How often it was written. On [`RowStore::replace`]: the revision that was read.
    pub revision: u64,
    /// A word to find rows by.
    pub state: String,
    /// The pseudonymous patient, on rows of files that have one.
    pub patient: Option<String>,
    /// When the row may go, in seconds since 1970.
    pub expires: Option<u64>,
    /// What it says, JSON.
    pub doc: String,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// It was made.
    Done,
    /// Somebody else wrote or removed the row: read it again.
    Lost,
}

/// The table of jobs. Reads see every write that ended before them.
pub trait RowStore: std::fmt::Debug + Send + Sync {
    /// Writes rows with new keys, each at revision 1.
    fn create(&self, rows: &[Row]) -> Result<(), StoreError>;
    /// Reads a row.
    fn read(&self, key: &RowKey) -> Result<Option<Row>, StoreError>;
    /// Writes a row over the revision that it names.
    fn replace(&self, row: &Row) -> Result<Replaced, StoreError>;
    /// The next rows of a job's files behind this one, or the first ones, in the order of their ids:
    /// as many as asked for, fewer only where there are no more.
    fn files(
        &self,
        job: &JobRef,
        behind: Option<FileId>,
        at_most: u32,
    ) -> Result<Vec<Row>, StoreError>;
    /// All rows of a job.
    fn rows(&self, job: &JobRef) -> Result<Vec<Row>, StoreError>;
    /// Rows of files of a patient. This may lag behind writes by a moment.
    fn of_patient(&self, group: &Group, patient: &str) -> Result<Vec<RowKey>, StoreError>;
    /// Jobs whose own row has this state.
    fn jobs_in(&self, state: &str) -> Result<Vec<JobRef>, StoreError>;
    /// Removes a row; one that is gone already counts.
    fn remove(&self, key: &RowKey) -> Result<(), StoreError>;
    /// The last entry of the job's audit chain that somebody noted: a hint, never ahead.
    fn head(&self, job: &JobRef) -> Result<Option<Head>, StoreError>;
    /// Notes an entry of the chain, if the job has a row and a later one is not noted.
    fn note_head(&self, job: &JobRef, head: Head) -> Result<(), StoreError>;
}
