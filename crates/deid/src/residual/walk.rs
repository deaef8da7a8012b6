//! The scan's own walk over the elements of a data set, from the bytes.
//!
//! It knows lengths, VRs and delimiters (PS3.5 chapter 7 and annex A) and nothing else: no
//! dictionary, no values. It shares no code with the reader of `obscura-dicom`, so that a defect
//! there cannot hide here. Where it loses the thread it stops and says so.

use std::ops::Range;

use dicom_core::Tag;

/// How the elements of a data set are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Encoding {
    pub(super) vr: VrForm,
    pub(super) order: Order,
}

/// VRs are written, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VrForm {
    Explicit,
    Implicit,
}

/// The order of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// How far the walk goes into sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Only where it must to find the end of a sequence of undefined length.
    Outermost,
    /// Into all that can be told to be a sequence.
    Everything,
}

/// What the walk met.
#[derive(Debug)]
pub(super) struct Met<'w> {
    /// The tag.
    pub(super) tag: Tag,
    /// The letters of the VR, where they are written.
    pub(super) vr: Option<[u8; 2]>,
    /// The value field; of encapsulated data from the first item to the delimiter.
    pub(super) value: Range<usize>,
    /// The sequences around it, outermost first.
    pub(super) path: &'w [Tag],
    /// The values of the items of encapsulated data: the offset table, then the fragments.
    pub(super) fragments: Option<Vec<Range<usize>>>,
}

impl Encoding {
    pub(super) const META: Self = Self {
        vr: VrForm::Explicit,
        order: Order::Little,
    };

    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let part = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self.order {
            Order::Little => u16::from_le_bytes(part),
            Order::Big => u16::from_be_bytes(part),
        })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let part = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(match self.order {
            Order::Little => u32::from_le_bytes(part),
            Order::Big => u32::from_be_bytes(part),
        })
    }

    /// A number of two bytes that is the whole value.
    pub(super) fn value_u16(self, value: &[u8]) -> Option<u16> {
        self.u16(value, 0)
    }
}

const UNDEFINED: u32 = u32::MAX;
const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);
const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
/// VRs whose length has four bytes after two of reserve (PS3.5 7.1.2).
const LONG: [[u8; 2]; 13] = [
    *b"OB", *b"OD", *b"OF", *b"OL", *b"OV", *b"OW", *b"SQ", *b"SV", *b"UC", *b"UN", *b"UR", *b"UT",
    *b"UV",
];

/// One element's header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) tag: Tag,
    pub(super) vr: Option<[u8; 2]>,
    length: u32,
    /// Where the value begins.
    pub(super) value: usize,
}

impl Header {
    /// The end of the value, if its length is defined and inside `bytes`.
    pub(super) fn end(&self, bytes: &[u8]) -> Option<usize> {
        let end = self.value.checked_add(usize::try_from(self.length).ok()?)?;
        (self.length != UNDEFINED && end <= bytes.len()).then_some(end)
    }
}

/// The header at a place. Where no VR is written although VRs should be, the length is taken as
/// in Implicit VR, as mixed files have it.
pub(super) fn header(bytes: &[u8], at: usize, encoding: Encoding) -> Option<Header> {
    let tag = Tag(encoding.u16(bytes, at)?, encoding.u16(bytes, at + 2)?);
    let letters: [u8; 2] = bytes.get(at + 4..at + 6)?.try_into().ok()?;
    let written = encoding.vr == VrForm::Explicit
        && tag.group() != 0xFFFE
        && letters.iter().all(u8::is_ascii_uppercase);
    if !written {
        let length = encoding.u32(bytes, at + 4)?;
        return Some(Header {
            tag,
            vr: None,
            length,
            value: at + 8,
        });
    }
    if LONG.contains(&letters) {
        let length = encoding.u32(bytes, at + 8)?;
        return Some(Header {
            tag,
            vr: Some(letters),
            length,
            value: at + 12,
        });
    }
    let length = u32::from(encoding.u16(bytes, at + 6)?);
    Some(Header {
        tag,
        vr: Some(letters),
        length,
        value: at + 8,
    })
}

/// A sequence or an item the walk is inside of.
struct Level {
    encoding: Encoding,
    end: Option<usize>,
    inside: Inside,
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    DataSet,
    Sequence,
}

/// Walks the elements of `bytes` from `start` on and calls `met` with each; returns where it
/// stopped: the end, or the first byte it could not understand.
pub(super) fn walk(
    bytes: &[u8],
    start: usize,
    encoding: Encoding,
    reach: Reach,
    max_depth: usize,
    mut met: impl FnMut(Met<'_>),
) -> usize {
    let outermost = Level {
        encoding,
        end: None,
        inside: Inside::DataSet,
    };
    // A sequence and its item are two levels.
    let max_levels = max_depth.saturating_mul(2).saturating_add(1);
    let mut walker = Walker {
        bytes,
        at: start,
        reach,
        max_levels,
        levels: vec![outermost],
        path: Vec::new(),
    };
    while walker.step(&mut met).is_some() {}
    walker.at
}

struct Walker<'b> {
    bytes: &'b [u8],
    at: usize,
    reach: Reach,
    max_levels: usize,
    levels: Vec<Level>,
    path: Vec<Tag>,
}

