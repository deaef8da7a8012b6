//! The port to the de-identification engine: what a run needs of it, and nothing else.
//!
//! Main trait: [`Engine`]. The real one stands in `pipeline`; tests use a fake, so that sources,
//! workers, layout and resumption are tested without a single real object.

#[cfg(test)]
pub(crate) mod fake;
mod pipeline;

use obscura_core::{Phi, Reason};
use serde_json::value::RawValue;

/// De-identifies one object at a time. Called from many threads at once.
pub(crate) trait Engine: Send + Sync {
    /// What becomes of these bytes. Never panics on purpose; a panic is caught and reported as
    /// [`Reason::Internal`].
    fn process(&self, input: &[u8]) -> Outcome;
}

/// What became of one input.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// De-identified, re-read and searched: may be released.
    Released(Box<Release>),
    /// Set aside.
    Quarantined {
        /// Why, as a code.
        reason: Reason,
        /// Where: tag, VR, rule. No value.
        detail: String,
        /// Where text remained in the picture, as a JSON array, if that is the reason.
        left: Option<Box<RawValue>>,
    },
    /// Not an object to de-identify.
    Skipped(Reason),
}

/// One de-identified object.
#[derive(Debug)]
pub(crate) struct Release {
    /// The bytes of the DICOM file.
    pub(crate) dicom: Vec<u8>,
    /// Where it belongs.
    pub(crate) place: Place,
    /// Its pictures.
    pub(crate) jpegs: Vec<Picture>,
    /// What was done: JSON counts by action and rule.
    pub(crate) plan: Box<RawValue>,
    /// What was blanked in the pixels, as a JSON array.
    pub(crate) redactions: Box<RawValue>,
    /// The first changed frame as it was, if it was asked for.
    pub(crate) danger_original: Option<Picture>,
    /// What a person should know, without values.
    pub(crate) warnings: Vec<String>,
    /// Originals and pseudonyms, if they were asked for.
    pub(crate) map: Vec<MapEntry>,
}

/// The pseudonyms that make up an output's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Patient ID.
    pub(crate) patient: String,
    /// Study Instance UID.
    pub(crate) study: String,
    /// Series Instance UID.
    pub(crate) series: String,
    /// SOP Instance UID.
    pub(crate) sop: String,
}

/// One rendered frame.
#[derive(Debug)]
pub(crate) struct Picture {
    /// The frame, from 1.
    pub(crate) frame: u32,
    /// Frames of the object.
    pub(crate) of: u32,
    /// The JPEG file.
    pub(crate) bytes: Vec<u8>,
}

/// An original identifier and what stands in its place.
#[derive(Debug)]
pub(crate) struct MapEntry {
    /// What kind of identifier.
    pub(crate) kind: MapKind,
    /// The original.
    pub(crate) old: Phi<String>,
    /// The pseudonym.
    pub(crate) new: String,
}

/// The kinds of identifier that can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MapKind {
    /// A UID.
    Uid,
    /// A Patient ID.
    Patient,
}
