//! Frames among fragments (PS3.5 A.4): untouched ones keep their bytes, tables find all.

use std::borrow::Cow;
use std::collections::BTreeMap;

use obscura_core::Limits;
use obscura_dicom::{DataSet, Element, Fragments, Syntax, Tag, VR, Value};
use obscura_pixels::Area;
use obscura_pixels::blank::{Recoding, blank};
use proptest::prelude::*;

use crate::coded::frame;
use crate::pictures::{Description, codestream, described, encapsulated, values};

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const OFFSETS: Tag = Tag(0x7FE0, 0x0001);
const LENGTHS: Tag = Tag(0x7FE0, 0x0002);

fn fragments<'d, 'a>(data: &'d DataSet<'a>) -> &'d Fragments<'a> {
    match &data.get(PIXEL_DATA).unwrap().value {
        Value::Fragments(fragments) => fragments,
        _ => panic!("not encapsulated"),
    }
}

fn middle() -> BTreeMap<u32, Vec<Area>> {
    BTreeMap::from([(1, vec![Area::new(9, 6, 8, 5)])])
}

/// Frames in several fragments each, with a Basic Offset Table.
#[test]
fn the_basic_offset_table_follows_a_frame_of_another_length() {
    for name in [
        "smooth-8-1-baseline.jpg",
        "busy-8-1-near0.jls",
        "busy-8-1-lossless.j2k",
    ] {
        let stream = codestream(name);
        let half = stream.len() / 4 * 2;
        let (uid, description) = described(name);
        let description = Description {
            frames: 3,
            ..description
        };
        let (one, two) = stream.split_at(half);
        let even = |length: usize| length.next_multiple_of(2) as u32;
        let frame_length = 16 + even(one.len()) + even(two.len());
        let table = [0, frame_length, 2 * frame_length];
        let mut data = description.object(encapsulated(&[one, two, one, two, one, two], &table));
        let mut syntax = Syntax::from_uid(uid);
        let before: Vec<_> = (0..3)
            .map(|at| values(&frame(&data, &syntax, at)))
            .collect();
        let done = blank(&mut data, &mut syntax, &middle(), &Limits::default()).unwrap();
        assert_eq!(done.frames, [1]);
        let after: Vec<_> = (0..3)
            .map(|at| values(&frame(&data, &syntax, at)))
            .collect();
        assert_eq!((&before[0], &before[2]), (&after[0], &after[2]), "{name}");
        assert_ne!(before[1], after[1], "{name}");
        let fragments = fragments(&data);
        assert_eq!(fragments.fragments.len(), 5);
        assert_eq!(fragments.fragments[0], one);
        assert_eq!(fragments.fragments[4], two);
        let length = fragments.fragments[2].len() as u32;
        assert_eq!(length % 2, 0);
        let expected: Vec<u8> = [0, frame_length, frame_length + 8 + length]
            .into_iter()
            .flat_map(u32::to_le_bytes)
            .collect();
        assert_eq!(fragments.offset_table, expected, "{name}");
    }
}

/// PS3.3 C.7.6.3.1.8: the lengths are those without padding.
#[test]
fn the_extended_offset_table_follows() {
    let name = "busy-8-1-near0.jls";
    let stream = codestream(name);
    let (uid, description) = described(name);
    let description = Description {
        frames: 3,
        ..description
    };
    let mut data = description.object(encapsulated(&[&stream, &stream, &stream], &[]));
    let words = |words: &[u64]| -> Vec<u8> { words.iter().flat_map(|w| w.to_le_bytes()).collect() };
    let step = 8 + (stream.len() as u64).next_multiple_of(2);
    data.put(Element::new(OFFSETS, VR::OV, words(&[0, step, 2 * step])));
    data.put(Element::new(
        LENGTHS,
        VR::OV,
        words(&[stream.len() as u64; 3]),
    ));
    let mut syntax = Syntax::from_uid(uid);
    blank(&mut data, &mut syntax, &middle(), &Limits::default()).unwrap();
    let fragments = fragments(&data);
    assert!(fragments.offset_table.is_empty());
    let new = fragments.fragments[1].len() as u64;
    assert_eq!(
        data.get(OFFSETS).unwrap().bytes().unwrap(),
        words(&[0, step, step + 8 + new])
    );
    let lengths = data.get(LENGTHS).unwrap().bytes().unwrap();
    let own = u64::from_le_bytes(*lengths[8..].first_chunk().unwrap());
    assert!(own == new || own + 1 == new);
    assert_eq!(lengths[..8], words(&[stream.len() as u64]));
}

