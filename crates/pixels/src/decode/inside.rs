//! What [`crate::blank`] needs of an [`Image`]: where its cells stand, and its frames opened as far
//! as their coding allows to change them and to close them again.

use std::borrow::Cow;
use std::ops::Range;

use obscura_dicom::Fragments;

use super::describe::{Description, Planar, SampleKind, Sign};
use super::error::{Codec, DecodeError};
use super::finish::{self, SignBit};
use super::image::{Image, Source, chroma};
use super::jpeg::{self, Coded, Process};
use super::native::{self, Chroma, Order};
use super::raster::Raster;
use super::syntax::{Coding, sniff};
use super::{j2k, jpegls, jxl};
use crate::frame::Frame;

/// Where the cells of a frame stand, and which of their bits are the sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    image: Description,
    order: Order,
    chroma: Chroma,
}

/// What many cells have in common.
struct Sums {
    /// Bits that are set in all of them.
    all: u64,
    /// Bits that are set in any.
    any: u64,
    /// Bits above the sample that somewhere do not continue it.
    broken: u64,
}

impl Sums {
    const NONE: Self = Self {
        all: u64::MAX,
        any: 0,
        broken: 0,
    };
}

/// The bits of a cell that are not stored.
#[derive(Clone, Copy)]
struct Unused {
    high: u16,
    above: u64,
    below: u64,
}

impl Unused {
    /// Those above, as they are where they continue the topmost bit that is stored.
    const fn continued(self, cell: u64) -> u64 {
        if cell >> self.high & 1 == 1 {
            self.above
        } else {
            0
        }
    }
}

/// How the frames of an image are stored.
pub(crate) enum Stored<'i> {
    /// One after the other, without coding.
    Native(Layout),
    /// Each in fragments of its own: those of every frame, as far as there are any.
    Encapsulated {
        fragments: &'i Fragments<'i>,
        frames: &'i [Range<usize>],
    },
}

/// A frame that was encapsulated, opened.
pub(crate) enum Opened {
    /// Cells, and what they were packed in.
    Cells {
        bytes: Vec<u8>,
        layout: Layout,
        packing: Packing,
    },
    /// Samples as a lossless codestream means them.
    Raster(Raster, SignBit, Codec),
    /// The coefficients of a JPEG stream.
    Coefficients(Box<Coded>),
}

/// What cells of an encapsulated frame are packed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Nothing (Encapsulated Uncompressed).
    None,
    /// RLE Lossless.
    Rle,
    /// Deflated Image Frame.
    Deflate,
}

impl Image<'_> {
    /// How the frames are stored.
    pub(crate) fn stored(&self) -> Stored<'_> {
        match &self.source {
            Source::Native { order, chroma, .. } => Stored::Native(self.layout(*order, *chroma)),
            Source::Encapsulated {
                fragments, frames, ..
            } => Stored::Encapsulated { fragments, frames },
        }
    }

    /// Opens the frame that these bytes code.
    pub(crate) fn open(&self, bytes: &[u8]) -> Result<Opened, DecodeError> {
        let Source::Encapsulated { coding, .. } = &self.source else {
            return Err(DecodeError::Description("pixel data"));
        };
        let coding = match coding {
            coding if coding.is_codestream() => sniff(bytes).unwrap_or(*coding),
            coding => *coding,
        };
        let raster = |raster, sign, codec| Ok(Opened::Raster(raster, sign, codec));
        match coding {
            Coding::Native => {
                let layout = self.layout(
                    self.plain_order(),
                    chroma(&self.description, bytes.len() as u64),
                );
                Ok(cells(bytes.to_vec(), layout, Packing::None))
            }
            Coding::Rle => {
                let order = Order {
                    planar: Planar::ByPlane,
                    ..self.plain_order()
                };
                let layout = self.layout(order, Chroma::Full);
                Ok(cells(self.rle_cells(bytes)?, layout, Packing::Rle))
            }
            Coding::Deflate => {
                let plain = self.inflated(bytes)?;
                let chroma = chroma(&self.description, plain.len() as u64);
                let layout = self.layout(self.plain_order(), chroma);
                Ok(cells(plain, layout, Packing::Deflate))
            }
            Coding::Jpeg if jpeg::process(bytes) == Some(Process::Lossless) => raster(
                jpeg::decode(bytes, self.described(), self.bounds)?,
                SignBit::Stored,
                Codec::Jpeg,
            ),
            Coding::Jpeg => {
                let coded = Coded::read(bytes, self.described(), self.bounds)?;
                let coded = coded.ok_or(DecodeError::corrupt(Codec::Jpeg))?;
                Ok(Opened::Coefficients(Box::new(coded)))
            }
            Coding::JpegLs => raster(
                jpegls::decode(bytes, self.description.rows, self.bounds)?,
                SignBit::Precision,
                Codec::JpegLs,
            ),
            Coding::Jpeg2000 => raster(
                j2k::decode(bytes, self.bounds)?,
                SignBit::Precision,
                j2k::codec(bytes),
            ),
            Coding::JpegXl => raster(
                jxl::decode(bytes, self.bounds)?,
                SignBit::Precision,
                Codec::JpegXl,
            ),
            Coding::Unsupported(what) => Err(DecodeError::Unsupported(what)),
        }
    }

    /// The frame of cells that were opened.
    pub(crate) fn frame_of_cells(
        &self,
        bytes: &[u8],
        layout: &Layout,
    ) -> Result<Frame, DecodeError> {
        self.native_frame(bytes, 0, layout.order, layout.chroma)
    }

    /// The frame of a raster.
    pub(crate) fn frame_of_raster(
        &self,
        raster: Raster,
        sign: SignBit,
    ) -> Result<Frame, DecodeError> {
        finish::frame(raster, &self.description, sign)
    }

    /// Bits of the frames before frame `index` of native pixel data.
    pub(crate) fn first_bit(layout: &Layout, index: u32) -> u64 {
        native::frame_bits(&layout.image, layout.chroma).saturating_mul(u64::from(index))
    }

    fn layout(&self, order: Order, chroma: Chroma) -> Layout {
        Layout {
            image: self.description,
            order,
            chroma,
        }
    }
}

