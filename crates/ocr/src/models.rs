//! [`Models`]: the model files, pinned by SHA-256.
//!
//! A model that is missing, cut short or another one is an error before any picture is looked at:
//! a detector that finds nothing must never pass for a picture that holds nothing.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::glance::{Glance, GlanceError};
use crate::layers::{DETECTOR, READER};
use crate::network::{InferenceError, Network};
use crate::segments::Segments;
use crate::weights::flush;
use crate::{Detector, Reader};

/// A model file: its name, its origin and the digest it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFile {
    /// The file's name in a directory of models.
    pub name: &'static str,
    /// SHA-256, hexadecimal.
    pub sha256: &'static str,
    /// Bytes.
    pub bytes: u64,
    /// Where it comes from and under which licence.
    pub origin: &'static str,
}

impl ModelFile {
    /// The text detector: a DB network (Liao et al., 2020) with the PP-OCRv6 small backbone.
    pub const DETECTOR: Self = Self {
        name: "PP-OCRv6_det_small.onnx",
        sha256: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
        bytes: 9_929_594,
        origin: "PaddleOCR PP-OCRv6 by way of PyPI rapidocr 3.10.0, Apache-2.0",
    };
    /// The reader of lines: PP-OCRv6 small recognition, 18,708 characters, CTC.
    pub const READER: Self = Self {
        name: "PP-OCRv6_rec_small.onnx",
        sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
        bytes: 21_234_383,
        origin: "PaddleOCR PP-OCRv6 by way of PyPI rapidocr 3.10.0, Apache-2.0",
    };
    /// All that [`Models::load`] needs.
    pub const ALL: [Self; 2] = [Self::DETECTOR, Self::READER];

    /// Whether bytes are this model.
    ///
    /// # Errors
    /// [`ModelError::WrongDigest`].
    pub fn check(&self, bytes: &[u8]) -> Result<(), ModelError> {
        let digest = Sha256::digest(bytes);
        let mut pinned = self.sha256.as_bytes().chunks_exact(2);
        let equal = digest.iter().all(|byte| {
            let pair = pinned
                .next()
                .and_then(|pair| std::str::from_utf8(pair).ok());
            pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) == Some(*byte)
        });
        if equal {
            Ok(())
        } else {
            Err(ModelError::WrongDigest {
                name: self.name,
                expected: self.sha256,
            })
        }
    }
}

/// Why the models cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The bytes are not those that were pinned.
    #[error("the model {name} is not the one this version was tested with (SHA-256 {expected})")]
    WrongDigest {
        /// The model file.
        name: &'static str,
        /// The digest it must have.
        expected: &'static str,
    },
    /// The runtime cannot load it.
    #[error("the model {name} cannot be loaded")]
    Unusable {
        /// The model file.
        name: &'static str,
        /// What the runtime says.
        #[source]
        source: InferenceError,
    },
    /// The network of the first look, which is part of the program, cannot be loaded.
    #[error("the first look's own network cannot be loaded")]
    Glance(#[from] GlanceError),
    /// The reader's model has no list of characters.
    #[error("the model {name} lacks its list of characters")]
    NoCharacters {
        /// The model file.
        name: &'static str,
    },
}

/// The models, loaded.
#[derive(Debug)]
pub struct Models {
    /// The first look.
    pub glance: Glance,
    /// Finds text.
    pub detector: Detector,
    /// Reads it.
    pub reader: Reader,
}

impl Models {
    /// Checks and loads the detector and the reader from the bytes of their files.
    ///
    /// # Errors
    /// [`ModelError`]; nothing falls back to a search without a model.
    pub fn load(detector: Vec<u8>, reader: Vec<u8>) -> Result<Self, ModelError> {
        Self::run_by(detector, reader, |file, bytes| {
            let is_detector = *file == ModelFile::DETECTOR;
            let plan = if is_detector { &DETECTOR } else { &READER };
            let network = Segments::load(plan, &bytes)?;
            let characters = network.metadata("character");
            Ok((Box::new(network), characters))
        })
    }

    /// The same, run by ONNX Runtime.
    ///
    /// # Errors
    /// [`ModelError`], as for [`Models::load`].
    #[cfg(feature = "ort")]
    pub fn load_for(
        runtime: &crate::OnnxRuntime,
        detector: Vec<u8>,
        reader: Vec<u8>,
    ) -> Result<Self, ModelError> {
        Self::run_by(detector, reader, |_, bytes| {
            let network = runtime.network(bytes)?;
            let characters = network.characters();
            Ok((Box::new(network), characters))
        })
    }

    /// The models as networks of whatever `load` makes of their bytes: a network and the list of
    /// characters in its metadata.
    fn run_by(
        detector: Vec<u8>,
        reader: Vec<u8>,
        load: impl Fn(&ModelFile, Vec<u8>) -> Result<(Box<dyn Network>, Option<String>), InferenceError>,
    ) -> Result<Self, ModelError> {
        let network = |file: ModelFile, mut bytes: Vec<u8>| {
            file.check(&bytes)?;
            flush(&mut bytes);
            load(&file, bytes).map_err(|source| ModelError::Unusable {
                name: file.name,
                source,
            })
        };
        let (detector, _) = network(ModelFile::DETECTOR, detector)?;
        let (reader, characters) = network(ModelFile::READER, reader)?;
        let characters = characters.ok_or(ModelError::NoCharacters {
            name: ModelFile::READER.name,
        })?;
        Ok(Self {
            glance: Glance::new()?,
            detector: Detector::new(detector),
            reader: Reader::new(&characters, reader),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_the_pinned_model_are_refused() {
        let error = Models::load(vec![0; 100], Vec::new()).unwrap_err();
        assert!(matches!(error, ModelError::WrongDigest { name, .. } if name.contains("det")));
        let empty = ModelFile {
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ..ModelFile::READER
        };
        assert!(empty.check(b"").is_ok() && empty.check(b"x").is_err());
    }
}
