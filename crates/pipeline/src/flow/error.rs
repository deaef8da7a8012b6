//! [`FlowError`]: what kept a use case from its end, and is worth another try.

use obscura_audit::ChainError;
use obscura_storage::{Retry, SecretError, StoreError};
use thiserror::Error;

/// What kept a use case from its end. No value of an object is in it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FlowError {
    /// A store.
    #[error("a store did not do what was asked")]
    Store(#[from] StoreError),
    /// The group's secret.
    #[error("the group's secret could not be had")]
    Secret(#[source] SecretError),
    /// The audit chain.
    #[error("the audit chain could not be continued")]
    Chain(#[from] ChainError),
    /// A row or a record of this program that it cannot read.
    #[error("a {0} cannot be read")]
    Unreadable(&'static str),
    /// The original is not there, and nothing says why.
    #[error("the original is not there, and nobody erased it")]
    OriginalMissing,
}

impl FlowError {
    /// Whether another try can help; what cannot be helped goes to people by way of the dead
    /// letters.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Store(error) => error.retry(),
            Self::Secret(error) => error.retry(),
            Self::OriginalMissing => Retry::Worthwhile,
            Self::Chain(_) | Self::Unreadable(_) => Retry::Useless,
        }
    }
}
