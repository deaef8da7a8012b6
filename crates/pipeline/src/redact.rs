//! [`redact`]: rectangles blanked in one file, at a person's word; everything else stays.
//!
//! This is no de-identification: names stay in the header, and nothing is claimed about the pixels.

use std::collections::BTreeMap;

use obscura_core::Limits;
use obscura_dicom::{ReadError, Source, write_file};
use obscura_pixels::Area;
use obscura_pixels::blank::{BlankError, Recoding, blank};
use obscura_pixels::decode::{DecodeError, Image};
use thiserror::Error;

use crate::frames::Frames;

/// A rectangle to blank, and the frames to blank it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rectangle {
    /// Where.
    pub area: Area,
    /// In which frames.
    pub frames: Frames,
}

/// A file with rectangles blanked.
#[derive(Debug)]
pub struct Redacted {
    /// The PS3.10 file.
    pub bytes: Vec<u8>,
    /// Frames that were changed.
    pub frames: u32,
    /// Frames of the object.
    pub of: u32,
    /// How they were written again.
    pub recoding: Recoding,
}

/// Why nothing was blanked. No value of the object is in it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RedactError {
    /// The file cannot be read.
    #[error("the file is not a readable DICOM object")]
    Read(#[from] ReadError),
    /// Its image cannot be understood.
    #[error("the image cannot be decoded")]
    Image(#[from] DecodeError),
    /// It has no image.
    #[error("the object has no pixel data")]
    NoPixels,
    /// A rectangle is not in the picture.
    #[error("box {number} reaches outside of the picture, which is {columns} wide and {rows} high")]
    Outside {
        /// The rectangle, counted from 1.
        number: usize,
        /// Width of a frame in pixels.
        columns: u32,
        /// Height of a frame in pixels.
        rows: u32,
    },
    /// A rectangle is for a frame that is not there.
    #[error("box {number} names frame {frame}, but the object has {of}")]
    NoFrame {
        /// The rectangle, counted from 1.
        number: usize,
        /// The frame, counted from 1.
        frame: u32,
        /// Frames of the object.
        of: u32,
    },
    /// The pixels cannot be written.
    #[error("the boxes could not be blanked")]
    Blank(#[from] BlankError),
}

impl RedactError {
    /// The same, where the rectangles are known to a person by other numbers: in their order.
    #[must_use]
    pub fn renumbered(mut self, numbers: &[usize]) -> Self {
        if let Self::Outside { number, .. } | Self::NoFrame { number, .. } = &mut self {
            *number = numbers.get(*number - 1).copied().unwrap_or(*number);
        }
        self
    }
}

/// Blanks rectangles in the pixel data of a file. Apart from what the new pixels require, the data
/// set is the same.
///
/// # Errors
/// [`RedactError`] if the file or the rectangles cannot be used.
pub fn redact(
    input: &[u8],
    rectangles: &[Rectangle],
    limits: &Limits,
) -> Result<Redacted, RedactError> {
    let source = Source::open(input, limits)?;
    let mut file = source.parse(limits)?;
    let (areas, of) = {
        let image = Image::of(&file.data, &file.syntax, limits)?.ok_or(RedactError::NoPixels)?;
        (placed(rectangles, &image)?, image.frames())
    };
    let blanked = blank(&mut file.data, &mut file.syntax, &areas, limits)?;
    let mut bytes = Vec::with_capacity(input.len() + 1024);
    write_file(&file.meta, &file.data, &file.syntax, &mut bytes);
    Ok(Redacted {
        bytes,
        frames: u32::try_from(blanked.frames.len()).unwrap_or(u32::MAX),
        of,
        recoding: blanked.recoding,
    })
}

fn placed(
    rectangles: &[Rectangle],
    image: &Image<'_>,
) -> Result<BTreeMap<u32, Vec<Area>>, RedactError> {
    let (columns, rows, of) = (image.columns(), image.rows(), image.frames());
    let mut areas: BTreeMap<u32, Vec<Area>> = BTreeMap::new();
    for (number, rectangle) in (1..).zip(rectangles) {
        if rectangle.area.within(columns, rows) != Some(rectangle.area) {
            return Err(RedactError::Outside {
                number,
                columns,
                rows,
            });
        }
        if let Some(frame) = rectangle.frames.last().filter(|frame| *frame > of) {
            return Err(RedactError::NoFrame { number, frame, of });
        }
        for frame in rectangle.frames.indices(of) {
            areas.entry(frame).or_default().push(rectangle.area);
        }
    }
    Ok(areas)
}
