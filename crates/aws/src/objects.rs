//! The buckets on S3.

use std::fmt::Write as _;

use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, ServerSideEncryption};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use obscura_core::{ContentHash, Timestamp};
use obscura_storage::{
    Bucket, Cursor, Encryption, Meta, ObjectKey, ObjectStore, Page, PendingUpload, Put, Source,
    StoreError, Version,
};

use crate::failure::{code, failed, of_code, unnamed};
use crate::settings::BucketSettings;
use crate::{Aws, versions};

/// Has a request put an object under its bucket's key, by its full ARN: the default of the bucket is
/// never relied on.
macro_rules! under_key {
    ($request:expr, $bucket:expr) => {
        $request
            .server_side_encryption(aws_sdk_s3::types::ServerSideEncryption::AwsKms)
            .ssekms_key_id(&$bucket.key_arn)
    };
}
pub(crate) use under_key;

impl Aws {
    pub(crate) fn bucket(
        &self,
        operation: &'static str,
        bucket: Bucket,
    ) -> Result<&BucketSettings, StoreError> {
        let found = self.inner.settings.buckets.get(&bucket);
        found.ok_or_else(|| unnamed(operation))
    }
}

impl ObjectStore for Aws {
    fn put(&self, key: &ObjectKey, body: &[u8]) -> Result<Put, StoreError> {
        let operation = "put";
        let bucket = self.bucket(operation, key.bucket())?;
        let request = self
            .inner
            .s3
            .put_object()
            .bucket(&bucket.name)
            .key(key.to_string())
            .content_type(key.content_type())
            .content_length(body.len() as i64)
            .checksum_sha256(base64(&ContentHash::of(body)))
            .bucket_key_enabled(true)
            .if_none_match("*")
            .body(ByteStream::from(body.to_vec()));
        match self.wait(under_key!(request, bucket).send()) {
            Ok(_) => Ok(Put::Written),
            Err(error) => match code(&error) {
                code if code == "PreconditionFailed" => Ok(Put::Exists),
                code => Err(of_code(operation, code)),
            },
        }
    }

    fn get(&self, key: &ObjectKey, limit: u64) -> Result<Vec<u8>, StoreError> {
        let operation = "get";
        let bucket = self.bucket(operation, key.bucket())?;
        let request = self
            .inner
            .s3
            .get_object()
            .bucket(&bucket.name)
            .key(key.to_string())
            .checksum_mode(ChecksumMode::Enabled);
        self.wait(async {
            let mut answer = request.send().await.map_err(failed(operation))?;
            let bytes = answer.content_length().unwrap_or(0).max(0) as u64;
            if bytes > limit {
                return Err(StoreError::TooLarge { bytes, limit });
            }
            let mut body = Vec::with_capacity(usize::try_from(bytes).unwrap_or(0));
            while let Some(chunk) = answer.body.next().await {
                let chunk = chunk.map_err(|_| StoreError::Unavailable {
                    operation,
                    code: "the body ended early".to_owned(),
                })?;
                body.extend_from_slice(&chunk);
                if body.len() as u64 > limit {
                    let bytes = body.len() as u64;
                    return Err(StoreError::TooLarge { bytes, limit });
                }
            }
            match whole_checksum(answer.checksum_sha256()) {
                Some(hash) if hash != ContentHash::of(&body) => {
                    Err(StoreError::Damaged { operation })
                }
                _ => Ok(body),
            }
        })
    }

    fn head(&self, key: &ObjectKey) -> Result<Option<Meta>, StoreError> {
        let operation = "head";
        let bucket = self.bucket(operation, key.bucket())?;
        let request = self
            .inner
            .s3
            .head_object()
            .bucket(&bucket.name)
            .key(key.to_string())
            .checksum_mode(ChecksumMode::Enabled);
        let answer = match self.wait(request.send()).map_err(failed(operation)) {
            Ok(answer) => answer,
            Err(StoreError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let by_kms = answer.server_side_encryption() == Some(&ServerSideEncryption::AwsKms);
        let own = answer.ssekms_key_id() == Some(bucket.key_arn.as_str());
        Ok(Some(Meta {
            bytes: answer.content_length().unwrap_or(0).max(0) as u64,
            sha256: whole_checksum(answer.checksum_sha256()),
            encryption: if by_kms && own {
                Encryption::OfBucket
            } else {
                Encryption::Other
            },
            modified: moment(answer.last_modified()),
        }))
    }

    fn copy(&self, from: Source<'_>, to: &ObjectKey) -> Result<(), StoreError> {
        let operation = "copy";
        let (bucket, key) = match from {
            Source::Ours(key) => (key.bucket(), key.to_string()),
            Source::Foreign(key) => (key.bucket, key.key.expose().clone()),
        };
        let source = self.bucket(operation, bucket)?;
        let target = self.bucket(operation, to.bucket())?;
        let request = self
            .inner
            .s3
            .copy_object()
            .copy_source(format!("{}/{}", source.name, in_url(&key)))
            .bucket(&target.name)
            .key(to.to_string())
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .bucket_key_enabled(true);
        let request = under_key!(request, target);
        self.wait(request.send()).map_err(failed(operation))?;
        Ok(())
    }

    fn versions(
        &self,
        bucket: Bucket,
        prefix: &str,
        after: Option<&Cursor>,
    ) -> Result<Page, StoreError> {
        versions::page(self, bucket, prefix, after)
    }

    fn remove(&self, bucket: Bucket, found: &[Version]) -> Result<(), StoreError> {
        versions::remove(self, bucket, found)
    }

    fn pending(&self, bucket: Bucket, prefix: &str) -> Result<Vec<PendingUpload>, StoreError> {
        versions::pending(self, bucket, prefix)
    }

    fn abort(&self, bucket: Bucket, upload: &PendingUpload) -> Result<(), StoreError> {
        let operation = "abort upload";
        let request = self
            .inner
            .s3
            .abort_multipart_upload()
            .bucket(&self.bucket(operation, bucket)?.name)
            .key(upload.key.expose())
            .upload_id(&upload.id);
        match self.wait(request.send()) {
            Err(error) if code(&error) != "NoSuchUpload" => Err(failed(operation)(error)),
            _ => Ok(()),
        }
    }
}

/// A checksum as S3 has it.
pub(crate) fn base64(hash: &ContentHash) -> String {
    STANDARD.encode(hash.as_bytes())
}

/// The checksum of a whole object; that of one which came in parts (`...-3`) is another thing.
pub(crate) fn whole_checksum(text: Option<&str>) -> Option<ContentHash> {
    let bytes = STANDARD.decode(text?).ok()?;
    Some(ContentHash::from_bytes(bytes.try_into().ok()?))
}

/// A moment of S3; one that is missing is as old as can be, so that nothing is kept for it.
pub(crate) fn moment(at: Option<&DateTime>) -> Timestamp {
    let millis = at.and_then(|at| at.to_millis().ok()).unwrap_or(0);
    Timestamp::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// A key as a part of a URL (RFC 3986 2.3).
fn in_url(key: &str) -> String {
    let mut url = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                url.push(char::from(byte));
            }
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_checksums_are_written_as_s3_reads_them() {
        assert_eq!(in_url("a/ü &~.dcm"), "a/%C3%BC%20%26~.dcm");
        let hash = ContentHash::of(b"x");
        assert_eq!(whole_checksum(Some(&base64(&hash))), Some(hash));
        assert_eq!(whole_checksum(Some(&format!("{}-3", base64(&hash)))), None);
    }
}
