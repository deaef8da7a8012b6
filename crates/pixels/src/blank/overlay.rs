//! What stands in the unused bits of samples: cleared, as no decoder shows it and no search for text
//! sees it.
//!
//! An overlay group without data of its own says by Overlay Bit Position (60xx,0102, PS3.5 8.1.2, retired)
//! in which bit of the samples it is drawn. A codestream of more bits than Bits Stored carries it; without
//! such a group its bits are the picture. Cells (native, RLE, deflated) have unused bits of their own,
//! whatever any group says of them.

use std::collections::BTreeMap;

use dicom_dictionary_std::tags;
use obscura_core::Limits;
use obscura_dicom::{DataSet, Element, Endian, Syntax, Value};

use super::error::BlankError;
use super::frame::{Context, Outcome};
use super::{Blanked, Recoding, native_form, store};
use crate::decode::{Codec, Image, Layout, Stored, joined};

/// Makes the bits outside of Bits Stored say nothing, in all frames; what the samples mean stays as it was.
///
/// `syntax` changes only where [`Recoding::ToNative`] is the result. The object is as it was where no such
/// bit said anything.
///
/// # Errors
/// [`BlankError`] if an overlay group names such bits and a frame cannot be decoded; the data set and the
/// syntax are then as they were. Where none does, a frame that cannot be decoded is left to the search for
/// text.
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
    let mut rewritten = Vec::new();
    let native = {
        let image = match Image::of(data, syntax, limits) {
            Ok(image) => image,
            Err(_) if positions.is_empty() => return Ok(unchanged),
            Err(error) => return Err(error.into()),
        };
        let Some(image) = image else {
            return Ok(unchanged);
        };
        let bits = outside(&positions, &image);
        match image.stored() {
            Stored::Native(layout) => Some((layout, image.frames())),
            Stored::Encapsulated { fragments, frames } => {
                let has_cells = image.bits_stored() < image.bits_allocated()
                    && matches!(
                        image.codec(),
                        Ok(Codec::Native | Codec::Rle | Codec::Deflate)
                    );
                if bits == 0 && !has_cells {
                    return Ok(unchanged);
                }
                let context = Context::new(data, syntax, &image);
                for (index, range) in (0..image.frames()).zip(frames) {
                    match context.without_bits(index, &joined(fragments, range), bits) {
                        Ok(Outcome::Unchanged) => {}
                        Ok(Outcome::Rewritten(frame)) => rewritten.push(frame),
                        Ok(Outcome::NoForm) => {
                            let frames = (0..image.frames()).collect();
                            // Cells of whole samples hold nothing in their other bits.
                            native_form::rewrite(data, syntax, &BTreeMap::new(), limits)?;
                            return Ok(Blanked {
                                frames,
                                recoding: Recoding::ToNative,
                            });
                        }
                        Err(_) if bits == 0 => {}
                        Err(error) => return Err(error),
                    }
                }
                None
            }
        }
    };
    if let Some((layout, frames)) = native {
        return Ok(if settle_native(data, &layout) {
            Blanked {
                frames: (0..frames).collect(),
                recoding: Recoding::InPlace,
            }
        } else {
            unchanged
        });
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

/// The same in the cells of native pixel data; whether something was there.
fn settle_native(data: &mut DataSet<'_>, layout: &Layout) -> bool {
    let Some(Element {
        value: Value::Bytes(bytes),
        ..
    }) = data.get_mut(tags::PIXEL_DATA)
    else {
        return false;
    };
    // Most pictures have nothing there: no copy is made to see that.
    if layout.are_unused_bits_silent(bytes) {
        return false;
    }
    layout.settle_unused_bits(bytes.to_mut());
    true
}

/// The bits that overlay groups without data of their own claim.
fn positions(data: &DataSet<'_>, endian: Endian) -> Vec<u16> {
    let claims = data
        .elements()
        .iter()
        .filter(|element| element.tag.0 & 0xFF01 == 0x6000 && element.tag.1 == 0x0102)
        .filter(|element| {
            data.get(obscura_dicom::Tag(element.tag.0, 0x3000))
                .is_none()
        });
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
