//! [`Ocr`]: the finder that the search for text works with.

use obscura_pixels::render::Picture;
use obscura_pixels::text::{FinderError, Glimpses, Likelihood, Plane, Reading, Spot, TextFinder};

use crate::glance::{Glance, Mark, SUSPECT, TEXT};
use crate::models::Models;
use crate::network::InferenceError;

/// Detector and reader together. Built once, used from many threads.
#[derive(Debug)]
pub struct Ocr {
    models: Models,
}

impl Ocr {
    /// A finder of these models.
    pub const fn new(models: Models) -> Self {
        Self { models }
    }
}

impl TextFinder for Ocr {
    fn glance(&self, plane: &Plane) -> Result<Glimpses, FinderError> {
        first_look(&self.models.glance, plane)
    }

    fn detect(&self, picture: &Picture, scale: f32) -> Result<Vec<Spot>, FinderError> {
        let found = self.models.detector.detect(picture, scale);
        found.map_err(|source| failed("detector", source))
    }

    fn read(&self, line: &Picture) -> Result<Reading, FinderError> {
        let reading = self.models.reader.read(line);
        reading.map_err(|source| failed("reader", source))
    }
}

/// The first look at a plane.
pub(crate) fn first_look(glance: &Glance, plane: &Plane) -> Result<Glimpses, FinderError> {
    let marks = glance
        .look(&plane.values, plane.width as usize, plane.height as usize)
        .map_err(|source| FinderError {
            stage: "first look",
            source: Box::new(source),
        })?;
    let spot = |mark: Mark| Spot {
        area: mark.area,
        parts: mark.parts,
        score: mark.score,
    };
    Ok(Glimpses {
        places: marks.boxes(SUSPECT).into_iter().map(spot).collect(),
        spots: marks.boxes(TEXT).into_iter().map(spot).collect(),
        maps: vec![Likelihood {
            cell: 4,
            columns: marks.map().0,
            values: marks.map().2.to_vec(),
        }],
    })
}

fn failed(stage: &'static str, source: InferenceError) -> FinderError {
    FinderError {
        stage,
        source: Box::new(source),
    }
}
