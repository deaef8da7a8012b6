//! Native cells: nothing but the cells of covered pixels changes, by a bit.

use std::collections::BTreeMap;

use obscura_core::Limits;
use obscura_dicom::{Element, Syntax, Tag, VR};
use obscura_pixels::Area;
use obscura_pixels::blank::{Recoding, blank};
use proptest::prelude::*;

use crate::coded::frame;
use crate::pictures::{Description, native, values};

fn noise(length: usize, mut state: u32) -> Vec<u8> {
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

fn descriptions() -> impl Strategy<Value = Description> {
    let bits = prop_oneof![
        Just((1_u16, 1_u16)),
        Just((8, 8)),
        Just((8, 5)),
        Just((12, 12)),
        Just((16, 16)),
        Just((16, 12)),
        Just((24, 24)),
        Just((32, 32)),
        Just((32, 20)),
    ];
    (
        bits,
        1_u16..14,
        1_u16..14,
        1_u32..4,
        0_u16..2,
        0_u16..2,
        any::<bool>(),
    )
        .prop_map(
            |((allocated, stored), rows, columns, frames, signed, planar, colour)| {
                let samples = if colour && allocated == 8 { 3 } else { 1 };
                Description {
                    rows,
                    columns,
                    allocated,
                    stored,
                    high: stored - 1,
                    signed: if stored == 1 { 0 } else { signed },
                    planar,
                    frames,
                    ..Description::new(stored, samples)
                }
            },
        )
}

proptest! {
    /// PS3.5 8.1.1: cells of any width, both byte orders, either planar configuration.
    #[test]
    fn only_covered_cells_change(
        description in descriptions(),
        seed in any::<u32>(),
        index in 0_u32..3,
        area in (0_u32..14, 0_u32..14, 1_u32..9, 1_u32..9),
        big in any::<bool>(),
        words in any::<bool>(),
    ) {
        let area = Area::new(area.0, area.1, area.2, area.3);
        let bits = usize::from(description.rows) * usize::from(description.columns)
            * usize::from(description.samples) * usize::from(description.allocated)
            * description.frames as usize;
        let bytes = noise(bits.div_ceil(8).next_multiple_of(2), seed);
        let vr = if words { VR::OW } else { VR::OB };
        let uid = if big { Syntax::EXPLICIT_BE } else { Syntax::EXPLICIT_LE };
        let mut syntax = Syntax::from_uid(uid);
        let order = if big { u16::to_be_bytes } else { u16::to_le_bytes };
        let mut data = description.object_in(native(vr, &bytes), order);
        let before = data.clone();
        let areas = BTreeMap::from([(index, vec![area])]);
        let result = blank(&mut data, &mut syntax, &areas, &Limits::default()).unwrap();
        let hit = index < description.frames
            && area.x < u32::from(description.columns)
            && area.y < u32::from(description.rows);
        prop_assert_eq!(result.recoding, if hit { Recoding::InPlace } else { Recoding::Unchanged });
        prop_assert_eq!(syntax.uid.as_str(), uid);
        let pixel_data = Tag(0x7FE0, 0x0010);
        let (old, new) = (
            before.get(pixel_data).unwrap().bytes().unwrap(),
            data.get(pixel_data).unwrap().bytes().unwrap(),
        );
        prop_assert_eq!(old.len(), new.len());
        let mut changed = 0;
        for at in 0..description.frames {
            let (old, new) = (frame(&before, &syntax, at), frame(&data, &syntax, at));
            let samples = usize::from(description.samples);
            for (pixel, (old, new)) in values(&old).chunks(samples).zip(values(&new).chunks(samples)).enumerate() {
                let columns = usize::from(description.columns);
                let here = Area::new((pixel % columns) as u32, (pixel / columns) as u32, 1, 1);
                if at == index && area.holds(&here) {
                    changed += samples;
                } else {
                    prop_assert_eq!(old, new);
                }
            }
        }
        // Bits that differ are no more than covered cells have.
        let differing: u32 = old.iter().zip(new).map(|(a, b)| (a ^ b).count_ones()).sum();
        prop_assert!(differing as usize <= changed * usize::from(description.allocated));
    }
}

/// PS3.3 C.7.6.3.1.2: of `YBR_FULL_422` two pixels share their chroma; both lose it.
#[test]
fn half_chroma_under_a_rectangle_is_gone() {
    let description = Description {
        rows: 2,
        columns: 8,
        samples: 3,
        photometric: "YBR_FULL_422",
        ..Description::new(8, 3)
    };
    let bytes = noise(32, 7);
    let mut data = description.object(native(VR::OB, &bytes));
    let mut syntax = Syntax::from_uid(Syntax::EXPLICIT_LE);
    let areas = BTreeMap::from([(0, vec![Area::new(3, 0, 2, 1)])]);
    blank(&mut data, &mut syntax, &areas, &Limits::default()).unwrap();
    let new = data.get(Tag(0x7FE0, 0x0010)).unwrap().bytes().unwrap();
    let mut expected = bytes.clone();
    // Pixels 3 and 4: Y of the second pair, Y of the third, chroma of both.
    for (at, value) in [(5, 0), (6, 128), (7, 128), (8, 0), (10, 128), (11, 128)] {
        expected[at] = value;
    }
    assert_eq!(new, expected);
}

/// PS3.5 8.1.1: an overlay in the bits above Bits Stored shows what the pixels showed.
#[test]
fn bits_outside_of_bits_stored_are_cleared_under_a_rectangle() {
    let description = Description {
        rows: 1,
        columns: 4,
        allocated: 16,
        stored: 12,
        high: 11,
        ..Description::new(12, 1)
    };
    let bytes = [0xAA, 0xF1, 0xBB, 0xF2, 0xCC, 0xF3, 0xDD, 0xF4];
    let mut data = description.object(native(VR::OW, &bytes));
    data.put(Element::new(Tag(0x6000, 0x0102), VR::US, vec![12, 0]));
    let mut syntax = Syntax::from_uid(Syntax::EXPLICIT_LE);
    let areas = BTreeMap::from([(0, vec![Area::new(1, 0, 1, 1)])]);
    blank(&mut data, &mut syntax, &areas, &Limits::default()).unwrap();
    let new = data.get(Tag(0x7FE0, 0x0010)).unwrap().bytes().unwrap();
    assert_eq!(new, [0xAA, 0xF1, 0xAA, 0x01, 0xCC, 0xF3, 0xDD, 0xF4]);
}
