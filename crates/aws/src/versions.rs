//! Versions, delete markers and unfinished uploads on S3.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
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
        .set_key_marker(after.map(|cursor| cursor.key.expose().clone()))
        .set_version_id_marker(after.and_then(|cursor| cursor.version.clone()));
    let answer = aws.wait(request.send()).map_err(failed(operation))?;
    let objects = answer.versions().iter().map(|one| Version {
        key: Phi::new(one.key().unwrap_or_default().to_owned()),
        id: one.version_id().unwrap_or("null").to_owned(),
        kind: VersionKind::Object,
        modified: moment(one.last_modified()),
        bytes: one.size().unwrap_or(0).max(0) as u64,
    });
    let markers = answer.delete_markers().iter().map(|one| Version {
        key: Phi::new(one.key().unwrap_or_default().to_owned()),
        id: one.version_id().unwrap_or("null").to_owned(),
        kind: VersionKind::Marker,
        modified: moment(one.last_modified()),
        bytes: 0,
    });
    let mut versions: Vec<Version> = objects.chain(markers).collect();
    versions.sort_by(|a, b| a.key.cmp(&b.key));
    let more = answer.is_truncated() == Some(true);
    let next = answer.next_key_marker().filter(|_| more).map(|key| Cursor {
        key: Phi::new(key.to_owned()),
        version: answer.next_version_id_marker().map(ToOwned::to_owned),
    });
    Ok(Page { versions, next })
}

/// Removes versions for ever.
pub(crate) fn remove(aws: &Aws, bucket: Bucket, found: &[Version]) -> Result<(), StoreError> {
    let operation = "remove versions";
    let name = &aws.bucket(operation, bucket)?.name;
    for some in found.chunks(AT_ONCE) {
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
            .set_key_marker(key)
            .set_upload_id_marker(id);
        let answer = aws.wait(request.send()).map_err(failed(operation))?;
        found.extend(answer.uploads().iter().map(|one| PendingUpload {
            key: Phi::new(one.key().unwrap_or_default().to_owned()),
            id: one.upload_id().unwrap_or_default().to_owned(),
            begun: moment(one.initiated()),
        }));
        if answer.is_truncated() != Some(true) {
            return Ok(found);
        }
        key = answer.next_key_marker().map(ToOwned::to_owned);
        id = answer.next_upload_id_marker().map(ToOwned::to_owned);
    }
}
