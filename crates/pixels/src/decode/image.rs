//! [`Image`]: the pixel data of an object or of an icon, described and ready to decode.

use std::borrow::Cow;
use std::ops::Range;

use dicom_dictionary_std::tags;
use obscura_core::Limits;
use obscura_dicom::{DataSet, Endian, Fragments, Syntax, VR, Value};

use super::describe::{Description, Planar, SampleKind, Sign};
use super::error::{Codec, DecodeError};
use super::finish::{self, SignBit};
use super::fragments;
use super::j2k;
use super::jpeg::{self, Described, NamedColour};
use super::jpegls;
use super::jxl;
use super::native::{self, Chroma, Order};
use super::raster::{Bounds, Raster};
use super::rle;
use super::syntax::{Coding, coding, sniff};
use crate::frame::{Frame, Photometric};

/// The pixel data of one data set: of an object, or of an item of Icon Image Sequence.
#[derive(Debug, Clone)]
pub struct Image<'a> {
    pub(super) description: Description,
    pub(super) source: Source<'a>,
    pub(super) bounds: Bounds,
}

#[derive(Debug, Clone)]
pub(super) enum Source<'a> {
    Native {
        bytes: &'a [u8],
        order: Order,
        chroma: Chroma,
    },
    Encapsulated {
        fragments: Cow<'a, Fragments<'a>>,
        frames: Vec<Range<usize>>,
        coding: Coding,
    },
}

impl<'a> Image<'a> {
    /// The image of a data set, or `None` if it has no pixel data.
    ///
    /// Nothing is decoded and nothing of the image's size is allocated.
    ///
    /// # Errors
    /// [`DecodeError::Description`] if the Image Pixel module cannot be,
    /// [`DecodeError::Limit`] if the image claims more than `limits`.
    pub fn of(
        data: &'a DataSet<'a>,
        syntax: &'a Syntax,
        limits: &Limits,
    ) -> Result<Option<Self>, DecodeError> {
        let Some((element, kind)) = pixel_element(data) else {
            return Ok(None);
        };
        let description = Description::of(data, syntax, kind, limits)?;
        let coding = coding(syntax);
        let source = match &element.value {
            Value::Items(_) => return Err(DecodeError::Description("pixel data")),
            Value::Bytes(bytes) => match sniff(bytes).filter(|_| coding != Coding::Native) {
                // A codestream that was written without its items.
                Some(found) => {
                    let one = Fragments {
                        fragments: vec![Cow::Borrowed(&**bytes)],
                        ..Fragments::default()
                    };
                    Source::Encapsulated {
                        fragments: Cow::Owned(one),
                        frames: std::iter::once(0..1).collect(),
                        coding: found,
                    }
                }
                None => native_source(bytes, element.vr, syntax, &description),
            },
            Value::Fragments(fragments) => {
                let extended = data
                    .get(tags::EXTENDED_OFFSET_TABLE)
                    .and_then(|e| e.bytes())
                    .unwrap_or_default();
                Source::Encapsulated {
                    frames: fragments::frames(fragments, extended, description.frames),
                    fragments: Cow::Borrowed(fragments),
                    coding: if coding == Coding::Native && !syntax.is_encapsulated() {
                        // The transfer syntax is wrong: only the frames can tell.
                        fragments
                            .fragments
                            .first()
                            .and_then(|f| sniff(f))
                            .unwrap_or(coding)
                    } else {
                        coding
                    },
                }
            }
        };
        Ok(Some(Self {
            description,
            source,
            bounds: Bounds::new(limits),
        }))
    }

    /// Number of Frames (0028,0008), 1 if absent.
    pub fn frames(&self) -> u32 {
        self.description.frames
    }

    /// Rows (0028,0010).
    pub fn rows(&self) -> u32 {
        self.description.rows
    }

    /// Columns (0028,0011).
    pub fn columns(&self) -> u32 {
        self.description.columns
    }

    /// Samples per Pixel (0028,0002).
    pub fn samples_per_pixel(&self) -> u16 {
        self.description.samples_per_pixel
    }

    /// Bits Allocated (0028,0100), 1 to 64.
    pub fn bits_allocated(&self) -> u16 {
        self.description.bits_allocated
    }

    /// Bits Stored (0028,0101), 1 to Bits Allocated.
    pub fn bits_stored(&self) -> u16 {
        self.description.bits_stored
    }

    /// High Bit (0028,0102), Bits Stored - 1 to Bits Allocated - 1.
    pub fn high_bit(&self) -> u16 {
        self.description.high_bit
    }

    /// Pixel Representation (0028,0103).
    pub fn sign(&self) -> Sign {
        self.description.sign
    }

    /// Planar Configuration (0028,0006).
    pub fn planar(&self) -> Planar {
        self.description.planar
    }

