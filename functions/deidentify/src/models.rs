//! The models of the layer: that they are there is checked at the start, that they are the right
//! ones when they are loaded.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use obscura_ocr::{LazyOcr, ModelError, ModelFile, Models};
use obscura_pixels::text::TextFinder;
use thiserror::Error;

/// Why there is no finder.
#[derive(Debug, Error)]
pub(crate) enum ModelsError {
    /// A file is not there, or has another size. The function does not start: it would set aside
    /// every picture with text.
    #[error("the model {0} is not in the layer, or is another one")]
    Absent(&'static str),
    /// The network of the first look does not load.
    #[error("the network of the first look cannot be loaded")]
    FirstLook(#[source] ModelError),
}

/// A finder that loads the models of a directory when it needs them.
pub(crate) fn finder(directory: &str) -> Result<Arc<dyn TextFinder>, ModelsError> {
    let directory = PathBuf::from(directory);
    for file in [ModelFile::DETECTOR, ModelFile::READER] {
        let size = std::fs::metadata(directory.join(file.name)).map(|found| found.len());
        if size.ok() != Some(file.bytes) {
            return Err(ModelsError::Absent(file.name));
        }
    }
    let read = move |directory: &Path, file: ModelFile| std::fs::read(directory.join(file.name));
    let finder = LazyOcr::new(move || {
        let detector = read(&directory, ModelFile::DETECTOR)?;
        let reader = read(&directory, ModelFile::READER)?;
        Ok(Models::load(detector, reader)?)
    });
    Ok(Arc::new(finder.map_err(ModelsError::FirstLook)?))
}
