//! Taking the coding off a whole object: what becomes of frames that no encoder here can write.
//!
//! All frames are decoded and stand one after the other, and the Image Pixel module (PS3.3 C.7.6.3)
//! says what they now are. The transfer syntax becomes Explicit VR Little Endian, as every
//! encapsulated one is apart from its pixel data (PS3.5 A.4).

use std::collections::BTreeMap;

use dicom_dictionary_std::tags;
use obscura_core::Limits;
use obscura_dicom::{DataSet, Element, Syntax, Tag, VR, Value};

use super::error::BlankError;
use super::frame::Context;
use crate::area::Area;
use crate::blank::fill::Fills;
use crate::decode::{DecodeError, Image, Sign};
use crate::frame::{Frame, Photometric, Samples};

/// What was rewritten.
pub(super) struct Native {
    pub(super) touched: Vec<u32>,
    pub(super) keeps_extremes: bool,
}

/// Rewrites an object, and the icons and other pictures of its items with it.
pub(super) fn rewrite(
    data: &mut DataSet<'_>,
    syntax: &mut Syntax,
    areas: &BTreeMap<u32, Vec<Area>>,
    limits: &Limits,
) -> Result<Native, BlankError> {
    let mut touched = Vec::new();
    let mut keeps_extremes = true;
    let pixels = pixels(data, syntax, limits, |context, index, frame| {
        let Some(areas) = areas.get(&index) else {
            return;
        };
        let fills = context.fills(frame, areas, context.noise());
        if !fills.cover.is_empty() {
            paint(frame, &fills);
            touched.push(index);
            keeps_extremes &= fills.keeps_extremes();
        }
    })?;
    let nested = nested(data, syntax, limits)?;
    put_nested(data, &mut nested.into_iter());
    if let Some(pixels) = pixels {
        pixels.put(data);
    }
    *syntax = Syntax::from_uid(Syntax::EXPLICIT_LE);
    Ok(Native {
        touched,
        keeps_extremes,
    })
}

/// The pictures of items that are encapsulated, in the order of the items.
fn nested(data: &DataSet<'_>, syntax: &Syntax, limits: &Limits) -> Result<Vec<Pixels>, BlankError> {
    let mut found = Vec::new();
    for item in data.elements().iter().filter_map(Element::items).flatten() {
        if is_encapsulated(item) {
            found.extend(pixels(item, syntax, limits, |_, _, _| {})?);
        }
        found.extend(nested(item, syntax, limits)?);
    }
    Ok(found)
}

fn put_nested(data: &mut DataSet<'_>, pictures: &mut std::vec::IntoIter<Pixels>) {
    for element in data.elements_mut() {
        let Value::Items(items) = &mut element.value else {
            continue;
        };
        for item in &mut items.items {
            if is_encapsulated(item)
                && let Some(pixels) = pictures.next()
            {
                pixels.put(item);
            }
            put_nested(item, pictures);
        }
    }
}

fn is_encapsulated(data: &DataSet<'_>) -> bool {
    data.get(tags::PIXEL_DATA)
        .is_some_and(|element| matches!(element.value, Value::Fragments(_)))
}

/// Native pixel data and what describes it.
struct Pixels {
    form: Form,
    bits_stored: u16,
    bytes: Vec<u8>,
}

/// What all frames must share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Form {
    rows: u32,
    columns: u32,
    samples_per_pixel: u16,
    photometric: &'static str,
    allocated: u16,
    signed: bool,
}

