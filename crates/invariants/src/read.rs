//! Reading and writing (PS3.5 7, PS3.10 7): no panic, limits kept, nothing lost between the two.

use obscura_core::Limits;
use obscura_dicom::{DataSet, DicomFile, Mend, Source, Tag, Value, is_standard, write_file};

use crate::tight_limits;

const SOP_CLASS_UID: Tag = Tag(0x0008, 0x0016);
const SOP_INSTANCE_UID: Tag = Tag(0x0008, 0x0018);

/// Reads the bytes as a file. If that gives a SOP instance, what is written of it is read again,
/// holds the same values, and is written the same way the second time. Bytes that merely parse are
/// not held to that: without a SOP Class and Instance UID nothing is ever written of them.
///
/// # Panics
/// If one of these does not hold.
pub fn check_read(bytes: &[u8]) {
    let limits = tight_limits();
    let Ok(source) = Source::open(bytes, &limits) else {
        return;
    };
    let Ok(file) = source.parse(&limits) else {
        return;
    };
    assert!(
        depth(&file.data) <= limits.max_depth,
        "deeper than the limit"
    );

    if file.data.ascii(SOP_CLASS_UID).is_none() || file.data.ascii(SOP_INSTANCE_UID).is_none() {
        return;
    }
    let mut first = Vec::new();
    write_file(&file.meta, &file.data, &file.syntax, &mut first);
    let second = written_again(&first, &file, limits);
    if first == second {
        return;
    }
    // The byte of padding that a value of odd length lacked may be all that it lacked to be items: they
    // are written as such, and that is the end of it.
    let differs = first.iter().zip(&second).position(|(a, b)| a != b);
    assert!(
        file.mends.contains(&Mend::OddLength),
        "a file changes when it is read and written again, at byte {differs:?}"
    );
    let source = Source::open(&first, &roomy(limits)).expect("a written file opens");
    let again = source.parse(&roomy(limits)).expect("a written file parses");
    assert!(
        written_again(&second, &again, limits) == second,
        "a file changes each time it is read and written, at byte {differs:?}"
    );
}

/// What is written has a preamble, a meta group and padding: it may pass a limit its original just kept.
fn roomy(limits: Limits) -> Limits {
    Limits {
        max_file_bytes: limits.max_file_bytes * 4,
        max_inflate_ratio: u64::MAX,
        ..limits
    }
}

/// Reads what was written of a file, holds it to that file, and writes it.
fn written_again(written: &[u8], file: &DicomFile<'_>, limits: Limits) -> Vec<u8> {
    let source = Source::open(written, &roomy(limits)).expect("a written file opens");
    let again = source.parse(&roomy(limits)).expect("a written file parses");
    same(&file.data, &again.data, file.syntax.explicit);
    assert!(
        again.trailing.is_empty(),
        "a written file has bytes after its end"
    );
    let mut out = Vec::new();
    write_file(&again.meta, &again.data, &again.syntax, &mut out);
    out
}

fn depth(data: &DataSet<'_>) -> usize {
    let items = data
        .elements()
        .iter()
        .filter_map(obscura_dicom::Element::items)
        .flatten();
    items.map(|item| 1 + depth(item)).max().unwrap_or(0)
}

/// Group lengths are not written, so they are not compared.
fn same(before: &DataSet<'_>, after: &DataSet<'_>, explicit: bool) {
    let before = before
        .elements()
        .iter()
        .filter(|element| element.tag.1 != 0);
    let after = after.elements().iter().filter(|element| element.tag.1 != 0);
    let mut after = after.peekable();
    for old in before {
        let tag = old.tag;
        let Some(new) = after.next() else {
            panic!("{tag} is lost")
        };
        assert_eq!(tag, new.tag, "elements are lost or out of order");
        match (&old.value, &new.value) {
            (Value::Bytes(old), Value::Bytes(new)) => {
                assert!(equal_but_padding(old, new), "{tag} changed its bytes");
            }
            (Value::Items(old), Value::Items(new)) => {
                assert_eq!(old.items.len(), new.items.len(), "{tag} changed its items");
                for (old, new) in old.items.iter().zip(&new.items) {
                    same(old, new, explicit);
                }
            }
            (Value::Fragments(old), Value::Fragments(new)) => {
                assert_eq!(
                    old.fragments.len(),
                    new.fragments.len(),
                    "{tag} changed fragments"
                );
                for (old, new) in old.fragments.iter().zip(&new.fragments) {
                    assert!(equal_but_padding(old, new), "{tag} changed a fragment");
                }
            }
            // Implicit VR does not say that a value the standard does not know is a sequence: one with
            // faults inside is not recognised again, and stays the bytes it is (found by fuzzing).
            (Value::Items(_), Value::Bytes(_)) if !explicit && !is_standard(tag) => {}
            // Bytes of what the standard does not know, or of a picture, that only just are no items may
            // be ones after their padding, or without what was wrong around them.
            (Value::Bytes(old), Value::Items(_)) if !is_standard(tag) && begins_as_item(old) => {}
            (Value::Bytes(old), Value::Fragments(_)) if begins_as_item(old) => {}
            // An empty value of an unknown kind may be read as any of them.
            _ => assert!(old.is_empty() && new.is_empty(), "{tag} changed its kind"),
        }
    }
    assert!(after.next().is_none(), "an element came out of nowhere");
}

fn begins_as_item(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFE, 0xFF, 0x00, 0xE0]) || bytes.starts_with(&[0xFF, 0xFE, 0xE0, 0x00])
}

fn equal_but_padding(old: &[u8], new: &[u8]) -> bool {
    new == old || (old.len() % 2 == 1 && new.len() == old.len() + 1 && new.starts_with(old))
}
