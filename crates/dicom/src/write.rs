//! The writer: conformant PS3.10 files, untouched values byte for byte.
//!
//! Values of a [`DataSet`] are in the byte order of its transfer syntax already. Lengths of
//! sequences and items are written in the form they were read in; those of defined length are
//! filled in after their content.

use dicom_core::{Tag, VR};
use flate2::{Compress, Compression, FlushCompress, Status};

use crate::model::{DataSet, Element, Fragments, Items, LengthForm, Value};
use crate::syntax::{Endian, Syntax};
use crate::vr;

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);
const UNDEFINED: u32 = u32::MAX;
/// The largest length of 16 bits that is even.
const LONGEST_SHORT: usize = 0xFFFE;
/// Level of deflation: more takes time and gains little.
const DEFLATE_LEVEL: u32 = 2;

/// Appends a PS3.10 file: 128 zero bytes, `DICM`, the file meta group and the data set in
/// `syntax`.
///
/// The file meta group is written in Explicit VR Little Endian with its group length; its version
/// and its Transfer Syntax UID, which is that of `syntax`, are written whether `meta` holds them or
/// not. Group lengths of the data set are not written. Values must be in the byte order of
/// `syntax`.
pub fn write_file(meta: &DataSet<'_>, data: &DataSet<'_>, syntax: &Syntax, out: &mut Vec<u8>) {
    out.reserve(132 + 64 + encoded_len(meta) + encoded_len(data));
    out.resize(out.len() + 128, 0);
    out.extend_from_slice(b"DICM");
    write_meta(meta, syntax, out);
    if syntax.deflated {
        let mut plain = Vec::with_capacity(encoded_len(data));
        write_data_set(data, syntax, &mut plain);
        deflate(&plain, out);
        if out.len() % 2 == 1 {
            out.push(0);
        }
    } else {
        write_data_set(data, syntax, out);
    }
}

/// Appends the deflated bytes (PS3.5 A.5: without a zlib header).
fn deflate(plain: &[u8], out: &mut Vec<u8>) {
    let mut stream = Compress::new(Compression::new(DEFLATE_LEVEL), false);
    let mut room = plain.len() / 2 + 64;
    loop {
        out.reserve(room);
        let taken = stream.total_in() as usize;
        // A stream that may end and has room cannot fail: it ends, or asks for more room.
        match stream.compress_vec(&plain[taken..], out, FlushCompress::Finish) {
            Ok(Status::StreamEnd) | Err(_) => return,
            Ok(_) => room = room.saturating_mul(2),
        }
    }
}

fn write_meta(meta: &DataSet<'_>, syntax: &Syntax, out: &mut Vec<u8>) {
    const VERSION: Tag = Tag(0x0002, 0x0001);
    const TRANSFER_SYNTAX_UID: Tag = Tag(0x0002, 0x0010);
    let version = Element::new(VERSION, VR::OB, &[0, 1][..]);
    let uid = Element::text(TRANSFER_SYNTAX_UID, VR::UI, &syntax.uid);
    let mut writer = Writer {
        out,
        endian: Endian::Little,
        explicit: true,
        force_undefined: false,
    };
    writer.head(Tag(0x0002, 0x0000), VR::UL, 4);
    writer.out.extend([0; 4]);
    let start = writer.out.len();
    let stated = meta.elements().iter().filter(|element| {
        element.tag.0 == 2 && element.tag.1 != 0 && element.tag != TRANSFER_SYNTAX_UID
    });
    let has_version = meta.get(VERSION).is_some();
    let mut all: Vec<&Element<'_>> = stated.collect();
    if !has_version {
        all.push(&version);
    }
    all.push(&uid);
    all.sort_by_key(|element| element.tag);
    for element in all {
        writer.element(element);
    }
    writer.fill_in(start);
}

/// Appends a data set in `syntax`, without deflating it. Group lengths are not written.
pub fn write_data_set(data: &DataSet<'_>, syntax: &Syntax, out: &mut Vec<u8>) {
    let Syntax {
        endian, explicit, ..
    } = *syntax;
    // Lengths have 32 bits; content that could pass them is delimited instead.
    let force_undefined = encoded_len(data) >= UNDEFINED as usize;
    Writer {
        out,
        endian,
        explicit,
        force_undefined,
    }
    .elements(data);
}

/// An upper bound of the bytes that a data set takes when it is written, before deflation.
pub fn encoded_len(data: &DataSet<'_>) -> usize {
    data.elements().iter().map(element_len).sum()
}

fn element_len(element: &Element<'_>) -> usize {
    let value = match &element.value {
        Value::Bytes(bytes) => even(bytes.len()),
        Value::Items(items) => {
            8 + items
                .items
                .iter()
                .map(|item| 16 + encoded_len(item))
                .sum::<usize>()
        }
        Value::Fragments(fragments) => {
            let table = 16 + even(fragments.offset_table.len());
            table
                + fragments
                    .fragments
                    .iter()
                    .map(|one| 8 + even(one.len()))
                    .sum::<usize>()
        }
    };
    12 + value
}

