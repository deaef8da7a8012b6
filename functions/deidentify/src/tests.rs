//! Messages of the queue over a store in memory: what is delivered again, what is counted, and that
//! neither logs nor metrics hold anything that identifies a person (issue 4).

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use obscura_audit::Actor;
use obscura_core::{ContentHash, Group, Timestamp};
use obscura_deid::policy::{Policy, Preset};
use obscura_lambda_kit::{Context, Level, Log, Metrics, Out};
use obscura_pipeline::flow::{
    FileRequest, Intake, Ports, UploadLimits, UploadRequest, Uploader, Way, Workshop,
};
use obscura_pipeline::{Frames, Options};
use obscura_storage::memory::{Fault, Memory};
use obscura_storage::{Bucket, Clock, Encryption, GroupAdmin, Signed};
use obscura_testkit::{Object, Person, collection};
use serde_json::{Value, json};

use crate::handler::App;

struct World {
    memory: Memory,
    app: App,
    context: Context,
    lines: Arc<Mutex<Vec<u8>>>,
    uploader: Uploader,
}

impl World {
    fn new() -> Self {
        let memory = Memory::new(Timestamp::from_millis(1_800_000_000_000));
        let group: Group = "radiology".parse().unwrap();
        memory.add(&group, memory.now()).unwrap();
        let ports = Ports::of(Arc::new(memory.clone()), memory.clone(), memory.clone());
        let options = Options {
            frames: Frames::First,
            ..Options::default()
        };
        let way = Way::new(Policy::preset(Preset::Research), options, "test", "any");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let out = || Out::Memory(Arc::clone(&lines));
        let limits = UploadLimits {
            max_file_bytes: 1 << 20,
            max_files: 100,
            valid: Duration::from_mins(15),
            rows_kept: None,
        };
        Self {
            app: App {
                intake: Intake::new(ports.clone(), Workshop::new(way), 1 << 20),
                bucket: "intake-bucket".to_owned(),
                metrics: Metrics::new(out(), "hospital".to_owned(), "deidentify"),
            },
            context: Context {
                log: Log::new(out(), Level::Debug, "request-1"),
            },
            uploader: Uploader::new(ports, Arc::new(memory.clone()), limits),
            memory,
            lines,
        }
    }

    fn upload(&self, objects: &[Object]) {
        let files = objects.iter().map(|object| FileRequest {
            bytes: object.bytes.len() as u64,
            content_type: "application/dicom".to_owned(),
            sha256: ContentHash::of(&object.bytes),
            part_sha256: Vec::new(),
        });
        let request = UploadRequest {
            files: files.collect(),
        };
        let group = "radiology".parse().unwrap();
        let actor = Actor::user("someone").unwrap();
        let opened = self.uploader.open(&group, &actor, &request).unwrap();
        for (file, object) in opened.files.into_iter().zip(objects) {
            let upload = file.upload.unwrap();
            let signed = Signed {
                method: upload.method,
                url: upload.url,
                headers: upload.headers.into_iter().collect(),
            };
            self.memory.upload(&signed, &object.bytes).unwrap();
        }
    }

    /// One message for each object of the intake bucket.
    fn event(&self, bucket: &str) -> Value {
        let keys = self.memory.everything(Bucket::Intake);
        let records = keys.iter().enumerate().map(|(number, (key, _))| {
            let key = key.replace('^', "%5E");
            let notice = json!({"Records": [{"eventName": "ObjectCreated:Put", "s3": {
                "bucket": {"name": bucket}, "object": {"key": key, "versionId": "v1"}}}]});
            json!({"messageId": number.to_string(), "body": notice.to_string()})
        });
        json!({"Records": records.collect::<Vec<_>>()})
    }

    fn failures(&self, event: Value) -> usize {
        let answer = self.app.handle(event, &self.context).unwrap();
        answer["batchItemFailures"].as_array().unwrap().len()
    }

    fn said(&self) -> Vec<Value> {
        let text = String::from_utf8(self.lines.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    }

    /// The sum of a metric by stack.
    fn sum(&self, name: &str) -> u64 {
        let lines = self.said();
        let by_stack = lines.iter().filter(|line| line["Function"].is_string());
        by_stack.filter_map(|line| line[name].as_u64()).sum()
    }
}

#[test]
fn everything_is_counted_and_nothing_identifies_a_person() {
    let world = World::new();
    let objects: Vec<Object> = collection(4)
        .into_iter()
        .map(|(_, object)| object)
        .collect();
    world.upload(&objects);
    let person = Person::from_seed(4);
    let stray = format!("intake/{}^{}.dcm", person.family, person.id);
    let body = person.pn.as_bytes();
    world
        .memory
        .intrude(Bucket::Intake, &stray, body, Encryption::Other);
    assert_eq!(world.failures(world.event("intake-bucket")), 0);
    assert_eq!(world.sum("FilesReleased"), objects.len() as u64);
    assert_eq!(world.sum("FilesQuarantined"), 1);
    let sizes: usize = objects.iter().map(|object| object.bytes.len()).sum();
    assert_eq!(world.sum("BytesRead"), sizes as u64);
    let by_reason = world
        .said()
        .into_iter()
        .any(|line| line["Reason"] == "foreign-object");
    assert!(by_reason, "a reason has a metric of its own");

    let said = world.lines.lock().unwrap().clone();
    for object in &objects {
        for planted in &object.planted {
            for form in object.repertoire.leaks(&planted.text) {
                let found = said.windows(form.len()).any(|window| window == form);
                assert!(!found, "{:?} is in a log or a metric", planted.kind);
            }
        }
    }
}

#[test]
fn what_fails_is_delivered_again_and_nothing_else() {
    let world = World::new();
    let objects: Vec<Object> = collection(4)
        .into_iter()
        .map(|(_, object)| object)
        .take(3)
        .collect();
    world.upload(&objects);
    let event = world.event("intake-bucket");
    // One call of the store fails: one message of three comes again.
    world.memory.faults.plan(4, Fault::OnceBefore);
    assert_eq!(world.failures(event.clone()), 1);
    assert_eq!(world.sum("FilesRetried"), 1);
    assert_eq!(world.failures(event), 0);
    assert_eq!(world.sum("FilesReleased"), 3);
    assert!(world.memory.everything(Bucket::Intake).is_empty());
}

#[test]
fn messages_that_are_none_go_to_the_dead_letters_without_their_text() {
    let world = World::new();
    world.upload(
        &collection(4)
            .into_iter()
            .map(|(_, object)| object)
            .take(1)
            .collect::<Vec<_>>(),
    );
    assert_eq!(world.failures(world.event("another-bucket")), 1);
    let noise = json!({"Records": [{"messageId": "m", "body": "Doe^Jane"}]});
    assert_eq!(world.failures(noise), 1);
    let test = json!({"Records": [{"messageId": "m", "body": "{\"Event\":\"s3:TestEvent\"}"}]});
    assert_eq!(world.failures(test), 0);
    let said = world.said();
    assert!(said.iter().all(|line| !line.to_string().contains("Doe")));
    assert_eq!(
        said.iter().filter(|line| line["level"] == "error").count(),
        2
    );
}
