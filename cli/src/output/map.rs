//! `--export-map`: the tables of originals and pseudonyms, a named risk.
//!
//! Whoever holds them can undo the de-identification, so their owner alone can read them. Rows are
//! appended as objects are released; a run that goes on after a stop goes on here too.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroize;

use super::OutputError;
use super::atomic::Access;
use super::manifest::Fingerprint;
use crate::engine::{MapEntry, MapKind};
use crate::exit::shown;

/// The two tables.
#[derive(Debug)]
pub(crate) struct ExportedMap {
    uids: Table,
    patients: Table,
}

#[derive(Debug)]
struct Table {
    path: PathBuf,
    file: File,
    known: HashSet<Fingerprint>,
    waiting: Vec<u8>,
}

const HEADER: &[u8] = b"id_old,id_new\n";

impl ExportedMap {
    /// Opens or makes `uids.csv` and `patients.csv` in a directory.
    pub(crate) fn open(directory: &Path) -> Result<Self, OutputError> {
        fs::create_dir_all(directory).map_err(|source| OutputError::Write {
            path: shown(directory),
            source,
        })?;
        let table = |name: &str| {
            let path = directory.join(name);
            Table::open(&path).map_err(|source| OutputError::Write {
                path: shown(&path),
                source,
            })
        };
        Ok(Self {
            uids: table("uids.csv")?,
            patients: table("patients.csv")?,
        })
    }

    /// Adds what one object had, each original once.
    pub(crate) fn add(&mut self, entries: &[MapEntry]) {
        for entry in entries {
            let table = match entry.kind {
                MapKind::Uid => &mut self.uids,
                MapKind::Patient => &mut self.patients,
            };
            table.add(entry.old.expose(), &entry.new);
        }
    }

    /// Writes the rows that wait.
    pub(crate) fn flush(&mut self) -> Result<(), OutputError> {
        for table in [&mut self.uids, &mut self.patients] {
            table.flush().map_err(|source| OutputError::Write {
                path: shown(&table.path),
                source,
            })?;
        }
        Ok(())
    }
}

impl Table {
    fn open(path: &Path) -> io::Result<Self> {
        let mut options = Access::Owner.options();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        restrict(&file)?;
        let mut known = HashSet::new();
        let mut length = 0_u64;
        let mut row = Vec::new();
        let mut reader = BufReader::new(&file);
        // A field may hold line breaks, but identifiers that do are not worth more than a row
        // written twice.
        while reader.read_until(b'\n', &mut row)? > 0 && row.ends_with(b"\n") {
            if row != HEADER {
                known.insert(Fingerprint::of_text(&String::from_utf8_lossy(&row)));
            }
            length += row.len() as u64;
            row.zeroize();
        }
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        let waiting = if length == 0 {
            HEADER.to_vec()
        } else {
            Vec::new()
        };
        Ok(Self {
            path: path.to_owned(),
            file,
            known,
            waiting,
        })
    }

    fn add(&mut self, old: &str, new: &str) {
        let mut row = format!("{},{}\n", field(old), field(new));
        if self.known.insert(Fingerprint::of_text(&row)) {
            self.waiting.extend_from_slice(row.as_bytes());
        }
        row.zeroize();
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.waiting)?;
        self.waiting.zeroize();
        Ok(())
    }
}

/// A field as RFC 4180 has it: in quotes if it holds what would end it.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A table that exists already may be open to others.
fn restrict(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_core::Phi;

    fn entry(kind: MapKind, old: &str, new: &str) -> MapEntry {
        MapEntry {
            kind,
            old: Phi::new(old.to_owned()),
            new: new.to_owned(),
        }
    }

    #[test]
    fn each_original_stands_once_also_after_a_stop() {
        let dir = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let mut map = ExportedMap::open(dir.path()).unwrap();
            map.add(&[
                entry(MapKind::Uid, "1.2.3", "2.25.9"),
                entry(MapKind::Uid, "1.2.3", "2.25.9"),
                entry(MapKind::Patient, "A,\"1\"", "P1"),
            ]);
            map.flush().unwrap();
        }
        let read = |name| fs::read_to_string(dir.path().join(name)).unwrap();
        assert_eq!(read("uids.csv"), "id_old,id_new\n1.2.3,2.25.9\n");
        assert_eq!(read("patients.csv"), "id_old,id_new\n\"A,\"\"1\"\"\",P1\n");
    }

    #[cfg(unix)]
    #[test]
    fn the_tables_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("uids.csv"), "id_old,id_new\n1,2\n3,").unwrap();
        ExportedMap::open(dir.path()).unwrap().flush().unwrap();
        for name in ["uids.csv", "patients.csv"] {
            let mode = fs::metadata(dir.path().join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o7777, 0o600);
        }
        let text = fs::read_to_string(dir.path().join("uids.csv")).unwrap();
        assert_eq!(text, "id_old,id_new\n1,2\n", "a torn row is cut");
    }
}
