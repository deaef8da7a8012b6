//! [`Deidentifier`]: the way of one object.

use std::panic::{AssertUnwindSafe, catch_unwind};

use obscura_core::{PseudonymKey, Reason};
use obscura_deid::plan::PlanLine;
use obscura_deid::policy::Policy;
use obscura_deid::{Engine, EngineError, residual};
use obscura_dicom::{DicomFile, Mend, ReadError, Source, Tag};
use serde::Serialize;
use thiserror::Error;

use crate::outcome::{Outcome, Quarantine, Release};
use crate::pixels::{self, Stop, Survey, SurveyError, Worked};
use crate::render::{self, Options};

/// Media Storage Directory Storage (PS3.4 annex B): the SOP class of a DICOMDIR.
const DICOMDIR: &str = "1.2.840.10008.1.3.10";

/// The reader mends what is cut off within the last value, and a person has to know.
const SHORT: &str =
    "the input ends within its pixel data: what is missing there is missing here too";

/// Said where the picture of an original was asked for and cannot be made.
const NO_ORIGINAL: &str = "the original could not be rendered: the report has no picture of it";

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
            let detail = "a defect of this program; the object was set aside";
            Outcome::Quarantined(Quarantine::new(Reason::Internal, detail))
        })
    }

    fn try_process(&self, input: &[u8]) -> Outcome {
        let limits = &self.options.limits;
        let source = match Source::open(input, limits) {
            Ok(source) => source,
            Err(error) => return refused(&error),
        };
        let mut file = match source.parse(limits) {
            Ok(file) => file,
            Err(error) => return refused(&error),
        };
        if is_dicomdir(&file) {
            return Outcome::Skipped(Reason::Dicomdir);
        }
        if let Err(stop) = pixels::clear_overlays(&mut file, limits) {
            return Outcome::Quarantined(stop);
        }
        let decided = self.options.decisions.of(input);
        let is_short = file.mends.contains(&Mend::ShortPixelData);
        let mut worked = match pixels::clean(&mut file, &self.engine, &self.options, decided) {
            Ok(worked) => worked,
            Err(Stop::Quarantine(quarantine)) => return Outcome::Quarantined(quarantine),
            Err(Stop::Drop(reason)) => return Outcome::Skipped(reason),
        };
        if is_short {
            worked.warnings.push(SHORT);
        }
        match self.engine.deidentify(file, worked.cleaning) {
            Ok(done) => self.release(input, done, worked),
            Err(error) => quarantined(&error),
        }
    }

    fn release(&self, input: &[u8], done: obscura_deid::Deidentified, worked: Worked) -> Outcome {
        let mut warnings = worked.warnings;
        warnings.extend(done.face.warning());
        let jpegs = render::jpegs(&done.bytes, &self.options).unwrap_or_else(|warning| {
            warnings.push(warning);
            Vec::new()
        });
        let original = render::original(input, &worked.redactions, &self.options);
        let danger_original = original.unwrap_or_else(|_| {
            warnings.push(NO_ORIGINAL);
            None
        });
        Outcome::Released(Box::new(Release {
            plan: done.plan.summary(),
            dicom: done.bytes,
            place: done.place,
            sop_original: done.sop_original,
            jpegs,
            warnings,
            redactions: worked.redactions,
            danger_original,
            map: if self.options.collect_map {
                done.map
            } else {
                Vec::new()
            },
        }))
    }

    /// The pseudonymous patient of an object, released or not. `None` if it cannot be read.
    pub fn patient(&self, input: &[u8]) -> Option<String> {
        catch_unwind(AssertUnwindSafe(|| {
            let source = Source::open(input, &self.options.limits).ok()?;
            let file = source.parse(&self.options.limits).ok()?;
            Some(self.engine.patient_id(&file))
        }))
        .ok()
        .flatten()
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

    /// Looks for text in the picture of an object and changes nothing. `None` if it has no picture.
    ///
    /// # Errors
    /// [`SurveyError`] if the object or its picture cannot be read.
    pub fn survey(&self, input: &[u8]) -> Result<Option<Survey>, SurveyError> {
        let source = Source::open(input, &self.options.limits)?;
        let file = source.parse(&self.options.limits)?;
        pixels::survey(&file, &self.engine, &self.options)
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
        reason => Outcome::Quarantined(Quarantine::new(reason, error.to_string())),
    }
}

fn quarantined(error: &EngineError) -> Outcome {
    Outcome::Quarantined(Quarantine::new(error.reason(), error.to_string()))
}
