//! [`Sweeper`]: erases what is older than its retention, and ends what waits in vain.
//!
//! Lifecycle rules of buckets act once a day; this acts whenever it runs. It takes every version,
//! delete marker and unfinished upload, whoever put it there.

use std::collections::BTreeMap;
use std::time::Duration;

use obscura_audit::{Action, Actor, Counts, Event, Verdict};
use obscura_core::{FileId, Group, Reason, Timestamp};
use obscura_storage::{
    Bucket, JobRef, ObjectKey, RowKey, Version, VersionKind, erase, versions_of,
};

use super::Ports;
use super::chain::{End, from_here, tell};
use super::close::{audit_key, close, event, note_erased};
use super::error::FlowError;
use super::state::{Behind, Change, FileDoc, JobDoc, OPEN, change, parse, read};

/// How long objects stay. A bucket that is not named is not swept.
#[derive(Debug, Clone, Default)]
pub struct Retention {
    /// By bucket.
    pub kept: BTreeMap<Bucket, Duration>,
    /// Versions that one run removes at most; the next goes on.
    pub max_versions: usize,
}

/// What one run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// Versions and markers that were removed, by bucket.
    pub removed: BTreeMap<Bucket, u64>,
    /// Unfinished uploads that were ended.
    pub uploads: u64,
    /// Files whose time was over.
    pub expired: u64,
    /// The age of the oldest object that is left, by bucket.
    pub oldest: BTreeMap<Bucket, Duration>,
    /// Whether there was more than one run removes.
    pub more: bool,
}

/// Sweeps.
#[derive(Debug)]
pub struct Sweeper {
    ports: Ports,
    retention: Retention,
    actor: Actor,
}

/// Counts of one run by group; what is of no group is under `None`.
type ByGroup = BTreeMap<Option<Group>, Counts>;

impl Sweeper {
    /// Sweeps by this retention.
    pub fn new(ports: Ports, retention: Retention) -> Self {
        Self {
            ports,
            retention,
            actor: Actor::function("sweep"),
        }
    }

    /// One run.
    ///
    /// # Errors
    /// What kept it from its end; what was swept until then stays swept.
    pub fn run(&self) -> Result<Swept, FlowError> {
        let now = self.ports.clock.now();
        let mut swept = Swept::default();
        let mut by_group = ByGroup::new();
        let mut result = Ok(());
        for (bucket, kept) in &self.retention.kept {
            let limit = now.minus(*kept);
            // A bucket that cannot be swept does not keep the others from it.
            let done = self.bucket(*bucket, limit, now, &mut swept, &mut by_group);
            result = result.and(done);
        }
        // What was removed is told even if the rest failed.
        self.tell_all(&by_group)?;
        result?;
        if let Some(kept) = self.retention.kept.get(&Bucket::Intake) {
            swept.expired = self.jobs(now, *kept)?;
        }
        Ok(swept)
    }

