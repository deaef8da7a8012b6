//! [`Intake`]: what arrived in the intake bucket is de-identified, or set aside, and erased there.
//!
//! The order is what makes it safe to be killed anywhere: everything made of the original is
//! written first, the release record after it, then the row says so, and only then the original
//! goes. Each step finds what an earlier delivery of the same event did, and does not do it again.

use obscura_audit::{Action, Actor, Counts, Event, Verdict};
use obscura_core::{ContentHash, FileId, Group, JobId, Phi, Reason};
use obscura_storage::{
    Bucket, ForeignKey, JobRef, ObjectKey, Put, Released, RowKey, SecretError, Source, StoreError,
    erase, put_same,
};

use super::chain::{End, from_here, tell};
use super::close::{audit_key, close, event, note_erased};
use super::error::FlowError;
use super::record::{Output, QuarantineNote, ReleaseRecord, SCHEMA};
use super::state::{Behind, Change, Decided, FileDoc, change, decide, read, state_once};
use super::workshop::{Bench, Workshop};
use super::{Ports, kind};
use crate::{Outcome, Release};

/// An object that arrived, by its key.
#[derive(Debug, Clone)]
pub enum Arrived {
    /// Under a key of this program.
    Ours(Group, JobId, FileId),
    /// Under another key: its name, and what tells its version from others.
    Foreign(ForeignKey, String),
}

impl Arrived {
    /// What an event of the intake bucket names.
    pub fn new(key: &str, version: &str) -> Self {
        match ObjectKey::parse(Bucket::Intake, key) {
            Ok(ObjectKey::Intake(group, job, file)) => Self::Ours(group, job, file),
            _ => Self::Foreign(
                ForeignKey {
                    bucket: Bucket::Intake,
                    key: Phi::new(key.to_owned()),
                },
                version.to_owned(),
            ),
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was de-identified and released.
    Released,
    /// It was set aside.
    Quarantined(Reason),
    /// It was done before, and the rest of it is done now.
    Repeated,
    /// There is nothing any more: the file or its job was erased.
    Gone,
}

/// What was done, for logs and metrics: ids, codes and numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// The job, if the key is one of this program's.
    pub job: Option<JobRef>,
    /// The file.
    pub file: Option<FileId>,
    /// How it ended.
    pub ended: Ended,
    /// Bytes that were read.
    pub bytes_read: u64,
    /// How long it took.
    pub duration_ms: u64,
}

/// De-identifies what arrives in the intake bucket.
#[derive(Debug)]
pub struct Intake {
    ports: Ports,
    workshop: Workshop,
    max_bytes: u64,
    actor: Actor,
}

/// A file that is being worked on.
struct Work {
    job: JobRef,
    file: FileId,
    row: RowKey,
    original: ObjectKey,
    from: Behind,
    announced: Option<ContentHash>,
    bytes_read: u64,
}

/// Why a file is set aside.
struct Refusal {
    reason: Reason,
    detail: String,
    patient: Option<String>,
    input: Option<ContentHash>,
}

impl Intake {
    /// Takes files up to `max_bytes`; larger ones are set aside unread.
    pub fn new(ports: Ports, workshop: Workshop, max_bytes: u64) -> Self {
        Self {
            ports,
            workshop,
            max_bytes,
            actor: Actor::function("deidentify"),
        }
    }

    /// Does what is to be done about an object that arrived, whatever was done before.
    ///
    /// # Errors
    /// What kept it from its end: to be delivered again.
    pub fn handle(&self, arrived: &Arrived) -> Result<Handled, FlowError> {
        let began = self.ports.clock.now();
        let mut handled = match arrived {
            Arrived::Ours(group, job, file) => {
                let job = JobRef {
                    group: group.clone(),
                    job: *job,
                };
                self.ours(job, *file)?
            }
            Arrived::Foreign(key, version) => self.foreign(key, version)?,
        };
        let duration = self.ports.clock.now().since(began);
        handled.duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Ok(handled)
    }

