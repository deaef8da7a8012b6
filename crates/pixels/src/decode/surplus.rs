//! What pixel data holds beyond the frames that the object speaks of: nobody shows it, and every reader of
//! the file can.

use super::fragments::begins_codestream;
use super::image::Source;
use super::{Codec, Image};

/// What lies behind the last frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surplus {
    /// Nothing, or bytes that say nothing: they are all the same.
    None,
    /// Less than a frame: native pixel data should end after so many bytes.
    Bytes(usize),
    /// A frame at least, or a codestream that belongs to no frame.
    Frames,
}

impl Image<'_> {
    /// What lies behind the frames that Number of Frames (0028,0008) speaks of.
    pub fn surplus(&self) -> Surplus {
        match &self.source {
            Source::Native { bytes, chroma, .. } => {
                let last = self.frames().saturating_sub(1);
                let end = self.native_range(last, *chroma).0.end;
                let frame = end.div_ceil(u64::from(self.frames().max(1)));
                let length = bytes.len() as u64;
                let even = end.next_multiple_of(2);
                let rest = usize::try_from(even)
                    .ok()
                    .and_then(|even| bytes.get(even..));
                let rest = rest.unwrap_or_default();
                if rest.iter().all(|byte| Some(byte) == rest.first()) {
                    Surplus::None
                } else if length - even >= frame.max(2) {
                    Surplus::Frames
                } else {
                    // Shorter than what is there, so a length of memory.
                    Surplus::Bytes(even as usize)
                }
            }
            Source::Encapsulated {
                fragments, frames, ..
            } => {
                let wanted = self.frames() as usize;
                let parts = &fragments.fragments;
                let filled = parts.iter().filter(|one| !one.is_empty()).count();
                let is_one_each = matches!(self.codec(), Ok(Codec::Rle | Codec::Deflate));
                // A fragment that goes on with a frame begins no codestream.
                let begins_inside = |range: &std::ops::Range<usize>| {
                    let own = parts.get(range.clone()).unwrap_or_default();
                    let own = own.iter().skip_while(|one| one.is_empty());
                    own.skip(1).any(|one| begins_codestream(one))
                };
                let is_more = frames.len() > wanted
                    || is_one_each && filled > wanted
                    || frames.iter().any(begins_inside)
                    || parts.iter().any(|one| holds_another(one));
                if is_more {
                    Surplus::Frames
                } else {
                    Surplus::None
                }
            }
        }
    }
}

/// Whether a JPEG or JPEG-LS image (SOI) follows the end of another one (EOI) in the same bytes. Coded data
/// holds no SOI; a thumbnail in a segment follows no EOI.
fn holds_another(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"\xFF\xD8\xFF").any(|at| {
        let padding = bytes[..at].iter().rev().take_while(|byte| **byte == 0);
        bytes[..at - padding.count()].ends_with(b"\xFF\xD9")
    })
}
