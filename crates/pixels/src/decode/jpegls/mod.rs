//! JPEG-LS (ISO/IEC 14495-1): lossless and near-lossless, 2 to 16 bits, all interleave modes,
//! preset parameters, restart markers and the colour transforms of `CharLS`.
//!
//! A decoder of our own: no maintained one is written in the language.

mod bits;
mod header;
mod model;
mod scan;

use header::{ColourTransform, FrameHeader, ScanHeader};
use scan::Scan;

pub(crate) use header::Preset;
pub(crate) use model::{Context, Parameters, RUN_ORDERS, RunContext, RunEnd};
pub(crate) use scan::{CONTEXTS, predict, steps};

use super::error::{Codec, DecodeError};
use super::raster::{Bounds, Colour, Raster, Raw, Values};

/// A stream that breaks its own rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

impl From<Broken> for DecodeError {
    fn from(_: Broken) -> Self {
        Self::corrupt(Codec::JpegLs)
    }
}

/// Decodes one frame. `rows` is the image description's, for a stream without.
pub(crate) fn decode(data: &[u8], rows: u32, bounds: Bounds) -> Result<Raster, DecodeError> {
    let start = data
        .windows(2)
        .position(|pair| pair == [0xFF, 0xD8])
        .ok_or(Broken)?;
    let mut decoder = Decoder::new(rows, bounds);
    let mut position = start + 2;
    while let Some(found) = data
        .get(position..)
        .and_then(|rest| rest.iter().position(|b| *b == 0xFF))
    {
        position += found + 1;
        let Some(marker) = data.get(position) else {
            break;
        };
        match marker {
            // Fill bytes, and markers without a segment.
            0xFF => continue,
            0 | 0x01 | 0xD0..=0xD8 => {
                position += 1;
                continue;
            }
            0xD9 => break,
            _ => position += 1,
        }
        let Some(payload) = segment(data, position) else {
            break;
        };
        position += payload.len() + 2;
        if *marker == 0xDA {
            let rest = &data[position..];
            let length = bits::scan_length(rest);
            decoder.read_scan(payload, &rest[..length])?;
            position += length;
        } else {
            decoder.read_segment(*marker, payload)?;
        }
    }
    decoder.finish()
}

fn segment(data: &[u8], position: usize) -> Option<&[u8]> {
    let length = usize::from(u16::from_be_bytes(*data.get(position..)?.first_chunk()?));
    data.get(position + 2..position + length.max(2))
}

/// The picture as far as it is decoded.
struct Decoder {
    described_rows: u32,
    bounds: Bounds,
    frame: Option<FrameHeader>,
    preset: Preset,
    transform: ColourTransform,
    /// Lines between restart markers, 0 for none.
    restart_interval: usize,
    /// All samples, interleaved by pixel.
    pixels: Vec<u16>,
    /// Lines that were there, for each component.
    found: Vec<u32>,
}

impl Decoder {
    const fn new(described_rows: u32, bounds: Bounds) -> Self {
        Self {
            described_rows,
            bounds,
            frame: None,
            preset: Preset {
                max: 0,
                thresholds: [0; 3],
                reset: 0,
            },
            transform: ColourTransform::None,
            restart_interval: 0,
            pixels: Vec::new(),
            found: Vec::new(),
        }
    }

    fn read_segment(&mut self, marker: u8, payload: &[u8]) -> Result<(), DecodeError> {
        match marker {
            0xF7 if self.frame.is_none() => {
                let mut frame = FrameHeader::parse(payload)?;
                if frame.rows == 0 {
                    frame.rows = self.described_rows;
                }
                let count = frame.components.len();
                let samples = self
                    .bounds
                    .samples(frame.rows, frame.columns, count as u16, 2)?;
                self.pixels = vec![0; samples];
                self.found = vec![0; count];
                self.frame = Some(frame);
            }
            0xF7 => return Err(Broken.into()),
            0xF8 => {
                if let Some(preset) = Preset::parse(payload)? {
                    self.preset = preset;
                }
            }
            0xDD => {
                let bytes = payload.iter().take(4);
                self.restart_interval = bytes.fold(0, |n, byte| n << 8 | usize::from(*byte));
            }
            0xE8 => {
                if let Some(transform) = ColourTransform::parse(payload) {
                    self.transform = transform;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn read_scan(&mut self, payload: &[u8], data: &[u8]) -> Result<(), DecodeError> {
        let frame = self.frame.as_ref().ok_or(Broken)?;
        let header = ScanHeader::parse(payload, frame)?;
        let preset = self.preset.completed(frame.precision, header.near)?;
        let columns = frame.columns as usize;
        let count = frame.components.len();
        let mut scan = Scan::new(data, &header, &preset, columns);
        let lines = self.pixels.chunks_exact_mut(columns * count);
        for (row, pixels) in lines.enumerate() {
            let at_restart = self.restart_interval > 0 && row > 0;
            if at_restart && row.is_multiple_of(self.restart_interval) && !scan.restart() {
                break;
            }
            if !scan.read_line()? {
                break;
            }
            for (at, component) in header.components.iter().enumerate() {
                for (pixel, sample) in pixels[*component..]
                    .iter_mut()
                    .step_by(count)
                    .zip(scan.line(at))
                {
                    *pixel = (*sample << header.shift) as u16;
                }
            }
            header
                .components
                .iter()
                .for_each(|component| self.found[*component] += 1);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Raster, DecodeError> {
        let frame = self.frame.ok_or(Broken)?;
        // Half of a picture is shown; less is not a picture.
        if self
            .found
            .iter()
            .any(|found| found.saturating_mul(2) < frame.rows)
        {
            return Err(Broken.into());
        }
        if self.transform != ColourTransform::None && frame.components.len() == 3 {
            let half = 1 << (frame.precision - 1);
            for pixel in self.pixels.as_chunks_mut::<3>().0 {
                *pixel = self
                    .transform
                    .invert(pixel.map(i32::from), half)
                    .map(|s| s as u16);
            }
        }
        let data = if frame.precision <= 8 {
            Raw::U8(self.pixels.iter().map(|sample| *sample as u8).collect())
        } else {
            Raw::U16(self.pixels)
        };
        Ok(Raster {
            rows: frame.rows,
            columns: frame.columns,
            samples_per_pixel: frame.components.len() as u16,
            precision: frame.precision as u16,
            signed: false,
            values: Values::InRange,
            colour: Colour::Kept,
            data,
        })
    }
}
