//! Text over the frames of one image: found once, known again in the other frames.
//!
//! In a cine the banner stands still while the picture behind it moves. A frame is searched
//! thoroughly only where the cheap look sees something that was not found in an earlier frame
//! already; and what was found in one frame is looked for, by its shape, in all of them.

use std::collections::BTreeSet;

use super::judge::Verdict;
use super::port::{FinderError, Spot};
use super::search::{Found, Search, reference};
use super::view::Views;
use crate::Area;
use crate::decode::{DecodeError, Image};
use crate::render::{Display, Picture, RenderError};

/// Something found, and the frames it stands in.
#[derive(Debug)]
pub(super) struct Tracked {
    /// What was found.
    pub(super) found: Found,
    /// The frames, counted from 0.
    pub(super) frames: BTreeSet<u32>,
    /// How it looked where it was found.
    shape: Picture,
}

/// Why an image could not be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LookError {
    /// A frame cannot be decoded.
    #[error("frame {frame} cannot be decoded")]
    Decode {
        /// The frame, counted from 1.
        frame: u32,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// A frame cannot be shown.
    #[error("frame {frame} cannot be shown")]
    Render {
        /// The frame, counted from 1.
        frame: u32,
        /// Why.
        #[source]
        source: RenderError,
    },
    /// A model failed.
    #[error("frame {frame} could not be searched for text")]
    Finder {
        /// The frame, counted from 1.
        frame: u32,
        /// Which.
        #[source]
        source: FinderError,
    },
}

/// Shapes that are at least this alike are the same text without another look.
const SAME: f32 = 0.85;
/// Shapes that are at least this alike are the same text over another ground.
const ALIKE: f32 = 0.5;

/// A frame with a side shorter than this has no room for a line: five pixels are the least height
/// of letters that can be read, and a letter alone names nobody.
const LEAST_SIDE: u32 = 12;

/// The views of one frame, counted from 0.
pub(super) fn views(image: &Image<'_>, display: &Display, index: u32) -> Result<Views, LookError> {
    let frame = index + 1;
    let decoded = image
        .decode(index)
        .map_err(|source| LookError::Decode { frame, source })?;
    Views::of(display, index, &decoded).map_err(|source| LookError::Render { frame, source })
}

/// Everything found in all frames of an image.
pub(super) fn look(
    image: &Image<'_>,
    display: &Display,
    search: &Search<'_>,
) -> Result<Vec<Tracked>, LookError> {
    let mut tracked: Vec<Tracked> = Vec::new();
    let mut repeats = Repeats::default();
    if image.columns() < LEAST_SIDE || image.rows() < LEAST_SIDE {
        return Ok(tracked);
    }
    for index in 0..image.frames() {
        if let Some(earlier) = repeats.of(image, index) {
            for known in &mut tracked {
                if known.frames.contains(&earlier) {
                    known.frames.insert(index);
                }
            }
            continue;
        }
        let views = views(image, display, index)?;
        frame(&views, index, search, &mut tracked).map_err(|source| LookError::Finder {
            frame: index + 1,
            source,
        })?;
    }
    if image.frames() > 1 && !tracked.is_empty() {
        know_again(image, display, &mut tracked)?;
    }
    Ok(tracked)
}

/// Searches one frame for what is not known from earlier ones.
fn frame(
    views: &Views,
    index: u32,
    search: &Search<'_>,
    tracked: &mut Vec<Tracked>,
) -> Result<(), FinderError> {
    let mut glimpses = search.glance(views)?;
    let strict = search.effort == super::Effort::Strict;
    let mut known: Vec<Area> = Vec::new();
    for one in tracked.iter_mut() {
        if alike(&reference(views, one.found.area), &one.shape) >= SAME {
            one.frames.insert(index);
            known.push(one.found.area);
        }
    }
    let is_new = |spot: &Spot| !known.iter().any(|area| covers(area, &spot.area));
    glimpses.places.retain(is_new);
    glimpses.spots.retain(is_new);
    if glimpses.places.is_empty() && !strict {
        return Ok(());
    }
    for found in search.around(views, &glimpses, None, &[])? {
        let again = tracked.iter_mut().find(|one| {
            one.found.verdict == found.verdict && covers(&one.found.area.grown(2), &found.area)
        });
        if let Some(one) = again {
            one.frames.insert(index);
        } else {
            tracked.push(Tracked {
                shape: reference(views, found.area),
                frames: BTreeSet::from([index]),
                found,
            });
        }
    }
    Ok(())
}

/// Looks for each shape in the frames that it was not found in.
fn know_again(
    image: &Image<'_>,
    display: &Display,
    tracked: &mut [Tracked],
) -> Result<(), LookError> {
    for index in 0..image.frames() {
        let is_text = |one: &&mut Tracked| one.found.verdict != Verdict::Nothing;
        let mut waiting = tracked.iter_mut().filter(is_text);
        if waiting.all(|one| one.frames.contains(&index)) {
            continue;
        }
        let views = views(image, display, index)?;
        for one in tracked.iter_mut().filter(is_text) {
            if alike(&reference(&views, one.found.area), &one.shape) >= ALIKE {
                one.frames.insert(index);
            }
        }
    }
    Ok(())
}

/// Most of a glimpse lies in what is known.
fn covers(known: &Area, glimpse: &Area) -> bool {
    known
        .meet(glimpse)
        .is_some_and(|shared| shared.pixels() * 10 >= glimpse.pixels() * 7)
}

/// How alike two pictures of one size are: the correlation of their samples, in `[-1, 1]`; 0 if
/// one of them is flat or their sizes differ.
fn alike(a: &Picture, b: &Picture) -> f32 {
    if a.data.len() != b.data.len() || a.width != b.width || a.data.is_empty() {
        return 0.0;
    }
    let count = a.data.len() as f64;
    let mean = |data: &[u8]| data.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
    let (mean_a, mean_b) = (mean(&a.data), mean(&b.data));
    let (mut cross, mut square_a, mut square_b) = (0.0, 0.0, 0.0);
    for (x, y) in a.data.iter().zip(&b.data) {
        let (x, y) = (f64::from(*x) - mean_a, f64::from(*y) - mean_b);
        cross += x * y;
        square_a += x * x;
        square_b += y * y;
    }
    let scale = (square_a * square_b).sqrt();
    if scale / count < 1.0 {
        return 0.0;
    }
    (cross / scale) as f32
}

/// Frames that are equal, byte for byte, to the one before them.
#[derive(Default)]
struct Repeats {
    former: Option<(u32, Vec<u8>)>,
}

impl Repeats {
    /// The frame that this one repeats, if it does.
    fn of(&mut self, image: &Image<'_>, index: u32) -> Option<u32> {
        if image.frames() == 1 {
            return None;
        }
        let bytes = image.frame_bytes(index).ok()?;
        match &self.former {
            Some((earlier, former)) if *former == *bytes => Some(*earlier),
            _ => {
                self.former = Some((index, bytes.into_owned()));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_known_again_over_another_ground() {
        let picture = |data: Vec<u8>| Picture {
            width: 8,
            height: 8,
            channels: 1,
            data,
        };
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
        assert!(alike(&text(10), &tissue) < ALIKE);
        assert!(alike(&text(10), &picture(vec![7; 64])).abs() < 1e-6);
    }
}
