//! [`Words`]: a list of words written as one text, with a lookup that does not grow with it.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

type Set = HashSet<&'static str, BuildHasherDefault<Fnv>>;

/// The hash of Fowler, Noll and Vo: the words are short and our own, nobody can flood them.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The longest word that is looked up at all.
const LONGEST: usize = 32;

/// A fixed list of folded words. The lookup is made on the first use.
pub(crate) struct Words {
    text: &'static str,
    lookup: OnceLock<Lookup>,
}

/// The words, and which lengths those with each first byte have: most words that are asked for
/// are in no list, and that is seen without a hash.
struct Lookup {
    set: Set,
    lengths: [u32; 256],
}

impl Lookup {
    fn of(words: impl Iterator<Item = &'static str>) -> Self {
        let mut lookup = Self {
            set: Set::default(),
            lengths: [0; 256],
        };
        for word in words.filter(|word| word.len() <= LONGEST) {
            lookup.lengths[usize::from(word.as_bytes()[0])] |= 1 << (word.len() - 1);
            lookup.set.insert(word);
        }
        lookup
    }

    fn has(&self, word: &str) -> bool {
        let may_be = |first: &u8| self.lengths[usize::from(*first)] >> (word.len() - 1) & 1 == 1;
        word.as_bytes().first().is_some_and(may_be) && self.set.contains(word)
    }
}

impl Words {
    /// A list from words parted by blanks.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self {
            text,
            lookup: OnceLock::new(),
        }
    }

    /// Whether a folded word is in the list.
    pub(crate) fn has(&self, word: &str) -> bool {
        !word.is_empty() && word.len() <= LONGEST && self.lookup().has(word)
    }

    /// The words of the list.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.text.split_ascii_whitespace()
    }

    fn lookup(&self) -> &Lookup {
        self.lookup.get_or_init(|| Lookup::of(self.iter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_words_and_no_others() {
        static LIST: Words = Words::new("one two\n three");
        assert!(LIST.has("one") && LIST.has("three"));
        assert!(!LIST.has("") && !LIST.has("one two") && !LIST.has("four"));
    }
}
