//! Native pixel data (PS3.5 8.1.1, 8.2, annex D): cells of any width to samples.

use obscura_dicom::Endian;

use super::describe::{Description, Planar, SampleKind, Sign};
use super::error::DecodeError;
use crate::frame::Samples;

/// How the bytes of native pixel data are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    /// Order of the bytes of a cell.
    pub(super) endian: Endian,
    /// Cells of up to 8 bits lie in words of 16 bits, high byte first (OW in Big Endian).
    pub(super) swapped_words: bool,
    pub(super) planar: Planar,
}

/// How chroma is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chroma {
    /// As many samples as luminance.
    Full,
    /// Two luminance samples, then one of each chroma: Y Y B R (PS3.3 C.7.6.3.1.2).
    Half,
}

/// Bits of one frame as it is stored.
pub(super) fn frame_bits(image: &Description, chroma: Chroma) -> u64 {
    let pixels = u64::from(image.rows) * u64::from(image.columns);
    let samples = match chroma {
        Chroma::Full => u64::from(image.samples_per_pixel),
        Chroma::Half => 2,
    };
    pixels * samples * u64::from(image.bits_allocated)
}

/// Unpacks the frame that begins `first_bit` (0 to 7) into `bytes`.
///
/// What is missing at the end is filled with zeros, up to half of the frame.
pub(super) fn unpack(
    bytes: &[u8],
    first_bit: u64,
    image: &Description,
    order: Order,
    chroma: Chroma,
) -> Result<Samples, DecodeError> {
    let bits = frame_bits(image, chroma);
    let available = (bytes.len() as u64 * 8).saturating_sub(first_bit);
    if available == 0 || available < bits / 2 {
        return Err(DecodeError::TooShort);
    }
    let cells = (bits / u64::from(image.bits_allocated)) as usize;
    let samples = match image.kind {
        SampleKind::Integer => integers(bytes, first_bit, cells, image, order.endian),
        SampleKind::Float => Samples::F32(wide(bytes, cells, |cell| {
            f32::from_bits(read_cell::<4>(cell, order.endian) as u32)
        })),
        SampleKind::Double => Samples::F64(wide(bytes, cells, |cell| {
            f64::from_bits(read_cell::<8>(cell, order.endian))
        })),
    };
    Ok(arrange(samples, image, order.planar, chroma))
}

/// The order of samples that a [`crate::Frame`] has: by pixel, chroma for each.
pub(super) fn arrange(
    samples: Samples,
    image: &Description,
    planar: Planar,
    chroma: Chroma,
) -> Samples {
    let count = usize::from(image.samples_per_pixel);
    if chroma == Chroma::Half {
        return map(samples, Rearrange::Upsample);
    }
    if planar == Planar::ByPlane && count > 1 {
        return map(samples, Rearrange::Interleave(count));
    }
    samples
}

#[derive(Clone, Copy)]
enum Rearrange {
    Interleave(usize),
    Upsample,
}

fn map(samples: Samples, how: Rearrange) -> Samples {
    match samples {
        Samples::U8(values) => Samples::U8(rearrange(&values, how)),
        Samples::U16(values) => Samples::U16(rearrange(&values, how)),
        Samples::I16(values) => Samples::I16(rearrange(&values, how)),
        Samples::U32(values) => Samples::U32(rearrange(&values, how)),
        Samples::I32(values) => Samples::I32(rearrange(&values, how)),
        Samples::F32(values) => Samples::F32(rearrange(&values, how)),
        Samples::F64(values) => Samples::F64(rearrange(&values, how)),
    }
}

fn rearrange<T: Copy + Default>(values: &[T], how: Rearrange) -> Vec<T> {
    match how {
        Rearrange::Interleave(planes) => {
            let length = values.len() / planes;
            let mut pixels = vec![T::default(); length * planes];
            for (plane, source) in values.chunks_exact(length).enumerate() {
                for (pixel, value) in pixels[plane..].iter_mut().step_by(planes).zip(source) {
                    *pixel = *value;
                }
            }
            pixels
        }
        Rearrange::Upsample => {
            let mut pixels = Vec::with_capacity(values.len() / 2 * 3);
            for pair in values.chunks_exact(4) {
                pixels.extend_from_slice(&[pair[0], pair[2], pair[3], pair[1], pair[2], pair[3]]);
            }
            pixels
        }
    }
}

fn integers(
    bytes: &[u8],
    first_bit: u64,
    cells: usize,
    image: &Description,
    endian: Endian,
) -> Samples {
    let field = Field::of(image);
    match image.bits_allocated {
        1 => Samples::U8(single_bits(bytes, first_bit, cells)),
        8 if field == Field::WHOLE_BYTE => {
            let mut samples = bytes[..bytes.len().min(cells)].to_vec();
            samples.resize(cells, 0);
            Samples::U8(samples)
        }
        8 => field.narrow(wide::<1, _>(bytes, cells, |cell| u64::from(cell[0]))),
        16 => field.words(bytes, cells, endian),
        24 => field.narrow(wide::<3, _>(bytes, cells, |cell| {
            read_cell::<3>(cell, endian)
        })),
        32 => field.narrow(wide::<4, _>(bytes, cells, |cell| {
            read_cell::<4>(cell, endian)
        })),
        64 => field.narrow(wide::<8, _>(bytes, cells, |cell| {
            read_cell::<8>(cell, endian)
        })),
        width => field.narrow(packed(bytes, first_bit, cells, u32::from(width))),
    }
}

