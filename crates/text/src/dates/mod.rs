//! Dates: every shape in which people and machines write a day or a month of a year.
//!
//! A year alone may stay (45 CFR 164.514(b)(2)(i)(C)). Numbers that only look like dates
//! (`2/3`, `90/4000`, `v2.1.3`, `1.5T`) stay too: see the tests.

mod clock;
mod rarer;

use clock::with_company;
use rarer::{after_cue, roman_month, week};

use crate::kinds::{Context, IdentifierKind, Span};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// A day, or a month where `day` is 0; no `Debug`, since it may be a birth date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let good = (1880..2100).contains(&year) && (1..=12).contains(&month) && day <= 31;
        good.then_some(Self {
            year: year as u16,
            month: month as u8,
            day: day as u8,
        })
    }

    /// Reads an element's value: DA, DT, the old `YYYY.MM.DD`, or with dashes or slashes.
    pub(crate) fn parse_value(value: &str) -> Option<Self> {
        let digits: Vec<u8> = value.bytes().take(14).filter(u8::is_ascii_digit).collect();
        if digits.len() < 8 {
            return None;
        }
        let number = |range: std::ops::Range<usize>| {
            digits[range]
                .iter()
                .fold(0, |n, d| n * 10 + u32::from(d - b'0'))
        };
        Self::new(number(0..4), number(4..6), number(6..8)).filter(|d| d.day > 0)
    }
}

/// The names of the months, in order.
static MONTHS: [Words; 12] = [
    Words::new(
        "january jan januar janner jaenner janvier janv enero ene gennaio gen janeiro januari \
         styczen stycznia ledna января янв январь",
    ),
    Words::new(
        "february feb februar fevrier fevr fev febrero febbraio febb fevereiro februari luty \
         lutego февраля фев февр февраль",
    ),
    Words::new("march mar marz maerz mrz mars marzo marco maart mrt marca marzec марта март"),
    Words::new("april apr avril avr abril abr aprile kwiecien kwietnia апреля апр апрель"),
    Words::new("may mai mayo maggio mag maio mei maj maja мая маи"),
    Words::new("june jun juni juin junio giugno giu junho czerwca июня июнь июн"),
    Words::new("july jul juli juillet juil julio luglio lug julho lipca июля июль июл"),
    Words::new("august aug aout agosto ago augustus augusti sierpnia августа авг август"),
    Words::new(
        "september sept sep septembre septiembre settembre sett set setembro wrzesnia \
         сентября сентябрь сен сент",
    ),
    Words::new(
        "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika октября октябрь окт",
    ),
    Words::new("november nov novembre noviembre novembro listopada ноября ноябрь ноя нояб"),
    Words::new(
        "december dec dezember dez decembre diciembre dic dicembre dezembro desember des \
         grudnia декабря декабрь дек",
    ),
];

/// Names of months that are other words too: a day and a year, or a number and case, must prove them.
static DOUBTFUL: Words = Words::new(
    "may mar mars gen set sep out mag des mai mei maj march ago ene dec marca dic fev giu lug ott \
     abr",
);

/// Words after which `11/22` is a day and not a ratio.
static DAY_CUES: Words =
    Words::new("on dated date since dob born am vom le du el del il until bis");

/// Words after which `3/2019` is a month and not a ratio.
static MONTH_CUES: Words = Words::new("in from depuis seit desde dal since until on dated date");

/// Words before a number that is no date: versions, settings, ratios.
static NOT_BEFORE: Words =
    Words::new("v ver version vers rev sw software release build te tr ti fa ratio syngo");

fn month_of(folded: &str) -> Option<u32> {
    (1..)
        .zip(&MONTHS)
        .find(|(_, names)| names.has(folded))
        .map(|(month, _)| month)
}

