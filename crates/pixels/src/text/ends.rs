//! Where text that goes has more letters than the detector found.
//!
//! A detector ends a line where its letters come to stand on another ground, or grow faint. The cheap
//! look still sees something there, less surely: by itself too little to be text, at the end of a line
//! and no higher than it, more of its letters.

use super::port::Likelihood;
use crate::Area;

/// From this mean of the cheap look on, a piece of a line's length is more of it.
const LETTER: f32 = 0.35;
/// As far as it is so much more than above or below the line, which in a texture it is not.
const STANDS_OUT: f32 = 0.12;
/// The cells of the cheap look and what they see beyond letters, in pixels: what reaches no further
/// than this is no letter.
const BLUR: u32 = 14;
/// Lines are followed no further than so many of their heights, beside their own length.
const REACH: u32 = 4;

/// What lies at the ends of a line and is more of it, in a frame of that size; nothing of what is
/// `spared`. A letter by itself has no ends.
pub(super) fn ends(
    line: &Area,
    maps: &[Likelihood],
    (width, height): (u32, u32),
    spared: &[Area],
) -> Vec<Area> {
    let upright = line.h >= line.w * 2;
    if !upright && line.w * 2 < line.h * 3 {
        return Vec::new();
    }
    let seen = maps.iter().map(|map| (map.mean(line), map));
    let Some((_, map)) = seen.max_by(|a, b| a.0.total_cmp(&b.0)) else {
        return Vec::new();
    };
    let turn = |area: &Area| {
        if upright { area.transposed() } else { *area }
    };
    let row = Row {
        line: turn(line),
        likelihood: &|area| map.mean(&turn(area)),
        length: if upright { height } else { width },
        breadth: if upright { width } else { height },
        spared: spared.iter().map(turn).collect(),
    };
    let found = [row.after(), row.before()];
    found.iter().flatten().map(turn).collect()
}

/// A line and what is to the left and right of it, as if it were written from left to right.
struct Row<'a> {
    line: Area,
    likelihood: &'a dyn Fn(&Area) -> f32,
    length: u32,
    breadth: u32,
    spared: Vec<Area>,
}

impl Row<'_> {
    fn step(&self) -> u32 {
        (self.line.h / 3).max(4)
    }

    fn after(&self) -> Option<Area> {
        let (from, step) = (self.line.right(), self.step());
        let pieces = (from..self.length).step_by(step as usize);
        let mut end = from;
        for x in self.letters(pieces.map(|x| (x, step.min(self.length - x)))) {
            end = x + step;
        }
        let more = end.min(self.length) - from;
        (more >= BLUR.max(self.line.h)).then(|| Area::new(from, self.line.y, more, self.line.h))
    }

    fn before(&self) -> Option<Area> {
        let (to, step) = (self.line.x, self.step());
        let pieces = (1..=to / step).map(|count| to - count * step);
        let mut begin = to;
        for x in self.letters(pieces.map(|x| (x, step))) {
            begin = x;
        }
        let more = to - begin;
        (more >= BLUR.max(self.line.h)).then(|| Area::new(begin, self.line.y, more, self.line.h))
    }

    /// Where pieces of the row, by begin and width, hold letters, up to the first gap that is wider than
    /// one between words.
    fn letters(&self, pieces: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
        let (mut found, mut gap, mut way) = (Vec::new(), 0, 0);
        for (x, w) in pieces {
            let area = Area::new(x, self.line.y, w, self.line.h);
            way += w;
            let met = self.spared.iter().any(|other| other.meet(&area).is_some());
            if met || way > self.line.w + REACH * self.line.h {
                break;
            }
            if self.holds_letters(&area) {
                found.push(x);
                gap = 0;
            } else {
                gap += w;
            }
            if gap * 2 > self.line.h {
                break;
            }
        }
        found
    }

    fn holds_letters(&self, area: &Area) -> bool {
        let (edge, half) = (area.h / 4, (area.h / 2).max(4));
        let core = Area::new(area.x, area.y + edge, area.w, area.h - 2 * edge);
        let above = area
            .y
            .checked_sub(half + 4)
            .map(|y| Area::new(area.x, y, area.w, half));
        let y = area.bottom() + 4;
        let below = (y + half <= self.breadth).then(|| Area::new(area.x, y, area.w, half));
        let beside = above.iter().chain(&below).map(self.likelihood);
        let likely = (self.likelihood)(&core);
        likely >= LETTER && likely >= beside.fold(1.0, f32::min) + STANDS_OUT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of 60 by 20 cells of four pixels, quiet but for these rectangles.
    fn map(likely: &[(Area, f32)]) -> Likelihood {
        let value = |at: usize| {
            let cell = Area::new(at as u32 % 60 * 4, at as u32 / 60 * 4, 4, 4);
            let inside = likely.iter().find(|(area, _)| area.meet(&cell).is_some());
            inside.map_or(0.1, |(_, value)| *value)
        };
        Likelihood {
            cell: 4,
            columns: 60,
            values: (0..60 * 20).map(value).collect(),
        }
    }

    const SIZE: (u32, u32) = (240, 80);
    const LINE: Area = Area {
        x: 80,
        y: 32,
        w: 60,
        h: 16,
    };

    fn found(likely: &[(Area, f32)], spared: &[Area]) -> Vec<Area> {
        let line = (LINE, 0.9);
        ends(&LINE, &[map(&[&[line], likely].concat())], SIZE, spared)
    }

    #[test]
    fn what_goes_on_less_surely_at_an_end_is_more_of_the_line() {
        let rest = Area::new(140, 32, 60, 16);
        let ends = found(&[(rest, 0.45)], &[]);
        assert!(
            ends.len() == 1 && ends[0].around(&rest).pixels() < 70 * 16,
            "{ends:?}"
        );
        let before = Area::new(32, 32, 44, 16);
        assert_eq!(found(&[(before, 0.5), (rest, 0.45)], &[]).len(), 2);
        // Up to the next line only.
        assert!(found(&[(rest, 0.45)], &[Area::new(150, 30, 60, 20)]).is_empty());
    }

    #[test]
    fn a_texture_a_faint_trace_and_another_word_far_away_are_not() {
        let texture = Area::new(140, 0, 100, 80);
        assert!(found(&[(texture, 0.6)], &[]).is_empty());
        assert!(found(&[(Area::new(140, 32, 60, 16), 0.3)], &[]).is_empty());
        assert!(found(&[(Area::new(168, 32, 60, 16), 0.9)], &[]).is_empty());
        // The blur of the line itself.
        assert!(found(&[(Area::new(140, 32, 8, 16), 0.6)], &[]).is_empty());
        let letter = Area::new(80, 32, 12, 16);
        assert!(ends(&letter, &[map(&[(LINE, 0.9)])], SIZE, &[]).is_empty());
        assert!(ends(&LINE, &[], SIZE, &[]).is_empty());
    }

    #[test]
    fn upright_lines_have_their_ends_above_and_below() {
        let line = Area::new(100, 4, 12, 40);
        let likely = map(&[(line, 0.9), (Area::new(100, 44, 12, 28), 0.5)]);
        let ends = ends(&line, &[likely], SIZE, &[]);
        assert!(
            ends.len() == 1 && ends[0].y == 44 && ends[0].h >= 28,
            "{ends:?}"
        );
    }
}
