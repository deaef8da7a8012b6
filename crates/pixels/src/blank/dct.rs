//! Blocks of DCT coefficients (ISO/IEC 10918-1 A.3): those that a rectangle touches are made anew.
//!
//! A block that lies in a rectangle becomes flat. One that a rectangle touches in part is
//! transformed to samples, filled, and transformed back, so that its other samples change no more
//! than its quantisation asks; nothing of what was under the rectangle goes into it. All other
//! blocks keep their coefficients.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::cover::Cover;
use super::fill::Fills;
use crate::area::Area;
use crate::decode::jpeg::{Coded, Coefficients, Transform};
use crate::encode::NoForm;
use crate::encode::jpeg_dct::{self, Picture, Scans};
use crate::encode::segments;

/// Blanks the blocks of all components. `bits_stored` is that of the frame.
pub(super) fn blank(coded: &mut Coded, fills: &Fills, bits_stored: u16) {
    let (h_max, v_max) = coded.frame.largest_sampling();
    for (at, component) in coded.components.iter_mut().enumerate() {
        let Some(quantisers) = &coded.quantisers[coded.frame.components[at].quantiser] else {
            continue;
        };
        let plane = Plane {
            across: (component.geometry.horizontal as u32, h_max),
            down: (component.geometry.vertical as u32, v_max),
            levels: levels(fills, at, coded.transform, coded.frame.precision),
            size: (
                component.geometry.padded_wide as u32 * 8,
                component.geometry.padded_high as u32 * 8,
            ),
        };
        let half = f64::from(1_u32 << (coded.frame.precision - 1));
        let stored = u32::from(bits_stored);
        let narrow = stored < coded.frame.precision && coded.transform == Transform::None;
        let block = Block {
            quantisers,
            precision: coded.frame.precision,
            top: narrow.then(|| f64::from((1_u32 << stored) - 1) - half),
        };
        for ((down, across), patch) in plane.patches(fills) {
            block.fill(component, (across as usize, down as usize), &patch);
        }
    }
}

/// Writes the stream anew.
pub(super) fn encode(coded: &Coded, old: &[u8]) -> Result<Vec<u8>, NoForm> {
    if coded.quantisers_change {
        return Err(NoForm);
    }
    jpeg_dct::encode(&Picture {
        frame: &coded.frame,
        marker: coded.marker,
        quantisers: &coded.quantisers,
        scans: if coded.first_scan > 1 {
            Scans::Interleaved
        } else {
            Scans::Separate
        },
        segments: &segments::kept(old),
        components: &coded.components,
    })
}

/// The level of one component, moved down by half the range, for each fill.
fn levels(fills: &Fills, component: usize, transform: Transform, precision: u32) -> Vec<f64> {
    let half = f64::from(1_u32 << (precision - 1));
    let mask = f64::from((1_u32 << precision) - 1);
    // Negative values of a frame are two's complement in the codestream.
    let stored = |value: f64| value.rem_euclid(mask + 1.0);
    (0..fills.cover.areas().len())
        .map(|at| {
            let values = fills.of(at).map(stored);
            let [red, green, blue] = values;
            // ITU-T T.871.
            match (transform, component) {
                (Transform::None, _) => values.get(component).map_or(0.0, |value| value - half),
                (Transform::YcbcrToRgb, 0) => 0.299 * red + 0.587 * green + 0.114 * blue - half,
                (Transform::YcbcrToRgb, 1) => -0.168_736 * red - 0.331_264 * green + 0.5 * blue,
                (Transform::YcbcrToRgb, _) => 0.5 * red - 0.418_688 * green - 0.081_312 * blue,
            }
        })
        .collect()
}

/// How often a block is made anew that passes its greatest value.
const MOST_STEPS_DOWN: u32 = 8;

/// One component and what it is to be filled with.
struct Plane {
    /// Its sampling factor and the largest one.
    across: (u32, u32),
    down: (u32, u32),
    levels: Vec<f64>,
    /// Samples with the padding of the last blocks.
    size: (u32, u32),
}

/// The samples of a block that are filled.
struct Patch {
    covered: u64,
    levels: [f32; 64],
}

