//! [`Eraser`]: a person's right to erasure (GDPR article 17), and a job's.
//!
//! Every bucket but the audit's, every version, every row. The audit holds nothing of a person: ids
//! that are random, keyed hashes, counts. What was erased is looked for again before the receipt is
//! signed; a receipt says by counts what went.

use std::collections::BTreeSet;
use std::sync::Arc;

use obscura_audit::{Action, Actor, Counts, Event, Receipt, SignedReceipt, Subject, canonical};
use obscura_core::{FileId, Group, JobId, Phi, Pseudonyms};
use obscura_storage::{
    Bucket, JobRef, ObjectKey, Released, RowKey, SecretError, Signer, StoreError, erase,
    versions_of,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Ports;
use super::chain::{End, from_here, tell};
use super::close::{close, event};
use super::deidentify::RECORD_BYTES;
use super::error::FlowError;
use super::record::{ReleaseRecord, SCHEMA};
use super::state::{Change, FileDoc, JobDoc, change, parse, read};

/// Whom or what to erase.
#[derive(Debug, Clone)]
pub enum Target {
    /// A job.
    Job(JobId),
    /// A person, by the pseudonym.
    Pseudonym(String),
    /// A person, by the original Patient ID: it is keyed in memory and goes nowhere.
    PatientId(Phi<String>),
}

/// Whom or what to erase, as it is asked for: one of these.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Asked {
    /// A job.
    Job(JobId),
    /// A person, by the pseudonym.
    Pseudonym(String),
    /// A person, by the original Patient ID.
    PatientId(String),
}

impl From<Asked> for Target {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Job(job) => Self::Job(job),
            Asked::Pseudonym(pseudonym) => Self::Pseudonym(pseudonym),
            Asked::PatientId(id) => Self::PatientId(Phi::new(id)),
        }
    }
}

/// What `obscura aws erase` asks of the erase function, by itself and not by the API: whoever may call the
/// function may erase.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseCommand {
    /// The tenant.
    pub group: Group,
    /// Whom or what.
    pub erase: Asked,
}

/// Why nothing was erased, or not all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EraseError {
    /// The pseudonym is not one.
    #[error("this is no pseudonym")]
    NotAPseudonym,
    /// The group has no key to find the person by.
    #[error("the group has no key, so an original Patient ID cannot be found")]
    NoKey,
    /// Something was still there after everything was erased: it is being written right now.
    #[error("{0} versions came back while it was erased; ask again")]
    Remaining(u64),
    /// Something that may pass: ask again.
    #[error("the erasure did not come to its end; ask again")]
    Flow(#[from] FlowError),
}

impl From<StoreError> for EraseError {
    fn from(error: StoreError) -> Self {
        Self::Flow(FlowError::Store(error))
    }
}

/// Erases.
#[derive(Debug)]
pub struct Eraser {
    ports: Ports,
    signer: Arc<dyn Signer>,
}

/// What there is to erase.
#[derive(Debug, Default)]
struct Plan {
    rows: BTreeSet<RowKey>,
    jobs: BTreeSet<JobRef>,
    /// Whole keys.
    keys: BTreeSet<ObjectKey>,
    /// Beginnings of keys.
    prefixes: BTreeSet<(Bucket, String)>,
    /// Files whose release record does not tell what was made of them.
    unreadable: BTreeSet<RowKey>,
}

impl Plan {
    /// Leaves out what a shorter beginning covers: each of them is asked for by calls of its own, and a job
    /// can have thousands of files.
    fn tidy(&mut self) {
        let mut kept = BTreeSet::<(Bucket, String)>::new();
        // What begins with another stands behind it, and what stands between them begins with it too.
        for one in std::mem::take(&mut self.prefixes) {
            if !covers(kept.last(), one.0, &one.1) {
                kept.insert(one);
            }
        }
        self.keys.retain(|key| {
            let own = (key.bucket(), key.to_string());
            !covers(kept.range(..=&own).next_back(), own.0, &own.1)
        });
        self.prefixes = kept;
    }
}

/// Whether everything that begins with `text` begins with this.
fn covers(prefix: Option<&(Bucket, String)>, bucket: Bucket, text: &str) -> bool {
    prefix.is_some_and(|(of, prefix)| *of == bucket && text.starts_with(prefix.as_str()))
}

impl Eraser {
    /// Erases, and signs receipts with this signer.
    pub fn new(ports: Ports, signer: Arc<dyn Signer>) -> Self {
        Self { ports, signer }
    }

