//! [`Depthwise`]: a convolution of each plane by itself.

use super::kernel::Job;
use super::{Kernel, Planes, Stride};

/// Vectors of a tile.
const VECTORS: usize = 6;

/// A depthwise convolution. Planes go through it one after the other, so that one is in the processor's
/// cache while it is worked on.
#[derive(Debug)]
pub(crate) struct Depthwise {
    kernel: Kernel,
    /// Channel by channel, row by row.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Depthwise {
    /// A convolution by weights that come channel by channel, row by row; `None` if there are not as
    /// many as the bias has channels.
    pub(crate) fn new(
        weights: Vec<f32>,
        bias: Vec<f32>,
        side: usize,
        stride: Stride,
    ) -> Option<Self> {
        let fits = side > 0 && weights.len() == bias.len() * side * side;
        fits.then_some(Self {
            kernel: Kernel { side, stride },
            weights,
            bias,
        })
    }

    /// The output for planes of that height and width, which are even if the stride is two; the shape
    /// of the output, and its numbers plane by plane. `None` if there are not as many planes as this
    /// convolution has.
    pub(crate) fn run(
        &self,
        values: &[f32],
        height: usize,
        width: usize,
    ) -> Option<([usize; 3], Vec<f32>)> {
        let channels = self.bias.len();
        if values.len() != channels * height * width || values.is_empty() {
            return None;
        }
        let mut plane = Planes::zeros(1, height, width, self.kernel.rim());
        let mut output = match self.kernel.stride {
            Stride::One => plane.clone(),
            Stride::Two => Planes::zeros(1, height / 2, width / 2, plane.rim),
        };
        let shape = [channels, output.height, output.width];
        let mut numbers = Vec::with_capacity(shape.iter().product());
        let places = match self.kernel.stride {
            Stride::One => self.kernel.places(&plane, 1),
            Stride::Two => self.kernel.places(&output, 1),
        };
        let weights = self.weights.chunks_exact(places.len());
        let planes = values.chunks_exact(height * width);
        for ((values, weights), bias) in planes.zip(weights).zip(self.bias.chunks_exact(1)) {
            plane.fill(values);
            let job = Job {
                places: &places,
                weights,
                bias,
                relu: false,
            };
            match self.kernel.stride {
                Stride::One => job.run::<1, VECTORS>(&plane, &mut output),
                Stride::Two => job.run::<1, VECTORS>(&plane.phases(), &mut output),
            }
            output.append_to(&mut numbers);
        }
        Some((shape, numbers))
    }
}
