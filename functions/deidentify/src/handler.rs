//! From the messages of the queue to the use case, and from its result to logs and metrics.

use lambda_runtime::Error;
use obscura_aws::SystemClock;
use obscura_core::Reason;
use obscura_lambda_kit::{
    Again, Context, Level, Line, Message, Metrics, Refusal, Unit, batch, notices,
};
use obscura_pipeline::flow::{Arrived, Ended, Handled, Intake};
use obscura_storage::{Clock, JobRef};
use serde_json::Value;

/// What was built at the start.
pub(crate) struct App {
    pub(crate) intake: Intake,
    /// The intake bucket's name: notices of others are not for this function.
    pub(crate) bucket: String,
    pub(crate) metrics: Metrics,
}

impl App {
    /// Works on a batch.
    pub(crate) fn handle(&self, event: Value, context: &Context) -> Result<Value, Error> {
        Ok(batch(event, |message| self.message(message, context))?)
    }

    fn message(&self, message: &Message, context: &Context) -> Result<(), Again> {
        notices(message, &self.bucket, context, |notice| {
            let arrived = Arrived::new(&notice.key, &notice.version);
            let handled = self.intake.handle(&arrived).map_err(|error| {
                let mut line = Line::new();
                if let Arrived::Ours(group, job, file) = &arrived {
                    let (group, job) = (group.clone(), *job);
                    line = line.job(Some(&JobRef { group, job })).file(Some(*file));
                }
                let said = ["a file is tried again", "a file goes to the dead letters"];
                Refusal::of(&error, error.retry(), said, line, &self.metrics)
            })?;
            self.tell(&handled, context);
            Ok(())
        })
    }

    fn tell(&self, handled: &Handled, context: &Context) {
        let line = Line::new()
            .job(handled.job.as_ref())
            .file(handled.file)
            .number("size_bytes", handled.bytes_read)
            .number("duration_ms", handled.duration_ms);
        let work = [
            ("BytesRead", Unit::Bytes, handled.bytes_read),
            ("FileMilliseconds", Unit::Milliseconds, handled.duration_ms),
        ];
        match handled.ended {
            Ended::Released => {
                context.log.say(Level::Info, "a file was released", line);
                let [bytes, time] = work;
                // A quarantine sends these too: an alarm by their sum sees both.
                self.count(&[
                    ("FilesReleased", Unit::Count, 1),
                    ("FilesQuarantined", Unit::Count, 0),
                    ("ResidualHits", Unit::Count, 0),
                    bytes,
                    time,
                ]);
            }
            Ended::Quarantined(reason) => {
                let line = line.reason(reason);
                context.log.say(Level::Warn, "a file was set aside", line);
                let hit = u64::from(reason == Reason::ResidualIdentifier);
                let [bytes, time] = work;
                self.count(&[
                    ("FilesReleased", Unit::Count, 0),
                    ("FilesQuarantined", Unit::Count, 1),
                    ("ResidualHits", Unit::Count, hit),
                    bytes,
                    time,
                ]);
                let one = [("FilesQuarantined", Unit::Count, 1)];
                let by = ("Reason", reason.code());
                self.metrics.put_by(SystemClock.now(), by, &one);
            }
            Ended::Repeated => {
                context.log.say(Level::Info, "a file was done before", line);
            }
            Ended::Gone => {
                context.log.say(Level::Info, "a file is gone", line);
            }
        }
    }

    fn count(&self, values: &[(&'static str, Unit, u64)]) {
        self.metrics.put(SystemClock.now(), values);
    }
}