    /// Erases a person or a job of a group, in whatever state it is, and gives the receipt.
    ///
    /// # Errors
    /// [`EraseError`]; what was erased until then stays erased, and asking again goes on.
    pub fn erase(
        &self,
        group: &Group,
        target: &Target,
        actor: &Actor,
    ) -> Result<SignedReceipt, EraseError> {
        let pseudonyms = match self.ports.secrets.secret(group) {
            Ok(secret) => Some(Pseudonyms::new(&secret)),
            Err(SecretError::NoGroup | SecretError::Destroyed) => None,
            Err(error) => return Err(FlowError::Secret(error).into()),
        };
        let (plan, subject) = match target {
            Target::Job(job) => (self.plan_job(group, *job)?, Subject::Job(*job)),
            Target::Pseudonym(patient) => self.plan_person(group, patient, pseudonyms.as_ref())?,
            Target::PatientId(id) => {
                let pseudonyms = pseudonyms.as_ref().ok_or(EraseError::NoKey)?;
                let patient = pseudonyms.patient("", id.expose()).patient_id();
                self.plan_person(group, &patient, Some(pseudonyms))?
            }
        };
        let mut plan = plan;
        let mut erased = Counts::new();
        self.withdraw(&mut plan)?;
        plan.tidy();
        for key in &plan.keys {
            let versions = erase(&*self.ports.objects, key.bucket(), &key.to_string())?.versions;
            add(&mut erased, key.bucket().name(), versions);
        }
        for (bucket, prefix) in &plan.prefixes {
            let versions = self.remove_all(*bucket, prefix)?;
            add(&mut erased, bucket.name(), versions);
        }
        let remaining = self.remaining(&plan)?;
        if remaining > 0 {
            return Err(EraseError::Remaining(remaining));
        }
        add(&mut erased, "rows", plan.rows.len() as u64);
        for job in &plan.jobs {
            self.tell_job(job, actor, &erased)?;
        }
        for row in &plan.rows {
            self.ports.rows.remove(row)?;
        }
        for job in &plan.jobs {
            self.end_job(job, actor)?;
        }
        let repeated = erased.is_empty();
        let receipt = Receipt {
            schema: SCHEMA,
            id: self.ports.random.job()?,
            group: group.clone(),
            at: self.ports.clock.now(),
            actor: actor.clone(),
            subject,
            erased,
            remaining,
            repeated,
        };
        self.sign(receipt)
    }

    /// Says of each file that it is being erased. Whoever works on one finds that and takes back what it
    /// made; where that stands was said before it was written. The rows go last: as long as one is there,
    /// asking again finds what is left.
    fn withdraw(&self, plan: &mut Plan) -> Result<(), EraseError> {
        let rows = &*self.ports.rows;
        for row in &plan.rows {
            let there = change::<FileDoc>(rows, row, |doc| {
                if doc.withdrawn {
                    return Change::None;
                }
                doc.withdrawn = true;
                Change::Made
            })?;
            let group = &row.job().group;
            if there.as_ref().is_some_and(|doc| !doc.places.is_empty()) {
                plan.unreadable.remove(row);
            }
            for place in there.iter().flat_map(|doc| &doc.places) {
                let place = place.parse::<Released>();
                let place = place.map_err(|_| FlowError::Unreadable("row of a file"))?;
                let prefixes = ObjectKey::of_released(group, &place);
                plan.prefixes
                    .extend(prefixes.map(|prefix| (Bucket::Clean, prefix)));
            }
        }
        if plan.unreadable.is_empty() {
            Ok(())
        } else {
            Err(FlowError::Unreadable("release record").into())
        }
    }

    fn plan_job(&self, group: &Group, job: JobId) -> Result<Plan, EraseError> {
        let job = JobRef {
            group: group.clone(),
            job,
        };
        let mut plan = Plan::default();
        for row in self.ports.rows.rows(&job)? {
            if let RowKey::File(_, file) = row.key {
                self.add_file(&mut plan, &job, file)?;
            }
        }
        // What a row no longer tells of, the keys do.
        for (bucket, prefix) in ObjectKey::of_job(group, job.job) {
            if prefix.starts_with("release/") {
                self.add_outputs_under(&mut plan, &prefix)?;
            }
            plan.prefixes.insert((bucket, prefix));
        }
        plan.jobs.insert(job);
        Ok(plan)
    }

    fn plan_person(
        &self,
        group: &Group,
        patient: &str,
        pseudonyms: Option<&Pseudonyms>,
    ) -> Result<(Plan, Subject), EraseError> {
        let prefixes = ObjectKey::of_patient(group, patient);
        let prefixes = prefixes.map_err(|_| EraseError::NotAPseudonym)?;
        let mut plan = Plan::default();
        for prefix in prefixes {
            plan.prefixes.insert((Bucket::Clean, prefix));
        }
        for row in self.ports.rows.of_patient(group, patient)? {
            if let RowKey::File(job, file) = row {
                self.add_file(&mut plan, &job, file)?;
                plan.jobs.insert(job);
            }
        }
        // Without the key the person is named by nothing: the receipt must not hold a pseudonym.
        let token = pseudonyms.map(|key| key.token("erasure", patient, 25));
        Ok((plan, Subject::Person(token.unwrap_or_default())))
    }

