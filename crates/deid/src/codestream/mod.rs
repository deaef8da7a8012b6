//! What an encapsulated frame carries besides its coded samples, and how to make it say nothing.
//!
//! A compressed frame (PS3.5 A.4) is a file format of its own: JPEG application and comment
//! segments, JPEG 2000 comments, boxes around JPEG 2000 and JPEG XL, the unused parts of an RLE
//! header, and whatever follows the end of the stream can all hold text. [`scrub_fragments`]
//! overwrites that text **in place and at the same length**, so that offset tables, `Psot`, `TLM`
//! and box lengths stay right and no coded byte moves. [`metadata_spans`] lists everything that is
//! not coded data, for the residual scan to search.
//!
//! What is done to each structure:
//!
//! | structure | done |
//! |---|---|
//! | JPEG APP0 `JFIF` | first 14 bytes stay, thumbnail zeroed; `JFXX` zeroed with its name |
//! | JPEG APP8 `SPIFF`, `mrfx` (JPEG-LS) | header and colour transform stay, directory entries zeroed |
//! | JPEG APP14 `Adobe` | first 12 bytes stay: they decide the colour transform |
//! | other `APPn` (Exif, XMP, ICC, JUMBF, Photoshop ...) | zeroed, signature included |
//! | COM of JPEG and JPEG 2000 | spaces, unless it is an encoder's banner |
//! | bytes between segments | `FF`, the fill byte of ITU-T T.81 B.1.1.2 |
//! | bytes after EOI or EOC | zeros |
//! | boxes `xml `, `uuid`, `uinf`, `jumb`, `asoc`, `Exif`, `jbrd`, `brob`, unknown ones | type `free`, zeros |
//! | text in an ICC profile inside `colr` | zeros; the colour data stays |
//! | RLE: unused offsets, gaps, bytes after the last sample | zeros |
//!
//! An ICC profile in APP2 goes although the colours of a managed display may then differ: DICOM
//! keeps the profile that counts in ICC Profile (0028,2000).
//!
//! A structure that cannot be understood is left untouched from there on and counts as metadata,
//! so the scan searches it. Every walk is linear and never panics.

mod banner;
mod boxes;
mod icc;
mod j2k;
mod jpeg;
mod map;
mod rle;

use std::borrow::Cow;
use std::ops::Range;

use map::Map;

/// The family of a coded frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// JPEG, every process of ITU-T T.81.
    Jpeg,
    /// JPEG-LS, ITU-T T.87.
    JpegLs,
    /// JPEG 2000 and HTJ2K, ITU-T T.800 and T.814, bare or in boxes.
    Jpeg2000,
    /// JPEG XL, ISO/IEC 18181, bare or in boxes.
    JpegXl,
    /// DICOM RLE, PS3.5 annex G.
    Rle,
    /// Anything else: video, deflated frames, private codecs. Never changed, always searched.
    Other,
}

impl Codec {
    /// The codec a Transfer Syntax UID promises (PS3.5 chapter 10).
    pub fn from_uid(uid: &str) -> Self {
        let Some(tail) = uid.strip_prefix("1.2.840.10008.1.2.") else {
            return Self::Other;
        };
        if tail == "5" {
            return Self::Rle;
        }
        match tail
            .strip_prefix("4.")
            .and_then(|number| number.parse::<u16>().ok())
        {
            Some(50..=70) => Self::Jpeg,
            Some(80 | 81) => Self::JpegLs,
            Some(90..=93 | 201..=203) => Self::Jpeg2000,
            Some(110..=112) => Self::JpegXl,
            _ => Self::Other,
        }
    }

    /// The codec of a stream by its first bytes; `None` where they are not distinctive.
    /// JPEG-LS begins as JPEG does and is walked the same way.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, ..] => Some(Self::Jpeg),
            [0xFF, 0x4F, 0xFF, 0x51, ..]
            | [
                0,
                0,
                0,
                12,
                b'j',
                b'P',
                b' ',
                b' ',
                0x0D,
                0x0A,
                0x87,
                0x0A,
                ..,
            ] => Some(Self::Jpeg2000),
            [0xFF, 0x0A, ..]
            | [
                0,
                0,
                0,
                12,
                b'J',
                b'X',
                b'L',
                b' ',
                0x0D,
                0x0A,
                0x87,
                0x0A,
                ..,
            ] => Some(Self::JpegXl),
            _ => None,
        }
    }

    /// What the bytes are: their own signature first, since files lie, then the promise.
    fn of(self, bytes: &[u8]) -> Self {
        match Self::sniff(bytes) {
            Some(found) => found,
            None if self == Self::Rle => Self::Rle,
            None => Self::Other,
        }
    }
}

/// One frame after scrubbing. Its length is that of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrubbed<'a> {
    /// The frame; borrowed when nothing had to change.
    pub bytes: Cow<'a, [u8]>,
    /// How many segments, boxes or gaps were overwritten.
    pub segments_cleared: u32,
}

