//! Names that nothing announces: by credentials, by their shape, by the lists of known names.

use super::unit::{
    Grade, MOST_INITIALS, Unit, class_free, ends, grade, has_vowel, initial, initial_after,
    is_eponym, more_units, spelled_as_name, trailing_initial, unit,
};
use super::{Found, Style, family};
use crate::lexicon::{self, Known, Rank};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// What people do: the subject before is one.
pub(super) static PERSON_VERBS: Words = Words::new(
    "reports states denies says complains presented presents reported stated denied called phoned \
     asked notes describes admits endorses lives informed",
);

pub(super) static CREDENTIALS: Words = Words::new(
    "md rn phd np frcr facr rdms mbbs dds rtr crna frcpc rcis rvt arrt lpn fracs franzcr dabr",
);

/// Names that nothing announces.
pub(super) fn unannounced(view: &View<'_>, style: &Style, at: usize) -> Found {
    if at > 0
        && matches!(view.kind(at - 1), Some(Kind::Number | Kind::Word))
        && view.case(at) != Case::None
    {
        return None;
    }
    if let Some(found) = initials_and_surname(view, style, at) {
        return Some(found);
    }
    if let Some(found) = subject_pair(view, style, at) {
        return Some(found);
    }
    if let Some(found) = bare_initial(view, at) {
        return Some(found);
    }
    let first = unit(view, at)?;
    if first.grade < Grade::Word || is_eponym(view, &first) && first.grade < Grade::Known {
        return None;
    }
    if let Some(to) = credentials(view, style, &first) {
        return Some((unknown_before(view, first.from), to, "credentials"));
    }
    if let Some(to) = family_comma_given(view, &first) {
        return Some((first.from, to, "family name, given name"));
    }
    if is_eponym(view, &first) {
        return None;
    }
    // `Fidelia Foley`: a given name, and a family name that is an eponym or a word.
    let family = family::after_given(view, first.head, first.to, false);
    if family > first.to && first.grade >= Grade::Known && view.tokens[first.head].len() > 3 {
        return Some((first.from, family, "given and family name"));
    }
    let to = more_units(view, style, first, Grade::Unknown);
    let second = (to > first.to).then(|| unit(view, first.to + 1)).flatten();
    let paired = second.is_some_and(|s| match first.grade {
        Grade::Clear => {
            s.grade >= Grade::Known
                || first.given && view.case(s.from) == view.case(first.from)
                || given_and_unlisted(view, &first, &s)
        }
        Grade::Known => s.grade == Grade::Clear || given_and_unlisted(view, &first, &s),
        Grade::Unknown => {
            s.grade == Grade::Clear
                && class_free(view, first.head)
                && spelled_as_name(view, first.head, s.from)
                && view.mark(s.to) != Some(b'^')
        }
        Grade::Word => {
            first.given && s.grade == Grade::Clear && view.class(at).rank < Rank::Clinical
        }
        Grade::No => false,
    });
    if paired {
        return Some((first.from, to, "given and family name"));
    }
    let title = view.case(at) == Case::Title;
    let long = first.to > at + 1
        || view.tokens[at].len()
            > match (title, style.prose) {
                (true, true) => 2,
                (true, false) => 3,
                (false, _) => 4,
            };
    if first.grade == Grade::Clear && long && alone_is_name(view, style, &first) {
        let end = trailing_initial(view, first.to);
        let end = if end == first.to {
            let after = family::after_given(view, first.head, end, false);
            let after = family::past_particle(view, after - 1, after, false);
            family::unlisted_after(view, first.head, after)
        } else {
            end
        };
        return Some((family::given_before(view, first.from), end, "known name"));
    }
    if first.to == at + 1 && apart(view, at) && family::ends_as_one(view, at) {
        let from = family::given_before(view, at);
        return Some((
            from,
            trailing_initial(view, at + 1),
            "family name by its ending",
        ));
    }
    let verb = PERSON_VERBS.has(view.folded(first.to + 1));
    if style.prose
        && verb
        && title
        && first.grade >= Grade::Unknown
        && class_free(view, at)
        && first.to == at + 1
    {
        return Some((first.from, first.to, "subject"));
    }
    None
}

