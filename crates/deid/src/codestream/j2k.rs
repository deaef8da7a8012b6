//! JPEG 2000 and HTJ2K codestreams (ITU-T T.800 annex A): comments in the main header and in
//! tile-part headers, and bytes after EOC.

use super::banner::is_encoder_banner;
use super::map::{Map, be16, be32};

const SOC: usize = 0xFF4F;
const SOT: usize = 0xFF90;
const SOD: usize = 0xFF93;
const EOC: usize = 0xFFD9;
const COM: usize = 0xFF64;
/// Marker segments of T.800, T.801 and T.814 that a decoder may need. Others are searched.
const DECODER: [std::ops::RangeInclusive<usize>; 2] = [0xFF50..=0xFF63, 0xFF70..=0xFF7F];

/// Walks a codestream, whose first byte stands at `base` of the frame.
///
/// `bytes` is the frame up to the end of the codestream.
pub(super) fn walk(bytes: &[u8], base: usize, map: &mut Map) {
    let mut at = base;
    let mut tile_end: Option<usize> = None;
    loop {
        let Some(marker) = be16(bytes, at) else {
            return map.search(at..bytes.len());
        };
        at += 2;
        match marker {
            SOC | 0xFF30..=0xFF3F => {}
            EOC => return map.gap(at..bytes.len(), 0),
            SOD => match after_tile_part(bytes, at, tile_end.take(), map) {
                Some(next) => at = next,
                None => return,
            },
            0xFF40..=0xFFFF => match segment(bytes, at, marker, map) {
                Some(end) => {
                    if marker == SOT {
                        tile_end = tile_part_end(bytes, at);
                    }
                    at = end;
                }
                None => return map.search(at..bytes.len()),
            },
            _ => return map.search(at - 2..bytes.len()),
        }
    }
}

/// The end of the marker segment whose length field stands at `at`.
fn segment(bytes: &[u8], at: usize, marker: usize, map: &mut Map) -> Option<usize> {
    let length = be16(bytes, at)?;
    let end = at.checked_add(length)?;
    if length < 2 || end > bytes.len() {
        return None;
    }
    if marker == COM && length >= 4 {
        let content = at + 4..end;
        // Rcom 1 is text of ISO 8859-15, 0 is binary.
        let fill = if be16(bytes, at + 2) == Some(1) {
            b' '
        } else {
            0
        };
        if is_encoder_banner(&bytes[content.clone()]) {
            map.search(content);
        } else {
            map.clear(content, fill);
        }
    } else if marker != SOT && !DECODER.iter().any(|range| range.contains(&marker)) {
        map.search(at + 2..end);
    }
    Some(end)
}

/// Where the tile-part ends whose SOT length field stands at `at`; `None` if it says 0, the end of
/// the codestream.
fn tile_part_end(bytes: &[u8], at: usize) -> Option<usize> {
    let length = be32(bytes, at + 4)?;
    (length != 0).then(|| (at - 2).saturating_add(length))
}

/// The marker after the coded data that begins at `at`.
fn after_tile_part(bytes: &[u8], at: usize, end: Option<usize>, map: &mut Map) -> Option<usize> {
    let stated = end.filter(|end| *end >= at && *end <= bytes.len());
    match stated {
        Some(end) if end == bytes.len() => None,
        Some(end) if matches!(be16(bytes, end), Some(SOT | EOC)) => Some(end),
        // The length is 0, wrong or passes the end: the data ends with EOC, since no two bytes
        // above FF8F stand in coded data (T.800 B.10.1).
        _ => {
            let found = find_end(bytes, at);
            if let (None, Some(end)) = (found, stated) {
                map.search(end..bytes.len());
            }
            found
        }
    }
}

/// The first EOC, or SOT with the length every SOT has, from `from` on.
fn find_end(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(2)
        .enumerate()
        .find(|(at, pair)| {
            *pair == [0xFF, 0xD9] || (*pair == [0xFF, 0x90] && be16(rest, at + 2) == Some(10))
        })
        .map(|(at, _)| from + at)
}
