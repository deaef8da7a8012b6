//! Uploads: what may be asked for, what is bound to what, and who sees what.

use std::time::Duration;

use obscura_core::ContentHash;
use obscura_pipeline::flow::{
    Ended, FileRequest, FileState, MAX_REQUESTS, PART_BYTES, UploadError, UploadRequest,
};
use obscura_storage::memory::Memory;
use obscura_storage::{Bucket, Clock, GroupAdmin, ObjectStore, Signed};
use obscura_testkit::{Person, Synthetic};

use crate::world::{World, asked};

fn refused(world: &World, file: FileRequest) -> UploadError {
    let request = UploadRequest { files: vec![file] };
    let opened = world.uploader.open(&world.group, &world.actor, &request);
    opened.map(|job| job.job).unwrap_err()
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_made() {
    let world = World::new();
    let ask = || asked(b"bytes");
    let empty = FileRequest { bytes: 0, ..ask() };
    assert!(matches!(refused(&world, empty), UploadError::Size { .. }));
    let large = FileRequest {
        bytes: 2 << 30,
        ..ask()
    };
    assert!(matches!(refused(&world, large), UploadError::Size { .. }));
    let named = FileRequest {
        content_type: "application/doe-jane".to_owned(),
        ..ask()
    };
    assert!(matches!(refused(&world, named), UploadError::Type(1)));
    let partless = FileRequest {
        bytes: PART_BYTES + 1,
        ..ask()
    };
    assert!(matches!(refused(&world, partless), UploadError::Parts(1)));
    let none = UploadRequest { files: Vec::new() };
    let opened = world.uploader.open(&world.group, &world.actor, &none);
    assert!(matches!(opened, Err(UploadError::NoFiles)));
    let stranger = "nobody".parse().unwrap();
    let request = UploadRequest { files: vec![ask()] };
    let opened = world.uploader.open(&stranger, &world.actor, &request);
    assert!(matches!(opened, Err(UploadError::NoGroup)));
    assert!(world.memory.all_rows().is_empty());
}

/// An answer that no function can give is an answer nobody gets, after all of it was begun.
#[test]
fn a_job_of_more_signed_requests_than_an_answer_holds_is_refused() {
    let world = World::new();
    let large = || FileRequest {
        bytes: 1 << 30,
        part_sha256: vec![ContentHash::of(b"part"); 16],
        ..asked(b"large")
    };
    let open = |files: usize| {
        let request = UploadRequest {
            files: (0..files).map(|_| large()).collect(),
        };
        world.uploader.open(&world.group, &world.actor, &request)
    };
    // 125 files of 16 parts.
    assert!(open(MAX_REQUESTS / 16).is_ok());
    let before = world.memory.pending(Bucket::Intake, "").unwrap().len();
    let refused = open(MAX_REQUESTS / 16 + 1).unwrap_err();
    assert!(matches!(refused, UploadError::TooManyParts));
    assert_eq!(
        world.memory.pending(Bucket::Intake, "").unwrap().len(),
        before
    );
}

#[test]
fn an_upload_is_bound_to_its_content_length_and_time() {
    let world = World::new();
    let (job, signed) = world.open(&[b"announced"]);
    let send = |signed: &Signed, body: &[u8]| world.memory.upload(signed, body);
    let signed = &signed[0].1;
    assert_eq!(send(signed, b"announce"), Err("another length"));
    assert_eq!(send(signed, b"ANNOUNCED"), Err("another content"));
    world.memory.wait(Duration::from_mins(16));
    assert_eq!(send(signed, b"announced"), Err("expired"));
    assert_eq!(world.states(&job), (vec![FileState::Waiting], false));
}

#[test]
fn a_job_is_seen_by_its_own_group_alone() {
    let world = World::new();
    let (job, _) = world.open(&[b"x"]);
    let other = "cardiology".parse().unwrap();
    world.memory.add(&other, world.memory.now()).unwrap();
    let seen = world.uploader.status(&other, job.job);
    assert!(matches!(seen, Err(UploadError::NoJob)));
}

#[test]
fn a_request_may_carry_names_and_none_is_kept() {
    let request = r#"{"files": [{"name": "Doe^Jane.dcm", "bytes": 1, "type": "application/dicom",
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]}"#;
    let request: UploadRequest = serde_json::from_str(request).unwrap();
    let world = World::new();
    let opened = world
        .uploader
        .open(&world.group, &world.actor, &request)
        .unwrap();
    let answer = serde_json::to_string(&opened).unwrap();
    assert!(!answer.contains("Doe"));
    assert!(!format!("{:?}", world.memory.all_rows()).contains("Doe"));
}

#[test]
fn a_quarantined_file_says_what_to_do() {
    let world = World::new();
    let job = world.upload(&[b"%PDF-1.4"]);
    world.deliver_all();
    let status = world.uploader.status(&job.group, job.job).unwrap();
    let text = serde_json::to_string(&status).unwrap();
    assert!(
        text.contains(r#""state":"quarantined","reason":"not-supported""#),
        "{text}"
    );
    assert!(
        status.files[0]
            .advice
            .as_ref()
            .is_some_and(|text| text.contains("DICOM"))
    );
}

/// Issue 4: multipart above 64 MB.
#[test]
fn a_large_file_comes_in_parts_and_is_put_together_when_its_state_is_asked_for() {
    let world = World::new();
    let mut body = Synthetic::ct(&Person::from_seed(3)).encode().bytes;
    body.resize(PART_BYTES as usize + 10, 0);
    let (first, second) = body.split_at(PART_BYTES as usize);
    let request = UploadRequest {
        files: vec![FileRequest {
            part_sha256: vec![ContentHash::of(first), ContentHash::of(second)],
            ..asked(&body)
        }],
    };
    let opened = world
        .uploader
        .open(&world.group, &world.actor, &request)
        .unwrap();
    let job = world.job(opened.job);
    let send = |memory: &Memory, part: usize, body: &[u8]| {
        let part = &opened.files[0].parts[part];
        let signed = Signed {
            method: part.upload.method.clone(),
            url: part.upload.url.clone(),
            headers: part.upload.headers.clone().into_iter().collect(),
        };
        memory.upload(&signed, body)
    };
    assert_eq!(send(&world.memory, 1, first), Err("another length"));
    send(&world.memory, 0, first).unwrap();
    assert_eq!(world.states(&job).0, [FileState::Waiting]);
    assert!(world.keys(Bucket::Intake).is_empty());
    send(&world.memory, 1, second).unwrap();
    world.states(&job);
    assert_eq!(world.keys(Bucket::Intake).len(), 1);
    // This deployment takes 4 MiB at most: the file is set aside unread.
    let ended = world.deliver_all().remove(0).ended;
    assert!(matches!(ended, Ended::Quarantined(_)));
}
