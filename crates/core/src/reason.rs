//! [`Reason`]: why an input was quarantined or skipped, as a stable code.

use serde::{Deserialize, Serialize};

/// A stable, value-free code for what happened to an input that was not released.
///
/// The codes are part of the manifest's format: never rename one, only add.
/// `docs/reasons.md` says for each what a person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// Not a DICOM object (skipped).
    NotDicom,
    /// A DICOMDIR: it only lists other files and would name them (skipped).
    Dicomdir,
    /// The same object, byte for byte, was already released in this run.
    Duplicate,
    /// The object ends in the middle of an element.
    Truncated,
    /// The structure cannot be understood (lengths, nesting, delimiters).
    Malformed,
    /// A deflated data set does not inflate.
    InflateFailed,
    /// The transfer syntax is not known, so the data set cannot be parsed safely.
    UnknownTransferSyntax,
    /// A limit was exceeded before any work was done.
    LimitExceeded,
    /// The object has no SOP Instance UID or SOP Class UID.
    NoSopInstance,
    /// The character set is not known and the text is not plain ASCII.
    UnknownCharacterSet,
    /// An identifier of the object was found in what was about to be released.
    ResidualIdentifier,
    /// The object that was written could not be read again.
    WrittenUnreadable,
    /// An encapsulated document, and the policy asks for quarantine.
    EncapsulatedDocument,
    /// Pixel data that cannot be decoded, so its content cannot be verified.
    PixelsUndecodable,
    /// Text remains in the picture.
    BurnedInText,
    /// The policy asks for quarantine of this kind of object.
    PolicyQuarantine,
    /// A page of text as a picture, and the policy leaves such pages out (skipped).
    PageDropped,
    /// The file could not be read from its place.
    ReadFailed,
    /// The result could not be written to its place.
    WriteFailed,
    /// A defect of Obscura itself: the object was set aside untouched.
    Internal,
    /// An object arrived that no job announced.
    UnannouncedUpload,
    /// An object arrived under a key that this program did not make.
    ForeignObject,
    /// What arrived is not what was announced.
    ChecksumMismatch,
    /// A document or picture that is not DICOM, and that is not worked on yet.
    NotSupported,
    /// The group has no pseudonym key.
    GroupWithoutKey,
    /// The group's pseudonym key was destroyed.
    GroupShredded,
    /// Another result of the same input stands where this one belongs.
    OutputConflict,
    /// A file was announced and did not arrive in time.
    NeverArrived,
    /// A file stayed longer than its retention and was erased before it was done with.
    Overdue,
    /// The record of a release, or what it names, cannot be read.
    ReleaseUnreadable,
    /// What was released is not what its record says: missing, changed, or under another key.
    ReleaseAltered,
}

impl Reason {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::NotDicom,
        Self::Dicomdir,
        Self::Duplicate,
        Self::Truncated,
        Self::Malformed,
        Self::InflateFailed,
        Self::UnknownTransferSyntax,
        Self::LimitExceeded,
        Self::NoSopInstance,
        Self::UnknownCharacterSet,
        Self::ResidualIdentifier,
        Self::WrittenUnreadable,
        Self::EncapsulatedDocument,
        Self::PixelsUndecodable,
        Self::BurnedInText,
        Self::PolicyQuarantine,
        Self::PageDropped,
        Self::ReadFailed,
        Self::WriteFailed,
        Self::Internal,
        Self::UnannouncedUpload,
        Self::ForeignObject,
        Self::ChecksumMismatch,
        Self::NotSupported,
        Self::GroupWithoutKey,
        Self::GroupShredded,
        Self::OutputConflict,
        Self::NeverArrived,
        Self::Overdue,
        Self::ReleaseUnreadable,
        Self::ReleaseAltered,
    ];

    /// The code as it stands in the manifest.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDicom => "not-dicom",
            Self::Dicomdir => "dicomdir",
            Self::Duplicate => "duplicate",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::InflateFailed => "inflate-failed",
            Self::UnknownTransferSyntax => "unknown-transfer-syntax",
            Self::LimitExceeded => "limit-exceeded",
            Self::NoSopInstance => "no-sop-instance",
            Self::UnknownCharacterSet => "unknown-character-set",
            Self::ResidualIdentifier => "residual-identifier",
            Self::WrittenUnreadable => "written-unreadable",
            Self::EncapsulatedDocument => "encapsulated-document",
            Self::PixelsUndecodable => "pixels-undecodable",
            Self::BurnedInText => "burned-in-text",
            Self::PolicyQuarantine => "policy-quarantine",
            Self::PageDropped => "page-dropped",
            Self::ReadFailed => "read-failed",
            Self::WriteFailed => "write-failed",
            Self::Internal => "internal",
            Self::UnannouncedUpload => "unannounced-upload",
            Self::ForeignObject => "foreign-object",
            Self::ChecksumMismatch => "checksum-mismatch",
            Self::NotSupported => "not-supported",
            Self::GroupWithoutKey => "group-without-key",
            Self::GroupShredded => "group-shredded",
            Self::OutputConflict => "output-conflict",
            Self::NeverArrived => "never-arrived",
            Self::Overdue => "overdue",
            Self::ReleaseUnreadable => "release-unreadable",
            Self::ReleaseAltered => "release-altered",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_told_once_and_is_the_serialised_form() {
        let codes: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        // The last variant is the last of the list: one that is added has to be added there too.
        assert_eq!(Reason::ALL.len(), Reason::ReleaseAltered as usize + 1);
        for (place, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(*reason as usize, place);
        }
    }
}
