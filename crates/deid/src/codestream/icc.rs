//! Text inside an ICC profile (ICC.1:2022): descriptions, copyright, device names.
//!
//! The colour data must stay where a box refers to it, so only the characters of tags of a text
//! type are overwritten.

use std::ops::Range;

use super::map::{Map, be32};

/// Tags a profile may have before its table is taken for damaged.
const MAX_TAGS: usize = 256;

/// Overwrites the text of the profile that stands at `range` of the frame.
pub(super) fn clear_text(bytes: &[u8], range: Range<usize>, map: &mut Map) {
    let profile = &bytes[range.clone()];
    if profile.get(36..40) != Some(b"acsp") {
        return;
    }
    let Some(count) = be32(profile, 128).filter(|count| *count <= MAX_TAGS) else {
        return;
    };
    let mut texts: Vec<Range<usize>> = (0..count)
        .filter_map(|index| {
            let entry = 132 + 12 * index;
            let offset = be32(profile, entry + 4)?;
            let end = offset.checked_add(be32(profile, entry + 8)?)?;
            (end <= profile.len())
                .then(|| text_of(profile, offset, end))
                .flatten()
        })
        .collect();
    // Tags may share their data: each byte is overwritten once.
    texts.sort_by_key(|text| text.start);
    let mut covered = 0;
    for text in texts {
        let start = text.start.max(covered);
        if start < text.end {
            map.rewrite(range.start + start..range.start + text.end);
            covered = text.end;
        }
    }
}

/// Where the characters of a tag's data stand, for the types that hold text.
fn text_of(profile: &[u8], offset: usize, end: usize) -> Option<Range<usize>> {
    let start = match profile.get(offset..offset + 4)? {
        b"text" | b"utf8" => offset + 8,
        b"desc" => offset + 12,
        // After the count and the size of records, records of 12 bytes say where strings stand.
        b"mluc" => offset + 16 + 12 * be32(profile, offset + 8)?.min(MAX_TAGS),
        _ => return None,
    };
    (start < end).then_some(start..end)
}
