//! From the messages of the queue to the use case, and from its result to logs and metrics.

use lambda_runtime::Error;
use obscura_aws::SystemClock;
use obscura_lambda_kit::{
    Again, Context, Level, Line, Message, Metrics, Refusal, Unit, batch, notices,
};
use obscura_pipeline::flow::{Analysed, Analyser};
use obscura_storage::{Bucket, Clock, JobRef, ObjectKey};
use serde_json::Value;

/// What was built at the start.
pub(crate) struct App {
    pub(crate) analyser: Analyser,
    /// The clean bucket's name.
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
            let Ok(ObjectKey::Release(group, job, file)) =
                ObjectKey::parse(Bucket::Clean, &notice.key)
            else {
                let said = "a notice is of no release and goes to the dead letters";
                return Err(Refusal::useless(said));
            };
            let found = self.analyser.handle(&group, job, file);
            let job = JobRef { group, job };
            let line = Line::new().job(Some(&job)).file(Some(file));
            let found = found.map_err(|error| {
                let said = [
                    "a release is tried again",
                    "a release goes to the dead letters",
                ];
                Refusal::of(&error, error.retry(), said, line.clone(), &self.metrics)
            })?;
            self.tell(
                &found,
                line.number("deliveries", message.deliveries),
                context,
            );
            Ok(())
        })
    }

    fn tell(&self, found: &Analysed, line: Line, context: &Context) {
        let log = &context.log;
        match found {
            Analysed::Holds(_) => log.say(Level::Info, "a release holds", line),
            Analysed::Refused(reason) => {
                let line = line.reason(*reason);
                log.say(Level::Error, "a release does not hold", line);
                let one = [("FilesQuarantined", Unit::Count, 1)];
                let by = ("Reason", reason.code());
                self.metrics.put_by(SystemClock.now(), by, &one);
            }
            Analysed::Repeated => {
                log.say(Level::Info, "a release was looked at before", line);
                return;
            }
            Analysed::Gone => {
                log.say(Level::Info, "a release is gone", line);
                return;
            }
        }
        let values = [("AnalysesClosed", Unit::Count, 1)];
        self.metrics.put(SystemClock.now(), &values);
    }
}