    fn ours(&self, job: JobRef, file: FileId) -> Result<Handled, FlowError> {
        let ports = &self.ports;
        let row = RowKey::File(job.clone(), file);
        let original = ObjectKey::Intake(job.group.clone(), job.job, file);
        let now = ports.clock.now();
        let here = from_here(ports, &job)?;
        let claimed = change::<FileDoc>(&*ports.rows, &row, |doc| {
            if doc.is_decided() || doc.withdrawn {
                return Change::None;
            }
            doc.attempts += 1;
            doc.received.get_or_insert(now);
            doc.audit_from.get_or_insert(here);
            Change::Made
        })?;
        let mut work = Work {
            file,
            row,
            original,
            from: here,
            announced: None,
            bytes_read: 0,
            job,
        };
        let Some(doc) = claimed else {
            let ended = self.unannounced(&work)?;
            return Ok(work.handled(ended));
        };
        work.from = doc.audit_from.unwrap_or(here);
        work.announced = doc.sha256;
        let ended = if doc.withdrawn {
            erase(&*ports.objects, Bucket::Intake, &work.original.to_string())?;
            Ended::Gone
        } else if doc.is_decided() {
            self.finish(&work, work.from)?;
            Ended::Repeated
        } else {
            self.work(&mut work, doc.bytes)?
        };
        Ok(work.handled(ended))
    }

    /// Reads the original and does what comes of it.
    fn work(&self, work: &mut Work, announced: u64) -> Result<Ended, FlowError> {
        let limit = self.max_bytes;
        let bytes = match self.ports.objects.get(&work.original, limit) {
            Ok(bytes) => bytes,
            Err(StoreError::TooLarge { .. }) => {
                let refusal = Refusal::of(Reason::LimitExceeded, "larger than files may be here");
                return self.set_aside(work, refusal);
            }
            Err(StoreError::NotFound { .. }) => return self.missing(work),
            Err(error) => return Err(error.into()),
        };
        work.bytes_read = bytes.len() as u64;
        let content = ContentHash::of(&bytes);
        let as_announced = work.announced.is_none_or(|hash| hash == content);
        if !as_announced || announced != bytes.len() as u64 {
            let refusal = Refusal::of(Reason::ChecksumMismatch, "not what was announced");
            return self.set_aside(work, refusal);
        }
        let bench = self
            .workshop
            .bench(&work.job.group, &*self.ports.secrets, &*self.ports.clock);
        let bench = match bench {
            Ok(bench) => bench,
            Err(SecretError::NoGroup) => {
                let refusal = Refusal::of(Reason::GroupWithoutKey, "the group was never added");
                return self.set_aside(work, refusal);
            }
            Err(SecretError::Destroyed) => {
                let refusal = Refusal::of(Reason::GroupShredded, "the group was shredded");
                return self.set_aside(work, refusal);
            }
            Err(error) => return Err(FlowError::Secret(error)),
        };
        let input = bench
            .pseudonyms
            .object(&content, self.workshop.way().name());
        let began = self.ports.clock.now();
        let refusal = match bench.engine.process(&bytes) {
            Outcome::Released(release) => {
                let duration = self.ports.clock.now().since(began);
                let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
                match self.release(work, &release, input, duration_ms) {
                    Err(FlowError::Store(StoreError::Conflict { .. })) => {
                        Refusal::of(Reason::OutputConflict, "another result is there")
                    }
                    other => return other,
                }
            }
            Outcome::Quarantined(aside) => Refusal::of(aside.reason, aside.detail),
            Outcome::Skipped(Reason::NotDicom) => {
                Refusal::of(kind::reason(&bytes), "not a DICOM object")
            }
            Outcome::Skipped(reason) => Refusal::of(reason, "nothing to de-identify"),
        };
        self.set_aside(work, refusal.by(&bench, &bytes, input))
    }

