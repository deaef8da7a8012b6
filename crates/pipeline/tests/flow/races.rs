//! Two things at once: an erasure, a sweep or another delivery in between any two calls of the work on a
//! file; and an upload that is replaced between its event and the work on it.

use std::sync::{Arc, Mutex};

use obscura_audit::Action;
use obscura_core::{Phi, Reason};
use obscura_pipeline::flow::{Eraser, FileState, FlowError, Handled, Target};
use obscura_storage::memory::{Fault, Memory};
use obscura_storage::{Bucket, Encryption, ObjectStore};
use obscura_testkit::{Person, Synthetic};

use crate::world::{HOUR, World, ports};

/// More calls than the work on one file makes.
const CALLS: u64 = 30;

/// What an erasure answered, if it was reached: whether nothing was left.
type Answered = Arc<Mutex<Option<bool>>>;

/// Has a target erased before a call of what is done next.
fn erase_before(world: &World, call: u64, target: &Target) -> Answered {
    let eraser = Eraser::new(ports(&world.memory), Arc::new(world.memory.clone()));
    let (group, actor) = (world.group.clone(), world.actor.clone());
    let (target, answered) = (target.clone(), Answered::default());
    let told = Arc::clone(&answered);
    world.memory.faults.meanwhile(call, move || {
        let erased = eraser.erase(&group, &target, &actor);
        *told.lock().unwrap() = Some(erased.is_ok());
    });
    answered
}

fn nothing_is_left(world: &World, said: &str) {
    for bucket in [Bucket::Intake, Bucket::Clean, Bucket::Quarantine] {
        let left = world.memory.versions(bucket, "", None).unwrap().versions;
        assert!(left.is_empty(), "{said}: {} {left:?}", bucket.name());
    }
    assert!(world.memory.all_rows().is_empty(), "{said}");
}

/// Delivers an event as a queue does, until it is done with.
fn deliver(world: &World, key: &str) -> Handled {
    let mut last: Option<FlowError> = None;
    for _ in 0..3 {
        match world.deliver(key) {
            Ok(handled) => return handled,
            Err(error) => last = Some(error),
        }
        world.memory.faults.heal();
    }
    panic!("{last:?}");
}

#[test]
fn a_job_that_is_erased_in_the_middle_of_the_work_leaves_nothing() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    for (original, reached) in [(ct.as_slice(), 15), (b"%PDF-1.4".as_slice(), 10)] {
        let mut erasures = 0;
        for call in 1..=CALLS {
            let world = World::new();
            let job = world.upload(&[original]);
            let key = world.keys(Bucket::Intake).remove(0);
            let target = Target::Job(job.job);
            let answered = erase_before(&world, call, &target);
            deliver(&world, &key);
            let Some(whole) = *answered.lock().unwrap() else {
                continue;
            };
            erasures += 1;
            // Whoever is told that it did not end asks again; the event comes again, too.
            if !whole {
                let again = world.eraser.erase(&world.group, &target, &world.actor);
                assert_eq!(again.unwrap().receipt.remaining, 0);
            }
            deliver(&world, &key);
            nothing_is_left(&world, &format!("{} bytes, call {call}", original.len()));
        }
        assert!(erasures >= reached, "{erasures}");
    }
}

#[test]
fn a_person_who_is_erased_in_the_middle_of_the_work_is_gone_once_the_file_is_known() {
    let person = Person::from_seed(3);
    let ct = Synthetic::ct(&person).encode().bytes;
    let target = Target::PatientId(Phi::new(person.id.clone()));
    let mut known = 0;
    for call in 1..=CALLS {
        let world = World::new();
        world.upload(&[&ct]);
        let key = world.keys(Bucket::Intake).remove(0);
        let answered = erase_before(&world, call, &target);
        deliver(&world, &key);
        let Some(whole) = *answered.lock().unwrap() else {
            continue;
        };
        let left = world.keys(Bucket::Clean);
        // Before anything is written the file says whose it is: from then on nothing stays. An erasure that
        // came before that knew of no file of the person, and there was none in the clean bucket.
        if left.is_empty() {
            known += 1;
        } else {
            assert_eq!(known, 0, "call {call}: {left:?}");
            let again = world.eraser.erase(&world.group, &target, &world.actor);
            assert!(again.unwrap().receipt.erased["clean"] > 0);
        }
        if !whole {
            let again = world.eraser.erase(&world.group, &target, &world.actor);
            assert_eq!(again.unwrap().receipt.remaining, 0);
        }
        nothing_is_left_of_files(&world, call);
    }
    assert!(known >= 8, "{known}");
}

