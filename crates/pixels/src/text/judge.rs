//! The verdict on one line: text that goes, a mark that stays, or no text at all.
//!
//! Text goes by default. A mark stays only if it was read with confidence and all of it is on the
//! allow-list. What resembles text is dismissed if of detector, cheap look and reader only one takes
//! it for text: bones, vessels and rulers deceive each of them, but seldom two in the same place.

use super::device::Devices;
use super::lines::{LIKELY, Line, UNCLIPPED};
use super::marks;
use super::port::Reading;
use super::search::Found;
use crate::Area;

/// Knows the object's own identifiers.
pub trait Identifiers: Sync + std::fmt::Debug {
    /// Whether a text that was read off a picture, errors of reading included, names the person.
    fn named_in(&self, text: &str) -> bool;
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The reader knows an identifier of the object in it.
    Identifier,
    /// Text that is not known to be harmless.
    Text,
    /// On the allow-list.
    Mark,
    /// Resembles text, and was not read: text if the detector confirms it from another distance.
    Doubtful,
    /// Not text.
    Nothing,
}

impl Verdict {
    /// Whether what was judged is blanked.
    pub(super) const fn goes(self) -> bool {
        matches!(self, Self::Identifier | Self::Text)
    }
}

/// The reader is as sure as it is of clear print. Marks are short, and a name misread as a mark is
/// a leak.
const SURE: f32 = 0.88;
/// The detector is sure, as far as it can be of small things. Measured on drawn pictures: 93 of 100
/// lines of text reach this and [`LIKELY`], and 3 of 100 of what resembles text.
const DETECTED: f32 = 0.60;
/// The cheap look is sure.
const CERTAIN: f32 = 0.80;
/// Two letters that are read so surely are letters, however large, where the cheap look sees as much.
const PLAIN: f32 = 0.98;
const HINTED: f32 = 0.40;
/// The cheap look is sure enough that nothing else need confirm it.
const ALONE: f32 = 0.85;

/// Judges one line by what was read of it on a picture of these devices; `frame_height` is the shorter side
/// of the frame.
pub(super) fn judge(
    line: &Line,
    reading: &Reading,
    identifiers: &dyn Identifiers,
    devices: Devices,
    frame_height: u32,
) -> Verdict {
    let text = reading.text.expose();
    let characters = text.chars().filter(|c| c.is_alphanumeric()).count();
    if characters >= 3 && reading.confidence >= 0.3 && identifiers.named_in(text) {
        return Verdict::Identifier;
    }
    if reading.confidence >= SURE && marks::is_mark(text, devices) {
        return Verdict::Mark;
    }
    if is_ruler(text, reading.confidence) || is_crosses(text, reading.confidence) {
        return Verdict::Nothing;
    }
    resemblance(line, reading.confidence, characters, frame_height)
}

/// A cross is read with doubt, and as no letter but one in the shape of a cross.
const CROSSED: f32 = 0.4;

/// Crosses of a caliper or a grid, and nothing else.
fn is_crosses(text: &str, confidence: f32) -> bool {
    let is_cross = |c: char| matches!(c, '+' | '＋' | '十' | '✚' | '†' | ' ');
    confidence >= CROSSED && text.contains(['+', '＋', '十']) && text.chars().all(is_cross)
}

/// Fewest strokes of a ruler that was read as letters.
const STROKES: usize = 16;

/// A row of strokes, read with doubt as one character again and again and hardly another.
fn is_ruler(text: &str, confidence: f32) -> bool {
    let mut read: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let count = read.len();
    read.sort_unstable();
    read.dedup();
    confidence < LEGIBLE && count >= STROKES && read.len() <= 3
}

fn resemblance(line: &Line, confidence: f32, characters: usize, frame_height: u32) -> Verdict {
    let Line {
        glance, detector, ..
    } = *line;
    let reads = |confidence_from: f32, characters_from: usize| {
        confidence >= confidence_from && characters >= characters_from
    };
    let large = line.is_large() || line.height() * 4 > frame_height;
    if large {
        // A whole body can look like one letter to the detector, and a fan like a line.
        let read = reads(0.9, 3) && glance >= LIKELY || reads(PLAIN, 2) && glance >= HINTED;
        return match (detector >= DETECTED, read) {
            (true, true) => Verdict::Text,
            (true, false) if glance >= 0.55 => Verdict::Doubtful,
            _ => Verdict::Nothing,
        };
    }
    if detector == 0.0 {
        return match (glance >= CERTAIN, glance >= 0.6 && reads(0.8, 3)) {
            (_, true) => Verdict::Text,
            (true, false) => Verdict::Doubtful,
            _ => Verdict::Nothing,
        };
    }
    // What is as high as a vertebra has to convince the detector too.
    let convinces = detector >= if line.height() < 40 { 0.3 } else { 0.8 };
    let sure = detector >= DETECTED && reads(0.85, 3) && convinces
        || glance >= LIKELY && reads(0.75, 3) && convinces
        || detector >= DETECTED && glance >= ALONE;
    let doubtful = detector >= DETECTED && glance >= LIKELY || glance >= CERTAIN;
    match (sure, doubtful) {
        (true, _) => Verdict::Text,
        (false, true) => Verdict::Doubtful,
        (false, false) => Verdict::Nothing,
    }
}

