//! Blanking of rectangles in the stored values of pixel data: what was burned in is gone, and
//! everything else is what it was.
//!
//! [`blank`] gets the rectangles of each frame and writes over what they cover:
//!
//! - native cells in place, a bit at a time if need be;
//! - JPEG of DCT coefficients in its coefficients: only blocks that a rectangle touches change;
//! - lossless codings by decoding a frame, writing it anew with the same coding and the same
//!   values, and decoding it again to prove it;
//! - what cannot be written with its coding by taking the coding off the whole object.
//!
//! Frames without rectangles keep their bytes wherever the coding stays. What a rectangle is filled
//! with is decided in `fill`.

mod cover;
mod dark;
mod dct;
mod error;
mod fill;
mod frame;
mod native;
mod native_form;
mod overlay;
mod store;

use std::collections::BTreeMap;

use dicom_dictionary_std::tags;
use obscura_core::Limits;
use obscura_dicom::{DataSet, Syntax, Tag};

pub use error::BlankError;
pub use overlay::clear_overlays;

use crate::area::Area;
use crate::decode::{DecodeError, Image, Stored, joined};
use frame::{Outcome, Rewritten};

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blanked {
    /// The frames that were changed, from 0, in ascending order.
    pub frames: Vec<u32>,
    /// How they were written again.
    pub recoding: Recoding,
}

/// How changed frames were written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recoding {
    /// No rectangle covered a pixel: nothing was changed.
    Unchanged,
    /// Native cells were written over.
    InPlace,
    /// Blocks of DCT coefficients were changed; all others are as they were.
    Blocks,
    /// Frames were coded again without loss, in the same transfer syntax.
    Lossless,
    /// The whole object was decoded: the transfer syntax is now Explicit VR Little Endian.
    ToNative,
}

/// Blanks rectangles in the pixel data of an object.
///
/// `areas` has the rectangles of each frame, from 0. Those that lie outside of their frame and
/// frames that the object has not are left out. `syntax` changes only where [`Recoding::ToNative`]
/// is the result. Attributes that the pixel data decide (offset tables, Smallest and Largest Image
/// Pixel Value, Photometric Interpretation and the others of the Image Pixel module) are right
/// afterwards; those of lossy compression stay as they are.
///
/// # Errors
/// [`BlankError`]; the data set and the syntax are then as they were.
pub fn blank(
    data: &mut DataSet<'_>,
    syntax: &mut Syntax,
    areas: &BTreeMap<u32, Vec<Area>>,
    limits: &Limits,
) -> Result<Blanked, BlankError> {
    let work = plan(data, syntax, areas, limits)?;
    let (frames, recoding, keeps_extremes) = match work {
        Work::Nothing => (Vec::new(), Recoding::Unchanged, true),
        Work::Cells(layout, fills) => {
            native::write(data, &layout, &fills);
            let keeps = fills.iter().all(|(_, fills)| fills.keeps_extremes());
            let frames = fills.into_iter().map(|(index, _)| index).collect();
            (frames, Recoding::InPlace, keeps)
        }
        Work::Frames(rewritten) => {
            let frames = rewritten.iter().map(|frame| frame.index).collect();
            let keeps = rewritten.iter().all(|frame| frame.keeps_extremes);
            let recoding = if rewritten
                .iter()
                .any(|frame| frame.recoding == Recoding::Blocks)
            {
                Recoding::Blocks
            } else {
                Recoding::Lossless
            };
            store::replace(data, syntax, rewritten, limits)?;
            (frames, recoding, keeps)
        }
        Work::Decode => {
            let frames = native_form::rewrite(data, syntax, areas, limits)?;
            (frames.touched, Recoding::ToNative, frames.keeps_extremes)
        }
    };
    if !keeps_extremes {
        remove_extremes(data);
    }
    Ok(Blanked { frames, recoding })
}

/// What has to be done; made without changing anything.
enum Work {
    Nothing,
    Cells(crate::decode::Layout, Vec<(u32, fill::Fills)>),
    Frames(Vec<Rewritten>),
    /// A frame has no form in its coding.
    Decode,
}

fn plan(
    data: &DataSet<'_>,
    syntax: &Syntax,
    areas: &BTreeMap<u32, Vec<Area>>,
    limits: &Limits,
) -> Result<Work, BlankError> {
    let wanted = areas.iter().filter(|(_, areas)| !areas.is_empty());
    let Some(image) = Image::of(data, syntax, limits)? else {
        return if wanted.count() == 0 {
            Ok(Work::Nothing)
        } else {
            Err(BlankError::NoPixelData)
        };
    };
    let size = (image.columns(), image.rows());
    let wanted = wanted.filter(|(frame, areas)| {
        // A codestream may be larger than the description: such rectangles are looked at there.
        let stored = matches!(image.stored(), Stored::Encapsulated { .. });
        **frame < image.frames()
            && (stored || areas.iter().any(|a| a.within(size.0, size.1).is_some()))
    });
    let context = frame::Context::new(data, syntax, &image);
    match image.stored() {
        Stored::Native(layout) => {
            let fills = wanted
                .map(|(index, areas)| Ok((*index, context.native_fills(*index, areas)?)))
                .collect::<Result<Vec<_>, DecodeError>>()?;
            Ok(if fills.is_empty() {
                Work::Nothing
            } else {
                Work::Cells(layout, fills)
            })
        }
        Stored::Encapsulated { fragments, frames } => {
            let mut rewritten = Vec::new();
            for (index, areas) in wanted {
                let range = frames.get(*index as usize).ok_or(DecodeError::TooShort)?;
                let bytes = joined(fragments, range);
                match context.rewrite(*index, &bytes, areas)? {
                    Outcome::Unchanged => {}
                    Outcome::Rewritten(frame) => rewritten.push(frame),
                    Outcome::NoForm => return Ok(Work::Decode),
                }
            }
            Ok(if rewritten.is_empty() {
                Work::Nothing
            } else {
                Work::Frames(rewritten)
            })
        }
    }
}

/// Removes what states the least and greatest value of the pixels.
fn remove_extremes(data: &mut DataSet<'_>) {
    const IN_PLANE: [Tag; 2] = [Tag(0x0028, 0x0110), Tag(0x0028, 0x0111)];
    for tag in [
        tags::SMALLEST_IMAGE_PIXEL_VALUE,
        tags::LARGEST_IMAGE_PIXEL_VALUE,
        tags::SMALLEST_PIXEL_VALUE_IN_SERIES,
        tags::LARGEST_PIXEL_VALUE_IN_SERIES,
    ]
    .into_iter()
    .chain(IN_PLANE)
    {
        data.remove(tag);
    }
}
