//! JPEG (ITU-T T.81, all processes) and JPEG-LS (ITU-T T.87): the walk over marker segments.
//!
//! In coded data of JPEG a byte `FF` is followed by `00`, a restart marker or a marker; in JPEG-LS
//! by a byte below `80` or a marker. Both hold that `FF` and a byte from `C0` on, other than the
//! restart markers, end the coded data, so one walk serves both.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::banner::is_encoder_banner;
use super::map::{Map, be16};

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const COM: u8 = 0xFE;
/// The fill byte that may stand before any marker (T.81 B.1.1.2).
const FILL: u8 = 0xFF;

/// Where the walk stands: inside an image, whose scans may have begun.
#[derive(Default)]
struct State {
    scans_begun: bool,
    spiff: bool,
}

/// Walks one frame. Images that follow the first one without a gap are walked too.
pub(super) fn walk(bytes: &[u8], map: &mut Map) {
    let mut at = 0;
    let mut state = State::default();
    while let Some(marker) = next_marker(bytes, at, map) {
        at = marker.end;
        match marker.code {
            SOI => state = State::default(),
            EOI => match after_image(bytes, at, map) {
                Some(next) => at = next,
                None => return,
            },
            // TEM, the restart markers, and what the standard reserves stand alone.
            0x01..=0xBF | 0xD0..=0xD7 => {}
            code => match segment(bytes, at, code, &mut state, map) {
                Some(next) => at = next,
                None => return map.search(at..bytes.len()),
            },
        }
    }
}

struct Marker {
    code: u8,
    /// The byte after it.
    end: usize,
}

/// The next marker; what stands before it is no part of any segment and becomes fill bytes.
fn next_marker(bytes: &[u8], from: usize, map: &mut Map) -> Option<Marker> {
    let rest = bytes.get(from..)?;
    let is_marker = |at: &usize| {
        rest.get(at + 1)
            .is_some_and(|code| !matches!(*code, 0 | FILL))
    };
    let Some(gap) = memchr_iter(FILL, rest).find(is_marker) else {
        // No marker follows: a truncated stream, or padding where EOI is missing.
        map.gap(from..bytes.len(), 0);
        return None;
    };
    map.gap(from..from + gap, FILL);
    Some(Marker {
        code: rest[gap + 1],
        end: from + gap + 2,
    })
}

/// One segment with a length; the place after it and after the coded data it begins. `None` where
/// the length passes the end, or the bytes cannot be trusted to be a segment.
fn segment(bytes: &[u8], at: usize, code: u8, state: &mut State, map: &mut Map) -> Option<usize> {
    let length = be16(bytes, at)?;
    let end = at.checked_add(length)?;
    if length < 2 || end > bytes.len() {
        return None;
    }
    // After the first scan a damaged stream can look like a marker: the next one must follow.
    if state.scans_begun && bytes.get(end).is_some_and(|b| *b != FILL) && code != SOS {
        return None;
    }
    let payload = at + 2..end;
    match code {
        0xE0..=0xEF => application(bytes, payload, code & 0x0F, state, map),
        COM => comment(bytes, payload, map),
        SOS => {
            state.scans_begun = true;
            return Some(coded_end(bytes, end));
        }
        // Extensions other than those of JPEG-LS (frame header F7, parameters F8).
        0xF0..=0xF6 | 0xF9..=0xFD | 0xC8 => map.search(payload),
        _ => {}
    }
    Some(end)
}

/// Where coded data that begins at `from` ends.
fn coded_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(FILL, rest)) {
        at += found;
        match bytes.get(at + 1) {
            Some(0xC0..=0xCF | 0xD8..=0xFE) => return at,
            Some(&FILL) => at += 1,
            Some(_) => at += 2,
            None => break,
        }
    }
    bytes.len()
}

fn application(bytes: &[u8], payload: Range<usize>, n: u8, state: &mut State, map: &mut Map) {
    let data = &bytes[payload.clone()];
    let keep = match n {
        0 if data.starts_with(b"JFIF\0") => 14,
        8 if data.starts_with(b"SPIFF\0") => {
            state.spiff = true;
            30
        }
        8 if data.starts_with(b"mrfx") => 5,
        // Entries of the SPIFF directory: the end stays whole, others keep their tag.
        8 if state.spiff && data.starts_with(&[0, 0, 0, 1]) => 6,
        8 if state.spiff => 4,
        14 if data.starts_with(b"Adobe") => 12,
        _ => 0,
    };
    let clear_from = payload.end.min(payload.start + keep);
    map.search(payload.start..clear_from);
    map.clear(clear_from..payload.end, 0);
}

fn comment(bytes: &[u8], payload: Range<usize>, map: &mut Map) {
    if is_encoder_banner(&bytes[payload.clone()]) {
        map.search(payload);
    } else {
        map.clear(payload, b' ');
    }
}

/// What follows EOI: another image at once or after padding, or bytes of no use.
fn after_image(bytes: &[u8], at: usize, map: &mut Map) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let padding = rest.iter().take_while(|b| **b == 0).count();
    if rest[padding..].starts_with(&[FILL, SOI, FILL]) {
        map.search(at..at + padding);
        return Some(at + padding);
    }
    map.gap(at..bytes.len(), 0);
    None
}
