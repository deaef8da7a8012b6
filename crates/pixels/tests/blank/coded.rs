//! Encapsulated frames: every stored codestream, blanked and decoded again.

use std::collections::BTreeMap;

use obscura_core::Limits;
use obscura_dicom::{DataSet, Syntax};
use obscura_pixels::blank::{Blanked, Recoding, blank};
use obscura_pixels::decode::Image;
use obscura_pixels::{Area, Frame};

use crate::pictures::{COLUMNS, ROWS, codestreams, described, encapsulated, values};

pub fn blank_one(
    data: &mut DataSet<'_>,
    syntax: &mut Syntax,
    areas: &[Area],
) -> Result<Blanked, obscura_pixels::blank::BlankError> {
    let areas = BTreeMap::from([(0, areas.to_vec())]);
    blank(data, syntax, &areas, &Limits::default())
}

pub fn frame(data: &DataSet<'_>, syntax: &Syntax, index: u32) -> Frame {
    Image::of(data, syntax, &Limits::default())
        .unwrap()
        .unwrap()
        .decode(index)
        .unwrap()
}

/// The pixels of a frame, each with its samples.
fn pixels(frame: &Frame) -> Vec<Vec<i64>> {
    values(frame)
        .chunks(usize::from(frame.samples_per_pixel))
        .map(<[i64]>::to_vec)
        .collect()
}

fn covered(areas: &[Area], at: usize) -> bool {
    let pixel = Area::new(at as u32 % COLUMNS, at as u32 / COLUMNS, 1, 1);
    areas.iter().any(|area| area.holds(&pixel))
}

#[test]
fn outside_of_the_rectangles_every_codestream_decodes_to_what_it_did() {
    let areas = [Area::new(9, 6, 8, 5), Area::new(22, 0, 100, 4)];
    for (name, stream) in codestreams() {
        let (uid, description) = described(&name);
        let mut data = description.object(encapsulated(&[&stream], &[]));
        let mut syntax = Syntax::from_uid(uid);
        let before = frame(&data, &syntax, 0);
        let result = blank_one(&mut data, &mut syntax, &areas).expect(&name);
        assert_eq!(result.frames, [0]);
        let after = frame(&data, &syntax, 0);
        assert_eq!(before.photometric, after.photometric, "{name}");
        let lossy = result.recoding == Recoding::Blocks;
        // An MCU of half chroma has 16 pixels a side, and interpolation reaches one further.
        let (unit, reach) = match name.as_str() {
            _ if !lossy => (1, 0),
            "smooth-8-3-420.jpg" | "smooth-8-3-422.jpg" | "smooth-8-3-progressive.jpg" => (16, 1),
            _ => (8, 0),
        };
        let touched: Vec<Area> = areas
            .iter()
            .map(|a| {
                let (x, y) = (a.x / unit * unit, a.y / unit * unit);
                let right = a.right().next_multiple_of(unit);
                let bottom = a.bottom().next_multiple_of(unit);
                Area::new(x, y, right - x, bottom - y).grown(reach)
            })
            .collect();
        let (old, new) = (pixels(&before), pixels(&after));
        for at in 0..(COLUMNS * ROWS) as usize {
            if !covered(&touched, at) {
                assert_eq!(old[at], new[at], "{name} at {at}");
            }
        }
        for area in &areas {
            let inside: Vec<&Vec<i64>> = (0..old.len())
                .filter(|at| covered(&[*area], *at))
                .map(|at| &new[at])
                .collect();
            let top = (1_i64 << after.bits_stored) - 1;
            let spread = if lossy { top / 8 } else { 0 };
            for (c, first) in inside[0].iter().enumerate() {
                let flat = inside
                    .iter()
                    .all(|pixel| (pixel[c] - first).abs() <= spread);
                assert!(flat, "{name}: {inside:?}");
            }
        }
        println!("{name}: {:?}", result.recoding);
    }
}

/// Archives hold signed codestreams under Pixel Representation 0; the values wrap.
#[test]
fn a_codestream_of_another_sign_keeps_its_coding() {
    let name = "busy-16s-1-lossless.j2k";
    let stream = crate::pictures::codestream(name);
    let (uid, mut description) = described(name);
    description.signed = 0;
    description.photometric = "MONOCHROME1";
    let mut data = description.object(encapsulated(&[&stream], &[]));
    let mut syntax = Syntax::from_uid(uid);
    let result = blank_one(&mut data, &mut syntax, &[Area::new(9, 6, 8, 5)]).unwrap();
    assert_eq!(result.recoding, Recoding::Lossless);
}
