//! [`StoreError`]: what a store may answer, and whether to ask again.

use thiserror::Error;

/// Why a store did not do what it was asked. It names the operation and the service's code, never
/// a key or a value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such object.
    #[error("{operation}: not found")]
    NotFound {
        /// What was asked.
        operation: &'static str,
    },
    /// The object is larger than the caller takes.
    #[error("an object of {bytes} bytes, more than the {limit} that are taken")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// What is taken.
        limit: u64,
    },
    /// The store does not allow it: a policy, or a key that may not be used.
    #[error("{operation}: denied ({code})")]
    Denied {
        /// What was asked.
        operation: &'static str,
        /// The service's code.
        code: String,
    },
    /// The store could not be reached or did not answer as it should.
    #[error("{operation}: failed ({code})")]
    Unavailable {
        /// What was asked.
        operation: &'static str,
        /// The service's code, or the kind of failure.
        code: String,
    },
    /// The bytes that came are not those that were written.
    #[error("{operation}: what came is not what was written")]
    Damaged {
        /// What was asked.
        operation: &'static str,
    },
    /// The object exists already, with other content.
    #[error("{operation}: exists already with other content")]
    Conflict {
        /// What was asked.
        operation: &'static str,
    },
}

/// Whether asking again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It can: what failed may pass, or somebody may put it right.
    Worthwhile,
    /// It cannot: the same question has the same answer.
    Useless,
}

impl StoreError {
    /// Whether asking again can help. A denial counts as passing: nothing of the object is wrong,
    /// and once a person has corrected the permission it succeeds.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::TooLarge { .. } | Self::Conflict { .. } => Retry::Useless,
            _ => Retry::Worthwhile,
        }
    }
}
