//! Which fragments are which frame (PS3.5 A.4): by the offset tables, and without or against them
//! by count and by the marks of the codestreams.

use std::borrow::Cow;
use std::ops::Range;

use obscura_dicom::Fragments;

/// Bytes of an item's tag and length.
const ITEM_HEADER: u64 = 8;

/// The fragments of each frame, in order; fewer ranges than `frames` if there are not as many.
///
/// `extended` is the value of the Extended Offset Table (7FE0,0001), little endian.
pub(super) fn frames(fragments: &Fragments<'_>, extended: &[u8], frames: u32) -> Vec<Range<usize>> {
    let count = fragments.fragments.len();
    let wanted = frames as usize;
    if wanted <= 1 {
        return std::iter::once(0..count).collect();
    }
    if count == wanted {
        return (0..count).map(|at| at..at + 1).collect();
    }
    let long = extended
        .chunks_exact(8)
        .filter_map(|c| c.first_chunk().copied().map(u64::from_le_bytes));
    let short = fragments.offset_table.chunks_exact(4).filter_map(|c| {
        c.first_chunk()
            .copied()
            .map(u32::from_le_bytes)
            .map(u64::from)
    });
    by_offsets(fragments, long, wanted)
        .or_else(|| by_offsets(fragments, short, wanted))
        .unwrap_or_else(|| by_content(fragments, wanted))
}

/// The frames of an offset table, if each of its offsets is the start of a fragment.
fn by_offsets(
    fragments: &Fragments<'_>,
    offsets: impl Iterator<Item = u64>,
    wanted: usize,
) -> Option<Vec<Range<usize>>> {
    let mut starts = Vec::with_capacity(wanted.min(fragments.fragments.len()));
    let mut items = fragments.fragments.iter().enumerate();
    let mut position = 0_u64;
    let mut next = items.next();
    for offset in offsets {
        while position < offset {
            let (_, fragment) = next?;
            // Odd fragments were padded when they were read or written.
            position += ITEM_HEADER + (fragment.len() as u64).next_multiple_of(2);
            next = items.next();
        }
        if position != offset {
            return None;
        }
        let (at, _) = next?;
        if starts.last() == Some(&at) {
            return None;
        }
        starts.push(at);
    }
    (starts.len() == wanted && starts.first() == Some(&0))
        .then(|| ranges(&starts, fragments.fragments.len()))
}

/// The frames without a table that helps.
fn by_content(fragments: &Fragments<'_>, wanted: usize) -> Vec<Range<usize>> {
    let count = fragments.fragments.len();
    let starts: Vec<usize> = fragments
        .fragments
        .iter()
        .enumerate()
        .filter(|(_, fragment)| begins_codestream(fragment))
        .map(|(at, _)| at)
        .collect();
    if !starts.is_empty() {
        return ranges(&starts, count);
    }
    let filled: Vec<usize> = (0..count)
        .filter(|at| !fragments.fragments[*at].is_empty())
        .collect();
    if filled.len() > wanted && filled.len().is_multiple_of(wanted) {
        let each = filled.len() / wanted;
        let starts: Vec<usize> = filled.iter().copied().step_by(each).collect();
        return ranges(&starts, count);
    }
    filled.into_iter().map(|at| at..at + 1).collect()
}

fn ranges(starts: &[usize], count: usize) -> Vec<Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(count));
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect()
}

/// A codestream of one of the image codings begins here.
pub(super) fn begins_codestream(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        // JPEG and JPEG-LS; JPEG 2000; JPEG XL.
        [0xFF, 0xD8, 0xFF, ..] | [0xFF, 0x4F, 0xFF, 0x51, ..] | [0xFF, 0x0A, ..]
        // Boxes of JP2 and JPEG XL.
        | [0, 0, 0, 12, b'j', b'P', ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..]
    )
}

/// The bytes of a frame: borrowed where it is one fragment.
pub(super) fn join<'a>(fragments: &'a Fragments<'_>, range: Range<usize>) -> Cow<'a, [u8]> {
    match &fragments.fragments[range] {
        [] => Cow::Borrowed(&[]),
        [one] => Cow::Borrowed(one),
        several => Cow::Owned(several.concat()),
    }
}
