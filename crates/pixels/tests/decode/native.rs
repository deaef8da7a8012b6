//! Native pixel data (PS3.5 8.1.1, 8.2, annex D): cells of every width, sign, order and plane.

use obscura_dicom::{Element, Syntax, Tag, VR};
use obscura_pixels::decode::DecodeError;
use obscura_pixels::{Photometric, Samples};
use proptest::prelude::*;

use crate::pictures::{Description, busy, decode, native, values};

#[test]
fn bits_outside_bits_stored_are_masked_and_high_bit_shifts() {
    // PS3.5 8.1.1: the bits beside the sample hold anything, overlays of old.
    let one = Description {
        rows: 1,
        columns: 2,
        ..Description::new(12, 1)
    };
    let bytes = [0x34, 0xF2, 0xFF, 0x0F];
    assert_eq!(
        values(&one.decode_native(&bytes, 0).unwrap()),
        [0x234, 0xFFF]
    );
    let signed = Description { signed: 1, ..one };
    assert_eq!(
        values(&signed.decode_native(&bytes, 0).unwrap()),
        [0x234, -1]
    );
    let shifted = Description { high: 15, ..one };
    assert_eq!(
        values(&shifted.decode_native(&bytes, 0).unwrap()),
        [0xF23, 0x0FF]
    );
    let narrow = Description {
        stored: 8,
        high: 7,
        allocated: 16,
        ..one
    };
    let frame = narrow.decode_native(&bytes, 0).unwrap();
    assert_eq!(frame.samples, Samples::U8(vec![0x34, 0xFF]));
}

#[test]
fn cells_of_24_32_64_and_12_bits_are_read() {
    let of = |allocated, stored, signed| Description {
        rows: 1,
        columns: 2,
        allocated,
        stored,
        high: stored - 1,
        signed,
        ..Description::new(8, 1)
    };
    let bytes = [
        1, 2, 0x83, 4, 5, 6, 7, 0x88, 9, 10, 11, 12, 13, 14, 15, 0x90,
    ];
    assert_eq!(
        values(&of(24, 24, 0).decode_native(&bytes[..6], 0).unwrap()),
        [0x83_0201, 0x06_0504]
    );
    assert_eq!(
        values(&of(32, 32, 1).decode_native(&bytes[..8], 0).unwrap()),
        [0x0483_0201, i64::from(0x8807_0605_u32.cast_signed())]
    );
    let frame = of(64, 64, 1).decode_native(&bytes, 0).unwrap();
    let expected = [i64::from_le_bytes(*bytes.first_chunk().unwrap()) as f64];
    assert!(matches!(frame.samples, Samples::F64(found) if found[..1] == expected));
    // Two cells of 12 bits in three bytes (annex D).
    assert_eq!(
        values(&of(12, 12, 0).decode_native(&[0x12, 0x34, 0x56], 0).unwrap()),
        [0x412, 0x563]
    );
}

#[test]
fn float_and_double_pixel_data_are_given_as_they_are() {
    let description = Description {
        rows: 1,
        columns: 2,
        ..Description::new(8, 1)
    };
    let floats: Vec<u8> = [1.5_f32, f32::NEG_INFINITY]
        .iter()
        .flat_map(|f| f.to_le_bytes())
        .collect();
    let object = description.object(Element::new(Tag(0x7FE0, 0x0008), VR::OF, floats));
    let frame = decode(&object, Syntax::EXPLICIT_LE, 0).unwrap();
    assert_eq!(frame.samples, Samples::F32(vec![1.5, f32::NEG_INFINITY]));
    let doubles: Vec<u8> = [0.1_f64, -7.25]
        .iter()
        .flat_map(|f| f.to_le_bytes())
        .collect();
    let object = description.object(Element::new(Tag(0x7FE0, 0x0009), VR::OD, doubles));
    let frame = decode(&object, Syntax::EXPLICIT_LE, 0).unwrap();
    assert_eq!(
        (frame.samples, frame.bits_stored),
        (Samples::F64(vec![0.1, -7.25]), 64)
    );
}

