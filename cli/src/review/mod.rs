//! The review list: boxes that a person accepts or refuses, as JSON. `docs/review.md` describes it.
//!
//! A list names files by the SHA-256 of their content and nothing else: no path, no text of a
//! picture. Main types: [`Object`], what a list says; [`Listed`], one box.

mod error;
mod remaining;

use std::fs;
use std::path::Path;

use obscura_pipeline::{Area, Choice, Decided, Fate, MarkCause, Sighting, with_margin};
use serde::{Deserialize, Serialize};

use crate::exit::shown;
use crate::output::atomic::{Access, write_new};
pub(crate) use error::ReviewError;
pub(crate) use remaining::remaining;

/// The version of the format that is written and read.
const VERSION: u64 = 1;

/// A rectangle in the pixels of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rect {
    x: u32,
    y: u32,
    w: u32,
    h: u32,
}

/// How sure detector, first look and reader are, in `[0, 1]`, and what the reader counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scores {
    detector: f32,
    first_look: f32,
    reader: f32,
    letters: f32,
}

/// One box of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    /// The frame, from 1, if it is in one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frame: Option<u32>,
    /// The frames, from 1, if it is in several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    frames: Vec<u32>,
    x: u32,
    y: u32,
    w: u32,
    h: u32,
    /// Rectangles that cover it more closely: several for a line that runs aslant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Rect>,
    /// Why it would be blanked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    /// What the search makes of it: `text`, `mark` or `doubtful`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    found: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scores: Option<Scores>,
    /// Blank it.
    accept: bool,
}

/// The boxes of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Object {
    /// SHA-256 of the file, hexadecimal.
    pub(crate) sha256: String,
    /// The line of the manifest that names the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
    /// What was found in it.
    pub(crate) boxes: Vec<Listed>,
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

/// A list about many files.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    version: u64,
    objects: Vec<Object>,
}

/// A list about one file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    version: u64,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    boxes: Vec<Listed>,
}

impl Listed {
    /// A box of what a search found, with the margin that blanking takes, within the picture.
    pub(crate) fn of(sighting: &Sighting, columns: u32, rows: u32) -> Option<Self> {
        let parts: Vec<Area> = sighting
            .parts
            .iter()
            .filter_map(|part| with_margin(part).within(columns, rows))
            .collect();
        let first = *parts.first()?;
        let area = parts.iter().fold(first, |all, part| all.around(part));
        let [detector, first_look, reader, letters] = sighting.scores;
        let frames = sighting.frames.iter().map(|frame| frame + 1).collect();
        let found = match sighting.fate {
            Fate::Blanked => "text",
            Fate::Kept => "mark",
            Fate::Dismissed => "doubtful",
        };
        Some(Self {
            parts: parts.iter().map(Rect::of).collect(),
            cause: Some(cause(sighting.cause).to_owned()),
            found: Some(found.to_owned()),
            scores: Some(Scores {
                detector,
                first_look,
                reader,
                letters,
            }),
            ..Self::bare(frames, area, sighting.fate == Fate::Blanked)
        })
    }

    /// A box of which nothing is known but that text remained there.
    pub(crate) fn remaining(frames: Vec<u32>, area: Area, cause: &str) -> Self {
        Self {
            cause: Some(cause.to_owned()),
            found: Some("text".to_owned()),
            ..Self::bare(frames, area, true)
        }
    }

    fn bare(frames: Vec<u32>, area: Area, accept: bool) -> Self {
        let (frame, frames) = match frames.as_slice() {
            [one] => (Some(*one), Vec::new()),
            _ => (None, frames),
        };
        let Rect { x, y, w, h } = Rect::of(&area);
        Self {
            frame,
            frames,
            x,
            y,
            w,
            h,
            parts: Vec::new(),
            cause: None,
            found: None,
            scores: None,
            accept,
        }
    }

    /// It is to be blanked.
    pub(crate) const fn is_accepted(&self) -> bool {
        self.accept
    }

    /// What is wrong with it, if anything is.
    fn fault(&self) -> Option<&'static str> {
        let all = self.frame.iter().chain(&self.frames);
        if self.frame.is_some() != self.frames.is_empty() {
            Some("names neither a frame nor frames, or both")
        } else if all.clone().any(|frame| *frame == 0) {
            Some("counts its frames from 0: the first is 1")
        } else if self.w == 0 || self.h == 0 {
            Some("is empty")
        } else if self.x.checked_add(self.w).is_none() || self.y.checked_add(self.h).is_none() {
            Some("is larger than any picture")
        } else {
            None
        }
    }

    /// What the person decided. A mark or a doubtful box that is not accepted is no decision: it is
    /// written so, and would shield what another search finds in it. The parts count only while they make up the box: who draws the box
    /// anew means the box.
    pub(crate) fn decided(&self) -> Vec<Decided> {
        let undecided = matches!(self.found.as_deref(), Some("mark" | "doubtful"));
        if undecided && !self.accept {
            return Vec::new();
        }
        let area = Area::new(self.x, self.y, self.w, self.h);
        let parts: Vec<Area> = self.parts.iter().map(Rect::area).collect();
        let around = parts.iter().copied().reduce(|all, part| all.around(&part));
        let places = if self.accept && around == Some(area) {
            parts
        } else {
            vec![area]
        };
        let frames: Vec<u32> = self
            .frame
            .iter()
            .chain(&self.frames)
            .map(|f| f - 1)
            .collect();
        let choice = if self.accept {
            Choice::Blank
        } else {
            Choice::Keep
        };
        let decided = |area| Decided {
            frames: frames.clone(),
            area,
            choice,
        };
        places.into_iter().map(decided).collect()
    }
}

