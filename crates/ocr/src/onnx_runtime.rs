//! [`OnnxRuntime`] and the networks that it runs, for those who have ONNX Runtime (feature `ort`).
//!
//! The library is loaded when the program runs, from the place it is given: this crate links to none
//! and fetches none. Each call takes a session of its own from a pool, on one thread, as the networks of
//! `rten` are run.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use crate::network::{InferenceError, Network};

/// ONNX Runtime's library, loaded. A process loads one.
#[derive(Clone)]
pub struct OnnxRuntime(Environment);

impl fmt::Debug for OnnxRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnnxRuntime")
    }
}

impl OnnxRuntime {
    /// Loads the library (`libonnxruntime.so`, `onnxruntime.dll`, `libonnxruntime.dylib`) at a path.
    ///
    /// # Errors
    /// [`InferenceError::Library`] if it cannot be loaded or is too old.
    pub fn load(library: &Path) -> Result<Self, InferenceError> {
        let builder =
            ort::init_from(library).map_err(|source| InferenceError::Library(source.into()))?;
        let environment = builder.with_telemetry(false).build();
        let environment = environment.map_err(|source| InferenceError::Library(source.into()))?;
        Ok(Self(environment))
    }

    pub(crate) fn network(&self, bytes: Vec<u8>) -> Result<OrtNetwork, InferenceError> {
        let first = session(&self.0, &bytes)?;
        let characters = first
            .metadata()
            .ok()
            .and_then(|metadata| metadata.custom("character"));
        Ok(OrtNetwork {
            environment: self.0.clone(),
            bytes,
            characters,
            idle: Mutex::new(vec![first]),
        })
    }
}

fn session(environment: &Environment, bytes: &[u8]) -> Result<Session, InferenceError> {
    let made = || -> ort::Result<Session> {
        Session::builder(environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .commit_from_memory(bytes)
    };
    made().map_err(|source| InferenceError::Runtime(Box::new(source)))
}

/// A model run by ONNX Runtime.
pub(crate) struct OrtNetwork {
    environment: Environment,
    bytes: Vec<u8>,
    characters: Option<String>,
    /// Sessions that no thread uses at the moment.
    idle: Mutex<Vec<Session>>,
}

impl OrtNetwork {
    /// The list of characters in the model's metadata.
    pub(crate) fn characters(&self) -> Option<String> {
        self.characters.clone()
    }

    fn taken(&self) -> Result<Session, InferenceError> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.map_or_else(|| session(&self.environment, &self.bytes), Ok)
    }
}

impl fmt::Debug for OrtNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrtNetwork")
    }
}

impl Network for OrtNetwork {
    fn run(&self, input: NdTensor<f32, 4>) -> Result<Tensor<f32>, InferenceError> {
        let mut session = self.taken()?;
        let shape = input.shape();
        let values = input.data().ok_or(InferenceError::Output)?;
        let result = run(&mut session, shape, values);
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(session);
        result
    }
}

fn run(
    session: &mut Session,
    shape: [usize; 4],
    values: &[f32],
) -> Result<Tensor<f32>, InferenceError> {
    let failed = |source: ort::Error| InferenceError::Runtime(Box::new(source));
    let input = TensorRef::from_array_view((shape, values)).map_err(failed)?;
    let outputs = session.run(ort::inputs![input]).map_err(failed)?;
    if outputs.len() != 1 {
        return Err(InferenceError::Output);
    }
    let (shape, values) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
    let shape: Option<Vec<usize>> = shape
        .iter()
        .map(|length| usize::try_from(*length).ok())
        .collect();
    let shape = shape.ok_or(InferenceError::Output)?;
    if shape.iter().product::<usize>() != values.len() {
        return Err(InferenceError::Output);
    }
    Ok(Tensor::from_data(&shape, values.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_not_there_is_an_error() {
        let error = OnnxRuntime::load(Path::new("/no/such/library.so")).unwrap_err();
        assert!(matches!(error, InferenceError::Library(_)));
    }
}
