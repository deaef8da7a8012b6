//! Requests as clients send them, good and bad, over a store in memory: who sees what, what is refused, and
//! that no answer and no log line repeats what a request said (issue 4).

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use obscura_core::{Group, Timestamp};
use obscura_lambda_kit::{Context, Level, Log, Metrics, Out};
use obscura_pipeline::flow::{Ports, UploadLimits, Uploader};
use obscura_storage::memory::Memory;
use obscura_storage::{Clock, GroupAdmin};
use serde_json::{Value, json};

use crate::handler::App;

/// SHA-256 of nothing.
const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct World {
    memory: Memory,
    app: App,
    context: Context,
    lines: Arc<Mutex<Vec<u8>>>,
}

impl World {
    fn new() -> Self {
        let memory = Memory::new(Timestamp::from_millis(1_800_000_000_000));
        for group in ["radiology", "cardiology"] {
            let group: Group = group.parse().unwrap();
            memory.add(&group, memory.now()).unwrap();
        }
        let ports = Ports::of(Arc::new(memory.clone()), memory.clone(), memory.clone());
        let limits = UploadLimits {
            max_file_bytes: 1 << 30,
            max_files: 100,
            valid: Duration::from_mins(15),
            rows_kept: None,
        };
        let lines = Arc::new(Mutex::new(Vec::new()));
        let out = || Out::Memory(Arc::clone(&lines));
        Self {
            app: App {
                uploader: Uploader::new(ports, Arc::new(memory.clone()), limits),
                metrics: Metrics::new(out(), "hospital".to_owned(), "upload"),
            },
            context: Context {
                log: Log::new(out(), Level::Debug, "request-1"),
            },
            memory,
            lines,
        }
    }

