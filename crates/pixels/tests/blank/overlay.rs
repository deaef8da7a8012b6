//! Overlays in the unused bits of coded samples (PS3.5 8.1.2, retired): gone, in every coding that
//! has such bits; what the samples mean stays.

use obscura_core::Limits;
use obscura_dicom::{DataSet, Element, Syntax, Tag, VR, Value};
use obscura_pixels::Frame;
use obscura_pixels::blank::{Recoding, clear_overlays};

use crate::coded::frame;
use crate::pictures::{Description, busy, codestreams, described, encapsulated, values};

const BITS_STORED: Tag = Tag(0x0028, 0x0101);
const HIGH_BIT: Tag = Tag(0x0028, 0x0102);
const POSITION: Tag = Tag(0x6000, 0x0102);

fn us(tag: Tag, number: u16) -> Element<'static> {
    Element::new(tag, VR::US, number.to_le_bytes().to_vec())
}

/// The same pixel data, described as samples of 12 bits with an overlay in this one.
fn with_overlay<'a>(data: &DataSet<'a>, position: u16) -> DataSet<'a> {
    let mut data = data.clone();
    data.put(us(BITS_STORED, 12));
    data.put(us(HIGH_BIT, 11));
    data.put(us(POSITION, position));
    data
}

/// All bits of the samples.
fn whole(data: &DataSet<'_>, syntax: &Syntax) -> Frame {
    let mut data = data.clone();
    data.remove(POSITION);
    data.put(us(BITS_STORED, 16));
    data.put(us(HIGH_BIT, 15));
    frame(&data, syntax, 0)
}

fn clear(data: &mut DataSet<'_>, syntax: &mut Syntax) -> Recoding {
    clear_overlays(data, syntax, &Limits::default())
        .expect("the frame decodes")
        .recoding
}

fn check(name: &str, plain: &DataSet<'_>, uid: &str) -> Recoding {
    let mut syntax = Syntax::from_uid(uid);
    let all = values(&whole(plain, &syntax));
    let mut data = with_overlay(plain, 13);
    let shown = values(&frame(&data, &syntax, 0));
    let recoding = clear(&mut data, &mut syntax);
    assert_eq!(values(&frame(&data, &syntax, 0)), shown, "{name}");
    let left: Vec<i64> = values(&whole(&data, &syntax));
    // Cells lose all bits that are not stored.
    let is_cells = !name.starts_with("busy");
    let kept = if recoding == Recoding::ToNative || is_cells {
        0x0FFF
    } else {
        !0x2000
    };
    let expected: Vec<i64> = all.iter().map(|value| value & kept).collect();
    assert_eq!(
        left, expected,
        "{name}: the bit of the overlay, and no other of the samples, is clear"
    );
    assert!(all != left, "{name}: there was an overlay");
    recoding
}

#[test]
fn overlays_in_codestreams_of_sixteen_bits_go() {
    let mut seen = Vec::new();
    for (name, stream) in codestreams() {
        let (uid, description) = described(&name);
        if !name.starts_with("busy-16-1") {
            continue;
        }
        let data = description.object(encapsulated(&[&stream], &[]));
        let recoding = check(&name, &data, uid);
        seen.push((name, recoding));
    }
    assert!(seen.len() > 2, "{seen:?}");
    assert!(
        seen.iter().any(|(_, how)| *how == Recoding::Lossless),
        "{seen:?}"
    );
}

#[test]
fn overlays_in_runs_and_deflated_cells_go() {
    let cells: Vec<u8> = busy(16, 1)
        .iter()
        .flat_map(|value| (*value as u16).to_le_bytes())
        .collect();
    let description = Description::new(16, 1);
    let deflated = miniz_oxide::deflate::compress_to_vec(&cells, 6);
    let data = description.object(encapsulated(&[&deflated], &[]));
    assert_eq!(
        check("deflated", &data, "1.2.840.10008.1.2.8.1"),
        Recoding::Lossless
    );
    let runs = literal_runs(&cells);
    let data = description.object(encapsulated(&[&runs], &[]));
    assert_eq!(
        check("runs", &data, "1.2.840.10008.1.2.5"),
        Recoding::Lossless
    );
    let data = description.object(encapsulated(&[&cells], &[]));
    assert_eq!(
        check("encapsulated", &data, "1.2.840.10008.1.2.1.98"),
        Recoding::Lossless
    );
}

