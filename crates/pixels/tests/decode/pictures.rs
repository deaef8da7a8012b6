//! The pictures of `tests/data/decode/make_codestreams.py`, drawn again, and the objects that hold
//! their codestreams.

use std::borrow::Cow;

use obscura_core::Limits;
use obscura_dicom::{DataSet, Element, Fragments, Syntax, Tag, VR, Value};
use obscura_pixels::decode::{DecodeError, Image};
use obscura_pixels::{Frame, Samples};

pub const COLUMNS: u32 = 29;
pub const ROWS: u32 = 19;

/// Edges, flat runs and every bit in use.
pub fn busy(bits: u32, samples: u32) -> Vec<i64> {
    draw(samples, |x, y, c| {
        let checker = if (x / 5 + y / 5) % 2 == 0 { 0 } else { 20 };
        let flat = x < 6;
        let base = if flat {
            50 + c * 20
        } else {
            (x * 7 + y * 11 + c * 37 + checker) % 256
        };
        let top = (1 << bits) - 1;
        let value = base * top / 255;
        if bits > 8 && !flat {
            (value + x * y % (1 << (bits - 8))).min(top)
        } else {
            value
        }
    })
}

/// Slopes.
pub fn smooth(bits: u32, samples: u32) -> Vec<i64> {
    draw(samples, |x, y, c| {
        (x * 4 + y * 5 + c * 20) * ((1 << bits) - 1) / 255
    })
}

fn draw(samples: u32, value: impl Fn(i64, i64, i64) -> i64) -> Vec<i64> {
    let mut pixels = Vec::new();
    for y in 0..i64::from(ROWS) {
        for x in 0..i64::from(COLUMNS) {
            pixels.extend((0..i64::from(samples)).map(|c| value(x, y, c)));
        }
    }
    pixels
}

/// The samples of a frame as numbers.
pub fn values(frame: &Frame) -> Vec<i64> {
    match &frame.samples {
        Samples::U8(samples) => samples.iter().map(|s| i64::from(*s)).collect(),
        Samples::U16(samples) => samples.iter().map(|s| i64::from(*s)).collect(),
        Samples::I16(samples) => samples.iter().map(|s| i64::from(*s)).collect(),
        Samples::U32(samples) => samples.iter().map(|s| i64::from(*s)).collect(),
        Samples::I32(samples) => samples.iter().map(|s| i64::from(*s)).collect(),
        Samples::F32(samples) => samples.iter().map(|s| *s as i64).collect(),
        Samples::F64(samples) => samples.iter().map(|s| *s as i64).collect(),
    }
}

/// The Image Pixel module of a test object.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    pub rows: u16,
    pub columns: u16,
    pub samples: u16,
    pub photometric: &'static str,
    pub allocated: u16,
    pub stored: u16,
    pub high: u16,
    pub signed: u16,
    pub planar: u16,
    pub frames: u32,
}

impl Description {
    pub fn new(bits: u16, samples: u16) -> Self {
        Self {
            rows: ROWS as u16,
            columns: COLUMNS as u16,
            samples,
            photometric: if samples == 3 { "RGB" } else { "MONOCHROME2" },
            allocated: if bits <= 8 {
                8
            } else {
                bits.next_multiple_of(16)
            },
            stored: bits,
            high: bits - 1,
            signed: 0,
            planar: 0,
            frames: 1,
        }
    }

