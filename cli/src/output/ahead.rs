//! [`Ahead`]: brings what was written to the disk while the run goes on, so that the one sync at
//! its end has little left to wait for.
//!
//! Nothing depends on it: a run is ended by the sync that comes after the last file. The thread
//! that runs here waits for the disk, and takes no time from the one that works.

use std::io;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::atomic::sync_file_system;

/// Bytes after which the disk is given something to do.
const STEP_BYTES: u64 = 4 << 20;

/// What the thread that writes and the one that syncs tell each other.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes written since the last sync began.
    waiting: u64,
    over: bool,
    error: Option<io::Error>,
}

/// Lets [`Ahead::run`] return, however the run ends.
pub(crate) struct EndOnDrop<'a>(pub(crate) &'a Ahead);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.state().over = true;
        self.0.changed.notify_all();
    }
}

impl Ahead {
    /// Says that a file of this size was written.
    pub(crate) fn wrote(&self, bytes: u64) {
        let mut state = self.state();
        state.waiting += bytes;
        if state.waiting >= STEP_BYTES {
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Syncs the file system of `directory` whenever much was written, until the run is over or a
    /// sync fails.
    pub(crate) fn run(&self, directory: &Path) {
        loop {
            let idle = |state: &mut State| !state.over && state.waiting < STEP_BYTES;
            let state = self.changed.wait_while(self.state(), idle);
            let mut state = state.unwrap_or_else(PoisonError::into_inner);
            if state.over {
                return;
            }
            state.waiting = 0;
            drop(state);
            if let Err(error) = sync_file_system(directory) {
                self.state().error = Some(error);
                return;
            }
        }
    }

    /// The error that a sync met. The system tells of a lost write once, and told it here.
    pub(crate) fn result(self) -> io::Result<()> {
        let state = self.state.into_inner();
        let error = state.unwrap_or_else(PoisonError::into_inner).error;
        error.map_or(Ok(()), Err)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_syncs_when_much_was_written_and_ends_with_the_run() {
        let dir = tempfile::tempdir().unwrap();
        let ahead = Ahead::default();
        std::thread::scope(|scope| {
            let end = EndOnDrop(&ahead);
            scope.spawn(|| ahead.run(dir.path()));
            ahead.wrote(1);
            ahead.wrote(STEP_BYTES);
            while ahead.state().waiting > 0 {
                std::thread::yield_now();
            }
            drop(end);
        });
        ahead.result().unwrap();
    }

    #[test]
    fn an_error_ends_it_and_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let ahead = Ahead::default();
        ahead.wrote(STEP_BYTES);
        ahead.run(&dir.path().join("gone"));
        assert!(ahead.result().is_err());
    }
}
