//! Issue 5: bad input ends in a clear error or a line of the manifest; nothing is lost or leaked.

use std::fs;

use obscura_testkit::{Person, Synthetic};

use crate::lab::Lab;

/// Truncated at every byte of a small file, an empty file, noise: each has its line.
#[test]
fn every_truncation_has_a_line_and_no_name_comes_out() {
    let lab = Lab::new();
    let person = Person::from_seed(5);
    let bytes = Synthetic::sr(&person).encode().bytes;
    for length in (0..bytes.len()).step_by(7) {
        lab.put(&format!("{length:05}"), &bytes[..length]);
    }
    lab.put(
        "noise",
        &(0..5000_u32)
            .map(|n| ((n * 7919) >> 3) as u8)
            .collect::<Vec<_>>(),
    );
    let inputs = fs::read_dir(lab.path("in")).unwrap().count();
    let said = lab.run(&["deid", "in", "--out", "out", "--report"]);
    assert!(matches!(said.code, Some(0 | 2)), "{said:?}");
    let lines = lab.manifest();
    assert_eq!(lines.len(), inputs);
    assert!(
        lines.iter().all(|line| line["reason"] != "internal"),
        "no defect"
    );
    let quarantined = lines
        .iter()
        .filter(|line| line["status"] == "quarantined")
        .count();
    assert_eq!(said.code == Some(2), quarantined > 0);
    for text in [
        &said.out,
        &said.err,
        &fs::read_to_string(lab.path("out/manifest.jsonl")).unwrap(),
    ] {
        assert!(!text.contains(&person.family));
    }
    for (name, bytes) in lab.tree("out/dicom") {
        let family = person.family.as_bytes();
        assert!(
            !bytes.windows(family.len()).any(|window| window == family),
            "{name}"
        );
    }
}

/// What was named and is not there, or cannot be an output, ends with exit code 1.
#[test]
fn paths_that_cannot_be_used_are_named() {
    let lab = Lab::new();
    lab.put_people(1);
    fs::write(lab.path("file"), "").unwrap();
    let none = lab.run(&["deid", "nowhere", "--out", "out"]);
    insta::assert_snapshot!("missing_input", none.told(&lab));
    let below = lab.run(&["deid", "in", "--out", "file/out", "--key", "none"]);
    insta::assert_snapshot!("unwritable_output", below.told(&lab));
    let same = lab.run(&["deid", "in", "--out", "in", "--key", "none"]);
    insta::assert_snapshot!("output_is_input", same.told(&lab));
    fs::create_dir_all(lab.path("other/dicom")).unwrap();
    let foreign = lab.run(&["deid", "in", "--out", "other", "--key", "none"]);
    insta::assert_snapshot!("foreign_output", foreign.told(&lab));
    assert_eq!(lab.tree("in").len(), 1, "the input is untouched");
}

/// Wrong usage has the exit code of failures: 2 says that inputs were quarantined.
#[test]
fn wrong_usage_is_a_failure() {
    let lab = Lab::new();
    for args in [
        &["deid"][..],
        &["deid", "in"],
        &["deid", "in", "--out", "o", "--preset", "strict"],
        &["deid", "in", "--out", "o", "--jobs", "0"],
        &["deid", "in", "--out", "o", "--quality", "101"],
        &["deid", "in", "--out", "o", "--quiet", "--json"],
        &[
            "deid", "in", "--out", "o", "--preset", "basic", "--policy", "p.toml",
        ],
        &["anonymise"],
        &[],
    ] {
        let said = lab.run(args);
        assert_eq!(said.code, Some(1), "{args:?}: {said:?}");
        assert!(
            said.out.is_empty() && said.err.starts_with("error: ") || args.is_empty(),
            "{args:?}: {said:?}"
        );
    }
    let said = lab.run(&["deid", "in", "--out", "o", "--pixels", "clean"]);
    assert_eq!(said.code, Some(1));
}

/// A file without permission is quarantined and the run goes on. The superuser reads everything.
#[cfg(unix)]
#[test]
fn without_permission_the_run_goes_on() {
    use std::os::unix::fs::PermissionsExt;
    let lab = Lab::new();
    lab.put_people(2);
    let closed = lab.path("in/0000.dcm");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&closed).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let said = lab.run(&["deid", "in", "--out", "out"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    let lines = lab.manifest();
    assert_eq!(lines[0]["reason"], "read-failed");
    assert_eq!(lines[1]["status"], "released");
}
