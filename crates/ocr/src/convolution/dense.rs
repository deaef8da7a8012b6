//! [`Dense`]: a convolution in which each output channel sees all input channels.

use super::kernel::Job;
use super::{Kernel, Planes, Stride};

/// How many output channels are computed at once.
const BLOCK: usize = 4;
/// Vectors of a tile: with four channels the sums fill twelve registers.
const VECTORS: usize = 3;

/// What is done to the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// Nothing.
    Plain,
    /// What is below zero becomes zero.
    Relu,
    /// The same, and the input is added.
    ReluAndInput,
}

/// A dense convolution.
#[derive(Debug)]
pub(crate) struct Dense {
    kernel: Kernel,
    inputs: usize,
    outputs: usize,
    /// For each block of output channels, each place of the kernel, each channel of the block.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Dense {
    /// A convolution by weights that come output channel by output channel, in it input channel by
    /// input channel, in it row by row; `None` if there are not as many as the shape says.
    pub(crate) fn new(
        weights: &[f32],
        bias: &[f32],
        [outputs, inputs, side]: [usize; 3],
        stride: Stride,
    ) -> Option<Self> {
        let places = inputs * side * side;
        if places == 0 || weights.len() != outputs * places || bias.len() != outputs {
            return None;
        }
        let full = outputs.next_multiple_of(BLOCK);
        let mut packed = vec![0.0; full * places];
        for (output, weights) in weights.chunks_exact(places).enumerate() {
            let block = &mut packed[output / BLOCK * BLOCK * places..];
            for (place, weight) in weights.iter().enumerate() {
                block[place * BLOCK + output % BLOCK] = *weight;
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(full, 0.0);
        Some(Self {
            kernel: Kernel { side, stride },
            inputs,
            outputs: full,
            weights: packed,
            bias,
        })
    }

    /// The width of the rim that the input must have.
    pub(crate) const fn rim(&self) -> usize {
        self.kernel.rim()
    }

    /// The output for an input: as high and wide as the input's planes are, with the same rim. The
    /// channels are rounded up to a multiple of four, by planes of zeros.
    ///
    /// # Panics
    /// If the input has other channels or a narrower rim than this convolution needs.
    pub(crate) fn run(&self, input: &Planes, then: Then) -> Planes {
        let channels = self.inputs * self.kernel.stride.phases();
        assert_eq!(input.channels, channels, "channels of the input");
        assert!(input.rim >= self.rim(), "rim of the input");
        let mut output = Planes::zeros(self.outputs, input.height, input.width, input.rim);
        let job = Job {
            places: &self.kernel.places(input, self.inputs),
            weights: &self.weights,
            bias: &self.bias,
            relu: then != Then::Plain,
        };
        job.run::<BLOCK, VECTORS>(input, &mut output);
        output.clear_rims();
        if then == Then::ReluAndInput {
            output.add(input);
        }
        output
    }
}
