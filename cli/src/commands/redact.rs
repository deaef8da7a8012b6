//! `obscura redact`: rectangles of one file blanked at a person's word, or listed for a person.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use miette::Diagnostic;
use obscura_core::{Limits, PseudonymKey};
use obscura_deid::policy::{Policy, Preset};
use obscura_pipeline::{
    Decided, Deidentifier, Frames, Options, Pixels, Recoding, Rectangle, RedactError, Redacted,
    SurveyError, redact as blank,
};
use obscura_pixels::rules::Rules;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{CommandResult, FileError};
use crate::args::RedactArgs;
use crate::exit::{Ending, shown};
use crate::models;
use crate::output::atomic::{Access, write_new};
use crate::output::manifest::hex;
use crate::review::{self, Listed, Object, ReviewError};
use crate::sources::read_file;

/// Why nothing was blanked or listed.
#[derive(Debug, Error, Diagnostic)]
enum Failure {
    /// The file or a box cannot be used.
    #[error("nothing was blanked in {path}")]
    Redact {
        path: String,
        #[source]
        source: RedactError,
    },
    /// The picture cannot be searched.
    #[error("{path} could not be searched for text")]
    Survey {
        path: String,
        #[source]
        source: SurveyError,
    },
    /// The object has no picture.
    #[error("{path} has no pixel data to search")]
    NoPixels { path: String },
    /// No box of the list is accepted.
    #[error("no box of {path} is accepted: there is nothing to blank")]
    #[diagnostic(help("set \"accept\": true for each box that is to be blanked"))]
    NoneAccepted { path: String },
    /// There is a file already.
    #[error("{path} exists already: nothing is written over")]
    #[diagnostic(help("name another file with --out"))]
    Exists { path: String },
    /// The result cannot be written.
    #[error("{path} cannot be written")]
    Write {
        path: String,
        #[source]
        source: std::io::Error,
    },
}

/// Blanks boxes of a file, or lists those that a search finds.
pub(crate) fn redact(args: &RedactArgs) -> CommandResult {
    let limits = Limits::default();
    // Before any work is done.
    for target in args.out.iter().chain(&args.review) {
        refuse_existing(target)?;
    }
    let input =
        read_file(&args.file, &limits).map_err(|failure| FileError::read(&args.file, &failure))?;
    match (&args.review, &args.apply, &args.out) {
        (Some(list), ..) => survey(args, &input, list, limits),
        (_, Some(list), Some(out)) => apply(args, &input, list, out, limits),
        (_, _, Some(out)) => {
            let boxes: Vec<Numbered> = (1..)
                .zip(args.boxes.iter().map(|one| one.0.clone()))
                .collect();
            write(args, &input, boxes, out, limits)
        }
        // The parser asks for --out wherever there is no --review.
        _ => Ok(Ending::Failed),
    }
}

fn survey(args: &RedactArgs, input: &[u8], list: &Path, limits: Limits) -> CommandResult {
    let finder = Arc::new(models::load(args.models.as_deref())?);
    let options = Options {
        pixels: Pixels::Text(Arc::new(Rules::default()), finder),
        limits,
        ..Options::default()
    };
    // Neither policy nor key has a say in what is found: the identifiers are those of the object.
    let key = PseudonymKey::from_bytes([0; 32]);
    let deidentifier = Deidentifier::new(Policy::preset(Preset::default()), &key, options);
    let path = || shown(&args.file);
    let survey = deidentifier
        .survey(input)
        .map_err(|source| Failure::Survey {
            path: path(),
            source,
        })?
        .ok_or_else(|| Failure::NoPixels { path: path() })?;
    let boxes: Vec<Listed> = survey
        .sightings
        .iter()
        .filter_map(|sighting| Listed::of(sighting, survey.columns, survey.rows))
        .collect();
    let (all, accepted) = (
        boxes.len(),
        boxes.iter().filter(|one| one.is_accepted()).count(),
    );
    let object = Object {
        sha256: hex(&Sha256::digest(input)),
        line: None,
        boxes,
    };
    review::write_one(list, object)?;
    crate::stdout(&format!(
        "{all} boxes found: {accepted} to be blanked, {} harmless or doubtful\n\
         list      {}\n\
         next      look at the picture, set \"accept\" of each box, then\n          \
         obscura redact FILE --out NEW.dcm --apply LIST.json\n",
        all - accepted,
        shown(list)
    ));
    Ok(Ending::Clean)
}

fn apply(
    args: &RedactArgs,
    input: &[u8],
    list: &Path,
    out: &Path,
    limits: Limits,
) -> CommandResult {
    let sha256 = hex(&Sha256::digest(input));
    let objects = review::read(list)?;
    let object = objects
        .into_iter()
        .find(|object| object.sha256.eq_ignore_ascii_case(&sha256))
        .ok_or_else(|| ReviewError::AnotherFile { path: shown(list) })?;
    let accepted = (1..)
        .zip(&object.boxes)
        .filter(|(_, one)| one.is_accepted());
    let boxes: Vec<Numbered> = accepted
        .flat_map(|(number, one)| {
            let rectangle = move |part: Decided| {
                let frames = part.frames.iter().map(|f| (f + 1, f + 1)).collect();
                let rectangle = Rectangle {
                    area: part.area,
                    frames: Frames::Chosen(frames),
                };
                (number, rectangle)
            };
            one.decided().into_iter().map(rectangle)
        })
        .collect();
    if boxes.is_empty() {
        return Err(Failure::NoneAccepted { path: shown(list) }.into());
    }
    write(args, input, boxes, out, limits)
}

/// A rectangle and the number of the box it is of, from 1: a box may be made up of several.
type Numbered = (usize, Rectangle);

fn write(
    args: &RedactArgs,
    input: &[u8],
    boxes: Vec<Numbered>,
    out: &Path,
    limits: Limits,
) -> CommandResult {
    let (numbers, rectangles): (Vec<usize>, Vec<Rectangle>) = boxes.into_iter().unzip();
    let redacted = blank(input, &rectangles, &limits).map_err(|source| Failure::Redact {
        path: shown(&args.file),
        source: source.renumbered(&numbers),
    })?;
    write_new(out, &redacted.bytes, Access::Usual).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Exists { path: shown(out) },
        _ => Failure::Write {
            path: shown(out),
            source,
        },
    })?;
    let boxes = numbers.iter().collect::<BTreeSet<_>>().len();
    crate::stdout(&said(&redacted, boxes, out));
    Ok(Ending::Clean)
}

fn said(redacted: &Redacted, boxes: usize, out: &Path) -> String {
    let plural = |count: usize| if count == 1 { "" } else { "es" };
    let how = match redacted.recoding {
        Recoding::Unchanged => "the pixels are as they were",
        Recoding::InPlace => "written over in place",
        Recoding::Blocks => "only the blocks they touch were changed",
        Recoding::Lossless => "the changed frames were coded again without loss",
        _ => "the whole object was decoded: its transfer syntax is Explicit VR Little Endian now",
    };
    format!(
        "{boxes} box{} blanked in {} of {} frames: {how}\n\
         written   {}\n\
         note      this is no de-identification: the header is as it was, and so is Burned In \
         Annotation (0028,0301)\n",
        plural(boxes),
        redacted.frames,
        redacted.of,
        shown(out)
    )
}

fn refuse_existing(path: &Path) -> Result<(), Failure> {
    // A link that leads nowhere is in the way too.
    match fs::symlink_metadata(path) {
        Ok(_) => Err(Failure::Exists { path: shown(path) }),
        Err(_) => Ok(()),
    }
}
