//! [`Search`]: the lines of text in one frame.
//!
//! The cheap look says where text may be; only there the detector searches, in the shown and in
//! the local picture and at several sizes; every line it finds is read and judged.

use std::borrow::Cow;
use std::ops::Range;

use obscura_core::Phi;

use super::device::Devices;
use super::ends::ends;
use super::judge::{Identifiers, Verdict, extend, judge, reconsider, spare_lone_shapes};
use super::lines::{HUGE, Line, THREE_LETTERS, lines, seen};
use super::places::{
    SETTLED, is_filled, is_settled, only_near, pieces, regions, settling, unsettled,
};
use super::port::{FinderError, Glimpses, Likelihood, Reading, Spot, TextFinder};
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

/// The two pictures of a frame that the detector works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// What a viewer shows.
    Shown,
    /// Every neighbourhood in a window of its own.
    Local,
}

impl View {
    fn part(self, views: &Views, area: Area) -> Picture {
        match self {
            Self::Shown => views.shown_part(area),
            Self::Local => views.local_part(area),
        }
    }
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

/// From this mean on, a place beside what the detector found is searched so too.
const BESIDE: f32 = 0.5;

/// A rectangle found in a picture reduced to half is wider by that many pixels on each side.
const RIM: u32 = 4;
/// Below this score of the cheap look on the mean of a place, the reader alone decides.
const UNLIKELY: f32 = 0.3;
/// A reading of that confidence needs no second one.
const READ: f32 = 0.9;

/// From these confidences on, the reader says that there are letters at the end of a line, or one. Of
/// what is none it reads one more often.
const LETTERS: f32 = 0.65;
const LETTER: f32 = 0.85;

/// Searches frames.
#[derive(Clone, Copy)]
pub(super) struct Search<'f> {
    pub(super) finder: &'f dyn TextFinder,
    pub(super) identifiers: &'f dyn Identifiers,
    /// The kinds of device whose marks may stay.
    pub(super) devices: Devices,
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
    /// only, and without those of `known` places. In strict search, all lines of the frame. Those that
    /// were judged to be no text are among them.
    pub(super) fn around(
        &self,
        views: &Views,
        glimpses: &Glimpses,
        near: Option<&[Area]>,
        known: &[Area],
    ) -> Result<Vec<Found>, FinderError> {
        let whole = Area::new(0, 0, views.shown.width, views.shown.height);
        let spots = match self.effort {
            Effort::Usual => self.usual(views, glimpses, near, whole)?,
            Effort::Strict => self.strict(views, near, whole)?,
        };
        let mut found = Vec::new();
        for line in lines(&spots, glimpses) {
            if known.iter().any(|place| is_within(&line.area, place)) {
                continue;
            }
            // Beside blanked rectangles only an identifier counts of what the detector does not see.
            let beside = near.is_some() && line.detector <= 0.0;
            let once = line.is_unlikely() || beside;
            let reading = self.read(views, &line, once)?;
            let characters = reading
                .text
                .expose()
                .chars()
                .filter(|c| c.is_alphanumeric());
            let verdict = judge(
                &line,
                &reading,
                self.identifiers,
                self.devices,
                whole.w.min(whole.h),
            );
            let verdict = match verdict {
                Verdict::Doubtful if !beside && self.confirms(views, &line, &reading)? => {
                    Verdict::Text
                }
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
        extend(&mut found);
        if near.is_none() {
            self.follow(views, &mut found, &glimpses.maps)?;
        }
        // Beside blanked rectangles a lone letter is a piece of what was blanked.
        if self.effort == Effort::Usual && near.is_none() {
            spare_lone_shapes(&mut found);
        }
        Ok(found)
    }

    /// The detector's spots where the cheap look sees something, or near given places.
    fn usual(
        &self,
        views: &Views,
        glimpses: &Glimpses,
        near: Option<&[Area]>,
        whole: Area,
    ) -> Result<Vec<Spot>, FinderError> {
        let mut spots: Vec<Spot> = Vec::new();
        let places = || glimpses.places.iter();
        let sure = places().any(|place| place.score >= SURE);
        let first = match (near, sure) {
            (Some(near), _) => regions(near.iter().copied(), whole),
            (None, false) => regions(pieces(&glimpses.places), whole),
            (None, true) => vec![whole],
        };
        self.detect(views, View::Shown, first, 1.0, &mut spots)?;
        // What a viewer does not show, or not plainly, may be plain in its own window. The cheap look
        // sees all grays; where it saw nothing more than what is found already, nothing hides.
        let doubtful = unsettled(pieces(&glimpses.places), &settling(&spots, glimpses));
        self.detect(
            views,
            View::Local,
            regions(doubtful, whole),
            1.0,
            &mut spots,
        )?;
        let fine = spots.len();
        if near.is_none() {
            let tall = glimpses.spots.iter().map(|spot| spot.area);
            let tall = tall.filter(|area| area.w.min(area.h) > TALL);
            let around = regions(tall.map(|area| area.grown(area.w.min(area.h))), whole);
            for view in [View::Shown, View::Local] {
                self.detect(views, view, around.clone(), 0.5, &mut spots)?;
            }
        }
        let coarse = fine..spots.len();
        // Again at twice the size, where something small or uncertain stands. Beside blanked
        // rectangles only what the cheap look is sure of can be more than their edges.
        let least = if near.is_some() { SURE } else { LIKELY };
        let likelihood = |area: &Area| seen(&[*area], &glimpses.maps);
        // What only the detector sees is text if three letters are read in it.
        let may_be_text = |spot: &Spot| {
            spot.area.w.max(spot.area.h) >= THREE_LETTERS || likelihood(&spot.area) >= UNLIKELY
        };
        // A sure spot speaks for what another look saw in the same place.
        let sure = settling(&spots, glimpses);
        let uncertain = spots.iter().filter(|spot| {
            let sees = |place: &Spot| {
                let met = |part: &Area| part.meet(&spot.area).is_some();
                place.score >= SURE && place.parts.iter().any(met)
            };
            spot.score < SETTLED
                && is_of_letters(spot)
                && (near.is_none() || places().any(sees))
                && may_be_text(spot)
                && !is_settled(&spot.area, &sure)
        });
        let covering = spots.iter().filter(|spot| is_of_letters(spot));
        let covering: Vec<Area> = covering
            .map(|spot| spot.area)
            .filter(|area| likelihood(area) >= UNLIKELY)
            .collect();
        let unseen = places().filter(|place| {
            let found = |part: &Area| covering.iter().any(|area| area.meet(part).is_some());
            place.score >= least && !place.parts.iter().any(found)
        });
        // Letters beside those that were found, of the same line or another.
        let beside = unsettled(pieces(&glimpses.places), &covering);
        let beside = beside.into_iter().filter(|area| likelihood(area) >= BESIDE);
        let mut closer: Vec<Area> = uncertain
            .chain(unseen)
            .map(|spot| spot.area)
            .chain(beside)
            .filter(|area| area.pixels() * 3 < whole.pixels())
            .collect();
        let around = regions(closer.iter().copied(), whole);
        self.detect(views, View::Shown, around, 2.0, &mut spots)?;
        let settling = settling(&spots, glimpses);
        closer.retain(|area| !is_settled(area, &settling) && likelihood(area) >= LIKELY);
        let around = regions(closer, whole);
        self.detect(views, View::Local, around, 2.0, &mut spots)?;
        Ok(without_rims(spots, coarse))
    }

    /// The detector's spots in all of the frame, or near given places, at all sizes.
    fn strict(
        &self,
        views: &Views,
        near: Option<&[Area]>,
        whole: Area,
    ) -> Result<Vec<Spot>, FinderError> {
        let mut spots = Vec::new();
        let places = match near {
            Some(near) => regions(near.iter().copied(), whole),
            None => vec![whole],
        };
        for view in [View::Shown, View::Local] {
            for scale in [0.5, 1.0, 2.0, 3.0] {
                self.detect(views, view, places.clone(), scale, &mut spots)?;
            }
        }
        Ok(spots)
    }

    /// What is still text in and near rectangles of a frame that were blanked; elsewhere the frame is
    /// as it was when it was searched. Marks are no finding, and those that were `kept` are as they were
    /// read.
    pub(super) fn again(
        &self,
        views: &Views,
        blanked: &[Area],
        kept: &[Area],
        around: u32,
    ) -> Result<Vec<Found>, FinderError> {
        let near: Vec<Area> = blanked.iter().map(|area| area.grown(around)).collect();
        let mut glimpses = self.glance(views)?;
        only_near(&mut glimpses.places, &near);
        only_near(&mut glimpses.spots, &near);
        let mut found = self.around(views, &glimpses, Some(&near), kept)?;
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
        view: View,
        regions: Vec<Area>,
        scale: f32,
        spots: &mut Vec<Spot>,
    ) -> Result<(), FinderError> {
        for region in regions {
            let found = self.finder.detect(&view.part(views, region), scale)?;
            let placed = found.iter().map(|spot| moved(spot, region.x, region.y));
            spots.extend(placed);
        }
        Ok(())
    }

    /// Whether the detector finds a line again when it sees no more than its surroundings, brought to
    /// two heights at which it knows text best. Shapes that resemble a letter by chance do so at one
    /// size and with one surrounding; letters remain letters.
    fn confirms(&self, views: &Views, line: &Line, reading: &Reading) -> Result<bool, FinderError> {
        let height = line.height().max(1) as f32;
        let whole = Area::new(0, 0, views.shown.width, views.shown.height);
        let around = line.area.grown(line.height().clamp(10, 48));
        let Some(around) = around.within(whole.w, whole.h) else {
            return Ok(false);
        };
        let (mut found, mut missed) = (0, 0);
        // A shape of the size of a vessel or a rib has to convince at every look, and the reader or the
        // cheap look besides: letters of that size are read.
        let large = line.height() >= LARGE;
        let allowed = u32::from(!large);
        let seen_or_read = line.glance >= 0.8 || line.glance >= 0.6 && reading.confidence >= 0.75;
        if large && !seen_or_read {
            return Ok(false);
        }
        for view in [View::Shown, View::Local] {
            let picture = view.part(views, around);
            for target in CONFIRMED_AT {
                let scale = (target / height).clamp(0.2, 3.0);
                let spots = self.finder.detect(&picture, scale)?;
                let covered: u64 = spots
                    .iter()
                    .filter(|spot| spot.score >= CONFIRMED)
                    .filter_map(|spot| moved(spot, around.x, around.y).area.meet(&line.area))
                    .map(|shared| shared.pixels())
                    .sum();
                if covered * 2 >= line.area.pixels() {
                    found += 1;
                } else {
                    missed += 1;
                }
                // As soon as the other looks cannot change the answer.
                if missed > allowed {
                    return Ok(false);
                }
                if found + allowed >= 4 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Adds to lines that go what more of their letters lies at their ends, up to the next line.
    fn follow(
        &self,
        views: &Views,
        found: &mut [Found],
        maps: &[Likelihood],
    ) -> Result<(), FinderError> {
        let size = (views.shown.width, views.shown.height);
        let is_line = |one: &&Found| one.verdict != Verdict::Nothing;
        let lines: Vec<Area> = found.iter().filter(is_line).map(|one| one.area).collect();
        for one in found {
            if !one.verdict.goes() {
                continue;
            }
            let others = lines.iter().copied().filter(|area| *area != one.area);
            for end in ends(&one.area, maps, size, &others.collect::<Vec<_>>()) {
                if self.is_read(views, &end)? {
                    one.area = one.area.around(&end);
                    one.parts.push(end);
                }
            }
        }
        Ok(())
    }

    /// Whether letters are read in an area, in one picture or the other, turned or not.
    fn is_read(&self, views: &Views, area: &Area) -> Result<bool, FinderError> {
        for view in [View::Shown, View::Local] {
            let picture = view.part(views, *area);
            let turns = turns(area, false).iter();
            for picture in turns.map(|turn| turned(&picture, *turn)) {
                let reading = self.finder.read(&picture)?;
                let read = reading.text.expose().chars();
                let least = match read.filter(|c| c.is_alphanumeric()).count() {
                    0 => continue,
                    1 => LETTER,
                    _ => LETTERS,
                };
                if reading.confidence >= least {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The best reading of a line: as it is shown, stretched, and turned if it stands upright. What
    /// neither detector nor cheap look takes for text is read `once`: it could name the person.
    fn read(&self, views: &Views, line: &Line, once: bool) -> Result<Reading, FinderError> {
        let mut best = Reading {
            text: Phi::new(String::new()),
            confidence: 0.0,
        };
        if line.is_mute() {
            return Ok(best);
        }
        // One letter is higher than wide.
        let turns = if line.is_small() {
            &[Turn::None]
        } else {
            turns(&line.area, once)
        };
        for view in [View::Shown, View::Local] {
            let picture = view.part(views, line.area);
            for turn in turns {
                let reading = self.finder.read(&turned(&picture, *turn))?;
                let longer = reading.text.expose().len().min(12) as f32 * 0.01;
                if reading.confidence + longer > best.confidence {
                    best = reading;
                }
                if best.confidence > READ {
                    return Ok(best);
                }
            }
            // Plain text that is hardly read in one picture is no mark in the other, and what the
            // detector did not see and nobody can read has no second chance to become a word.
            let hopeless = match (line.is_plain(), line.detector >= CONFIRMED) {
                (true, _) => best.confidence < 0.5,
                (false, true) => false,
                (false, false) => line.glance < 0.7 && best.confidence < 0.4,
            };
            if once || hopeless {
                break;
            }
        }
        Ok(best)
    }
}

/// Leaves out of the `coarse` spots, found in a reduced picture, those that show no more than sure spots
/// of the picture itself: their rectangles are wider, and some are of several lines, which would then be
/// judged as one.
fn without_rims(spots: Vec<Spot>, coarse: Range<usize>) -> Vec<Spot> {
    let is_sure = |(at, spot): &(usize, &Spot)| !coarse.contains(at) && spot.score >= SETTLED;
    let sure: Vec<Area> = spots
        .iter()
        .enumerate()
        .filter(is_sure)
        .map(|(_, spot)| spot.area)
        .collect();
    let side = |area: &Area| area.w.min(area.h);
    let shows_no_more = |spot: &Spot| {
        let within = |area: &Area| area.grown((side(area) / 4).max(RIM)).holds(&spot.area);
        let met: Vec<Area> = sure
            .iter()
            .filter(|area| area.meet(&spot.area).is_some())
            .copied()
            .collect();
        let lines = met
            .iter()
            .map(side)
            .filter(|height| height * 3 < side(&spot.area) * 2);
        let (count, least) = lines.fold((0, u32::MAX), |(n, low), side| (n + 1, low.min(side)));
        met.iter().any(within) || count > 1 && is_filled(&spot.area, &met, least)
    };
    let numbered = spots.into_iter().enumerate();
    numbered
        .filter(|(at, spot)| !coarse.contains(at) || !shows_no_more(spot))
        .map(|(_, spot)| spot)
        .collect()
}

/// Nine tenths of an area, or more, lie in a place, by a pixel or two.
fn is_within(area: &Area, place: &Area) -> bool {
    let shared = area
        .meet(&place.grown(2))
        .map_or(0, |shared| shared.pixels());
    shared * 10 >= area.pixels() * 9
}

/// Small enough to be seen better at twice the size. A larger spot that is no plain text is a vessel, a
/// body or a fan: it says nothing of small text in it, which the cheap look sees by itself.
fn is_of_letters(spot: &Spot) -> bool {
    spot.score >= SETTLED || spot.area.w.min(spot.area.h) <= HUGE
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
    None,
    Left,
    Right,
}

/// How an area may have to be turned to be read; once, the way that is usual.
const fn turns(area: &Area, once: bool) -> &'static [Turn] {
    match (area.h * 2 > area.w * 3, once) {
        (true, false) => &[Turn::Left, Turn::Right, Turn::None],
        (true, true) => &[Turn::Left],
        (false, _) => &[Turn::None],
    }
}

/// A picture turned by a quarter, or not.
fn turned(picture: &Picture, turn: Turn) -> Cow<'_, Picture> {
    if turn == Turn::None {
        return Cow::Borrowed(picture);
    }
    let channels = usize::from(picture.channels);
    let (width, height) = (picture.width as usize, picture.height as usize);
    let mut data = Vec::with_capacity(picture.data.len());
    for row in 0..width {
        for column in 0..height {
            let (x, y) = if turn == Turn::Left {
                (width - 1 - row, column)
            } else {
                (row, height - 1 - column)
            };
            let at = (y * width + x) * channels;
            data.extend_from_slice(&picture.data[at..at + channels]);
        }
    }
    Cow::Owned(Picture {
        width: picture.height,
        height: picture.width,
        channels: picture.channels,
        data,
    })
}

/// The ink of a place, to know it again in another frame.
pub(super) fn reference(views: &Views, area: Area) -> Picture {
    part(&views.shown, area)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_of_the_reduced_picture_goes_where_a_sure_one_is_within() {
        let spot = |x, y, w, h, score| Spot::upright(Area::new(x, y, w, h), score);
        let spots = vec![
            spot(100, 100, 80, 20, 0.9),
            spot(200, 100, 80, 20, 0.7),
            spot(96, 97, 88, 26, 0.95),
            spot(96, 97, 120, 26, 0.95),
            spot(196, 97, 88, 26, 0.95),
        ];
        let kept = without_rims(spots.clone(), 2..5);
        assert_eq!(kept, [&spots[..2], &spots[3..]].concat());
        // Two lines taken for one, and one with more below them.
        let lines = vec![
            spot(3, 145, 73, 15, 0.92),
            spot(3, 161, 46, 15, 0.96),
            spot(0, 138, 78, 44, 0.83),
            spot(0, 138, 78, 90, 0.83),
        ];
        let kept = without_rims(lines.clone(), 2..4);
        assert_eq!(kept, [&lines[..2], &lines[3..]].concat());
    }

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
        assert_eq!(*turned(&left, Turn::Right), picture);
        assert_eq!(*turned(&picture, Turn::None), picture);
    }
}
