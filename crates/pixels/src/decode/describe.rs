//! [`Description`]: the Image Pixel module (PS3.3 C.7.6.3), read with tolerance and checked.

use dicom_dictionary_std::tags;
use obscura_core::Limits;
use obscura_dicom::{DataSet, Endian, Syntax, Tag, VR};

use super::error::DecodeError;
use super::raster::Bounds;
use crate::frame::Photometric;

/// Pixel Representation (0028,0103).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// 0: unsigned.
    Unsigned,
    /// 1: two's complement.
    Signed,
}

/// Planar Configuration (0028,0006).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planar {
    /// 0: the samples of a pixel stand together.
    ByPixel,
    /// 1: each sample has a plane of its own.
    ByPlane,
}

/// What a sample of the pixel data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleKind {
    /// Pixel Data (7FE0,0010).
    Integer,
    /// Float Pixel Data (7FE0,0008).
    Float,
    /// Double Float Pixel Data (7FE0,0009).
    Double,
}

/// The validated description of an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Description {
    pub(super) rows: u32,
    pub(super) columns: u32,
    pub(super) samples_per_pixel: u16,
    pub(super) bits_allocated: u16,
    pub(super) bits_stored: u16,
    pub(super) high_bit: u16,
    pub(super) sign: Sign,
    pub(super) planar: Planar,
    pub(super) photometric: Photometric,
    pub(super) frames: u32,
    pub(super) kind: SampleKind,
    /// An overlay of the object lies in the unused bits (60xx,0102, retired).
    pub(super) embedded_overlay: bool,
}

impl Description {
    /// Reads the description of the pixel data of one data set or item.
    pub(super) fn of(
        data: &DataSet<'_>,
        syntax: &Syntax,
        kind: SampleKind,
        limits: &Limits,
    ) -> Result<Self, DecodeError> {
        let number = |tag| unsigned(data, syntax, tag);
        let rows = number(tags::ROWS).ok_or(DecodeError::Description("rows"))?;
        let columns = number(tags::COLUMNS).ok_or(DecodeError::Description("columns"))?;
        let frames = frames(data)?;
        if frames > limits.max_frames {
            return Err(DecodeError::Limit("frames"));
        }
        let named = data
            .ascii(tags::PHOTOMETRIC_INTERPRETATION)
            .map(photometric);
        let samples = match number(tags::SAMPLES_PER_PIXEL) {
            Some(samples) => {
                u16::try_from(samples).map_err(|_| DecodeError::Description("samples per pixel"))?
            }
            None => samples_of(named),
        };
        let photometric = named.unwrap_or(if samples == 1 {
            Photometric::Monochrome2
        } else {
            Photometric::Rgb
        });
        let bits = Bits::of(data, syntax, kind)?;
        let bytes = u64::from(bits.allocated.div_ceil(8)).next_power_of_two();
        Bounds::new(limits).samples(rows, columns, samples, bytes)?;
        Ok(Self {
            rows,
            columns,
            samples_per_pixel: samples,
            bits_allocated: bits.allocated,
            bits_stored: bits.stored,
            high_bit: bits.high,
            sign: match number(tags::PIXEL_REPRESENTATION) {
                // A single bit has no room for a sign.
                Some(1) if bits.stored > 1 => Sign::Signed,
                _ => Sign::Unsigned,
            },
            planar: match number(tags::PLANAR_CONFIGURATION) {
                Some(1) => Planar::ByPlane,
                _ => Planar::ByPixel,
            },
            photometric,
            frames,
            kind,
            embedded_overlay: has_embedded_overlay(data),
        })
    }
}

/// Bits Allocated, Bits Stored and High Bit, consistent.
struct Bits {
    allocated: u16,
    stored: u16,
    high: u16,
}

