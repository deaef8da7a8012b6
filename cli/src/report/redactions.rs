//! [`Redacted`]: what was blanked and kept in the pixels, by the manifest, in bounded memory.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::output::manifest::Line;

/// Touched images that are shown.
pub(super) const MAX_SHOWN: usize = 200;
/// Boxes that are drawn over one picture.
pub(super) const MAX_BOXES: usize = 300;
/// Kept places that are listed.
pub(super) const MAX_KEPT: usize = 500;

/// A rectangle of the manifest's `redactions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Mark {
    /// The frame, from 1.
    pub(super) frame: u32,
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) w: u32,
    pub(super) h: u32,
    pub(super) cause: Cause,
    pub(super) kept: bool,
}

/// Why a rectangle was blanked or looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Cause {
    Identifier,
    Text,
    DeviceRule,
    UltrasoundRegion,
}

impl Cause {
    pub(super) const ALL: [Self; 4] = [
        Self::Identifier,
        Self::Text,
        Self::DeviceRule,
        Self::UltrasoundRegion,
    ];

    /// The name in the manifest, which is the class in the style sheet too.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Text => "text",
            Self::DeviceRule => "device-rule",
            Self::UltrasoundRegion => "ultrasound-region",
        }
    }

    /// What it means, for a person.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Identifier => "text in which an identifier of the object was read",
            Self::Text => "text that is not known to be harmless",
            Self::DeviceRule => "a rule for the device",
            Self::UltrasoundRegion => "outside of the regions of the ultrasound image",
        }
    }
}

/// What was done, over all released objects.
#[derive(Debug, Default)]
pub(super) struct Redacted {
    /// Rectangles that were blanked, by cause.
    pub(super) blanked: BTreeMap<Cause, u64>,
    /// Rectangles that were looked at and kept, by cause.
    pub(super) kept: BTreeMap<Cause, u64>,
    /// Objects in which anything was blanked.
    pub(super) touched: u64,
    /// The first of them.
    pub(super) shown: Vec<Touched>,
    /// The first places that were kept.
    pub(super) places: Vec<Place>,
    /// Places that were kept in all, each once however many frames it stands in.
    pub(super) places_in_all: u64,
}

/// An object in which something was blanked: its first changed frame.
#[derive(Debug)]
pub(super) struct Touched {
    /// Its line in the manifest.
    pub(super) line: u64,
    /// The frame, from 1.
    pub(super) frame: u32,
    /// Frames that were changed.
    pub(super) frames: usize,
    /// The picture of this frame, if it was rendered.
    pub(super) after: Option<String>,
    /// The picture of the original, if it was asked for.
    pub(super) before: Option<String>,
    /// The rectangles of this frame, kept ones too.
    pub(super) marks: Vec<Mark>,
    /// Rectangles beyond [`MAX_BOXES`].
    pub(super) more: usize,
}

/// A place that was kept.
#[derive(Debug)]
pub(super) struct Place {
    /// The object's line in the manifest.
    pub(super) line: u64,
    /// What was kept, in the first frame it stands in.
    pub(super) mark: Mark,
    /// Frames it stands in.
    pub(super) frames: u64,
}

impl Redacted {
    /// Adds what was done to one released object.
    pub(super) fn add(&mut self, number: u64, line: &Line) -> serde_json::Result<()> {
        let marks: Vec<Mark> = serde_json::from_str(line.redactions.get())?;
        for mark in &marks {
            let counts = if mark.kept {
                &mut self.kept
            } else {
                &mut self.blanked
            };
            *counts.entry(mark.cause).or_default() += 1;
        }
        self.add_places(number, &marks);
        let mut frames: Vec<u32> = marks.iter().filter(|m| !m.kept).map(|m| m.frame).collect();
        frames.sort_unstable();
        frames.dedup();
        let Some(first) = frames.first().copied() else {
            return Ok(());
        };
        self.touched += 1;
        if self.shown.len() < MAX_SHOWN {
            let mut of_frame: Vec<Mark> = marks.into_iter().filter(|m| m.frame == first).collect();
            let more = of_frame.len().saturating_sub(MAX_BOXES);
            of_frame.truncate(MAX_BOXES);
            self.shown.push(Touched {
                line: number,
                frame: first,
                frames: frames.len(),
                after: picture_of(line, first),
                before: line.danger_original.clone(),
                marks: of_frame,
                more,
            });
        }
        Ok(())
    }

