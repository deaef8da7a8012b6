//! Marker segments of a JPEG stream (ISO/IEC 10918-1 annex B): tables, frame, scan, hints of
//! colour.

use super::Broken;
use super::huffman::Huffman;

/// The coding process of a frame (B.2.2), as far as it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    /// SOF0, SOF1: baseline and extended sequential DCT.
    Sequential,
    /// SOF2: progressive DCT (spectral selection and successive approximation).
    Progressive,
    /// SOF3: lossless.
    Lossless,
}

/// A frame header (B.2.2).
#[derive(Debug, Clone)]
pub(crate) struct FrameHeader {
    pub(crate) process: Process,
    /// Bits of a sample.
    pub(crate) precision: u32,
    /// 0 if a DNL segment says it later.
    pub(crate) rows: u32,
    pub(crate) columns: u32,
    pub(crate) components: Vec<ComponentHeader>,
}

/// One component of the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ComponentHeader {
    pub(crate) id: u8,
    /// Sampling factors, 1 to 4.
    pub(crate) horizontal: u32,
    pub(crate) vertical: u32,
    /// Which quantisation table, 0 to 3.
    pub(crate) quantiser: usize,
}

impl FrameHeader {
    /// Reads the payload of a SOF segment.
    pub(super) fn parse(process: Process, payload: &[u8]) -> Result<Self, Broken> {
        let [precision, r1, r0, c1, c0, count, rest @ ..] = payload else {
            return Err(Broken);
        };
        let count = usize::from(*count);
        if count == 0 || count > 4 || rest.len() < count * 3 {
            return Err(Broken);
        }
        let components = rest
            .chunks_exact(3)
            .take(count)
            .map(|c| ComponentHeader {
                id: c[0],
                horizontal: u32::from(c[1] >> 4),
                vertical: u32::from(c[1] & 15),
                quantiser: usize::from(c[2]),
            })
            .collect::<Vec<_>>();
        let sound = components.iter().all(|c| {
            (1..=4).contains(&c.horizontal) && (1..=4).contains(&c.vertical) && c.quantiser < 4
        });
        let precision = u32::from(*precision);
        let allowed = match process {
            Process::Lossless => (2..=16).contains(&precision),
            Process::Sequential | Process::Progressive => precision == 8 || precision == 12,
        };
        if !sound || !allowed {
            return Err(Broken);
        }
        let rows = u32::from(u16::from_be_bytes([*r1, *r0]));
        let columns = u32::from(u16::from_be_bytes([*c1, *c0]));
        Ok(Self {
            process,
            precision,
            rows,
            columns,
            components,
        })
    }

    /// The largest sampling factors: horizontal, vertical.
    pub(crate) fn largest_sampling(&self) -> (u32, u32) {
        self.components
            .iter()
            .fold((1, 1), |(h, v), c| (h.max(c.horizontal), v.max(c.vertical)))
    }
}

/// A scan header (B.2.3).
#[derive(Debug, Clone)]
pub(super) struct ScanHeader {
    /// Positions in the frame's components, with their DC and AC (or only) table.
    pub(super) components: Vec<ScanComponent>,
    /// Start of spectral selection; the predictor in a lossless scan.
    pub(super) start: usize,
    /// End of spectral selection.
    pub(super) end: usize,
    /// Successive approximation, high.
    pub(super) high: u32,
    /// Successive approximation, low; the point transform in a lossless scan.
    pub(super) low: u32,
}

/// One component of a scan.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScanComponent {
    pub(super) index: usize,
    pub(super) dc: usize,
    pub(super) ac: usize,
}

