//! JPEG (ISO/IEC 10918-1): baseline, extended, progressive and lossless, 2 to 16 bits.
//!
//! One decoder of our own for all processes of DICOM: the libraries of the language stop at 8 bits
//! or at the first predictor, and the choice of colour transform must follow the field's rules.
//! [`decode`] reads the segments; `sequential`, `progressive` and `lossless` read the scans.

mod bits;
mod coefficients;
mod colour;
mod header;
mod huffman;
mod idct;
mod lossless;
mod plane;
mod progressive;
mod sequential;

use header::{ColourHints, ScanHeader, Tables};
use plane::{Plane, Sample};

pub(crate) use coefficients::Coded;
pub(super) use coefficients::process;
pub(crate) use colour::Transform;
pub(crate) use header::{FrameHeader, Process, ZIGZAG};
pub(crate) use plane::{Geometry, mcus};
pub(crate) use progressive::Coefficients;

use super::error::{Codec, DecodeError};
use super::raster::{Bounds, Colour, Raster, Raw, Values};

/// A stream that breaks its own rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Broken;

impl From<Broken> for DecodeError {
    fn from(_: Broken) -> Self {
        Self::corrupt(Codec::Jpeg)
    }
}

/// What the image description adds to the stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Described {
    /// Rows, for a stream that leaves them to a DNL segment.
    pub(super) rows: u32,
    /// How the description names the colours of three components.
    pub(super) named: NamedColour,
}

/// The colour model that Photometric Interpretation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedColour {
    Rgb,
    Ybr,
    Unknown,
}

/// Decodes one frame.
pub(super) fn decode(
    data: &[u8],
    described: Described,
    bounds: Bounds,
) -> Result<Raster, DecodeError> {
    let stream = read(data, described, bounds, Purpose::Samples)?;
    stream
        .picture
        .finish(&stream.frame, &stream.tables, stream.hints, described)
}

/// What a stream is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Samples,
    /// The coefficients as they are coded, of a sequential picture, too.
    Coefficients,
}

/// A stream with all its scans read.
struct Read {
    /// The marker of the frame header.
    marker: u8,
    frame: FrameHeader,
    picture: Picture,
    tables: Tables,
    hints: ColourHints,
    /// The quantisers as they stood when the first scan was read.
    quantisers: [Option<[u16; 64]>; 4],
    /// Components of the first scan.
    first_scan: usize,
}

fn read(
    data: &[u8],
    described: Described,
    bounds: Bounds,
    purpose: Purpose,
) -> Result<Read, DecodeError> {
    let start = data
        .windows(2)
        .position(|pair| pair == [0xFF, 0xD8])
        .ok_or(Broken)?;
    let mut stream = Stream {
        data,
        position: start + 2,
    };
    let mut tables = Tables::default();
    let mut hints = ColourHints::default();
    let mut picture: Option<(FrameHeader, Picture)> = None;
    let (mut frame_marker, mut first_scan) = (0, 0);
    let mut quantisers = [None; 4];
    while let Some(marker) = stream.marker() {
        match marker {
            0xD9 => break,
            0x01 | 0xD0..=0xD8 => {}
            0xDA => {
                let (frame, picture) = picture.as_mut().ok_or(Broken)?;
                let Some(payload) = stream.segment() else {
                    break;
                };
                let scan = ScanHeader::parse(payload, frame)?;
                if first_scan == 0 {
                    first_scan = scan.components.len();
                    quantisers = tables.quantisers;
                }
                let rest = &data[stream.position..];
                let length = bits::segment_length(rest);
                picture.read_scan(&rest[..length], &scan, frame, &tables)?;
                stream.position += length;
            }
            _ => {
                let Some(payload) = stream.segment() else {
                    break;
                };
                if let Some(process) = process_of(marker)? {
                    if picture.is_some() {
                        return Err(Broken.into());
                    }
                    let mut frame = FrameHeader::parse(process, payload)?;
                    if frame.rows == 0 {
                        frame.rows = stream.rows_from_dnl().unwrap_or(described.rows);
                    }
                    let empty = Picture::new(&frame, bounds, purpose)?;
                    frame_marker = marker;
                    picture = Some((frame, empty));
                } else {
                    read_tables(marker, payload, &mut tables, &mut hints)?;
                }
            }
        }
    }
    let (frame, picture) = picture.ok_or(Broken)?;
    Ok(Read {
        marker: frame_marker,
        frame,
        picture,
        tables,
        hints,
        quantisers,
        first_scan,
    })
}

