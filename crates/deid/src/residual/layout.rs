//! [`Layout`]: which bytes of a file are searched, as which part of it.

use std::borrow::Cow;
use std::ops::Range;

use dicom_core::Tag;
use obscura_core::Limits;

use super::ScanError;
use super::inflate::inflate_bounded;
use super::walk::{Encoding, Met, Order, Reach, VrForm, header, walk};
use crate::codestream::{Codec, frames_of, metadata_spans};

/// What a stretch of bytes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Preamble,
    /// Elements: the file meta group or the data set.
    Elements,
    Encapsulation,
    FrameSegment,
    SamplePadding,
    Trailing,
}

/// A stretch of bytes to search.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub(super) range: Range<usize>,
    pub(super) origin: Origin,
}

/// Bytes, the parts of them to search, and where elements begin.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) regions: Vec<Region>,
    /// What to add to an offset to count from the start of the file.
    pub(super) offset: usize,
    /// Runs of elements: where each begins and how it is written.
    pub(super) elements: Vec<(usize, Encoding)>,
}

/// The views of one file: its bytes, the inflated data set, segments of frames in pieces.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    views: Vec<View<'a>>,
}

const DEFLATED: [&str; 2] = ["1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95"];
const IMPLICIT: &str = "1.2.840.10008.1.2";
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
const TRANSFER_SYNTAX: Tag = Tag(0x0002, 0x0010);

impl<'a> Layout<'a> {
    /// Lays out a file.
    pub(super) fn of(file: &'a [u8], limits: &Limits) -> Result<Self, ScanError> {
        if file.len() as u64 > limits.max_file_bytes {
            return Err(ScanError::Limit("file bytes"));
        }
        let mut main = View::new(Cow::Borrowed(file));
        let begin = if file.get(128..132) == Some(b"DICM") {
            main.region(0..128, Origin::Preamble);
            132
        } else if file.starts_with(b"DICM") {
            4
        } else {
            0
        };
        let (uid, data) = meta(file, begin);
        if data > begin {
            main.elements.push((begin, Encoding::META));
            main.region(begin..data, Origin::Elements);
        }
        let mut views = Vec::new();
        if DEFLATED.contains(&uid.as_str()) {
            let (inflated, taken) = inflate_bounded(&file[data..], limits)?;
            main.region(data + taken..file.len(), Origin::Trailing);
            views.push(main);
            let mut view = View::new(Cow::Owned(inflated));
            let pieces = data_set(&mut view, 0, &uid, limits);
            views.push(view);
            views.extend(pieces);
        } else {
            let pieces = data_set(&mut main, data, &uid, limits);
            views.push(main);
            views.extend(pieces);
        }
        Ok(Self { views })
    }

    pub(super) fn views(&self) -> &[View<'a>] {
        &self.views
    }
}

impl<'a> View<'a> {
    const fn new(bytes: Cow<'a, [u8]>) -> Self {
        Self {
            bytes,
            regions: Vec::new(),
            offset: 0,
            elements: Vec::new(),
        }
    }

    fn region(&mut self, range: Range<usize>, origin: Origin) {
        if !range.is_empty() {
            self.regions.push(Region { range, origin });
        }
    }
}

/// The transfer syntax the file meta group states, and where the data set begins.
fn meta(file: &[u8], begin: usize) -> (String, usize) {
    let mut uid = String::new();
    let mut at = begin;
    while let Some(header) = header(file, at, Encoding::META) {
        if header.tag.group() != 2 {
            break;
        }
        let Some(end) = header.end(file) else { break };
        if header.tag == TRANSFER_SYNTAX {
            let value = String::from_utf8_lossy(&file[header.value..end]);
            value.trim_matches([' ', '\0']).clone_into(&mut uid);
        }
        at = end;
    }
    (uid, at)
}

/// How the data set at `at` is written: its first element decides, since files lie.
fn encoding_of(bytes: &[u8], at: usize, uid: &str) -> Encoding {
    let mut vr = if uid == IMPLICIT {
        VrForm::Implicit
    } else {
        VrForm::Explicit
    };
    let mut order = if uid == BIG_ENDIAN {
        Order::Big
    } else {
        Order::Little
    };
    if let Some([g0, g1, _, _, v0, v1]) = bytes.get(at..at + 6) {
        let letters = v0.is_ascii_uppercase() && v1.is_ascii_uppercase();
        vr = if letters {
            VrForm::Explicit
        } else {
            VrForm::Implicit
        };
        // The first group is 0008 or another small number.
        if *g0 == 0 && *g1 != 0 {
            order = Order::Big;
        } else if *g0 != 0 && *g1 == 0 {
            order = Order::Little;
        }
    }
    Encoding { vr, order }
}

/// What native pixel data must hold, as far as the data set has said so.
#[derive(Default)]
struct Shape {
    rows: Option<u16>,
    columns: Option<u16>,
    samples: Option<u16>,
    allocated: Option<u16>,
    frames: Option<u64>,
    frames_unclear: bool,
    half_chroma: bool,
}

impl Shape {
    fn note(&mut self, met: &Met<'_>, bytes: &[u8], encoding: Encoding) {
        let value = &bytes[met.value.clone()];
        match (met.tag.group(), met.tag.element()) {
            (0x0028, 0x0002) => self.samples = encoding.value_u16(value),
            (0x0028, 0x0004) => {
                self.half_chroma = value
                    .windows(3)
                    .any(|part| part == b"422" || part == b"420");
            }
            (0x0028, 0x0008) => {
                let text = String::from_utf8_lossy(value);
                self.frames = text
                    .trim_matches([' ', '\0'])
                    .parse()
                    .ok()
                    .filter(|n| *n > 0);
                self.frames_unclear = self.frames.is_none();
            }
            (0x0028, 0x0010) => self.rows = encoding.value_u16(value),
            (0x0028, 0x0011) => self.columns = encoding.value_u16(value),
            (0x0028, 0x0100) => self.allocated = encoding.value_u16(value),
            _ => {}
        }
    }

