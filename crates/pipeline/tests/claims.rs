//! What a release says of its pixels (Burned In Annotation, code 113101 of CID 7050) is what was done, and
//! what nobody would see goes or keeps the object back: frames beyond those that are stated, bits that are
//! not stored.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::sync::Arc;

use obscura_core::{Limits, Phi, PseudonymKey, Reason};
use obscura_deid::policy::Policy;
use obscura_dicom::{Element, Source, Tag, VR, Value};
use obscura_pipeline::{Deidentifier, Frames, Options, Outcome, Pixels};
use obscura_pixels::render::Picture;
use obscura_pixels::rules::Rules;
use obscura_pixels::text::{FinderError, Glimpses, Plane, Reading, Spot, TextFinder};
use obscura_testkit::{Person, Synthetic};

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

/// Sees no text anywhere.
#[derive(Debug)]
struct Nothing;

impl TextFinder for Nothing {
    fn glance(&self, _: &Plane) -> Result<Glimpses, FinderError> {
        Ok(Glimpses::default())
    }

    fn detect(&self, _: &Picture, _: f32) -> Result<Vec<Spot>, FinderError> {
        Ok(Vec::new())
    }

    fn read(&self, _: &Picture) -> Result<Reading, FinderError> {
        Ok(Reading {
            text: Phi::new(String::new()),
            confidence: 0.0,
        })
    }
}

fn process(input: &[u8], pixels: Pixels, policy: &str) -> Outcome {
    let options = Options {
        frames: Frames::None,
        pixels,
        ..Options::default()
    };
    let key = PseudonymKey::from_bytes([7; 32]);
    Deidentifier::new(Policy::from_toml(policy).unwrap(), &key, options).process(input)
}

fn text() -> Pixels {
    Pixels::Text(Arc::new(Rules::default()), Arc::new(Nothing))
}

const RESEARCH: &str = "extends = \"research\"\n";

/// The released file: what Burned In Annotation says, the codes of what was done, and the pixel data.
fn said(outcome: Outcome) -> (Option<String>, Vec<String>, Vec<u8>) {
    let Outcome::Released(done) = outcome else {
        panic!("{outcome:?}");
    };
    let limits = Limits::default();
    let source = Source::open(&done.dicom, &limits).unwrap();
    let file = source.parse(&limits).unwrap();
    let items = file.data.get(Tag(0x0012, 0x0064)).unwrap();
    let code = |item: &obscura_dicom::DataSet<'_>| item.ascii(Tag(8, 0x100)).map(str::to_owned);
    let codes = items.items().unwrap().iter().filter_map(code).collect();
    let pixels = match file.data.get(PIXEL_DATA).map(|one| &one.value) {
        Some(Value::Bytes(bytes)) => bytes.to_vec(),
        Some(Value::Fragments(all)) => all.fragments.concat(),
        _ => Vec::new(),
    };
    let burned_in = file.data.ascii(Tag(0x0028, 0x0301)).map(str::to_owned);
    (burned_in, codes, pixels)
}

/// Issue 3: Burned In Annotation is NO, and 113101 stands there, only after the search.
#[test]
fn a_release_claims_clean_pixels_only_after_a_search() {
    let input = Synthetic::mr(&Person::from_seed(3)).encode().bytes;
    let rules = || Arc::new(Rules::default());
    for (pixels, is_claimed) in [
        (text(), true),
        (Pixels::Strict(rules(), Arc::new(Nothing)), true),
        (Pixels::Rules(rules()), false),
        (Pixels::Off, false),
    ] {
        let (burned_in, codes, _) = said(process(&input, pixels, RESEARCH));
        assert_eq!(burned_in.as_deref() == Some("NO"), is_claimed);
        assert_eq!(codes.iter().any(|code| code == "113101"), is_claimed);
        assert!(codes.iter().any(|code| code == "113103"));
    }
}

