//! Harvested identifiers that are ordinary words or short numbers: whether they mean the person
//! in the place where they stand.
//!
//! A patient may be called Head, Young, May or Brown. Words that radiology does not use (`Baker`,
//! `Rose`) mean the person wherever they are written as a name; a part of a name that radiology
//! does use goes only
//! - next to another part of the name or another harvested identifier of a person,
//! - after a title or a word that announces a person (`Dr`, `operator`, `read by`),
//! - where it is no clinical word: capitalised as the subject of what people do (`Young reports`),
//!   or capitalised after `for`, `with`, `patient` at the end of a phrase,
//! - alone among the words of an examination, in brackets, or before what only people do (see
//!   `standing`),
//! - capitalised behind the name of a sequence written in another way (`t1_mprage_sag Head`).
//!
//! Everywhere else the word is taken for what it says, and stays.

use zeroize::Zeroizing;

use crate::cues::{self, Cue};
use crate::fold;
use crate::harvest::code;
use crate::kinds::{Context, IdentifierKind, Span};
use crate::lexicon::Rank;
use crate::matcher::{Certainty, Hit};
use crate::numbers;
use crate::standing;
use crate::token::{self, Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Words for a person that stand before other things as well.
static DOUBTFUL_CUES: Words =
    Words::new("patient pat pt op contact fellow von da do por seen note");

/// What people do.
static ACTS: Words =
    Words::new("reports states denies says complains presented has is was lives presents");

/// What is said of a patient by name: `patient Head seen`, `pt Head will return`.
static TREATED: Words = Words::new(
    "reports states denies says complains presented has is was lives presents seen came had will \
     arrived called asked reported stated denied notes informed admitted discharged returned",
);

/// Words for the patient.
static PATIENTS: Words = Words::new("patient pat pt patientin paciente paziente");

/// Whether a hit counts.
pub(crate) fn counts(view: &View<'_>, hits: &[Hit], index: usize, context: Context) -> bool {
    let hit = &hits[index];
    let Some(first) = token_at(view, hit.span.start) else {
        return true;
    };
    match hit.certainty {
        Certainty::Certain => true,
        Certainty::ShortCode => {
            let last = token_at(view, hit.span.end - 1).unwrap_or(first);
            short_code(view, hits, index, (first, last))
        }
        Certainty::OrdinaryWord(rank) if context == Context::Coded && rank >= Rank::Ordinary => {
            false
        }
        Certainty::OrdinaryWord(rank) => {
            let last = token_at(view, hit.span.end - 1).unwrap_or(first);
            if hit.span.kind == IdentifierKind::PersonName {
                person(view, hits, index, (first, last), rank, context)
            } else {
                several_words(view, (first, last)) && rank < Rank::Clinical
            }
        }
    }
}

/// What goes with a hit that counts: the `'s` of a person's name is a part of it.
pub(crate) fn extent(view: &View<'_>, hit: &Hit) -> Span {
    let mut span = hit.span;
    let next = token_at(view, span.end).filter(|_| span.kind == IdentifierKind::PersonName);
    if let Some(at) = next.filter(|at| view.tokens[*at].start == span.end && possessive(view, *at))
    {
        span.end = view.tokens[at + 1].end;
    }
    span
}

/// The token that holds a byte.
fn token_at(view: &View<'_>, byte: usize) -> Option<usize> {
    let index = view.tokens.partition_point(|t| t.end <= byte);
    (index < view.tokens.len()).then_some(index)
}

fn several_words(view: &View<'_>, (first, last): (usize, usize)) -> bool {
    last > first + 1 && view.case(first) != Case::Lower
}

fn person(
    view: &View<'_>,
    hits: &[Hit],
    index: usize,
    (first, last): (usize, usize),
    rank: Rank,
    context: Context,
) -> bool {
    // A word that radiology has no use for (`Baker`, `Rose`) means the person, where it is
    // written as a name; a name of two letters never means more than its place says.
    let span = hits[index].span;
    let written = &view.text[span.start..span.end];
    // A family name of one Han character: a word of its own, where no other stands beside it.
    if written.starts_with(token::is_cjk) && written.chars().nth(1).is_none() {
        return view.tokens[first].len() == written.len();
    }
    let long = view.tokens[last].end - view.tokens[first].start > 2;
    let everyday = context == Context::Prose && view.case(first) != Case::Title;
    let glued = matches!(view.kind(last + 1), Some(Kind::Number | Kind::Word))
        || first > 0 && matches!(view.kind(first - 1), Some(Kind::Number | Kind::Word));
    let small = view.case(first) == Case::Lower && (glued || view.tokens[first].len() < 4);
    if rank == Rank::Ordinary && long && !everyday && !small {
        return true;
    }
    if view.case(first) == Case::Lower {
        return false;
    }
    if rank < Rank::Ordinary && view.case(first) == Case::Title {
        return true;
    }
    if beside_certain(view, hits, index)
        || view.case(first) == Case::Title && possessive(view, last + 1)
    {
        return true;
    }
    let word = view.index_before(first);
    let cue = word.and_then(|w| cues::cue_at(view, w).map(|c| (w, c)));
    let title = view.case(first) == Case::Title;
    let clinical = rank == Rank::Clinical;
    match cue {
        Some((w, Cue::Title)) => {
            let modality = view.case(w) == Case::Upper && view.mark(w + 1) != Some(b'.');
            if !modality || !clinical && !matches!(view.folded(w), "mr" | "ms") {
                return true;
            }
        }
        Some((w, Cue::Person)) => {
            let patient = DOUBTFUL_CUES.has(view.folded(w));
            let colon = view.mark(w + 1) == Some(b':');
            let spoken = PATIENTS.has(view.folded(w)) && title;
            let said = phrase_ends(view, last + 1) && view.mark(last + 1) != Some(b':')
                || TREATED.has(view.folded(last + 2))
                || standing::is_patient_who(view, last);
            if spoken && said {
                return true;
            }
            if !patient || colon && !clinical || title && !clinical && phrase_ends(view, last + 1) {
                return true;
            }
        }
        // `Exam of Head` for a patient called Head: either reading is possible, and one is a leak.
        Some((_, Cue::Weak)) if title && phrase_ends(view, last + 1) => return true,
        _ => {}
    }
    if first == last && standing::is_name(view, first, rank, context) {
        return true;
    }
    if title && after_code(view, first) && phrase_ends(view, last + 1) {
        return true;
    }
    let next = view.folded(last + 2);
    let acts = ACTS.has(next);
    context == Context::Prose
        && title
        && acts
        && (!clinical || matches!(next, "reports" | "states" | "denies" | "says"))
}

/// The word was put behind the name of a sequence, in another way of writing: `t1_mprage_sag Head`.
fn after_code(view: &View<'_>, first: usize) -> bool {
    let Some(word) = view.index_before(first) else {
        return false;
    };
    view.case(word) == Case::Lower && word > 0 && view.mark(word - 1) == Some(b'_')
}

/// Next to a certain hit, with nothing but blanks and marks of a name between. A hit that holds
/// the word already (`HEAD, HEAD^PAT`) is whole without it.
fn beside_certain(view: &View<'_>, hits: &[Hit], index: usize) -> bool {
    let hit = &hits[index];
    let close = |from: usize, to: usize| {
        from <= to
            && to - from <= 3
            && view.text[from..to]
                .chars()
                .all(|c| matches!(c, ' ' | ',' | '^' | '.' | '_' | '-'))
    };
    let own = fold::squeezed(&view.text[hit.span.start..hit.span.end]);
    let person = |h: &Hit| {
        h.certainty == Certainty::Certain
            && h.span.kind == IdentifierKind::PersonName
            && !fold::squeezed(&view.text[h.span.start..h.span.end]).contains(&own)
    };
    let before = index
        .checked_sub(1)
        .map(|i| &hits[i])
        .is_some_and(|h| person(h) && close(h.span.end, hit.span.start));
    let after = hits
        .get(index + 1)
        .is_some_and(|h| person(h) && close(hit.span.end, h.span.start));
    before || after
}

/// `'s` after a word: it owns something.
fn possessive(view: &View<'_>, at: usize) -> bool {
    let mark = view
        .token(at)
        .is_some_and(|t| matches!(t.text(view.text), "'" | "\u{2019}"));
    mark && view.case(at + 1) == Case::Lower && view.folded(at + 1) == "s"
}

fn phrase_ends(view: &View<'_>, at: usize) -> bool {
    let next = if view.kind(at) == Some(Kind::Space) {
        at + 1
    } else {
        at
    };
    matches!(view.kind(next), None | Some(Kind::Newline))
        || matches!(view.mark(next), Some(b'.' | b',' | b';' | b')' | b':'))
}

/// A short code of the object: after a label at any length, beside the person, and where a code of
/// a patient or an order stands apart and is nothing that radiology writes.
fn short_code(view: &View<'_>, hits: &[Hit], index: usize, (first, last): (usize, usize)) -> bool {
    let span = hits[index].span;
    let code = Zeroizing::new(fold::squeezed(&view.text[span.start..span.end]));
    let digit = code.bytes().any(|b| b.is_ascii_digit());
    let apart = stands_apart(view, first, last);
    let measured = numbers::followed_by_unit(view, last + 1);
    if labelled(view, first, digit && code.len() > 2, measured) && apart
        || digit && beside_certain(view, hits, index)
    {
        return true;
    }
    if span.kind == IdentifierKind::DeviceSerial {
        let whole = !view.text[span.start..span.end].contains(['-', '_', ' ']);
        return apart && !measured && whole && code::tells_station(&code);
    }
    let stated = matches!(
        span.kind,
        IdentifierKind::PatientId | IdentifierKind::AccessionNumber
    );
    if !stated {
        return several_words(view, (first, last)) && !code::is_technical(&code);
    }
    apart && !measured && !setting(view, first, last) && code::tells_alone(&code)
}

/// Words a number belongs to that are no label of an identifier.
static SETTINGS: Words = Words::new(
    "te tr ti tau fa b fov kvp hu ww wl wc ts size matrix version ver v snomed sct cpt icd loinc \
     rid radlex srt umls fma",
);

/// Labels of a code; what follows them is one, however short it is.
static LABELS: Words = Words::new("id no nr num number nummer");

/// Whether a label stands before a code. A label that is a word of its own (`patient`, `case`)
/// counts before a `telling` code, or with a mark behind it.
fn labelled(view: &View<'_>, first: usize, telling: bool, measured: bool) -> bool {
    let mark = first.checked_sub(1).and_then(|i| view.mark(i));
    if mark == Some(b'#')
        || mark == Some(b'-')
            && first > 1
            && numbers::is_label(view.folded(first - 2), IdentifierKind::PatientId)
    {
        return true;
    }
    let Some(word) = view.index_before(first) else {
        return false;
    };
    let marked = (word + 1..first).any(|i| matches!(view.mark(i), Some(b':' | b'=' | b'#')));
    let label = view.folded(word);
    let sure = marked || LABELS.has(label) || numbers::is_label(label, IdentifierKind::PatientId);
    numbers::is_labelled(view, first) && (sure || telling && !measured)
}

/// No letter or digit is glued to the code, and it is no part of a decimal.
fn stands_apart(view: &View<'_>, first: usize, last: usize) -> bool {
    let glued = |i: Option<usize>| {
        i.and_then(|i| view.kind(i))
            .is_some_and(|k| matches!(k, Kind::Word | Kind::Number))
    };
    let point = |mark: usize, digit: Option<usize>| {
        matches!(view.mark(mark), Some(b'.' | b','))
            && digit.and_then(|i| view.kind(i)) == Some(Kind::Number)
    };
    let letters = glued(first.checked_sub(1)) || glued(Some(last + 1));
    let decimal =
        point(last + 1, Some(last + 2)) || first > 0 && point(first - 1, first.checked_sub(2));
    !letters && !decimal
}

/// The number of a setting (`TE 4711`), or a side of a matrix (`4711 x 512`).
fn setting(view: &View<'_>, first: usize, last: usize) -> bool {
    let after = last + 1 + usize::from(view.kind(last + 1) == Some(Kind::Space));
    let times = |i: usize| {
        matches!(view.folded(i), "x")
            || view.mark(i) == Some(b'*')
            || view.token(i).is_some_and(|t| t.text(view.text) == "\u{d7}")
    };
    let before = view.index_before(first);
    before.is_some_and(|i| SETTINGS.has(view.folded(i)) || times(i)) || times(after)
}
