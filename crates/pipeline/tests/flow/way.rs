//! The way of files from the upload to the closed job.

use std::collections::BTreeSet;

use obscura_audit::Action;
use obscura_core::{FileId, Group, JobId, Reason};
use obscura_pipeline::flow::{Analysed, Ended, FileState, ReleaseRecord};
use obscura_storage::memory::Fault;
use obscura_storage::{Bucket, Encryption, GroupAdmin, JobRef, ObjectKey};
use obscura_testkit::{Person, Synthetic, collection};

use crate::world::{HOUR, World};

#[test]
fn files_go_the_whole_way_and_the_counts_add_up() {
    let world = World::new();
    let objects = collection(5);
    let mr = Synthetic::mr(&Person::from_seed(6)).encode().bytes;
    let mut files: Vec<&[u8]> = objects.iter().map(|(_, object)| &*object.bytes).collect();
    let others: [(&[u8], Reason); 4] = [
        (b"%PDF-1.4 not DICOM", Reason::NotSupported),
        (
            "Arztbrief für Frau Quorela".as_bytes(),
            Reason::NotSupported,
        ),
        (b"\0\0\0\x01noise\xFF\xFE", Reason::NotDicom),
        (&mr[..mr.len() / 2], Reason::Truncated),
    ];
    files.extend(others.iter().map(|(bytes, _)| *bytes));
    let job = world.upload(&files);
    let handled = world.deliver_all();
    assert_eq!(handled.len(), files.len());
    for (bytes, reason) in others {
        let ended = Ended::Quarantined(reason);
        let any = handled.iter().any(|one| one.ended == ended);
        assert!(any, "{reason}, {} bytes: {handled:?}", bytes.len());
    }
    let released = handled
        .iter()
        .filter(|one| one.ended == Ended::Released)
        .count();
    assert!(
        world.keys(Bucket::Intake).is_empty(),
        "originals are erased"
    );
    let kept = world.memory.everything(Bucket::Quarantine);
    assert_eq!(
        kept.len(),
        2 * (files.len() - released),
        "each with its note"
    );

    let analysed = world.analyse_all();
    assert_eq!(analysed.len(), released);
    let holds = |one: &Result<Analysed, _>| matches!(one, Ok(Analysed::Holds(_)));
    assert!(analysed.iter().all(holds), "{analysed:?}");
    let (states, closed) = world.states(&job);
    assert!(closed);
    let done = states
        .iter()
        .filter(|state| **state == FileState::Analysed)
        .count();
    let aside = states
        .iter()
        .filter(|state| matches!(state, FileState::Quarantined(_)))
        .count();
    assert_eq!((done, done + aside), (released, files.len()));
    let chain = world.verified(&job);
    assert!(chain.is_whole() && chain.authentic, "{chain:?}");
    // Opened, two for each file and an analysis for each release, sealed.
    assert_eq!(chain.entries, 1 + 2 * files.len() + released + 1);
}

#[test]
fn a_release_names_everything_that_was_written() {
    let world = World::new();
    let us = Synthetic::us_multiframe(&Person::from_seed(2))
        .encode()
        .bytes;
    world.upload(&[&us]);
    world.deliver_all();
    let clean = world.bodies(Bucket::Clean);
    let records = clean.iter().filter(|(key, _)| key.starts_with("release/"));
    let mut named = BTreeSet::new();
    for (key, body) in records {
        named.insert(key.clone());
        let record: ReleaseRecord = serde_json::from_slice(body).unwrap();
        for output in record.outputs {
            let key = output.key.to_string();
            assert_eq!(obscura_core::ContentHash::of(&clean[&key]), output.sha256);
            named.insert(key);
        }
    }
    assert_eq!(named, clean.keys().cloned().collect());
    assert!(clean.keys().any(|key| key.starts_with("jpeg/")));
}

#[test]
fn a_file_costs_as_many_calls_in_a_large_job_as_in_a_small_one() {
    let objects: Vec<Vec<u8>> = (0..40)
        .map(|seed| Synthetic::mr(&Person::from_seed(seed)).encode().bytes)
        .collect();
    let files: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
    let calls = |world: &World, work: &dyn Fn()| {
        world.memory.faults.heal();
        work();
        world.memory.faults.heal()
    };
    let world = World::new();
    world.upload(&files);
    let mut deidentified = Vec::new();
    // Every file is claimed before any is told of, as where many are worked on at once: the first
    // delivery of each fails, late enough to leave its claim and early enough to leave nothing else.
    for key in world.keys(Bucket::Intake) {
        world.memory.faults.plan(4, Fault::OnceBefore);
        assert!(world.deliver(&key).is_err());
    }
    for key in world.keys(Bucket::Intake) {
        let work = || assert_eq!(world.deliver(&key).unwrap().ended, Ended::Released);
        deidentified.push(calls(&world, &work));
    }
    let mut analysed = Vec::new();
    for key in world.keys(Bucket::Clean) {
        if let Ok(ObjectKey::Release(group, job, file)) = key.parse() {
            let work = || {
                let found = world.analyser.handle(&group, job, file).unwrap();
                assert!(matches!(found, Analysed::Holds(_)));
            };
            analysed.push(calls(&world, &work));
        }
    }
    for (what, mut found) in [("deidentify", deidentified), ("analyse", analysed)] {
        // The last one closes the job besides.
        found.pop();
        let (least, most) = (found.iter().min().unwrap(), found.iter().max().unwrap());
        assert!(most <= &(least + 2), "{what}: {found:?}");
    }
}

