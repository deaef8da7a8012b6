//! Where things are kept: object keys, the ports, and their adapter in memory.
//!
//! [`ObjectKey`] is the one place that builds a key; a key never holds a file's name or anything
//! else that names a person. The ports ([`ObjectStore`], [`RowStore`], [`Uploads`],
//! [`SecretStore`], [`Signer`], [`Clock`], [`Random`]) state what every adapter guarantees;
//! [`conformance`] holds each adapter to it. They are synchronous: one object is worked on by one
//! thread, and an adapter over an asynchronous client waits on that thread.

pub mod conformance;
mod error;
mod key;
mod object;
mod ports;
mod row;
mod uploads;

pub mod memory;

pub use error::{Retry, StoreError};
pub use key::{Bucket, ForeignKey, ObjectKey, ParseKeyError, Released};
pub use object::{
    Cursor, Encryption, Erased, Meta, ObjectStore, Page, PendingUpload, Put, Source, Version,
    VersionKind, erase, put_same, versions_of,
};
pub use ports::{
    Clock, GroupAdmin, GroupInfo, Random, SecretError, SecretStore, Signature, Signer,
};
pub use row::{JobRef, Replaced, Row, RowKey, RowStore};
pub use uploads::{Completed, Part, Signed, Terms, Uploads};
