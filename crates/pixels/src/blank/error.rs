//! [`BlankError`]: why pixel data cannot be blanked, without any value of the object.

use thiserror::Error;

use crate::decode::DecodeError;

/// Why pixel data cannot be blanked. The data set is then as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BlankError {
    /// Areas were given for an object without pixel data.
    #[error("there is no pixel data to blank")]
    NoPixelData,
    /// A frame that is to be blanked, or one that has to be rewritten with it, is not decoded.
    #[error("blank a frame")]
    Decode(
        #[from]
        #[source]
        DecodeError,
    ),
    /// The result would pass one of the [`obscura_core::Limits`] or a length of the standard.
    #[error("the blanked image is above the limit of {0}")]
    Limit(&'static str),
    /// The frames have no common form without their coding.
    #[error("the frames cannot be rewritten without their coding: {0}")]
    NoNativeForm(&'static str),
}
