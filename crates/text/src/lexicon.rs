//! The lexicon: which words are ordinary, which are clinical, which are names of people.
//!
//! The data (`data/lexicon.txt`, see `data/README.md` for origins) is a sorted text that is
//! searched where it lies in the program: nothing is built, copied or parsed at the start but
//! an index by the first two letters; where a word was found is remembered.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::fold;
use crate::words::Words;

static DATA: &[u8] = include_bytes!("../data/lexicon.txt");

/// How sure it is that a word is an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Rank {
    /// Not in the lists, or only as a name.
    #[default]
    Unknown,
    /// In large lists only.
    Rare,
    /// A word of everyday English.
    Ordinary,
    /// A word of medicine, of scanners, or a name that stands for a disease or a sign.
    Clinical,
}

/// How common a word is as a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Known {
    /// Not known as a name.
    #[default]
    No,
    /// In a list of names.
    Listed,
    /// Among the common ones of some country.
    Common,
}

/// What the lexicon says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Class {
    pub(crate) rank: Rank,
    pub(crate) given: Known,
    pub(crate) surname: Known,
    /// A name that stands for a disease, a sign, a view, a device (`Crohn`, `Hounsfield`).
    pub(crate) eponym: bool,
}

impl Class {
    fn from_code(code: u8) -> Self {
        let code = code.saturating_sub(b'0');
        let known = |n| match n {
            0 => Known::No,
            1 => Known::Listed,
            _ => Known::Common,
        };
        let rank = match code / 9 {
            0 => Rank::Unknown,
            2 => Rank::Ordinary,
            3 => Rank::Clinical,
            // Eponyms are no words by themselves.
            _ => Rank::Rare,
        };
        Self {
            eponym: code / 9 == 4,
            rank,
            given: known(code / 3 % 3),
            surname: known(code % 3),
        }
    }

    /// Ordinary or clinical: never a name on the strength of the word alone.
    pub(crate) fn is_word(self) -> bool {
        self.rank >= Rank::Ordinary
    }
}

/// Endings that make a word a medical one, however rare it is: of Greek and Latin terms, and the
/// heads under which German, Dutch and the Nordic languages put their compounds together.
static MEDICAL: Words = Words::new(include_str!("../data/endings.txt"));
/// The bytes that an ending of [`MEDICAL`] has.
const ENDING: std::ops::RangeInclusive<usize> = 3..=16;

/// Endings of abstract and other derived words.
const DERIVED: &[&str] = &[
    "ation", "ations", "ities", "ically", "ness", "ments", "ment", "ingly", "tion", "tions",
    "able", "ible", "ively", "ously", "istic", "istics", "uchung", "ungen",
];

/// Looks up a folded word (see [`fold::fold_into`]).
pub(crate) fn class(word: &str) -> Class {
    if let Some(code) = find(word.as_bytes()) {
        return Class::from_code(code);
    }
    if let Some(singular) = word.strip_suffix('s').filter(|w| w.len() > 3)
        && let Some(code) = find(singular.as_bytes())
    {
        return Class {
            given: Known::No,
            surname: Known::No,
            ..Class::from_code(code)
        };
    }
    let long = word.len() > 8;
    let rank = match () {
        () if long && ends_medically(word) => Rank::Clinical,
        () if long && DERIVED.iter().any(|e| word.ends_with(e)) => Rank::Ordinary,
        () => Rank::Unknown,
    };
    Class {
        rank,
        ..Class::default()
    }
}

fn ends_medically(word: &str) -> bool {
    let starts = ENDING.filter_map(|length| word.len().checked_sub(length));
    starts
        .filter_map(|start| word.get(start..))
        .any(|ending| MEDICAL.has(ending))
}

/// Whether a word in no list begins as a clinical word does and differs in the ending alone:
/// `pneumonie`, `diabetico`.
pub(crate) fn has_clinical_kin(word: &str) -> bool {
    const SHORTEST: usize = 6;
    const LOOKED_AT: usize = 6;
    let cut = word.len().saturating_sub(2).max(SHORTEST);
    let Some(stem) = word.get(..cut).filter(|stem| stem.len() < word.len()) else {
        return false;
    };
    let (from, to) = range(stem.as_bytes());
    let mut at = lower_bound(stem.as_bytes(), from, to);
    for _ in 0..LOOKED_AT {
        let Some((code, listed)) = line_at(at).and_then(|line| line.split_last()) else {
            return false;
        };
        if !listed.starts_with(stem.as_bytes()) {
            return false;
        }
        let class = Class::from_code(*code);
        let named = class.given.max(class.surname) > Known::No;
        if class.rank == Rank::Clinical && !named && listed.len() <= word.len() + 2 {
            return true;
        }
        at += listed.len() + 2;
    }
    false
}

