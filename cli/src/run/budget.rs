//! A bound on the bytes of input that are in memory at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that may be held; see [`Budget::take`].
#[derive(Debug)]
pub(super) struct Budget {
    total: u64,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug)]
struct State {
    held: u64,
    /// Threads that wait: telling nobody would cost a call of the system for every input.
    waiting: usize,
}

/// A part of the budget, given back when dropped.
#[derive(Debug)]
pub(super) struct Share<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    /// A budget of this many bytes.
    pub(super) const fn new(total: u64) -> Self {
        let state = State {
            held: 0,
            waiting: 0,
        };
        Self {
            total,
            state: Mutex::new(state),
            freed: Condvar::new(),
        }
    }

    /// Waits until `bytes` fit in; more than the whole budget fits in when nothing else is held.
    pub(super) fn take(&self, bytes: u64) -> Share<'_> {
        let mut state = self.lock();
        while state.held != 0 && state.held.saturating_add(bytes) > self.total {
            state.waiting += 1;
            state = self
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
        state.held = state.held.saturating_add(bytes);
        Share {
            budget: self,
            bytes,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.lock();
        state.held = state.held.saturating_sub(self.bytes);
        let someone_waits = state.waiting > 0;
        drop(state);
        if someone_waits {
            self.budget.freed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn what_is_held_stays_within_the_budget_and_a_giant_is_alone() {
        let budget = Budget::new(100);
        let (held, most) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for n in 0_u64..8 {
                let (budget, held, most) = (&budget, &held, &most);
                scope.spawn(move || {
                    for round in 0..50 {
                        let bytes = if (n + round) % 7 == 0 {
                            1000
                        } else {
                            10 + n * 5
                        };
                        let share = budget.take(bytes);
                        let now = held.fetch_add(bytes, Ordering::SeqCst) + bytes;
                        most.fetch_max(now, Ordering::SeqCst);
                        assert!(now <= 100 || now == 1000, "{now}");
                        held.fetch_sub(bytes, Ordering::SeqCst);
                        drop(share);
                    }
                });
            }
        });
        assert_eq!(most.load(Ordering::SeqCst), 1000);
    }
}
