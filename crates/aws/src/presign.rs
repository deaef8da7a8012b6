//! Uploads that others carry out: signed requests, and putting parts together.

use std::time::Duration;

use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use obscura_storage::{Completed, ObjectKey, Part, Signed, StoreError, Terms, Uploads};

use crate::Aws;
use crate::failure::{code, failed, of_code};
use crate::objects::{base64, under_key, whole_checksum};

impl Uploads for Aws {
    fn sign_put(
        &self,
        key: &ObjectKey,
        terms: &Terms,
        valid: Duration,
    ) -> Result<Signed, StoreError> {
        let operation = "sign upload";
        let bucket = self.bucket(operation, key.bucket())?;
        let request = self
            .inner
            .s3
            .put_object()
            .bucket(&bucket.name)
            .key(key.to_string())
            .content_type(&terms.content_type)
            .content_length(i64::try_from(terms.bytes).unwrap_or(i64::MAX))
            .checksum_sha256(base64(&terms.sha256))
            .if_none_match("*");
        let request = under_key!(request, bucket).presigned(valid_for(operation, valid)?);
        self.wait(request)
            .map(|request| signed(&request))
            .map_err(failed(operation))
    }

    fn begin(&self, key: &ObjectKey, content_type: &str) -> Result<String, StoreError> {
        let operation = "begin upload";
        let bucket = self.bucket(operation, key.bucket())?;
        let request = self
            .inner
            .s3
            .create_multipart_upload()
            .bucket(&bucket.name)
            .key(key.to_string())
            .content_type(content_type)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .bucket_key_enabled(true);
        let request = under_key!(request, bucket);
        let answer = self.wait(request.send()).map_err(failed(operation))?;
        let id = answer.upload_id().map(ToOwned::to_owned);
        id.ok_or_else(|| of_code(operation, "no upload id".to_owned()))
    }

    fn sign_part(
        &self,
        key: &ObjectKey,
        upload: &str,
        number: u32,
        part: &Part,
        valid: Duration,
    ) -> Result<Signed, StoreError> {
        let operation = "sign part";
        let request = self
            .inner
            .s3
            .upload_part()
            .bucket(&self.bucket(operation, key.bucket())?.name)
            .key(key.to_string())
            .upload_id(upload)
            .part_number(i32::try_from(number).unwrap_or(i32::MAX))
            .content_length(i64::try_from(part.bytes).unwrap_or(i64::MAX))
            .checksum_sha256(base64(&part.sha256))
            .presigned(valid_for(operation, valid)?);
        self.wait(request)
            .map(|request| signed(&request))
            .map_err(failed(operation))
    }

    fn complete(
        &self,
        key: &ObjectKey,
        upload: &str,
        parts: &[Part],
    ) -> Result<Completed, StoreError> {
        let operation = "complete upload";
        let Some(there) = self.parts(key, upload)? else {
            return Ok(Completed::Gone);
        };
        let announced = there.len() == parts.len()
            && there
                .iter()
                .zip(parts)
                .all(|(there, part)| there.0 == *part);
        if !announced {
            return Ok(Completed::Waiting);
        }
        let completed = there.into_iter().map(|(_, completed)| completed).collect();
        let request = self
            .inner
            .s3
            .complete_multipart_upload()
            .bucket(&self.bucket(operation, key.bucket())?.name)
            .key(key.to_string())
            .upload_id(upload)
            .if_none_match("*")
            .multipart_upload(
                CompletedMultipartUpload::builder()
                    .set_parts(Some(completed))
                    .build(),
            );
        match self.wait(request.send()) {
            Ok(_) => Ok(Completed::Done),
            Err(error) => match code(&error) {
                code if code == "NoSuchUpload" => Ok(Completed::Gone),
                // The object is there already; the sweep ends the upload.
                code if code == "PreconditionFailed" => Ok(Completed::Done),
                code => Err(of_code(operation, code)),
            },
        }
    }
}

impl Aws {
    /// The parts that are there, as S3 checked them when they came; `None` if there is no upload.
    fn parts(
        &self,
        key: &ObjectKey,
        upload: &str,
    ) -> Result<Option<Vec<(Part, CompletedPart)>>, StoreError> {
        let operation = "list parts";
        let bucket = &self.bucket(operation, key.bucket())?.name;
        let (mut parts, mut marker) = (Vec::new(), None);
        loop {
            let request = self
                .inner
                .s3
                .list_parts()
                .bucket(bucket)
                .key(key.to_string())
                .upload_id(upload)
                .set_part_number_marker(marker);
            let answer = match self.wait(request.send()) {
                Ok(answer) => answer,
                Err(error) if code(&error) == "NoSuchUpload" => return Ok(None),
                Err(error) => return Err(failed(operation)(error)),
            };
            for one in answer.parts() {
                let Some(sha256) = whole_checksum(one.checksum_sha256()) else {
                    continue;
                };
                let part = Part {
                    bytes: one.size().unwrap_or(0).max(0) as u64,
                    sha256,
                };
                let completed = CompletedPart::builder()
                    .set_e_tag(one.e_tag().map(ToOwned::to_owned))
                    .set_part_number(one.part_number())
                    .set_checksum_sha256(one.checksum_sha256().map(ToOwned::to_owned));
                parts.push((part, completed.build()));
            }
            if answer.is_truncated() != Some(true) {
                return Ok(Some(parts));
            }
            marker = answer.next_part_number_marker().map(ToOwned::to_owned);
        }
    }
}

fn valid_for(operation: &'static str, valid: Duration) -> Result<PresigningConfig, StoreError> {
    PresigningConfig::expires_in(valid)
        .map_err(|_| of_code(operation, "the time is longer than a week".to_owned()))
}

fn signed(request: &PresignedRequest) -> Signed {
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Signed {
        method: request.method().to_owned(),
        url: request.uri().to_owned(),
        headers: request.headers().map(own).collect(),
    }
}
