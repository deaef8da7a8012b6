//! Files that are whole or absent: written under a temporary name, then renamed.
//!
//! Temporary files stand in `OUT/.obscura/tmp`, on the file system of the output, so that a kill
//! leaves nothing under `dicom` or `jpeg` and what it leaves is found in one place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The place of temporary files.
#[derive(Debug)]
pub(crate) struct Staging {
    directory: PathBuf,
    count: AtomicU64,
}

/// A complete file without its name yet; removed when dropped.
#[derive(Debug)]
pub(crate) struct Staged {
    path: Option<PathBuf>,
}

impl Staging {
    /// Empties the place of what a killed run left, or makes it.
    pub(crate) fn open(directory: PathBuf) -> io::Result<Self> {
        match fs::remove_dir_all(&directory) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir(&directory)?,
        }
        Ok(Self {
            directory,
            count: AtomicU64::new(0),
        })
    }

    /// Writes a file that has no name yet and says who may read it.
    pub(crate) fn write(&self, bytes: &[u8], access: Access) -> io::Result<Staged> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let path = self.directory.join(format!("{number:x}"));
        let mut file = access.options().write(true).create_new(true).open(&path)?;
        let staged = Staged { path: Some(path) };
        file.write_all(bytes)?;
        Ok(staged)
    }
}

impl Staged {
    /// Gives the file its name; makes the directories on the way if they are missing.
    pub(crate) fn publish(mut self, to: &Path) -> io::Result<()> {
        let Some(from) = &self.path else {
            return Ok(());
        };
        match fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(parent) = to.parent() {
                    fs::create_dir_all(parent)?;
                }
                fs::rename(from, to)?;
            }
            other => other?,
        }
        self.path = None;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // What cannot be removed now is removed when the next run begins.
            let _ = fs::remove_file(path);
        }
    }
}

/// Writes a small file whole: temporary name in the same directory, brought to the disk by `sync`,
/// then renamed, so that what has the name is one whole content or the other also after a crash.
pub(crate) fn write_whole(
    path: &Path,
    bytes: &[u8],
    access: Access,
    sync: impl FnOnce(&File) -> io::Result<()>,
) -> io::Result<()> {
    let draft = path.with_extension("tmp");
    let written = access
        .options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&draft)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| sync(&file)))
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Writes a file that is not there yet; one that is stays as it is, also if it appears meanwhile.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if there is one; what could not be written whole is removed.
pub(crate) fn write_new(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let mut file = access.options().write(true).create_new(true).open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Its owner: mode 0600 where there are modes.
    Owner,
    /// As the user's settings say.
    Usual,
}

impl Access {
    /// Options that make a file with this access.
    pub(crate) fn options(self) -> OpenOptions {
        #[cfg_attr(not(unix), expect(unused_mut))]
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        if self == Self::Owner {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_absent() {
        let dir = tempfile::tempdir().unwrap();
        let staging = Staging::open(dir.path().join("tmp")).unwrap();
        let target = dir.path().join("a/b/c.dcm");
        let staged = staging.write(b"whole", Access::Usual).unwrap();
        assert!(!target.exists());
        staged.publish(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        drop(staging.write(b"forgotten", Access::Usual).unwrap());
        assert_eq!(fs::read_dir(dir.path().join("tmp")).unwrap().count(), 0);
    }

    #[test]
    fn what_a_kill_left_is_removed_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("tmp");
        std::mem::forget(
            Staging::open(place.clone())
                .unwrap()
                .write(b"half", Access::Usual)
                .unwrap(),
        );
        assert_eq!(fs::read_dir(&place).unwrap().count(), 1);
        Staging::open(place.clone()).unwrap();
        assert_eq!(fs::read_dir(&place).unwrap().count(), 0);
    }
}
