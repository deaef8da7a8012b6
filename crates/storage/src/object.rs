//! [`ObjectStore`]: the port to the buckets.

use obscura_core::{ContentHash, Phi, Timestamp};

use crate::error::StoreError;
use crate::key::{Bucket, ForeignKey, ObjectKey};

/// Objects in versioned buckets.
///
/// Every adapter guarantees, and [`crate::conformance`] checks:
/// - an object is whole or absent, and read back as it was written (SHA-256 checked both ways);
/// - it is encrypted under the key of its bucket, named explicitly with each write;
/// - [`put`](Self::put) writes where nothing is and changes nothing where something is;
/// - what was written is seen by every read that begins afterwards;
/// - a version that was removed does not come back.
pub trait ObjectStore: std::fmt::Debug + Send + Sync {
    /// Writes an object where there is none.
    fn put(&self, key: &ObjectKey, body: &[u8]) -> Result<Put, StoreError>;

    /// Reads an object of at most `limit` bytes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::TooLarge`] before anything is read,
    /// [`StoreError::Damaged`] if the checksum does not fit.
    fn get(&self, key: &ObjectKey, limit: u64) -> Result<Vec<u8>, StoreError>;

    /// What is known of an object without reading it; `None` if there is none.
    fn head(&self, key: &ObjectKey) -> Result<Option<Meta>, StoreError>;

    /// Copies an object within the store, over one that may be there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no source.
    fn copy(&self, from: Source<'_>, to: &ObjectKey) -> Result<(), StoreError>;

    /// A page of all versions and delete markers whose keys begin with `prefix`, in the order of
    /// their keys.
    fn versions(
        &self,
        bucket: Bucket,
        prefix: &str,
        after: Option<&Cursor>,
    ) -> Result<Page, StoreError>;

    /// Removes these versions for ever; those that are gone already count as removed.
    fn remove(&self, bucket: Bucket, versions: &[Version]) -> Result<(), StoreError>;

    /// Multipart uploads that were begun and not ended, whose keys begin with `prefix`.
    fn pending(&self, bucket: Bucket, prefix: &str) -> Result<Vec<PendingUpload>, StoreError>;

    /// Ends a multipart upload and drops its parts; one that is gone already counts.
    fn abort(&self, bucket: Bucket, upload: &PendingUpload) -> Result<(), StoreError>;
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was written.
    Written,
    /// There is an object already; nothing was changed.
    Exists,
}

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its content, where the store keeps one of the whole object.
    pub sha256: Option<ContentHash>,
    /// Under which key it is encrypted.
    pub encryption: Encryption,
    /// When it was written.
    pub modified: Timestamp,
}

/// Under which key an object is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// The key of its bucket.
    OfBucket,
    /// Another key, or none.
    Other,
}

/// What is copied.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// An object of this program.
    Ours(&'a ObjectKey),
    /// An object that something else put there.
    Foreign(&'a ForeignKey),
}

/// One version of an object, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The key as it stands in the bucket: it may be foreign.
    pub key: Phi<String>,
    /// The version.
    pub id: String,
    /// What it is.
    pub kind: VersionKind,
    /// When it was written.
    pub modified: Timestamp,
    /// Its size.
    pub bytes: u64,
}

/// What stands under a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionKind {
    /// An object.
    Object,
    /// The mark of a deletion.
    Marker,
}

/// Where a list goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The last key that was listed.
    pub key: Phi<String>,
    /// Its last version that was listed.
    pub version: Option<String>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The versions.
    pub versions: Vec<Version>,
    /// Where it goes on; `None` at the end.
    pub next: Option<Cursor>,
}

/// A multipart upload that was begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingUpload {
    /// The key it is for.
    pub key: Phi<String>,
    /// Its id.
    pub id: String,
    /// When it was begun.
    pub begun: Timestamp,
}

/// What was erased of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Versions and markers.
    pub versions: u64,
}

/// Writes an object, or makes sure that the one that is there is the same.
///
/// # Errors
/// [`StoreError::Conflict`] if another one is there.
pub fn put_same(store: &dyn ObjectStore, key: &ObjectKey, body: &[u8]) -> Result<Put, StoreError> {
    if store.put(key, body)? == Put::Written {
        return Ok(Put::Written);
    }
    let operation = "put";
    let there = store.head(key)?.ok_or(StoreError::Unavailable {
        operation,
        code: "removed meanwhile".to_owned(),
    })?;
    let same = match there.sha256 {
        Some(hash) => hash == ContentHash::of(body),
        None => there.bytes == body.len() as u64 && store.get(key, there.bytes)? == body,
    };
    if same {
        Ok(Put::Exists)
    } else {
        Err(StoreError::Conflict { operation })
    }
}

/// Versions and markers of one key, those of the first page. A list tells it, so that nobody who may not
/// read objects has to.
///
/// # Errors
/// What the store answers.
pub fn versions_of(
    store: &dyn ObjectStore,
    bucket: Bucket,
    key: &str,
) -> Result<Vec<Version>, StoreError> {
    // The key comes first among those that begin with it, so its versions are on the first page.
    let page = store.versions(bucket, key, None)?;
    let own = page.versions.into_iter();
    Ok(own.filter(|version| version.key.expose() == key).collect())
}

/// Erases one key with all its versions and markers, and looks again until nothing is left.
///
/// # Errors
/// What the store answers; what was erased until then stays erased.
pub fn erase(store: &dyn ObjectStore, bucket: Bucket, key: &str) -> Result<Erased, StoreError> {
    let mut erased = Erased::default();
    loop {
        let found = versions_of(store, bucket, key)?;
        if found.is_empty() {
            return Ok(erased);
        }
        store.remove(bucket, &found)?;
        erased.versions += found.len() as u64;
    }
}
