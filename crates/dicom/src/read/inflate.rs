//! Deflated data sets (PS3.5 A.5), inflated under [`Limits`].

use std::borrow::Cow;

use flate2::{Decompress, FlushDecompress, Status};
use obscura_core::Limits;

use super::detect;
use super::header::Encoding;
use super::parse::note;
use crate::ReadError;
use crate::model::Mend;
use crate::syntax::Syntax;

/// Inputs up to this size are exempt from the ratio: see [`Limits::max_inflate_ratio`].
const EXEMPT: u64 = 16 << 20;
/// Bytes inflated at a time.
const STEP: usize = 64 << 10;

/// Inflates a data set, and finds its encoding. One that is not deflated although its transfer
/// syntax says so is taken as it is.
pub(super) fn open<'a>(
    body: &'a [u8],
    syntax: Syntax,
    limits: &Limits,
    mends: &mut Vec<Mend>,
) -> Result<(Cow<'a, [u8]>, Encoding, Syntax), ReadError> {
    let inflated = match inflated(body, Head::None, limits) {
        // A zlib head is not of the standard, but was written.
        Err(ReadError::Inflate) if body.first() == Some(&0x78) => {
            inflated(body, Head::Zlib, limits)
        }
        result => result,
    };
    match inflated {
        Ok(data) => {
            let claim = Syntax {
                deflated: false,
                ..Syntax::from_uid(Syntax::EXPLICIT_LE)
            };
            let (encoding, _) = detect::check(&data, claim, mends);
            Ok((Cow::Owned(data), encoding, syntax))
        }
        Err(ReadError::Inflate) => match detect::encoding(body) {
            Some(found) if detect::is_plausible(body, found) => {
                note(mends, Mend::SyntaxMismatch);
                Ok((Cow::Borrowed(body), found, detect::native(found)))
            }
            _ => Err(ReadError::Inflate),
        },
        Err(other) => Err(other),
    }
}

/// What stands before the deflated bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Nothing, as PS3.5 A.5 has it.
    None,
    /// The two bytes of RFC 1950.
    Zlib,
}

fn inflated(input: &[u8], head: Head, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let most = (input.len() as u64)
        .saturating_mul(limits.max_inflate_ratio)
        .max(EXEMPT);
    let most = most.min(limits.max_inflated_bytes);
    let mut stream = Decompress::new(head == Head::Zlib);
    let mut output = Vec::with_capacity(STEP.min(input.len().saturating_mul(4)).max(1024));
    loop {
        let (read, written) = (stream.total_in(), stream.total_out());
        let rest = input.get(read as usize..).unwrap_or_default();
        let status = stream.decompress_vec(rest, &mut output, FlushDecompress::None);
        if stream.total_out() > most {
            return Err(ReadError::Limit("bytes of an inflated data set"));
        }
        let is_full = output.len() == output.capacity();
        let is_stuck = stream.total_in() == read && stream.total_out() == written;
        match status {
            Ok(Status::StreamEnd) => return Ok(output),
            Ok(_) if is_full || !is_stuck => {}
            Ok(_) | Err(_) => return Err(ReadError::Inflate),
        }
        if is_full {
            output.reserve(output.len());
        }
    }
}
