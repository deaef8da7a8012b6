//! Scans of JPEG-LS (ISO/IEC 14495-1 annex A, B): lines from contexts, runs and errors.

use super::Broken;
use super::bits::Bits;
use super::header::{Interleave, Preset, ScanHeader};
use super::model::{Context, Parameters, RUN_ORDERS, RunContext, RunEnd};

/// Contexts of the regular mode: nine steps of each of three gradients, halved by their sign.
pub(crate) const CONTEXTS: usize = 365;

/// The state of a scan.
pub(super) struct Scan<'a> {
    bits: Bits<'a>,
    parameters: Parameters,
    contexts: [Context; CONTEXTS],
    run_contexts: [RunContext; 2],
    /// The step of each gradient from `-max` to `max`.
    steps: Vec<i8>,
    /// The order of run lengths, for each component where lines are mixed.
    run_index: Vec<usize>,
    interleave: Interleave,
    columns: usize,
    /// For each component the line above and the line being read, one sample more at both ends.
    above: Vec<Vec<i32>>,
    current: Vec<Vec<i32>>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(
        data: &'a [u8],
        header: &ScanHeader,
        preset: &Preset,
        columns: usize,
    ) -> Self {
        let parameters = Parameters::new(preset, header.near);
        let count = header.components.len();
        Self {
            bits: Bits::new(data),
            contexts: [Context::new(&parameters); CONTEXTS],
            run_contexts: [RunContext::new(&parameters); 2],
            steps: steps(preset, header.near),
            run_index: vec![0; count],
            interleave: header.interleave,
            columns,
            above: vec![vec![0; columns + 2]; count],
            current: vec![vec![0; columns + 2]; count],
            parameters,
        }
    }

    /// Begins anew behind a restart marker.
    pub(super) fn restart(&mut self) -> bool {
        self.contexts = [Context::new(&self.parameters); CONTEXTS];
        self.run_contexts = [RunContext::new(&self.parameters); 2];
        self.run_index.fill(0);
        self.current.iter_mut().for_each(|line| line.fill(0));
        self.bits.restart()
    }

    /// Reads the next line of all components. `false` if the data ended in it.
    pub(super) fn read_line(&mut self) -> Result<bool, Broken> {
        std::mem::swap(&mut self.above, &mut self.current);
        for (above, current) in self.above.iter_mut().zip(&mut self.current) {
            // A.2.1: beside the ends of the line stand the samples above them.
            above[self.columns + 1] = above[self.columns];
            current[0] = above[1];
        }
        if self.interleave == Interleave::Sample {
            self.read_mixed()?;
        } else {
            for component in 0..self.current.len() {
                self.read_single(component)?;
            }
        }
        Ok(!self.bits.is_exhausted())
    }

    /// The line that was read last.
    pub(super) fn line(&self, component: usize) -> &[i32] {
        &self.current[component][1..=self.columns]
    }

    /// The context of three gradients, with their sign; 0 where they are all flat.
    #[inline(always)]
    fn context(&self, left: i32, above: i32, corner: i32, right: i32) -> i32 {
        let step = |gradient: i32| i32::from(self.steps[(gradient + self.parameters.max) as usize]);
        (step(right - above) * 9 + step(above - corner)) * 9 + step(corner - left)
    }

    /// A sample of the regular mode (A.4 to A.6).
    #[inline(always)]
    fn regular(&mut self, context: i32, left: i32, above: i32, corner: i32) -> Result<i32, Broken> {
        let prediction = predict(left, above, corner);
        let sign = if context < 0 { -1 } else { 1 };
        let state = &mut self.contexts[context.unsigned_abs() as usize];
        let prediction = (prediction + sign * state.correction).clamp(0, self.parameters.max);
        let error = state.error(&mut self.bits, &self.parameters)?;
        Ok(self.parameters.reconstruct(prediction, sign * error))
    }

    /// A line of one component.
    fn read_single(&mut self, component: usize) -> Result<(), Broken> {
        let above = std::mem::take(&mut self.above[component]);
        let mut current = std::mem::take(&mut self.current[component]);
        let result = self.read_samples(component, &above, &mut current);
        self.above[component] = above;
        self.current[component] = current;
        result
    }

    fn read_samples(
        &mut self,
        component: usize,
        above: &[i32],
        line: &mut [i32],
    ) -> Result<(), Broken> {
        let mut x = 1;
        let mut left = line[0];
        while x <= self.columns {
            let (corner, up, right) = (above[x - 1], above[x], above[x + 1]);
            let context = self.context(left, up, corner, right);
            if context != 0 {
                left = self.regular(context, left, up, corner)?;
                line[x] = left;
                x += 1;
                continue;
            }
            let length = self.run(component, self.columns + 1 - x);
            line[x..x + length].fill(left);
            x += length;
            if x <= self.columns {
                let used = RUN_ORDERS[self.run_index[component]];
                left = self.run_end(left, above[x], used)?;
                line[x] = left;
                self.shorten_runs(component);
                x += 1;
            }
            if self.bits.is_exhausted() {
                break;
            }
        }
        Ok(())
    }

    /// A line of pixels whose components are mixed by sample (B.3).
    fn read_mixed(&mut self) -> Result<(), Broken> {
        let count = self.current.len();
        let mut x = 1;
        while x <= self.columns {
            let mut contexts = [0; 4];
            for (c, context) in contexts.iter_mut().enumerate().take(count) {
                let above = &self.above[c];
                *context =
                    self.context(self.current[c][x - 1], above[x], above[x - 1], above[x + 1]);
            }
            if contexts != [0; 4] {
                for (c, context) in contexts.into_iter().enumerate().take(count) {
                    let (left, up) = (self.current[c][x - 1], self.above[c][x]);
                    self.current[c][x] = self.regular(context, left, up, self.above[c][x - 1])?;
                }
                x += 1;
                continue;
            }
            let length = self.run(0, self.columns + 1 - x);
            for line in &mut self.current {
                let left = line[x - 1];
                line[x..x + length].fill(left);
            }
            x += length;
            if x <= self.columns {
                let used = RUN_ORDERS[self.run_index[0]];
                for c in 0..count {
                    let (left, up) = (self.current[c][x - 1], self.above[c][x]);
                    self.current[c][x] = self.run_end_different(left, up, used)?;
                }
                self.shorten_runs(0);
                x += 1;
            }
            if self.bits.is_exhausted() {
                break;
            }
        }
        Ok(())
    }

    /// The length of a run, `room` at most (A.7.1).
    fn run(&mut self, component: usize, room: usize) -> usize {
        let mut length = 0;
        while self.bits.take(1) == 1 {
            let order = RUN_ORDERS[self.run_index[component]];
            let whole = 1_usize << order;
            if length + whole <= room {
                length += whole;
                self.run_index[component] = (self.run_index[component] + 1).min(31);
            } else {
                length = room;
            }
            if length == room {
                return room;
            }
        }
        let rest = self.bits.take(RUN_ORDERS[self.run_index[component]]) as usize;
        (length + rest).min(room)
    }

    fn shorten_runs(&mut self, component: usize) {
        self.run_index[component] = self.run_index[component].saturating_sub(1);
    }

    /// The sample that ends a run (A.7.2).
    fn run_end(&mut self, left: i32, above: i32, used: u32) -> Result<i32, Broken> {
        if (left - above).abs() > self.parameters.near {
            return self.run_end_different(left, above, used);
        }
        let error =
            self.run_contexts[1].error(&mut self.bits, &self.parameters, RunEnd::Alike, used)?;
        Ok(self.parameters.reconstruct(left, error))
    }

    fn run_end_different(&mut self, left: i32, above: i32, used: u32) -> Result<i32, Broken> {
        let error = self.run_contexts[0].error(
            &mut self.bits,
            &self.parameters,
            RunEnd::Different,
            used,
        )?;
        let sign = if left > above { -1 } else { 1 };
        Ok(self.parameters.reconstruct(above, sign * error))
    }
}

/// The median edge detector (A.4.1).
#[inline(always)]
pub(crate) fn predict(left: i32, above: i32, corner: i32) -> i32 {
    let (low, high) = if left < above {
        (left, above)
    } else {
        (above, left)
    };
    if corner >= high {
        low
    } else if corner <= low {
        high
    } else {
        left + above - corner
    }
}

/// The step of every gradient (A.3.3).
pub(crate) fn steps(preset: &Preset, near: i32) -> Vec<i8> {
    let [t1, t2, t3] = preset.thresholds;
    (-preset.max..=preset.max)
        .map(|gradient| {
            let magnitude = gradient.abs();
            let step = if magnitude <= near {
                0
            } else if magnitude < t1 {
                1
            } else if magnitude < t2 {
                2
            } else if magnitude < t3 {
                3
            } else {
                4
            };
            if gradient < 0 { -step } else { step }
        })
        .collect()
}
