//! Where inputs come from: files, directories and zip archives, in an order that does not change.
//!
//! Main function: [`walk`]. It gives every file it meets, those that cannot be read included, so
//! that no input is passed over in silence. Nothing is read but directories and the lists of
//! archives; [`Reader`] reads the content when its turn comes.

mod read;
#[cfg(test)]
mod tests;
mod walk;
mod zip;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use obscura_core::Reason;

pub(crate) use read::{Loaded, Opened, ReadFailure, Reader, read_file};
pub(crate) use walk::Walk;

/// One input.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// Which of the given paths it belongs to.
    pub(crate) source: Arc<Source>,
    /// Its name relative to that path, parts joined by `/`; `a.zip!/b.dcm` for a member.
    pub(crate) name: String,
    /// Where its bytes are.
    pub(crate) at: Location,
}

/// One of the paths that were given.
#[derive(Debug)]
pub(crate) struct Source {
    /// As given.
    pub(crate) given: PathBuf,
    /// Absolute, without links: the same however it is spelled.
    pub(crate) canonical: String,
}

/// Where the bytes of an input are.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    /// A file.
    File(PathBuf),
    /// A member of a zip archive.
    Member {
        /// The archive.
        archive: Arc<PathBuf>,
        /// Its position in the archive's directory.
        index: usize,
    },
    /// Nowhere: it is known already that it cannot be read.
    Refused {
        /// Why.
        reason: Reason,
        /// What is wrong, without values.
        detail: String,
    },
}

impl Input {
    /// The input as a person would name it: the path as given and what is below it.
    pub(crate) fn shown(&self) -> String {
        let given = &self.source.given;
        if given
            .file_name()
            .is_some_and(|name| lossless(name) == self.name)
            && !given.is_dir()
        {
            return crate::exit::shown(given);
        }
        match self.name.split_once('!') {
            Some((archive, rest)) if given.file_name().is_some_and(|n| lossless(n) == archive) => {
                crate::exit::Shown(&format!("{}!{rest}", given.to_string_lossy())).to_string()
            }
            _ => crate::exit::shown(&given.join(&self.name)),
        }
    }
}

/// A file name as text: bytes that are not UTF-8 are written as `\xHH`, so that two names never
/// become one.
pub(crate) fn lossless(name: &std::ffi::OsStr) -> String {
    if let Some(text) = name.to_str() {
        return text.to_owned();
    }
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text
}