/// Finds the dates of a text. In [`Context::Code`] only whole dates count, in
/// [`Context::HarvestOnly`] only those that the object states itself.
pub(crate) fn find(view: &View<'_>, context: Context, spans: &mut Vec<Span>) {
    if !view.has_digit {
        return;
    }
    let mut at = 0;
    while at < view.tokens.len() {
        let found = match view.tokens[at].kind {
            Kind::Number => numeric(view, at)
                .or_else(|| day_first(view, at))
                .or_else(|| roman_month(view, at))
                .or_else(|| week(view, at))
                .or_else(|| east_asian(view, at)),
            Kind::Word => month_first(view, at).or_else(|| week(view, at)),
            _ => None,
        };
        let Some((to, _)) = found.filter(|f| wanted(view, context, f.1)) else {
            at += 1;
            continue;
        };
        let (from, to) = with_company(view, at, to);
        spans.push(Span::new(
            view.tokens[from].start,
            view.tokens[to - 1].end,
            IdentifierKind::Date,
            "date",
        ));
        at = to;
    }
}

fn wanted(view: &View<'_>, context: Context, date: Option<Date>) -> bool {
    match context {
        Context::Descriptor | Context::Prose => true,
        Context::Code | Context::Technical | Context::Coded => date.is_some_and(|d| d.day > 0),
        Context::HarvestOnly => date.is_some_and(|d| view.harvest.has_date(d)),
    }
}

/// A number and how many digits it has.
type Digits = (u32, usize);

/// The index after what was found, and the day where it is whole.
type Found = Option<(usize, Option<Date>)>;

/// `03/04/2019`, `2019-03-04`, `4. 3. 2019`, `20190304`, `20190304101500`, `03/2019`, `on 11/22`.
fn numeric(view: &View<'_>, at: usize) -> Found {
    let first = view.token(at)?;
    let glued = at > 0 && glued_before(view, at);
    if first.len() >= 8 {
        let excluded = glued || NOT_BEFORE.has(view.word_before(at));
        return compact(view, at)
            .filter(|f| !excluded || f.1.is_some_and(|d| view.harvest.has_date(d)));
    }
    if glued && !dash_before(view, at) || NOT_BEFORE.has(view.word_before(at)) {
        return None;
    }
    let (a, sep, b, next) = pair(view, at)?;
    // Behind `800-` only a whole date that cannot be read on from there.
    let whole = |c: Digits| {
        let lens = (a.1, b.1, c.1);
        // `2019_04_03`: underscores join other numbers too, so the year is one in full.
        if sep == b'_' {
            return !glued && matches!(lens, (4, 2, 2) | (2, 2, 4));
        }
        !glued || lens == (4, 2, 2) || sep != b'-' && lens == (2, 2, 4)
    };
    if let Some((sep2, c, end)) = third(view, next)
        && sep2 == sep
        && !continues(view, end, sep)
        && whole(c)
        && let Some(date) = day_of(a, b, c)
    {
        return Some((end, Some(date)));
    }
    if glued || sep == b'_' || continues(view, next, sep) {
        return None;
    }
    month_and_year(view, at, (a, sep, b), next).or_else(|| after_cue(view, at, (a, sep, b), next))
}

/// Two numbers with one separator: their token indices, the separator and the index after.
fn pair(view: &View<'_>, at: usize) -> Option<(Digits, u8, Digits, usize)> {
    let a = view.number(at)?;
    let (sep, b, next) = third(view, at + 1)?;
    Some((a, sep, b, next))
}

/// A separator and a number: `/04`, `- 04` no, `. 4` yes (German writes `4. 3. 2019`).
fn third(view: &View<'_>, at: usize) -> Option<(u8, (u32, usize), usize)> {
    let sep = view
        .mark(at)
        .filter(|m| matches!(m, b'/' | b'-' | b'.' | b'_'))?;
    let mut next = at + 1;
    if sep == b'.'
        && view
            .token(next)
            .is_some_and(|t| t.kind == Kind::Space && t.len() == 1)
    {
        next += 1;
    }
    // `4-2-'19`
    let short = view.mark(next) == Some(b'\'') && view.number(next + 1).is_some_and(|n| n.1 == 2);
    next += usize::from(short);
    Some((sep, view.number(next)?, next + 1))
}