/// Cells of 16 bits as RLE (PS3.5 G): the high bytes, then the low ones, in runs of literals.
fn literal_runs(cells: &[u8]) -> Vec<u8> {
    let segment = |low: usize| -> Vec<u8> {
        let bytes: Vec<u8> = cells.iter().skip(1 - low).step_by(2).copied().collect();
        let runs = bytes.chunks(128);
        runs.flat_map(|run| [&[run.len() as u8 - 1], run].concat())
            .collect()
    };
    let (mut high, mut low) = (segment(0), segment(1));
    high.resize(high.len().next_multiple_of(2), 0x80);
    low.resize(low.len().next_multiple_of(2), 0x80);
    let mut header = [2, 64, 64 + high.len() as u32]
        .map(u32::to_le_bytes)
        .concat();
    header.resize(64, 0);
    [header, high, low].concat()
}

#[test]
fn what_has_no_overlay_in_its_samples_stays_byte_for_byte() {
    let (name, stream) = codestreams()
        .into_iter()
        .find(|(name, _)| name.starts_with("busy-16-1") && name.ends_with("jls"))
        .expect("a stream of 16 bits");
    let (uid, description) = described(&name);
    let plain = description.object(encapsulated(&[&stream], &[]));
    let mut own_data = with_overlay(&plain, 13);
    own_data.put(Element::new(Tag(0x6000, 0x3000), VR::OW, vec![0, 0]));
    for mut data in [plain.clone(), own_data, with_overlay(&plain, 3)] {
        let before = data.clone();
        let mut syntax = Syntax::from_uid(uid);
        assert_eq!(clear(&mut data, &mut syntax), Recoding::Unchanged);
        assert!(data == before);
    }
    // What cannot be looked into is an error, and nothing changes.
    let mut data = with_overlay(&plain, 13);
    let pixels = data.get_mut(Tag(0x7FE0, 0x0010)).expect("pixel data");
    if let Value::Fragments(fragments) = &mut pixels.value {
        fragments.fragments[0].to_mut().truncate(20);
    }
    let before = data.clone();
    let mut syntax = Syntax::from_uid(uid);
    assert!(clear_overlays(&mut data, &mut syntax, &Limits::default()).is_err());
    assert!(data == before);
}

/// Bits that no group names hold words as well as those that one does.
#[test]
fn unused_bits_of_cells_say_nothing() {
    let clear = |values: &[u16], description: Description, big: bool| -> Vec<u16> {
        let bytes = |v: &u16| {
            if big {
                v.to_be_bytes()
            } else {
                v.to_le_bytes()
            }
        };
        let cells: Vec<u8> = values.iter().flat_map(bytes).collect();
        let mut data = description.object(Element::new(Tag(0x7FE0, 0x0010), VR::OW, cells));
        let uid = if big {
            Syntax::EXPLICIT_BE
        } else {
            Syntax::EXPLICIT_LE
        };
        let mut syntax = Syntax::from_uid(uid);
        if big {
            for element in data.elements_mut() {
                if let (VR::US, Value::Bytes(bytes)) = (element.vr, &mut element.value) {
                    bytes.to_mut().reverse();
                }
            }
        }
        clear_overlays(&mut data, &mut syntax, &Limits::default()).expect("native");
        let left = data
            .get(Tag(0x7FE0, 0x0010))
            .and_then(Element::bytes)
            .expect("cells");
        let word = |two: &[u8]| [two[0], two[1]];
        let read = |two: [u8; 2]| {
            if big {
                u16::from_be_bytes(two)
            } else {
                u16::from_le_bytes(two)
            }
        };
        left.chunks_exact(2).map(word).map(read).collect()
    };
    let described = |signed| Description {
        rows: 1,
        columns: 4,
        signed,
        stored: 12,
        high: 11,
        ..Description::new(16, 1)
    };
    let unsigned = || described(0);
    let signed = || described(1);
    for big in [false, true] {
        // Words in a bit go, the samples stay.
        let hidden = [0x0123, 0x4123, 0x0FFF, 0x4000];
        assert_eq!(clear(&hidden, unsigned(), big), [0x0123, 0x0123, 0x0FFF, 0]);
        let hidden = [0x0123, 0x4123, 0xFFFF, 0x0FFF];
        assert_eq!(
            clear(&hidden, signed(), big),
            [0x0123, 0x0123, 0xFFFF, 0xFFFF]
        );
        // A sign that is continued, and bits that are the same everywhere, say nothing and stay.
        for silent in [
            [0x0123, 0xF800, 0xFFFF, 0],
            [0x8001, 0x8FFF, 0x8000, 0x8123],
        ] {
            assert_eq!(clear(&silent, unsigned(), big), silent);
            assert_eq!(clear(&silent, signed(), big), silent);
        }
        // Below the sample as above it.
        let high = Description {
            high: 15,
            ..unsigned()
        };
        let hidden = [0x1230, 0x1234, 0xFFF0, 0x0001];
        assert_eq!(clear(&hidden, high, big), [0x1230, 0x1230, 0xFFF0, 0]);
    }
}
