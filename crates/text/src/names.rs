//! Names of people that the object does not state: by the word before them, by the credentials
//! after them, by their shape, and by the lists of known names.
//!
//! The grade of evidence that a place asks for falls with what the place says: after `Dr.` any
//! word that can be a name is one; after `operator` an unknown word is; alone in a text only a
//! common name that is no word of any kind is. Eponyms (`Baker cyst`) stay.

use crate::cues::{self, Cue};
use crate::kinds::{Context, IdentifierKind, Span};
use crate::lexicon::{Known, Rank};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Words that begin a family name.
static PARTICLES: Words = Words::new(
    "mc mac o d de di la le van von fitz el al del della dos da ter ten den der bin ibn abu st zu \
     zum ben bar",
);

/// Particles that are only glued to what follows, or given names of their own.
static TIGHT: Words = Words::new("mc mac fitz st al el bar ben ten");

/// Words for a person after which hardly anything but a name comes.
static STRONG_LABELS: Words = Words::new(
    "by op operator tech technologist mta mtra name radiographer sonographer dictated par durch \
     untersucher referrer requester",
);

/// Prepositions before people.
static PERSONAL: Words = Words::new(
    "with for from to per see ask call dear contacted spoke discussed pour fur fuer para bei mit \
     avec con voor",
);

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
struct Unit {
    from: usize,
    to: usize,
    /// The word that tells: the first that is no particle.
    head: usize,
    grade: Grade,
    given: bool,
}

/// A name has no more initials than this in a row.
const MOST_INITIALS: usize = 4;

