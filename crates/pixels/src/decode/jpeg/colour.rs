//! From planes to pixels: chroma is brought to the size of the picture and YCbCr to RGB.

use super::plane::{Plane, Sample};

/// What the three components are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transform {
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

/// The equations of ITU-T T.871 in 16-bit fixed point.
fn to_rgb<S: Sample>(pixels: &mut [S], [y, cb, cr]: [&[S]; 3], precision: u32) {
    const HALF: i32 = 1 << 15;
    let centre = 1_i32 << (precision - 1);
    let largest = (1_i32 << precision) - 1;
    for (((pixel, y), cb), cr) in pixels.chunks_exact_mut(3).zip(y).zip(cb).zip(cr) {
        let y: i32 = (*y).into();
        let cb: i32 = (*cb).into() - centre;
        let cr: i32 = (*cr).into() - centre;
        let red = y + ((91_881 * cr + HALF) >> 16);
        let green = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
        let blue = y + ((116_130 * cb + HALF) >> 16);
        pixel[0] = S::from_low_bits(red.clamp(0, largest) as u32);
        pixel[1] = S::from_low_bits(green.clamp(0, largest) as u32);
        pixel[2] = S::from_low_bits(blue.clamp(0, largest) as u32);
    }
}

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
    let last = source.len() - 1;
    for (x, sample) in source.iter().enumerate() {
        let own: i32 = (*sample).into() * 3;
        let left: i32 = source[x.saturating_sub(1)].into();
        let right: i32 = source[(x + 1).min(last)].into();
        target.push(S::from_low_bits(((own + left + 1) >> 2) as u32));
        target.push(S::from_low_bits(((own + right + 2) >> 2) as u32));
    }
}

/// Twice the width of a line between two others.
fn widen_two<S: Sample>(near: &[S], far: &[S], target: &mut Vec<S>) {
    let last = near.len() - 1;
    let column = |x: usize| -> i32 { near[x].into() * 3 + far[x].into() };
    for x in 0..near.len() {
        let own = column(x) * 3;
        let left = column(x.saturating_sub(1));
        let right = column((x + 1).min(last));
        target.push(S::from_low_bits(((own + left + 8) >> 4) as u32));
        target.push(S::from_low_bits(((own + right + 7) >> 4) as u32));
    }
}
