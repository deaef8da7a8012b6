//! The commit: names files, tells duplicates from conflicts, writes the manifest.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use obscura_core::Reason;

use super::summary::Summary;
use super::work::{Done, StagedRelease, Worked};
use crate::exit::shown;
use crate::output::OutputError;
use crate::output::layout::original_of;
use crate::output::manifest::former::Former;
use crate::output::manifest::{Fingerprint, Line, Manifest, Status};
use crate::output::map::ExportedMap;
use crate::output::state::OutDir;
use crate::progress::Progress;

/// Digits of the content's hash that tell objects with one SOP Instance UID apart.
const APART_DIGITS: usize = 12;

/// Commits inputs one after the other, in the order of the walk.
pub(super) struct Committer<'a> {
    out: &'a OutDir,
    manifest: Manifest,
    map: Option<ExportedMap>,
    released: Released,
    superseded: HashSet<u64>,
    summary: Summary,
    progress: &'a Progress,
    state: State,
}

/// Whether the record goes on.
enum State {
    Open,
    /// An input before was abandoned: what comes after is left to the next run.
    Closed,
    Failed(OutputError),
}

/// An object that was released.
#[derive(Debug, Clone, Copy)]
struct Variant {
    sha_in: Fingerprint,
    sha_out: Fingerprint,
    /// Where its line begins in the manifest.
    offset: u64,
}

/// What was released, by SOP Instance UID.
#[derive(Debug, Default)]
struct Released {
    first: HashMap<Fingerprint, Variant>,
    /// Others with the same SOP Instance UID and another content.
    others: HashMap<Fingerprint, Vec<Variant>>,
}

impl Released {
    fn variants(&self, sop: Fingerprint) -> impl Iterator<Item = &Variant> {
        self.first
            .get(&sop)
            .into_iter()
            .chain(self.others.get(&sop).into_iter().flatten())
    }

    fn add(&mut self, sop: Fingerprint, variant: Variant) {
        match self.first.entry(sop) {
            Entry::Vacant(place) => {
                place.insert(variant);
            }
            Entry::Occupied(_) => self.others.entry(sop).or_default().push(variant),
        }
    }
}

impl<'a> Committer<'a> {
    pub(super) fn new(
        out: &'a OutDir,
        former: &Former,
        map: Option<ExportedMap>,
        progress: &'a Progress,
    ) -> Result<Self, OutputError> {
        let mut released = Released::default();
        for output in &former.outputs {
            let variant = Variant {
                sha_in: output.sha_in,
                sha_out: output.sha_out,
                offset: output.offset,
            };
            released.add(output.sop, variant);
        }
        Ok(Self {
            out,
            manifest: Manifest::open(&out.path, former.length)?,
            map,
            released,
            superseded: HashSet::new(),
            summary: Summary::default(),
            progress,
            state: State::Open,
        })
    }

