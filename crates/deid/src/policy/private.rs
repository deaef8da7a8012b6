//! Private elements under a policy: which lists of safe ones are in use, and what they say.

use std::fmt;

use dicom_core::{Tag, VR};

use crate::tables::{
    Disposition, EDITION, KbStep, SafePrivateRow, kb_lookup, pixelmed_private, safe_private,
    same_creator,
};

/// A private element: its group, its creator, and its place in the creator's block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateLookup<'a> {
    /// The (odd) group.
    pub group: u16,
    /// The private creator; padding and case do not matter.
    pub creator: &'a str,
    /// The low byte of the element.
    pub element: u8,
}

/// What is done to a private element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrivateDisposition {
    /// Removed.
    Remove,
    /// Kept; of a sequence each element is looked up by itself.
    Keep,
    /// A UID, or an identifier that is hashed: replaced by its pseudonym.
    Uid,
    /// A date that moves.
    Date,
    /// A date as a number of seconds since 1970 that moves.
    IntegerDate,
    /// Words that are cleaned.
    Clean,
}

impl PrivateDisposition {
    /// The word in a policy file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Keep => "keep",
            Self::Uid => "uid",
            Self::Date => "date",
            Self::IntegerDate => "integer-date",
            Self::Clean => "clean",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        let all = [
            Self::Remove,
            Self::Keep,
            Self::Uid,
            Self::Date,
            Self::IntegerDate,
            Self::Clean,
        ];
        all.into_iter()
            .find(|disposition| disposition.word() == word)
    }
}

/// Who decides about a private element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrivateSource {
    /// No list in use knows the element, or it has no creator: it is removed.
    Unknown,
    /// The basic profile: the Retain Safe Private Option is off.
    Basic,
    /// PS3.15 Table E.3.10-1.
    SafePrivate,
    /// The safe private attributes of the `PixelMed` toolkit.
    PixelMed,
    /// TCIA's knowledge base.
    Tcia,
    /// The team's own policy file, by its line (from 1).
    Override(u32),
}

impl fmt::Display for PrivateSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("private, not known to be safe"),
            Self::Basic => write!(f, "PS3.15 {EDITION} basic profile"),
            Self::SafePrivate => write!(f, "PS3.15 {EDITION} Table E.3.10-1"),
            Self::PixelMed => f.write_str("PixelMed safe private list"),
            Self::Tcia => f.write_str("TCIA private knowledge base 2024-02-01"),
            Self::Override(line) => write!(f, "policy file, line {line}"),
        }
    }
}

/// What is done to a private element, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateRule {
    /// What is done.
    pub disposition: PrivateDisposition,
    /// The VR the lists give it, for an element whose own VR is UN.
    pub vr: Option<VR>,
    /// Who says so.
    pub source: PrivateSource,
}

impl PrivateRule {
    pub(super) const fn removed(source: PrivateSource) -> Self {
        Self {
            disposition: PrivateDisposition::Remove,
            vr: None,
            source,
        }
    }
}

/// A list of private elements that a policy may use. The first list in the policy's order that
/// knows an element decides about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Knowledge {
    /// PS3.15 Table E.3.10-1.
    SafePrivate,
    /// The list of the `PixelMed` toolkit, only numbers and the sequences that hold them.
    PixelMedNumeric,
    /// The list of the `PixelMed` toolkit, all of it.
    PixelMed,
    /// TCIA's knowledge base: what it keeps, hashes, moves and deletes.
    Tcia,
}

impl Knowledge {
    /// All lists.
    pub const ALL: [Self; 4] = [
        Self::SafePrivate,
        Self::PixelMedNumeric,
        Self::PixelMed,
        Self::Tcia,
    ];

