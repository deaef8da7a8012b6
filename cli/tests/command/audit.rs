//! `obscura audit verify`. Issue 4: it proves that nothing was changed or left out.

use std::fs;

use obscura_audit::{Action, Actor, AuditKey, Chain, Counts, Event, Head, Verdict};
use obscura_core::{ContentHash, FileId, Group, JobId, PseudonymKey, Pseudonyms, Timestamp};

use crate::lab::Lab;

const JOB: &str = "00112233445566778899aabbccddeeff";

/// A sealed chain of four entries as the audit bucket has it, and its key in `key`.
fn put_chain(lab: &Lab) {
    let secret = PseudonymKey::from_bytes(std::array::from_fn(|n| n as u8));
    let path = lab.path("key");
    fs::write(&path, secret.to_hex()).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let key = AuditKey::of(&Pseudonyms::new(&secret));
    let group: Group = "radiology".parse().unwrap();
    let job: JobId = JOB.parse().unwrap();
    let chain = Chain::new(group, job);
    let event = |action| Event {
        actor: Actor::function("deidentify"),
        action,
        file: Some(FileId::from_bytes([7; 16])),
        input: None,
        output: None,
        rules: None,
        verdict: Verdict::Done,
        duration_ms: 12,
        counts: Counts::from([("outputs".to_owned(), 2)]),
    };
    let mut head: Option<Head> = None;
    for (number, action) in [
        Action::JobOpened,
        Action::Deidentified,
        Action::OriginalErased,
        Action::Sealed,
    ]
    .into_iter()
    .enumerate()
    {
        let at = Timestamp::from_millis(1_800_000_000_000 + number as u64);
        let entry = match action {
            Action::Sealed => chain.seal(head, at, event(action), Some(&key)),
            _ => chain.next(head, at, event(action)),
        };
        let entry = entry.unwrap();
        let bytes = entry.bytes().unwrap();
        lab.put(&entry_name(entry.sequence), &bytes);
        head = Some(Head {
            sequence: entry.sequence,
            hash: ContentHash::of(&bytes),
        });
    }
}

fn entry_name(sequence: u32) -> String {
    format!("audit/radiology/{JOB}/{sequence:08}.json")
}

#[test]
fn an_untouched_trail_is_whole() {
    let lab = Lab::new();
    put_chain(&lab);
    lab.put(
        "receipt/radiology/00112233445566778899aabbccddeeff.json",
        b"{}",
    );
    let said = lab.run(&["audit", "verify", "in", "--key", "key"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    insta::assert_snapshot!("audit_whole", said.out);
    let said = lab.run(&["audit", "verify", "in"]);
    assert!(
        said.code == Some(0) && said.out.contains("not proven"),
        "{said:?}"
    );
}

#[test]
fn a_trail_that_was_touched_is_found_wanting() {
    type Touch = fn(&Lab);
    let touches: [(&str, Touch); 4] = [
        ("changed", |lab| {
            let path = lab.path("in").join(entry_name(2));
            let text = fs::read_to_string(&path).unwrap();
            fs::write(
                path,
                text.replace("\"duration_ms\":12", "\"duration_ms\":13"),
            )
            .unwrap();
        }),
        ("missing", |lab| {
            fs::remove_file(lab.path("in").join(entry_name(2))).unwrap();
        }),
        ("cut", |lab| {
            fs::remove_file(lab.path("in").join(entry_name(4))).unwrap();
        }),
        ("forged", |lab| {
            fs::write(lab.path("key"), "ab".repeat(31) + "cd").unwrap();
        }),
    ];
    for (name, touch) in touches {
        let lab = Lab::new();
        put_chain(&lab);
        touch(&lab);
        let said = lab.run(&["audit", "verify", "in", "--key", "key"]);
        assert_eq!(said.code, Some(2), "{name}: {said:?}");
        insta::assert_snapshot!(format!("audit_{name}"), said.out);
        let json = lab.run(&["audit", "verify", "in", "--key", "key", "--json"]);
        assert_eq!(json.json()["chains"][0]["whole"], false);
    }
}

#[test]
fn a_directory_without_a_trail_is_a_failure() {
    let lab = Lab::new();
    lab.put("a/b/c.json", b"{}");
    for place in ["in", "nowhere"] {
        assert_eq!(lab.run(&["audit", "verify", place]).code, Some(1));
    }
}
