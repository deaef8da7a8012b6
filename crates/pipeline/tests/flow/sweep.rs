//! Retention: whatever is too old goes, in all versions, and what waits in vain is ended.

use obscura_core::Reason;
use obscura_pipeline::flow::{Ended, FileState};
use obscura_storage::{Bucket, Encryption, ObjectKey, ObjectStore, Uploads};
use obscura_testkit::{Person, Synthetic};

use crate::world::{HOUR, World};

#[test]
fn what_is_overdue_goes_in_all_versions_and_its_job_is_closed() {
    let world = World::new();
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    let (job, signed) = world.open(&[&ct, &ct]);
    world.memory.upload(&signed[0].1, &ct).unwrap();
    let key = ObjectKey::Intake(job.group.clone(), job.job, signed[0].0);
    // A second version, a marker over it, a stray object and an unfinished upload.
    world
        .memory
        .intrude(Bucket::Intake, &key.to_string(), b"x", Encryption::Other);
    world.memory.mark_deleted(&key);
    world
        .memory
        .intrude(Bucket::Intake, "Doe^Jane.dcm", b"x", Encryption::Other);
    world.memory.begin(&key, "application/dicom").unwrap();

    world.memory.wait(23 * HOUR);
    let early = world.sweeper().run().unwrap();
    assert!(early.removed.is_empty() && early.uploads == 0 && early.expired == 0);
    assert_eq!(early.oldest[&Bucket::Intake], 23 * HOUR);

    world.memory.wait(HOUR);
    let swept = world.sweeper().run().unwrap();
    assert_eq!(swept.removed[&Bucket::Intake], 4);
    assert_eq!((swept.uploads, swept.expired), (1, 2));
    assert!(swept.oldest.is_empty());
    let left = world.memory.versions(Bucket::Intake, "", None).unwrap();
    assert!(left.versions.is_empty());
    let never = FileState::Expired(Reason::NeverArrived);
    assert_eq!(world.states(&job), (vec![never, never], true));
    assert!(world.verified(&job).is_whole());
    // What was swept is told under the group and, for the stray, under nobody's.
    let told = world.keys(Bucket::Audit);
    assert!(told.iter().any(|key| key.starts_with("audit/foreign/")));
    // An event that comes late finds nothing to do.
    assert_eq!(
        world.deliver(&key.to_string()).unwrap().ended,
        Ended::Repeated
    );
    assert_eq!(world.sweeper().run().unwrap().expired, 0);
}

#[test]
fn each_bucket_has_its_own_retention() {
    let world = World::new();
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    world.upload(&[&ct, b"%PDF-1.4"]);
    world.deliver_all();
    world.analyse_all();
    world.memory.wait(168 * HOUR);
    let swept = world.sweeper().run().unwrap();
    assert_eq!(swept.removed.get(&Bucket::Quarantine), Some(&2));
    assert_eq!(swept.removed.get(&Bucket::Clean), None);
    world.memory.wait((720 - 168) * HOUR);
    let swept = world.sweeper().run().unwrap();
    assert_eq!(swept.removed.get(&Bucket::Clean), Some(&4));
    assert!(world.keys(Bucket::Clean).is_empty());
    assert!(
        !world.keys(Bucket::Audit).is_empty(),
        "the audit is never swept"
    );
}

#[test]
fn a_run_removes_no_more_than_it_may_and_says_so() {
    use obscura_pipeline::flow::{Retention, Sweeper};
    let world = World::new();
    for n in 0..20 {
        let key = format!("stray-{n}");
        world
            .memory
            .intrude(Bucket::Intake, &key, b"x", Encryption::Other);
    }
    world.memory.wait(25 * HOUR);
    let retention = Retention {
        kept: [(Bucket::Intake, 24 * HOUR)].into(),
        max_versions: 8,
    };
    let sweeper = Sweeper::new(crate::world::ports(&world.memory), retention);
    let runs: Vec<(u64, bool)> = (0..3)
        .map(|_| sweeper.run().unwrap())
        .map(|swept| (swept.removed[&Bucket::Intake], swept.more))
        .collect();
    assert_eq!(runs, [(8, true), (8, true), (4, false)]);
}
