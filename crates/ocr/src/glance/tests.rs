//! The look as a whole: against the training's own implementation, and over the seams of parts.

use super::golden::GOLDEN;
use super::*;

/// A picture that the training's `golden.py` makes too, with block letters on noise.
fn golden(width: usize, height: usize) -> Vec<f32> {
    let mut state = 12_345_u32;
    let mut values: Vec<f32> = (0..width * height)
        .map(|at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((at % width) / 4) as f32 + (state >> 24) as f32 / 16.0
        })
        .map(f32::floor)
        .collect();
    let letters = [
        "1110 0110 1001 0111 1110 1001",
        "1001 1001 1101 0010 1000 1001",
        "1110 1111 1011 0010 1110 1111",
        "1001 1001 1001 0010 1000 1001",
        "1001 1001 1001 0111 1110 1001",
    ];
    for (row, line) in letters.iter().enumerate() {
        for (column, _) in line.bytes().enumerate().filter(|(_, c)| *c == b'1') {
            for (dy, dx) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                values[(40 + 2 * row + dy) * width + 30 + 2 * column + dx] = 120.0;
            }
        }
    }
    values
}

fn look(values: &[f32], width: usize) -> Marks {
    let glance = Glance::new().expect("the model loads");
    let height = values.len() / width;
    glance.look(values, width, height).expect("a look")
}

/// Whether one of the marks covers the letters of the golden picture.
fn covers(found: &[Mark], letters: Area) -> bool {
    let whole = |mark: &Mark| mark.area.grown(3).meet(&letters) == Some(letters);
    found.iter().any(whole)
}

const LETTERS: Area = Area::new(30, 40, 58, 10);

/// Text drawn on noise is found where it stands, and only there.
#[test]
fn letters_are_found_and_noise_is_not() {
    let marks = look(&golden(150, 110), 150);
    let found = marks.boxes(TEXT);
    assert!(covers(&found, LETTERS), "{found:?}");
    let around = LETTERS.grown(16);
    let near = |mark: &Mark| around.meet(&mark.area) == Some(mark.area);
    assert!(found.iter().all(near), "{found:?}");
}

/// The same values as the training's code computes (`crates/ocr/training/golden.py`).
#[test]
fn the_map_is_that_of_the_training() {
    let marks = look(&golden(150, 110), 150);
    let (columns, rows, map) = marks.map();
    assert_eq!((columns, rows), (38, 28));
    for (column, row, expected) in GOLDEN {
        let value = map[row * columns + column];
        assert!(
            (value - expected).abs() < 2e-3,
            "{column} {row}: {value} {expected}"
        );
    }
}

/// A picture inverted, or of another depth, hides nothing from the look.
#[test]
fn neither_polarity_nor_depth_hide_letters() {
    let values = golden(150, 110);
    let inverted: Vec<f32> = values.iter().map(|v| 60_000.0 - 200.0 * v).collect();
    for values in [values, inverted] {
        let found = look(&values, 150).boxes(TEXT);
        assert!(covers(&found, LETTERS), "{found:?}");
    }
}

/// A frame looked at in parts has no seams: text on one is found whole.
#[test]
fn text_on_the_seam_of_two_parts_is_one() {
    let small = golden(150, 110);
    let (width, height) = (2 * TILE + 100, 1200);
    let mut values = golden(width, height);
    let (left, top) = (TILE - 60, TILE - 45);
    for row in 0..110 {
        let line = &small[row * 150..][..150];
        values[(top + row) * width + left..][..150].copy_from_slice(line);
    }
    let found = look(&values, width).boxes(TEXT);
    let letters = Area::new((left + 30) as u32, (top + 40) as u32, 58, 10);
    let over = found
        .iter()
        .find(|mark| mark.area.grown(4).meet(&letters) == Some(letters));
    assert!(over.is_some(), "{found:?}");
}

/// Frames smaller than a cell, or long and thin, are looked at as well.
#[test]
fn odd_sizes_are_looked_at() {
    let glance = Glance::new().expect("the model loads");
    for (width, height) in [(1, 1), (3, 5), (1, 700), (97, 98), (1153, 2)] {
        let marks = glance.look(&vec![1.0; width * height], width, height);
        let marks = marks.expect("a look");
        assert_eq!(marks.map().2.len(), width.div_ceil(4) * height.div_ceil(4));
    }
    assert!(matches!(glance.look(&[], 0, 0), Err(GlanceError::Size)));
    assert!(matches!(glance.look(&[1.0], 2, 3), Err(GlanceError::Size)));
}

/// An empty frame, black or of one value, is not suspect.
#[test]
fn a_flat_frame_is_not_suspect() {
    assert_eq!(look(&vec![0.0; 512 * 512], 512).suspect(), None);
    assert_eq!(look(&vec![-1024.0; 200 * 300], 200).suspect(), None);
}
