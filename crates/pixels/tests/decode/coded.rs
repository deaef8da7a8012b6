//! Every coding gives the picture that was coded: exactly, or as near as it promises
//! (PS3.5 8.2, A.4).

use obscura_pixels::Photometric;

use crate::pictures::{
    COLUMNS, Description, ROWS, busy, codestream, codestreams, described, smooth, values,
};

/// The largest difference of two pictures.
fn worst(decoded: &[i64], drawn: &[i64]) -> i64 {
    assert_eq!(decoded.len(), drawn.len());
    decoded
        .iter()
        .zip(drawn)
        .map(|(a, b)| (a - b).abs())
        .max()
        .unwrap_or(0)
}

/// How far a codestream may be from its picture, by what its name says.
fn tolerance(name: &str, bits: u16) -> i64 {
    let unit = 1 << (bits - 8.min(bits));
    if name.contains("near3") {
        3
    } else if name.contains("near2") {
        2
    } else if name.contains("point2") {
        3
    } else if name.starts_with("busy") {
        0
    } else if name.contains("420") || name.contains("422") || name.contains("3-progressive") {
        // Chroma of half the size: the slope is drawn again to within a step or two.
        10 * unit
    } else {
        4 * unit
    }
}

#[test]
fn every_stored_codestream_gives_its_picture() {
    let mut tested = 0;
    for (name, data) in codestreams() {
        let (uid, description) = described(&name);
        let frame = description
            .decode_coded(uid, &data)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((frame.rows, frame.columns), (ROWS, COLUMNS), "{name}");
        assert_eq!(frame.samples_per_pixel, description.samples, "{name}");
        let (bits, samples) = (
            u32::from(description.stored),
            u32::from(description.samples),
        );
        let mut drawn = if name.starts_with("busy") {
            busy(bits, samples)
        } else {
            smooth(bits, samples)
        };
        if description.signed == 1 {
            for value in &mut drawn {
                *value -= 1 << (bits - 1);
            }
        }
        let difference = worst(&values(&frame), &drawn);
        let allowed = tolerance(&name, description.stored);
        assert!(
            difference <= allowed,
            "{name} differs by {difference}, {allowed} is allowed"
        );
        if description.samples == 3 {
            assert_eq!(frame.photometric, Photometric::Rgb, "{name}");
        }
        tested += 1;
    }
    assert!(tested >= 55, "only {tested} codestreams were found");
}

#[test]
fn a_stream_behind_other_bytes_and_before_padding_is_decoded() {
    for name in [
        "smooth-8-1-baseline.jpg",
        "busy-12-1-near0.jls",
        "busy-12-1-predictor4.jpg",
    ] {
        let (uid, description) = described(name);
        let whole = description.decode_coded(uid, &codestream(name)).unwrap();
        let mut padded = codestream(name);
        padded.extend_from_slice(&[0; 7]);
        assert_eq!(
            description.decode_coded(uid, &padded).unwrap(),
            whole,
            "{name}"
        );
        // Without its end-of-image marker.
        let cut = codestream(name).len() - 2;
        assert_eq!(
            description
                .decode_coded(uid, &codestream(name)[..cut])
                .unwrap(),
            whole,
            "{name}"
        );
    }
}

#[test]
fn the_coding_is_told_by_the_codestream_where_the_transfer_syntax_is_wrong() {
    for (name, data) in codestreams() {
        let (uid, description) = described(&name);
        let right = description.decode_coded(uid, &data).unwrap();
        for wrong in [
            "1.2.840.10008.1.2.4.50",
            "1.2.840.10008.1.2.4.90",
            "1.2.840.10008.1.2.4.80",
        ] {
            let found = description.decode_coded(wrong, &data).unwrap();
            assert_eq!(found.samples, right.samples, "{name} as {wrong}");
        }
    }
}

#[test]
fn subsampled_chroma_is_ycbcr_even_where_the_description_says_rgb() {
    // Some writers name RGB what they coded as YCbCr: nothing but YCbCr is subsampled.
    let description = Description {
        photometric: "RGB",
        ..Description::new(8, 3)
    };
    let frame = description
        .decode_coded(
            "1.2.840.10008.1.2.4.50",
            &without_applications(&codestream("smooth-8-3-420.jpg")),
        )
        .unwrap();
    assert!(worst(&values(&frame), &smooth(8, 3)) <= 10);
    assert_eq!(frame.photometric, Photometric::Rgb);
}

#[test]
fn without_hints_in_the_stream_the_description_names_the_colours() {
    let bare = without_applications(&codestream("smooth-8-3-444.jpg"));
    let as_named = |photometric| {
        let description = Description {
            photometric,
            ..Description::new(8, 3)
        };
        values(
            &description
                .decode_coded("1.2.840.10008.1.2.4.50", &bare)
                .unwrap(),
        )
    };
    assert!(worst(&as_named("YBR_FULL"), &smooth(8, 3)) <= 4);
    assert!(worst(&as_named("YBR_FULL_422"), &smooth(8, 3)) <= 4);
    assert!(
        worst(&as_named("RGB"), &smooth(8, 3)) > 50,
        "no transform was asked for"
    );
}

