//! [`Decided`]: what a person decided about places of one object, and what it is worth.
//!
//! A person's word counts more than the search: what was called no text is no obstacle, and what
//! was blanked by a person is not held against the object if something in the ground still
//! resembles text. It counts for the frames it names and for nothing beside its rectangle.

use super::clean::{Fate, MarkCause, Marked};
use super::search::Found;
use crate::Area;
use crate::decode::Image;
use crate::rules::{RuleAction, RuleArea};

/// What a person decided about one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The frames, counted from 0.
    pub frames: Vec<u32>,
    /// Where.
    pub area: Area,
    /// What becomes of it.
    pub choice: Choice,
}

/// What becomes of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// It is blanked.
    Blank,
    /// It was looked at and stays.
    Keep,
}

impl Decided {
    /// The rectangle found at this place may be a little larger in the next look: the grounds
    /// around it have changed.
    fn holds(&self, frame: u32, area: &Area) -> bool {
        let tolerance = 2 + self.area.w.min(self.area.h) / 5;
        self.frames.contains(&frame) && self.area.grown(tolerance).holds(area)
    }
}

/// What was said of an object beforehand: rules for its device, and decisions of a person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'r> {
    pub(super) rules: &'r [RuleArea<'r>],
    pub(super) decided: &'r [Decided],
}

impl Given<'_> {
    /// The decided places that lie in the image.
    pub(super) fn marks(&self, image: &Image<'_>) -> Vec<Marked> {
        let mut marks = Vec::new();
        for one in self.decided {
            let Some(area) = one.area.within(image.columns(), image.rows()) else {
                continue;
            };
            let frames = one.frames.iter().filter(|frame| **frame < image.frames());
            marks.extend(frames.map(|frame| Marked {
                frame: *frame,
                area,
                cause: MarkCause::Text,
                fate: match one.choice {
                    Choice::Blank => Fate::Blanked,
                    Choice::Keep => Fate::Kept,
                },
            }));
        }
        marks
    }

    /// Why something that was found goes or stays.
    pub(super) fn meaning(&self, frame: u32, found: &Found) -> (MarkCause, Fate) {
        let (cause, fate) = found.verdict.meaning();
        if fate == Fate::Blanked && self.keeps(frame, &found.area, cause) {
            (MarkCause::Text, Fate::Kept)
        } else {
            (cause, fate)
        }
    }

    /// What is still found there after blanking is no obstacle to a release.
    pub(super) fn settles(&self, frame: u32, found: &Found) -> bool {
        let (cause, _) = found.verdict.meaning();
        let blanked = |one: &Decided| one.choice == Choice::Blank && one.holds(frame, &found.area);
        self.keeps(frame, &found.area, cause) || self.decided.iter().any(blanked)
    }

    fn keeps(&self, frame: u32, area: &Area, cause: MarkCause) -> bool {
        // A rule speaks of a device, so it cannot know the identifiers of this object; a person saw
        // the picture.
        let by_rule = |rule: &RuleArea<'_>| {
            rule.action == RuleAction::Keep && cause == MarkCause::Text && rule.area.holds(area)
        };
        let by_person = |one: &Decided| one.choice == Choice::Keep && one.holds(frame, area);
        self.rules.iter().any(by_rule) || self.decided.iter().any(by_person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::judge::Verdict;

    fn found(area: Area, verdict: Verdict) -> Found {
        Found {
            area,
            parts: vec![area],
            verdict,
            scores: [0.9; 4],
        }
    }

    #[test]
    fn a_decision_counts_for_its_frames_and_its_place_only() {
        let place = Area::new(10, 10, 50, 20);
        let keep = [Decided {
            frames: vec![1],
            area: place,
            choice: Choice::Keep,
        }];
        let given = Given {
            rules: &[],
            decided: &keep,
        };
        let there = found(place.grown(3), Verdict::Identifier);
        let kept = (MarkCause::Text, Fate::Kept);
        assert_eq!(given.meaning(1, &there), kept);
        assert!(given.settles(1, &there) && !given.settles(0, &there));
        let beside = found(Area::new(10, 10, 90, 20), Verdict::Text);
        assert!(!given.settles(1, &beside));
        assert_eq!(given.meaning(1, &beside).1, Fate::Blanked);
    }

    #[test]
    fn what_a_person_blanked_goes_and_is_no_obstacle_then() {
        let place = Area::new(10, 10, 50, 20);
        let blank = [Decided {
            frames: vec![0],
            area: place,
            choice: Choice::Blank,
        }];
        let given = Given {
            rules: &[],
            decided: &blank,
        };
        let there = found(place, Verdict::Text);
        assert_eq!(given.meaning(0, &there).1, Fate::Blanked);
        assert!(given.settles(0, &there));
    }
}
