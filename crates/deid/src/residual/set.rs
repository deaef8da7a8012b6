//! [`SearchSet`]: what is looked for in a written file.

use std::fmt;

use obscura_text::{IdentifierKind, Strength};
use zeroize::Zeroize;

use super::encode::{ascii_forms, foreign_forms, transport_forms};
use super::matcher::{Form, Matcher};

/// Fewest characters of ASCII text that are looked for at all; three and four only as whole words.
const MIN_ASCII: usize = 3;
/// Fewest digits an identifier is looked for with, when its punctuation is left out.
const MIN_STRIPPED: usize = 7;
/// Fewest bytes of text that is also looked for as Base64 and hexadecimal.
const MIN_TRANSPORT: usize = 8;

/// One identifier of the set, without its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) kind: IdentifierKind,
    pub(super) strength: Strength,
    /// Characters of the identifier.
    pub(super) chars: u16,
    pub(super) class: Class,
    pub(super) wording: Wording,
}

/// How many words of a person an identifier is, which decides how it must stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wording {
    /// One word, or no name of a person, or one in a script that sets no blanks between words.
    Plain,
    /// Several words of a name: `Long^Bo`, `Bo Long`.
    FullName,
    /// Initials and at most one word, which may as well be a side or a view: `Knee R`.
    Initials,
}

/// What an identifier is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Letters, or letters among others.
    Words,
    /// Digits and punctuation.
    Digits,
    /// Digits and dots of a unique identifier.
    Uid,
}

/// The identifiers to look for, in every form they can stand in, and the words that may stand.
///
/// Built once for each object. Every text is looked for in ASCII in any case and in UTF-16; text
/// beyond ASCII in every character set that can carry it (see [`SearchSetBuilder::add`]).
/// `Debug` prints how much it holds, never what.
pub struct SearchSet {
    matcher: Matcher,
    entries: Vec<Entry>,
    allowed: Allowed,
}

impl fmt::Debug for SearchSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchSet")
            .field("identifiers", &self.entries.len())
            .field("byte_strings", &self.matcher.len())
            .finish_non_exhaustive()
    }
}

impl SearchSet {
    /// A set to add to.
    pub fn builder() -> SearchSetBuilder {
        SearchSetBuilder::default()
    }

    /// Nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.matcher.len() == 0
    }

    /// Adds text that the output may hold: its words, its numbers and UIDs are no hits, save in
    /// person names (VR PN), where nothing but pseudonyms may stand.
    pub fn allow(&mut self, text: &str) {
        self.allowed.add(text.trim_matches([' ', '\0']).as_bytes());
    }

    pub(super) const fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    pub(super) fn entry(&self, index: u32) -> Entry {
        self.entries[index as usize]
    }

    /// The word, in any case, may stand in the output.
    pub(super) fn allows(&self, word: &[u8]) -> bool {
        self.allowed.has(word)
    }
}

/// Texts that may stand in the output, one after the other. They are asked for at hits alone, which
/// are rare, and so are kept as they came and looked through each time.
#[derive(Default)]
struct Allowed {
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Allowed {
    fn add(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    /// The word, in any case, is one of the texts or one of their words.
    fn has(&self, word: &[u8]) -> bool {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).any(|(begin, end)| {
            let text = &self.bytes[begin..*end];
            let is_part = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
            text.eq_ignore_ascii_case(word)
                || word.len() >= MIN_ASCII
                    && text
                        .split(is_part)
                        .any(|part| part.eq_ignore_ascii_case(word))
        })
    }
}

/// Collects the identifiers of one object.
#[derive(Default)]
pub struct SearchSetBuilder {
    matcher: Matcher,
    entries: Vec<Entry>,
    allowed: Allowed,
    wide: Vec<u8>,
}

impl fmt::Debug for SearchSetBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchSetBuilder")
            .field("identifiers", &self.entries.len())
            .finish_non_exhaustive()
    }
}

