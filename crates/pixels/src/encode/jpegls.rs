//! JPEG-LS (ISO/IEC 14495-1) without loss: NEAR is 0, which both transfer syntaxes of it allow
//! (PS3.5 A.4.3). The model of errors is the decoder's.

use std::cmp::Ordering;

use super::NoForm;
use crate::decode::jpegls::{
    Broken, CONTEXTS, Context, Parameters, Preset, RUN_ORDERS, RunContext, RunEnd, predict, steps,
};

/// A picture to encode.
pub(crate) struct Picture<'p> {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// Bits of a sample, 2 to 16.
    pub(crate) precision: u32,
    /// The identifiers of the components; as many as samples of a pixel.
    pub(crate) ids: &'p [u8],
    pub(crate) interleave: Interleave,
    /// Interleaved by pixel.
    pub(crate) samples: &'p [u16],
}

/// How components are mixed. Mixing by sample is written by line: what a reader gets is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interleave {
    /// A scan for each component.
    None,
    /// A line of each component in turn.
    Line,
}

impl From<Broken> for NoForm {
    fn from(_: Broken) -> Self {
        Self
    }
}

/// Encodes a picture.
pub(crate) fn encode(picture: &Picture<'_>) -> Result<Vec<u8>, NoForm> {
    let count = picture.ids.len();
    let size = |length: usize| {
        u16::try_from(length)
            .ok()
            .filter(|length| *length > 0)
            .map(u16::to_be_bytes)
            .ok_or(NoForm)
    };
    let (rows, columns) = (size(picture.rows)?, size(picture.columns)?);
    let sound = (2..=16).contains(&picture.precision)
        && (1..=4).contains(&count)
        && picture.samples.len() == picture.rows * picture.columns * count;
    if !sound {
        return Err(NoForm);
    }
    let mut out = vec![0xFF, 0xD8];
    out.extend_from_slice(&[0xFF, 0xF7, 0, 8 + 3 * count as u8, picture.precision as u8]);
    out.extend_from_slice(&rows);
    out.extend_from_slice(&columns);
    out.push(count as u8);
    for id in picture.ids {
        out.extend_from_slice(&[*id, 0x11, 0]);
    }
    let together = count > 1 && picture.interleave == Interleave::Line;
    let all: Vec<usize> = (0..count).collect();
    for components in all.chunks(if together { count } else { 1 }) {
        let length = 6 + 2 * components.len() as u8;
        out.extend_from_slice(&[0xFF, 0xDA, 0, length, components.len() as u8]);
        for component in components {
            out.extend_from_slice(&[picture.ids[*component], 0]);
        }
        // NEAR, the interleave mode, no point transform.
        out.extend_from_slice(&[0, u8::from(together), 0]);
        let mut scan = Scan::new(picture, components, out)?;
        for row in 0..picture.rows {
            scan.write_row(picture, components, row)?;
        }
        out = scan.bits.finish();
    }
    out.extend_from_slice(&[0xFF, 0xD9]);
    Ok(out)
}

struct Scan {
    bits: Bits,
    parameters: Parameters,
    contexts: Vec<Context>,
    run_contexts: [RunContext; 2],
    steps: Vec<i8>,
    run_index: Vec<usize>,
    columns: usize,
    /// For each component the line above and the line being written, one sample more at both ends.
    above: Vec<Vec<i32>>,
    current: Vec<Vec<i32>>,
}

impl Scan {
    fn new(picture: &Picture<'_>, components: &[usize], out: Vec<u8>) -> Result<Self, NoForm> {
        let preset = Preset::default().completed(picture.precision, 0)?;
        let parameters = Parameters::new(&preset, 0);
        let line = vec![0; picture.columns + 2];
        Ok(Self {
            bits: Bits::behind(out),
            contexts: vec![Context::new(&parameters); CONTEXTS],
            run_contexts: [RunContext::new(&parameters); 2],
            steps: steps(&preset, 0),
            run_index: vec![0; components.len()],
            columns: picture.columns,
            above: vec![line.clone(); components.len()],
            current: vec![line; components.len()],
            parameters,
        })
    }

