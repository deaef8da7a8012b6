//! Erasures as they are asked for, over a store in memory: who may, of whom, and what is answered (issue 4).

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use obscura_audit::Actor;
use obscura_core::{ContentHash, Group, Timestamp};
use obscura_lambda_kit::{Context, Level, Log, Metrics, Out};
use obscura_pipeline::flow::{
    Asked, EraseCommand, Eraser, FileRequest, Ports, UploadLimits, UploadRequest, Uploader,
};
use obscura_storage::memory::Memory;
use obscura_storage::{Clock, GroupAdmin};
use serde_json::{Value, json};

use crate::handler::App;

struct World {
    memory: Memory,
    app: App,
    context: Context,
    lines: Arc<Mutex<Vec<u8>>>,
    job: String,
}

impl World {
    /// A deployment in which radiology has a job.
    fn new() -> Self {
        let memory = Memory::new(Timestamp::from_millis(1_800_000_000_000));
        let group: Group = "radiology".parse().unwrap();
        for group in [&group, &"cardiology".parse().unwrap()] {
            memory.add(group, memory.now()).unwrap();
        }
        let ports = Ports::of(Arc::new(memory.clone()), memory.clone(), memory.clone());
        let limits = UploadLimits {
            max_file_bytes: 1 << 20,
            max_files: 10,
            valid: Duration::from_mins(15),
            rows_kept: None,
        };
        let request = UploadRequest {
            files: vec![FileRequest {
                bytes: 1,
                content_type: "application/dicom".to_owned(),
                sha256: ContentHash::of(b"x"),
                part_sha256: Vec::new(),
            }],
        };
        let uploader = Uploader::new(ports.clone(), Arc::new(memory.clone()), limits);
        let actor = Actor::user("someone").unwrap();
        let opened = uploader.open(&group, &actor, &request).unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let out = || Out::Memory(Arc::clone(&lines));
        Self {
            app: App {
                eraser: Eraser::new(ports, Arc::new(memory.clone())),
                metrics: Metrics::new(out(), "hospital".to_owned(), "erase"),
            },
            context: Context {
                log: Log::new(out(), Level::Debug, "request-1"),
            },
            job: opened.job.to_string(),
            memory,
            lines,
        }
    }

    fn ask(&self, groups: &str, body: &Value) -> (u64, Value) {
        let event = json!({
            "version": "2.0", "rawPath": "/erasures", "headers": {}, "body": body.to_string(),
            "isBase64Encoded": false,
            "requestContext": {
                "authorizer": {"jwt": {"claims": {
                    "sub": "0b7c6f3e-9a51-4f6e-8d58-0c1e2a3b4c5d", "cognito:groups": groups}, "scopes": null}},
                "http": {"method": "POST", "path": "/erasures", "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1", "userAgent": "x"},
                "stage": "$default", "requestId": "r", "timeEpoch": 1
            },
        });
        let answer = self.app.handle(event, &self.context);
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body)
    }
}

#[test]
fn only_an_administrator_of_the_group_erases_and_only_what_is_the_groups() {
    let world = World::new();
    let job = json!({"job": world.job});
    assert_eq!(world.ask("[group-radiology]", &job).0, 403);
    assert_eq!(world.ask("[obscura-admin]", &job).0, 403);
    assert_eq!(
        world
            .ask("[group-radiology group-cardiology obscura-admin]", &job)
            .0,
        403
    );
    let rows = world.memory.all_rows().len();
    // An administrator of another group erases nothing, and does not learn whether there was a job.
    let (status, answer) = world.ask("[group-cardiology obscura-admin]", &job);
    assert_eq!(
        (status, &answer["receipt"]["repeated"]),
        (200, &json!(true))
    );
    assert_eq!(world.memory.all_rows().len(), rows);
    let (status, answer) = world.ask("[group-radiology obscura-admin]", &job);
    assert_eq!(
        (status, &answer["receipt"]["repeated"]),
        (200, &json!(false))
    );
    assert!(world.memory.all_rows().is_empty());
}

/// The command calls the function by itself: it may what the function may, not whoever runs it.
#[test]
fn the_command_erases_by_the_function() {
    let world = World::new();
    let call = |event: Value| {
        let answer = world.app.handle(event, &world.context);
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body)
    };
    let command = |group: &str, erase: Asked| {
        let group = group.parse().unwrap();
        serde_json::to_value(EraseCommand { group, erase }).unwrap()
    };
    let job = || Asked::Job(world.job.parse().unwrap());
    let (status, answer) = call(command("cardiology", job()));
    assert_eq!(
        (status, &answer["receipt"]["repeated"]),
        (200, &json!(true))
    );
    let (status, answer) = call(command("radiology", job()));
    assert_eq!(
        (status, &answer["receipt"]["repeated"]),
        (200, &json!(false))
    );
    assert_eq!(answer["receipt"]["actor"], "command:erase");
    for erase in [
        json!({}),
        json!({"patient_id": 1}),
        json!("Quorela"),
        json!(null),
    ] {
        let (status, answer) = call(json!({"group": "radiology", "erase": erase}));
        assert_eq!(status, 400);
        assert!(!answer.to_string().contains("Quorela"));
    }
    // What comes by the API cannot pretend to be the command: its body is a text.
    let body = command("radiology", Asked::Pseudonym("P1".to_owned()));
    assert_eq!(world.ask("[group-radiology]", &body).0, 403);
}

#[test]
fn what_asks_for_nothing_in_particular_is_refused_without_its_text() {
    let world = World::new();
    let bodies = [
        json!({}),
        json!({"job": world.job, "patient_id": "Quorela-1"}),
        json!({"job": "Quorela-1"}),
        json!({"group": "radiology"}),
        json!({"pseudonym": "../Quorela-1"}),
        json!({"patient_id": 5}),
        json!("Quorela-1"),
    ];
    for body in bodies {
        let (status, answer) = world.ask("[group-radiology obscura-admin]", &body);
        assert_eq!(status, 400, "{body}");
        assert!(!answer.to_string().contains("Quorela"), "{answer}");
    }
    let (status, answer) = world.ask(
        "[group-radiology obscura-admin]",
        &json!({"patient_id": "Quorela-1"}),
    );
    assert_eq!(status, 200);
    assert!(!answer.to_string().contains("Quorela"), "{answer}");
    let said = String::from_utf8(world.lines.lock().unwrap().clone()).unwrap();
    assert!(!said.contains("Quorela"), "{said}");
}
