//! The residual scan: proof, from the bytes alone, that no harvested identifier was written.
//!
//! [`scan`] reads a finished file with a walker of its own, which shares nothing with the reader
//! and the writer of `obscura-dicom`: it finds where the coded samples of the image stand and
//! searches every other byte: preamble, file meta group, element headers, values of every VR,
//! private and unknown elements, offset tables, the segments inside encapsulated frames, the
//! padding after the last sample, trailing bytes, and a deflated data set after inflating it.
//! What the walker does not understand it searches; only what it positively knows to be samples
//! of the top-level pixel data is exempt.
//!
//! A hit is not every equal byte: see `judge` for what keeps a patient called `Head` from
//! quarantining every head scan, and [`SearchSet`] for what is looked for.

mod elements;
mod encode;
mod inflate;
mod judge;
mod layout;
mod matcher;
mod place;
mod set;
mod walk;

use std::fmt;

use obscura_core::{Limits, Reason};
use obscura_text::{IdentifierKind, Strength};
use thiserror::Error;

pub use place::Place;
pub use set::{SearchSet, SearchSetBuilder};

use elements::ElementIndex;
use layout::{Layout, View};

/// Hits after which a scan stops: one is enough to quarantine, some help to find the cause.
const MAX_HITS: usize = 256;

/// An identifier that stands in the file. Never carries the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What kind of identifier it is.
    pub kind: IdentifierKind,
    /// How much it says.
    pub strength: Strength,
    /// Where it stands.
    pub place: Place,
    /// Its first byte, counted from the start of the file, or of the inflated data set.
    pub offset: usize,
}

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} in {} at byte {}",
            self.kind, self.place, self.offset
        )
    }
}

/// Why a file could not be searched. Then nothing is known of it and it must not be released.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScanError {
    /// The deflated data set does not inflate to its end.
    #[error("the deflated data set does not inflate")]
    Inflate,
    /// A limit of [`Limits`] was exceeded.
    #[error("exceeds the limit on {0}")]
    Limit(&'static str),
}

impl ScanError {
    /// The code for the manifest.
    pub const fn reason(self) -> Reason {
        match self {
            Self::Inflate => Reason::WrittenUnreadable,
            Self::Limit(_) => Reason::LimitExceeded,
        }
    }
}

/// Searches a written file for the identifiers of `set`.
///
/// Hits come roughly in the order of their offsets, at most 256. An empty answer means that no byte outside the coded samples spells an identifier.
///
/// # Errors
///
/// A data set that does not inflate, or inflates past `limits`, cannot be searched.
pub fn scan(file: &[u8], set: &SearchSet, limits: &Limits) -> Result<Vec<Hit>, ScanError> {
    let layout = Layout::of(file, limits)?;
    let mut hits = Vec::new();
    for view in layout.views() {
        search(view, set, limits, &mut hits);
    }
    Ok(hits)
}

fn search(view: &View<'_>, set: &SearchSet, limits: &Limits, hits: &mut Vec<Hit>) {
    let bytes: &[u8] = &view.bytes;
    let mut index: Option<ElementIndex> = None;
    for region in &view.regions {
        let part = &bytes[region.range.clone()];
        set.matcher().find(part, |needle, at| {
            let at = region.range.start + at;
            let index = index.get_or_insert_with(|| ElementIndex::of(view, limits));
            let context = index.context(bytes, region, at);
            if judge::is_leak(bytes, at, needle, &context, set) {
                let entry = set.entry(needle.entry);
                hits.push(Hit {
                    kind: entry.kind,
                    strength: entry.strength,
                    place: context.place(),
                    offset: view.offset + at,
                });
            }
            hits.len() < MAX_HITS
        });
    }
}
