//! What an object becomes by what is read off it: a page of text goes the way of the policy, and a name of
//! the object's own that was misread is blanked as what it is.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::sync::{Arc, Mutex};

use obscura_core::{Phi, PseudonymKey, Reason};
use obscura_deid::policy::{Policy, Preset};
use obscura_dicom::{Tag, VR};
use obscura_pipeline::{Area, Cause, Deidentifier, Frames, Options, Outcome, Pixels, Redaction};
use obscura_pixels::render::Picture;
use obscura_pixels::rules::Rules;
use obscura_pixels::text::{FinderError, Glimpses, Likelihood, Plane, Reading, Spot, TextFinder};
use obscura_testkit::{Person, Synthetic};

const SIDE: u32 = 400;
/// What a line is drawn in; the rest is black.
const INK: f32 = 2000.0;
/// Lines that are drawn.
const LINES: u32 = 24;

/// Takes each filled rectangle for a line that says the same.
#[derive(Debug)]
struct Finder {
    text: String,
    confidence: f32,
    /// The first look sees nothing.
    is_blind: bool,
    /// At how many times its size the detector was given a picture.
    scales: Mutex<Vec<f32>>,
}

/// The filled rectangles of a picture, one below the other.
fn filled(width: u32, ink: &[bool]) -> Vec<Area> {
    let width = width as usize;
    let mut found: Vec<Area> = Vec::new();
    for (y, row) in (0..ink.len() / width).map(|y| (y, y * width)) {
        let inked: Vec<usize> = (0..width).filter(|x| ink[row + x]).collect();
        let (Some(first), Some(last)) = (inked.first(), inked.last()) else {
            continue;
        };
        match found.last_mut() {
            Some(area) if area.y + area.h == y as u32 => area.h += 1,
            _ => found.push(Area::new(
                *first as u32,
                y as u32,
                (last - first + 1) as u32,
                1,
            )),
        }
    }
    found
}

fn spots(areas: Vec<Area>, score: f32) -> Vec<Spot> {
    areas
        .into_iter()
        .map(|area| Spot::upright(area, score))
        .collect()
}

impl TextFinder for Finder {
    fn glance(&self, plane: &Plane) -> Result<Glimpses, FinderError> {
        if self.is_blind {
            return Ok(Glimpses::default());
        }
        let ink: Vec<bool> = plane
            .values
            .iter()
            .map(|value| *value > INK / 2.0)
            .collect();
        let areas = filled(plane.width, &ink);
        Ok(Glimpses {
            places: spots(areas.clone(), 0.99),
            spots: spots(areas, 0.99),
            maps: vec![Likelihood {
                cell: 1,
                columns: plane.width as usize,
                values: ink.iter().map(|ink| f32::from(u8::from(*ink))).collect(),
            }],
        })
    }

    fn detect(&self, picture: &Picture, scale: f32) -> Result<Vec<Spot>, FinderError> {
        self.scales.lock().unwrap().push(scale);
        let step = usize::from(picture.channels);
        let ink: Vec<bool> = picture
            .data
            .iter()
            .step_by(step)
            .map(|v| *v > 127)
            .collect();
        Ok(spots(filled(picture.width, &ink), 0.95))
    }

    fn read(&self, _: &Picture) -> Result<Reading, FinderError> {
        Ok(Reading {
            text: Phi::new(self.text.clone()),
            confidence: self.confidence,
        })
    }
}

/// An image of so many lines.
fn page(lines: u32) -> Vec<u8> {
    let is_ink = |at: u32| {
        let (x, y) = (at % SIDE, at / SIDE);
        (200..SIDE).contains(&x) && y / 16 < lines && (4..12).contains(&(y % 16))
    };
    let words = (0..SIDE * SIDE).map(|at| if is_ink(at) { INK as u16 } else { 0 });
    let bytes: Vec<u8> = words.flat_map(u16::to_le_bytes).collect();
    Synthetic::mr(&Person::from_seed(3))
        .with(Tag(0x0028, 0x0010), VR::US, &SIDE.to_string())
        .with(Tag(0x0028, 0x0011), VR::US, &SIDE.to_string())
        .with_bytes(Tag(0x7FE0, 0x0010), VR::OW, bytes)
        .encode()
        .bytes
}

