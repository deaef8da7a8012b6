//! What a worker does to one input: look whether it is done already, read it, have it
//! de-identified, write the result without its name.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use obscura_core::{Limits, Reason};
use sha2::{Digest, Sha256};

use super::budget::Budget;
use crate::engine::{Engine, MapEntry, Outcome, Release};
use crate::output::atomic::{Access, Staged};
use crate::output::layout::Slot;
use crate::output::manifest::former::{Entry, Former, Validity};
use crate::output::manifest::{Fingerprint, Line, Status, hex};
use crate::output::state::OutDir;
use crate::sources::{Input, ReadFailure, Reader};

/// What became of an input, before it is committed.
pub(super) enum Done {
    /// A former run did it, and nothing has changed.
    Kept(Entry),
    /// Done now.
    Worked(Box<Worked>),
    /// The result could not be written.
    Failed(Box<Line>, io::Error),
    /// Not begun: the run is ending.
    Abandoned,
}

/// An input that was worked on.
pub(super) struct Worked {
    /// What the manifest will say; outputs are named by the commit.
    pub(super) line: Line,
    /// The input as a person would name it.
    pub(super) shown: String,
    /// What is to be released.
    pub(super) release: Option<StagedRelease>,
    /// Where the manifest's former line about this input begins, if this one takes its place.
    pub(super) supersedes: Option<u64>,
}

/// Files that are complete but have no name yet.
pub(super) struct StagedRelease {
    /// Where they belong.
    pub(super) slot: Slot,
    /// The pseudonym of the SOP Instance UID.
    pub(super) sop: Fingerprint,
    /// SHA-256 of the input.
    pub(super) sha_in: Fingerprint,
    /// SHA-256 of the DICOM file.
    pub(super) sha_out: Fingerprint,
    /// The DICOM file.
    pub(super) dicom: Staged,
    /// The pictures: frame, of how many, file.
    pub(super) pictures: Vec<(u32, u32, Staged)>,
    /// The first changed frame as it was: frame, of how many, file.
    pub(super) original: Option<(u32, u32, Staged)>,
    /// Originals and pseudonyms.
    pub(super) map: Vec<MapEntry>,
}

/// One worker.
pub(super) struct Worker<'a> {
    engine: &'a dyn Engine,
    out: &'a OutDir,
    former: &'a Former,
    budget: &'a Budget,
    reader: Reader,
}

impl<'a> Worker<'a> {
    pub(super) fn new(
        engine: &'a dyn Engine,
        out: &'a OutDir,
        former: &'a Former,
        budget: &'a Budget,
        limits: Limits,
    ) -> Self {
        Self {
            engine,
            out,
            former,
            budget,
            reader: Reader::new(limits),
        }
    }

    /// Works on one input.
    pub(super) fn work(&mut self, input: &Input) -> Done {
        let source = &input.source.canonical;
        let mut line = Line::new(source, &input.name);
        let entry = if self.former.inputs.is_empty() {
            None
        } else {
            self.former
                .inputs
                .get(&Fingerprint::of_input(source, &input.name))
                .copied()
        };
        let opened = match self.reader.open(input) {
            Ok(opened) => opened,
            Err(failure) => return refused(line, input, entry, &failure),
        };
        line.size_in = opened.loaded.size;
        line.mtime_in = opened.loaded.modified;
        let standing = entry.filter(|entry| entry.standing == Validity::Good);
        if let Some(entry) = standing.filter(|entry| entry.loaded == opened.loaded) {
            return Done::Kept(entry);
        }
        let share = self.budget.take(line.size_in);
        let bytes = match opened.read() {
            Ok(bytes) => bytes,
            Err(failure) => return refused(line, input, entry, &failure),
        };
        let sha_in: [u8; 32] = Sha256::digest(bytes).into();
        let content = Fingerprint::of_digest(&sha_in);
        if let Some(entry) = standing.filter(|entry| entry.sha_in == Some(content)) {
            return Done::Kept(entry);
        }
        line.sha256_in = Some(hex(&sha_in));
        // A line about another content that was released stays true and stays in the manifest.
        let supersedes = entry
            .filter(|e| e.standing == Validity::Again || e.status != Status::Released)
            .map(|e| e.offset);
        let outcome = catch_unwind(AssertUnwindSafe(|| self.engine.process(bytes)));
        let staged = self.settle(&mut line, outcome.ok(), content);
        self.reader.rest();
        drop(share);
        match staged {
            Ok(release) => Done::Worked(Box::new(Worked {
                line,
                shown: input.shown(),
                release,
                supersedes,
            })),
            Err(error) => Done::Failed(Box::new(line), error),
        }
    }

