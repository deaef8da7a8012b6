//! From spots of several detectors to lines: what is the same piece of text becomes one.

use super::port::{Glimpses, Likelihood, Spot};
use crate::Area;
use crate::rules::uncovered;

/// One piece of text as the detectors see it together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// The rectangle around all of it.
    pub(super) area: Area,
    /// Rectangles that cover it closely.
    pub(super) parts: Vec<Area>,
    /// How likely the cheap look finds text in its place, on the mean.
    pub(super) glance: f32,
    /// The best score of the thorough search, 0 if it saw nothing.
    pub(super) detector: f32,
}

impl Line {
    fn of(spot: &Spot) -> Self {
        Self {
            area: spot.area,
            parts: spot.parts.clone(),
            glance: 0.0,
            detector: spot.score,
        }
    }

    fn take(&mut self, other: Self) {
        self.area = self.area.around(&other.area);
        for part in other.parts {
            if !self.parts.iter().any(|had| had.holds(&part)) {
                self.parts.retain(|had| !part.holds(had));
                self.parts.push(part);
            }
        }
        self.detector = self.detector.max(other.detector);
        self.glance = self.glance.max(other.glance);
    }

    /// Neither the detector nor the cheap look takes it for text by itself, or it is so large that both
    /// would have to.
    pub(super) fn is_unlikely(&self) -> bool {
        let least = if self.detector > 0.0 { 0.5 } else { 0.6 };
        (self.detector < FOUND || self.is_large()) && self.glance < least
    }

    /// Larger than letters that the networks know.
    pub(super) fn is_large(&self) -> bool {
        self.height() > HUGE
    }

    /// Too small for three letters that can be read.
    pub(super) fn is_small(&self) -> bool {
        let margin = if self.detector > 0.0 {
            UNCLIPPED
        } else {
            CELLS
        };
        self.area.w.max(self.area.h) < THREE_LETTERS + margin
    }

    /// Nothing that is read in it decides anything: it is not text without three letters or the cheap
    /// look, and has neither.
    pub(super) fn is_mute(&self) -> bool {
        self.is_small() && (self.detector <= 0.0 || self.glance < LIKELY)
    }

    /// Both are sure that it is text.
    pub(super) fn is_plain(&self) -> bool {
        self.detector >= FOUND && self.glance >= 0.85
    }

    /// The side across the direction of writing, as far as the rectangle tells.
    pub(super) fn height(&self) -> u32 {
        self.area.w.min(self.area.h)
    }
}

/// Twice this height is larger than the networks know letters; what is text of it is read at a glance.
pub(super) const HUGE: u32 = 72;
/// Three letters of five pixels' height are at least that wide.
pub(super) const THREE_LETTERS: u32 = 12;
/// The margin that the detector leaves around letters.
pub(super) const UNCLIPPED: u32 = 4;
/// And the cheap look, whose cells are of four pixels.
const CELLS: u32 = 8;
/// The cheap look finds text likely in the whole place of a line.
pub(super) const LIKELY: f32 = 0.50;
/// From this score of the detector on, what it found is the whole of a piece of text.
const FOUND: f32 = 0.6;

/// The lines of a frame: the detector's spots, those of the same piece of text put together, each
/// with what the cheap look says of its place; and what the cheap look alone is sure of.
pub(super) fn lines(spots: &[Spot], glimpses: &Glimpses) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut waiting: Vec<Line> = spots.iter().map(Line::of).collect();
    // The largest first, so that pieces join what they are pieces of.
    waiting.sort_by_key(|line| std::cmp::Reverse(line.area.pixels()));
    for line in waiting {
        match lines.iter_mut().find(|other| is_same(other, &line)) {
            Some(other) => other.take(line),
            None => lines.push(line),
        }
    }
    for line in &mut lines {
        line.glance = seen(&line.parts, &glimpses.maps);
    }
    drop_specks(&mut lines);
    // A weak spot within a word is no reason to leave the rest of the word.
    let found = lines.iter().filter(|line| line.detector >= FOUND);
    let known: Vec<Area> = found.flat_map(|line| line.parts.clone()).collect();
    let mut more: Vec<Line> = Vec::new();
    for spot in &glimpses.spots {
        let holes: Vec<Area> = known
            .iter()
            .filter(|area| area.pixels() <= spot.area.pixels() * 6)
            .copied()
            .collect();
        let rest = left(spot, &holes);
        for parts in rest {
            let line = Line {
                area: parts
                    .iter()
                    .skip(1)
                    .fold(parts[0], |all, part| all.around(part)),
                glance: seen(&parts, &glimpses.maps),
                parts,
                detector: 0.0,
            };
            // Two planes of colour show one text in one place.
            match more.iter_mut().find(|other| is_alike(other, &line)) {
                Some(other) => other.take(line),
                None => more.push(line),
            }
        }
    }
    lines.extend(more);
    lines
}

