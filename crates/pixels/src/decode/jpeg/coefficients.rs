//! [`Coded`]: a DCT stream as its coefficients and what else a stream needs, for changing some of
//! the blocks and writing the others as they are.

use super::colour::Transform;
use super::header::{FrameHeader, Process};
use super::progressive::Coefficients;
use super::{Broken, Content, Described, Purpose, Stream, process_of, read, transform};
use crate::decode::error::DecodeError;
use crate::decode::raster::Bounds;

/// A sequential or progressive stream, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Coded {
    pub(crate) frame: FrameHeader,
    /// The marker of the frame header: SOF0, SOF1 or SOF2.
    pub(crate) marker: u8,
    /// In natural order.
    pub(crate) quantisers: [Option<[u16; 64]>; 4],
    pub(crate) components: Vec<Coefficients>,
    /// Components of the first scan.
    pub(crate) first_scan: usize,
    pub(crate) transform: Transform,
    /// A quantiser changed between scans: one table for each number does not hold them.
    pub(crate) quantisers_change: bool,
}

impl Coded {
    /// Reads the coefficients of a stream; `None` if it is lossless and has none.
    pub(in crate::decode) fn read(
        data: &[u8],
        described: Described,
        bounds: Bounds,
    ) -> Result<Option<Self>, DecodeError> {
        let stream = read(data, described, bounds, Purpose::Coefficients)?;
        stream.picture.is_whole_enough()?;
        let (Content::Sequential(components) | Content::Progressive(components)) =
            stream.picture.content
        else {
            return Ok(None);
        };
        let frame = stream.frame;
        // Tables of a progressive picture count at its end, of a sequential one at each scan.
        let first = match frame.process {
            Process::Progressive => stream.tables.quantisers,
            _ => stream.quantisers,
        };
        let mut quantisers = [None; 4];
        for component in &frame.components {
            let at = component.quantiser;
            quantisers[at] = first[at].or(stream.tables.quantisers[at]);
            if quantisers[at].is_none() {
                return Err(Broken.into());
            }
        }
        Ok(Some(Self {
            quantisers_change: frame.components.iter().any(|component| {
                quantisers[component.quantiser] != stream.tables.quantisers[component.quantiser]
            }),
            transform: transform(&frame, stream.hints, described),
            marker: stream.marker,
            first_scan: stream.first_scan,
            quantisers,
            components,
            frame,
        }))
    }
}

/// The process that the frame header of a stream names.
pub(in crate::decode) fn process(data: &[u8]) -> Option<Process> {
    let start = data.windows(2).position(|pair| pair == [0xFF, 0xD8])?;
    let mut stream = Stream {
        data,
        position: start + 2,
    };
    loop {
        let marker = stream.marker()?;
        if matches!(marker, 0x01 | 0xD0..=0xD9) {
            continue;
        }
        if let Some(process) = process_of(marker).ok()? {
            return Some(process);
        }
        stream.segment()?;
    }
}
