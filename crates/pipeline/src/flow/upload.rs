//! [`Uploader`]: opens jobs, signs their uploads, and says how far they are.

use std::time::Duration;

use obscura_audit::{Action, Actor, Counts, Event};
use obscura_core::{ContentHash, FileId, Group, JobId, Timestamp};
use obscura_storage::{
    Completed, JobRef, ObjectKey, Part, RowKey, SecretError, Signed, StoreError, Terms, Uploads,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use thiserror::Error;

use super::Ports;
use super::chain::{End, from_here, tell};
use super::close::event;
use super::error::FlowError;
use super::state::{Change, FileDoc, FileState, JobDoc, Parts, change, parse, read, row};
use crate::explain;

/// Bytes of each part of an upload in parts but the last; files larger than this come in parts.
pub const PART_BYTES: u64 = 64 << 20;

/// Signed requests of one job: one for each file, or for each of its parts. Their answer has to fit into
/// the 6 MB that a function of AWS answers with, and each of them has up to 2.5 kB.
pub const MAX_REQUESTS: usize = 2000;

/// Media types that may be announced. A type is a word of its own: it could hold a name.
const TYPES: &[&str] = &[
    "application/dicom",
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "text/plain",
];

/// What a job may ask for.
#[derive(Debug, Clone, Copy)]
pub struct UploadLimits {
    /// Bytes of one file.
    pub max_file_bytes: u64,
    /// Files of one job.
    pub max_files: usize,
    /// How long a signed upload is valid.
    pub valid: Duration,
    /// How long rows of a job are kept after it was opened; `None` for ever.
    pub rows_kept: Option<Duration>,
}

/// The files that somebody wants to upload.
#[derive(Deserialize)]
pub struct UploadRequest {
    /// The files.
    pub files: Vec<FileRequest>,
}

/// One of them. Its name may be sent and is dropped unread: it may name a person.
#[derive(Deserialize)]
pub struct FileRequest {
    /// Its length.
    pub bytes: u64,
    /// Its media type.
    #[serde(rename = "type")]
    pub content_type: String,
    /// Its content.
    pub sha256: ContentHash,
    /// The content of each part of 64 MiB, where the file is larger than that.
    #[serde(default)]
    pub part_sha256: Vec<ContentHash>,
}

/// An opened job.
#[derive(Debug, Serialize)]
pub struct OpenedJob {
    /// Its id.
    pub job: JobId,
    /// Until when the uploads are valid.
    pub valid_until: Timestamp,
    /// The files, in the order in which they were asked for.
    pub files: Vec<OpenedFile>,
}

/// A file of an opened job.
#[derive(Debug, Serialize)]
pub struct OpenedFile {
    /// Its id.
    pub file: FileId,
    /// How it is uploaded in one piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload: Option<OpenedUpload>,
    /// How it is uploaded in parts. When all are sent, asking for the state of the job puts them
    /// together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<OpenedPart>,
}

/// A part of a file.
#[derive(Debug, Serialize)]
pub struct OpenedPart {
    /// From 1.
    pub number: u32,
    /// Where the part begins in the file.
    pub offset: u64,
    /// Its length.
    pub bytes: u64,
    /// How it is uploaded.
    #[serde(flatten)]
    pub upload: OpenedUpload,
}

/// A request to be sent as it is.
#[derive(Serialize)]
pub struct OpenedUpload {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// Headers that must be sent.
    pub headers: std::collections::BTreeMap<String, String>,
}

impl std::fmt::Debug for OpenedUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenedUpload(****)")
    }
}

/// How far a job is.
#[derive(Debug, Serialize)]
pub struct JobStatus {
    /// Its id.
    pub job: JobId,
    /// When it was opened.
    pub created: Timestamp,
    /// When the last of its files was done with.
    pub closed: Option<Timestamp>,
    /// Its files, by id.
    pub files: Vec<FileStatus>,
}

/// How far a file is.
#[derive(Debug, Serialize)]
pub struct FileStatus {
    /// Its id.
    pub file: FileId,
    /// Its state, with a reason where there is one.
    #[serde(flatten)]
    pub state: FileState,
    /// What the reason means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// Why a job was not opened. Said to the caller: nothing of the request is repeated.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UploadError {
    /// No files.
    #[error("name at least one file")]
    NoFiles,
    /// Too many files.
    #[error("a job has {0} files at most")]
    TooManyFiles(usize),
    /// An empty file, or one that is too large.
    #[error("file {file}: a file has 1 to {limit} bytes")]
    Size {
        /// Which, from 1.
        file: usize,
        /// The most.
        limit: u64,
    },
    /// A media type that is not taken.
    #[error("file {0}: this media type is not taken; application/dicom is")]
    Type(usize),
    /// The parts do not make up the file.
    #[error(
        "file {0}: one part_sha256 is needed for each 67108864 bytes, if it is larger than that"
    )]
    Parts(usize),
    /// Too many parts.
    #[error(
        "a job has {MAX_REQUESTS} parts at most, a file of up to 67108864 bytes counting as one: open several jobs"
    )]
    TooManyParts,
    /// The caller's group has no key.
    #[error("the group is not set up: an administrator adds it")]
    NoGroup,
    /// There is no such job of this group.
    #[error("there is no such job")]
    NoJob,
    /// Something that may pass.
    #[error("the job could not be opened")]
    Flow(#[from] FlowError),
}

