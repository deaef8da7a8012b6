//! Names of the object with a slip of the pen: one letter more, less or other, or two exchanged.
//!
//! Only long names, and only words in no list: at this length a slip makes another name, and
//! hardly ever a word. Unknown words are few and so are the names of an object, and unequal
//! lengths end a comparison at once, so that an ordinary text pays nothing for it.

use super::Found;
use crate::harvest::{Folded, Role, Strength};
use crate::kinds::IdentifierKind;
use crate::lexicon::Rank;
use crate::view::View;

/// Letters a name needs at least, for a word beside it to be taken for it.
const SHORTEST: usize = 8;

/// A word that is one slip away from a name of the object.
pub(super) fn misspelt(view: &View<'_>, at: usize) -> Found {
    let (word, class) = (view.folded(at), view.class(at));
    if word.len() + 1 < SHORTEST || class.rank != Rank::Unknown || class.eponym {
        return None;
    }
    let long = |needle: &&Folded| {
        needle.kind == IdentifierKind::PersonName
            && needle.role == Role::NamePart
            && needle.strength == Strength::Strong
            && needle.len >= SHORTEST
            && needle.len.abs_diff(word.len()) < 2
    };
    let mut names = view.harvest.folded().iter().filter(long);
    names
        .any(|name| one_slip(word.as_bytes(), view.harvest.folded_text(name).as_bytes()))
        .then_some((at, at + 1, "misspelt name"))
}

/// Whether two words of ASCII letters differ by one insertion, omission, exchange or transposition.
fn one_slip(one: &[u8], other: &[u8]) -> bool {
    if !one.is_ascii() || !other.is_ascii() {
        return false;
    }
    let same = |(a, b): &(&u8, &u8)| a == b;
    let head = one.iter().zip(other).take_while(same).count();
    let (one, other) = (&one[head..], &other[head..]);
    let tail = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(same)
        .count();
    match (&one[..one.len() - tail], &other[..other.len() - tail]) {
        ([a, b], [c, d]) => a == d && b == c,
        (a, b) => a.len() < 2 && b.len() < 2,
    }
}

#[cfg(test)]
mod tests {
    use super::one_slip;

    #[test]
    fn one_slip_is_one() {
        for near in [
            "zwyxenhff",
            "zwyxenho",
            "zwyxenhoff",
            "wyxenhof",
            "zywxenhof",
            "zwyxxenhof",
        ] {
            assert!(one_slip(near.as_bytes(), b"zwyxenhof"), "{near}");
        }
        for far in [
            "zwyxenhe",
            "zxywenhof",
            "zwyxenhofer",
            "zwoxenhef",
            "xwyzenhof",
        ] {
            assert!(!one_slip(far.as_bytes(), b"zwyxenhof"), "{far}");
        }
    }
}