    /// A file, and everything that was made of it.
    fn add_file(&self, plan: &mut Plan, job: &JobRef, file: FileId) -> Result<(), EraseError> {
        plan.rows.insert(RowKey::File(job.clone(), file));
        let (group, id) = (&job.group, job.job);
        let release = ObjectKey::Release(group.clone(), id, file);
        self.add_outputs(plan, &release)?;
        plan.keys.extend([
            release,
            ObjectKey::Result(group.clone(), id, file),
            ObjectKey::Intake(group.clone(), id, file),
            ObjectKey::Quarantine(group.clone(), id, file),
            ObjectKey::QuarantineNote(group.clone(), id, file),
        ]);
        Ok(())
    }

    fn add_outputs(&self, plan: &mut Plan, release: &ObjectKey) -> Result<(), EraseError> {
        let record = match self.ports.objects.get(release, RECORD_BYTES) {
            Ok(record) => record,
            Err(StoreError::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        match (serde_json::from_slice::<ReleaseRecord>(&record), release) {
            (Ok(record), _) => {
                // Whatever a record says: another group's objects are not this one's to erase.
                let outputs = record.outputs.into_iter().map(|one| one.key);
                let own = outputs.filter(|key| key.group() == release.group());
                plan.keys.extend(own);
            }
            (Err(_), ObjectKey::Release(group, job, file)) => {
                let (group, job) = (group.clone(), *job);
                let row = RowKey::File(JobRef { group, job }, *file);
                plan.unreadable.insert(row);
            }
            (Err(_), _) => {}
        }
        Ok(())
    }

    fn add_outputs_under(&self, plan: &mut Plan, prefix: &str) -> Result<(), EraseError> {
        let mut after = None;
        loop {
            let page = self
                .ports
                .objects
                .versions(Bucket::Clean, prefix, after.as_ref())?;
            for version in &page.versions {
                if let Ok(key) = ObjectKey::parse(Bucket::Clean, version.key.expose()) {
                    self.add_outputs(plan, &key)?;
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Removes everything below a prefix; unfinished uploads first, so that none of them becomes an object.
    fn remove_all(&self, bucket: Bucket, prefix: &str) -> Result<u64, EraseError> {
        let objects = &*self.ports.objects;
        let mut removed = 0;
        // Nobody but a client uploads in parts.
        if bucket == Bucket::Intake {
            for upload in objects.pending(bucket, prefix)? {
                objects.abort(bucket, &upload)?;
                removed += 1;
            }
        }
        loop {
            let page = objects.versions(bucket, prefix, None)?;
            if page.versions.is_empty() {
                return Ok(removed);
            }
            objects.remove(bucket, &page.versions)?;
            removed += page.versions.len() as u64;
        }
    }

    /// Tells a job's chain, if it is still open.
    fn tell_job(&self, job: &JobRef, actor: &Actor, erased: &Counts) -> Result<(), EraseError> {
        let ports = &self.ports;
        let own = read::<JobDoc>(&*ports.rows, &RowKey::Job(job.clone()))?;
        if own.is_some_and(|doc| doc.closed.is_none()) {
            let told = Event {
                counts: erased.clone(),
                ..event(actor, Action::Erased)
            };
            let from = from_here(ports, job)?;
            tell(ports, job, from, &told, End::No)?;
        }
        Ok(())
    }

    /// Closes a job whose last open file is gone, and removes the job's own row with its last file.
    fn end_job(&self, job: &JobRef, actor: &Actor) -> Result<(), EraseError> {
        let ports = &self.ports;
        close(ports, job, actor)?;
        if let Some(file) = ports.rows.files(job, None, 1)?.first() {
            // A row that cannot be read is not ours to drop.
            parse::<FileDoc>(file)?;
            return Ok(());
        }
        ports.rows.remove(&RowKey::Job(job.clone()))?;
        Ok(())
    }

    /// A second look.
    fn remaining(&self, plan: &Plan) -> Result<u64, EraseError> {
        let objects = &*self.ports.objects;
        let mut remaining = 0;
        for key in &plan.keys {
            let left = versions_of(objects, key.bucket(), &key.to_string())?;
            remaining += left.len() as u64;
        }
        for (bucket, prefix) in &plan.prefixes {
            remaining += objects.versions(*bucket, prefix, None)?.versions.len() as u64;
        }
        Ok(remaining)
    }

    fn sign(&self, receipt: Receipt) -> Result<SignedReceipt, EraseError> {
        let unwritable = || EraseError::Flow(FlowError::Unreadable("receipt"));
        let message = canonical(&receipt).map_err(|_| unwritable())?;
        let signature = self.signer.sign(&message)?;
        let key = ObjectKey::Receipt(receipt.group.clone(), receipt.id);
        let signed = SignedReceipt {
            receipt,
            signature: signature.base64,
            key: signature.key,
            algorithm: signature.algorithm,
        };
        let bytes = canonical(&signed).map_err(|_| unwritable())?;
        self.ports.objects.put(&key, &bytes)?;
        Ok(signed)
    }
}

fn add(counts: &mut Counts, name: &str, number: u64) {
    if number > 0 {
        *counts.entry(name.to_owned()).or_default() += number;
    }
}
