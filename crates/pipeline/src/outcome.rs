//! [`Outcome`]: what became of one input.

use obscura_core::{Phi, Reason};
use obscura_deid::plan::PlanSummary;
use obscura_deid::{MapEntry, Place};
use serde::Serialize;

/// What became of one input.
#[derive(Debug)]
pub enum Outcome {
    /// De-identified and verified.
    Released(Box<Release>),
    /// Set aside: nothing of it may be released.
    Quarantined(Quarantine),
    /// Nothing to de-identify: not a DICOM object, or a DICOMDIR.
    Skipped(Reason),
}

/// A de-identified object and what goes with it.
#[derive(Debug)]
pub struct Release {
    /// The PS3.10 file.
    pub dicom: Vec<u8>,
    /// Where it belongs, in pseudonyms.
    pub place: Place,
    /// The original SOP Instance UID, to tell duplicates.
    pub sop_original: Phi<String>,
    /// The frames that were asked for.
    pub jpegs: Vec<Jpeg>,
    /// What was done, in counts.
    pub plan: PlanSummary,
    /// What a person should know of this object; fixed sentences without values.
    pub warnings: Vec<&'static str>,
    /// Rectangles that were blanked, and those that were found harmless and kept.
    pub redactions: Vec<Redaction>,
    /// The first frame that was changed, as it was in the original: it shows what was blanked.
    /// `None` unless [`crate::Options::originals`] asks for it.
    pub danger_original: Option<Jpeg>,
    /// Old and new identifiers; empty unless [`crate::Options::collect_map`] asks for them.
    pub map: Vec<MapEntry>,
}

/// One frame as a JPEG file.
#[derive(Debug)]
pub struct Jpeg {
    /// The frame, counted from 1.
    pub frame: u32,
    /// Frames of the object.
    pub of: u32,
    /// The JPEG file, without metadata.
    pub bytes: Vec<u8>,
}

/// An object that was set aside.
#[derive(Debug)]
pub struct Quarantine {
    /// The code.
    pub reason: Reason,
    /// Tag, VR and rule for a person; never a value.
    pub detail: String,
    /// Where text remained in the picture, if that is the reason: all of them kept.
    pub left: Vec<Redaction>,
}

impl Quarantine {
    /// An object that was set aside for another reason than its picture.
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
            left: Vec::new(),
        }
    }
}

/// A rectangle of a frame that was blanked, or found harmless and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Redaction {
    /// The frame, counted from 1.
    pub frame: u32,
    /// Left edge in pixels.
    pub x: u32,
    /// Upper edge in pixels.
    pub y: u32,
    /// Width in pixels.
    pub w: u32,
    /// Height in pixels.
    pub h: u32,
    /// Why.
    pub cause: Cause,
    /// It was left as it is.
    pub kept: bool,
}

/// Why a rectangle was blanked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Outside the regions of an ultrasound image (PS3.3 C.8.5.5).
    UltrasoundRegion,
    /// A rule for the device.
    DeviceRule,
    /// Text that was found.
    Text,
    /// Text that is an identifier of the object.
    Identifier,
}
