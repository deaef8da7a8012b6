//! The pixels of one object: which rules apply, what is searched for, and what the release says.

use std::borrow::Cow;
use std::sync::Arc;

use obscura_core::{Limits, Reason};
use obscura_deid::policy::Pages;
use obscura_deid::{Engine, PixelCleaning};
use obscura_dicom::{DicomFile, Header, ReadError, Tag, Value};
use obscura_pixels::blank;
use obscura_pixels::decode::{Image, Surplus};
use obscura_pixels::rules::kind::{Page, PageHint, page};
use obscura_pixels::rules::{RuleArea, RuleCause, Rules};
use obscura_pixels::text::{
    self, CleanError, Cleaned, Decided, Effort, Fate, Identifiers, MarkCause, Request, Sighting,
    TextFinder,
};
use obscura_text::Misread;
use thiserror::Error;

use crate::Options;
use crate::outcome::{Cause, Quarantine, Redaction};

/// What is done about text in the pixels.
#[derive(Debug, Clone, Default)]
pub enum Pixels {
    /// Nothing: nobody looks for it. A danger that the report names.
    #[default]
    Off,
    /// Rectangles by rule are blanked: outside the regions of ultrasound images, and what is known
    /// of devices. Nobody looks for other text.
    Rules(Arc<Rules>),
    /// Text is searched for on every frame and blanked, and what is known of devices.
    Text(Arc<Rules>, Arc<dyn TextFinder>),
    /// The same, in the whole of every frame and at more sizes, and everything outside the regions
    /// of ultrasound images is blanked.
    Strict(Arc<Rules>, Arc<dyn TextFinder>),
}

/// What was done to the pixels of one object.
#[derive(Debug, Default)]
pub(crate) struct Worked {
    /// What the markers may say.
    pub(crate) cleaning: PixelCleaning,
    /// What was blanked and kept.
    pub(crate) redactions: Vec<Redaction>,
    /// What a person should know.
    pub(crate) warnings: Vec<&'static str>,
}

/// The object's own identifiers, for texts read off its pictures.
#[derive(Debug)]
struct Own(Misread);

impl Identifiers for Own {
    fn named_in(&self, text: &str) -> bool {
        self.0.is_in(text)
    }
}

/// What is to become of an object by its pixels, if it is not to be released.
#[derive(Debug)]
pub(crate) enum Stop {
    /// What the pixels hold cannot be verified, or the policy sets such objects aside.
    Quarantine(Quarantine),
    /// The policy leaves such objects out.
    Drop(Reason),
}

/// Cleans the pixels of an object in place, as the options ask.
///
/// # Errors
/// A [`Stop`] where the object is not to be released.
pub(crate) fn clean(
    file: &mut DicomFile<'_>,
    engine: &Engine,
    options: &Options,
    decided: &[Decided],
) -> Result<Worked, Stop> {
    let (rules, finder, effort) = match &options.pixels {
        Pixels::Off => return Ok(Worked::default()),
        Pixels::Rules(rules) => (rules, None, Effort::Usual),
        Pixels::Text(rules, finder) => (rules, Some(finder), Effort::Usual),
        Pixels::Strict(rules, finder) => (rules, Some(finder), Effort::Strict),
    };
    let image = Image::of(&file.data, &file.syntax, &options.limits);
    let Some((columns, rows, frames, surplus)) = image
        .map_err(|source| refused(&CleanError::Image(source)))?
        .map(|image| {
            (
                image.columns(),
                image.rows(),
                image.frames(),
                image.surplus(),
            )
        })
    else {
        return Ok(Worked::default());
    };
    match surplus {
        Surplus::None => {}
        Surplus::Bytes(end) => cut(file, end),
        Surplus::Frames => {
            let quarantine = Quarantine::new(Reason::PixelsUndecodable, MORE_FRAMES);
            return Err(Stop::Quarantine(quarantine));
        }
    }
    let outside = |one: &Decided| {
        one.area.within(columns, rows) != Some(one.area)
            || one.frames.iter().any(|frame| *frame >= frames)
    };
    if decided.iter().any(outside) {
        let quarantine = Quarantine::new(Reason::BurnedInText, DECIDED_OUTSIDE);
        return Err(Stop::Quarantine(quarantine));
    }
    // By the header as it came: the engine removes most of what the rules go by.
    let header = Header::of(file);
    let by_rule = rules.areas(&header, rows, columns);
    let mut warnings = Vec::new();
    if !by_rule.suspect.is_empty() && finder.is_none() {
        warnings.push(SUSPECT);
    }
    // In text mode the surroundings of ultrasound regions are searched, not blanked: scales, gray
    // bars and depth marks stand there.
    let hint = page(&header);
    let blanked_whole = effort == Effort::Strict || finder.is_none();
    let applies = |area: &RuleArea| blanked_whole || area.cause != RuleCause::UltrasoundRegion;
    let areas: Vec<RuleArea> = by_rule.areas.into_iter().filter(applies).collect();
    let own = Own(Misread::new(&engine.harvest(file)));
    let request = Request {
        effort,
        finder: finder.map(|finder| &**finder),
        identifiers: &own,
        rules: &areas,
        limits: &options.limits,
    };
    let cleaned = text::clean_decided(&mut file.data, &mut file.syntax, &request, decided)
        .map_err(|error| refused(&error).with_left(&error, columns, rows))?;
    if is_page(cleaned.most_lines, hint) {
        stop_page(engine.policy().pages())?;
    }
    Ok(Worked {
        cleaning: match finder {
            Some(_) => PixelCleaning::Verified,
            None => PixelCleaning::NotDone,
        },
        redactions: redactions(&cleaned, columns, rows),
        warnings,
    })
}

