//! What was planted in a synthetic object is not in what is released of it, in any encoding, and
//! the clinical words are: PS3.15 E.1.1 ("shall be removed"), E.3.4 (Clean Descriptors).

use obscura_core::{Limits, PseudonymKey};
use obscura_deid::policy::{Policy, Preset};
use obscura_deid::{Engine, PixelCleaning};
use obscura_dicom::Source;
use obscura_testkit::{Kind, Object, collection};

fn release(object: &Object, preset: Preset) -> Result<Vec<u8>, String> {
    let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8 + 3));
    let engine = Engine::new(Policy::preset(preset), &key, Limits::default());
    let source = Source::open(&object.bytes, &Limits::default()).map_err(|e| e.to_string())?;
    let file = source
        .parse(&Limits::default())
        .map_err(|e| e.to_string())?;
    let released = engine
        .deidentify(file, PixelCleaning::NotDone)
        .map_err(|e| e.to_string())?;
    Ok(inflated(released.bytes))
}

/// A deflated file says nothing to a search of its bytes: it is looked at as plain elements.
fn inflated(bytes: Vec<u8>) -> Vec<u8> {
    let source = Source::open(&bytes, &Limits::default()).unwrap();
    if !source.syntax().deflated {
        return bytes;
    }
    let file = source.parse(&Limits::default()).unwrap();
    let plain = obscura_dicom::Syntax::from_uid(obscura_dicom::Syntax::EXPLICIT_LE);
    let mut out = Vec::new();
    obscura_dicom::write_file(&file.meta, &file.data, &plain, &mut out);
    out
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes
        .windows(part.len())
        .any(|window| window.eq_ignore_ascii_case(part))
}

/// Every identifier goes, under every preset; what quarantines a synthetic object is a fault.
#[test]
fn nothing_planted_is_released() {
    let mut faults = Vec::new();
    for seed in 0..3 {
        for (name, object) in collection(seed) {
            for preset in Preset::ALL {
                match release(&object, preset) {
                    Err(why) => faults.push(format!("{name}, {preset}: quarantined, {why}")),
                    Ok(bytes) => {
                        let stays = object.planted.iter().filter(|planted| {
                            let forms = object.repertoire.leaks(&planted.text);
                            forms.iter().any(|form| holds(&bytes, form))
                        });
                        let kinds: Vec<Kind> = stays.map(|planted| planted.kind).collect();
                        if !kinds.is_empty() {
                            faults.push(format!("{name}, {preset}: {kinds:?} stay"));
                        }
                    }
                }
            }
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// With descriptors cleaned, the clinical words of every object stay.
#[test]
fn clinical_words_are_released() {
    let mut faults = Vec::new();
    for (name, object) in collection(1) {
        let Ok(bytes) = release(&object, Preset::Research) else {
            continue;
        };
        for words in &object.clinical {
            if !holds(&bytes, words.as_bytes()) {
                faults.push(format!("{name}: {words}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The same key gives the same bytes in another process; here, in another engine.
#[test]
fn a_release_is_reproducible() {
    for (name, object) in collection(2) {
        assert_eq!(
            release(&object, Preset::Research),
            release(&object, Preset::Research),
            "{name}"
        );
    }
}