    fn write_row(
        &mut self,
        picture: &Picture<'_>,
        components: &[usize],
        row: usize,
    ) -> Result<(), NoForm> {
        let count = picture.ids.len();
        let length = self.columns * count;
        let samples = &picture.samples[row * length..(row + 1) * length];
        std::mem::swap(&mut self.above, &mut self.current);
        for (at, component) in components.iter().enumerate() {
            let mut above = std::mem::take(&mut self.above[at]);
            let mut current = std::mem::take(&mut self.current[at]);
            // A.2.1: beside the ends of the line stand the samples above them.
            above[self.columns + 1] = above[self.columns];
            current[0] = above[1];
            let own = samples[*component..].iter().step_by(count);
            for (place, sample) in current[1..].iter_mut().zip(own) {
                *place = i32::from(*sample);
                if *place > self.parameters.max {
                    return Err(NoForm);
                }
            }
            let result = self.write_line(at, &above, &current);
            (self.above[at], self.current[at]) = (above, current);
            result?;
        }
        Ok(())
    }

    fn write_line(&mut self, component: usize, above: &[i32], line: &[i32]) -> Result<(), NoForm> {
        let mut x = 1;
        while x <= self.columns {
            let (left, corner, up, right) = (line[x - 1], above[x - 1], above[x], above[x + 1]);
            let context = self.context(left, up, corner, right);
            if context != 0 {
                self.regular(context, line[x], predict(left, up, corner))?;
                x += 1;
                continue;
            }
            let run = line[x..=self.columns]
                .iter()
                .take_while(|sample| **sample == left)
                .count();
            x += run;
            self.run(component, run, x > self.columns);
            if x <= self.columns {
                let used = RUN_ORDERS[self.run_index[component]];
                self.run_end(line[x], left, above[x], used)?;
                self.run_index[component] = self.run_index[component].saturating_sub(1);
                x += 1;
            }
        }
        Ok(())
    }

    /// The context of three gradients, with their sign; 0 where they are all flat (A.3).
    fn context(&self, left: i32, above: i32, corner: i32, right: i32) -> i32 {
        let step = |gradient: i32| i32::from(self.steps[(gradient + self.parameters.max) as usize]);
        (step(right - above) * 9 + step(above - corner)) * 9 + step(corner - left)
    }

    /// A sample of the regular mode (A.4 to A.6).
    fn regular(&mut self, context: i32, sample: i32, prediction: i32) -> Result<(), NoForm> {
        let sign = if context < 0 { -1 } else { 1 };
        let state = &mut self.contexts[context.unsigned_abs() as usize];
        let prediction = (prediction + sign * state.correction).clamp(0, self.parameters.max);
        let error = reduced(sign * (sample - prediction), self.parameters.range);
        let (k, order) = state.golomb(&self.parameters)?;
        let ordered = order.apply(error);
        let mapped = (ordered << 1) ^ (ordered >> 31);
        self.bits
            .golomb(mapped, k, self.parameters.limit, &self.parameters);
        state.learn(error, &self.parameters);
        Ok(())
    }

    /// The length of a run (A.7.1).
    fn run(&mut self, component: usize, mut length: usize, ends_line: bool) {
        let index = &mut self.run_index[component];
        while length >= 1 << RUN_ORDERS[*index] {
            self.bits.put(1, 1);
            length -= 1 << RUN_ORDERS[*index];
            *index = (*index + 1).min(31);
        }
        if ends_line {
            self.bits.put(u32::from(length > 0), u32::from(length > 0));
        } else {
            self.bits.put(0, 1);
            self.bits.put(length as u32, RUN_ORDERS[*index]);
        }
    }

