//! Colour samples to RGB of 8 bits: depth, then `YBR_*` (PS3.3 C.7.6.3.1.2, ITU-R BT.601).

use crate::{Frame, Photometric, Samples};

use super::RenderError;

/// Red, green and blue of each pixel, interleaved.
pub(super) fn rgb(frame: &Frame) -> Result<Vec<u8>, RenderError> {
    let mut data = eight_bits(frame)?;
    match frame.photometric {
        Photometric::YbrFull | Photometric::YbrFull422 => convert(&mut data, &FULL),
        Photometric::YbrPartial => convert(&mut data, &PARTIAL),
        // Decoders of JPEG 2000 undo YBR_ICT and YBR_RCT themselves; unknown colour is taken as
        // RGB, as other viewers do.
        _ => {}
    }
    Ok(data)
}

/// Samples scaled to 8 bits. Signed ones, which the standard does not allow for colour, count from
/// their least value.
fn eight_bits(frame: &Frame) -> Result<Vec<u8>, RenderError> {
    let bits = u32::from(frame.bits_stored);
    let scale = Scale::of(bits);
    let middle = 1_i64 << (bits.clamp(1, 63) - 1);
    Ok(match &frame.samples {
        Samples::U8(samples) if bits >= 8 => samples.clone(),
        Samples::U8(samples) => samples.iter().map(|s| scale.apply(u64::from(*s))).collect(),
        Samples::U16(samples) if bits == 16 => samples.iter().map(|s| (s >> 8) as u8).collect(),
        Samples::U16(samples) => samples.iter().map(|s| scale.apply(u64::from(*s))).collect(),
        Samples::U32(samples) => samples.iter().map(|s| scale.apply(u64::from(*s))).collect(),
        Samples::I16(samples) => samples
            .iter()
            .map(|s| scale.apply((i64::from(*s) + middle).max(0) as u64))
            .collect(),
        Samples::I32(samples) => samples
            .iter()
            .map(|s| scale.apply((i64::from(*s) + middle).max(0) as u64))
            .collect(),
        Samples::F32(_) | Samples::F64(_) => return Err(RenderError::FloatColour),
    })
}

/// From some number of bits to 8.
enum Scale {
    /// More than 8: the low bits are dropped.
    Down(u32),
    /// Fewer: the greatest value becomes 255.
    Up(u64),
}

impl Scale {
    fn of(bits: u32) -> Self {
        match bits {
            0..=7 => Self::Up((1 << bits.max(1)) - 1),
            _ => Self::Down((bits - 8).min(63)),
        }
    }

    fn apply(&self, sample: u64) -> u8 {
        match self {
            Self::Down(shift) => (sample >> shift).min(255) as u8,
            Self::Up(greatest) => ((sample.min(*greatest) * 255 + greatest / 2) / greatest) as u8,
        }
    }
}

/// A conversion in fixed point, 16 bits after the point.
struct Matrix {
    /// Taken from the luminance first.
    black: i32,
    luminance: i32,
    cr_to_red: i32,
    cb_to_green: i32,
    cr_to_green: i32,
    cb_to_blue: i32,
}

/// `YBR_FULL`, `YBR_FULL_422`: `R = Y + 1.402 Cr`, `G = Y - 0.344136 Cb - 0.714136 Cr`,
/// `B = Y + 1.772 Cb`.
const FULL: Matrix = Matrix {
    black: 0,
    luminance: 65_536,
    cr_to_red: 91_881,
    cb_to_green: -22_553,
    cr_to_green: -46_802,
    cb_to_blue: 116_130,
};

/// `YBR_PARTIAL_422`, `YBR_PARTIAL_420`: luminance 16 to 235, chrominance 16 to 240.
const PARTIAL: Matrix = Matrix {
    black: 16,
    luminance: 76_309,
    cr_to_red: 104_597,
    cb_to_green: -25_675,
    cr_to_green: -53_279,
    cb_to_blue: 132_201,
};

fn convert(data: &mut [u8], matrix: &Matrix) {
    let (pixels, _) = data.as_chunks_mut::<3>();
    for pixel in pixels {
        let [y, cb, cr] = pixel.map(i32::from);
        let y = (y - matrix.black) * matrix.luminance + 32_768;
        let (cb, cr) = (cb - 128, cr - 128);
        let channel = |sum: i32| (sum >> 16).clamp(0, 255) as u8;
        *pixel = [
            channel(y + matrix.cr_to_red * cr),
            channel(y + matrix.cb_to_green * cb + matrix.cr_to_green * cr),
            channel(y + matrix.cb_to_blue * cb),
        ];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(photometric: Photometric, bits_stored: u16, samples: Samples) -> Frame {
        Frame {
            rows: 1,
            columns: 1,
            samples_per_pixel: 3,
            bits_stored,
            photometric,
            samples,
        }
    }

    fn pixel(photometric: Photometric, samples: [u8; 3]) -> Vec<u8> {
        rgb(&frame(photometric, 8, Samples::U8(samples.to_vec()))).unwrap()
    }

    #[test]
    fn ybr_full_is_the_inverse_of_the_standards_equations() {
        // Y = .2990R + .5870G + .1140B, Cb = -.1687R - .3313G + .5B + 128, Cr = .5R - .4187G
        // - .0813B + 128 (C.7.6.3.1.2).
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let (r, g, b) = (f64::from(red), f64::from(green), f64::from(blue));
                    let ybr = [
                        0.299 * r + 0.587 * g + 0.114 * b,
                        -0.1687 * r - 0.3313 * g + 0.5 * b + 128.0,
                        0.5 * r - 0.4187 * g - 0.0813 * b + 128.0,
                    ];
                    let got = pixel(Photometric::YbrFull, ybr.map(|v| v.round() as u8));
                    for (got, wanted) in got.iter().zip([red, green, blue]) {
                        assert!(
                            (i32::from(*got) - wanted).abs() <= 2,
                            "{red} {green} {blue}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn known_colours() {
        assert_eq!(pixel(Photometric::YbrFull422, [76, 85, 255]), [254, 0, 0]);
        assert_eq!(pixel(Photometric::YbrPartial, [16, 128, 128]), [0, 0, 0]);
        assert_eq!(
            pixel(Photometric::YbrPartial, [235, 128, 128]),
            [255, 255, 255]
        );
        assert_eq!(pixel(Photometric::YbrPartial, [81, 90, 240]), [254, 0, 0]);
        assert_eq!(pixel(Photometric::Rgb, [1, 2, 3]), [1, 2, 3]);
    }

    #[test]
    fn every_depth_is_scaled_to_eight_bits() {
        let rgb = |bits, samples| rgb(&frame(Photometric::Rgb, bits, samples)).unwrap();
        assert_eq!(
            rgb(16, Samples::U16(vec![0, 0x8000, 0xFFFF])),
            [0, 128, 255]
        );
        assert_eq!(rgb(12, Samples::U16(vec![0, 0x800, 0xFFF])), [0, 128, 255]);
        assert_eq!(
            rgb(32, Samples::U32(vec![0, 1 << 31, u32::MAX])),
            [0, 128, 255]
        );
        assert_eq!(rgb(1, Samples::U8(vec![0, 1, 1])), [0, 255, 255]);
        assert_eq!(rgb(8, Samples::I16(vec![-128, 0, 127])), [0, 128, 255]);
    }
}
