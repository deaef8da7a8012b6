//! Text in the pixels: models that are not what they should be, boxes at a person's word, review
//! lists, and what the report shows (issue 3).

use std::fs;

use obscura_testkit::{Person, Synthetic};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::lab::Lab;

const DETECTOR: &str = "PP-OCRv6_det_small.onnx";
const READER: &str = "PP-OCRv6_rec_small.onnx";

fn clip(lab: &Lab) -> String {
    let bytes = Synthetic::us_multiframe(&Person::from_seed(5))
        .encode()
        .bytes;
    lab.put("us.dcm", &bytes);
    format!("{:x}", Sha256::digest(&bytes))
}

/// Issue 3: bad, missing or exchanged models are a clear error before anything is made, and never a
/// silent run without a search.
#[test]
fn models_that_are_not_right_end_the_run_before_it_begins() {
    let lab = Lab::new();
    lab.put_people(1);
    let args = ["deid", "in", "--out", "out", "--pixels", "text"];
    let named = [&args[..], &["--models", "models"]].concat();
    let check = |name: &str, said: crate::lab::Said| {
        assert_eq!(said.code, Some(1), "{name}: {said:?}");
        assert!(!lab.path("out").exists() && !lab.path("config").exists());
        insta::assert_snapshot!(name, said.told(&lab));
    };
    let by_variable = |place: &str| {
        let output = lab.command(&args).env("OBSCURA_MODELS", place).output();
        crate::lab::Said::of(&output.unwrap())
    };
    check("models_missing", by_variable("nowhere"));
    fs::create_dir(lab.path("models")).unwrap();
    check("models_none_in_directory", lab.run(&named));
    fs::write(lab.path("models").join(DETECTOR), b"not a model").unwrap();
    check("models_one_missing", lab.run(&named));
    fs::write(lab.path("models").join(READER), b"nor is this").unwrap();
    check("models_damaged", lab.run(&named));
    check("models_damaged_by_variable", by_variable("models"));
    // The right files under each other's names, and one that was cut short.
    let real = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    if !real.join(DETECTOR).is_file() {
        println!("skipped in part: `cargo xtask models` was not run here");
        return;
    }
    fs::copy(real.join(DETECTOR), lab.path("models").join(READER)).unwrap();
    fs::copy(real.join(READER), lab.path("models").join(DETECTOR)).unwrap();
    check("models_exchanged", lab.run(&named));
    let whole = fs::read(real.join(DETECTOR)).unwrap();
    fs::write(lab.path("models").join(DETECTOR), &whole[..whole.len() - 1]).unwrap();
    fs::copy(real.join(READER), lab.path("models").join(READER)).unwrap();
    check("models_truncated", lab.run(&named));
}

/// `off` and `rules` need no models.
#[test]
fn without_a_search_no_models_are_needed() {
    let lab = Lab::new();
    lab.put_people(1);
    for mode in ["off", "rules"] {
        let args = ["deid", "in", "--out", mode, "--pixels", mode];
        let output = lab.command(&args).env("OBSCURA_MODELS", "nowhere").output();
        let said = crate::lab::Said::of(&output.unwrap());
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.out.contains(&format!("--pixels {mode}")), "{said:?}");
    }
}

