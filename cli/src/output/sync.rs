//! Bringing an output to the disk: one sync at the end of a run, not one a file.

use std::fs::File;
use std::io;
use std::path::Path;

/// Syncs the file system of one file.
#[derive(Debug)]
pub(crate) struct Syncer {
    /// Opened before anything is written: a sync by it reports every failure to write since,
    /// those of the cache's own writing included (syncfs(2)).
    #[cfg_attr(not(target_os = "linux"), expect(dead_code))]
    handle: File,
}

impl Syncer {
    /// For the file system of `file`, which is there.
    pub(crate) fn of(file: &Path) -> io::Result<Self> {
        Ok(Self {
            handle: File::open(file)?,
        })
    }

    /// Brings everything that was written to the disk.
    ///
    /// # Errors
    /// Whatever the system could not write since the file was opened.
    pub(crate) fn finish(&self) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        rustix::fs::syncfs(&self.handle)?;
        #[cfg(all(unix, not(target_os = "linux")))]
        rustix::fs::sync();
        Ok(())
    }
}
