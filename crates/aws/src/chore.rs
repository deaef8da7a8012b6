//! The clock and the random source of the machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use obscura_core::Timestamp;
use obscura_storage::{Clock, Random, StoreError};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// The machine's source of random bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn bytes(&self) -> Result<[u8; 16], StoreError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|_| StoreError::Unavailable {
            operation: "random bytes",
            code: "the system gives none".to_owned(),
        })?;
        Ok(bytes)
    }
}
