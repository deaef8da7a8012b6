//! The few convolutions that `rten` is slow with, computed where the numbers lie.
//!
//! `rten` gathers the input of a dense convolution once for each place of the kernel and then
//! multiplies matrices; with few output channels the gathering takes as long as the multiplying. Its
//! depthwise convolution goes number by number. Here a tile of neighbouring output numbers of some
//! channels is kept in registers while all places of the kernel are added up, which needs no gathering
//! and no edges (see [`Planes`]). Tests hold the results to the definition and to those of `rten`.

mod dense;
mod depthwise;
mod kernel;
mod planes;

pub(crate) use dense::{Dense, Then};
pub(crate) use depthwise::Depthwise;
pub(crate) use planes::Planes;

/// A plane's body is whole tiles of so many numbers: a multiple of what a kernel computes at once with
/// any width of vectors.
const TILE: usize = 96;

/// How far a kernel moves from one output number to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stride {
    One,
    /// Its input are the [phases](Planes::phases) of the planes.
    Two,
}

impl Stride {
    /// Planes of the input for each channel.
    const fn phases(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 4,
        }
    }
}

/// The form of a square kernel with as much padding as keeps the size, of an even one more of it to the
/// right and below.
#[derive(Debug, Clone, Copy)]
struct Kernel {
    side: usize,
    stride: Stride,
}

impl Kernel {
    /// The width of the rim that the input must have.
    const fn rim(self) -> usize {
        match self.stride {
            Stride::One => self.side / 2,
            Stride::Two => (self.side / 2).div_ceil(2),
        }
    }

    /// For so many channels, how far from an output number, less the lead, the numbers lie that the
    /// kernel's places meet.
    fn places(self, input: &Planes, channels: usize) -> Vec<usize> {
        let (rim, half) = (input.rim, (self.side - 1) / 2);
        let mut places = Vec::with_capacity(channels * self.side * self.side);
        for channel in 0..channels {
            for y in 0..self.side {
                for x in 0..self.side {
                    let (plane, y, x) = match self.stride {
                        Stride::One => (channel, rim + y - half, rim + x - half),
                        // Twice the rim keeps what lies left of the centre from falling below zero.
                        Stride::Two => {
                            let (y, x) = (2 * rim + y - half, 2 * rim + x - half);
                            (4 * channel + y % 2 * 2 + x % 2, y / 2, x / 2)
                        }
                    };
                    places.push(plane * input.size() + y * input.stride() + x);
                }
            }
        }
        places
    }
}

#[cfg(test)]
mod tests;