#[test]
fn closing_a_large_job_reads_few_rows_for_each_of_its_files() {
    let objects: Vec<Vec<u8>> = (0..90)
        .map(|seed| Synthetic::mr(&Person::from_seed(seed)).encode().bytes)
        .collect();
    let files: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
    let world = World::new();
    let job = world.upload(&files);
    world.deliver_all();
    let mut read = Vec::new();
    // In the order of the ids, in which the open ones are farthest away, and another order.
    let mut releases: Vec<ObjectKey> = world
        .keys(Bucket::Clean)
        .iter()
        .filter_map(|key| key.parse().ok())
        .filter(|key| matches!(key, ObjectKey::Release(..)))
        .collect();
    releases[50..].reverse();
    for key in releases {
        let ObjectKey::Release(group, job, file) = key else {
            unreachable!("only releases are kept above")
        };
        let before = world.memory.rows_read();
        let found = world.analyser.handle(&group, job, file).unwrap();
        assert!(matches!(found, Analysed::Holds(_)));
        read.push(world.memory.rows_read() - before);
    }
    // The last one reads all of them, to count them in the seal.
    let last = read.pop().unwrap();
    assert!(last >= 90, "{last}");
    assert!(read.iter().all(|rows| *rows <= 32), "{read:?}");
    let (states, closed) = world.states(&job);
    assert!(closed && states.len() == 90);
    assert!(world.verified(&job).is_whole());
}

#[test]
fn the_same_event_five_times_at_once_does_everything_once() {
    let world = World::new();
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    let bad: &[u8] = b"%PDF-1.4";
    let job = world.upload(&[&ct, bad]);
    let keys = world.keys(Bucket::Intake);
    std::thread::scope(|scope| {
        for key in keys.iter().cycle().take(10) {
            let world = &world;
            scope.spawn(move || {
                // One delivery may find that another is just erasing: it comes again.
                while world.deliver(key).is_err() {}
            });
        }
    });
    for _ in 0..5 {
        std::thread::scope(|scope| {
            for _ in 0..5 {
                scope.spawn(|| {
                    assert!(world.analyse_all().iter().all(Result::is_ok));
                });
            }
        });
        for key in &keys {
            assert_eq!(world.deliver(key).unwrap().ended, Ended::Repeated);
        }
    }
    world.bodies(Bucket::Clean);
    let (_, closed) = world.states(&job);
    assert!(closed && world.verified(&job).is_whole());
    let told = world.told(&job);
    let once: BTreeSet<String> = told.iter().map(|one| format!("{one:?}")).collect();
    assert_eq!(once.len(), told.len(), "an event was told twice: {told:?}");
}

#[test]
fn the_same_object_in_two_jobs_is_one_object_and_two_releases() {
    let world = World::new();
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    let (first, second) = (world.upload(&[&ct]), world.upload(&[&ct]));
    world.deliver_all();
    world.analyse_all();
    let clean = world.bodies(Bucket::Clean);
    let count = |kind: &str| clean.keys().filter(|key| key.starts_with(kind)).count();
    assert_eq!((count("dicom/"), count("release/")), (1, 2));
    assert!(world.verified(&first).is_whole() && world.verified(&second).is_whole());
}

