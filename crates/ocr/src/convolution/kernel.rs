//! The innermost loops of a convolution, for the widest vectors that the processor has.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

use super::Planes;

/// A convolution of all planes of an input.
pub(super) struct Job<'a> {
    /// Where the numbers that the kernel's places meet lie, from the number of the output on.
    pub(super) places: &'a [usize],
    /// For each block of channels, each place, each channel of the block.
    pub(super) weights: &'a [f32],
    pub(super) bias: &'a [f32],
    pub(super) relu: bool,
}

impl Job<'_> {
    /// Computes the bodies of the output's planes, `N` channels and `V` vectors at once; beyond their
    /// rows stands anything after it. A body is a multiple of that many vectors.
    pub(super) fn run<const N: usize, const V: usize>(&self, input: &Planes, output: &mut Planes) {
        Tiles::<N, V> {
            job: self,
            input: &input.cells,
            output,
        }
        .dispatch();
    }
}

/// Output planes by tiles of `N` channels and `V` vectors.
struct Tiles<'a, const N: usize, const V: usize> {
    job: &'a Job<'a>,
    input: &'a [f32],
    output: &'a mut Planes,
}

impl<const N: usize, const V: usize> SimdOp for Tiles<'_, N, V> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "instructions for wide vectors are used only in the function that chose them"
    )]
    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let tile = V * ops.len();
        let count = self.job.places.len();
        let (lead, size) = (self.output.lead(), self.output.size());
        for at in (0..self.output.body()).step_by(tile) {
            let blocks = self.job.weights.chunks_exact(N * count);
            let bias = self.job.bias.as_chunks::<N>().0;
            let planes = self.output.cells.chunks_exact_mut(N * size);
            for ((weights, bias), planes) in blocks.zip(bias).zip(planes) {
                let mut sums = [[ops.zero(); V]; N];
                for (sums, bias) in sums.iter_mut().zip(bias) {
                    *sums = [ops.splat(*bias); V];
                }
                let weights = weights.as_chunks::<N>().0;
                for (place, weights) in self.job.places.iter().zip(weights) {
                    let from = &self.input[at + place..][..tile];
                    let mut numbers = [ops.zero(); V];
                    for (v, number) in numbers.iter_mut().enumerate() {
                        *number = ops.load(&from[v * ops.len()..][..ops.len()]);
                    }
                    for (sums, weight) in sums.iter_mut().zip(weights) {
                        let weight = ops.splat(*weight);
                        for (sum, number) in sums.iter_mut().zip(&numbers) {
                            *sum = ops.mul_add(*number, weight, *sum);
                        }
                    }
                }
                for (sums, plane) in sums.iter().zip(planes.chunks_exact_mut(size)) {
                    let to = &mut plane[lead + at..][..tile];
                    for (v, sum) in sums.iter().enumerate() {
                        let sum = if self.job.relu {
                            ops.max(*sum, ops.zero())
                        } else {
                            *sum
                        };
                        ops.store(sum, &mut to[v * ops.len()..][..ops.len()]);
                    }
                }
            }
        }
    }
}
