//! The banners of real ultrasound images, golden: pydicom's `examples_*` carry a hospital, numbers,
//! dates and clocks. All of that goes, in three transfer syntaxes and photometric interpretations,
//! and the picture under it stays.
//!
//! The files are fetched by `cargo xtask setup` and the models by `cargo xtask models`; without
//! either the tests say so and pass over, as everywhere where real files are used.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::lab::Lab;

/// A rectangle: x, y, width, height.
type Box = [u64; 4];

fn fetched(name: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let given = std::env::var_os("OBSCURA_REAL_FILES").map(PathBuf::from);
    let real = given.unwrap_or_else(|| root.join(".obscura-work/real"));
    let (file, models) = (real.join(name), root.join("models"));
    let there = file.is_file() && models.join("PP-OCRv6_det_small.onnx").is_file();
    if !there {
        println!("passed over: the real files or the models are not here");
    }
    there.then_some(file)
}

/// The rectangles of the first frame that were blanked.
fn blanked(name: &str) -> Option<Vec<Box>> {
    let lab = Lab::new();
    lab.put(name, &fs::read(fetched(name)?).unwrap());
    let args = [
        "deid", "in", "--out", "out", "--pixels", "text", "--jpeg", "none",
    ];
    let said = lab.run(&args);
    assert_eq!(said.code, Some(0), "{said:?}");
    let manifest = fs::read_to_string(lab.path("out/manifest.jsonl")).unwrap();
    let line: Value = serde_json::from_str(manifest.lines().next().unwrap()).unwrap();
    let redactions = line["redactions"].as_array().unwrap();
    let of_first = redactions
        .iter()
        .filter(|one| one["frame"] == 1 && one["kept"] == false);
    let number = |one: &Value, key: &str| one[key].as_u64().unwrap();
    Some(
        of_first
            .map(|one| ["x", "y", "w", "h"].map(|key| number(one, key)))
            .collect(),
    )
}

/// The share of a rectangle's pixels that others cover, in per cent.
fn covered([x, y, w, h]: Box, by: &[Box]) -> u64 {
    let inside = |px: u64, py: u64| {
        by.iter()
            .any(|[bx, by, bw, bh]| px >= *bx && px < bx + bw && py >= *by && py < by + bh)
    };
    let points = (y..y + h).flat_map(|py| (x..x + w).map(move |px| (px, py)));
    points.filter(|(px, py)| inside(*px, *py)).count() as u64 * 100 / (w * h)
}

fn holds(name: &str, text: &[Box], picture: &[Box]) {
    let Some(blanked) = blanked(name) else {
        return;
    };
    for one in text {
        assert!(covered(*one, &blanked) >= 95, "{name}: {one:?} still shows");
    }
    for one in picture {
        assert_eq!(covered(*one, &blanked), 0, "{name}: {one:?} was blanked");
    }
}

/// The same banner at 640 x 480 and, reduced, at 320 x 240: hospital, numbers, clock, preset.
const HOSPITAL: [Box; 6] = [
    [20, 27, 145, 10],
    [20, 42, 66, 10],
    [20, 58, 48, 10],
    [282, 42, 72, 10],
    [560, 42, 56, 10],
    [524, 58, 90, 10],
];
/// Where the Doppler signal stands.
const DOPPLER: [Box; 2] = [[130, 170, 200, 90], [340, 170, 180, 90]];

#[test]
fn a_banner_in_jpeg_2000_goes_and_the_doppler_stays() {
    holds("examples_jpeg2k.dcm", &HOSPITAL, &DOPPLER);
}

#[test]
fn a_banner_in_plain_rgb_goes_and_the_doppler_stays() {
    let half = |one: Box| one.map(|side| side / 2);
    holds(
        "examples_rgb_color.dcm",
        &HOSPITAL.map(half),
        &DOPPLER.map(half),
    );
}

#[test]
fn a_banner_in_a_palette_goes_and_the_fan_stays() {
    let text = [[94, 36, 168, 14], [670, 12, 100, 12], [670, 38, 110, 12]];
    holds("examples_palette.dcm", &text, &[[380, 100, 160, 25]]);
}
