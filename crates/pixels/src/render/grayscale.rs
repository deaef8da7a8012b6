//! [`Grayscale`]: from a stored value to a tone, the grayscale pipeline of PS3.4 N.2.
//!
//! Modality LUT (PS3.3 C.11.1), then VOI LUT (C.11.2), then the polarity of MONOCHROME1 and of
//! Presentation LUT Shape (C.7.6.3.1.2, C.11.6). The linear windows are all one [`Curve::Ramp`].

use std::sync::Arc;

use super::table::Table;

/// From a stored value to a tone in `0..=255`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grayscale {
    pub(super) modality: Modality,
    /// `None` where the object has no window: the frame's own range decides.
    pub(super) voi: Option<Curve>,
    pub(super) polarity: Polarity,
}

/// From stored values to the units of the modality.
#[derive(Debug, Clone)]
pub(super) enum Modality {
    /// `slope * stored + intercept`.
    Rescale { slope: f64, intercept: f64 },
    /// Modality LUT Sequence.
    Table(Arc<Table>),
}

/// From the units of the modality to `0.0..=1.0`.
#[derive(Debug, Clone)]
pub(super) enum Curve {
    /// 0 up to `low`, 1 above `high`, a straight line between them.
    Ramp { low: f64, high: f64 },
    /// `1 / (1 + exp(-4 (x - center) / width))` (C.11.2.1.3.1).
    Sigmoid { center: f64, width: f64 },
    /// VOI LUT Sequence.
    Table(Arc<Table>),
}

/// Which end of the range is bright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Polarity {
    /// The greatest value is white.
    Normal,
    /// The least value is white.
    Inverse,
}

impl Modality {
    pub(super) const IDENTITY: Self = Self::Rescale {
        slope: 1.0,
        intercept: 0.0,
    };

    pub(super) fn apply(&self, stored: f64) -> f64 {
        match self {
            Self::Rescale { slope, intercept } => slope.mul_add(stored, *intercept),
            Self::Table(table) => f64::from(table.entry(stored)),
        }
    }

    /// The least and the greatest output for stored values from `low` to `high`.
    pub(super) fn range(&self, low: f64, high: f64) -> (f64, f64) {
        match self {
            Self::Rescale { .. } => {
                let (a, b) = (self.apply(low), self.apply(high));
                (a.min(b), a.max(b))
            }
            Self::Table(table) => table.range(low, high),
        }
    }
}

impl Curve {
    /// Linear (C.11.2.1.2.1). Widths under 1, for which its formula has no meaning, are taken as
    /// `LINEAR_EXACT`: objects with a small rescale slope have them. `None` for widths that are not
    /// positive.
    pub(super) fn linear(center: f64, width: f64) -> Option<Self> {
        if width < 1.0 {
            return Self::linear_exact(center, width);
        }
        let half = (width - 1.0) / 2.0;
        Self::ramp(center - 0.5 - half, center - 0.5 + half)
    }

    /// Linear exact (C.11.2.1.3.2); `None` for widths that are not positive.
    pub(super) fn linear_exact(center: f64, width: f64) -> Option<Self> {
        if width > 0.0 {
            Self::ramp(center - width / 2.0, center + width / 2.0)
        } else {
            None
        }
    }

    /// Sigmoid (C.11.2.1.3.1); `None` for widths that are not positive.
    pub(super) fn sigmoid(center: f64, width: f64) -> Option<Self> {
        let sane = width > 0.0 && width.is_finite() && center.is_finite();
        sane.then_some(Self::Sigmoid { center, width })
    }

    pub(super) fn ramp(low: f64, high: f64) -> Option<Self> {
        (low.is_finite() && high.is_finite()).then_some(Self::Ramp { low, high })
    }

    fn apply(&self, x: f64) -> f64 {
        match self {
            // The order of the comparisons makes NaN black and a ramp of no width a step.
            Self::Ramp { low, high } => {
                if x > *high {
                    1.0
                } else if x > *low {
                    (x - low) / (high - low)
                } else {
                    0.0
                }
            }
            Self::Sigmoid { center, width } => {
                let y = 1.0 / (1.0 + (-4.0 * (x - center) / width).exp());
                if y.is_nan() { 0.0 } else { y }
            }
            Self::Table(table) => f64::from(table.entry(x)) / table.full_scale(),
        }
    }
}

/// More than the arithmetic loses, so that 8 bits shown as they are stay what they are.
const ROUNDING_ERROR: f64 = 1e-6;

impl Grayscale {
    /// The tone of one stored value under a curve.
    pub(super) fn tone(&self, curve: &Curve, stored: f64) -> u8 {
        let bright = curve.apply(self.modality.apply(stored));
        let bright = match self.polarity {
            Polarity::Normal => bright,
            Polarity::Inverse => 1.0 - bright,
        };
        // Cut as dcmtk and most scripts around pydicom do: in dark pictures rounding would differ
        // from them visibly to a program. The cast saturates.
        bright.mul_add(255.0, ROUNDING_ERROR) as u8
    }
}

