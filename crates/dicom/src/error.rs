//! [`ReadError`]: why bytes could not be understood as a DICOM object.

use dicom_core::Tag;
use obscura_core::Reason;
use thiserror::Error;

/// Why bytes could not be understood as a DICOM object. Never carries a value.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// Nothing in the file looks like DICOM.
    #[error("not a DICOM object")]
    NotDicom,
    /// The object ends in the middle of an element.
    #[error("ends in the middle of element {tag} at byte {offset}")]
    Truncated {
        /// The element.
        tag: Tag,
        /// Where it begins, in bytes from the start of the (inflated) data.
        offset: usize,
    },
    /// The structure cannot be understood.
    #[error("malformed at element {tag}, byte {offset}: {what}")]
    Malformed {
        /// The element.
        tag: Tag,
        /// Where it begins, in bytes from the start of the (inflated) data.
        offset: usize,
        /// What is wrong, without values.
        what: &'static str,
    },
    /// The deflated data set does not inflate.
    #[error("the deflated data set does not inflate")]
    Inflate,
    /// A limit of [`obscura_core::Limits`] was exceeded.
    #[error("exceeds the limit on {0}")]
    Limit(&'static str),
}

impl ReadError {
    /// The code for the manifest.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::NotDicom => Reason::NotDicom,
            Self::Truncated { .. } => Reason::Truncated,
            Self::Malformed { .. } => Reason::Malformed,
            Self::Inflate => Reason::InflateFailed,
            Self::Limit(_) => Reason::LimitExceeded,
        }
    }
}