impl Plane {
    /// The rectangles in samples of this component: every sample that has a share of a covered
    /// pixel. Rectangles at the right and lower edge go on through the padding, which repeats what
    /// they cover.
    fn areas(&self, cover: &Cover) -> Vec<(Area, f64)> {
        let scale = |at: u32, (own, largest): (u32, u32)| {
            (u64::from(at) * u64::from(own) / u64::from(largest)) as u32
        };
        let scale_up = |at: u32, (own, largest): (u32, u32)| {
            (u64::from(at) * u64::from(own)).div_ceil(u64::from(largest)) as u32
        };
        let areas = cover.areas().iter().zip(&self.levels);
        areas
            .map(|(area, level)| {
                let (x, y) = (scale(area.x, self.across), scale(area.y, self.down));
                let right = if area.right() >= cover.columns() {
                    self.size.0
                } else {
                    scale_up(area.right(), self.across)
                };
                let bottom = if area.bottom() >= cover.rows() {
                    self.size.1
                } else {
                    scale_up(area.bottom(), self.down)
                };
                (Area::new(x, y, right - x, bottom - y), *level)
            })
            .collect()
    }

    /// The blocks that are touched: row and column, and what is filled in them.
    fn patches(&self, fills: &Fills) -> BTreeMap<(u32, u32), Patch> {
        let areas = self.areas(&fills.cover);
        let rectangles: Vec<Area> = areas.iter().map(|(area, _)| *area).collect();
        let mut levels: BTreeMap<Area, f64> = BTreeMap::new();
        for (area, level) in areas {
            if let Some(area) = area.within(self.size.0, self.size.1) {
                levels.entry(area).or_insert(level);
            }
        }
        let cover = Cover::new(&rectangles, self.size.0, self.size.1);
        let mut patches = BTreeMap::new();
        cover.spans(|row, columns, at| {
            let level = levels.get(&cover.areas()[at]).copied().unwrap_or_default();
            for column in columns {
                let patch = patches.entry((row / 8, column / 8)).or_insert(Patch {
                    covered: 0,
                    levels: [0.0; 64],
                });
                let place = row % 8 * 8 + column % 8;
                patch.covered |= 1 << place;
                patch.levels[place as usize] = level as f32;
            }
        });
        patches
    }
}

/// How the blocks of a component are quantised.
struct Block<'q> {
    quantisers: &'q [u16; 64],
    precision: u32,
    /// The greatest value, where Bits Stored are fewer than the precision. Readers cut off the
    /// bits above, and a white that passes it a little turns black.
    top: Option<f64>,
}

impl Block<'_> {
    fn fill(&self, component: &mut Coefficients, (across, down): (usize, usize), patch: &Patch) {
        let block = component.block_mut(across, down);
        let first = patch.levels[0].to_bits();
        let flat = patch.levels.iter().all(|level| level.to_bits() == first);
        if patch.covered == u64::MAX && flat {
            *block = [0; 64];
            block[0] = self.flat(f64::from(patch.levels[0]));
            return;
        }
        let mut samples = inverse(&self.dequantised(block));
        for (at, sample) in samples.iter_mut().enumerate() {
            if patch.covered >> at & 1 == 1 {
                *sample = f64::from(patch.levels[at]);
            }
        }
        *block = match self.top {
            Some(top) => self.held(&samples, top),
            None => self.quantised(&samples),
        };
    }

    /// Coefficients whose samples do not pass the top. Quantisation moves samples by little, so
    /// that a few steps down are enough.
    fn held(&self, samples: &[f64; 64], top: f64) -> [i16; 64] {
        let mut block = self.quantised(samples);
        let mut room = 0.0;
        for _ in 0..MOST_STEPS_DOWN {
            let greatest = inverse(&self.dequantised(&block))
                .into_iter()
                .fold(f64::MIN, f64::max);
            let excess = greatest - (top + 0.49);
            if excess <= 0.0 {
                break;
            }
            room += excess.ceil();
            block = self.quantised(&samples.map(|sample| sample.min(top - room)));
        }
        block
    }

    fn dequantised(&self, block: &[i16; 64]) -> [f64; 64] {
        std::array::from_fn(|at| f64::from(block[at]) * f64::from(self.quantisers[at].max(1)))
    }

    fn quantised(&self, samples: &[f64; 64]) -> [i16; 64] {
        let coefficients = forward(samples);
        std::array::from_fn(|at| {
            let step = f64::from(self.quantisers[at].max(1));
            self.limited((coefficients[at] / step).round())
        })
    }

    /// The DC coefficient of a flat block. Black and white are rounded away from grey: the decoder
    /// holds them at the end of the range, where the nearest step would leave them short of it.
    fn flat(&self, level: f64) -> i16 {
        let half = f64::from(1_u32 << (self.precision - 1));
        let steps = level * 8.0 / f64::from(self.quantisers[0].max(1));
        let steps = if level <= -half {
            steps.floor()
        } else if level >= half - 1.0 {
            steps.ceil()
        } else if self.top.is_some_and(|top| level >= top) {
            steps.floor()
        } else {
            steps.round()
        };
        self.limited(steps)
    }

    /// Held in what the coding has bits for (F.1.2.1, F.1.2.2): 10, and with 12 bits a sample 14.
    /// A DC coefficient of this size needs no difference above its 11 or 15 bits.
    fn limited(&self, value: f64) -> i16 {
        let largest = f64::from((1_u32 << (self.precision + 2)) - 1);
        value.clamp(-largest, largest) as i16
    }
}

