//! What must hold for any bytes at all, as functions that panic when it does not.
//!
//! The fuzz targets of `fuzz/` call them with what the fuzzer invents; the tests of this crate call
//! them with synthetic objects, truncated and mutated. A panic's text never holds a value, so that
//! a finding can be reported as it is.

mod blank;
mod decode;
mod read;
mod text;
mod walk;

pub use blank::check_blank;
pub use decode::check_decode;
pub use read::check_read;
pub use text::check_text;
pub use walk::check_walk;

use obscura_core::Limits;

/// Limits small enough for thousands of inputs a second, and for claims to be noticed.
pub fn tight_limits() -> Limits {
    Limits {
        max_file_bytes: 1 << 20,
        max_inflated_bytes: 4 << 20,
        max_inflate_ratio: 200,
        max_depth: 16,
        max_elements: 20_000,
        max_frames: 64,
        max_frame_pixels: 1 << 16,
        max_frame_bytes: 1 << 19,
    }
}
