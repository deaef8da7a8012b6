//! [`Search`]: the lines of text in one frame.
//!
//! The cheap look says where text may be; only there the detector searches, in the shown and in
//! the local picture and at several sizes; every line it finds is read and judged.

use obscura_core::Phi;

use super::judge::{Identifiers, Verdict, judge, reconsider};
use super::lines::{Line, joined, lines};
use super::port::{FinderError, Glimpses, Reading, Spot, TextFinder};
use super::view::{Views, part};
use crate::Area;
use crate::render::Picture;

/// How hard text is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// Where the cheap look sees something, at the picture's own size and twice that.
    #[default]
    Usual,
    /// In the whole of every frame, and at three times its size too.
    Strict,
}

/// A line that was found in a frame.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// The rectangle around it.
    pub(super) area: Area,
    /// Rectangles that cover it closely.
    pub(super) parts: Vec<Area>,
    /// What it is.
    pub(super) verdict: Verdict,
    /// How sure detector, cheap look and reader are, and how many letters and digits were read.
    pub(super) scores: [f32; 4],
}

impl Found {
    /// Text beyond doubt: detector and cheap look are both sure, or it was read. The first look
    /// blanks more than that; what is found beside blanked rectangles, at their edges above all,
    /// has to be text to count.
    fn is_legible(&self) -> bool {
        let [detector, glance, confidence, letters] = self.scores;
        detector >= 0.8 && glance >= 0.75 || detector >= 0.5 && confidence >= 0.85 && letters >= 3.0
    }
}

/// What is around a place that may hold text, and goes to the detector with it: a line of a height
/// that is usual, and the ground it stands on.
const MARGIN: u32 = 28;
/// Parts of the frame beyond which the whole of it is searched, in tenths.
const MOST_OF_IT: u64 = 7;
/// A line taller than this is found better in the picture reduced to half.
const TALL: u32 = 40;
/// From this score of the cheap look on, text is somewhere in the frame: all of it is searched.
const SURE: f32 = 0.6;
/// From this score on, a place is searched at twice its size although the detector saw nothing.
const LIKELY: f32 = 0.4;

/// The heights, in pixels, that a doubtful line is brought to.
const CONFIRMED_AT: [f32; 2] = [22.0, 34.0];
/// From this height on all looks have to agree.
const LARGE: u32 = 40;
/// The score from which on the detector confirms it.
const CONFIRMED: f32 = 0.6;

/// Searches frames.
#[derive(Clone, Copy)]
pub(super) struct Search<'f> {
    pub(super) finder: &'f dyn TextFinder,
    pub(super) identifiers: &'f dyn Identifiers,
    pub(super) effort: Effort,
}

