//! Inflating a deflated data set (PS3.5 A.5) within limits.

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};
use obscura_core::Limits;

use super::ScanError;

/// Data sets up to this size are exempt from the limit on the ratio.
const RATIO_EXEMPT: u64 = 16 << 20;
const CHUNK: usize = 64 << 10;

/// The inflated bytes, and how many of the input the stream took.
///
/// # Errors
///
/// A stream that is damaged or has no end cannot be searched to its end.
pub(super) fn inflate_bounded(raw: &[u8], limits: &Limits) -> Result<(Vec<u8>, usize), ScanError> {
    let ratio = (raw.len() as u64)
        .saturating_mul(limits.max_inflate_ratio)
        .max(RATIO_EXEMPT);
    let most = ratio.min(limits.max_inflated_bytes);
    let mut state = InflateState::new_boxed(DataFormat::Raw);
    let mut out = Vec::new();
    let mut chunk = vec![0; CHUNK];
    let mut taken = 0;
    loop {
        let step = inflate(&mut state, &raw[taken..], &mut chunk, MZFlush::None);
        taken += step.bytes_consumed;
        out.extend_from_slice(&chunk[..step.bytes_written]);
        if out.len() as u64 > most {
            return Err(ScanError::Limit("inflated bytes"));
        }
        match step.status {
            Ok(MZStatus::StreamEnd) => return Ok((out, taken)),
            Ok(_) | Err(MZError::Buf) if step.bytes_consumed + step.bytes_written > 0 => {}
            _ => return Err(ScanError::Inflate),
        }
    }
}
