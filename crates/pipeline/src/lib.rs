//! The use cases: de-identify one object, say what would be done to it, verify a released one.
//!
//! [`Deidentifier`] takes bytes and returns bytes; where they come from and go to is the caller's.
//! It is built once and used from many threads. Whatever happens inside, even a defect, ends in an
//! [`Outcome`]: an object is released whole and verified, set aside with a reason, or skipped.

mod decisions;
mod deidentify;
mod explain;
pub mod flow;
mod frames;
mod outcome;
mod pixels;
mod redact;
mod render;

pub use decisions::Decisions;
pub use deidentify::{Deidentifier, HitLine, VerifyError};
pub use explain::{Explained, explain};
pub use frames::{Frames, FramesError};
pub use obscura_deid::plan::{PlanLine, PlanSummary};
pub use obscura_deid::{MapEntry, MapKind, Place};
pub use obscura_pixels::Area;
pub use obscura_pixels::blank::Recoding;
pub use obscura_pixels::text::{Choice, Decided, Fate, MarkCause, Sighting, with_margin};
pub use outcome::{Cause, Jpeg, Outcome, Quarantine, Redaction, Release};
pub use pixels::{Pixels, Survey, SurveyError};
pub use redact::{Rectangle, RedactError, Redacted, redact};
pub use render::{Options, Originals};
