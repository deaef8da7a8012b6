//! [`Plane`]: the samples of one component, and the geometry of its blocks.

use super::header::{ComponentHeader, FrameHeader};

/// A decoded sample: 8 or up to 16 bits.
pub(super) trait Sample: Copy + Default + Into<i32> {
    /// The sample in the low bits of a word.
    fn from_low_bits(bits: u32) -> Self;
}

impl Sample for u8 {
    #[inline(always)]
    fn from_low_bits(bits: u32) -> Self {
        bits as Self
    }
}

impl Sample for u16 {
    #[inline(always)]
    fn from_low_bits(bits: u32) -> Self {
        bits as Self
    }
}

/// The blocks of one component (ISO/IEC 10918-1 A.1, A.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Samples of the component itself.
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Blocks that hold them: what a scan of this component alone codes.
    pub(crate) blocks_wide: usize,
    pub(crate) blocks_high: usize,
    /// Blocks of all MCUs: what an interleaved scan codes and a plane holds.
    pub(crate) padded_wide: usize,
    pub(crate) padded_high: usize,
    /// Sampling factors.
    pub(crate) horizontal: usize,
    pub(crate) vertical: usize,
}

impl Geometry {
    pub(super) fn of(component: &ComponentHeader, frame: &FrameHeader) -> Self {
        let (h_max, v_max) = frame.largest_sampling();
        let width = (frame.columns * component.horizontal).div_ceil(h_max) as usize;
        let height = (frame.rows * component.vertical).div_ceil(v_max) as usize;
        let (mcus_wide, mcus_high) = mcus(frame);
        let (horizontal, vertical) = (component.horizontal as usize, component.vertical as usize);
        Self {
            width,
            height,
            blocks_wide: width.div_ceil(8),
            blocks_high: height.div_ceil(8),
            padded_wide: mcus_wide * horizontal,
            padded_high: mcus_high * vertical,
            horizontal,
            vertical,
        }
    }

    /// Samples of a line of the plane.
    pub(super) const fn stride(&self) -> usize {
        self.padded_wide * 8
    }
}

/// MCUs of an interleaved scan of all components: across, down.
pub(crate) fn mcus(frame: &FrameHeader) -> (usize, usize) {
    let (h_max, v_max) = frame.largest_sampling();
    (
        frame.columns.div_ceil(8 * h_max) as usize,
        frame.rows.div_ceil(8 * v_max) as usize,
    )
}

/// The samples of a component, whole blocks, `geometry.stride()` to a line.
pub(super) struct Plane<S> {
    pub(super) geometry: Geometry,
    pub(super) samples: Vec<S>,
}

impl<S: Sample> Plane<S> {
    /// A plane of middle grey: what stays where a damaged stream gives nothing.
    pub(super) fn new(geometry: Geometry, precision: u32) -> Self {
        let count = geometry.padded_wide * geometry.padded_high * 64;
        Self {
            geometry,
            samples: vec![S::from_low_bits(1 << (precision - 1)); count],
        }
    }

    /// The part of the samples that begins with a block.
    #[inline]
    pub(super) fn block(&mut self, across: usize, down: usize) -> &mut [S] {
        let at = down * 8 * self.geometry.stride() + across * 8;
        &mut self.samples[at..]
    }

    /// One line of the component, without padding.
    pub(super) fn line(&self, row: usize) -> &[S] {
        let at = row * self.geometry.stride();
        &self.samples[at..at + self.geometry.width]
    }
}
