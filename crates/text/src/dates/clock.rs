//! The time of day and the weekday that stand beside a date.

use super::{glued_before, skip};
use crate::token::{Case, Kind, Token};
use crate::view::View;
use crate::words::Words;

/// What follows a time of day.
pub(super) static CLOCK_TAILS: Words = Words::new("am pm uhr hrs h z utc gmt hours");

/// Eras of Japan, whose years are counted anew.
const ERAS: &[&str] = &["明治", "大正", "昭和", "平成", "令和"];

pub(super) static WEEKDAYS: Words = Words::new(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri \
     sat sun montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi \
     jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo lunedi \
     martedi mercoledi giovedi venerdi sabato domenica",
);

/// A weekday before and a time of day before or after belong to the date.
pub(super) fn with_company(view: &View<'_>, from: usize, to: usize) -> (usize, usize) {
    let mut from = from;
    let back = |i: usize| {
        let mut i = i;
        while i > 0
            && (view.tokens[i - 1].kind == Kind::Space
                || matches!(view.mark(i - 1), Some(b',' | b'.')))
        {
            i -= 1;
        }
        i
    };
    let word = back(from);
    let weekday = word > 0 && WEEKDAYS.has(view.folded(word - 1));
    if weekday
        && (view.tokens[word - 1].len() > 4
            || view.case(word - 1) == Case::Title
            || view.mark(word).is_some())
    {
        from = word - 1;
    }
    if let Some(start) = time_before(view, from) {
        from = start;
    }
    if from > 0 && ERAS.contains(&view.tokens[from - 1].text(view.text)) {
        from -= 1;
    }
    (from, time_after(view, to).unwrap_or(to))
}

pub(super) fn time_before(view: &View<'_>, from: usize) -> Option<usize> {
    let mut at = from.checked_sub(1)?;
    if view.tokens[at].kind != Kind::Space {
        return None;
    }
    at = at.checked_sub(1)?;
    let floor = at.saturating_sub(8);
    (floor..=at).find(|i| {
        view.tokens[*i].kind == Kind::Number
            && !(*i > 0 && glued_before(view, *i))
            && clock(view, *i) == Some(at + 1)
    })
}

pub(super) fn time_after(view: &View<'_>, to: usize) -> Option<usize> {
    let mut at = to;
    let separated = view.token(at).is_some_and(|t| t.kind == Kind::Space)
        || matches!(view.mark(at), Some(b',' | b'_' | b'-' | b'T' | b'@'))
        || view.folded(at) == "t";
    if !separated {
        return None;
    }
    while at < to + 4
        && view
            .token(at)
            .is_some_and(|t: &Token| t.kind == Kind::Space)
        || matches!(view.mark(at), Some(b',' | b'_' | b'@' | b'-'))
        || matches!(
            view.folded(at),
            "t" | "at" | "um" | "a" | "alle" | "kl" | "om"
        )
    {
        at += 1;
    }
    clock(view, at).or_else(|| {
        let digits = view.number(at)?.1;
        // `20190403_0912`
        let stamp = to > 0 && view.number(to - 1).is_some_and(|(_, d)| d == 8) && at == to + 1;
        let (value, plain) = (view.number(at)?.0, view.kind(at + 1) != Some(Kind::Word));
        let hour = if digits == 6 {
            value / 10_000
        } else {
            value / 100
        };
        let minute = if digits == 6 {
            value / 100 % 100
        } else {
            value % 100
        };
        if stamp && plain && matches!(digits, 4 | 6) && hour < 24 && minute < 60 {
            return Some(at + 1);
        }
        (at == to + 1 && view.folded(to) == "t" && matches!(digits, 4 | 6)).then_some(at + 1)
    })
}

/// `14:30`, `14:30:05.123`, `2:30 pm`, `14h30`, `14.30 Uhr`: the index after.
pub(super) fn clock(view: &View<'_>, at: usize) -> Option<usize> {
    let (hour, digits) = view.number(at)?;
    if hour > 24 || digits > 2 {
        return None;
    }
    let colon = view.mark(at + 1) == Some(b':')
        || view.folded(at + 1) == "h"
        || view.mark(at + 1) == Some(b'.') && view.folded(skip(view, at + 3, &[])) == "uhr";
    let mut end = at + 1;
    if colon && view.number(at + 2).is_some_and(|(m, d)| m < 60 && d == 2) {
        end = at + 3;
        while matches!(view.mark(end), Some(b':' | b'.')) && view.number(end + 1).is_some() {
            end += 2;
        }
    } else if !matches!(
        view.folded(skip(view, at + 1, &[])),
        "am" | "pm" | "uhr" | "h"
    ) {
        return None;
    }
    let suffix = skip(view, end, &[]);
    if CLOCK_TAILS.has(view.folded(suffix)) {
        end = suffix + 1;
    }
    if matches!(view.mark(end), Some(b'+' | b'-'))
        && view.number(end + 1).is_some_and(|(_, d)| d == 4 || d == 2)
    {
        end += 2;
        if view.mark(end) == Some(b':') && view.number(end + 1).is_some() {
            end += 2;
        }
    }
    Some(end)
}