#[test]
fn single_bits_go_on_across_bytes_from_frame_to_frame() {
    // PS3.5 8.2: frames of single bits are packed without padding between them.
    let description = Description {
        rows: 3,
        columns: 5,
        allocated: 1,
        stored: 1,
        high: 0,
        frames: 4,
        ..Description::new(8, 1)
    };
    let bits: Vec<u8> = (0..60_u32).map(|at| (at * at / 3 % 2) as u8).collect();
    let mut bytes = vec![0_u8; 8];
    for (at, bit) in bits.iter().enumerate() {
        bytes[at / 8] |= bit << (at % 8);
    }
    for frame in 0..4 {
        let found = description.decode_native(&bytes, frame).unwrap();
        let expected = bits[frame as usize * 15..][..15].to_vec();
        assert_eq!(found.samples, Samples::U8(expected), "frame {frame}");
    }
}

#[test]
fn big_endian_and_words_of_bytes_are_put_in_order() {
    let description = Description {
        rows: 1,
        columns: 2,
        ..Description::new(16, 1)
    };
    let object = description.object_in(native(VR::OW, &[1, 2, 3, 4]), u16::to_be_bytes);
    assert_eq!(
        values(&decode(&object, Syntax::EXPLICIT_BE, 0).unwrap()),
        [0x0102, 0x0304]
    );
    // Bytes in words (OW) are swapped, bytes of OB are not; frames may begin at odd bytes.
    let bytes = Description {
        rows: 1,
        columns: 3,
        frames: 2,
        ..Description::new(8, 1)
    };
    let object = bytes.object_in(native(VR::OW, &[2, 1, 4, 3, 6, 5]), u16::to_be_bytes);
    assert_eq!(
        values(&decode(&object, Syntax::EXPLICIT_BE, 0).unwrap()),
        [1, 2, 3]
    );
    assert_eq!(
        values(&decode(&object, Syntax::EXPLICIT_BE, 1).unwrap()),
        [4, 5, 6]
    );
    let object = bytes.object_in(native(VR::OB, &[1, 2, 3, 4, 5, 6]), u16::to_be_bytes);
    assert_eq!(
        values(&decode(&object, Syntax::EXPLICIT_BE, 1).unwrap()),
        [4, 5, 6]
    );
    // GE's private syntax: little endian elements, big endian pixels.
    let object = description.object(native(VR::OW, &[1, 2, 3, 4]));
    assert_eq!(
        values(&decode(&object, "1.2.840.113619.5.2", 0).unwrap()),
        [0x0102, 0x0304]
    );
}

#[test]
fn planes_are_interleaved_and_half_chroma_is_doubled() {
    let planes = Description {
        rows: 1,
        columns: 2,
        planar: 1,
        ..Description::new(8, 3)
    };
    let frame = planes.decode_native(&[1, 2, 3, 4, 5, 6], 0).unwrap();
    assert_eq!(values(&frame), [1, 3, 5, 2, 4, 6]);
    // PS3.3 C.7.6.3.1.2, YBR_FULL_422: Y1 Y2 CB CR.
    let half = Description {
        photometric: "YBR_FULL_422",
        planar: 0,
        frames: 2,
        ..planes
    };
    let frame = half.decode_native(&[0, 0, 0, 0, 1, 2, 8, 9], 1).unwrap();
    assert_eq!(values(&frame), [1, 8, 9, 2, 8, 9]);
    assert_eq!(frame.photometric, Photometric::YbrFull422);
    // Writers that name it and store all samples.
    let frame = half
        .decode_native(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1)
        .unwrap();
    assert_eq!(values(&frame), [7, 8, 9, 10, 11, 12]);
}

#[test]
fn short_pixel_data_is_filled_up_and_missing_pixel_data_reported() {
    let cells: Vec<u8> = busy(16, 1)
        .iter()
        .flat_map(|value| (*value as u16).to_le_bytes())
        .collect();
    let description = Description {
        frames: 2,
        ..Description::new(16, 1)
    };
    let most = &cells[..cells.len() - 10];
    let frame = description.decode_native(most, 0).unwrap();
    let mut expected = busy(16, 1);
    let from = expected.len() - 5;
    expected[from..].fill(0);
    assert_eq!(values(&frame), expected);
    assert_eq!(
        description.decode_native(most, 1),
        Err(DecodeError::TooShort)
    );
    assert_eq!(
        description.decode_native(&cells[..100], 0),
        Err(DecodeError::TooShort)
    );
    assert_eq!(
        description.decode_native(&[], 0),
        Err(DecodeError::TooShort)
    );
}

