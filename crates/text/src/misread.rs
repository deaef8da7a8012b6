//! [`Misread`]: the identifiers of a harvest in a text that was read off a picture.
//!
//! A reader of pictures takes `O` for `0` and drops a letter here and there. Needle and text are
//! brought to one alphabet in which such pairs are the same, and a part of the text counts when it
//! is the needle but for one letter in four (Sellers, "The theory and computation of evolutionary
//! distances", 1980).

use zeroize::Zeroizing;

use crate::fold;
use crate::harvest::{Harvest, Strength};
use crate::kinds::IdentifierKind;

/// The harvest as it is looked for in texts read off pictures. Made once an object.
pub struct Misread {
    needles: Vec<Needle>,
}

struct Needle {
    letters: Zeroizing<Vec<char>>,
    errors: usize,
}

/// Needles shorter than this stand in too many words.
const SHORTEST: usize = 4;

impl std::fmt::Debug for Misread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Misread({} needles)", self.needles.len())
    }
}

impl Misread {
    /// The strong needles of a harvest: words and codes that mean nobody but the person.
    pub fn new(harvest: &Harvest) -> Self {
        let strong = harvest
            .needles()
            .filter(|needle| needle.strength == Strength::Strong)
            .filter(|needle| needle.kind != IdentifierKind::DeviceSerial);
        let needles = strong.filter_map(|needle| {
            let letters = Zeroizing::new(alike(needle.text));
            let digits = letters.iter().any(char::is_ascii_digit);
            let errors = letters.len() / if digits { 6 } else { 4 };
            (letters.len() >= SHORTEST).then_some(Needle { letters, errors })
        });
        Self {
            needles: needles.collect(),
        }
    }

    /// Whether a text that was read off a picture names the person.
    pub fn is_in(&self, text: &str) -> bool {
        let text = Zeroizing::new(alike(text));
        self.needles
            .iter()
            .any(|needle| stands_in(&needle.letters, &text, needle.errors))
    }
}

/// Letters and digits only, folded, those that readers take for each other made one.
fn alike(text: &str) -> Vec<char> {
    let folded = Zeroizing::new(fold::squeezed(text));
    let one = |c: char| match c {
        'o' | 'q' => '0',
        'i' | 'l' | 'j' | '|' | '!' => '1',
        'z' => '2',
        's' => '5',
        'b' => '8',
        'g' => '9',
        other => other,
    };
    folded.chars().map(one).collect()
}

/// Whether a part of the text is the needle but for some errors (left out, put in, exchanged).
fn stands_in(needle: &[char], text: &[char], errors: usize) -> bool {
    // The distances of the needle's beginnings to parts of the text that end here.
    let mut row: Vec<usize> = (0..=needle.len()).collect();
    for letter in text {
        let mut corner = row[0];
        for at in 1..=needle.len() {
            let same = corner + usize::from(needle[at - 1] != *letter);
            corner = row[at];
            row[at] = same.min(row[at] + 1).min(row[at - 1] + 1);
        }
        if row[needle.len()] <= errors {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misread() -> Misread {
        let mut harvest = Harvest::new();
        harvest.add(IdentifierKind::PersonName, "Okonkwo^Beatrix");
        harvest.add(IdentifierKind::PatientId, "MRN-40718");
        Misread::new(&harvest)
    }

    #[test]
    fn a_name_is_known_with_letters_misread() {
        let misread = misread();
        for text in [
            "OKONKWO",
            "0k0nkwo, B.",
            "Okonlwo Beatr1x",
            "xx BEATRX 12",
            "MRN 4O7l8",
        ] {
            assert!(misread.is_in(text), "{text}");
        }
    }

    #[test]
    fn marks_and_other_words_are_not_the_person() {
        let misread = misread();
        for text in [
            "",
            "L",
            "DEPTH 15 cm",
            "MI 0.9",
            "supine",
            "kVp 110",
            "MRN 99123",
        ] {
            assert!(!misread.is_in(text), "{text}");
        }
        assert_eq!(format!("{misread:?}").matches("Okon").count(), 0);
    }
}