/// Whether a longer chain follows (`1.2.3.4`, `2-3-4-5`), or letters are glued on (`3/4in`).
fn continues(view: &View<'_>, at: usize, sep: u8) -> bool {
    let chain =
        view.mark(at) == Some(sep) && view.token(at + 1).is_some_and(|t| t.kind == Kind::Number);
    let glued = view.token(at).is_some_and(|t| {
        t.kind == Kind::Word && t.text(view.text) != "T" && t.text(view.text) != "Z"
    });
    // `90+` stands for an age that was taken out.
    let replaced = view.mark(at) == Some(b'+') && view.number(at - 1) == Some((90, 2));
    chain || glued || replaced
}

/// Whether the number is the tail of something: `v2`, `1.`, `b3`; an underscore or a wide
/// character may stand there.
fn glued_before(view: &View<'_>, at: usize) -> bool {
    let before = view.tokens[at - 1];
    match before.kind {
        Kind::Word => before.case != Case::None,
        Kind::Mark => {
            let mark = view.mark(at - 1);
            matches!(mark, Some(b'.' | b'/' | b'-'))
                && at > 1
                && view.tokens[at - 2].kind == Kind::Number
        }
        _ => false,
    }
}

fn dash_before(view: &View<'_>, at: usize) -> bool {
    at > 0 && view.mark(at - 1) == Some(b'-')
}

fn year_of((value, digits): (u32, usize)) -> Option<u32> {
    match digits {
        4 if (1880..2100).contains(&value) => Some(value),
        2 => Some(if value < 40 {
            2000 + value
        } else {
            1900 + value
        }),
        _ => None,
    }
}

/// A day from three numbers in any of the usual orders.
fn day_of(a: (u32, usize), b: (u32, usize), c: (u32, usize)) -> Option<Date> {
    if b.1 > 2 || b.0 == 0 {
        return None;
    }
    if a.1 == 4 && c.1 <= 2 {
        return year_of(a).and_then(|y| either(y, b.0, c.0));
    }
    if a.1 > 2 || !matches!(c.1, 2 | 4) {
        return None;
    }
    let year = year_of(c)?;
    either(year, b.0, a.0).or_else(|| {
        if c.1 == 2 && a.1 == 2 {
            either(2000 + a.0, b.0, c.0)
        } else {
            None
        }
    })
}

fn either(year: u32, month: u32, day: u32) -> Option<Date> {
    let date = |m, d| Date::new(year, m, d).filter(|_| d > 0);
    date(month, day).or_else(|| date(day, month))
}

/// `20190304` and `20190304101500`.
fn compact(view: &View<'_>, at: usize) -> Found {
    let digits = view.tokens[at].text(view.text);
    if !matches!(digits.len(), 8 | 12 | 14)
        || view
            .token(at + 1)
            .is_some_and(|t| t.kind == Kind::Word && t.text(view.text) != "T")
    {
        return None;
    }
    let number =
        |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse::<u32>().ok());
    let (y, m, d) = (number(0..4)?, number(4..6)?, number(6..8)?);
    let other = digits.len() == 8;
    let date = Date::new(y, m, d).filter(|x| x.day > 0).or_else(|| {
        let year = number(4..8).filter(|_| other)?;
        either(year, number(2..4)?, number(0..2)?)
    })?;
    Some((at + 1, Some(date)))
}

/// `03/2019`, `2019-03`; and `11/22` after a word that makes it a day.
fn month_and_year(
    view: &View<'_>,
    at: usize,
    (a, sep, b): (Digits, u8, Digits),
    next: usize,
) -> Found {
    let month = |n: (u32, usize)| n.1 == 2 && (1..=12).contains(&n.0);
    if month(a) && b.1 == 4 && year_of(b).is_some() {
        return Some((next, Date::new(b.0, a.0, 0)));
    }
    if a.1 == 4 && year_of(a).is_some() && month(b) && sep != b'.' {
        return Some((next, Date::new(a.0, b.0, 0)));
    }
    let small = a.1 == 1 && a.0 > 0 && sep == b'/' && b.1 == 4 && year_of(b).is_some();
    if small && MONTH_CUES.has(view.word_before(at)) {
        return Some((next, Date::new(b.0, a.0, 0)));
    }
    let day = sep != b'-'
        && (1..=31).contains(&a.0)
        && (1..=31).contains(&b.0)
        && a.0.min(b.0) <= 12
        && a.1 <= 2
        && b.1 <= 2;
    (day && DAY_CUES.has(view.word_before(at))).then_some((next, None))
}

