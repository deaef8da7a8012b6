//! [`Display`]: everything an object says about how it is shown, and the pictures it gives.

use std::sync::Arc;

use obscura_dicom::{DataSet, Syntax, Tag};

use crate::{Frame, Photometric, Samples};

use super::attributes::Attributes;
use super::grayscale::{Curve, Grayscale, Modality, Polarity};
use super::palette::{Palette, Sign};
use super::range::{self, Padding};
use super::table::Table;
use super::tones::Tones;
use super::{Picture, RenderError, colour};

const SOP_CLASS_UID: Tag = Tag(0x0008, 0x0016);
const PIXEL_PRESENTATION: Tag = Tag(0x0008, 0x9205);
const PHOTOMETRIC_INTERPRETATION: Tag = Tag(0x0028, 0x0004);
const BITS_STORED: Tag = Tag(0x0028, 0x0101);
const PIXEL_REPRESENTATION: Tag = Tag(0x0028, 0x0103);
const WINDOW_CENTER: Tag = Tag(0x0028, 0x1050);
const WINDOW_WIDTH: Tag = Tag(0x0028, 0x1051);
const RESCALE_INTERCEPT: Tag = Tag(0x0028, 0x1052);
const RESCALE_SLOPE: Tag = Tag(0x0028, 0x1053);
const VOI_LUT_FUNCTION: Tag = Tag(0x0028, 0x1056);
const MODALITY_LUT_SEQUENCE: Tag = Tag(0x0028, 0x3000);
const VOI_LUT_SEQUENCE: Tag = Tag(0x0028, 0x3010);
const FRAME_VOI_LUT_SEQUENCE: Tag = Tag(0x0028, 0x9132);
const PIXEL_VALUE_TRANSFORMATION_SEQUENCE: Tag = Tag(0x0028, 0x9145);
const SEGMENTATION_TYPE: Tag = Tag(0x0062, 0x0001);
const MAXIMUM_FRACTIONAL_VALUE: Tag = Tag(0x0062, 0x000E);
const PRESENTATION_LUT_SHAPE: Tag = Tag(0x2050, 0x0020);
const SHARED_FUNCTIONAL_GROUPS: Tag = Tag(0x5200, 0x9229);
const PER_FRAME_FUNCTIONAL_GROUPS: Tag = Tag(0x5200, 0x9230);

/// X-Ray Angiographic, X-Ray Radiofluoroscopic and (retired) Bi-Plane Image Storage. Their
/// Modality LUT leads back to the beam's intensity and is not meant for display (PS3.3 C.8.7.1.1.2,
/// PS3.4 N.2.1.2).
const X_RAY_CLASSES: [&str; 3] = [
    "1.2.840.10008.5.1.4.1.1.12.1",
    "1.2.840.10008.5.1.4.1.1.12.2",
    "1.2.840.10008.5.1.4.1.1.12.3",
];

/// Everything an object says about how its frames are shown.
///
/// What is applied, in the order of PS3.4 N.2: Modality LUT, VOI LUT, polarity for gray; the
/// palette; YBR to RGB. Functional groups of a frame come before the shared ones, those before the
/// data set. Of several windows the first usable one counts; a VOI LUT Sequence comes before
/// windows. The [module](super) says what is shown of objects without a window.
#[derive(Debug)]
pub struct Display {
    /// The object's own attributes and its shared functional groups.
    object: Grayscale,
    /// The same with the functional groups of each frame, if there are any.
    frames: Vec<Grayscale>,
    palette: Option<Palette>,
    supplement: Supplement,
    padding: Padding,
    automatic: Automatic,
    tones: Tones,
}

/// Whether the palette colours part of a MONOCHROME2 image (PS3.3 C.7.6.19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Supplement {
    None,
    Palette,
}

/// What decides where no window is given.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Automatic {
    /// Samples of up to 8 bits are shown as they are stored, deeper ones from the least to the
    /// greatest of the frame.
    ByDepth,
    /// From the least to the greatest value of the frame: label maps, whose labels are few and low.
    FrameRange,
    /// Fractional segmentations: from 0 to Maximum Fractional Value.
    UpTo(f64),
}

impl Display {
    /// Reads what the data set says; `syntax` gives the byte order of its values.
    ///
    /// # Errors
    /// [`RenderError::Palette`] for PALETTE COLOR without a palette.
    pub fn of(data: &DataSet<'_>, syntax: &Syntax) -> Result<Self, RenderError> {
        let data = Attributes::new(data, syntax.endian);
        let sign = match data.words(PIXEL_REPRESENTATION).first() {
            Some(1) => Sign::Signed,
            _ => Sign::Unsigned,
        };
        let photometric = data.code(PHOTOMETRIC_INTERPRETATION);
        let supplement = match data.code(PIXEL_PRESENTATION) {
            "COLOR" | "MIXED" if photometric == "MONOCHROME2" => Supplement::Palette,
            _ => Supplement::None,
        };
        let palette = Palette::read(data, sign);
        if palette.is_none() && photometric == "PALETTE COLOR" {
            return Err(RenderError::Palette);
        }
        let object = object_grayscale(data, stored_range(data, sign));
        let object = data
            .item(SHARED_FUNCTIONAL_GROUPS)
            .map_or_else(|| object.clone(), |groups| with_groups(&object, groups));
        Ok(Self {
            frames: data
                .items(PER_FRAME_FUNCTIONAL_GROUPS)
                .map(|groups| with_groups(&object, groups))
                .collect(),
            object,
            palette,
            supplement,
            padding: Padding::read(data),
            automatic: automatic(data),
            tones: Tones::default(),
        })
    }

