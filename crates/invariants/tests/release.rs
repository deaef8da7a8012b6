//! What was planted in a synthetic object is not in what is released of it, in any encoding, and
//! the clinical words are: PS3.15 E.1.1 ("shall be removed"), E.3.4 (Clean Descriptors).

use obscura_core::{Limits, PseudonymKey};
use obscura_deid::policy::{Policy, Preset};
use obscura_deid::{Engine, PixelCleaning};
use obscura_dicom::Source;
use obscura_testkit::{Kind, Object, Person, Synthetic, collection};

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
    let source = Source::open(&bytes, &Limits::default()).expect("a released file is read");
    if !source.syntax().deflated {
        return bytes;
    }
    let file = source
        .parse(&Limits::default())
        .expect("a released file is read");
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

/// Encapsulated pixel data (PS3.5 A.4) whose element claims a length of bytes, right or wrong, is
/// what it is all the same: the comments of its frames go, or the object is not released. Found by
/// the fuzz target `read`.
#[test]
fn the_comments_of_frames_go_whatever_length_the_pixel_data_claims() {
    let object = Synthetic::sc_jpeg(&Person::from_seed(1)).encode();
    let head = [
        0xE0, 0x7F, 0x10, 0x00, b'O', b'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
    ];
    let at = object
        .bytes
        .windows(12)
        .position(|window| window == head)
        .unwrap()
        + 8;
    let rest = (object.bytes.len() - at - 4) as u32;
    let mut faults = Vec::new();
    for length in [rest, rest - 8, rest + 2, 0x0200_0000, u32::MAX - 1] {
        let mut object = object.clone();
        object.bytes[at..at + 4].copy_from_slice(&length.to_le_bytes());
        for preset in Preset::ALL {
            let Ok(bytes) = release(&object, preset) else {
                continue;
            };
            let stays = object
                .planted
                .iter()
                .filter(|planted| holds(&bytes, planted.text.as_bytes()));
            faults
                .extend(stays.map(|planted| format!("{length:08X}, {preset}: {:?}", planted.kind)));
        }
    }
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