fn nothing_is_left_of_files(world: &World, call: u64) {
    for bucket in [Bucket::Intake, Bucket::Clean, Bucket::Quarantine] {
        assert!(
            world.keys(bucket).is_empty(),
            "call {call} {}",
            bucket.name()
        );
    }
}

#[test]
fn a_person_is_erased_whose_file_was_left_half_written() {
    let person = Person::from_seed(3);
    let ct = Synthetic::ct(&person).encode().bytes;
    let mut half_written = 0;
    for call in 1..=CALLS {
        for target in ["person", "job"] {
            let world = World::new();
            let job = world.upload(&[&ct]);
            let key = world.keys(Bucket::Intake).remove(0);
            world.memory.faults.plan(call, Fault::DeadBefore);
            let delivered = world.deliver(&key);
            world.memory.faults.heal();
            if delivered.is_ok() || world.keys(Bucket::Clean).is_empty() {
                continue;
            }
            half_written += 1;
            let target = match target {
                "person" => Target::PatientId(Phi::new(person.id.clone())),
                _ => Target::Job(job.job),
            };
            let receipt = world.eraser.erase(&world.group, &target, &world.actor);
            assert!(!receipt.unwrap().receipt.repeated);
            // The event comes again: nothing comes back.
            deliver(&world, &key);
            nothing_is_left(&world, &format!("call {call}, {target:?}"));
        }
    }
    assert!(half_written >= 6, "{half_written}");
}

#[test]
fn an_erasure_that_fails_half_way_finds_all_of_it_when_it_is_asked_for_again() {
    let person = Person::from_seed(3);
    let ct = Synthetic::ct(&person).encode().bytes;
    let target = Target::PatientId(Phi::new(person.id.clone()));
    for call in 1..=40 {
        let world = World::new();
        let job = world.upload(&[&ct]);
        world.deliver_all();
        world.memory.faults.plan(call, Fault::DeadBefore);
        let erased = world.eraser.erase(&world.group, &target, &world.actor);
        world.memory.faults.heal();
        if erased.is_err() {
            world
                .eraser
                .erase(&world.group, &target, &world.actor)
                .unwrap();
        }
        // A release whose event comes late is gone, and what stays open of the job ends with the sweep.
        assert!(world.analyse_all().is_empty());
        nothing_is_left_of_files(&world, call);
        world.memory.wait(25 * HOUR);
        world.sweeper().run().unwrap();
        assert!(world.verified(&job).is_whole(), "call {call}");
    }
}

#[test]
fn a_tampered_record_keeps_nobody_from_being_erased_and_reaches_no_other_group() {
    let (mine, theirs) = (Person::from_seed(3), Person::from_seed(4));
    let ct = Synthetic::ct(&mine).encode().bytes;
    let other = Synthetic::ct(&theirs).encode().bytes;
    for forged in [false, true] {
        let world = World::new();
        let job = world.upload(&[&ct]);
        let strange = world.of_group("cardiology");
        strange.upload(&[&other]);
        strange.deliver_all();
        world.deliver_all();
        let own = |key: &&String| key.starts_with("release/radiology/");
        let bodies = world.bodies(Bucket::Clean);
        let record = bodies.keys().find(own).unwrap().clone();
        let kept: Vec<&String> = bodies
            .keys()
            .filter(|key| key.contains("/cardiology/"))
            .collect();
        assert!(kept.len() >= 3);
        let body = if forged {
            // It names what another group released.
            let target = kept.iter().find(|key| key.starts_with("dicom/")).unwrap();
            let text = String::from_utf8(bodies[&record].clone()).unwrap();
            let named = bodies
                .keys()
                .find(|key| key.starts_with("dicom/radiology/"));
            text.replace(named.unwrap().as_str(), target.as_str())
        } else {
            "{}".to_owned()
        };
        world.memory.intrude(
            Bucket::Clean,
            &record,
            body.as_bytes(),
            Encryption::OfBucket,
        );
        let target = Target::Job(job.job);
        world
            .eraser
            .erase(&world.group, &target, &world.actor)
            .unwrap();
        let left = world.keys(Bucket::Clean);
        assert_eq!(left.iter().collect::<Vec<_>>(), kept, "forged: {forged}");
    }
}

