//! [`Harvest`]: everything one object states about the people and places it belongs to.
//!
//! The engine adds every identifying value of an object; the parts, spellings and orders in
//! which such a value can come back in a text become needles. Values are never printed and their
//! memory is wiped when the harvest is dropped.

pub(crate) mod code;
mod person;

use std::fmt;

use zeroize::Zeroizing;

use crate::dates::Date;
use crate::fold;
use crate::kinds::IdentifierKind;
use crate::lexicon::{self, Rank};

/// How much a needle says when it is found somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Nobody but the person is meant: found in output, it is a leak.
    Strong,
    /// Short, or an ordinary word (`Head`, `Young`, `May`, `1234`): means something in its place only.
    Weak,
}

/// A string to look for in output. The text is an identifier: never print it.
#[derive(Clone, Copy)]
pub struct Needle<'h> {
    /// What kind of identifier it is.
    pub kind: IdentifierKind,
    /// As it stands in the object: case and marks are kept, name parts are single words.
    pub text: &'h str,
    /// Whether finding it alone proves a leak.
    pub strength: Strength,
}

impl fmt::Debug for Needle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Needle")
            .field("kind", &self.kind)
            .field("strength", &self.strength)
            .finish_non_exhaustive()
    }
}

/// How a needle may stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// One word of a person's name.
    NamePart,
    /// Several words of a name together, or an initial and a surname.
    FullName,
    /// One word of the name of a place or institution.
    PlacePart,
    /// A number or code.
    Code,
    /// A whole phrase: an institution, an address, a free value.
    Phrase,
}

/// A needle as the cleaner looks for it: folded, without marks and blanks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folded {
    pub(crate) start: usize,
    pub(crate) len: usize,
    pub(crate) kind: IdentifierKind,
    pub(crate) role: Role,
    pub(crate) rank: Rank,
    pub(crate) strength: Strength,
    /// Where the marks of a short code stand (see [`code::marks`]); written so it needs no label.
    pub(crate) marks: u32,
}

#[derive(Debug, Clone, Copy)]
struct Shown {
    start: usize,
    len: usize,
    kind: IdentifierKind,
    strength: Strength,
}

/// The identifiers of one object, ready to be looked for.
#[derive(Default)]
pub struct Harvest {
    shown_text: Zeroizing<String>,
    shown: Vec<Shown>,
    folded_text: Zeroizing<String>,
    folded: Vec<Folded>,
    dates: Vec<Date>,
}

impl fmt::Debug for Harvest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Harvest")
            .field("needles", &self.shown.len())
            .finish_non_exhaustive()
    }
}

impl Harvest {
    /// An empty harvest.
    pub fn new() -> Self {
        Self {
            shown_text: Zeroizing::new(String::with_capacity(1024)),
            shown: Vec::with_capacity(32),
            folded_text: Zeroizing::new(String::with_capacity(1024)),
            folded: Vec::with_capacity(64),
            dates: Vec::with_capacity(8),
        }
    }

    /// Adds one value of the object, as decoded text.
    ///
    /// Person names come as DICOM PN (`Family^Given^Middle^Prefix^Suffix`, groups parted by `=`,
    /// values by `\`) or plain; dates as DA or DT or as people write them; other kinds as they
    /// are, values parted by `\`. Empty and meaningless values add nothing.
    pub fn add(&mut self, kind: IdentifierKind, value: &str) {
        for value in value.split('\\') {
            let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
            if value.is_empty() {
                continue;
            }
            match kind {
                IdentifierKind::PersonName => self.add_person(value),
                IdentifierKind::Date => self.add_date(value),
                IdentifierKind::Institution | IdentifierKind::Address | IdentifierKind::Other => {
                    self.add_phrase(kind, value);
                }
                IdentifierKind::Email => self.add_email(value),
                IdentifierKind::Age => {}
                _ => self.add_code(kind, value),
            }
        }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.dates.is_empty()
    }

