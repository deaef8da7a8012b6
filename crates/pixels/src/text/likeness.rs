//! Whether a place looks the same in two frames: as a whole, and piece by piece.
//!
//! A whole frame that is no text stays much the same when a name comes up in it, so what was dismissed is
//! compared in pieces of the size of a short word.

use super::port::Plane;
use crate::Area;
use crate::render::Picture;

/// Pieces that a place is compared in, in pixels: three small letters.
const PIECE: (u32, u32) = (24, 12);
/// A piece has changed where more of it is new than that many times what is new in most pieces: noise is
/// new everywhere.
const BEYOND_NOISE: f32 = 3.0;
/// And more than half a step of the stored values.
const STEP: f32 = 0.5;

/// How alike two pictures of one size are: the correlation of their samples, in `[-1, 1]`; 0 if
/// one of them is flat or their sizes differ.
pub(super) fn alike(a: &Picture, b: &Picture) -> f32 {
    if a.data.len() != b.data.len() || a.width != b.width || a.data.is_empty() {
        return 0.0;
    }
    let moments = Moments::of(
        a.data.iter().map(|v| f64::from(*v)),
        b.data.iter().map(|v| f64::from(*v)),
    );
    let scale = (moments.first * moments.second).sqrt();
    if scale < 1.0 {
        return 0.0;
    }
    (moments.cross / scale) as f32
}

/// The planes of a place, to be compared with those of another frame; none if the place is so small that a
/// word would change it as a whole.
pub(super) fn ground(planes: &[Plane], area: Area) -> Vec<Plane> {
    if area.pixels() < 4 * u64::from(PIECE.0) * u64::from(PIECE.1) {
        return Vec::new();
    }
    let part = |plane: &Plane| Plane {
        width: area.w,
        height: area.h,
        values: rows(plane, area).flatten().copied().collect(),
    };
    planes.iter().map(part).collect()
}

/// The pieces of `area` that are not what they were, whatever the brightness: `now` is the plane of the
/// whole frame, `then` that of the area.
pub(super) fn changed(now: &Plane, then: &Plane, area: Area) -> Vec<Area> {
    let mut pieces = Vec::new();
    for y in (area.y..area.bottom()).step_by(PIECE.1 as usize) {
        for x in (area.x..area.right()).step_by(PIECE.0 as usize) {
            let (w, h) = (
                PIECE.0.min(area.right() - x),
                PIECE.1.min(area.bottom() - y),
            );
            let piece = Area::new(x, y, w, h);
            let before = Area::new(x - area.x, y - area.y, w, h);
            pieces.push((unexplained(now, piece, then, before), piece));
        }
    }
    let mut parts: Vec<f32> = pieces.iter().map(|(part, _)| *part).collect();
    parts.sort_unstable_by(f32::total_cmp);
    let usual = parts.get(parts.len() / 2).copied().unwrap_or(0.0);
    let least = usual * BEYOND_NOISE + STEP;
    pieces.retain(|(part, _)| *part > least);
    pieces.into_iter().map(|(_, piece)| piece).collect()
}

/// The deviation of a piece that the piece before, brighter or darker, does not explain.
fn unexplained(now: &Plane, piece: Area, then: &Plane, before: Area) -> f32 {
    let moments = Moments::of(
        rows(now, piece).flatten().map(|v| f64::from(*v)),
        rows(then, before).flatten().map(|v| f64::from(*v)),
    );
    let explained = if moments.second > 0.0 {
        moments.cross * moments.cross / moments.second
    } else {
        0.0
    };
    (moments.first - explained).max(0.0).sqrt() as f32
}

/// The rows of an area of a plane.
fn rows(plane: &Plane, area: Area) -> impl Iterator<Item = &[f32]> + Clone {
    let stride = plane.width as usize;
    (area.y..area.bottom()).filter_map(move |row| {
        let begin = row as usize * stride + area.x as usize;
        plane.values.get(begin..begin + area.w as usize)
    })
}

/// Variances of two samples, and their covariance.
struct Moments {
    first: f64,
    second: f64,
    cross: f64,
}

impl Moments {
    fn of(a: impl Iterator<Item = f64> + Clone, b: impl Iterator<Item = f64> + Clone) -> Self {
        let count = a.clone().count().max(1) as f64;
        let (mean_a, mean_b) = (
            a.clone().sum::<f64>() / count,
            b.clone().sum::<f64>() / count,
        );
        let mut moments = Self {
            first: 0.0,
            second: 0.0,
            cross: 0.0,
        };
        for (x, y) in a.zip(b) {
            let (x, y) = (x - mean_a, y - mean_b);
            moments.first += x * x / count;
            moments.second += y * y / count;
            moments.cross += x * y / count;
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(data: Vec<u8>) -> Picture {
        Picture {
            width: 8,
            height: 8,
            channels: 1,
            data,
        }
    }

    #[test]
    fn a_shape_is_known_again_over_another_ground() {
        let ink = |at: usize| at.is_multiple_of(3);
        let text = |ground: u8| {
            picture(
                (0..64)
                    .map(|at| if ink(at) { 250 } else { ground })
                    .collect(),
            )
        };
        let tissue = picture((0..64).map(|at| ((at * 37) % 101) as u8).collect());
        assert!(alike(&text(10), &text(90)) > 0.99);
        assert!(alike(&text(10), &tissue) < 0.5);
        assert!(alike(&text(10), &picture(vec![7; 64])).abs() < 1e-6);
    }

    /// A slope of grays with noise of this strength, drawn anew for each seed.
    fn frame(noise: f32, seed: u32) -> Plane {
        let value = |at: u32| {
            let mixed = (at ^ seed.wrapping_mul(0x9E37_79B9)).wrapping_mul(0x85EB_CA6B);
            let random = (mixed >> 16) as f32 / 65_536.0 - 0.5;
            (at % 200) as f32 * 4.0 + (at / 200) as f32 * 2.0 + random * noise * 3.46
        };
        Plane {
            width: 200,
            height: 160,
            values: (0..200 * 160).map(value).collect(),
        }
    }

    #[test]
    fn only_the_pieces_change_that_something_is_drawn_on() {
        let area = Area::new(10, 20, 180, 130);
        for (noise, ink) in [(0.0, 3.0), (2.0, 40.0), (8.0, 160.0)] {
            let then = ground(&[frame(noise, 1)], area).remove(0);
            let mut now = frame(noise, 2);
            // Brighter as a whole: nothing new.
            now.values.iter_mut().for_each(|v| *v = *v * 1.2 + 30.0);
            assert_eq!(changed(&now, &then, area), [], "noise of {noise}");
            for (x, y) in (60..110).flat_map(|x| (70..80).map(move |y| (x, y))) {
                if (x + y) % 3 == 0 {
                    now.values[y * 200 + x] += ink;
                }
            }
            let pieces = changed(&now, &then, area);
            assert!(
                pieces
                    .iter()
                    .any(|piece| piece.meet(&Area::new(70, 70, 20, 10)).is_some())
            );
            let near = Area::new(36, 58, 100, 36);
            assert!(pieces.iter().all(|piece| near.holds(piece)), "{pieces:?}");
        }
    }

    #[test]
    fn a_small_place_has_no_pieces() {
        assert!(ground(&[frame(0.0, 1)], Area::new(0, 0, 40, 20)).is_empty());
        assert_eq!(ground(&[frame(0.0, 1)], Area::new(0, 0, 60, 40)).len(), 1);
    }
}