/// Issue 3: the report shows what was blanked, and the original only as a named danger.
#[test]
fn originals_are_shown_only_where_that_is_asked_for() {
    let lab = Lab::new();
    clip(&lab);
    let args = [
        "deid", "in", "--out", "out", "--pixels", "rules", "--report",
    ];
    let said = lab.run(&args);
    assert_eq!(said.code, Some(0), "{said:?}");
    let report = fs::read_to_string(lab.path("out/report.html")).unwrap();
    assert!(report.contains("<rect class=\"ultrasound-region\" x=\"0\" y=\"0\""));
    assert!(report.contains("other text was not looked for"));
    assert!(!report.contains("Before") && !lab.path("out/danger-originals").exists());
    assert!(lab.manifest()[0].get("danger_original").is_none());
    let shown = [&args[..], &["--danger-show-originals"]].concat();
    let mixed = lab.run(&shown);
    assert_eq!(mixed.code, Some(1));
    insta::assert_snapshot!("originals_mixed", mixed.told(&lab));
    fs::remove_dir_all(lab.path("out")).unwrap();
    let said = lab.run(&shown);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("DANGER: --danger-show-originals"));
    let report = fs::read_to_string(lab.path("out/report.html")).unwrap();
    for text in [
        "Danger: originals are shown",
        "Before",
        "never give it away",
    ] {
        assert!(report.contains(text), "{text}");
    }
    assert!(!report.contains("carries no original name"));
    let line = &lab.manifest()[0];
    let (jpeg, original) = (&line["jpeg"][0], &line["danger_original"]);
    let expected = jpeg.as_str().unwrap().replace("jpeg/", "danger-originals/");
    assert_eq!(original, &expected);
    let original = lab.path("out").join(expected);
    assert!(fs::read(&original).unwrap().starts_with(&[0xFF, 0xD8]));
    #[cfg(unix)]
    for private in [original, lab.path("out/report.html")] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(private).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600);
    }
    // Without pictures the boxes are listed, and that is said.
    fs::remove_dir_all(lab.path("out")).unwrap();
    lab.run(&[&args[..], &["--jpeg", "none"]].concat());
    let report = fs::read_to_string(lab.path("out/report.html")).unwrap();
    assert!(report.contains("is no picture of it") && report.contains("<details open>"));
    assert!(!report.contains("<svg"));
}

/// A team's own rules are part of an output, and what they keep is named in its report.
#[test]
fn rules_that_keep_something_are_named_and_not_mixed() {
    let lab = Lab::new();
    clip(&lab);
    let rule = |name: &str| {
        format!(
            "[[rule]]\nname = \"{name}\"\nmodality = \"US\"\n\
             when = [{{ attribute = \"Modality\", equals = \"US\" }}]\n\
             action = \"keep\"\nareas = \"0,0,2,2\"\n"
        )
    };
    fs::write(lab.path("own.toml"), rule("Corner of room 2")).unwrap();
    let args = [
        "deid", "in", "--out", "out", "--pixels", "rules", "--report",
    ];
    let own = [&args[..], &["--pixel-rules", "own.toml"]].concat();
    let said = lab.run(&own);
    assert_eq!(said.code, Some(0), "{said:?}");
    let report = fs::read_to_string(lab.path("out/report.html")).unwrap();
    assert!(report.contains("Corner of room 2") && report.contains("What was kept"));
    assert!(report.contains("1 place<"), "one place in three frames");
    fs::write(lab.path("own.toml"), rule("Another")).unwrap();
    for other in [&own[..], &args] {
        let said = lab.run(other);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.err.contains("--pixel-rules"), "{said:?}");
    }
}

/// Issue 3: `obscura redact --box` never writes over anything and says what it did.
#[test]
fn a_box_is_blanked_at_a_persons_word() {
    let lab = Lab::new();
    clip(&lab);
    let before = fs::read(lab.path("in/us.dcm")).unwrap();
    let redact = |more: &[&str]| lab.run(&[&["redact", "in/us.dcm"], more].concat());
    let done = redact(&[
        "--out",
        "new.dcm",
        "--box",
        "1,2,5,3",
        "--box",
        "8,8,4,4@1,3",
    ]);
    insta::assert_snapshot!("redact_box", done.told(&lab));
    assert_eq!(fs::read(lab.path("in/us.dcm")).unwrap(), before);
    assert_ne!(fs::read(lab.path("new.dcm")).unwrap(), before);
    for out in ["new.dcm", "in/us.dcm"] {
        let said = redact(&["--out", out, "--box", "1,2,5,3"]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.err.contains("exists already"), "{said:?}");
    }
    let outside = redact(&["--out", "n2.dcm", "--box", "1,2,5000,3"]);
    insta::assert_snapshot!("redact_outside", outside.told(&lab));
    for args in [
        &["--out", "n2.dcm"][..],
        &["--box", "1,2,5,3"],
        &["--out", "n2.dcm", "--box", "1,2,5"],
        &[
            "--out",
            "n2.dcm",
            "--box",
            "1,2,5,3",
            "--apply",
            "list.json",
        ],
        &["--out", "n2.dcm", "--review", "list.json"],
        &["--out", "n2.dcm", "--box", "1,2,5,3@4"],
    ] {
        let said = redact(args);
        assert_eq!(said.code, Some(1), "{said:?}");
    }
    assert!(!lab.path("n2.dcm").exists());
}

