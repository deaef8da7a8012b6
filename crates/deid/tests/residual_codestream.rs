//! Segments inside encapsulated frames: what can carry text goes, in place, and the coded image
//! stays byte for byte ("COM/EXIF/JUMBF segments inside encapsulated frames").

mod residual_kit;

use std::borrow::Cow;

use obscura_deid::codestream::{Codec, frames_of, metadata_spans, scrub_fragments, scrub_frame};
use proptest::prelude::*;
use residual_kit::*;

const NAME: &[u8] = b"Crowhurst";

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|part| part == text)
}

/// Scrubs, and proves on the way that the length and every byte outside the metadata stayed.
fn scrub(codec: Codec, frame: &[u8], plane: Option<u64>) -> (Vec<u8>, u32) {
    let result = scrub_frame(codec, frame, plane);
    assert_eq!(result.bytes.len(), frame.len());
    let spans = metadata_spans(codec, frame, plane);
    for (at, (new, old)) in result.bytes.iter().zip(frame).enumerate() {
        assert!(
            new == old || spans.iter().any(|span| span.contains(&at)),
            "byte {at} changed"
        );
    }
    let again = scrub_frame(codec, &result.bytes, plane);
    assert_eq!(again.segments_cleared, 0, "scrubbing is idempotent");
    (result.bytes.into_owned(), result.segments_cleared)
}

#[test]
fn jpeg_segments_that_can_hold_text_are_blanked_with_their_signatures() {
    let with = |signature: &[u8]| [signature, NAME].concat();
    let extra = [
        segment(0xE1, &with(b"Exif\0\0MM\0*")),
        segment(0xE1, &with(b"http://ns.adobe.com/xap/1.0/\0")),
        segment(0xE2, &with(b"ICC_PROFILE\0\x01\x01")),
        segment(0xEB, &with(b"JP\0\x01jumb")),
        segment(0xED, &with(b"Photoshop 3.0\0")),
        segment(0xFE, NAME),
        segment(0xE0, &with(b"JFXX\0\x10")),
    ];
    let frame = jpeg(&extra, b"\x01\xFF\x00\x02\xFF\xD0\x03", b"\0Crowhurst");
    let (clean, cleared) = scrub(Codec::Jpeg, &frame, None);
    assert_eq!(cleared, 8);
    for gone in [
        NAME,
        b"Exif",
        b"adobe",
        b"ICC",
        b"jumb",
        b"Photoshop",
        b"JFXX",
    ] {
        assert!(!holds(&clean, gone));
    }
}

#[test]
fn what_decides_the_colours_of_a_jpeg_stays() {
    let jfif = [b"JFIF\0\x01\x02\x00\0\x01\0\x01\x01\x03".as_slice(), NAME].concat();
    let extra = [
        segment(0xE0, &jfif),
        segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01Crowhurst"),
        segment(0xE8, b"mrfx\x01Crowhurst"),
    ];
    let (clean, cleared) = scrub(Codec::JpegLs, &jpeg(&extra, b"..", &[]), None);
    assert_eq!(cleared, 3);
    assert!(!holds(&clean, NAME));
    assert!(holds(&clean, &jfif[..14]));
    assert!(holds(&clean, b"Adobe\0\x64\0\0\0\0\x01"));
    assert!(holds(&clean, b"mrfx\x01"));
}

#[test]
fn the_spiff_header_stays_and_its_directory_is_blanked() {
    let header = [b"SPIFF\0".as_slice(), &[2; 24]].concat();
    let extra = [
        segment(0xE8, &header),
        segment(0xE8, b"\0\0\0\x04Crowhurst"),
        segment(0xE8, b"\0\0\0\x01\xFF\xD8"),
    ];
    let (clean, cleared) = scrub(Codec::JpegLs, &jpeg(&extra, b"..", &[]), None);
    assert_eq!(cleared, 1);
    assert!(holds(&clean, &header) && holds(&clean, b"\0\0\0\x01\xFF\xD8") && !holds(&clean, NAME));
}

#[test]
fn bytes_between_segments_become_fill_bytes_and_later_scans_are_walked() {
    let mut frame = jpeg(&[NAME.to_vec()], b"ab", &[]);
    frame.truncate(frame.len() - 2);
    frame.extend(segment(0xFE, NAME));
    frame.extend(segment(0xDA, &[1, 1, 0, 0, 63, 0]));
    frame.extend(b"cd Crowhurst\xFF\xD9");
    let (clean, cleared) = scrub(Codec::Jpeg, &frame, None);
    assert_eq!(cleared, 2);
    assert!(clean[..40].contains(&0xFF) && !holds(&clean[..frame.len() - 16], NAME));
    assert!(
        holds(&clean, b"cd Crowhurst"),
        "coded data is never changed"
    );
}