/// Overwrites, in place and at the same length, everything of one frame that can carry text.
///
/// `plane_bytes` is how many bytes one RLE segment decodes to, where known: rows times columns, an
/// eighth of that where Bits Allocated is 1. It tells the last sample from padding; other codecs
/// do not need it.
pub fn scrub_frame(codec: Codec, bytes: &[u8], plane_bytes: Option<u64>) -> Scrubbed<'_> {
    let map = map_of(codec, bytes, plane_bytes);
    let mut owned: Option<Vec<u8>> = None;
    let mut segments_cleared = 0;
    for edit in map.edits() {
        if edit.holds(bytes) {
            continue;
        }
        edit.apply(owned.get_or_insert_with(|| bytes.to_vec()));
        segments_cleared += u32::from(edit.counts());
    }
    let bytes = owned.map_or(Cow::Borrowed(bytes), Cow::Owned);
    Scrubbed {
        bytes,
        segments_cleared,
    }
}

/// The fragments of a Pixel Data element after scrubbing: as many, each as long as before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrubbedFragments<'a> {
    /// The fragments; borrowed where nothing had to change.
    pub fragments: Vec<Cow<'a, [u8]>>,
    /// How many segments, boxes or gaps were overwritten.
    pub segments_cleared: u32,
}

/// Scrubs all the fragments of one Pixel Data element (without the offset table).
///
/// A frame may be split over fragments; they are joined by [`frames_of`], which needs no offset
/// table, and the result has fragments of the same sizes.
pub fn scrub_fragments<'a>(
    codec: Codec,
    fragments: &'a [Cow<'a, [u8]>],
    plane_bytes: Option<u64>,
) -> ScrubbedFragments<'a> {
    let views: Vec<&[u8]> = fragments.iter().map(AsRef::as_ref).collect();
    let mut result = ScrubbedFragments {
        fragments: Vec::new(),
        segments_cleared: 0,
    };
    for frame in frames_of(&views) {
        let parts = &views[frame];
        if let [single] = parts {
            let scrubbed = scrub_frame(codec, single, plane_bytes);
            result.segments_cleared += scrubbed.segments_cleared;
            result.fragments.push(scrubbed.bytes);
            continue;
        }
        let joined = parts.concat();
        let scrubbed = scrub_frame(codec, &joined, plane_bytes);
        result.segments_cleared += scrubbed.segments_cleared;
        let mut rest: &[u8] = &scrubbed.bytes;
        for part in parts {
            let (here, after) = rest.split_at(part.len());
            rest = after;
            let changed = here != *part;
            let bytes = if changed {
                Cow::Owned(here.to_vec())
            } else {
                Cow::Borrowed(*part)
            };
            result.fragments.push(bytes);
        }
    }
    result
}

/// Which fragments make up one frame, in order, told by the signatures at their start.
///
/// A fragment that begins as the first one does begins a frame: inside coded data the signatures of
/// JPEG, JPEG-LS and JPEG 2000 cannot occur. Fragments without a signature stand alone: an RLE
/// frame is one fragment (PS3.5 A.4.2), and nothing is known of the rest.
pub fn frames_of(fragments: &[&[u8]]) -> Vec<Range<usize>> {
    let signature = fragments.first().and_then(|first| Codec::sniff(first));
    let mut frames: Vec<Range<usize>> = Vec::new();
    for (at, fragment) in fragments.iter().enumerate() {
        match frames.last_mut() {
            Some(frame) if signature.is_some() && Codec::sniff(fragment) != signature => {
                frame.end = at + 1;
            }
            _ => frames.push(at..at + 1),
        }
    }
    frames
}

/// Everything of one frame that is neither coded samples nor a table a decoder needs, ascending
/// and without overlap: what the residual scan searches. All of it for [`Codec::Other`].
pub fn metadata_spans(codec: Codec, bytes: &[u8], plane_bytes: Option<u64>) -> Vec<Range<usize>> {
    map_of(codec, bytes, plane_bytes).into_searched()
}

fn map_of(codec: Codec, bytes: &[u8], plane_bytes: Option<u64>) -> Map {
    let mut map = Map::default();
    match codec.of(bytes) {
        Codec::Jpeg | Codec::JpegLs => jpeg::walk(bytes, &mut map),
        Codec::Jpeg2000 if bytes.first() == Some(&0xFF) => j2k::walk(bytes, 0, &mut map),
        // A bare JPEG XL codestream has no segments: all of it is coded.
        Codec::JpegXl if bytes.first() == Some(&0xFF) => {}
        Codec::Jpeg2000 | Codec::JpegXl => boxes::walk(bytes, &mut map),
        Codec::Rle => rle::walk(bytes, plane_bytes, &mut map),
        Codec::Other => map.search(0..bytes.len()),
    }
    map
}
