//! [`Faults`]: which calls fail, and how.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::StoreError;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Once, and nothing happened.
    OnceBefore,
    /// Once, after it took effect: the answer was lost.
    OnceAfter,
    /// For good, before it took effect: the process was killed or the network is down.
    DeadBefore,
    /// For good, after it took effect.
    DeadAfter,
}

/// A plan of faults, shared by all ports of one store.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Debug, Default)]
struct Plan {
    calls: u64,
    at: Option<(u64, Fault)>,
    dead: bool,
}

impl Faults {
    /// The call with this number, counted from 1 on from now, fails.
    pub fn plan(&self, call: u64, fault: Fault) {
        *self.lock() = Plan {
            calls: 0,
            at: Some((call, fault)),
            dead: false,
        };
    }

    /// Nothing fails any more; gives the number of calls since the plan was made.
    pub fn heal(&self) -> u64 {
        std::mem::take(&mut *self.lock()).calls
    }

    /// Carries out one call under the plan.
    pub(super) fn around<T>(
        &self,
        operation: &'static str,
        call: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let fault = {
            let mut plan = self.lock();
            plan.calls += 1;
            let now = plan.at.filter(|(call, _)| *call == plan.calls);
            if plan.dead {
                return Err(failed(operation));
            }
            let fault = now.map(|(_, fault)| fault);
            plan.dead = matches!(fault, Some(Fault::DeadBefore | Fault::DeadAfter));
            fault
        };
        match fault {
            Some(Fault::OnceBefore | Fault::DeadBefore) => Err(failed(operation)),
            Some(Fault::OnceAfter | Fault::DeadAfter) => {
                call()?;
                Err(failed(operation))
            }
            None => call(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(operation: &'static str) -> StoreError {
    StoreError::Unavailable {
        operation,
        code: "planned fault".to_owned(),
    }
}