const fn cells(bytes: Vec<u8>, layout: Layout, packing: Packing) -> Opened {
    Opened::Cells {
        bytes,
        layout,
        packing,
    }
}

impl Layout {
    /// Size of the frame: columns, rows.
    pub(crate) const fn size(&self) -> (u32, u32) {
        (self.image.columns, self.image.rows)
    }

    /// Samples of a pixel, and bytes of a cell of whole bytes.
    pub(crate) const fn samples_and_bytes(&self) -> (usize, usize) {
        let bytes = self.image.bits_allocated.div_ceil(8);
        (self.image.samples_per_pixel as usize, bytes as usize)
    }

    /// Bits of a cell.
    pub(crate) const fn cell_bits(&self) -> u32 {
        self.image.bits_allocated as u32
    }

    /// The number of the cell, from the start of the frame, that holds a sample of a pixel.
    pub(crate) fn cell(&self, pixel: u64, sample: u64) -> u64 {
        let image = &self.image;
        let samples = u64::from(image.samples_per_pixel);
        match (self.chroma, self.order.planar) {
            // Y Y B R for two pixels (PS3.3 C.7.6.3.1.2).
            (Chroma::Half, _) if sample == 0 => pixel / 2 * 4 + pixel % 2,
            (Chroma::Half, _) => pixel / 2 * 4 + 1 + sample,
            (Chroma::Full, Planar::ByPixel) => pixel * samples + sample,
            (Chroma::Full, Planar::ByPlane) => {
                sample * u64::from(image.rows) * u64::from(image.columns) + pixel
            }
        }
    }

    /// The whole cell of a sample, as a number.
    ///
    /// Bits outside Bits Stored are zero, so that no overlay stays in them. Where nothing is
    /// embedded and the sample fills the cell from the bottom, the sign of a negative one is
    /// continued, as writers do and as readers rely on that do not look at Bits Stored.
    pub(crate) fn cell_of(&self, value: f64) -> u64 {
        let image = &self.image;
        match image.kind {
            SampleKind::Float => return u64::from((value as f32).to_bits()),
            SampleKind::Double => return value.to_bits(),
            SampleKind::Integer => {}
        }
        let whole = match image.sign {
            Sign::Signed => (value as i64).cast_unsigned(),
            Sign::Unsigned => value as u64,
        };
        let low = |bits: u16| u64::MAX >> (64 - u32::from(bits));
        let shift = image.high_bit + 1 - image.bits_stored;
        let continued = image.sign == Sign::Signed && shift == 0 && !image.embedded_overlay;
        if continued {
            whole & low(image.bits_allocated)
        } else {
            (whole & low(image.bits_stored)) << shift
        }
    }

    /// Whether cells of whole bytes have bits outside of Bits Stored.
    fn has_unused_bits(&self) -> bool {
        let image = &self.image;
        image.kind == SampleKind::Integer
            && image.bits_allocated.is_multiple_of(8)
            && image.bits_allocated <= 64
            && image.bits_stored < image.bits_allocated
    }