    fn plane(&self) -> Option<u64> {
        Some(u64::from(self.rows?) * u64::from(self.columns?))
    }

    /// Bytes one RLE segment decodes to.
    fn plane_bytes(&self) -> Option<u64> {
        let plane = self.plane()?;
        Some(if self.allocated == Some(1) {
            plane.div_ceil(8)
        } else {
            plane
        })
    }

    /// Bytes of native samples; `None` where the header does not say it clearly.
    fn native_bytes(&self) -> Option<u64> {
        if self.frames_unclear || self.half_chroma {
            return None;
        }
        let samples = u64::from(self.samples.unwrap_or(1)).checked_mul(self.plane()?)?;
        let bits = samples.checked_mul(u64::from(self.allocated?))?;
        let bytes = bits.checked_mul(self.frames.unwrap_or(1))?.div_ceil(8);
        (bytes > 0).then_some(bytes)
    }
}

/// Finds the coded samples of the data set that begins at `start`; all else becomes regions.
/// The segments of frames split over fragments come back as views of their own.
fn data_set<'a>(view: &mut View<'a>, start: usize, uid: &str, limits: &Limits) -> Vec<View<'a>> {
    let bytes = std::mem::take(&mut view.bytes);
    let encoding = encoding_of(&bytes, start, uid);
    view.elements.push((start, encoding));
    let mut shape = Shape::default();
    let mut pieces = Vec::new();
    let mut cursor = start;
    let depth = limits.max_depth;
    let stop = walk(&bytes, start, encoding, Reach::Outermost, depth, |met| {
        if !met.path.is_empty() {
            return;
        }
        shape.note(&met, &bytes, encoding);
        if !is_samples(&met) || is_disguised(&met, &bytes) {
            return;
        }
        view.region(cursor..met.value.start, Origin::Elements);
        cursor = met.value.end;
        if let Some(items) = &met.fragments {
            encapsulated(view, &bytes, &met.value, items, uid, &shape, &mut pieces);
        } else {
            let most = shape
                .native_bytes()
                .and_then(|most| usize::try_from(most).ok());
            let end = most.map_or(met.value.end, |most| {
                (met.value.start + most).min(met.value.end)
            });
            view.region(end..met.value.end, Origin::SamplePadding);
        }
    });
    let stop = stop.max(cursor);
    view.region(cursor..stop, Origin::Elements);
    view.region(stop..bytes.len(), Origin::Trailing);
    view.bytes = bytes;
    pieces
}

/// Items under a defined length: encapsulated pixel data that claims to be native. What stands in
/// them is not known to be samples, so all of it is searched.
fn is_disguised(met: &Met<'_>, bytes: &[u8]) -> bool {
    let value = &bytes[met.value.clone()];
    met.fragments.is_none()
        && (value.starts_with(&[0xFE, 0xFF, 0x00, 0xE0])
            || value.starts_with(&[0xFF, 0xFE, 0xE0, 0x00]))
}

/// Pixel Data, Float Pixel Data or Double Float Pixel Data with a VR that holds samples.
fn is_samples(met: &Met<'_>) -> bool {
    met.tag.group() == 0x7FE0
        && matches!(met.tag.element(), 0x0008 | 0x0009 | 0x0010)
        && met.vr.is_none_or(|vr| vr[0] == b'O' || vr == *b"UN")
}

/// Offset table, item headers and the metadata of each frame.
fn encapsulated<'a>(
    view: &mut View<'a>,
    bytes: &[u8],
    value: &Range<usize>,
    items: &[Range<usize>],
    uid: &str,
    shape: &Shape,
    pieces: &mut Vec<View<'a>>,
) {
    let codec = Codec::from_uid(uid);
    let fragments = items.get(1..).unwrap_or_default();
    let table_end = items.first().map_or(value.end, |table| table.end);
    view.region(value.start..table_end, Origin::Encapsulation);
    for fragment in fragments {
        view.region(fragment.start - 8..fragment.start, Origin::Encapsulation);
    }
    let parts: Vec<&[u8]> = fragments
        .iter()
        .map(|range| &bytes[range.clone()])
        .collect();
    for frame in frames_of(&parts) {
        if let [single] = &parts[frame.clone()] {
            let base = fragments[frame.start].start;
            for span in metadata_spans(codec, single, shape.plane_bytes()) {
                view.region(base + span.start..base + span.end, Origin::FrameSegment);
            }
        } else {
            let joined = parts[frame.clone()].concat();
            for span in metadata_spans(codec, &joined, shape.plane_bytes()) {
                let at = place_in(&fragments[frame.clone()], span.start);
                let mut piece = View::new(Cow::Owned(joined[span].to_vec()));
                piece.region(0..piece.bytes.len(), Origin::FrameSegment);
                piece.offset = at;
                pieces.push(piece);
            }
        }
    }
}

/// The offset in the file of a byte of a frame that is split over these fragments.
fn place_in(fragments: &[Range<usize>], mut at: usize) -> usize {
    for fragment in fragments {
        if at < fragment.len() {
            return fragment.start + at;
        }
        at -= fragment.len();
    }
    fragments.last().map_or(0, |last| last.end)
}
