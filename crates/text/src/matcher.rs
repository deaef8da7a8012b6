//! Finding the needles of a harvest in a text, however they are written.
//!
//! Text and needles are compared folded and without blanks and marks, so `362-38-97`, `SMITH_J`
//! and `Mu\u{308}ller` meet `3623897`, `J Smith` and `Müller`. Where a match may begin and end is
//! then judged on the original text.

use crate::fold;
use crate::harvest::code::marks;
use crate::harvest::{Folded, Harvest, Role, Strength};
use crate::kinds::Span;
use crate::lexicon::{self, Rank};
use crate::names::is_particle;

/// A place where a needle was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) span: Span,
    pub(crate) certainty: Certainty,
}

/// Whether the place must be looked at before the hit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// It is the identifier.
    Certain,
    /// It is an ordinary word too: only in the place of a name.
    OrdinaryWord(Rank),
    /// A short code: after a word that says so, or where it can be nothing else.
    ShortCode,
}

/// The needles of a harvest by their first bytes. Made once an object.
pub(crate) struct Matcher {
    seen: [u64; 64],
    order: Vec<(u32, u32)>,
}

/// The longest run of letters looked at around a match.
const LONGEST_WORD: usize = 64;

impl Matcher {
    pub(crate) fn new(harvest: &Harvest) -> Self {
        let mut seen = [0; 64];
        let mut order = Vec::with_capacity(harvest.folded().len());
        for (index, needle) in harvest.folded().iter().enumerate() {
            let key = key(harvest.folded_text(needle).as_bytes());
            seen[slot(key).0] |= slot(key).1;
            order.push((key, index as u32));
        }
        // Longer needles first: a full name wins over its parts.
        order.sort_unstable_by_key(|(key, i)| {
            (*key, std::cmp::Reverse(harvest.folded()[*i as usize].len))
        });
        Self { seen, order }
    }

    /// The hits in a text, in its order, not overlapping.
    pub(crate) fn find(&self, harvest: &Harvest, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.order.is_empty() {
            return hits;
        }
        let squeezed = Squeezed::new(text);
        let bytes = squeezed.folded.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match self.best(harvest, text, &squeezed, at) {
                Some(hit) => {
                    let end = hit.span.end;
                    hits.push(hit);
                    while at < bytes.len() && (squeezed.place[at] as usize) < end {
                        at += 1;
                    }
                }
                None => at += 1,
            }
        }
        hits
    }

    fn best(&self, harvest: &Harvest, text: &str, squeezed: &Squeezed, at: usize) -> Option<Hit> {
        let rest = &squeezed.folded.as_bytes()[at..];
        let mut best: Option<Hit> = None;
        for key in [key(rest), short_key(rest), single_key(rest)] {
            let (word, bit) = slot(key);
            if self.seen[word] & bit == 0 {
                continue;
            }
            let from = self.order.partition_point(|(k, _)| *k < key);
            for (_, index) in self.order[from..].iter().take_while(|(k, _)| *k == key) {
                let needle = harvest.folded()[*index as usize];
                if !rest.starts_with(harvest.folded_text(&needle).as_bytes()) {
                    continue;
                }
                let Some(hit) = judge(text, squeezed, at, &needle) else {
                    continue;
                };
                let better = best.is_none_or(|b| {
                    (hit.certainty == Certainty::Certain, hit.span.end)
                        > (b.certainty == Certainty::Certain, b.span.end)
                });
                if better {
                    best = Some(hit);
                }
            }
        }
        best
    }
}

fn key(bytes: &[u8]) -> u32 {
    match bytes {
        [a, b, c, ..] => u32::from(*a) << 16 | u32::from(*b) << 8 | u32::from(*c),
        _ => short_key(bytes),
    }
}

/// The key of needles of two bytes.
fn short_key(bytes: &[u8]) -> u32 {
    match bytes {
        [a, b, ..] => 1 << 24 | u32::from(*a) << 8 | u32::from(*b),
        _ => single_key(bytes),
    }
}