    /// What the residual scan looks for. Strong needles shorter than six characters should be
    /// matched as whole words only.
    pub fn needles(&self) -> impl Iterator<Item = Needle<'_>> {
        self.shown.iter().map(|s| Needle {
            kind: s.kind,
            text: &self.shown_text[s.start..s.start + s.len],
            strength: s.strength,
        })
    }

    pub(crate) fn folded(&self) -> &[Folded] {
        &self.folded
    }

    pub(crate) fn folded_text(&self, needle: &Folded) -> &str {
        &self.folded_text[needle.start..needle.start + needle.len]
    }

    pub(crate) fn has_date(&self, date: Date) -> bool {
        self.dates.contains(&date)
    }

    fn show(&mut self, kind: IdentifierKind, text: &str, strength: Strength) {
        let known = |s: &Shown| &self.shown_text[s.start..s.start + s.len] == text;
        if text.is_empty() || self.shown.iter().any(known) {
            return;
        }
        let start = self.shown_text.len();
        self.shown_text.push_str(text);
        self.shown.push(Shown {
            start,
            len: text.len(),
            kind,
            strength,
        });
    }

    fn fold(
        &mut self,
        kind: IdentifierKind,
        role: Role,
        text: &str,
        rank: Rank,
        strength: Strength,
    ) {
        let known = |f: &Folded| &self.folded_text[f.start..f.start + f.len] == text;
        if text.len() < 2 || self.folded.iter().any(known) {
            return;
        }
        self.push_folded(kind, role, text, (rank, strength), 0);
    }

    /// A code; one letter or digit is one too, after a label.
    fn fold_code(&mut self, kind: IdentifierKind, text: &str, grade: (Rank, Strength), marks: u32) {
        let known = |f: &Folded| {
            &self.folded_text[f.start..f.start + f.len] == text && f.role == Role::Code
        };
        if let Some(at) = self.folded.iter().position(known) {
            self.folded[at].marks |= marks;
        } else if text.len() > 1 || text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
            self.push_folded(kind, Role::Code, text, grade, marks);
        }
    }

    fn push_folded(
        &mut self,
        kind: IdentifierKind,
        role: Role,
        text: &str,
        (rank, strength): (Rank, Strength),
        marks: u32,
    ) {
        let start = self.folded_text.len();
        self.folded_text.push_str(text);
        self.folded.push(Folded {
            start,
            len: text.len(),
            kind,
            role,
            rank,
            strength,
            marks,
        });
    }

    fn add_date(&mut self, value: &str) {
        let Some(date) = Date::parse_value(value) else {
            return;
        };
        if !self.dates.contains(&date) {
            self.dates.push(date);
        }
        let digits: Zeroizing<String> = Zeroizing::new(
            value
                .chars()
                .take_while(char::is_ascii_digit)
                .take(8)
                .collect(),
        );
        if digits.len() == 8 {
            self.show(IdentifierKind::Date, &digits, Strength::Strong);
        }
    }

    fn add_email(&mut self, value: &str) {
        self.add_code(IdentifierKind::Email, value);
        if let Some((local, _)) = value.split_once('@') {
            self.add_code(IdentifierKind::Email, local);
        }
    }

    fn add_phrase(&mut self, kind: IdentifierKind, value: &str) {
        let whole = Zeroizing::new(fold::squeezed(value));
        let words: Vec<&str> = value
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|w| !w.is_empty())
            .collect();
        let generic = words
            .iter()
            .all(|w| !w.chars().any(char::is_alphabetic) || lexicon::class_of(w).is_word());
        let strength = if whole.len() >= 6 && (!generic || words.len() > 2) {
            Strength::Strong
        } else {
            Strength::Weak
        };
        let rank = if generic && words.len() < 3 {
            Rank::Ordinary
        } else {
            Rank::Unknown
        };
        self.show(kind, value, strength);
        self.fold(kind, Role::Phrase, &whole, rank, strength);
        for word in words {
            self.add_phrase_part(kind, word);
        }
    }

    fn add_phrase_part(&mut self, kind: IdentifierKind, word: &str) {
        let folded = Zeroizing::new(fold::squeezed(word));
        let wide = folded.chars().count();
        if wide < 4 || folded.chars().any(|c| c.is_ascii_digit()) {
            return;
        }
        let rank = lexicon::class(&folded).rank;
        if rank >= Rank::Ordinary {
            return;
        }
        let strength = if wide >= 5 && rank == Rank::Unknown {
            Strength::Strong
        } else {
            Strength::Weak
        };
        self.show(kind, word, strength);
        self.fold(kind, Role::PlacePart, &folded, rank, strength);
        if let Some(long) = fold::expanded(word) {
            self.fold(kind, Role::PlacePart, &long, rank, strength);
        }
    }
}
