//! A run: inputs flow from the walk through the workers to the one thread that commits.
//!
//! ```text
//! walk ──► bounded queue ──► workers (read, process, stage) ──► commit, in the order of the walk
//! ```
//!
//! The commit names files, writes the manifest and decides between objects that share a SOP
//! Instance UID. It sees the inputs in the order of the walk whatever the number of workers, so
//! that the same inputs give the same output and the manifest is always the record of a prefix.
//! Nothing but finished files and a bounded window of records waits for it.
//!
//! With one job the three take turns on one thread instead: handing small files from thread to
//! thread costs more than the waiting it saves, and one job then means one core.

mod budget;
mod commit;
mod summary;
#[cfg(test)]
mod tests;
mod work;

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};
use obscura_core::Limits;

use crate::engine::Engine;
use crate::output::OutputError;
use crate::output::manifest::Fingerprint;
use crate::output::manifest::former;
use crate::output::manifest::former::Former;
use crate::output::map::ExportedMap;
use crate::output::state::OutDir;
use crate::progress::Progress;
use crate::sources::{Input, Walk};
use budget::Budget;
use commit::Committer;
pub(crate) use summary::{Ended, Summary};
use work::{Done, Worker};

/// Everything a run needs.
pub(crate) struct Run<'a> {
    /// The inputs.
    pub(crate) walk: &'a Walk,
    /// De-identifies one object.
    pub(crate) engine: &'a dyn Engine,
    /// Where the result goes.
    pub(crate) out: &'a OutDir,
    /// Originals and pseudonyms, if they are exported.
    pub(crate) map: Option<ExportedMap>,
    /// Contents about which a person has decided: if they were quarantined for the text in their
    /// pictures, they are tried again.
    pub(crate) decided: HashSet<Fingerprint>,
    /// Worker threads, at least 1.
    pub(crate) jobs: usize,
    /// Bytes of input that may be in memory at once; a larger file is worked on alone.
    pub(crate) memory: u64,
    /// Bounds on one input.
    pub(crate) limits: Limits,
    /// Set from outside to end the run early.
    pub(crate) stop: &'a AtomicBool,
    /// Told of every input.
    pub(crate) progress: &'a Progress,
}

/// Inputs that may be under way at once, from the walk to the commit.
const WINDOW: usize = 4096;

/// Inputs, and records of finished ones, that may wait in a queue: names, not content.
const QUEUE: usize = 64;
/// Stack of a worker: decoders of pictures keep large tables there.
const STACK_BYTES: usize = 8 << 20;

impl Run<'_> {
    /// Runs to the end of the inputs, to a request to stop, or to a failure to write.
    pub(crate) fn run(self) -> Result<Summary, OutputError> {
        let began = Instant::now();
        let mut former = former::load(&self.out.path, self.out.trust)?;
        former.reconsider(&self.decided);
        let failed = AtomicBool::new(false);
        let mut committer = Committer::new(self.out, &former, self.map, self.progress)?;
        let flow = Flow {
            walk: self.walk,
            engine: self.engine,
            out: self.out,
            former: &former,
            budget: Budget::new(self.memory),
            limits: self.limits,
            stop: self.stop,
            failed: &failed,
        };
        flow.run(self.jobs.max(1), &mut committer)
            .map_err(|source| OutputError::Threads { source })?;
        let interrupted = self.stop.load(Ordering::Relaxed);
        let mut summary = committer.finish()?;
        self.out.ended()?;
        summary.ended = if interrupted {
            Ended::Interrupted
        } else {
            Ended::Complete
        };
        summary.elapsed = began.elapsed();
        Ok(summary)
    }
}

/// What the threads of a run share.
struct Flow<'a> {
    walk: &'a Walk,
    engine: &'a dyn Engine,
    out: &'a OutDir,
    former: &'a Former,
    budget: Budget,
    limits: Limits,
    stop: &'a AtomicBool,
    failed: &'a AtomicBool,
}