    fn add_places(&mut self, number: u64, marks: &[Mark]) {
        let mut places: BTreeMap<(u32, u32, u32, u32, Cause), Place> = BTreeMap::new();
        for mark in marks.iter().filter(|mark| mark.kept) {
            let key = (mark.y, mark.x, mark.w, mark.h, mark.cause);
            let place = places.entry(key).or_insert(Place {
                line: number,
                mark: *mark,
                frames: 0,
            });
            place.frames += 1;
        }
        self.places_in_all += places.len() as u64;
        let room = MAX_KEPT - self.places.len();
        self.places.extend(places.into_values().take(room));
    }
}

/// The picture of a frame among those that were rendered: the name says the frame, unless the
/// object has only one.
fn picture_of(line: &Line, frame: u32) -> Option<String> {
    let stem = line
        .output
        .as_deref()?
        .strip_prefix("dicom/")?
        .strip_suffix(".dcm")?;
    let of_several = format!("jpeg/{stem}-{frame}.jpg");
    let only = (frame == 1).then(|| format!("jpeg/{stem}.jpg"));
    let is_it = |name: &&String| **name == of_several || Some(*name) == only.as_ref();
    line.jpeg.iter().find(is_it).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::to_raw_value;

    fn line(jpeg: &[&str], redactions: &serde_json::Value) -> Line {
        let mut line = Line::new("/in", "a");
        line.output = Some("dicom/P/1/2/3.dcm".to_owned());
        line.jpeg = jpeg.iter().map(|name| (*name).to_owned()).collect();
        line.redactions = to_raw_value(redactions).unwrap();
        line
    }

    /// Issue: the report shows each touched image and lists what was kept.
    #[test]
    fn the_first_changed_frame_is_shown_and_a_kept_place_is_listed_once() {
        let mark = |frame: u32, cause: &str, kept: bool| {
            serde_json::json!({"frame": frame, "x": 1, "y": 2, "w": 3, "h": 4, "cause": cause,
                               "kept": kept})
        };
        let redactions = serde_json::json!([
            mark(1, "text", true),
            mark(2, "text", true),
            mark(3, "identifier", false),
            mark(4, "identifier", false),
        ]);
        let mut redacted = Redacted::default();
        let jpeg = ["jpeg/P/1/2/3-1.jpg", "jpeg/P/1/2/3-3.jpg"];
        redacted.add(7, &line(&jpeg, &redactions)).unwrap();
        assert_eq!(redacted.blanked, BTreeMap::from([(Cause::Identifier, 2)]));
        assert_eq!(redacted.kept, BTreeMap::from([(Cause::Text, 2)]));
        let shown = &redacted.shown[0];
        assert_eq!((shown.line, shown.frame, shown.frames), (7, 3, 2));
        assert_eq!(shown.after.as_deref(), Some("jpeg/P/1/2/3-3.jpg"));
        assert_eq!(redacted.places_in_all, 1);
        assert_eq!(redacted.places[0].frames, 2);
        // Only the first frame was rendered: there is no picture of the third.
        redacted.add(8, &line(&jpeg[..1], &redactions)).unwrap();
        assert_eq!(redacted.shown[1].after, None);
        // What is untouched is not shown.
        let kept = serde_json::json!([mark(1, "text", true)]);
        redacted.add(9, &line(&jpeg, &kept)).unwrap();
        assert_eq!((redacted.touched, redacted.shown.len()), (2, 2));
    }
}
