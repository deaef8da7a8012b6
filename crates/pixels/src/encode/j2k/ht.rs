//! HTJ2K without loss (ISO/IEC 15444-15), by `dicom-toolkit-jpeg2000`: the reversible 5/3
//! transform, one tile, one layer, one precinct for each resolution.
//!
//! The crate writes its packets component after component and calls that the progression of
//! layers and resolutions, which it is for one component only. Since every resolution is one
//! precinct it is the progression by component and position (B.12.1.5), and the stream is made to
//! say so. A picture whose components are not transformed is put together of streams of one
//! component each. Whoever encodes decodes the result again: nothing here is taken on trust.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_toolkit_jpeg2000::{EncodeOptions, encode_htj2k};

use crate::decode::raster::{Colour, Raster, Raw};
use crate::encode::NoForm;

/// Component, position, resolution, layer (table A.16).
const BY_COMPONENT: u8 = 4;
/// Bits of a sample that the crate takes.
const MOST_BITS: u16 = 16;
/// Bits above the nominal range of a band. One is what most encoders take; transformed colour
/// differences and steep edges need another.
const GUARD_BITS: u8 = 3;

/// Encodes a raster, see [`super::encode`].
pub(super) fn encode(raster: &Raster) -> Result<Vec<u8>, NoForm> {
    if raster.precision > MOST_BITS {
        return Err(NoForm);
    }
    let samples = usize::from(raster.samples_per_pixel);
    if samples == 1 {
        return component(raster, &bytes(raster, 0, 1), 1);
    }
    if samples != 3 {
        return Err(NoForm);
    }
    if raster.colour == Colour::Rgb {
        let mut stream = component(raster, &bytes(raster, 0, samples), 3)?;
        Stream::find(&stream)?.set_progression(&mut stream);
        return Ok(stream);
    }
    let streams = (0..samples)
        .map(|at| component(raster, &bytes(raster, at, 1), 1))
        .collect::<Result<Vec<_>, _>>()?;
    merged(&streams)
}

/// The samples as the encoder takes them: all, or those of one component.
fn bytes(raster: &Raster, from: usize, count: usize) -> Vec<u8> {
    let all = usize::from(raster.samples_per_pixel);
    let wide = raster.precision > 8;
    let mut bytes = Vec::with_capacity(raster.data.len() / all * count * if wide { 2 } else { 1 });
    let mut put = |sample: i32| {
        let [low, high, ..] = sample.to_le_bytes();
        bytes.push(low);
        if wide {
            bytes.push(high);
        }
    };
    let taken = |at: usize| (from..from + count).contains(&(at % all));
    match &raster.data {
        Raw::U8(samples) => (0..samples.len())
            .filter(|at| taken(*at))
            .for_each(|at| put(i32::from(samples[at]))),
        Raw::U16(samples) => (0..samples.len())
            .filter(|at| taken(*at))
            .for_each(|at| put(i32::from(samples[at]))),
        Raw::I32(samples) => (0..samples.len())
            .filter(|at| taken(*at))
            .for_each(|at| put(samples[at])),
    }
    bytes
}

/// A stream of one component, or of three that are transformed.
fn component(raster: &Raster, bytes: &[u8], components: u8) -> Result<Vec<u8>, NoForm> {
    let options = EncodeOptions {
        guard_bits: GUARD_BITS,
        ..EncodeOptions::default()
    };
    let encoded = catch_unwind(AssertUnwindSafe(|| {
        encode_htj2k(
            bytes,
            raster.columns,
            raster.rows,
            components,
            raster.precision as u8,
            raster.signed,
            &options,
        )
    }));
    encoded.ok().and_then(Result::ok).ok_or(NoForm)
}

/// The places of a stream of the encoder that are changed.
struct Stream {
    /// Payloads of SIZ and COD, and the start of the SOT marker.
    size: usize,
    style: usize,
    tile: usize,
    /// The packets, up to EOC.
    packets: std::ops::Range<usize>,
}

impl Stream {
    fn find(stream: &[u8]) -> Result<Self, NoForm> {
        let (mut size, mut style) = (None, None);
        let mut position = 2;
        loop {
            let [first, marker, high, low] = *stream
                .get(position..)
                .and_then(|rest| rest.first_chunk::<4>())
                .ok_or(NoForm)?;
            match (first, marker) {
                (0xFF, 0x51) => size = Some(position + 4),
                (0xFF, 0x52) => style = Some(position + 4),
                (0xFF, 0x90) => break,
                (0xFF, _) => {}
                _ => return Err(NoForm),
            }
            position += 2 + usize::from(u16::from_be_bytes([high, low]));
        }
        // SOT has twelve bytes with its marker, SOD two.
        let packets = position + 14..stream.len().checked_sub(2).ok_or(NoForm)?;
        let sound = stream.get(position + 12..position + 14) == Some(&[0xFF, 0x93])
            && stream.ends_with(&[0xFF, 0xD9])
            && packets.start <= packets.end;
        match (size, style) {
            (Some(size), Some(style)) if sound => Ok(Self {
                size,
                style,
                tile: position,
                packets,
            }),
            _ => Err(NoForm),
        }
    }

    fn set_progression(&self, stream: &mut [u8]) {
        if let Some(progression) = stream.get_mut(self.style + 1) {
            *progression = BY_COMPONENT;
        }
    }
}

/// One stream of the components of several, each of which has one.
fn merged(streams: &[Vec<u8>]) -> Result<Vec<u8>, NoForm> {
    let Some((first, _)) = streams.split_first() else {
        return Err(NoForm);
    };
    let places = Stream::find(first)?;
    // SIZ: the number of components stands 34 bytes into the payload, three bytes for each follow.
    let count_at = places.size + 34;
    let components = first.get(count_at + 2..count_at + 5).ok_or(NoForm)?;
    let mut out = first[..count_at].to_vec();
    let length_at = places.size - 2;
    let extra = 3 * (streams.len() as u16 - 1);
    let length = u16::from_be_bytes([out[length_at], out[length_at + 1]]) + extra;
    out[length_at..places.size].copy_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&(streams.len() as u16).to_be_bytes());
    streams
        .iter()
        .for_each(|_| out.extend_from_slice(components));
    out.extend_from_slice(&first[count_at + 5..places.tile]);
    let tile = out.len();
    out.extend_from_slice(&first[places.tile..places.packets.start]);
    for stream in streams {
        let own = Stream::find(stream)?;
        out.extend_from_slice(&stream[own.packets]);
    }
    let length = u32::try_from(out.len() - tile).map_err(|_| NoForm)?;
    out[tile + 6..tile + 10].copy_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&[0xFF, 0xD9]);
    Stream::find(&out)?.set_progression(&mut out);
    Ok(out)
}
