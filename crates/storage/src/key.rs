//! [`ObjectKey`]: the one place where a key is built or read.
//!
//! | bucket | key |
//! |---|---|
//! | intake | `intake/<group>/<job>/<file>` |
//! | quarantine | `quarantine/<group>/<job>/<file>`, and `.json` beside it |
//! | clean | `dicom/<group>/<patient>/<study>/<series>/<sop>-<16 hex>.dcm` |
//! | clean | `jpeg/<group>/<patient>/<study>/<series>/<sop>-<16 hex>[-<frame>].jpg` |
//! | clean | `release/<group>/<job>/<file>.json`, `result/<group>/<job>/<file>.json` |
//! | audit | `audit/<group>/<job>/<8 digits>.json`, `receipt/<group>/<32 hex>.json` |

use std::fmt;
use std::str::FromStr;

use obscura_core::{ContentHash, FileId, Group, JobId, Phi};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bucket {
    /// Where originals arrive.
    Intake,
    /// What was de-identified.
    Clean,
    /// What was set aside.
    Quarantine,
    /// What was done.
    Audit,
}

impl Bucket {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Intake, Self::Clean, Self::Quarantine, Self::Audit];

    /// The name in metrics and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Clean => "clean",
            Self::Quarantine => "quarantine",
            Self::Audit => "audit",
        }
    }
}

/// An object's key, and with it its bucket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ObjectKey {
    /// An original, as it was uploaded.
    Intake(Group, JobId, FileId),
    /// An original that was set aside.
    Quarantine(Group, JobId, FileId),
    /// Why it was set aside.
    QuarantineNote(Group, JobId, FileId),
    /// A de-identified DICOM object.
    Dicom(Group, Released),
    /// A frame of it; `None` where the object has one only. Frames count from 1.
    Jpeg(Group, Released, Option<u32>),
    /// What was released of one file.
    Release(Group, JobId, FileId),
    /// What the analysis says of it.
    Result(Group, JobId, FileId),
    /// An entry of a job's audit chain, from 1.
    Audit(Group, JobId, u32),
    /// The receipt of an erasure.
    Receipt(Group, JobId),
}

/// Where a released object belongs, in pseudonyms, and the keyed name of its input.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Released {
    patient: String,
    study: String,
    series: String,
    sop: String,
    /// The first 16 hexadecimal digits.
    content: String,
}

/// A key that this program did not build: it may hold anything, a name too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The bucket.
    pub bucket: Bucket,
    /// The key.
    pub key: Phi<String>,
}

/// A text is no key of this program. It is not repeated: it may hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a key of this program")]
pub struct ParseKeyError;

impl Released {
    /// The place of a released object.
    ///
    /// # Errors
    /// If a part is not 1 to 64 letters, digits and dots, which would be a defect of the engine.
    pub fn new(
        [patient, study, series, sop]: [&str; 4],
        content: &ContentHash,
    ) -> Result<Self, ParseKeyError> {
        let part = |text: &str| pseudonym(text).ok_or(ParseKeyError);
        Ok(Self {
            patient: part(patient)?,
            study: part(study)?,
            series: part(series)?,
            sop: part(sop)?,
            content: content.to_string()[..16].to_owned(),
        })
    }

    /// The pseudonymous patient.
    pub fn patient(&self) -> &str {
        &self.patient
    }

    fn parse(patient: &str, study: &str, series: &str, stem: &str) -> Option<Self> {
        let (sop, content) = stem.rsplit_once('-')?;
        let hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        (content.len() == 16 && content.bytes().all(hex)).then_some(())?;
        Some(Self {
            patient: pseudonym(patient)?,
            study: pseudonym(study)?,
            series: pseudonym(series)?,
            sop: pseudonym(sop)?,
            content: content.to_owned(),
        })
    }
}

impl FromStr for Released {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        match text.split('/').collect::<Vec<_>>().as_slice() {
            [patient, study, series, stem] => Self::parse(patient, study, series, stem),
            _ => None,
        }
        .ok_or(ParseKeyError)
    }
}

impl fmt::Display for Released {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}/{}/{}-{}",
            self.patient, self.study, self.series, self.sop, self.content
        )
    }
}

/// Letters, digits and dots; a path has no part that is all dots.
fn pseudonym(text: &str) -> Option<String> {
    let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'.';
    let fits = (1..=64).contains(&text.len()) && !text.starts_with('.');
    (fits && text.bytes().all(plain)).then(|| text.to_owned())
}

impl ObjectKey {
    /// The bucket in which the object is.
    pub const fn bucket(&self) -> Bucket {
        match self {
            Self::Intake(..) => Bucket::Intake,
            Self::Quarantine(..) | Self::QuarantineNote(..) => Bucket::Quarantine,
            Self::Dicom(..) | Self::Jpeg(..) | Self::Release(..) | Self::Result(..) => {
                Bucket::Clean
            }
            Self::Audit(..) | Self::Receipt(..) => Bucket::Audit,
        }
    }

    /// The tenant.
    pub const fn group(&self) -> &Group {
        match self {
            Self::Intake(group, ..)
            | Self::Quarantine(group, ..)
            | Self::QuarantineNote(group, ..)
            | Self::Dicom(group, ..)
            | Self::Jpeg(group, ..)
            | Self::Release(group, ..)
            | Self::Result(group, ..)
            | Self::Audit(group, ..)
            | Self::Receipt(group, ..) => group,
        }
    }