/// `6-Mar-2016`, `12DEC2012`, `4 de marzo de 2019`, `4th of March`, `4. März 2019`.
fn day_first(view: &View<'_>, at: usize) -> Found {
    let (day, digits) = view.number(at)?;
    if digits > 2 || !(1..=31).contains(&day) || at > 0 && glued_before(view, at) {
        return None;
    }
    let mut next = at + 1;
    if matches!(view.folded(next), "st" | "nd" | "rd" | "th" | "er" | "º") {
        next += 1;
    }
    next = skip(view, next, b".-/_");
    if matches!(view.folded(next), "of" | "de" | "di") {
        next = skip(view, next + 1, &[]);
    }
    let name = view.folded(next);
    let month = month_of(name)?;
    let after = skip(view, next + 1, b".-/,_'");
    let after = if matches!(view.folded(after), "de" | "del" | "of") {
        skip(view, after + 1, &[])
    } else {
        after
    };
    let year = view
        .number(after)
        .and_then(|y| year_of(y).filter(|_| y.1 == 4 || short_year(view, after, next)));
    if year.is_none_or(|_| view.number(after).is_some_and(|y| y.1 == 2))
        && month_first(view, next).is_some_and(|f| f.1.is_some_and(|d| d.day > 0))
    {
        // `Series 4 December 13 2012`: the number before is no part of the date.
        return None;
    }
    match year {
        Some(year) => Some((after + 1, Date::new(year, month, day))),
        None if rarer::told(view, at, next) => Some((next + 1, None)),
        None if DOUBTFUL.has(name) && view.tokens[next].case == Case::Lower
            || name.len() < 4
                && next != at + 1
                && view.mark(at + 1).is_none()
                && DOUBTFUL.has(name) =>
        {
            None
        }
        None => Some((next + 1, None)),
    }
}

/// A year of two digits is one only where nothing else can be meant: no unit follows it, and a
/// mark joins it to the name of a month that is another word too (`OUT 15`, `SET 12`).
fn short_year(view: &View<'_>, at: usize, month: usize) -> bool {
    let joined = at > 0 && matches!(view.mark(at - 1), Some(b'-' | b'/' | b'\'' | b'_'));
    let alone = !view.token(at + 1).is_some_and(|t| t.kind == Kind::Word);
    let marked = at > 0 && view.mark(at - 1).is_some()
        || at > 1 && view.kind(at - 1) == Some(Kind::Space) && view.mark(at - 2).is_some();
    joined || alone && (marked || !is_other_word(view, month)) && !measured(view, at)
}

/// The name of a month in capitals that reads as another word: `SET 2`, `OUT 2`, `FEV 1`.
fn is_other_word(view: &View<'_>, month: usize) -> bool {
    view.case(month) == Case::Upper && matches!(view.folded(month), "set" | "out" | "fev")
}

/// A unit or a percent sign follows the number at an index: `FEV1 95 %`.
fn measured(view: &View<'_>, at: usize) -> bool {
    let next = at + 1 + usize::from(view.kind(at + 1) == Some(Kind::Space));
    view.mark(next) == Some(b'%')
        || matches!(
            view.folded(next),
            "mm" | "cm" | "ml" | "l" | "ms" | "mg" | "kg" | "hz" | "pct" | "percent" | "pred"
        )
}