    /// The word in a policy file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SafePrivate => "ps3.15",
            Self::PixelMedNumeric => "pixelmed-numeric",
            Self::PixelMed => "pixelmed",
            Self::Tcia => "tcia",
        }
    }

    /// What the list says of an element, if it knows it.
    pub(super) fn rule(
        self,
        lookup: PrivateLookup<'_>,
        written: VR,
        path: &[KbStep<'_>],
    ) -> Option<PrivateRule> {
        let PrivateLookup {
            group,
            creator,
            element,
        } = lookup;
        match self {
            Self::SafePrivate => {
                let row = safe_private(group, creator, element)?;
                Some(listed(row, PrivateSource::SafePrivate))
            }
            Self::PixelMed => {
                let row = pixelmed_private(group, creator, element)?;
                Some(listed(row, PrivateSource::PixelMed))
            }
            Self::PixelMedNumeric => {
                let row = pixelmed_private(group, creator, element)?;
                let fits = row.vr.is_some_and(is_numeric) && is_compatible(written);
                fits.then(|| listed(row, PrivateSource::PixelMed))
            }
            Self::Tcia => {
                let step = KbStep::Private {
                    group,
                    creator,
                    element,
                };
                let (disposition, vr) = kb_lookup(step, path, written)?;
                let is_sequence = written == VR::SQ || vr == Some(VR::SQ);
                let disposition = normalised(disposition, is_sequence);
                Some(PrivateRule {
                    disposition,
                    vr,
                    source: PrivateSource::Tcia,
                })
            }
        }
    }
}

fn listed(row: &SafePrivateRow, source: PrivateSource) -> PrivateRule {
    PrivateRule {
        disposition: listed_disposition(row),
        vr: row.vr,
        source,
    }
}

/// A UID names an object even where the list calls it safe: it is replaced like every other.
pub(super) fn listed_disposition(row: &SafePrivateRow) -> PrivateDisposition {
    if row.vr == Some(VR::UI) {
        PrivateDisposition::Uid
    } else {
        PrivateDisposition::Keep
    }
}

/// TCIA's disposition as one of ours.
pub(super) const fn normalised(disposition: Disposition, is_sequence: bool) -> PrivateDisposition {
    match disposition {
        Disposition::Hash => PrivateDisposition::Uid,
        Disposition::OffsetDate => PrivateDisposition::Date,
        Disposition::OffsetInteger => PrivateDisposition::IntegerDate,
        Disposition::Keep => PrivateDisposition::Keep,
        // What holds other elements is decided by them; a value nobody decided about goes.
        Disposition::NotApplicable if is_sequence => PrivateDisposition::Keep,
        Disposition::NotApplicable | Disposition::Delete => PrivateDisposition::Remove,
    }
}

/// A VR of numbers, or the sequence that holds them.
pub(super) const fn is_numeric(vr: VR) -> bool {
    matches!(
        vr,
        VR::DS
            | VR::IS
            | VR::FL
            | VR::FD
            | VR::US
            | VR::SS
            | VR::UL
            | VR::SL
            | VR::UV
            | VR::SV
            | VR::SQ
    )
}

/// A VR that can only hold numbers, codes and tags: no words, no names, no dates.
pub(crate) const fn is_number_or_code(vr: VR) -> bool {
    matches!(vr, VR::AT | VR::CS) || (is_numeric(vr) && !matches!(vr, VR::SQ))
}

/// The VR in the object can hold what a list of numbers promises: words cannot.
const fn is_compatible(written: VR) -> bool {
    is_numeric(written) || matches!(written, VR::UN)
}

/// A rule of the policy file for one private element, or for a whole block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PrivateOverride {
    pub(super) group: u16,
    pub(super) creator: String,
    /// `None` speaks of every element of the creator's blocks.
    pub(super) element: Option<u8>,
    pub(super) disposition: PrivateDisposition,
    pub(super) line: u32,
    pub(super) named_danger: bool,
}

impl PrivateOverride {
    pub(super) fn matches(&self, lookup: PrivateLookup<'_>) -> bool {
        self.group == lookup.group
            && self.element.is_none_or(|element| element == lookup.element)
            && same_creator(&self.creator, lookup.creator)
    }
}

/// TCIA's word on a standard element inside a private sequence: `true` if it deletes it.
pub(super) fn tcia_deletes(tag: Tag, written: VR, path: &[KbStep<'_>]) -> bool {
    matches!(
        kb_lookup(KbStep::Standard(tag), path, written),
        Some((Disposition::Delete, _))
    )
}
