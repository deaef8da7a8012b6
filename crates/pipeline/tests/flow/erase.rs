//! The right to erasure (GDPR article 17): every bucket, table and version, and a receipt.

use obscura_audit::Subject;
use obscura_core::Phi;
use obscura_pipeline::flow::{EraseError, FileState, Target};
use obscura_storage::{Bucket, ObjectKey, RowStore};
use obscura_testkit::{Person, Synthetic};

use crate::world::World;

#[test]
fn a_person_is_erased_everywhere_and_nobody_else() {
    let world = World::new();
    let (one, other) = (Person::from_seed(3), Person::from_seed(4));
    let (ct, mr) = (
        Synthetic::ct(&one).encode().bytes,
        Synthetic::mr(&one).encode().bytes,
    );
    let theirs = Synthetic::ct(&other).encode().bytes;
    // A damaged object of the same person, which stands in the quarantine.
    let aside = Synthetic::mr(&one)
        .without(obscura_dicom_tag(0x0008, 0x0018))
        .encode()
        .bytes;
    let aside = without_meta_instance(aside);
    let mixed = world.upload(&[&ct, &theirs, &aside]);
    let own = world.upload(&[&mr]);
    world.deliver_all();
    world.analyse_all();
    assert_eq!(world.keys(Bucket::Quarantine).len(), 2);
    let before = world.bodies(Bucket::Clean);
    let target = Target::PatientId(Phi::new(one.id.clone()));
    let receipt = world
        .eraser
        .erase(&world.group, &target, &world.actor)
        .unwrap()
        .receipt;
    assert!(!receipt.repeated && receipt.remaining == 0);
    assert!(
        receipt.erased["clean"] >= 8 && receipt.erased["rows"] == 3,
        "{receipt:?}"
    );

    let after = world.bodies(Bucket::Clean);
    let kept: Vec<&String> = after.keys().collect();
    let released_of_other = before
        .keys()
        .filter(|key| !after.contains_key(*key))
        .count();
    assert!(released_of_other > 0 && kept.iter().any(|key| key.starts_with("dicom/")));
    assert_eq!(
        kept.iter()
            .filter(|key| key.starts_with("release/"))
            .count(),
        1
    );
    assert_eq!(world.states(&mixed), (vec![FileState::Analysed], true));
    assert!(world.memory.rows(&own).unwrap().is_empty());
    assert!(world.verified(&mixed).is_whole() && world.verified(&own).is_whole());
    assert!(world.keys(Bucket::Quarantine).is_empty());

    // The receipt says whom without saying it: a token that needs the key.
    let Subject::Person(token) = &receipt.subject else {
        panic!("{receipt:?}");
    };
    assert_eq!(token.len(), 25);
    let stored = world.bodies(Bucket::Audit);
    let key = ObjectKey::Receipt(receipt.group.clone(), receipt.id).to_string();
    let text = String::from_utf8(stored[&key].clone()).unwrap();
    assert!(!text.contains(&one.id) && text.contains(token));

    let again = world
        .eraser
        .erase(&world.group, &target, &world.actor)
        .unwrap()
        .receipt;
    assert!(again.repeated && again.erased.is_empty());
}

/// SOP Instance UID.
const fn obscura_dicom_tag(group: u16, element: u16) -> obscura_dicom::Tag {
    obscura_dicom::Tag(group, element)
}

/// Overwrites the value of (0002,0003), so that no place names the instance.
fn without_meta_instance(mut file: Vec<u8>) -> Vec<u8> {
    let tag = [0x02, 0x00, 0x03, 0x00, b'U', b'I'];
    let at = file.windows(6).position(|window| window == tag).unwrap();
    let length = usize::from(u16::from_le_bytes([file[at + 6], file[at + 7]]));
    file[at + 8..at + 8 + length].fill(b'x');
    file
}

#[test]
fn a_job_is_erased_in_whatever_state_it_is() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    for stage in 0..4 {
        let world = World::new();
        let job = if stage == 0 {
            world.open(&[&ct, b"%PDF-1.4"]).0
        } else {
            world.upload(&[&ct, b"%PDF-1.4"])
        };
        if stage > 1 {
            world.deliver_all();
        }
        if stage > 2 {
            world.analyse_all();
        }
        let target = Target::Job(job.job);
        world
            .eraser
            .erase(&world.group, &target, &world.actor)
            .unwrap();
        for bucket in [Bucket::Intake, Bucket::Clean, Bucket::Quarantine] {
            assert!(
                world.keys(bucket).is_empty(),
                "stage {stage}, {}",
                bucket.name()
            );
        }
        assert!(world.memory.all_rows().is_empty(), "stage {stage}");
        let chain = world.verified(&job);
        assert!(chain.is_whole(), "stage {stage}: {chain:?}");
    }
}

/// A function has minutes, and a job can have hundreds of files.
#[test]
fn an_erasure_takes_few_calls_for_each_file() {
    let objects: Vec<Vec<u8>> = (0..30)
        .map(|seed| Synthetic::mr(&Person::from_seed(seed)).encode().bytes)
        .collect();
    let files: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
    let world = World::new();
    let job = world.upload(&files);
    world.deliver_all();
    world.analyse_all();
    world.memory.faults.heal();
    let target = Target::Job(job.job);
    let receipt = world
        .eraser
        .erase(&world.group, &target, &world.actor)
        .unwrap()
        .receipt;
    let calls = world.memory.faults.heal();
    assert_eq!((receipt.erased["rows"], receipt.remaining), (30, 0));
    assert!(world.keys(Bucket::Clean).is_empty());
    // Its record and row read, the row marked and removed, and twice: listed, removed, listed, listed again.
    assert!(calls <= 30 * 13 + 60, "{calls} calls");
}

#[test]
fn what_is_no_pseudonym_erases_nothing() {
    let world = World::new();
    for text in ["", "..", "a/b", "P1/../x"] {
        let target = Target::Pseudonym(text.to_owned());
        let refused = world.eraser.erase(&world.group, &target, &world.actor);
        assert!(matches!(refused, Err(EraseError::NotAPseudonym)), "{text}");
    }
}
