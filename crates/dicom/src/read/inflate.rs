//! Deflated data sets (PS3.5 A.5), inflated under [`Limits`].

use std::borrow::Cow;

use miniz_oxide::DataFormat;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{MZError, MZFlush, MZStatus};
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
    let inflated = match inflated(body, DataFormat::Raw, limits) {
        // A zlib head is not of the standard, but was written.
        Err(ReadError::Inflate) if body.first() == Some(&0x78) => {
            inflated(body, DataFormat::Zlib, limits)
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

fn inflated(input: &[u8], format: DataFormat, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let most = (input.len() as u64)
        .saturating_mul(limits.max_inflate_ratio)
        .max(EXEMPT);
    let most = most.min(limits.max_inflated_bytes);
    let mut state = InflateState::new_boxed(format);
    let (mut read, mut written) = (0, 0);
    let mut output = vec![0; STEP.min(input.len().saturating_mul(4)).max(1024)];
    loop {
        let result = inflate(
            &mut state,
            &input[read..],
            &mut output[written..],
            MZFlush::None,
        );
        read += result.bytes_consumed;
        written += result.bytes_written;
        if written as u64 > most {
            return Err(ReadError::Limit("bytes of an inflated data set"));
        }
        let is_stuck = result.bytes_consumed == 0 && result.bytes_written == 0;
        match result.status {
            Ok(MZStatus::StreamEnd) => break,
            Ok(_) if !is_stuck => {}
            Ok(_) | Err(MZError::Buf) if written == output.len() => {}
            _ => return Err(ReadError::Inflate),
        }
        if written == output.len() {
            output.resize(output.len().saturating_mul(2), 0);
        }
    }
    output.truncate(written);
    Ok(output)
}
