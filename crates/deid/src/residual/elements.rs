//! [`ElementIndex`]: which element a byte belongs to, made only when something was found.

use std::ops::Range;

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use obscura_core::Limits;

use super::layout::{Origin, Region, View};
use super::place::Place;
use super::walk::{Reach, walk};

/// What kind of bytes a needle was found in: how much a match there means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Names of persons (PN).
    Names,
    /// Free text and labels.
    Text,
    /// Terms of the standard (CS).
    Terms,
    /// Unique identifiers (UI).
    Uids,
    /// Numbers as text (DS, IS).
    Numbers,
    /// Dates and times as text.
    Times,
    /// Binary numbers and bulk data.
    Binary,
    /// Not known: private values of Implicit VR, VR UN.
    Unknown,
    /// No element: preamble, padding, segments of frames, trailing bytes.
    Outside,
}

/// The surroundings of a match.
#[derive(Debug, Clone)]
pub(super) struct Context {
    /// The value or region it stands in.
    pub(super) bounds: Range<usize>,
    pub(super) content: Content,
    origin: Origin,
    path: Vec<Tag>,
}

impl Context {
    /// The element and the sequences around it are of the standard, which has even groups only
    /// (PS3.5 7.1).
    pub(super) fn is_standard(&self) -> bool {
        !self.path.is_empty() && self.path.iter().all(|tag| tag.group() % 2 == 0)
    }

    /// The place for the report.
    pub(super) fn place(&self) -> Place {
        match self.origin {
            Origin::Preamble => Place::Preamble,
            Origin::Elements if self.path.is_empty() => Place::Structure,
            Origin::Elements => Place::Element(self.path.clone()),
            Origin::Encapsulation => Place::Encapsulation,
            Origin::FrameSegment => Place::FrameSegment,
            Origin::SamplePadding => Place::SamplePadding,
            Origin::Trailing => Place::Trailing,
        }
    }
}

struct Indexed {
    value: Range<usize>,
    content: Content,
    path: Range<usize>,
}

/// The elements of one view, nested ones included, in the order of their bytes.
pub(super) struct ElementIndex {
    elements: Vec<Indexed>,
    paths: Vec<Tag>,
}

impl ElementIndex {
    /// Walks the elements of a view to any depth.
    pub(super) fn of(view: &View<'_>, limits: &Limits) -> Self {
        let mut elements: Vec<Indexed> = Vec::new();
        let mut paths = Vec::new();
        for (at, (start, encoding)) in view.elements.iter().enumerate() {
            let end = view
                .elements
                .get(at + 1)
                .map_or(view.bytes.len(), |next| next.0);
            let part = &view.bytes[..end];
            walk(
                part,
                *start,
                *encoding,
                Reach::Everything,
                limits.max_depth,
                |met| {
                    let begin = paths.len();
                    paths.extend_from_slice(met.path);
                    paths.push(met.tag);
                    let content = content_of(met.tag, met.vr);
                    elements.push(Indexed {
                        value: met.value,
                        content,
                        path: begin..paths.len(),
                    });
                },
            );
        }
        Self { elements, paths }
    }

    /// What surrounds the byte at `at`, which lies in `region`.
    pub(super) fn context(&self, bytes: &[u8], region: &Region, at: usize) -> Context {
        let unknown = |bounds: Range<usize>| Context {
            bounds,
            content: match region.origin {
                Origin::Elements => Content::Unknown,
                _ => Content::Outside,
            },
            origin: region.origin,
            path: Vec::new(),
        };
        if region.origin != Origin::Elements {
            return unknown(region.range.clone());
        }
        let after = self
            .elements
            .partition_point(|element| element.value.start <= at);
        match after.checked_sub(1).map(|last| &self.elements[last]) {
            Some(element) if at < element.value.end && element.value.end <= bytes.len() => {
                Context {
                    bounds: element.value.clone(),
                    content: element.content,
                    origin: region.origin,
                    path: self.paths[element.path.clone()].to_vec(),
                }
            }
            _ => unknown(region.range.clone()),
        }
    }
}

/// What a value holds, by the VR that is written, or by the dictionary's.
fn content_of(tag: Tag, written: Option<[u8; 2]>) -> Content {
    let looked_up = || {
        let entry = StandardDataDictionary.by_tag(tag)?;
        <[u8; 2]>::try_from(entry.vr().relaxed().to_string().as_bytes()).ok()
    };
    let vr = match written {
        Some(vr) if vr != *b"UN" => Some(vr),
        _ => looked_up(),
    };
    match vr.as_ref() {
        Some(b"PN") => Content::Names,
        Some(b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC" | b"UR" | b"AE") => Content::Text,
        Some(b"CS") => Content::Terms,
        Some(b"UI") => Content::Uids,
        Some(b"DS" | b"IS") => Content::Numbers,
        Some(b"DA" | b"TM" | b"DT" | b"AS") => Content::Times,
        Some(
            b"OB" | b"OW" | b"OF" | b"OD" | b"OL" | b"OV" | b"US" | b"SS" | b"UL" | b"SL" | b"FL"
            | b"FD" | b"AT" | b"SV" | b"UV",
        ) => Content::Binary,
        _ => Content::Unknown,
    }
}
