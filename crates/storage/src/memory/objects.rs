//! The buckets in memory.

use obscura_core::{Phi, Timestamp};

use super::{Kept, Memory, State};
use crate::error::StoreError;
use crate::key::{Bucket, ObjectKey};
use crate::object::{
    Cursor, Encryption, Meta, ObjectStore, Page, PendingUpload, Put, Source, Version, VersionKind,
};

/// Versions on one page: few, so that tests turn pages.
const PAGE: usize = 7;

impl State {
    /// The current version, if it is an object.
    fn current(&self, bucket: Bucket, key: &str) -> Option<&Kept> {
        let versions = self.objects.get(&(bucket, key.to_owned()))?;
        versions.last().filter(|kept| kept.body.is_some())
    }

    pub(super) fn write(&mut self, bucket: Bucket, key: &str, body: &[u8]) -> Put {
        if self.current(bucket, key).is_some() {
            return Put::Exists;
        }
        let kept = self.kept(Some(body), Encryption::OfBucket);
        let versions = self.objects.entry((bucket, key.to_owned())).or_default();
        versions.push(kept);
        Put::Written
    }
}

impl ObjectStore for Memory {
    fn put(&self, key: &ObjectKey, body: &[u8]) -> Result<Put, StoreError> {
        self.faults.around("put", || {
            Ok(self.lock().write(key.bucket(), &key.to_string(), body))
        })
    }

    fn get(&self, key: &ObjectKey, limit: u64) -> Result<Vec<u8>, StoreError> {
        let operation = "get";
        self.faults.around(operation, || {
            let state = self.lock();
            let kept = state.current(key.bucket(), &key.to_string());
            let body = kept.and_then(|kept| kept.body.as_ref());
            let body = body.ok_or(StoreError::NotFound { operation })?.expose();
            let bytes = body.len() as u64;
            if bytes > limit {
                return Err(StoreError::TooLarge { bytes, limit });
            }
            Ok(body.clone())
        })
    }

    fn head(&self, key: &ObjectKey) -> Result<Option<Meta>, StoreError> {
        self.faults.around("head", || {
            let state = self.lock();
            let kept = state.current(key.bucket(), &key.to_string());
            Ok(kept.map(|kept| Meta {
                bytes: kept.bytes(),
                sha256: Some(kept.sha256),
                encryption: kept.encryption,
                modified: kept.modified,
            }))
        })
    }

    fn copy(&self, from: Source<'_>, to: &ObjectKey) -> Result<(), StoreError> {
        let operation = "copy";
        self.faults.around(operation, || {
            let mut state = self.lock();
            let kept = match from {
                Source::Ours(key) => state.current(key.bucket(), &key.to_string()),
                Source::Foreign(key) => state.current(key.bucket, key.key.expose()),
            };
            let body = kept.and_then(|kept| kept.body.clone());
            let body = body.ok_or(StoreError::NotFound { operation })?;
            let copy = state.kept(Some(body.expose()), Encryption::OfBucket);
            let versions = state.objects.entry((to.bucket(), to.to_string()));
            versions.or_default().push(copy);
            Ok(())
        })
    }

    fn versions(
        &self,
        bucket: Bucket,
        prefix: &str,
        after: Option<&Cursor>,
    ) -> Result<Page, StoreError> {
        self.faults.around("versions", || {
            let state = self.lock();
            let within = state
                .objects
                .iter()
                .filter(|((b, key), _)| *b == bucket && key.starts_with(prefix));
            // As S3 has it: by key, the newest first.
            let all = within.flat_map(|((_, key), kept)| kept.iter().rev().map(move |k| (key, k)));
            let rest: Vec<Version> = match after {
                None => all.map(version).collect(),
                Some(cursor) => all
                    .skip_while(|(key, _)| key.as_str() < cursor.key.expose().as_str())
                    .skip_while(|(key, kept)| {
                        key.as_str() == cursor.key.expose()
                            && Some(&kept.id) != cursor.version.as_ref()
                    })
                    .skip_while(|(_, kept)| Some(&kept.id) == cursor.version.as_ref())
                    .map(version)
                    .collect(),
            };
            let more = rest.len() > PAGE;
            let versions: Vec<Version> = rest.into_iter().take(PAGE).collect();
            let last = versions.last().filter(|_| more).map(|last| Cursor {
                key: last.key.clone(),
                version: Some(last.id.clone()),
            });
            Ok(Page {
                versions,
                next: last,
            })
        })
    }

    fn remove(&self, bucket: Bucket, versions: &[Version]) -> Result<(), StoreError> {
        self.faults.around("remove", || {
            let mut state = self.lock();
            for version in versions {
                let place = (bucket, version.key.expose().clone());
                if let Some(kept) = state.objects.get_mut(&place) {
                    kept.retain(|one| one.id != version.id);
                    if kept.is_empty() {
                        state.objects.remove(&place);
                    }
                }
            }
            Ok(())
        })
    }

    fn pending(&self, bucket: Bucket, prefix: &str) -> Result<Vec<PendingUpload>, StoreError> {
        self.faults.around("pending", || {
            let state = self.lock();
            let within =
                |begun: &super::Begun| begun.bucket == bucket && begun.key.starts_with(prefix);
            let pending = state.uploads.iter().filter(|(_, begun)| within(begun));
            Ok(pending
                .map(|(id, begun)| PendingUpload {
                    key: Phi::new(begun.key.clone()),
                    id: id.clone(),
                    begun: begun.since,
                })
                .collect())
        })
    }

    fn abort(&self, _: Bucket, upload: &PendingUpload) -> Result<(), StoreError> {
        self.faults.around("abort", || {
            self.lock().uploads.remove(&upload.id);
            Ok(())
        })
    }
}

impl Kept {
    fn bytes(&self) -> u64 {
        self.body
            .as_ref()
            .map_or(0, |body| body.expose().len() as u64)
    }
}

fn version((key, kept): (&String, &Kept)) -> Version {
    Version {
        key: Phi::new(key.clone()),
        id: kept.id.clone(),
        kind: match kept.body {
            Some(_) => VersionKind::Object,
            None => VersionKind::Marker,
        },
        modified: kept.modified,
        bytes: kept.bytes(),
    }
}

impl Memory {
    /// Deletes an object as a client without versions does: it leaves a marker.
    pub fn mark_deleted(&self, key: &ObjectKey) {
        let mut state = self.lock();
        let marker = state.kept(None, Encryption::OfBucket);
        let versions = state.objects.entry((key.bucket(), key.to_string()));
        versions.or_default().push(marker);
    }

    /// When the newest version of a key was written.
    pub fn written_at(&self, key: &ObjectKey) -> Option<Timestamp> {
        let state = self.lock();
        let kept = state.current(key.bucket(), &key.to_string())?;
        Some(kept.modified)
    }
}