impl Bits {
    fn of(data: &DataSet<'_>, syntax: &Syntax, kind: SampleKind) -> Result<Self, DecodeError> {
        let number = |tag| unsigned(data, syntax, tag).and_then(|n| u16::try_from(n).ok());
        let allocated = match kind {
            SampleKind::Integer => number(tags::BITS_ALLOCATED)
                .filter(|bits| (1..=64).contains(bits))
                .ok_or(DecodeError::Description("bits allocated"))?,
            SampleKind::Float => 32,
            SampleKind::Double => 64,
        };
        if kind != SampleKind::Integer {
            return Ok(Self {
                allocated,
                stored: allocated,
                high: allocated - 1,
            });
        }
        // Values that cannot be are left out, as the field's readers do.
        let stored = number(tags::BITS_STORED)
            .filter(|stored| (1..=allocated).contains(stored))
            .unwrap_or(allocated);
        let high = number(tags::HIGH_BIT)
            .filter(|high| (stored - 1..allocated).contains(high))
            .unwrap_or(stored - 1);
        Ok(Self {
            allocated,
            stored,
            high,
        })
    }
}

fn frames(data: &DataSet<'_>) -> Result<u32, DecodeError> {
    let Some(text) = data.ascii(tags::NUMBER_OF_FRAMES) else {
        return Ok(1);
    };
    // IS may be signed; what follows the digits (a decimal, an error of writing) is left out.
    let text = text.trim_start_matches('+');
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(text.len());
    let whole = &text[..end];
    match whole.parse::<i64>() {
        Ok(frames) if frames <= 1 => Ok(1),
        Ok(frames) => u32::try_from(frames).map_err(|_| DecodeError::Limit("frames")),
        Err(_) => Err(DecodeError::Description("number of frames")),
    }
}

/// An unsigned number of any binary or text VR.
pub(super) fn unsigned(data: &DataSet<'_>, syntax: &Syntax, tag: Tag) -> Option<u32> {
    let element = data.get(tag)?;
    if matches!(element.vr, VR::IS | VR::DS | VR::LO | VR::SH | VR::CS) {
        return data.ascii(tag)?.parse().ok();
    }
    let bytes = element.bytes()?;
    let wide = matches!(element.vr, VR::UL | VR::SL) && bytes.len() >= 4;
    Some(match (wide, syntax.endian) {
        (true, Endian::Little) => u32::from_le_bytes(*bytes.first_chunk()?),
        (true, Endian::Big) => u32::from_be_bytes(*bytes.first_chunk()?),
        (false, Endian::Little) => u32::from(u16::from_le_bytes(*bytes.first_chunk()?)),
        (false, Endian::Big) => u32::from(u16::from_be_bytes(*bytes.first_chunk()?)),
    })
}

fn photometric(text: &str) -> Photometric {
    match text.trim().to_ascii_uppercase().as_str() {
        "MONOCHROME1" => Photometric::Monochrome1,
        "MONOCHROME2" => Photometric::Monochrome2,
        "PALETTE COLOR" => Photometric::PaletteColor,
        "RGB" => Photometric::Rgb,
        "YBR_FULL" => Photometric::YbrFull,
        "YBR_FULL_422" => Photometric::YbrFull422,
        "YBR_PARTIAL_422" | "YBR_PARTIAL_420" => Photometric::YbrPartial,
        "YBR_ICT" | "YBR_RCT" => Photometric::YbrJpeg2000,
        _ => Photometric::Other,
    }
}

const fn samples_of(named: Option<Photometric>) -> u16 {
    match named {
        None
        | Some(
            Photometric::Monochrome1
            | Photometric::Monochrome2
            | Photometric::PaletteColor
            | Photometric::Other,
        ) => 1,
        Some(_) => 3,
    }
}

/// Overlays without data of their own lie in the pixel data (PS3.3 C.9.2, retired).
fn has_embedded_overlay(data: &DataSet<'_>) -> bool {
    (0x6000..=0x601E).step_by(2).any(|group| {
        data.get(Tag(group, 0x0102)).is_some() && data.get(Tag(group, 0x3000)).is_none()
    })
}