/// `March 4th, 2019`, `Dec 2012`, `Mar-16`, `Dec '12`, `Sept. 4`.
fn month_first(view: &View<'_>, at: usize) -> Found {
    let next = skip(view, at + 1, b".-/,_'");
    let next = if matches!(view.folded(next), "de" | "del" | "of") {
        skip(view, next + 1, &[])
    } else {
        next
    };
    let number = view.number(next)?;
    if at > 0 && view.kind(at - 1) == Some(Kind::Word) && view.case(at - 1) != Case::None {
        return None;
    }
    let name = view.folded(at);
    let month = month_of(name)?;
    if number.1 == 4 {
        return year_of(number).map(|y| (next + 1, Date::new(y, month, 0)));
    }
    let doubtful = DOUBTFUL.has(name);
    // `MAR 1.25`: a correction of metal and a thickness, where a date has its third part before.
    let decimal = doubtful
        && view.tokens[at].case == Case::Upper
        && view.mark(next + 1) == Some(b'.')
        && view.number(next + 2).is_some_and(|(_, digits)| digits <= 2);
    if decimal {
        return None;
    }
    let told = rarer::told(view, at, at) && next > at + 1;
    let dashed = next == at + 2 && matches!(view.mark(at + 1), Some(b'-' | b'/' | b'\''))
        || view.mark(next - 1) == Some(b'\'');
    if number.1 > 2
        || number.0 > 31 && !dashed
        || view.tokens[at].case == Case::Lower && doubtful && !told
    {
        return None;
    }
    let ordinal = matches!(view.folded(next + 1), "st" | "nd" | "rd" | "th");
    let end = next + 1 + usize::from(ordinal);
    let after = skip(view, end, b",-/._'");
    // `FEV1 95 %`, `SET 2 12`: glued to its number, or a word of its own as well, a name asks for
    // a mark before a year of two digits.
    let bare = view.mark(after - 1).is_none() && view.mark(end).is_none();
    let plain = next > at + 1 && !(bare && is_other_word(view, at));
    let stuck = next == at + 1 && doubtful && number.1 == 1;
    if let Some(year) = view
        .number(after)
        .filter(|y| y.1 == 4 && !stuck || y.1 == 2 && after > end && plain)
        .and_then(year_of)
        && !measured(view, after)
        && (1..=31).contains(&number.0)
    {
        return Some((after + 1, Date::new(year, month, number.0)));
    }
    let glued = view.token(end).is_some_and(|t| t.kind == Kind::Word) && !ordinal;
    let sure = ordinal || dashed && number.1 == 2 || name.len() > 3 && !doubtful;
    let sure = sure || told && (1..=31).contains(&number.0);
    let glued = glued || !ordinal && measured(view, next);
    (sure && !glued).then_some((end, None))
}

/// `2019年3月4日`, `3月4日`, `2019년 3월 4일`, `平成31年3月4日`.
fn east_asian(view: &View<'_>, at: usize) -> Found {
    let starts = |i: usize, marks: &[char]| {
        view.token(i)
            .is_some_and(|t| t.text(view.text).starts_with(marks))
    };
    let unit = |i: usize, marks: &[char]| {
        if starts(i, marks) {
            Some(skip(view, i + 1, &[]))
        } else {
            None
        }
    };
    let (first, digits) = view.number(at)?;
    let year = (digits == 4).then_some(first);
    let month_at = unit(at + 1, &['年', '년']).unwrap_or(at);
    let (month, _) = view.number(month_at)?;
    let day_at = unit(month_at + 1, &['月', '월'])?;
    let Some((day, _)) = view.number(day_at) else {
        return (month_at > at)
            .then_some((month_at + 2, year.and_then(|y| Date::new(y, month, 0))));
    };
    unit(day_at + 1, &['日', '일'])?;
    Some((day_at + 2, year.and_then(|y| Date::new(y, month, day))))
}

/// The index after blanks and at most one of the marks.
fn skip(view: &View<'_>, mut at: usize, marks: &[u8]) -> usize {
    let blank = |i: usize| {
        view.token(i)
            .is_some_and(|t| t.kind == Kind::Space && t.len() <= 2)
    };
    let spaced = blank(at);
    at += usize::from(spaced);
    if let Some(mark) = view.mark(at).filter(|m| marks.contains(m)) {
        // A dash between blanks parts phrases; between words it joins them.
        let joint = matches!(mark, b'-' | b'/' | b'_');
        if joint && (spaced || blank(at + 1)) {
            return at;
        }
        at += 1;
        at += usize::from(blank(at));
    }
    if marks.contains(&b'\'') && view.mark(at) == Some(b'\'') {
        at += 1;
    }
    at
}
