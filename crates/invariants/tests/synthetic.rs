//! The invariants over synthetic objects: whole, cut at every place, and mutated.

use obscura_dicom::{Tag, VR};
use obscura_invariants::{check_blank, check_decode, check_read, check_text, check_walk};
use obscura_testkit::{Object, Person, Synthetic, collection};
use proptest::prelude::*;

fn check_all(bytes: &[u8]) {
    check_read(bytes);
    check_walk(bytes);
    check_decode(bytes);
    check_blank(bytes);
}

#[test]
fn hold_for_every_kind_of_object() {
    for seed in 0..4 {
        for (name, object) in collection(seed) {
            println!("{name}");
            check_all(&object.bytes);
        }
    }
}

/// A file that ends anywhere is read as far as that is safe, or refused; it never panics.
#[test]
fn hold_for_a_file_cut_at_every_byte() {
    let person = Person::from_seed(5);
    let object = Synthetic::ct(&person)
        .with_nested_sequences()
        .with_private_blocks()
        .encode();
    for end in 0..object.bytes.len() {
        check_read(&object.bytes[..end]);
        check_decode(&object.bytes[..end]);
    }
    for end in (0..object.bytes.len()).step_by(37) {
        check_walk(&object.bytes[..end]);
    }
}

/// What the fuzz target `text` found: the ages of those over 89 are the one thing that is put in.
#[test]
fn hold_for_the_ages_of_the_old() {
    for text in [
        "099y\n19940323",
        "aged 93 years, 90+ before",
        "90+y 91 y 09",
    ] {
        check_text(["\n\n\n\n\n\n", text].concat().as_bytes());
    }
}

/// What the fuzz target `text` found: each pass takes the first of the words after `Pt.` and makes the next
/// one the first, more often than there were passes.
#[test]
fn hold_for_many_words_after_a_title() {
    check_text(
        b":YelvadYvlrowYvlrowiwen\nQX66rInf\xBArmary\n199\0\0\x004\xCE0323\n4444GGGGam\nDrInf\xBA\
          rm\t\x01\xFF\xFFary\n199\0\0\x004\xCE0323\n4444GGGGGGGGGGGGiGovitt. YelGight upper lobe \
          Pt. YelGavGGGGGirGGGGGGGGGGGGGGGGGGiGovitt. YelGavGGGGGirGGGGGGGGGtagesGGGGGGGGGiGov\
          itGGGGGGiGGGGGGOGGGGGGGGGGGdovirav",
    );
}

/// What the fuzz target `walk` found: the scan by itself (`obscura verify`) lets stand what stands in
/// every release, as the engine does, also where a person is called so.
#[test]
fn hold_for_people_called_as_classes_and_codes() {
    let person = Person::from_seed(5);
    for name in [
        "1.2.840.10008",
        "1.2.840.10008.1.2",
        "113100",
        "DCM^Obscura",
    ] {
        let object = Synthetic::ct(&person)
            .with(Tag(0x0008, 0x0090), VR::PN, name)
            .encode();
        check_walk(&object.bytes);
    }
}

fn objects() -> Vec<Object> {
    collection(9)
        .into_iter()
        .map(|(_, object)| object)
        .collect()
}

/// One change of the bytes: where (as a fraction), and what.
#[derive(Debug, Clone)]
enum Change {
    Set(f64, u8),
    Remove(f64, usize),
    Repeat(f64, usize),
    Length(f64, u32),
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0.0..1.0_f64;
    prop_oneof![
        (place.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (place.clone(), 1..64_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        (place.clone(), 1..64_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
        (
            place,
            prop_oneof![Just(u32::MAX), Just(u32::MAX - 1), Just(0), any::<u32>()]
        )
            .prop_map(|(at, length)| Change::Length(at, length)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let (Change::Set(at, _)
    | Change::Remove(at, _)
    | Change::Repeat(at, _)
    | Change::Length(at, _)) = change;
    // The first 132 bytes are the preamble: changing them proves little.
    let at = (132 + (at * bytes.len() as f64) as usize).min(bytes.len().saturating_sub(5));
    let end = |count: usize| (at + count).min(bytes.len());
    match *change {
        Change::Set(_, byte) => bytes[at] = byte,
        Change::Remove(_, count) => drop(bytes.drain(at..end(count))),
        Change::Repeat(_, count) => {
            let part = bytes[at..end(count)].to_vec();
            bytes.splice(at..at, part);
        }
        Change::Length(_, length) => bytes[at..at + 4].copy_from_slice(&length.to_le_bytes()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hold_for_mutated_objects(
        which in 0..19_usize,
        changes in prop::collection::vec(change(), 1..6),
    ) {
        thread_local!(static OBJECTS: Vec<Object> = objects());
        let mut bytes = OBJECTS.with(|objects| objects[which % objects.len()].bytes.clone());
        for change in &changes {
            apply(&mut bytes, change);
        }
        check_all(&bytes);
    }

    #[test]
    fn hold_for_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check_all(&bytes);
        check_text(&bytes);
    }

    /// Texts made of what identifiers and reports are made of.
    #[test]
    fn hold_for_any_text(
        words in prop::collection::vec(
            prop_oneof![
                "[A-Za-z]{1,9}", "[0-9]{1,10}", Just("\n".to_owned()), Just("Dr.".to_owned()),
                Just("MRN".to_owned()), "[0-3]?[0-9]/[01]?[0-9]/(19|20)[0-9]{2}", Just("CHEST".to_owned()),
                "[-.,;:/()^=' ]{1,3}", "[äßéÅ山田홍ﬁ]{1,3}",
            ],
            0..40,
        ),
        glue in prop_oneof![Just(""), Just(" ")],
    ) {
        check_text(words.join(glue).as_bytes());
    }
}
