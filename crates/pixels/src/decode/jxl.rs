//! JPEG XL (ISO/IEC 18181-1) by `jxl-oxide`: lossless, lossy, and recompressed JPEG.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jxl_oxide::image::BitDepth;
use jxl_oxide::{AllocTracker, JxlImage, JxlThreadPool};

use super::error::{Codec, DecodeError};
use super::raster::{Bounds, Colour, Raster, Raw, Values};

/// Decodes one frame.
pub(super) fn decode(data: &[u8], bounds: Bounds) -> Result<Raster, DecodeError> {
    let decoded = catch_unwind(AssertUnwindSafe(|| decode_checked(data, bounds)));
    decoded.unwrap_or(Err(DecodeError::corrupt(Codec::JpegXl)))
}

fn decode_checked(data: &[u8], bounds: Bounds) -> Result<Raster, DecodeError> {
    let corrupt = DecodeError::corrupt(Codec::JpegXl);
    let mut image = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(bounds.memory()))
        .build_uninit();
    // The header first, and what it claims against the limits, before any frame is read.
    let mut rest = data;
    let mut image = loop {
        let taken = image
            .feed_bytes(&rest[..rest.len().min(4096)])
            .map_err(|_| corrupt)?;
        rest = &rest[taken..];
        match image.try_init().map_err(|_| corrupt)? {
            jxl_oxide::InitializeResult::Initialized(image) => break image,
            jxl_oxide::InitializeResult::NeedMoreData(_) if taken == 0 => return Err(corrupt),
            jxl_oxide::InitializeResult::NeedMoreData(more) => image = more,
        }
    };
    let (rows, columns) = (image.height(), image.width());
    let grey = image.pixel_format().is_grayscale();
    let samples_per_pixel: u16 = if grey { 1 } else { 3 };
    let samples = bounds.samples(rows, columns, samples_per_pixel, 4)?;
    let depth = image.image_header().metadata.bit_depth;
    let bits = depth.bits_per_sample();
    if !matches!(depth, BitDepth::IntegerSample { .. }) || bits > 16 {
        return Err(DecodeError::Unsupported(
            "JPEG XL of floats or more than 16 bits",
        ));
    }
    while !rest.is_empty() {
        let taken = image.feed_bytes(rest).map_err(|_| corrupt)?;
        if taken == 0 {
            break;
        }
        rest = &rest[taken..];
    }
    let render = image.render_frame(0).map_err(|_| corrupt)?;
    let mut stream = render.stream_no_alpha();
    let sound =
        u64::from(stream.width()) * u64::from(stream.height()) * u64::from(stream.channels())
            == samples as u64;
    if !sound {
        return Err(corrupt);
    }
    let mut values = vec![0_f32; samples];
    stream.write_to_buffer(&mut values);
    let largest = ((1_u32 << bits) - 1) as f32;
    let round = |value: &f32| (value.clamp(0.0, 1.0) * largest + 0.5) as u32;
    Ok(Raster {
        rows: stream.height(),
        columns: stream.width(),
        samples_per_pixel,
        precision: bits as u16,
        signed: false,
        values: Values::InRange,
        colour: if grey { Colour::Kept } else { Colour::Rgb },
        data: if bits <= 8 {
            Raw::U8(values.iter().map(|v| round(v) as u8).collect())
        } else {
            Raw::U16(values.iter().map(|v| round(v) as u16).collect())
        },
    })
}
