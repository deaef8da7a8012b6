//! What every layer of Obscura shares: protected values, limits, keyed pseudonyms, reason codes.
//!
//! No I/O, no clock, no environment. The one rule of this crate: a value that may identify a
//! person travels as [`Phi`] and is never printed.

mod digest;
mod ids;
mod limits;
mod phi;
mod pseudonym;
mod reason;
mod time;

pub use digest::{ContentHash, HashError};
pub use ids::{FileId, Group, IdError, JobId};
pub use limits::Limits;
pub use phi::Phi;
pub use pseudonym::{KeyError, PatientKey, PseudonymKey, Pseudonyms};
pub use reason::Reason;
pub use time::{Timestamp, TimestampError};
