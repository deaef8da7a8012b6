//! One name as it is written, and how much a word looks like one.

use super::Style;
use super::alone::credential;
use crate::eponyms;
use crate::lexicon::{Known, Rank};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Words that begin a family name.
pub(super) static PARTICLES: Words = Words::new(
    "mc mac o d de di du la las los le van von fitz el al del della dello dos das do da ter ten den der \
     het bin ibn abu st saint sint zu zum zur ben bar",
);

/// Particles that are only glued to what follows, or given names of their own.
pub(super) static TIGHT: Words = Words::new("mc mac fitz st al el bar ben ten");

/// How much a word looks like a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// A word, a number, a mark.
    No,
    /// An ordinary or clinical word that people are called too (`Head`, `Young`).
    Word,
    /// In no list, or in large word lists only, and written with a capital.
    Unknown,
    /// A name in the lists and no ordinary word.
    Known,
    /// A common one.
    Clear,
}

/// One name as it is written: `McDonald`, `O'Brien`, `Smith-Jones`, `de la Cruz`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The word that tells: the first that is no particle.
    pub(super) head: usize,
    pub(super) grade: Grade,
    pub(super) given: bool,
}

/// A name has no more initials than this in a row.
pub(super) const MOST_INITIALS: usize = 4;

/// Words after an eponym: the name is that of the thing.
pub(super) static EPONYM_HEADS: Words = Words::new(
    "syndrome disease sign cyst cysts fracture fractures view palsy index score classification \
     stage grade position hernia lesion lesions node nodes method triangle criteria tumor tumour \
     sarcoma lymphoma deformity stent filter catheter shunt tube drain valve screw screws plate \
     rod rods nail projection scale type contracture thyroiditis phantom procedure operation line \
     lines pouch duct ligament canal space fascia angle ratio reaction anomaly malformation \
     chorea dementia reflex ganglion body bodies cell cells law modulus test units number kernel \
     maneuver manoeuvre graft repair approach port pump pin wire needle clip applicator implant \
     esophagus oesophagus diverticulum aneurysm tendon patch patches glands gland membrane nodule \
     nodules phenomenon neuroma arthropathy joint foramen fissure area grading sum coma hippel \
     danlos walker sachs barre kinking skin et wave loop medium stain beat perforating modulator \
     transport formula table transformation leads lead projections protocol regimen variant \
     staging harris chiari perthes schlatter fixator frame",
);

/// The name that starts at a token.
pub(super) fn unit(view: &View<'_>, at: usize) -> Option<Unit> {
    if view.kind(at) != Some(Kind::Word)
        || view.case(at) == Case::None && view.tokens[at].text(view.text).is_ascii()
    {
        return None;
    }
    let first = grade(view, at);
    let mut found = Unit {
        from: at,
        to: at + 1,
        head: at,
        grade: first,
        given: view.class(at).given == Known::Common,
    };
    let particle = is_particle(view.folded(at));
    let mut pieces = 1;
    while let Some(next) = continuation(view, &found, particle || pieces > 1) {
        let more = grade(view, next);
        found.grade = if particle {
            more.max(Grade::Unknown)
        } else if more == Grade::No || found.grade == Grade::No {
            Grade::No
        } else {
            found.grade.max(more)
        };
        found.to = next + 1;
        found.head = if is_particle(view.folded(found.head)) {
            next
        } else {
            found.head
        };
        pieces += 1;
        if pieces > 4 {
            break;
        }
    }
    if particle && pieces == 1 {
        found.grade = found.grade.min(Grade::Word);
    }
    found.to = possessive(view, found.to);
    Some(found)
}

/// Whether a folded word begins a family name (`van`, `de`, `al`).
pub(crate) fn is_particle(word: &str) -> bool {
    PARTICLES.has(word)
}

/// The name at a token where a word has announced one, and where it begins behind its particles,
/// which may be written in any case: `DE LA CRUZ`, `van den Berg`, `Mc Tavish`.
pub(super) fn past_particles(view: &View<'_>, at: usize) -> Option<(usize, Unit)> {
    let mut first = at;
    for _ in 0..3 {
        let blank = view.kind(first + 1) == Some(Kind::Space) && view.tokens[first + 1].len() == 1;
        let word = view.kind(first + 2) == Some(Kind::Word) && view.tokens[first].len() > 1;
        if !blank || !word || !is_particle(view.folded(first)) {
            break;
        }
        first += 2;
    }
    let capital = matches!(view.case(first), Case::Title | Case::Upper);
    let class = view.class(first);
    let name = class.rank < Rank::Clinical || class.surname == Known::Common;
    if first == at || !capital || !name || view.tokens[first].len() < 3 {
        return Some((at, unit(view, at)?));
    }
    let mut found = unit(view, first)?;
    let several = first > at + 2;
    if class.rank < Rank::Ordinary || class.surname > Known::No && several {
        found.grade = found.grade.max(Grade::Unknown);
    }
    Some((first, found))
}

