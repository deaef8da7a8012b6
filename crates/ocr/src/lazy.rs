//! [`LazyOcr`]: a finder whose large models are loaded when the first look sees something.
//!
//! The first look is part of the program and always there; most pictures end with it. A model that
//! is missing or another one is an error of the search, which sets the object aside: nothing passes
//! because nothing could look.

use std::error::Error;
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use obscura_pixels::render::Picture;
use obscura_pixels::text::{FinderError, Glimpses, Plane, Reading, Spot, TextFinder};

use crate::glance::Glance;
use crate::models::{ModelError, Models};
use crate::ocr::{Ocr, first_look};

/// What loads the models: from a directory, checked by their hashes.
type Load = dyn Fn() -> Result<Models, Box<dyn Error + Send + Sync>> + Send + Sync;

/// A finder whose large models are loaded on first need. Built once, used from many threads.
pub struct LazyOcr {
    glance: Glance,
    load: Box<Load>,
    loading: Mutex<()>,
    ocr: OnceLock<Ocr>,
}

impl fmt::Debug for LazyOcr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyOcr")
            .field("loaded", &self.is_loaded())
            .finish_non_exhaustive()
    }
}

impl LazyOcr {
    /// A finder that loads its models by `load`, again and again until that succeeds once.
    ///
    /// # Errors
    /// If the network of the first look, which is part of the program, does not load.
    pub fn new(
        load: impl Fn() -> Result<Models, Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    ) -> Result<Self, ModelError> {
        Ok(Self {
            glance: Glance::new()?,
            load: Box::new(load),
            loading: Mutex::default(),
            ocr: OnceLock::new(),
        })
    }

    /// Whether the large models are loaded.
    pub fn is_loaded(&self) -> bool {
        self.ocr.get().is_some()
    }

    fn ocr(&self) -> Result<&Ocr, FinderError> {
        if let Some(ocr) = self.ocr.get() {
            return Ok(ocr);
        }
        // One thread loads, the others wait for it.
        let guard = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ocr) = self.ocr.get() {
            return Ok(ocr);
        }
        let models = (self.load)().map_err(|source| FinderError {
            stage: "loading of the models",
            source,
        })?;
        let ocr = self.ocr.get_or_init(|| Ocr::new(models));
        drop(guard);
        Ok(ocr)
    }
}

impl TextFinder for LazyOcr {
    fn glance(&self, plane: &Plane) -> Result<Glimpses, FinderError> {
        first_look(&self.glance, plane)
    }

    fn detect(&self, picture: &Picture, scale: f32) -> Result<Vec<Spot>, FinderError> {
        self.ocr()?.detect(picture, scale)
    }

    fn read(&self, line: &Picture) -> Result<Reading, FinderError> {
        self.ocr()?.read(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn grey() -> Picture {
        Picture {
            width: 64,
            height: 64,
            channels: 1,
            data: vec![128; 64 * 64],
        }
    }

    #[test]
    fn a_missing_model_is_an_error_each_time_and_never_an_empty_search() {
        static TRIES: AtomicU32 = AtomicU32::new(0);
        let ocr = LazyOcr::new(|| {
            TRIES.fetch_add(1, Ordering::Relaxed);
            Models::load(Vec::new(), Vec::new()).map_err(Into::into)
        })
        .unwrap();
        for tries in 1..=3 {
            assert!(ocr.detect(&grey(), 1.0).is_err());
            assert!(!ocr.is_loaded());
            assert_eq!(TRIES.load(Ordering::Relaxed), tries);
        }
    }
}
