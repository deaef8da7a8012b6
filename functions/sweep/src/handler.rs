//! From the schedule to the use case, and from its result to logs and metrics.

use std::time::Duration;

use lambda_runtime::Error;
use obscura_aws::SystemClock;
use obscura_lambda_kit::{Context, Level, Line, Metrics, Unit};
use obscura_pipeline::flow::Sweeper;
use obscura_storage::{Bucket, Clock};
use serde_json::{Value, json};

/// What was built at the start.
pub(crate) struct App {
    pub(crate) sweeper: Sweeper,
    pub(crate) metrics: Metrics,
}

impl App {
    /// One run.
    pub(crate) fn handle(&self, context: &Context) -> Result<Value, Error> {
        let swept = self.sweeper.run()?;
        let removed: u64 = swept.removed.values().sum();
        let now = SystemClock.now();
        let values = [("ObjectsSwept", Unit::Count, removed + swept.uploads)];
        self.metrics.put(now, &values);
        for bucket in [Bucket::Intake, Bucket::Clean, Bucket::Quarantine] {
            // An empty bucket has no oldest object; 0 says that the sweep looked.
            let oldest = swept.oldest.get(&bucket).map_or(0, Duration::as_secs);
            let values = [("OldestObjectSeconds", Unit::Seconds, oldest)];
            let by = ("Bucket", bucket.name());
            self.metrics.put_by(now, by, &values);
        }
        let line = Line::new()
            .number("versions", removed)
            .number("uploads", swept.uploads)
            .number("expired_files", swept.expired);
        context.log.say(Level::Info, "swept", line);
        if swept.more {
            let said = "there is more to sweep than one run removes";
            context.log.say(Level::Warn, said, Line::new());
        }
        Ok(json!({"removed": removed, "expired": swept.expired, "more": swept.more}))
    }
}
