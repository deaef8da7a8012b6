//! Every real file at hand is read, written and read again.
//!
//! The files are those of `OBSCURA_REAL_FILES` (a directory, searched to any depth), else of
//! `.obscura-work/real` under the workspace root. Without either there is nothing to prove.

use std::path::{Path, PathBuf};

use obscura_core::Limits;
use obscura_dicom::{DataSet, Mend, ReadError, Source, write_file};

fn real_files() -> Vec<PathBuf> {
    let place = std::env::var_os("OBSCURA_REAL_FILES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.obscura-work/real"),
        PathBuf::from,
    );
    let (mut files, mut open) = (Vec::new(), vec![place]);
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The round trip law: what is written of what was read is read as the same.
#[test]
fn what_is_written_of_a_real_file_is_read_as_the_same() {
    let files = real_files();
    if files.is_empty() {
        println!("skipped: no real files (set OBSCURA_REAL_FILES to a directory)");
    }
    let (mut read, mut refused) = (0, Vec::new());
    for path in files {
        let bytes = std::fs::read(&path).expect("a file that was listed can be read");
        match round_trip(&bytes, &path) {
            Ok(()) => read += 1,
            Err(error) => refused.push((path, error)),
        }
    }
    println!("{read} files read, written and read as the same");
    for (path, error) in refused {
        println!("refused {}: {error}", path.display());
    }
}

fn round_trip(bytes: &[u8], path: &Path) -> Result<(), ReadError> {
    let limits = Limits::default();
    let source = Source::open(bytes, &limits)?;
    let first = source.parse(&limits)?;
    let mut written = Vec::new();
    write_file(&first.meta, &first.data, &first.syntax, &mut written);
    let again = Source::open(&written, &limits).expect("what was written is DICOM");
    let second = again
        .parse(&limits)
        .expect("what was written can be parsed");
    let name = path.display();
    assert_eq!(differences(&first.data, &second.data), None, "{name}");
    assert_eq!(first.syntax, second.syntax, "{name}");
    for element in first
        .meta
        .elements()
        .iter()
        .filter(|element| element.tag.1 != 0x0010)
    {
        let read = second.meta.get(element.tag);
        assert!(read == Some(element), "{name}: {}", element.tag);
    }
    // A value that is no sequence although its attribute is one stays what it is, and so does
    // pixel data that is not encoded as its transfer syntax says.
    let is_sound = second
        .mends
        .iter()
        .all(|mend| matches!(mend, Mend::WrongVr | Mend::SyntaxMismatch));
    assert!(
        is_sound && second.mends.len() <= first.mends.len(),
        "{name}: {:?}",
        second.mends
    );
    assert!(second.trailing.is_empty(), "{name}");
    // The bytes of a second writing are those of the first: nothing drifts.
    let mut rewritten = Vec::new();
    write_file(&second.meta, &second.data, &second.syntax, &mut rewritten);
    assert!(rewritten == written, "{name}");
    Ok(())
}

/// The first difference, by tag and VR alone.
fn differences(first: &DataSet<'_>, second: &DataSet<'_>) -> Option<String> {
    if first.elements().len() != second.elements().len() {
        return Some(format!(
            "{} and {} elements",
            first.elements().len(),
            second.elements().len()
        ));
    }
    let mut pairs = first.elements().iter().zip(second.elements());
    pairs
        .find(|(a, b)| a != b)
        .map(|(a, b)| format!("{} {} and {} {}", a.tag, a.vr, b.tag, b.vr))
}
