//! Text over the frames of one image: found once, known again in the other frames.
//!
//! In a cine the banner stands still while the picture behind it moves. A frame is searched
//! thoroughly only where the cheap look sees something that was not found in an earlier frame
//! already; and what was found in one frame is looked for, by its shape, in all of them.

use std::collections::BTreeSet;

use super::judge::{MORE_OF_IT, Verdict};
use super::likeness::{alike, changed, ground};
use super::lines::seen;
use super::places::SLACK;
use super::port::{FinderError, Plane, Spot};
use super::search::{Found, Search, reference};
use super::view::Views;
use crate::Area;
use crate::decode::{DecodeError, Image};
use crate::render::{Display, Picture, RenderError};
use crate::rules::uncovered;

/// Something found, and the frames it stands in.
#[derive(Debug)]
pub(super) struct Tracked {
    /// What was found.
    pub(super) found: Found,
    /// The frames, counted from 0.
    pub(super) frames: BTreeSet<u32>,
    /// How it looked where it was found.
    shape: Picture,
    /// Of what is no text, the planes there: text that comes up in it later is not known. `None` when it
    /// was not seen in the last frame, and is not known again.
    ground: Option<Vec<Plane>>,
}

impl Tracked {
    fn new(found: Found, views: &Views, index: u32) -> Self {
        let is_text = found.verdict != Verdict::Nothing;
        Self {
            shape: reference(views, found.area),
            ground: Some(if is_text {
                Vec::new()
            } else {
                ground(&views.planes, found.area)
            }),
            frames: BTreeSet::from([index]),
            found,
        }
    }
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
/// of letters that can be read.
const LEAST_SIDE: u32 = 5;

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
    let (mut known, mut new): (Vec<Area>, Vec<Area>) = (Vec::new(), Vec::new());
    for one in tracked.iter_mut() {
        let area = one.found.area;
        let Some(ground) = &one.ground else {
            continue;
        };
        if alike(&reference(views, area), &one.shape) >= SAME {
            one.frames.insert(index);
            known.push(area);
            let planes = views.planes.iter().zip(ground);
            new.extend(planes.flat_map(|(now, then)| changed(now, then, area)));
        }
    }
    let maps = std::mem::take(&mut glimpses.maps);
    let around: Vec<Area> = known.iter().map(|area| area.grown(SLACK)).collect();
    let is_new = |spot: &Spot| {
        let pixels = |areas: &[Area]| areas.iter().map(Area::pixels).sum::<u64>();
        let is_covered = pixels(&uncovered(&spot.parts, &known)) * 10 <= pixels(&spot.parts) * 3;
        let is_more = |piece: &Area| seen(&[*piece], &maps) >= MORE_OF_IT;
        let is_known = is_covered && !uncovered(&spot.parts, &around).iter().any(is_more);
        let has_changed = |part: &Area| new.iter().any(|piece| piece.meet(part).is_some());
        !is_known || spot.parts.iter().any(has_changed)
    };
    glimpses.places.retain(is_new);
    glimpses.spots.retain(is_new);
    glimpses.maps = maps;
    if glimpses.places.is_empty() && !strict {
        return Ok(());
    }
    for found in search.around(views, &glimpses, None, &[])? {
        let again = tracked.iter_mut().find(|one| {
            one.found.verdict == found.verdict && covers(&one.found.area.grown(2), &found.area)
        });
        let new = Tracked::new(found, views, index);
        match again {
            Some(one) => {
                one.frames.insert(index);
                if one.found.area == new.found.area {
                    one.ground = new.ground;
                }
            }
            None => tracked.push(new),
        }
    }
    // Planes are large; of what is no text, only what stands in the last frame is worth knowing.
    for one in tracked
        .iter_mut()
        .filter(|one| !one.frames.contains(&index))
    {
        one.ground = one.ground.take().filter(Vec::is_empty);
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

    use super::super::judge::Identifiers;
    use super::super::port::{Glimpses, Likelihood, Reading, TextFinder};
    use obscura_core::Phi;

    const SIDE: u32 = 160;

    #[derive(Debug)]
    struct Nobody;

    impl Identifiers for Nobody {
        fn named_in(&self, _: &str) -> bool {
            false
        }
    }

    /// Takes every whole frame for something large, and finds what is black.
    #[derive(Debug)]
    struct Finder;

    impl TextFinder for Finder {
        fn glance(&self, plane: &Plane) -> Result<Glimpses, FinderError> {
            Ok(Glimpses {
                places: vec![Spot::upright(
                    Area::new(0, 0, plane.width, plane.height),
                    0.7,
                )],
                spots: Vec::new(),
                maps: vec![Likelihood {
                    cell: 4,
                    columns: plane.width as usize / 4,
                    values: vec![0.5; plane.values.len() / 16],
                }],
            })
        }

        fn detect(&self, picture: &Picture, _: f32) -> Result<Vec<Spot>, FinderError> {
            let whole = Area::new(0, 0, picture.width, picture.height);
            let places = (0..picture.height).flat_map(|y| (0..picture.width).map(move |x| (x, y)));
            let black = places.filter(|(x, y)| picture.data[(y * picture.width + x) as usize] < 20);
            let pixels = black.map(|(x, y)| Area::new(x, y, 1, 1));
            let text = pixels.reduce(|all, pixel| all.around(&pixel));
            let body = (picture.width == SIDE).then(|| Spot::upright(whole, 0.9));
            let text = text.map(|area| Spot::upright(area, 0.95));
            Ok(body.into_iter().chain(text).collect())
        }

        fn read(&self, _: &Picture) -> Result<Reading, FinderError> {
            Ok(Reading {
                text: Phi::new(String::new()),
                confidence: 0.0,
            })
        }
    }

    /// A body, with a line of text on it or not.
    fn body(text: Option<Area>) -> Views {
        let value = |at: u32| {
            let (x, y) = (at % SIDE, at / SIDE);
            let is_ink = text.is_some_and(|line| line.meet(&Area::new(x, y, 1, 1)).is_some());
            if is_ink && (x + y) % 3 > 0 {
                5
            } else {
                (60 + x / 2 + y / 2) as u8
            }
        };
        let data: Vec<u8> = (0..SIDE * SIDE).map(value).collect();
        let plane = Plane {
            width: SIDE,
            height: SIDE,
            values: data.iter().map(|v| f32::from(*v)).collect(),
        };
        let shown = Picture {
            width: SIDE,
            height: SIDE,
            channels: 1,
            data,
        };
        Views::new(vec![plane], shown)
    }

    /// Found on drawn pictures: the body was taken for something that is no text, and it hid a name that
    /// came up in one later frame.
    #[test]
    fn text_that_comes_up_in_what_was_no_text_is_found() {
        let search = Search {
            finder: &Finder,
            identifiers: &Nobody,
            devices: super::super::device::Devices::ANY,
            effort: super::super::Effort::Usual,
        };
        let line = Area::new(40, 60, 70, 12);
        let mut tracked = Vec::new();
        for (index, text) in [(0, None), (1, None), (2, Some(line)), (3, None)] {
            frame(&body(text), index, &search, &mut tracked).expect("is searched");
        }
        let is_text = |one: &&Tracked| one.found.verdict == Verdict::Text;
        let found: Vec<&Tracked> = tracked.iter().filter(is_text).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].frames, BTreeSet::from([2]));
        assert!(found[0].found.area.grown(2).holds(&line));
    }
}
