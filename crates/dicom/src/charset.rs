//! Character sets (PS3.3 C.12.1.1.2, PS3.5 6.1 and annexes H, I, J, K).

use thiserror::Error;

/// The character sets of one data set: default repertoire and code extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charsets {}

/// Text that the character sets cannot carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("text cannot be encoded in the character sets of its data set")]
pub struct CharsetError;
