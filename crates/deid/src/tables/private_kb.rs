//! TCIA's knowledge base of private elements: what the archive does to each one it has seen.
//!
//! The rows are lines of equal length in `data/generated/tcia_private.txt`, sorted by the element
//! itself, searched in place: nothing is parsed or allocated before the first lookup.

use std::fmt::Write as _;

use dicom_core::{Tag, VR};

use super::generated::tcia_private::{CREATORS, PATHS};
use super::safe_private::same_creator;

/// `GGGGEEEE CCC PPP VR d` and a line feed; see `xtask/src/tables/private_kb.rs`.
const LINE: usize = 22;
static ROWS: &[u8] = include_bytes!("../../data/generated/tcia_private.txt");

/// The rows of the knowledge base as published; fewer are stored because some only repeat others.
pub const PRIVATE_KB_SOURCE_ROWS: usize = super::generated::tcia_private::SOURCE_ROWS;

/// What TCIA does to a private element.
///
/// The order is that of strictness, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Disposition {
    /// `d`: removed.
    Delete,
    /// `h`: replaced by a hash.
    Hash,
    /// `o`: the date moves.
    OffsetDate,
    /// `oi`: the date, written as a number of seconds, moves.
    OffsetInteger,
    /// `na`: not a private element's own question; the standard's rule or its parent's decides.
    NotApplicable,
    /// `k`: kept.
    Keep,
}

/// One step on the way from the data set to a nested element: the sequence that is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KbStep<'a> {
    /// A standard sequence.
    Standard(Tag),
    /// A private sequence.
    Private {
        /// The (odd) group.
        group: u16,
        /// The private creator.
        creator: &'a str,
        /// The low byte of the element.
        element: u8,
    },
}

/// The same step, as it is stored: the creator by its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoredStep {
    /// A standard sequence.
    Standard(u16, u16),
    /// A private sequence: group, creator, low byte of the element.
    Private(u16, u16, u8),
}

/// The element that is looked up: a private one, or a standard one inside a private sequence.
pub(crate) type KbLeaf<'a> = KbStep<'a>;

/// One row, for listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbRow {
    /// The signature in the form of the knowledge base: `(gggg,"CREATOR",ee)[<0>](gggg,eeee)`.
    pub signature: String,
    /// The VR the element was seen with, if known.
    pub vr: Option<VR>,
    /// What is done to it.
    pub disposition: Disposition,
}

/// All stored rows, in ascending order of the element.
pub fn private_kb_rows() -> impl Iterator<Item = KbRow> {
    ROWS.chunks_exact(LINE).map(|line| {
        let leaf = leaf(line);
        let mut signature = String::new();
        for (depth, step) in path(line).iter().enumerate() {
            let _ = write!(signature, "{}[<{depth}>]", step_text(stored(*step)));
        }
        signature += &step_text(leaf);
        KbRow {
            signature,
            vr: vr(line),
            disposition: disposition(line),
        }
    })
}