/// A JPEG stream without its APP segments.
fn without_applications(data: &[u8]) -> Vec<u8> {
    let mut kept = data[..2].to_vec();
    let mut at = 2;
    while data[at] == 0xFF && data[at + 1] != 0xDA {
        let length = 2 + usize::from(u16::from_be_bytes([data[at + 2], data[at + 3]]));
        if data[at + 1] & 0xF0 != 0xE0 {
            kept.extend_from_slice(&data[at..at + length]);
        }
        at += length;
    }
    kept.extend_from_slice(&data[at..]);
    kept
}

#[test]
fn the_sign_of_a_codestream_gives_way_to_that_of_the_description() {
    // PS3.5 8.2.4 note: Pixel Representation counts, whatever the codestream says.
    let stream = codestream("busy-12s-1-lossless.j2k");
    let unsigned = Description::new(12, 1);
    let frame = unsigned
        .decode_coded("1.2.840.10008.1.2.4.90", &stream)
        .unwrap();
    let expected: Vec<i64> = busy(12, 1)
        .iter()
        .map(|value| (value - 2048) & 0xFFF)
        .collect();
    assert_eq!(values(&frame), expected);

    let signed = Description {
        signed: 1,
        ..Description::new(12, 1)
    };
    let frame = signed
        .decode_coded(
            "1.2.840.10008.1.2.4.90",
            &codestream("busy-12-1-lossless.j2k"),
        )
        .unwrap();
    let expected: Vec<i64> = busy(12, 1)
        .iter()
        .map(|v| if *v > 2047 { v - 4096 } else { *v })
        .collect();
    assert_eq!(values(&frame), expected);
}

#[test]
fn a_picture_of_another_size_than_described_is_given_as_it_is() {
    // What is in the stream is what must be looked at for burned-in text.
    let (uid, description) = described("busy-8-1-near0.jls");
    let smaller = Description {
        rows: 8,
        columns: 8,
        ..description
    };
    let frame = smaller
        .decode_coded(uid, &codestream("busy-8-1-near0.jls"))
        .unwrap();
    assert_eq!((frame.rows, frame.columns), (ROWS, COLUMNS));
    assert_eq!(values(&frame), busy(8, 1));
}

#[test]
fn bits_above_bits_stored_are_kept_where_they_are_the_picture_and_masked_where_they_are_overlays() {
    use crate::pictures::{decode, encapsulated};
    use obscura_dicom::{Element, Tag, VR};

    let stream = codestream("busy-12-1-predictor1.jpg");
    let understated = Description {
        stored: 8,
        high: 7,
        ..Description::new(12, 1)
    };
    let mut object = understated.object(encapsulated(&[&stream], &[]));
    let frame = decode(&object, "1.2.840.10008.1.2.4.57", 0).unwrap();
    assert_eq!((frame.bits_stored, values(&frame)), (12, busy(12, 1)));

    // PS3.3 C.9.2: an overlay in the pixel data has a bit position and no data of its own.
    object.put(Element::new(
        Tag(0x6000, 0x0102),
        VR::US,
        8_u16.to_le_bytes().to_vec(),
    ));
    let frame = decode(&object, "1.2.840.10008.1.2.4.57", 0).unwrap();
    let expected: Vec<i64> = busy(12, 1).iter().map(|value| value & 0xFF).collect();
    assert_eq!((frame.bits_stored, values(&frame)), (8, expected));
}

#[test]
fn what_a_lossy_coding_pushes_above_bits_stored_stays_the_largest_value() {
    // Far above what is described it is another picture, and the description is wrong.
    let stream = codestream("smooth-12-1-extended.jpg");
    let whole = Description::new(12, 1)
        .decode_coded("1.2.840.10008.1.2.4.51", &stream)
        .unwrap();
    assert!(values(&whole).iter().any(|value| *value > 2047 + 255));
    let understated = Description {
        stored: 11,
        high: 10,
        ..Description::new(12, 1)
    };
    let frame = understated
        .decode_coded("1.2.840.10008.1.2.4.51", &stream)
        .unwrap();
    assert_eq!(
        (frame.bits_stored, values(&frame)),
        (12, values(&whole)),
        "another picture"
    );

    let white = codestream("white-12-1-extended.jpg");
    let frame = Description::new(12, 1)
        .decode_coded("1.2.840.10008.1.2.4.51", &white)
        .unwrap();
    assert!(
        values(&frame).iter().any(|value| *value > 1023),
        "the stream does overshoot"
    );
    let ten = Description {
        stored: 10,
        high: 9,
        ..Description::new(12, 1)
    };
    let held = ten.decode_coded("1.2.840.10008.1.2.4.51", &white).unwrap();
    let expected: Vec<i64> = values(&frame)
        .iter()
        .map(|value| *value.min(&1023))
        .collect();
    assert_eq!((held.bits_stored, values(&held)), (10, expected));
}

#[test]
fn video_and_remote_pixel_data_are_named_as_not_supported() {
    for (uid, what) in [
        ("1.2.840.10008.1.2.4.100", "MPEG-2 video"),
        ("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 video"),
        ("1.2.840.10008.1.2.4.107", "HEVC/H.265 video"),
        ("1.2.840.10008.1.2.4.94", "pixel data on a JPIP server"),
    ] {
        let error = Description::new(8, 1)
            .decode_coded(uid, &[0, 0, 1, 0xB3])
            .unwrap_err();
        assert_eq!(error.to_string(), format!("not supported: {what}"));
    }
}
