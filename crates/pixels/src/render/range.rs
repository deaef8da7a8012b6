//! The range of a frame's stored values, for objects without a window.
//!
//! Pixel padding (PS3.3 C.7.5.1.1.2) is left out, as the standard asks of displays: a padding
//! value far below the data would otherwise wash the picture out.

use obscura_dicom::Tag;

use crate::Samples;

use super::attributes::Attributes;

const PIXEL_PADDING_VALUE: Tag = Tag(0x0028, 0x0120);
const PIXEL_PADDING_RANGE_LIMIT: Tag = Tag(0x0028, 0x0121);
const FLOAT_PADDING: [Tag; 2] = [Tag(0x0028, 0x0122), Tag(0x0028, 0x0123)];
const FLOAT_PADDING_LIMIT: [Tag; 2] = [Tag(0x0028, 0x0124), Tag(0x0028, 0x0125)];

/// Pixel Padding Value and Pixel Padding Range Limit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Padding {
    /// Both ends as stored: their sign is the pixels'.
    words: Option<(u16, u16)>,
    /// Both ends for float pixel data.
    floats: Option<(f64, f64)>,
}

impl Padding {
    pub(super) fn read(data: Attributes<'_, '_>) -> Self {
        let word = |tag| data.words(tag).first().copied();
        let words = word(PIXEL_PADDING_VALUE)
            .map(|value| (value, word(PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value)));
        let float = |tags: [Tag; 2]| tags.into_iter().find_map(|tag| data.number(tag));
        let floats =
            float(FLOAT_PADDING).map(|value| (value, float(FLOAT_PADDING_LIMIT).unwrap_or(value)));
        Self { words, floats }
    }

    /// The least and greatest padding value of unsigned pixels of this many bits.
    fn unsigned(self, bits: u16) -> Option<(i64, i64)> {
        let mask = ((1_u32 << bits.clamp(1, 16)) - 1) as u16;
        self.words
            .map(|(a, b)| ordered(i64::from(a & mask), i64::from(b & mask)))
    }

    /// The least and greatest padding value of signed pixels of this many bits.
    fn signed(self, bits: u16) -> Option<(i64, i64)> {
        let unused = 16 - bits.clamp(1, 16);
        let extend = |word: u16| i64::from((word << unused) as i16 >> unused);
        self.words.map(|(a, b)| ordered(extend(a), extend(b)))
    }
}

fn ordered<T: PartialOrd>(a: T, b: T) -> (T, T) {
    if b < a { (b, a) } else { (a, b) }
}

/// The least and the greatest stored value that is not padding; of a frame that is all padding,
/// those of the padding. `None` for a frame without finite values.
pub(super) fn of(samples: &Samples, bits: u16, padding: Padding) -> Option<(f64, f64)> {
    match samples {
        Samples::U8(samples) => integers(samples, padding.unsigned(bits)),
        Samples::U16(samples) => integers(samples, padding.unsigned(bits)),
        Samples::I16(samples) => integers(samples, padding.signed(bits)),
        Samples::U32(samples) => integers(samples, padding.unsigned(bits)),
        Samples::I32(samples) => integers(samples, padding.signed(bits)),
        Samples::F32(samples) => floats(samples.iter().map(|s| f64::from(*s)), padding.floats),
        Samples::F64(samples) => floats(samples.iter().copied(), padding.floats),
    }
}

fn integers<S: Copy + Ord + Into<i64>>(
    samples: &[S],
    padding: Option<(i64, i64)>,
) -> Option<(f64, f64)> {
    let whole = (*samples.iter().min()?, *samples.iter().max()?);
    let (low, high): (i64, i64) = (whole.0.into(), whole.1.into());
    let bounds = |low: i64, high: i64| Some((low as f64, high as f64));
    // Padding between the ends does not change them.
    let Some(padding) =
        padding.filter(|p| (p.0..=p.1).contains(&low) || (p.0..=p.1).contains(&high))
    else {
        return bounds(low, high);
    };
    let mut kept: Option<(i64, i64)> = None;
    for sample in samples {
        let sample: i64 = (*sample).into();
        if !(padding.0..=padding.1).contains(&sample) {
            let (least, greatest) = kept.unwrap_or((sample, sample));
            kept = Some((least.min(sample), greatest.max(sample)));
        }
    }
    let (low, high) = kept.unwrap_or((low, high));
    bounds(low, high)
}

fn floats(
    samples: impl Iterator<Item = f64> + Clone,
    padding: Option<(f64, f64)>,
) -> Option<(f64, f64)> {
    let range = |samples: &mut dyn Iterator<Item = f64>| {
        let sample = samples.next()?;
        Some(samples.fold((sample, sample), |(low, high), s| (low.min(s), high.max(s))))
    };
    let finite = samples.filter(|s| s.is_finite());
    let is_padding = |s: f64| {
        padding.is_some_and(|(a, b)| {
            let (low, high) = ordered(a, b);
            low <= s && s <= high
        })
    };
    range(&mut finite.clone().filter(|s| !is_padding(*s))).or_else(|| range(&mut finite.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(value: u16, limit: u16) -> Padding {
        Padding {
            words: Some((value, limit)),
            floats: None,
        }
    }

    #[test]
    fn padding_is_left_out_of_the_range() {
        let samples = Samples::I16(vec![-2000, 5, -3, 90]);
        assert_eq!(of(&samples, 16, Padding::default()), Some((-2000.0, 90.0)));
        let padding = words(-2000_i16 as u16, -2000_i16 as u16);
        assert_eq!(of(&samples, 16, padding), Some((-3.0, 90.0)));
        // The range limit may stand on either side (C.7.5.1.1.2).
        let padding = words(0, -3000_i16 as u16);
        assert_eq!(of(&samples, 16, padding), Some((5.0, 90.0)));
        let padding = words(63_536, 63_536);
        assert_eq!(
            of(&Samples::U16(vec![63_536, 4, 9]), 16, padding),
            Some((4.0, 9.0))
        );
    }

    #[test]
    fn padding_has_the_bits_of_the_pixels() {
        // -2048 as 12 stored bits, written without its sign.
        let samples = Samples::I16(vec![-2048, 5, 90]);
        assert_eq!(of(&samples, 12, words(0x0800, 0x0800)), Some((5.0, 90.0)));
    }

    #[test]
    fn a_frame_of_padding_alone_has_its_range() {
        assert_eq!(
            of(&Samples::U8(vec![7, 7]), 8, words(7, 7)),
            Some((7.0, 7.0))
        );
    }

    #[test]
    fn floats_that_are_not_finite_do_not_count() {
        let padding = Padding {
            words: None,
            floats: Some((-1.0, -5.0)),
        };
        let samples = vec![f32::NAN, f32::INFINITY, -3.0, 2.0, 8.0];
        assert_eq!(of(&Samples::F32(samples), 32, padding), Some((2.0, 8.0)));
        assert_eq!(of(&Samples::F64(vec![f64::NAN]), 64, padding), None);
    }
}
