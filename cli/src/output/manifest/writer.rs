//! Appending to the manifest, and reading a line back.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{FILE_NAME, Line};
use crate::exit::shown;
use crate::output::OutputError;
use crate::output::atomic::Access;

/// The manifest of a run, open for appending.
#[derive(Debug)]
pub(crate) struct Manifest {
    path: PathBuf,
    file: File,
    /// Whole lines that are not in the file yet.
    waiting: Vec<u8>,
    /// Length of the file, all of it whole lines.
    length: u64,
    flushed: Instant,
}

/// Bytes that may wait, and for how long.
const FLUSH_BYTES: usize = 256 << 10;
const FLUSH_AFTER: Duration = Duration::from_secs(1);

impl Manifest {
    /// Opens the manifest of an output directory at `length`, the end of its last whole line.
    pub(crate) fn open(out: &Path, length: u64) -> Result<Self, OutputError> {
        let path = out.join(FILE_NAME);
        let open = || {
            let mut options = Access::Owner.options();
            let mut file = options
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            file.set_len(length)?;
            file.seek(SeekFrom::Start(length))?;
            Ok(file)
        };
        let file = open().map_err(|source| failed(&path, source))?;
        Ok(Self {
            path,
            file,
            waiting: Vec::new(),
            length,
            flushed: Instant::now(),
        })
    }

    /// Appends a line and gives its offset.
    pub(crate) fn append(&mut self, line: &Line) -> Result<u64, OutputError> {
        let offset = self.length + self.waiting.len() as u64;
        serde_json::to_writer(&mut self.waiting, line).map_err(|e| failed(&self.path, e.into()))?;
        self.waiting.push(b'\n');
        Ok(offset)
    }

    /// The lines that wait are many or have waited long.
    pub(crate) fn is_due(&self) -> bool {
        self.waiting.len() >= FLUSH_BYTES
            || (!self.waiting.is_empty() && self.flushed.elapsed() >= FLUSH_AFTER)
    }

    /// Writes the lines that wait. On failure the whole lines that found room stay, the others
    /// wait on.
    pub(crate) fn flush(&mut self) -> Result<(), OutputError> {
        self.flushed = Instant::now();
        let result = self.file.write_all(&self.waiting);
        let written = match &result {
            Ok(()) => self.waiting.len(),
            Err(_) => self.cut_torn_line(),
        };
        self.waiting.drain(..written);
        self.length += written as u64;
        result.map_err(|source| failed(&self.path, source))
    }

    /// Ends the file with its last whole line, and gives how much of what waits is in it. Cutting
    /// needs no room; if even that fails, the next run cuts.
    fn cut_torn_line(&mut self) -> usize {
        let length = self
            .file
            .metadata()
            .map_or(self.length, |metadata| metadata.len());
        let written = length
            .saturating_sub(self.length)
            .min(self.waiting.len() as u64) as usize;
        let last = self.waiting[..written]
            .iter()
            .rposition(|byte| *byte == b'\n');
        let whole = last.map_or(0, |at| at + 1);
        let end = self.length + whole as u64;
        let _ = self.file.set_len(end);
        let _ = self.file.seek(SeekFrom::Start(end));
        whole
    }

    /// Reads the line at an offset that [`Manifest::append`] gave.
    pub(crate) fn read_at(&mut self, offset: u64) -> Result<Line, OutputError> {
        let waits = offset.checked_sub(self.length).and_then(|at| {
            let rest = self.waiting.get(usize::try_from(at).ok()?..)?;
            rest.split_inclusive(|byte| *byte == b'\n').next()
        });
        if let Some(text) = waits {
            let line = serde_json::from_slice(text);
            return line.map_err(|source| failed(&self.path, source.into()));
        }
        let mut read = || {
            self.file.seek(SeekFrom::Start(offset))?;
            let mut text = Vec::new();
            BufReader::new(&self.file).read_until(b'\n', &mut text)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            Ok::<_, io::Error>(serde_json::from_slice(&text)?)
        };
        let line = read();
        line.map_err(|source| failed(&self.path, source))
    }

    /// Flushes, and writes the file anew without the lines at these offsets: those of inputs that
    /// were tried again.
    pub(crate) fn finish(mut self, superseded: &HashSet<u64>) -> Result<(), OutputError> {
        self.flush()?;
        if superseded.is_empty() {
            return Ok(());
        }
        let draft = self.path.with_extension("tmp");
        let written = self.copy_without(superseded, &draft);
        let renamed = written.and_then(|()| fs::rename(&draft, &self.path));
        renamed.map_err(|source| {
            let _ = fs::remove_file(&draft);
            failed(&self.path, source)
        })
    }

    fn copy_without(&mut self, superseded: &HashSet<u64>, draft: &Path) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut from = BufReader::new(&self.file);
        let to = Access::Owner
            .options()
            .write(true)
            .create(true)
            .truncate(true)
            .open(draft)?;
        let mut to = io::BufWriter::new(to);
        let mut line = Vec::new();
        let mut offset = 0;
        while from.read_until(b'\n', &mut line)? > 0 {
            if !superseded.contains(&offset) {
                to.write_all(&line)?;
            }
            offset += line.len() as u64;
            line.clear();
        }
        to.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()
    }
}

fn failed(path: &Path, source: io::Error) -> OutputError {
    OutputError::Write {
        path: shown(path),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_back_while_writing_and_superseded_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::open(dir.path(), 0).unwrap();
        let offsets: Vec<u64> = ["a", "b", "c"]
            .iter()
            .map(|name| manifest.append(&Line::new("/in", name)).unwrap())
            .collect();
        assert_eq!(manifest.read_at(offsets[1]).unwrap().input, "b");
        let last = manifest.append(&Line::new("/in", "d")).unwrap();
        assert_eq!(manifest.read_at(last).unwrap().input, "d");
        manifest
            .finish(&HashSet::from([offsets[0], offsets[2]]))
            .unwrap();
        let text = fs::read_to_string(dir.path().join(FILE_NAME)).unwrap();
        let names: Vec<String> = text
            .lines()
            .map(|line| serde_json::from_str::<Line>(line).unwrap().input)
            .collect();
        assert_eq!(names, ["b", "d"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_that_says_so() {
        let mut manifest = Manifest {
            path: PathBuf::from("/dev/full"),
            file: fs::OpenOptions::new()
                .read(true)
                .write(true)
                .open("/dev/full")
                .unwrap(),
            waiting: Vec::new(),
            length: 0,
            flushed: Instant::now(),
        };
        manifest.append(&Line::new("/in", "a")).unwrap();
        let error = manifest.flush().unwrap_err();
        let OutputError::Write { source, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(source.kind(), io::ErrorKind::StorageFull);
    }
}