/// What has no encoder becomes Explicit VR Little Endian: all frames, and the description with it.
#[test]
fn an_object_without_an_encoder_loses_its_coding_as_a_whole() {
    for name in [
        "busy-8-3-lossless.jph",
        "busy-12-1-lossless.jxl",
        "busy-16-1-lossless.jph",
    ] {
        let stream = codestream(name);
        let (uid, description) = described(name);
        let description = Description {
            frames: 3,
            ..description
        };
        let mut data = description.object(encapsulated(&[&stream, &stream, &stream], &[]));
        let mut syntax = Syntax::from_uid(uid);
        let before: Vec<_> = (0..3).map(|at| frame(&data, &syntax, at)).collect();
        let done = blank(&mut data, &mut syntax, &middle(), &Limits::default()).unwrap();
        assert_eq!(done.recoding, Recoding::ToNative);
        assert_eq!(
            (syntax.uid.as_str(), &done.frames[..]),
            (Syntax::EXPLICIT_LE, &[1][..])
        );
        let after: Vec<_> = (0..3).map(|at| frame(&data, &syntax, at)).collect();
        assert_eq!((&before[0], &before[2]), (&after[0], &after[2]), "{name}");
        assert_ne!(before[1], after[1], "{name}");
    }
}

/// Without rectangles that cover a pixel nothing changes, not even its storage.
#[test]
fn without_a_covered_pixel_nothing_changes() {
    let stream = codestream("smooth-8-1-baseline.jpg");
    let (uid, description) = described("smooth-8-1-baseline.jpg");
    let mut data = description.object(encapsulated(&[&stream], &[]));
    let before = data.clone();
    let mut syntax = Syntax::from_uid(uid);
    let areas = BTreeMap::from([
        (0, vec![Area::new(500, 0, 5, 5), Area::new(1, 1, 0, 9)]),
        (9, vec![Area::new(0, 0, 5, 5)]),
    ]);
    let done = blank(&mut data, &mut syntax, &areas, &Limits::default()).unwrap();
    assert_eq!((done.recoding, done.frames.len()), (Recoding::Unchanged, 0));
    assert_eq!(data, before);
}

proptest! {
    /// Whatever the bytes are, a frame is blanked or refused, and refused objects are as they were.
    #[test]
    fn damaged_frames_are_blanked_or_refused(
        name in prop::sample::select(vec![
            "smooth-8-3-420.jpg", "smooth-8-1-restart.jpg", "smooth-8-1-progressive.jpg",
            "busy-12-1-predictor4.jpg", "busy-8-3-mode1-near2.jls", "busy-8-3-rct.j2k",
        ]),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        area in (0_u32..40, 0_u32..40, 0_u32..40, 0_u32..40),
        rle in any::<bool>(),
    ) {
        let mut stream = codestream(name);
        for (at, byte) in changes {
            let length = stream.len();
            stream[at.index(length)] = byte;
        }
        let (uid, description) = described(name);
        let uid = if rle { "1.2.840.10008.1.2.5" } else { uid };
        let mut data = description.object(encapsulated(&[&stream], &[]));
        let before = data.clone();
        let mut syntax = Syntax::from_uid(uid);
        let limits = Limits { max_frame_bytes: 4 << 20, ..Limits::default() };
        let areas = BTreeMap::from([(0, vec![Area::new(area.0, area.1, area.2, area.3)])]);
        if blank(&mut data, &mut syntax, &areas, &limits).is_err() {
            prop_assert_eq!(data, before);
            prop_assert_eq!(syntax.uid, uid);
        }
    }
}

/// Thousands of rectangles, overlapping, are no more work than their frame.
#[test]
fn thousands_of_rectangles_end_soon() {
    let description = Description {
        rows: 400,
        columns: 400,
        ..Description::new(8, 1)
    };
    let bytes: Vec<u8> = (0..160_000_u32).map(|at| (at * 31 % 251) as u8).collect();
    let mut data = description.object(Element::new(PIXEL_DATA, VR::OB, Cow::Borrowed(&bytes[..])));
    let many = (0..20_000_u32)
        .map(|at| Area::new(at % 300, at / 70, 90, 90))
        .collect();
    let mut syntax = Syntax::from_uid(Syntax::EXPLICIT_LE);
    let start = std::time::Instant::now();
    blank(
        &mut data,
        &mut syntax,
        &BTreeMap::from([(0, many)]),
        &Limits::default(),
    )
    .unwrap();
    assert!(start.elapsed().as_secs() < 20);
}