    /// The object with this pixel data, little endian.
    pub fn object<'a>(&self, pixel_data: Element<'a>) -> DataSet<'a> {
        self.object_in(pixel_data, u16::to_le_bytes)
    }

    pub fn object_in<'a>(&self, pixel_data: Element<'a>, order: fn(u16) -> [u8; 2]) -> DataSet<'a> {
        let us = |tag, value| Element::new(tag, VR::US, order(value).to_vec());
        DataSet::from_elements(vec![
            us(Tag(0x0028, 0x0002), self.samples),
            Element::text(Tag(0x0028, 0x0004), VR::CS, self.photometric),
            us(Tag(0x0028, 0x0006), self.planar),
            Element::text(Tag(0x0028, 0x0008), VR::IS, &self.frames.to_string()),
            us(Tag(0x0028, 0x0010), self.rows),
            us(Tag(0x0028, 0x0011), self.columns),
            us(Tag(0x0028, 0x0100), self.allocated),
            us(Tag(0x0028, 0x0101), self.stored),
            us(Tag(0x0028, 0x0102), self.high),
            us(Tag(0x0028, 0x0103), self.signed),
            pixel_data,
        ])
    }

    /// Decodes one frame of native pixel data.
    pub fn decode_native(&self, bytes: &[u8], frame: u32) -> Result<Frame, DecodeError> {
        decode(
            &self.object(native(VR::OW, bytes)),
            Syntax::EXPLICIT_LE,
            frame,
        )
    }

    /// Decodes the first frame of encapsulated pixel data.
    pub fn decode_coded(&self, uid: &str, codestream: &[u8]) -> Result<Frame, DecodeError> {
        decode(&self.object(encapsulated(&[codestream], &[])), uid, 0)
    }
}

pub fn decode(data: &DataSet<'_>, uid: &str, frame: u32) -> Result<Frame, DecodeError> {
    // A small limit, so that a stream that claims more memory than its picture needs is found.
    let limits = Limits {
        max_frame_bytes: 16 << 20,
        ..Limits::default()
    };
    let syntax = Syntax::from_uid(uid);
    let image = Image::of(data, &syntax, &limits)?.expect("the object has pixel data");
    image.decode(frame)
}

pub fn native(vr: VR, bytes: &[u8]) -> Element<'_> {
    Element::new(Tag(0x7FE0, 0x0010), vr, bytes)
}

pub fn encapsulated<'a>(fragments: &[&'a [u8]], offsets: &[u32]) -> Element<'a> {
    let table: Vec<u8> = offsets
        .iter()
        .flat_map(|offset| offset.to_le_bytes())
        .collect();
    Element {
        tag: Tag(0x7FE0, 0x0010),
        vr: VR::OB,
        value: Value::Fragments(Fragments {
            offset_table: Cow::Owned(table),
            fragments: fragments
                .iter()
                .map(|bytes| Cow::Borrowed(*bytes))
                .collect(),
        }),
    }
}

/// A stored codestream.
pub fn codestream(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/decode")
        .join(name);
    std::fs::read(path).expect("the stored codestreams are in the repository")
}

/// All stored codestreams, by name.
pub fn codestreams() -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/decode");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the stored codestreams are in the repository")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("busy") || name.starts_with("smooth"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| (name.clone(), codestream(&name)))
        .collect()
}

/// Transfer syntax and description of a stored codestream, from its name.
pub fn described(name: &str) -> (&'static str, Description) {
    let mut words = name.split(['-', '.']).skip(1);
    let bits = words.next().expect("bits");
    let signed = u16::from(bits.ends_with('s'));
    let bits = bits.trim_end_matches('s').parse().expect("bits");
    let samples = words
        .next()
        .and_then(|word| word.parse().ok())
        .expect("samples");
    let uid = match name.rsplit('.').next().expect("extension") {
        "jpg" if name.contains("predictor") || name.contains("point") => "1.2.840.10008.1.2.4.57",
        "jpg" if bits > 8 => "1.2.840.10008.1.2.4.51",
        "jpg" => "1.2.840.10008.1.2.4.50",
        "jls" => "1.2.840.10008.1.2.4.81",
        "j2k" | "jp2" => "1.2.840.10008.1.2.4.91",
        "jph" => "1.2.840.10008.1.2.4.203",
        "jxl" => "1.2.840.10008.1.2.4.112",
        other => panic!("no syntax for {other}"),
    };
    (
        uid,
        Description {
            signed,
            ..Description::new(bits, samples)
        },
    )
}
