//! [`Raster`]: what every codec gives, before the image description is applied to it.

use obscura_core::Limits;

use super::error::DecodeError;

/// One decoded codestream: samples interleaved by pixel, as the codestream means them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Raster {
    pub(crate) rows: u32,
    pub(crate) columns: u32,
    /// Samples of one pixel: 1 to 4.
    pub(crate) samples_per_pixel: u16,
    /// Bits of a sample, 1 to 32.
    pub(crate) precision: u16,
    /// The codestream calls its samples signed (JPEG 2000 only).
    pub(crate) signed: bool,
    pub(crate) colour: Colour,
    pub(crate) values: Values,
    pub(crate) data: Raw,
}

/// How near the samples are to those that were coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// Within the range of what was coded.
    InRange,
    /// Lossy at a precision above Bits Stored: they may pass the range of what was coded a little.
    MayOvershoot,
}

/// What a codec did about colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// Nothing: the samples mean what the image description says.
    Kept,
    /// The samples are red, green and blue, whatever the description says.
    Rgb,
}

/// Samples in the type the codec made them in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Raw {
    U8(Vec<u8>),
    U16(Vec<u16>),
    I32(Vec<i32>),
}

impl Raw {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::U8(samples) => samples.len(),
            Self::U16(samples) => samples.len(),
            Self::I32(samples) => samples.len(),
        }
    }

    /// Clears bits of every sample; whether one of them was set.
    pub(crate) fn clear_bits(&mut self, bits: u32) -> bool {
        fn clear<T: Copy>(samples: &mut [T], cleared: impl Fn(T) -> Option<T>) -> bool {
            let mut was_set = false;
            for sample in samples {
                if let Some(kept) = cleared(*sample) {
                    *sample = kept;
                    was_set = true;
                }
            }
            was_set
        }
        let (byte, word) = (bits as u8, bits as u16);
        match self {
            Self::U8(all) => clear(all, |s| (s & byte != 0).then_some(s & !byte)),
            Self::U16(all) => clear(all, |s| (s & word != 0).then_some(s & !word)),
            // The sign of a negative sample is continued above its precision.
            Self::I32(all) => clear(all, |s| {
                (s >= 0 && s.cast_unsigned() & bits != 0).then_some(s & !bits.cast_signed())
            }),
        }
    }
}

/// The part of [`Limits`] that a codec checks its own header against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pixels: u64,
    bytes: u64,
}

impl Bounds {
    pub(crate) const fn new(limits: &Limits) -> Self {
        Self {
            pixels: limits.max_frame_pixels,
            bytes: limits.max_frame_bytes,
        }
    }

    /// Refuses book-keeping of more bytes than a frame may have.
    pub(crate) const fn bytes(self, bytes: u64) -> Result<(), DecodeError> {
        if bytes > self.bytes {
            Err(DecodeError::Limit("bytes of a frame"))
        } else {
            Ok(())
        }
    }

    /// Bytes that a decoder may take in all: the frame in the decoder's own form, several times.
    pub(crate) fn memory(self) -> usize {
        usize::try_from(self.bytes.saturating_mul(4)).unwrap_or(usize::MAX)
    }

    /// The number of samples of a frame, if it is not empty and within the limits.
    /// `bytes` is the memory of one decoded sample.
    pub(crate) fn samples(
        self,
        rows: u32,
        columns: u32,
        samples_per_pixel: u16,
        bytes: u64,
    ) -> Result<usize, DecodeError> {
        let pixels = u64::from(rows) * u64::from(columns);
        if pixels == 0 || samples_per_pixel == 0 {
            return Err(DecodeError::Description(
                "rows, columns or samples per pixel",
            ));
        }
        if pixels > self.pixels {
            return Err(DecodeError::Limit("pixels of a frame"));
        }
        // 2^64 is out of reach: pixels come from two 32-bit numbers but passed a limit above.
        let samples = pixels.saturating_mul(u64::from(samples_per_pixel));
        if samples.saturating_mul(bytes) > self.bytes {
            return Err(DecodeError::Limit("bytes of a frame"));
        }
        usize::try_from(samples).map_err(|_| DecodeError::Limit("bytes of a frame"))
    }
}
