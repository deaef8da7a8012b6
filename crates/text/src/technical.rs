//! Words that belong to nobody's vocabulary.
//!
//! Attributes outside the profile's table hold terms: kernels, sequences, filters, coils, image
//! types, labels. A name that somebody typed there stands nowhere else in the object and has no
//! title before it; what gives it away is that it is a word, written as one, and in no list of
//! English, medical, technical or standard words. Codes (`B30f`, `*tfl3d1`, `SSFSE`), short tokens
//! and everything glued to digits or marks are no words in this sense and stay. In prose the same
//! holds for capitalised words inside a sentence, and only where the lists cover the language:
//! German writes every noun with a capital, and its words are in no list here.

use crate::kinds::{Context, IdentifierKind, Span};
use crate::lexicon::{self, Rank};
use crate::names;
use crate::token::{Case, Kind};
use crate::view::View;

/// Letters a word needs at least, to be one and not an abbreviation.
const SHORTEST: usize = 5;
/// Bytes above which nobody writes two words as one: every cut of it would be looked up.
const LONGEST: usize = 40;

/// Finds words without a vocabulary.
pub(crate) fn find(view: &View<'_>, context: Context, spans: &mut Vec<Span>) {
    if context == Context::Prose && !vocabulary_covers(view) {
        return;
    }
    let words = (0..view.tokens.len()).filter(|at| view.kind(*at) == Some(Kind::Word));
    for at in words.filter(|at| stands_free(view, *at) && is_unknown(view, *at, context)) {
        let token = view.tokens[at];
        let rule = "a word in no vocabulary";
        spans.push(Span::new(
            token.start,
            token.end,
            IdentifierKind::PersonName,
            rule,
        ));
    }
}

/// The word is not a part of a code: blanks, punctuation of a sentence or nothing on both sides.
/// One number behind it is let pass: `Remark Kowalczyk3`.
fn stands_free(view: &View<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| view.token(at));
    let plain = |token: Option<&crate::token::Token>, marks: &[char]| {
        token.is_none_or(|token| match token.kind {
            Kind::Space | Kind::Newline => true,
            Kind::Mark => token.text(view.text).chars().all(|c| marks.contains(&c)),
            Kind::Word | Kind::Number => false,
        })
    };
    let after = match view.kind(at + 1) {
        Some(Kind::Number) => view.token(at + 2),
        _ => view.token(at + 1),
    };
    plain(before, &['(', '[', ',', ';', ':', '/', '-', '_', '"', '\''])
        && plain(
            after,
            &[
                ')', ']', ',', ';', ':', '.', '/', '-', '_', '"', '\'', '!', '?',
            ],
        )
}

/// Whether nearly all words of a text are known, so that one that is not means something.
fn vocabulary_covers(view: &View<'_>) -> bool {
    let words = (0..view.tokens.len())
        .filter(|at| view.kind(*at) == Some(Kind::Word) && view.tokens[*at].len() > 2);
    let (mut all, mut unknown) = (0, 0);
    for at in words {
        let class = view.class(at);
        all += 1;
        unknown += usize::from(class.rank == Rank::Unknown && !class.eponym);
    }
    unknown <= 1 + all / 8
}

/// A capital that its place does not ask for, and no code of capitals and small letters (`SUVmax`).
fn capital_means_something(view: &View<'_>, at: usize) -> bool {
    let word = view.tokens[at].text(view.text);
    let plain = word.chars().skip(1).all(char::is_lowercase);
    plain && !view.starts_sentence(at) && !names::stands_for_a_thing(view, at)
}

fn is_unknown(view: &View<'_>, at: usize, context: Context) -> bool {
    let (word, class) = (view.folded(at), view.class(at));
    let case = view.tokens[at].case;
    let named = match context {
        Context::Prose => case == Case::Title && capital_means_something(view, at),
        _ => matches!(case, Case::Title | Case::Upper),
    };
    named
        && word.chars().count() >= SHORTEST
        && class.rank == Rank::Unknown
        && !class.eponym
        && can_be_spoken(word)
        && !is_compound(word)
}

/// Two known words written as one, a medical or technical one among them: `BONEPLUS`.
fn is_compound(word: &str) -> bool {
    if word.len() > LONGEST {
        return false;
    }
    let cuts = word
        .char_indices()
        .map(|(at, _)| at)
        .filter(|at| *at >= 4 && word.len() - at >= 4);
    cuts.map(|at| word.split_at(at)).any(|(first, second)| {
        let (first, second) = (lexicon::class(first).rank, lexicon::class(second).rank);
        first.min(second) >= Rank::Ordinary && first.max(second) == Rank::Clinical
    })
}

/// Vowels stand often enough among the consonants: `Kowalczyk`, not `SSFSE` or `MPRAGE`'s like.
fn can_be_spoken(word: &str) -> bool {
    if !word.is_ascii() {
        // Other scripts are not written as codes.
        return true;
    }
    let (mut run, mut longest, mut vowels) = (0, 0, 0);
    for letter in word.bytes() {
        if matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y') {
            vowels += 1;
            run = 0;
        } else {
            run += 1;
            longest = longest.max(run);
        }
    }
    longest <= 4 && vowels * 5 >= word.len()
}

#[cfg(test)]
mod tests {
    use crate::{Cleaner, Context, Harvest};

    fn clean(text: &str, context: Context) -> String {
        let harvest = Harvest::new();
        Cleaner::new(&harvest)
            .clean(text, context)
            .text
            .into_owned()
    }

    #[test]
    fn a_word_in_no_vocabulary_goes_from_technical_labels() {
        for (text, stays) in [
            ("Std Vandermorov", "Std"),
            ("STD OKWUDIRE", "STD"),
            ("KOLARIVIC", ""),
            ("Body coil Brzezinskaya", "Body coil"),
        ] {
            assert_eq!(clean(text, Context::Technical), stays, "{text}");
        }
    }

    #[test]
    fn terms_and_codes_stay_in_technical_labels() {
        for text in [
            "B30f",
            "STANDARD",
            "BONEPLUS",
            "*tfl3d1_16ns",
            "epfid2d1_64",
            "SSFSE",
            "Qr40d\\3",
            "FC52",
            "OSEM3D 4i16s",
            "3D Kinahan - Rogers",
            "HEAD FIRST",
            "ALUMINUM",
            "MOLYBDENUM",
            "DERIVED",
            "AXIAL",
            "LOCALIZER",
            "REFORMATTED",
            "AVERAGE",
            "M_FFE",
            "PROJECTION IMAGE",
            "CSA MPR",
            "INTRAVENOUS",
            "Body Flex",
            "Head/Neck 20",
            "TxRx Head",
            "Ramp",
            "Butterworth",
            "Hann",
        ] {
            assert_eq!(clean(text, Context::Technical), text, "{text}");
        }
    }

    #[test]
    fn in_prose_only_capitalised_words_without_a_vocabulary_go() {
        assert_eq!(clean("Remark Vandermorovi 3", Context::Prose), "Remark 3");
        let text = "No contrast was given because of renal impairment.";
        assert_eq!(clean(text, Context::Prose), text);
    }
}
