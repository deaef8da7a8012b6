//! Reading one input's bytes, within limits, into a buffer that is used again.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use obscura_core::{Limits, Reason};

use super::zip::{self, Archive, ZipFault};
use super::{Input, Location};

/// What is known of an input before its bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Loaded {
    /// Size in bytes.
    pub(crate) size: u64,
    /// Time of the last change of the file (of the archive, for a member), in nanoseconds since
    /// 1970; 0 if the system does not say.
    pub(crate) modified: i64,
}

/// Why an input could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadFailure {
    /// The code.
    pub(crate) reason: Reason,
    /// What went wrong, without values.
    pub(crate) detail: String,
}

/// Reads inputs; each worker has its own.
pub(crate) struct Reader {
    limits: Limits,
    /// The archive that was read last: members come in a row.
    archive: Option<(Arc<PathBuf>, i64, Archive)>,
    buffer: Vec<u8>,
}

/// An input that is about to be read.
pub(crate) struct Opened<'a> {
    reader: &'a mut Reader,
    what: What,
    /// Its size and time.
    pub(crate) loaded: Loaded,
}

enum What {
    File(File),
    Member(usize),
}

/// Buffers above this size are given back after use.
const KEEP_BYTES: usize = 8 << 20;

impl Reader {
    /// A reader with these limits.
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            archive: None,
            buffer: Vec::new(),
        }
    }

    /// Opens an input and looks at its size and time.
    pub(crate) fn open(&mut self, input: &Input) -> Result<Opened<'_>, ReadFailure> {
        match &input.at {
            Location::Refused { reason, detail } => Err(ReadFailure {
                reason: *reason,
                detail: detail.clone(),
            }),
            Location::File(path) => {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                let loaded = Loaded {
                    size: metadata.len(),
                    modified: modified(&metadata),
                };
                self.checked(What::File(file), loaded)
            }
            Location::Member { archive, index } => {
                let modified = self.open_archive(archive)?;
                let Some((_, _, open)) = &mut self.archive else {
                    return Err(ZipFault::Damaged.into());
                };
                let size = zip::claimed_size(open, *index)?;
                self.checked(What::Member(*index), Loaded { size, modified })
            }
        }
    }

    /// Gives a large buffer back once its bytes are not needed any more.
    pub(crate) fn rest(&mut self) {
        if self.buffer.capacity() > KEEP_BYTES {
            self.buffer = Vec::new();
        }
    }

    fn checked(&mut self, what: What, loaded: Loaded) -> Result<Opened<'_>, ReadFailure> {
        if loaded.size > self.limits.max_file_bytes {
            let detail = format!("larger than {} bytes", self.limits.max_file_bytes);
            return Err(ReadFailure {
                reason: Reason::LimitExceeded,
                detail,
            });
        }
        Ok(Opened {
            reader: self,
            what,
            loaded,
        })
    }

    fn open_archive(&mut self, path: &Arc<PathBuf>) -> Result<i64, ReadFailure> {
        let same = self
            .archive
            .as_ref()
            .filter(|(open, _, _)| Arc::ptr_eq(open, path));
        if let Some((_, modified, _)) = same {
            return Ok(*modified);
        }
        let changed = modified(&std::fs::metadata(path.as_path())?);
        self.archive = Some((Arc::clone(path), changed, zip::open(path)?));
        Ok(changed)
    }
}

impl<'a> Opened<'a> {
    /// The bytes. They stay until the reader is used again.
    pub(crate) fn read(self) -> Result<&'a [u8], ReadFailure> {
        let Self {
            reader,
            what,
            loaded,
        } = self;
        match what {
            What::File(file) => {
                let size = usize::try_from(loaded.size).unwrap_or(usize::MAX);
                // What the buffer held is written over, not cleared first.
                if let Some(more) = size.checked_sub(reader.buffer.len()) {
                    reader
                        .buffer
                        .try_reserve_exact(more)
                        .map_err(|_| out_of_memory())?;
                    reader.buffer.resize(size, 0);
                }
                let filled = read_once(file, &mut reader.buffer[..size])?;
                Ok(&reader.buffer[..filled])
            }
            What::Member(index) => {
                let Some((_, _, archive)) = &mut reader.archive else {
                    return Err(ZipFault::Damaged.into());
                };
                reader.buffer.clear();
                zip::read(archive, index, &reader.limits, &mut reader.buffer)?;
                Ok(&reader.buffer)
            }
        }
    }
}

/// Fills the buffer, in one call where the system gives the bytes at once, and says how many there
/// were. A file that grows while it is read stays within what was looked at; one that shrinks ends.
fn read_once(mut file: File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Reads one file for the commands that work on one.
pub(crate) fn read_file(path: &Path, limits: &Limits) -> Result<Vec<u8>, ReadFailure> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > limits.max_file_bytes {
        let detail = format!("larger than {} bytes", limits.max_file_bytes);
        return Err(ReadFailure {
            reason: Reason::LimitExceeded,
            detail,
        });
    }
    let mut bytes = Vec::new();
    file.take(limits.max_file_bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn modified(metadata: &std::fs::Metadata) -> i64 {
    let since = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since
        .and_then(|time| i64::try_from(time.as_nanos()).ok())
        .unwrap_or(0)
}

fn out_of_memory() -> ReadFailure {
    ReadFailure {
        reason: Reason::LimitExceeded,
        detail: "not enough memory".to_owned(),
    }
}

impl From<io::Error> for ReadFailure {
    fn from(error: io::Error) -> Self {
        Self {
            reason: Reason::ReadFailed,
            detail: error.kind().to_string(),
        }
    }
}

impl From<ZipFault> for ReadFailure {
    fn from(fault: ZipFault) -> Self {
        Self {
            reason: fault.reason(),
            detail: fault.to_string(),
        }
    }
}