impl Search<'_> {
    /// What the cheap look sees in a frame.
    pub(super) fn glance(&self, views: &Views) -> Result<Glimpses, FinderError> {
        let mut glimpses = Glimpses::default();
        for plane in &views.planes {
            let seen = self.finder.glance(plane)?;
            glimpses.places.extend(seen.places);
            glimpses.spots.extend(seen.spots);
            glimpses.maps.extend(seen.maps);
        }
        Ok(glimpses)
    }

    /// The lines at and around what the cheap look saw of a frame; with `near`, at these places
    /// only. In strict search, all lines of the frame. Those that were judged to be no text are
    /// among them.
    pub(super) fn around(
        &self,
        views: &Views,
        glimpses: &Glimpses,
        near: Option<&[Area]>,
    ) -> Result<Vec<Found>, FinderError> {
        let whole = Area::new(0, 0, views.shown.width, views.shown.height);
        let mut spots: Vec<Spot> = Vec::new();
        let tallest = glimpses.spots.iter().map(|g| g.area.w.min(g.area.h)).max();
        let scales: &[f32] = match (self.effort, tallest.unwrap_or(0) > TALL) {
            (Effort::Usual, false) => &[1.0],
            (Effort::Usual, true) => &[0.5, 1.0],
            (Effort::Strict, _) => &[0.5, 1.0, 2.0, 3.0],
        };
        let places = glimpses.places.iter().map(|spot| spot.area);
        let sure = glimpses.places.iter().any(|place| place.score >= SURE);
        let first = match (near, self.effort, sure) {
            (Some(near), _, _) => regions(near.iter().copied(), whole),
            (None, Effort::Usual, false) => regions(places, whole),
            _ => vec![whole],
        };
        for region in first {
            self.detect(views, region, scales, &mut spots)?;
        }
        if self.effort == Effort::Usual {
            // Again at twice the size, where something small or uncertain stands.
            let uncertain = |spot: &Spot| spot.score < 0.85;
            let found = spots.iter();
            let unseen = |place: &&Spot| {
                place.score >= LIKELY
                    && !spots
                        .iter()
                        .any(|spot| spot.area.meet(&place.area).is_some())
            };
            let likely = glimpses.places.iter().filter(unseen);
            let closer: Vec<Area> = found
                .filter(|spot| uncertain(spot))
                .chain(likely)
                .filter(|spot| spot.area.pixels() * 3 < whole.pixels())
                .map(|spot| spot.area)
                .collect();
            for region in regions(closer, whole) {
                self.detect(views, region, &[2.0], &mut spots)?;
            }
        }
        let mut found = Vec::new();
        for line in lines(&spots, glimpses) {
            let reading = self.read(views, &line)?;
            let characters = reading
                .text
                .expose()
                .chars()
                .filter(|c| c.is_alphanumeric());
            let verdict = judge(&line, &reading, self.identifiers, whole.w.min(whole.h));
            let verdict = match verdict {
                Verdict::Doubtful if self.confirms(views, &line)? => Verdict::Text,
                Verdict::Doubtful => Verdict::Nothing,
                decided => decided,
            };
            found.push(Found {
                verdict,
                scores: [
                    line.detector,
                    line.glance,
                    reading.confidence,
                    characters.count() as f32,
                ],
                area: line.area,
                parts: line.parts,
            });
        }
        reconsider(&mut found);
        Ok(found)
    }

    /// What is still text in and near rectangles of a frame that were blanked; elsewhere the frame is
    /// as it was when it was searched. Marks that were kept are no finding.
    pub(super) fn again(
        &self,
        views: &Views,
        blanked: &[Area],
        around: u32,
    ) -> Result<Vec<Found>, FinderError> {
        let near: Vec<Area> = blanked.iter().map(|area| area.grown(around)).collect();
        let mut glimpses = self.glance(views)?;
        let is_near = |spot: &Spot| near.iter().any(|area| area.meet(&spot.area).is_some());
        glimpses.places.retain(is_near);
        glimpses.spots.retain(is_near);
        let mut found = self.around(views, &glimpses, Some(&near))?;
        found.retain(|one| match one.verdict {
            Verdict::Identifier => true,
            Verdict::Text => one.is_legible(),
            Verdict::Mark | Verdict::Doubtful | Verdict::Nothing => false,
        });
        Ok(found)
    }

    fn detect(
        &self,
        views: &Views,
        region: Area,
        scales: &[f32],
        spots: &mut Vec<Spot>,
    ) -> Result<(), FinderError> {
        for picture in [views.shown_part(region), views.local_part(region)] {
            for scale in scales {
                let found = self.finder.detect(&picture, *scale)?;
                let placed = found
                    .into_iter()
                    .map(|spot| moved(&spot, region.x, region.y));
                spots.extend(placed);
            }
        }
        Ok(())
    }

    /// Whether the detector finds a line again when it sees no more than its surroundings, brought to
    /// two heights at which it knows text best. Shapes that resemble a letter by chance do so at one
    /// size and with one surrounding; letters remain letters.
    fn confirms(&self, views: &Views, line: &Line) -> Result<bool, FinderError> {
        let height = line.height().max(1) as f32;
        let whole = Area::new(0, 0, views.shown.width, views.shown.height);
        let around = line.area.grown(line.height().clamp(10, 48));
        let Some(around) = around.within(whole.w, whole.h) else {
            return Ok(false);
        };
        let mut found = 0;
        for picture in [views.shown_part(around), views.local_part(around)] {
            for target in CONFIRMED_AT {
                let scale = (target / height).clamp(0.2, 3.0);
                let spots = self.finder.detect(&picture, scale)?;
                let covered: u64 = spots
                    .iter()
                    .filter(|spot| spot.score >= CONFIRMED)
                    .filter_map(|spot| moved(spot, around.x, around.y).area.meet(&line.area))
                    .map(|shared| shared.pixels())
                    .sum();
                found += u32::from(covered * 2 >= line.area.pixels());
            }
        }
        // A shape of the size of a vessel or a rib has to convince at every look.
        Ok(found >= 3 && (line.height() < LARGE || found == 4 && line.glance >= 0.6))
    }

    /// The best reading of a line: as it is shown, stretched, and turned if it stands upright.
    fn read(&self, views: &Views, line: &Line) -> Result<Reading, FinderError> {
        let mut best = Reading {
            text: Phi::new(String::new()),
            confidence: 0.0,
        };
        let upright = line.area.h * 2 > line.area.w * 3;
        for picture in [views.shown_part(line.area), views.local_part(line.area)] {
            let mut readings = vec![self.finder.read(&picture)?];
            if upright {
                readings.push(self.finder.read(&turned(&picture, Turn::Left))?);
                readings.push(self.finder.read(&turned(&picture, Turn::Right))?);
            }
            for reading in readings {
                let longer = reading.text.expose().len().min(12) as f32 * 0.01;
                if reading.confidence + longer > best.confidence {
                    best = reading;
                }
            }
            if best.confidence > 0.9 {
                break;
            }
        }
        Ok(best)
    }
}

