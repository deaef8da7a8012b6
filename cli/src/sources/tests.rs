//! Sources against hostile and odd input: archives above all.

use std::fs::{self, File};
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use obscura_core::{Limits, Reason};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Input, Location, ReadFailure, Reader, Walk};

fn archive(path: &Path, members: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in members {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn walk(path: &Path, limits: Limits) -> Vec<Input> {
    let mut found = Vec::new();
    Walk::new(&[path.to_owned()], None, limits)
        .unwrap()
        .run(&mut |input| {
            found.push(input);
            ControlFlow::Continue(())
        });
    found
}

fn read(input: &Input, limits: Limits) -> Result<Vec<u8>, ReadFailure> {
    let mut reader = Reader::new(limits);
    reader.open(input)?.read().map(<[u8]>::to_vec)
}

/// Issue 4: archives are inputs; names that would climb out of a directory are only names.
#[test]
fn members_are_inputs_and_their_names_are_harmless() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.zip");
    let climbing = "../../../../etc/cron.d/x";
    archive(
        &path,
        &[
            ("z/one.dcm", b"1"),
            (climbing, b"2"),
            ("/abs", b"3"),
            ("empty", b""),
        ],
    );
    for root in [dir.path(), path.as_path()] {
        let found = walk(root, Limits::default());
        let names: Vec<&str> = found.iter().map(|input| input.name.as_str()).collect();
        let climbing = format!("a.zip!/{climbing}");
        assert_eq!(
            names,
            ["a.zip!/z/one.dcm", &climbing, "a.zip!//abs", "a.zip!/empty"]
        );
        let read: Vec<_> = found
            .iter()
            .map(|i| read(i, Limits::default()).unwrap())
            .collect();
        assert_eq!(
            read,
            [b"1".to_vec(), b"2".to_vec(), b"3".to_vec(), Vec::new()]
        );
    }
    let shown = walk(&path, Limits::default())[0].shown();
    assert_eq!(shown, format!("{}!/z/one.dcm", path.display()));
}

/// Issue 5: zip bombs. What is out of proportion is refused before it is inflated.
#[test]
fn a_bomb_is_refused_in_bounded_memory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bomb.zip");
    let zeros = vec![0_u8; 64 << 20];
    archive(&path, &[("zeros", &zeros), ("small", b"x")]);
    let found = walk(&path, Limits::default());
    let refused = read(&found[0], Limits::default()).unwrap_err();
    assert_eq!(refused.reason, Reason::LimitExceeded);
    assert_eq!(read(&found[1], Limits::default()).unwrap(), b"x");
    // As a whole: more than the limits allow for an archive of this size.
    let tight = Limits {
        max_inflated_bytes: 1 << 20,
        max_inflate_ratio: 10,
        ..Limits::default()
    };
    let found = walk(&path, tight);
    assert_eq!(found.len(), 1);
    assert!(matches!(
        &found[0].at,
        Location::Refused {
            reason: Reason::LimitExceeded,
            ..
        }
    ));
}

/// A member that inflates beyond what the archive's directory claims is not read further.
#[test]
fn a_lie_about_the_size_is_found_out() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lie.zip");
    archive(&path, &[("a", &vec![7_u8; 100_000])]);
    let mut bytes = fs::read(&path).unwrap();
    let size = 100_000_u32.to_le_bytes();
    let lie = 10_u32.to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4)
        .filter(|at| bytes[*at..*at + 4] == size)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&lie);
    }
    fs::write(&path, bytes).unwrap();
    let found = walk(&path, Limits::default());
    let failure = read(&found[0], Limits::default()).unwrap_err();
    assert!(
        matches!(failure.reason, Reason::LimitExceeded | Reason::Malformed),
        "{failure:?}"
    );
}

/// Truncated at every byte: an archive is read, or listed with a fault; nothing panics or hangs.
#[test]
fn an_archive_that_is_cut_anywhere_is_listed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.zip");
    archive(
        &path,
        &[
            ("one", b"some bytes that deflate deflate deflate"),
            ("two", b"2"),
        ],
    );
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let found = walk(&path, Limits::default());
        assert!(!found.is_empty(), "{length}");
        for input in &found {
            let refused = read(input, Limits::default()).is_err();
            assert!(refused || length < 4, "{length}");
        }
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        fs::write(&path, &bytes).unwrap();
        for input in walk(&path, Limits::default()) {
            let _ = read(&input, Limits::default());
        }
    }
}

/// Two members with one name: the second hides the first, and that is said.
#[test]
fn a_hidden_member_is_not_passed_over_in_silence() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.zip");
    archive(&path, &[("aaa", b"1"), ("aab", b"2")]);
    let mut bytes = fs::read(&path).unwrap();
    let at: Vec<usize> = (0..bytes.len() - 3)
        .filter(|at| &bytes[*at..*at + 3] == b"aab")
        .collect();
    for at in at {
        bytes[at + 2] = b'a';
    }
    fs::write(&path, bytes).unwrap();
    let found = walk(&path, Limits::default());
    assert_eq!(found.len(), 2);
    assert!(matches!(
        &found[1].at,
        Location::Refused {
            reason: Reason::Malformed,
            ..
        }
    ));
}

/// An encrypted member is listed, not lost.
#[test]
fn an_encrypted_member_is_refused_by_name_of_the_fault() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.zip");
    archive(&path, &[("one", b"1")]);
    let mut bytes = fs::read(&path).unwrap();
    // Bit 0 of the general purpose flags, in the local header (6) and in the directory (8).
    let directory = (0..bytes.len() - 4)
        .find(|at| &bytes[*at..*at + 4] == b"PK\x01\x02")
        .unwrap();
    bytes[6] |= 1;
    bytes[directory + 8] |= 1;
    fs::write(&path, bytes).unwrap();
    let found = walk(&path, Limits::default());
    let failure = read(&found[0], Limits::default()).unwrap_err();
    assert_eq!(failure.reason, Reason::ReadFailed);
    assert!(failure.detail.contains("encrypted"), "{failure:?}");
}

/// Names that are not UTF-8 stay apart, and the walk's order only depends on the names.
#[cfg(unix)]
#[test]
fn odd_names_are_kept_apart_and_the_order_is_fixed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    for name in [&b"b\xFF"[..], b"b\xFE", b"a\n", b"B", b"c.d", b"c!/d"] {
        let path = dir.path().join(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, name).unwrap();
    }
    let names: Vec<String> = walk(dir.path(), Limits::default())
        .into_iter()
        .map(|input| input.name)
        .collect();
    assert_eq!(names, ["B", "a\n", "b\\xFE", "b\\xFF", "c!/d", "c.d"]);
}

/// A file that is larger than the limit is not read.
#[test]
fn a_giant_is_refused_before_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("giant");
    File::create(&path).unwrap().set_len(10 << 30).unwrap();
    let found = walk(&path, Limits::default());
    assert_eq!(
        read(&found[0], Limits::default()).unwrap_err().reason,
        Reason::LimitExceeded
    );
}
