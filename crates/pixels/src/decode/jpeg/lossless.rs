//! Lossless frames, process 14 (ISO/IEC 10918-1 annex H): Huffman-coded differences from a
//! prediction, any of the seven predictors, 2 to 16 bits, point transform.

use super::Broken;
use super::bits::Bits;
use super::header::{FrameHeader, ScanHeader, Tables};
use super::huffman::Huffman;

/// Decodes a scan into `pixels`, the frame's samples interleaved by pixel. How many of the
/// lines were there, and of how many.
///
/// All components have one size: lossless images of the field are not subsampled.
pub(super) fn decode(
    data: &[u8],
    scan: &ScanHeader,
    frame: &FrameHeader,
    tables: &Tables,
    pixels: &mut [u16],
) -> Result<(usize, usize), Broken> {
    if !(1..=7).contains(&scan.start) || scan.low >= frame.precision {
        return Err(Broken);
    }
    let huffman = scan
        .components
        .iter()
        .map(|component| tables.dc[component.dc].as_deref().ok_or(Broken))
        .collect::<Result<Vec<_>, _>>()?;
    let indices: Vec<usize> = scan
        .components
        .iter()
        .map(|component| component.index)
        .collect();
    let columns = frame.columns as usize;
    let rows = frame.rows as usize;
    // Restarts stand between lines only (H.1.1).
    let restart_lines = tables.restart_interval as usize / columns;
    if !(tables.restart_interval as usize).is_multiple_of(columns) {
        return Err(Broken);
    }
    let mut lines = Lines {
        huffman,
        columns,
        predictor: scan.start,
        origin: 1 << (frame.precision - 1 - scan.low),
        above: vec![vec![0; columns]; indices.len()],
        current: vec![vec![0; columns]; indices.len()],
    };
    let mut bits = Bits::new(data);
    let mut fresh = 0;
    for row in 0..rows {
        if restart_lines > 0 && row > 0 && row % restart_lines == 0 {
            if !bits.restart() {
                return Ok((row, rows));
            }
            fresh = row;
        }
        lines.read_line(&mut bits, row == fresh);
        if bits.is_exhausted() {
            return Ok((row, rows));
        }
        lines.store(pixels, row, frame.components.len(), &indices, scan.low);
    }
    Ok((rows, rows))
}

/// The line being read and the one above it, for each component of the scan.
struct Lines<'a> {
    huffman: Vec<&'a Huffman>,
    columns: usize,
    predictor: usize,
    /// The prediction of the first sample (H.1.2.1).
    origin: i32,
    above: Vec<Vec<i32>>,
    current: Vec<Vec<i32>>,
}

impl Lines<'_> {
    /// Reads a line; the first one after the start or a restart is predicted from its left.
    fn read_line(&mut self, bits: &mut Bits<'_>, first: bool) {
        std::mem::swap(&mut self.above, &mut self.current);
        if first {
            self.read_samples(bits, |left, _, _| left, self.origin);
            return;
        }
        match self.predictor {
            1 => self.read_samples_from_above(bits, |left, _, _| left),
            2 => self.read_samples_from_above(bits, |_, above, _| above),
            3 => self.read_samples_from_above(bits, |_, _, corner| corner),
            4 => self.read_samples_from_above(bits, |left, above, corner| left + above - corner),
            5 => self.read_samples_from_above(bits, |left, above, corner| {
                left + ((above - corner) >> 1)
            }),
            6 => self.read_samples_from_above(bits, |left, above, corner| {
                above + ((left - corner) >> 1)
            }),
            _ => self.read_samples_from_above(bits, |left, above, _| (left + above) >> 1),
        }
    }

    /// The first line: `origin`, then `predict` of the left neighbour.
    fn read_samples(
        &mut self,
        bits: &mut Bits<'_>,
        predict: impl Fn(i32, i32, i32) -> i32,
        origin: i32,
    ) {
        for x in 0..self.columns {
            for (line, table) in self.current.iter_mut().zip(&self.huffman) {
                let prediction = if x == 0 {
                    origin
                } else {
                    predict(line[x - 1], 0, 0)
                };
                line[x] = (prediction + table.difference(bits)) & 0xFFFF;
            }
        }
    }

    /// Any other line: its first sample is predicted from above.
    #[inline(always)]
    fn read_samples_from_above(
        &mut self,
        bits: &mut Bits<'_>,
        predict: impl Fn(i32, i32, i32) -> i32,
    ) {
        if let ([line], [above], [table]) = (
            self.current.as_mut_slice(),
            self.above.as_slice(),
            self.huffman.as_slice(),
        ) {
            let mut corner = above[0];
            let mut left = (corner + table.difference(bits)) & 0xFFFF;
            line[0] = left;
            for (sample, above) in line[1..].iter_mut().zip(&above[1..]) {
                left = (predict(left, *above, corner) + table.difference(bits)) & 0xFFFF;
                corner = *above;
                *sample = left;
            }
            return;
        }
        for x in 0..self.columns {
            for ((line, above), table) in
                self.current.iter_mut().zip(&self.above).zip(&self.huffman)
            {
                let prediction = if x == 0 {
                    above[0]
                } else {
                    predict(line[x - 1], above[x], above[x - 1])
                };
                line[x] = (prediction + table.difference(bits)) & 0xFFFF;
            }
        }
    }

    fn store(
        &self,
        pixels: &mut [u16],
        row: usize,
        samples: usize,
        indices: &[usize],
        point_transform: u32,
    ) {
        let line = &mut pixels[row * self.columns * samples..(row + 1) * self.columns * samples];
        for (values, index) in self.current.iter().zip(indices) {
            for (pixel, value) in line[*index..].iter_mut().step_by(samples).zip(values) {
                *pixel = (*value << point_transform) as u16;
            }
        }
    }
}
