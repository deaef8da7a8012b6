//! One frame: opened, blanked, and closed again with its own coding.

use obscura_dicom::{DataSet, Syntax};

use super::dark::Dark;
use super::dct;
use super::error::BlankError;
use super::fill::{Fills, Noise};
use super::{Recoding, native};
use crate::area::Area;
use crate::decode::jpeg::Coded;
use crate::decode::raster::{Colour, Raster, Raw};
use crate::decode::{Codec, DecodeError, Image, Layout, Opened, Packing, SignBit};
use crate::encode::{self, NoForm};
use crate::frame::Frame;

/// The object that frames belong to.
pub(super) struct Context<'c> {
    data: &'c DataSet<'c>,
    syntax: &'c Syntax,
    image: &'c Image<'c>,
}

/// A frame written anew.
pub(super) struct Rewritten {
    pub(super) index: u32,
    /// Without padding.
    pub(super) bytes: Vec<u8>,
    pub(super) recoding: Recoding,
    pub(super) keeps_extremes: bool,
    /// What Photometric Interpretation must say now, where that changes.
    pub(super) photometric: Option<&'static str>,
}

/// What became of a frame.
pub(super) enum Outcome {
    /// No rectangle lies in it.
    Unchanged,
    Rewritten(Rewritten),
    /// It cannot be written with its coding.
    NoForm,
}

impl<'c> Context<'c> {
    pub(super) const fn new(
        data: &'c DataSet<'c>,
        syntax: &'c Syntax,
        image: &'c Image<'c>,
    ) -> Self {
        Self {
            data,
            syntax,
            image,
        }
    }

    /// The fills of a frame of native cells.
    pub(super) fn native_fills(&self, index: u32, areas: &[Area]) -> Result<Fills, DecodeError> {
        Ok(self.fills(&self.image.decode(index)?, areas, self.noise()))
    }

    /// The fills of a frame.
    pub(super) fn fills(&self, frame: &Frame, areas: &[Area], noise: Noise) -> Fills {
        let dark = Dark::of(self.data, self.syntax, frame);
        Fills::decide(frame, areas, &dark, noise)
    }

    /// What the object says of its history: a lossy coding may have been taken off again.
    pub(super) fn noise(&self) -> Noise {
        let lossy = dicom_dictionary_std::tags::LOSSY_IMAGE_COMPRESSION;
        match self.data.ascii(lossy) {
            Some("01") => Noise::Coded,
            _ => Noise::None,
        }
    }

    /// Blanks a frame and writes it with its own coding.
    pub(super) fn rewrite(
        &self,
        index: u32,
        bytes: &[u8],
        areas: &[Area],
    ) -> Result<Outcome, BlankError> {
        let (result, recoding, fills, photometric) = match self.image.open(bytes)? {
            Opened::Cells {
                bytes: cells,
                layout,
                packing,
            } => {
                let frame = self.image.frame_of_cells(&cells, &layout)?;
                let fills = self.fills(&frame, areas, self.noise());
                if fills.cover.is_empty() {
                    return Ok(Outcome::Unchanged);
                }
                let packed = pack(cells, &layout, packing, &fills);
                (packed, Recoding::Lossless, fills, None)
            }
            Opened::Coefficients(coded) => {
                let frame = self.image.decode(index)?;
                let fills = self.fills(&frame, areas, Noise::Coded);
                if fills.cover.is_empty() {
                    return Ok(Outcome::Unchanged);
                }
                let result = self.rewrite_blocks(*coded, bytes, &fills, frame.bits_stored);
                (result, Recoding::Blocks, fills, None)
            }
            Opened::Raster(mut raster, sign, codec) => {
                let frame = self.image.frame_of_raster(raster.clone(), sign)?;
                let fills = self.fills(&frame, areas, self.noise());
                drop(frame);
                if fills.cover.is_empty() {
                    return Ok(Outcome::Unchanged);
                }
                paint(&mut raster, &fills);
                let result = self.encode(&raster, codec, sign, bytes);
                let photometric = self.photometric_for(&raster, codec);
                (result, Recoding::Lossless, fills, photometric)
            }
        };
        Ok(match result {
            Ok(bytes) => Outcome::Rewritten(Rewritten {
                index,
                bytes,
                recoding,
                keeps_extremes: fills.keeps_extremes() && recoding != Recoding::Blocks,
                photometric,
            }),
            Err(NoForm) => Outcome::NoForm,
        })
    }

    /// Clears bits of every sample of a frame and writes it with its own coding.
    pub(super) fn without_bits(
        &self,
        index: u32,
        bytes: &[u8],
        bits: u32,
    ) -> Result<Outcome, BlankError> {
        let result = match self.image.open(bytes)? {
            Opened::Cells {
                bytes: mut cells,
                layout,
                packing,
            } => {
                if layout.are_unused_bits_silent(&cells) {
                    return Ok(Outcome::Unchanged);
                }
                layout.settle_unused_bits(&mut cells);
                packed(cells, &layout, packing)
            }
            Opened::Raster(mut raster, sign, codec) => {
                if !raster.data.clear_bits(bits) {
                    return Ok(Outcome::Unchanged);
                }
                self.encode(&raster, codec, sign, bytes)
            }
            // Frequencies have no bits of samples.
            Opened::Coefficients(_) => return Ok(Outcome::Unchanged),
        };
        Ok(match result {
            Ok(bytes) => Outcome::Rewritten(Rewritten {
                index,
                bytes,
                recoding: Recoding::Lossless,
                keeps_extremes: true,
                photometric: None,
            }),
            Err(NoForm) => Outcome::NoForm,
        })
    }