/// `Branson Pagac`: a name and a word in no list, both written as names and closing a
/// phrase.
fn given_and_unlisted(view: &View<'_>, first: &Unit, second: &Unit) -> bool {
    let class = view.class(first.head);
    let long = view.tokens[first.head].len() > if class.given > Known::No { 3 } else { 4 };
    long && class.given.max(class.surname) > Known::No
        && second.grade == Grade::Unknown
        && class_free(view, second.head)
        && view.case(first.head) == Case::Title
        && view.case(second.head) == Case::Title
        && view.tokens[second.head].len() > 4
        && !lexicon::has_clinical_kin(view.folded(second.head))
        && ends(view, second.to)
}

/// Nothing but blanks, brackets and the marks that part words stands beside a word.
fn apart(view: &View<'_>, at: usize) -> bool {
    let free = |i: Option<usize>| match i.and_then(|i| view.kind(i)) {
        None | Some(Kind::Space | Kind::Newline) => true,
        Some(Kind::Mark) => i.is_some_and(|i| {
            matches!(
                view.mark(i),
                Some(b'(' | b')' | b'[' | b']' | b',' | b';' | b':' | b'/' | b'_' | b'.' | b'^')
            )
        }),
        Some(Kind::Word | Kind::Number) => false,
    };
    free(at.checked_sub(1)) && free(Some(at + 1))
}

/// A common name alone: not glued into a technical token.
pub(super) fn alone_is_name(view: &View<'_>, style: &Style, first: &Unit) -> bool {
    let rare = view.class(first.from).rank == Rank::Rare;
    let glued = matches!(view.mark(first.to), Some(b'_' | b'-' | b'=' | b'/'))
        || first.from > 0
            && matches!(
                view.mark(first.from - 1),
                Some(b'_' | b'-' | b'=' | b'/' | b'.')
            );
    let camel = matches!(view.kind(first.to), Some(Kind::Word)) && view.tokens[first.to].len() > 2
        || first.from > 0 && matches!(view.kind(first.from - 1), Some(Kind::Word));
    if camel {
        return false;
    }
    let upper = view.case(first.from) == Case::Upper;
    let short = view.tokens[first.from].len() < 5;
    // `Thor. Contrast`: a word cut short.
    let next = first.to + 1 + usize::from(view.kind(first.to + 1) == Some(Kind::Space));
    if short
        && !style.prose
        && view.mark(first.to) == Some(b'.')
        && view.kind(next) == Some(Kind::Word)
    {
        return false;
    }
    !(rare && upper && short)
        && !(glued && upper && (short || rare))
        && !(upper && style.mixed && short)
}

/// `J. Smith`, `J.R. Kowalczyk`, `Smith J.R.`
pub(super) fn initials_and_surname(view: &View<'_>, style: &Style, at: usize) -> Found {
    let first = initial(view, at)?;
    if view.mark(at + 1) != Some(b'.') || at > 1 && view.mark(at - 1) == Some(b'.') {
        return None;
    }
    let mut name = first;
    for _ in 0..MOST_INITIALS {
        let Some(next) = initial(view, name) else {
            break;
        };
        name = next;
    }
    let found = unit(view, name)?;
    let enough = found.grade >= Grade::Known
        || found.grade == Grade::Unknown
            && style.prose
            && class_free(view, name)
            && view.case(name) == Case::Title;
    (enough && !is_eponym(view, &found)).then(|| {
        (
            at,
            more_units(view, style, found, Grade::Known),
            "initial and family name",
        )
    })
}

/// `Mark Hassan reports`, `Ceasar Hahn denies`: two names that are words or in no list, where a
/// sentence starts, before what only people do.
fn subject_pair(view: &View<'_>, style: &Style, at: usize) -> Found {
    let family = at + 2;
    let written = style.prose
        && view.case(at) == Case::Title
        && view.case(family) == Case::Title
        && view.kind(at + 1) == Some(Kind::Space)
        && acts(view, family + 2)
        && view.starts_sentence(at);
    let (given, surname) = (view.class(at), view.class(family));
    let called = given.given > Known::No || given.rank == Rank::Unknown;
    let named = surname.surname > Known::No || surname.rank == Rank::Unknown;
    (written && called && named).then_some((at, family + 1, "subject"))
}