/// Where text goes.
fn going(found: &[Found]) -> Vec<Area> {
    found
        .iter()
        .filter(|one| one.verdict.goes())
        .map(|one| one.area)
        .collect()
}

/// A short mark beside other text is a piece of it: a letter of a stacked name, a number of a date.
const SHORT: f32 = 2.0;

/// Takes back what single marks were granted where they are pieces of text that goes.
pub(super) fn reconsider(found: &mut [Found]) {
    let going = going(found);
    for one in found.iter_mut().filter(|one| one.verdict == Verdict::Mark) {
        let height = one.area.w.min(one.area.h);
        let like = |area: &Area| {
            let other = area.w.min(area.h);
            other <= height * 2 && height <= other * 2
        };
        let short = one.scores[3] <= SHORT && one.scores[0] >= DETECTED;
        let reach = one.area.grown(if short { height } else { 0 });
        let piece = |area: &&Area| like(area) && reach.meet(area).is_some();
        if going.iter().any(|area| piece(&area)) {
            one.verdict = Verdict::Text;
        }
    }
}

/// From this mean of the cheap look on, the rest of a line is more of the text.
pub(super) const MORE_OF_IT: f32 = 0.5;
/// How far letters of one word lie apart at most, in pixels, as the cells of the cheap look show it.
const NEXT_LETTER: u32 = 4;

/// What only the cheap look sees at the beginning or the end of text that goes is more of it: a
/// detector misses letters there that stand on another ground or are fainter.
pub(super) fn extend(found: &mut [Found]) {
    let going = going(found);
    for one in found.iter_mut() {
        let [detector, glance, ..] = one.scores;
        let is_rest = detector == 0.0 && glance >= MORE_OF_IT && one.verdict == Verdict::Nothing;
        if is_rest && going.iter().any(|line| is_end_of(&one.area, line)) {
            one.verdict = Verdict::Text;
        }
    }
}

/// A reading from that confidence on says that something is a letter.
const LEGIBLE: f32 = 0.75;

/// Takes back what was found of a shape of one letter that nobody can read and that no other text stands
/// near: a bone, a vessel, a mask. One letter by itself names nobody.
pub(super) fn spare_lone_shapes(found: &mut [Found]) {
    let going = going(found);
    for one in found.iter_mut() {
        let legible = one.scores[2] >= LEGIBLE;
        if one.verdict == Verdict::Text && !legible && is_letter(&one.area) {
            let height = one.area.w.max(one.area.h);
            let reach = one.area.grown(height * 2);
            let is_other = |area: &Area| {
                let shared = area.meet(&one.area).map_or(0, |shared| shared.pixels());
                shared * 2 < area.pixels().min(one.area.pixels()) && reach.meet(area).is_some()
            };
            if !going.iter().any(is_other) {
                one.verdict = Verdict::Nothing;
            }
        }
    }
}

/// One letter at most has room, in its direction or upright.
fn is_letter(area: &Area) -> bool {
    let (w, h) = (
        area.w.saturating_sub(UNCLIPPED),
        area.h.saturating_sub(UNCLIPPED),
    );
    w * 4 <= h * 5 && h * 5 <= w * 9
}