    /// The sample that ends a run (A.7.2).
    fn run_end(&mut self, sample: i32, left: i32, above: i32, used: u32) -> Result<(), NoForm> {
        let (end, difference) = match left.cmp(&above) {
            Ordering::Equal => (RunEnd::Alike, sample - left),
            Ordering::Greater => (RunEnd::Different, above - sample),
            Ordering::Less => (RunEnd::Different, sample - above),
        };
        let error = reduced(difference, self.parameters.range);
        let state = &mut self.run_contexts[usize::from(end == RunEnd::Alike)];
        let (k, odd_is_negative) = state.golomb(end)?;
        let odd = error != 0 && (error < 0) == odd_is_negative;
        let mapped = 2 * error.abs() - i32::from(odd) - i32::from(end == RunEnd::Alike);
        let limit = self.parameters.limit - used - 1;
        self.bits.golomb(mapped, k, limit, &self.parameters);
        state.learn(error, mapped, end, &self.parameters);
        Ok(())
    }
}

/// An error modulo the range of samples, the nearest to zero (A.4.5).
const fn reduced(error: i32, range: i32) -> i32 {
    let error = if error < 0 { error + range } else { error };
    if error >= (range + 1) / 2 {
        error - range
    } else {
        error
    }
}

/// Bits of a scan: after a byte of FF the next byte has seven (A.1).
struct Bits {
    bytes: Vec<u8>,
    window: u64,
    held: u32,
    /// Bits of the next byte.
    width: u32,
}

impl Bits {
    const fn behind(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            window: 0,
            held: 0,
            width: 8,
        }
    }

    /// Appends the `count` low bits of `value`, 0 to 32. Higher ones must be zero.
    fn put(&mut self, value: u32, count: u32) {
        self.window = self.window << count | u64::from(value);
        self.held += count;
        while self.held >= self.width {
            self.held -= self.width;
            let byte = (self.window >> self.held) as u8 & (0xFF >> (8 - self.width));
            self.bytes.push(byte);
            self.width = if byte == 0xFF { 7 } else { 8 };
        }
    }

    /// A Golomb code of at most `limit` bits (A.5.3).
    fn golomb(&mut self, mapped: i32, k: u32, limit: u32, parameters: &Parameters) {
        let mapped = mapped.cast_unsigned();
        let longest = limit - parameters.error_bits - 1;
        let zeros = (mapped >> k).min(longest);
        self.put(0, zeros / 2);
        self.put(0, zeros - zeros / 2);
        self.put(1, 1);
        if zeros < longest {
            self.put(mapped & ((1 << k) - 1), k);
        } else {
            self.put(mapped - 1, parameters.error_bits);
        }
    }

    /// The bytes, the last one filled up with zeros, none of them the begin of a marker.
    fn finish(mut self) -> Vec<u8> {
        if self.held > 0 || self.width == 7 {
            self.put(0, self.width - self.held);
        }
        if self.width == 7 {
            self.bytes.push(0);
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::jpegls::decode;
    use crate::decode::raster::{Bounds, Raw};
    use obscura_core::Limits;
    use proptest::prelude::*;

    proptest! {
        /// ISO/IEC 14495-1: what is decoded is what was encoded, from flat pictures to noise.
        #[test]
        fn a_picture_comes_back(
            rows in 1_usize..24,
            columns in 1_usize..40,
            count in prop_oneof![Just(1_usize), Just(3)],
            precision in 2_u32..=16,
            spread in 0_u32..17,
            line in any::<bool>(),
            seed in any::<u32>(),
        ) {
            let mut state = seed;
            let top = (1_u32 << precision) - 1;
            let spread = (1_u32 << spread.min(precision)) - 1;
            let samples: Vec<u16> = (0..rows * columns * count)
                .map(|at| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let slope = (at / count / columns * 3) as u32;
                    (slope + (state >> 16 & spread)).min(top) as u16
                })
                .collect();
            let picture = Picture {
                rows,
                columns,
                precision,
                ids: &[1, 2, 3][..count],
                interleave: if line { Interleave::Line } else { Interleave::None },
                samples: &samples,
            };
            let coded = encode(&picture).unwrap();
            let raster = decode(&coded, 0, Bounds::new(&Limits::default())).unwrap();
            let decoded = match raster.data {
                Raw::U8(samples) => samples.into_iter().map(u16::from).collect(),
                Raw::U16(samples) => samples,
                Raw::I32(_) => Vec::new(),
            };
            prop_assert_eq!(decoded, samples);
        }
    }
}
