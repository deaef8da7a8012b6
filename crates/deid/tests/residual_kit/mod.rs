//! Files built byte by byte for the tests of the scan, so that they do not depend on the writer.
#![allow(dead_code)]

use obscura_core::Limits;
use obscura_deid::residual::{Hit, Place, SearchSet, scan};
use obscura_text::{IdentifierKind, Strength};

/// How a test file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    ExplicitLittle,
    ImplicitLittle,
    ExplicitBig,
    Deflated,
}

pub(crate) const FORMS: [Form; 4] = [
    Form::ExplicitLittle,
    Form::ImplicitLittle,
    Form::ExplicitBig,
    Form::Deflated,
];

impl Form {
    pub(crate) fn uid(self) -> &'static str {
        match self {
            Self::ExplicitLittle => "1.2.840.10008.1.2.1",
            Self::ImplicitLittle => "1.2.840.10008.1.2",
            Self::ExplicitBig => "1.2.840.10008.1.2.2",
            Self::Deflated => "1.2.840.10008.1.2.1.99",
        }
    }

    fn u16(self, n: u16) -> [u8; 2] {
        if self == Self::ExplicitBig {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    }

    fn u32(self, n: u32) -> [u8; 4] {
        if self == Self::ExplicitBig {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    }

    /// One element; `length` instead of the value's own where given.
    pub(crate) fn element(
        self,
        tag: (u16, u16),
        vr: &str,
        value: &[u8],
        length: Option<u32>,
    ) -> Vec<u8> {
        let mut out = [self.u16(tag.0), self.u16(tag.1)].concat();
        let len = length.unwrap_or(value.len() as u32);
        let long = matches!(vr, "OB" | "OW" | "SQ" | "UN" | "UT" | "UC" | "OF");
        if self != Self::ImplicitLittle && !vr.is_empty() {
            out.extend(vr.as_bytes());
            if long {
                out.extend([0, 0]);
            } else {
                out.extend(self.u16(len as u16));
            }
        }
        if self == Self::ImplicitLittle || long || vr.is_empty() {
            out.extend(self.u32(len));
        }
        out.extend(value);
        out
    }

    pub(crate) fn us(self, tag: (u16, u16), n: u16) -> Vec<u8> {
        self.element(tag, "US", &self.u16(n), None)
    }

    pub(crate) fn item(self, content: &[u8]) -> Vec<u8> {
        self.element((0xFFFE, 0xE000), "", content, None)
    }

    /// A 4 x 4 image of 8 bits whose samples are `samples`.
    pub(crate) fn image(self, samples: &[u8]) -> Vec<u8> {
        [
            self.us((0x0028, 0x0002), 1),
            self.us((0x0028, 0x0010), 4),
            self.us((0x0028, 0x0011), 4),
            self.us((0x0028, 0x0100), 8),
            self.element((0x7FE0, 0x0010), "OW", samples, None),
        ]
        .concat()
    }

    /// A file of a data set.
    pub(crate) fn file(self, data: &[u8]) -> Vec<u8> {
        self.file_as(self.uid(), &[], data)
    }

    /// A file that states another transfer syntax, with more elements in its meta group.
    pub(crate) fn file_as(self, uid: &str, meta: &[u8], data: &[u8]) -> Vec<u8> {
        let mut file = vec![0; 128];
        file.extend(b"DICM");
        let mut uid = uid.as_bytes().to_vec();
        if uid.len() % 2 == 1 {
            uid.push(0);
        }
        file.extend(Self::ExplicitLittle.element((0x0002, 0x0010), "UI", &uid, None));
        file.extend(meta);
        if self == Self::Deflated {
            file.extend(miniz_oxide::deflate::compress_to_vec(data, 6));
        } else {
            file.extend(data);
        }
        file
    }

    /// The elements a file begins with: a SOP class.
    pub(crate) fn head(self) -> Vec<u8> {
        self.element((0x0008, 0x0016), "UI", b"1.2.840.10008.5.1.4.1.1.7\0", None)
    }
}

/// Encapsulated pixel data of explicit little endian: an empty offset table and fragments.
pub(crate) fn encapsulated(fragments: &[&[u8]]) -> Vec<u8> {
    let form = Form::ExplicitLittle;
    let mut value = form.item(&[]);
    for fragment in fragments {
        let mut fragment = fragment.to_vec();
        if fragment.len() % 2 == 1 {
            fragment.push(0);
        }
        value.extend(form.item(&fragment));
    }
    value.extend(form.element((0xFFFE, 0xE0DD), "", &[], None));
    form.element((0x7FE0, 0x0010), "OB", &value, Some(u32::MAX))
}

/// A marker segment with its length.
pub(crate) fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![0xFF, marker];
    out.extend((payload.len() as u16 + 2).to_be_bytes());
    out.extend(payload);
    out
}

/// A JPEG of the given extra segments; its tables and samples are made up, for walks only.
pub(crate) fn jpeg(extra: &[Vec<u8>], coded: &[u8], after: &[u8]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    for segment in extra {
        out.extend(segment);
    }
    out.extend(segment(0xDB, &[1; 65]));
    out.extend(segment(0xC0, &[8, 0, 4, 0, 4, 1, 1, 0x11, 0]));
    out.extend(segment(0xDA, &[1, 1, 0, 0, 63, 0]));
    out.extend(coded);
    out.extend([0xFF, 0xD9]);
    out.extend(after);
    out
}

/// A JPEG 2000 codestream with comments in the main and in the tile-part header.
pub(crate) fn j2k(main: &[u8], tile: &[u8], coded: &[u8], after: &[u8]) -> Vec<u8> {
    let comment = |text: &[u8]| segment(0x64, &[&[0, 1], text].concat());
    let mut out = vec![0xFF, 0x4F];
    out.extend(segment(0x51, &[0; 41]));
    out.extend(comment(main));
    let tile_header = comment(tile);
    let length = 12 + tile_header.len() + 2 + coded.len();
    let mut sot = vec![0, 0];
    sot.extend((length as u32).to_be_bytes());
    sot.extend([0, 1]);
    out.extend(segment(0x90, &sot));
    out.extend(tile_header);
    out.extend([0xFF, 0x93]);
    out.extend(coded);
    out.extend([0xFF, 0xD9]);
    out.extend(after);
    out
}

/// A box with its length.
pub(crate) fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = (content.len() as u32 + 8).to_be_bytes().to_vec();
    out.extend(kind);
    out.extend(content);
    out
}

pub(crate) fn strong(texts: &[&str]) -> SearchSet {
    set(texts, Strength::Strong, &[])
}

pub(crate) fn set(texts: &[&str], strength: Strength, allowed: &[&str]) -> SearchSet {
    let mut builder = SearchSet::builder();
    for text in texts {
        builder.add(IdentifierKind::PersonName, text, strength);
    }
    for text in allowed {
        builder.add_allowed(text);
    }
    builder.build()
}

pub(crate) fn hits(file: &[u8], set: &SearchSet) -> Vec<Hit> {
    scan(file, set, &Limits::default()).expect("the file can be searched")
}

pub(crate) fn places(file: &[u8], set: &SearchSet) -> Vec<Place> {
    hits(file, set).into_iter().map(|hit| hit.place).collect()
}