impl From<StoreError> for UploadError {
    fn from(error: StoreError) -> Self {
        Self::Flow(FlowError::Store(error))
    }
}

/// Opens jobs and says how far they are.
#[derive(Debug)]
pub struct Uploader {
    ports: Ports,
    uploads: Arc<dyn Uploads>,
    limits: UploadLimits,
}

impl Uploader {
    /// Opens jobs within these limits.
    pub fn new(ports: Ports, uploads: Arc<dyn Uploads>, limits: UploadLimits) -> Self {
        Self {
            ports,
            uploads,
            limits,
        }
    }

    /// Opens a job for a group and signs its uploads.
    ///
    /// # Errors
    /// [`UploadError`]; a job that was half opened expires.
    pub fn open(
        &self,
        group: &Group,
        actor: &Actor,
        request: &UploadRequest,
    ) -> Result<OpenedJob, UploadError> {
        self.check(request)?;
        match self.ports.secrets.check(group) {
            Ok(()) => {}
            Err(SecretError::NoGroup | SecretError::Destroyed) => return Err(UploadError::NoGroup),
            Err(error) => return Err(FlowError::Secret(error).into()),
        }
        let job = JobRef {
            group: group.clone(),
            job: self.ports.random.job()?,
        };
        let now = self.ports.clock.now();
        let mut files = Vec::with_capacity(request.files.len());
        for file in &request.files {
            files.push(self.begin(&job, file, now)?);
        }
        self.write(&job, actor, now, &files)?;
        let opened = files
            .iter()
            .map(|(file, doc, content_type)| self.sign(&job, *file, doc, content_type));
        Ok(OpenedJob {
            job: job.job,
            valid_until: now.plus(self.limits.valid),
            files: opened.collect::<Result<_, StoreError>>()?,
        })
    }

    fn check(&self, request: &UploadRequest) -> Result<(), UploadError> {
        if request.files.is_empty() {
            return Err(UploadError::NoFiles);
        }
        if request.files.len() > self.limits.max_files {
            return Err(UploadError::TooManyFiles(self.limits.max_files));
        }
        let mut requests = 0;
        for (file, asked) in (1..).zip(&request.files) {
            let limit = self.limits.max_file_bytes;
            if asked.bytes == 0 || asked.bytes > limit {
                return Err(UploadError::Size { file, limit });
            }
            if !TYPES.contains(&asked.content_type.as_str()) {
                return Err(UploadError::Type(file));
            }
            let parts = if asked.bytes > PART_BYTES {
                asked.bytes.div_ceil(PART_BYTES)
            } else {
                0
            };
            if asked.part_sha256.len() as u64 != parts {
                return Err(UploadError::Parts(file));
            }
            requests += asked.part_sha256.len().max(1);
        }
        if requests > MAX_REQUESTS {
            return Err(UploadError::TooManyParts);
        }
        Ok(())
    }

