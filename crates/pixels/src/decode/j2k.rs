//! JPEG 2000 (ISO/IEC 15444-1) by `hayro-jpeg2000`, and HTJ2K (ISO/IEC 15444-15) by
//! `dicom-toolkit-jpeg2000`, a fork of it that knows these blocks. Both are written without unsafe
//! code; both may panic on a damaged stream, which is caught.
//!
//! Only the codestream is handed on: what the boxes of a JP2 file say of colour does not count in
//! DICOM (PS3.5 8.2.4), the image description does.

use std::panic::{AssertUnwindSafe, catch_unwind};

use obscura_core::Limits;

use super::error::{Codec, DecodeError};
use super::j2k_header::{Header, codestream};
use super::raster::{Bounds, Colour, Raster, Raw, Values};

/// Decoders count in 32-bit floats, which hold so many bits of a sample and of its transform.
const MOST_BITS: u32 = 20;

/// Decodes one frame.
pub(crate) fn decode(data: &[u8], bounds: Bounds) -> Result<Raster, DecodeError> {
    let data = codestream(data)?;
    let header = Header::parse(data, bounds)?;
    let codec = if header.high_throughput {
        Codec::HtJpeg2000
    } else {
        Codec::Jpeg2000
    };
    let first = header.components[0];
    let alike = |c: &super::j2k_header::Component| {
        (c.precision, c.signed) == (first.precision, first.signed)
    };
    if !header.components.iter().all(alike) {
        return Err(DecodeError::Unsupported(
            "JPEG 2000 components of different depth",
        ));
    }
    if first.precision > MOST_BITS {
        return Err(DecodeError::Unsupported("JPEG 2000 of more than 20 bits"));
    }
    let decoded = catch_unwind(AssertUnwindSafe(|| match codec {
        Codec::HtJpeg2000 => decode_high_throughput(data, &header),
        _ => decode_part_1(data, &header),
    }));
    let data = decoded.unwrap_or(None).ok_or(DecodeError::corrupt(codec))?;
    let subsampled = header
        .components
        .iter()
        .any(|c| c.distance != first.distance);
    Ok(Raster {
        rows: header.rows,
        columns: header.columns,
        samples_per_pixel: header.components.len() as u16,
        precision: first.precision as u16,
        signed: first.signed,
        values: Values::InRange,
        // Subsampled chroma is taken for YCbCr and turned into RGB by the decoder.
        colour: if header.colour_transform || subsampled {
            Colour::Rgb
        } else {
            Colour::Kept
        },
        data,
    })
}

/// Which kind of code blocks a codestream has.
pub(super) fn codec(data: &[u8]) -> Codec {
    match codestream(data).and_then(|data| Header::parse(data, Bounds::new(&Limits::default()))) {
        Ok(header) if header.high_throughput => Codec::HtJpeg2000,
        _ => Codec::Jpeg2000,
    }
}

/// `None` if the stream is damaged, or gives another picture than its header says.
fn decode_part_1(data: &[u8], header: &Header) -> Option<Raw> {
    let settings = hayro_jpeg2000::DecodeSettings::default();
    let image = hayro_jpeg2000::Image::new(data, &settings).ok()?;
    let mut context = hayro_jpeg2000::DecoderContext::default();
    let decoded = image.decode(&mut context).ok()?;
    let planes: Vec<&[f32]> = decoded
        .components()
        .iter()
        .map(hayro_jpeg2000::ComponentData::samples)
        .collect();
    let pixels = header.rows as usize * header.columns as usize;
    let sound = planes.len() == header.components.len() && planes.iter().all(|p| p.len() == pixels);
    sound.then(|| interleave(&planes, header))
}

/// Samples rounded and held in their range. The decoder has moved signed ones up by half of it.
fn interleave(planes: &[&[f32]], header: &Header) -> Raw {
    let component = header.components[0];
    let largest = ((1_u32 << component.precision) - 1) as f32;
    let round = |sample: f32| -> u32 { (sample.clamp(0.0, largest) + 0.5) as u32 };
    if component.signed {
        let half = 1_i32 << (component.precision - 1);
        return Raw::I32(mix(planes, |sample| round(sample).cast_signed() - half));
    }
    match component.precision {
        ..=8 => Raw::U8(mix(planes, |sample| round(sample) as u8)),
        9..=16 => Raw::U16(mix(planes, |sample| round(sample) as u16)),
        _ => Raw::I32(mix(planes, |sample| round(sample).cast_signed())),
    }
}

fn mix<T: Copy + Default>(planes: &[&[f32]], convert: impl Fn(f32) -> T) -> Vec<T> {
    if let [plane] = planes {
        return plane.iter().map(|sample| convert(*sample)).collect();
    }
    let count = planes.len();
    let mut pixels = vec![T::default(); planes[0].len() * count];
    for (at, plane) in planes.iter().enumerate() {
        for (pixel, sample) in pixels[at..].iter_mut().step_by(count).zip(*plane) {
            *pixel = convert(*sample);
        }
    }
    pixels
}

fn decode_high_throughput(data: &[u8], header: &Header) -> Option<Raw> {
    // The decoder gives bytes and words only.
    let component = header.components[0];
    if component.precision > 16 {
        return None;
    }
    let settings = dicom_toolkit_jpeg2000::DecodeSettings::default();
    let image = dicom_toolkit_jpeg2000::Image::new(data, &settings).ok()?;
    let decoded = image.decode_native().ok()?;
    let samples = header.rows as usize * header.columns as usize * header.components.len();
    let raw = match decoded.bytes_per_sample {
        1 => Raw::U8(decoded.data),
        2 => Raw::U16(
            decoded
                .data
                .as_chunks()
                .0
                .iter()
                .map(|b| u16::from_le_bytes(*b))
                .collect(),
        ),
        _ => return None,
    };
    if raw.len() != samples {
        return None;
    }
    if !component.signed {
        return Some(raw);
    }
    let half = 1_i32 << (component.precision - 1);
    Some(Raw::I32(match raw {
        Raw::U8(samples) => samples.into_iter().map(|s| i32::from(s) - half).collect(),
        Raw::U16(samples) => samples.into_iter().map(|s| i32::from(s) - half).collect(),
        Raw::I32(samples) => samples,
    }))
}
