//! [`List`]: a fixed list of words and beginnings of words, looked up by the first byte.

use std::sync::OnceLock;

/// A list written as one text, parted by blanks. `*` at the end of a word stands for any ending.
pub(super) struct List {
    text: &'static str,
    by_first: OnceLock<ByFirst>,
}

/// The words in the order of their first bytes, and where those of each first byte end.
struct ByFirst {
    known: Vec<(&'static str, Ending)>,
    ends: [u16; 256],
}

/// What may follow a word of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    None,
    Any,
}

impl List {
    pub(super) const fn new(text: &'static str) -> Self {
        Self {
            text,
            by_first: OnceLock::new(),
        }
    }

    /// A folded word is in the list.
    pub(super) fn has(&self, word: &str) -> bool {
        let Some(first) = word.bytes().next().map(usize::from) else {
            return false;
        };
        let ByFirst { known, ends } = self.by_first.get_or_init(|| ByFirst::of(self.text));
        let start = first.checked_sub(1).map_or(0, |before| ends[before]);
        let known = &known[usize::from(start)..usize::from(ends[first])];
        known.iter().any(|(known, ending)| match ending {
            Ending::Any => word.starts_with(known),
            Ending::None => word == *known,
        })
    }
}

impl ByFirst {
    fn of(text: &'static str) -> Self {
        let words = text.split_ascii_whitespace();
        let mut known: Vec<_> = words
            .map(|word| match word.strip_suffix('*') {
                Some(beginning) => (beginning, Ending::Any),
                None => (word, Ending::None),
            })
            .collect();
        known.sort_by_key(|(word, _)| word.bytes().next());
        let mut ends = [0; 256];
        for (first, end) in ends.iter_mut().enumerate() {
            let upto = known
                .partition_point(|(word, _)| word.bytes().next().map(usize::from) <= Some(first));
            // Lists have some hundred words.
            *end = u16::try_from(upto).unwrap_or(u16::MAX);
        }
        Self { known, ends }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_beginnings_with_any_ending() {
        static LIST: List = List::new("head neck* \u{5D0}\u{5D1}* eye");
        for word in ["head", "neck", "necks", "eye", "\u{5D0}\u{5D1}\u{5D2}"] {
            assert!(LIST.has(word), "{word}");
        }
        for word in ["", "heads", "nec", "a", "z", "\u{5D0}"] {
            assert!(!LIST.has(word), "{word}");
        }
    }
}