/// The word that goes on with a name: glued (`McDonald`), hyphenated, or after a particle.
pub(super) fn continuation(view: &View<'_>, unit: &Unit, particle: bool) -> Option<usize> {
    let capital = |i: usize| matches!(view.case(i), Case::Title | Case::Upper);
    let at = unit.to;
    if capital(at) && particle && is_particle(view.folded(at - 1)) {
        return Some(at);
    }
    // `O'brien`
    let irish = view.mark(at) == Some(b'\'')
        && view.folded(at - 1) == "o"
        && view.case(at - 1) == Case::Upper
        && view.case(at + 1) == Case::Lower
        && view.tokens[at + 1].len() > 3;
    if irish {
        return Some(at + 1);
    }
    let joint = matches!(view.mark(at), Some(b'-' | b'\''))
        || view
            .tokens
            .get(at)
            .is_some_and(|t| matches!(t.text(view.text), "\u{2019}" | "\u{2010}" | "\u{2011}"));
    if joint
        && (particle || view.case(at + 1) == view.case(at - 1))
        && capital(at + 1)
        && view.tokens[at + 1].len() > 1
        && (view.mark(at) != Some(b'-') || view.tokens[unit.from].len() > 1)
    {
        return Some(at + 1);
    }
    let apart = view.tokens[at - 1].len() > 1 && !TIGHT.has(view.folded(at - 1));
    let after_particle = apart
        && is_particle(view.folded(at - 1))
        && view.kind(at) == Some(Kind::Space)
        && view.tokens[at].len() == 1;
    let name = |i: usize| capital(i) && !view.class(i).is_word();
    (after_particle && (name(at + 1) || is_particle(view.folded(at + 1)) && capital(at + 3)))
        .then_some(at + 1)
}

/// `'s` belongs to the name.
pub(super) fn possessive(view: &View<'_>, at: usize) -> usize {
    let mark = view.mark(at) == Some(b'\'')
        || view
            .tokens
            .get(at)
            .is_some_and(|t| t.text(view.text) == "\u{2019}");
    if mark && matches!(view.folded(at + 1), "s") && view.tokens[at + 1].len() == 1 {
        at + 2
    } else {
        at
    }
}

/// How much one word looks like a name.
pub(super) fn grade(view: &View<'_>, at: usize) -> Grade {
    let class = view.class(at);
    let length = view.folded(at).chars().count();
    let known = class.given.max(class.surname);
    if view.case(at) == Case::Lower || length < 2 {
        return Grade::No;
    }
    if class.is_word() {
        return if known > Known::No {
            Grade::Word
        } else {
            Grade::No
        };
    }
    let glued_number = matches!(view.kind(at + 1), Some(Kind::Number))
        || at > 0 && view.kind(at - 1) == Some(Kind::Number);
    if glued_number
        || at > 0
            && view.case(at - 1) == Case::Lower
            && view.tokens[at - 1].end == view.tokens[at].start
            && view.tokens[at - 1].len() < 3
    {
        return Grade::No;
    }
    match known {
        Known::Common if length > 2 || view.case(at) == Case::Title => Grade::Clear,
        Known::Listed | Known::Common if length > 3 || view.case(at) == Case::Title => Grade::Known,
        _ if length < 3 || !has_vowel(view.folded(at)) => Grade::No,
        _ => Grade::Unknown,
    }
}

pub(super) fn has_vowel(word: &str) -> bool {
    !word.is_ascii()
        || word
            .bytes()
            .any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
}

/// `J.`, `J.R.`, `J `: the index of the word after an initial.
pub(super) fn initial(view: &View<'_>, at: usize) -> Option<usize> {
    let single = view.kind(at) == Some(Kind::Word)
        && view.case(at) == Case::Upper
        && view.folded(at).chars().count() == 1;
    if !single {
        return None;
    }
    let mut next = at + 1;
    let dotted = view.mark(next) == Some(b'.');
    next += usize::from(dotted);
    let space = view.kind(next) == Some(Kind::Space);
    next += usize::from(space);
    (view.kind(next) == Some(Kind::Word) && (dotted || space)).then_some(next)
}

/// Further names after a first one: `Beatrix Lattimore`, `Smith, J.`, `Brown RT(R)`.
pub(super) fn more_units(view: &View<'_>, style: &Style, first: Unit, least: Grade) -> usize {
    let mut to = first.to;
    let mut last = first;
    for _ in 0..3 {
        let gap = usize::from(view.kind(to) == Some(Kind::Space) && view.tokens[to].len() <= 2);
        let mark = usize::from(matches!(view.mark(to + gap), Some(b',' | b'^' | b'_')) && gap == 0);
        let after =
            to + gap + mark + usize::from(mark > 0 && view.kind(to + 1) == Some(Kind::Space));
        if gap + mark == 0 {
            break;
        }
        if mark == 0
            && credential(view, after).is_none()
            && let Some(end) = initial_after(view, after)
        {
            to = end;
            continue;
        }
        let after = if mark == 0 {
            initial(view, after)
                .filter(|n| grade(view, *n) >= Grade::Known)
                .unwrap_or(after)
        } else {
            after
        };
        if !same_script(view, last.head, after) {
            break;
        }
        let Some(next) = unit(view, after) else { break };
        let clinical = view.class(after).rank == Rank::Clinical
            || next.grade == Grade::Unknown && view.class(after).rank == Rank::Rare;
        let surname = last.given && next.grade == Grade::Word && view.case(after) == Case::Title;
        let unknown_upper = next.grade == Grade::Unknown
            && view.case(after) == Case::Upper
            && (view.case(first.from) != Case::Upper
                || style.mixed
                || view.tokens[after].len() < 4);
        let enough = if mark > 0 {
            next.grade >= Grade::Known && next.given
        } else {
            next.grade >= least && !unknown_upper || surname
        };
        if clinical || !enough || is_eponym(view, &next) {
            break;
        }
        to = next.to;
        last = next;
    }
    to
}

