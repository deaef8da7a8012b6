//! [`Stem`]: the first layers of the detector and of the reader, which are alike.
//!
//! They see the picture at half and at a quarter of its size, with few channels: nowhere else is so
//! much gathered for so little to multiply (see [`crate::convolution`]). From `x` to the first `Relu` at a
//! quarter: a convolution of stride 2; two of 2 by 2 beside a pooling of 2 by 2; one of stride 2 that
//! joins both.

use crate::convolution::{Dense, Planes, Stride, Then};

/// All kernels are three wide at most.
const RIM: usize = 1;

/// The convolutions of a stem.
#[derive(Debug)]
pub(crate) struct Stem {
    first: Dense,
    narrow: Dense,
    wide: Dense,
    join: Dense,
}

impl Stem {
    /// A stem with so many channels, whose weights and biases `of` knows in their order.
    pub(crate) fn new(
        channels: usize,
        of: impl Fn(usize) -> Option<(Vec<f32>, Vec<f32>)>,
    ) -> Option<Self> {
        let dense = |number, shape, stride| {
            let (weights, bias) = of(number)?;
            Dense::new(&weights, &bias, shape, stride)
        };
        let half = channels / 2;
        Some(Self {
            first: dense(0, [channels, 3, 3], Stride::Two)?,
            narrow: dense(1, [half, channels, 2], Stride::One)?,
            wide: dense(2, [channels, half, 2], Stride::One)?,
            join: dense(3, [channels, 2 * channels, 3], Stride::Two)?,
        })
    }

    /// What it makes of three planes; heights and widths are multiples of four.
    pub(crate) fn run(&self, values: &[f32], height: usize, width: usize) -> Planes {
        // Each is let go as soon as it is used: these are the largest planes of the network.
        let picture = Planes::from_slice(values, [3, height, width], RIM).phases();
        let half = self.first.run(&picture, Then::Relu);
        drop(picture);
        let narrow = self.narrow.run(&half, Then::Relu);
        let pooled = half.pooled();
        drop(half);
        let mut both = pooled.phases();
        drop(pooled);
        let wide = self.wide.run(&narrow, Then::Relu);
        drop(narrow);
        both.append(wide.phases());
        drop(wide);
        self.join.run(&both, Then::Relu)
    }
}
