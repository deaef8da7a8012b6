//! The words this crate answers in: what kind of identifier went, by which rule, in which context.

use std::borrow::Cow;
use std::fmt;

/// What an identifying piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentifierKind {
    /// The name of a patient, physician, operator or relative.
    PersonName,
    /// A patient's number in a hospital.
    PatientId,
    /// The number of an order or examination.
    AccessionNumber,
    /// Any other number or code given to a person, visit or account.
    OtherId,
    /// A date finer than the year.
    Date,
    /// A telephone or fax number.
    Phone,
    /// An e-mail address.
    Email,
    /// A street or postal address, or a part of one.
    Address,
    /// A hospital, practice, university or other organisation.
    Institution,
    /// A web or network address.
    Url,
    /// A DICOM unique identifier.
    Uid,
    /// The serial number or station name of a device.
    DeviceSerial,
    /// An age over 89 (45 CFR 164.514(b)(2)(i)(C)).
    Age,
    /// An identifier the caller states without saying of what kind.
    Other,
}

impl IdentifierKind {
    /// The word for reports: lower case, hyphens between words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PersonName => "person-name",
            Self::PatientId => "patient-id",
            Self::AccessionNumber => "accession-number",
            Self::OtherId => "other-id",
            Self::Date => "date",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
            Self::Institution => "institution",
            Self::Url => "url",
            Self::Uid => "uid",
            Self::DeviceSerial => "device",
            Self::Age => "age",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for IdentifierKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What kind of element the text comes from: how much of it may be taken for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Context {
    /// A short label (LO, SH): unknown words are taken for clinical or technical ones unless
    /// there is evidence of a name.
    #[default]
    Descriptor,
    /// Running text (LT, ST, UT, comments, text of reports): unknown capitalised words in the
    /// place of a name are names.
    Prose,
    /// The meaning of a code: only harvested identifiers and what is certain by its shape goes.
    Code,
    /// Labels outside the profile's table (kernels, sequences, image types): harvested identifiers
    /// go, names that a word before them announces, and words that are in no vocabulary.
    Technical,
    /// Coded strings (CS): as technical labels, and no ordinary word is taken for a person who is
    /// called so.
    Coded,
    /// The names of makers, models and programs: only harvested identifiers go.
    HarvestOnly,
}

/// One thing that was removed, without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Removed {
    /// What it was.
    pub kind: IdentifierKind,
    /// The rule that found it.
    pub rule: &'static str,
}

/// A text after cleaning. `Debug` prints no text.
#[derive(Clone, PartialEq, Eq)]
pub struct Cleaned<'t> {
    /// What stays; borrowed when nothing went.
    pub text: Cow<'t, str>,
    /// What went, in the order of the text.
    pub removed: Vec<Removed>,
}

impl fmt::Debug for Cleaned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cleaned")
            .field("removed", &self.removed)
            .finish_non_exhaustive()
    }
}

/// A stretch of the text (byte offsets) that some rule wants removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: IdentifierKind,
    pub(crate) rule: &'static str,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize, kind: IdentifierKind, rule: &'static str) -> Self {
        Self {
            start,
            end,
            kind,
            rule,
        }
    }
}