    /// The picture of a frame, as a viewer first shows it. `frame_index` counts from 0 and picks
    /// the functional groups; of one beyond them the object's own attributes apply.
    ///
    /// # Errors
    /// See [`RenderError`]; never panics, whatever the header says.
    pub fn render(&self, frame_index: u32, frame: &Frame) -> Result<Picture, RenderError> {
        check_size(frame)?;
        let (channels, data) = match (frame.samples_per_pixel, frame.photometric) {
            (3, _) => (3, colour::rgb(frame)?),
            (1, Photometric::PaletteColor) => (3, self.palette_colours(frame)?),
            (1, _) => self.monochrome(frame_index, frame),
            (samples, _) => return Err(RenderError::SamplesPerPixel(samples)),
        };
        Ok(Picture {
            width: frame.columns,
            height: frame.rows,
            channels,
            data,
        })
    }

    fn palette_colours(&self, frame: &Frame) -> Result<Vec<u8>, RenderError> {
        let palette = self.palette.as_ref().ok_or(RenderError::Palette)?;
        let mut data = vec![0; sample_count(&frame.samples) * 3];
        let (pixels, _) = data.as_chunks_mut::<3>();
        if let Samples::U8(samples) = &frame.samples {
            let table: [[u8; 3]; 256] = std::array::from_fn(|at| palette.colour(at as i64));
            for (pixel, sample) in pixels.iter_mut().zip(samples) {
                *pixel = table[usize::from(*sample)];
            }
        } else {
            for (pixel, stored) in pixels.iter_mut().zip(integers(&frame.samples)) {
                *pixel = palette.colour(stored);
            }
        }
        Ok(data)
    }

    fn monochrome(&self, frame_index: u32, frame: &Frame) -> (u8, Vec<u8>) {
        let mut grayscale = self
            .frames
            .get(frame_index as usize)
            .unwrap_or(&self.object)
            .clone();
        if frame.photometric == Photometric::Monochrome1 {
            grayscale.polarity = Polarity::Inverse;
        }
        let curve = grayscale
            .voi
            .clone()
            .unwrap_or_else(|| self.automatic_curve(&grayscale, frame));
        let tones = self
            .tones
            .of(&frame.samples, frame.bits_stored, &grayscale, &curve);
        match (&self.palette, self.supplement) {
            (Some(palette), Supplement::Palette) => (3, supplemented(&tones, palette, frame)),
            _ => (1, tones),
        }
    }

    fn automatic_curve(&self, grayscale: &Grayscale, frame: &Frame) -> Curve {
        let bits = frame.bits_stored.max(1);
        let signed = matches!(frame.samples, Samples::I16(_) | Samples::I32(_));
        let float = matches!(frame.samples, Samples::F32(_) | Samples::F64(_));
        let stored = match self.automatic {
            Automatic::UpTo(greatest) => Some((0.0, greatest)),
            Automatic::ByDepth if bits <= 8 && !float => Some(full_range(bits, signed)),
            _ => range::of(&frame.samples, bits, self.padding),
        };
        let (low, high) = stored.unwrap_or((0.0, 1.0));
        let (low, high) = grayscale.modality.range(low, high);
        Curve::ramp(low, high).unwrap_or(Curve::Ramp {
            low: 0.0,
            high: 1.0,
        })
    }
}

fn check_size(frame: &Frame) -> Result<(), RenderError> {
    let samples = sample_count(&frame.samples);
    let wanted = u64::from(frame.rows)
        .checked_mul(u64::from(frame.columns))
        .and_then(|pixels| pixels.checked_mul(u64::from(frame.samples_per_pixel)));
    if samples == 0 || wanted != Some(samples as u64) {
        return Err(RenderError::FrameSize { samples });
    }
    Ok(())
}

fn sample_count(samples: &Samples) -> usize {
    match samples {
        Samples::U8(samples) => samples.len(),
        Samples::U16(samples) => samples.len(),
        Samples::I16(samples) => samples.len(),
        Samples::U32(samples) => samples.len(),
        Samples::I32(samples) => samples.len(),
        Samples::F32(samples) => samples.len(),
        Samples::F64(samples) => samples.len(),
    }
}