/// The bytes of a stream and how far they are read.
struct Stream<'a> {
    data: &'a [u8],
    position: usize,
}

impl<'a> Stream<'a> {
    /// Goes behind the next marker, over anything that is none.
    fn marker(&mut self) -> Option<u8> {
        loop {
            let found = self
                .data
                .get(self.position..)?
                .iter()
                .position(|b| *b == 0xFF)?;
            self.position += found + 1;
            match *self.data.get(self.position)? {
                0 | 0xFF => {}
                marker => {
                    self.position += 1;
                    return Some(marker);
                }
            }
        }
    }

    /// Goes behind the payload of a segment. `None` if the data ends in it.
    fn segment(&mut self) -> Option<&'a [u8]> {
        let length = self.data.get(self.position..)?.first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let payload = self
            .data
            .get(self.position + 2..self.position + length.max(2))?;
        self.position += length.max(2);
        Some(payload)
    }

    /// The number of lines that a DNL segment (B.2.5) further on gives.
    fn rows_from_dnl(&self) -> Option<u32> {
        let rest = self.data.get(self.position..)?;
        let at = rest
            .windows(4)
            .position(|bytes| bytes == [0xFF, 0xDC, 0, 4])?;
        let rows = rest.get(at + 4..)?.first_chunk::<2>()?;
        Some(u32::from(u16::from_be_bytes(*rows))).filter(|rows| *rows > 0)
    }
}

fn process_of(marker: u8) -> Result<Option<Process>, DecodeError> {
    Ok(Some(match marker {
        0xC0 | 0xC1 => Process::Sequential,
        0xC2 => Process::Progressive,
        0xC3 => Process::Lossless,
        0xC9..=0xCB => return Err(DecodeError::Unsupported("JPEG with arithmetic coding")),
        0xC5..=0xC7 | 0xCD..=0xCF | 0xDE => {
            return Err(DecodeError::Unsupported("hierarchical JPEG"));
        }
        0xF7 => return Err(DecodeError::Mismatch("JPEG-LS where JPEG should be")),
        _ => return Ok(None),
    }))
}

