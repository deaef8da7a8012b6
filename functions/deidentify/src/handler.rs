//! From the messages of the queue to the use case, and from its result to logs and metrics.

use lambda_runtime::Error;
use obscura_aws::SystemClock;
use obscura_core::Reason;
use obscura_lambda_kit::{Context, Level, Line, Message, Metrics, Notice, Unit, batch};
use obscura_pipeline::flow::{Arrived, Ended, Handled, Intake};
use obscura_storage::{Clock, Retry};
use serde_json::Value;

/// What was built at the start.
pub(crate) struct App {
    pub(crate) intake: Intake,
    /// The intake bucket's name: notices of others are not for this function.
    pub(crate) bucket: String,
    pub(crate) metrics: Metrics,
}

/// The message is to be delivered again. Why was logged.
pub(crate) struct Again;

impl App {
    /// Works on a batch.
    pub(crate) fn handle(&self, event: Value, context: &Context) -> Result<Value, Error> {
        Ok(batch(event, |message| self.message(message, context))?)
    }

    fn message(&self, message: &Message, context: &Context) -> Result<(), Again> {
        let again = || Line::new().number("deliveries", message.deliveries);
        let Ok(notices) = Notice::read(&message.body) else {
            let said = "a message is no notice of S3 and goes to the dead letters";
            context.log.say(Level::Error, said, again());
            return Err(Again);
        };
        let mut result = Ok(());
        for notice in notices {
            if notice.bucket != self.bucket {
                let said = "a notice is of another bucket and goes to the dead letters";
                context.log.say(Level::Error, said, again());
                result = Err(Again);
                continue;
            }
            let arrived = Arrived::new(&notice.key, &notice.version);
            match self.intake.handle(&arrived) {
                Ok(handled) => self.tell(&handled, context),
                Err(error) => {
                    let (level, said) = match error.retry() {
                        Retry::Worthwhile => (Level::Warn, "a file is tried again"),
                        Retry::Useless => (Level::Error, "a file goes to the dead letters"),
                    };
                    let mut line = again().error(&error);
                    if let Arrived::Ours(group, job, file) = &arrived {
                        let (group, job) = (group.clone(), *job);
                        let job = obscura_storage::JobRef { group, job };
                        line = line.job(Some(&job)).file(Some(*file));
                    }
                    context.log.say(level, said, line);
                    self.count(&[("FilesRetried", Unit::Count, 1)]);
                    result = Err(Again);
                }
            }
        }
        result
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