    /// Makes the bits outside of Bits Stored say nothing (PS3.5 8.1.1), where they are [not silent
    /// already](Self::are_unused_bits_silent): they become zero, or continue the sign of signed samples.
    pub(crate) fn settle_unused_bits(&self, bytes: &mut [u8]) {
        let unused = self.unused_bits();
        let count = usize::from(self.image.bits_allocated / 8);
        for cell in bytes.chunks_exact_mut(count) {
            let value = self.whole(cell);
            let sign = match self.image.sign {
                Sign::Signed => unused.continued(value),
                Sign::Unsigned => 0,
            };
            let kept = (value & !unused.below & !unused.above | sign).to_le_bytes();
            for (at, byte) in cell.iter_mut().enumerate() {
                *byte = match self.order.endian {
                    obscura_dicom::Endian::Little => kept[at],
                    obscura_dicom::Endian::Big => kept[count - 1 - at],
                };
            }
        }
    }

    /// Whether the bits outside of Bits Stored say nothing: there are none, they are the same in all cells,
    /// or continue the topmost bit that is stored.
    pub(crate) fn are_unused_bits_silent(&self, bytes: &[u8]) -> bool {
        if !self.has_unused_bits() {
            return true;
        }
        let unused = self.unused_bits();
        let cells = self.image.bits_allocated / 8;
        let Sums { all, any, broken } = match (cells, self.order.endian) {
            // Nearly all such images: without a branch, many cells at once.
            (2, endian) => {
                let (above, high) = (unused.above as u16, unused.high);
                let (mut all, mut any, mut broken) = (u16::MAX, 0, 0);
                for cell in bytes.as_chunks::<2>().0 {
                    let cell = match endian {
                        obscura_dicom::Endian::Little => u16::from_le_bytes(*cell),
                        obscura_dicom::Endian::Big => u16::from_be_bytes(*cell),
                    };
                    all &= cell;
                    any |= cell;
                    broken |= (cell & above) ^ ((cell >> high & 1).wrapping_neg() & above);
                }
                Sums {
                    all: all.into(),
                    any: u64::from(any),
                    broken: u64::from(broken),
                }
            }
            _ => bytes
                .chunks_exact(cells.into())
                .map(|cell| self.whole(cell))
                .fold(Sums::NONE, |sums, cell| Sums {
                    all: sums.all & cell,
                    any: sums.any | cell,
                    broken: sums.broken | cell & unused.above ^ unused.continued(cell),
                }),
        };
        let varies = any & !all;
        varies & unused.below == 0 && (broken == 0 || varies & unused.above == 0)
    }

    fn unused_bits(&self) -> Unused {
        let low = |bits: u16| u64::MAX.checked_shr(64 - u32::from(bits)).unwrap_or(0);
        let image = &self.image;
        let top = image.high_bit + 1;
        Unused {
            high: image.high_bit,
            above: low(image.bits_allocated) & !low(top),
            below: low(top.saturating_sub(image.bits_stored)),
        }
    }

    /// A cell of whole bytes as a number.
    fn whole(&self, cell: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        match self.order.endian {
            obscura_dicom::Endian::Little => cell.iter().rev().fold(0, add),
            obscura_dicom::Endian::Big => cell.iter().fold(0, add),
        }
    }

    /// Writes a whole cell that begins at a bit of these bytes. What lies beyond them is left out.
    pub(crate) fn put(&self, bytes: &mut [u8], bit: u64, cell: u64) {
        let width = self.cell_bits();
        let swap = u64::from(self.order.swapped_words);
        if !width.is_multiple_of(8) {
            for k in 0..u64::from(width) {
                let at = bit + k;
                if let Some(byte) = bytes.get_mut(((at / 8) ^ swap) as usize) {
                    let mask = 1_u8 << (at % 8);
                    *byte = if cell >> k & 1 == 1 {
                        *byte | mask
                    } else {
                        *byte & !mask
                    };
                }
            }
            return;
        }
        let count = u64::from(width / 8);
        for k in 0..count {
            let significance = match self.order.endian {
                obscura_dicom::Endian::Little => k,
                obscura_dicom::Endian::Big => count - 1 - k,
            };
            if let Some(byte) = bytes.get_mut(((bit / 8 + k) ^ swap) as usize) {
                *byte = (cell >> (8 * significance)) as u8;
            }
        }
    }
}

/// The bytes of a frame, joined.
pub(crate) fn joined<'f>(fragments: &'f Fragments<'_>, range: &Range<usize>) -> Cow<'f, [u8]> {
    super::fragments::join(fragments, range.clone())
}
