//! What is done to pixel data without decoding it.
//!
//! Coded samples stay byte for byte. Text segments beside them (comments, EXIF, JUMBF) are
//! cleared, and overlays that retired objects keep in the unused bits of the samples (PS3.5
//! 8.1.2, PS3.3 C.9.2 before 2004) are cleared like overlays of their own.

use std::borrow::Cow;

use obscura_dicom::{DataSet, Element, Endian, Syntax, Tag, Value};

use crate::codestream::{self, Codec};

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const BITS_ALLOCATED: Tag = Tag(0x0028, 0x0100);
const BITS_STORED: Tag = Tag(0x0028, 0x0101);
const HIGH_BIT: Tag = Tag(0x0028, 0x0102);

/// Clears text segments in encapsulated frames; the number of segments cleared. `plane_bytes` is
/// what one RLE segment decodes to ([`plane_bytes`]).
pub(super) fn scrub_frames(
    element: &mut Element<'_>,
    syntax: &Syntax,
    plane_bytes: Option<u64>,
) -> usize {
    let Value::Fragments(pixels) = &mut element.value else {
        return 0;
    };
    let codec = Codec::from_uid(&syntax.uid);
    let scrubbed = codestream::scrub_fragments(codec, &pixels.fragments, plane_bytes);
    let cleared = scrubbed.segments_cleared as usize;
    let changed: Vec<(usize, Vec<u8>)> = scrubbed
        .fragments
        .into_iter()
        .enumerate()
        .filter_map(|(at, fragment)| match fragment {
            Cow::Owned(bytes) => Some((at, bytes)),
            Cow::Borrowed(_) => None,
        })
        .collect();
    for (at, bytes) in changed {
        pixels.fragments[at] = Cow::Owned(bytes);
    }
    cleared
}

/// Bytes of one plane of one byte a pixel, where Rows and Columns say so.
pub(super) fn plane_bytes(data: &DataSet<'_>, endian: Endian) -> Option<u64> {
    let rows = u64::from(word(data, Tag(0x0028, 0x0010), endian)?);
    let pixels = rows * u64::from(word(data, Tag(0x0028, 0x0011), endian)?);
    let one_bit = word(data, BITS_ALLOCATED, endian) == Some(1);
    Some(if one_bit { pixels.div_ceil(8) } else { pixels })
}

/// Clears overlay planes in the unused bits of native samples of 16 bits.
pub(super) fn clear_overlay_bits(data: &mut DataSet<'_>, syntax: &Syntax) {
    let endian = syntax.endian;
    if word(data, BITS_ALLOCATED, endian) != Some(16) {
        return;
    }
    let stored = word(data, BITS_STORED, endian).unwrap_or(16).clamp(1, 16);
    let high = word(data, HIGH_BIT, endian).unwrap_or(stored - 1).min(15);
    let samples = ((1_u32 << stored) - 1) << (high + 1).saturating_sub(stored);
    let overlays = overlay_bits(data, endian) & !(samples as u16);
    if overlays == 0 {
        return;
    }
    let Some(pixels) = data.get_mut(PIXEL_DATA) else {
        return;
    };
    let Value::Bytes(bytes) = &mut pixels.value else {
        return;
    };
    for sample in bytes.to_mut().chunks_exact_mut(2) {
        let value = match endian {
            Endian::Little => u16::from_le_bytes([sample[0], sample[1]]) & !overlays,
            Endian::Big => u16::from_be_bytes([sample[0], sample[1]]) & !overlays,
        };
        sample.copy_from_slice(&match endian {
            Endian::Little => value.to_le_bytes(),
            Endian::Big => value.to_be_bytes(),
        });
    }
}

/// The bits that overlay groups without data of their own claim (Overlay Bit Position).
fn overlay_bits(data: &DataSet<'_>, endian: Endian) -> u16 {
    let positions = data
        .elements()
        .iter()
        .filter(|element| element.tag.0 & 0xFF01 == 0x6000 && element.tag.1 == 0x0102);
    positions
        .filter(|element| data.get(Tag(element.tag.0, 0x3000)).is_none())
        .filter_map(|element| word(data, element.tag, endian))
        .filter(|position| *position < 16)
        .fold(0, |bits, position| bits | 1 << position)
}

/// The first value of a US element.
fn word(data: &DataSet<'_>, tag: Tag, endian: Endian) -> Option<u16> {
    let bytes: [u8; 2] = data.get(tag)?.bytes()?.get(..2)?.try_into().ok()?;
    Some(match endian {
        Endian::Little => u16::from_le_bytes(bytes),
        Endian::Big => u16::from_be_bytes(bytes),
    })
}

/// Encapsulated Document Length (0042,0015) follows the document that stands there now.
pub(super) fn put_document_length(data: &mut DataSet<'_>, endian: Endian, length: usize) {
    if let Some(element) = data.get_mut(Tag(0x0042, 0x0015)) {
        let length = length as u32;
        let bytes = match endian {
            Endian::Little => length.to_le_bytes(),
            Endian::Big => length.to_be_bytes(),
        };
        element.value = Value::Bytes(Cow::Owned(bytes.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_dicom::VR;

    #[test]
    fn overlays_in_unused_bits_are_cleared_and_samples_stay() {
        let us = |tag, value: u16| Element::new(tag, VR::US, value.to_le_bytes().to_vec());
        let mut data = DataSet::from_elements(vec![
            us(BITS_ALLOCATED, 16),
            us(BITS_STORED, 12),
            us(HIGH_BIT, 11),
            us(Tag(0x6000, 0x0102), 12),
            Element::new(PIXEL_DATA, VR::OW, vec![0xFF, 0x1F, 0x34, 0xF2]),
        ]);
        clear_overlay_bits(&mut data, &Syntax::from_uid(Syntax::EXPLICIT_LE));
        assert_eq!(
            data.get(PIXEL_DATA).unwrap().bytes().unwrap(),
            [0xFF, 0x0F, 0x34, 0xE2]
        );
        // An overlay that claims bits of the samples themselves destroys nothing.
        data.put(us(Tag(0x6000, 0x0102), 3));
        clear_overlay_bits(&mut data, &Syntax::from_uid(Syntax::EXPLICIT_LE));
        assert_eq!(
            data.get(PIXEL_DATA).unwrap().bytes().unwrap(),
            [0xFF, 0x0F, 0x34, 0xE2]
        );
    }
}
