//! What the rows of a job and of its files say, and how they are changed.
//!
//! A row is a collection of facts, each stated by one use case: what was announced, released, set
//! aside, erased, analysed. The state of a file follows from them, in whatever order they came.

use obscura_audit::{Actor, Head};
use obscura_core::{ContentHash, FileId, Reason, Timestamp};
use obscura_storage::{Part, Put, Replaced, Row, RowKey, RowStore, StoreError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::FlowError;

/// Words by which a job's own row is found.
pub(crate) const OPEN: &str = "open";
pub(crate) const CLOSED: &str = "closed";

/// How often a change is tried against other writers of the same row. Few write one row.
const TRIES: u32 = 50;

/// A job's own row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JobDoc {
    /// When it was opened.
    pub(crate) created: Timestamp,
    /// By whom.
    pub(crate) actor: Actor,
    /// Its files.
    pub(crate) files: u32,
    /// When the last file was done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) closed: Option<Timestamp>,
    /// Up to this one its files were found settled, in the order of their ids: they are not looked at
    /// again. A hint that may lag behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) settled_to: Option<FileId>,
    /// From where on the seal is looked for in the chain; set before the first try to write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seal_from: Option<Behind>,
}

/// A place in the chain: behind an entry, or at the beginning.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Behind(pub(crate) Option<Head>);

impl Behind {
    /// Where the event of a conditional put is looked for, `self` being the end of the chain before it.
    /// Who finds the object written by itself is the first to tell of it, from there on. Otherwise
    /// another may have told of it, anywhere behind the claim.
    pub(crate) const fn of_put(self, put: Put, claim: Self) -> Self {
        match put {
            Put::Written => self,
            Put::Exists => claim,
        }
    }
}

/// A file's row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileDoc {
    /// When it was announced.
    pub(crate) created: Timestamp,
    /// Its announced length.
    pub(crate) bytes: u64,
    /// Its announced content; dropped once it was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<ContentHash>,
    /// The upload in parts, until it is put together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parts: Option<Parts>,
    /// When it was first worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) received: Option<Timestamp>,
    /// How often it was worked on.
    #[serde(default)]
    pub(crate) attempts: u32,
    /// From where on its events are looked for in the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) audit_from: Option<Behind>,
    /// The pseudonymous patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) patient: Option<String>,
    /// Where what is made of it stands, in pseudonyms; said before anything of it is written. Several,
    /// where another version of the program began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) places: Vec<String>,
    /// It was released: everything made of it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) released: Option<Timestamp>,
    /// It was set aside: the original stands in the quarantine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) quarantined: Option<Reason>,
    /// The analysis ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) analysed: Option<Analysis>,
    /// Its time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expired: Option<Reason>,
    /// The original was erased, or never came.
    #[serde(default)]
    pub(crate) erased: bool,
    /// A person or a job is being erased, and this with it: whoever works on it takes back what it made.
    /// The row goes last.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) withdrawn: bool,
}

/// An upload in parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Parts {
    /// Its id.
    pub(crate) upload: String,
    /// What was announced of them.
    pub(crate) parts: Vec<Part>,
}

/// How the analysis ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Analysis {
    /// When.
    pub(crate) at: Timestamp,
    /// Why the release does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<Reason>,
}

/// The state of a file, for the person who uploaded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "reason", rename_all = "kebab-case")]
pub enum FileState {
    /// It has not arrived.
    Waiting,
    /// It is being worked on.
    Received,
    /// It was de-identified.
    DeIdentified,
    /// It was set aside.
    Quarantined(Reason),
    /// What was released was looked at, and holds.
    Analysed,
    /// What was released was looked at, and does not hold.
    Refused(Reason),
    /// Its time is over.
    Expired(Reason),
}

impl FileDoc {
    /// The state that follows from the facts.
    pub(crate) fn state(&self) -> FileState {
        match (&self.analysed, self.quarantined, self.expired) {
            (Some(analysis), ..) => match analysis.refused {
                Some(reason) => FileState::Refused(reason),
                None => FileState::Analysed,
            },
            (None, Some(reason), _) => FileState::Quarantined(reason),
            (None, None, Some(reason)) => FileState::Expired(reason),
            _ if self.released.is_some() => FileState::DeIdentified,
            _ if self.received.is_some() => FileState::Received,
            _ => FileState::Waiting,
        }
    }

    /// Whether everything made of the original stands, or nothing will be made of it.
    pub(crate) const fn is_decided(&self) -> bool {
        self.released.is_some() || self.quarantined.is_some() || self.expired.is_some()
    }

    /// Whether nothing may be made of it any more: its time is over, or it is being erased.
    pub(crate) const fn is_over(&self) -> bool {
        self.withdrawn || self.expired.is_some()
    }