fn read_tables(
    marker: u8,
    payload: &[u8],
    tables: &mut Tables,
    hints: &mut ColourHints,
) -> Result<(), Broken> {
    match marker {
        0xC4 => tables.read_huffman(payload),
        0xDB => tables.read_quantisers(payload),
        0xDD => tables.read_restart_interval(payload),
        0xE0 if payload.starts_with(b"JFIF\0") => {
            hints.jfif = true;
            Ok(())
        }
        0xEE if payload.starts_with(b"Adobe") => {
            hints.adobe = payload.get(11).copied();
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The picture as far as it is decoded.
struct Picture {
    content: Content,
    /// For each component, the share of it that was there, as (found, total).
    found: Vec<(usize, usize)>,
}

enum Content {
    Bytes(Vec<Plane<u8>>),
    Words(Vec<Plane<u16>>),
    Progressive(Vec<Coefficients>),
    /// Coefficients of a sequential picture, where they are wanted.
    Sequential(Vec<Coefficients>),
    Lossless(Vec<u16>),
}

impl Picture {
    fn new(frame: &FrameHeader, bounds: Bounds, purpose: Purpose) -> Result<Self, DecodeError> {
        let count = frame.components.len();
        let narrow = frame.precision == 8 && purpose == Purpose::Samples;
        let sample = if narrow { 1 } else { 2 };
        let samples = bounds.samples(frame.rows, frame.columns, count as u16, sample)?;
        let geometry = || frame.components.iter().map(|c| Geometry::of(c, frame));
        let content = match frame.process {
            Process::Lossless => {
                if frame
                    .components
                    .iter()
                    .any(|c| (c.horizontal, c.vertical) != frame.largest_sampling())
                {
                    return Err(DecodeError::Unsupported("subsampled lossless JPEG"));
                }
                Content::Lossless(vec![0; samples])
            }
            Process::Progressive => {
                Content::Progressive(geometry().map(Coefficients::new).collect())
            }
            Process::Sequential if purpose == Purpose::Coefficients => {
                Content::Sequential(geometry().map(Coefficients::new).collect())
            }
            Process::Sequential if frame.precision == 8 => {
                Content::Bytes(geometry().map(|g| Plane::new(g, 8)).collect())
            }
            Process::Sequential => {
                Content::Words(geometry().map(|g| Plane::new(g, frame.precision)).collect())
            }
        };
        Ok(Self {
            content,
            found: vec![(0, 1); count],
        })
    }

    fn read_scan(
        &mut self,
        data: &[u8],
        scan: &ScanHeader,
        frame: &FrameHeader,
        tables: &Tables,
    ) -> Result<(), Broken> {
        let found = match &mut self.content {
            Content::Bytes(planes) => sequential::decode(data, scan, frame, tables, planes)?,
            Content::Words(planes) => sequential::decode(data, scan, frame, tables, planes)?,
            Content::Progressive(planes) => progressive::decode(data, scan, frame, tables, planes)?,
            Content::Sequential(planes) => {
                sequential::read_coefficients(data, scan, frame, tables, planes)?
            }
            Content::Lossless(pixels) => lossless::decode(data, scan, frame, tables, pixels)?,
        };
        for component in &scan.components {
            // Of a progressive picture the first scan of a component counts: it is the DC one.
            let place = &mut self.found[component.index];
            if place.0 == 0 {
                *place = found;
            }
        }
        Ok(())
    }

    /// Half of a picture is shown, as viewers do; less is not a picture.
    fn is_whole_enough(&self) -> Result<(), Broken> {
        if self.found.iter().any(|(found, total)| found * 2 < *total) {
            return Err(Broken);
        }
        Ok(())
    }

    fn finish(
        self,
        frame: &FrameHeader,
        tables: &Tables,
        hints: ColourHints,
        described: Described,
    ) -> Result<Raster, DecodeError> {
        self.is_whole_enough()?;
        let size = (frame.rows as usize, frame.columns as usize);
        let transform = transform(frame, hints, described);
        let precision = frame.precision;
        let data = match self.content {
            Content::Bytes(planes) => Raw::U8(colour::interleave(&planes, size, 8, transform)),
            Content::Words(planes) => {
                Raw::U16(colour::interleave(&planes, size, precision, transform))
            }
            Content::Progressive(components) | Content::Sequential(components)
                if precision == 8 =>
            {
                let planes = to_planes(components, frame, tables)?;
                Raw::U8(colour::interleave(&planes, size, 8, transform))
            }
            Content::Progressive(components) | Content::Sequential(components) => {
                let planes = to_planes(components, frame, tables)?;
                Raw::U16(colour::interleave(&planes, size, precision, transform))
            }
            Content::Lossless(pixels) => Raw::U16(pixels),
        };
        let colours = frame.components.len() == 3
            && (frame.process != Process::Lossless || has_rgb_ids(frame));
        Ok(Raster {
            rows: frame.rows,
            columns: frame.columns,
            samples_per_pixel: frame.components.len() as u16,
            precision: precision as u16,
            signed: false,
            values: if frame.process == Process::Lossless {
                Values::InRange
            } else {
                Values::MayOvershoot
            },
            colour: if colours { Colour::Rgb } else { Colour::Kept },
            data,
        })
    }
}

fn to_planes<S: Sample>(
    components: Vec<Coefficients>,
    frame: &FrameHeader,
    tables: &Tables,
) -> Result<Vec<Plane<S>>, Broken> {
    components
        .into_iter()
        .zip(&frame.components)
        .map(|(coefficients, component)| {
            let quantisers = tables.quantisers[component.quantiser]
                .as_ref()
                .ok_or(Broken)?;
            Ok(coefficients.into_plane(quantisers, frame.precision))
        })
        .collect()
}

fn has_rgb_ids(frame: &FrameHeader) -> bool {
    let ids: Vec<u8> = frame.components.iter().map(|c| c.id).collect();
    ids == *b"RGB" || ids == *b"rgb"
}

/// Whether three components are YCbCr. What the stream itself says goes before what the image
/// description says, as in the field's readers: descriptions are edited, streams are not.
fn transform(frame: &FrameHeader, hints: ColourHints, described: Described) -> Transform {
    if frame.components.len() != 3 || frame.process == Process::Lossless || has_rgb_ids(frame) {
        return Transform::None;
    }
    let subsampled = frame
        .components
        .iter()
        .any(|c| (c.horizontal, c.vertical) != frame.largest_sampling());
    let ycbcr = subsampled
        || hints.jfif
        || match hints.adobe {
            Some(0) => false,
            Some(_) => true,
            None => described.named != NamedColour::Rgb,
        };
    if ycbcr {
        Transform::YcbcrToRgb
    } else {
        Transform::None
    }
}
