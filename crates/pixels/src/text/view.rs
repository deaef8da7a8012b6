//! [`Views`]: one frame as the search for text looks at it.
//!
//! Text can be plain to a viewer and faint to a network, or lie in a window of grays that no
//! default display shows. So a frame is looked at in three ways: its *planes* hold what is stored,
//! at full depth; the *shown* picture is what a viewer first shows; the *local* picture stretches
//! every neighbourhood to the full range of grays, whatever the window.

use super::port::Plane;
use crate::render::{Display, Picture, RenderError};
use crate::{Area, Frame, Samples};

/// Half of the side of the neighbourhood that the local picture is stretched in.
const REACH: usize = 16;
/// Deviations from the neighbourhood's mean that become black and white.
const STRETCH: f32 = 2.5;

/// One frame in the ways it is looked at.
#[derive(Debug)]
pub(super) struct Views {
    /// Stored values of gray frames; luminance and, if there is colour, two chroma planes.
    pub(super) planes: Vec<Plane>,
    /// What a viewer shows.
    pub(super) shown: Picture,
}

impl Views {
    /// The views of a frame; `index` counts from 0.
    ///
    /// # Errors
    /// [`RenderError`] if the frame cannot be shown.
    pub(super) fn of(display: &Display, index: u32, frame: &Frame) -> Result<Self, RenderError> {
        let shown = display.render(index, frame)?;
        let planes = if shown.channels == 1 {
            vec![plane(frame.columns, frame.rows, stored(&frame.samples))]
        } else {
            colour_planes(&shown)
        };
        Ok(Self { planes, shown })
    }

    /// The part of the shown picture in `area`, which lies inside the frame.
    pub(super) fn shown_part(&self, area: Area) -> Picture {
        part(&self.shown, area)
    }

    /// The local picture of `area`, which lies inside the frame.
    pub(super) fn local_part(&self, area: Area) -> Picture {
        let plane = &self.planes[0];
        let wide = area
            .grown(REACH as u32)
            .within(plane.width, plane.height)
            .unwrap_or(area);
        let local = stretched(plane, wide);
        let inner = Area::new(area.x - wide.x, area.y - wide.y, area.w, area.h);
        part(&local, inner)
    }
}

/// A rectangle of a picture as a picture.
pub(super) fn part(picture: &Picture, area: Area) -> Picture {
    let channels = usize::from(picture.channels);
    let (stride, length) = (
        picture.width as usize * channels,
        area.w as usize * channels,
    );
    let mut data = Vec::with_capacity(length * area.h as usize);
    for row in area.y..area.bottom() {
        let begin = row as usize * stride + area.x as usize * channels;
        data.extend_from_slice(&picture.data[begin..begin + length]);
    }
    Picture {
        width: area.w,
        height: area.h,
        channels: picture.channels,
        data,
    }
}

fn plane(width: u32, height: u32, values: Vec<f32>) -> Plane {
    Plane {
        width,
        height,
        values,
    }
}

/// Stored values as floats. What is no number counts as nothing.
fn stored(samples: &Samples) -> Vec<f32> {
    let finite = |value: f32| if value.is_finite() { value } else { 0.0 };
    match samples {
        Samples::U8(values) => values.iter().map(|v| f32::from(*v)).collect(),
        Samples::U16(values) => values.iter().map(|v| f32::from(*v)).collect(),
        Samples::I16(values) => values.iter().map(|v| f32::from(*v)).collect(),
        Samples::U32(values) => values.iter().map(|v| *v as f32).collect(),
        Samples::I32(values) => values.iter().map(|v| *v as f32).collect(),
        Samples::F32(values) => values.iter().map(|v| finite(*v)).collect(),
        Samples::F64(values) => values.iter().map(|v| finite(*v as f32)).collect(),
    }
}

/// Luminance, and the two colour differences where any pixel has colour (ITU-R BT.601).
fn colour_planes(shown: &Picture) -> Vec<Plane> {
    let (pixels, _) = shown.data.as_chunks::<3>();
    let float = |pixel: &[u8; 3]| pixel.map(f32::from);
    let luminance = |pixel: &[u8; 3]| {
        let [r, g, b] = float(pixel);
        0.299 * r + 0.587 * g + 0.114 * b
    };
    let make = |of: &dyn Fn(&[u8; 3]) -> f32| {
        plane(shown.width, shown.height, pixels.iter().map(of).collect())
    };
    let mut planes = vec![make(&luminance)];
    // Codecs leave traces of colour on gray pictures.
    let coloured = |pixel: &[u8; 3]| {
        let (least, most) = (pixel.iter().min(), pixel.iter().max());
        most.zip(least)
            .is_some_and(|(most, least)| most - least > 24)
    };
    if pixels.iter().any(coloured) {
        planes.push(make(&|pixel| {
            let [r, g, _] = float(pixel);
            r - g
        }));
        planes.push(make(&|pixel| {
            let [r, g, b] = float(pixel);
            b - f32::midpoint(r, g)
        }));
    }
    planes
}

