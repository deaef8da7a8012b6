//! [`RenderError`]: why a frame cannot be shown.

use obscura_core::Reason;
use thiserror::Error;

/// Why a frame cannot be shown. Never carries a value of the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// Rows, columns or samples do not fit the number of samples in the frame, or are zero.
    #[error("the frame has {samples} samples, its size asks for another number")]
    FrameSize {
        /// Samples found in the frame.
        samples: usize,
    },
    /// Pixels of a number of samples that no current photometric interpretation has.
    #[error("a pixel of {0} samples cannot be shown")]
    SamplesPerPixel(u16),
    /// Colour whose samples are floating point numbers.
    #[error("colour of floating point samples cannot be shown")]
    FloatColour,
    /// PALETTE COLOR without a usable palette (PS3.3 C.7.6.3.1.5).
    #[error("palette colour without a usable palette")]
    Palette,
    /// Wider or higher than JPEG allows (65,535).
    #[error("a picture of {width} x {height} pixels is too large for JPEG")]
    TooLargeForJpeg {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The JPEG encoder refused the picture.
    #[error("the picture cannot be encoded as JPEG")]
    Encode,
}

impl RenderError {
    /// The code for the manifest.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::TooLargeForJpeg { .. } => Reason::LimitExceeded,
            Self::Encode => Reason::Internal,
            _ => Reason::PixelsUndecodable,
        }
    }
}