const fn even(length: usize) -> usize {
    length + length % 2
}

struct Writer<'o> {
    out: &'o mut Vec<u8>,
    endian: Endian,
    explicit: bool,
    force_undefined: bool,
}

impl Writer<'_> {
    fn elements(&mut self, data: &DataSet<'_>) {
        for element in data.elements().iter().filter(|element| element.tag.1 != 0) {
            self.element(element);
        }
    }

    fn element(&mut self, element: &Element<'_>) {
        match &element.value {
            Value::Bytes(bytes) => self.bytes(element, bytes),
            Value::Items(items) => self.items(element.tag, items),
            Value::Fragments(fragments) => self.fragments(element, fragments),
        }
    }

    fn bytes(&mut self, element: &Element<'_>, bytes: &[u8]) {
        let length = even(bytes.len());
        let vr = match element.vr {
            // Bytes are no sequence, and a length of 16 bits cannot hold more.
            VR::SQ if !bytes.is_empty() => VR::UN,
            vr if !vr::has_long_length(vr) && length > LONGEST_SHORT => VR::UN,
            vr => vr,
        };
        self.head(
            element.tag,
            vr,
            u32::try_from(length).unwrap_or(UNDEFINED - 1),
        );
        self.padded(bytes, vr::padding(element.vr));
    }

    fn items(&mut self, tag: Tag, items: &Items<'_>) {
        let is_defined = self.is_defined(items.length);
        self.head(tag, VR::SQ, if is_defined { 0 } else { UNDEFINED });
        let start = self.out.len();
        for item in &items.items {
            self.item(item);
        }
        if is_defined {
            self.fill_in(start);
        } else {
            self.delimiter(SEQUENCE_END, 0);
        }
    }

    fn item(&mut self, item: &DataSet<'_>) {
        let is_defined = self.is_defined(item.length);
        self.delimiter(ITEM, if is_defined { 0 } else { UNDEFINED });
        let start = self.out.len();
        self.elements(item);
        if is_defined {
            self.fill_in(start);
        } else {
            self.delimiter(ITEM_END, 0);
        }
    }

    fn fragments(&mut self, element: &Element<'_>, fragments: &Fragments<'_>) {
        let vr = if element.vr == VR::OW { VR::OW } else { VR::OB };
        self.head(element.tag, vr, UNDEFINED);
        for fragment in std::iter::once(&fragments.offset_table).chain(&fragments.fragments) {
            self.delimiter(
                ITEM,
                u32::try_from(even(fragment.len())).unwrap_or(UNDEFINED - 1),
            );
            self.padded(fragment, 0);
        }
        self.delimiter(SEQUENCE_END, 0);
    }

    fn is_defined(&self, length: LengthForm) -> bool {
        length == LengthForm::Defined && !self.force_undefined
    }

    fn head(&mut self, tag: Tag, vr: VR, length: u32) {
        if !self.explicit {
            self.delimiter(tag, length);
            return;
        }
        let mut head = [0; 12];
        head[..2].copy_from_slice(&self.u16(tag.0));
        head[2..4].copy_from_slice(&self.u16(tag.1));
        head[4..6].copy_from_slice(&vr.to_bytes());
        if vr::has_long_length(vr) {
            head[8..].copy_from_slice(&self.u32(length));
            self.out.extend_from_slice(&head);
        } else {
            head[6..8].copy_from_slice(&self.u16(length as u16));
            self.out.extend_from_slice(&head[..8]);
        }
    }

    fn delimiter(&mut self, tag: Tag, length: u32) {
        let mut head = [0; 8];
        head[..2].copy_from_slice(&self.u16(tag.0));
        head[2..4].copy_from_slice(&self.u16(tag.1));
        head[4..].copy_from_slice(&self.u32(length));
        self.out.extend_from_slice(&head);
    }

    fn padded(&mut self, bytes: &[u8], padding: u8) {
        self.out.extend_from_slice(bytes);
        if bytes.len() % 2 == 1 {
            self.out.push(padding);
        }
    }

    /// Fills in the length before `start`, that of everything after it.
    fn fill_in(&mut self, start: usize) {
        let length = (self.out.len() - start) as u32;
        let bytes = self.u32(length);
        if let Some(place) = self.out.get_mut(start - 4..start) {
            place.copy_from_slice(&bytes);
        }
    }

    const fn u16(&self, number: u16) -> [u8; 2] {
        match self.endian {
            Endian::Little => number.to_le_bytes(),
            Endian::Big => number.to_be_bytes(),
        }
    }

    const fn u32(&self, number: u32) -> [u8; 4] {
        match self.endian {
            Endian::Little => number.to_le_bytes(),
            Endian::Big => number.to_be_bytes(),
        }
    }
}
