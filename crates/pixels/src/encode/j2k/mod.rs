//! JPEG 2000 without loss (ISO/IEC 15444-1): the reversible 5/3 transform, one tile, one layer, one
//! precinct for each resolution, blocks of 64 by 64.
//!
//! An encoder of our own: that of `dicom-toolkit-jpeg2000`, whose decoder is used, writes streams
//! that do not decode to what they were made of, and panics on pictures of many blocks. For the
//! same reason there is none of HTJ2K (ISO/IEC 15444-15).

mod arithmetic;
mod block;
mod packet;
mod wavelet;

use block::Band;
use packet::BandBlocks;
use wavelet::Plane;

use super::NoForm;
use crate::decode::raster::{Colour, Raster, Raw};

/// A precinct without a size of its own has sides of 2^15 samples.
const LONGEST_SIDE: u32 = 1 << 15;
/// Bits of a sample: those that the decoders here hold.
const MOST_BITS: u16 = 20;
/// The transform is repeated so often, or until a side would be one sample.
const MOST_LEVELS: u32 = 5;
/// Bits above the nominal range of a band (E.1): colour differences need one, the transform of
/// steep edges another.
const GUARD_BITS: u32 = 3;
/// Samples on the side of a code block.
const BLOCK: usize = 64;

/// Encodes a raster. Components that it has as red, green and blue are transformed (RCT), as
/// those of the stream were that it was decoded from.
pub(super) fn encode(raster: &Raster) -> Result<Vec<u8>, NoForm> {
    let count = raster.samples_per_pixel;
    let sound = raster.rows.max(raster.columns) <= LONGEST_SIDE
        && raster.rows.min(raster.columns) > 0
        && raster.precision <= MOST_BITS
        && (1..=4).contains(&count);
    if !sound {
        return Err(NoForm);
    }
    let levels = MOST_LEVELS.min(raster.rows.min(raster.columns).ilog2());
    let transformed = raster.colour == Colour::Rgb && raster.samples_per_pixel == 3;
    let mut planes = planes(raster);
    if transformed && let [red, green, blue] = &mut planes[..] {
        transform_colours([red, green, blue]);
    }
    // For each component the resolutions, from the least.
    let mut components = Vec::with_capacity(planes.len());
    for mut plane in planes {
        plane.transform(levels as usize);
        components.push(resolutions(&plane, levels, u32::from(raster.precision)));
    }
    let mut out = header(raster, levels, transformed);
    let tile = out.len();
    // SOT: tile 0, the length of the only tile-part, SOD.
    out.extend_from_slice(&[0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0x93]);
    for resolution in 0..=levels as usize {
        for component in &components {
            packet::write(&component[resolution], &mut out).ok_or(NoForm)?;
        }
    }
    let length = u32::try_from(out.len() - tile).map_err(|_| NoForm)?;
    out[tile + 6..tile + 10].copy_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&[0xFF, 0xD9]);
    Ok(out)
}

/// The components apart, unsigned ones moved down by half of their range (G.1.1).
fn planes(raster: &Raster) -> Vec<Plane> {
    let count = usize::from(raster.samples_per_pixel);
    let shift = if raster.signed {
        0
    } else {
        1_i32 << (raster.precision - 1)
    };
    let apart = |at: usize| -> Vec<i32> {
        match &raster.data {
            Raw::U8(all) => all[at..]
                .iter()
                .step_by(count)
                .map(|s| i32::from(*s) - shift)
                .collect(),
            Raw::U16(all) => all[at..]
                .iter()
                .step_by(count)
                .map(|s| i32::from(*s) - shift)
                .collect(),
            Raw::I32(all) => all[at..].iter().step_by(count).map(|s| s - shift).collect(),
        }
    };
    (0..count)
        .map(|at| Plane {
            width: raster.columns as usize,
            height: raster.rows as usize,
            samples: apart(at),
        })
        .collect()
}

/// The reversible transform of components (G.2.1).
fn transform_colours([red, green, blue]: [&mut Plane; 3]) {
    let samples = red.samples.iter_mut().zip(&mut green.samples);
    for ((red, green), blue) in samples.zip(&mut blue.samples) {
        let (r, g, b) = (*red, *green, *blue);
        (*red, *green, *blue) = ((r + 2 * g + b) >> 2, b - g, r - g);
    }
}