fn process(lines: u32, policy: &str, text: &str, confidence: f32) -> Outcome {
    let finder = Finder {
        text: text.to_owned(),
        confidence,
        is_blind: false,
        scales: Mutex::default(),
    };
    let options = Options {
        frames: Frames::None,
        pixels: Pixels::Text(Arc::new(Rules::default()), Arc::new(finder)),
        ..Options::default()
    };
    let policy = Policy::from_toml(policy).unwrap();
    let key = PseudonymKey::from_bytes([7; 32]);
    Deidentifier::new(policy, &key, options).process(&page(lines))
}

/// Issue 3, scanned documents: `blank`, `quarantine` or `drop` by policy.
#[test]
fn a_page_of_text_goes_the_way_of_the_policy() {
    let of = |lines: u32, pages: &str| {
        let policy = format!("extends = \"research\"\n[pixels]\npages = \"{pages}\"\n");
        process(lines, &policy, "QXZVW JKQXZ", 0.99)
    };
    let by = |pages: &str| of(LINES, pages);
    let Outcome::Released(done) = by("blank") else {
        panic!("a page is blanked and released");
    };
    let blanked = done.redactions.iter().filter(|one| !one.kept).count();
    assert!(blanked >= LINES as usize, "{blanked}");
    let is_inside = |one: &Redaction| one.x + one.w <= SIDE && one.y + one.h <= SIDE;
    assert!(done.redactions.iter().all(is_inside));
    match by("quarantine") {
        Outcome::Quarantined(quarantine) => assert_eq!(quarantine.reason, Reason::PolicyQuarantine),
        other => panic!("{other:?}"),
    }
    assert!(matches!(by("drop"), Outcome::Skipped(Reason::PageDropped)));
    // A picture with some text on it is none.
    assert!(matches!(of(5, "drop"), Outcome::Released(_)));
}

/// Issue 3: identifiers of the object are blanked whatever the confidence, misread or not, and counted.
#[test]
fn a_misread_name_of_the_object_is_an_identifier() {
    let family = Person::from_seed(3).family;
    let misread = format!("x{}", &family[1..]);
    for confidence in [0.99, 0.35] {
        let Outcome::Released(done) =
            process(LINES, "extends = \"research\"\n", &misread, confidence)
        else {
            panic!("what is blanked is released");
        };
        let named = |one: &&Redaction| one.cause == Cause::Identifier && !one.kept;
        let count = done.redactions.iter().filter(named).count();
        assert!(count >= LINES as usize, "{confidence}: {count}");
    }
}

/// Issue 3: `strict` searches all of every frame, at three times its size too, whatever the first look sees.
#[test]
fn a_strict_search_needs_no_first_look() {
    let blind = || {
        Arc::new(Finder {
            text: "QXZVW JKQXZ".to_owned(),
            confidence: 0.99,
            is_blind: true,
            scales: Mutex::default(),
        })
    };
    let process = |pixels| {
        let options = Options {
            frames: Frames::None,
            pixels,
            ..Options::default()
        };
        let key = PseudonymKey::from_bytes([7; 32]);
        let policy = Policy::preset(Preset::Research);
        match Deidentifier::new(policy, &key, options).process(&page(4)) {
            Outcome::Released(done) => done.redactions.len(),
            other => panic!("{other:?}"),
        }
    };
    let rules = Arc::new(Rules::default());
    let usual = blind();
    assert_eq!(process(Pixels::Text(rules.clone(), usual.clone())), 0);
    assert!(usual.scales.lock().unwrap().is_empty());
    let strict = blind();
    assert!(process(Pixels::Strict(rules, strict.clone())) >= 4);
    let scales = strict.scales.lock().unwrap();
    for scale in [1.0, 2.0, 3.0] {
        assert!(scales.contains(&scale), "{scale}");
    }
}