    /// Fills in the line and stages what is to be released.
    fn settle(
        &self,
        line: &mut Line,
        outcome: Option<Outcome>,
        sha_in: Fingerprint,
    ) -> io::Result<Option<StagedRelease>> {
        match outcome {
            Some(Outcome::Released(release)) => match Slot::new(&release.place) {
                Some(slot) => return self.stage(line, *release, slot, sha_in).map(Some),
                None => set(line, Status::Quarantined, Reason::Internal, DEFECT),
            },
            Some(Outcome::Quarantined {
                reason,
                detail,
                left,
            }) => {
                set(line, Status::Quarantined, reason, &detail);
                if let Some(left) = left {
                    line.redactions = left;
                }
            }
            Some(Outcome::Skipped(reason)) => set(line, Status::Skipped, reason, ""),
            None => set(line, Status::Quarantined, Reason::Internal, DEFECT),
        }
        Ok(None)
    }

    fn stage(
        &self,
        line: &mut Line,
        release: Release,
        slot: Slot,
        sha_in: Fingerprint,
    ) -> io::Result<StagedRelease> {
        let sha_out: [u8; 32] = Sha256::digest(&release.dicom).into();
        line.status = Status::Released;
        line.sha256_out = Some(hex(&sha_out));
        line.size_out = Some(release.dicom.len() as u64);
        line.plan = Some(release.plan);
        line.redactions = release.redactions;
        line.warnings = release.warnings;
        let dicom = self.out.write(&release.dicom, Access::Usual)?;
        drop(release.dicom);
        let pictures = release.jpegs.into_iter().map(|picture| {
            self.out
                .write(&picture.bytes, Access::Usual)
                .map(|staged| (picture.frame, picture.of, staged))
        });
        let original = release.danger_original.map(|picture| {
            let staged = self.out.write(&picture.bytes, Access::Owner)?;
            Ok::<_, io::Error>((picture.frame, picture.of, staged))
        });
        Ok(StagedRelease {
            slot,
            sop: Fingerprint::of_text(&release.place.sop),
            sha_in,
            sha_out: Fingerprint::of_digest(&sha_out),
            dicom,
            pictures: pictures.collect::<io::Result<_>>()?,
            original: original.transpose()?,
            map: release.map,
        })
    }
}

/// What is said of an input that met a defect.
const DEFECT: &str = "a defect of this program; the object was set aside";

/// An input that met a defect outside the engine.
pub(super) fn defect(input: &Input) -> Done {
    let mut line = Line::new(&input.source.canonical, &input.name);
    set(&mut line, Status::Quarantined, Reason::Internal, DEFECT);
    Done::Worked(Box::new(Worked {
        line,
        shown: input.shown(),
        release: None,
        supersedes: None,
    }))
}

/// An input whose bytes cannot be had.
fn refused(mut line: Line, input: &Input, entry: Option<Entry>, failure: &ReadFailure) -> Done {
    let unchanged = |e: &Entry| e.reason == Some(failure.reason) && e.sha_in.is_none();
    if let Some(entry) = entry.filter(unchanged) {
        return Done::Kept(entry);
    }
    let status = match failure.reason {
        Reason::NotDicom => Status::Skipped,
        _ => Status::Quarantined,
    };
    set(&mut line, status, failure.reason, &failure.detail);
    // A released line about what was there before stays.
    let supersedes = entry
        .filter(|e| e.status != Status::Released)
        .map(|e| e.offset);
    Done::Worked(Box::new(Worked {
        line,
        shown: input.shown(),
        release: None,
        supersedes,
    }))
}

fn set(line: &mut Line, status: Status, reason: Reason, detail: &str) {
    line.status = status;
    line.reason = Some(reason);
    line.detail = (!detail.is_empty()).then(|| detail.to_owned());
}
