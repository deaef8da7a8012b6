//! Ages over 89, in figures and in words.

use super::Find;
use crate::kinds::{Context, IdentifierKind, Span};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Words that make a number an age.
static YEARS: Words = Words::new(
    "yo yr yrs year years jahre jahrige jahriger jahrigen ans anos anni jaar yom yof ar år лет \
     года год 岁 歳 才 세",
);

/// Words for a person behind an age: `95 female`.
static SEXES: Words = Words::new("female male woman man lady gentleman");

/// Words for somebody of that age.
static NONAGENARIANS: Words = Words::new(
    "nonagenarian nonagenarians centenarian nonagenaire nonagenaria nonagenario novantenne \
     neunzigjahrig neunzigjahrige neunzigjahriger",
);

/// Tens and hundreds that make an age over 89, before `years`.
static NINETIES: Words = Words::new("ninety hundred");

/// Words before the age in Polish, where `lat` is years; elsewhere it is a side.
static POLISH: Words =
    Words::new("wiek wieku pacjent pacjentka pacjenta pacjentki chory chora kobieta mezczyzna ma");

/// `ninety-four years old`, `nonagenarian`
pub(super) fn spelled(view: &View<'_>, spans: &mut Vec<Span>) {
    for at in 0..view.tokens.len() {
        let word = view.folded(at);
        let end = if NONAGENARIANS.has(word) {
            Some(at + 1)
        } else if NINETIES.has(word) {
            in_words(view, at)
        } else {
            None
        };
        if let Some(end) = end {
            spans.push(Span::new(
                view.tokens[at].start,
                view.tokens[end - 1].end,
                IdentifierKind::Age,
                "age over 89",
            ));
        }
    }
}

/// The index after `ninety-four`, where years follow.
fn in_words(view: &View<'_>, at: usize) -> Option<usize> {
    let joint =
        |i: usize| usize::from(view.kind(i) == Some(Kind::Space) || view.mark(i) == Some(b'-'));
    let unit = at + 1 + joint(at + 1);
    let ones = matches!(
        view.folded(unit),
        "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine"
    );
    let end = if ones { unit + 1 } else { at + 1 };
    let years = end + joint(end);
    let aged = matches!(view.folded(years), "year" | "years" | "yo" | "yr" | "yrs")
        && (view.folded(at) == "ninety" || view.folded(years + 2) == "old");
    (aged && years > end).then_some(end)
}

/// Ages over 89: `92 y/o`, `95-year-old`, `aged 93`, `91 Jahre`.
pub(super) fn age(view: &View<'_>, at: usize, context: Context) -> Option<Find> {
    let (value, digits) = view.number(at)?;
    let glued = at > 0 && matches!(view.kind(at - 1), Some(Kind::Word));
    let value = if digits <= 3 && !glued {
        value
    } else {
        return None;
    };
    if !(90..=125).contains(&value)
        || view.mark(at + 1) == Some(b'+')
        || at > 0 && matches!(view.mark(at - 1), Some(b'.' | b'-' | b'/' | b'+'))
    {
        return None;
    }
    let next = at
        + 1
        + usize::from(view.kind(at + 1) == Some(Kind::Space) || view.mark(at + 1) == Some(b'-'));
    let word = view.folded(next);
    let years = YEARS.has(word) || word == "y" && (view.mark(next + 1) == Some(b'/') || value > 90);
    let aged = matches!(
        view.word_before(at),
        "aged" | "age" | "alter" | "edad" | "eta" | "leeftijd" | "idade" | "wiek"
    );
    let opened = at == 0 || view.starts_sentence(at);
    let sexed = context == Context::Prose
        && next == at + 1
        && matches!(word, "f" | "m")
        && view.case(next) == Case::Upper
        && (91..=104).contains(&value)
        && (opened || view.folded(next + 2) == "with" || view.mark(next + 1) == Some(b','));
    let told = context == Context::Prose
        && value <= 110
        && (abbreviated(view, at, next) || of_person(view, at, next, opened));
    (years || aged || sexed || told).then_some(Find::Gone(
        at,
        at + 1,
        IdentifierKind::Age,
        "age over 89",
    ))
}

/// `95 j. Pat.` in German, `95 lat` in Polish.
fn abbreviated(view: &View<'_>, at: usize, next: usize) -> bool {
    match view.folded(next) {
        "j" => view.case(next) == Case::Lower && view.mark(next + 1) == Some(b'.'),
        "lat" => POLISH.has(view.word_before(at)) || view.text.contains(['ł', 'ą', 'ę', 'ś', 'ż']),
        _ => false,
    }
}

/// `95 female` where a sentence starts, `(95) female`.
fn of_person(view: &View<'_>, at: usize, next: usize, opened: bool) -> bool {
    if SEXES.has(view.folded(next)) && next == at + 2 {
        return opened;
    }
    at > 0
        && view.mark(at - 1) == Some(b'(')
        && view.mark(at + 1) == Some(b')')
        && SEXES.has(view.folded(at + 3))
}