/// A part of a plane in which each value is set against the mean and the deviation of its
/// neighbourhood.
fn stretched(plane: &Plane, area: Area) -> Picture {
    let (width, height) = (area.w as usize, area.h as usize);
    let at = |x: usize, y: usize| {
        let row = area.y as usize + y;
        f64::from(plane.values[row * plane.width as usize + area.x as usize + x])
    };
    let sums = Sums::new(width, height, &at);
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let (mean, deviation) = sums.around(x, y, REACH);
            // One step of a stored integer is no text yet; halves keep flat ground flat.
            let value = (at(x, y) - mean) / (deviation + 0.5);
            let shade = (value as f32 / STRETCH).clamp(-1.0, 1.0) * 127.0 + 128.0;
            data.push(shade as u8);
        }
    }
    Picture {
        width: area.w,
        height: area.h,
        channels: 1,
        data,
    }
}

/// Sums over rectangles in constant time (Crow, "Summed-area tables", 1984).
struct Sums {
    width: usize,
    height: usize,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Sums {
    fn new(width: usize, height: usize, at: &dyn Fn(usize, usize) -> f64) -> Self {
        let stride = width + 1;
        let mut first = vec![0.0; stride * (height + 1)];
        let mut second = first.clone();
        // Around the first value, so that squares of large values lose nothing.
        let origin = at(0, 0);
        for y in 0..height {
            let (mut row, mut squares) = (0.0, 0.0);
            for x in 0..width {
                let value = at(x, y) - origin;
                row += value;
                squares += value * value;
                let here = (y + 1) * stride + x + 1;
                first[here] = first[here - stride] + row;
                second[here] = second[here - stride] + squares;
            }
        }
        first.push(origin);
        Self {
            width,
            height,
            first,
            second,
        }
    }

    /// Mean and standard deviation of the values at most `reach` away.
    fn around(&self, x: usize, y: usize, reach: usize) -> (f64, f64) {
        let (left, top) = (x.saturating_sub(reach), y.saturating_sub(reach));
        let (right, bottom) = (
            (x + reach + 1).min(self.width),
            (y + reach + 1).min(self.height),
        );
        let count = ((right - left) * (bottom - top)) as f64;
        let stride = self.width + 1;
        let sum = |table: &[f64]| {
            table[bottom * stride + right] + table[top * stride + left]
                - table[top * stride + right]
                - table[bottom * stride + left]
        };
        let mean = sum(&self.first) / count;
        let variance = (sum(&self.second) / count - mean * mean).max(0.0);
        let origin = self.first[self.first.len() - 1];
        (mean + origin, variance.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_steps_of_sixteen_bits_become_black_and_white() {
        let letter = |at: usize| (at % 64).is_multiple_of(5) && (at / 64) % 20 > 8;
        let values = (0..64 * 64).map(|at| 20_000.0 + if letter(at) { 3.0 } else { 0.0 });
        let views = Views {
            planes: vec![plane(64, 64, values.collect())],
            shown: Picture {
                width: 64,
                height: 64,
                channels: 1,
                data: vec![80; 64 * 64],
            },
        };
        let local = views.local_part(Area::new(10, 10, 40, 40));
        let (least, most) = (local.data.iter().min(), local.data.iter().max());
        assert!(
            most.zip(least).is_some_and(|(m, l)| m - l > 100),
            "{least:?} {most:?}"
        );
        assert_eq!((local.width, local.data.len()), (40, 1600));
        assert_eq!(views.shown_part(Area::new(60, 60, 4, 4)).data, vec![80; 16]);
    }

    #[test]
    fn flat_ground_stays_flat_and_colour_has_three_planes() {
        let flat = stretched(&plane(40, 40, vec![1e6; 1600]), Area::new(0, 0, 40, 40));
        assert!(flat.data.iter().all(|shade| *shade == 128));
        let picture = |data: Vec<u8>| Picture {
            width: 2,
            height: 1,
            channels: 3,
            data,
        };
        assert_eq!(
            colour_planes(&picture(vec![9, 9, 9, 200, 202, 199])).len(),
            1
        );
        let planes = colour_planes(&picture(vec![9, 9, 9, 0, 0, 255]));
        assert_eq!((planes.len(), planes[2].values[1]), (3, 255.0));
    }
}
