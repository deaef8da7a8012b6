//! Running the first look's own network, which is small enough to be part of the program.
//!
//! `crates/ocr/training` made it from synthetic pictures and says how.

use std::sync::Arc;

use rten::{Model, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use super::GlanceError;
use super::view::Blocks;

/// The weights, 110 thousand numbers.
static MODEL: &[u8] = include_bytes!("../../models/first-look.onnx");
/// Pixels a side that one cell of the answer stands for.
pub(crate) const CELL: usize = 4;

thread_local! {
    // One thread a caller: workers beside each other do not wait for one another.
    static POOL: Arc<ThreadPool> = Arc::new(ThreadPool::with_num_threads(1));
}

/// The network, loaded.
pub(crate) struct Net {
    model: Model,
}

impl Net {
    pub(crate) fn new() -> Result<Self, GlanceError> {
        let model = Model::load_static_slice(MODEL).map_err(GlanceError::Load)?;
        Ok(Self { model })
    }

    /// Probabilities that a cell holds text: `rows / 2` rows of `columns / 2` cells.
    pub(crate) fn run(&self, input: Blocks) -> Result<Vec<f32>, GlanceError> {
        let cells = (input.rows / 2) * (input.columns / 2);
        let shape = [1, 4, input.rows, input.columns];
        let input = NdTensor::from_data(shape, input.values);
        let options = RunOptions::default().with_thread_pool(Some(POOL.with(Arc::clone)));
        let output: Tensor<f32> = self
            .model
            .run_one(input.view().into(), Some(options))
            .map_err(GlanceError::Run)?
            .try_into()
            .map_err(|_| GlanceError::Output)?;
        let map = output.to_vec();
        if map.len() == cells {
            Ok(map)
        } else {
            Err(GlanceError::Output)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_small_enough_to_be_carried_along() {
        assert!(MODEL.len() < 500_000, "{} bytes", MODEL.len());
    }

    #[test]
    fn an_answer_has_a_cell_for_each_four_pixels() {
        let net = Net::new().expect("the model loads");
        let input = Blocks {
            rows: 24,
            columns: 40,
            values: vec![0.0; 4 * 24 * 40],
        };
        let map = net.run(input).expect("the model runs");
        assert_eq!(map.len(), 12 * 20);
        assert!(map.iter().all(|value| (0.0..=1.0).contains(value)));
    }
}
