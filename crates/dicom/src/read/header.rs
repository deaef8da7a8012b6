//! The head of one data element (PS3.5 7.1): tag, VR and length, in whichever of the encodings
//! they were really written.
//!
//! Single elements of real files are written without a VR in Explicit VR, with a VR in Implicit
//! VR, with unknown letters, or with the wrong size of length. [`Header::read`] takes the reading
//! after which the next element, or the end, stands where it should.

use dicom_core::{Tag, VR};

use crate::syntax::Endian;
use crate::vr;

/// The length that means: up to a delimiter.
pub(super) const UNDEFINED: u32 = u32::MAX;
/// The group of items and delimiters.
pub(super) const DELIMITERS: u16 = 0xFFFE;
pub(super) const ITEM: Tag = Tag(DELIMITERS, 0xE000);
pub(super) const ITEM_END: Tag = Tag(DELIMITERS, 0xE00D);
pub(super) const SEQUENCE_END: Tag = Tag(DELIMITERS, 0xE0DD);

/// How the heads of elements are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Encoding {
    pub(super) endian: Endian,
    pub(super) vr: Vrs,
}

/// Whether VRs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vrs {
    Explicit,
    Implicit,
}

impl Encoding {
    pub(super) const IMPLICIT_LE: Self = Self {
        endian: Endian::Little,
        vr: Vrs::Implicit,
    };
    pub(super) const EXPLICIT_LE: Self = Self {
        endian: Endian::Little,
        vr: Vrs::Explicit,
    };
    pub(super) const EXPLICIT_BE: Self = Self {
        endian: Endian::Big,
        vr: Vrs::Explicit,
    };
    pub(super) const IMPLICIT_BE: Self = Self {
        endian: Endian::Big,
        vr: Vrs::Implicit,
    };
}

/// The VR of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    /// Written, and one of the standard's.
    Known(VR),
    /// Written, but not one of the standard's.
    Unknown,
    /// Not written: Implicit VR, items and delimiters.
    Nothing,
}

/// The head of one element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) tag: Tag,
    pub(super) vr: Stated,
    pub(super) length: u32,
    /// Bytes of the head itself: 8 or 12.
    pub(super) size: usize,
    /// The head is not written as its data set is.
    pub(super) mended: bool,
}

pub(super) fn u16_at(data: &[u8], at: usize, endian: Endian) -> Option<u16> {
    let bytes: [u8; 2] = data.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(match endian {
        Endian::Little => u16::from_le_bytes(bytes),
        Endian::Big => u16::from_be_bytes(bytes),
    })
}

pub(super) fn u32_at(data: &[u8], at: usize, endian: Endian) -> Option<u32> {
    let bytes: [u8; 4] = data.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(match endian {
        Endian::Little => u32::from_le_bytes(bytes),
        Endian::Big => u32::from_be_bytes(bytes),
    })
}

/// The tag at a place; a delimiter in the other byte order is understood too.
pub(super) fn tag_at(data: &[u8], at: usize, endian: Endian) -> Option<Tag> {
    let tag = Tag(u16_at(data, at, endian)?, u16_at(data, at + 2, endian)?);
    if tag.0 == DELIMITERS.swap_bytes() && matches!(tag.1, 0x00E0 | 0x0DE0 | 0xDDE0) {
        return Some(Tag(DELIMITERS, tag.1.swap_bytes()));
    }
    Some(tag)
}

/// The byte order of the delimiter at a place.
pub(super) fn delimiter_endian(data: &[u8], at: usize) -> Endian {
    if data.get(at) == Some(&0xFF) {
        Endian::Big
    } else {
        Endian::Little
    }
}

impl Header {
    /// Where the value begins, for a head at `at`.
    pub(super) const fn value_at(&self, at: usize) -> usize {
        at + self.size
    }

    /// Where the element ends, for a head at `at`: `None` for undefined length.
    pub(super) fn end(&self, at: usize) -> Option<usize> {
        (self.length != UNDEFINED).then(|| self.value_at(at).saturating_add(self.length as usize))
    }

    /// Reads the head at `at` of what ends at `end`. `None` if fewer than 8 bytes are left.
    pub(super) fn read(data: &[u8], at: usize, end: usize, encoding: Encoding) -> Option<Self> {
        if end.saturating_sub(at) < 8 {
            return None;
        }
        let tag = tag_at(data, at, encoding.endian)?;
        if tag.0 == DELIMITERS {
            let length = u32_at(data, at + 4, delimiter_endian(data, at))?;
            return Some(Self {
                tag,
                vr: Stated::Nothing,
                length,
                size: 8,
                mended: false,
            });
        }
        let place = Place {
            data,
            at,
            end,
            encoding,
            tag,
        };
        match encoding.vr {
            Vrs::Explicit => place.explicit(),
            Vrs::Implicit => place.implicit(),
        }
    }
}

