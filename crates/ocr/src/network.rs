//! [`Network`]: running a model on a tensor, apart from what the tensor means.
//!
//! The implementation is `rten`, and ONNX Runtime where the feature `ort` is on. Each calling thread has a pool of one thread of its own,
//! so that workers beside each other do not wait for one another and one worker takes one core.

use std::fmt;
use std::sync::Arc;

use rten::{Model, NodeId, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use thiserror::Error;

thread_local! {
    static POOL: Arc<ThreadPool> = Arc::new(ThreadPool::with_num_threads(1));
}

/// What the runtime says of a model it cannot load or run. No value of a picture is in it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InferenceError {
    /// The file is no model for this runtime.
    #[error("the runtime refuses the model")]
    Load(#[source] rten::LoadError),
    /// An operator failed.
    #[error("the model could not be run")]
    Run(#[source] rten::RunError),
    /// The library of ONNX Runtime cannot be loaded.
    #[cfg(feature = "ort")]
    #[error("the library of ONNX Runtime cannot be loaded")]
    Library(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// ONNX Runtime refuses the model or failed to run it.
    #[cfg(feature = "ort")]
    #[error("ONNX Runtime failed")]
    Runtime(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A layer that is computed apart from the runtime is not in the model as expected.
    #[error("a layer of the model is not as expected")]
    Layer,
    /// The output has another type or shape than the model promises.
    #[error("the model's output has another form than expected")]
    Output,
}

/// A model with one input (N, C, H, W) and one output.
pub(crate) trait Network: Send + Sync + fmt::Debug {
    /// The output for an input.
    fn run(&self, input: NdTensor<f32, 4>) -> Result<Tensor<f32>, InferenceError>;
}

/// A model run by `rten`.
pub(crate) struct RtenNetwork {
    model: Model,
}

impl RtenNetwork {
    /// Loads an ONNX model.
    pub(crate) fn load(bytes: Vec<u8>) -> Result<Self, InferenceError> {
        let model = Model::load(bytes).map_err(InferenceError::Load)?;
        Ok(Self { model })
    }

    /// The value of that name within the network.
    pub(crate) fn value(&self, name: &str) -> Result<NodeId, InferenceError> {
        self.model.find_node(name).ok_or(InferenceError::Layer)
    }

    /// The network's output.
    pub(crate) fn output(&self) -> Result<NodeId, InferenceError> {
        match self.model.output_ids() {
            [output] => Ok(*output),
            _ => Err(InferenceError::Layer),
        }
    }

    /// A part of the network: from these values to those.
    pub(crate) fn part(
        &self,
        from: &[(NodeId, Tensor<f32>)],
        to: &[NodeId],
    ) -> Result<Vec<Tensor<f32>>, InferenceError> {
        let pool = POOL.with(Arc::clone);
        let options = RunOptions::default().with_thread_pool(Some(pool));
        let from = from.iter().map(|(id, value)| (*id, value.view().into()));
        let found = self.model.run(from.collect(), to, Some(options));
        let found = found.map_err(InferenceError::Run)?.into_iter();
        found
            .map(|value| value.try_into().map_err(|_| InferenceError::Output))
            .collect()
    }

    /// A field of the model's metadata.
    pub(crate) fn metadata(&self, key: &str) -> Option<String> {
        self.model.metadata().get(key).map(str::to_owned)
    }
}

impl fmt::Debug for RtenNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RtenNetwork")
    }
}

/// In one piece, for comparison.
#[cfg(test)]
impl Network for RtenNetwork {
    fn run(&self, input: NdTensor<f32, 4>) -> Result<Tensor<f32>, InferenceError> {
        let pool = POOL.with(Arc::clone);
        let options = RunOptions::default().with_thread_pool(Some(pool));
        self.model
            .run_one(input.view().into(), Some(options))
            .map_err(InferenceError::Run)?
            .try_into()
            .map_err(|_| InferenceError::Output)
    }
}
