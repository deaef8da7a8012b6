//! Elements and files as bytes, little endian, right and wrong alike: what no writer of this crate writes.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::trivially_copy_pass_by_ref,
    reason = "each test uses a part, on data of its own"
)]

use obscura_core::Limits;
use obscura_dicom::{DicomFile, Source, Syntax, Tag, VR};

pub const NAME: Tag = Tag(0x0010, 0x0010);

fn head(tag: Tag) -> Vec<u8> {
    [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat()
}

/// Explicit VR with 16 bits of length.
pub fn short(tag: Tag, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_le_bytes();
    [&head(tag)[..], vr, &length, value].concat()
}

/// Explicit VR with 32 bits of length.
pub fn long(tag: Tag, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap().to_le_bytes();
    [&head(tag)[..], vr, &[0, 0], &length, value].concat()
}

/// Implicit VR.
pub fn implicit(tag: Tag, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap().to_le_bytes();
    [&head(tag)[..], &length, value].concat()
}

/// The head of an element of undefined length in Explicit VR.
pub fn undefined(tag: Tag, vr: &[u8; 2]) -> Vec<u8> {
    [&head(tag)[..], vr, &[0, 0], &[0xFF; 4]].concat()
}

/// An item of defined length.
pub fn item(content: &[u8]) -> Vec<u8> {
    implicit(Tag(0xFFFE, 0xE000), content)
}

/// The head of an item of undefined length.
pub fn undefined_item() -> Vec<u8> {
    [&head(Tag(0xFFFE, 0xE000))[..], &[0xFF; 4]].concat()
}

/// An item delimiter.
pub fn item_end() -> Vec<u8> {
    implicit(Tag(0xFFFE, 0xE00D), &[])
}

/// A sequence delimiter.
pub fn sequence_end() -> Vec<u8> {
    implicit(Tag(0xFFFE, 0xE0DD), &[])
}

/// A file of this transfer syntax and these data set bytes.
pub fn file(uid: &str, data: &[&[u8]]) -> Vec<u8> {
    let mut uid = uid.as_bytes().to_vec();
    uid.resize(uid.len().next_multiple_of(2), 0);
    let meta = short(Tag(2, 0x10), b"UI", &uid);
    let length = u32::try_from(meta.len()).expect("is there").to_le_bytes();
    let head = [
        &[0; 128][..],
        b"DICM",
        &short(Tag(2, 0), b"UL", &length),
        &meta,
    ]
    .concat();
    [head, data.concat()].concat()
}

pub fn explicit(data: &[&[u8]]) -> Vec<u8> {
    file(Syntax::EXPLICIT_LE, data)
}

/// Reads and hands over to the assertions.
pub fn read(bytes: &[u8], check: impl FnOnce(&DicomFile<'_>)) {
    let limits = Limits::default();
    let source = Source::open(bytes, &limits).expect("opens");
    check(&source.parse(&limits).expect("parses"));
}

pub fn has_name(file: &DicomFile<'_>) {
    assert_eq!(file.data.ascii(NAME), Some("Doe^Jane"));
    assert_eq!(file.data.get(NAME).map(|element| element.vr), Some(VR::PN));
}

pub fn name() -> Vec<u8> {
    short(NAME, b"PN", b"Doe^Jane")
}

pub fn class() -> Vec<u8> {
    short(Tag(0x0008, 0x0016), b"UI", b"1.2.840.10008.5.1.4.1.1.7\0")
}