    /// Writes everything made of the original, says so, and erases it.
    fn release(
        &self,
        work: &Work,
        release: &Release,
        input: ContentHash,
        duration_ms: u64,
    ) -> Result<Ended, FlowError> {
        let ports = &self.ports;
        let place = &release.place;
        let parts = [&*place.patient, &*place.study, &*place.series, &*place.sop];
        let Ok(place) = Released::new(parts, &input) else {
            let refusal = Refusal::of(Reason::Internal, "a pseudonym is not a plain name");
            return self.set_aside(work, refusal);
        };
        let group = &work.job.group;
        let dicom = ObjectKey::Dicom(group.clone(), place.clone());
        let mut outputs = vec![output(dicom, &release.dicom)];
        outputs.extend(release.jpegs.iter().map(|jpeg| {
            let frame = (jpeg.of > 1).then_some(jpeg.frame);
            let key = ObjectKey::Jpeg(group.clone(), place.clone(), frame);
            output(key, &jpeg.bytes)
        }));
        if !self.begin(work, &place)? {
            self.withdraw(work, &outputs)?;
            return Ok(Ended::Gone);
        }
        for (output, jpeg) in outputs.iter().skip(1).zip(&release.jpegs) {
            put_same(&*ports.objects, &output.key, &jpeg.bytes)?;
        }
        let here = from_here(ports, &work.job)?;
        let put = put_same(&*ports.objects, &outputs[0].key, &release.dicom)?;
        let from = here.of_put(put, work.from);
        let told = Event {
            file: Some(work.file),
            input: Some(input),
            output: Some(outputs[0].sha256),
            rules: Some(self.workshop.way().rules().clone()),
            duration_ms,
            counts: counts(release, &outputs),
            ..event(&self.actor, Action::Deidentified)
        };
        let from = tell(ports, &work.job, from, &told, End::No)?.or(work.from);
        let record = self.record(work, release, input, outputs.clone())?;
        put_same(&*ports.objects, &work.release_key(), &record)?;
        let now = ports.clock.now();
        let decided = decide(&*ports.rows, &work.row, |doc| {
            let stated = state_once(&mut doc.released, now);
            if stated == Change::Made {
                doc.sha256 = None;
            }
            stated
        })?;
        if decided == Decided::Gone {
            self.withdraw(work, &outputs)?;
            return Ok(Ended::Gone);
        }
        self.finish(work, from)?;
        Ok(Ended::Released.of(decided))
    }

    /// Says whose a file is and where what is made of it goes, before anything of it is written: whoever
    /// erases this person meanwhile finds the file, and everything made of it. `false` if the file is no more.
    fn begin(&self, work: &Work, place: &Released) -> Result<bool, FlowError> {
        let text = place.to_string();
        let begun = decide(&*self.ports.rows, &work.row, |doc| {
            if doc.is_decided() || doc.places.contains(&text) {
                return Change::None;
            }
            doc.patient = Some(place.patient().to_owned());
            doc.places.push(text.clone());
            Change::Made
        })?;
        Ok(begun != Decided::Gone)
    }

    fn record(
        &self,
        work: &Work,
        release: &Release,
        input: ContentHash,
        outputs: Vec<Output>,
    ) -> Result<Vec<u8>, FlowError> {
        let unreadable = |_| FlowError::Unreadable("release record");
        let kept = release.redactions.iter().filter(|one| one.kept).count() as u64;
        let record = ReleaseRecord {
            schema: SCHEMA,
            group: work.job.group.clone(),
            job: work.job.job,
            file: work.file,
            input,
            rules: self.workshop.way().rules().clone(),
            outputs,
            plan: serde_json::to_value(&release.plan).map_err(unreadable)?,
            blanked: release.redactions.len() as u64 - kept,
            kept,
            warnings: release.warnings.iter().map(ToString::to_string).collect(),
        };
        serde_json::to_vec(&record).map_err(unreadable)
    }

    /// Takes back what was written of a file whose time was over meanwhile, or that was erased at a
    /// person's request. An erasure may have taken the record already, which would name the outputs.
    fn withdraw(&self, work: &Work, outputs: &[Output]) -> Result<(), FlowError> {
        let objects = &*self.ports.objects;
        for output in outputs {
            erase(objects, output.key.bucket(), &output.key.to_string())?;
        }
        erase(objects, Bucket::Clean, &work.release_key().to_string())?;
        erase(objects, Bucket::Intake, &work.original.to_string())?;
        Ok(())
    }

