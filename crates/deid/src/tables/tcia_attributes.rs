//! What The Cancer Imaging Archive does to standard attributes, as given to the MIDI-B teams.

use dicom_core::Tag;

use super::generated;

/// An action of TCIA's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TciaAction {
    /// The attribute is removed.
    Remove,
    /// The UID is replaced by a hash (here: keyed).
    HashUid,
    /// The date moves by the patient's number of days.
    IncrementDate,
    /// The time of a date that moves: kept as it is.
    Time,
    /// The value is emptied.
    Empty,
    /// The value is kept after a curator has cleaned it.
    Keep,
    /// The items of the sequence are treated one by one.
    Process,
    /// The value is looked up in the archive's table of patients.
    Lookup,
    /// The value is replaced by a dummy.
    Replace,
    /// The person's name is replaced by a hash.
    HashName,
}

impl TciaAction {
    /// The word in TCIA's list.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::HashUid => "hashuid",
            Self::IncrementDate => "incrementdate",
            Self::Time => "time",
            Self::Empty => "empty",
            Self::Keep => "keep",
            Self::Process => "process",
            Self::Lookup => "lookup",
            Self::Replace => "replace",
            Self::HashName => "hashname",
        }
    }
}

/// TCIA's list, in ascending order of tags.
pub static TCIA_ATTRIBUTES: &[(Tag, TciaAction)] = &generated::tcia_attributes::ROWS;

/// What TCIA does to an attribute.
pub fn tcia_attribute(tag: Tag) -> Option<TciaAction> {
    let at = TCIA_ATTRIBUTES
        .binary_search_by_key(&tag, |(tag, _)| *tag)
        .ok()?;
    Some(TCIA_ATTRIBUTES[at].1)
}
