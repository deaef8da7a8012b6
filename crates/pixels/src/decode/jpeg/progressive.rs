//! Progressive DCT frames (ISO/IEC 10918-1 annex G): spectral selection and successive
//! approximation. Scans refine the coefficients; the blocks are transformed at the end.

use super::Broken;
use super::bits::Bits;
use super::header::{FrameHeader, ScanHeader, Tables, ZIGZAG};
use super::huffman::{Huffman, extend};
use super::idct;
use super::plane::{Geometry, Plane, Sample, mcus};

/// The coefficients of one component, 64 a block in natural order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Coefficients {
    pub(crate) geometry: Geometry,
    blocks: Vec<[i16; 64]>,
}

impl Coefficients {
    pub(super) fn new(geometry: Geometry) -> Self {
        Self {
            geometry,
            blocks: vec![[0; 64]; geometry.padded_wide * geometry.padded_high],
        }
    }

    pub(crate) fn block(&self, across: usize, down: usize) -> &[i16; 64] {
        &self.blocks[down * self.geometry.padded_wide + across]
    }

    pub(crate) fn block_mut(&mut self, across: usize, down: usize) -> &mut [i16; 64] {
        &mut self.blocks[down * self.geometry.padded_wide + across]
    }

    /// Transforms all blocks.
    pub(super) fn into_plane<S: Sample>(self, quantisers: &[u16; 64], precision: u32) -> Plane<S> {
        let factors = idct::multipliers(quantisers);
        let mut plane = Plane::new(self.geometry, precision);
        let stride = self.geometry.stride();
        for (at, coefficients) in self.blocks.iter().enumerate() {
            let (across, down) = (
                at % self.geometry.padded_wide,
                at / self.geometry.padded_wide,
            );
            let block = std::array::from_fn(|i| f32::from(coefficients[i]) * factors[i]);
            idct::inverse(&block, plane.block(across, down), stride, precision);
        }
        plane
    }
}

/// The state of one scan.
struct Scan<'a> {
    bits: Bits<'a>,
    start: usize,
    end: usize,
    low: u32,
    refine: bool,
    /// Blocks of an end-of-band run still to come.
    end_of_band: u32,
}

/// Decodes a scan into the coefficients of its components. How many of its MCUs were there, and
/// of how many.
pub(super) fn decode(
    data: &[u8],
    scan: &ScanHeader,
    frame: &FrameHeader,
    tables: &Tables,
    coefficients: &mut [Coefficients],
) -> Result<(usize, usize), Broken> {
    check(scan)?;
    let interleaved = scan.components.len() > 1;
    let (across, down) = if interleaved {
        mcus(frame)
    } else {
        let geometry = &coefficients[scan.components[0].index].geometry;
        (geometry.blocks_wide, geometry.blocks_high)
    };
    let mut state = Scan {
        bits: Bits::new(data),
        start: scan.start,
        end: scan.end,
        low: scan.low,
        refine: scan.high != 0,
        end_of_band: 0,
    };
    let mut predictions = [0_i32; 4];
    let interval = tables.restart_interval as usize;
    for mcu in 0..across * down {
        if interval > 0 && mcu > 0 && mcu.is_multiple_of(interval) {
            if !state.bits.restart() {
                return Ok((mcu, across * down));
            }
            predictions = [0; 4];
            state.end_of_band = 0;
        }
        let (x, y) = (mcu % across, mcu / across);
        for component in &scan.components {
            let target = &mut coefficients[component.index];
            let prediction = &mut predictions[component.index];
            let (wide, high) = if interleaved {
                (target.geometry.horizontal, target.geometry.vertical)
            } else {
                (1, 1)
            };
            for v in 0..high {
                for h in 0..wide {
                    let block = target.block_mut(x * wide + h, y * high + v);
                    if scan.start == 0 {
                        state.read_dc(tables.dc[component.dc].as_deref(), prediction, block)?;
                    } else {
                        let table = tables.ac[component.ac].as_deref().ok_or(Broken)?;
                        state.read_ac(table, block);
                    }
                }
            }
        }
        if state.bits.is_exhausted() {
            return Ok((mcu, across * down));
        }
    }
    Ok((across * down, across * down))
}

