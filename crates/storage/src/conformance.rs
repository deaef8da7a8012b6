//! What every adapter guarantees, as checks that are run against each of them.
//!
//! A check writes under jobs of its own, so that a suite can run against a store that is in use.
//! The first guarantee that does not hold ends it, in words.

use std::time::Duration;

use obscura_core::{ContentHash, FileId, Group, JobId, Timestamp};

use crate::error::StoreError;
use crate::key::{Bucket, ObjectKey};
use crate::object::{Encryption, ObjectStore, Put, Source, erase, put_same};
use crate::ports::{GroupAdmin, Random, SecretError};
use crate::row::{JobRef, Replaced, Row, RowKey, RowStore};
use crate::uploads::{Completed, Part, Uploads};

/// What does not hold.
pub type Broken = String;

fn must(holds: bool, what: &str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

fn ok<T, E: std::error::Error>(what: &str, result: Result<T, E>) -> Result<T, Broken> {
    result.map_err(|error| format!("{what}: {error}"))
}

struct Scene {
    group: Group,
    job: JobId,
    file: FileId,
}

impl Scene {
    fn new(random: &dyn Random) -> Result<Self, Broken> {
        Ok(Self {
            group: ok("group", "conformance".parse())?,
            job: ok("random", random.job())?,
            file: ok("random", random.file())?,
        })
    }

    fn intake(&self) -> ObjectKey {
        ObjectKey::Intake(self.group.clone(), self.job, self.file)
    }
}

/// Objects: whole or absent, written once, encrypted, erased in all versions.
///
/// # Errors
/// The guarantee that does not hold.
pub fn objects(store: &dyn ObjectStore, random: &dyn Random) -> Result<(), Broken> {
    let scene = Scene::new(random)?;
    let key = scene.intake();
    must(
        ok("head", store.head(&key))?.is_none(),
        "nothing is where nothing was put",
    )?;
    let absent = store.get(&key, 10);
    must(
        matches!(absent, Err(StoreError::NotFound { .. })),
        "what is absent is not found",
    )?;
    must(
        ok("put", store.put(&key, b"first"))? == Put::Written,
        "a first put writes",
    )?;
    must(
        ok("put", store.put(&key, b"second"))? == Put::Exists,
        "a second put does not",
    )?;
    must(
        ok("get", store.get(&key, 10))? == b"first",
        "the first put stays",
    )?;
    let large = store.get(&key, 4);
    must(
        matches!(large, Err(StoreError::TooLarge { bytes: 5, limit: 4 })),
        "a limit holds",
    )?;
    must(
        ok("same", put_same(store, &key, b"first"))? == Put::Exists,
        "the same again is fine",
    )?;
    let other = put_same(store, &key, b"other");
    must(
        matches!(other, Err(StoreError::Conflict { .. })),
        "another content is a conflict",
    )?;
    let meta = ok("head", store.head(&key))?.ok_or("what was put is there")?;
    must(meta.bytes == 5, "the size is known")?;
    must(
        meta.sha256 == Some(ContentHash::of(b"first")),
        "the checksum is kept",
    )?;
    must(
        meta.encryption == Encryption::OfBucket,
        "it is encrypted under the bucket's key",
    )?;
    let aside = ObjectKey::Quarantine(scene.group.clone(), scene.job, scene.file);
    ok("copy", store.copy(Source::Ours(&key), &aside))?;
    ok("copy", store.copy(Source::Ours(&key), &aside))?;
    must(
        ok("get", store.get(&aside, 10))? == b"first",
        "a copy is the same",
    )?;
    let meta = ok("head", store.head(&aside))?.ok_or("a copy is there")?;
    must(
        meta.encryption == Encryption::OfBucket,
        "a copy is encrypted under the bucket's key",
    )?;
    for (key, least) in [(&key, 1), (&aside, 2)] {
        let erased = ok("erase", erase(store, key.bucket(), &key.to_string()))?;
        must(erased.versions >= least, "all versions are erased")?;
        must(
            ok("head", store.head(key))?.is_none(),
            "what was erased is gone",
        )?;
        let left = ok(
            "versions",
            store.versions(key.bucket(), &key.to_string(), None),
        )?;
        must(left.versions.is_empty(), "no version and no marker is left")?;
    }
    let gone = store.copy(Source::Ours(&key), &aside);
    must(
        matches!(gone, Err(StoreError::NotFound { .. })),
        "what is gone cannot be copied",
    )?;
    must(
        ok("put", store.put(&key, b"again"))? == Put::Written,
        "an erased key can be written",
    )?;
    ok("erase", erase(store, Bucket::Intake, &key.to_string()))?;
    Ok(())
}

/// Lists: every version once, page by page, by prefix.
///
/// # Errors
/// The guarantee that does not hold.
pub fn lists(store: &dyn ObjectStore, random: &dyn Random) -> Result<(), Broken> {
    let scene = Scene::new(random)?;
    let key = |n: u32| ObjectKey::Audit(scene.group.clone(), scene.job, n);
    let prefix = format!("audit/{}/{}/", scene.group, scene.job);
    for n in 1..=20 {
        ok("put", store.put(&key(n), &n.to_be_bytes()))?;
    }
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = ok(
            "versions",
            store.versions(Bucket::Audit, &prefix, after.as_ref()),
        )?;
        found.extend(page.versions);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let keys: Vec<&str> = found.iter().map(|v| v.key.expose().as_str()).collect();
    let expected: Vec<String> = (1..=20).map(|n| key(n).to_string()).collect();
    must(keys == expected, "every key once, in order")?;
    must(found.iter().all(|v| v.bytes == 4), "sizes are known")?;
    ok("remove", store.remove(Bucket::Audit, &found))?;
    ok("remove again", store.remove(Bucket::Audit, &found))?;
    let left = ok("versions", store.versions(Bucket::Audit, &prefix, None))?;
    must(left.versions.is_empty(), "what was removed is gone")
}

/// Uploads in parts: put together when all are there, found while they are pending, ended.
///
/// # Errors
/// The guarantee that does not hold.
pub fn uploads<S: ObjectStore + Uploads>(store: &S, random: &dyn Random) -> Result<(), Broken> {
    let scene = Scene::new(random)?;
    let key = scene.intake();
    let id = ok("begin", store.begin(&key, "application/dicom"))?;
    let part = Part {
        bytes: 5,
        sha256: ContentHash::of(b"parts"),
    };
    let signed = ok(
        "sign part",
        store.sign_part(&key, &id, 1, &part, Duration::from_mins(1)),
    )?;
    must(
        signed.method == "PUT" && !signed.url.is_empty(),
        "a part is signed",
    )?;
    let waiting = ok("complete", store.complete(&key, &id, &[part]))?;
    must(
        waiting == Completed::Waiting,
        "an upload without its parts waits",
    )?;
    let pending = ok("pending", store.pending(Bucket::Intake, &key.to_string()))?;
    must(
        pending.iter().any(|one| one.id == id),
        "it is found while it waits",
    )?;
    for one in &pending {
        ok("abort", store.abort(Bucket::Intake, one))?;
        ok("abort again", store.abort(Bucket::Intake, one))?;
    }
    let none = ok("pending", store.pending(Bucket::Intake, &key.to_string()))?;
    must(none.is_empty(), "an ended upload is gone")?;
    let gone = ok("complete", store.complete(&key, &id, &[part]))?;
    must(
        gone == Completed::Gone,
        "an ended upload cannot be completed",
    )
}

/// Rows: one writer after the other, found by job, patient and state.
///
/// # Errors
/// The guarantee that does not hold.
pub fn rows(store: &dyn RowStore, random: &dyn Random) -> Result<(), Broken> {
    let scene = Scene::new(random)?;
    let job = JobRef {
        group: scene.group.clone(),
        job: scene.job,
    };
    let (own, file) = (
        RowKey::Job(job.clone()),
        RowKey::File(job.clone(), scene.file),
    );
    // A state of this run alone, so that what others left does not count.
    let state = format!("open-{}", scene.job);
    let row = |key: &RowKey, doc: &str| Row {
        key: key.clone(),
        revision: 0,
        state: state.clone(),
        patient: None,
        expires: Some(4_102_444_800),
        doc: doc.to_owned(),
    };
    must(
        ok("read", store.read(&own))?.is_none(),
        "no row where none was written",
    )?;
    ok(
        "create",
        store.create(&[row(&own, "{}"), row(&file, "{\"a\":1}")]),
    )?;
    let first = ok("read", store.read(&file))?.ok_or("a row is read back")?;
    must(
        first.doc == "{\"a\":1}" && first.expires.is_some(),
        "as it was written",
    )?;
    let mut change = first.clone();
    change.doc = String::from("{\"a\":2}");
    change.patient = Some("P1".to_owned() + &scene.job.to_string());
    must(
        ok("replace", store.replace(&change))? == Replaced::Done,
        "a row is replaced",
    )?;
    must(
        ok("replace", store.replace(&change))? == Replaced::Lost,
        "not over a newer one",
    )?;
    let patient = change.patient.clone().unwrap_or_default();
    let found = ok("of_patient", store.of_patient(&scene.group, &patient))?;
    must(found == [file.clone()], "a patient's rows are found")?;
    must(
        ok("rows", store.rows(&job))?.len() == 2,
        "a job's rows are found",
    )?;
    let jobs = ok("jobs_in", store.jobs_in(&state))?;
    must(
        jobs == [job.clone()],
        "jobs are found by state, files are not",
    )?;
    let head = |sequence| obscura_audit::Head {
        sequence,
        hash: ContentHash::of(b"x"),
    };
    must(
        ok("head", store.head(&job))?.is_none(),
        "no head before one is noted",
    )?;
    ok("note", store.note_head(&job, head(5)))?;
    ok("note", store.note_head(&job, head(3)))?;
    must(
        ok("head", store.head(&job))? == Some(head(5)),
        "a head only moves on",
    )?;
    let job_row = ok("read", store.read(&own))?.ok_or("the job's row")?;
    must(
        ok("replace", store.replace(&job_row))? == Replaced::Done,
        "a head is no revision",
    )?;
    must(
        ok("head", store.head(&job))? == Some(head(5)),
        "and stays when the row is replaced",
    )?;
    for key in [&file, &own, &own] {
        ok("remove", store.remove(key))?;
    }
    ok("note", store.note_head(&job, head(9)))?;
    must(
        ok("rows", store.rows(&job))?.is_empty(),
        "a head makes no row",
    )?;
    must(
        ok("replace", store.replace(&change))? == Replaced::Lost,
        "a removed row stays removed",
    )
}

/// Groups: a secret that does not change, until it is shredded.
///
/// # Errors
/// The guarantee that does not hold.
pub fn groups(store: &dyn GroupAdmin, random: &dyn Random) -> Result<(), Broken> {
    let name = format!("c-{}", &ok("random", random.job())?.to_string()[..20]);
    let group: Group = ok("group", name.parse())?;
    must(
        matches!(store.secret(&group), Err(SecretError::NoGroup)),
        "no secret before it is added",
    )?;
    must(
        matches!(store.check(&group), Err(SecretError::NoGroup)),
        "nothing to check before it is added",
    )?;
    let at = Timestamp::from_millis(1_800_000_000_000);
    let info = ok("add", store.add(&group, at))?;
    let secret = ok("secret", store.secret(&group))?;
    ok("check", store.check(&group))?;
    ok(
        "add again",
        store.add(&group, at.plus(Duration::from_secs(1))),
    )?;
    let again = ok("secret", store.secret(&group))?;
    must(
        secret.to_hex() == again.to_hex(),
        "adding again changes nothing",
    )?;
    must(
        ok("list", store.list())?.contains(&info),
        "a group is listed",
    )?;
    ok("shred", store.shred(&group, 7))?;
    must(
        matches!(store.secret(&group), Err(SecretError::Destroyed)),
        "shredded is shredded",
    )?;
    must(
        matches!(store.check(&group), Err(SecretError::Destroyed)),
        "shredded shows without unwrapping",
    )?;
    must(
        matches!(store.shred(&group, 30), Err(SecretError::Destroyed)),
        "what is shredded is not shredded again, nor later",
    )
}

/// Rows of files: in the order of their ids, a few at a time.
///
/// # Errors
/// The guarantee that does not hold.
pub fn files(store: &dyn RowStore, random: &dyn Random) -> Result<(), Broken> {
    let scene = Scene::new(random)?;
    let job = |number: u8| {
        let mut bytes = [number; 16];
        bytes[..15].copy_from_slice(&scene.file.to_string().as_bytes()[..15]);
        JobRef {
            group: scene.group.clone(),
            job: JobId::from_bytes(bytes),
        }
    };
    let file = |number: u8| FileId::from_bytes([number; 16]);
    // Jobs before and behind the one that is asked for have files too.
    let mut rows = Vec::new();
    for number in 1..=3 {
        rows.push(RowKey::Job(job(number)));
        rows.extend([0xff, 0x0a, 0x00, 0x7f, 0x99].map(|one| RowKey::File(job(number), file(one))));
    }
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|key| Row {
            key,
            revision: 0,
            state: "waiting".to_owned(),
            patient: None,
            expires: Some(4_102_444_800),
            doc: "{}".to_owned(),
        })
        .collect();
    ok("create", store.create(&rows))?;
    let read = |behind: Option<u8>, at_most| {
        let rows = ok("files", store.files(&job(2), behind.map(file), at_most))?;
        Ok::<_, Broken>(rows.into_iter().map(|row| row.key).collect::<Vec<_>>())
    };
    let of = |files: &[u8]| -> Vec<RowKey> {
        let keys = files.iter().map(|one| RowKey::File(job(2), file(*one)));
        keys.collect()
    };
    let all = [0x00, 0x0a, 0x7f, 0x99, 0xff];
    must(
        read(None, 100)? == of(&all),
        "all files of the job, in their order, and nothing else",
    )?;
    must(read(None, 5)? == of(&all), "as many as there are")?;
    must(read(None, 2)? == of(&all[..2]), "as many as asked for")?;
    must(
        read(Some(0x0a), 2)? == of(&all[2..4]),
        "those behind a file, without it",
    )?;
    must(
        read(Some(0x99), 2)? == of(&all[4..]),
        "fewer where there are no more",
    )?;
    must(read(Some(0xff), 2)?.is_empty(), "none behind the last")?;
    ok("remove", store.remove(&RowKey::File(job(2), file(0x0a))))?;
    must(
        read(Some(0x0a), 1)? == of(&all[2..3]),
        "also behind one that is gone",
    )?;
    for row in &rows {
        ok("remove", store.remove(&row.key))?;
    }
    Ok(())
}