/// What TCIA does to an element, and its VR where the rows name exactly one.
///
/// Rows of exactly this path decide; where there are none, all rows of the element do. Among them
/// rows of the VR it has decide, else all of them. Where rows disagree the strictest one wins.
pub(crate) fn kb_lookup(
    element: KbLeaf<'_>,
    steps: &[KbStep<'_>],
    written: VR,
) -> Option<(Disposition, Option<VR>)> {
    let mut exact = Strictest::default();
    let mut anywhere = Strictest::default();
    for line in rows_of(element)
        .chunks_exact(LINE)
        .filter(|line| same(leaf(line), element))
    {
        anywhere.add(line, written);
        if same_path(path(line), steps) {
            exact.add(line, written);
        }
    }
    exact.found().or_else(|| anywhere.found())
}

/// The strictest word of some rows, and the VRs they name.
#[derive(Default)]
struct Strictest {
    with_vr: Option<Disposition>,
    any: Option<Disposition>,
    /// The first VR beside UN and OB, which stand for "not known" here.
    vr: Option<VR>,
    /// Rows name other VRs too.
    disagree: bool,
}

impl Strictest {
    fn add(&mut self, line: &[u8], written: VR) {
        let (vr, disposition) = (vr(line), disposition(line));
        let stricter = |known: Option<Disposition>| {
            Some(known.map_or(disposition, |known| known.min(disposition)))
        };
        self.any = stricter(self.any);
        if vr == Some(written) {
            self.with_vr = stricter(self.with_vr);
        }
        if let Some(vr) = vr.filter(|vr| !matches!(vr, VR::UN | VR::OB)) {
            self.disagree |= *self.vr.get_or_insert(vr) != vr;
        }
    }

    fn found(self) -> Option<(Disposition, Option<VR>)> {
        Some((
            self.with_vr.or(self.any)?,
            self.vr.filter(|_| !self.disagree),
        ))
    }
}

/// The lines whose element has this group and element number, of any creator.
fn rows_of(element: KbLeaf<'_>) -> &'static [u8] {
    let key = match element {
        KbStep::Standard(tag) => (tag.0, tag.1),
        KbStep::Private { group, element, .. } => (group, u16::from(element)),
    };
    let lines = ROWS.len() / LINE;
    let number = |at: usize| {
        let line = &ROWS[at * LINE..];
        (hex(&line[..4]), hex(&line[4..8]))
    };
    let start = partition(lines, |at| number(at) < key);
    let end = partition(lines, |at| number(at) <= key);
    &ROWS[start * LINE..end * LINE]
}

/// The first of `0..len` for which `before` no longer holds.
fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = usize::midpoint(low, high);
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn same(a: KbStep<'_>, b: KbStep<'_>) -> bool {
    match (a, b) {
        (KbStep::Standard(a), KbStep::Standard(b)) => a == b,
        (
            KbStep::Private {
                group,
                creator,
                element,
            },
            KbStep::Private {
                group: other_group,
                creator: other,
                element: other_element,
            },
        ) => group == other_group && element == other_element && same_creator(creator, other),
        _ => false,
    }
}

fn same_path(path: &[StoredStep], steps: &[KbStep<'_>]) -> bool {
    path.len() == steps.len()
        && path
            .iter()
            .zip(steps)
            .all(|(step, other)| same(stored(*step), *other))
}

fn stored(step: StoredStep) -> KbStep<'static> {
    match step {
        StoredStep::Standard(group, element) => KbStep::Standard(Tag(group, element)),
        StoredStep::Private(group, creator, element) => KbStep::Private {
            group,
            creator: CREATORS[usize::from(creator)],
            element,
        },
    }
}

fn leaf(line: &[u8]) -> KbStep<'static> {
    let (group, element) = (hex(&line[..4]), hex(&line[4..8]));
    if &line[9..12] == b"---" {
        KbStep::Standard(Tag(group, element))
    } else {
        let creator = CREATORS[usize::from(hex(&line[9..12]))];
        KbStep::Private {
            group,
            creator,
            element: element as u8,
        }
    }
}

fn path(line: &[u8]) -> &'static [StoredStep] {
    PATHS[usize::from(hex(&line[13..16]))]
}

fn vr(line: &[u8]) -> Option<VR> {
    VR::from_binary([line[17], line[18]])
}

fn disposition(line: &[u8]) -> Disposition {
    match line[20] {
        b'k' => Disposition::Keep,
        b'h' => Disposition::Hash,
        b'o' => Disposition::OffsetDate,
        b'i' => Disposition::OffsetInteger,
        b'n' => Disposition::NotApplicable,
        _ => Disposition::Delete,
    }
}

/// The number of hexadecimal digits that the generator wrote.
fn hex(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |number, digit| {
        let value = char::from(*digit).to_digit(16).unwrap_or(0);
        number << 4 | value as u16
    })
}

fn step_text(step: KbStep<'_>) -> String {
    match step {
        KbStep::Standard(tag) => format!("({:04x},{:04x})", tag.0, tag.1),
        KbStep::Private {
            group,
            creator,
            element,
        } => {
            format!("({group:04x},\"{creator}\",{element:02x})")
        }
    }
}
