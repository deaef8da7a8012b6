//! [`batch`]: the messages of a queue, one after the other, and which of them to deliver again.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use serde_json::Value;

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

#[cfg(test)]
mod tests {
    use super::*;
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
}
