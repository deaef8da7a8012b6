//! The small ports: the clock, random bytes, the groups' secrets, the signer of receipts.

use obscura_core::{FileId, Group, JobId, PseudonymKey, Timestamp};
use thiserror::Error;

use crate::error::{Retry, StoreError};

/// Tells the time.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// The moment.
    fn now(&self) -> Timestamp;
}

/// Gives random bytes of a cryptographic source.
pub trait Random: std::fmt::Debug + Send + Sync {
    /// 16 of them.
    ///
    /// # Errors
    /// If the source gives none; nothing else may stand in for them.
    fn bytes(&self) -> Result<[u8; 16], StoreError>;

    /// The id of a new job.
    fn job(&self) -> Result<JobId, StoreError> {
        self.bytes().map(JobId::from_bytes)
    }

    /// The id of a new file.
    fn file(&self) -> Result<FileId, StoreError> {
        self.bytes().map(FileId::from_bytes)
    }
}

/// The secrets of the groups.
pub trait SecretStore: std::fmt::Debug + Send + Sync {
    /// A group's secret, unwrapped. It stays in memory.
    fn secret(&self, group: &Group) -> Result<PseudonymKey, SecretError>;
    /// Whether [`secret`](Self::secret) would give one, without unwrapping it.
    fn check(&self, group: &Group) -> Result<(), SecretError>;
}

/// Why there is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SecretError {
    /// The group has none: it was never added.
    #[error("the group has no secret")]
    NoGroup,
    /// The key that wraps it is scheduled for deletion, or gone: the group was shredded.
    #[error("the key of the group's secret was destroyed")]
    Destroyed,
    /// It could not be had.
    #[error("the group's secret could not be had")]
    Store(#[source] StoreError),
}

impl SecretError {
    /// Whether asking again can help.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Store(error) => error.retry(),
            Self::NoGroup | Self::Destroyed => Retry::Useless,
        }
    }
}

/// Adds and shreds groups.
pub trait GroupAdmin: SecretStore {
    /// Makes a key and a wrapped secret for a new group; one that is there stays as it is.
    fn add(&self, group: &Group, at: Timestamp) -> Result<GroupInfo, SecretError>;
    /// All groups.
    fn list(&self) -> Result<Vec<GroupInfo>, SecretError>;
    /// Schedules the deletion of a group's key, and says after how many days it is gone.
    fn shred(&self, group: &Group, days: u32) -> Result<u32, SecretError>;
}

/// A group, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupInfo {
    /// The group.
    pub group: Group,
    /// The key that wraps its secret.
    pub key: String,
    /// When it was added.
    pub created: Timestamp,
}

/// Signs receipts with a key that it does not give away.
pub trait Signer: std::fmt::Debug + Send + Sync {
    /// The signature of a message.
    fn sign(&self, message: &[u8]) -> Result<Signature, StoreError>;
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// ASN.1 DER, base64.
    pub base64: String,
    /// The key.
    pub key: String,
    /// The algorithm, as KMS names it.
    pub algorithm: String,
}
