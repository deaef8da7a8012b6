//! Where an object begins and how it is encoded, found out from its bytes.

use dicom_core::Tag;

use super::header::{DELIMITERS, Encoding, Header, Stated, UNDEFINED, Vrs};
use super::parse::note;
use crate::dictionary::{self, Context, Written};
use crate::model::Mend;
use crate::syntax::{Endian, Syntax};

/// Elements that are looked at before an encoding is believed.
const SAMPLE: usize = 24;

/// Where the file meta group, or without one the data set, begins.
pub(super) struct Start<'a> {
    pub(super) preamble: Option<&'a [u8]>,
    pub(super) at: usize,
    pub(super) has_magic: bool,
}

/// Finds the begin of an object; `None` if no place looks like one.
pub(super) fn start(raw: &[u8]) -> Option<Start<'_>> {
    let preamble = raw.get(..128);
    if raw.get(128..132) == Some(b"DICM") {
        return Some(Start {
            preamble,
            at: 132,
            has_magic: true,
        });
    }
    if raw.starts_with(b"DICM") {
        return Some(Start {
            preamble: None,
            at: 4,
            has_magic: true,
        });
    }
    let bare = |at, preamble| Start {
        preamble,
        at,
        has_magic: false,
    };
    if looks_like_meta(raw, 0) || encoding(raw).is_some_and(|found| is_plausible(raw, found)) {
        return Some(bare(0, None));
    }
    let rest = raw.get(128..)?;
    let data_set = || encoding(rest).is_some_and(|found| is_plausible(rest, found));
    (looks_like_meta(raw, 128) || data_set()).then(|| bare(128, preamble))
}

/// The first two elements are of group 0002, known and in order.
fn looks_like_meta(raw: &[u8], at: usize) -> bool {
    let rest = raw.get(at..).unwrap_or_default();
    let group = match rest.get(..2) {
        Some([0x02, 0x00]) => Endian::Little,
        Some([0x00, 0x02]) => Endian::Big,
        _ => return false,
    };
    [Vrs::Explicit, Vrs::Implicit].into_iter().any(|vr| {
        let sample = sample(rest, Encoding { endian: group, vr }, 2);
        sample.sound >= 2 && sample.known == sample.sound
    })
}

/// What the first elements look like under one encoding.
#[derive(Default, Clone, Copy)]
struct Sample {
    /// Elements in order, whose lengths fit.
    sound: usize,
    /// Of these, attributes of the standard whose VR is the dictionary's, if it is written.
    known: usize,
    /// The elements end exactly where the bytes do, or there are more.
    whole: bool,
    first: Option<Tag>,
}

impl Sample {
    /// How much speaks for the encoding.
    fn score(self) -> usize {
        2 * self.known + self.sound + usize::from(self.whole)
    }
}

fn sample(data: &[u8], encoding: Encoding, most: usize) -> Sample {
    let mut found = Sample::default();
    let (mut at, mut last) = (0, None);
    while found.sound < most {
        if at == data.len() {
            found.whole = true;
            return found;
        }
        let encoding = encoding_of_command(data, at, encoding);
        let Some(head) = Header::read(data, at, data.len(), encoding) else {
            return found;
        };
        if head.mended || head.tag.0 == DELIMITERS || last.is_some_and(|last| head.tag <= last) {
            return found;
        }
        let end = head.end(at);
        if end.is_some_and(|end| end > data.len()) && head.tag != dictionary::PIXEL_DATA {
            return found;
        }
        found.first = found.first.or(Some(head.tag));
        found.sound += 1;
        // Commands look alike in both byte orders: they speak for neither.
        found.known += usize::from(head.tag.0 != 0 && agrees(&head));
        last = Some(head.tag);
        let Some(end) = end else { break };
        at = end.min(data.len());
    }
    found.whole = true;
    found
}

/// Command elements are always in Implicit VR Little Endian (PS3.7 6.3.1).
pub(super) fn encoding_of_command(data: &[u8], at: usize, encoding: Encoding) -> Encoding {
    let is_command = data.get(at..at + 2) == Some(&[0, 0]);
    let letters = data
        .get(at + 4..at + 6)
        .and_then(|letters| letters.try_into().ok());
    if is_command && letters.and_then(crate::vr::from_letters).is_none() {
        return Encoding::IMPLICIT_LE;
    }
    encoding
}