    /// The row of a file, with an upload in parts begun where it needs one.
    fn begin<'a>(
        &self,
        job: &JobRef,
        asked: &'a FileRequest,
        now: Timestamp,
    ) -> Result<(FileId, FileDoc, &'a str), StoreError> {
        let file = self.ports.random.file()?;
        let key = ObjectKey::Intake(job.group.clone(), job.job, file);
        let parts = if asked.part_sha256.is_empty() {
            None
        } else {
            let sizes = (0..).map(|part| {
                let offset = part * PART_BYTES;
                PART_BYTES.min(asked.bytes.saturating_sub(offset))
            });
            let part = |(sha256, bytes): (&ContentHash, u64)| Part {
                bytes,
                sha256: *sha256,
            };
            Some(Parts {
                upload: self.uploads.begin(&key, &asked.content_type)?,
                parts: asked.part_sha256.iter().zip(sizes).map(part).collect(),
            })
        };
        let doc = FileDoc {
            created: now,
            bytes: asked.bytes,
            sha256: Some(asked.sha256),
            parts,
            received: None,
            attempts: 0,
            audit_from: None,
            patient: None,
            places: Vec::new(),
            released: None,
            quarantined: None,
            analysed: None,
            expired: None,
            erased: false,
            withdrawn: false,
        };
        Ok((file, doc, &asked.content_type))
    }

    fn write(
        &self,
        job: &JobRef,
        actor: &Actor,
        now: Timestamp,
        files: &[(FileId, FileDoc, &str)],
    ) -> Result<(), FlowError> {
        let expires = self.limits.rows_kept.map(|kept| now.plus(kept).seconds());
        let doc = JobDoc {
            settled_to: None,
            created: now,
            actor: actor.clone(),
            files: u32::try_from(files.len()).unwrap_or(u32::MAX),
            closed: None,
            seal_from: None,
        };
        let mut rows = Vec::with_capacity(files.len() + 1);
        for (file, doc, _) in files {
            rows.push(row(RowKey::File(job.clone(), *file), doc, expires)?);
        }
        // The job's own row comes last: a job that can be read has all its files.
        rows.push(row(RowKey::Job(job.clone()), &doc, expires)?);
        self.ports.rows.create(&rows)?;
        let told = Event {
            counts: Counts::from([
                ("files".to_owned(), files.len() as u64),
                (
                    "bytes".to_owned(),
                    files.iter().map(|(_, doc, _)| doc.bytes).sum(),
                ),
            ]),
            ..event(actor, Action::JobOpened)
        };
        let from = from_here(&self.ports, job)?;
        tell(&self.ports, job, from, &told, End::No)?;
        Ok(())
    }

    fn sign(
        &self,
        job: &JobRef,
        file: FileId,
        doc: &FileDoc,
        content_type: &str,
    ) -> Result<OpenedFile, StoreError> {
        let key = ObjectKey::Intake(job.group.clone(), job.job, file);
        let valid = self.limits.valid;
        let mut opened = OpenedFile {
            file,
            upload: None,
            parts: Vec::new(),
        };
        let Some(parts) = &doc.parts else {
            let terms = Terms {
                bytes: doc.bytes,
                sha256: doc.sha256.unwrap_or(ContentHash::of(b"")),
                content_type: content_type.to_owned(),
            };
            opened.upload = Some(self.uploads.sign_put(&key, &terms, valid)?.into());
            return Ok(opened);
        };
        let mut offset = 0;
        for (number, part) in (1..).zip(&parts.parts) {
            let signed = self
                .uploads
                .sign_part(&key, &parts.upload, number, part, valid)?;
            opened.parts.push(OpenedPart {
                number,
                offset,
                bytes: part.bytes,
                upload: signed.into(),
            });
            offset += part.bytes;
        }
        Ok(opened)
    }

    /// How far a job of a group is. Uploads in parts that are complete are put together now.
    ///
    /// # Errors
    /// [`UploadError::NoJob`] for a job that is not there, or another group's.
    pub fn status(&self, group: &Group, job: JobId) -> Result<JobStatus, UploadError> {
        let job = JobRef {
            group: group.clone(),
            job,
        };
        let own = read::<JobDoc>(&*self.ports.rows, &RowKey::Job(job.clone()))?;
        let own = own.ok_or(UploadError::NoJob)?;
        let mut files = Vec::new();
        for row in self.ports.rows.rows(&job)? {
            let RowKey::File(_, file) = row.key else {
                continue;
            };
            let mut doc: FileDoc = parse(&row)?;
            if doc.withdrawn {
                continue;
            }
            if doc.parts.is_some() && doc.state() == FileState::Waiting {
                doc = self.put_together(&job, file, doc)?;
            }
            files.push(status(file, &doc));
        }
        Ok(JobStatus {
            job: job.job,
            created: own.created,
            closed: own.closed,
            files,
        })
    }

    fn put_together(&self, job: &JobRef, file: FileId, doc: FileDoc) -> Result<FileDoc, FlowError> {
        let Some(parts) = &doc.parts else {
            return Ok(doc);
        };
        let key = ObjectKey::Intake(job.group.clone(), job.job, file);
        if self.uploads.complete(&key, &parts.upload, &parts.parts)? == Completed::Waiting {
            return Ok(doc);
        }
        let row = RowKey::File(job.clone(), file);
        let done = change::<FileDoc>(&*self.ports.rows, &row, |doc| {
            doc.parts = None;
            Change::Made
        })?;
        Ok(done.unwrap_or(doc))
    }
}

fn status(file: FileId, doc: &FileDoc) -> FileStatus {
    let state = doc.state();
    let reason = match state {
        FileState::Quarantined(reason)
        | FileState::Refused(reason)
        | FileState::Expired(reason) => Some(explain(reason)),
        _ => None,
    };
    FileStatus {
        file,
        state,
        meaning: reason.as_ref().map(|one| one.meaning.clone()),
        advice: reason.map(|one| one.advice),
    }
}

impl From<Signed> for OpenedUpload {
    fn from(signed: Signed) -> Self {
        Self {
            method: signed.method,
            url: signed.url,
            headers: signed.headers.into_iter().collect(),
        }
    }
}