/// Clears overlays in the unused bits of coded samples, whatever is asked for about text: they are
/// graphics (PS3.15 E.3.3), and nobody sees them. Those of native samples are the engine's.
///
/// # Errors
/// A quarantine where an overlay may stand in frames that cannot be decoded.
pub(crate) fn clear_overlays(file: &mut DicomFile<'_>, limits: &Limits) -> Result<(), Quarantine> {
    blank::clear_overlays(&mut file.data, &mut file.syntax, limits)
        .map(drop)
        .map_err(|error| Quarantine::new(Reason::PixelsUndecodable, with_causes(&error)))
}

/// What a search found in one object.
#[derive(Debug)]
pub struct Survey {
    /// Width of a frame in pixels.
    pub columns: u32,
    /// Height of a frame in pixels.
    pub rows: u32,
    /// What was found, what is harmless or doubtful too.
    pub sightings: Vec<Sighting>,
}

/// Why an object could not be searched. No value of it is in here.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SurveyError {
    /// The file cannot be read.
    #[error("the file is not a readable DICOM object")]
    Read(#[from] ReadError),
    /// Its picture cannot be searched.
    #[error("the picture could not be searched")]
    Clean(#[from] CleanError),
    /// The options have no finder.
    #[error("there is nothing to search with")]
    NoFinder,
}

/// Looks for text in an object and changes nothing.
pub(crate) fn survey(
    file: &DicomFile<'_>,
    engine: &Engine,
    options: &Options,
) -> Result<Option<Survey>, SurveyError> {
    let (finder, effort) = match &options.pixels {
        Pixels::Off | Pixels::Rules(_) => return Err(SurveyError::NoFinder),
        Pixels::Text(_, finder) => (finder, Effort::Usual),
        Pixels::Strict(_, finder) => (finder, Effort::Strict),
    };
    let image = Image::of(&file.data, &file.syntax, &options.limits).map_err(CleanError::Image)?;
    let Some(image) = image else {
        return Ok(None);
    };
    let own = Own(Misread::new(&engine.harvest(file)));
    let request = Request {
        effort,
        finder: Some(&**finder),
        identifiers: &own,
        rules: &[],
        limits: &options.limits,
    };
    Ok(Some(Survey {
        columns: image.columns(),
        rows: image.rows(),
        sightings: text::survey(&file.data, &file.syntax, &request)?,
    }))
}

/// Cuts native pixel data to its frames.
fn cut(file: &mut DicomFile<'_>, end: usize) {
    // Float, Double Float and plain Pixel Data: an object has one of them.
    for element in [0x0008, 0x0009, 0x0010] {
        match file
            .data
            .get_mut(Tag(0x7FE0, element))
            .map(|e| &mut e.value)
        {
            Some(Value::Bytes(Cow::Borrowed(all))) => *all = &all[..end.min(all.len())],
            Some(Value::Bytes(Cow::Owned(all))) => all.truncate(end),
            _ => {}
        }
    }
}

/// Said where nobody would see what was not searched.
const MORE_FRAMES: &str = "the pixel data holds more frames than Number of Frames says";

/// Said where a person's decision does not fit the object.
const DECIDED_OUTSIDE: &str =
    "a box of the review list lies outside of the picture, or in a frame that is not there";

/// Said where only rules ran on an object that they call suspect.
const SUSPECT: &str =
    "a rule names this device as one that burns in identifiers, and no text was searched for";

/// Lines of text on one frame that make a page of what its header calls one.
const LINES_OF_A_PAGE: usize = 6;
/// Lines that make a page of any picture.
const LINES_OF_ANY_PAGE: usize = 20;

/// Whether an object is a page of text: by its header and some lines, or by many lines alone.
fn is_page(lines: usize, hint: Option<PageHint>) -> bool {
    let stated = hint.is_some_and(|hint| hint.page != Page::Unspecified);
    lines
        >= if stated {
            LINES_OF_A_PAGE
        } else {
            LINES_OF_ANY_PAGE
        }
}

fn stop_page(pages: Pages) -> Result<(), Stop> {
    match pages {
        Pages::Blank => Ok(()),
        Pages::Quarantine => Err(Stop::Quarantine(Quarantine::new(
            Reason::PolicyQuarantine,
            "the policy quarantines pages of text as pictures",
        ))),
        Pages::Drop => Err(Stop::Drop(Reason::PageDropped)),
    }
}

/// What was blanked and kept, as rectangles of the frame: margins end with it.
fn redactions(cleaned: &Cleaned, columns: u32, rows: u32) -> Vec<Redaction> {
    let redaction = |marked: &text::Marked| {
        let area = marked.area.within(columns, rows)?;
        Some(Redaction {
            frame: marked.frame + 1,
            x: area.x,
            y: area.y,
            w: area.w,
            h: area.h,
            cause: cause(marked.cause),
            kept: marked.fate == Fate::Kept,
        })
    };
    cleaned.marked.iter().filter_map(redaction).collect()
}

const fn cause(cause: MarkCause) -> Cause {
    match cause {
        MarkCause::UltrasoundRegion => Cause::UltrasoundRegion,
        MarkCause::DeviceRule => Cause::DeviceRule,
        MarkCause::Text => Cause::Text,
        MarkCause::Identifier => Cause::Identifier,
    }
}

fn refused(error: &CleanError) -> Stop {
    Stop::Quarantine(Quarantine::new(reason(error), with_causes(error)))
}

impl Stop {
    /// The same, with the places where text was left, if that is the error.
    fn with_left(mut self, error: &CleanError, columns: u32, rows: u32) -> Self {
        if let (Self::Quarantine(quarantine), CleanError::Remains { left, .. }) = (&mut self, error)
        {
            let places = left.iter().flat_map(|one| remaining(one, columns, rows));
            quarantine.left = places.collect();
        }
        self
    }
}

/// Where text remained, within the picture: it was left, since the object was not released.
fn remaining(sighting: &Sighting, columns: u32, rows: u32) -> Vec<Redaction> {
    let Some(area) = sighting.area.within(columns, rows) else {
        return Vec::new();
    };
    let on = |frame: &u32| Redaction {
        frame: frame + 1,
        x: area.x,
        y: area.y,
        w: area.w,
        h: area.h,
        cause: cause(sighting.cause),
        kept: true,
    };
    sighting.frames.iter().map(on).collect()
}

fn reason(error: &CleanError) -> Reason {
    match error {
        CleanError::Remains { .. } => Reason::BurnedInText,
        CleanError::Look(text::LookError::Finder { .. }) => Reason::Internal,
        _ => Reason::PixelsUndecodable,
    }
}

/// An error with its causes, in one line; none of them carries a value.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
