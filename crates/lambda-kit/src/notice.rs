//! [`Notice`]: what S3 says of an object that was made, out of a message of a queue.
//!
//! A message can hold several records, or be the test that S3 sends when a notification is set up.
//! Keys come encoded as in a form: `+` for a space, `%` and two digits for bytes. The records are
//! read with the few fields that are used, so that a new field of S3 breaks nothing.

use serde::Deserialize;
use thiserror::Error;

/// An object that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// The bucket's name.
    pub bucket: String,
    /// The key, decoded. It may be foreign, and so hold anything.
    pub key: String,
    /// What tells this version of the object from others.
    pub version: String,
}

impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notice(****)")
    }
}

/// A message that is no notice of S3. Nothing of it is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a message that is no notice of S3")]
pub struct NoticeError;

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "Event")]
    event: Option<String>,
    #[serde(rename = "Records")]
    records: Option<Vec<Record>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: String,
    s3: Entity,
}

#[derive(Deserialize)]
struct Entity {
    bucket: Named,
    object: Object,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    key: String,
    version_id: Option<String>,
    #[serde(rename = "eTag")]
    e_tag: Option<String>,
    sequencer: Option<String>,
}

impl Notice {
    /// The objects that a message says were made; none for the test message of S3 and for other
    /// events than the making of objects.
    ///
    /// # Errors
    /// If the message is not of S3.
    pub fn read(body: &str) -> Result<Vec<Self>, NoticeError> {
        let message: Message = serde_json::from_str(body).map_err(|_| NoticeError)?;
        let Some(records) = message.records else {
            let test = message.event.as_deref() == Some("s3:TestEvent");
            return if test {
                Ok(Vec::new())
            } else {
                Err(NoticeError)
            };
        };
        let made = records
            .into_iter()
            .filter(|record| record.event_name.contains("ObjectCreated"));
        made.map(|record| {
            let object = record.s3.object;
            let version = [object.version_id, object.sequencer, object.e_tag];
            Ok(Self {
                bucket: record.s3.bucket.name,
                key: decoded(&object.key).ok_or(NoticeError)?,
                version: version.into_iter().flatten().next().ok_or(NoticeError)?,
            })
        })
        .collect()
    }
}

fn decoded(key: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: &str, event: &str) -> String {
        format!(
            r#"{{"eventVersion":"2.1","eventTime":"2026-11-24T22:00:00.000Z","eventName":"{event}",
            "s3":{{"bucket":{{"name":"b"}},"object":{{"key":"{key}","size":1,"versionId":"v1"}}}}}}"#
        )
    }

    #[test]
    fn several_records_encoded_keys_and_the_test_message_are_read() {
        let body = format!(
            r#"{{"Records":[{},{},{}]}}"#,
            record("a%2Fb+c/%C3%BC", "ObjectCreated:Put"),
            record("x", "ObjectCreated:CompleteMultipartUpload"),
            record("y", "ObjectRemoved:Delete"),
        );
        let keys: Vec<String> = Notice::read(&body)
            .unwrap()
            .into_iter()
            .map(|n| n.key)
            .collect();
        assert_eq!(keys, ["a/b c/ü", "x"]);
        let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}"#;
        assert_eq!(Notice::read(test), Ok(Vec::new()));
    }

    #[test]
    fn anything_else_is_refused_without_its_text() {
        let broken = format!(r#"{{"Records":[{}]}}"#, record("%zz", "ObjectCreated:Put"));
        for body in ["", "{}", "[]", "Doe^Jane", r#"{"Records":[{}]}"#, &broken] {
            assert_eq!(Notice::read(body), Err(NoticeError), "{body}");
        }
    }
}