fn agrees(head: &Header) -> bool {
    if dictionary::is_private(head.tag) {
        return matches!(head.tag.1, 0 | 0x10..=0xFF);
    }
    let Some(vr) = dictionary::vr_of(head.tag, Context::default(), Written::Implicit) else {
        return false;
    };
    let has_sane_length = head.length != UNDEFINED
        || matches!(
            vr,
            dicom_core::VR::SQ | dicom_core::VR::OW | dicom_core::VR::OB
        );
    let is_same = match head.vr {
        Stated::Known(stated) => {
            stated == vr || crate::vr::number_width(vr) > 1 || stated == dicom_core::VR::UN
        }
        Stated::Unknown => false,
        Stated::Nothing => true,
    };
    has_sane_length && is_same
}

/// The encoding under which the first elements make sense, `None` if there is none.
pub(super) fn encoding(data: &[u8]) -> Option<Encoding> {
    const ALL: [Encoding; 4] = [
        Encoding::EXPLICIT_LE,
        Encoding::IMPLICIT_LE,
        Encoding::EXPLICIT_BE,
        Encoding::IMPLICIT_BE,
    ];
    let mut best = (0, None);
    for encoding in ALL {
        let sample = sample(data, encoding, SAMPLE);
        if sample.known > 0 && sample.score() > best.0 {
            best = (sample.score(), Some(encoding));
        }
    }
    best.1
}

/// Enough speaks for a data set where no `DICM` does: it begins with one of the first groups and
/// at least three attributes of the standard follow in order, or fewer up to the very end.
pub(super) fn is_plausible(data: &[u8], encoding: Encoding) -> bool {
    let sample = sample(data, encoding, 4);
    let begins = sample
        .first
        .is_some_and(|tag| matches!(tag.0, 0x0000 | 0x0002 | 0x0004 | 0x0008 | 0x0010));
    let enough = sample.known >= 3 || (sample.whole && sample.known > 0);
    begins && enough && sample.known == sample.sound
}

/// The native transfer syntax of an encoding.
pub(super) fn native(encoding: Encoding) -> Syntax {
    Syntax::from_uid(match (encoding.vr, encoding.endian) {
        (_, Endian::Big) => Syntax::EXPLICIT_BE,
        (Vrs::Explicit, Endian::Little) => Syntax::EXPLICIT_LE,
        (Vrs::Implicit, Endian::Little) => Syntax::IMPLICIT_LE,
    })
}

/// The encoding that a transfer syntax claims.
pub(super) const fn claimed(syntax: &Syntax) -> Encoding {
    let vr = if syntax.explicit {
        Vrs::Explicit
    } else {
        Vrs::Implicit
    };
    Encoding {
        endian: syntax.endian,
        vr,
    }
}

/// Holds what the transfer syntax claims against the bytes; where they differ the bytes are right.
///
/// A native syntax is replaced by the real one. A compressed one keeps its UID, as it says how the
/// pixel data is encoded, and will be written as it should have been.
pub(super) fn check(data: &[u8], syntax: Syntax, mends: &mut Vec<Mend>) -> (Encoding, Syntax) {
    let claim = claimed(&syntax);
    let first = Header::read(data, 0, data.len(), encoding_of_command(data, 0, claim));
    let is_sound = first.is_none_or(|head| {
        let fits = head.end(0).is_none_or(|end| end <= data.len());
        !head.mended && fits && agrees(&head)
    });
    if is_sound {
        return (claim, syntax);
    }
    let Some(found) = encoding(data).filter(|found| *found != claim) else {
        return (claim, syntax);
    };
    if sample(data, claim, SAMPLE).score() >= sample(data, found, SAMPLE).score() {
        return (claim, syntax);
    }
    note(mends, Mend::SyntaxMismatch);
    if syntax.is_encapsulated() || syntax.uid == Syntax::GE_PRIVATE {
        let syntax = Syntax {
            endian: found.endian,
            explicit: true,
            ..syntax
        };
        return (found, syntax);
    }
    (found, native(found))
}