/// Whether a text is one word, in any case, of medicine or of everyday language.
pub fn is_known_word(text: &str) -> bool {
    class_of(text).is_word()
}

/// Folds and looks up.
pub(crate) fn class_of(text: &str) -> Class {
    let mut folded = String::with_capacity(text.len());
    fold::fold_into(text, &mut folded);
    class(&folded)
}

/// Where the words of each pair of first letters start.
fn index() -> &'static [u32] {
    static INDEX: OnceLock<Vec<u32>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let pairs = (b'a'..=b'z').flat_map(|a| (b'a'..=b'{').map(move |b| [a, b]));
        pairs
            .map(|pair| lower_bound(&pair, 0, DATA.len()) as u32)
            .collect()
    })
}

/// Where words were found, or would stand: texts say the same words again and again.
///
/// A place is only ever a hint, and checked each time, so threads may write over each other's.
static MET: [AtomicU32; 1 << MET_BITS] = [const { AtomicU32::new(0) }; 1 << MET_BITS];
const MET_BITS: u32 = 13;

/// The hash of Fowler, Noll and Vo, of which the high bits are the best.
fn hash(word: &[u8]) -> usize {
    let sum = word.iter().fold(0x811C_9DC5_u32, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    (sum.wrapping_mul(0x9E37_79B1) >> (32 - MET_BITS)) as usize
}

/// The bytes of the data in which a word can stand.
fn range(word: &[u8]) -> (usize, usize) {
    let [a @ b'a'..=b'z', b @ b'a'..=b'z', ..] = word else {
        return (0, DATA.len());
    };
    let slot = usize::from(a - b'a') * 27 + usize::from(b - b'a');
    (index()[slot] as usize, index()[slot + 1] as usize)
}

fn find(word: &[u8]) -> Option<u8> {
    if word.is_empty() || word.len() > 48 {
        return None;
    }
    let met = &MET[hash(word)];
    let mut at = met.load(Ordering::Relaxed) as usize;
    if !is_lower_bound(word, at) {
        let (from, to) = range(word);
        at = lower_bound(word, from, to);
        met.store(at as u32, Ordering::Relaxed);
    }
    let line = line_at(at)?;
    let (code, listed) = line.split_last()?;
    (listed == word).then_some(*code)
}

/// A line that is not below the word starts here, and the line before it is below.
fn is_lower_bound(word: &[u8], at: usize) -> bool {
    let below = |line: &[u8]| &line[..line.len().saturating_sub(1)] < word;
    let Some(before) = at.checked_sub(1) else {
        return line_at(0).is_some_and(|line| !below(line));
    };
    let start = DATA[..before].iter().rposition(|b| *b == b'\n');
    line_at(at).is_none_or(|line| !below(line))
        && below(&DATA[start.map_or(0, |at| at + 1)..before])
}

/// The line that starts at an offset.
fn line_at(at: usize) -> Option<&'static [u8]> {
    let rest = DATA.get(at..)?;
    let end = rest.iter().position(|b| *b == b'\n')?;
    Some(&rest[..end])
}

/// The offset of the first line not below a word.
fn lower_bound(word: &[u8], mut low: usize, mut high: usize) -> usize {
    while low < high {
        let middle = low + (high - low) / 2;
        let start = DATA[low..middle]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(low, |p| low + p + 1);
        let Some(line) = line_at(start) else {
            return low;
        };
        if &line[..line.len().saturating_sub(1)] < word {
            low = start + line.len() + 1;
        } else {
            high = start;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_sorted_and_every_line_is_found() {
        let lines: Vec<&[u8]> = DATA
            .split(|b| *b == b'\n')
            .filter(|l| !l.is_empty())
            .collect();
        assert!(lines.len() > 150_000);
        for pair in lines.windows(2) {
            assert!(pair[0][..pair[0].len() - 1] < pair[1][..pair[1].len() - 1]);
        }
        for line in lines.iter().step_by(7) {
            let (code, word) = line.split_last().unwrap();
            assert_eq!(find(word), Some(*code), "{}", String::from_utf8_lossy(word));
        }
        assert_eq!(find(b"zzzzzz"), None);
        assert_eq!(find(b""), None);
    }

    #[test]
    fn words_have_their_class() {
        assert!(class_of("CHEST").is_word());
        assert_eq!(class_of("thorax").rank, Rank::Clinical);
        assert!(class_of("Kowalczyk").surname > Known::No);
        assert!(class_of("Margaret").given > Known::No);
        assert!(class_of("Young").is_word());
        assert_eq!(class_of("Brown").surname, Known::Common);
        assert_eq!(class_of("Qwxzv"), Class::default());
    }
}
