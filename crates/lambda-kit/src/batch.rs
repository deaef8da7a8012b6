//! [`batch`]: the messages of a queue, one after the other, and which of them to deliver again;
//! [`notices`]: what S3 says in one of them, and what is said of those that fail.

use std::error::Error;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use obscura_aws::SystemClock;
use obscura_storage::{Clock, Retry};
use serde_json::Value;

use crate::log::{Level, Line};
use crate::metrics::{Metrics, Unit};
use crate::notice::Notice;
use crate::serve::Context;

/// A message of a queue.
#[derive(Debug)]
pub struct Message {
    /// Its body.
    pub body: String,
    /// How often it was delivered, this time included.
    pub deliveries: u64,
}

/// Handles each message of a batch. A message that fails is delivered again and, after too many
/// times, goes to the dead letters; the others are not.
///
/// # Errors
/// If the event is no batch of a queue, or names no message: all of it is delivered again.
pub fn batch<E>(
    event: Value,
    mut handle: impl FnMut(&Message) -> Result<(), E>,
) -> Result<Value, serde_json::Error> {
    let event: SqsEvent = serde_json::from_value(event)?;
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let deliveries = message.attributes.get("ApproximateReceiveCount");
        let one = Message {
            body: message.body.unwrap_or_default(),
            deliveries: deliveries.and_then(|n| n.parse().ok()).unwrap_or(1),
        };
        if handle(&one).is_err() {
            // An empty id would make the platform deliver all of them again, which is right for a
            // message that cannot be named.
            response.add_failure(message.message_id.unwrap_or_default());
        }
    }
    serde_json::to_value(response)
}

/// The message is to be delivered again. Why was logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Again;

/// Why a notice is not done with: a level, a fixed sentence and what goes with it.
#[derive(Debug, Clone)]
pub struct Refusal(Level, &'static str, Line);

impl Refusal {
    /// A notice that no delivery will make right.
    pub fn useless(said: &'static str) -> Self {
        Self(Level::Error, said, Line::new())
    }

    /// An error of the work on it: what is said if it is tried again, and if it is not. Counted as
    /// retried.
    pub fn of(
        error: &(dyn Error + 'static),
        retry: Retry,
        said: [&'static str; 2],
        line: Line,
        metrics: &Metrics,
    ) -> Self {
        metrics.put(SystemClock.now(), &[("FilesRetried", Unit::Count, 1)]);
        let [again, dead] = said;
        let line = line.error(error);
        match retry {
            Retry::Worthwhile => Self(Level::Warn, again, line),
            Retry::Useless => Self(Level::Error, dead, line),
        }
    }
}

/// Handles each notice of a message, all of them whatever becomes of one. Those of other buckets than
/// the function's own are refused here.
///
/// # Errors
/// If the message is no notice, or one of its notices is not done with.
pub fn notices(
    message: &Message,
    bucket: &str,
    context: &Context,
    mut handle: impl FnMut(&Notice) -> Result<(), Refusal>,
) -> Result<(), Again> {
    let refuse = |Refusal(level, said, line): Refusal| {
        let line = line.number("deliveries", message.deliveries);
        context.log.say(level, said, line);
        Err(Again)
    };
    let Ok(notices) = Notice::read(&message.body) else {
        let said = "a message is no notice of S3 and goes to the dead letters";
        return refuse(Refusal::useless(said));
    };
    let mut result = Ok(());
    for notice in notices {
        let handled = if notice.bucket == bucket {
            handle(&notice)
        } else {
            let said = "a notice is of another bucket and goes to the dead letters";
            Err(Refusal::useless(said))
        };
        if let Err(refusal) = handled {
            result = refuse(refusal);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::log::{Log, Out};
    use serde_json::json;

    #[test]
    fn only_what_failed_is_delivered_again() {
        let record = |id: &str| json!({"messageId": id, "body": id, "attributes": {"ApproximateReceiveCount": "3"}});
        let event = json!({"Records": [record("a"), record("b"), record("c")]});
        let response = batch(event, |message| {
            assert_eq!(message.deliveries, 3);
            if message.body == "b" { Err(()) } else { Ok(()) }
        });
        let expected = json!({"batchItemFailures": [{"itemIdentifier": "b"}]});
        assert_eq!(response.unwrap(), expected);
        assert!(batch(json!({"no": 1}), |_| Ok::<(), ()>(())).is_err());
    }
    #[test]
    fn all_notices_of_a_message_are_handled_and_those_of_others_refused() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let out = || Out::Memory(Arc::clone(&lines));
        let context = Context {
            log: Log::new(out(), Level::Info, "r1"),
        };
        let metrics = Metrics::new(out(), "hospital".to_owned(), "analyse");
        let record = |bucket: &str, key: &str| {
            json!({"eventName": "ObjectCreated:Put", "s3": {
                "bucket": {"name": bucket}, "object": {"key": key, "versionId": "v1"}}})
        };
        let records = [
            record("own", "Doe"),
            record("other", "b"),
            record("own", "c"),
        ];
        let message = Message {
            body: json!({"Records": records}).to_string(),
            deliveries: 2,
        };
        let mut handled = Vec::new();
        let result = notices(&message, "own", &context, |notice| {
            handled.push(notice.key.clone());
            if notice.key == "c" {
                return Ok(());
            }
            let (error, said) = (std::fmt::Error, ["tried again", "dead"]);
            Err(Refusal::of(
                &error,
                Retry::Worthwhile,
                said,
                Line::new(),
                &metrics,
            ))
        });
        assert_eq!(result, Err(Again));
        assert_eq!(handled, ["Doe", "c"]);
        let said = String::from_utf8(lines.lock().unwrap().clone()).unwrap();
        let said: Vec<Value> = said
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(said.len(), 3);
        assert_eq!(said[0]["FilesRetried"], 1);
        assert_eq!(said[1]["level"], "warn");
        assert_eq!(said[1]["deliveries"], 2);
        assert_eq!(said[2]["level"], "error");
        assert!(said.iter().all(|line| !line.to_string().contains("Doe")));
    }
}