#[test]
fn coded_data_that_looks_like_a_segment_is_left_alone() {
    // A damaged scan: FF E5 and a length that does not lead to another marker.
    let frame = jpeg(&[], b"ab\xFF\xE5\x00\x08damagedatall", &[]);
    assert_eq!(scrub(Codec::Jpeg, &frame, None).1, 0);
    assert!(
        !metadata_spans(Codec::Jpeg, &frame, None).is_empty(),
        "but it is searched"
    );
}

#[test]
fn jpeg_2000_comments_are_blanked_in_all_headers_and_banners_stay() {
    let (clean, cleared) = scrub(
        Codec::Jpeg2000,
        &j2k(NAME, NAME, NAME, b"\0Crowhurst"),
        None,
    );
    assert_eq!(cleared, 3);
    assert_eq!(
        clean.windows(9).filter(|part| *part == NAME).count(),
        1,
        "only the coded data"
    );
    let banner = j2k(
        b"Created by OpenJPEG version 2.5.0",
        b"Kakadu-v7.10.3",
        b"..",
        b"\0",
    );
    let kept = scrub_frame(Codec::Jpeg2000, &banner, None);
    assert!(matches!(kept.bytes, Cow::Borrowed(_)) && kept.segments_cleared == 0);
}

#[test]
fn boxes_with_text_become_free_boxes() {
    let boxes = |codec: &[u8; 4], stream: Vec<u8>| {
        let mut out = boxed(*codec, &[0x0D, 0x0A, 0x87, 0x0A]);
        for kind in [
            b"xml ", b"uuid", b"jumb", b"asoc", b"Exif", b"brob", b"jbrd", b"free",
        ] {
            out.extend(boxed(*kind, NAME));
        }
        out.extend(stream);
        out.extend(b"Crowhurst");
        out
    };
    let jp2 = boxes(b"jP  ", boxed(*b"jp2c", &j2k(b"-", NAME, b"..", &[])));
    let (clean, cleared) = scrub(Codec::Jpeg2000, &jp2, None);
    assert_eq!(cleared, 11);
    assert!(!holds(&clean, NAME) && !holds(&clean, b"uuid") && holds(&clean, b"jp2c"));

    let jxl = boxes(b"JXL ", boxed(*b"jxlc", b"\xFF\x0ACrowhurst"));
    let (clean, cleared) = scrub(Codec::JpegXl, &jxl, None);
    assert_eq!(cleared, 9);
    assert_eq!(
        clean.windows(9).filter(|part| *part == NAME).count(),
        1,
        "only the coded data"
    );
}

#[test]
fn text_of_a_profile_in_a_colour_box_is_blanked_and_its_curves_stay() {
    let mut icc = vec![0; 128];
    icc[36..40].copy_from_slice(b"acsp");
    icc.extend(2_u32.to_be_bytes());
    for (name, at, size) in [(b"desc", 156_u32, 24_u32), (b"rTRC", 180, 12)] {
        icc.extend(name);
        icc.extend(at.to_be_bytes());
        icc.extend(size.to_be_bytes());
    }
    icc.extend(b"desc\0\0\0\0\0\0\0\x0ACrowhurst\0\0\0");
    icc.extend(b"curv\0\0\0\0\0\0\0\x07");
    let colr = boxed(*b"colr", &[b"\x02\0\0".as_slice(), &icc].concat());
    let mut frame = boxed(*b"jP  ", &[0x0D, 0x0A, 0x87, 0x0A]);
    frame.extend(boxed(*b"jp2h", &colr));
    frame.extend(boxed(*b"jp2c", &j2k(b"-", b"-", b"..", &[])));
    let (clean, _) = scrub(Codec::Jpeg2000, &frame, None);
    assert!(!holds(&clean, NAME));
    assert!(holds(&clean, b"curv\0\0\0\0\0\0\0\x07") && holds(&clean, b"desc\0\0\0\0\0\0\0\x0A"));
}

#[test]
fn what_rle_does_not_decode_is_zeroed() {
    let mut frame = vec![0; 64];
    frame[0] = 1;
    frame[4] = 80;
    frame[20..29].copy_from_slice(NAME);
    frame.extend(b"Crowhurst.......");
    frame.extend([241, 9]);
    frame.extend(b"Crowhurst");
    let (clean, cleared) = scrub(Codec::Rle, &frame, Some(16));
    assert_eq!(cleared, 3);
    assert!(!holds(&clean, NAME) && holds(&clean, &[241, 9]));
    let (clean, _) = scrub(Codec::Rle, &frame, None);
    assert!(
        holds(&clean[80..], NAME),
        "without the size of a plane the last segment is all coded"
    );
}