/// Tables are equal when they are one and the same: comparing their entries would cost more than
/// building a curve anew.
impl PartialEq for Modality {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Rescale { slope, intercept },
                Self::Rescale {
                    slope: other_slope,
                    intercept: other_intercept,
                },
            ) => {
                slope.to_bits() == other_slope.to_bits()
                    && intercept.to_bits() == other_intercept.to_bits()
            }
            (Self::Table(table), Self::Table(other)) => Arc::ptr_eq(table, other),
            _ => false,
        }
    }
}

impl PartialEq for Curve {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: (&f64, &f64), b: (&f64, &f64)| {
            a.0.to_bits() == b.0.to_bits() && a.1.to_bits() == b.1.to_bits()
        };
        match (self, other) {
            (
                Self::Ramp { low, high },
                Self::Ramp {
                    low: other_low,
                    high: other_high,
                },
            ) => same((low, high), (other_low, other_high)),
            (
                Self::Sigmoid { center, width },
                Self::Sigmoid {
                    center: other_center,
                    width: other_width,
                },
            ) => same((center, width), (other_center, other_width)),
            (Self::Table(table), Self::Table(other)) => Arc::ptr_eq(table, other),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tones(curve: Option<Curve>, values: &[f64]) -> Vec<u8> {
        let gray = Grayscale {
            modality: Modality::IDENTITY,
            voi: None,
            polarity: Polarity::Normal,
        };
        let curve = curve.unwrap();
        values.iter().map(|x| gray.tone(&curve, *x)).collect()
    }

    /// The pseudo-code of PS3.3 C.11.2.1.2.1 with ymin 0 and ymax 255, cut.
    fn standard_linear(x: f64, c: f64, w: f64) -> u8 {
        if x <= c - 0.5 - (w - 1.0) / 2.0 {
            0
        } else if x > c - 0.5 + (w - 1.0) / 2.0 {
            255
        } else {
            (((x - (c - 0.5)) / (w - 1.0) + 0.5) * 255.0 + 1e-6).floor() as u8
        }
    }

    #[test]
    fn linear_is_the_formula_of_the_standard() {
        for (c, w) in [
            (2048.0, 4096.0),
            (40.0, 400.0),
            (0.0, 100.0),
            (-600.0, 1600.0),
            (5.0, 2.0),
        ] {
            for x in -3000..5000 {
                let x = f64::from(x);
                assert_eq!(
                    tones(Curve::linear(c, w), &[x])[0],
                    standard_linear(x, c, w)
                );
            }
        }
    }

    #[test]
    fn linear_examples_of_the_standard() {
        // PS3.3 C.11.2.1.2.1: c=0, w=100: x <= -50 is the minimum, x > 49 the maximum;
        // c=0, w=1: x <= -0.5 and x > -0.5.
        assert_eq!(
            tones(Curve::linear(0.0, 100.0), &[-50.0, 49.0, 50.0]),
            [0, 255, 255]
        );
        assert_eq!(tones(Curve::linear(0.0, 1.0), &[-1.0, 0.0]), [0, 255]);
        assert_eq!(
            tones(Curve::linear(2048.0, 4096.0), &[0.0, 4095.0]),
            [0, 255]
        );
    }

    #[test]
    fn linear_exact_and_sigmoid_are_the_formulas_of_the_standard() {
        assert_eq!(
            tones(
                Curve::linear_exact(0.0, 100.0),
                &[-50.0, 0.0, 25.0, 50.0, 51.0]
            ),
            [0, 127, 191, 255, 255]
        );
        // 255 / (1 + exp(-4 * 25 / 100)) = 186.4
        assert_eq!(
            tones(Curve::sigmoid(0.0, 100.0), &[-1e9, 0.0, 25.0, 1e9]),
            [0, 127, 186, 255]
        );
    }

    #[test]
    fn windows_without_a_width_are_none() {
        for width in [0.0, -1.0, f64::NAN] {
            assert!(Curve::linear(1.0, width).is_none());
            assert!(Curve::linear_exact(1.0, width).is_none());
            assert!(Curve::sigmoid(1.0, width).is_none());
        }
        assert_eq!(Curve::linear(0.5, 0.5), Curve::linear_exact(0.5, 0.5));
        assert!(Curve::linear(1.0, f64::INFINITY).is_none());
    }

    #[test]
    fn not_a_number_is_black() {
        assert_eq!(tones(Curve::linear(0.0, 10.0), &[f64::NAN]), [0]);
        assert_eq!(tones(Curve::sigmoid(0.0, 10.0), &[f64::NAN]), [0]);
    }
}
