//! The first look's own network, which is small enough to be part of the program and to be computed by
//! it: most pictures are done with after this.
//!
//! `crates/ocr/training` made it from synthetic pictures and says how; its `net.py` describes the same
//! layers.

use super::GlanceError;
use super::view::Blocks;
use crate::convolution::{Dense, Planes, Stride, Then};
use crate::weights::weights;

/// The weights, 110 thousand numbers.
static MODEL: &[u8] = include_bytes!("../../models/first-look.onnx");
/// Pixels a side that one cell of the answer stands for.
pub(crate) const CELL: usize = 4;

/// Channels at strides of 4, 8 and 16 pixels.
const C4: usize = 24;
const C8: usize = 32;
const C16: usize = 48;
/// All kernels are three wide at most, or five with a stride of two.
const RIM: usize = 1;

/// The network, loaded.
pub(crate) struct Net {
    stem: Dense,
    down8: Dense,
    block8: Dense,
    down16: Dense,
    blocks16: [Dense; 3],
    up: Dense,
    out8: Dense,
    head: Dense,
    side: Dense,
}

impl Net {
    pub(crate) fn new() -> Result<Self, GlanceError> {
        Self::load(MODEL).ok_or(GlanceError::Load)
    }

    fn load(model: &[u8]) -> Option<Self> {
        // Layers have the numbers that `export.py` gives them.
        let layer = |number: u8, shape, stride| {
            let named = |kind: char| weights(model, &format!("{kind}{number}"));
            Dense::new(&named('w')?, &named('b')?, shape, stride)
        };
        Some(Self {
            stem: layer(1, [C4, 4, 5], Stride::Two)?,
            down8: layer(3, [C8, C4, 3], Stride::Two)?,
            block8: layer(5, [C8, C8, 3], Stride::One)?,
            down16: layer(8, [C16, C8, 3], Stride::Two)?,
            blocks16: [
                layer(10, [C16, C16, 3], Stride::One)?,
                layer(13, [C16, C16, 3], Stride::One)?,
                layer(16, [C16, C16, 3], Stride::One)?,
            ],
            up: layer(19, [4 * C8, C16, 1], Stride::One)?,
            out8: layer(22, [C8, C8, 3], Stride::One)?,
            head: layer(24, [4, C8, 1], Stride::One)?,
            side: layer(26, [1, C4, 1], Stride::One)?,
        })
    }

    /// Probabilities that a cell holds text: `rows / 2` rows of `columns / 2` cells. Rows and columns
    /// are multiples of eight.
    pub(crate) fn run(&self, input: &Blocks) -> Vec<f32> {
        let view = Planes::from_slice(&input.values, [4, input.rows, input.columns], RIM);
        let at4 = self.stem.run(&view.phases(), Then::Relu);
        let at8 = self.down8.run(&at4.phases(), Then::Relu);
        let mut at8 = self.block8.run(&at8, Then::ReluAndInput);
        let mut at16 = self.down16.run(&at8.phases(), Then::Relu);
        for block in &self.blocks16 {
            at16 = block.run(&at16, Then::ReluAndInput);
        }
        at8.add(&self.up.run(&at16, Then::Plain).shuffled());
        let at8 = self.out8.run(&at8, Then::Relu);
        let mut map = self.head.run(&at8, Then::Plain).shuffled();
        let side = self.side.run(&at4, Then::Plain);
        let mut cells = Vec::with_capacity(map.height * map.width);
        for y in 0..map.height {
            let sums = map.row_mut(0, y).iter().zip(side.row(0, y));
            cells.extend(sums.map(|(a, b)| 1.0 / (1.0 + (-(a + b)).exp())));
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Network, RtenNetwork};
    use rten_tensor::{AsView, NdTensor};

    #[test]
    fn the_weights_are_small_enough_to_be_carried_along() {
        assert!(MODEL.len() < 500_000, "{} bytes", MODEL.len());
    }

    #[test]
    fn an_answer_is_that_of_a_runtime_for_networks() {
        let (ours, theirs) = (
            Net::new().unwrap(),
            RtenNetwork::load(MODEL.to_vec()).unwrap(),
        );
        for (rows, columns) in [(8, 8), (24, 40), (64, 72)] {
            let mut state = 9_u32;
            let mut next = |_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / (1 << 23) as f32 - 1.0
            };
            let values: Vec<f32> = (0..4 * rows * columns).map(&mut next).collect();
            let tensor = NdTensor::from_data([1, 4, rows, columns], values.clone());
            let expected = theirs.run(tensor).unwrap().to_vec();
            let map = ours.run(&Blocks {
                rows,
                columns,
                values,
            });
            assert_eq!(map.len(), rows / 2 * columns / 2);
            let least = map.iter().copied().fold(1.0, f32::min);
            let most = map.iter().copied().fold(0.0, f32::max);
            assert!(most - least > 0.1, "{least} {most}");
            for (found, expected) in map.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-4, "{found} {expected}");
            }
        }
    }

    #[test]
    fn a_model_without_a_layer_is_refused() {
        assert!(Net::load(&MODEL[..MODEL.len() / 2]).is_none());
        assert!(Net::load(&[]).is_none());
    }
}