impl SearchSetBuilder {
    /// Adds an identifier as decoded text: one word of a name, one number, one phrase.
    ///
    /// - ASCII text of fewer than three characters is not looked for; of three or four only as a
    ///   whole word; of five at the edges of longer words too; from six on anywhere. Weak texts count
    ///   as whole words where they must mean the person: in person names (VR PN), outside of
    ///   elements, and in text next to `^` or after a title. What an ordinary word means in a
    ///   description is for the cleaner to judge, not for the scan.
    /// - A full name, with a blank, `^` or comma in it, counts only between the edges of words; an
    ///   initial and one word (`Knee R`) only where a weak text does, or with `^` between them.
    /// - Digits count with their neighbours: a part of a longer number is no hit, and an integer
    ///   that is all of an IS or DS value of the standard is a technical number. Seven digits or
    ///   more with punctuation are looked for without it, nine and ten digits with the
    ///   punctuation of social security and telephone numbers too.
    /// - Strong ASCII text of eight bytes or more is looked for as Base64 and hexadecimal.
    /// - Text beyond ASCII is looked for in UTF-8, UTF-16, the ISO 8859 and Windows families,
    ///   KOI8, Shift JIS, EUC-JP, ISO 2022 IR 87, EUC-KR, GB 18030 and Big5, as written, in
    ///   capitals, in small letters and with capital initials.
    pub fn add(&mut self, kind: IdentifierKind, text: &str, strength: Strength) -> &mut Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '^');
        let chars = text.chars().count();
        let class = class_of(kind, text);
        let Ok(entry) = u32::try_from(self.entries.len()) else {
            return self;
        };
        let before = self.matcher.len();
        if text.is_ascii() {
            if chars >= MIN_ASCII {
                self.ascii(text.as_bytes(), entry, class, strength);
            }
        } else if chars >= least_foreign(text) {
            for (mut bytes, form) in foreign_forms(text) {
                // Two bytes are too few to tell from anything else.
                if bytes.len() >= 4 {
                    self.matcher.push(&bytes, entry, form, strength);
                }
                bytes.zeroize();
            }
        }
        if self.matcher.len() > before {
            let chars = u16::try_from(chars).unwrap_or(u16::MAX);
            self.entries.push(Entry {
                kind,
                strength,
                chars,
                class,
                wording: wording_of(kind, text),
            });
        }
        self
    }

    /// Adds the original of a unique identifier that was replaced.
    pub fn add_uid(&mut self, uid: &str) -> &mut Self {
        self.add(IdentifierKind::Uid, uid, Strength::Strong)
    }

    /// Adds bytes as they are, five or more, for a value whose character set is not known.
    pub fn add_raw(&mut self, kind: IdentifierKind, bytes: &[u8], strength: Strength) -> &mut Self {
        let bytes = bytes.trim_ascii();
        let Ok(entry) = u32::try_from(self.entries.len()) else {
            return self;
        };
        if bytes.len() >= 5 && self.matcher.push(bytes, entry, Form::Raw, strength) {
            let chars = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
            self.entries.push(Entry {
                kind,
                strength,
                chars,
                class: Class::Words,
                wording: Wording::Plain,
            });
        }
        self
    }

    /// Adds text that the output may hold, as [`SearchSet::allow`] does.
    pub fn add_allowed(&mut self, text: &str) -> &mut Self {
        self.allowed.add(text.trim_matches([' ', '\0']).as_bytes());
        self
    }

    /// The finished set.
    pub fn build(self) -> SearchSet {
        let Self {
            mut matcher,
            entries,
            allowed,
            mut wide,
        } = self;
        wide.zeroize();
        matcher.prepare();
        SearchSet {
            matcher,
            entries,
            allowed,
        }
    }

    fn ascii(&mut self, text: &[u8], entry: u32, class: Class, strength: Strength) {
        let mut wide = std::mem::take(&mut self.wide);
        let mut plain = |builder: &mut Self, text: &[u8]| {
            ascii_forms(text, &mut wide, |bytes, form| {
                builder.matcher.push(bytes, entry, form, strength);
            });
        };
        plain(self, text);
        if class == Class::Digits {
            let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
            if digits.len() >= MIN_STRIPPED && digits.len() < text.len() {
                plain(self, &digits);
            }
            for grouping in groupings(digits.len()) {
                plain(self, &grouped(&digits, grouping));
            }
        }
        self.wide = wide;
        if strength == Strength::Strong && text.len() >= MIN_TRANSPORT && class != Class::Uid {
            transport_forms(text, |bytes, form| {
                self.matcher.push(bytes, entry, form, strength);
            });
        }
    }
}

fn class_of(kind: IdentifierKind, text: &str) -> Class {
    let digits = text.bytes().any(|b| b.is_ascii_digit());
    let others = text
        .chars()
        .any(|c| !c.is_ascii() || c.is_ascii_alphabetic());
    match (digits && !others, kind) {
        (true, IdentifierKind::Uid) => Class::Uid,
        (true, _) => Class::Digits,
        _ => Class::Words,
    }
}

fn wording_of(kind: IdentifierKind, text: &str) -> Wording {
    let between = |c: char| c.is_whitespace() || c == '^' || c == ',';
    if kind != IdentifierKind::PersonName || !text.contains(between) || is_syllabic(text) {
        return Wording::Plain;
    }
    let sizes = || {
        text.split(between)
            .map(|part| part.chars().filter(|c| c.is_alphanumeric()).count())
    };
    let initials = sizes().filter(|size| *size == 1).count();
    let words = sizes().filter(|size| *size > 1).count();
    if initials > 0 && words <= 1 {
        Wording::Initials
    } else {
        Wording::FullName
    }
}

/// A character of the text is a syllable or a word.
fn is_syllabic(text: &str) -> bool {
    text.chars().any(|c| c >= '\u{2E80}')
}

/// Fewest characters of a text beyond ASCII: two where a character is a syllable or a word.
fn least_foreign(text: &str) -> usize {
    if is_syllabic(text) { 2 } else { MIN_ASCII }
}

/// How numbers of this many digits are commonly punctuated: the sizes of the groups.
const fn groupings(digits: usize) -> &'static [(&'static [usize], u8)] {
    match digits {
        9 => &[(&[3, 2, 4], b'-'), (&[3, 2, 4], b' ')],
        10 => &[(&[3, 3, 4], b'-'), (&[3, 3, 4], b' '), (&[3, 3, 4], b'.')],
        _ => &[],
    }
}

fn grouped(digits: &[u8], (sizes, between): &(&[usize], u8)) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() + sizes.len());
    let mut rest = digits;
    for size in *sizes {
        let (group, after) = rest.split_at(*size);
        out.extend(group);
        out.push(*between);
        rest = after;
    }
    out.pop();
    out
}
