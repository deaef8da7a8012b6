//! Code blocks of JPEG 2000 (ISO/IEC 15444-1 annex D): the bit planes of quantised coefficients in
//! three passes each.

use super::arithmetic::{Encoder, RUN, UNIFORM};

/// The band that a block belongs to, by which its contexts are chosen (table D.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Band {
    /// Low both ways, or low across and high down.
    LowAcross,
    /// High across, low down.
    HighAcross,
    /// High both ways.
    High,
}

/// A block that was coded.
pub(super) struct Coded {
    pub(super) bytes: Vec<u8>,
    /// Bit planes with anything in them; 0 for an empty block, which has no passes.
    pub(super) planes: u32,
}

impl Coded {
    pub(super) const fn passes(&self) -> u32 {
        if self.planes == 0 {
            0
        } else {
            3 * self.planes - 2
        }
    }
}

const SIGNIFICANT: u8 = 1;
const NEGATIVE: u8 = 2;
/// Coded in the first pass of this plane.
const VISITED: u8 = 4;
const REFINED: u8 = 8;

/// Lines that are scanned together.
const STRIPE: usize = 4;

struct Block {
    band: Band,
    width: usize,
    height: usize,
    magnitudes: Vec<u32>,
    /// With a border of one on all sides.
    flags: Vec<u8>,
    coder: Encoder,
}

/// Codes a block: `coefficients` line by line.
pub(super) fn encode(coefficients: &[i32], width: usize, band: Band) -> Coded {
    let height = coefficients.len() / width;
    let magnitudes: Vec<u32> = coefficients.iter().map(|c| c.unsigned_abs()).collect();
    let largest = magnitudes.iter().copied().max().unwrap_or(0);
    let planes = 32 - largest.leading_zeros();
    let mut block = Block {
        band,
        width,
        height,
        magnitudes,
        flags: vec![0; (width + 2) * (height + 2)],
        coder: Encoder::new(),
    };
    for (at, coefficient) in coefficients.iter().enumerate() {
        if *coefficient < 0 {
            let place = block.place(at % width, at / width);
            block.flags[place] |= NEGATIVE;
        }
    }
    for plane in (0..planes).rev() {
        if plane + 1 < planes {
            block.propagate(plane);
            block.refine(plane);
        }
        block.clean_up(plane);
    }
    let bytes = if planes == 0 {
        Vec::new()
    } else {
        block.coder.finish()
    };
    Coded { bytes, planes }
}

impl Block {
    const fn place(&self, x: usize, y: usize) -> usize {
        (y + 1) * (self.width + 2) + x + 1
    }

    fn bit(&self, x: usize, y: usize, plane: u32) -> u32 {
        self.magnitudes[y * self.width + x] >> plane & 1
    }

    /// Calls `each` for the coefficients in the order of a pass (D.1).
    fn scan(&mut self, mut each: impl FnMut(&mut Self, usize, usize)) {
        for top in (0..self.height).step_by(STRIPE) {
            for x in 0..self.width {
                for y in top..(top + STRIPE).min(self.height) {
                    each(self, x, y);
                }
            }
        }
    }

    /// Significant neighbours: beside, above and below, at the corners.
    #[inline]
    fn neighbours(&self, place: usize) -> (u8, u8, u8) {
        let line = self.width + 2;
        let is = |at: usize| self.flags[at] & SIGNIFICANT;
        (
            is(place - 1) + is(place + 1),
            is(place - line) + is(place + line),
            is(place - line - 1)
                + is(place - line + 1)
                + is(place + line - 1)
                + is(place + line + 1),
        )
    }

    /// The context of becoming significant (table D.1).
    #[inline]
    fn zero_context(&self, place: usize) -> usize {
        let (mut beside, mut upright, corners) = self.neighbours(place);
        if self.band == Band::High {
            return match (corners, beside + upright) {
                (3.., _) => 8,
                (2, 1..) => 7,
                (2, 0) => 6,
                (1, 2..) => 5,
                (1, 1) => 4,
                (1, 0) => 3,
                (0, 2..) => 2,
                (0, 1) => 1,
                (0, 0) => 0,
            };
        }
        if self.band == Band::HighAcross {
            std::mem::swap(&mut beside, &mut upright);
        }
        match (beside, upright, corners) {
            (2.., _, _) => 8,
            (1, 1.., _) => 7,
            (1, 0, 1..) => 6,
            (1, 0, 0) => 5,
            (0, 2.., _) => 4,
            (0, 1, _) => 3,
            (0, 0, 2..) => 2,
            (0, 0, 1) => 1,
            (0, 0, 0) => 0,
        }
    }

