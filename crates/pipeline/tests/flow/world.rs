//! A deployment in memory, and what happens in it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use obscura_audit::{Action, Actor, AuditKey, Entry, Stored, Verified, verify};
use obscura_core::{ContentHash, FileId, Group, JobId, Limits, Pseudonyms, Timestamp};
use obscura_deid::policy::{Policy, Preset};
use obscura_pipeline::flow::{
    Analysed, Analyser, Arrived, Eraser, FileRequest, FileState, FlowError, Handled, Intake, Ports,
    Retention, Sweeper, UploadLimits, UploadRequest, Uploader, Way, Workshop,
};
use obscura_pipeline::{Frames, Options, Pixels};
use obscura_pixels::rules::Rules;
use obscura_storage::memory::Memory;
use obscura_storage::{Bucket, Clock, GroupAdmin, JobRef, ObjectKey, SecretStore, Signed};

pub(crate) const HOUR: Duration = Duration::from_hours(1);

/// One deployment.
pub(crate) struct World {
    pub(crate) memory: Memory,
    pub(crate) group: Group,
    pub(crate) actor: Actor,
    pub(crate) intake: Intake,
    pub(crate) analyser: Analyser,
    pub(crate) uploader: Uploader,
    pub(crate) eraser: Eraser,
}

/// The bodies of a bucket by key; each key has one version.
pub(crate) type Bodies = BTreeMap<String, Vec<u8>>;

impl World {
    pub(crate) fn new() -> Self {
        let memory = Memory::new(Timestamp::from_millis(1_800_000_000_000));
        let group: Group = "radiology".parse().unwrap();
        memory.add(&group, memory.now()).unwrap();
        Self::over(&memory, &group)
    }

    /// Another group of the same deployment.
    pub(crate) fn of_group(&self, name: &str) -> Self {
        let group: Group = name.parse().unwrap();
        self.memory.add(&group, self.memory.now()).unwrap();
        Self::over(&self.memory, &group)
    }

    /// Other processes of the functions over the same stores.
    pub(crate) fn over(memory: &Memory, group: &Group) -> Self {
        let (memory, group) = (memory.clone(), group.clone());
        let ports = ports(&memory);
        let options = Options {
            frames: Frames::First,
            pixels: Pixels::Rules(Arc::new(Rules::builtin())),
            ..Options::default()
        };
        let way = Way::new(Policy::preset(Preset::Research), options, "test", "any");
        let limits = UploadLimits {
            max_file_bytes: 1 << 30,
            max_files: 200,
            valid: Duration::from_mins(15),
            rows_kept: None,
        };
        Self {
            intake: Intake::new(ports.clone(), Workshop::new(way), 4 << 20),
            analyser: Analyser::new(ports.clone(), Limits::default()),
            uploader: Uploader::new(ports.clone(), Arc::new(memory.clone()), limits),
            eraser: Eraser::new(ports, Arc::new(memory.clone())),
            actor: Actor::user("0b7c6f3e-9a51-4f6e-8d58-0c1e2a3b4c5d").unwrap(),
            memory,
            group,
        }
    }

    pub(crate) fn sweeper(&self) -> Sweeper {
        let kept = BTreeMap::from([
            (Bucket::Intake, 24 * HOUR),
            (Bucket::Clean, 720 * HOUR),
            (Bucket::Quarantine, 168 * HOUR),
        ]);
        let retention = Retention {
            kept,
            max_versions: 10_000,
        };
        Sweeper::new(ports(&self.memory), retention)
    }

    /// Opens a job for these files.
    pub(crate) fn open(&self, files: &[&[u8]]) -> (JobRef, Vec<(FileId, Signed)>) {
        let request = UploadRequest {
            files: files.iter().map(|file| asked(file)).collect(),
        };
        let opened = self
            .uploader
            .open(&self.group, &self.actor, &request)
            .unwrap();
        let signed = opened.files.into_iter().map(|file| {
            let upload = file.upload.unwrap();
            let signed = Signed {
                method: upload.method,
                url: upload.url,
                headers: upload.headers.into_iter().collect(),
            };
            (file.file, signed)
        });
        (self.job(opened.job), signed.collect())
    }