impl Walker<'_> {
    /// One header; `None` at the end and where the bytes are no element.
    fn step(&mut self, met: &mut impl FnMut(Met<'_>)) -> Option<()> {
        self.leave_finished();
        let Level {
            encoding, inside, ..
        } = *self.levels.last()?;
        let header = header(self.bytes, self.at, encoding)?;
        match (header.tag, inside) {
            (ITEM, Inside::Sequence) => self.enter_item(&header, encoding),
            (SEQUENCE_END | ITEM_END, _) => {
                self.close(header.tag);
                self.at = header.value;
                Some(())
            }
            (_, Inside::Sequence) => None,
            (_, Inside::DataSet) => self.element(&header, encoding, met),
        }
    }

    fn element(
        &mut self,
        header: &Header,
        encoding: Encoding,
        met: &mut impl FnMut(Met<'_>),
    ) -> Option<()> {
        let Header {
            tag,
            vr,
            value,
            length,
        } = *header;
        if length == UNDEFINED && is_encapsulated(header) {
            let (fragments, end) = fragments(self.bytes, value, encoding)?;
            let path = &self.path;
            met(Met {
                tag,
                vr,
                value: value..end,
                path,
                fragments: Some(fragments),
            });
            self.at = end + 8;
            return Some(());
        }
        let end = header.end(self.bytes);
        let sequence = self.reach == Reach::Everything && is_sequence(self.bytes, header, encoding);
        if length == UNDEFINED || sequence {
            return self.enter_sequence(header, encoding, end);
        }
        // Cut off, or the length lies: what is left is taken for this element.
        let end = end.unwrap_or(self.bytes.len());
        met(Met {
            tag,
            vr,
            value: value.min(end)..end,
            path: &self.path,
            fragments: None,
        });
        self.at = end;
        Some(())
    }

    fn enter_sequence(
        &mut self,
        header: &Header,
        encoding: Encoding,
        end: Option<usize>,
    ) -> Option<()> {
        if self.levels.len() >= self.max_levels {
            return None;
        }
        // A sequence of VR UN is written in Implicit VR Little Endian (PS3.5 6.2.2).
        let encoding = if header.vr == Some(*b"UN") {
            Encoding {
                vr: VrForm::Implicit,
                order: Order::Little,
            }
        } else {
            encoding
        };
        self.path.push(header.tag);
        self.levels.push(Level {
            encoding,
            end,
            inside: Inside::Sequence,
        });
        self.at = header.value;
        Some(())
    }

    fn enter_item(&mut self, header: &Header, encoding: Encoding) -> Option<()> {
        let end = if header.length == UNDEFINED {
            None
        } else {
            Some(header.end(self.bytes)?)
        };
        self.levels.push(Level {
            encoding,
            end,
            inside: Inside::DataSet,
        });
        self.at = header.value;
        Some(())
    }

    /// A delimiter closes the level it belongs to, and an item that was left open; stray ones are
    /// passed over.
    fn close(&mut self, delimiter: Tag) {
        let wanted = if delimiter == SEQUENCE_END {
            Inside::Sequence
        } else {
            Inside::DataSet
        };
        let open = self
            .levels
            .iter()
            .skip(1)
            .rev()
            .take(2)
            .position(|l| l.inside == wanted);
        let Some(above) = open else { return };
        if above == 1 && wanted == Inside::DataSet {
            return;
        }
        for _ in 0..=above {
            self.leave();
        }
    }

    fn leave_finished(&mut self) {
        while self
            .levels
            .last()
            .is_some_and(|l| l.end.is_some_and(|end| self.at >= end))
        {
            self.leave();
        }
    }

    fn leave(&mut self) {
        if self
            .levels
            .pop()
            .is_some_and(|level| level.inside == Inside::Sequence)
        {
            self.path.pop();
        }
    }
}

fn is_encapsulated(header: &Header) -> bool {
    header.tag == PIXEL_DATA || matches!(header.vr, Some([b'O', b'B' | b'W']))
}

/// A value of defined length holds items: its VR says so, or its first bytes are an item.
fn is_sequence(bytes: &[u8], header: &Header, encoding: Encoding) -> bool {
    let Some(end) = header.end(bytes) else {
        return false;
    };
    match header.vr {
        Some([b'S', b'Q']) => true,
        None | Some([b'U', b'N']) => {
            let inner = if header.vr.is_some() {
                Order::Little
            } else {
                encoding.order
            };
            let inner = Encoding {
                order: inner,
                ..encoding
            };
            let item = self::header(bytes, header.value, inner);
            item.is_some_and(|item| {
                item.tag == ITEM
                    && (item.length == UNDEFINED || item.end(bytes).is_some_and(|at| at <= end))
            })
        }
        _ => false,
    }
}

/// The items of encapsulated data (PS3.5 A.4) and where their delimiter begins.
fn fragments(bytes: &[u8], start: usize, encoding: Encoding) -> Option<(Vec<Range<usize>>, usize)> {
    let mut items = Vec::new();
    let mut at = start;
    loop {
        let item = header(bytes, at, encoding)?;
        match item.tag {
            ITEM => {
                let end = item.end(bytes)?;
                items.push(item.value..end);
                at = end;
            }
            SEQUENCE_END => return Some((items, at)),
            _ => return None,
        }
    }
}