    /// Photometric Interpretation (0028,0004) as the object has it.
    pub fn photometric(&self) -> Photometric {
        self.description.photometric
    }

    /// Which of the pixel data elements holds the image.
    pub fn sample_kind(&self) -> SampleKind {
        self.description.kind
    }

    /// How the frames are coded.
    ///
    /// # Errors
    /// [`DecodeError::Unsupported`] with the name of the transfer syntax.
    pub fn codec(&self) -> Result<Codec, DecodeError> {
        match &self.source {
            Source::Native { .. } => Ok(Codec::Native),
            Source::Encapsulated { coding, .. } => coding.codec(),
        }
    }

    /// The bytes of frame `index` (from 0): its codestream, or of native pixel data its cells
    /// (for cells of single bits, the bytes that hold any of the frame).
    ///
    /// # Errors
    /// [`DecodeError::NoSuchFrame`], [`DecodeError::TooShort`].
    pub fn frame_bytes(&self, index: u32) -> Result<Cow<'_, [u8]>, DecodeError> {
        if index >= self.description.frames {
            return Err(DecodeError::NoSuchFrame);
        }
        match &self.source {
            Source::Native {
                bytes,
                order,
                chroma,
            } => {
                let (range, _) = self.native_range(index, *chroma);
                native_bytes(bytes, range, *order)
            }
            Source::Encapsulated {
                fragments, frames, ..
            } => {
                let range = frames.get(index as usize).ok_or(DecodeError::TooShort)?;
                let bytes = fragments::join(fragments, range.clone());
                if bytes.is_empty() {
                    Err(DecodeError::TooShort)
                } else {
                    Ok(bytes)
                }
            }
        }
    }

    /// Decodes frame `index` (from 0).
    ///
    /// # Errors
    /// Any [`DecodeError`]; none carries a value of the object.
    pub fn decode(&self, index: u32) -> Result<Frame, DecodeError> {
        let bytes = self.frame_bytes(index)?;
        match &self.source {
            Source::Native { order, chroma, .. } => {
                let (_, first_bit) = self.native_range(index, *chroma);
                self.native_frame(&bytes, first_bit, *order, *chroma)
            }
            Source::Encapsulated { coding, .. } => self.decode_coded(&bytes, *coding),
        }
    }

    /// The bytes of a native frame, and the bit of the first one at which it begins.
    pub(super) fn native_range(&self, index: u32, chroma: Chroma) -> (Range<u64>, u64) {
        let bits = native::frame_bits(&self.description, chroma);
        let start = bits.saturating_mul(u64::from(index));
        let end = start.saturating_add(bits);
        (start / 8..end.div_ceil(8), start % 8)
    }

    pub(super) fn native_frame(
        &self,
        bytes: &[u8],
        first_bit: u64,
        order: Order,
        chroma: Chroma,
    ) -> Result<Frame, DecodeError> {
        let image = &self.description;
        let samples = native::unpack(bytes, first_bit, image, order, chroma)?;
        if image.samples_per_pixel != 1 && image.samples_per_pixel != 3 {
            return Err(DecodeError::Unsupported(
                "pixels of other than one or three samples",
            ));
        }
        Ok(Frame {
            rows: image.rows,
            columns: image.columns,
            samples_per_pixel: image.samples_per_pixel,
            bits_stored: image.bits_stored,
            photometric: image.photometric,
            samples,
        })
    }

    fn decode_coded(&self, bytes: &[u8], coding: Coding) -> Result<Frame, DecodeError> {
        // The codestream knows what it is better than the transfer syntax does.
        let coding = if coding.is_codestream() {
            sniff(bytes).unwrap_or(coding)
        } else {
            coding
        };
        match coding {
            Coding::Native => {
                let chroma = chroma(&self.description, bytes.len() as u64);
                self.native_frame(bytes, 0, self.plain_order(), chroma)
            }
            Coding::Rle => self.decode_rle(bytes),
            Coding::Jpeg => self.finish(
                jpeg::decode(bytes, self.described(), self.bounds)?,
                SignBit::Stored,
            ),
            Coding::JpegLs => {
                let raster = jpegls::decode(bytes, self.description.rows, self.bounds)?;
                self.finish(raster, SignBit::Precision)
            }
            Coding::Jpeg2000 => self.finish(j2k::decode(bytes, self.bounds)?, SignBit::Precision),
            Coding::JpegXl => self.finish(jxl::decode(bytes, self.bounds)?, SignBit::Precision),
            Coding::Deflate => self.decode_deflated(bytes),
            Coding::Unsupported(what) => Err(DecodeError::Unsupported(what)),
        }
    }

    fn finish(&self, raster: Raster, sign_bit: SignBit) -> Result<Frame, DecodeError> {
        finish::frame(raster, &self.description, sign_bit)
    }

    fn decode_rle(&self, bytes: &[u8]) -> Result<Frame, DecodeError> {
        let plain = self.rle_cells(bytes)?;
        let order = Order {
            planar: Planar::ByPlane,
            ..self.plain_order()
        };
        self.native_frame(&plain, 0, order, Chroma::Full)
    }

    /// The cells of an RLE frame, by plane.
    pub(super) fn rle_cells(&self, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let image = &self.description;
        let pixels = (u64::from(image.rows) * u64::from(image.columns)) as usize;
        let samples = usize::from(image.samples_per_pixel);
        let (cells, width) = match image.bits_allocated {
            1 => (pixels.div_ceil(8), 1),
            bits if bits.is_multiple_of(8) => (pixels, usize::from(bits / 8)),
            _ => {
                return Err(DecodeError::Unsupported(
                    "RLE of cells that are no whole bytes",
                ));
            }
        };
        rle::decode(bytes, cells, samples, width)
    }

    fn decode_deflated(&self, bytes: &[u8]) -> Result<Frame, DecodeError> {
        let plain = self.inflated(bytes)?;
        let chroma = chroma(&self.description, plain.len() as u64);
        self.native_frame(&plain, 0, self.plain_order(), chroma)
    }

    /// The cells of a deflated frame.
    pub(super) fn inflated(&self, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let length = native::frame_bits(&self.description, Chroma::Full).div_ceil(8) as usize;
        // Two bytes more: the padding of a writer that deflated it.
        miniz_oxide::inflate::decompress_to_vec_with_limit(bytes, length + 2)
            .map_err(|_| DecodeError::corrupt(Codec::Deflate))
    }

    /// The order of native cells inside encapsulated pixel data.
    pub(super) fn plain_order(&self) -> Order {
        Order {
            endian: Endian::Little,
            swapped_words: false,
            planar: self.description.planar,
        }
    }

    pub(super) fn described(&self) -> Described {
        let named = match self.description.photometric {
            Photometric::Rgb => NamedColour::Rgb,
            Photometric::YbrFull | Photometric::YbrFull422 | Photometric::YbrPartial => {
                NamedColour::Ybr
            }
            _ => NamedColour::Unknown,
        };
        Described {
            rows: self.description.rows,
            named,
        }
    }
}