    /// Moves the original to the quarantine, with a note beside it.
    fn set_aside(&self, work: &Work, refusal: Refusal) -> Result<Ended, FlowError> {
        let ports = &self.ports;
        let Refusal {
            reason,
            detail,
            patient,
            input,
        } = refusal;
        let here = from_here(ports, &work.job)?;
        let Some(put) = self.quarantine(work, reason, detail)? else {
            return self.missing(work);
        };
        let from = here.of_put(put, work.from);
        let told = Event {
            file: Some(work.file),
            input,
            verdict: Verdict::Refused(reason.code().to_owned()),
            counts: Counts::from([("bytes".to_owned(), work.bytes_read)]),
            ..event(&self.actor, Action::Quarantined)
        };
        let from = tell(ports, &work.job, from, &told, End::No)?.or(work.from);
        let decided = decide(&*ports.rows, &work.row, |doc| {
            let stated = state_once(&mut doc.quarantined, reason);
            if stated == Change::Made {
                doc.patient.clone_from(&patient);
                doc.sha256 = None;
            }
            stated
        })?;
        if decided == Decided::Gone {
            for key in work.quarantine_keys() {
                erase(&*ports.objects, Bucket::Quarantine, &key.to_string())?;
            }
            erase(&*ports.objects, Bucket::Intake, &work.original.to_string())?;
            return Ok(Ended::Gone);
        }
        self.finish(work, from)?;
        Ok(Ended::Quarantined(reason).of(decided))
    }

