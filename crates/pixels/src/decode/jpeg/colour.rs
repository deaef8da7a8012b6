//! From planes to pixels: chroma is brought to the size of the picture and YCbCr to RGB.

use super::idct::rounded;
use super::plane::{Plane, Sample};

/// What the three components are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transform {
    /// As they should come out.
    None,
    /// Luminance and chrominance (ITU-T T.871), to be turned into red, green and blue.
    YcbcrToRgb,
}

/// The pixels of the planes, interleaved.
pub(super) fn interleave<S: Sample>(
    planes: &[Plane<S>],
    (rows, columns): (usize, usize),
    precision: u32,
    transform: Transform,
) -> Vec<S> {
    if let [plane] = planes {
        let mut pixels = Vec::with_capacity(rows * columns);
        (0..rows).for_each(|row| pixels.extend_from_slice(plane.line(row)));
        return pixels;
    }
    let count = planes.len();
    let mut pixels = vec![S::default(); rows * columns * count];
    let mut stretched: Vec<Stretch<S>> = planes
        .iter()
        .map(|plane| Stretch::new(plane, planes, columns))
        .collect();
    for (row, line) in pixels.chunks_exact_mut(columns * count).enumerate() {
        let lines: Vec<&[S]> = stretched.iter_mut().map(|plane| plane.line(row)).collect();
        match (transform, lines.as_slice()) {
            (Transform::YcbcrToRgb, [y, cb, cr]) => to_rgb(line, [y, cb, cr], precision),
            _ => mix(line, &lines),
        }
    }
    pixels
}

fn mix<S: Sample>(pixels: &mut [S], lines: &[&[S]]) {
    for (at, pixel) in pixels.chunks_exact_mut(lines.len()).enumerate() {
        for (sample, line) in pixel.iter_mut().zip(lines) {
            *sample = line[at];
        }
    }
}

/// The equations of ITU-T T.871.
fn to_rgb<S: Sample>(pixels: &mut [S], [y, cb, cr]: [&[S]; 3], precision: u32) {
    let centre = (1_u32 << (precision - 1)) as f32;
    let largest = ((1_u32 << precision) - 1) as f32;
    // In blocks, so that the arithmetic is done on vectors before the samples are mixed.
    let mut block = [[S::default(); BLOCK]; 3];
    for (((pixels, y), cb), cr) in pixels
        .chunks_mut(3 * BLOCK)
        .zip(y.chunks(BLOCK))
        .zip(cb.chunks(BLOCK))
        .zip(cr.chunks(BLOCK))
    {
        let [red, green, blue] = &mut block;
        let colours = red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut());
        for ((((red, green), blue), (y, cb)), cr) in colours.zip(y.iter().zip(cb)).zip(cr) {
            let level = |sample: S| -> f32 { sample.into() as f32 };
            let (y, cb, cr) = (level(*y), level(*cb) - centre, level(*cr) - centre);
            *red = rounded(y + 1.402 * cr, largest);
            *green = rounded(y - 0.344_136 * cb - 0.714_136 * cr, largest);
            *blue = rounded(y + 1.772 * cb, largest);
        }
        let colours = red.iter().zip(green.iter()).zip(blue.iter());
        for (pixel, ((red, green), blue)) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(colours) {
            *pixel = [*red, *green, *blue];
        }
    }
}

/// Pixels whose colours are computed at once.
const BLOCK: usize = 64;

/// A plane at the size of the picture, line by line.
///
/// Chroma of half the width or height lies between the pixels (T.871); it is interpolated with
/// weights 3/4 and 1/4, as the reference implementation of the field does. Other factors repeat.
struct Stretch<'a, S> {
    plane: &'a Plane<S>,
    columns: usize,
    /// How many pixels of the picture one sample covers: across, down.
    across: Ratio,
    down: Ratio,
    line: Vec<S>,
}

/// A ratio of sampling factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ratio {
    largest: usize,
    own: usize,
}

impl Ratio {
    const fn is(self, factor: usize) -> bool {
        self.largest == self.own * factor
    }
}

impl<'a, S: Sample> Stretch<'a, S> {
    fn new(plane: &'a Plane<S>, all: &[Plane<S>], columns: usize) -> Self {
        let largest = |of: fn(&Plane<S>) -> usize| all.iter().map(of).max().unwrap_or(1);
        let across = Ratio {
            largest: largest(|p| p.geometry.horizontal),
            own: plane.geometry.horizontal,
        };
        let down = Ratio {
            largest: largest(|p| p.geometry.vertical),
            own: plane.geometry.vertical,
        };
        Self {
            plane,
            columns,
            across,
            down,
            line: Vec::new(),
        }
    }

    fn line(&mut self, row: usize) -> &[S] {
        if self.across.is(1) && self.down.is(1) {
            return self.plane.line(row);
        }
        self.line.clear();
        let last = self.plane.geometry.height - 1;
        let near = (row * self.down.own / self.down.largest).min(last);
        let plane = self.plane;
        if self.across.is(2) && self.down.is(1) {
            widen(plane.line(near), &mut self.line);
        } else if self.across.is(2) && self.down.is(2) {
            let far = if row.is_multiple_of(2) {
                near.saturating_sub(1)
            } else {
                (near + 1).min(last)
            };
            widen_two(plane.line(near), plane.line(far), &mut self.line);
        } else {
            let source = plane.line(near);
            let end = source.len() - 1;
            let (own, largest) = (self.across.own, self.across.largest);
            self.line
                .extend((0..self.columns).map(|x| source[(x * own / largest).min(end)]));
        }
        let end = self.columns.min(self.line.len());
        &self.line[..end]
    }
}

/// Twice the width; rounding alternates so that it favours neither side.
fn widen<S: Sample>(source: &[S], target: &mut Vec<S>) {
    spread(source.len(), target, |x| source[x].into(), (1, 2, 2));
}

/// Twice the width of a line between two others.
fn widen_two<S: Sample>(near: &[S], far: &[S], target: &mut Vec<S>) {
    let far = &far[..near.len()];
    spread(
        near.len(),
        target,
        |x| near[x].into() * 3 + far[x].into(),
        (8, 7, 4),
    );
}

/// Two samples for each of `count`, three quarters of it and one of its neighbour: rounded by
/// `left` and `right`, then shifted.
#[inline(always)]
fn spread<S: Sample>(
    count: usize,
    target: &mut Vec<S>,
    sample: impl Fn(usize) -> i32,
    (left, right, shift): (i32, i32, i32),
) {
    target.resize(count * 2, S::default());
    let put = |pair: &mut [S; 2], before: i32, own: i32, after: i32| {
        pair[0] = S::from_low_bits(((own * 3 + before + left) >> shift) as u32);
        pair[1] = S::from_low_bits(((own * 3 + after + right) >> shift) as u32);
    };
    let pairs = target.as_chunks_mut::<2>().0;
    let last = count - 1;
    put(&mut pairs[0], sample(0), sample(0), sample(last.min(1)));
    if last > 0 {
        put(
            &mut pairs[last],
            sample(last.saturating_sub(1)),
            sample(last),
            sample(last),
        );
    }
    if count > 2 {
        for (x, pair) in pairs[1..last].iter_mut().enumerate() {
            put(pair, sample(x), sample(x + 1), sample(x + 2));
        }
    }
}