    fn rewrite_blocks(
        &self,
        mut coded: Coded,
        bytes: &[u8],
        fills: &Fills,
        bits_stored: u16,
    ) -> Result<Vec<u8>, NoForm> {
        dct::blank(&mut coded, fills, bits_stored);
        let written = dct::encode(&coded, bytes)?;
        // What was written is read again: a block that comes back otherwise was not written right.
        match self.image.open(&written) {
            Ok(Opened::Coefficients(again)) if again.components == coded.components => Ok(written),
            _ => Err(NoForm),
        }
    }

    /// Encodes a raster as the frame that it was opened from, and decodes it again to prove it.
    fn encode(
        &self,
        raster: &Raster,
        codec: Codec,
        sign: SignBit,
        old: &[u8],
    ) -> Result<Vec<u8>, NoForm> {
        let written = encode::raster(raster, codec, old)?;
        match self.image.open(&written) {
            Ok(Opened::Raster(again, again_sign, _))
                if again.data == raster.data
                    && (again.rows, again.columns) == (raster.rows, raster.columns)
                    && (again.precision, again.signed) == (raster.precision, raster.signed)
                    && again.colour == raster.colour
                    && again_sign == sign =>
            {
                Ok(written)
            }
            _ => Err(NoForm),
        }
    }

    /// JPEG 2000 names the transform of its components (PS3.3 C.7.6.3.1.2): an irreversible one
    /// has become reversible. Where other frames keep theirs the name stays: it is read as one.
    fn photometric_for(&self, raster: &Raster, codec: Codec) -> Option<&'static str> {
        let transformed =
            raster.colour == Colour::Rgb && matches!(codec, Codec::Jpeg2000 | Codec::HtJpeg2000);
        let named = self
            .data
            .ascii(dicom_dictionary_std::tags::PHOTOMETRIC_INTERPRETATION);
        (transformed && self.image.frames() == 1 && named == Some("YBR_ICT")).then_some("YBR_RCT")
    }
}

/// Packs cells with their fills in place.
fn pack(
    mut cells: Vec<u8>,
    layout: &Layout,
    packing: Packing,
    fills: &Fills,
) -> Result<Vec<u8>, NoForm> {
    native::write_frame(&mut cells, 0, layout, fills);
    packed(cells, layout, packing)
}

/// Packs cells as they were packed.
fn packed(cells: Vec<u8>, layout: &Layout, packing: Packing) -> Result<Vec<u8>, NoForm> {
    match packing {
        Packing::None => Ok(cells),
        Packing::Rle => {
            let (samples, bytes) = layout.samples_and_bytes();
            let (columns, _) = layout.size();
            // Rows of single bits do not end with a byte: such a frame is one row.
            let row = if layout.cell_bits() < 8 {
                cells.len()
            } else {
                columns as usize
            };
            encode::rle::encode(&cells, row, samples, bytes)
        }
        Packing::Deflate => Ok(miniz_oxide::deflate::compress_to_vec(&cells, 6)),
    }
}

/// Writes fills into the samples of a raster, as many bits as the codestream has.
fn paint(raster: &mut Raster, fills: &Fills) {
    let samples = usize::from(raster.samples_per_pixel);
    let columns = raster.columns as usize;
    let unused = 32 - u32::from(raster.precision.clamp(1, 32));
    let signed = raster.signed;
    let words: Vec<[i32; 3]> = (0..fills.cover.areas().len())
        .map(|at| {
            fills.of(at).map(|value| {
                // The description and the codestream need not agree about the sign.
                let aligned = ((value as i64) as u32) << unused;
                if signed {
                    aligned.cast_signed() >> unused
                } else {
                    (aligned >> unused).cast_signed()
                }
            })
        })
        .collect();
    fills.cover.spans(|row, stretch, at| {
        let start = row as usize * columns;
        let pixels = start + stretch.start as usize..start + stretch.end as usize;
        let places = pixels.start * samples..pixels.end * samples;
        let fill = words[at].iter().take(samples).cycle();
        match &mut raster.data {
            Raw::U8(all) => all[places]
                .iter_mut()
                .zip(fill)
                .for_each(|(s, v)| *s = *v as u8),
            Raw::U16(all) => all[places]
                .iter_mut()
                .zip(fill)
                .for_each(|(s, v)| *s = *v as u16),
            Raw::I32(all) => all[places].iter_mut().zip(fill).for_each(|(s, v)| *s = *v),
        }
    });
}
