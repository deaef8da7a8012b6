//! [`Frame`]: the stored values of one frame, decoded and unpacked.

/// The stored values of one frame: what a decoder gives and a renderer takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Height in pixels.
    pub rows: u32,
    /// Width in pixels.
    pub columns: u32,
    /// Samples of one pixel: 1 or 3.
    pub samples_per_pixel: u16,
    /// Significant bits of a sample (Bits Stored), 1 to 64.
    pub bits_stored: u16,
    /// What the samples mean now: a codec may have turned `YBR_*` into `Rgb` on its way.
    pub photometric: Photometric,
    /// The samples, `rows * columns * samples_per_pixel`, row by row, interleaved by pixel
    /// (planar configuration 0), sign-extended from Bits Stored, bits above it masked away.
    pub samples: Samples,
}

/// Samples in the narrowest type that holds them.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    /// Unsigned, up to 8 bits.
    U8(Vec<u8>),
    /// Unsigned, up to 16 bits.
    U16(Vec<u16>),
    /// Signed, up to 16 bits.
    I16(Vec<i16>),
    /// Unsigned, up to 32 bits.
    U32(Vec<u32>),
    /// Signed, up to 32 bits.
    I32(Vec<i32>),
    /// Float Pixel Data (7FE0,0008).
    F32(Vec<f32>),
    /// Double Float Pixel Data (7FE0,0009).
    F64(Vec<f64>),
}

/// Photometric Interpretation (PS3.3 C.7.6.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Photometric {
    /// MONOCHROME1: the least value is white.
    Monochrome1,
    /// MONOCHROME2: the least value is black.
    Monochrome2,
    /// PALETTE COLOR.
    PaletteColor,
    /// RGB.
    Rgb,
    /// `YBR_FULL`.
    YbrFull,
    /// `YBR_FULL_422`, already upsampled to one chroma pair a pixel.
    YbrFull422,
    /// `YBR_PARTIAL_422` and `YBR_PARTIAL_420` (retired), already upsampled.
    YbrPartial,
    /// `YBR_ICT` and `YBR_RCT`: what JPEG 2000 decoders turn into RGB.
    YbrJpeg2000,
    /// HSV, ARGB, CMYK (retired) and unknown ones.
    Other,
}