/// The key of needles of one byte.
fn single_key(bytes: &[u8]) -> u32 {
    bytes.first().map_or(u32::MAX, |a| 2 << 24 | u32::from(*a))
}

fn slot(key: u32) -> (usize, u64) {
    let hash = key.wrapping_mul(0x9E37_79B1) >> 20;
    ((hash >> 6) as usize & 63, 1 << (hash & 63))
}

/// A text without blanks and marks, folded, and where each byte of it came from.
struct Squeezed {
    folded: String,
    /// Byte offset in the original of the character a folded byte belongs to.
    place: Vec<u32>,
}

impl Squeezed {
    fn new(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        let mut place = Vec::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            if c.is_ascii_alphanumeric() {
                folded.push(c.to_ascii_lowercase());
            } else if !c.is_ascii() && c.is_alphanumeric() {
                fold::push_folded(c, &mut folded);
            } else {
                continue;
            }
            place.resize(folded.len(), at as u32);
        }
        Self { folded, place }
    }
}

/// Whether a match of a needle at a folded offset is one on the original text.
fn judge(text: &str, squeezed: &Squeezed, at: usize, needle: &Folded) -> Option<Hit> {
    let last = at + needle.len - 1;
    if at > 0 && squeezed.place[at - 1] == squeezed.place[at] {
        return None;
    }
    let start = squeezed.place[at] as usize;
    let end = char_end(text, squeezed.place[last] as usize);
    let edges = Edges::of(text, start, end);
    match needle.role {
        Role::Code => code(text, start, end, needle, edges),
        Role::NamePart | Role::PlacePart => part(text, start, end, needle, edges),
        Role::FullName => {
            let initial = match needle.rank {
                // A letter and a word: only in the form of a name, `Hand^L` or `Hand, L`.
                Rank::Clinical => !text[start..end].contains([',', '^']),
                Rank::Ordinary if !initial_is_marked(text, start, end) => true,
                _ => stray_letter(text, start, end),
            };
            (edges.left && edges.right && gaps(text, start, end, 3) && !initial)
                .then(|| hit(start, end, needle))
        }
        Role::Phrase => {
            let whole = edges.left && edges.right && gaps(text, start, end, 4);
            whole.then(|| {
                if needle.rank >= Rank::Ordinary {
                    unsure(start, end, needle)
                } else {
                    hit(start, end, needle)
                }
            })
        }
    }
}

fn hit(start: usize, end: usize, needle: &Folded) -> Hit {
    Hit {
        span: Span::new(start, end, needle.kind, "harvested"),
        certainty: Certainty::Certain,
    }
}

fn unsure(start: usize, end: usize, needle: &Folded) -> Hit {
    Hit {
        certainty: Certainty::OrdinaryWord(needle.rank),
        ..hit(start, end, needle)
    }
}

/// The end of a character and of the marks that sit on it.
fn char_end(text: &str, at: usize) -> usize {
    let mut chars = text[at..].chars();
    let first = chars.next().map_or(0, char::len_utf8);
    let marks: usize = chars
        // The half-width marks of kana are letters of their own, and fold away as marks do.
        .take_while(|c| {
            unicode_normalization::char::is_combining_mark(*c)
                || matches!(c, '\u{ff9e}' | '\u{ff9f}')
        })
        .map(char::len_utf8)
        .sum();
    at + first + marks
}

/// Whether a match begins and ends where a word does.
#[derive(Clone, Copy)]
struct Edges {
    left: bool,
    right: bool,
}

impl Edges {
    fn of(text: &str, start: usize, end: usize) -> Self {
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        let (first, last) = (
            text[start..].chars().next(),
            text[..end].chars().next_back(),
        );
        Self {
            left: edge(before, first),
            right: edge(last, after),
        }
    }
}