    /// Commits one input; breaks when nothing more can be committed.
    pub(super) fn commit(&mut self, done: Done) -> ControlFlow<()> {
        let result = match (&self.state, done) {
            (State::Open, Done::Kept(entry)) => {
                self.summary.keep(&entry);
                self.progress.advance(self.summary.quarantined_total());
                Ok(())
            }
            (State::Open, Done::Worked(worked)) => self.record(*worked),
            (State::Open, Done::Abandoned) => {
                self.state = State::Closed;
                Ok(())
            }
            (State::Open | State::Closed, Done::Failed(line, source)) => {
                let error = OutputError::Write {
                    path: shown(&self.out.path),
                    source,
                };
                self.write_failed(*line);
                Err(error)
            }
            _ => Ok(()),
        };
        if let Err(error) = result {
            self.state = State::Failed(error);
        }
        match self.state {
            State::Open => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }

    fn record(&mut self, worked: Worked) -> Result<(), OutputError> {
        let Worked {
            mut line,
            shown,
            release,
            supersedes,
        } = worked;
        let pair = release.as_ref().map(|r| (r.sop, r.sha_in, r.sha_out));
        if let Some(release) = release {
            let unwritten = line.clone();
            if let Err(error) = self.release(&mut line, release) {
                self.write_failed(unwritten);
                return Err(error);
            }
        }
        let offset = self.manifest.append(&line)?;
        self.superseded.extend(supersedes);
        if let (Some((sop, sha_in, sha_out)), None) = (pair, &line.duplicate_of) {
            self.released.add(
                sop,
                Variant {
                    sha_in,
                    sha_out,
                    offset,
                },
            );
        }
        if self.manifest.is_due() {
            self.flush()?;
        }
        self.summary.add(&line);
        tracing::debug!(input = shown, status = ?line.status, size_bytes = line.size_in, "done");
        if line.status == Status::Quarantined {
            self.progress.quarantined(&shown, &line);
        }
        if line.conflict_with.is_some() {
            self.progress.conflict(&shown);
        }
        self.progress.advance(self.summary.quarantined_total());
        Ok(())
    }

    /// Gives the files of one object their names, or lets them go if they stand there already.
    fn release(&mut self, line: &mut Line, release: StagedRelease) -> Result<(), OutputError> {
        let StagedRelease {
            mut slot,
            sop,
            sha_in,
            sha_out,
            dicom,
            pictures,
            original,
            map,
        } = release;
        let twin = self
            .released
            .variants(sop)
            .find(|v| v.sha_in == sha_in || v.sha_out == sha_out)
            .copied();
        if let Some(twin) = twin {
            let first = self.manifest.read_at(twin.offset)?;
            line.output = first.output;
            line.jpeg = first.jpeg;
            line.danger_original = first.danger_original;
            line.sha256_out = first.sha256_out;
            line.size_out = first.size_out;
            line.reason = Some(Reason::Duplicate);
            line.duplicate_of = Some(first.input);
            return Ok(());
        }
        if let Some(first) = self.released.variants(sop).next().copied() {
            let hash = line.sha256_out.clone().unwrap_or_default();
            let near = |v: &Variant| v.sha_out.shares_prefix(sha_out);
            let digits = if self.released.variants(sop).any(near) {
                hash.len()
            } else {
                APART_DIGITS
            };
            slot = slot.apart(&hash, digits);
            line.conflict_with = self.manifest.read_at(first.offset)?.output;
        }
        let failed = |source| OutputError::Write {
            path: shown(&self.out.path),
            source,
        };
        for (frame, of, staged) in pictures {
            let name = slot.jpeg(frame, of);
            staged.publish(&self.out.path.join(&name)).map_err(failed)?;
            line.jpeg.push(name);
        }
        if let Some((frame, of, staged)) = original {
            let name = original_of(&slot.jpeg(frame, of));
            staged.publish(&self.out.path.join(&name)).map_err(failed)?;
            line.danger_original = Some(name);
        }
        let name = slot.dicom();
        dicom.publish(&self.out.path.join(&name)).map_err(failed)?;
        line.output = Some(name);
        if let Some(exported) = &mut self.map {
            exported.add(&map);
        }
        Ok(())
    }

    /// Records an input whose result could not be written, if even that can be written.
    fn write_failed(&mut self, mut line: Line) {
        line.status = Status::Quarantined;
        line.reason = Some(Reason::WriteFailed);
        line.sha256_out = None;
        line.size_out = None;
        line.plan = None;
        // Written when the run ends: by then the files that were under way have made room.
        let open = matches!(self.state, State::Open);
        if !open || self.manifest.append(&line).is_err() {
            tracing::warn!("an input whose result could not be written is not in the manifest");
        }
    }

    /// The map first: a line of the manifest means that its rows are there.
    fn flush(&mut self) -> Result<(), OutputError> {
        if let Some(map) = &mut self.map {
            map.flush()?;
        }
        self.manifest.flush()
    }

    /// Writes what waits and ends the record.
    pub(super) fn finish(mut self) -> Result<Summary, OutputError> {
        let flushed = self.flush();
        if let State::Failed(error) = self.state {
            if flushed.is_err() {
                tracing::warn!("the manifest lacks the last inputs: the next run does them again");
            }
            return Err(error);
        }
        flushed?;
        self.manifest.finish(&self.superseded)?;
        Ok(self.summary)
    }
}
