//! Bringing an output to the disk: one sync at the end of a run, not one a file, and the disk is
//! not left idle until then.

use std::fs::File;
use std::io;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::sync::atomic::{AtomicU64, Ordering};

/// Syncs the file system of one file.
#[derive(Debug)]
pub(crate) struct Syncer {
    /// Opened before anything is written: a sync by it reports every failure to write since,
    /// those of the cache's own writing included (syncfs(2)).
    #[cfg_attr(not(target_os = "linux"), expect(dead_code))]
    handle: File,
    #[cfg(target_os = "linux")]
    ahead: Option<Ahead>,
}

impl Syncer {
    /// For the file system of `file`, which is there.
    pub(crate) fn of(file: &Path) -> io::Result<Self> {
        Ok(Self {
            handle: File::open(file)?,
            #[cfg(target_os = "linux")]
            ahead: Ahead::start(File::open(file)?),
        })
    }

    /// Says that a file of this many bytes was written: now and then the disk is set to work on
    /// what has gathered, so that the sync at the end finds little to do.
    pub(crate) fn written(&self, bytes: u64) {
        #[cfg(target_os = "linux")]
        if let Some(ahead) = &self.ahead {
            ahead.written(bytes);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = bytes;
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

/// A thread that syncs while the others work. It promises nothing, and what fails there is not
/// lost: it has a handle of its own, and each handle is told of every failure once.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Ahead {
    wake: crossbeam_channel::Sender<()>,
    /// Bytes since the thread was last woken.
    waiting: AtomicU64,
}

/// Bytes that gather before the disk is set to work.
#[cfg(target_os = "linux")]
const GATHERED_BYTES: u64 = 16 << 20;

/// What a file costs the disk beside its content: its name, its inode.
#[cfg(target_os = "linux")]
const FILE_BYTES: u64 = 8 << 10;

#[cfg(target_os = "linux")]
impl Ahead {
    /// `None` if the system starts no more threads: then all is left to the end.
    fn start(handle: File) -> Option<Self> {
        let (wake, woken) = crossbeam_channel::bounded(1);
        std::thread::Builder::new()
            .name("sync".to_owned())
            .spawn(move || {
                for () in woken {
                    let _ = rustix::fs::syncfs(&handle);
                }
            })
            .ok()?;
        Some(Self {
            wake,
            waiting: AtomicU64::new(0),
        })
    }

    fn written(&self, bytes: u64) {
        let bytes = bytes.saturating_add(FILE_BYTES);
        if self
            .waiting
            .fetch_add(bytes, Ordering::Relaxed)
            .saturating_add(bytes)
            >= GATHERED_BYTES
        {
            self.waiting.store(0, Ordering::Relaxed);
            // A thread that is still at it has been told already.
            let _ = self.wake.try_send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syncing_ahead_takes_no_part_in_what_the_end_reports() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, b"content").unwrap();
        let syncer = Syncer::of(&path).unwrap();
        for _ in 0..1000 {
            syncer.written(u64::MAX);
        }
        syncer.finish().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn small_files_gather_and_wake_the_thread_once_a_batch() {
        let (wake, woken) = crossbeam_channel::bounded(8);
        let ahead = Ahead {
            wake,
            waiting: AtomicU64::new(0),
        };
        let size = 8 << 10;
        let batch = GATHERED_BYTES / (size + FILE_BYTES);
        for _ in 0..2 * batch {
            ahead.written(size);
        }
        assert_eq!(woken.len(), 2);
    }
}
