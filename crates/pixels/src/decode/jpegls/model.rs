//! The contexts of JPEG-LS (ISO/IEC 14495-1 annex A): what was learnt of errors so far.

use super::Broken;
use super::bits::Bits;
use super::header::Preset;

/// What a scan's coding follows from (A.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameters {
    pub(crate) max: i32,
    pub(super) near: i32,
    /// 2 NEAR + 1.
    pub(super) step: i32,
    pub(crate) range: i32,
    /// Bits of a mapped error.
    pub(crate) error_bits: u32,
    /// The longest Golomb code.
    pub(crate) limit: u32,
    reset: i32,
}

impl Parameters {
    pub(crate) fn new(preset: &Preset, near: i32) -> Self {
        let step = 2 * near + 1;
        let range = (preset.max + 2 * near) / step + 1;
        let bits = bits_for(preset.max + 1).max(2);
        Self {
            max: preset.max,
            near,
            step,
            range,
            error_bits: bits_for(range),
            limit: 2 * (bits + bits.max(8)),
            reset: preset.reset,
        }
    }

    /// The sample of a prediction and its error (A.4.5).
    #[inline(always)]
    pub(super) fn reconstruct(&self, prediction: i32, error: i32) -> i32 {
        let mut sample = prediction + error * self.step;
        if sample < -self.near {
            sample += self.range * self.step;
        } else if sample > self.max + self.near {
            sample -= self.range * self.step;
        }
        sample.clamp(0, self.max)
    }

    /// A Golomb code of at most `limit` bits (A.5.3).
    #[inline(always)]
    fn golomb(&self, bits: &mut Bits<'_>, k: u32, limit: u32) -> i32 {
        let longest = limit - self.error_bits - 1;
        let zeros = bits.unary(longest);
        if zeros < longest {
            ((zeros << k) | bits.take(k)).cast_signed()
        } else {
            bits.take(self.error_bits).cast_signed() + 1
        }
    }
}

/// ceil(log2(count)).
const fn bits_for(count: i32) -> u32 {
    32 - (count - 1).leading_zeros()
}

/// One of the 365 contexts of the regular mode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    /// Sum of the errors' magnitudes.
    sum: i32,
    /// Sum of the errors.
    bias: i32,
    /// Correction of the prediction, -128 to 127.
    pub(crate) correction: i32,
    count: i32,
}

impl Context {
    pub(crate) fn new(parameters: &Parameters) -> Self {
        Self {
            sum: initial_sum(parameters),
            bias: 0,
            correction: 0,
            count: 1,
        }
    }

    /// Reads an error and learns from it (A.5, A.6).
    #[inline(always)]
    pub(super) fn error(
        &mut self,
        bits: &mut Bits<'_>,
        parameters: &Parameters,
    ) -> Result<i32, Broken> {
        let (k, order) = self.golomb(parameters)?;
        let mapped = parameters.golomb(bits, k, parameters.limit);
        let error = order.apply((mapped >> 1) ^ -(mapped & 1));
        self.learn(error, parameters);
        Ok(error)
    }

    /// The parameter of the next code, and the order of the errors in it (A.5.1, A.5.2).
    #[inline(always)]
    pub(crate) fn golomb(&self, parameters: &Parameters) -> Result<(u32, ErrorOrder), Broken> {
        let k = golomb_parameter(self.count, self.sum)?;
        let inverted = k == 0 && parameters.near == 0 && 2 * self.bias <= -self.count;
        let order = if inverted {
            ErrorOrder::NegativeFirst
        } else {
            ErrorOrder::ZeroFirst
        };
        Ok((k, order))
    }

    #[inline(always)]
    pub(crate) fn learn(&mut self, error: i32, parameters: &Parameters) {
        self.sum += error.abs();
        self.bias += error * parameters.step;
        if self.count == parameters.reset {
            self.sum >>= 1;
            self.bias >>= 1;
            self.count >>= 1;
        }
        self.count += 1;
        if self.bias <= -self.count {
            self.bias = (self.bias + self.count).max(1 - self.count);
            self.correction = (self.correction - 1).max(-128);
        } else if self.bias > 0 {
            self.bias = (self.bias - self.count).min(0);
            self.correction = (self.correction + 1).min(127);
        }
    }
}

/// Which error the shortest code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorOrder {
    /// 0, -1, 1, -2 ...
    ZeroFirst,
    /// -1, 0, -2, 1 ...
    NegativeFirst,
}

impl ErrorOrder {
    /// From one order to the other and back.
    #[inline(always)]
    pub(crate) const fn apply(self, error: i32) -> i32 {
        match self {
            Self::ZeroFirst => error,
            Self::NegativeFirst => -1 - error,
        }
    }
}

/// What stands beside a sample that ends a run (A.7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunEnd {
    /// The neighbours differ.
    Different,
    /// The neighbours are alike.
    Alike,
}

/// One of the two contexts of samples that end a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunContext {
    sum: i32,
    count: i32,
    negative: i32,
}

impl RunContext {
    pub(crate) fn new(parameters: &Parameters) -> Self {
        Self {
            sum: initial_sum(parameters),
            count: 1,
            negative: 0,
        }
    }

    /// Reads the error of a sample that ends a run. `used` bits of the code's limit are taken by
    /// the run itself.
    pub(super) fn error(
        &mut self,
        bits: &mut Bits<'_>,
        parameters: &Parameters,
        end: RunEnd,
        used: u32,
    ) -> Result<i32, Broken> {
        let kind = i32::from(end == RunEnd::Alike);
        let (k, odd_is_negative) = self.golomb(end)?;
        let mapped = parameters.golomb(bits, k, parameters.limit - used - 1);
        let shifted = mapped + kind;
        let odd = shifted & 1 == 1;
        let magnitude = (shifted + 1) >> 1;
        let negative = odd_is_negative == odd;
        let error = if negative { -magnitude } else { magnitude };
        self.learn(error, mapped, end, parameters);
        Ok(error)
    }

    /// The parameter of the next code, and whether its odd numbers are the negative errors.
    pub(crate) fn golomb(&self, end: RunEnd) -> Result<(u32, bool), Broken> {
        let kind = i32::from(end == RunEnd::Alike);
        let k = golomb_parameter(self.count, self.sum + (self.count >> 1) * kind)?;
        Ok((k, k != 0 || 2 * self.negative >= self.count))
    }

    pub(crate) fn learn(&mut self, error: i32, mapped: i32, end: RunEnd, parameters: &Parameters) {
        let kind = i32::from(end == RunEnd::Alike);
        if error < 0 {
            self.negative += 1;
        }
        self.sum += (mapped + 1 - kind) >> 1;
        if self.count == parameters.reset {
            self.sum >>= 1;
            self.count >>= 1;
            self.negative >>= 1;
        }
        self.count += 1;
    }
}

fn initial_sum(parameters: &Parameters) -> i32 {
    ((parameters.range + 32) / 64).max(2)
}

/// The least k with count 2^k not below sum (A.5.1).
#[inline(always)]
fn golomb_parameter(count: i32, sum: i32) -> Result<u32, Broken> {
    let mut k = 0;
    while (count << k) < sum {
        k += 1;
        if k > 24 {
            return Err(Broken);
        }
    }
    Ok(k)
}

/// Orders of run lengths (A.2.1, table J).
pub(crate) const RUN_ORDERS: [u32; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
];
