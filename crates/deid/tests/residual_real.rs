//! The scan and the scrubbing over real public files, where they are at hand: no panic at any
//! length, and no change of what is coded. `OBSCURA_REAL_FILES` names a folder of DICOM files.

mod residual_kit;

use std::fs;
use std::path::PathBuf;

use obscura_core::Limits;
use obscura_deid::residual::{Place, scan};
use residual_kit::*;

fn real_files() -> Vec<Vec<u8>> {
    let given = std::env::var_os("OBSCURA_REAL_FILES").map(PathBuf::from);
    let usual = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.obscura-work/real");
    let folder = given.unwrap_or(usual);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .collect()
}

#[test]
fn real_files_are_walked_and_what_is_planted_after_them_is_found() {
    let files = real_files();
    if files.is_empty() {
        eprintln!("skipped: no real files at hand");
    }
    let set = strong(&["Zzyzxhurst"]);
    for (at, mut file) in files.into_iter().enumerate() {
        let Ok(none) = scan(&file, &set, &Limits::default()) else {
            continue;
        };
        assert_eq!(none, [], "file {at}");
        for end in (0..file.len().min(6000)).step_by(7) {
            let _ = scan(&file[..end], &set, &Limits::default());
        }
        if file.get(128..132) == Some(b"DICM") {
            file[20..30].copy_from_slice(b"zzyzxHURST");
            assert!(places(&file, &set).contains(&Place::Preamble), "file {at}");
        }
    }
}
