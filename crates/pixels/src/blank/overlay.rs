//! Overlays in the unused bits of coded samples (PS3.5 8.1.2, retired): cleared as those of native
//! samples are.
//!
//! An overlay group without data of its own says by Overlay Bit Position (60xx,0102) in which bit of
//! the samples it is drawn. A codestream of more bits than Bits Stored carries it, and no decoder
//! shows it: words can stand there that no search for text sees.

use std::collections::BTreeMap;

use obscura_core::Limits;
use obscura_dicom::{DataSet, Endian, Syntax, Tag};

use super::error::BlankError;
use super::frame::{Context, Outcome};
use super::{Blanked, Recoding, native_form, store};
use crate::decode::{Image, Stored, joined};

/// Clears overlays that are drawn in bits of encapsulated frames outside of Bits Stored; what the
/// samples mean stays as it was.
///
/// Native pixel data is left as it is. `syntax` changes only where [`Recoding::ToNative`] is the
/// result.
///
/// # Errors
/// [`BlankError`] if an overlay may stand there and a frame cannot be decoded; the data set and the
/// syntax are then as they were.
pub fn clear_overlays(
    data: &mut DataSet<'_>,
    syntax: &mut Syntax,
    limits: &Limits,
) -> Result<Blanked, BlankError> {
    let unchanged = Blanked {
        frames: Vec::new(),
        recoding: Recoding::Unchanged,
    };
    let positions = positions(data, syntax.endian);
    if positions.is_empty() {
        return Ok(unchanged);
    }
    let mut rewritten = Vec::new();
    {
        let Some(image) = Image::of(data, syntax, limits)? else {
            return Ok(unchanged);
        };
        let bits = outside(&positions, &image);
        let Stored::Encapsulated { fragments, frames } = image.stored() else {
            return Ok(unchanged);
        };
        if bits == 0 {
            return Ok(unchanged);
        }
        let context = Context::new(data, syntax, &image);
        for (index, range) in (0..image.frames()).zip(frames) {
            match context.without_bits(index, &joined(fragments, range), bits)? {
                Outcome::Unchanged => {}
                Outcome::Rewritten(frame) => rewritten.push(frame),
                Outcome::NoForm => {
                    let frames = (0..image.frames()).collect();
                    // Cells of whole samples hold nothing in their other bits.
                    native_form::rewrite(data, syntax, &BTreeMap::new(), limits)?;
                    return Ok(Blanked {
                        frames,
                        recoding: Recoding::ToNative,
                    });
                }
            }
        }
    }
    if rewritten.is_empty() {
        return Ok(unchanged);
    }
    let frames = rewritten.iter().map(|frame| frame.index).collect();
    store::replace(data, syntax, rewritten, limits)?;
    Ok(Blanked {
        frames,
        recoding: Recoding::Lossless,
    })
}

/// The bits that overlay groups without data of their own claim.
fn positions(data: &DataSet<'_>, endian: Endian) -> Vec<u16> {
    let claims = data
        .elements()
        .iter()
        .filter(|element| element.tag.0 & 0xFF01 == 0x6000 && element.tag.1 == 0x0102)
        .filter(|element| data.get(Tag(element.tag.0, 0x3000)).is_none());
    let word = |bytes: &[u8]| {
        let bytes = *bytes.first_chunk()?;
        Some(match endian {
            Endian::Little => u16::from_le_bytes(bytes),
            Endian::Big => u16::from_be_bytes(bytes),
        })
    };
    claims
        .filter_map(|element| word(element.bytes()?))
        .collect()
}

/// Those of the bits that are no bits of the samples: an overlay that claims one of these destroys
/// nothing.
fn outside(positions: &[u16], image: &Image<'_>) -> u32 {
    let high = image.high_bit();
    let low = (high + 1).saturating_sub(image.bits_stored());
    let free = |bit: &&u16| **bit < image.bits_allocated().min(32) && !(low..=high).contains(*bit);
    positions
        .iter()
        .filter(free)
        .fold(0, |bits, bit| bits | 1 << bit)
}
