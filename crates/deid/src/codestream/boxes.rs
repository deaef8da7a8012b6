//! Boxes (ISO/IEC 15444-1 annex I, 15444-2 annex M, 18181-2) around JPEG 2000 and JPEG XL.
//!
//! Boxes that a decoder needs stay. Every other box becomes a `free` box of the same length full
//! of zeros, so that no offset changes. Among them is `jbrd`, which would rebuild the JPEG a JPEG
//! XL image was made from, its segments included, and is compressed: it cannot be searched.

use std::ops::Range;

use super::map::{Map, be16, be32};
use super::{icc, j2k};

/// Boxes a decoder needs, all their content binary.
const DECODER: &[&[u8; 4]] = &[
    b"jP  ", b"JXL ", b"ftyp", b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef", b"resc", b"resd",
    b"rreq", b"jxll", b"jxli", b"opct", b"creg",
];
/// Boxes that hold boxes.
const SUPER: &[&[u8; 4]] = &[b"jp2h", b"res ", b"jpch", b"jplh", b"cgrp"];
/// Nesting of the boxes above: `jplh`, `cgrp`, `colr`.
const MAX_DEPTH: u8 = 4;

/// Walks the boxes of a frame.
pub(super) fn walk(bytes: &[u8], map: &mut Map) {
    let mut coded = Coded::NotYet;
    level(bytes, 0..bytes.len(), 0, &mut coded, map);
}

/// Whether the coded image was met: what follows it and is no box is of no use to a decoder.
#[derive(Clone, Copy, PartialEq)]
enum Coded {
    NotYet,
    Met,
}

struct Header {
    /// Where the four bytes of the type stand.
    kind_at: usize,
    content: Range<usize>,
}

fn level(bytes: &[u8], range: Range<usize>, depth: u8, coded: &mut Coded, map: &mut Map) {
    let mut at = range.start;
    while at < range.end {
        let Some(header) = header(bytes, at, range.end) else {
            // Not a box: padding or something appended, or a structure nobody understands.
            if depth == 0 && *coded == Coded::Met {
                map.gap(at..range.end, 0);
            } else {
                map.search(at..range.end);
            }
            return;
        };
        at = header.content.end;
        content(bytes, &header, depth, coded, map);
    }
}

fn header(bytes: &[u8], at: usize, end: usize) -> Option<Header> {
    let kind_at = at + 4;
    let length = be32(bytes, at)?;
    let kind = bytes.get(kind_at..kind_at + 4)?;
    if !kind.iter().all(|b| (b' '..=b'~').contains(b)) {
        return None;
    }
    let (start, stop) = match length {
        0 => (at + 8, end),
        1 => {
            let high = be32(bytes, at + 8)?;
            let low = be32(bytes, at + 12)?;
            if high != 0 {
                return None;
            }
            (at + 16, at.checked_add(low)?)
        }
        _ => (at + 8, at.checked_add(length)?),
    };
    // The last box of a truncated file is cut off: what is there counts.
    let stop = stop.min(end);
    (start <= stop).then_some(Header {
        kind_at,
        content: start..stop,
    })
}

fn content(bytes: &[u8], header: &Header, depth: u8, coded: &mut Coded, map: &mut Map) {
    let kind: &[u8] = &bytes[header.kind_at..header.kind_at + 4];
    let range = header.content.clone();
    if matches!(kind, b"jp2c" | b"jxlc" | b"jxlp") {
        *coded = Coded::Met;
    }
    if kind == b"jp2c" {
        if be16(bytes, range.start) == Some(0xFF4F) {
            j2k::walk(&bytes[..range.end], range.start, map);
        } else {
            map.search(range);
        }
    } else if matches!(kind, b"jxlc" | b"jxlp") {
        // Coded data.
    } else if kind == b"colr" {
        map.search(range.clone());
        // Method 2 and 3 hold an ICC profile after three bytes.
        if matches!(bytes.get(range.start), Some(2 | 3)) && range.len() > 3 {
            icc::clear_text(bytes, range.start + 3..range.end, map);
        }
    } else if depth < MAX_DEPTH && SUPER.iter().any(|name| *name == kind) {
        level(bytes, range, depth + 1, coded, map);
    } else if DECODER.iter().any(|name| *name == kind) {
        map.search(range);
    } else {
        map.free_box(header.kind_at);
        map.clear(range, 0);
    }
}
