//! What rectangles are filled with: a plate's own colour, or what displays darkest.

use std::collections::BTreeMap;

use obscura_core::Limits;
use obscura_dicom::{DataSet, Element, Syntax, Tag, VR};
use obscura_pixels::Area;
use obscura_pixels::blank::{Blanked, blank};

use crate::coded::frame;
use crate::pictures::{Description, native, values};

const SIDE: usize = 24;

fn object<'a>(description: &Description, bytes: &'a [u8]) -> DataSet<'a> {
    Description {
        rows: SIDE as u16,
        columns: SIDE as u16,
        ..*description
    }
    .object(native(VR::OB, bytes))
}

fn blanked(data: &mut DataSet<'_>, areas: &[Area]) -> (Blanked, Vec<i64>) {
    let mut syntax = Syntax::from_uid(Syntax::EXPLICIT_LE);
    let areas = BTreeMap::from([(0, areas.to_vec())]);
    let done = blank(data, &mut syntax, &areas, &Limits::default()).unwrap();
    let values = values(&frame(data, &syntax, 0));
    (done, values)
}

/// Noise from 40 to 199, no two neighbours alike.
fn tissue() -> Vec<u8> {
    (0..SIDE * SIDE)
        .map(|at| 40 + (at * 57 % 160) as u8)
        .collect()
}

/// A plate of one value around the text is continued.
#[test]
fn a_plate_keeps_its_colour() {
    let mut bytes = tissue();
    for y in 2..14 {
        bytes[y * SIDE + 2..y * SIDE + 20].fill(90);
    }
    bytes[6 * SIDE + 8] = 255;
    let description = Description::new(8, 1);
    let mut data = object(&description, &bytes);
    let (_, values) = blanked(&mut data, &[Area::new(6, 5, 8, 5)]);
    assert_eq!(values[6 * SIDE + 8], 90);
}

/// A patch over anatomy is black as displayed: the least or the greatest value of the frame.
#[test]
fn over_a_picture_the_fill_is_what_displays_darkest() {
    let bytes = tissue();
    let least = i64::from(*bytes.iter().min().unwrap());
    let greatest = i64::from(*bytes.iter().max().unwrap());
    let area = [Area::new(6, 5, 8, 5)];
    let filled = |photometric, more: Option<Element<'static>>| {
        let description = Description {
            photometric,
            ..Description::new(8, 1)
        };
        let mut data = object(&description, &bytes);
        if let Some(element) = more {
            data.put(element);
        }
        blanked(&mut data, &area).1[6 * SIDE + 8]
    };
    assert_eq!(filled("MONOCHROME2", None), least);
    assert_eq!(filled("MONOCHROME1", None), greatest);
    // A rescale that falls turns the values over.
    let falling = Element::text(Tag(0x0028, 0x1053), VR::DS, "-1");
    assert_eq!(filled("MONOCHROME2", Some(falling.clone())), greatest);
    assert_eq!(filled("MONOCHROME1", Some(falling)), least);
    let inverse = Element::text(Tag(0x2050, 0x0020), VR::CS, "INVERSE");
    assert_eq!(filled("MONOCHROME2", Some(inverse)), greatest);
}

/// PS3.3 C.7.9: indices have no order; the darkest colour among those present counts.
#[test]
fn of_a_palette_the_index_of_the_darkest_colour_is_taken() {
    // Index 255 is nearly black; 0 is black, too, but does not occur.
    let bytes: Vec<u8> = tissue();
    let description = Description {
        photometric: "PALETTE COLOR",
        ..Description::new(8, 1)
    };
    let mut data = object(&description, &bytes);
    let table: Vec<u8> = (0..=255_u8)
        .flat_map(|index| {
            let level: u16 = match index {
                0 => 0,
                77 => 0x0100,
                _ => 0xF000,
            };
            level.to_le_bytes()
        })
        .collect();
    for channel in 1..=3 {
        let descriptor = [0, 1, 0, 0, 16, 0];
        data.put(Element::new(
            Tag(0x0028, 0x1100 + channel),
            VR::US,
            descriptor.to_vec(),
        ));
        data.put(Element::new(
            Tag(0x0028, 0x1200 + channel),
            VR::OW,
            table.clone(),
        ));
    }
    assert!(bytes.contains(&77));
    let (_, values) = blanked(&mut data, &[Area::new(6, 5, 8, 5)]);
    assert_eq!(values[6 * SIDE + 8], 77);
}

/// Smallest and Largest Image Pixel Value stay where they stay true.
#[test]
fn stated_extremes_go_where_they_may_be_wrong() {
    let largest = Tag(0x0028, 0x0107);
    let with = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        let description = Description::new(8, 1);
        let mut data = object(&description, &bytes);
        data.put(Element::new(largest, VR::US, vec![255, 0]));
        blanked(&mut data, &[Area::new(6, 5, 8, 5)]);
        data.get(largest).is_some()
    };
    let mut bytes = tissue();
    bytes[0] = 255;
    assert!(with(&bytes));
    bytes[0] = 100;
    bytes[6 * SIDE + 8] = 255;
    assert!(!with(&bytes));
}

/// Of a frame that is covered whole nothing is left.
#[test]
fn a_frame_that_is_covered_whole_is_one_value() {
    let bytes = tissue();
    let description = Description::new(8, 1);
    let mut data = object(&description, &bytes);
    let (_, values) = blanked(&mut data, &[Area::new(0, 0, 1000, 1000)]);
    assert!(values.iter().all(|value| *value == values[0]));
}
