//! The model files: where they are looked for, and what is said if they are not there.
//!
//! They are looked for, in this order, in the directory of `--models`, in the one that the
//! environment variable `OBSCURA_MODELS` names, in `models` beside the program, in the user's data
//! directory, and in the checkout that the program was built from. The first directory that holds
//! any of the files counts; what it holds is checked by SHA-256 and never mixed with another.

use std::fs;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use obscura_ocr::{ModelError, ModelFile, Models, Ocr};
use thiserror::Error;

use crate::exit::shown;

/// Names a directory of models.
pub(crate) const VARIABLE: &str = "OBSCURA_MODELS";

/// Why the models cannot be used. Nothing was done yet when this is said.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum ModelsError {
    /// No directory holds them.
    #[error("the models that find text in pictures are not installed")]
    #[diagnostic(help(
        "`cargo xtask models` in a checkout of Obscura fetches them (30 MB) and checks them; \
         --models DIR says where they are. `--pixels off` runs without them, and leaves text in \
         the pictures where it is. Looked in: {looked_in}"
    ))]
    Missing {
        /// The directories, for a person.
        looked_in: String,
    },
    /// A file cannot be read.
    #[error("the model {path} cannot be read")]
    #[diagnostic(help("`cargo xtask models` fetches what is missing or damaged"))]
    Read {
        /// Its path.
        path: String,
        #[source]
        source: std::io::Error,
    },
    /// A file is not the model it should be.
    #[error("the models in {directory} cannot be used")]
    #[diagnostic(help("`cargo xtask models` fetches what is missing or damaged"))]
    Unusable {
        /// Where they are.
        directory: String,
        #[source]
        source: ModelError,
    },
}

/// Finds, checks and loads the models.
pub(crate) fn load(chosen: Option<&Path>) -> Result<Ocr, ModelsError> {
    let directory = directory(chosen)?;
    let read = |file: ModelFile| {
        let path = directory.join(file.name);
        fs::read(&path).map_err(|source| ModelsError::Read {
            path: shown(&path),
            source,
        })
    };
    let (detector, reader) = (read(ModelFile::DETECTOR)?, read(ModelFile::READER)?);
    let models = loaded(detector, reader).map_err(|source| ModelsError::Unusable {
        directory: shown(&directory),
        source,
    })?;
    Ok(Ocr::new(models))
}

#[cfg(not(feature = "ort"))]
fn loaded(detector: Vec<u8>, reader: Vec<u8>) -> Result<Models, ModelError> {
    Models::load(detector, reader)
}

/// Names the library of ONNX Runtime that is to run the models.
#[cfg(feature = "ort")]
const LIBRARY: &str = "OBSCURA_ONNX_RUNTIME";

/// By ONNX Runtime where its library is named; a library that does not load is an error.
#[cfg(feature = "ort")]
fn loaded(detector: Vec<u8>, reader: Vec<u8>) -> Result<Models, ModelError> {
    let Some(library) = std::env::var_os(LIBRARY).filter(|value| !value.is_empty()) else {
        return Models::load(detector, reader);
    };
    let runtime = obscura_ocr::OnnxRuntime::load(Path::new(&library)).map_err(|source| {
        ModelError::Unusable {
            name: ModelFile::DETECTOR.name,
            source,
        }
    })?;
    Models::load_for(&runtime, detector, reader)
}

fn directory(chosen: Option<&Path>) -> Result<PathBuf, ModelsError> {
    if let Some(chosen) = chosen {
        return Ok(chosen.to_path_buf());
    }
    let places = places();
    let holds_any = |place: &&PathBuf| {
        ModelFile::ALL
            .iter()
            .any(|file| place.join(file.name).is_file())
    };
    places.iter().find(holds_any).cloned().ok_or_else(|| {
        let names: Vec<String> = places.iter().map(|place| shown(place)).collect();
        ModelsError::Missing {
            looked_in: names.join(", "),
        }
    })
}

fn places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Some(named) = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        // Who names a directory means that one.
        return vec![PathBuf::from(named)];
    }
    let program = std::env::current_exe().ok();
    if let Some(beside) = program.as_deref().and_then(Path::parent) {
        places.push(beside.join("models"));
    }
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let data = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| home.map(|home| home.join(".local/share")));
    places.extend(data.map(|data| data.join("obscura/models")));
    places.push(PathBuf::from("/usr/share/obscura/models"));
    places.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("../models"));
    places
}