/// Whether two words are written in scripts that a name has together: a name in Latin letters does
/// not go on in Hangul, Han, Hebrew or Arabic.
fn same_script(view: &View<'_>, one: usize, other: usize) -> bool {
    let script = |i: usize| {
        let first = view.tokens[i].text(view.text).chars().next();
        (
            view.case(i) == Case::None,
            first.is_some_and(crate::token::is_cjk),
        )
    };
    view.token(other).is_none() || script(one) == script(other)
}

/// `Smith J`, `Smith J.R.`: the index after initials that follow a name.
pub(super) fn initial_after(view: &View<'_>, at: usize) -> Option<usize> {
    let mut end = at;
    while end < at + 8
        && view.case(end) == Case::Upper
        && view.folded(end).chars().count() == 1
        && view.mark(end + 1) == Some(b'.')
    {
        end += 2;
        if view.kind(end) == Some(Kind::Space)
            && view.folded(end + 1).chars().count() == 1
            && view.mark(end + 2) == Some(b'.')
        {
            end += 1;
        }
    }
    (end > at).then_some(end)
}

pub(super) fn class_free(view: &View<'_>, at: usize) -> bool {
    view.class(at).rank == Rank::Unknown
}

/// Whether a phrase ends at an index.
pub(super) fn ends(view: &View<'_>, at: usize) -> bool {
    let next = if view.kind(at) == Some(Kind::Space) {
        at + 1
    } else {
        at
    };
    let suffix = matches!(view.folded(next), "jr" | "iii") && view.case(next) != Case::Lower;
    suffix
        || matches!(
            view.kind(next),
            None | Some(Kind::Newline | Kind::Mark | Kind::Number)
        )
}

/// A name that stands for a thing: `Baker cyst`, `Salter-Harris`, `Crohn's disease`.
pub(super) fn is_eponym(view: &View<'_>, unit: &Unit) -> bool {
    let class = view.class(unit.from);
    let particle = unit.to > unit.from + 1 && is_particle(view.folded(unit.from));
    !particle && (class.rank == Rank::Clinical || class.eponym) || is_thing(view, unit)
}

/// A name before the word for a thing, or before the year of a publication (`Goldstein 1987`).
pub(super) fn is_thing(view: &View<'_>, unit: &Unit) -> bool {
    let year = unit.to + usize::from(view.mark(unit.to) == Some(b',')) + 1;
    if view.kind(year - 1) == Some(Kind::Space)
        && view
            .number(year)
            .is_some_and(|(n, _)| (1900..2000).contains(&n))
    {
        return true;
    }
    let mut next = unit.to;
    next += usize::from(view.kind(next) == Some(Kind::Space) || view.mark(next) == Some(b'-'));
    EPONYM_HEADS.has(view.folded(next))
        && !eponyms::of_anybody(view, unit.head, unit.to)
        && (view.case(next) == Case::Lower
            || view.class(next).surname < Known::Common
            || view.class(next).rank == Rank::Clinical)
}

/// An unknown word is a part of a name beside a clear one when both are written with a capital;
/// in capitals it must also be long, for there abbreviations look the same.
pub(super) fn spelled_as_name(view: &View<'_>, at: usize, other: usize) -> bool {
    match (view.case(at), view.case(other)) {
        (Case::Title, Case::Title) => view.tokens[at].len() > 3,
        (Case::Upper, Case::Upper) => view.tokens[at].len() > 6,
        _ => false,
    }
}

/// `Smith J` at the end of a phrase.
pub(super) fn trailing_initial(view: &View<'_>, at: usize) -> usize {
    let single = view.kind(at) == Some(Kind::Space)
        && view.case(at + 1) == Case::Upper
        && view.folded(at + 1).chars().count() == 1;
    let camel = view.case(at) == Case::Upper && view.folded(at).chars().count() == 1;
    if camel {
        at + 1
    } else if single
        && (view.mark(at + 2) == Some(b'.') || ends(view, at + 2))
        && !matches!(view.folded(at + 1), "l" | "r")
        && view.kind(at + 2) != Some(Kind::Number)
        && !matches!(view.mark(at + 2), Some(b'/' | b'+' | b'_' | b'*' | b'-'))
    {
        at + 2
    } else {
        at
    }
}