/// An overlay that a policy keeps is searched by nobody.
#[test]
fn an_overlay_that_is_kept_takes_the_claims_with_it() {
    let us = |tag, number: u16| Element::new(tag, VR::US, number.to_le_bytes().to_vec());
    let overlay = |element| Tag(0x6000, element);
    let input = Synthetic::mr(&Person::from_seed(3))
        .with_element(us(overlay(0x0010), 16))
        .with_element(us(overlay(0x0011), 16))
        .with_element(Element::text(overlay(0x0040), VR::CS, "G"))
        .with_element(us(overlay(0x0100), 1))
        .with_element(us(overlay(0x0102), 0))
        .with_bytes(overlay(0x3000), VR::OW, vec![0x55; 32])
        .encode()
        .bytes;
    let keeping = format!("{RESEARCH}[danger.attributes]\n\"60xx,3000\" = \"K\"\n");
    for (policy, is_claimed) in [(RESEARCH, true), (&keeping, false)] {
        let (burned_in, codes, _) = said(process(&input, text(), policy));
        assert_eq!(burned_in.as_deref() == Some("NO"), is_claimed);
        for code in ["113101", "113103"] {
            assert_eq!(codes.iter().any(|one| one == code), is_claimed, "{code}");
        }
    }
}

/// Frames beyond Number of Frames are shown by no viewer and read by every library.
#[test]
fn frames_beyond_those_that_are_stated_are_not_released() {
    let person = Person::from_seed(3);
    let samples = |count: usize| -> Vec<u8> {
        let words = (0..count).map(|at| (at % 256) as u16 * 8);
        words.flat_map(u16::to_le_bytes).collect()
    };
    let native = |count| {
        let image = Synthetic::mr(&person).with_bytes(PIXEL_DATA, VR::OW, samples(count));
        process(&image.encode().bytes, text(), RESEARCH)
    };
    assert_eq!(said(native(256)).2, samples(256));
    // Less than a frame is cut off.
    for more in [2, 100, 255] {
        assert_eq!(said(native(256 + more)).2, samples(256), "{more}");
    }
    // Padding says nothing, however long.
    let padded = [samples(256), vec![0; 1000]].concat();
    let image = Synthetic::mr(&person).with_bytes(PIXEL_DATA, VR::OW, padded.clone());
    assert_eq!(
        said(process(&image.encode().bytes, text(), RESEARCH)).2,
        padded
    );
    let is_set_aside = |outcome: Outcome| matches!(&outcome, Outcome::Quarantined(one) if one.reason == Reason::PixelsUndecodable);
    assert!(is_set_aside(native(512)));
    // The same in fragments: two codestreams of an object of one frame.
    let coded = Synthetic::sc_jpeg(&person).encode().bytes;
    let limits = Limits::default();
    let source = Source::open(&coded, &limits).unwrap();
    let mut file = source.parse(&limits).unwrap();
    assert!(matches!(
        process(&coded, text(), RESEARCH),
        Outcome::Released(_)
    ));
    let once = match &file.data.get(PIXEL_DATA).unwrap().value {
        Value::Fragments(all) => all.fragments.concat(),
        other => panic!("{other:?}"),
    };
    let twice = [&once[..], &once].concat();
    let padded = [&once[..], &[0; 7], &once].concat();
    for fragments in [vec![once.clone(), once], vec![twice], vec![padded]] {
        if let Some(Value::Fragments(all)) = file.data.get_mut(PIXEL_DATA).map(|e| &mut e.value) {
            all.fragments = fragments.into_iter().map(Into::into).collect();
        }
        let mut twice = Vec::new();
        obscura_dicom::write_file(&file.meta, &file.data, &file.syntax, &mut twice);
        assert!(is_set_aside(process(&twice, text(), RESEARCH)));
    }
}

/// Words in a bit that is not stored, which no overlay group names.
#[test]
fn what_is_drawn_in_bits_that_are_not_stored_goes() {
    let shown: Vec<u16> = (0..256).map(|at| at * 8).collect();
    let hidden = shown.iter().enumerate().map(|(at, word)| {
        let is_drawn = at % 7 < 3;
        word | if is_drawn { 1 << 14 } else { 0 }
    });
    let bytes: Vec<u8> = hidden.flat_map(u16::to_le_bytes).collect();
    let input = Synthetic::mr(&Person::from_seed(3)).with_bytes(PIXEL_DATA, VR::OW, bytes);
    let input = input.encode().bytes;
    let expected: Vec<u8> = shown.iter().flat_map(|word| word.to_le_bytes()).collect();
    for pixels in [text(), Pixels::Off] {
        assert_eq!(said(process(&input, pixels, RESEARCH)).2, expected);
    }
}
