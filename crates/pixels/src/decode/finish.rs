//! From a [`Raster`] to a [`Frame`]: bits, sign and colour as the image description has them.

use super::describe::{Description, Sign};
use super::error::DecodeError;
use super::native::Field;
use super::raster::{Colour, Raster, Raw, Values};
use crate::frame::{Frame, Photometric, Samples};

/// How a coding treats two's complement samples that it does not know to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignBit {
    /// The sign is the top bit of Bits Stored (JPEG).
    Stored,
    /// The sign is the top bit of the codestream's precision (JPEG-LS, JPEG 2000, JPEG XL).
    Precision,
}

/// The frame of a decoded codestream. Its size is the codestream's own: where that differs from
/// the description, what is there is what must be seen.
pub(super) fn frame(
    mut raster: Raster,
    image: &Description,
    sign_bit: SignBit,
) -> Result<Frame, DecodeError> {
    if raster.samples_per_pixel != 1 && raster.samples_per_pixel != 3 {
        return Err(DecodeError::Unsupported(
            "pixels of other than one or three samples",
        ));
    }
    let photometric = photometric(&raster, image);
    let (rows, columns, samples_per_pixel) =
        (raster.rows, raster.columns, raster.samples_per_pixel);
    hold_in_range(&mut raster, image);
    let bits_stored = significant_bits(&raster, image);
    let samples = samples(raster, image, bits_stored, sign_bit);
    Ok(Frame {
        rows,
        columns,
        samples_per_pixel,
        bits_stored,
        photometric,
        samples,
    })
}

/// Brings samples that a lossy coding pushed a little above Bits Stored back to the largest one:
/// masked, white would become black.
fn hold_in_range(raster: &mut Raster, image: &Description) {
    let stored = image.bits_stored;
    let concerned = raster.values == Values::MayOvershoot
        && image.sign == Sign::Unsigned
        && stored < raster.precision;
    let (true, Raw::U16(samples)) = (concerned, &mut raster.data) else {
        return;
    };
    let mask = (1_u16 << stored) - 1;
    let little = mask + mask / 8;
    if samples.iter().all(|sample| *sample <= little) {
        for sample in samples {
            *sample = (*sample).min(mask);
        }
    }
}

fn photometric(raster: &Raster, image: &Description) -> Photometric {
    use Photometric as P;
    match (raster.samples_per_pixel, raster.colour) {
        (3, Colour::Rgb) => P::Rgb,
        (1, _) => match image.photometric {
            one @ (P::Monochrome1 | P::Monochrome2 | P::PaletteColor) => one,
            _ => P::Monochrome2,
        },
        _ => match image.photometric {
            // Without a transform in the codestream nothing is left to turn back.
            P::Monochrome1 | P::Monochrome2 | P::PaletteColor | P::YbrJpeg2000 => P::Rgb,
            three => three,
        },
    }
}

/// Bits of a sample that count. Where the codestream has more of them than the description and
/// uses them, for no overlay, the description is wrong.
fn significant_bits(raster: &Raster, image: &Description) -> u16 {
    let stored = image.bits_stored;
    if stored > 16 && raster.precision <= 16 {
        return raster.precision;
    }
    if raster.precision <= stored || image.embedded_overlay {
        return stored;
    }
    if raster.signed {
        return raster.precision;
    }
    let largest = match &raster.data {
        Raw::U8(samples) => samples.iter().copied().max().map(u32::from),
        Raw::U16(samples) => samples.iter().copied().max().map(u32::from),
        Raw::I32(samples) => samples.iter().map(|sample| sample.cast_unsigned()).max(),
    };
    let needed = (32 - largest.unwrap_or(0).leading_zeros()) as u16;
    // Signed samples have their sign in the bits above.
    if needed > stored && image.sign == Sign::Unsigned {
        needed.min(raster.precision)
    } else {
        stored
    }
}

fn samples(raster: Raster, image: &Description, significant: u16, sign_bit: SignBit) -> Samples {
    let unsigned_stream = !raster.signed;
    let bits = match (image.sign, sign_bit) {
        (Sign::Signed, SignBit::Precision) if unsigned_stream => significant.min(raster.precision),
        (Sign::Unsigned, _) if raster.signed => significant.min(raster.precision),
        _ => significant,
    };
    let field = Field::alone(u32::from(bits), image.sign);
    match raster.data {
        Raw::U8(samples) if image.sign == Sign::Unsigned && bits == 8 => Samples::U8(samples),
        Raw::U8(samples) => field.words_to_samples(samples.into_iter().map(u16::from).collect()),
        Raw::U16(samples) if bits <= 16 => field.words_to_samples(samples),
        Raw::U16(samples) => field.narrow(samples.into_iter().map(u64::from).collect()),
        Raw::I32(samples) => field.narrow(
            samples
                .into_iter()
                .map(|s| i64::from(s).cast_unsigned())
                .collect(),
        ),
    }
}