impl Flow<'_> {
    fn run(&self, jobs: usize, committer: &mut Committer<'_>) -> std::io::Result<()> {
        if jobs == 1 {
            return self.run_in_turn(committer);
        }
        let (to_workers, inputs) = bounded::<(u64, Input)>(jobs + QUEUE);
        let (to_commit, done) = bounded::<(u64, Done)>(jobs + QUEUE);
        let (enter, leave) = bounded::<()>(WINDOW);
        std::thread::scope(|scope| {
            let mut started = Ok(());
            for number in 0..jobs {
                let (inputs, to_commit) = (inputs.clone(), to_commit.clone());
                let worker = thread::Builder::new()
                    .stack_size(STACK_BYTES)
                    .spawn_scoped(scope, move || self.work(&inputs, &to_commit));
                match worker {
                    Ok(_) => {}
                    Err(error) if number == 0 => started = Err(error),
                    Err(_) => {
                        tracing::warn!(workers = number, "the system starts no more threads");
                        break;
                    }
                }
            }
            drop((inputs, to_commit));
            if started.is_ok() {
                scope.spawn(move || self.feed(&to_workers, &enter));
                self.commit(&done, &leave, committer);
            }
            started
        })
    }

    /// Walk, work and commit by turns on one thread, which has the stack of a worker.
    fn run_in_turn(&self, committer: &mut Committer<'_>) -> std::io::Result<()> {
        thread::scope(|scope| {
            let turns = move || {
                let mut worker = self.worker();
                self.walk.run(&mut |input| {
                    if self.is_over() {
                        return ControlFlow::Break(());
                    }
                    let flow = committer.commit(self.work_on(&mut worker, &input));
                    if flow.is_break() {
                        self.failed.store(true, Ordering::Relaxed);
                    }
                    flow
                });
            };
            let builder = thread::Builder::new().stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, turns).map(drop)
        })
    }

    /// Someone asked the run to end, or it cannot go on.
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed)
    }

    fn feed(&self, to_workers: &Sender<(u64, Input)>, enter: &Sender<()>) {
        let mut number = 0;
        self.walk.run(&mut |input| {
            let open = !self.is_over()
                && enter.send(()).is_ok()
                && to_workers.send((number, input)).is_ok();
            number += 1;
            if open {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
    }

    fn worker(&self) -> Worker<'_> {
        Worker::new(
            self.engine,
            self.out,
            self.former,
            &self.budget,
            self.limits,
        )
    }

    fn work(&self, inputs: &Receiver<(u64, Input)>, to_commit: &Sender<(u64, Done)>) {
        let mut worker = self.worker();
        for (number, input) in inputs {
            let done = self.work_on(&mut worker, &input);
            if to_commit.send((number, done)).is_err() {
                return;
            }
        }
    }

    fn work_on(&self, worker: &mut Worker<'_>, input: &Input) -> Done {
        if self.is_over() {
            return Done::Abandoned;
        }
        // An input must come out on the other side whatever happens to it.
        let done = catch_unwind(AssertUnwindSafe(|| worker.work(input)))
            .unwrap_or_else(|_| work::defect(input));
        if matches!(done, Done::Failed(..)) {
            self.failed.store(true, Ordering::Relaxed);
        }
        done
    }

    /// Puts what the workers finish back into order. After a failure or an abandoned input the
    /// rest is let go: it is not in the manifest, so the next run does it.
    fn commit(
        &self,
        done: &Receiver<(u64, Done)>,
        leave: &Receiver<()>,
        committer: &mut Committer<'_>,
    ) {
        let mut early = std::collections::BTreeMap::new();
        let mut next = 0;
        for (number, done) in done {
            early.insert(number, done);
            while let Some(done) = early.remove(&next) {
                next += 1;
                // The token was put in before the input was sent, so one is always there.
                let _ = leave.recv();
                if committer.commit(done).is_break() {
                    self.failed.store(true, Ordering::Relaxed);
                }
            }
        }
    }
}