/// Places with what is around them, apart from each other; the whole if that is most of it.
fn regions(places: impl IntoIterator<Item = Area>, whole: Area) -> Vec<Area> {
    let regions: Vec<Area> = joined(places, MARGIN)
        .iter()
        .filter_map(|region| region.within(whole.w, whole.h))
        .collect();
    let searched: u64 = regions.iter().map(Area::pixels).sum();
    if searched * 10 > whole.pixels() * MOST_OF_IT {
        vec![whole]
    } else {
        regions
    }
}

fn moved(spot: &Spot, x: u32, y: u32) -> Spot {
    let moved = |area: &Area| Area::new(area.x + x, area.y + y, area.w, area.h);
    Spot {
        area: moved(&spot.area),
        parts: spot.parts.iter().map(moved).collect(),
        score: spot.score,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Left,
    Right,
}

/// A picture turned by a quarter.
fn turned(picture: &Picture, turn: Turn) -> Picture {
    let channels = usize::from(picture.channels);
    let (width, height) = (picture.width as usize, picture.height as usize);
    let mut data = Vec::with_capacity(picture.data.len());
    for row in 0..width {
        for column in 0..height {
            let (x, y) = match turn {
                Turn::Left => (width - 1 - row, column),
                Turn::Right => (row, height - 1 - column),
            };
            let at = (y * width + x) * channels;
            data.extend_from_slice(&picture.data[at..at + channels]);
        }
    }
    Picture {
        width: picture.height,
        height: picture.width,
        channels: picture.channels,
        data,
    }
}

/// The ink of a place, to know it again in another frame.
pub(super) fn reference(views: &Views, area: Area) -> Picture {
    part(&views.shown, area)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_to_the_left_undoes_one_to_the_right() {
        let picture = Picture {
            width: 3,
            height: 2,
            channels: 1,
            data: vec![1, 2, 3, 4, 5, 6],
        };
        let left = turned(&picture, Turn::Left);
        assert_eq!((left.width, left.data.clone()), (2, vec![3, 6, 2, 5, 1, 4]));
        assert_eq!(turned(&left, Turn::Right), picture);
    }
}