/// Issue 3: a list is followed if it is sound and about this file, and refused with a clear error if
/// it is not.
#[test]
fn a_review_list_is_followed_or_refused() {
    let lab = Lab::new();
    let sha256 = clip(&lab);
    let one = |changes: Value| {
        let mut one = json!({"frames": [1, 2, 3], "x": 1, "y": 2, "w": 5, "h": 3, "accept": true});
        for (key, value) in changes.as_object().unwrap() {
            one[key] = value.clone();
        }
        one
    };
    let list = |boxes: Value| json!({"version": 1, "sha256": sha256, "boxes": boxes}).to_string();
    let apply = |text: &str| {
        fs::write(lab.path("list.json"), text).unwrap();
        lab.run(&[
            "redact",
            "in/us.dcm",
            "--out",
            "new.dcm",
            "--apply",
            "list.json",
        ])
    };
    let refused = |name: &str, text: &str| {
        let said = apply(text);
        assert_eq!(said.code, Some(1), "{name}: {said:?}");
        assert!(!lab.path("new.dcm").exists(), "{name}");
        format!("{name}: {}", said.err)
    };
    let told: String = [
        ("no JSON", "{\"version\": 1, ".to_owned()),
        ("version", json!({"version": 2, "boxes": []}).to_string()),
        (
            "another file",
            json!({"version": 1, "sha256": "0".repeat(64), "boxes": []}).to_string(),
        ),
        (
            "digest",
            json!({"version": 1, "sha256": "x", "boxes": []}).to_string(),
        ),
        ("unknown field", list(json!([one(json!({"text": "Doe"}))]))),
        ("frame 0", list(json!([one(json!({"frames": [0]}))]))),
        ("no frame", list(json!([one(json!({"frames": []}))]))),
        ("frame 4", list(json!([one(json!({"frames": [4]}))]))),
        ("empty", list(json!([one(json!({"w": 0}))]))),
        ("outside", list(json!([one(json!({"x": 5000}))]))),
        (
            "none accepted",
            list(json!([one(json!({"accept": false}))])),
        ),
    ]
    .iter()
    .map(|(name, text)| refused(name, text))
    .collect();
    assert!(!told.contains("Doe"), "nothing of a list is repeated");
    insta::assert_snapshot!("review_refused", told);
    let said = apply(&list(json!([
        one(json!({})),
        one(json!({"y": 9, "accept": false}))
    ])));
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("1 box blanked in 3 of 3 frames"));
    // What the list of a run says of this file counts as well.
    fs::remove_file(lab.path("new.dcm")).unwrap();
    let object = json!({"sha256": sha256, "line": 7, "boxes": [one(json!({}))]});
    let said = apply(&json!({"version": 1, "objects": [object]}).to_string());
    assert_eq!(said.code, Some(0), "{said:?}");
}

/// A list of a run needs a search, and decisions are never written over.
#[test]
fn a_run_refuses_lists_it_cannot_use() {
    let lab = Lab::new();
    clip(&lab);
    fs::write(lab.path("list.json"), "{}").unwrap();
    let deid = |more: &[&str]| lab.run(&[&["deid", "in", "--out", "out"], more].concat());
    let said: String = [
        &["--pixels", "off", "--apply", "list.json"][..],
        &["--pixels", "rules", "--review", "new.json"],
        &["--pixels", "text", "--review", "list.json"],
        &["--pixels", "text", "--apply", "list.json"],
        &["--pixels", "text", "--apply", "nowhere.json"],
    ]
    .iter()
    .map(|args| deid(args).told(&lab))
    .collect();
    assert!(!lab.path("out").exists());
    insta::assert_snapshot!("review_of_a_run_refused", said);
}

/// Issue 3: the list of `--review` names no file and holds no text. Needs the models.
#[test]
fn a_search_writes_a_list() {
    let lab = Lab::new();
    let sha256 = clip(&lab);
    let real = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    if !real.join(DETECTOR).is_file() {
        println!("skipped: `cargo xtask models` was not run here");
        return;
    }
    let said = lab.run(&["redact", "in/us.dcm", "--review", "list.json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let text = fs::read_to_string(lab.path("list.json")).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(list["version"], 1);
    assert_eq!(list["sha256"], sha256.as_str());
    assert!(list["boxes"].is_array() && !text.contains("us.dcm"));
    let again = lab.run(&["redact", "in/us.dcm", "--review", "list.json"]);
    assert_eq!(again.code, Some(1), "{again:?}");
}