/// What only people do, or what is done to nobody else: `reports`, `was notified`.
pub(super) fn acts(view: &View<'_>, at: usize) -> bool {
    let done = matches!(view.folded(at), "was" | "is" | "were")
        && matches!(
            view.folded(at + 2),
            "notified" | "informed" | "called" | "contacted" | "paged" | "advised" | "counseled"
        );
    done || PERSON_VERBS.has(view.folded(at))
}

/// `G Xu`, `M Ngo`: an initial without a mark and a family name that is no word, at the end of a
/// phrase.
fn bare_initial(view: &View<'_>, at: usize) -> Found {
    let name = initial(view, at).filter(|name| *name == at + 2)?;
    let apart = at == 0 || matches!(view.kind(at - 1), Some(Kind::Space | Kind::Newline));
    let class = view.class(name);
    let long = match view.case(name) {
        Case::Title => 2,
        Case::Upper => 4,
        _ => return None,
    };
    let listed = class.surname == Known::Common || class.surname > Known::No && long == 2;
    let found = unit(view, name)?;
    let joined = found.to > name + 1 && found.grade >= Grade::Unknown;
    let family = listed && class.rank == Rank::Unknown && view.tokens[name].len() >= long
        || joined
        || family::ends_as_one(view, name);
    // `W Quigley`, `C Buch`: letters that radiology writes for words stay.
    let word = "wclrtapsdb".contains(view.folded(at));
    let from = if word { name } else { at };
    (apart && family && ends(view, found.to)).then_some((from, found.to, "initial and family name"))
}

/// `Smith, John`, `SMITH,JOHN`.
pub(super) fn family_comma_given(view: &View<'_>, first: &Unit) -> Option<usize> {
    if view.mark(first.to) != Some(b',') {
        return None;
    }
    let mut next = first.to + 1;
    next += usize::from(view.kind(next) == Some(Kind::Space) && view.tokens[next].len() == 1);
    let given = unit(view, next)?;
    let clear = given.grade >= Grade::Known && view.class(given.head).given > Known::No;
    let dash = view.kind(given.to) == Some(Kind::Space) && view.mark(given.to + 1) == Some(b'-');
    let closes = matches!(view.kind(given.to), None | Some(Kind::Newline))
        || dash
        || matches!(view.mark(given.to), Some(b')' | b']' | b'.' | b';'));
    // `HELM, ANNEKE`, `Schramm, Iris`: one of the two is a word.
    let surname = view.class(first.head).surname == Known::Common;
    let called = view.class(given.head).given > Known::No;
    let alike = closes && view.case(next) == view.case(first.from);
    let one_listed = given.grade >= Grade::Known || first.grade == Grade::Clear;
    if alike && surname && called && one_listed {
        return Some(given.to);
    }
    // `DAVIS, OTTIS`: a common family name, and a word in no list.
    if alike && first.grade == Grade::Clear && family::is_unlisted(view, given.head) {
        return Some(given.to);
    }
    let word = first.grade == Grade::Word && view.class(first.from).rank == Rank::Clinical;
    let unknown = given.grade >= Grade::Unknown
        && class_free(view, next)
        && view.case(next) == Case::Title
        && view.case(first.from) == Case::Title;
    if first.grade == Grade::Clear && unknown && view.mark(given.to) == Some(b')') {
        return Some(given.to);
    }
    if closes && unknown && first.grade == Grade::Unknown && both_unlisted(view, first, &given) {
        return Some(given.to);
    }
    if !clear || word || view.case(next) != view.case(first.from) {
        return initial_after(view, next).filter(|_| first.grade == Grade::Clear);
    }
    let end = given.to;
    Some(if view.kind(end) == Some(Kind::Space) {
        initial_after(view, end + 1).unwrap_or(end)
    } else {
        end
    })
}

/// `Pirrello, Ortensia`: neither is in a list, and nothing says that they are words of medicine.
fn both_unlisted(view: &View<'_>, first: &Unit, given: &Unit) -> bool {
    let name = |at: usize| {
        let word = view.folded(at);
        class_free(view, at)
            && word.len() > 4
            && has_vowel(word)
            && !lexicon::has_clinical_kin(word)
    };
    name(first.head) && name(given.head)
}

