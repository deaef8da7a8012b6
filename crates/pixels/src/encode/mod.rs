//! Stored values to codestreams, without loss: what a frame is written with again after a part of
//! it was blanked.
//!
//! Each encoder is the counterpart of a decoder in [`crate::decode`], is tested against it, and
//! writes what the transfer syntax of the frame already allows. They aim at exact values and sound
//! streams, not at the last byte of compression.

mod bits;
mod huffman;
mod j2k;
pub(crate) mod jpeg_dct;
mod jpeg_lossless;
mod jpegls;
pub(crate) mod rle;
pub(crate) mod segments;

use crate::decode::Codec;
use crate::decode::raster::{Raster, Raw};

/// What a coding has no form for: too large, too deep, or out of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the coding has no form for the picture")]
pub(crate) struct NoForm;

/// Encodes a raster without loss, as the stream `old` that it was decoded from is coded.
pub(crate) fn raster(raster: &Raster, codec: Codec, old: &[u8]) -> Result<Vec<u8>, NoForm> {
    match codec {
        Codec::Jpeg => lossless_jpeg(raster, old),
        Codec::JpegLs => jpeg_ls(raster, old),
        Codec::Jpeg2000 => j2k::encode(raster),
        // No encoder of these is written, and what is no codestream does not come here.
        _ => Err(NoForm),
    }
}

fn jpeg_ls(raster: &Raster, old: &[u8]) -> Result<Vec<u8>, NoForm> {
    let widened: Vec<u16>;
    let samples = match &raster.data {
        Raw::U16(samples) => samples,
        Raw::U8(samples) => {
            widened = samples.iter().copied().map(u16::from).collect();
            &widened
        }
        Raw::I32(_) => return Err(NoForm),
    };
    let ids = segments::component_ids(old);
    if ids.len() != usize::from(raster.samples_per_pixel) {
        return Err(NoForm);
    }
    jpegls::encode(&jpegls::Picture {
        rows: raster.rows as usize,
        columns: raster.columns as usize,
        precision: u32::from(raster.precision),
        ids: &ids,
        interleave: if segments::is_mixed(old) {
            jpegls::Interleave::Line
        } else {
            jpegls::Interleave::None
        },
        samples,
    })
}

fn lossless_jpeg(raster: &Raster, old: &[u8]) -> Result<Vec<u8>, NoForm> {
    let Raw::U16(samples) = &raster.data else {
        return Err(NoForm);
    };
    let ids = segments::component_ids(old);
    if ids.len() != usize::from(raster.samples_per_pixel) {
        return Err(NoForm);
    }
    jpeg_lossless::encode(&jpeg_lossless::Picture {
        rows: raster.rows as usize,
        columns: raster.columns as usize,
        precision: u32::from(raster.precision),
        ids: &ids,
        segments: &segments::kept(old),
        samples,
    })
}