impl Rect {
    fn of(area: &Area) -> Self {
        Self {
            x: area.x,
            y: area.y,
            w: area.w,
            h: area.h,
        }
    }

    fn area(&self) -> Area {
        Area::new(self.x, self.y, self.w, self.h)
    }
}

fn cause(cause: MarkCause) -> &'static str {
    match cause {
        MarkCause::UltrasoundRegion => "ultrasound-region",
        MarkCause::DeviceRule => "device-rule",
        MarkCause::Text => "text",
        MarkCause::Identifier => "identifier",
    }
}

impl Object {
    /// The SHA-256 of the file; `None` if it is not one.
    pub(crate) fn digest(&self) -> Option<[u8; 32]> {
        if self.sha256.len() != 64 || !self.sha256.is_ascii() {
            return None;
        }
        let mut digest = [0; 32];
        for (at, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&self.sha256[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(digest)
    }
}

/// Reads a list about one file or many.
pub(crate) fn read(path: &Path) -> Result<Vec<Object>, ReviewError> {
    let text = fs::read_to_string(path).map_err(|source| ReviewError::Read {
        path: shown(path),
        source,
    })?;
    let objects = parse(&text, path)?;
    for (object, one) in (1..).zip(&objects) {
        if one.digest().is_none() || one.sha256.contains('+') {
            return Err(ReviewError::Digest {
                path: shown(path),
                object,
            });
        }
        for (number, listed) in (1..).zip(&one.boxes) {
            if let Some(what) = listed.fault() {
                return Err(ReviewError::Box {
                    path: shown(path),
                    object,
                    number,
                    what,
                });
            }
        }
    }
    Ok(objects)
}

fn parse(text: &str, path: &Path) -> Result<Vec<Object>, ReviewError> {
    // What serde says of a value repeats it; a place and a kind are enough.
    let malformed = |error: &serde_json::Error| ReviewError::Malformed {
        path: shown(path),
        what: match error.classify() {
            serde_json::error::Category::Eof => "it ends too early",
            serde_json::error::Category::Data => "a field is missing, unknown or of another kind",
            _ => "it is not JSON",
        },
        line: error.line(),
    };
    let Versioned { version } = serde_json::from_str(text).map_err(|e| malformed(&e))?;
    if version != VERSION {
        return Err(ReviewError::Version {
            path: shown(path),
            version,
        });
    }
    let value: serde_json::Value = serde_json::from_str(text).map_err(|e| malformed(&e))?;
    if value.get("objects").is_some() {
        let many: Many = serde_json::from_str(text).map_err(|e| malformed(&e))?;
        return Ok(many.objects);
    }
    let one: One = serde_json::from_str(text).map_err(|e| malformed(&e))?;
    Ok(vec![Object {
        sha256: one.sha256,
        line: one.line,
        boxes: one.boxes,
    }])
}

/// Writes a list about one file.
pub(crate) fn write_one(path: &Path, object: Object) -> Result<(), ReviewError> {
    write(
        path,
        &One {
            version: VERSION,
            sha256: object.sha256,
            line: object.line,
            boxes: object.boxes,
        },
    )
}

/// Writes a list about many files.
pub(crate) fn write_many(path: &Path, objects: Vec<Object>) -> Result<(), ReviewError> {
    write(
        path,
        &Many {
            version: VERSION,
            objects,
        },
    )
}

fn write(path: &Path, list: &impl Serialize) -> Result<(), ReviewError> {
    let failed = |source| ReviewError::Write {
        path: shown(path),
        source,
    };
    let mut bytes = serde_json::to_vec_pretty(list).map_err(|e| failed(e.into()))?;
    bytes.push(b'\n');
    write_new(path, &bytes, Access::Owner).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => ReviewError::Exists { path: shown(path) },
        _ => failed(source),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(fate: Fate) -> Sighting {
        Sighting {
            frames: vec![0, 2],
            area: Area::new(4, 4, 40, 20),
            parts: vec![Area::new(4, 4, 20, 10), Area::new(24, 14, 20, 10)],
            cause: MarkCause::Text,
            fate,
            scores: [0.5; 4],
        }
    }

    /// Issue 3: accept defaults to true for what would be blanked, and to false for the others;
    /// what nobody decided shields nothing.
    #[test]
    fn what_is_written_decides_no_more_than_the_search() {
        let of = |fate| Listed::of(&sighting(fate), 100, 100).unwrap();
        let text = of(Fate::Blanked);
        assert!(text.is_accepted() && text.fault().is_none());
        let decided = text.decided();
        assert_eq!(decided.len(), 2, "by its parts");
        assert!(decided.iter().all(|one| one.choice == Choice::Blank));
        assert_eq!(decided[0].frames, [0, 2]);
        for fate in [Fate::Kept, Fate::Dismissed] {
            assert!(!of(fate).is_accepted());
            assert_eq!(of(fate).decided(), []);
            let accepted = Listed {
                accept: true,
                ..of(fate)
            };
            assert_eq!(accepted.decided().len(), 2);
        }
    }

    #[test]
    fn who_draws_a_box_anew_or_refuses_it_means_the_box() {
        let text = Listed::of(&sighting(Fate::Blanked), 100, 100).unwrap();
        let refused = Listed {
            accept: false,
            ..text.clone()
        };
        let whole = Area::new(text.x, text.y, text.w, text.h);
        let [one] = &refused.decided()[..] else {
            panic!("one box")
        };
        assert_eq!((one.choice, one.area), (Choice::Keep, whole));
        let larger = Listed { w: 90, ..text };
        let [one] = &larger.decided()[..] else {
            panic!("one box")
        };
        assert_eq!((one.choice, one.area.w), (Choice::Blank, 90));
    }
}