/// `Smith, John` in the meaning of a code: both are common names and no words of any kind.
pub(super) fn family_comma_given_in_code(view: &View<'_>, at: usize) -> Found {
    let first = unit(view, at).filter(|u| u.grade == Grade::Clear && !is_eponym(view, u))?;
    let to = family_comma_given(view, &first)?;
    let given = unit(view, first.to + 2).filter(|u| u.grade == Grade::Clear && u.given)?;
    (given.to <= to).then_some((at, to, "family name, given name"))
}

/// `Brown, M.D.`, `Kowalczyk RT(R)`: a name before what a person has earned.
pub(super) fn credentials(view: &View<'_>, style: &Style, first: &Unit) -> Option<usize> {
    let to = if credential(view, past_comma(view, first.to)).is_some() {
        first.to
    } else {
        more_units(view, style, *first, Grade::Word)
    };
    let second = unit(view, first.to + 1).filter(|_| to > first.to);
    if first.grade <= Grade::Unknown
        && second.is_some_and(|s| !spelled_as_name(view, first.head, s.from))
    {
        return None;
    }
    let next = past_comma(view, to);
    if next == to
        || view.class(first.from).rank == Rank::Clinical
            && first.grade == Grade::Word
            && to == first.to
    {
        return None;
    }
    credential(view, next)
}

fn past_comma(view: &View<'_>, to: usize) -> usize {
    let next = to + usize::from(view.mark(to) == Some(b','));
    next + usize::from(view.kind(next) == Some(Kind::Space))
}

/// The index after the credentials that follow a name.
pub(super) fn past_credentials(view: &View<'_>, to: usize) -> usize {
    let next = past_comma(view, to);
    if next == to {
        to
    } else {
        credential(view, next).unwrap_or(to)
    }
}

/// `MD`, `M.D.`, `Ph.D.`, `RT(R)`, `PA-C`: the index after.
pub(super) fn credential(view: &View<'_>, at: usize) -> Option<usize> {
    let word = view.folded(at);
    let upper = view.case(at) == Case::Upper || word == "phd";
    if upper && CREDENTIALS.has(word) {
        return Some(at + 1);
    }
    if upper && word == "pa" && view.mark(at + 1) == Some(b'-') && view.folded(at + 2) == "c" {
        return Some(at + 3);
    }
    let registered = |at: usize| {
        let bracketed = view.mark(at) == Some(b'(') && view.mark(at + 2) == Some(b')');
        bracketed.then_some(at + 3)
    };
    if upper && word == "rt" {
        return registered(at + 1);
    }
    let (to, letters) = dotted(view, at)?;
    match letters {
        // `Ann Lee R.T.(R)`
        ["r", "t", ""] => registered(to).or(Some(to)),
        ["m", "d", ""]
        | ["d", "o", ""]
        | ["r", "n", ""]
        | ["n", "p", ""]
        | ["p", "a", ""]
        | ["ph", "d", ""]
        | ["m", "sc", ""]
        | ["m", "b", "b"]
        | ["d", "d", "s"]
        | ["d", "v", "m"] => Some(to),
        _ => None,
    }
}

/// `M.D.`, `D.V.M`: up to three letters with dots behind them, and the index after.
fn dotted<'v>(view: &'v View<'_>, at: usize) -> Option<(usize, [&'v str; 3])> {
    let mut letters = [""; 3];
    let (mut to, mut count) = (at, 0);
    while count < 3
        && view.kind(to) == Some(Kind::Word)
        && view.tokens[to].len() < 3
        && matches!(view.case(to), Case::Upper | Case::Title)
        && (count == 0 || view.mark(to - 1) == Some(b'.'))
    {
        letters[count] = view.folded(to);
        count += 1;
        to += 1 + usize::from(view.mark(to + 1) == Some(b'.'));
    }
    (count > 1).then_some((to, letters))
}

/// An unknown capitalised word before a name that credentials follow: `FILBERT BRIGHT, M.D.`
pub(super) fn unknown_before(view: &View<'_>, from: usize) -> usize {
    let Some(before) = from
        .checked_sub(2)
        .filter(|i| view.kind(i + 1) == Some(Kind::Space))
    else {
        return from;
    };
    let name = grade(view, before) == Grade::Unknown
        && class_free(view, before)
        && spelled_as_name(view, before, from);
    if name { before } else { from }
}
