//! From the messages of the queue to the use case, and from its result to logs and metrics.

use lambda_runtime::Error;
use obscura_aws::SystemClock;
use obscura_lambda_kit::{Context, Level, Line, Message, Metrics, Notice, Unit, batch};
use obscura_pipeline::flow::{Analysed, Analyser};
use obscura_storage::{Bucket, Clock, JobRef, ObjectKey, Retry};
use serde_json::Value;

/// What was built at the start.
pub(crate) struct App {
    pub(crate) analyser: Analyser,
    /// The clean bucket's name.
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
            let key = ObjectKey::parse(Bucket::Clean, &notice.key).ok();
            let own = notice.bucket == self.bucket;
            let Some(ObjectKey::Release(group, job, file)) = key.filter(|_| own) else {
                let said = "a notice is of no release and goes to the dead letters";
                context.log.say(Level::Error, said, again());
                result = Err(Again);
                continue;
            };
            let found = self.analyser.handle(&group, job, file);
            let job = JobRef { group, job };
            let line = again().job(Some(&job)).file(Some(file));
            match found {
                Ok(found) => self.tell(&found, line, context),
                Err(error) => {
                    let (level, said) = match error.retry() {
                        Retry::Worthwhile => (Level::Warn, "a release is tried again"),
                        Retry::Useless => (Level::Error, "a release goes to the dead letters"),
                    };
                    context.log.say(level, said, line.error(&error));
                    let values = [("FilesRetried", Unit::Count, 1)];
                    self.metrics.put(SystemClock.now(), &values);
                    result = Err(Again);
                }
            }
        }
        result
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
            Analysed::Gone => {
                log.say(Level::Info, "a release is gone", line);
                return;
            }
        }
        let values = [("AnalysesClosed", Unit::Count, 1)];
        self.metrics.put(SystemClock.now(), &values);
    }
}