/// The stored values as whole numbers; floating point ones are cut.
fn integers(samples: &Samples) -> Box<dyn Iterator<Item = i64> + '_> {
    match samples {
        Samples::U8(samples) => Box::new(samples.iter().map(|s| i64::from(*s))),
        Samples::U16(samples) => Box::new(samples.iter().map(|s| i64::from(*s))),
        Samples::I16(samples) => Box::new(samples.iter().map(|s| i64::from(*s))),
        Samples::U32(samples) => Box::new(samples.iter().map(|s| i64::from(*s))),
        Samples::I32(samples) => Box::new(samples.iter().map(|s| i64::from(*s))),
        Samples::F32(samples) => Box::new(samples.iter().map(|s| *s as i64)),
        Samples::F64(samples) => Box::new(samples.iter().map(|s| *s as i64)),
    }
}

/// Tones as RGB, those of the palette's range replaced by its colours.
fn supplemented(tones: &[u8], palette: &Palette, frame: &Frame) -> Vec<u8> {
    let shade = |(tone, stored): (&u8, i64)| {
        if palette.covers(stored) {
            palette.colour(stored)
        } else {
            [*tone; 3]
        }
    };
    tones
        .iter()
        .zip(integers(&frame.samples))
        .flat_map(shade)
        .collect()
}

fn automatic(data: Attributes<'_, '_>) -> Automatic {
    match data.code(SEGMENTATION_TYPE) {
        "LABELMAP" => Automatic::FrameRange,
        "FRACTIONAL" => match data.number(MAXIMUM_FRACTIONAL_VALUE) {
            Some(greatest) if greatest >= 1.0 => Automatic::UpTo(greatest),
            _ => Automatic::ByDepth,
        },
        _ => Automatic::ByDepth,
    }
}

/// The least and the greatest value that a number of bits holds.
fn full_range(bits: u16, signed: bool) -> (f64, f64) {
    let values = f64::from(bits.clamp(1, 64)).exp2();
    if signed {
        (-values / 2.0, values / 2.0 - 1.0)
    } else {
        (0.0, values - 1.0)
    }
}

fn stored_range(data: Attributes<'_, '_>, sign: Sign) -> (f64, f64) {
    let bits = data.words(BITS_STORED).first().copied().unwrap_or(16);
    full_range(bits, sign == Sign::Signed)
}

fn object_grayscale(data: Attributes<'_, '_>, stored: (f64, f64)) -> Grayscale {
    let is_x_ray = X_RAY_CLASSES.contains(&data.code(SOP_CLASS_UID));
    let table = data
        .items(MODALITY_LUT_SEQUENCE)
        .filter(|_| !is_x_ray)
        .find_map(|item| Table::read(item, stored))
        .map(|table| Modality::Table(Arc::new(table)));
    let modality = table
        .or_else(|| rescale(data))
        .unwrap_or(Modality::IDENTITY);
    let inputs = modality.range(stored.0, stored.1);
    let polarity = match data.code(PRESENTATION_LUT_SHAPE) {
        "INVERSE" => Polarity::Inverse,
        _ => Polarity::Normal,
    };
    Grayscale {
        voi: voi_table(data, inputs).or_else(|| window(data)),
        modality,
        polarity,
    }
}

/// What functional groups, shared ones or a frame's, change (C.7.6.16.2.9 Pixel Value
/// Transformation, C.7.6.16.2.10 Frame VOI LUT).
fn with_groups(base: &Grayscale, groups: Attributes<'_, '_>) -> Grayscale {
    let modality = groups
        .item(PIXEL_VALUE_TRANSFORMATION_SEQUENCE)
        .and_then(rescale);
    let voi = groups.item(FRAME_VOI_LUT_SEQUENCE).and_then(window);
    Grayscale {
        modality: modality.unwrap_or_else(|| base.modality.clone()),
        voi: voi.or_else(|| base.voi.clone()),
        polarity: base.polarity,
    }
}

/// Rescale Slope and Intercept; `None` if both are absent or the slope is 0, which would make the
/// picture one tone.
fn rescale(data: Attributes<'_, '_>) -> Option<Modality> {
    let (slope, intercept) = (data.number(RESCALE_SLOPE), data.number(RESCALE_INTERCEPT));
    if slope.is_none() && intercept.is_none() {
        return None;
    }
    let slope = slope.unwrap_or(1.0);
    (slope != 0.0).then(|| Modality::Rescale {
        slope,
        intercept: intercept.unwrap_or(0.0),
    })
}

fn voi_table(data: Attributes<'_, '_>, inputs: (f64, f64)) -> Option<Curve> {
    let table = data
        .items(VOI_LUT_SEQUENCE)
        .find_map(|item| Table::read(item, inputs))?;
    Some(Curve::Table(Arc::new(table)))
}

/// The first window that is one.
fn window(data: Attributes<'_, '_>) -> Option<Curve> {
    let function = data.code(VOI_LUT_FUNCTION);
    let (centers, widths) = (data.numbers(WINDOW_CENTER), data.numbers(WINDOW_WIDTH));
    centers.into_iter().zip(widths).find_map(|(center, width)| {
        let (center, width) = (center?, width?);
        match function {
            "LINEAR_EXACT" => Curve::linear_exact(center, width),
            "SIGMOID" => Curve::sigmoid(center, width),
            _ => Curve::linear(center, width),
        }
    })
}
