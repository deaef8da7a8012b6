//! Elements as bytes, little endian, right and wrong alike: what no writer of this crate writes.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::trivially_copy_pass_by_ref,
    reason = "each test uses a part, on data of its own"
)]

use obscura_dicom::Tag;

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