/// Words after an eponym: the name is that of the thing.
static EPONYM_HEADS: Words = Words::new(
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

/// What people do: the subject before is one.
static PERSON_VERBS: Words = Words::new(
    "reports states denies says complains presented presents reported stated denied called phoned \
     asked notes describes admits endorses lives informed",
);

static CREDENTIALS: Words = Words::new(
    "md rn phd np frcr facr rdms mbbs dds rtr crna frcpc rcis rvt arrt lpn fracs franzcr dabr",
);

/// Finds the names of people.
pub(crate) fn find(view: &View<'_>, context: Context, spans: &mut Vec<Span>) {
    let style = Style::of(view, context);
    let mut at = 0;
    while at < view.tokens.len() {
        let found = match view.kind(at) {
            Some(Kind::Word) => cjk(view, at)
                .or_else(|| announced(view, &style, at))
                .or_else(|| unannounced(view, &style, at)),
            Some(Kind::Mark) => caret(view, at),
            _ => None,
        };
        match found {
            Some((from, to, rule)) => {
                let to = past_credentials(view, to);
                spans.push(Span::new(
                    view.tokens[from].start,
                    view.tokens[to - 1].end,
                    IdentifierKind::PersonName,
                    rule,
                ));
                at = to.max(at + 1);
            }
            None => at += 1,
        }
    }
}

type Found = Option<(usize, usize, &'static str)>;

/// How the whole text is written.
struct Style {
    prose: bool,
    /// There are words in lower case, so that a capital means something.
    mixed: bool,
}

impl Style {
    fn of(view: &View<'_>, context: Context) -> Self {
        let lower = view
            .tokens
            .iter()
            .take(2000)
            .filter(|t| t.case == Case::Lower && t.len() > 2)
            .count();
        let title = view
            .tokens
            .iter()
            .take(2000)
            .filter(|t| t.case == Case::Title && t.len() > 2)
            .count();
        Self {
            prose: context == Context::Prose,
            mixed: lower > 0 || title > 0,
        }
    }
}

/// The name that starts at a token.
fn unit(view: &View<'_>, at: usize) -> Option<Unit> {
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

fn is_particle(word: &str) -> bool {
    PARTICLES.has(word)
}

/// The word that goes on with a name: glued (`McDonald`), hyphenated, or after a particle.
fn continuation(view: &View<'_>, unit: &Unit, particle: bool) -> Option<usize> {
    let capital = |i: usize| matches!(view.case(i), Case::Title | Case::Upper);
    let at = unit.to;
    if capital(at) && particle && is_particle(view.folded(at - 1)) {
        return Some(at);
    }
    let joint = matches!(view.mark(at), Some(b'-' | b'\''))
        || view
            .tokens
            .get(at)
            .is_some_and(|t| matches!(t.text(view.text), "\u{2019}" | "\u{2010}" | "\u{2011}"));
    if joint
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
fn possessive(view: &View<'_>, at: usize) -> usize {
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
fn grade(view: &View<'_>, at: usize) -> Grade {
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

fn has_vowel(word: &str) -> bool {
    !word.is_ascii()
        || word
            .bytes()
            .any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
}

/// Names after a title or another word that announces a person.
fn announced(view: &View<'_>, style: &Style, at: usize) -> Found {
    let word = view.folded(at);
    let cue = cues::cue(word)?;
    let glued = at > 0 && matches!(view.kind(at - 1), Some(Kind::Number | Kind::Word))
        || view.kind(at + 1) == Some(Kind::Number);
    if glued || matches!(view.kind(at + 1), Some(Kind::Word)) {
        return None;
    }
    let (start, colon) = past_label(view, at + 1)?;
    match cue {
        Cue::Title if (at..start).any(|i| view.mark(i) == Some(b'(')) => None,
        Cue::Title => titled(view, style, at, start),
        Cue::Person => {
            labelled(view, style, at, start, colon).map(|(f, t)| (f, t, "announced name"))
        }
        Cue::Weak => {
            after_preposition(view, style, at, start).map(|(f, t)| (f, t, "announced name"))
        }
    }
}

/// The index of the word after a label, past `:`, `.` and blanks.
fn past_label(view: &View<'_>, from: usize) -> Option<(usize, bool)> {
    let (mut at, mut colon) = (from, false);
    while at < from + 5 {
        match view.kind(at)? {
            Kind::Space => {}
            Kind::Mark => match view.mark(at) {
                Some(b':' | b'=') => colon = true,
                Some(b'.' | b'(' | b'"' | b'_' | b'^') => {}
                Some(b'-') if at > from => {}
                _ => return None,
            },
            Kind::Word => return Some((at, colon)),
            _ => return None,
        }
        at += 1;
    }
    None
}

/// After a title: `Dr. Brown`, `Prof. Dr. med. J. Kowalczyk`, `Mrs O'Brien`.
fn titled(view: &View<'_>, style: &Style, at: usize, start: usize) -> Found {
    let dotted = view.mark(at + 1) == Some(b'.');
    let upper = view.case(at) == Case::Upper && !dotted;
    let doubtful = upper || view.case(at) == Case::Lower && !dotted;
    let mut first = start;
    let mut initials = false;
    for _ in 0..6 {
        if cues::is_title(view.folded(first)) && view.tokens[first].len() > 1 && first > at {
            first = past_label(view, first + 1)?.0;
        } else if let Some(next) = initial(view, first) {
            initials = true;
            first = next;
        } else {
            break;
        }
    }
    let found = unit(view, first)?;
    let modality = matches!(view.folded(at), "dr" | "mr" | "ms" | "doc" | "md") && doubtful;
    let least = match (doubtful, modality) {
        (false, _) => Grade::Word,
        (true, false) => Grade::Unknown,
        (true, true) if view.folded(at) == "dr" && view.tokens[first].len() > 4 => Grade::Unknown,
        (true, true) => Grade::Known,
    };
    let lower_name = view.case(first) == Case::Lower
        && !doubtful
        && view.class(first).rank == Rank::Unknown
        && view.tokens[first].len() > 2;
    let rare = doubtful && view.class(first).rank > Rank::Unknown && found.grade < Grade::Known;
    let clinical = view.class(first).rank == Rank::Clinical
        && view.case(first) == Case::Upper
        && !initials
        && style.mixed;
    if (found.grade < least || rare || clinical) && !lower_name {
        return initials
            .then_some((at, start.max(first.saturating_sub(1)), "title"))
            .filter(|f| f.1 > f.0 + 2);
    }
    Some((at, more_units(view, style, found, Grade::Unknown), "title"))
}

/// `J.`, `J.R.`, `J `: the index of the word after an initial.
fn initial(view: &View<'_>, at: usize) -> Option<usize> {
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
fn more_units(view: &View<'_>, style: &Style, first: Unit, least: Grade) -> usize {
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

/// `Smith J`, `Smith J.R.`: the index after initials that follow a name.
fn initial_after(view: &View<'_>, at: usize) -> Option<usize> {
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

/// After a word for a person: `operator Crowhurst`, `read by: A. Brown`, `Patient Kowalczyk`.
fn labelled(
    view: &View<'_>,
    style: &Style,
    at: usize,
    start: usize,
    colon: bool,
) -> Option<(usize, usize)> {
    let cue = view.folded(at);
    let strong = STRONG_LABELS.has(cue) || colon;
    let mut first = start;
    let mut initials = false;
    for _ in 0..MOST_INITIALS {
        let Some(next) = initial(view, first) else {
            break;
        };
        initials = true;
        first = next;
    }
    if cues::cue(view.folded(first)) == Some(Cue::Title) {
        return None;
    }
    let found = unit(view, first)?;
    let class = view.class(found.head);
    let title = view.case(found.head) == Case::Title;
    let accepted = match found.grade {
        Grade::Clear => true,
        Grade::Known => class.rank == Rank::Unknown || title || strong,
        Grade::Unknown => {
            let rare = class.rank > Rank::Unknown;
            let shape = if title {
                view.tokens[found.head].len() > 2
            } else {
                view.tokens[found.head].len() > 3
            };
            shape && !rare && (strong || title && style.mixed || initials)
                || rare && strong && title && ends(view, found.to)
        }
        Grade::Word => {
            strong
                && class.rank < Rank::Clinical
                && class.given.max(class.surname) == Known::Common
                && title
                && (ends(view, found.to) || initials || colon)
        }
        Grade::No => {
            let lower = view.case(first) == Case::Lower
                && class.rank == Rank::Unknown
                && view.tokens[first].len() > 3;
            lower
                && (colon || matches!(cue, "operator" | "op" | "tech"))
                && has_vowel(view.folded(first))
        }
    };
    let thing = cue != "by" && view.class(first).eponym || is_thing(view, &found);
    (accepted && !thing).then(|| {
        (
            start,
            comma_given(view, more_units(view, style, found, Grade::Unknown), colon),
        )
    })
}

/// `NAME: Villegas, Yosef`: after a label what follows a comma may be an unknown given name.
fn comma_given(view: &View<'_>, to: usize, colon: bool) -> usize {
    if !colon || view.mark(to) != Some(b',') {
        return to;
    }
    let next = to + 1 + usize::from(view.kind(to + 1) == Some(Kind::Space));
    let given = unit(view, next).filter(|u| {
        u.grade >= Grade::Unknown && class_free(view, next) && view.case(next) == view.case(to - 1)
    });
    given.map_or(to, |u| u.to)
}

/// After a preposition: a clear name, a pair, or in prose an unknown capitalised word.
fn after_preposition(
    view: &View<'_>,
    style: &Style,
    at: usize,
    start: usize,
) -> Option<(usize, usize)> {
    let mut first = start;
    let mut initials = false;
    for _ in 0..MOST_INITIALS {
        let Some(next) = initial(view, first) else {
            break;
        };
        initials = true;
        first = next;
    }
    let found = unit(view, first)?;
    let title = view.case(found.head) == Case::Title;
    let to = more_units(view, style, found, Grade::Unknown);
    let pair = to > found.to;
    let personal = PERSONAL.has(view.folded(at));
    let accepted = match found.grade {
        Grade::Clear => title || view.tokens[first].len() > 3,
        Grade::Known => pair || initials || title && class_free(view, found.head),
        Grade::Unknown => {
            title
                && style.mixed
                && class_free(view, found.head)
                && (initials
                    || pair
                    || style.prose
                        && personal
                        && view.tokens[found.head].len() > 4
                        && !drug_like(view.folded(found.head)))
        }
        Grade::Word => {
            pair && found.given
                && title
                && unit(view, found.to + 1).is_some_and(|n| n.grade >= Grade::Known)
        }
        Grade::No => false,
    };
    let part = view.folded(at) == "of" && ANATOMY_OF.has(view.word_before(at));
    (accepted && !part && !is_eponym(view, &found)).then_some((start, to))
}

/// `circle of Willis`, `tendon of Todaro`: parts of the body are named after people.
static ANATOMY_OF: Words = Words::new(
    "circle tendon ligament sphincter foramen canal angle sinus node island islets crypt crypts \
     duct vein artery fissure valve valves bundle loop pouch ampulla space line sign tetralogy \
     fossa triangle hiatus muscle fascia gland nerve ganglion nucleus organ aneurysm disease \
     syndrome",
);

fn class_free(view: &View<'_>, at: usize) -> bool {
    view.class(at).rank == Rank::Unknown
}

/// Endings of drugs and agents: capitalised, in no list, and no names.
static DRUG_ENDINGS: Words = Words::new(
    "ine ate ol cil mab nib tin zole pril vist scan paque rem ide ium cin xel rin dex pam one gen \
     ex ix ax tec sol",
);

fn drug_like(word: &str) -> bool {
    DRUG_ENDINGS.iter().any(|e| word.ends_with(e))
}

/// Whether a phrase ends at an index.
fn ends(view: &View<'_>, at: usize) -> bool {
    let next = if view.kind(at) == Some(Kind::Space) {
        at + 1
    } else {
        at
    };
    matches!(
        view.kind(next),
        None | Some(Kind::Newline | Kind::Mark | Kind::Number)
    )
}

/// A name that stands for a thing: `Baker cyst`, `Salter-Harris`, `Crohn's disease`.
fn is_eponym(view: &View<'_>, unit: &Unit) -> bool {
    let class = view.class(unit.from);
    let particle = unit.to > unit.from + 1 && is_particle(view.folded(unit.from));
    !particle && (class.rank == Rank::Clinical || class.eponym) || is_thing(view, unit)
}

/// A name before the word for a thing, or before the year of a publication (`Goldstein 1987`).
fn is_thing(view: &View<'_>, unit: &Unit) -> bool {
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
        && (view.case(next) == Case::Lower
            || view.class(next).surname < Known::Common
            || view.class(next).rank == Rank::Clinical)
}

/// Names that nothing announces.
fn unannounced(view: &View<'_>, style: &Style, at: usize) -> Found {
    if at > 0
        && matches!(view.kind(at - 1), Some(Kind::Number | Kind::Word))
        && view.case(at) != Case::None
    {
        return None;
    }
    if let Some(found) = initials_and_surname(view, style, at) {
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
    let to = more_units(view, style, first, Grade::Unknown);
    let second = (to > first.to).then(|| unit(view, first.to + 1)).flatten();
    let paired = second.is_some_and(|s| match first.grade {
        Grade::Clear => {
            s.grade >= Grade::Known || first.given && view.case(s.from) == view.case(first.from)
        }
        Grade::Known => s.grade == Grade::Clear,
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
        return Some((first.from, end, "known name"));
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

/// An unknown word is a part of a name beside a clear one when both are written with a capital;
/// in capitals it must also be long, for there abbreviations look the same.
fn spelled_as_name(view: &View<'_>, at: usize, other: usize) -> bool {
    match (view.case(at), view.case(other)) {
        (Case::Title, Case::Title) => view.tokens[at].len() > 3,
        (Case::Upper, Case::Upper) => view.tokens[at].len() > 6,
        _ => false,
    }
}

/// A common name alone: not glued into a technical token.
fn alone_is_name(view: &View<'_>, style: &Style, first: &Unit) -> bool {
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
    !(rare && upper && short)
        && !(glued && upper && (short || rare))
        && !(upper && style.mixed && short)
}

/// `Smith J` at the end of a phrase.
fn trailing_initial(view: &View<'_>, at: usize) -> usize {
    let single = view.kind(at) == Some(Kind::Space)
        && view.case(at + 1) == Case::Upper
        && view.folded(at + 1).chars().count() == 1;
    let camel = view.case(at) == Case::Upper && view.folded(at).chars().count() == 1;
    if camel {
        at + 1
    } else if single
        && (view.mark(at + 2) == Some(b'.') || ends(view, at + 2))
        && !matches!(view.folded(at + 1), "l" | "r")
    {
        at + 2
    } else {
        at
    }
}

/// `J. Smith`, `J.R. Kowalczyk`, `Smith J.R.`
fn initials_and_surname(view: &View<'_>, style: &Style, at: usize) -> Found {
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

/// `Smith, John`, `SMITH,JOHN`.
fn family_comma_given(view: &View<'_>, first: &Unit) -> Option<usize> {
    if view.mark(first.to) != Some(b',') {
        return None;
    }
    let mut next = first.to + 1;
    next += usize::from(view.kind(next) == Some(Kind::Space) && view.tokens[next].len() == 1);
    let given = unit(view, next)?;
    let clear = given.grade >= Grade::Known && given.given;
    let word = first.grade == Grade::Word && view.class(first.from).rank == Rank::Clinical;
    let unknown = given.grade >= Grade::Unknown
        && class_free(view, next)
        && view.case(next) == Case::Title
        && view.case(first.from) == Case::Title;
    if first.grade == Grade::Clear && unknown && view.mark(given.to) == Some(b')') {
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

/// `Brown, M.D.`, `Kowalczyk RT(R)`: a name before what a person has earned.
fn credentials(view: &View<'_>, style: &Style, first: &Unit) -> Option<usize> {
    let to = more_units(view, style, *first, Grade::Word);
    let second = unit(view, first.to + 1).filter(|_| to > first.to);
    if first.grade == Grade::Unknown
        && second.is_some_and(|s| !spelled_as_name(view, first.head, s.from))
    {
        return None;
    }
    let mut next = to;
    next += usize::from(view.mark(next) == Some(b','));
    next += usize::from(view.kind(next) == Some(Kind::Space));
    if next == to
        || view.class(first.from).rank == Rank::Clinical
            && first.grade == Grade::Word
            && to == first.to
    {
        return None;
    }
    credential(view, next)
}

/// The index after the credentials that follow a name.
fn past_credentials(view: &View<'_>, to: usize) -> usize {
    let mut next = to;
    next += usize::from(view.mark(next) == Some(b','));
    next += usize::from(view.kind(next) == Some(Kind::Space));
    if next == to {
        to
    } else {
        credential(view, next).unwrap_or(to)
    }
}

/// `MD`, `M.D.`, `RT(R)`: the index after.
fn credential(view: &View<'_>, at: usize) -> Option<usize> {
    let word = view.folded(at);
    let upper = view.case(at) == Case::Upper || word == "phd";
    if upper && CREDENTIALS.has(word) {
        return Some(at + 1);
    }
    if upper && word == "rt" && view.mark(at + 1) == Some(b'(') && view.mark(at + 3) == Some(b')') {
        return Some(at + 4);
    }
    let md = word == "m" && view.mark(at + 1) == Some(b'.') && view.folded(at + 2) == "d";
    md.then(|| {
        if view.mark(at + 3) == Some(b'.') {
            at + 4
        } else {
            at + 3
        }
    })
}

/// An unknown capitalised word before a name that credentials follow: `FILBERT BRIGHT, M.D.`
fn unknown_before(view: &View<'_>, from: usize) -> usize {
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

/// `SMITH^JOHN^^DR`: the form of DICOM itself.
fn caret(view: &View<'_>, at: usize) -> Found {
    let letters = |i: usize| view.kind(i) == Some(Kind::Word) && view.tokens[i].len() > 1;
    if view.mark(at) != Some(b'^') || at == 0 || !letters(at - 1) {
        return None;
    }
    let after = (at + 1..view.tokens.len().min(at + 4)).find(|i| view.mark(*i) != Some(b'^'))?;
    if view.kind(after) != Some(Kind::Word) {
        return None;
    }
    let mut from = at - 1;
    while from > 0
        && at - from < 12
        && (view
            .mark(from - 1)
            .is_some_and(|m| matches!(m, b'-' | b'\''))
            || view.kind(from - 1) == Some(Kind::Word))
    {
        from -= 1;
    }
    if matches!(view.mark(from), Some(b'-' | b'\'')) {
        from += 1;
    }
    let mut to = after + 1;
    while view.kind(to) == Some(Kind::Word)
        || view
            .mark(to)
            .is_some_and(|m| matches!(m, b'^' | b'-' | b'\''))
            && (view.mark(to) == Some(b'^') || view.kind(to + 1) == Some(Kind::Word))
    {
        to += 1;
    }
    let technical = (from..to)
        .all(|i| view.kind(i) != Some(Kind::Word) || view.class(i).rank == Rank::Clinical);
    (!technical).then_some((from, to, "person name value"))
}

static CJK_LABELS: Words = Words::new(
    "患者 氏名 姓名 担当医 主治医 依頼医 医師 技師 検者 医生 主管医师 申请医生 환자 성명 담당의 의사 환자명 患者名 患者氏名 病人",
);

static CJK_HONORIFICS: Words = Words::new("先生 様 さん 殿 氏 医師 女士 医生 님 선생님 씨");

/// Names in Han, kana and Hangul: after a label and a colon or blank, or before an honorific.
fn cjk(view: &View<'_>, at: usize) -> Found {
    let text = view.tokens[at].text(view.text);
    if !text.starts_with(crate::token::is_cjk) {
        return None;
    }
    let name = |t: &str| (2..=8).contains(&t.chars().count());
    if CJK_LABELS.has(text) {
        let mut next = at + 1;
        while view.kind(next) == Some(Kind::Space)
            || view
                .tokens
                .get(next)
                .is_some_and(|t| matches!(t.text(view.text), ":" | "：" | "＝" | "="))
        {
            next += 1;
        }
        let value = view
            .tokens
            .get(next)
            .filter(|t| t.kind == Kind::Word && next > at + 1)?
            .text(view.text);
        return (value.starts_with(crate::token::is_cjk) && name(value)).then_some((
            next,
            next + 1,
            "announced name",
        ));
    }
    let honorific = CJK_HONORIFICS
        .iter()
        .find(|h| text.ends_with(*h) && text.len() > h.len())?;
    let stem = &text[..text.len() - honorific.len()];
    let short = (1..=4).contains(&stem.chars().count());
    let clinical = ["主治", "担当", "依頼", "専門", "読影", "放射線科"]
        .iter()
        .any(|w| stem.ends_with(w));
    (short && !clinical).then_some((at, at + 1, "title"))
}
