//! Days and weeks in rarer shapes: after a word that announces a day, with a Roman month, by week.

use super::{Date, Digits, Found, MONTH_CUES, measured, skip};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Words after which the name of a month and a number are a day, in any order.
static TOLD: Words = Words::new(
    "on since until till dated date dob born am vom seit bis le du depuis el desde del il dal edd \
     lmp admitted discharged admission discharge",
);

/// Words after which `6/11` is a day, unless it is a grade of strength.
static CALENDAR: Words = Words::new(
    "edd lmp lnmp admitted discharged admission discharge seit depuis desde dal until till",
);

/// What is done on a day that stands behind it in brackets: `post op (6/11)`.
static DONE: Words =
    Words::new("op surgery operation ct mr mri xr scan study exam film radiograph fall");

/// Examinations before `of 11.06.`
static EXAMINED: Words = Words::new(
    "ct mr mri us xr pet scan study exam examination film images report comparison befund \
     aufnahme untersuchung",
);

/// The month in Roman figures.
const ROMAN: &[&str] = &[
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
];

/// Whether a word before a date tells that a day follows: `since March 12`, `le 12 mars`.
///
/// `may` in small letters is no month.
pub(super) fn told(view: &View<'_>, at: usize, month: usize) -> bool {
    let word = view.folded(month);
    let other = view.case(month) == Case::Lower && matches!(word, "may" | "out" | "set" | "mar");
    !other && TOLD.has(view.word_before(at))
}

/// `admitted 6/11`, `LMP 5-28`, `seit 12.3.`, `CT of 11.06.`, `post op (6/11)`: a day of two numbers.
pub(super) fn after_cue(
    view: &View<'_>,
    at: usize,
    (a, sep, b): (Digits, u8, Digits),
    next: usize,
) -> Found {
    let day = (1..=31).contains(&a.0)
        && (1..=31).contains(&b.0)
        && a.0.min(b.0) <= 12
        && a.1 <= 2
        && b.1 <= 2;
    // `3/5`, `4/5`, `5/5` are grades of strength, and parts.
    if !day || a.0.max(b.0) <= 5 && sep != b'.' {
        return None;
    }
    let word = view.word_before(at);
    let dotted =
        sep == b'.' && view.mark(next) == Some(b'.') && view.kind(next + 1) != Some(Kind::Number);
    let found = match sep {
        b'.' => {
            let seen = matches!(word, "of" | "vom")
                && view
                    .index_before(at)
                    .is_some_and(|of| EXAMINED.has(view.word_before(of)));
            dotted && (CALENDAR.has(word) || seen)
        }
        b'-' => matches!(word, "edd" | "lmp" | "lnmp"),
        _ => {
            let bracket =
                at > 0 && view.mark(at - 1) == Some(b'(') && view.mark(next) == Some(b')');
            // `(6/12)`, `(3/7)` are months and days in British notes.
            CALENDAR.has(word) || bracket && !matches!(b.0, 7 | 12) && DONE.has(word)
        }
    };
    found.then_some((next + usize::from(dotted), None))
}

/// `3-IV-2019`, `3.IV.2019`, `3/IV/2019`
pub(super) fn roman_month(view: &View<'_>, at: usize) -> Found {
    let (day, digits) = view.number(at)?;
    let sep = view
        .mark(at + 1)
        .filter(|m| matches!(m, b'-' | b'.' | b'/'))?;
    let month = ROMAN.iter().position(|r| *r == view.folded(at + 2))?;
    let glued = at > 0 && matches!(view.kind(at - 1), Some(Kind::Word))
        || at > 1 && view.mark(at - 1) == Some(sep);
    let year = view
        .number(at + 4)
        .filter(|y| y.1 == 4 && (1900..2100).contains(&y.0))?;
    let written = view.case(at + 2) == Case::Upper && view.mark(at + 3) == Some(sep);
    let date = Date::new(year.0, month as u32 + 1, day).filter(|_| day > 0 && digits <= 2)?;
    (written && !glued).then_some((at + 5, Some(date)))
}

/// `2019-W14`, `2019-W14-3`, `KW 24/2019`, `week 24 of 2019`: a week is finer than the year.
pub(super) fn week(view: &View<'_>, at: usize) -> Found {
    let is_week = |i: usize| {
        view.number(i)
            .is_some_and(|(n, d)| d <= 2 && (1..=53).contains(&n))
    };
    let is_year = |i: usize| {
        view.number(i)
            .is_some_and(|(n, d)| d == 4 && (1900..2100).contains(&n))
    };
    if is_year(at) {
        let w = at + 1 + usize::from(view.mark(at + 1) == Some(b'-'));
        let found = view.folded(w) == "w"
            && view.case(w) == Case::Upper
            && is_week(w + 1)
            && view.tokens[w + 1].len() == 2;
        let day = view.mark(w + 2) == Some(b'-')
            && view.number(w + 3).is_some_and(|(n, d)| d == 1 && n <= 7);
        return found.then_some((w + 2 + 2 * usize::from(day), None));
    }
    if !matches!(
        view.folded(at),
        "kw" | "cw" | "week" | "woche" | "kalenderwoche"
    ) {
        return None;
    }
    let number = skip(view, at + 1, &[]);
    if !is_week(number) || number == at + 1 {
        return None;
    }
    let mut year = skip(view, number + 1, b"/");
    if MONTH_CUES.has(view.folded(year)) || view.folded(year) == "of" {
        year = skip(view, year + 1, &[]);
    }
    (is_year(year) && !measured(view, year)).then_some((year + 1, None))
}
