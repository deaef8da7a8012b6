//! Cleaning the pixels of one object: look, blank, look again.
//!
//! [`clean`] is the way in. What it returns has been blanked in the stored values and looked at
//! once more, in the frames as they decode now; text that is still there is an error.

use std::collections::{BTreeMap, BTreeSet};

use obscura_core::Limits;
use obscura_dicom::{DataSet, Syntax};

use super::decided::{Decided, Given};
use super::device::Devices;
use super::judge::{Identifiers, Verdict};
use super::port::TextFinder;
use super::search::{Effort, Found, Search};
use super::sequence::{LookError, Tracked, look, views};
use crate::Area;
use crate::blank::{BlankError, blank};
use crate::decode::{DecodeError, Image};
use crate::render::{Display, RenderError};
use crate::rules::{RuleAction, RuleArea, RuleCause};

/// What cleaning needs besides the object.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// How hard text is searched for.
    pub effort: Effort,
    /// Finds and reads text; without it, only rules apply.
    pub finder: Option<&'r dyn TextFinder>,
    /// The object's own identifiers.
    pub identifiers: &'r dyn Identifiers,
    /// Rectangles by rule, in pixels of the frame.
    pub rules: &'r [RuleArea<'r>],
    /// Bounds on what is decoded.
    pub limits: &'r Limits,
}

impl Request<'_> {
    /// The search that is asked for in an object; `None` where only rules apply.
    fn search(&self, data: &DataSet<'_>) -> Option<Search<'_>> {
        self.finder.map(|finder| Search {
            finder,
            identifiers: self.identifiers,
            devices: Devices::of(data),
            effort: self.effort,
        })
    }
}

/// What was blanked and kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// Rectangles of frames, in the order of frames.
    pub marked: Vec<Marked>,
    /// Lines of text on the fullest frame: many of them make a page.
    pub most_lines: usize,
}

/// A rectangle of one frame and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marked {
    /// The frame, counted from 0.
    pub frame: u32,
    /// Where.
    pub area: Area,
    /// Why.
    pub cause: MarkCause,
    /// Blanked or kept.
    pub fate: Fate,
}

/// Why a rectangle was blanked or looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkCause {
    /// Outside the regions of an ultrasound image (PS3.3 C.8.5.5).
    UltrasoundRegion,
    /// A rule for the device.
    DeviceRule,
    /// Text that was found.
    Text,
    /// Text that names the person.
    Identifier,
}

/// What became of a rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Blanked in the stored values.
    Blanked,
    /// On the allow-list, or kept by a rule.
    Kept,
    /// Looked at and judged to be no text. Only [`survey`] says so.
    Dismissed,
}

