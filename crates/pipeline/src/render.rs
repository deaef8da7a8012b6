//! Pictures of a released object: the frames that were asked for, as JPEG.

use obscura_core::Limits;
use obscura_dicom::Source;
use obscura_pixels::decode::Image;
use obscura_pixels::render::{Display, Quality};

use crate::decisions::Decisions;
use crate::frames::Frames;
use crate::outcome::{Jpeg, Redaction};
use crate::pixels::Pixels;

/// What a caller may choose besides the policy.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which frames become JPEG files.
    pub frames: Frames,
    /// JPEG quality.
    pub quality: Quality,
    /// What is done about text in the pixels.
    pub pixels: Pixels,
    /// What a person decided about places in the pixels of single objects.
    pub decisions: Decisions,
    /// Bounds on one input.
    pub limits: Limits,
    /// Whether pictures of originals are returned with the releases.
    pub originals: Originals,
    /// Return old and new identifiers with each release. They undo the de-identification.
    pub collect_map: bool,
}

/// Whether pictures of originals leave with the releases. They show what was blanked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Originals {
    /// They stay where they are.
    #[default]
    Withheld,
    /// A danger: the first changed frame of each object, as it was.
    Shown,
}

/// What a picture that cannot be made leaves behind.
pub(crate) const NOT_RENDERED: &str =
    "the pixel data could not be decoded: no picture was made, and nothing in it was looked at";

/// The frames of a PS3.10 file as JPEG, and whether all that were asked for could be made.
pub(crate) fn jpegs(file: &[u8], options: &Options) -> Result<Vec<Jpeg>, &'static str> {
    chosen(file, &options.frames, options)
}

/// The first frame of an original that was changed, as it was, if pictures of originals are asked
/// for.
pub(crate) fn original(
    input: &[u8],
    redactions: &[Redaction],
    options: &Options,
) -> Result<Option<Jpeg>, &'static str> {
    let blanked = redactions.iter().filter(|redaction| !redaction.kept);
    match (options.originals, blanked.map(|one| one.frame).min()) {
        (Originals::Shown, Some(frame)) => {
            let one = Frames::Chosen(vec![(frame, frame)]);
            Ok(chosen(input, &one, options)?.pop())
        }
        _ => Ok(None),
    }
}

fn chosen(file: &[u8], frames: &Frames, options: &Options) -> Result<Vec<Jpeg>, &'static str> {
    if *frames == Frames::None {
        return Ok(Vec::new());
    }
    let source = Source::open(file, &options.limits).map_err(|_| NOT_RENDERED)?;
    let object = source.parse(&options.limits).map_err(|_| NOT_RENDERED)?;
    let image = Image::of(&object.data, &object.syntax, &options.limits);
    let Some(image) = image.map_err(|_| NOT_RENDERED)? else {
        return Ok(Vec::new());
    };
    let display = Display::of(&object.data, &object.syntax).map_err(|_| NOT_RENDERED)?;
    let of = image.frames();
    frames
        .indices(of)
        .map(|index| {
            let frame = image.decode(index).map_err(|_| NOT_RENDERED)?;
            let picture = display.render(index, &frame).map_err(|_| NOT_RENDERED)?;
            let bytes = picture.to_jpeg(options.quality).map_err(|_| NOT_RENDERED)?;
            Ok(Jpeg {
                frame: index + 1,
                of,
                bytes,
            })
        })
        .collect()
}