/// A border of words lies between two characters: a blank, letters against digits, `aB`.
fn edge(left: Option<char>, right: Option<char>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return true;
    };
    if !left.is_alphanumeric() || !right.is_alphanumeric() {
        return true;
    }
    let cjk = crate::token::is_cjk(left) || crate::token::is_cjk(right);
    cjk || left.is_numeric() != right.is_numeric() || left.is_lowercase() && right.is_uppercase()
}

/// The separators inside a match are those of one thing written apart: few at a time, no line end.
fn gaps(text: &str, start: usize, end: usize, most: usize) -> bool {
    let mut run = 0;
    for c in text[start..end].chars() {
        if c == '\n' || c == '\r' {
            return most > 3;
        }
        run = if c.is_alphanumeric() { 0 } else { run + 1 };
        if run > most {
            return false;
        }
    }
    true
}

/// `W Thistle`, `Thistle L`, `a.p. (Thistle)`: a letter apart, without a mark, that radiology
/// writes for a word (with, left, right), or one that is no initial; the name alone is found as
/// its part.
fn stray_letter(text: &str, start: usize, end: usize) -> bool {
    let slice = &text[start..end];
    let (first, last) = (slice.chars().next(), slice.chars().next_back());
    let small = |c: Option<char>, rest: Option<char>| {
        c.is_some_and(char::is_lowercase) && rest.is_some_and(char::is_uppercase)
    };
    let ahead = slice.chars().skip(1).find(|c| c.is_alphabetic());
    let glued = slice.chars().nth(1).is_some_and(|c| !c.is_alphanumeric())
        && text[..start].ends_with(char::is_alphanumeric);
    if slice.contains(['(', ')', '[', ']', '/'])
        || small(first, ahead)
        || small(last, first) && slice.chars().rev().nth(1) == Some(' ')
        || glued
    {
        return true;
    }
    let mut words = text[start..end].split(' ');
    let letter =
        |w: Option<&str>| w.is_some_and(|w| w.len() == 1 && "wlraptcsdbWLRAPTCSDB".contains(w));
    letter(words.next()) || letter(words.next_back()) && !text[end..].starts_with('.')
}

/// `J. Head` and `Head, J.` but not `a head`: the initial is a capital with a mark.
fn initial_is_marked(text: &str, start: usize, end: usize) -> bool {
    let slice = &text[start..end];
    let chars: Vec<char> = slice.chars().take(2).collect();
    let front = matches!(chars[..], [a, b] if a.is_uppercase() && matches!(b, '.' | '_' | '^'));
    let tail: Vec<char> = slice.chars().rev().take(2).collect();
    let back = matches!(tail[..], [a, b] if a.is_uppercase() && !b.is_alphanumeric())
        && text[end..].starts_with('.');
    let comma = slice.contains([',', '^']);
    front
        || back
        || comma
        || !slice.contains(|c: char| !c.is_alphanumeric())
            && slice.chars().skip(1).any(char::is_uppercase)
            && slice.chars().any(char::is_lowercase)
}

/// A number or code: any separators inside; digits end where digits end.
fn code(text: &str, start: usize, end: usize, needle: &Folded, edges: Edges) -> Option<Hit> {
    let slice = &text[start..end];
    let spelled = needle.marks != 0
        && needle.marks == marks(slice)
        && (needle.len >= 6 || !slice.contains(' '));
    let most = match needle.strength {
        Strength::Strong => 3,
        Strength::Weak if spelled => 3,
        Strength::Weak => usize::from(hyphenated(slice)),
    };
    if !gaps(text, start, end, most) {
        return None;
    }
    let before = text[..start].chars().next_back();
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let whole = edges.left
        && edges.right
        && !(digit(before) && text[start..].starts_with(|c: char| c.is_ascii_digit()));
    if whole && needle.strength == Strength::Strong {
        let decimal = matches!(before, Some('.')) && digit(text[..start].chars().rev().nth(1));
        return (!decimal || needle.len >= 6).then(|| hit(start, end, needle));
    }
    if whole {
        let certainty = if spelled {
            Certainty::Certain
        } else {
            Certainty::ShortCode
        };
        return Some(Hit {
            certainty,
            ..hit(start, end, needle)
        });
    }
    // Glued to other letters and digits: only what is long enough not to be chance.
    if needle.strength == Strength::Weak || needle.len < 6 {
        return None;
    }
    let (from, to) = run_around(text, start, end, char::is_alphanumeric);
    Some(hit(from, to, needle))
}

