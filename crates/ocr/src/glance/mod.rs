//! [`Glance`]: a first look at a frame, and a second opinion on where text stands in it.
//!
//! A small network of our own, trained on synthetic pictures (`crates/ocr/training`), gives the
//! probability of text for every 4 by 4 pixels of a plane of stored values. It sees local contrast
//! only (its view of a plane), so that neither window nor depth nor polarity matter, and looks twice: at the
//! plane, and at a third of its size for large letters. It is fast enough for every frame of every
//! image; where it finds nothing, nobody needs to look closer.
//!
//! What to give it: the stored values of a gray frame; of a colour frame the luminance and, where
//! there is colour, red minus blue, each as a plane of its own.

mod boxes;
mod net;
mod view;

use std::fmt;

use obscura_pixels::Area;
use thiserror::Error;

pub use boxes::Mark;
use net::{CELL, Net};
use view::{Part, STRIDE, Values};

/// At this probability a place is worth a closer look: 98 % of strings in clear print are covered,
/// 92 % of all strings, even the faintest, are touched, and half of the frames without text are
/// looked at in vain. The figures are in `crates/ocr/training/README.md`.
pub const SUSPECT: f32 = 0.3;
/// At this probability a place adds to what the large detector found: 91 % of strings in clear
/// print, and below 2 % of the area of frames full of what resembles text.
pub const TEXT: f32 = 0.6;

/// Pixels a side of the parts that a large frame is looked at in.
const TILE: usize = 1024;
/// Pixels that a part sees beyond its own on every side: what the network's answer may hang on.
const HALO: usize = 64;
/// What the coarse look's probabilities are lowered by: around small text they reach three times
/// as far as the full look's.
const HANDICAP: f32 = 0.2;
/// Frames smaller than this have no second, coarse look.
const COARSE_FROM: usize = 192;
/// Where a frame is this many pixels a side, it is looked at in one go.
const WHOLE: usize = TILE + 2 * HALO;

/// Why no look could be taken. No value of a picture is in it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GlanceError {
    /// The model lacks a layer, or one has another shape.
    #[error("the model of the first look is not the one that the program expects")]
    Load,
    /// The plane's values are not as many as its width and height say, or none.
    #[error("the plane's size is not that of its values")]
    Size,
}

/// The first look. Built once, used from many threads; the answer depends on the plane alone.
pub struct Glance {
    net: Net,
}

impl fmt::Debug for Glance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Glance")
    }
}

impl Glance {
    /// Loads the network that is part of the program.
    ///
    /// # Errors
    /// [`GlanceError::Load`] if it lacks a layer.
    pub fn new() -> Result<Self, GlanceError> {
        Ok(Self { net: Net::new()? })
    }

    /// Looks at a plane of `width * height` finite values, row by row, in any range.
    ///
    /// # Errors
    /// [`GlanceError::Size`] if the plane is empty or has another size than said.
    pub fn look(&self, values: &[f32], width: usize, height: usize) -> Result<Marks, GlanceError> {
        if values.is_empty() || width.checked_mul(height) != Some(values.len()) {
            return Err(GlanceError::Size);
        }
        let size = u32::try_from(width).ok().zip(u32::try_from(height).ok());
        let (columns, rows) = (width.div_ceil(CELL), height.div_ceil(CELL));
        let floor = view::floor(values);
        let plane = Values {
            cells: values,
            width,
            height,
        };
        let mut map = self.map(plane, floor);
        if width.min(height) >= COARSE_FROM {
            let third = view::third(plane);
            let plane = Values {
                cells: &third,
                width: width / 3,
                height: height / 3,
            };
            let coarse = self.map(plane, floor);
            let coarse_columns = plane.width.div_ceil(CELL);
            for (row, cells) in map.chunks_exact_mut(columns).enumerate() {
                let from = (row / 3 * coarse_columns).min(coarse.len());
                let coarse = coarse[from..].iter().take(coarse_columns);
                for (cells, value) in cells.chunks_mut(3).zip(coarse) {
                    for cell in cells {
                        *cell = cell.max(*value - HANDICAP);
                    }
                }
            }
        }
        Ok(Marks {
            size: size.ok_or(GlanceError::Size)?,
            columns,
            rows,
            map,
        })
    }

    /// The map of one plane, part by part where it is large.
    fn map(&self, plane: Values, floor: f32) -> Vec<f32> {
        let (columns, rows) = (plane.width.div_ceil(CELL), plane.height.div_ceil(CELL));
        let mut map = vec![0.0; columns * rows];
        for (top, bottom) in steps(plane.height) {
            for (left, right) in steps(plane.width) {
                let part = around((left, right), (top, bottom), plane);
                let cells = self.net.run(&view::blocks(plane, part, floor));
                let stride = part.width.next_multiple_of(STRIDE) / CELL;
                let (from, own) = ((left - part.x) / CELL, (right - left).div_ceil(CELL));
                let skipped = (top - part.y) / CELL;
                let lines = cells.chunks_exact(stride).skip(skipped);
                let targets = map.chunks_exact_mut(columns).skip(top / CELL);
                let count = (bottom - top).div_ceil(CELL);
                for (target, line) in targets.zip(lines).take(count) {
                    target[left / CELL..][..own].copy_from_slice(&line[from..][..own]);
                }
            }
        }
        map
    }
}

/// Where the parts of a length begin and end.
fn steps(length: usize) -> Vec<(usize, usize)> {
    if length <= WHOLE {
        return vec![(0, length)];
    }
    let starts = (0..length).step_by(TILE);
    starts.map(|at| (at, (at + TILE).min(length))).collect()
}

/// A part with what it sees beyond its own.
fn around((left, right): (usize, usize), (top, bottom): (usize, usize), plane: Values) -> Part {
    let (x, y) = (left.saturating_sub(HALO), top.saturating_sub(HALO));
    Part {
        x,
        y,
        width: (right + HALO).min(plane.width) - x,
        height: (bottom + HALO).min(plane.height) - y,
    }
}

/// What a look found: a map of probabilities, and on request the places in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Marks {
    size: (u32, u32),
    columns: usize,
    rows: usize,
    map: Vec<f32>,
}

impl Marks {
    /// The probability of text for each 4 by 4 pixels, row by row: columns, rows and values.
    pub fn map(&self) -> (usize, usize, &[f32]) {
        (self.columns, self.rows, &self.map)
    }

    /// The greatest probability anywhere, in `[0, 1]`.
    pub fn peak(&self) -> f32 {
        self.map.iter().copied().fold(0.0, f32::max)
    }

    /// The places where the probability is at least `threshold`, put together to lines, from above
    /// to below, in pixels of the frame. They keep closely to the letters: whoever blanks them
    /// adds a margin.
    pub fn boxes(&self, threshold: f32) -> Vec<Mark> {
        boxes::marks(&self.map, self.columns, threshold, self.size)
    }

    /// The rectangle around all that is suspect; `None` if nothing is.
    pub fn suspect(&self) -> Option<Area> {
        let marks = self.boxes(SUSPECT).into_iter().map(|mark| mark.area);
        marks.reduce(|a, b| a.around(&b))
    }
}

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;