/// Takes out uncertain specks that lie within a line: dots and strokes of its letters, which are
/// blanked or kept with it.
fn drop_specks(lines: &mut Vec<Line>) {
    let whole: Vec<Area> = lines
        .iter()
        .filter(|line| line.detector >= 0.8 && line.glance >= 0.5)
        .map(|line| line.area)
        .collect();
    lines.retain(|line| {
        let within = |area: &Area| {
            let shared = area.meet(&line.area).map_or(0, |shared| shared.pixels());
            shared * 10 >= line.area.pixels() * 8 && area.pixels() >= line.area.pixels() * 4
        };
        line.detector >= FOUND || !whole.iter().any(within)
    });
}

/// What is left of a spot of the cheap look where the detector found lines: all of it, or the pieces
/// that are too large to be the margin around what was found.
fn left(spot: &Spot, holes: &[Area]) -> Vec<Vec<Area>> {
    let met = |part: &Area| holes.iter().any(|hole| hole.meet(part).is_some());
    if !spot.parts.iter().any(met) {
        return vec![spot.parts.clone()];
    }
    let least = (spot.area.w.min(spot.area.h) / 2).max(7);
    uncovered(&spot.parts, holes)
        .into_iter()
        .filter(|piece| piece.w.min(piece.h) >= least)
        .map(|piece| vec![piece])
        .collect()
}

/// How likely the cheap look finds text in the place of a line: the best plane's mean over it.
pub(super) fn seen(parts: &[Area], maps: &[Likelihood]) -> f32 {
    let pixels: u64 = parts.iter().map(Area::pixels).sum();
    let mean = |map: &Likelihood| {
        let weighted = |part: &Area| map.mean(part) * part.pixels() as f32;
        parts.iter().map(weighted).sum::<f32>() / pixels.max(1) as f32
    };
    maps.iter().map(mean).fold(0.0, f32::max)
}

fn is_same(a: &Line, b: &Line) -> bool {
    let Some(shared) = a.area.meet(&b.area) else {
        return false;
    };
    let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
    let smaller = a.area.pixels().min(b.area.pixels());
    high <= low * 2 + 6 && shared.pixels() * 2 >= smaller
}

/// The same place, but for a tenth of it.
fn is_alike(a: &Line, b: &Line) -> bool {
    let shared = a.area.meet(&b.area).map_or(0, |shared| shared.pixels());
    shared * 10 >= a.area.pixels().max(b.area.pixels()) * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_one_line_become_one_and_a_picture_around_it_does_not() {
        let spot = |x, y, w, h, score| Spot::upright(Area::new(x, y, w, h), score);
        let spots = [
            spot(10, 10, 100, 14, 0.9),
            spot(60, 11, 60, 13, 0.8),
            spot(0, 0, 300, 300, 0.5),
        ];
        let glimpses = Glimpses {
            places: Vec::new(),
            spots: vec![spot(8, 8, 104, 16, 0.7), spot(10, 40, 100, 14, 0.6)],
            maps: vec![Likelihood {
                cell: 4,
                columns: 80,
                values: (0..80 * 80)
                    .map(|at| if at < 560 { 0.75 } else { 0.5 })
                    .collect(),
            }],
        };
        let found = lines(&spots, &glimpses);
        let areas: Vec<Area> = found.iter().map(|line| line.area).collect();
        assert_eq!(
            areas,
            [
                Area::new(0, 0, 300, 300),
                Area::new(10, 10, 110, 14),
                Area::new(10, 40, 100, 14)
            ]
        );
        assert!((found[0].detector - 0.5).abs() < 1e-6 && found[0].glance < 0.55);
        assert_eq!((found[1].detector, found[1].glance), (0.9, 0.75));
        assert_eq!((found[2].detector, found[2].glance), (0.0, 0.5));
    }
}
