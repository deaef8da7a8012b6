//! `obscura deid` on synthetic studies with every hiding place.

use std::fs;

use obscura_testkit::{Person, Synthetic, collection};

use crate::lab::{Lab, Said};

/// Issue 4: the report carries no original name, the logs carry no value; inputs are named in the
/// manifest, on the terminal and at level debug, and nowhere else.
#[test]
fn no_name_leaves_through_files_reports_or_logs() {
    // The name of a file names the patient too, so it may stand in a log at debug only.
    for (named_for_the_patient, level) in [(true, "info"), (false, "trace")] {
        let lab = Lab::new();
        let person = Person::from_seed(11);
        let mut secrets = vec![person.family.clone()];
        for (kind, object) in collection(11) {
            let place = if named_for_the_patient {
                person.family.as_str()
            } else {
                "a"
            };
            lab.put(&format!("{place}/{kind}.dcm"), &object.bytes);
            secrets.extend(object.planted.iter().map(|planted| planted.text.clone()));
        }
        secrets.retain(|secret| secret.len() > 3);
        let output = lab
            .command(&["deid", "in", "--out", "out", "--report", "--json"])
            .env("RUST_LOG", level)
            .output()
            .unwrap();
        let said = Said::of(&output);
        assert!(matches!(said.code, Some(0 | 2)), "{said:?}");
        assert!(said.json()["released"].as_u64() > Some(0));
        assert!(said.err.contains("run ended"), "there is a log to search");
        let report = fs::read_to_string(lab.path("out/report.html")).unwrap();
        assert!(
            !report.contains("http://") && !report.contains("https://"),
            "no network"
        );
        for secret in &secrets {
            let texts = [
                ("report", &report),
                ("stdout", &said.out),
                ("stderr", &said.err),
            ];
            for (name, text) in texts {
                assert!(
                    !text.contains(secret.as_str()),
                    "{name} carries something planted"
                );
            }
        }
        for (name, _) in lab.tree("out/dicom").iter().chain(&lab.tree("out/jpeg")) {
            assert!(
                !secrets.iter().any(|secret| name.contains(secret.as_str())),
                "a path"
            );
        }
        assert_private(&lab.path("out/manifest.jsonl"));
    }
}

#[cfg(unix)]
fn assert_private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(
        fs::metadata(path).unwrap().permissions().mode() & 0o7777,
        0o600
    );
}

#[cfg(not(unix))]
fn assert_private(_path: &std::path::Path) {}

/// Issue 4: the same key gives the same output, another key another one.
#[test]
fn pseudonyms_are_those_of_the_key() {
    let lab = Lab::new();
    lab.put_people(3);
    for (out, jobs) in [("one", "1"), ("two", "4")] {
        let said = lab.run(&[
            "deid", "in", "--out", out, "--jobs", jobs, "--jpeg", "first",
        ]);
        assert_eq!(said.code, Some(0), "{said:?}");
    }
    assert_eq!(lab.tree("one/dicom"), lab.tree("two/dicom"));
    assert_eq!(lab.tree("one/jpeg"), lab.tree("two/jpeg"));
    assert_eq!(lab.tree("one/jpeg").len(), 3);
    let said = lab.run(&["deid", "in", "--out", "three", "--key", "none"]);
    assert!(said.err.is_empty(), "{said:?}");
    let paths = |name: &str| lab.tree(name).into_keys().collect::<Vec<_>>();
    assert!(
        paths("one/dicom")
            .iter()
            .all(|path| !paths("three/dicom").contains(path))
    );
    // The key of `three` is forgotten: nothing can go on there.
    let said = lab.run(&["deid", "in", "--out", "three", "--key", "none"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!("another_key", said.told(&lab));
}

/// Issue 4: the user's own key is made on first use, mode 0600, and said so.
#[test]
fn the_own_key_is_made_once_and_said_so() {
    let lab = Lab::new();
    lab.put_people(1);
    let said = lab.run(&["deid", "in", "--out", "out", "--quiet"]);
    insta::assert_snapshot!("first_use", said.told(&lab));
    let said = lab.run(&["deid", "in", "--out", "out", "--quiet"]);
    assert_eq!(
        (said.code, said.err.as_str(), said.out.as_str()),
        (Some(0), "", "")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = lab.path("config/obscura/key");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let said = lab.run(&["deid", "in", "--out", "out"]);
        insta::assert_snapshot!("exposed_key", said.told(&lab));
    }
}

/// Issue 2 and 4: `--export-map` is a named risk and writes `id_old,id_new`.
#[test]
fn the_map_is_exported_with_a_warning() {
    let lab = Lab::new();
    let person = Person::from_seed(3);
    lab.put("a.dcm", &Synthetic::ct(&person).encode().bytes);
    let args = [
        "deid",
        "in",
        "--out",
        "out",
        "--export-map",
        "map",
        "--report",
        "--jpeg",
        "none",
    ];
    let said = lab.run(&args);
    assert!(said.err.contains("DANGER"), "{said:?}");
    let patients = fs::read_to_string(lab.path("map/patients.csv")).unwrap();
    let rows: Vec<&str> = patients.lines().collect();
    assert_eq!(rows[0], "id_old,id_new");
    assert_eq!(rows.len(), 2);
    let uids = fs::read_to_string(lab.path("map/uids.csv")).unwrap();
    let output = lab.manifest()[0]["output"].as_str().unwrap().to_owned();
    for part in output.trim_end_matches(".dcm").split('/').skip(2) {
        assert!(
            uids.contains(&format!(",{part}\n")),
            "{part} has its original in the map"
        );
    }
    let report = fs::read_to_string(lab.path("out/report.html")).unwrap();
    assert!(report.contains("the map was exported"));
}

/// Issue 4: archives and single files are inputs; what is not DICOM is skipped and never copied.
#[test]
fn archives_files_and_others_together() {
    let lab = Lab::new();
    let object = |seed| Synthetic::mr(&Person::from_seed(seed)).encode().bytes;
    let mut zip = zip::ZipWriter::new(fs::File::create(lab.path("in/a.zip")).unwrap());
    for seed in 0..3 {
        zip.start_file(
            format!("s/{seed}"),
            zip::write::SimpleFileOptions::default(),
        )
        .unwrap();
        std::io::Write::write_all(&mut zip, &object(seed)).unwrap();
    }
    zip.finish().unwrap();
    lab.put("readme.txt", b"a text");
    fs::write(lab.path("single"), object(2)).unwrap();
    let said = lab.run(&["deid", "in", "single", "--out", "out", "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let lines = lab.manifest();
    let inputs: Vec<&str> = lines
        .iter()
        .map(|line| line["input"].as_str().unwrap())
        .collect();
    assert_eq!(
        inputs,
        [
            "a.zip!/s/0",
            "a.zip!/s/1",
            "a.zip!/s/2",
            "readme.txt",
            "single"
        ]
    );
    assert_eq!(lines[3]["status"], "skipped");
    assert_eq!(lines[4]["duplicate_of"], "a.zip!/s/2");
    assert_eq!(lines[4]["output"], lines[2]["output"]);
    assert_eq!(lab.tree("out/dicom").len(), 3);
    let summary = said.json();
    assert_eq!(
        (&summary["released"], &summary["duplicates"]),
        (&4.into(), &1.into())
    );
}
