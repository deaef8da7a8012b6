//! Which convolutions of the models are computed by [`Segments`](crate::segments::Segments), by the
//! names in the files that `ModelFile` pins.

use crate::convolution::{Dense, Depthwise, Stride};
use crate::network::InferenceError;
use crate::stem::Stem;
use crate::weights::weights;

/// What to compute of a model.
pub(crate) struct Plan {
    /// Channels of the [`Stem`].
    channels: usize,
    /// The weights of the stem's layers are `conv2d_N.w_0` from this one on.
    first: usize,
    /// In the order of the network; those of one group do not depend on each other.
    pub(crate) groups: &'static [&'static [Layer]],
}

/// A convolution of the model with the bias that is added after it.
pub(crate) struct Layer {
    kind: Kind,
    /// The value that goes in.
    pub(crate) input: &'static str,
    /// Whether the network needs that value again, after the next layer.
    pub(crate) is_kept: bool,
    /// The weights are `conv2d_N.w_0`.
    weights: u16,
    /// The bias is `p2o.pd_op.reshape.N.0`.
    bias: u16,
    /// The value that comes out.
    pub(crate) output: &'static str,
}

/// A layer, loaded.
pub(crate) enum Convolution {
    Depthwise(Depthwise),
    /// With a `Relu` after it.
    DenseRelu(Dense),
}

#[derive(Clone, Copy)]
enum Kind {
    /// Each plane by itself: the side of the kernel.
    Depthwise(usize, Stride),
    /// 3 by 3, output and input channels, and a `Relu` after it.
    Dense(usize, usize),
}

/// A depthwise convolution.
const fn planes(
    side: usize,
    input: &'static str,
    weights: u16,
    bias: u16,
    output: &'static str,
) -> Layer {
    Layer {
        kind: Kind::Depthwise(side, Stride::One),
        input,
        is_kept: false,
        weights,
        bias,
        output,
    }
}

/// A depthwise convolution of 3 by 3 to half the size, whose input goes to the neck too.
const fn halved(input: &'static str, weights: u16, bias: u16, output: &'static str) -> Layer {
    Layer {
        kind: Kind::Depthwise(3, Stride::Two),
        is_kept: true,
        ..planes(3, input, weights, bias, output)
    }
}

/// The detector's: four stages of a backbone, the large kernels of the neck, the head.
pub(crate) const DETECTOR: Plan = Plan {
    channels: 24,
    first: 112,
    groups: &[
        &[planes(3, "p2o.pd_op.relu.4.0", 118, 5, "Add.11")],
        &[planes(3, "Add.23", 122, 10, "Add.25")],
        &[halved("Add.33", 125, 13, "Add.35")],
        &[planes(3, "Add.41", 129, 16, "Add.43")],
        &[planes(3, "Add.55", 133, 21, "Add.57")],
        &[halved("Add.65", 136, 24, "Add.67")],
        &[planes(3, "Add.73", 140, 27, "Add.75")],
        &[planes(3, "Add.87", 144, 32, "Add.89")],
        &[planes(3, "Add.97", 148, 35, "Add.99")],
        &[planes(3, "Add.111", 152, 40, "Add.113")],
        &[halved("Add.121", 155, 43, "Add.123")],
        &[planes(3, "Add.129", 159, 46, "Add.131")],
        &[planes(3, "Add.143", 163, 51, "Add.145")],
        &[
            planes(7, "Add.159", 169, 62, "Add.185"),
            planes(7, "Add.179", 168, 65, "Add.193"),
            planes(7, "Add.181", 167, 68, "Add.201"),
            planes(7, "Add.183", 166, 71, "Add.209"),
        ],
        &[Layer {
            kind: Kind::Dense(24, 96),
            ..planes(3, "Concat.3", 170, 74, "p2o.pd_op.relu.18.0")
        }],
    ],
};

/// The reader's; two that halve the height alone are left to the runtime.
pub(crate) const READER: Plan = Plan {
    channels: 48,
    first: 68,
    groups: &[
        &[planes(3, "p2o.pd_op.relu.4.0", 74, 5, "Add.11")],
        &[planes(3, "Add.23", 78, 10, "Add.25")],
        &[planes(3, "Add.33", 82, 13, "Add.35")],
        &[planes(3, "Add.51", 89, 19, "Add.53")],
        &[planes(3, "Add.65", 93, 24, "Add.67")],
        &[planes(3, "Add.75", 97, 27, "Add.77")],
        &[planes(3, "Add.89", 101, 32, "Add.91")],
        &[planes(3, "Add.99", 105, 35, "Add.101")],
        &[planes(3, "Add.113", 109, 40, "Add.115")],
        &[planes(3, "Add.131", 116, 46, "Add.133")],
        &[planes(3, "Add.145", 120, 51, "Add.147")],
    ],
};

/// The value that a [`Stem`] ends with.
pub(crate) const STEM: &str = "p2o.pd_op.relu.3.0";

impl Plan {
    /// The stem, with the weights of a model.
    pub(crate) fn stem(&self, model: &[u8]) -> Result<Stem, InferenceError> {
        let of = |number: usize| both(model, self.first + number, number);
        Stem::new(self.channels, of).ok_or(InferenceError::Layer)
    }
}

impl Layer {
    /// The layer, with the weights of a model.
    pub(crate) fn load(&self, model: &[u8]) -> Result<Convolution, InferenceError> {
        let (weights, bias) =
            both(model, self.weights.into(), self.bias.into()).ok_or(InferenceError::Layer)?;
        let convolution = match self.kind {
            Kind::Depthwise(side, stride) => {
                Depthwise::new(weights, bias, side, stride).map(Convolution::Depthwise)
            }
            Kind::Dense(outputs, inputs) => {
                Dense::new(&weights, &bias, [outputs, inputs, 3], Stride::One)
                    .map(Convolution::DenseRelu)
            }
        };
        convolution.ok_or(InferenceError::Layer)
    }
}

/// Weights and bias of a layer.
fn both(model: &[u8], number: usize, bias: usize) -> Option<(Vec<f32>, Vec<f32>)> {
    let bias = weights(model, &format!("p2o.pd_op.reshape.{bias}.0"))?;
    Some((weights(model, &format!("conv2d_{number}.w_0"))?, bias))
}