/// Decodes all frames, each changed by `change`. `None` if there is no pixel data.
fn pixels(
    data: &DataSet<'_>,
    syntax: &Syntax,
    limits: &Limits,
    mut change: impl FnMut(&Context<'_>, u32, &mut Frame),
) -> Result<Option<Pixels>, BlankError> {
    let Some(image) = Image::of(data, syntax, limits)? else {
        return Ok(None);
    };
    let context = Context::new(data, syntax, &image);
    let mut pixels: Option<Pixels> = None;
    for index in 0..image.frames() {
        let mut frame = image.decode(index)?;
        change(&context, index, &mut frame);
        let pixels = match &mut pixels {
            Some(pixels) => pixels,
            none => none.insert(Pixels::begun(&image, &frame, limits)?),
        };
        pixels.append(&frame)?;
    }
    Ok(pixels)
}

impl Pixels {
    fn begun(image: &Image<'_>, frame: &Frame, limits: &Limits) -> Result<Self, BlankError> {
        let longest = u32::from(u16::MAX);
        if frame.rows > longest || frame.columns > longest {
            return Err(BlankError::NoNativeForm("they are too large"));
        }
        let own = bits_of(&frame.samples)?;
        let allocated = own.max(match image.bits_allocated() {
            ..=8 => 8,
            9..=16 => 16,
            _ => 32,
        });
        let pixels = u64::from(frame.rows) * u64::from(frame.columns);
        let cells = pixels * u64::from(frame.samples_per_pixel);
        let total = cells
            .saturating_mul(u64::from(allocated / 8))
            .saturating_mul(u64::from(image.frames()));
        // A native value has a length of 32 bits, and its greatest number means something else.
        if total > limits.max_file_bytes.min(u64::from(u32::MAX) - 1) {
            return Err(BlankError::Limit("bytes of the pixel data"));
        }
        let signed = match frame.samples {
            Samples::I16(_) | Samples::I32(_) => true,
            _ => image.sign() == Sign::Signed,
        };
        Ok(Self {
            form: Form {
                rows: frame.rows,
                columns: frame.columns,
                samples_per_pixel: frame.samples_per_pixel,
                photometric: name(frame.photometric)?,
                allocated,
                signed,
            },
            bits_stored: frame.bits_stored.min(allocated),
            bytes: Vec::with_capacity(total as usize + 1),
        })
    }

    fn append(&mut self, frame: &Frame) -> Result<(), BlankError> {
        let own = Form {
            rows: frame.rows,
            columns: frame.columns,
            samples_per_pixel: frame.samples_per_pixel,
            photometric: name(frame.photometric)?,
            ..self.form
        };
        if own != self.form || bits_of(&frame.samples)? > self.form.allocated {
            return Err(BlankError::NoNativeForm("they differ in size or kind"));
        }
        self.bits_stored = self.bits_stored.max(frame.bits_stored.min(own.allocated));
        let width = usize::from(own.allocated / 8);
        let mut put = |value: i64| {
            self.bytes.extend_from_slice(&value.to_le_bytes()[..width]);
        };
        match &frame.samples {
            Samples::U8(samples) if width == 1 => self.bytes.extend_from_slice(samples),
            Samples::U8(samples) => samples.iter().for_each(|s| put(i64::from(*s))),
            Samples::U16(samples) => samples.iter().for_each(|s| put(i64::from(*s))),
            Samples::I16(samples) => samples.iter().for_each(|s| put(i64::from(*s))),
            Samples::U32(samples) => samples.iter().for_each(|s| put(i64::from(*s))),
            Samples::I32(samples) => samples.iter().for_each(|s| put(i64::from(*s))),
            Samples::F32(_) | Samples::F64(_) => {
                return Err(BlankError::NoNativeForm("their samples are not integers"));
            }
        }
        Ok(())
    }

    /// Puts the pixel data and its description into a data set of Explicit VR Little Endian.
    fn put(mut self, data: &mut DataSet<'_>) {
        if self.bytes.len() % 2 == 1 {
            self.bytes.push(0);
        }
        let mut number = |tag: Tag, value: u16| {
            data.put(Element::new(tag, VR::US, value.to_le_bytes().to_vec()));
        };
        let form = self.form;
        number(tags::ROWS, form.rows as u16);
        number(tags::COLUMNS, form.columns as u16);
        number(tags::SAMPLES_PER_PIXEL, form.samples_per_pixel);
        number(tags::BITS_ALLOCATED, form.allocated);
        number(tags::BITS_STORED, self.bits_stored);
        number(tags::HIGH_BIT, self.bits_stored - 1);
        number(tags::PIXEL_REPRESENTATION, u16::from(form.signed));
        if form.samples_per_pixel > 1 {
            number(tags::PLANAR_CONFIGURATION, 0);
        } else {
            data.remove(tags::PLANAR_CONFIGURATION);
        }
        data.put(Element::text(
            tags::PHOTOMETRIC_INTERPRETATION,
            VR::CS,
            form.photometric,
        ));
        data.remove(tags::EXTENDED_OFFSET_TABLE);
        data.remove(tags::EXTENDED_OFFSET_TABLE_LENGTHS);
        let vr = if form.allocated == 8 { VR::OB } else { VR::OW };
        data.put(Element::new(tags::PIXEL_DATA, vr, self.bytes));
    }
}

/// The narrowest cell that holds the samples.
const fn bits_of(samples: &Samples) -> Result<u16, BlankError> {
    match samples {
        Samples::U8(_) => Ok(8),
        Samples::U16(_) | Samples::I16(_) => Ok(16),
        Samples::U32(_) | Samples::I32(_) => Ok(32),
        Samples::F32(_) | Samples::F64(_) => {
            Err(BlankError::NoNativeForm("their samples are not integers"))
        }
    }
}

/// The Photometric Interpretation of decoded samples.
const fn name(photometric: Photometric) -> Result<&'static str, BlankError> {
    Ok(match photometric {
        Photometric::Monochrome1 => "MONOCHROME1",
        Photometric::Monochrome2 => "MONOCHROME2",
        Photometric::PaletteColor => "PALETTE COLOR",
        // Transforms of JPEG 2000 are undone by its decoder.
        Photometric::Rgb | Photometric::YbrJpeg2000 => "RGB",
        // Chroma was brought to the size of the picture.
        Photometric::YbrFull | Photometric::YbrFull422 => "YBR_FULL",
        Photometric::YbrPartial | Photometric::Other => {
            return Err(BlankError::Decode(DecodeError::Unsupported(
                "a retired photometric interpretation",
            )));
        }
    })
}

/// Writes fills into the samples of a frame.
fn paint(frame: &mut Frame, fills: &Fills) {
    let per_pixel = usize::from(frame.samples_per_pixel);
    let columns = frame.columns as usize;
    fills.cover.spans(|row, stretch, at| {
        let start = row as usize * columns;
        let from = (start + stretch.start as usize) * per_pixel;
        let to = (start + stretch.end as usize) * per_pixel;
        let values = fills.of(at);
        let fill = values.iter().take(per_pixel).cycle();
        macro_rules! write {
            ($samples:expr, $type:ty) => {
                $samples[from..to]
                    .iter_mut()
                    .zip(fill)
                    .for_each(|(sample, value)| *sample = *value as $type)
            };
        }
        match &mut frame.samples {
            Samples::U8(samples) => write!(samples, u8),
            Samples::U16(samples) => write!(samples, u16),
            Samples::I16(samples) => write!(samples, i16),
            Samples::U32(samples) => write!(samples, u32),
            Samples::I32(samples) => write!(samples, i32),
            Samples::F32(samples) => write!(samples, f32),
            Samples::F64(samples) => write!(samples, f64),
        }
    });
}