fn check(scan: &ScanHeader) -> Result<(), Broken> {
    let dc = scan.start == 0 && scan.end == 0;
    let ac =
        scan.start > 0 && scan.start <= scan.end && scan.end < 64 && scan.components.len() == 1;
    // Full spectral selection in a progressive frame: only DC of it can be meant by start 0.
    if (!dc && !ac) || scan.low > 13 || (scan.high != 0 && scan.high != scan.low + 1) {
        return Err(Broken);
    }
    Ok(())
}

impl Scan<'_> {
    /// One DC coefficient (G.1.2.1).
    fn read_dc(
        &mut self,
        table: Option<&Huffman>,
        prediction: &mut i32,
        block: &mut [i16; 64],
    ) -> Result<(), Broken> {
        if self.refine {
            if self.bits.take(1) == 1 {
                block[0] |= 1 << self.low;
            }
        } else {
            let difference = table.ok_or(Broken)?.difference(&mut self.bits);
            *prediction = prediction.wrapping_add(difference);
            block[0] = (*prediction << self.low) as i16;
        }
        Ok(())
    }

    fn read_ac(&mut self, table: &Huffman, block: &mut [i16; 64]) {
        if self.refine {
            self.refine_ac(table, block);
        } else {
            self.first_ac(table, block);
        }
    }

    /// The first scan of a band (G.1.2.2).
    fn first_ac(&mut self, table: &Huffman, block: &mut [i16; 64]) {
        if self.end_of_band > 0 {
            self.end_of_band -= 1;
            return;
        }
        let mut k = self.start;
        while k <= self.end {
            self.bits.refill();
            let symbol = table.value(&mut self.bits);
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run < 15 {
                    self.end_of_band = (1 << run) + self.bits.take(run as u32) - 1;
                    break;
                }
                k += 16;
                continue;
            }
            k += run;
            let value = extend(self.bits.peek(size), size);
            self.bits.skip(size);
            if k <= self.end {
                block[usize::from(ZIGZAG[k])] = (value << self.low) as i16;
            }
            k += 1;
        }
    }

    /// A refining scan of a band (G.1.2.3).
    fn refine_ac(&mut self, table: &Huffman, block: &mut [i16; 64]) {
        let mut k = self.start;
        if self.end_of_band == 0 {
            while k <= self.end {
                self.bits.refill();
                let symbol = table.value(&mut self.bits);
                let (run, size) = (u32::from(symbol >> 4), symbol & 15);
                if size == 0 && run < 15 {
                    self.end_of_band = (1 << run) + self.bits.take(run);
                    break;
                }
                let new = (size != 0).then(|| if self.bits.take(1) == 1 { 1 } else { -1 });
                k = self.refine_run(k, run, block);
                if let (Some(sign), true) = (new, k <= self.end) {
                    block[usize::from(ZIGZAG[k])] = sign * (1_i16 << self.low);
                }
                k += 1;
            }
        }
        if self.end_of_band > 0 {
            self.refine_run(k, u32::MAX, block);
            self.end_of_band -= 1;
        }
    }

    /// Corrects the coefficients that are there, over `zeros` that are not; the place of the
    /// next zero.
    fn refine_run(&mut self, from: usize, mut zeros: u32, block: &mut [i16; 64]) -> usize {
        let mut k = from;
        while k <= self.end {
            let value = &mut block[usize::from(ZIGZAG[k])];
            if *value == 0 {
                if zeros == 0 {
                    break;
                }
                zeros -= 1;
            } else if self.bits.take(1) == 1 && *value & (1 << self.low) == 0 {
                *value = value.wrapping_add(value.signum() * (1 << self.low));
            }
            k += 1;
        }
        k
    }
}