    /// A request of a member of some groups: the status and the body of its answer.
    fn ask(&self, groups: &str, method: &str, path: &str, body: &str) -> (u64, Value) {
        let event = json!({
            "version": "2.0", "rawPath": path, "headers": {}, "body": body, "isBase64Encoded": false,
            "requestContext": {
                "authorizer": {"jwt": {"claims": {
                    "sub": "0b7c6f3e-9a51-4f6e-8d58-0c1e2a3b4c5d", "cognito:groups": groups,
                    "email": "jane.doe@example.org"}, "scopes": null}},
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1", "userAgent": "x"},
                "stage": "$default", "requestId": "r", "timeEpoch": 1
            },
        });
        let answer = self.app.handle(event, &self.context);
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    fn post(&self, files: &Value) -> (u64, Value) {
        let body = json!({"files": files}).to_string();
        self.ask("[group-radiology]", "POST", "/uploads", &body)
    }

    fn said(&self) -> String {
        String::from_utf8(self.lines.lock().unwrap().clone()).unwrap()
    }
}

fn file() -> Value {
    json!({"bytes": 1, "type": "application/dicom", "sha256": HASH})
}

/// A file whose one member is something else.
fn with(name: &str, value: Value) -> Value {
    let mut file = file();
    file[name] = value;
    file
}

#[test]
fn a_job_is_seen_by_its_own_group_alone_whatever_the_request_says() {
    let world = World::new();
    let (status, opened) = world.post(&json!([file()]));
    assert_eq!(status, 201);
    let path = format!("/uploads/{}", opened["job"].as_str().unwrap());
    let ask = |groups: &str| {
        world
            .ask(groups, "GET", &path, r#"{"group": "radiology"}"#)
            .0
    };
    assert_eq!(ask("[group-radiology]"), 200);
    // The same answer as for a job that never was, an administrator's too.
    assert_eq!(ask("[group-cardiology]"), 404);
    assert_eq!(ask("[group-cardiology obscura-admin]"), 404);
    for groups in ["[group-radiology group-cardiology]", "[obscura-admin]", ""] {
        assert_eq!(ask(groups), 403, "{groups}");
    }
    for path in [
        "/uploads/../radiology",
        "/uploads/0",
        "/uploads/radiology%23x",
        "/uploads/00000000000000000000000000000000",
    ] {
        assert_eq!(world.ask("[group-radiology]", "GET", path, "").0, 404);
    }
}

#[test]
fn numbers_and_checksums_that_are_none_are_refused() {
    let world = World::new();
    for bytes in [
        json!(-1),
        json!(1.5),
        json!("1"),
        json!(1e30),
        json!(null),
        json!([1]),
    ] {
        assert_eq!(world.post(&json!([with("bytes", bytes)])).0, 400);
    }
    for bytes in [0_u64, (1 << 30) + 1, u64::MAX] {
        let (status, body) = world.post(&json!([file(), with("bytes", json!(bytes))]));
        assert_eq!(status, 400);
        assert!(
            body["message"].as_str().unwrap().starts_with("file 2: "),
            "{body}"
        );
    }
    let wrong = [
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85é",
        "d41d8cd98f00b204e9800998ecf8427e",
        "",
    ];
    for sha256 in wrong {
        let (status, _) = world.post(&json!([with("sha256", json!(sha256))]));
        assert_eq!(status, 400, "{sha256}");
    }
    assert!(world.memory.all_rows().is_empty());
}

#[test]
fn names_of_any_kind_are_dropped_unread() {
    let world = World::new();
    let names = [
        json!("Müller^Jürgen 世界 \u{202e}mcd.exe"),
        json!("../../audit/radiology/Quorela"),
        json!("Quorela\u{0}\n"),
        json!({"family": "Quorela"}),
        json!(null),
        json!("Quorela.dcm"),
        // The same file under the same name is another file of the job.
        json!("Quorela.dcm"),
    ];
    let files: Vec<Value> = names.into_iter().map(|name| with("name", name)).collect();
    let (status, opened) = world.post(&json!(files));
    assert_eq!(status, 201, "{opened}");
    let ids: std::collections::BTreeSet<&str> = opened["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 7);
    let all = format!("{opened} {:?} {}", world.memory.all_rows(), world.said());
    for name in ["Quorela", "rgen", "世界"] {
        assert!(!all.contains(name), "{name}");
    }
}

#[test]
fn too_many_files_are_refused_before_anything_is_made() {
    let world = World::new();
    let many = |number: usize| json!(vec![file(); number]);
    assert_eq!(world.post(&many(100)).0, 201);
    let rows = world.memory.all_rows().len();
    for number in [101, 5000, 20_000] {
        let (status, body) = world.post(&many(number));
        assert_eq!(status, 400);
        assert!(
            body["message"]
                .as_str()
                .unwrap()
                .contains("100 files at most"),
            "{body}"
        );
    }
    // More than a body may have.
    let (status, body) = world.post(&many(60_000));
    assert_eq!(status, 400);
    assert!(
        body["message"].as_str().unwrap().contains("4 MiB"),
        "{body}"
    );
    assert_eq!(world.memory.all_rows().len(), rows);
}

#[test]
fn a_refusal_repeats_nothing_of_the_request() {
    let world = World::new();
    let bodies = [
        "Quorela^Jane".to_owned(),
        r#"{"files": "Quorela^Jane"}"#.to_owned(),
        json!({"files": [with("bytes", json!("Quorela^Jane"))]}).to_string(),
        json!({"files": [with("type", json!("application/quorela"))]}).to_string(),
        json!({"files": [with("sha256", json!("Quorela^Jane"))]}).to_string(),
        json!({"Quorela^Jane": []}).to_string(),
    ];
    for body in bodies {
        let (status, answer) = world.ask("[group-radiology]", "POST", "/uploads", &body);
        assert_eq!(status, 400);
        assert!(
            !answer.to_string().to_lowercase().contains("quorela"),
            "{answer}"
        );
    }
    let said = world.said().to_lowercase();
    assert!(
        !said.contains("quorela") && !said.contains("jane"),
        "{said}"
    );
}