/// Which bits of a cell are the sample (Bits Stored, High Bit) and what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    shift: u32,
    stored: u32,
    sign: Sign,
}

impl Field {
    const WHOLE_BYTE: Self = Self {
        shift: 0,
        stored: 8,
        sign: Sign::Unsigned,
    };

    pub(super) fn of(image: &Description) -> Self {
        Self {
            shift: u32::from(image.high_bit + 1 - image.bits_stored),
            stored: u32::from(image.bits_stored),
            sign: image.sign,
        }
    }

    /// The field of a sample that stands alone.
    pub(super) const fn alone(stored: u32, sign: Sign) -> Self {
        Self {
            shift: 0,
            stored,
            sign,
        }
    }

    /// The sample of a cell, sign-extended.
    #[inline(always)]
    const fn sample(self, cell: u64) -> i64 {
        let unused = 64 - self.stored;
        let aligned = (cell >> self.shift) << unused;
        match self.sign {
            Sign::Unsigned => (aligned >> unused) as i64,
            Sign::Signed => aligned as i64 >> unused,
        }
    }

    /// The samples of cells in the narrowest type. Above 32 bits a double holds them, exact to 53.
    pub(super) fn narrow(self, cells: Vec<u64>) -> Samples {
        let samples = cells.into_iter().map(|cell| self.sample(cell));
        match (self.sign, self.stored) {
            (Sign::Unsigned, ..=8) => Samples::U8(samples.map(|s| s as u8).collect()),
            (Sign::Unsigned, ..=16) => Samples::U16(samples.map(|s| s as u16).collect()),
            (Sign::Unsigned, ..=32) => Samples::U32(samples.map(|s| s as u32).collect()),
            (Sign::Signed, ..=16) => Samples::I16(samples.map(|s| s as i16).collect()),
            (Sign::Signed, ..=32) => Samples::I32(samples.map(|s| s as i32).collect()),
            (Sign::Unsigned, _) => Samples::F64(samples.map(|s| s as u64 as f64).collect()),
            (Sign::Signed, _) => Samples::F64(samples.map(|s| s as f64).collect()),
        }
    }

    /// Cells of 16 bits, the usual case.
    fn words(self, bytes: &[u8], cells: usize, endian: Endian) -> Samples {
        let words = match endian {
            Endian::Little => wide::<2, u16>(bytes, cells, |cell| u16::from_le_bytes(*cell)),
            Endian::Big => wide::<2, u16>(bytes, cells, |cell| u16::from_be_bytes(*cell)),
        };
        self.words_to_samples(words)
    }

    /// The samples of 16-bit cells, in place where they stay words.
    pub(super) fn words_to_samples(self, mut words: Vec<u16>) -> Samples {
        let (shift, unused) = (self.shift, 16_u32.saturating_sub(self.stored));
        match self.sign {
            Sign::Unsigned if self.stored <= 8 => Samples::U8(
                words
                    .iter()
                    .map(|word| (((word >> shift) << unused) >> unused) as u8)
                    .collect(),
            ),
            Sign::Unsigned => {
                if shift > 0 || unused > 0 {
                    for word in &mut words {
                        *word = ((*word >> shift) << unused) >> unused;
                    }
                }
                Samples::U16(words)
            }
            Sign::Signed => Samples::I16(
                words
                    .iter()
                    .map(|word| ((word >> shift) << unused).cast_signed() >> unused)
                    .collect(),
            ),
        }
    }
}

/// Cells of whole bytes; zeros where the bytes end.
fn wide<const N: usize, T: Copy + Default>(
    bytes: &[u8],
    cells: usize,
    read: impl Fn(&[u8; N]) -> T,
) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    let mut samples: Vec<T> = chunks.iter().take(cells).map(read).collect();
    samples.resize(cells, T::default());
    samples
}

#[inline(always)]
fn read_cell<const N: usize>(cell: &[u8; N], endian: Endian) -> u64 {
    let add = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    match endian {
        Endian::Little => cell.iter().rev().fold(0, add),
        Endian::Big => cell.iter().fold(0, add),
    }
}

/// Single bits, the least significant of a byte first (PS3.5 8.2).
fn single_bits(bytes: &[u8], first_bit: u64, cells: usize) -> Vec<u8> {
    let skip = first_bit as usize;
    let mut samples = Vec::with_capacity(cells + 8);
    if skip > 0 {
        samples.extend((skip..8).map(|bit| bytes[0] >> bit & 1));
    }
    let whole = &bytes[usize::from(skip > 0)..];
    for byte in whole.iter().take(cells.div_ceil(8)) {
        let bits: [u8; 8] = std::array::from_fn(|bit| byte >> bit & 1);
        samples.extend_from_slice(&bits);
    }
    samples.resize(cells, 0);
    samples
}

/// Cells that are no whole bytes (Bits Allocated 12, retired): packed from the least significant
/// bit on (PS3.5 annex D).
fn packed(bytes: &[u8], first_bit: u64, cells: usize, width: u32) -> Vec<u64> {
    let bit = |at: u64| -> u64 {
        bytes
            .get((at / 8) as usize)
            .map_or(0, |byte| u64::from(*byte) >> (at % 8) & 1)
    };
    (0..cells as u64)
        .map(|cell| {
            let start = first_bit + cell * u64::from(width);
            (0..u64::from(width)).fold(0, |value, k| value | bit(start + k) << k)
        })
        .collect()
}