/// Whether an area lies at the beginning or the end of a line, in its direction, and is of its height.
fn is_end_of(area: &Area, line: &Area) -> bool {
    if line.w < line.h {
        return line.h > line.w * 2 && is_end_of(&area.transposed(), &line.transposed());
    }
    let shared = (area.y + area.h)
        .min(line.y + line.h)
        .saturating_sub(area.y.max(line.y));
    let gap = area
        .x
        .max(line.x)
        .saturating_sub((area.x + area.w).min(line.x + line.w));
    let beyond = area.x < line.x || area.x + area.w > line.x + line.w;
    shared * 2 >= line.h && area.h <= line.h * 2 && gap <= NEXT_LETTER && beyond
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_core::Phi;

    #[test]
    fn the_rest_of_a_line_goes_with_it_and_what_lies_beside_does_not() {
        let line = Area::new(100, 100, 80, 12);
        assert!(is_end_of(&Area::new(60, 98, 40, 16), &line));
        assert!(is_end_of(&Area::new(182, 100, 20, 12), &line));
        assert!(!is_end_of(&Area::new(110, 112, 20, 8), &line));
        assert!(!is_end_of(&Area::new(190, 100, 20, 12), &line));
        assert!(!is_end_of(&Area::new(40, 80, 60, 60), &line));
        let upright = Area::new(10, 100, 12, 80);
        assert!(is_end_of(&Area::new(10, 60, 12, 40), &upright));
        let found = |area, verdict, glance| Found {
            area,
            parts: vec![area],
            verdict,
            scores: [0.0, glance, 0.0, 0.0],
        };
        let rest = Area::new(60, 98, 40, 16);
        let mut all = [
            found(line, Verdict::Identifier, 0.9),
            found(rest, Verdict::Nothing, 0.6),
            found(rest, Verdict::Nothing, 0.4),
        ];
        extend(&mut all);
        assert_eq!(all[1].verdict, Verdict::Text);
        assert_eq!(all[2].verdict, Verdict::Nothing);
    }

    #[test]
    fn a_lone_shape_that_nobody_can_read_stays_and_a_piece_of_text_does_not() {
        let found = |area, confidence| Found {
            area,
            parts: vec![area],
            verdict: Verdict::Text,
            scores: [0.9, 0.8, confidence, 1.0],
        };
        let verdicts = |mut all: Vec<Found>| {
            spare_lone_shapes(&mut all);
            all.iter().map(|one| one.verdict).collect::<Vec<_>>()
        };
        let (hook, same) = (Area::new(100, 100, 34, 46), Area::new(98, 98, 36, 30));
        let (nothing, text) = (Verdict::Nothing, Verdict::Text);
        assert_eq!(verdicts(vec![found(hook, 0.6)]), [nothing]);
        assert_eq!(
            verdicts(vec![found(hook, 0.6), found(same, 0.5)]),
            [nothing; 2]
        );
        // Read, or with a neighbour, or with room for two letters.
        assert_eq!(verdicts(vec![found(hook, 0.8)]), [text]);
        let next = Area::new(180, 100, 60, 40);
        assert_eq!(
            verdicts(vec![found(hook, 0.6), found(next, 0.2)]),
            [text; 2]
        );
        for long in [Area::new(100, 100, 60, 34), Area::new(100, 100, 20, 50)] {
            assert_eq!(verdicts(vec![found(long, 0.1)]), [text]);
        }
    }

    /// Knows one name.
    #[derive(Debug)]
    struct Knows(&'static str);

    impl Identifiers for Knows {
        fn named_in(&self, text: &str) -> bool {
            text.contains(self.0)
        }
    }

    fn line(detector: f32, glance: f32, h: u32) -> Line {
        Line {
            area: Area::new(10, 10, 100, h),
            parts: Vec::new(),
            glance,
            detector,
        }
    }

    fn verdict(line: &Line, text: &str, confidence: f32) -> Verdict {
        let reading = Reading {
            text: Phi::new(text.to_owned()),
            confidence,
        };
        judge(line, &reading, &Knows("Okafor"), Devices::ANY, 512)
    }

    #[test]
    fn text_goes_unless_it_is_read_as_a_mark() {
        let clear = line(0.9, 0.95, 14);
        assert_eq!(verdict(&clear, "Vo Thuy", 0.99), Verdict::Text);
        assert_eq!(verdict(&clear, "DEPTH 15 cm", 0.97), Verdict::Mark);
        assert_eq!(verdict(&clear, "DEPTH 15 cm", 0.7), Verdict::Text);
        assert_eq!(verdict(&clear, "Okafor L", 0.5), Verdict::Identifier);
        // Unreadable, in a script that nobody reads, or faint: it goes all the same.
        assert_eq!(verdict(&clear, "", 0.0), Verdict::Text);
        assert_eq!(verdict(&line(0.0, 0.9, 10), "", 0.0), Verdict::Doubtful);
        assert_eq!(verdict(&line(0.9, 0.6, 10), "", 0.0), Verdict::Doubtful);
    }

    #[test]
    fn strokes_and_crosses_are_no_text_and_numbers_are() {
        let row = line(0.9, 0.75, 18);
        assert_eq!(
            verdict(&row, "[qqqqqq1qqqqq1qqq1q1", 0.58),
            Verdict::Nothing
        );
        assert_eq!(verdict(&row, "10000000000000010001", 0.97), Verdict::Text);
        assert_ne!(verdict(&row, "Okanobo Ann", 0.5), Verdict::Nothing);
        assert_eq!(verdict(&row, "+ 十", 0.6), Verdict::Nothing);
        assert_ne!(verdict(&row, "十一", 0.6), Verdict::Nothing);
    }

    #[test]
    fn what_only_one_of_them_takes_for_text_is_left_alone() {
        let bone = line(0.9, 0.2, 40);
        assert_eq!(verdict(&bone, "q", 0.97), Verdict::Nothing);
        let body = line(0.95, 0.3, 300);
        assert_eq!(verdict(&body, "q", 0.99), Verdict::Nothing);
        let vessel = line(0.0, 0.66, 12);
        assert_eq!(verdict(&vessel, "q", 0.9), Verdict::Nothing);
    }

    #[test]
    fn a_letter_of_a_stacked_name_is_no_side_marker() {
        let found = |y, verdict, letters| Found {
            area: Area::new(20, y, 10, 12),
            parts: Vec::new(),
            verdict,
            scores: [0.9, 0.9, 0.9, letters],
        };
        let mut stacked = [
            found(10, Verdict::Text, 1.0),
            found(28, Verdict::Mark, 1.0),
            found(200, Verdict::Mark, 1.0),
        ];
        reconsider(&mut stacked);
        let verdicts: Vec<Verdict> = stacked.iter().map(|one| one.verdict).collect();
        assert_eq!(verdicts, [Verdict::Text, Verdict::Text, Verdict::Mark]);
    }
}
