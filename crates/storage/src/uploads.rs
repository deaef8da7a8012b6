//! [`Uploads`]: the port to uploads that others carry out with a signed URL.

use std::time::Duration;

use obscura_core::ContentHash;

use crate::error::StoreError;
use crate::key::ObjectKey;

/// Signs uploads. What is signed is bound to its key, length, SHA-256, media type and encryption,
/// ends when it says, and writes only where no object is.
pub trait Uploads: std::fmt::Debug + Send + Sync {
    /// An upload in one piece.
    fn sign_put(
        &self,
        key: &ObjectKey,
        terms: &Terms,
        valid: Duration,
    ) -> Result<Signed, StoreError>;

    /// Begins an upload in parts and gives its id.
    fn begin(&self, key: &ObjectKey, content_type: &str) -> Result<String, StoreError>;

    /// One part, counted from 1.
    fn sign_part(
        &self,
        key: &ObjectKey,
        upload: &str,
        number: u32,
        part: &Part,
        valid: Duration,
    ) -> Result<Signed, StoreError>;

    /// Puts the parts together if all are there as announced.
    fn complete(
        &self,
        key: &ObjectKey,
        upload: &str,
        parts: &[Part],
    ) -> Result<Completed, StoreError>;
}

/// What an upload is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Its length.
    pub bytes: u64,
    /// Its content.
    pub sha256: ContentHash,
    /// Its media type.
    pub content_type: String,
}

/// One part of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Part {
    /// Its length.
    pub bytes: u64,
    /// Its content.
    pub sha256: ContentHash,
}

/// A request that somebody else may send.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// The method.
    pub method: String,
    /// The URL, with its signature: whoever has it may upload.
    pub url: String,
    /// Headers that must be sent as they are.
    pub headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signed(****)")
    }
}

/// What became of an upload in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completed {
    /// The object is there.
    Done,
    /// Parts are missing or not as announced.
    Waiting,
    /// There is no such upload: it was completed or ended before.
    Gone,
}
