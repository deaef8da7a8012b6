//! Running the first look's own network, which is small enough to be part of the program.
//!
//! `crates/ocr/training` made it from synthetic pictures and says how.

use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::GlanceError;
use super::view::Blocks;
use crate::network::{InferenceError, Network, RtenNetwork};

/// The weights, 110 thousand numbers.
static MODEL: &[u8] = include_bytes!("../../models/first-look.onnx");
/// Pixels a side that one cell of the answer stands for.
pub(crate) const CELL: usize = 4;

/// The network, loaded.
pub(crate) struct Net {
    network: RtenNetwork,
}

impl Net {
    pub(crate) fn new() -> Result<Self, GlanceError> {
        let network = RtenNetwork::embedded(MODEL).map_err(GlanceError::Load)?;
        Ok(Self { network })
    }

    /// Probabilities that a cell holds text: `rows / 2` rows of `columns / 2` cells.
    pub(crate) fn run(&self, input: Blocks) -> Result<Vec<f32>, GlanceError> {
        let cells = (input.rows / 2) * (input.columns / 2);
        let shape = [1, 4, input.rows, input.columns];
        let input = NdTensor::from_data(shape, input.values);
        let output = self.network.run(input).map_err(GlanceError::Run)?;
        let map = output.to_vec();
        if map.len() == cells {
            Ok(map)
        } else {
            Err(GlanceError::Run(InferenceError::Output))
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
