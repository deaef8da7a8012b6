//! An overlay in the unused bits of coded samples goes with every other (PS3.15 E.3.3), whatever is
//! asked for about text; where it cannot be seen to go, the object is set aside.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::borrow::Cow;

use obscura_core::{Limits, PseudonymKey, Reason};
use obscura_deid::policy::{Policy, Preset};
use obscura_dicom::{DataSet, Element, Fragments, Source, Syntax, Tag, VR, Value, write_file};
use obscura_pipeline::{Deidentifier, Options, Outcome};
use obscura_testkit::{Person, Synthetic};

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

/// One row of cells of 16 bits as RLE (PS3.5 G): the high bytes, then the low ones.
fn frame(cells: &[u16]) -> Vec<u8> {
    let run = |bytes: Vec<u8>| [vec![bytes.len() as u8 - 1], bytes, vec![0x80]].concat();
    let high = run(cells.iter().map(|cell| (cell >> 8) as u8).collect());
    let low = run(cells.iter().map(|cell| *cell as u8).collect());
    let mut header = [2, 64, 64 + high.len() as u32]
        .map(u32::to_le_bytes)
        .concat();
    header.resize(64, 0);
    [header, high, low].concat()
}

fn object(frame: &[u8]) -> Vec<u8> {
    let synthetic = Synthetic::ct(&Person::from_seed(2)).encode();
    let source = Source::open(&synthetic.bytes, &Limits::default()).unwrap();
    let mut file = source.parse(&Limits::default()).unwrap();
    let us = |tag, number: u16| Element::new(tag, VR::US, number.to_le_bytes().to_vec());
    for (element, number) in [
        (0x0010, 2),
        (0x0011, 4),
        (0x0100, 16),
        (0x0101, 12),
        (0x0102, 11),
        (0x0103, 0),
    ] {
        file.data.put(us(Tag(0x0028, element), number));
    }
    file.data.put(us(Tag(0x6000, 0x0102), 14));
    file.data.put(Element {
        tag: PIXEL_DATA,
        vr: VR::OB,
        value: Value::Fragments(Fragments {
            offset_table: Cow::Borrowed(&[]),
            fragments: vec![Cow::Owned(frame.to_vec())],
        }),
    });
    let mut bytes = Vec::new();
    let syntax = Syntax::from_uid("1.2.840.10008.1.2.5");
    write_file(&file.meta, &file.data, &syntax, &mut bytes);
    bytes
}

fn process(input: &[u8]) -> Outcome {
    let key = PseudonymKey::from_bytes([7; 32]);
    Deidentifier::new(Policy::preset(Preset::Research), &key, Options::default()).process(input)
}

fn fragment(data: &DataSet<'_>) -> Vec<u8> {
    match &data.get(PIXEL_DATA).unwrap().value {
        Value::Fragments(fragments) => fragments.fragments[0].to_vec(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_goes_from_coded_samples_and_the_samples_stay() {
    let drawn = [0x4001, 0x0FFF, 0x4ABC, 0, 0x4000, 7, 0x4777, 0x0123];
    let Outcome::Released(release) = process(&object(&frame(&drawn))) else {
        panic!("not released")
    };
    let source = Source::open(&release.dicom, &Limits::default()).unwrap();
    let file = source.parse(&Limits::default()).unwrap();
    let plain: Vec<u16> = drawn.iter().map(|cell| cell & 0x0FFF).collect();
    let image = obscura_pixels::decode::Image::of(&file.data, &file.syntax, &Limits::default());
    let shown = image.unwrap().unwrap().decode(0).unwrap();
    assert_eq!(shown.samples, obscura_pixels::Samples::U16(plain.clone()));
    // The high bytes themselves: no decoder masks them here.
    let coded = fragment(&file.data);
    assert!(!coded[64..].contains(&0x40) && !coded[64..].contains(&0x4A));
    assert_eq!(coded.len() % 2, 0);
}

#[test]
fn frames_that_cannot_be_looked_into_are_set_aside() {
    let Outcome::Quarantined(quarantine) = process(&object(&[9; 70])) else {
        panic!("not quarantined")
    };
    assert_eq!(quarantine.reason, Reason::PixelsUndecodable);
}