/// One head that is being read.
#[derive(Clone, Copy)]
struct Place<'d> {
    data: &'d [u8],
    at: usize,
    end: usize,
    encoding: Encoding,
    tag: Tag,
}

impl Place<'_> {
    fn letters(&self) -> [u8; 2] {
        match self.data.get(self.at + 4..self.at + 6) {
            Some(letters) => [letters[0], letters[1]],
            None => [0, 0],
        }
    }

    fn explicit(&self) -> Option<Header> {
        let letters = self.letters();
        let Some(known) = vr::from_letters(letters) else {
            return self.unknown(letters);
        };
        let stated = Stated::Known(known);
        if vr::has_long_length(known) {
            let reserved = u16_at(self.data, self.at + 6, self.encoding.endian)?;
            if reserved == 0
                && let Some(head) = self.long(stated)
            {
                return Some(head);
            }
            return self.best([self.long(stated), self.short(stated)]);
        }
        let short = self.short(stated)?;
        let at_rest = short.length == 0 && self.lands(&short);
        if (short.length > 0 && self.fits(&short)) || at_rest {
            return Some(short);
        }
        self.best([Some(short), self.long(stated)])
    }

    fn implicit(&self) -> Option<Header> {
        let bare = self.bare()?;
        if self.fits(&bare) {
            return Some(bare);
        }
        let Some(known) = vr::from_letters(self.letters()) else {
            return Some(bare);
        };
        let stated = Stated::Known(known);
        let written = if vr::has_long_length(known) {
            self.long(stated)
        } else {
            self.short(stated)
        };
        Some(match written {
            Some(head) if self.fits(&head) => Header {
                mended: true,
                ..head
            },
            _ => bare,
        })
    }

    /// Letters that are no VR: a VR of the future or of a vendor, or none at all.
    fn unknown(&self, letters: [u8; 2]) -> Option<Header> {
        let (short, long) = (self.short(Stated::Unknown), self.long(Stated::Unknown));
        let bare = self.bare();
        let reserved = u16_at(self.data, self.at + 6, self.encoding.endian);
        let order = if letters.iter().all(u8::is_ascii_uppercase) {
            if reserved == Some(0) {
                [long, short, bare]
            } else {
                [short, bare, long]
            }
        } else {
            [bare, short, long]
        };
        self.best(order).map(|head| Header {
            mended: true,
            ..head
        })
    }

    /// The first reading after which something well-formed follows, else the first that fits,
    /// else the first.
    fn best<const N: usize>(&self, readings: [Option<Header>; N]) -> Option<Header> {
        let first = readings.iter().flatten().next().copied();
        let mut choice = readings
            .iter()
            .flatten()
            .find(|head| self.fits(head) && self.lands(head));
        if choice.is_none() {
            choice = readings.iter().flatten().find(|head| self.fits(head));
        }
        let (first, choice) = (first?, choice.copied().or(first)?);
        let mended = first.size != choice.size || first.length != choice.length;
        Some(Header { mended, ..choice })
    }

    fn short(&self, vr: Stated) -> Option<Header> {
        let length = u32::from(u16_at(self.data, self.at + 6, self.encoding.endian)?);
        Some(Header {
            tag: self.tag,
            vr,
            length,
            size: 8,
            mended: false,
        })
    }

    fn long(&self, vr: Stated) -> Option<Header> {
        let length = u32_at(self.data, self.at + 8, self.encoding.endian)?;
        (self.end - self.at >= 12).then_some(Header {
            tag: self.tag,
            vr,
            length,
            size: 12,
            mended: false,
        })
    }

    fn bare(&self) -> Option<Header> {
        let length = u32_at(self.data, self.at + 4, self.encoding.endian)?;
        Some(Header {
            tag: self.tag,
            vr: Stated::Nothing,
            length,
            size: 8,
            mended: false,
        })
    }

    fn fits(&self, head: &Header) -> bool {
        match head.end(self.at) {
            Some(end) => end <= self.end,
            // Undefined length: an item or a delimiter must follow.
            None => tag_at(self.data, head.value_at(self.at), self.encoding.endian)
                .is_some_and(|tag| tag.0 == DELIMITERS),
        }
    }

    /// What follows the element is the end, a delimiter or an element of a higher tag.
    fn lands(&self, head: &Header) -> bool {
        let Some(next) = head.end(self.at) else {
            return true;
        };
        if next == self.end {
            return true;
        }
        let Some(tag) = tag_at(self.data, next, self.encoding.endian) else {
            return false;
        };
        tag.0 == DELIMITERS || tag > self.tag
    }
}
