//! [`Segments`]: a network whose stem and depthwise convolutions are computed by this program and the
//! rest by `rten`.
//!
//! They take half of the time in `rten` (see [`crate::convolution`]), and few values pass on where they stand:
//! the network is run up to one, it is computed here, and the network is run on from its output.

use std::fmt;

use rten::NodeId;
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use crate::convolution::{Planes, Then};
use crate::layers::{Convolution, Layer, Plan, STEM};
use crate::network::{InferenceError, Network, RtenNetwork};
use crate::stem::Stem;

/// A convolution between two values of the network.
struct Own {
    input: NodeId,
    is_kept: bool,
    output: NodeId,
    convolution: Convolution,
}

impl Own {
    fn load(layer: &Layer, model: &[u8], network: &RtenNetwork) -> Result<Self, InferenceError> {
        Ok(Self {
            input: network.value(layer.input)?,
            is_kept: layer.is_kept,
            output: network.value(layer.output)?,
            convolution: layer.load(model)?,
        })
    }

    fn run(&self, value: &Tensor<f32>) -> Result<Tensor<f32>, InferenceError> {
        let &[1, channels, height, width] = value.shape() else {
            return Err(InferenceError::Output);
        };
        let values = value.data().ok_or(InferenceError::Output)?;
        match &self.convolution {
            Convolution::Depthwise(depthwise) => {
                let output = depthwise.run(values, height, width);
                let ([channels, height, width], values) = output.ok_or(InferenceError::Output)?;
                Ok(Tensor::from_data(&[1, channels, height, width], values))
            }
            Convolution::DenseRelu(dense) => {
                let planes = Planes::from_slice(values, [channels, height, width], dense.rim());
                Ok(tensor(&dense.run(&planes, Then::Relu)))
            }
        }
    }
}

fn tensor(planes: &Planes) -> Tensor<f32> {
    let shape = [1, planes.channels, planes.height, planes.width];
    Tensor::from_data(&shape, planes.to_vec())
}

/// A network in parts, with convolutions of our own between them.
pub(crate) struct Segments {
    network: RtenNetwork,
    stem: (Stem, NodeId),
    groups: Vec<Vec<Own>>,
    output: NodeId,
}

impl Segments {
    /// Loads a model whose layers are those of the plan.
    pub(crate) fn load(plan: &Plan, bytes: &[u8]) -> Result<Self, InferenceError> {
        let network = RtenNetwork::load(bytes.to_vec())?;
        let own = |layer: &Layer| Own::load(layer, bytes, &network);
        let groups = plan.groups.iter();
        let groups: Result<_, _> = groups
            .map(|group| group.iter().map(own).collect())
            .collect();
        Ok(Self {
            stem: (plan.stem(bytes)?, network.value(STEM)?),
            groups: groups?,
            output: network.output()?,
            network,
        })
    }

    /// A field of the model's metadata.
    pub(crate) fn metadata(&self, key: &str) -> Option<String> {
        self.network.metadata(key)
    }
}

impl fmt::Debug for Segments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Segments")
    }
}

impl Network for Segments {
    fn run(&self, input: NdTensor<f32, 4>) -> Result<Tensor<f32>, InferenceError> {
        let [1, 3, height, width] = input.shape() else {
            return Err(InferenceError::Output);
        };
        let values = input.data().ok_or(InferenceError::Output)?;
        let (stem, output) = &self.stem;
        let mut known = vec![(*output, tensor(&stem.run(values, height, width)))];
        // Values that are needed again stand first.
        let mut kept = 0;
        for group in &self.groups {
            let wanted: Vec<NodeId> = group.iter().map(|own| own.input).collect();
            let found = self.network.part(&known, &wanted)?;
            known.truncate(kept);
            for (own, value) in group.iter().zip(found) {
                let output = own.run(&value)?;
                if own.is_kept {
                    known.push((own.input, value));
                    kept = known.len();
                }
                known.push((own.output, output));
            }
        }
        let output = self.network.part(&known, &[self.output])?;
        output.into_iter().next().ok_or(InferenceError::Output)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::ModelFile;
    use crate::layers::{DETECTOR, READER};

    /// Five rows of bits for each letter.
    const LETTERS: [[u8; 5]; 5] = [
        [0b111, 0b010, 0b010, 0b010, 0b010],
        [0b111, 0b100, 0b110, 0b100, 0b111],
        [0b101, 0b101, 0b010, 0b101, 0b101],
        [0b111, 0b010, 0b010, 0b010, 0b010],
        [0b010, 0b101, 0b111, 0b101, 0b101],
    ];

    /// A line of letters five pixels to a bit, white on black.
    fn line(height: usize, width: usize) -> NdTensor<f32, 4> {
        let top = height / 2 - 12;
        let bright = |x: usize, y: usize| {
            let (letter, column) = (x.checked_sub(12)? / 20, (x - 12) % 20 / 5);
            let bits = LETTERS.get(letter)?.get(y.checked_sub(top)? / 5)?;
            (column < 3 && bits >> (2 - column) & 1 == 1).then_some(())
        };
        let value = |at: usize| {
            let inside = bright(at % width, at / width % height);
            inside.map_or(-1.0, |()| 1.0)
        };
        let values: Vec<f32> = (0..3 * height * width).map(value).collect();
        NdTensor::from_data([1, 3, height, width], values)
    }

    /// The network in one piece and in parts, on pictures of these sizes; the greatest output.
    fn compare(file: ModelFile, plan: &Plan, sizes: &[(usize, usize)]) -> Option<f32> {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
        let Ok(bytes) = std::fs::read(models.join(file.name)) else {
            println!("passed over: `cargo xtask models` was not run here");
            return None;
        };
        let whole = RtenNetwork::load(bytes.clone()).unwrap();
        let parts = Segments::load(plan, &bytes).unwrap();
        let mut most = 0.0_f32;
        for (height, width) in sizes {
            let expected = whole.run(line(*height, *width)).unwrap();
            let found = parts.run(line(*height, *width)).unwrap();
            assert_eq!(found.shape(), expected.shape());
            for (found, expected) in found.to_vec().iter().zip(&expected.to_vec()) {
                assert!((found - expected).abs() < 1e-3, "{found} {expected}");
                most = most.max(*found);
            }
        }
        Some(most)
    }

    #[test]
    fn the_detector_in_parts_finds_what_it_finds_in_one_piece() {
        let most = compare(ModelFile::DETECTOR, &DETECTOR, &[(32, 32), (96, 160)]);
        assert!(most.is_none_or(|most| most > 0.7), "{most:?}");
    }

    #[test]
    fn the_reader_in_parts_reads_what_it_reads_in_one_piece() {
        let most = compare(ModelFile::READER, &READER, &[(48, 160), (48, 168)]);
        assert!(most.is_none_or(|most| most > 0.7), "{most:?}");
    }

    #[test]
    fn a_model_without_the_layers_is_refused() {
        let first_look = include_bytes!("../models/first-look.onnx");
        let error = Segments::load(&READER, first_look).unwrap_err();
        assert!(matches!(error, InferenceError::Layer));
    }
}
