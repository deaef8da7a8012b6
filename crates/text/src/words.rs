//! [`Words`]: a list of words written as one text, with a lookup that does not grow with it.

use std::collections::HashSet;
use std::sync::OnceLock;

/// A fixed list of folded words. The lookup is made on the first use.
pub(crate) struct Words {
    text: &'static str,
    set: OnceLock<HashSet<&'static str>>,
}

impl Words {
    /// A list from words parted by blanks.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self {
            text,
            set: OnceLock::new(),
        }
    }

    /// Whether a folded word is in the list.
    pub(crate) fn has(&self, word: &str) -> bool {
        !word.is_empty() && self.set().contains(word)
    }

    /// The words of the list.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.text.split_ascii_whitespace()
    }

    fn set(&self) -> &HashSet<&'static str> {
        self.set.get_or_init(|| self.iter().collect())
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
