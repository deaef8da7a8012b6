//! [`Fills`]: what the rectangles of a frame are filled with.
//!
//! Text that was burned in stands either on a plate of one colour (a banner, a black margin) or
//! over the picture. On a plate the plate's own colour is put back: neither text nor an edge stays
//! to be seen. Over the picture a patch must not look like a finding: it is filled with what is
//! displayed darkest, because a black rectangle with straight edges can never be taken for anatomy,
//! and a grey one can be taken for a cyst.

use crate::area::Area;
use crate::blank::cover::{Cover, Mask};
use crate::blank::dark::Dark;
use crate::frame::{Frame, Samples};

/// Pixels around a rectangle that are looked at: text that was smoothed reaches one pixel further
/// than it seems.
const RING: u32 = 2;
/// Pixels of a ring that are looked at, at most, evenly spread.
const MOST_SEEN: usize = 4096;

/// How exactly the frame has the values it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noise {
    /// As they were: a plate is flat.
    None,
    /// A lossy coding has disturbed them, most where text stands on a plate.
    Coded,
}

impl Noise {
    /// How much of the ring must be alike, and within which part of the frame's range. Noise of
    /// tissue passes both: its spread is several parts in a hundred of the range.
    const fn tolerance(self) -> (f64, f64) {
        match self {
            Self::None => (0.95, 1.0 / 256.0),
            Self::Coded => (0.90, 1.0 / 32.0),
        }
    }
}

/// The fill of each rectangle of a cover.
#[derive(Debug, Clone)]
pub(super) struct Fills {
    pub(super) cover: Cover,
    /// A value for each sample, by rectangle; values as a [`Frame`] has them.
    values: Vec<[f64; 3]>,
    /// Least and greatest value of the frame before and after.
    before: (f64, f64),
    after: (f64, f64),
}

impl Fills {
    /// Decides the fill of each rectangle.
    pub(super) fn decide(frame: &Frame, areas: &[Area], dark: &Dark, noise: Noise) -> Self {
        let cover = Cover::new(areas, frame.columns, frame.rows);
        match &frame.samples {
            Samples::U8(samples) => decide(frame, samples, cover, dark, noise),
            Samples::U16(samples) => decide(frame, samples, cover, dark, noise),
            Samples::I16(samples) => decide(frame, samples, cover, dark, noise),
            Samples::U32(samples) => decide(frame, samples, cover, dark, noise),
            Samples::I32(samples) => decide(frame, samples, cover, dark, noise),
            Samples::F32(samples) => decide(frame, samples, cover, dark, noise),
            Samples::F64(samples) => decide(frame, samples, cover, dark, noise),
        }
    }

    /// The values of the rectangle at a position of the cover.
    pub(super) fn of(&self, at: usize) -> [f64; 3] {
        self.values[at]
    }

    /// Whether the least and the greatest value of the frame are what they were.
    pub(super) fn keeps_extremes(&self) -> bool {
        self.before == self.after
    }
}

fn decide<T: Copy + Into<f64>>(
    frame: &Frame,
    samples: &[T],
    cover: Cover,
    dark: &Dark,
    noise: Noise,
) -> Fills {
    let mask = cover.mask();
    let per_pixel = usize::from(frame.samples_per_pixel);
    let mut outside = Extremes::default();
    let mut inside = Extremes::default();
    let mut darkest = dark.search();
    let mut darkest_inside = dark.search();
    for (pixel, values) in samples.chunks_exact(per_pixel).enumerate() {
        let (extremes, darkest) = if mask.covers(pixel) {
            (&mut inside, &mut darkest_inside)
        } else {
            (&mut outside, &mut darkest)
        };
        for value in values {
            extremes.add((*value).into());
        }
        darkest.add(values[0].into());
    }
    // Of a frame that is covered whole only what was covered can tell.
    let black = darkest.result().or(darkest_inside.result());
    let black = black.unwrap_or_default();
    let (share, part) = noise.tolerance();
    let tolerance = if dark.is_index() {
        0.0
    } else {
        outside.range() * part
    };
    let ring = |area: &Area| {
        let pixels = ring_of(area, &cover, &mask);
        plain(samples, per_pixel, &pixels, share, tolerance)
    };
    let values: Vec<[f64; 3]> = cover
        .areas()
        .iter()
        .map(|area| ring(area).unwrap_or(black))
        .collect();
    let mut after = outside;
    for value in values.iter().flat_map(|values| &values[..per_pixel.min(3)]) {
        after.add(*value);
    }
    Fills {
        before: outside.with(&inside).pair(),
        after: after.pair(),
        cover,
        values,
    }
}

/// The pixels around a rectangle that no rectangle covers.
fn ring_of(area: &Area, cover: &Cover, mask: &Mask) -> Vec<usize> {
    let around = area.grown(RING);
    let (right, bottom) = (
        around.right().min(cover.columns()),
        around.bottom().min(cover.rows()),
    );
    let wide = u64::from(right - around.x);
    let tall = u64::from(bottom - around.y);
    let total = (wide * tall).saturating_sub(area.pixels());
    let step = (total as usize).div_ceil(MOST_SEEN).max(1);
    let beside = (around.x..area.x).chain(area.right()..right);
    let mut pixels = Vec::new();
    let mut count = 0_usize;
    let mut see = |x: u32, y: u32| {
        count += 1;
        let pixel = y as usize * cover.columns() as usize + x as usize;
        if count.is_multiple_of(step) && !mask.covers(pixel) {
            pixels.push(pixel);
        }
    };
    for y in around.y..bottom {
        if y < area.y || y >= area.bottom() {
            (around.x..right).for_each(|x| see(x, y));
        } else {
            beside.clone().for_each(|x| see(x, y));
        }
    }
    pixels
}

/// The colour of a ring, if it has one.
fn plain<T: Copy + Into<f64>>(
    samples: &[T],
    per_pixel: usize,
    pixels: &[usize],
    share: f64,
    tolerance: f64,
) -> Option<[f64; 3]> {
    if pixels.is_empty() {
        return None;
    }
    let value = |pixel: usize, sample: usize| -> f64 { samples[pixel * per_pixel + sample].into() };
    let mut median = [0.0; 3];
    for (sample, median) in median.iter_mut().enumerate().take(per_pixel) {
        let mut values: Vec<f64> = pixels.iter().map(|pixel| value(*pixel, sample)).collect();
        let middle = values.len() / 2;
        let (_, found, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
        *median = *found;
    }
    let alike = pixels
        .iter()
        .filter(|pixel| {
            (0..per_pixel.min(3)).all(|c| (value(**pixel, c) - median[c]).abs() <= tolerance)
        })
        .count();
    (alike as f64 >= pixels.len() as f64 * share).then_some(median)
}

/// Least and greatest value; what is no number does not count.
#[derive(Debug, Clone, Copy)]
struct Extremes {
    least: f64,
    greatest: f64,
}

impl Default for Extremes {
    fn default() -> Self {
        Self {
            least: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
        }
    }
}

impl Extremes {
    #[inline]
    fn add(&mut self, value: f64) {
        // Comparisons with what is no number are false.
        if value < self.least {
            self.least = value;
        }
        if value > self.greatest {
            self.greatest = value;
        }
    }

    fn with(mut self, other: &Self) -> Self {
        self.add(other.least);
        self.add(other.greatest);
        self
    }

    fn range(&self) -> f64 {
        (self.greatest - self.least).max(0.0)
    }

    const fn pair(&self) -> (f64, f64) {
        (self.least, self.greatest)
    }
}
