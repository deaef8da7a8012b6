//! [`DecodeError`]: why pixel data cannot be decoded, without any value of the object.

use thiserror::Error;

/// The coding of a frame, for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// Not compressed (PS3.5 8.1.1, A.1 to A.3).
    Native,
    /// RLE Lossless (PS3.5 annex G).
    Rle,
    /// JPEG (ISO/IEC 10918-1), any process.
    Jpeg,
    /// JPEG-LS (ISO/IEC 14495-1).
    JpegLs,
    /// JPEG 2000 (ISO/IEC 15444-1).
    Jpeg2000,
    /// High-Throughput JPEG 2000 (ISO/IEC 15444-15).
    HtJpeg2000,
    /// JPEG XL (ISO/IEC 18181-1).
    JpegXl,
    /// Deflated Image Frame (PS3.5 A.4.13).
    Deflate,
}

impl std::fmt::Display for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Native => "native",
            Self::Rle => "RLE",
            Self::Jpeg => "JPEG",
            Self::JpegLs => "JPEG-LS",
            Self::Jpeg2000 => "JPEG 2000",
            Self::HtJpeg2000 => "HTJ2K",
            Self::JpegXl => "JPEG XL",
            Self::Deflate => "deflated",
        })
    }
}

/// Why an image or one of its frames cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// An attribute of the Image Pixel module (PS3.3 C.7.6.3) is missing or cannot be.
    #[error("the image description is missing or invalid: {0}")]
    Description(&'static str),
    /// A transfer syntax, coding process or sample form that is not decoded.
    #[error("not supported: {0}")]
    Unsupported(&'static str),
    /// The frame's bytes do not follow their coding.
    #[error("the {codec} frame is corrupt")]
    Corrupt {
        /// The coding that was broken.
        codec: Codec,
    },
    /// The codestream and the image description exclude each other.
    #[error("the codestream contradicts the image description: {0}")]
    Mismatch(&'static str),
    /// Less pixel data than the description asks for.
    #[error("the pixel data is too short")]
    TooShort,
    /// A claim above one of the [`obscura_core::Limits`], refused before memory was taken.
    #[error("the image is above the limit of {0}")]
    Limit(&'static str),
    /// A frame number not below the number of frames.
    #[error("the image has no such frame")]
    NoSuchFrame,
}

impl DecodeError {
    /// A broken frame of a coding.
    pub(super) const fn corrupt(codec: Codec) -> Self {
        Self::Corrupt { codec }
    }
}
