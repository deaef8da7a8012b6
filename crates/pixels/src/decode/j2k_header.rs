//! The main header of a JPEG 2000 codestream (ISO/IEC 15444-1 annex A), read before a decoder
//! sees the codestream: what it claims is held against the limits, and what it says of sign and
//! colour is kept.

use super::error::{Codec, DecodeError};
use super::raster::Bounds;

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) rows: u32,
    pub(super) columns: u32,
    pub(super) components: Vec<Component>,
    /// A multiple component transform is used: the result is red, green and blue.
    pub(super) colour_transform: bool,
    /// Blocks are coded as ISO/IEC 15444-15 has it.
    pub(super) high_throughput: bool,
}

/// One component of the SIZ segment (A.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    /// Bits of a sample, 1 to 38.
    pub(super) precision: u32,
    pub(super) signed: bool,
    /// Horizontal and vertical distance of samples.
    pub(super) distance: (u8, u8),
}

/// The codestream: in a JP2 file (annex I) the content of its `jp2c` box.
pub(super) fn codestream(data: &[u8]) -> Result<&[u8], DecodeError> {
    const START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
    // SOC is followed by SIZ at once (A.4), so that their four bytes find it in any wrapping.
    let at = data.windows(4).position(|bytes| bytes == START);
    at.map(|at| &data[at..])
        .ok_or(DecodeError::corrupt(Codec::Jpeg2000))
}

impl Header {
    /// Reads the header of a codestream and refuses what is above the bounds: pixels, bytes, and
    /// the book-keeping of code blocks and layers that a few bytes can claim.
    pub(super) fn parse(data: &[u8], bounds: Bounds) -> Result<Self, DecodeError> {
        let corrupt = DecodeError::corrupt(Codec::Jpeg2000);
        let mut header = Self::size(segment_at(data, 4).ok_or(corrupt)?)?;
        let count = u16::try_from(header.components.len())
            .ok()
            .filter(|count| (1..=4).contains(count))
            .ok_or(DecodeError::Unsupported(
                "JPEG 2000 of more than four components",
            ))?;
        let samples = bounds.samples(header.rows, header.columns, count, 4)?;
        let mut styles = 0;
        let mut work = 0_u64;
        for (marker, payload) in Segments::new(data) {
            match marker {
                0x52 => {
                    styles += 1;
                    let style = Style::of_cod(payload).ok_or(corrupt)?;
                    header.colour_transform |= style.transform && count >= 3;
                    header.high_throughput |= style.high_throughput;
                    work = work.max(style.work(samples as u64));
                }
                0x53 => {
                    let style = Style::of_coc(payload).ok_or(corrupt)?;
                    work = work.max(style.work(samples as u64));
                }
                0x50 => header.high_throughput = true,
                _ => {}
            }
        }
        if styles == 0 {
            return Err(corrupt);
        }
        bounds.bytes(work)?;
        Ok(header)
    }

    fn size(payload: &[u8]) -> Result<Self, DecodeError> {
        let corrupt = DecodeError::corrupt(Codec::Jpeg2000);
        let word = |at: usize| -> Result<u32, DecodeError> {
            let bytes = payload
                .get(at..)
                .and_then(|rest| rest.first_chunk())
                .ok_or(corrupt)?;
            Ok(u32::from_be_bytes(*bytes))
        };
        let (right, bottom, left, top) = (word(2)?, word(6)?, word(10)?, word(14)?);
        let columns = right.checked_sub(left).ok_or(corrupt)?;
        let rows = bottom.checked_sub(top).ok_or(corrupt)?;
        let (tile_width, tile_height) = (word(18)?, word(22)?);
        let tiles = u64::from(right.div_ceil(tile_width.max(1)))
            * u64::from(bottom.div_ceil(tile_height.max(1)));
        if tile_width == 0 || tile_height == 0 || tiles > 65_535 {
            return Err(corrupt);
        }
        let components = payload
            .get(36..)
            .ok_or(corrupt)?
            .as_chunks::<3>()
            .0
            .iter()
            .map(|[depth, across, down]| Component {
                precision: u32::from(depth & 0x7F) + 1,
                signed: depth & 0x80 != 0,
                distance: (*across, *down),
            })
            .collect();
        Ok(Self {
            rows,
            columns,
            components,
            colour_transform: false,
            high_throughput: false,
        })
    }
}

