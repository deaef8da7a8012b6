//! [`TextFinder`]: what the search for text needs of a detector and a reader.
//!
//! Models stand behind it (`crates/ocr`); tests use fakes. Everything goes in and comes out as
//! plain pictures and rectangles, so that the search itself knows no model.

use std::fmt;

use obscura_core::Phi;
use thiserror::Error;

use crate::Area;
use crate::render::Picture;

/// One plane of values, row by row: stored values, luminance or a chroma, in any range.
#[derive(Clone, PartialEq)]
pub struct Plane {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// `width * height` finite values.
    pub values: Vec<f32>,
}

impl fmt::Debug for Plane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plane({} x {})", self.width, self.height)
    }
}

/// Something that may be text.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// The rectangle around it.
    pub area: Area,
    /// Rectangles that cover it more closely: several for a line that runs aslant, else `area`.
    pub parts: Vec<Area>,
    /// How sure the detector is, in `[0, 1]`.
    pub score: f32,
}

impl Spot {
    /// A spot that is its rectangle.
    pub fn upright(area: Area, score: f32) -> Self {
        Self {
            area,
            parts: vec![area],
            score,
        }
    }
}

/// What the cheap look saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Glimpses {
    /// Places that may hold text, more rather than fewer, each with its best score. Larger than the
    /// text they are of.
    pub places: Vec<Spot>,
    /// Where the look is sure of itself, as close to the text as it can tell.
    pub spots: Vec<Spot>,
    /// How likely text is, cell by cell, for each plane that was looked at.
    pub maps: Vec<Likelihood>,
}

/// How likely text is in each cell of a plane.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Likelihood {
    /// Pixels a side of one cell, at least 1.
    pub cell: u32,
    /// Cells of a row, at least 1.
    pub columns: usize,
    /// Probabilities, row by row, in `[0, 1]`.
    pub values: Vec<f32>,
}

impl Likelihood {
    /// The mean of the cells whose middle lies in an area; of the nearest cell if none does.
    pub fn mean(&self, area: &Area) -> f32 {
        if self.columns == 0 || self.values.len() < self.columns {
            return 0.0;
        }
        let half = self.cell / 2;
        let range = |begin: u32, end: u32, cells: usize| {
            let first = (begin.saturating_sub(half)).div_ceil(self.cell) as usize;
            let last = ((end.saturating_sub(half)).div_ceil(self.cell) as usize).min(cells);
            if first < last {
                first..last
            } else {
                let nearest = ((begin / 2 + end / 2) / self.cell) as usize;
                let nearest = nearest.min(cells - 1);
                nearest..nearest + 1
            }
        };
        let rows = range(area.y, area.bottom(), self.values.len() / self.columns);
        let columns = range(area.x, area.right(), self.columns);
        let count = (rows.len() * columns.len()) as f32;
        let line = |row: usize| &self.values[row * self.columns..][columns.clone()];
        rows.map(|row| line(row).iter().sum::<f32>()).sum::<f32>() / count
    }
}

/// What a reader made of one line.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The text as read; empty if nothing was.
    pub text: Phi<String>,
    /// The mean probability of the characters read, in `[0, 1]`; 0 if nothing was read.
    pub confidence: f32,
}

/// A model failed on a picture. No part of the picture or of a text is in it.
#[derive(Debug, Error)]
#[error("the {stage} failed")]
pub struct FinderError {
    /// The model that failed.
    pub stage: &'static str,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Finds and reads text. Called from many threads at once; the answer depends on the arguments
/// alone.
pub trait TextFinder: Send + Sync + fmt::Debug {
    /// A cheap look at a plane of any depth. No places mean that nothing there resembles text.
    ///
    /// # Errors
    /// [`FinderError`] if the model fails.
    fn glance(&self, plane: &Plane) -> Result<Glimpses, FinderError>;

    /// A thorough search in a picture of 8 bits, enlarged by `scale` first. The spots are in the
    /// pixels of the picture as given.
    ///
    /// # Errors
    /// [`FinderError`] if the model fails.
    fn detect(&self, picture: &Picture, scale: f32) -> Result<Vec<Spot>, FinderError>;

    /// Reads one line of upright text that fills the picture.
    ///
    /// # Errors
    /// [`FinderError`] if the model fails.
    fn read(&self, line: &Picture) -> Result<Reading, FinderError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likelihood_of_an_area_is_that_of_its_cells() {
        let map = Likelihood {
            cell: 4,
            columns: 3,
            values: vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
        };
        assert!((map.mean(&Area::new(4, 4, 4, 4)) - 0.8).abs() < 1e-6);
        assert!((map.mean(&Area::new(0, 0, 12, 8)) - 0.5).abs() < 1e-6);
        // Smaller than a cell, and beyond the last one.
        assert!((map.mean(&Area::new(9, 1, 1, 1)) - 0.4).abs() < 1e-6);
        assert!((map.mean(&Area::new(40, 40, 9, 9)) - 1.0).abs() < 1e-6);
        assert!((Likelihood::default().mean(&Area::new(0, 0, 1, 1)) - 0.0).abs() < 1e-6);
    }
}
