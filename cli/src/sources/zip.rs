//! Zip archives as inputs: listed by their directory, read member by member, bounded on the way.
//!
//! A member's name is only ever text in the manifest; nothing is unpacked to a place it names.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use ::zip::ZipArchive;
use ::zip::result::ZipError;
use obscura_core::{Limits, Reason};
use thiserror::Error;

/// An archive, open.
pub(super) type Archive = ZipArchive<BufReader<File>>;

/// What an archive holds.
#[derive(Debug)]
pub(super) struct Listing {
    /// Position and name of each file, in the order of the archive's directory.
    pub(super) members: Vec<(usize, String)>,
    /// Members that cannot be reached, since a later one has the same name.
    pub(super) hidden: u64,
}

/// Why an archive or a member cannot be read.
#[derive(Debug, Error)]
pub(super) enum ZipFault {
    /// The file cannot be read.
    #[error("the archive cannot be read")]
    Read(#[source] io::Error),
    /// Not a zip archive, or one that is damaged.
    #[error("the zip archive is damaged or incomplete")]
    Damaged,
    /// Its content is out of proportion.
    #[error("the zip archive claims {0} bytes of content, out of proportion to its size")]
    Bomb(u128),
    /// A member inflates beyond what it claims or what is allowed.
    #[error("a member of the zip archive inflates beyond its limits")]
    MemberBomb,
    /// Password needed.
    #[error("the member is encrypted")]
    Encrypted,
    /// An unknown method of compression.
    #[error("the member's method of compression is not known")]
    Method,
}

impl ZipFault {
    /// The code for the manifest.
    pub(super) const fn reason(&self) -> Reason {
        match self {
            Self::Bomb(_) | Self::MemberBomb => Reason::LimitExceeded,
            Self::Damaged => Reason::Malformed,
            Self::Read(_) | Self::Encrypted | Self::Method => Reason::ReadFailed,
        }
    }
}

impl From<ZipError> for ZipFault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Self::Encrypted,
            ZipError::UnsupportedArchive(_) => Self::Method,
            ZipError::Io(error) => error.into(),
            _ => Self::Damaged,
        }
    }
}

impl From<io::Error> for ZipFault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // The decoder's own complaints about what it reads.
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::Other => Self::Damaged,
            _ => Self::Read(error),
        }
    }
}

/// The file begins as zip archives do.
pub(super) fn has_signature(path: &Path) -> bool {
    let mut head = [0_u8; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && (head == *b"PK\x03\x04" || head == *b"PK\x05\x06")
}

/// Opens an archive.
pub(super) fn open(path: &Path) -> Result<Archive, ZipFault> {
    let file = File::open(path).map_err(ZipFault::Read)?;
    Ok(ZipArchive::new(BufReader::with_capacity(64 << 10, file))?)
}

/// Lists an archive's files and weighs what they claim.
pub(super) fn list(path: &Path, limits: &Limits) -> Result<Listing, ZipFault> {
    let archive = open(path)?;
    let size = std::fs::metadata(path).map_err(ZipFault::Read)?.len();
    let claimed = archive.decompressed_size().unwrap_or(u128::MAX);
    let allowed = u128::from(size) * u128::from(limits.max_inflate_ratio);
    if claimed > allowed.max(u128::from(limits.max_inflated_bytes)) {
        return Err(ZipFault::Bomb(claimed));
    }
    let members = (0..archive.len())
        .filter_map(|index| Some((index, archive.name_for_index(index)?)))
        .filter(|(_, name)| !name.ends_with(['/', '\\']))
        .map(|(index, name)| (index, name.to_owned()))
        .collect();
    let reachable = archive.len() as u64;
    let start = archive.central_directory_start();
    let hidden = count_entries(archive.into_inner(), start).saturating_sub(reachable);
    Ok(Listing { members, hidden })
}

/// Counts the headers of the archive's directory (APPNOTE 4.3.12): readers by name know only the
/// last of several members with one name.
fn count_entries(mut file: BufReader<File>, start: u64) -> u64 {
    let mut count = 0;
    if file.seek(SeekFrom::Start(start)).is_err() {
        return 0;
    }
    let mut header = [0_u8; 46];
    while file.read_exact(&mut header).is_ok() && header[..4] == *b"PK\x01\x02" {
        count += 1;
        let length = |at: usize| i64::from(u16::from_le_bytes([header[at], header[at + 1]]));
        if file
            .seek_relative(length(28) + length(30) + length(32))
            .is_err()
        {
            break;
        }
    }
    count
}

/// A member's claimed size in bytes.
pub(super) fn claimed_size(archive: &mut Archive, index: usize) -> Result<u64, ZipFault> {
    let member = archive.by_index_raw(index)?;
    if member.encrypted() {
        return Err(ZipFault::Encrypted);
    }
    Ok(member.size())
}

/// Reads one member into `buffer`, no further than it claims and the limits allow.
pub(super) fn read(
    archive: &mut Archive,
    index: usize,
    limits: &Limits,
    buffer: &mut Vec<u8>,
) -> Result<(), ZipFault> {
    let member = archive.by_index(index)?;
    let claimed = member.size();
    let by_ratio = member
        .compressed_size()
        .saturating_mul(limits.max_inflate_ratio);
    if claimed > limits.max_file_bytes || claimed > by_ratio.max(EXEMPT_BYTES) {
        return Err(ZipFault::MemberBomb);
    }
    buffer.clear();
    let read = member.take(claimed + 1).read_to_end(buffer)?;
    match (read as u64).cmp(&claimed) {
        std::cmp::Ordering::Less => Err(ZipFault::Damaged),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(ZipFault::MemberBomb),
    }
}

/// Members up to this size may have any ratio: an empty picture deflates to almost nothing.
const EXEMPT_BYTES: u64 = 16 << 20;
