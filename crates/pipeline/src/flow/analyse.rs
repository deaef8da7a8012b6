//! [`Analyser`]: looks at what was released, says how good it is technically, and closes the job.
//!
//! Until images are analysed by content this is a check of the release: every object that the
//! record names is there, has the content the record says, is encrypted under the key of the clean
//! bucket, and can be shown.

use obscura_audit::{Action, Actor, Counts, Event, Verdict};
use obscura_core::{ContentHash, FileId, Group, JobId, Limits, Reason};
use obscura_storage::{Encryption, JobRef, ObjectKey, Put, RowKey, StoreError, put_same};

use super::Ports;
use super::chain::{End, from_here, tell};
use super::close::{close, event};
use super::deidentify::RECORD_BYTES;
use super::error::FlowError;
use super::judge::{Quality, is_picture, judge};
use super::record::{AnalysisRecord, Output, ReleaseRecord, SCHEMA};
use super::state::{Analysis, Behind, Decided, FileDoc, decide, read, state_once};

/// Pictures that are decoded at most; of the others only the content is checked.
const PICTURES: usize = 16;

/// How it ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Analysed {
    /// The release holds.
    Holds(Option<Quality>),
    /// It does not.
    Refused(Reason),
    /// It was looked at before.
    Repeated,
    /// The file was erased.
    Gone,
}

/// Looks at releases.
#[derive(Debug)]
pub struct Analyser {
    ports: Ports,
    limits: Limits,
    actor: Actor,
}

impl Analyser {
    /// Looks at releases within these limits.
    pub fn new(ports: Ports, limits: Limits) -> Self {
        Self {
            ports,
            limits,
            actor: Actor::function("analyse"),
        }
    }

    /// Looks at one release, however often it is asked to.
    ///
    /// # Errors
    /// What kept it from its end: to be delivered again.
    pub fn handle(&self, group: &Group, job: JobId, file: FileId) -> Result<Analysed, FlowError> {
        let ports = &self.ports;
        let began = ports.clock.now();
        let job = JobRef {
            group: group.clone(),
            job,
        };
        let row = RowKey::File(job.clone(), file);
        let Some(doc) = read::<FileDoc>(&*ports.rows, &row)? else {
            return Ok(Analysed::Gone);
        };
        if doc.is_over() {
            return Ok(Analysed::Gone);
        }
        if doc.analysed.is_some() {
            close(ports, &job, &self.actor)?;
            return Ok(Analysed::Repeated);
        }
        let found = self.look(&job, file)?;
        let (refused, quality) = match &found {
            Analysed::Holds(quality) => (None, quality.clone()),
            Analysed::Refused(reason) => (Some(*reason), None),
            Analysed::Repeated | Analysed::Gone => return Ok(found),
        };
        let key = ObjectKey::Result(group.clone(), job.job, file);
        let result = AnalysisRecord {
            schema: SCHEMA,
            group: group.clone(),
            job: job.job,
            file,
            refused,
            quality,
        };
        let result = serde_json::to_vec(&result)
            .map_err(|_| FlowError::Unreadable("result of an analysis"))?;
        let here = from_here(ports, &job)?;
        let put = match put_same(&*ports.objects, &key, &result) {
            // The first result stays: what changed since then is for the audit to tell.
            Err(StoreError::Conflict { .. }) => Put::Exists,
            other => other?,
        };
        let from = here.of_put(put, doc.audit_from.unwrap_or(Behind(None)));
        let duration = ports.clock.now().since(began);
        let told = Event {
            file: Some(file),
            output: Some(ContentHash::of(&result)),
            verdict: refused.map_or(Verdict::Done, |reason| {
                Verdict::Refused(reason.code().to_owned())
            }),
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
            counts: Counts::new(),
            ..event(&self.actor, Action::Analysed)
        };
        tell(ports, &job, from, &told, End::No)?;
        let at = ports.clock.now();
        let decided = decide(&*ports.rows, &row, |doc| {
            state_once(&mut doc.analysed, Analysis { at, refused })
        })?;
        if decided == Decided::Gone {
            obscura_storage::erase(&*ports.objects, key.bucket(), &key.to_string())?;
            return Ok(Analysed::Gone);
        }
        close(ports, &job, &self.actor)?;
        Ok(match decided {
            Decided::First => found,
            Decided::Before | Decided::Gone => Analysed::Repeated,
        })
    }

    fn look(&self, job: &JobRef, file: FileId) -> Result<Analysed, FlowError> {
        let key = ObjectKey::Release(job.group.clone(), job.job, file);
        let record = match self.ports.objects.get(&key, RECORD_BYTES) {
            Ok(record) => record,
            Err(StoreError::NotFound { .. }) => return Ok(Analysed::Gone),
            Err(StoreError::TooLarge { .. }) => {
                return Ok(Analysed::Refused(Reason::ReleaseUnreadable));
            }
            Err(error) => return Err(error.into()),
        };
        let Ok(record) = serde_json::from_slice::<ReleaseRecord>(&record) else {
            return Ok(Analysed::Refused(Reason::ReleaseUnreadable));
        };
        let own = record.schema == SCHEMA
            && record.group == job.group
            && record.job == job.job
            && record.file == file
            && !record.outputs.is_empty();
        if !own {
            return Ok(Analysed::Refused(Reason::ReleaseUnreadable));
        }
        let mut quality = None;
        let mut pictures = 0_u32;
        for output in &record.outputs {
            if output.key.group() != &job.group {
                return Ok(Analysed::Refused(Reason::ReleaseUnreadable));
            }
            if !self.stands(output)? {
                return Ok(Analysed::Refused(Reason::ReleaseAltered));
            }
            let body = match output.key {
                ObjectKey::Dicom(..) => self.content(output)?,
                ObjectKey::Jpeg(..) if (pictures as usize) < PICTURES => self.content(output)?,
                ObjectKey::Jpeg(..) => continue,
                _ => return Ok(Analysed::Refused(Reason::ReleaseUnreadable)),
            };
            let Some(body) = body else {
                return Ok(Analysed::Refused(Reason::ReleaseAltered));
            };
            if matches!(output.key, ObjectKey::Jpeg(..)) {
                if !is_picture(&body) {
                    return Ok(Analysed::Refused(Reason::ReleaseUnreadable));
                }
                pictures += 1;
                continue;
            }
            match judge(&body, &self.limits) {
                Ok(found) => quality = found,
                Err(_) => return Ok(Analysed::Refused(Reason::ReleaseUnreadable)),
            }
        }
        let quality = quality.map(|quality| Quality {
            pictures,
            ..quality
        });
        Ok(Analysed::Holds(quality))
    }

    /// Whether an object is there, as the record says, under the right key.
    fn stands(&self, output: &Output) -> Result<bool, FlowError> {
        let Some(meta) = self.ports.objects.head(&output.key)? else {
            return Ok(false);
        };
        Ok(meta.bytes == output.bytes
            && meta.sha256.is_none_or(|hash| hash == output.sha256)
            && meta.encryption == Encryption::OfBucket)
    }

    /// The content of an object; `None` if it is not what the record says.
    fn content(&self, output: &Output) -> Result<Option<Vec<u8>>, FlowError> {
        match self.ports.objects.get(&output.key, output.bytes) {
            Ok(body) if ContentHash::of(&body) == output.sha256 => Ok(Some(body)),
            Ok(_)
            | Err(
                StoreError::NotFound { .. }
                | StoreError::TooLarge { .. }
                | StoreError::Damaged { .. },
            ) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