/// The coded bands of each resolution of a transformed plane, from the least resolution on.
fn resolutions(plane: &Plane, levels: u32, precision: u32) -> Vec<Vec<BandBlocks>> {
    let sizes: Vec<(usize, usize)> = (0..=levels)
        .map(|level| {
            let part = 1_usize << level;
            (plane.width.div_ceil(part), plane.height.div_ceil(part))
        })
        .collect();
    let band = |at: (usize, usize), size, band, gain| {
        // Mb of equation E-2.
        code_band(plane, at, size, band, GUARD_BITS + precision + gain - 1)
    };
    let least = sizes[levels as usize];
    let mut resolutions = vec![vec![band((0, 0), least, Band::LowAcross, 0)]];
    for level in (1..=levels as usize).rev() {
        let (low, whole) = (sizes[level], sizes[level - 1]);
        let high = (whole.0 - low.0, whole.1 - low.1);
        resolutions.push(vec![
            band((low.0, 0), (high.0, low.1), Band::HighAcross, 1),
            band((0, low.1), (low.0, high.1), Band::LowAcross, 1),
            band(low, high, Band::High, 2),
        ]);
    }
    resolutions
}

fn code_band(
    plane: &Plane,
    (left, top): (usize, usize),
    (width, height): (usize, usize),
    band: Band,
    planes: u32,
) -> BandBlocks {
    let mut blocks = Vec::new();
    let mut coefficients = Vec::with_capacity(BLOCK * BLOCK);
    for y in (0..height).step_by(BLOCK) {
        for x in (0..width).step_by(BLOCK) {
            let across = BLOCK.min(width - x);
            coefficients.clear();
            for line in y..height.min(y + BLOCK) {
                let start = (top + line) * plane.width + left + x;
                coefficients.extend_from_slice(&plane.samples[start..start + across]);
            }
            blocks.push(block::encode(&coefficients, across, band));
        }
    }
    BandBlocks {
        wide: width.div_ceil(BLOCK),
        blocks,
        planes,
    }
}

/// SOC, SIZ, COD and QCD (annex A).
fn header(raster: &Raster, levels: u32, transformed: bool) -> Vec<u8> {
    let count = raster.samples_per_pixel;
    let mut out = vec![0xFF, 0x4F, 0xFF, 0x51];
    out.extend_from_slice(&(38 + 3 * count).to_be_bytes());
    out.extend_from_slice(&[0, 0]);
    let (columns, rows) = (raster.columns, raster.rows);
    for number in [columns, rows, 0, 0, columns, rows, 0, 0] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    out.extend_from_slice(&count.to_be_bytes());
    for _ in 0..count {
        let depth = raster.precision as u8 - 1;
        out.extend_from_slice(&[u8::from(raster.signed) << 7 | depth, 1, 1]);
    }
    // Progression by layer and resolution, one layer; blocks of 64 by 64, reversible transform.
    let levels = levels as u8;
    out.extend_from_slice(&[0xFF, 0x52, 0, 12, 0, 0, 0, 1, u8::from(transformed)]);
    out.extend_from_slice(&[levels, 4, 4, 0, 1]);
    // No quantisation: the exponent of each band is its nominal range.
    out.extend_from_slice(&[0xFF, 0x5C, 0, 4 + 3 * levels, (GUARD_BITS << 5) as u8]);
    let exponent = |gain: u8| (raster.precision as u8 + gain) << 3;
    out.push(exponent(0));
    for _ in 0..levels {
        out.extend_from_slice(&[exponent(1), exponent(1), exponent(2)]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::raster::{Bounds, Values};
    use obscura_core::Limits;
    use proptest::prelude::*;

    fn picture(
        (rows, columns): (u32, u32),
        samples: u16,
        precision: u16,
        signed: bool,
        spread: u32,
        mut state: u32,
    ) -> Vec<i32> {
        let spread = (1_u32 << spread.min(u32::from(precision))) - 1;
        let top = (1_u32 << precision) - 1;
        let half = if signed { 1_i32 << (precision - 1) } else { 0 };
        (0..rows * columns * u32::from(samples))
            .map(|at| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let slope = at / u32::from(samples) / columns * 5;
                (slope + (state >> 16 & spread)).min(top).cast_signed() - half
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        /// ISO/IEC 15444-1 and 15444-15: what is decoded is what was encoded.
        #[test]
        fn a_picture_comes_back(
            rows in 1_u32..90,
            columns in 1_u32..150,
            colours in 0_u8..3,
            precision in 2_u16..=16,
            signed in any::<bool>(),
            spread in 0_u32..17,
            seed in any::<u32>(),
        ) {
            let samples = if colours == 0 { 1 } else { 3 };
            let values = picture((rows, columns), samples, precision, signed, spread, seed);
            let data = match precision {
                _ if signed => Raw::I32(values),
                ..=8 => Raw::U8(values.into_iter().map(|v| v as u8).collect()),
                _ => Raw::U16(values.into_iter().map(|v| v as u16).collect()),
            };
            let raster = Raster {
                rows,
                columns,
                samples_per_pixel: samples,
                precision,
                signed,
                colour: if colours == 2 { Colour::Rgb } else { Colour::Kept },
                values: Values::InRange,
                data,
            };
            let coded = encode(&raster).unwrap();
            let again = crate::decode::j2k::decode(&coded, Bounds::new(&Limits::default())).unwrap();
            prop_assert!(again == raster);
        }
    }
}
