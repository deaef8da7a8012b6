//! Words that belong to nobody's vocabulary.
//!
//! Attributes outside the profile's table hold terms: kernels, sequences, filters, coils, image
//! types, labels. A name that somebody typed there stands nowhere else in the object and has no
//! title before it; what gives it away is that it is a word, written as one, and in no list of
//! English, medical, technical or standard words. Codes (`B30f`, `*tfl3d1`, `SSFSE`), short tokens
//! and everything glued to digits or marks are no words in this sense and stay. In prose the same
//! holds for capitalised words inside a sentence, and only where the lists cover the language:
//! German writes every noun with a capital, and its words are in no list here.

use crate::cues;
use crate::kinds::{Context, IdentifierKind, Span};
use crate::lexicon::{self, Known, Rank};
use crate::names;
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Letters a word needs at least, to be one and not an abbreviation.
const SHORTEST: usize = 5;
/// Bytes above which nobody writes two words as one: every cut of it would be looked up.
const LONGEST: usize = 40;

/// Finds words without a vocabulary.
pub(crate) fn find(view: &View<'_>, context: Context, spans: &mut Vec<Span>) {
    let counts = if context == Context::Prose {
        Counts::new(view)
    } else {
        Counts::default()
    };
    let wanted = |at: usize| {
        stands_free(view, at)
            && (context != Context::Prose || english(view, counts, at))
            && is_unknown(view, at, context, counts)
    };
    let words = (0..view.tokens.len()).filter(|at| view.kind(*at) == Some(Kind::Word));
    for at in words.filter(|at| wanted(*at)) {
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
    plain(
        before,
        &['(', '[', ',', ';', ':', '/', '\\', '-', '_', '"', '\''],
    ) && plain(
        after,
        &[
            ')', ']', ',', ';', ':', '.', '/', '\\', '-', '_', '"', '\'', '!', '?',
        ],
    )
}

/// Small words of other languages, which have no place in an English text.
static FOREIGN: Words = Words::new(
    "nach und mit ohne bei beim der das dem des zum zur eine einer einem nicht wird wurde ist sind \
     kein keine auf aus oder sowie von vom im am avec sans les dans une est pas chez het een niet \
     geen voor zonder naar og uten ikke etter och utan efter com sem uma após con los las del della \
     dei nel senza después degli",
);

/// Small words of English that the clinical lists hold.
static ENGLISH: Words = Words::new("with without and or for the of after no left right rule out");

/// Whether the words of a text, but the one in question, are English ones, so that this one means
/// something: in German every noun has a capital, and most of its words are in no list here.
fn english(view: &View<'_>, counts: Counts, at: usize) -> bool {
    let own = Counts::of(view, at);
    let (all, known) = (counts.all - own.all, counts.known - own.known);
    // More than one word in no list, or any in small letters, tells another language.
    let covered = counts.all <= 1 + counts.known + counts.all / 8;
    let proved = all == 0 || counts.english;
    !counts.foreign && proved && covered && known * 2 >= all
}

/// How many words a text has, and how many of them the lexicon knows.
#[derive(Clone, Copy, Default)]
struct Counts {
    all: usize,
    known: usize,
    foreign: bool,
    /// A word of everyday English is there; the clinical lists hold other languages too.
    english: bool,
}

impl Counts {
    fn new(view: &View<'_>) -> Self {
        let mut counts = Self::default();
        for at in 0..view.tokens.len() {
            let one = Counts::of(view, at);
            counts.all += one.all;
            counts.known += one.known;
            counts.foreign |= one.foreign;
            counts.english |= one.english;
        }
        counts
    }

    /// What one token adds.
    fn of(view: &View<'_>, at: usize) -> Self {
        let token = view.tokens[at];
        if token.kind != Kind::Word {
            return Self::default();
        }
        let (word, class) = (view.folded(at), view.class(at));
        let lower = view.case(at) == Case::Lower;
        let marked = lower && word.len() != token.len() && token.len() > 2;
        let counted = usize::from(token.len() > 2);
        Self {
            all: counted,
            known: counted * usize::from(class.is_word() || class.eponym),
            foreign: lower && (marked || FOREIGN.has(word)),
            english: class.rank == Rank::Ordinary || ENGLISH.has(word),
        }
    }
}

/// A capital that its place does not ask for, and no code of capitals and small letters (`SUVmax`).
fn capital_means_something(view: &View<'_>, at: usize, counts: Counts) -> bool {
    let word = view.tokens[at].text(view.text);
    let plain = word.chars().skip(1).all(char::is_lowercase);
    plain && (counts.all == 1 || !view.starts_sentence(at)) && !names::stands_for_a_thing(view, at)
}

fn is_unknown(view: &View<'_>, at: usize, context: Context, counts: Counts) -> bool {
    let (word, class) = (view.folded(at), view.class(at));
    let case = view.tokens[at].case;
    let named = match context {
        Context::Prose => case == Case::Title && capital_means_something(view, at, counts),
        _ => matches!(case, Case::Title | Case::Upper),
    };
    named
        && word.chars().count() >= SHORTEST
        && class.rank == Rank::Unknown
        && !class.eponym
        && !cues::is_cue(word)
        && can_be_spoken(word)
        && !lexicon::has_clinical_kin(word)
        && !is_compound(word, case)
}

/// Forms that Greek and Latin compounds start with, which no list of whole words can end.
static COMBINING: Words = Words::new(
    "neuro cardio ortho onco angio gastro hepato nephro pneumo cranio spondyl encephal arthro \
     osteo broncho laryngo pharyng urolog gynaeco gyneco obstetr paediatr pediatr radiolog \
     mammo thoraco abdomin poly vascul coronar",
);

/// Whether a word in no list is a term all the same: a compound (also `MSProtocol`), a combining
/// form at its start, or an abbreviation in capitals.
pub(crate) fn is_term(view: &View<'_>, at: usize) -> bool {
    let (word, text) = (view.folded(at), view.tokens[at].text(view.text));
    let upper = view.case(at) == Case::Upper;
    // `DSCTCoronary`: capitals, and a word that is written with one.
    let capitals = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let tail = capitals
        .checked_sub(1)
        .filter(|cut| *cut > 0)
        .and_then(|cut| text.get(cut..));
    is_compound(word, view.case(at))
        || tail.is_some_and(|tail| lexicon::class_of(tail).is_word())
        || COMBINING
            .iter()
            .any(|form| word.len() > form.len() && word.starts_with(form))
        || upper && (word.len() < 4 || !can_be_spoken(word))
}

/// What English family names end in, known words that they are.
static NAME_ENDINGS: Words = Words::new(
    "wood woods field fields stone brook brooks land well wells hill hills worth water waters \
     bridge house green side ridge gate head ham shaw bank wall tree",
);

/// Two known words written as one, a medical or technical one among them: `BONEPLUS`. In capitals,
/// as defined terms are written, one or two letters may stand before or after a clinical word:
/// `TRACEW`, `CTSPINE`.
fn is_compound(word: &str, case: Case) -> bool {
    if word.len() > LONGEST {
        return false;
    }
    let cuts = word.char_indices().map(|(at, _)| at).skip(1);
    cuts.map(|at| word.split_at(at)).any(|(first, second)| {
        match (first.len().min(second.len()), case) {
            (4.., _) => {
                let (one, two) = (lexicon::class(first).rank, lexicon::class(second).rank);
                one.min(two) >= Rank::Ordinary
                    && one.max(two) == Rank::Clinical
                    && !NAME_ENDINGS.has(second)
            }
            (1 | 2, Case::Upper) => {
                let long = if first.len() > second.len() {
                    first
                } else {
                    second
                };
                let class = lexicon::class(long);
                let named = class.surname.max(class.given) > Known::No;
                long.len() >= 5 && class.rank == Rank::Clinical && !named
            }
            _ => false,
        }
    })
}

/// Vowels stand often enough among the consonants: `Kowalczyk`, not `SSFSE` or `MPRAGE`'s like.
pub(crate) fn can_be_spoken(word: &str) -> bool {
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
    // `FRFSE`: four consonants in a word of five letters are no syllable.
    longest <= word.len().saturating_sub(2).min(4) && vowels * 5 >= word.len()
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
            "Sag T2 FRFSE",
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
