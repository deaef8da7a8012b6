//! Nothing that identifies a person is in anything that is written: keys, bodies, rows, events,
//! receipts, answers, and what is handed to logs and metrics. Only the quarantine and the intake
//! hold originals.

use std::fmt::Write as _;

use obscura_core::Phi;
use obscura_pipeline::flow::Target;
use obscura_storage::{Bucket, Encryption, ObjectKey};
use obscura_testkit::collection;

use crate::world::{HOUR, World};

/// Everything that was written or said, with where it was.
fn written(world: &World) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for bucket in Bucket::ALL {
        for (key, body) in world.memory.everything(bucket) {
            all.push((
                format!("a key of {}", bucket.name()),
                key.clone().into_bytes(),
            ));
            let original = match bucket {
                Bucket::Intake => true,
                Bucket::Quarantine => matches!(key.parse(), Ok(ObjectKey::Quarantine(..))),
                Bucket::Clean | Bucket::Audit => false,
            };
            if !original {
                let kind = key.split('/').next().unwrap_or_default().to_owned();
                all.push((format!("a body of {kind}"), body));
            }
        }
    }
    let rows = world.memory.all_rows();
    all.push(("a row".to_owned(), format!("{rows:?}").into_bytes()));
    all
}

#[test]
fn no_identifier_is_in_anything_that_is_written() {
    let world = World::new();
    for seed in [5, 11] {
        let objects = collection(seed);
        let files: Vec<&[u8]> = objects.iter().map(|(_, object)| &*object.bytes).collect();
        let job = world.upload(&files);
        // Keys of others, and cut objects, so that quarantine is among it.
        let person = obscura_testkit::Person::from_seed(seed);
        let stray = format!("{}/{}.dcm", person.family, person.id);
        world
            .memory
            .intrude(Bucket::Intake, &stray, files[0], Encryption::Other);
        let cut = world.upload(&[&files[1][..700], person.pn.as_bytes()]);
        let mut said = format!("{:?}", world.deliver_all());
        write!(said, "{:?}", world.analyse_all()).unwrap();
        for job in [&job, &cut] {
            let status = world.uploader.status(&job.group, job.job).unwrap();
            said.push_str(&serde_json::to_string(&status).unwrap());
        }
        let mut all = written(&world);
        world.memory.wait(25 * HOUR);
        write!(said, "{:?}", world.sweeper().run()).unwrap();
        let target = Target::PatientId(Phi::new(person.id.clone()));
        let receipt = world.eraser.erase(&world.group, &target, &world.actor);
        write!(said, "{target:?} {receipt:?}").unwrap();
        all.push(("said".to_owned(), said.into_bytes()));
        all.extend(written(&world));

        let mut searched = 0;
        for (_, object) in &objects {
            for planted in &object.planted {
                for form in object.repertoire.leaks(&planted.text) {
                    searched += 1;
                    for (place, bytes) in &all {
                        let found = bytes.windows(form.len()).any(|window| window == form);
                        assert!(!found, "{:?} is in {place}", planted.kind);
                    }
                }
            }
        }
        assert!(
            searched > 100,
            "only {searched} identifiers were searched for"
        );
    }
}