/// What a COD or COC segment (A.6.1, A.6.2) says of layers and blocks.
struct Style {
    layers: u64,
    transform: bool,
    high_throughput: bool,
    /// Samples of the smallest code block of any resolution.
    block: u64,
}

impl Style {
    fn of_cod(payload: &[u8]) -> Option<Self> {
        let [flags, _, l1, l0, transform, rest @ ..] = payload else {
            return None;
        };
        let style = Self::of_parameters(*flags, rest)?;
        let layers = u64::from(u16::from_be_bytes([*l1, *l0]));
        Some(Self {
            layers,
            transform: *transform & 1 == 1,
            ..style
        })
    }

    /// The component index has one byte: there are never more than 256 components here.
    fn of_coc(payload: &[u8]) -> Option<Self> {
        let [_, flags, rest @ ..] = payload else {
            return None;
        };
        Self::of_parameters(*flags, rest)
    }

    fn of_parameters(flags: u8, parameters: &[u8]) -> Option<Self> {
        let [levels, width, height, style, _, precincts @ ..] = parameters else {
            return None;
        };
        let (width, height) = (u32::from(width & 15) + 2, u32::from(height & 15) + 2);
        let mut block = width + height;
        if flags & 1 == 1 {
            for (level, precinct) in precincts.iter().take(usize::from(*levels) + 1).enumerate() {
                // Precincts of all but the lowest resolution hold three bands, each half as wide.
                let band = u32::from(level > 0);
                let across = u32::from(precinct & 15).saturating_sub(band).min(width);
                let down = u32::from(precinct >> 4).saturating_sub(band).min(height);
                block = block.min(across + down);
            }
        }
        Some(Self {
            layers: 1,
            transform: false,
            high_throughput: style & 0x40 != 0,
            block: 1 << block.min(20),
        })
    }

    /// Bytes that a decoder keeps for the blocks of so many samples, roughly: a hundred for each
    /// block and its precinct, and for each of its layers another 24.
    fn work(&self, samples: u64) -> u64 {
        let blocks = samples.div_ceil(self.block);
        blocks.saturating_mul(100 + self.layers.saturating_mul(24))
    }
}

/// The payload of the segment whose length stands at `at`.
fn segment_at(data: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16::from_be_bytes(*data.get(at..)?.first_chunk()?));
    data.get(at + 2..at + length.max(2))
}

/// The segments of the main header and of all tile-part headers.
struct Segments<'a> {
    data: &'a [u8],
    position: usize,
    /// Where the tile-part ends whose header is read.
    tile_end: usize,
}

impl<'a> Segments<'a> {
    const fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            position: 2,
            tile_end: data.len(),
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let [first, marker] = *self.data.get(self.position..)?.first_chunk()?;
            if first != 0xFF || marker == 0xD9 {
                return None;
            }
            if marker == 0x93 {
                // Start of data: on to the next tile-part.
                if self.tile_end <= self.position {
                    return None;
                }
                self.position = self.tile_end;
                continue;
            }
            if (0x30..=0x3F).contains(&marker) {
                self.position += 2;
                continue;
            }
            let payload = segment_at(self.data, self.position + 2)?;
            if marker == 0x90 {
                let length = u32::from_be_bytes(*payload.get(2..)?.first_chunk()?) as usize;
                let end = self.position.saturating_add(length);
                self.tile_end = if length == 0 {
                    self.data.len()
                } else {
                    end.min(self.data.len())
                };
            }
            self.position += payload.len() + 4;
            return Some((marker, payload));
        }
    }
}
