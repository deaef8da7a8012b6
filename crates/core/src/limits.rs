//! [`Limits`]: what one object may claim before anything is allocated for it.

/// Upper bounds on one input object, checked before memory is taken for what it claims.
///
/// Every field is public so that a caller states only what differs:
/// `Limits { max_frames: 10, ..Limits::default() }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one input file. Default 4 GiB: larger than any single-file object of the field.
    pub max_file_bytes: u64,
    /// Bytes a deflated data set may inflate to (PS3.5 A.5). Default 1 GiB.
    pub max_inflated_bytes: u64,
    /// A deflated data set may not grow by more than this factor. Default 200, above the factor of
    /// real data (zlib cannot pass 1032); small inputs up to 16 MiB are exempt.
    pub max_inflate_ratio: u64,
    /// Nesting of sequences. Default 32; real objects stay under 12.
    pub max_depth: usize,
    /// Data elements in one object, items included. Default 10 million.
    pub max_elements: usize,
    /// Frames of one image. Default 100,000.
    pub max_frames: u32,
    /// Pixels of one frame (rows times columns). Default 2^28, a 16384 x 16384 picture.
    pub max_frame_pixels: u64,
    /// Bytes of one decoded frame, all samples. Default 1 GiB.
    pub max_frame_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 4 << 30,
            max_inflated_bytes: 1 << 30,
            max_inflate_ratio: 200,
            max_depth: 32,
            max_elements: 10_000_000,
            max_frames: 100_000,
            max_frame_pixels: 1 << 28,
            max_frame_bytes: 1 << 30,
        }
    }
}