#[test]
fn a_frame_in_fragments_comes_back_in_fragments_of_the_same_sizes() {
    let frame = jpeg(&[segment(0xFE, NAME)], b"....", &[]);
    let second = jpeg(&[], b"....", &[]);
    let fragments: Vec<Cow<'_, [u8]>> = [&frame[..9], &frame[9..40], &frame[40..], &second]
        .map(Cow::Borrowed)
        .to_vec();
    let views: Vec<&[u8]> = fragments.iter().map(AsRef::as_ref).collect();
    assert_eq!(frames_of(&views), [0..3, 3..4]);
    let clean = scrub_fragments(Codec::Jpeg, &fragments, None);
    assert_eq!(clean.segments_cleared, 1);
    let sizes = |list: &[Cow<'_, [u8]>]| list.iter().map(|part| part.len()).collect::<Vec<_>>();
    assert_eq!(sizes(&clean.fragments), sizes(&fragments));
    assert!(!holds(&clean.fragments.concat(), NAME));
    assert!(matches!(clean.fragments[2], Cow::Borrowed(_)) && clean.fragments[3] == fragments[3]);
}

#[test]
fn the_signature_is_believed_over_the_transfer_syntax() {
    let frame = j2k(NAME, b"-", b"..", &[]);
    for codec in [Codec::Jpeg, Codec::Rle, Codec::Other] {
        assert!(!holds(&scrub(codec, &frame, None).0, NAME));
    }
    let unknown = scrub_frame(Codec::Jpeg, NAME, None);
    assert!(matches!(unknown.bytes, Cow::Borrowed(_)));
    assert_eq!(
        metadata_spans(Codec::Jpeg, NAME, None).first(),
        Some(&(0..NAME.len()))
    );
}

fn codecs() -> [Codec; 6] {
    use Codec::{Jpeg, Jpeg2000, JpegLs, JpegXl, Other, Rle};
    [Jpeg, JpegLs, Jpeg2000, JpegXl, Rle, Other]
}

#[test]
fn frames_cut_at_any_byte_keep_their_length() {
    let frames = [
        jpeg(
            &[segment(0xE1, NAME), segment(0xFE, NAME)],
            b"a\xFF\x00b",
            b"tail",
        ),
        j2k(NAME, NAME, b"coded", b"tail"),
        [
            boxed(*b"jP  ", &[0x0D, 0x0A, 0x87, 0x0A]),
            boxed(*b"xml ", NAME),
            boxed(*b"jp2c", &j2k(NAME, NAME, b"..", &[])),
        ]
        .concat(),
    ];
    for frame in frames {
        for end in 0..frame.len() {
            for codec in codecs() {
                let clean = scrub_frame(codec, &frame[..end], Some(16));
                assert_eq!(clean.bytes.len(), end);
            }
        }
    }
}

proptest! {
    #[test]
    fn only_metadata_changes_whatever_the_bytes(
        head in 0..6_usize,
        bytes in proptest::collection::vec(prop_oneof![Just(0xFF_u8), any::<u8>(), 0xD8..0xFF_u8, 0..9_u8], 0..300),
    ) {
        let heads: [&[u8]; 6] = [
            b"\xFF\xD8\xFF", b"\xFF\x4F\xFF\x51", b"\x01\0\0\0\x40\0\0\0", b"\0\0\0\x0CjP  \r\n\x87\n",
            b"\0\0\0\x0CJXL \r\n\x87\n", b"",
        ];
        let frame = [heads[head], &bytes].concat();
        for codec in codecs() {
            let clean = scrub_frame(codec, &frame, Some(64));
            let spans = metadata_spans(codec, &frame, Some(64));
            prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
            prop_assert!(spans.iter().all(|span| span.end <= frame.len()));
            for (at, (new, old)) in clean.bytes.iter().zip(&frame).enumerate() {
                prop_assert!(new == old || spans.iter().any(|span| span.contains(&at)));
            }
        }
    }

    #[test]
    fn a_comment_is_found_and_cleared_wherever_it_stands_among_segments(
        before in proptest::collection::vec((0xE0..0xEF_u8, proptest::collection::vec(any::<u8>(), 0..40)), 0..6),
        coded in proptest::collection::vec(0..0xFF_u8, 0..60),
    ) {
        let mut extra: Vec<Vec<u8>> = before.iter().map(|(code, bytes)| segment(*code, bytes)).collect();
        extra.push(segment(0xFE, NAME));
        let frame = jpeg(&extra, &coded, &[]);
        let (clean, _) = scrub(Codec::Jpeg, &frame, None);
        let tail = frame.len() - coded.len() - 2;
        prop_assert!(!holds(&clean[..tail], NAME));
        prop_assert_eq!(&clean[tail..], &frame[tail..]);
    }
}