/// The cosines of A.3.3 by frequency and place, with the scale of each frequency.
static BASIS: LazyLock<[[f64; 8]; 8]> = LazyLock::new(|| {
    std::array::from_fn(|frequency| {
        std::array::from_fn(|at| {
            let scale = if frequency == 0 {
                std::f64::consts::FRAC_1_SQRT_2
            } else {
                1.0
            };
            let angle = (2 * at + 1) as f64 * frequency as f64 * std::f64::consts::PI / 16.0;
            scale * angle.cos() / 2.0
        })
    })
});

/// Coefficients to samples, without rounding and without a limit of their range.
fn inverse(coefficients: &[f64; 64]) -> [f64; 64] {
    let basis = &*BASIS;
    let rows: [f64; 64] = std::array::from_fn(|at| {
        let (row, x) = (at / 8, at % 8);
        (0..8)
            .map(|u| coefficients[row * 8 + u] * basis[u][x])
            .sum()
    });
    std::array::from_fn(|at| {
        let (y, x) = (at / 8, at % 8);
        (0..8).map(|v| rows[v * 8 + x] * basis[v][y]).sum()
    })
}

/// Samples to coefficients.
fn forward(samples: &[f64; 64]) -> [f64; 64] {
    let basis = &*BASIS;
    let rows: [f64; 64] = std::array::from_fn(|at| {
        let (y, u) = (at / 8, at % 8);
        (0..8).map(|x| samples[y * 8 + x] * basis[u][x]).sum()
    });
    std::array::from_fn(|at| {
        let (v, u) = (at / 8, at % 8);
        (0..8).map(|y| rows[y * 8 + u] * basis[v][y]).sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transforms_are_each_others_inverse() {
        let samples: [f64; 64] = std::array::from_fn(|at| (at * 37 % 101) as f64 - 50.0);
        let again = inverse(&forward(&samples));
        assert!(samples.iter().zip(again).all(|(a, b)| (a - b).abs() < 1e-9));
        // A flat block has its level times eight as DC (A.3.3).
        assert!((forward(&[16.0; 64])[0] - 128.0).abs() < 1e-9);
    }

    /// 10 bits in a stream of 12: readers cut off the bits above, so white must not pass 1023.
    #[test]
    fn white_beside_an_edge_does_not_pass_bits_stored() {
        let top = 1023.0 - 2048.0;
        let quantisers = [60; 64];
        let block = Block {
            quantisers: &quantisers,
            precision: 12,
            top: Some(top),
        };
        let mut samples: [f64; 64] =
            std::array::from_fn(|at| if at % 8 < 3 { -2048.0 } else { top });
        let passes = |coefficients: &[i16; 64]| {
            inverse(&block.dequantised(coefficients))
                .iter()
                .any(|sample| *sample > top + 0.5)
        };
        assert!(passes(&block.quantised(&samples)));
        let held = block.held(&samples, top);
        assert!(!passes(&held));
        samples.fill(top);
        assert!(!passes(&block.held(&samples, top)));
    }
}
