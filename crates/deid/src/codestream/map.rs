//! [`Map`]: what a walk over a coded frame found, as data: spans to search, edits to make.

use std::ops::Range;

/// One overwrite at constant length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edit {
    /// Every byte of the range becomes `byte`.
    Fill {
        /// Where, in bytes of the frame.
        range: Range<usize>,
        /// What the bytes become.
        byte: u8,
    },
    /// The type of a box becomes `free` (ISO/IEC 15444-2 M.11.20).
    FreeBox {
        /// Where the four bytes of the type stand.
        at: usize,
    },
}

const FREE: &[u8; 4] = b"free";

impl Edit {
    /// The bytes already are what the edit would make them.
    pub(super) fn holds(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Fill { range, byte } => bytes
                .get(range.clone())
                .is_none_or(|part| part.iter().all(|b| b == byte)),
            Self::FreeBox { at } => bytes.get(*at..*at + 4).is_none_or(|part| part == FREE),
        }
    }

    /// Makes the edit.
    pub(super) fn apply(&self, bytes: &mut [u8]) {
        match self {
            Self::Fill { range, byte } => {
                if let Some(part) = bytes.get_mut(range.clone()) {
                    part.fill(*byte);
                }
            }
            Self::FreeBox { at } => {
                if let Some(part) = bytes.get_mut(*at..*at + 4) {
                    part.copy_from_slice(FREE);
                }
            }
        }
    }

    /// Counts as a segment: the renaming of a box only goes with the fill of its content.
    pub(super) const fn counts(&self) -> bool {
        matches!(self, Self::Fill { .. })
    }
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Map {
    searched: Vec<Range<usize>>,
    edits: Vec<Edit>,
}

impl Map {
    /// A span that is not coded data and stays as it is.
    pub(super) fn search(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        match self.searched.last_mut() {
            Some(last) if last.end >= range.start && last.start <= range.start => {
                last.end = last.end.max(range.end);
            }
            _ => self.searched.push(range),
        }
    }

    /// A span that is not coded data and is overwritten with `byte`.
    pub(super) fn clear(&mut self, range: Range<usize>, byte: u8) {
        if range.is_empty() {
            return;
        }
        self.search(range.clone());
        self.edits.push(Edit::Fill { range, byte });
    }

    /// A gap no decoder reads, overwritten with `byte`; a single byte of padding holds no text and
    /// stays, so that an untouched frame stays byte for byte.
    pub(super) fn gap(&mut self, range: Range<usize>, byte: u8) {
        if range.len() == 1 {
            self.search(range);
        } else {
            self.clear(range, byte);
        }
    }

    /// Zeros over a part of a span that is searched already.
    pub(super) fn rewrite(&mut self, range: Range<usize>) {
        self.edits.push(Edit::Fill { range, byte: 0 });
    }

    /// A box whose type, at `at`, becomes `free`.
    pub(super) fn free_box(&mut self, at: usize) {
        self.search(at..at + 4);
        self.edits.push(Edit::FreeBox { at });
    }

    /// The edits in the order they were found.
    pub(super) fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The spans to search, ascending, without overlap.
    pub(super) fn into_searched(self) -> Vec<Range<usize>> {
        self.searched
    }
}

/// A big-endian 16-bit number at a place, if it is there.
pub(super) fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(2)?)?;
    Some(usize::from(u16::from_be_bytes(part.try_into().ok()?)))
}

/// A big-endian 32-bit number at a place, if it is there.
pub(super) fn be32(bytes: &[u8], at: usize) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_be_bytes(part.try_into().ok()?)).ok()
}