/// The element that holds the pixels.
fn pixel_element<'d, 'a>(
    data: &'d DataSet<'a>,
) -> Option<(&'d obscura_dicom::Element<'a>, SampleKind)> {
    [
        (tags::PIXEL_DATA, SampleKind::Integer),
        (tags::FLOAT_PIXEL_DATA, SampleKind::Float),
        (tags::DOUBLE_FLOAT_PIXEL_DATA, SampleKind::Double),
    ]
    .into_iter()
    .find_map(|(tag, kind)| data.get(tag).map(|element| (element, kind)))
}

fn native_source<'a>(bytes: &'a [u8], vr: VR, syntax: &Syntax, image: &Description) -> Source<'a> {
    // GE's private syntax has little endian elements and big endian pixels.
    let ge = syntax.uid == "1.2.840.113619.5.2";
    let endian = if ge { Endian::Big } else { syntax.endian };
    let swapped_words = endian == Endian::Big && !ge && vr == VR::OW && image.bits_allocated <= 8;
    let per_frame = bytes.len() as u64 / u64::from(image.frames.max(1));
    Source::Native {
        bytes,
        order: Order {
            endian,
            swapped_words,
            planar: image.planar,
        },
        chroma: chroma(image, per_frame),
    }
}

/// Whether a native frame of so many bytes has half of the chroma samples. Some writers name
/// `YBR_FULL_422` and store all of them.
pub(super) fn chroma(image: &Description, bytes: u64) -> Chroma {
    let named = matches!(
        image.photometric,
        Photometric::YbrFull422 | Photometric::YbrPartial
    );
    let even = image.columns.is_multiple_of(2);
    let full = native::frame_bits(image, Chroma::Full) / 8;
    if named && even && image.samples_per_pixel == 3 && bytes < full {
        Chroma::Half
    } else {
        Chroma::Full
    }
}

/// A range of native pixel data, as far as it is there, words in the order of bytes.
fn native_bytes(
    bytes: &[u8],
    range: Range<u64>,
    order: Order,
) -> Result<Cow<'_, [u8]>, DecodeError> {
    let length = bytes.len() as u64;
    let (start, end) = (
        range.start.min(length) as usize,
        range.end.min(length) as usize,
    );
    if start == end {
        return Err(DecodeError::TooShort);
    }
    if !order.swapped_words {
        return Ok(Cow::Borrowed(&bytes[start..end]));
    }
    let swapped = (start..end)
        .map(|at| bytes.get(at ^ 1).copied().unwrap_or(0))
        .collect();
    Ok(Cow::Owned(swapped))
}
