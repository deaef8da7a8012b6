//! Versions, delete markers and unfinished uploads on S3.
//!
//! Whoever may write into a bucket may name objects by characters that XML has not. Keys are therefore
//! listed encoded as in a URL, and such an object is removed by a request of its own, whose address has the
//! key: in the list of many it would make all of it unreadable, and nothing be swept any more.

use aws_sdk_s3::types::{Delete, EncodingType, ObjectIdentifier};
use obscura_core::Phi;
use obscura_storage::{Bucket, Cursor, Page, PendingUpload, StoreError, Version, VersionKind};

use crate::Aws;
use crate::failure::{failed, of_code};
use crate::objects::moment;

/// What one call of `DeleteObjects` takes.
const AT_ONCE: usize = 1000;

/// One page of versions and markers.
pub(crate) fn page(
    aws: &Aws,
    bucket: Bucket,
    prefix: &str,
    after: Option<&Cursor>,
) -> Result<Page, StoreError> {
    let operation = "list versions";
    let request = aws
        .inner
        .s3
        .list_object_versions()
        .bucket(&aws.bucket(operation, bucket)?.name)
        .prefix(prefix)
        .encoding_type(EncodingType::Url)
        .set_key_marker(after.map(|cursor| cursor.key.expose().clone()))
        .set_version_id_marker(after.and_then(|cursor| cursor.version.clone()));
    let answer = aws.wait(request.send()).map_err(failed(operation))?;
    let encoded = answer.encoding_type() == Some(&EncodingType::Url);
    let key = |key: Option<&str>| Phi::new(decoded(key.unwrap_or_default(), encoded));
    let objects = answer.versions().iter().map(|one| Version {
        key: key(one.key()),
        id: one.version_id().unwrap_or("null").to_owned(),
        kind: VersionKind::Object,
        modified: moment(one.last_modified()),
        bytes: one.size().unwrap_or(0).max(0) as u64,
    });
    let markers = answer.delete_markers().iter().map(|one| Version {
        key: key(one.key()),
        id: one.version_id().unwrap_or("null").to_owned(),
        kind: VersionKind::Marker,
        modified: moment(one.last_modified()),
        bytes: 0,
    });
    let mut versions: Vec<Version> = objects.chain(markers).collect();
    versions.sort_by(|a, b| a.key.cmp(&b.key));
    let more = answer.is_truncated() == Some(true);
    let next = answer
        .next_key_marker()
        .filter(|_| more)
        .map(|next| Cursor {
            key: key(Some(next)),
            version: answer.next_version_id_marker().map(ToOwned::to_owned),
        });
    Ok(Page { versions, next })
}

/// Removes versions for ever.
pub(crate) fn remove(aws: &Aws, bucket: Bucket, found: &[Version]) -> Result<(), StoreError> {
    let operation = "remove versions";
    let name = &aws.bucket(operation, bucket)?.name;
    let (plain, odd): (Vec<&Version>, Vec<&Version>) = found
        .iter()
        .partition(|version| version.key.expose().chars().all(in_xml));
    for version in odd {
        let request = aws
            .inner
            .s3
            .delete_object()
            .bucket(name)
            .key(version.key.expose())
            .version_id(&version.id);
        match aws.wait(request.send()).map_err(failed(operation)) {
            Ok(_) | Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    for some in plain.chunks(AT_ONCE) {
        let objects = some.iter().filter_map(|version| {
            let object = ObjectIdentifier::builder().key(version.key.expose());
            object.version_id(&version.id).build().ok()
        });
        let delete = Delete::builder()
            .set_objects(Some(objects.collect()))
            .quiet(true);
        let delete = delete.build().map_err(|_| StoreError::Unavailable {
            operation,
            code: "request could not be made".to_owned(),
        })?;
        let request = aws.inner.s3.delete_objects().bucket(name).delete(delete);
        let answer = aws.wait(request.send()).map_err(failed(operation))?;
        let gone = |code: &str| matches!(code, "NoSuchKey" | "NoSuchVersion");
        let errors = answer.errors().iter().filter_map(|error| error.code());
        if let Some(code) = errors.filter(|code| !gone(code)).map(str::to_owned).next() {
            return Err(of_code(operation, code));
        }
    }
    Ok(())
}

/// Unfinished uploads.
pub(crate) fn pending(
    aws: &Aws,
    bucket: Bucket,
    prefix: &str,
) -> Result<Vec<PendingUpload>, StoreError> {
    let operation = "list uploads";
    let name = &aws.bucket(operation, bucket)?.name;
    let (mut found, mut key, mut id) = (Vec::new(), None, None);
    loop {
        let request = aws
            .inner
            .s3
            .list_multipart_uploads()
            .bucket(name)
            .prefix(prefix)
            .encoding_type(EncodingType::Url)
            .set_key_marker(key)
            .set_upload_id_marker(id);
        let answer = aws.wait(request.send()).map_err(failed(operation))?;
        let encoded = answer.encoding_type() == Some(&EncodingType::Url);
        found.extend(answer.uploads().iter().map(|one| PendingUpload {
            key: Phi::new(decoded(one.key().unwrap_or_default(), encoded)),
            id: one.upload_id().unwrap_or_default().to_owned(),
            begun: moment(one.initiated()),
        }));
        if answer.is_truncated() != Some(true) {
            return Ok(found);
        }
        key = answer.next_key_marker().map(|key| decoded(key, encoded));
        id = answer.next_upload_id_marker().map(ToOwned::to_owned);
    }
}

/// Whether XML 1.0 has this character, and keeps it as it is.
const fn in_xml(c: char) -> bool {
    matches!(c, ' '..='\u{7E}' | '\u{A0}'..='\u{2027}' | '\u{202A}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A key of an answer as it is in the bucket; in the answer it is encoded as in a form. What is not so
/// encoded stays as it is: it names no object, and asking for it finds none.
fn decoded(key: &str, encoded: bool) -> String {
    if !encoded {
        return key.to_owned();
    }
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let Some((high, low)) = digit(high).zip(digit(low)) else {
                    return key.to_owned();
                };
                bytes.push((high * 16 + low) as u8);
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_lists_are_read_as_s3_encodes_them() {
        for (listed, key) in [
            ("intake/main/0a/1b", "intake/main/0a/1b"),
            ("a+b%2Bc/%C3%BC%01%0D%25", "a b+c/ü\u{1}\r%"),
            ("100%", "100%"),
            ("%zz", "%zz"),
        ] {
            assert_eq!(decoded(listed, true), key);
        }
        assert_eq!(decoded("a+b%20", false), "a+b%20");
    }

    #[test]
    fn what_xml_does_not_keep_is_known() {
        assert!("Doe^Jane/ü 世 &<>.dcm".chars().all(in_xml));
        for c in [
            '\0', '\u{1}', '\t', '\r', '\n', '\u{7F}', '\u{85}', '\u{2028}', '\u{FFFE}',
        ] {
            assert!(!in_xml(c), "{c:?}");
        }
    }
}