    /// Codes the sign of a coefficient that becomes significant (table D.3).
    fn put_sign(&mut self, place: usize) {
        let line = self.width + 2;
        let sign = |at: usize| match self.flags[at] & (SIGNIFICANT | NEGATIVE) {
            SIGNIFICANT => 1,
            3 => -1,
            _ => 0_i32,
        };
        let beside = (sign(place - 1) + sign(place + 1)).clamp(-1, 1);
        let upright = (sign(place - line) + sign(place + line)).clamp(-1, 1);
        let (context, inverted) = match (beside, upright) {
            (1, 1) => (13, 0),
            (1, 0) => (12, 0),
            (1, _) => (11, 0),
            (0, 1) => (10, 0),
            (0, 0) => (9, 0),
            (0, _) => (10, 1),
            (_, 1) => (11, 1),
            (_, 0) => (12, 1),
            (_, _) => (13, 1),
        };
        let negative = u32::from(self.flags[place] & NEGATIVE != 0);
        self.coder.put(context, negative ^ inverted);
        self.flags[place] |= SIGNIFICANT;
    }

    /// Coefficients beside significant ones (D.3.1).
    fn propagate(&mut self, plane: u32) {
        self.scan(|block, x, y| {
            let place = block.place(x, y);
            let context = block.zero_context(place);
            if block.flags[place] & SIGNIFICANT != 0 || context == 0 {
                return;
            }
            let bit = block.bit(x, y, plane);
            block.coder.put(context, bit);
            block.flags[place] |= VISITED;
            if bit == 1 {
                block.put_sign(place);
            }
        });
    }

    /// Coefficients that were significant before (D.3.3).
    fn refine(&mut self, plane: u32) {
        self.scan(|block, x, y| {
            let place = block.place(x, y);
            if block.flags[place] & (SIGNIFICANT | VISITED) != SIGNIFICANT {
                return;
            }
            let context = if block.flags[place] & REFINED != 0 {
                16
            } else if block.neighbours(place) == (0, 0, 0) {
                14
            } else {
                15
            };
            let bit = block.bit(x, y, plane);
            block.coder.put(context, bit);
            block.flags[place] |= REFINED;
        });
    }

    /// All others (D.3.4).
    fn clean_up(&mut self, plane: u32) {
        for top in (0..self.height).step_by(STRIPE) {
            for x in 0..self.width {
                self.clean_column(x, top, plane);
            }
        }
    }

    fn clean_column(&mut self, x: usize, top: usize, plane: u32) {
        let bottom = (top + STRIPE).min(self.height);
        let mut from = top;
        let untouched = bottom - top == STRIPE
            && (top..bottom).all(|y| {
                let place = self.place(x, y);
                self.flags[place] & (SIGNIFICANT | VISITED) == 0 && self.zero_context(place) == 0
            });
        if untouched {
            let Some(first) = (top..bottom).find(|y| self.bit(x, *y, plane) == 1) else {
                self.coder.put(RUN, 0);
                return;
            };
            self.coder.put(RUN, 1);
            let run = (first - top) as u32;
            self.coder.put(UNIFORM, run >> 1);
            self.coder.put(UNIFORM, run & 1);
            let place = self.place(x, first);
            self.put_sign(place);
            from = first + 1;
        }
        for y in from..bottom {
            let place = self.place(x, y);
            if self.flags[place] & (SIGNIFICANT | VISITED) == 0 {
                let context = self.zero_context(place);
                let bit = self.bit(x, y, plane);
                self.coder.put(context, bit);
                if bit == 1 {
                    self.put_sign(place);
                }
            }
        }
        for y in top..bottom {
            let place = self.place(x, y);
            self.flags[place] &= !VISITED;
        }
    }
}