    /// Whether nothing more will happen to the file.
    pub(crate) fn is_settled(&self) -> bool {
        let ended = matches!(
            self.state(),
            FileState::Quarantined(_)
                | FileState::Analysed
                | FileState::Refused(_)
                | FileState::Expired(_)
        );
        // An analysis can be quicker than the note that its release stands.
        let decided = self.is_decided();
        ended && decided && self.erased
    }
}

/// A row's content, with what the store wants to know of it.
pub(crate) trait Doc: Serialize + DeserializeOwned {
    /// What it is called in an error.
    const NAME: &'static str;
    /// A word to find it by.
    fn word(&self) -> &'static str;
    /// The pseudonymous patient.
    fn patient(&self) -> Option<&str>;
}

impl Doc for JobDoc {
    const NAME: &'static str = "row of a job";

    fn word(&self) -> &'static str {
        if self.closed.is_some() { CLOSED } else { OPEN }
    }

    fn patient(&self) -> Option<&str> {
        None
    }
}

impl Doc for FileDoc {
    const NAME: &'static str = "row of a file";

    fn word(&self) -> &'static str {
        match self.state() {
            FileState::Waiting => "waiting",
            FileState::Received => "received",
            FileState::DeIdentified => "de-identified",
            FileState::Quarantined(_) => "quarantined",
            FileState::Analysed => "analysed",
            FileState::Refused(_) => "refused",
            FileState::Expired(_) => "expired",
        }
    }

    fn patient(&self) -> Option<&str> {
        self.patient.as_deref()
    }
}

/// What a row says.
pub(crate) fn parse<D: Doc>(row: &Row) -> Result<D, FlowError> {
    serde_json::from_str(&row.doc).map_err(|_| FlowError::Unreadable(D::NAME))
}

/// A new row.
pub(crate) fn row<D: Doc>(key: RowKey, doc: &D, expires: Option<u64>) -> Result<Row, FlowError> {
    Ok(Row {
        key,
        revision: 0,
        state: doc.word().to_owned(),
        patient: doc.patient().map(ToOwned::to_owned),
        expires,
        doc: serde_json::to_string(doc).map_err(|_| FlowError::Unreadable(D::NAME))?,
    })
}

/// Reads a row. `None` if there is none: it was never made, or erased.
pub(crate) fn read<D: Doc>(rows: &dyn RowStore, key: &RowKey) -> Result<Option<D>, FlowError> {
    rows.read(key)?.as_ref().map(parse).transpose()
}

/// Whether a change is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Made,
    None,
}

/// Changes a row against other writers, and gives what it says afterwards. `None` if there is no
/// row. The change may be made several times, each time on what the row then says.
pub(crate) fn change<D: Doc>(
    rows: &dyn RowStore,
    key: &RowKey,
    mut make: impl FnMut(&mut D) -> Change,
) -> Result<Option<D>, FlowError> {
    for _ in 0..TRIES {
        let Some(there) = rows.read(key)? else {
            return Ok(None);
        };
        let mut doc: D = parse(&there)?;
        if make(&mut doc) == Change::None {
            return Ok(Some(doc));
        }
        let mut new = row(key.clone(), &doc, there.expires)?;
        new.revision = there.revision;
        if rows.replace(&new)? == Replaced::Done {
            return Ok(Some(doc));
        }
    }
    Err(FlowError::Store(StoreError::Unavailable {
        operation: "change row",
        code: "others write it all the time".to_owned(),
    }))
}

/// What became of a fact about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decided {
    /// It was stated now.
    First,
    /// It was stated before.
    Before,
    /// The file is no more: its time was over, or it was erased meanwhile.
    Gone,
}

/// States a fact about a file, unless the file is no more.
///
/// Where the answer to the write is lost, nobody is told to have been the first.
pub(crate) fn decide(
    rows: &dyn RowStore,
    key: &RowKey,
    mut make: impl FnMut(&mut FileDoc) -> Change,
) -> Result<Decided, FlowError> {
    let mut last = Decided::Gone;
    let there = change::<FileDoc>(rows, key, |doc| {
        if doc.is_over() {
            last = Decided::Gone;
            return Change::None;
        }
        let made = make(doc);
        last = match made {
            Change::Made => Decided::First,
            Change::None => Decided::Before,
        };
        made
    })?;
    Ok(there.map_or(Decided::Gone, |_| last))
}

/// Sets a fact that is not stated yet.
pub(crate) fn state_once<T>(fact: &mut Option<T>, value: T) -> Change {
    if fact.is_some() {
        return Change::None;
    }
    *fact = Some(value);
    Change::Made
}
