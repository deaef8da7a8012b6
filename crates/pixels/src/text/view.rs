//! [`Views`]: one frame as the search for text looks at it.
//!
//! Text can be plain to a viewer and faint to a network, or lie in a window of grays that no
//! default display shows. So a frame is looked at in three ways: its *planes* hold what is stored,
//! at full depth; the *shown* picture is what a viewer first shows; the *local* picture stretches
//! every neighbourhood to the full range of grays, whatever the window.

use std::collections::HashMap;

use super::port::Plane;
use crate::render::{Display, Picture, RenderError};
use crate::{Area, Frame, Photometric, Samples};

/// Half of the side of the neighbourhood that the local picture is stretched in.
const REACH: usize = 16;
/// Deviations from the neighbourhood's mean that become black and white.
const STRETCH: f32 = 2.5;

/// What one step of an index counts as.
const INDEX_STEP: f32 = 8.0;

/// One frame in the ways it is looked at.
#[derive(Debug)]
pub(super) struct Views {
    /// Stored values of gray frames; luminance and, if there is colour, two chroma planes. The last is that
    /// of the indices of a palette that shows some of them alike.
    pub(super) planes: Vec<Plane>,
    /// The last plane is one of indices.
    has_indices: bool,
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
        let mut views = Self::new(planes, shown);
        if views.shown.channels == 3 {
            views.deepen(frame);
        }
        Ok(views)
    }

    /// Planes of a frame and what a viewer shows of it.
    pub(super) const fn new(planes: Vec<Plane>, shown: Picture) -> Self {
        Self {
            planes,
            shown,
            has_indices: false,
        }
    }

    /// Takes up what colours of 8 bits do not show: samples that are deeper, and indices of a palette that
    /// it shows alike.
    fn deepen(&mut self, frame: &Frame) {
        let of = |values| plane(frame.columns, frame.rows, values);
        if frame.samples_per_pixel == 3 && !matches!(frame.samples, Samples::U8(_)) {
            let values = stored(&frame.samples);
            let (pixels, _) = values.as_chunks::<3>();
            let light = |pixel: &[f32; 3]| match frame.photometric {
                Photometric::Rgb => 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2],
                _ => pixel[0],
            };
            self.planes[0] = of(pixels.iter().map(light).collect());
        } else if frame.samples_per_pixel == 1 {
            // Of samples one step is noise; of indices it is another colour.
            let indices: Vec<f32> = stored(&frame.samples)
                .into_iter()
                .map(|index| index * INDEX_STEP)
                .collect();
            let (colours, _) = self.shown.data.as_chunks::<3>();
            if shows_some_alike(&indices, colours) {
                self.planes.push(of(indices));
                self.has_indices = true;
            }
        }
    }

    /// The part of the shown picture in `area`, which lies inside the frame.
    pub(super) fn shown_part(&self, area: Area) -> Picture {
        part(&self.shown, area)
    }

    /// The local picture of `area`, which lies inside the frame.
    pub(super) fn local_part(&self, area: Area) -> Picture {
        let first = &self.planes[0];
        let wide = area
            .grown(REACH as u32)
            .within(first.width, first.height)
            .unwrap_or(area);
        let plane = match self.planes.last() {
            Some(indices) if self.has_indices && is_flat(first, wide) => indices,
            _ => first,
        };
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

/// Whether a plane of 8 bits shows one shade in an area, but for rounding.
fn is_flat(plane: &Plane, area: Area) -> bool {
    let rows = (area.y..area.bottom()).map(|y| (y * plane.width + area.x) as usize);
    let values = rows.flat_map(|from| &plane.values[from..from + area.w as usize]);
    let (least, most) = values.fold((f32::MAX, f32::MIN), |(least, most), value| {
        (value.min(least), value.max(most))
    });
    most - least <= 1.5
}

/// Whether pixels of different indices have the same colour.
fn shows_some_alike(indices: &[f32], colours: &[[u8; 3]]) -> bool {
    let mut index_of: HashMap<[u8; 3], f32> = HashMap::new();
    let mut last = None;
    indices.iter().zip(colours).any(|(index, colour)| {
        if last == Some((*index, *colour)) {
            return false;
        }
        last = Some((*index, *colour));
        let known = *index_of.entry(*colour).or_insert(*index);
        known.to_bits() != index.to_bits()
    })
}

/// Stored values as floats, from the least of those that a float of 32 bits cannot tell apart. What is no
/// number counts as nothing.
fn stored(samples: &Samples) -> Vec<f32> {
    let finite = |value: f32| if value.is_finite() { value } else { 0.0 };
    match samples {
        Samples::U8(values) => values.iter().map(|v| f32::from(*v)).collect(),
        Samples::U16(values) => values.iter().map(|v| f32::from(*v)).collect(),
        Samples::I16(values) => values.iter().map(|v| f32::from(*v)).collect(),
        Samples::U32(values) => {
            let least = values.iter().min().copied().unwrap_or(0);
            values.iter().map(|v| (v - least) as f32).collect()
        }
        Samples::I32(values) => {
            let least = values.iter().min().copied().unwrap_or(0);
            values.iter().map(|v| v.abs_diff(least) as f32).collect()
        }
        Samples::F32(values) => values.iter().map(|v| finite(*v)).collect(),
        Samples::F64(values) => {
            let numbers = values.iter().copied().filter(|v| v.is_finite());
            let least = numbers.reduce(f64::min).unwrap_or(0.0);
            values.iter().map(|v| finite((v - least) as f32)).collect()
        }
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
        let shown = Picture {
            width: 64,
            height: 64,
            channels: 1,
            data: vec![80; 64 * 64],
        };
        let views = Views::new(vec![plane(64, 64, values.collect())], shown);
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

    /// What 8 bits a channel, or floats of 32 bits, round away.
    #[test]
    fn what_is_shown_alike_is_told_apart() {
        let letter = |at: usize| u32::from((at % 64).is_multiple_of(5) && (at / 64) % 20 > 8);
        let letters: Vec<u32> = (0..64 * 64).map(letter).collect();
        let contrast = |views: &Views| {
            let local = views.local_part(Area::new(10, 10, 40, 40));
            let (least, most) = (local.data.iter().min(), local.data.iter().max());
            most.zip(least).map(|(most, least)| most - least)
        };
        let shown = |channels: u8| Picture {
            width: 64,
            height: 64,
            channels,
            data: vec![80; 64 * 64 * usize::from(channels)],
        };
        let frame = |samples_per_pixel, photometric, samples| Frame {
            rows: 64,
            columns: 64,
            samples_per_pixel,
            bits_stored: 16,
            photometric,
            samples,
        };
        let of_colour = |frame: &Frame| {
            let mut views = Views::new(colour_planes(&shown(3)), shown(3));
            assert_eq!(contrast(&views), Some(0));
            views.deepen(frame);
            contrast(&views)
        };
        let deep = letters
            .iter()
            .flat_map(|ink| [30_000 + *ink as u16 * 40; 3]);
        let deep = frame(3, Photometric::Rgb, Samples::U16(deep.collect()));
        assert!(of_colour(&deep) > Some(100));
        let indices = letters.iter().map(|ink| 100 + *ink as u8).collect();
        let palette = frame(1, Photometric::PaletteColor, Samples::U8(indices));
        assert!(of_colour(&palette) > Some(100));
        // Where each index has a colour of its own, the colours say it all.
        let mut views = Views::new(colour_planes(&shown(3)), shown(3));
        let one = frame(1, Photometric::PaletteColor, Samples::U8(vec![7; 64 * 64]));
        views.deepen(&one);
        assert_eq!(views.planes.len(), 1);

        let wide = letters.iter().map(|ink| (1 << 31) + ink * 20).collect();
        let gray = plane(64, 64, stored(&Samples::U32(wide)));
        assert!(contrast(&Views::new(vec![gray], shown(1))) > Some(100));
        let wide = letters.iter().map(|ink| 1e12 + f64::from(*ink)).collect();
        let gray = plane(64, 64, stored(&Samples::F64(wide)));
        assert!(contrast(&Views::new(vec![gray], shown(1))) > Some(50));
    }
}
