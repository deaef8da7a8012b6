//! Pictures as a network wants them: cut out, enlarged or reduced, as planes of floats.

use obscura_pixels::Area;
use obscura_pixels::render::Picture;

/// A picture as three planes of floats (red, green, blue; gray three times), values in `[-1, 1]`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Planes {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// `3 * height * width` values.
    pub(crate) values: Vec<f32>,
}

/// The order of the colour planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Blue first: what PP-OCR's networks were trained with.
    Bgr,
}

/// The part `area` of a picture, resampled to `width` by `height` (bilinear, pixel centres aligned),
/// at the upper left of planes of `full_width` by `full_height`; the rest repeats its edge.
pub(crate) fn resampled(
    picture: &Picture,
    area: Area,
    (width, height): (usize, usize),
    (full_width, full_height): (usize, usize),
    order: Order,
) -> Planes {
    let channels = usize::from(picture.channels);
    let columns = taps(area.x, area.w, width, full_width, picture.width);
    let rows = taps(area.y, area.h, height, full_height, picture.height);
    let stride = picture.width as usize * channels;
    let plane = full_width * full_height;
    let mut values = vec![0.0; 3 * plane];
    for channel in 0..channels {
        let target = match order {
            Order::Bgr if channels == 3 => 2 - channel,
            Order::Bgr => 0,
        };
        let out = &mut values[target * plane..][..plane];
        for (line, row) in out.chunks_exact_mut(full_width).zip(&rows) {
            let upper = &picture.data[row.first * stride..][..stride];
            let lower = &picture.data[row.second * stride..][..stride];
            for (value, column) in line.iter_mut().zip(&columns) {
                let (a, b) = (
                    column.first * channels + channel,
                    column.second * channels + channel,
                );
                let mix = |line: &[u8]| {
                    f32::from(line[a]) + column.weight * (f32::from(line[b]) - f32::from(line[a]))
                };
                let (top, bottom) = (mix(upper), mix(lower));
                *value = (top + row.weight * (bottom - top)) / 127.5 - 1.0;
            }
        }
    }
    if channels == 1 {
        let (first, rest) = values.split_at_mut(plane);
        rest[..plane].copy_from_slice(first);
        rest[plane..].copy_from_slice(first);
    }
    Planes {
        width: full_width,
        height: full_height,
        values,
    }
}

/// The two pixels that one target pixel is mixed of, and the second one's share.
struct Tap {
    first: usize,
    second: usize,
    weight: f32,
}

fn taps(start: u32, length: u32, scaled: usize, full: usize, limit: u32) -> Vec<Tap> {
    let ratio = f64::from(length) / scaled as f64;
    let last = f64::from(limit - 1);
    (0..full)
        .map(|at| {
            let centre = (at.min(scaled - 1) as f64 + 0.5) * ratio - 0.5;
            // A part of a larger picture may look one pixel over its own edge.
            let place = (f64::from(start) + centre).clamp(0.0, last);
            let first = place.floor();
            Tap {
                first: first as usize,
                second: (first + 1.0).min(last) as usize,
                weight: (place - first) as f32,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_enlarged_and_its_edge_repeated() {
        let picture = Picture {
            width: 4,
            height: 2,
            channels: 1,
            data: vec![0, 0, 255, 255, 0, 0, 255, 255],
        };
        let planes = resampled(&picture, Area::new(1, 0, 2, 2), (4, 2), (6, 3), Order::Bgr);
        let row: Vec<f32> = planes.values[..6].to_vec();
        assert_eq!(row, [-1.0, -0.5, 0.5, 1.0, 1.0, 1.0]);
        assert_eq!(planes.values[18..24], row);
        assert_eq!(planes.values.len(), 3 * 18);
    }

    #[test]
    fn colours_come_blue_first() {
        let picture = Picture {
            width: 1,
            height: 1,
            channels: 3,
            data: vec![255, 0, 51],
        };
        let planes = resampled(&picture, Area::new(0, 0, 1, 1), (1, 1), (1, 1), Order::Bgr);
        assert_eq!(planes.values, [-0.6, -1.0, 1.0]);
    }
}