#[test]
fn a_file_whose_time_is_over_in_the_middle_of_the_work_is_not_released_behind_the_seal() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    for (original, least) in [(ct.as_slice(), 4), (b"%PDF-1.4".as_slice(), 2)] {
        let mut expired = 0;
        for call in 1..=CALLS {
            let world = World::new();
            let job = world.upload(&[original]);
            let key = world.keys(Bucket::Intake).remove(0);
            world.memory.wait(24 * HOUR);
            let sweeper = world.sweeper();
            world.memory.faults.meanwhile(call, move || {
                sweeper.run().unwrap();
            });
            let _ = world.deliver(&key);
            world.memory.faults.heal();
            world.sweeper().run().unwrap();
            world.deliver(&key).unwrap();
            assert!(world.analyse_all().iter().all(Result::is_ok));
            let (states, closed) = world.states(&job);
            let left = world.keys(Bucket::Intake);
            assert!(
                closed && left.is_empty(),
                "call {call}: {states:?} {closed} {left:?}"
            );
            let verified = world.verified(&job);
            assert!(
                verified.is_whole(),
                "call {call}: {verified:?} {:?}",
                world.told(&job)
            );
            let told = |action| world.told(&job).iter().any(|one| one.0 == action);
            let said = format!("call {call}: {states:?} {:?}", world.told(&job));
            match states[0] {
                FileState::Expired(Reason::Overdue | Reason::NeverArrived) => {
                    expired += 1;
                    assert!(told(Action::Expired), "{said}");
                    assert!(world.keys(Bucket::Clean).is_empty(), "{said}");
                    assert!(world.keys(Bucket::Quarantine).is_empty(), "{said}");
                }
                FileState::Analysed => assert!(
                    told(Action::Deidentified) && told(Action::Analysed) && !told(Action::Expired),
                    "{said}"
                ),
                FileState::Quarantined(_) => {
                    assert!(
                        told(Action::Quarantined) && !told(Action::Expired),
                        "{said}"
                    );
                }
                other => panic!("{other:?} {said}"),
            }
        }
        assert!(expired >= least, "{expired}");
    }
}

#[test]
fn another_delivery_in_between_any_two_calls_changes_nothing() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    for original in [ct.as_slice(), b"%PDF-1.4"] {
        for call in 1..=CALLS {
            let world = World::new();
            let job = world.upload(&[original]);
            let key = world.keys(Bucket::Intake).remove(0);
            let other = World::over(&world.memory, &world.group);
            let again = key.clone();
            world.memory.faults.meanwhile(call, move || {
                other.deliver(&again).unwrap();
            });
            deliver(&world, &key);
            world.memory.faults.heal();
            assert!(world.analyse_all().iter().all(Result::is_ok));
            assert!(world.keys(Bucket::Intake).is_empty(), "call {call}");
            let quarantined = world.memory.everything(Bucket::Quarantine);
            world.bodies(Bucket::Clean);
            let told = world.told(&job);
            let count = |action| told.iter().filter(|one| one.0 == action).count();
            let one = count(Action::Deidentified) + count(Action::Quarantined);
            assert_eq!(
                (one, count(Action::OriginalErased)),
                (1, 1),
                "call {call} {told:?}"
            );
            assert!(
                world.states(&job).1 && world.verified(&job).is_whole(),
                "call {call}"
            );
            // A copy may be made twice, never lost.
            let releases = world.keys(Bucket::Clean).len();
            assert!(releases >= 4 || quarantined.len() >= 2, "call {call}");
        }
    }
}

#[test]
fn an_upload_that_was_replaced_before_it_is_read_is_not_taken_for_it() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    let other = Synthetic::ct(&Person::from_seed(4)).encode().bytes;
    let world = World::new();
    let job = world.upload(&[&ct]);
    let key = world.keys(Bucket::Intake).remove(0);
    replace(&world.memory, &key, &other);
    let handled = deliver(&world, &key);
    let reason = Reason::ChecksumMismatch;
    assert_eq!(
        handled.ended,
        obscura_pipeline::flow::Ended::Quarantined(reason)
    );
    assert_eq!(
        world.states(&job),
        (vec![FileState::Quarantined(reason)], true)
    );
    // Both versions are gone, and nothing of either was released.
    let left = world.memory.versions(Bucket::Intake, "", None).unwrap();
    assert!(left.versions.is_empty() && world.keys(Bucket::Clean).is_empty());
}

/// A second version over the first, as somebody who may write there could put it.
fn replace(memory: &Memory, key: &str, body: &[u8]) {
    memory.intrude(Bucket::Intake, key, body, Encryption::OfBucket);
}

#[test]
fn a_clock_that_goes_wrong_takes_nothing_away_and_breaks_no_chain() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    let world = World::new();
    let job = world.upload(&[&ct, b"%PDF-1.4"]);
    let keys = world.keys(Bucket::Intake);
    world.deliver(&keys[0]).unwrap();
    // The next function's clock is two hours behind the one that wrote before it.
    world.memory.set_back(2 * HOUR);
    let swept = world.sweeper().run().unwrap();
    assert!(swept.removed.is_empty(), "{swept:?}");
    world.deliver(&keys[1]).unwrap();
    world.analyse_all();
    assert!(world.states(&job).1 && world.verified(&job).is_whole());
}