    pub(crate) fn job(&self, job: JobId) -> JobRef {
        JobRef {
            group: self.group.clone(),
            job,
        }
    }

    /// Opens a job and uploads all of its files.
    pub(crate) fn upload(&self, files: &[&[u8]]) -> JobRef {
        let (job, signed) = self.open(files);
        for ((_, signed), file) in signed.iter().zip(files) {
            self.memory.upload(signed, file).unwrap();
        }
        job
    }

    /// Keys of a bucket.
    pub(crate) fn keys(&self, bucket: Bucket) -> Vec<String> {
        let all = self.memory.everything(bucket);
        all.into_iter().map(|(key, _)| key).collect()
    }

    /// A bucket in which every key has one version.
    pub(crate) fn bodies(&self, bucket: Bucket) -> Bodies {
        let all = self.memory.everything(bucket);
        let count = all.len();
        let bodies: Bodies = all.into_iter().collect();
        assert_eq!(bodies.len(), count, "a key has two versions");
        bodies
    }

    /// Delivers the event of one key of the intake bucket.
    pub(crate) fn deliver(&self, key: &str) -> Result<Handled, FlowError> {
        self.intake.handle(&Arrived::new(key, "version"))
    }

    /// Delivers an event for everything in the intake bucket.
    pub(crate) fn deliver_all(&self) -> Vec<Handled> {
        let keys = self.keys(Bucket::Intake);
        keys.iter().map(|key| self.deliver(key).unwrap()).collect()
    }

    /// Delivers an event for each release record.
    pub(crate) fn analyse_all(&self) -> Vec<Result<Analysed, FlowError>> {
        let mut found = Vec::new();
        for key in self.keys(Bucket::Clean) {
            if let Ok(ObjectKey::Release(group, job, file)) = key.parse() {
                found.push(self.analyser.handle(&group, job, file));
            }
        }
        found
    }

    /// The states of a job's files, and whether the job is closed.
    pub(crate) fn states(&self, job: &JobRef) -> (Vec<FileState>, bool) {
        let status = self.uploader.status(&job.group, job.job).unwrap();
        let states = status.files.iter().map(|file| file.state).collect();
        (states, status.closed.is_some())
    }

    /// The audit chain of a job, verified with the group's key.
    pub(crate) fn verified(&self, job: &JobRef) -> Verified {
        let secret = self.memory.secret(&job.group).unwrap();
        let key = AuditKey::of(&Pseudonyms::new(&secret));
        verify(&self.stored(job), &job.group, job.job, Some(&key))
    }

    fn stored(&self, job: &JobRef) -> Vec<Stored> {
        let entries = self
            .bodies(Bucket::Audit)
            .into_iter()
            .filter_map(|(key, bytes)| match key.parse().unwrap() {
                ObjectKey::Audit(group, id, sequence) if group == job.group && id == job.job => {
                    Some(Stored { sequence, bytes })
                }
                _ => None,
            });
        entries.collect()
    }

    /// What a job's chain tells: each event with its file.
    pub(crate) fn told(&self, job: &JobRef) -> Vec<(Action, Option<FileId>)> {
        let entries = self.stored(job).into_iter().map(|stored| {
            let event = Entry::parse(&stored.bytes).unwrap().event;
            (event.action, event.file)
        });
        entries.collect()
    }
}

pub(crate) fn ports(memory: &Memory) -> Ports {
    Ports::of(Arc::new(memory.clone()), memory.clone(), memory.clone())
}

pub(crate) fn asked(file: &[u8]) -> FileRequest {
    FileRequest {
        bytes: file.len() as u64,
        content_type: "application/dicom".to_owned(),
        sha256: ContentHash::of(file),
        part_sha256: Vec::new(),
    }
}
