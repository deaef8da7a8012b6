//! Putting rewritten frames among the fragments of an object (PS3.5 A.4), and its offset tables.

use std::borrow::Cow;
use std::ops::Range;

use dicom_dictionary_std::tags;
use obscura_core::Limits;
use obscura_dicom::{DataSet, Element, Fragments, Syntax, VR, Value};

use super::error::BlankError;
use super::frame::Rewritten;
use crate::decode::{Image, Stored};

/// Bytes of an item's tag and length.
const ITEM_HEADER: u64 = 8;

/// Replaces the fragments of each rewritten frame by one; all others stay as they are.
pub(super) fn replace(
    data: &mut DataSet<'_>,
    syntax: &Syntax,
    rewritten: Vec<Rewritten>,
    limits: &Limits,
) -> Result<(), BlankError> {
    let Some(places) = places(data, syntax, limits)? else {
        return Err(BlankError::NoPixelData);
    };
    if rewritten
        .iter()
        .any(|frame| frame.bytes.len() >= u32::MAX as usize - 1)
    {
        return Err(BlankError::Limit("bytes of a fragment"));
    }
    let photometric = rewritten.iter().find_map(|frame| frame.photometric);
    let frames = places.len();
    let extended = data.get(tags::EXTENDED_OFFSET_TABLE).is_some();
    let lengths = lengths_of(data);
    let element = data
        .get_mut(tags::PIXEL_DATA)
        .ok_or(BlankError::NoPixelData)?;
    let old = match std::mem::replace(&mut element.value, Value::Bytes(Cow::Borrowed(&[]))) {
        Value::Fragments(fragments) => fragments,
        // A codestream that stood without its items.
        Value::Bytes(bytes) => Fragments {
            fragments: vec![bytes],
            ..Fragments::default()
        },
        Value::Items(_) => Fragments::default(),
    };
    let had_table = !old.offset_table.is_empty();
    let (mut fragments, spliced) = splice(old, &places, rewritten);
    let offsets = offsets(&fragments.fragments, &spliced.starts);
    // A table is needed where the fragments do not tell the frames by their number.
    let wanted = had_table || (frames > 1 && fragments.fragments.len() != frames);
    fragments.offset_table = match basic(&offsets) {
        Some(table) if wanted && !extended => Cow::Owned(table),
        _ => Cow::Borrowed(&[]),
    };
    element.vr = VR::OB;
    element.value = Value::Fragments(fragments);
    if extended {
        let words = |words: &[u64]| -> Vec<u8> {
            words.iter().flat_map(|word| word.to_le_bytes()).collect()
        };
        let lengths: Vec<u64> = (0..frames)
            .map(|at| {
                let kept = lengths.get(at).copied();
                let stored = spliced.lengths[at].0;
                spliced.lengths[at].1.or(kept).unwrap_or(stored)
            })
            .collect();
        data.put(Element::new(
            tags::EXTENDED_OFFSET_TABLE,
            VR::OV,
            words(&offsets),
        ));
        data.put(Element::new(
            tags::EXTENDED_OFFSET_TABLE_LENGTHS,
            VR::OV,
            words(&lengths),
        ));
    }
    if let Some(photometric) = photometric {
        data.put(Element::text(
            tags::PHOTOMETRIC_INTERPRETATION,
            VR::CS,
            photometric,
        ));
    }
    Ok(())
}

/// The fragments of each frame.
fn places(
    data: &DataSet<'_>,
    syntax: &Syntax,
    limits: &Limits,
) -> Result<Option<Vec<Range<usize>>>, BlankError> {
    let image = Image::of(data, syntax, limits)?;
    Ok(image.and_then(|image| match image.stored() {
        Stored::Encapsulated { frames, .. } => Some(frames.to_vec()),
        Stored::Native(_) => None,
    }))
}

fn lengths_of(data: &DataSet<'_>) -> Vec<u64> {
    let bytes = data
        .get(tags::EXTENDED_OFFSET_TABLE_LENGTHS)
        .and_then(Element::bytes);
    let words = bytes.unwrap_or_default().as_chunks::<8>().0;
    words.iter().map(|word| u64::from_le_bytes(*word)).collect()
}

/// Where the frames are after the exchange.
struct Spliced {
    /// The first fragment of each frame.
    starts: Vec<usize>,
    /// Bytes of each frame with its padding, and without for those that were rewritten.
    lengths: Vec<(u64, Option<u64>)>,
}

fn splice<'a>(
    old: Fragments<'a>,
    places: &[Range<usize>],
    rewritten: Vec<Rewritten>,
) -> (Fragments<'a>, Spliced) {
    let mut new: Vec<Cow<'a, [u8]>> = Vec::with_capacity(old.fragments.len());
    let mut spliced = Spliced {
        starts: Vec::with_capacity(places.len()),
        lengths: Vec::with_capacity(places.len()),
    };
    let mut fragments = old.fragments.into_iter();
    let mut taken = 0;
    let mut rewritten = rewritten.into_iter().peekable();
    for (index, range) in places.iter().enumerate() {
        // What lies between frames belongs to none and stays.
        new.extend(fragments.by_ref().take(range.start.saturating_sub(taken)));
        spliced.starts.push(new.len());
        let own: Vec<Cow<'a, [u8]>> = fragments.by_ref().take(range.len()).collect();
        taken = range.end;
        if let Some(frame) = rewritten.next_if(|frame| frame.index as usize == index) {
            let mut bytes = frame.bytes;
            let length = bytes.len() as u64;
            if bytes.len() % 2 == 1 {
                bytes.push(0);
            }
            spliced.lengths.push((bytes.len() as u64, Some(length)));
            new.push(Cow::Owned(bytes));
        } else {
            let length = own.iter().map(|part| part.len() as u64).sum();
            spliced.lengths.push((length, None));
            new.extend(own);
        }
    }
    new.extend(fragments);
    let fragments = Fragments {
        offset_table: old.offset_table,
        fragments: new,
    };
    (fragments, spliced)
}

/// The offset of each frame's first fragment, from the first byte behind the Basic Offset Table.
fn offsets(fragments: &[Cow<'_, [u8]>], starts: &[usize]) -> Vec<u64> {
    let mut offsets = Vec::with_capacity(starts.len());
    let mut position = 0;
    let mut starts = starts.iter().peekable();
    for at in 0..=fragments.len() {
        while starts.next_if(|start| **start == at).is_some() {
            offsets.push(position);
        }
        if let Some(fragment) = fragments.get(at) {
            position += ITEM_HEADER + (fragment.len() as u64).next_multiple_of(2);
        }
    }
    offsets
}

/// The Basic Offset Table, unless its 32 bits do not hold the offsets.
fn basic(offsets: &[u64]) -> Option<Vec<u8>> {
    let mut table = Vec::with_capacity(offsets.len() * 4);
    for offset in offsets {
        table.extend_from_slice(&u32::try_from(*offset).ok()?.to_le_bytes());
    }
    Some(table)
}
