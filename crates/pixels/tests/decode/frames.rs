//! Which fragments are which frame (PS3.5 A.4).

use obscura_dicom::{Element, Syntax, Tag, VR};
use obscura_pixels::decode::{Codec, DecodeError, Image};

use crate::pictures::{Description, busy, codestream, decode, encapsulated, values};

const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";

/// Two frames of two fragments each: a picture of 12 bits and the same near-lossless.
fn two_frames() -> (Vec<u8>, Vec<u8>) {
    let even = |mut data: Vec<u8>| {
        if data.len() % 2 == 1 {
            data.push(0);
        }
        data
    };
    (
        even(codestream("busy-12-1-near0.jls")),
        even(codestream("busy-12-1-near3.jls")),
    )
}

fn check_both(element: Element<'_>, extended: Option<Vec<u8>>) {
    let description = Description {
        frames: 2,
        ..Description::new(12, 1)
    };
    let mut object = description.object(element);
    if let Some(table) = extended {
        object.put(Element::new(Tag(0x7FE0, 0x0001), VR::OV, table));
    }
    assert_eq!(values(&decode(&object, JPEG_LS, 0).unwrap()), busy(12, 1));
    let second = values(&decode(&object, JPEG_LS, 1).unwrap());
    assert_ne!(second, busy(12, 1));
    assert!(
        second
            .iter()
            .zip(busy(12, 1))
            .all(|(a, b)| (a - b).abs() <= 3)
    );
    assert_eq!(decode(&object, JPEG_LS, 2), Err(DecodeError::NoSuchFrame));
}

#[test]
fn one_fragment_a_frame_needs_no_table() {
    let (first, second) = two_frames();
    check_both(encapsulated(&[&first, &second], &[]), None);
}

#[test]
fn the_basic_offset_table_says_where_frames_begin() {
    let (first, second) = two_frames();
    let (a, b) = first.split_at(100);
    let (c, d) = second.split_at(100);
    let offset = 8 + 100 + 8 + b.len() as u32;
    check_both(encapsulated(&[a, b, c, d], &[0, offset]), None);
}

#[test]
fn the_extended_offset_table_says_where_frames_begin() {
    let (first, second) = two_frames();
    let (a, b) = first.split_at(100);
    let offset = (8 + 100 + 8 + b.len()) as u64;
    let table = [0_u64.to_le_bytes(), offset.to_le_bytes()].concat();
    check_both(encapsulated(&[a, b, &second], &[]), Some(table));
}

#[test]
fn without_a_table_and_against_a_wrong_one_the_codestreams_tell() {
    let (first, second) = two_frames();
    let (a, b) = first.split_at(100);
    let (c, d) = second.split_at(100);
    for offsets in [&[][..], &[0, 7], &[0, 0], &[0, 1 << 30], &[8, 108], &[0]] {
        check_both(encapsulated(&[a, b, c, d], offsets), None);
        check_both(encapsulated(&[a, b, &second], offsets), None);
    }
}

#[test]
fn empty_fragments_do_not_count() {
    let (first, second) = two_frames();
    check_both(encapsulated(&[&[], &first, &second], &[]), None);
    check_both(encapsulated(&[&first, &second, &[]], &[]), None);
}

#[test]
fn one_frame_may_have_many_fragments() {
    let data = codestream("busy-12-1-near0.jls");
    let parts: Vec<&[u8]> = data.chunks(64).collect();
    let object = Description::new(12, 1).object(encapsulated(&parts, &[0]));
    assert_eq!(values(&decode(&object, JPEG_LS, 0).unwrap()), busy(12, 1));
}

#[test]
fn frames_that_are_not_there_are_reported() {
    let (first, _) = two_frames();
    let description = Description {
        frames: 3,
        ..Description::new(12, 1)
    };
    let object = description.object(encapsulated(&[&first], &[]));
    assert_eq!(decode(&object, JPEG_LS, 2), Err(DecodeError::TooShort));
    let object = description.object(encapsulated(&[], &[]));
    assert_eq!(decode(&object, JPEG_LS, 0), Err(DecodeError::TooShort));
}

#[test]
fn the_codestream_of_a_frame_is_given_byte_for_byte() {
    let (first, second) = two_frames();
    let (a, b) = first.split_at(100);
    let description = Description {
        frames: 2,
        ..Description::new(12, 1)
    };
    let object = description.object(encapsulated(&[a, b, &second], &[]));
    let syntax = Syntax::from_uid(JPEG_LS);
    let image = Image::of(&object, &syntax, &obscura_core::Limits::default())
        .unwrap()
        .unwrap();
    assert_eq!(image.frames(), 2);
    assert_eq!(image.codec(), Ok(Codec::JpegLs));
    assert_eq!(*image.frame_bytes(0).unwrap(), first);
    assert_eq!(*image.frame_bytes(1).unwrap(), second);
}

#[test]
fn a_codestream_without_items_and_one_under_a_native_syntax_are_decoded() {
    let data = codestream("busy-12-1-near0.jls");
    let description = Description::new(12, 1);
    let bare = description.object(Element::new(Tag(0x7FE0, 0x0010), VR::OB, &data[..]));
    assert_eq!(values(&decode(&bare, JPEG_LS, 0).unwrap()), busy(12, 1));
    let object = description.object(encapsulated(&[&data], &[]));
    assert_eq!(
        values(&decode(&object, Syntax::EXPLICIT_LE, 0).unwrap()),
        busy(12, 1)
    );
}

#[test]
fn encapsulated_native_and_deflated_frames_are_decoded() {
    let cells: Vec<u8> = busy(12, 1)
        .iter()
        .flat_map(|value| (*value as u16).to_le_bytes())
        .collect();
    let description = Description {
        frames: 2,
        ..Description::new(12, 1)
    };
    let zeros = vec![0; cells.len()];
    let object = description.object(encapsulated(&[&zeros, &cells], &[]));
    assert_eq!(
        values(&decode(&object, "1.2.840.10008.1.2.1.98", 1).unwrap()),
        busy(12, 1)
    );

    let deflated = [
        miniz_oxide::deflate::compress_to_vec(&zeros, 6),
        miniz_oxide::deflate::compress_to_vec(&cells, 6),
    ];
    let object = description.object(encapsulated(&[&deflated[0], &deflated[1]], &[]));
    assert_eq!(
        values(&decode(&object, "1.2.840.10008.1.2.8.1", 1).unwrap()),
        busy(12, 1)
    );
    // A frame that inflates to more than its description has.
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; 1 << 20], 6);
    let object = description.object(encapsulated(&[&bomb, &bomb], &[]));
    let error = DecodeError::Corrupt {
        codec: Codec::Deflate,
    };
    assert_eq!(decode(&object, "1.2.840.10008.1.2.8.1", 0), Err(error));
}
