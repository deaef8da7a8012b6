//! Issue 4: `obscura audit verify` proves that nothing was changed or left out. Every way to
//! tamper with a chain is found, at its place; an untouched chain is whole.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use obscura_audit::{
    Action, Actor, AuditKey, Chain, Counts, Entry, Event, Fault, FaultKind, Head, Stored, Verdict,
    verify,
};
use obscura_core::{ContentHash, FileId, Group, JobId, PseudonymKey, Pseudonyms, Timestamp};
use proptest::prelude::*;

fn group() -> Group {
    "radiology".parse().unwrap()
}

fn job(byte: u8) -> JobId {
    JobId::from_bytes([byte; 16])
}

fn key(byte: u8) -> AuditKey {
    let mut bytes = [byte; 32];
    bytes[0] = 1;
    AuditKey::of(&Pseudonyms::new(&PseudonymKey::from_bytes(bytes)))
}

fn event(number: u8) -> Event {
    Event {
        actor: Actor::function("deidentify"),
        action: Action::Deidentified,
        file: Some(FileId::from_bytes([number; 16])),
        input: Some(ContentHash::of(&[number])),
        output: None,
        rules: None,
        verdict: Verdict::Done,
        duration_ms: u64::from(number),
        counts: Counts::from([("frames".to_owned(), 3)]),
    }
}

fn stored(entry: &Entry) -> (Stored, Head) {
    let bytes = entry.bytes().unwrap();
    let head = Head {
        sequence: entry.sequence,
        hash: ContentHash::of(&bytes),
    };
    let sequence = entry.sequence;
    (Stored { sequence, bytes }, head)
}

/// A sealed chain of `length` entries and its seal.
fn sealed(length: u8, job: JobId, key: Option<&AuditKey>) -> Vec<Stored> {
    let chain = Chain::new(group(), job);
    let (mut all, mut head) = (Vec::new(), None);
    for number in 0..length {
        let at = Timestamp::from_millis(u64::from(number) * 1000);
        let (one, next) = stored(&chain.next(head, at, event(number)).unwrap());
        all.push(one);
        head = Some(next);
    }
    let end = chain.seal(head, Timestamp::from_millis(1 << 40), event(0), key);
    all.push(stored(&end.unwrap()).0);
    all
}

fn faults(stored: &[Stored]) -> Vec<Fault> {
    verify(stored, &group(), job(1), Some(&key(7))).faults
}

fn at(sequence: u32, kind: FaultKind) -> Fault {
    Fault { sequence, kind }
}

#[test]
fn an_untouched_chain_is_whole_and_proven() {
    let found = verify(
        &sealed(5, job(1), Some(&key(7))),
        &group(),
        job(1),
        Some(&key(7)),
    );
    assert!(found.is_whole() && found.authentic && found.entries == 6);
    let unkeyed = verify(&sealed(0, job(1), None), &group(), job(1), None);
    assert!(unkeyed.is_whole() && !unkeyed.authentic);
}

#[test]
fn each_way_to_tamper_is_named_at_its_place() {
    let whole = sealed(5, job(1), Some(&key(7)));
    let changed = |at: usize, from: &str, to: &str| {
        let mut chain = whole.clone();
        let text = String::from_utf8(chain[at].bytes.clone()).unwrap();
        assert!(text.contains(from));
        chain[at].bytes = text.replace(from, to).into_bytes();
        chain
    };
    assert_eq!(
        faults(&changed(2, "\"frames\":3", "\"frames\":4")),
        [at(3, FaultKind::Changed)]
    );
    // The same value in another form is changed bytes as well.
    assert_eq!(
        faults(&changed(2, "\"frames\":3", "\"frames\": 3"))[0],
        at(3, FaultKind::Changed)
    );
    let mut missing = whole.clone();
    missing.remove(1);
    assert_eq!(faults(&missing), [at(2, FaultKind::Missing)]);

    let mut swapped = whole.clone();
    (swapped[1].sequence, swapped[2].sequence) = (3, 2);
    assert_eq!(
        faults(&swapped),
        [at(2, FaultKind::Reordered), at(3, FaultKind::Reordered)]
    );
    // Taken out and closed up: the names are without a gap, the entries are not.
    let mut closed_up = whole.clone();
    closed_up.remove(1);
    for (index, one) in closed_up.iter_mut().enumerate() {
        one.sequence = index as u32 + 1;
    }
    assert!(faults(&closed_up).contains(&at(2, FaultKind::Reordered)));

    let cut = verify(&whole[..4], &group(), job(1), None);
    assert!(cut.faults.is_empty() && !cut.sealed && !cut.is_whole());
    let beheaded = faults(&whole[1..]);
    assert!(beheaded.contains(&at(1, FaultKind::Missing)));
}

#[test]
fn a_chain_that_was_made_anew_is_forged() {
    // Whoever may write all entries but has not the key makes a chain that fits in itself.
    let anew = sealed(3, job(1), Some(&key(8)));
    assert!(verify(&anew, &group(), job(1), None).is_whole());
    assert_eq!(faults(&anew), [at(4, FaultKind::Forged)]);
    assert_eq!(faults(&sealed(3, job(1), None)), [at(4, FaultKind::Forged)]);
    // The chain of another job, or an entry of it.
    assert!(faults(&sealed(3, job(2), Some(&key(7)))).contains(&at(1, FaultKind::Forged)));
}

#[test]
fn nothing_follows_the_end() {
    let mut chain = sealed(2, job(1), Some(&key(7)));
    let head = Head {
        sequence: 3,
        hash: ContentHash::of(&chain[2].bytes),
    };
    let late = Chain::new(group(), job(1)).next(Some(head), Timestamp::from_millis(9), event(9));
    chain.push(stored(&late.unwrap()).0);
    assert_eq!(faults(&chain), [at(4, FaultKind::Cut)]);
}

proptest! {
    /// A change of one byte anywhere in a sealed chain is found.
    #[test]
    fn one_changed_byte_is_found(length in 0_u8..6, place in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut chain = sealed(length, job(1), Some(&key(7)));
        let total: usize = chain.iter().map(|one| one.bytes.len()).sum();
        let mut place = place.index(total);
        for one in &mut chain {
            if place < one.bytes.len() {
                prop_assume!(one.bytes[place] != to);
                one.bytes[place] = to;
                break;
            }
            place -= one.bytes.len();
        }
        prop_assert!(!faults(&chain).is_empty());
    }

    /// Any number of entries taken out before the seal is found.
    #[test]
    fn what_is_left_out_is_found(length in 1_u8..8, out in prop::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let chain = sealed(length, job(1), Some(&key(7)));
        let out: std::collections::BTreeSet<usize> = out.iter().map(|i| i.index(usize::from(length))).collect();
        let kept: Vec<Stored> = chain.iter().enumerate().filter(|(i, _)| !out.contains(i)).map(|(_, s)| s.clone()).collect();
        let found = faults(&kept);
        for place in out {
            prop_assert!(found.contains(&at(place as u32 + 1, FaultKind::Missing)));
        }
    }
}