#[test]
fn what_is_wrong_with_an_upload_sets_it_aside() {
    let world = World::new();
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    // Not what was announced, as an upload in parts can be.
    let (job, signed) = world.open(&[&ct, &ct]);
    let key = |file: FileId| ObjectKey::Intake(job.group.clone(), job.job, file);
    for ((file, _), body) in signed.iter().zip([b"other".to_vec(), vec![0; 5 << 20]]) {
        let key = key(*file).to_string();
        world
            .memory
            .intrude(Bucket::Intake, &key, &body, Encryption::OfBucket);
    }
    // Nobody announced this one, and this one has a key that may be a name.
    let stray = ObjectKey::Intake(
        world.group.clone(),
        JobId::from_bytes([9; 16]),
        FileId::from_bytes([9; 16]),
    );
    for key in [stray.to_string(), "Doe^Jane/1.dcm".to_owned()] {
        world
            .memory
            .intrude(Bucket::Intake, &key, &ct, Encryption::Other);
    }
    let mut reasons: Vec<Reason> = world
        .deliver_all()
        .iter()
        .map(|one| match one.ended {
            Ended::Quarantined(reason) => reason,
            other => panic!("{other:?}"),
        })
        .collect();
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [
            Reason::LimitExceeded,
            Reason::UnannouncedUpload,
            Reason::ForeignObject,
            Reason::ChecksumMismatch
        ]
    );
    assert!(world.keys(Bucket::Intake).is_empty());
    for key in world.keys(Bucket::Quarantine) {
        assert!(
            key.parse::<ObjectKey>().is_ok() && !key.contains("Doe"),
            "{key}"
        );
    }
    assert!(world.verified(&job).is_whole());
    // What belongs to no job is told in chains of its own, once, and ends them.
    for (bucket_of, file) in [
        ("radiology", Some(FileId::from_bytes([9; 16]))),
        ("foreign", None),
    ] {
        let group: Group = bucket_of.parse().unwrap();
        let chains: BTreeSet<JobId> = world
            .keys(Bucket::Audit)
            .iter()
            .filter_map(|key| match key.parse() {
                Ok(ObjectKey::Audit(of, id, _)) if of == group && id != job.job => Some(id),
                _ => None,
            })
            .collect();
        let own: Vec<JobId> = chains.into_iter().collect();
        assert_eq!(own.len(), 1, "{bucket_of}");
        let told = world.told(&JobRef { group, job: own[0] });
        let actions: Vec<Action> = told.iter().map(|one| one.0).collect();
        assert_eq!(actions, [Action::Quarantined, Action::Sealed]);
        assert!(told[0].1.is_some() && file.is_none_or(|file| told[0].1 == Some(file)));
    }
}

#[test]
fn a_group_without_its_key_releases_nothing() {
    let world = World::new();
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    let job = world.upload(&[&ct]);
    world.memory.shred(&world.group, 7).unwrap();
    let ended = world.deliver_all().remove(0).ended;
    assert_eq!(ended, Ended::Quarantined(Reason::GroupShredded));
    assert!(world.keys(Bucket::Clean).is_empty());
    assert!(world.states(&job).1);
}

#[test]
fn a_destroyed_key_stops_the_work_within_minutes() {
    let world = World::new();
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    let mr = Synthetic::mr(&Person::from_seed(3)).encode().bytes;
    world.upload(&[&ct]);
    world.deliver_all();
    world.upload(&[&mr]);
    world.memory.shred(&world.group, 7).unwrap();
    world.memory.wait(HOUR);
    let ended = world.deliver_all().remove(0).ended;
    assert_eq!(ended, Ended::Quarantined(Reason::GroupShredded));
}

/// What somebody does to an object of the clean bucket.
type Touch = fn(&World, &str);

#[test]
fn a_release_that_was_touched_is_refused() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    let touches: [(&str, Touch, Reason); 4] = [
        (
            "dicom/",
            |world, key| intrude(world, key, b"another"),
            Reason::ReleaseAltered,
        ),
        (
            "jpeg/",
            |world, key| intrude(world, key, b"another"),
            Reason::ReleaseAltered,
        ),
        ("dicom/", remove, Reason::ReleaseAltered),
        (
            "release/",
            |world, key| intrude(world, key, b"{}"),
            Reason::ReleaseUnreadable,
        ),
    ];
    for (kind, touch, reason) in touches {
        let world = World::new();
        let job = world.upload(&[&ct]);
        world.deliver_all();
        let keys = world.keys(Bucket::Clean);
        touch(
            &world,
            keys.iter().find(|key| key.starts_with(kind)).unwrap(),
        );
        let analysed = world.analyse_all().remove(0).unwrap();
        assert_eq!(analysed, Analysed::Refused(reason), "{kind}");
        assert_eq!(world.states(&job), (vec![FileState::Refused(reason)], true));
        assert!(world.verified(&job).is_whole());
    }
    // The right content under another key.
    let world = World::new();
    world.upload(&[&ct]);
    world.deliver_all();
    let (key, body) = world.bodies(Bucket::Clean).into_iter().next().unwrap();
    assert!(key.starts_with("dicom/"));
    world
        .memory
        .intrude(Bucket::Clean, &key, &body, Encryption::Other);
    let analysed = world.analyse_all().remove(0).unwrap();
    assert_eq!(analysed, Analysed::Refused(Reason::ReleaseAltered));
}

fn intrude(world: &World, key: &str, body: &[u8]) {
    world
        .memory
        .intrude(Bucket::Clean, key, body, Encryption::OfBucket);
}

fn remove(world: &World, key: &str) {
    obscura_storage::erase(&world.memory, Bucket::Clean, key).unwrap();
}
