//! Pictures of a released object: the frames that were asked for, as JPEG.

use obscura_core::Limits;
use obscura_dicom::Source;
use obscura_pixels::decode::Image;
use obscura_pixels::render::{Display, Quality};

use crate::frames::Frames;
use crate::outcome::Jpeg;

/// What is done about text in the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pixels {
    /// Nothing: nobody looks for it. A danger that the report names.
    #[default]
    Off,
}

/// What a caller may choose besides the policy.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which frames become JPEG files.
    pub frames: Frames,
    /// JPEG quality.
    pub quality: Quality,
    /// What is done about text in the pixels.
    pub pixels: Pixels,
    /// Bounds on one input.
    pub limits: Limits,
    /// Return old and new identifiers with each release. They undo the de-identification.
    pub collect_map: bool,
}

/// What a picture that cannot be made leaves behind.
pub(crate) const NOT_RENDERED: &str =
    "the pixel data could not be decoded: no picture was made, and nothing in it was looked at";

/// The frames of a PS3.10 file as JPEG, and whether all that were asked for could be made.
pub(crate) fn jpegs(file: &[u8], options: &Options) -> Result<Vec<Jpeg>, &'static str> {
    if options.frames == Frames::None {
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
    options
        .frames
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