    /// Copies the original to the quarantine, once, and says whether its note is new. `None` if there is
    /// no original.
    fn quarantine(
        &self,
        work: &Work,
        reason: Reason,
        detail: String,
    ) -> Result<Option<Put>, FlowError> {
        let objects = &*self.ports.objects;
        let [aside, note_key] = work.quarantine_keys();
        if objects.head(&aside)?.is_none() {
            match objects.copy(Source::Ours(&work.original), &aside) {
                Ok(()) => {}
                Err(StoreError::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Some(objects.put(&note_key, &note(reason, detail)?)?))
    }

    /// Erases the original of a file that is decided, and closes the job if it was the last. `from` is
    /// where it can have been told already: behind the decision.
    fn finish(&self, work: &Work, from: Behind) -> Result<(), FlowError> {
        let ports = &self.ports;
        let erased = erase(&*ports.objects, Bucket::Intake, &work.original.to_string())?;
        let told = Event {
            file: Some(work.file),
            counts: Counts::from([("versions".to_owned(), erased.versions)]),
            ..event(&self.actor, Action::OriginalErased)
        };
        tell(ports, &work.job, from, &told, End::No)?;
        note_erased(ports, &work.row)?;
        close(ports, &work.job, &self.actor)
    }

    /// The original is not there: another delivery was quicker, or the file was erased.
    fn missing(&self, work: &Work) -> Result<Ended, FlowError> {
        match read::<FileDoc>(&*self.ports.rows, &work.row)? {
            None => Ok(Ended::Gone),
            Some(doc) if doc.withdrawn => Ok(Ended::Gone),
            Some(doc) if doc.is_decided() => {
                self.finish(work, work.from)?;
                Ok(Ended::Repeated)
            }
            Some(_) => Err(FlowError::OriginalMissing),
        }
    }

    /// An object under a key of ours that no row announces.
    fn unannounced(&self, work: &Work) -> Result<Ended, FlowError> {
        let reason = Reason::UnannouncedUpload;
        let moved = self.quarantine(work, reason, "no job announced it".to_owned())?;
        if moved.is_none() {
            return Ok(Ended::Gone);
        }
        let original = work.original.to_string();
        let (job, _) = ids_of(&original);
        let group = work.job.group.clone();
        self.tell_alone(&JobRef { group, job }, work.file, reason)?;
        erase(&*self.ports.objects, Bucket::Intake, &original)?;
        Ok(Ended::Quarantined(reason))
    }

    /// Tells of an object that belongs to no job in a chain of its own.
    fn tell_alone(&self, job: &JobRef, file: FileId, reason: Reason) -> Result<(), FlowError> {
        let told = Event {
            file: Some(file),
            verdict: Verdict::Refused(reason.code().to_owned()),
            ..event(&self.actor, Action::Quarantined)
        };
        tell(&self.ports, job, Behind(None), &told, End::No)?;
        let key = audit_key(&self.ports, job)?;
        let sealed = event(&self.actor, Action::Sealed);
        tell(
            &self.ports,
            job,
            Behind(None),
            &sealed,
            End::Seal(key.as_ref()),
        )?;
        Ok(())
    }

    /// An object under a key that is not ours: its name is not kept, so it gets one that is made of
    /// what tells its version from others.
    fn foreign(&self, key: &ForeignKey, version: &str) -> Result<Handled, FlowError> {
        let objects = &*self.ports.objects;
        let (job, file) = ids_of(version);
        let group: Group = "foreign"
            .parse()
            .map_err(|_| FlowError::Unreadable("group"))?;
        let aside = ObjectKey::Quarantine(group.clone(), job, file);
        let reason = Reason::ForeignObject;
        let mut ended = Ended::Quarantined(reason);
        let copied = match objects.head(&aside)? {
            Some(_) => Ok(()),
            None => objects.copy(Source::Foreign(key), &aside),
        };
        match copied {
            Ok(()) => {
                let detail = "its key is not one of this program".to_owned();
                let note_key = ObjectKey::QuarantineNote(group.clone(), job, file);
                objects.put(&note_key, &note(reason, detail)?)?;
                self.tell_alone(&JobRef { group, job }, file, reason)?;
                erase(objects, key.bucket, key.key.expose())?;
            }
            Err(StoreError::NotFound { .. }) => ended = Ended::Gone,
            Err(error) => return Err(error.into()),
        }
        Ok(Handled {
            job: None,
            file: None,
            ended,
            bytes_read: 0,
            duration_ms: 0,
        })
    }
}

/// A record is small; more is not read.
pub(crate) const RECORD_BYTES: u64 = 64 << 20;

impl Ended {
    /// How it ended for the one of several deliveries at once that decided it; for the others it was done.
    const fn of(self, decided: Decided) -> Self {
        match decided {
            Decided::First => self,
            Decided::Before => Self::Repeated,
            Decided::Gone => Self::Gone,
        }
    }
}

impl Work {
    fn handled(&self, ended: Ended) -> Handled {
        Handled {
            job: Some(self.job.clone()),
            file: Some(self.file),
            ended,
            bytes_read: self.bytes_read,
            duration_ms: 0,
        }
    }

    fn release_key(&self) -> ObjectKey {
        ObjectKey::Release(self.job.group.clone(), self.job.job, self.file)
    }

    fn quarantine_keys(&self) -> [ObjectKey; 2] {
        let group = &self.job.group;
        [
            ObjectKey::Quarantine(group.clone(), self.job.job, self.file),
            ObjectKey::QuarantineNote(group.clone(), self.job.job, self.file),
        ]
    }
}

impl Refusal {
    fn of(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
            patient: None,
            input: None,
        }
    }

    /// The same, with what the group's key says of the object: whose it is, for erasure.
    fn by(self, bench: &Bench, bytes: &[u8], input: ContentHash) -> Self {
        Self {
            patient: bench.engine.patient(bytes),
            input: Some(input),
            ..self
        }
    }
}

/// Ids that are made of a text, and tell nothing of it.
fn ids_of(text: &str) -> (JobId, FileId) {
    let hash = ContentHash::of(text.as_bytes());
    let (mut job, mut file) = ([0; 16], [0; 16]);
    job.copy_from_slice(&hash.as_bytes()[..16]);
    file.copy_from_slice(&hash.as_bytes()[16..]);
    (JobId::from_bytes(job), FileId::from_bytes(file))
}

fn note(reason: Reason, detail: String) -> Result<Vec<u8>, FlowError> {
    let note = QuarantineNote {
        schema: SCHEMA,
        reason,
        detail,
    };
    serde_json::to_vec(&note).map_err(|_| FlowError::Unreadable("quarantine note"))
}

fn output(key: ObjectKey, bytes: &[u8]) -> Output {
    Output {
        key,
        sha256: ContentHash::of(bytes),
        bytes: bytes.len() as u64,
    }
}

fn counts(release: &Release, outputs: &[Output]) -> Counts {
    let blanked = release.redactions.iter().filter(|one| !one.kept).count();
    Counts::from([
        ("elements".to_owned(), release.plan.elements),
        ("outputs".to_owned(), outputs.len() as u64),
        (
            "bytes".to_owned(),
            outputs.iter().map(|one| one.bytes).sum(),
        ),
        ("blanked".to_owned(), blanked as u64),
        ("warnings".to_owned(), release.warnings.len() as u64),
    ])
}
