//! The use cases: de-identify one object, say what would be done to it, verify a released one.
//!
//! [`Deidentifier`] takes bytes and returns bytes; where they come from and go to is the caller's.
//! It is built once and used from many threads. Whatever happens inside, even a defect, ends in an
//! [`Outcome`]: an object is released whole and verified, set aside with a reason, or skipped.

mod deidentify;
mod frames;
mod outcome;
mod render;

pub use deidentify::{Deidentifier, HitLine, VerifyError};
pub use frames::{Frames, FramesError};
pub use obscura_deid::plan::{PlanLine, PlanSummary};
pub use obscura_deid::{MapEntry, MapKind, Place};
pub use outcome::{Cause, Jpeg, Outcome, Quarantine, Redaction, Release};
pub use render::{Options, Pixels};
