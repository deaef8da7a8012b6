//! Help, `inspect`, `verify`, `policy` and `key`.

use std::fs;

use obscura_testkit::{Person, Synthetic};

use crate::lab::Lab;

#[test]
fn the_help_is_worth_reading() {
    let lab = Lab::new();
    for (name, args) in [
        ("help", &["--help"][..]),
        ("help_deid", &["deid", "--help"]),
        ("help_inspect", &["inspect", "--help"]),
        ("help_redact", &["redact", "--help"]),
        ("help_verify", &["verify", "--help"]),
        ("help_policy", &["policy", "--help"]),
        ("help_key", &["key", "new", "--help"]),
        ("help_audit", &["audit", "verify", "--help"]),
    ] {
        let said = lab.run(args);
        assert_eq!(said.code, Some(0));
        insta::assert_snapshot!(name, said.out);
    }
    assert!(lab.run(&["--version"]).out.starts_with("obscura "));
}

/// Issue 4: the plan for each element, and why, without values.
#[test]
fn inspect_shows_the_plan_and_no_value() {
    let lab = Lab::new();
    let person = Person::from_seed(8);
    let object = Synthetic::ct(&person)
        .with_nested_sequences()
        .with_private_blocks()
        .encode();
    lab.put("a.dcm", &object.bytes);
    let text = lab.run(&["inspect", "in/a.dcm"]);
    let json = lab.run(&["inspect", "in/a.dcm", "--json", "--all"]);
    assert_eq!((text.code, json.code), (Some(0), Some(0)), "{text:?}");
    assert!(
        text.out.contains("(0010,0010)") && text.out.contains("PatientName"),
        "{text:?}"
    );
    for planted in object
        .planted
        .iter()
        .filter(|planted| planted.text.len() > 3)
    {
        assert!(!text.out.contains(&planted.text) && !json.out.contains(&planted.text));
    }
    let elements = json.json()["elements"].as_array().unwrap().clone();
    for field in ["path", "name", "vr", "action", "rule"] {
        assert!(
            elements.iter().all(|element| element[field].is_string()),
            "{field}"
        );
    }
    let said = lab.run(&["inspect", "nowhere.dcm"]);
    insta::assert_snapshot!("inspect_missing", said.told(&lab));
    lab.put("text", b"no image");
    let said = lab.run(&["inspect", "in/text"]);
    insta::assert_snapshot!("inspect_not_dicom", said.told(&lab));
}

/// Issue 4: the residual scan alone, for the output of any tool.
#[test]
fn verify_finds_what_is_left_and_never_prints_it() {
    let lab = Lab::new();
    lab.put_people(3);
    assert_eq!(lab.run(&["deid", "in", "--out", "out"]).code, Some(0));
    for released in ["out", "out/dicom"] {
        let said = lab.run(&["verify", released, "--against", "in"]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.out.contains("3 files verified: 3 clean"), "{said:?}");
    }
    // A tool that did nothing, paired by path; and one that renamed, paired by pixel data.
    let family = Person::from_seed(1).family;
    for name in ["0001.dcm", "other-name"] {
        fs::remove_dir_all(lab.path("tool")).ok();
        fs::create_dir(lab.path("tool")).unwrap();
        fs::copy(lab.path("in/0001.dcm"), lab.path("tool").join(name)).unwrap();
        let said = lab.run(&["verify", "tool", "--against", "in"]);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.out.contains("(0010,0010)"), "{said:?}");
        assert!(!said.out.contains(&family) && !said.err.contains(&family));
        let json = lab
            .run(&["verify", "tool", "--against", "in", "--json"])
            .json();
        assert_eq!(json["hits"][0]["file"], name);
    }
    // Without an original nothing is verified, and that is said.
    let stranger = Synthetic::sr(&Person::from_seed(99)).encode().bytes;
    fs::write(lab.path("tool/stranger"), stranger).unwrap();
    let said = lab.run(&["verify", "tool/stranger", "--against", "in"]);
    assert_eq!(said.code, Some(2));
    insta::assert_snapshot!("verify_unpaired", said.told(&lab));
    // An original that has changed since is not what the release was made of.
    fs::copy(lab.path("in/0001.dcm"), lab.path("in/0000.dcm")).unwrap();
    let said = lab.run(&["verify", "out", "--against", "in"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.out.contains("has changed since"), "{said:?}");
    let said = lab.run(&["verify", "config", "--against", "in"]);
    assert_eq!(said.code, Some(1), "{said:?}");
}

#[test]
fn policies_are_shown_and_checked() {
    let lab = Lab::new();
    for preset in ["basic", "research", "tcia"] {
        let said = lab.run(&["policy", "show", "--preset", preset, "--json"]);
        let json = said.json();
        assert_eq!(json["name"], preset);
        let rows = json["rows"].as_array().unwrap();
        assert_eq!(
            rows.iter().filter(|row| row["table"] == "E.1-1").count(),
            657
        );
        assert!(
            rows.iter()
                .all(|row| row["source"].as_str().is_some_and(|s| !s.is_empty()))
        );
    }
    let said = lab.run(&["policy", "show"]);
    assert!(said.out.contains("(0010,0010)") && said.out.contains("research"));
    let said = lab.run(&["policy", "show", "--preset", "tcia", "--toml"]);
    fs::write(lab.path("own.toml"), &said.out).unwrap();
    let said = lab.run(&["policy", "check", "own.toml"]);
    assert_eq!(
        said.code,
        Some(0),
        "what a team copies is a policy: {said:?}"
    );
    fs::write(lab.path("bad.toml"), "name = \"bad\"\n[nonsense]\n").unwrap();
    let said = lab.run(&["policy", "check", "bad.toml"]);
    insta::assert_snapshot!("policy_bad", said.told(&lab));
    let said = lab.run(&["policy", "check", "nowhere.toml"]);
    assert_eq!(said.code, Some(1));
}

/// Issue 4: a key is made, and never overwritten.
#[test]
fn a_key_is_never_overwritten() {
    let lab = Lab::new();
    let said = lab.run(&["key", "new", "my.key"]);
    insta::assert_snapshot!("key_new", said.told(&lab));
    let key = fs::read_to_string(lab.path("my.key")).unwrap();
    assert!(key.trim().len() == 64 && !said.out.contains(key.trim()));
    let said = lab.run(&["key", "new", "my.key"]);
    insta::assert_snapshot!("key_exists", said.told(&lab));
    assert_eq!(fs::read_to_string(lab.path("my.key")).unwrap(), key);
    let said = lab.run(&["deid", "in", "--out", "out", "--key", "other.key"]);
    insta::assert_snapshot!("key_missing", said.told(&lab));
}
