//! [`Deidentifier`]: the way of one object.

use std::panic::{AssertUnwindSafe, catch_unwind};

use obscura_core::{PseudonymKey, Reason};
use obscura_deid::plan::PlanLine;
use obscura_deid::policy::Policy;
use obscura_deid::{Engine, EngineError, PixelCleaning, residual};
use obscura_dicom::{DicomFile, ReadError, Source, Tag};
use serde::Serialize;
use thiserror::Error;

use crate::outcome::{Outcome, Quarantine, Release};
use crate::render::{self, Options};

/// Media Storage Directory Storage (PS3.4 annex B): the SOP class of a DICOMDIR.
const DICOMDIR: &str = "1.2.840.10008.1.3.10";

/// De-identifies objects of one group under one policy. Built once, used from many threads.
#[derive(Debug)]
pub struct Deidentifier {
    engine: Engine,
    options: Options,
}

/// Why a pair of files could not be compared.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The original is not readable.
    #[error("the original could not be read")]
    Original(#[source] ReadError),
    /// The released file is not readable.
    #[error("the released file could not be read")]
    Released(#[source] residual::ScanError),
}

/// One identifier of the original that is still in a released file. No value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HitLine {
    /// What kind of identifier.
    pub kind: String,
    /// Where: a tag, the preamble, a segment, behind the end.
    pub place: String,
    /// Byte offset in the (inflated) released file.
    pub offset: usize,
}

impl Deidentifier {
    /// A de-identifier for one policy and one group's secret.
    pub fn new(policy: Policy, key: &PseudonymKey, options: Options) -> Self {
        Self {
            engine: Engine::new(policy, key, options.limits),
            options,
        }
    }

    /// The policy.
    pub const fn policy(&self) -> &Policy {
        self.engine.policy()
    }

    /// De-identifies one object. Never panics: a defect inside quarantines the object.
    pub fn process(&self, input: &[u8]) -> Outcome {
        catch_unwind(AssertUnwindSafe(|| self.try_process(input))).unwrap_or_else(|_| {
            Outcome::Quarantined(Quarantine {
                reason: Reason::Internal,
                detail: "a defect of this program; the object was set aside".to_owned(),
            })
        })
    }

    fn try_process(&self, input: &[u8]) -> Outcome {
        let limits = &self.options.limits;
        let source = match Source::open(input, limits) {
            Ok(source) => source,
            Err(error) => return refused(&error),
        };
        let file = match source.parse(limits) {
            Ok(file) => file,
            Err(error) => return refused(&error),
        };
        if is_dicomdir(&file) {
            return Outcome::Skipped(Reason::Dicomdir);
        }
        match self.engine.deidentify(file, PixelCleaning::NotDone) {
            Ok(done) => self.release(done),
            Err(error) => quarantined(&error),
        }
    }

    fn release(&self, done: obscura_deid::Deidentified) -> Outcome {
        let mut warnings: Vec<_> = done.face.warning().into_iter().collect();
        let jpegs = render::jpegs(&done.bytes, &self.options).unwrap_or_else(|warning| {
            warnings.push(warning);
            Vec::new()
        });
        Outcome::Released(Box::new(Release {
            plan: done.plan.summary(),
            dicom: done.bytes,
            place: done.place,
            sop_original: done.sop_original,
            jpegs,
            warnings,
            redactions: Vec::new(),
            map: if self.options.collect_map {
                done.map
            } else {
                Vec::new()
            },
        }))
    }

    /// What would be done to each element of an object, and why.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn inspect(&self, input: &[u8]) -> Result<Vec<PlanLine>, ReadError> {
        let source = Source::open(input, &self.options.limits)?;
        let file = source.parse(&self.options.limits)?;
        Ok(self.engine.plan(&file).lines(&file))
    }

    /// Looks in a released file, of any tool, for the identifiers of its original.
    ///
    /// # Errors
    /// When either file cannot be read.
    pub fn verify(&self, original: &[u8], released: &[u8]) -> Result<Vec<HitLine>, VerifyError> {
        let limits = &self.options.limits;
        let source = Source::open(original, limits).map_err(VerifyError::Original)?;
        let file = source.parse(limits).map_err(VerifyError::Original)?;
        let hits = self
            .engine
            .verify(&file, released)
            .map_err(VerifyError::Released)?;
        let line = |hit: &residual::Hit| HitLine {
            kind: hit.kind.to_string(),
            place: hit.place.to_string(),
            offset: hit.offset,
        };
        Ok(hits.iter().map(line).collect())
    }
}

fn is_dicomdir(file: &DicomFile<'_>) -> bool {
    file.meta.ascii(Tag(0x0002, 0x0002)) == Some(DICOMDIR)
        || file.data.get(Tag(0x0004, 0x1220)).is_some()
}

fn refused(error: &ReadError) -> Outcome {
    match error.reason() {
        Reason::NotDicom => Outcome::Skipped(Reason::NotDicom),
        reason => Outcome::Quarantined(Quarantine {
            reason,
            detail: error.to_string(),
        }),
    }
}

fn quarantined(error: &EngineError) -> Outcome {
    Outcome::Quarantined(Quarantine {
        reason: error.reason(),
        detail: error.to_string(),
    })
}