#[test]
fn a_description_that_cannot_be_is_refused() {
    let one = Description {
        rows: 1,
        columns: 1,
        ..Description::new(8, 1)
    };
    for wrong in [
        Description { rows: 0, ..one },
        Description { columns: 0, ..one },
        Description { samples: 0, ..one },
        Description {
            allocated: 0,
            ..one
        },
        Description {
            allocated: 65,
            ..one
        },
    ] {
        assert!(
            matches!(
                wrong.decode_native(&[1, 2], 0),
                Err(DecodeError::Description(_))
            ),
            "{wrong:?}"
        );
    }
    // Bits that contradict each other are mended as the field's readers do.
    let mended = Description {
        stored: 99,
        high: 300,
        ..one
    };
    assert_eq!(values(&mended.decode_native(&[7, 0], 0).unwrap()), [7]);
    let four = Description {
        samples: 4,
        photometric: "CMYK",
        ..one
    };
    assert!(matches!(
        four.decode_native(&[1; 4], 0),
        Err(DecodeError::Unsupported(_))
    ));
}

#[test]
fn claims_above_the_limits_are_refused_before_memory_is_taken() {
    let huge = Description {
        rows: 65_535,
        columns: 65_535,
        ..Description::new(16, 3)
    };
    assert_eq!(
        huge.decode_native(&[0; 8], 0),
        Err(DecodeError::Limit("pixels of a frame"))
    );
    let wide = Description {
        rows: 4096,
        columns: 4096,
        allocated: 64,
        ..Description::new(16, 3)
    };
    assert_eq!(
        wide.decode_native(&[0; 8], 0),
        Err(DecodeError::Limit("bytes of a frame"))
    );
    let many = Description {
        frames: 2_000_000_000,
        ..Description::new(8, 1)
    };
    assert_eq!(
        many.decode_native(&[0; 8], 0),
        Err(DecodeError::Limit("frames"))
    );
}

proptest! {
    /// Any description over any bytes gives a frame of its own size, or an error: never a panic.
    #[test]
    fn any_description_is_decoded_or_refused(
        (rows, columns, samples) in (0_u16..40, 0_u16..40, 0_u16..5),
        (allocated, stored, high) in (0_u16..70, 0_u16..70, 0_u16..70),
        (signed, planar, frames, frame) in (0_u16..3, 0_u16..3, 0_u32..5, 0_u32..5),
        photometric in proptest::sample::select(vec!["RGB", "MONOCHROME1", "YBR_FULL_422", "YBR_PARTIAL_420", "", "X"]),
        bytes in proptest::collection::vec(any::<u8>(), 0..4096),
        uid in proptest::sample::select(vec![Syntax::EXPLICIT_LE, Syntax::EXPLICIT_BE, "1.2.840.113619.5.2"]),
    ) {
        let description =
            Description { rows, columns, samples, photometric, allocated, stored, high, signed, planar, frames };
        let order = if uid == Syntax::EXPLICIT_BE { u16::to_be_bytes } else { u16::to_le_bytes };
        let object = description.object_in(native(VR::OW, &bytes), order);
        if let Ok(frame) = decode(&object, uid, frame) {
            let count = usize::from(rows) * usize::from(columns) * usize::from(samples);
            prop_assert_eq!(values(&frame).len(), count);
            let bits = u32::from(frame.bits_stored).min(62);
            let range = if signed == 1 && bits > 1 { -(1_i64 << (bits - 1))..1_i64 << (bits - 1) } else { 0..1_i64 << bits };
            prop_assert!(frame.bits_stored > 53 || values(&frame).iter().all(|v| range.contains(v)));
        }
    }
}
