//! [`Decisions`]: what a person decided about places in the pixels, by the content of the file.

use std::collections::HashMap;
use std::sync::Arc;

use obscura_pixels::text::Decided;
use sha2::{Digest, Sha256};

/// Decisions about single objects, each named by the SHA-256 of its file. A copy is cheap.
#[derive(Debug, Clone, Default)]
pub struct Decisions(Arc<HashMap<[u8; 32], Vec<Decided>>>);

impl Decisions {
    /// Decisions by the SHA-256 of the files they are about; those about one file add up.
    pub fn new(all: impl IntoIterator<Item = ([u8; 32], Vec<Decided>)>) -> Self {
        let mut by_file: HashMap<[u8; 32], Vec<Decided>> = HashMap::new();
        for (sha256, decided) in all {
            by_file.entry(sha256).or_default().extend(decided);
        }
        Self(Arc::new(by_file))
    }

    /// What was decided about this file.
    pub(crate) fn of(&self, input: &[u8]) -> &[Decided] {
        if self.0.is_empty() {
            return &[];
        }
        let sha256: [u8; 32] = Sha256::digest(input).into();
        self.0.get(&sha256).map_or(&[], Vec::as_slice)
    }
}
