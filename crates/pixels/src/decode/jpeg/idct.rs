//! The inverse DCT (ISO/IEC 10918-1 A.3.3) of one block, for 8 and 12 bit samples.
//!
//! The factorisation of Arai, Agui and Nakajima in 32-bit floats: five multiplications a line,
//! eight lines at once. Floats hold 12-bit samples with room, so both precisions share it.

use std::ops::{Add, Mul, Sub};

use super::plane::Sample;

/// One line of a block, or one column of each line.
#[derive(Clone, Copy)]
struct Lanes([f32; 8]);

impl Add for Lanes {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }
}

impl Sub for Lanes {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }
}

impl Mul<f32> for Lanes {
    type Output = Self;
    #[inline(always)]
    fn mul(self, factor: f32) -> Self {
        Self(std::array::from_fn(|i| self.0[i] * factor))
    }
}

/// What each coefficient is multiplied with: its quantiser and the factors that the factorisation
/// leaves out. Both in natural order (row by row).
pub(super) fn multipliers(quantisers: &[u16; 64]) -> [f32; 64] {
    const SCALE: [f64; 8] = [
        1.0,
        1.387_039_845,
        1.306_562_965,
        1.175_875_602,
        1.0,
        0.785_694_958,
        0.541_196_100,
        0.275_899_379,
    ];
    std::array::from_fn(|i| (f64::from(quantisers[i]) * SCALE[i / 8] * SCALE[i % 8] / 8.0) as f32)
}

/// One dimension of eight lines at once. Not inlined: taken apart by the transpositions around it,
/// the lanes would no longer be vectors.
#[inline(never)]
fn pass(lines: &mut [Lanes; 8]) {
    let [in0, in1, in2, in3, in4, in5, in6, in7] = *lines;
    let sum04 = in0 + in4;
    let difference04 = in0 - in4;
    let sum26 = in2 + in6;
    let rotated26 = (in2 - in6) * std::f32::consts::SQRT_2 - sum26;
    let even0 = sum04 + sum26;
    let even3 = sum04 - sum26;
    let even1 = difference04 + rotated26;
    let even2 = difference04 - rotated26;

    let sum53 = in5 + in3;
    let difference53 = in5 - in3;
    let sum17 = in1 + in7;
    let difference17 = in1 - in7;
    let odd0 = sum17 + sum53;
    let rotated = (sum17 - sum53) * std::f32::consts::SQRT_2;
    let shared = (difference53 + difference17) * 1.847_759_1;
    let odd1 = shared - difference53 * 2.613_126 - odd0;
    let odd2 = rotated - odd1;
    let odd3 = shared - difference17 * 1.082_392_2 - odd2;

    *lines = [
        even0 + odd0,
        even1 + odd1,
        even2 + odd2,
        even3 + odd3,
        even3 - odd3,
        even2 - odd2,
        even1 - odd1,
        even0 - odd0,
    ];
}

#[inline(always)]
fn transpose(lines: &[Lanes; 8]) -> [Lanes; 8] {
    std::array::from_fn(|row| Lanes(std::array::from_fn(|column| lines[column].0[row])))
}

/// Writes the samples of a block of multiplied coefficients to `output`, eight lines `stride`
/// apart, moved up by half the range and clamped to it. `output` holds the whole block.
pub(super) fn inverse<S: Sample>(
    block: &[f32; 64],
    output: &mut [S],
    stride: usize,
    precision: u32,
) {
    let mut lines: [Lanes; 8] =
        std::array::from_fn(|row| Lanes(std::array::from_fn(|column| block[row * 8 + column])));
    pass(&mut lines);
    let mut columns = transpose(&lines);
    pass(&mut columns);
    let lines = transpose(&columns);
    let centre = (1_u32 << (precision - 1)) as f32;
    let largest = ((1_u32 << precision) - 1) as f32;
    for (line, target) in lines.iter().zip(output.chunks_mut(stride)) {
        let samples: [S; 8] = std::array::from_fn(|i| rounded(line.0[i] + centre, largest));
        target[..8].copy_from_slice(&samples);
    }
}

/// The same for a block of a DC coefficient alone.
pub(super) fn inverse_flat<S: Sample>(dc: f32, output: &mut [S], stride: usize, precision: u32) {
    let centre = (1_u32 << (precision - 1)) as f32;
    let largest = ((1_u32 << precision) - 1) as f32;
    let sample = rounded(dc + centre, largest);
    for target in output.chunks_mut(stride).take(8) {
        target[..8].fill(sample);
    }
}

/// Rounds to nearest in `0..=largest`. Adding 2^23 leaves a small float's integer in its low
/// bits, which a compiler turns into vector code where a conversion is not.
#[inline(always)]
pub(super) fn rounded<S: Sample>(value: f32, largest: f32) -> S {
    let clamped = if value > 0.0 { value } else { 0.0 };
    let clamped = if clamped < largest { clamped } else { largest };
    S::from_low_bits((clamped + 8_388_608.0).to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of ISO/IEC 10918-1 A.3.3, as it is written.
    fn reference(coefficients: &[i32; 64]) -> [f64; 64] {
        let scale = |k: usize| {
            if k == 0 {
                std::f64::consts::FRAC_1_SQRT_2
            } else {
                1.0
            }
        };
        let angle = |x: usize, u: usize| {
            ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos()
        };
        std::array::from_fn(|at| {
            let (y, x) = (at / 8, at % 8);
            let sum: f64 = (0..64)
                .map(|k| {
                    let (v, u) = (k / 8, k % 8);
                    scale(u) * scale(v) * f64::from(coefficients[k]) * angle(x, u) * angle(y, v)
                })
                .sum();
            sum / 4.0
        })
    }

    #[test]
    fn the_factorisation_agrees_with_the_definition() {
        let mut state = 1_u32;
        for precision in [8, 12] {
            for _ in 0..50 {
                let coefficients: [i32; 64] = std::array::from_fn(|i| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let range = (1_i32 << (precision + 1)) / (1 + i as i32);
                    (state >> 8) as i32 % range - range / 2
                });
                let factors = multipliers(&[1; 64]);
                let block = std::array::from_fn(|i| coefficients[i] as f32 * factors[i]);
                let mut samples = [0_u16; 64];
                inverse(&block, &mut samples, 8, precision);
                let largest = f64::from((1_u32 << precision) - 1);
                for (sample, exact) in samples.iter().zip(reference(&coefficients)) {
                    let exact = (exact + f64::from(1_u32 << (precision - 1))).clamp(0.0, largest);
                    assert!(
                        (f64::from(*sample) - exact).abs() < 0.51,
                        "{sample} is not {exact}"
                    );
                }
            }
        }
    }
}