impl ScanHeader {
    /// Reads the payload of an SOS segment.
    pub(super) fn parse(payload: &[u8], frame: &FrameHeader) -> Result<Self, Broken> {
        let [count, rest @ ..] = payload else {
            return Err(Broken);
        };
        let count = usize::from(*count);
        if count == 0 || count > frame.components.len() || rest.len() < count * 2 + 3 {
            return Err(Broken);
        }
        let mut components = Vec::with_capacity(count);
        for (position, pair) in rest.chunks_exact(2).take(count).enumerate() {
            // Some writers number the components of the scan otherwise than those of the frame:
            // with all components in one scan their order says which is which.
            let index = frame.components.iter().position(|c| c.id == pair[0]);
            let in_order = (count == frame.components.len()).then_some(position);
            let index = index.or(in_order).ok_or(Broken)?;
            let (dc, ac) = (usize::from(pair[1] >> 4), usize::from(pair[1] & 15));
            if dc > 3 || ac > 3 || components.iter().any(|c: &ScanComponent| c.index == index) {
                return Err(Broken);
            }
            components.push(ScanComponent { index, dc, ac });
        }
        let tail = &rest[count * 2..];
        Ok(Self {
            components,
            start: usize::from(tail[0]),
            end: usize::from(tail[1]),
            high: u32::from(tail[2] >> 4),
            low: u32::from(tail[2] & 15),
        })
    }
}

/// What APP segments say about colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ColourHints {
    /// An APP0 segment `JFIF`: the samples are luminance and chrominance.
    pub(super) jfif: bool,
    /// The transform of an APP14 segment `Adobe`: 0 none, 1 YCbCr, 2 YCCK.
    pub(super) adobe: Option<u8>,
}

/// Tables that stand until they are replaced.
#[derive(Default)]
pub(super) struct Tables {
    /// In natural order.
    pub(super) quantisers: [Option<[u16; 64]>; 4],
    pub(super) dc: [Option<Box<Huffman>>; 4],
    pub(super) ac: [Option<Box<Huffman>>; 4],
    /// MCUs between restart markers, 0 for none.
    pub(super) restart_interval: u32,
}

impl Tables {
    /// Reads a DQT segment (B.2.4.1).
    pub(super) fn read_quantisers(&mut self, mut payload: &[u8]) -> Result<(), Broken> {
        while let [head, rest @ ..] = payload {
            let (wide, index) = (head >> 4 != 0, usize::from(head & 15));
            let length = if wide { 128 } else { 64 };
            let (values, rest) = rest.split_at_checked(length).ok_or(Broken)?;
            let table = self
                .quantisers
                .get_mut(index)
                .ok_or(Broken)?
                .insert([0; 64]);
            for (at, natural) in ZIGZAG.iter().enumerate() {
                table[usize::from(*natural)] = if wide {
                    u16::from_be_bytes([values[at * 2], values[at * 2 + 1]])
                } else {
                    u16::from(values[at])
                };
            }
            payload = rest;
        }
        Ok(())
    }

    /// Reads a DHT segment (B.2.4.2).
    pub(super) fn read_huffman(&mut self, mut payload: &[u8]) -> Result<(), Broken> {
        while let [head, rest @ ..] = payload {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(Broken)?;
            let total: usize = counts.iter().map(|count| usize::from(*count)).sum();
            let (values, rest) = rest.split_at_checked(total).ok_or(Broken)?;
            let class = if head >> 4 == 0 {
                &mut self.dc
            } else {
                &mut self.ac
            };
            let place = class.get_mut(usize::from(head & 15)).ok_or(Broken)?;
            *place = Some(Box::new(Huffman::new(counts, values).ok_or(Broken)?));
            payload = rest;
        }
        Ok(())
    }

    /// Reads a DRI segment (B.2.4.4); some writers use four bytes for lossless images.
    pub(super) fn read_restart_interval(&mut self, payload: &[u8]) -> Result<(), Broken> {
        self.restart_interval = match payload {
            [a, b] => u32::from(u16::from_be_bytes([*a, *b])),
            [a, b, c, d] => u32::from_be_bytes([*a, *b, *c, *d]),
            _ => return Err(Broken),
        };
        Ok(())
    }
}

/// The place in natural order of each coefficient in zigzag order (A.3.6).
pub(crate) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];
