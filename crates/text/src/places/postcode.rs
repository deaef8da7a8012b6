//! Postal codes: the shapes of many countries, after a street, beside a town, or after a label.

use super::proper;
use crate::numbers::followed_by_unit;
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Labels of a postal code.
static LABELS: Words = Words::new(
    "zip zipcode plz postleitzahl postcode postcodes postalcode postnr postnummer npa eircode",
);

/// Labels that radiology writes for other things: five digits must follow.
static LOOSE_LABELS: Words = Words::new("cp cap postal");

/// Letters of countries before a postal code: `D-80331`, `CH-8001`.
static COUNTRIES: Words = Words::new("d ch f b l nl at de be dk se fi no pl cz sk si hr it es pt");

/// How much a shape says by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Four to six digits: a street, a label or a town must stand beside it.
    Plain,
    /// Groups that hardly anything else has (`4050-262`, `BS6 7QT`, `1015 CJ`).
    Grouped,
}

/// The postal code that starts at a token: the index after it.
pub(super) fn postcode(view: &View<'_>, at: usize) -> Option<(usize, Shape)> {
    british(view, at)
        .or_else(|| canadian(view, at))
        .map(|end| (end, Shape::Grouped))
        .or_else(|| digits(view, at))
        .or_else(|| {
            let country = matches!(view.case(at), Case::Upper) && COUNTRIES.has(view.folded(at));
            let dashed = country && view.mark(at + 1) == Some(b'-');
            dashed.then(|| digits(view, at + 2)).flatten()
        })
}

fn upper(view: &View<'_>, at: usize, lens: std::ops::RangeInclusive<usize>) -> bool {
    view.case(at) == Case::Upper && lens.contains(&view.tokens[at].len())
}

fn size(view: &View<'_>, at: usize) -> usize {
    view.number(at).map_or(0, |(_, digits)| digits)
}

fn blank(view: &View<'_>, at: usize) -> bool {
    view.kind(at) == Some(Kind::Space) && view.tokens[at].len() == 1
}

/// `BS6 7QT`, `EC1A 1BB`, `M1 1AE`; the last letters are none of `CIKMOV`, which no unit but
/// these holds.
fn british(view: &View<'_>, at: usize) -> Option<usize> {
    if !upper(view, at, 1..=2) || !matches!(size(view, at + 1), 1 | 2) {
        return None;
    }
    let mut next = at + 2;
    next += usize::from(upper(view, next, 1..=1));
    next += usize::from(blank(view, next));
    let inward = size(view, next) == 1
        && next > at + 2
        && upper(view, next + 1, 2..=2)
        && !view
            .folded(next + 1)
            .contains(['c', 'i', 'k', 'm', 'o', 'v']);
    (inward && ends(view, next + 2)).then_some(next + 2)
}

/// `K1A 0B1`
fn canadian(view: &View<'_>, at: usize) -> Option<usize> {
    let letter = |i: usize| upper(view, i, 1..=1);
    let digit = |i: usize| size(view, i) == 1;
    if !(letter(at) && digit(at + 1) && letter(at + 2)) {
        return None;
    }
    let next = at + 3 + usize::from(blank(view, at + 3));
    (digit(next) && letter(next + 1) && digit(next + 2) && ends(view, next + 3)).then_some(next + 3)
}

/// `80331`, `1015 CJ`, `4050-262`, `31-147`, `20500-1234`, `150-0001`, `114 55`.
fn digits(view: &View<'_>, at: usize) -> Option<(usize, Shape)> {
    let dashed = view.mark(at + 1) == Some(b'-') && ends(view, at + 3);
    let spaced = blank(view, at + 1) && ends(view, at + 3);
    match (size(view, at), size(view, at + 2)) {
        (4, 3) | (2, 3) | (5, 4) | (3, 4) if dashed => Some((at + 3, Shape::Grouped)),
        (3, 2) if spaced && with_place(view, at + 3) > at + 3 => Some((at + 3, Shape::Grouped)),
        (4, _) if blank(view, at + 1) && upper(view, at + 2, 2..=2) && (ends(view, at + 3)) => {
            Some((at + 3, Shape::Grouped))
        }
        (4..=6, _) if ends(view, at + 1) && !followed_by_unit(view, at + 1) => {
            Some((at + 1, Shape::Plain))
        }
        _ => None,
    }
}

/// Nothing is glued to what ends here.
fn ends(view: &View<'_>, at: usize) -> bool {
    !matches!(view.kind(at), Some(Kind::Word | Kind::Number))
}

/// `Zip 02114`, `PLZ: 80331 München`, `CP 28001`: the label, the code and the town.
pub(super) fn labelled(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    let word = view.folded(at);
    let sure = LABELS.has(word);
    if !sure && !LOOSE_LABELS.has(word) {
        return None;
    }
    let mut next = at + 1;
    while next < at + 6
        && (view.kind(next) == Some(Kind::Space)
            || matches!(view.mark(next), Some(b':' | b'.' | b'='))
            || matches!(view.folded(next), "code" | "no" | "nr"))
    {
        next += 1;
    }
    let (end, shape) = postcode(view, next)?;
    let five = size(view, next) == 5 || shape == Shape::Grouped && size(view, next) != 2;
    let to = with_place(view, end);
    let closed = to > end || matches!(view.kind(end), None | Some(Kind::Newline | Kind::Mark));
    (sure || five && closed && next > at + 1).then_some((at, to))
}

/// The town after a postal code.
fn with_place(view: &View<'_>, end: usize) -> usize {
    let town = end + 1;
    let named = blank(view, end) && proper(view, town) && view.case(town) == Case::Title;
    if named { town + 1 } else { end }
}

/// `Bristol BS6 7QT`, `Ottawa, K1A 0B1`: a town before a code that looks like nothing else.
pub(super) fn after_town(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    if view.case(at) != Case::Upper || view.kind(at + 1) != Some(Kind::Number) {
        return None;
    }
    let end = british(view, at).or_else(|| canadian(view, at))?;
    let mut town = at.checked_sub(2).filter(|_| blank(view, at - 1))?;
    if view.mark(town) == Some(b',') {
        town = town.checked_sub(1)?;
    }
    let named = view.case(town) == Case::Title && proper(view, town);
    named.then_some((town, end))
}
