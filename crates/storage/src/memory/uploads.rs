//! Uploads in memory: what is signed names its terms, and [`Memory::upload`] holds a client to
//! them as S3 would.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use obscura_core::{ContentHash, Phi, Timestamp};

use super::{Begun, Memory};
use crate::error::StoreError;
use crate::key::ObjectKey;
use crate::object::Put;
use crate::uploads::{Completed, Part, Signed, Terms, Uploads};

impl Uploads for Memory {
    fn sign_put(
        &self,
        key: &ObjectKey,
        terms: &Terms,
        valid: Duration,
    ) -> Result<Signed, StoreError> {
        self.faults.around("sign upload", || {
            let until = Timestamp::from_millis(self.lock().now).plus(valid).millis();
            let url = format!("memory:{key}?until={until}");
            Ok(signed(url, terms.bytes, &terms.sha256, &terms.content_type))
        })
    }

    fn begin(&self, key: &ObjectKey, _: &str) -> Result<String, StoreError> {
        self.faults.around("begin upload", || {
            let mut state = self.lock();
            let id = format!("u{}", state.next());
            let begun = Begun {
                bucket: key.bucket(),
                key: key.to_string(),
                since: Timestamp::from_millis(state.now),
                parts: BTreeMap::new(),
            };
            state.uploads.insert(id.clone(), begun);
            Ok(id)
        })
    }

    fn sign_part(
        &self,
        key: &ObjectKey,
        upload: &str,
        number: u32,
        part: &Part,
        valid: Duration,
    ) -> Result<Signed, StoreError> {
        self.faults.around("sign part", || {
            let until = Timestamp::from_millis(self.lock().now).plus(valid).millis();
            let url = format!("memory:{key}?until={until}&upload={upload}&part={number}");
            Ok(signed(url, part.bytes, &part.sha256, ""))
        })
    }

    fn complete(
        &self,
        key: &ObjectKey,
        upload: &str,
        parts: &[Part],
    ) -> Result<Completed, StoreError> {
        self.faults.around("complete upload", || {
            let mut state = self.lock();
            let Some(begun) = state.uploads.get(upload) else {
                return Ok(Completed::Gone);
            };
            let there: Vec<Part> = begun.parts.values().map(|(part, _)| *part).collect();
            if there != parts {
                return Ok(Completed::Waiting);
            }
            let bodies = begun
                .parts
                .values()
                .flat_map(|(_, body)| body.expose().iter());
            let body: Vec<u8> = bodies.copied().collect();
            state.write(key.bucket(), &key.to_string(), &body);
            state.uploads.remove(upload);
            Ok(Completed::Done)
        })
    }
}

impl Memory {
    /// Sends a signed request with a body, as a client would.
    ///
    /// # Errors
    /// A word that says which of the terms does not hold.
    pub fn upload(&self, request: &Signed, body: &[u8]) -> Result<Put, &'static str> {
        let (path, query) = request.url.split_once('?').ok_or("not signed")?;
        let key: ObjectKey = path
            .strip_prefix("memory:")
            .and_then(|key| key.parse().ok())
            .ok_or("not signed")?;
        let query: BTreeMap<&str, &str> =
            query.split('&').filter_map(|q| q.split_once('=')).collect();
        let header = |name: &str| {
            let found = request.headers.iter().find(|(n, _)| n == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let number = |name: &str| query.get(name).and_then(|value| value.parse::<u64>().ok());
        let mut state = self.lock();
        if number("until").ok_or("not signed")? < state.now {
            return Err("expired");
        }
        if header("content-length") != body.len().to_string() {
            return Err("another length");
        }
        let sha256 = ContentHash::of(body);
        if header("x-amz-checksum-sha256") != sha256.to_string() {
            return Err("another content");
        }
        let (Some(upload), Some(part)) = (query.get("upload"), number("part")) else {
            return Ok(state.write(key.bucket(), &key.to_string(), body));
        };
        let begun = state.uploads.get_mut(*upload).ok_or("no such upload")?;
        let bytes = body.len() as u64;
        let kept = (Part { bytes, sha256 }, Arc::new(Phi::new(body.to_vec())));
        begun.parts.insert(part as u32, kept);
        Ok(Put::Written)
    }
}

fn signed(url: String, bytes: u64, sha256: &ContentHash, content_type: &str) -> Signed {
    let header = |name: &str, value: String| (name.to_owned(), value);
    Signed {
        method: "PUT".to_owned(),
        url,
        headers: vec![
            header("content-length", bytes.to_string()),
            header("x-amz-checksum-sha256", sha256.to_string()),
            header("content-type", content_type.to_owned()),
        ],
    }
}