    /// The media type it is stored with.
    pub const fn content_type(&self) -> &'static str {
        match self {
            Self::Intake(..) | Self::Quarantine(..) => "application/octet-stream",
            Self::Dicom(..) => "application/dicom",
            Self::Jpeg(..) => "image/jpeg",
            _ => "application/json",
        }
    }

    /// The key that these bytes of a bucket are, if this program built it.
    ///
    /// # Errors
    /// [`ParseKeyError`] for everything else.
    pub fn parse(bucket: Bucket, text: &str) -> Result<Self, ParseKeyError> {
        let key: Self = text.parse()?;
        if key.bucket() == bucket {
            Ok(key)
        } else {
            Err(ParseKeyError)
        }
    }

    /// Beginnings of the keys under which a patient's released objects stand.
    pub fn of_patient(group: &Group, patient: &str) -> Result<[String; 2], ParseKeyError> {
        let patient = pseudonym(patient).ok_or(ParseKeyError)?;
        Ok([
            format!("dicom/{group}/{patient}/"),
            format!("jpeg/{group}/{patient}/"),
        ])
    }

    /// Beginnings of the keys under which what is released of one file stands.
    pub fn of_released(group: &Group, place: &Released) -> [String; 2] {
        [
            format!("dicom/{group}/{place}.dcm"),
            format!("jpeg/{group}/{place}"),
        ]
    }

    /// Beginnings of all keys of a job, with their buckets; the audit's are not among them.
    pub fn of_job(group: &Group, job: JobId) -> [(Bucket, String); 4] {
        [
            (Bucket::Intake, format!("intake/{group}/{job}/")),
            (Bucket::Quarantine, format!("quarantine/{group}/{job}/")),
            (Bucket::Clean, format!("release/{group}/{job}/")),
            (Bucket::Clean, format!("result/{group}/{job}/")),
        ]
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intake(group, job, file) => write!(f, "intake/{group}/{job}/{file}"),
            Self::Quarantine(group, job, file) => write!(f, "quarantine/{group}/{job}/{file}"),
            Self::QuarantineNote(group, job, file) => {
                write!(f, "quarantine/{group}/{job}/{file}.json")
            }
            Self::Dicom(group, place) => write!(f, "dicom/{group}/{place}.dcm"),
            Self::Jpeg(group, place, None) => write!(f, "jpeg/{group}/{place}.jpg"),
            Self::Jpeg(group, place, Some(frame)) => write!(f, "jpeg/{group}/{place}-{frame}.jpg"),
            Self::Release(group, job, file) => write!(f, "release/{group}/{job}/{file}.json"),
            Self::Result(group, job, file) => write!(f, "result/{group}/{job}/{file}.json"),
            Self::Audit(group, job, number) => write!(f, "audit/{group}/{job}/{number:08}.json"),
            Self::Receipt(group, id) => write!(f, "receipt/{group}/{id}.json"),
        }
    }
}

impl FromStr for ObjectKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let parts: Vec<&str> = text.split('/').collect();
        let key = parse(&parts).ok_or(ParseKeyError)?;
        // Numbers have more than one spelling, a key has not.
        if key.to_string() == text {
            Ok(key)
        } else {
            Err(ParseKeyError)
        }
    }
}

fn parse(parts: &[&str]) -> Option<ObjectKey> {
    let group = parts.get(1)?.parse::<Group>().ok()?;
    match parts {
        ["receipt", _, name] => {
            let id = name.strip_suffix(".json")?.parse().ok()?;
            Some(ObjectKey::Receipt(group, id))
        }
        ["dicom", _, patient, study, series, name] => {
            let stem = name.strip_suffix(".dcm")?;
            let place = Released::parse(patient, study, series, stem)?;
            Some(ObjectKey::Dicom(group, place))
        }
        ["jpeg", _, patient, study, series, name] => {
            let stem = name.strip_suffix(".jpg")?;
            if let Some(place) = Released::parse(patient, study, series, stem) {
                return Some(ObjectKey::Jpeg(group, place, None));
            }
            let (stem, frame) = stem.rsplit_once('-')?;
            let place = Released::parse(patient, study, series, stem)?;
            Some(ObjectKey::Jpeg(group, place, Some(frame.parse().ok()?)))
        }
        [kind, _, job, name] => of_job(kind, group, job.parse().ok()?, name),
        _ => None,
    }
}

fn of_job(kind: &str, group: Group, job: JobId, name: &str) -> Option<ObjectKey> {
    let file = |name: &str| name.parse::<FileId>().ok();
    let noted = name.strip_suffix(".json");
    Some(match (kind, noted) {
        ("intake", None) => ObjectKey::Intake(group, job, file(name)?),
        ("quarantine", None) => ObjectKey::Quarantine(group, job, file(name)?),
        ("quarantine", Some(name)) => ObjectKey::QuarantineNote(group, job, file(name)?),
        ("release", Some(name)) => ObjectKey::Release(group, job, file(name)?),
        ("result", Some(name)) => ObjectKey::Result(group, job, file(name)?),
        ("audit", Some(name)) => ObjectKey::Audit(group, job, name.parse().ok()?),
        _ => return None,
    })
}

impl From<ObjectKey> for String {
    fn from(key: ObjectKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for ObjectKey {
    type Error = ParseKeyError;

    fn try_from(text: String) -> Result<Self, ParseKeyError> {
        text.parse()
    }
}
