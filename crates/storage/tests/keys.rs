//! One enum builds and reads every key; what it did not build is not read. Issue 4: the original
//! file name never becomes part of a key.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use obscura_core::{ContentHash, FileId, Group, JobId};
use obscura_storage::{Bucket, ObjectKey, Released};
use proptest::prelude::*;

fn group() -> impl Strategy<Value = Group> {
    "[a-z0-9-]{1,32}".prop_map(|text| text.parse().unwrap())
}

fn released() -> impl Strategy<Value = Released> {
    (
        "[A-Z0-9]{1,16}",
        "[0-9][0-9.]{0,63}",
        "[0-9][0-9.]{0,43}",
        "[0-9][0-9.]{0,43}",
        any::<[u8; 32]>(),
    )
        .prop_map(|(patient, study, series, sop, hash)| {
            let parts = [&*patient, &*study, &*series, &*sop];
            Released::new(parts, &ContentHash::from_bytes(hash)).unwrap()
        })
}

fn key() -> impl Strategy<Value = ObjectKey> {
    let ids = (group(), any::<[u8; 16]>(), any::<[u8; 16]>())
        .prop_map(|(group, job, file)| (group, JobId::from_bytes(job), FileId::from_bytes(file)));
    (ids, released(), 1_u32..100_000_000, 0_usize..9).prop_map(|(ids, place, number, kind)| {
        let (group, job, file) = ids;
        match kind {
            0 => ObjectKey::Intake(group, job, file),
            1 => ObjectKey::Quarantine(group, job, file),
            2 => ObjectKey::QuarantineNote(group, job, file),
            3 => ObjectKey::Dicom(group, place),
            4 => ObjectKey::Jpeg(group, place, (number % 2 == 0).then_some(number)),
            5 => ObjectKey::Release(group, job, file),
            6 => ObjectKey::Result(group, job, file),
            7 => ObjectKey::Audit(group, job, number),
            _ => ObjectKey::Receipt(group, job),
        }
    })
}

proptest! {
    #[test]
    fn a_key_round_trips_in_its_bucket_alone(key in key()) {
        let text = key.to_string();
        for bucket in Bucket::ALL {
            let parsed = ObjectKey::parse(bucket, &text);
            prop_assert_eq!(parsed.ok(), (bucket == key.bucket()).then(|| key.clone()));
        }
        prop_assert!(text.len() <= 1024);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-');
        prop_assert!(text.chars().all(plain));
    }

    #[test]
    fn nothing_else_is_a_key(text in "\\PC{0,80}") {
        if let Ok(key) = text.parse::<ObjectKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }
}

#[test]
fn what_others_put_there_is_no_key() {
    let job = "0123456789abcdef0123456789abcdef";
    for text in [
        "",
        "doe^jane.dcm",
        "intake/radiology/doe/jane.dcm",
        &format!("intake/radiology/{job}/{job}.json"),
        &format!("intake/Radiology/{job}/{job}"),
        &format!("intake/radiology/{job}/{job}/x"),
        &format!("audit/radiology/{job}/1.json"),
        &format!("dicom/g/P1/../1/2-{}.dcm", &job[..16]),
        &format!("dicom/g/P1/1/2/3-{}.dcm", &job[..15]),
        &format!("jpeg/g/P1/1/2/3-{}-01.jpg", &job[..16]),
    ] {
        assert!(text.parse::<ObjectKey>().is_err(), "{text}");
    }
    let hash = ContentHash::of(b"");
    for part in ["", "..", "a/b", "Doe Jane", "Doe^Jane"] {
        assert!(
            Released::new([part, "1", "1", "1"], &hash).is_err(),
            "{part}"
        );
    }
}