/// `TEST-77`, `K_12`: one mark, between the letters of a code and its digits.
fn hyphenated(slice: &str) -> bool {
    slice
        .split_once(['-', '_'])
        .is_some_and(|(letters, digits)| {
            letters.bytes().all(|b| b.is_ascii_alphabetic())
                && digits.bytes().all(|b| b.is_ascii_digit())
        })
}

/// One word of a name.
fn part(text: &str, start: usize, end: usize, needle: &Folded, edges: Edges) -> Option<Hit> {
    let slice = &text[start..end];
    let apart = slice.contains(|c: char| !c.is_alphanumeric() && !fold::is_name_mark(c));
    if apart && !(particle_first(slice) && edges.left && edges.right)
        || slice.contains(['\n', '\r'])
    {
        return None;
    }
    let ordinary =
        needle.rank >= Rank::Ordinary || needle.len <= 3 && slice.starts_with(char::is_lowercase);
    if edges.left && edges.right {
        let name_like = !slice.starts_with(char::is_lowercase) || slice.len() > 2;
        return match (ordinary || needle.len < 3 && slice.is_ascii(), name_like) {
            (true, _) => Some(unsure(start, end, needle)),
            (false, true) => Some(hit(start, end, needle)),
            (false, false) => None,
        };
    }
    if ordinary || needle.len < 3 {
        return None;
    }
    glued(text, start, end, needle)
}

/// `O Brien`, `Mc Donald`, `De_Vries`: a particle before the gap. `and re` is no Andre.
fn particle_first(slice: &str) -> bool {
    let gap = slice.find(|c: char| !c.is_alphanumeric()).unwrap_or(0);
    let rest = slice[gap..].trim_start_matches(|c: char| !c.is_alphanumeric());
    gap <= 3
        && (gap == 1 || is_particle(&slice[..gap].to_lowercase()))
        && slice.len() - rest.len() - gap <= 1
        && rest
            .chars()
            .all(|c| c.is_alphanumeric() || fold::is_name_mark(c))
}

/// A name inside a longer run of letters: `CTSMITH`, `SMITHKNEE`, `Smithsche`.
fn glued(text: &str, start: usize, end: usize, needle: &Folded) -> Option<Hit> {
    let (from, to) = run_around(text, start, end, char::is_alphabetic);
    let whole = lexicon::class_of(&text[from..to]);
    if whole.rank > Rank::Unknown {
        return None;
    }
    let known = |side: &str| side.is_empty() || side.len() > 1 && lexicon::class_of(side).is_word();
    if known(&text[from..start]) && known(&text[end..to]) {
        return Some(hit(start, end, needle));
    }
    (needle.len >= 5 && needle.strength == Strength::Strong).then(|| hit(from, to, needle))
}

/// The run of characters around a match, at most [`LONGEST_WORD`] to each side.
fn run_around(text: &str, start: usize, end: usize, test: fn(char) -> bool) -> (usize, usize) {
    let left: usize = text[..start]
        .chars()
        .rev()
        .take(LONGEST_WORD)
        .take_while(|c| test(*c))
        .map(char::len_utf8)
        .sum();
    let right: usize = text[end..]
        .chars()
        .take(LONGEST_WORD)
        .take_while(|c| test(*c))
        .map(char::len_utf8)
        .sum();
    (start - left, end + right)
}
