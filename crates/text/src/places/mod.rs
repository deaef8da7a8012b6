//! Institutions and addresses by their shape: a head word (`Hospital`, `Street`) and the proper
//! words around it. Head words alone (`outpatient clinic`, `ICU`) identify nobody and stay.

mod address;
mod institution;
mod postcode;

use address::{
    STREET_FIRST, box_or_block, home, street_and_number, street_first, street_last, town_in_state,
};
use institution::{
    HEADS, NAME_AFTER, ORGANISATIONS, accented, east_asian, famous, flemish, institution, known,
    nordic, organisation, owned, practice, spital,
};

use crate::kinds::{IdentifierKind, Span};
use crate::lexicon::Rank;
use crate::token::{Case, Kind};
use crate::view::View;

/// Finds institutions and addresses.
pub(crate) fn find(view: &View<'_>, spans: &mut Vec<Span>) {
    for at in 0..view.tokens.len() {
        if view.kind(at) != Some(Kind::Word) {
            continue;
        }
        if view.case(at) == Case::Lower {
            small(view, at, spans);
            continue;
        }
        let word = view.folded(at);
        if HEADS.has(word)
            || NAME_AFTER.has(word)
            || word.ends_with("klinikum")
            || word.ends_with("klinik")
        {
            push(
                view,
                institution(view, at),
                IdentifierKind::Institution,
                "institution",
                spans,
            );
        }
        let whole = famous(view, at)
            .or_else(|| flemish(view, at))
            .or_else(|| spital(view, at))
            .or_else(|| known(view, at))
            .or_else(|| east_asian(view, at));
        let kind = IdentifierKind::Institution;
        push(view, whole, kind, "institution", spans);
        if matches!(word, "medical" | "health" | "hospital" | "clinic") {
            let found = owned(view, at).or_else(|| accented(view, at));
            push(view, found, kind, "institution", spans);
        }
        if word == "practice" {
            push(view, practice(view, at), kind, "institution", spans);
        }
        if ORGANISATIONS.has(word) {
            let kind = IdentifierKind::Institution;
            push(view, organisation(view, at), kind, "institution", spans);
        }
        if view.has_digit {
            push(
                view,
                street_last(view, at),
                IdentifierKind::Address,
                "street address",
                spans,
            );
            push(
                view,
                street_first(view, at),
                IdentifierKind::Address,
                "street address",
                spans,
            );
            push(
                view,
                street_and_number(view, at),
                IdentifierKind::Address,
                "street address",
                spans,
            );
            push(
                view,
                box_or_block(view, at),
                IdentifierKind::Address,
                "street address",
                spans,
            );
            let code = postcode::labelled(view, at).or_else(|| postcode::after_town(view, at));
            push(view, code, IdentifierKind::Address, "postal code", spans);
            let town = town_in_state(view, at);
            push(view, town, IdentifierKind::Address, "town and state", spans);
        }
        push(
            view,
            home(view, at),
            IdentifierKind::Address,
            "place of living",
            spans,
        );
    }
}

/// What starts at a word in small letters.
fn small(view: &View<'_>, at: usize, spans: &mut Vec<Span>) {
    if view.has_digit {
        let code = postcode::labelled(view, at);
        push(view, code, IdentifierKind::Address, "postal code", spans);
    }
    let house = nordic(view, at);
    push(
        view,
        house,
        IdentifierKind::Institution,
        "institution",
        spans,
    );
    if STREET_FIRST.has(view.folded(at)) {
        let street = street_first(view, at);
        push(
            view,
            street,
            IdentifierKind::Address,
            "street address",
            spans,
        );
    }
}

fn push(
    view: &View<'_>,
    found: Option<(usize, usize)>,
    kind: IdentifierKind,
    rule: &'static str,
    spans: &mut Vec<Span>,
) {
    if let Some((from, to)) = found {
        spans.push(Span::new(
            view.tokens[from].start,
            view.tokens[to - 1].end,
            kind,
            rule,
        ));
    }
}

/// A capitalised word that is no clinical one.
fn proper(view: &View<'_>, at: usize) -> bool {
    let class = view.class(at);
    let capital = matches!(view.case(at), Case::Title | Case::Upper);
    capital
        && view.kind(at) == Some(Kind::Word)
        && class.rank < Rank::Ordinary
        && view.tokens[at].len() > 2
}

/// The previous word token over one blank, dot or hyphen.
fn previous(view: &View<'_>, at: usize) -> Option<usize> {
    let mut i = at;
    for _ in 0..4 {
        i = i.checked_sub(1)?;
        match view.kind(i)? {
            Kind::Word => return Some(i),
            Kind::Space => {}
            Kind::Mark if view.mark(i) == Some(b'-') && view.kind(i + 1) == Some(Kind::Space) => {
                return None;
            }
            Kind::Mark
                if matches!(view.mark(i), Some(b'.' | b'-' | b'\'' | b'&'))
                    || view.tokens[i].text(view.text) == "\u{2019}" => {}
            _ => return None,
        }
    }
    None
}

/// The next word token over one blank, dot or hyphen.
fn following(view: &View<'_>, at: usize) -> Option<usize> {
    for i in at + 1..at + 4 {
        match view.kind(i)? {
            Kind::Word => return Some(i),
            Kind::Space => {}
            Kind::Mark if view.mark(i) == Some(b'-') && view.kind(i - 1) == Some(Kind::Space) => {
                return None;
            }
            Kind::Mark
                if matches!(view.mark(i), Some(b'.' | b'-' | b'\''))
                    || view.tokens[i].text(view.text) == "\u{2019}" => {}
            _ => return None,
        }
    }
    None
}
