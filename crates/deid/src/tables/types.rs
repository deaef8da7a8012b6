//! The Type of an attribute (PS3.5 7.4) in the IOD of an object, from the modules of PS3.3.
//!
//! Resolves the compound actions of Table E.1-1 and says what may be emptied or removed without
//! breaking the object. Modules are stored once, and equal sequences share one list of attributes
//! (`data/generated/attribute_types.txt`), searched in place.

use std::sync::OnceLock;

use dicom_core::Tag;

use super::generated::iods::{IODS, NODES, SOP_CLASSES};

/// `GGGGEEEE T NNNN` and a line feed; see `xtask/src/tables/attribute_types.rs`.
const LINE: usize = 16;
static ROWS: &[u8] = include_bytes!("../../data/generated/attribute_types.txt");

/// The Type of an attribute (PS3.5 7.4).
///
/// The order is that of strictness, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AttributeType {
    /// Type 1: present, with a value.
    One,
    /// Type 1C: under a condition present, with a value; never present and empty.
    OneC,
    /// Type 2: present, may be empty.
    Two,
    /// Type 2C: under a condition present, may be empty.
    TwoC,
    /// Type 3: may be absent or empty.
    Three,
}

impl AttributeType {
    /// The object must have it, or may have to: it is not removed.
    pub const fn is_required(self) -> bool {
        !matches!(self, Self::Three)
    }

    /// It must not be empty where it is present.
    pub const fn needs_value(self) -> bool {
        matches!(self, Self::One | Self::OneC)
    }

    /// The Type that satisfies both, of two modules of one IOD.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            // Present by the one, with a value by the other.
            (Self::OneC, Self::Two) | (Self::Two, Self::OneC) => Self::One,
            (a, b) => a.min(b),
        }
    }
}

/// The IOD of a SOP class, as a list of its modules.
#[derive(Debug, Clone, Copy)]
pub struct Iod(u16);

impl Iod {
    /// `None` if the SOP class is not known.
    pub fn of(sop_class_uid: &str) -> Option<Self> {
        let at = SOP_CLASSES
            .binary_search_by_key(&sop_class_uid, |(uid, _)| uid)
            .ok()?;
        Some(Self(SOP_CLASSES[at].1))
    }

    /// The Type of the attribute `tag` in the items that `path` leads to (the tags of the sequences
    /// from the outside in; empty for the data set itself).
    ///
    /// Where several modules of the IOD hold the attribute at this path, the Type that satisfies
    /// all of them is returned, whether the module is mandatory, conditional or optional by the
    /// user: which of the optional modules an object uses is not written in it, and a value that
    /// satisfies the strictest Type is valid in every case. Overlay groups 6002 and up count as
    /// 6000.
    ///
    /// `None` if the IOD has no such attribute there (an extension of the SOP class, PS3.2 3.11.3:
    /// Type 3 in effect).
    pub fn attribute_type(self, path: &[Tag], tag: Tag) -> Option<AttributeType> {
        let Some((first, deeper)) = path.split_first() else {
            let root = self.root();
            let at = root.binary_search_by_key(&key(tag), |(key, _)| *key).ok()?;
            return Some(root[at].1);
        };
        self.modules()
            .iter()
            .filter_map(|module| {
                let items = entry(*module, *first)?.1;
                let node = deeper
                    .iter()
                    .try_fold(items?, |node, step| entry(node, *step)?.1)?;
                Some(entry(node, tag)?.0)
            })
            .reduce(AttributeType::with)
    }

    /// The nodes of the modules.
    fn modules(self) -> &'static [u16] {
        IODS[usize::from(self.0)]
    }

    /// The attributes of all modules outside of sequences, by their keys: what is asked for most,
    /// put together when the IOD is first met.
    fn root(self) -> &'static [(u64, AttributeType)] {
        static ROOTS: [OnceLock<Vec<(u64, AttributeType)>>; IODS.len()] =
            [const { OnceLock::new() }; IODS.len()];
        ROOTS[usize::from(self.0)].get_or_init(|| {
            let nodes = self.modules().iter().filter_map(|node| rows(*node));
            let mut all: Vec<_> = nodes
                .flat_map(|rows| rows.chunks_exact(LINE))
                .filter_map(|row| Some((line_key(row, 0)?, parse_type(row[9]))))
                .collect();
            all.sort_by_key(|(key, _)| *key);
            all.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    first.1 = first.1.with(later.1);
                }
                same
            });
            all
        })
    }
}

/// [`Iod::attribute_type`] in the IOD of a SOP class; `None` also if the SOP class is not known.
pub fn attribute_type(sop_class_uid: &str, path: &[Tag], tag: Tag) -> Option<AttributeType> {
    Iod::of(sop_class_uid)?.attribute_type(path, tag)
}

/// The IOD of the SOP class is known, so that `None` of [`attribute_type`] means "not in the IOD".
pub fn is_known_sop_class(sop_class_uid: &str) -> bool {
    Iod::of(sop_class_uid).is_some()
}

/// The lines of a list of attributes.
fn rows(node: u16) -> Option<&'static [u8]> {
    let node = usize::from(node);
    let (start, end) = (*NODES.get(node)?, *NODES.get(node + 1)?);
    ROWS.get(usize::from(start) * LINE..usize::from(end) * LINE)
}

/// The attribute in a list of attributes: its Type, and the list of its items if it is a sequence.
fn entry(node: u16, tag: Tag) -> Option<(AttributeType, Option<u16>)> {
    let lines = rows(node)?;
    let key = key(tag);
    let (mut low, mut high) = (0, lines.len() / LINE);
    while low < high {
        let middle = usize::midpoint(low, high);
        if line_key(lines, middle)? < key {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let line = lines.get(low * LINE..(low + 1) * LINE)?;
    (line_key(lines, low)? == key).then(|| (parse_type(line[9]), child(&line[11..15])))
}

/// The digits of a line's tag as one number, which orders as they do.
fn line_key(lines: &[u8], at: usize) -> Option<u64> {
    lines[at * LINE..]
        .first_chunk()
        .map(|digits| u64::from_be_bytes(*digits))
}

/// The tag as it stands in a line. Overlays of any group are those of group 6000.
fn key(tag: Tag) -> u64 {
    let group = if tag.0 & 0xFF01 == 0x6000 {
        0x6000
    } else {
        tag.0
    };
    let number = u32::from(group) << 16 | u32::from(tag.1);
    let digit = |at| b"0123456789ABCDEF"[(number >> (28 - 4 * at)) as usize & 15];
    u64::from_be_bytes(std::array::from_fn(digit))
}

fn parse_type(letter: u8) -> AttributeType {
    match letter {
        b'1' => AttributeType::One,
        b'A' => AttributeType::OneC,
        b'2' => AttributeType::Two,
        b'B' => AttributeType::TwoC,
        _ => AttributeType::Three,
    }
}

fn child(digits: &[u8]) -> Option<u16> {
    let digits = std::str::from_utf8(digits).ok()?;
    u16::from_str_radix(digits, 16).ok()
}
