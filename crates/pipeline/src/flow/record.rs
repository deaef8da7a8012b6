//! The records that stand beside objects: of a release, of an analysis, of a quarantine.
//!
//! They hold pseudonyms, hashes, codes and counts, and no time, so that the same work gives the
//! same bytes.

use obscura_audit::RuleSet;
use obscura_core::{ContentHash, FileId, Group, JobId, Reason};
use obscura_storage::ObjectKey;
use serde::{Deserialize, Serialize};

use super::judge::Quality;

/// The form of the records.
pub(crate) const SCHEMA: u32 = 1;

/// What was released of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRecord {
    /// The form.
    pub schema: u32,
    /// The tenant.
    pub group: Group,
    /// The job.
    pub job: JobId,
    /// The file.
    pub file: FileId,
    /// The input, by its keyed hash.
    pub input: ContentHash,
    /// The rules that were applied.
    pub rules: RuleSet,
    /// The DICOM object first, then its pictures.
    pub outputs: Vec<Output>,
    /// Elements by what was done and by rule, in counts.
    pub plan: serde_json::Value,
    /// Rectangles that were blanked.
    pub blanked: u64,
    /// Rectangles that were found harmless.
    pub kept: u64,
    /// What a person should know; fixed sentences.
    pub warnings: Vec<String>,
}

/// One object that was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Its key.
    pub key: ObjectKey,
    /// Its content.
    pub sha256: ContentHash,
    /// Its size.
    pub bytes: u64,
}

/// What the analysis says of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnalysisRecord {
    /// The form.
    pub schema: u32,
    /// The tenant.
    pub group: Group,
    /// The job.
    pub job: JobId,
    /// The file.
    pub file: FileId,
    /// Why the release does not hold; none if it does.
    pub refused: Option<Reason>,
    /// The technical quality of the image, if it is one and the release holds.
    pub quality: Option<Quality>,
}

/// Why a file stands in the quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuarantineNote {
    /// The form.
    pub schema: u32,
    /// The code.
    pub reason: Reason,
    /// Tag, VR and rule; never a value.
    pub detail: String,
}
