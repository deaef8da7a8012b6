//! Every call of a store fails once, or for good, before or after it took effect; the event comes
//! again, and the end is the same as if nothing had failed.

use obscura_audit::{Action, Actor};
use obscura_core::FileId;
use obscura_pipeline::flow::FileState;
use obscura_storage::memory::Fault;
use obscura_storage::{Bucket, JobRef, RowStore};
use obscura_testkit::{Person, Synthetic};

use crate::world::{Bodies, World};

const FAULTS: [Fault; 4] = [
    Fault::OnceBefore,
    Fault::OnceAfter,
    Fault::DeadBefore,
    Fault::DeadAfter,
];

/// What is left when all is done.
#[derive(Debug, PartialEq)]
struct Outcome {
    intake: Bodies,
    clean: Bodies,
    quarantine: Bodies,
    told: Vec<(Action, Option<FileId>)>,
    states: (Vec<FileState>, bool),
}

fn outcome(world: &World, job: &JobRef) -> Outcome {
    let chain = world.verified(job);
    assert!(chain.is_whole() && chain.authentic, "{chain:?}");
    let mut told = world.told(job);
    told.sort_by_key(|one| format!("{one:?}"));
    Outcome {
        intake: world.bodies(Bucket::Intake),
        clean: world.bodies(Bucket::Clean),
        quarantine: world.bodies(Bucket::Quarantine),
        told,
        states: world.states(job),
    }
}

/// The original is in the intake or in the quarantine, or what was made of it stands.
fn nothing_is_lost(world: &World, original: &[u8]) {
    let holds = |bucket| {
        let all = world.memory.everything(bucket);
        all.iter().any(|(_, body)| body == original)
    };
    let released = || {
        let keys = world.keys(Bucket::Clean);
        keys.iter().any(|key| key.starts_with("release/"))
            && keys.iter().any(|key| key.starts_with("dicom/"))
    };
    assert!(holds(Bucket::Intake) || holds(Bucket::Quarantine) || released());
}

/// Delivers until it succeeds, as a queue does.
fn until_done(world: &World, key: &str, original: &[u8]) {
    for _ in 0..5 {
        let delivered = world.deliver(key).is_ok();
        // The next delivery is another process.
        world.memory.faults.heal();
        nothing_is_lost(world, original);
        if delivered {
            return;
        }
    }
    panic!("it never succeeds");
}

fn analyse_until_done(world: &World) {
    for _ in 0..5 {
        let done = world.analyse_all().iter().all(Result::is_ok);
        world.memory.faults.heal();
        if done {
            return;
        }
    }
    panic!("it never succeeds");
}

/// The whole way of one file with a fault at one call of the delivery or of the analysis.
fn with_fault(original: &[u8], at: Option<(Step, u64, Fault)>) -> (Outcome, u64) {
    let world = World::new();
    let job = world.upload(&[original]);
    let key = world.keys(Bucket::Intake).remove(0);
    let plan = |step| match at {
        Some((planned, call, fault)) if planned == step => world.memory.faults.plan(call, fault),
        _ => drop(world.memory.faults.heal()),
    };
    plan(Step::Deliver);
    until_done(&world, &key, original);
    plan(Step::Analyse);
    analyse_until_done(&world);
    // The event comes again when all is done.
    world.deliver(&key).unwrap();
    let calls = world.memory.faults.heal();
    (outcome(&world, &job), calls)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Deliver,
    Analyse,
}

/// More calls than a step makes.
const CALLS: u64 = 28;

fn every_fault(original: &[u8]) {
    let (whole, _) = with_fault(original, None);
    assert!(whole.intake.is_empty() && whole.states.1);
    for step in [Step::Deliver, Step::Analyse] {
        for call in 1..=CALLS {
            for fault in FAULTS {
                let (after, _) = with_fault(original, Some((step, call, fault)));
                assert_eq!(after, whole, "{step:?}, call {call}, {fault:?}");
            }
        }
    }
}

#[test]
fn a_release_survives_every_fault() {
    every_fault(&Synthetic::ct(&Person::from_seed(3)).encode().bytes);
}

#[test]
fn a_quarantine_survives_every_fault() {
    every_fault(b"%PDF-1.4 of somebody");
}

#[test]
fn the_faults_reach_every_call() {
    let world = World::new();
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    world.upload(&[&ct]);
    world.memory.faults.plan(u64::MAX, Fault::OnceBefore);
    world.deliver_all();
    let calls = world.memory.faults.heal();
    assert!(
        (10..CALLS).contains(&calls),
        "a delivery makes {calls} calls"
    );
}

#[test]
fn an_upload_that_fails_half_way_leaves_nothing_that_stays_open() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    for call in 1..12 {
        for fault in [Fault::DeadBefore, Fault::DeadAfter] {
            let world = World::new();
            world.memory.faults.plan(call, fault);
            let request = obscura_pipeline::flow::UploadRequest {
                files: vec![crate::world::asked(&ct)],
            };
            let opened = world.uploader.open(&world.group, &world.actor, &request);
            world.memory.faults.heal();
            if opened.is_ok() {
                continue;
            }
            world.memory.wait(25 * crate::world::HOUR);
            world.sweeper().run().unwrap();
            assert!(
                world.memory.jobs_in("open").unwrap().is_empty(),
                "call {call}"
            );
        }
    }
}

#[test]
fn a_sweep_and_an_erasure_survive_every_fault() {
    let ct = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    for call in 1..40 {
        for fault in FAULTS {
            let world = World::new();
            let done = world.upload(&[&ct]);
            world.deliver_all();
            let waiting = world.upload(&[&ct]);
            world.memory.wait(25 * crate::world::HOUR);
            world.memory.faults.plan(call, fault);
            let swept = world.sweeper().run();
            world.memory.faults.heal();
            if swept.is_err() {
                world.sweeper().run().unwrap();
            }
            assert!(world.keys(Bucket::Intake).is_empty());
            assert!(world.verified(&waiting).is_whole(), "call {call} {fault:?}");
            let target = obscura_pipeline::flow::Target::Job(done.job);
            let actor = Actor::command("test");
            world.memory.faults.plan(call, fault);
            let erased = world.eraser.erase(&world.group, &target, &actor);
            world.memory.faults.heal();
            if erased.is_err() {
                world.eraser.erase(&world.group, &target, &actor).unwrap();
            }
            assert!(
                world.keys(Bucket::Clean).is_empty(),
                "call {call} {fault:?}"
            );
            assert!(
                world.memory.rows(&done).unwrap().is_empty(),
                "call {call} {fault:?}"
            );
        }
    }
}