/// Why the pixels of an object could not be cleaned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CleanError {
    /// The image cannot be understood.
    #[error("the image cannot be decoded")]
    Image(#[source] DecodeError),
    /// The image cannot be shown.
    #[error("the image cannot be shown")]
    Display(#[source] RenderError),
    /// A frame could not be looked at.
    #[error("the picture could not be looked at")]
    Look(#[from] LookError),
    /// A rectangle could not be blanked.
    #[error("the text could not be blanked")]
    Blank(#[source] BlankError),
    /// Text is still there after it was blanked.
    #[error("text remains in frame {frame} after it was blanked")]
    Remains {
        /// The first such frame, counted from 1.
        frame: u32,
        /// What is still found, in all frames.
        left: Vec<Sighting>,
    },
}

/// Blank, look again, blank what was found then: how often before it is given up.
const ROUNDS: usize = 3;
/// How much wider than a found line is blanked, at least, in pixels.
const MARGIN: u32 = 2;

/// Cleans the pixel data of a data set. Without pixel data nothing is done.
///
/// # Errors
/// [`CleanError`]; the data set must not be released then.
pub fn clean(
    data: &mut DataSet<'_>,
    syntax: &mut Syntax,
    request: &Request<'_>,
) -> Result<Cleaned, CleanError> {
    clean_decided(data, syntax, request, &[])
}

/// The same, where a person has decided about places of this object.
///
/// # Errors
/// [`CleanError`] as for [`clean`].
pub fn clean_decided(
    data: &mut DataSet<'_>,
    syntax: &mut Syntax,
    request: &Request<'_>,
    decided: &[Decided],
) -> Result<Cleaned, CleanError> {
    let given = Given {
        rules: request.rules,
        decided,
    };
    let search = request.search(data);
    let mut cleaned = Cleaned::default();
    let mut marked: BTreeSet<Marked> = BTreeSet::new();
    let first = first_look(data, syntax, request, search.as_ref())?;
    cleaned.most_lines = most_lines(&first);
    let mut areas = beforehand(data, syntax, request, given, &mut marked)?;
    for tracked in &first {
        add(tracked, given, &mut areas, &mut marked);
    }
    for round in 0..=ROUNDS {
        if areas.is_empty() {
            break;
        }
        blank(data, syntax, &areas, request.limits).map_err(CleanError::Blank)?;
        let Some(search) = &search else {
            break;
        };
        let mut remains = second_look(data, syntax, request, search, (&areas, &marked))?;
        for (frame, found) in &mut remains {
            found.retain(|one| !given.settles(*frame, one));
        }
        remains.retain(|_, found| !found.is_empty());
        if let (Some(frame), ROUNDS) = (remains.keys().next(), round) {
            return Err(CleanError::Remains {
                frame: frame + 1,
                left: sightings(&remains),
            });
        }
        areas.clear();
        for (frame, found) in remains {
            for one in found {
                put(frame, &one, given, &mut areas, &mut marked);
            }
        }
    }
    cleaned.marked = marked.into_iter().collect();
    Ok(cleaned)
}

/// What was found in one image, before anything is done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// The frames it stands in, counted from 0.
    pub frames: Vec<u32>,
    /// The rectangle around it.
    pub area: Area,
    /// Rectangles that cover it closely.
    pub parts: Vec<Area>,
    /// Why it would be blanked or kept.
    pub cause: MarkCause,
    /// What would become of it.
    pub fate: Fate,
    /// How sure detector, cheap look and reader are, each in `[0, 1]`, and the number of letters and
    /// digits that were read.
    pub scores: [f32; 4],
}

/// Looks for text and changes nothing.
///
/// # Errors
/// [`CleanError`] as for [`clean`].
pub fn survey(
    data: &DataSet<'_>,
    syntax: &Syntax,
    request: &Request<'_>,
) -> Result<Vec<Sighting>, CleanError> {
    let search = request.search(data);
    let tracked = first_look(data, syntax, request, search.as_ref())?;
    let sighting = |one: Tracked| {
        let (cause, fate) = one.found.verdict.meaning();
        Sighting {
            frames: one.frames.into_iter().collect(),
            area: one.found.area,
            parts: one.found.parts,
            cause,
            fate,
            scores: one.found.scores,
        }
    };
    Ok(tracked.into_iter().map(sighting).collect())
}

/// What was found in several frames, each place once.
fn sightings(remains: &BTreeMap<u32, Vec<Found>>) -> Vec<Sighting> {
    let mut all: Vec<Sighting> = Vec::new();
    for (frame, found) in remains {
        for one in found {
            let (cause, fate) = one.verdict.meaning();
            let known = all
                .iter_mut()
                .find(|sighting| sighting.area == one.area && sighting.cause == cause);
            if let Some(known) = known {
                known.frames.push(*frame);
            } else {
                all.push(Sighting {
                    frames: vec![*frame],
                    area: one.area,
                    parts: one.parts.clone(),
                    cause,
                    fate,
                    scores: one.scores,
                });
            }
        }
    }
    all
}

type Areas = BTreeMap<u32, Vec<Area>>;

fn opened<'a>(
    data: &'a DataSet<'a>,
    syntax: &'a Syntax,
    limits: &Limits,
) -> Result<Option<(Image<'a>, Display)>, CleanError> {
    let Some(image) = Image::of(data, syntax, limits).map_err(CleanError::Image)? else {
        return Ok(None);
    };
    let display = Display::of(data, syntax).map_err(CleanError::Display)?;
    Ok(Some((image, display)))
}

fn first_look(
    data: &DataSet<'_>,
    syntax: &Syntax,
    request: &Request<'_>,
    search: Option<&Search<'_>>,
) -> Result<Vec<Tracked>, CleanError> {
    match (opened(data, syntax, request.limits)?, search) {
        (Some((image, display)), Some(search)) => Ok(look(&image, &display, search)?),
        _ => Ok(Vec::new()),
    }
}

fn most_lines(tracked: &[Tracked]) -> usize {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let text = tracked
        .iter()
        .filter(|one| one.found.verdict != Verdict::Nothing);
    for frame in text.flat_map(|one| &one.frames) {
        *counts.entry(*frame).or_default() += 1;
    }
    counts.into_values().max().unwrap_or(0)
}

/// Rectangles by rule, on every frame, and by the decision of a person, on those it names.
fn beforehand(
    data: &DataSet<'_>,
    syntax: &Syntax,
    request: &Request<'_>,
    given: Given<'_>,
    marked: &mut BTreeSet<Marked>,
) -> Result<Areas, CleanError> {
    let mut areas = Areas::new();
    let Some((image, _)) = opened(data, syntax, request.limits)? else {
        return Ok(areas);
    };
    for frame in 0..image.frames() {
        for rule in request.rules {
            let Some(area) = rule.area.within(image.columns(), image.rows()) else {
                continue;
            };
            let fate = match rule.action {
                RuleAction::Blank => Fate::Blanked,
                RuleAction::Keep => Fate::Kept,
                RuleAction::Suspect => continue,
            };
            if fate == Fate::Blanked {
                areas.entry(frame).or_default().push(area);
            }
            marked.insert(Marked {
                frame,
                area,
                cause: match rule.cause {
                    RuleCause::UltrasoundRegion => MarkCause::UltrasoundRegion,
                    RuleCause::DeviceRule => MarkCause::DeviceRule,
                },
                fate,
            });
        }
    }
    for mark in given.marks(&image) {
        if mark.fate == Fate::Blanked {
            areas.entry(mark.frame).or_default().push(mark.area);
        }
        marked.insert(mark);
    }
    Ok(areas)
}

fn add(one: &Tracked, given: Given<'_>, areas: &mut Areas, marked: &mut BTreeSet<Marked>) {
    for frame in &one.frames {
        put(*frame, &one.found, given, areas, marked);
    }
}

/// Notes what was found on a frame, and what of it is to be blanked.
fn put(
    frame: u32,
    found: &Found,
    given: Given<'_>,
    areas: &mut Areas,
    marked: &mut BTreeSet<Marked>,
) {
    let (cause, fate) = given.meaning(frame, found);
    if fate == Fate::Dismissed {
        return;
    }
    if fate == Fate::Kept {
        marked.insert(Marked {
            frame,
            area: found.area,
            cause,
            fate,
        });
        return;
    }
    for part in &found.parts {
        let area = with_margin(part);
        areas.entry(frame).or_default().push(area);
        marked.insert(Marked {
            frame,
            area,
            cause,
            fate,
        });
    }
}

/// What is blanked where a line was found: ascenders and anti-aliased edges reach beyond what a
/// detector calls the line.
#[must_use]
pub fn with_margin(part: &Area) -> Area {
    part.grown(MARGIN + part.w.min(part.h) / 10)
}

/// How far around a blanked rectangle is looked again.
const AROUND: u32 = 24;

/// A frame that was looked at again.
struct Looked {
    bytes: Vec<u8>,
    /// What was blanked, and what was kept.
    places: [Vec<Area>; 2],
    found: Vec<Found>,
}

/// Looks at the blanked frames as they decode now; what is still text, by frame.
fn second_look(
    data: &DataSet<'_>,
    syntax: &Syntax,
    request: &Request<'_>,
    search: &Search<'_>,
    (areas, marked): (&Areas, &BTreeSet<Marked>),
) -> Result<BTreeMap<u32, Vec<Found>>, CleanError> {
    let mut remains = BTreeMap::new();
    let Some((image, display)) = opened(data, syntax, request.limits)? else {
        return Ok(remains);
    };
    let mut former: Option<Looked> = None;
    for (frame, blanked) in areas {
        // What was kept because of what it says, and not because of where it stands.
        let kept = |mark: &&Marked| {
            mark.frame == *frame && mark.fate == Fate::Kept && mark.cause == MarkCause::Text
        };
        let kept = marked.iter().filter(kept).map(|mark| mark.area).collect();
        let places = [blanked.clone(), kept];
        let bytes = image.frame_bytes(*frame).unwrap_or_default().into_owned();
        if let Some(former) = &former
            && former.bytes == bytes
            && former.places == places
        {
            if !former.found.is_empty() {
                remains.insert(*frame, former.found.clone());
            }
            continue;
        }
        let views = views(&image, &display, *frame)?;
        let looked = search.again(&views, blanked, &places[1], AROUND);
        let found = looked.map_err(|source| LookError::Finder {
            frame: frame + 1,
            source,
        })?;
        if !found.is_empty() {
            remains.insert(*frame, found.clone());
        }
        former = Some(Looked {
            bytes,
            places,
            found,
        });
    }
    Ok(remains)
}

impl Verdict {
    /// Why a line goes or stays.
    pub(super) fn meaning(self) -> (MarkCause, Fate) {
        match self {
            Self::Doubtful | Self::Nothing => (MarkCause::Text, Fate::Dismissed),
            Self::Mark => (MarkCause::Text, Fate::Kept),
            Self::Text => (MarkCause::Text, Fate::Blanked),
            Self::Identifier => (MarkCause::Identifier, Fate::Blanked),
        }
    }
}
