//! [`Faults`]: which calls fail, and how; and what somebody else does between two calls.

use std::fmt;
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
    meanwhile: Option<Meanwhile>,
}

/// What happens before a call.
struct Meanwhile(u64, Box<dyn FnOnce() + Send>);

impl fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Meanwhile({})", self.0)
    }
}

impl Faults {
    /// The call with this number, counted from 1 on from now, fails.
    pub fn plan(&self, call: u64, fault: Fault) {
        *self.lock() = Plan {
            at: Some((call, fault)),
            ..Plan::default()
        };
    }

    /// Before the call with this number, counted from 1 on from now, this happens.
    pub fn meanwhile(&self, call: u64, what: impl FnOnce() + Send + 'static) {
        *self.lock() = Plan {
            meanwhile: Some(Meanwhile(call, Box::new(what))),
            ..Plan::default()
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
        let meanwhile = {
            let mut plan = self.lock();
            plan.calls += 1;
            let calls = plan.calls;
            plan.meanwhile.take_if(|Meanwhile(call, _)| *call == calls)
        };
        if let Some(Meanwhile(_, what)) = meanwhile {
            what();
        }
        let fault = {
            let mut plan = self.lock();
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
