//! [`Harvest`]: everything one object states about the people and places it belongs to.
//!
//! The engine adds every identifying value of an object; the parts, spellings and orders in
//! which such a value can come back in a text become needles. Values are never printed and their
//! memory is wiped when the harvest is dropped.

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
        let start = self.folded_text.len();
        self.folded_text.push_str(text);
        self.folded.push(Folded {
            start,
            len: text.len(),
            kind,
            role,
            rank,
            strength,
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

    fn add_code(&mut self, kind: IdentifierKind, value: &str) {
        let folded = Zeroizing::new(fold::squeezed(value));
        let (strength, rank) = code_strength(&folded);
        self.show(kind, value, strength);
        self.fold(kind, Role::Code, &folded, rank, strength);
        let digits = folded
            .split(|c: char| !c.is_ascii_digit())
            .max_by_key(|d| d.len())
            .unwrap_or_default();
        for part in [digits, digits.trim_start_matches('0')] {
            if part.len() >= 6 && part.len() < folded.len() {
                self.show(kind, part, code_strength(part).0);
                self.fold(kind, Role::Code, part, Rank::Unknown, code_strength(part).0);
            }
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

/// How telling a number or code is; `folded` has letters and digits only.
fn code_strength(folded: &str) -> (Strength, Rank) {
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let mut distinct = folded.as_bytes().to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if digits == 0 {
        let rank = lexicon::class(folded).rank;
        let strong = rank == Rank::Unknown && folded.chars().count() >= 5 && distinct.len() > 2;
        return (
            if strong {
                Strength::Strong
            } else {
                Strength::Weak
            },
            rank,
        );
    }
    let strong = folded.len() >= 5 && distinct.len() > 1 && (digits >= 4 || folded.len() >= 8);
    (
        if strong {
            Strength::Strong
        } else {
            Strength::Weak
        },
        Rank::Unknown,
    )
}

/// Persons: the words of a name and the ways they are put together.
impl Harvest {
    fn add_person(&mut self, value: &str) {
        for group in value.split('=') {
            let mut parts = PersonParts::of(group);
            if parts.family.is_empty() && parts.given.is_empty() {
                continue;
            }
            let mut weak = true;
            for index in 0..parts.family.len() + parts.given.len() {
                let word = parts.word(index);
                weak &= self.add_name_part(word) == Strength::Weak;
            }
            parts.family.truncate(3);
            parts.given.truncate(3);
            self.add_full_names(&parts, weak);
        }
    }

    fn add_name_part(&mut self, word: &str) -> Strength {
        let folded = Zeroizing::new(fold::squeezed(word));
        let count = folded.chars().count();
        let cjk = folded.chars().next().is_some_and(crate::token::is_cjk);
        if count < 2 {
            return Strength::Weak;
        }
        let rank = lexicon::class(&folded).rank;
        let strong = rank < Rank::Ordinary && (count >= 4 || cjk && count >= 2);
        let strength = if strong {
            Strength::Strong
        } else {
            Strength::Weak
        };
        let kind = IdentifierKind::PersonName;
        self.show(kind, word, strength);
        self.fold(kind, Role::NamePart, &folded, rank, strength);
        for other in [fold::expanded(word), fold::collapsed(&folded)]
            .into_iter()
            .flatten()
        {
            let rank = lexicon::class(&other).rank;
            let strength = if rank < Rank::Ordinary {
                strength
            } else {
                Strength::Weak
            };
            self.fold(kind, Role::NamePart, &other, rank, strength);
        }
        for half in word
            .split(['-', '\u{2010}', '\u{2011}'])
            .filter(|h| h.len() < word.len())
        {
            self.add_name_part(half);
        }
        strength
    }

    fn add_full_names(&mut self, parts: &PersonParts<'_>, weak: bool) {
        let family = Zeroizing::new(fold::squeezed(&parts.family.concat()));
        let given = Zeroizing::new(fold::squeezed(&parts.given.concat()));
        let first = Zeroizing::new(fold::squeezed(
            parts.given.first().copied().unwrap_or_default(),
        ));
        if family.is_empty() || given.is_empty() {
            return;
        }
        let rank = if weak { Rank::Ordinary } else { Rank::Unknown };
        let mut push = |a: &str, b: &str, rank: Rank| {
            let joined = Zeroizing::new([a, b].concat());
            let strength = if joined.chars().count() >= 5 {
                Strength::Strong
            } else {
                Strength::Weak
            };
            self.fold(
                IdentifierKind::PersonName,
                Role::FullName,
                &joined,
                rank,
                strength,
            );
        };
        for given in [given.as_str(), first.as_str()] {
            push(&family, given, Rank::Unknown);
            push(given, &family, Rank::Unknown);
        }
        let initials: Zeroizing<String> = Zeroizing::new(
            parts
                .given
                .iter()
                .filter_map(|g| fold::squeezed(g).chars().next())
                .collect(),
        );
        let initial: Zeroizing<String> = Zeroizing::new(first.chars().take(1).collect());
        for initials in [initial.as_str(), initials.as_str()] {
            push(&family, initials, rank);
            push(initials, &family, rank);
        }
        if weak {
            let (f, g) = (
                Zeroizing::new(parts.family.join(" ")),
                Zeroizing::new(parts.given.join(" ")),
            );
            for text in [
                format!("{} {}", *f, *g),
                format!("{} {}", *g, *f),
                format!("{}^{}", *f, *g),
                format!("{}, {}", *f, *g),
            ] {
                let text = Zeroizing::new(text);
                self.show(IdentifierKind::PersonName, &text, Strength::Strong);
            }
        }
    }
}

/// The words of one person name, without titles.
struct PersonParts<'v> {
    family: Vec<&'v str>,
    given: Vec<&'v str>,
}

impl<'v> PersonParts<'v> {
    fn of(group: &'v str) -> Self {
        fn words(text: &str) -> impl Iterator<Item = &str> {
            text.split(|c: char| !(c.is_alphanumeric() || fold::is_name_mark(c)))
                .map(|w| w.trim_matches(fold::is_name_mark))
                .filter(|w| !w.is_empty() && !crate::cues::is_title(w))
        }
        if group.contains('^') {
            let mut components = group.split('^');
            let family = components
                .next()
                .map(|c| words(c).collect())
                .unwrap_or_default();
            let given = components.take(2).flat_map(words).collect();
            return Self { family, given };
        }
        if let Some((family, given)) = group.split_once(',') {
            return Self {
                family: words(family).collect(),
                given: words(given).collect(),
            };
        }
        let mut given: Vec<&str> = words(group).collect();
        let family = given.pop().into_iter().collect();
        Self { family, given }
    }

    fn word(&self, index: usize) -> &'v str {
        self.family
            .get(index)
            .copied()
            .unwrap_or_else(|| self.given[index - self.family.len()])
    }
}