    fn bucket(
        &self,
        bucket: Bucket,
        limit: Timestamp,
        now: Timestamp,
        swept: &mut Swept,
        by_group: &mut ByGroup,
    ) -> Result<(), FlowError> {
        let objects = &*self.ports.objects;
        let mut after = None;
        loop {
            let page = objects.versions(bucket, "", after.as_ref())?;
            let (mut old, mut left) = (Vec::new(), Vec::new());
            for version in page.versions {
                if version.modified <= limit {
                    old.push(version);
                } else {
                    left.push(version);
                }
            }
            let removed: u64 = swept.removed.values().sum();
            let room = self.retention.max_versions.saturating_sub(removed as usize);
            if old.len() > room {
                swept.more = true;
                left.extend(old.split_off(room));
            }
            objects.remove(bucket, &old)?;
            count(bucket, &old, swept, by_group);
            for version in left.iter().filter(|one| one.kind == VersionKind::Object) {
                let age = now.since(version.modified);
                let oldest = swept.oldest.entry(bucket).or_default();
                *oldest = age.max(*oldest);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        for upload in objects.pending(bucket, "")? {
            if upload.begun <= limit {
                objects.abort(bucket, &upload)?;
                swept.uploads += 1;
            }
        }
        Ok(())
    }

    /// Each group has a chain of its own for each run that removed something of it.
    fn tell_all(&self, by_group: &ByGroup) -> Result<(), FlowError> {
        for (group, counts) in by_group {
            let group = match group {
                Some(group) => group.clone(),
                None => "foreign"
                    .parse()
                    .map_err(|_| FlowError::Unreadable("group"))?,
            };
            let job = JobRef {
                group,
                job: self.ports.random.job()?,
            };
            let told = Event {
                counts: counts.clone(),
                ..event(&self.actor, Action::Swept)
            };
            tell(&self.ports, &job, Behind(None), &told, End::No)?;
            let key = audit_key(&self.ports, &job)?;
            let end = event(&self.actor, Action::Sealed);
            tell(
                &self.ports,
                &job,
                Behind(None),
                &end,
                End::Seal(key.as_ref()),
            )?;
        }
        Ok(())
    }

    /// Ends the files of open jobs whose original is overdue: swept, or never there.
    fn jobs(&self, now: Timestamp, kept: Duration) -> Result<u64, FlowError> {
        let limit = now.minus(kept);
        let mut expired = 0;
        for job in self.ports.rows.jobs_in(OPEN)? {
            let own = read::<JobDoc>(&*self.ports.rows, &RowKey::Job(job.clone()))?;
            if own.is_none_or(|doc| doc.created > limit) {
                continue;
            }
            for row in self.ports.rows.rows(&job)? {
                let RowKey::File(_, file) = row.key else {
                    continue;
                };
                let doc: FileDoc = parse(&row)?;
                if !doc.is_settled() {
                    expired += u64::from(self.file(&job, file, &doc, now)?);
                }
            }
            close(&self.ports, &job, &self.actor)?;
        }
        Ok(expired)
    }

    /// Ends one file, if it is to end, and says whether its time was over.
    fn file(
        &self,
        job: &JobRef,
        file: FileId,
        doc: &FileDoc,
        now: Timestamp,
    ) -> Result<bool, FlowError> {
        let ports = &self.ports;
        let key = ObjectKey::Intake(job.group.clone(), job.job, file);
        let row = RowKey::File(job.clone(), file);
        if doc.withdrawn {
            // It is being erased; asking for that again goes on with it.
            return Ok(false);
        }
        if doc.is_decided() && !doc.erased {
            // Decided and not erased: a delivery, or a sweep, ended in between and none came after it.
            if let Some(reason) = doc.expired {
                self.tell_expired(job, file, doc, reason)?;
            }
            erase(&*ports.objects, Bucket::Intake, &key.to_string())?;
            note_erased(ports, &row)?;
        }
        if doc.is_decided() && doc.released.is_none() {
            return Ok(false);
        }
        if doc.released.is_some() {
            // Released and not analysed in all that time: over when the release itself is.
            let kept = self.retention.kept.get(&Bucket::Clean);
            let over = kept.is_some_and(|kept| doc.created <= now.minus(*kept));
            return if over {
                self.expire(job, file, doc, Reason::Overdue)
            } else {
                Ok(false)
            };
        }
        if !versions_of(&*ports.objects, Bucket::Intake, &key.to_string())?.is_empty() {
            // It came late and is younger than its retention.
            return Ok(false);
        }
        let reason = match doc.received {
            Some(_) => Reason::Overdue,
            None => Reason::NeverArrived,
        };
        self.expire(job, file, doc, reason)
    }

    fn expire(
        &self,
        job: &JobRef,
        file: FileId,
        doc: &FileDoc,
        reason: Reason,
    ) -> Result<bool, FlowError> {
        let ports = &self.ports;
        let row = RowKey::File(job.clone(), file);
        let released = doc.released.is_some();
        let here = from_here(ports, job)?;
        let mut was_over = false;
        let there = change::<FileDoc>(&*ports.rows, &row, |doc| {
            was_over = false;
            // A delivery, or an analysis, may have been quicker: what it decided stands.
            let quicker = doc.quarantined.is_some()
                || doc.analysed.is_some()
                || doc.released.is_some() != released;
            if doc.is_over() || quicker {
                return Change::None;
            }
            was_over = true;
            doc.expired = Some(reason);
            doc.audit_from.get_or_insert(here);
            doc.erased = false;
            doc.sha256 = None;
            Change::Made
        })?;
        if let Some(doc) = there.filter(|doc| doc.expired.is_some()) {
            self.tell_expired(job, file, &doc, reason)?;
            note_erased(ports, &row)?;
        }
        Ok(was_over)
    }

    fn tell_expired(
        &self,
        job: &JobRef,
        file: FileId,
        doc: &FileDoc,
        reason: Reason,
    ) -> Result<(), FlowError> {
        let told = Event {
            file: Some(file),
            verdict: Verdict::Refused(reason.code().to_owned()),
            ..event(&self.actor, Action::Expired)
        };
        let from = doc.audit_from.unwrap_or(Behind(None));
        tell(&self.ports, job, from, &told, End::No)?;
        Ok(())
    }
}

fn count(bucket: Bucket, removed: &[Version], swept: &mut Swept, by_group: &mut ByGroup) {
    if removed.is_empty() {
        return;
    }
    *swept.removed.entry(bucket).or_default() += removed.len() as u64;
    for version in removed {
        let key = ObjectKey::parse(bucket, version.key.expose());
        let group = key.ok().map(|key| key.group().clone());
        let counts = by_group.entry(group).or_default();
        *counts.entry(bucket.name().to_owned()).or_default() += 1;
    }
}
