//! DICOM RLE (PS3.5 annex G): a header of 64 bytes, then up to 15 segments of runs.

use super::map::Map;

const HEADER: usize = 64;
const MAX_SEGMENTS: usize = 15;

/// Walks one frame. `plane_bytes` is how many bytes each segment decodes to.
pub(super) fn walk(bytes: &[u8], plane_bytes: Option<u64>, map: &mut Map) {
    let Some(offsets) = offsets(bytes) else {
        return map.search(0..bytes.len());
    };
    map.clear(4 + 4 * offsets.len()..HEADER, 0);
    let mut covered = HEADER;
    for (index, start) in offsets.iter().copied().enumerate() {
        map.gap(covered..start, 0);
        let limit = offsets.get(index + 1).copied().unwrap_or(bytes.len());
        let end = match plane_bytes.and_then(|count| usize::try_from(count).ok()) {
            Some(count) => segment_end(bytes, start, limit, count),
            None => limit,
        };
        covered = end;
    }
    map.gap(covered..bytes.len(), 0);
}

/// The offsets of the segments; `None` unless they ascend inside the frame.
fn offsets(bytes: &[u8]) -> Option<Vec<usize>> {
    let number = |at: usize| -> Option<usize> {
        let part = bytes.get(at..at + 4)?;
        usize::try_from(u32::from_le_bytes(part.try_into().ok()?)).ok()
    };
    let count = number(0).filter(|count| (1..=MAX_SEGMENTS).contains(count))?;
    let mut offsets = Vec::with_capacity(count);
    let mut least = HEADER;
    for index in 0..count {
        let offset = number(4 + 4 * index)?;
        if offset < least || offset > bytes.len() {
            return None;
        }
        least = offset;
        offsets.push(offset);
    }
    (bytes.len() >= HEADER).then_some(offsets)
}

/// Where the runs of a segment have made `count` bytes, between `start` and `limit`.
fn segment_end(bytes: &[u8], start: usize, limit: usize, count: usize) -> usize {
    let mut at = start;
    let mut made = 0;
    while made < count && at < limit {
        let control = usize::from(bytes[at]);
        let (taken, adds) = match control {
            0..=127 => (control + 2, control + 1),
            128 => (1, 0),
            _ => (2, 257 - control),
        };
        at += taken;
        made += adds;
    }
    at.min(limit)
}
