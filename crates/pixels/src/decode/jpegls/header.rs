//! Marker segments of JPEG-LS (ISO/IEC 14495-1 annex C): frame, scan, preset parameters, and the
//! colour transform that some encoders note in APP8.

use super::Broken;

/// A frame header (C.2.2).
#[derive(Debug, Clone)]
pub(super) struct FrameHeader {
    /// Bits of a sample, 2 to 16.
    pub(super) precision: u32,
    pub(super) rows: u32,
    pub(super) columns: u32,
    /// The component identifiers; all components have one size.
    pub(super) components: Vec<u8>,
}

impl FrameHeader {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, Broken> {
        let [precision, r1, r0, c1, c0, count, rest @ ..] = payload else {
            return Err(Broken);
        };
        let count = usize::from(*count);
        let factors: Vec<u8> = rest.chunks_exact(3).take(count).map(|c| c[1]).collect();
        let sound = (1..=4).contains(&count)
            && factors.len() == count
            && factors.iter().all(|f| *f == factors[0])
            && (2..=16).contains(precision);
        if !sound {
            return Err(Broken);
        }
        Ok(Self {
            precision: u32::from(*precision),
            rows: u32::from(u16::from_be_bytes([*r1, *r0])),
            columns: u32::from(u16::from_be_bytes([*c1, *c0])),
            components: rest.chunks_exact(3).take(count).map(|c| c[0]).collect(),
        })
    }
}

/// How the components of a scan are mixed (C.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interleave {
    /// One component.
    None,
    /// A line of each component in turn.
    Line,
    /// A sample of each component in turn.
    Sample,
}

/// A scan header (C.2.3).
#[derive(Debug, Clone)]
pub(super) struct ScanHeader {
    /// Positions in the frame's components.
    pub(super) components: Vec<usize>,
    /// The largest error of near-lossless coding, 0 for lossless.
    pub(super) near: i32,
    pub(super) interleave: Interleave,
    /// The point transform.
    pub(super) shift: u32,
}

impl ScanHeader {
    pub(super) fn parse(payload: &[u8], frame: &FrameHeader) -> Result<Self, Broken> {
        let [count, rest @ ..] = payload else {
            return Err(Broken);
        };
        let count = usize::from(*count);
        if count == 0 || count > frame.components.len() || rest.len() < count * 2 + 3 {
            return Err(Broken);
        }
        let mut components = Vec::with_capacity(count);
        for pair in rest.chunks_exact(2).take(count) {
            let index = frame
                .components
                .iter()
                .position(|id| *id == pair[0])
                .ok_or(Broken)?;
            // The second byte names a mapping table (C.2.4.1.2), which images of the field lack.
            if pair[1] != 0 || components.contains(&index) {
                return Err(Broken);
            }
            components.push(index);
        }
        let tail = &rest[count * 2..];
        let interleave = match (tail[1], count) {
            (_, 1) => Interleave::None,
            (1, _) => Interleave::Line,
            (2, _) => Interleave::Sample,
            _ => return Err(Broken),
        };
        Ok(Self {
            components,
            near: i32::from(tail[0]),
            interleave,
            shift: u32::from(tail[2] & 15),
        })
    }
}

/// The preset coding parameters (C.2.4.1.1); 0 for the default.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Preset {
    pub(crate) max: i32,
    pub(crate) thresholds: [i32; 3],
    pub(crate) reset: i32,
}

impl Preset {
    /// The parameters of an LSE segment of type 1; `None` for another type.
    pub(super) fn parse(payload: &[u8]) -> Result<Option<Self>, Broken> {
        let [1, parameters @ ..] = payload else {
            return Ok(None);
        };
        let words = parameters.as_chunks::<2>().0;
        let [max, t1, t2, t3, reset, ..] = words else {
            return Err(Broken);
        };
        let number = |word: &[u8; 2]| i32::from(u16::from_be_bytes(*word));
        Ok(Some(Self {
            max: number(max),
            thresholds: [number(t1), number(t2), number(t3)],
            reset: number(reset),
        }))
    }

    /// The parameters with the defaults of C.2.4.1.1.1 in place.
    pub(crate) fn completed(self, precision: u32, near: i32) -> Result<Self, Broken> {
        let max = if self.max == 0 {
            (1 << precision) - 1
        } else {
            self.max
        };
        if max >= 1 << precision || near > (max / 2).min(255) {
            return Err(Broken);
        }
        let clamp = |value: i32, low: i32| {
            if value > max || value < low {
                low
            } else {
                value
            }
        };
        let defaults = if max >= 128 {
            let factor = (max.min(4095) + 128) / 256;
            [
                factor + 2 + 3 * near,
                factor * 4 + 3 + 5 * near,
                factor * 17 + 4 + 7 * near,
            ]
        } else {
            let factor = 256 / (max + 1);
            [
                (3 / factor + 3 * near).max(2),
                (7 / factor + 5 * near).max(3),
                (21 / factor + 7 * near).max(4),
            ]
        };
        let mut thresholds = [0; 3];
        let mut low = near + 1;
        for ((threshold, own), default) in thresholds.iter_mut().zip(self.thresholds).zip(defaults)
        {
            *threshold = if own == 0 { clamp(default, low) } else { own };
            if *threshold < low || *threshold > max.max(low) {
                return Err(Broken);
            }
            low = *threshold;
        }
        let reset = if self.reset == 0 { 64 } else { self.reset };
        if !(3..=255.max(max)).contains(&reset) {
            return Err(Broken);
        }
        Ok(Self {
            max,
            thresholds,
            reset,
        })
    }
}

/// The reversible colour transforms of the HP encoder, which `CharLS` keeps ("mrfx" in APP8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColourTransform {
    None,
    Hp1,
    Hp2,
    Hp3,
}

impl ColourTransform {
    /// From the payload of an APP8 segment.
    pub(super) const fn parse(payload: &[u8]) -> Option<Self> {
        match payload {
            [b'm', b'r', b'f', b'x', 0, ..] => Some(Self::None),
            [b'm', b'r', b'f', b'x', 1, ..] => Some(Self::Hp1),
            [b'm', b'r', b'f', b'x', 2, ..] => Some(Self::Hp2),
            [b'm', b'r', b'f', b'x', 3, ..] => Some(Self::Hp3),
            _ => None,
        }
    }

    /// Turns one pixel back into red, green, blue. `half` is half the range of a sample.
    #[inline]
    pub(super) const fn invert(self, [a, b, c]: [i32; 3], half: i32) -> [i32; 3] {
        let mask = 2 * half - 1;
        match self {
            Self::None => [a, b, c],
            Self::Hp1 => [(a + b - half) & mask, b, (c + b - half) & mask],
            Self::Hp2 => {
                let red = (a + b - half) & mask;
                [red, b, (c + ((red + b) >> 1) - half) & mask]
            }
            Self::Hp3 => {
                let green = (a - ((c + b) >> 2) + half / 2) & mask;
                [(c + green - half) & mask, green, (b + green - half) & mask]
            }
        }
    }
}
