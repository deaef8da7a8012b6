//! Names that a word before them announces: titles, labels, prepositions.

use super::unit::{
    Grade, MOST_INITIALS, Unit, class_free, ends, has_vowel, initial, is_eponym, is_particle,
    is_thing, more_units, past_particles, unit,
};
use super::{Found, Style, family};
use crate::cues::{self, Cue};
use crate::lexicon::{self, Known, Rank};
use crate::standing;
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Words for a person after which hardly anything but a name comes.
pub(super) static STRONG_LABELS: Words = Words::new(
    "by op operator tech technologist mta mtra name radiographer sonographer dictated par durch \
     untersucher referrer requester hd h zhd uberweiser ueberweiser zuweiser einweiser verwijzer \
     aanvrager author autor auteur auteure autore solicitante solicitado solicitada remitente \
     henvisende henviser rekvirent remitterande remittent zlecajacy zlecajaca kierujacy \
     prescripteur demandeur richiedente",
);

/// Words that announce anything at all, and a person among it.
static VAGUE_LABELS: Words = Words::new("seen note");

/// Titles after which a name may be written small: those that are no modality (`mr`, `ms`).
static LOWER_TITLES: Words = Words::new(
    "dr dra drs prof professor doctor doktor docteur mrs herr herrn frau mme mlle sra srta dott \
     dottssa dhr mevr mevrouw",
);

/// Prepositions before people.
pub(super) static PERSONAL: Words = Words::new(
    "with for from to per see ask call dear contacted spoke discussed pour fur fuer para bei mit \
     avec con voor",
);

/// Those that stand before nouns, in languages that may write these with a capital.
static NOUNS_FOLLOW: Words = Words::new("bei mit con avec fur fuer para voor pour");

/// Names after a title or another word that announces a person.
pub(super) fn announced(view: &View<'_>, style: &Style, at: usize) -> Found {
    let cue = cues::cue_at(view, at)?;
    let glued = at > 0 && matches!(view.kind(at - 1), Some(Kind::Number | Kind::Word))
        || view.kind(at + 1) == Some(Kind::Number);
    if glued {
        return None;
    }
    if view.kind(at + 1) == Some(Kind::Word) {
        return glued_title(view, style, at, cue);
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

/// Titles that people write in one with the name; `RevAsym` is a code.
static GLUED: Words = Words::new("dr dra prof mr mrs mme herr frau docteur doktor doctor");

/// `DrZaremba`, `ProfKowalczyk`: a title and a name that is no other word.
fn glued_title(view: &View<'_>, style: &Style, at: usize, cue: Cue) -> Found {
    let camel = view.case(at) == Case::Title && view.case(at + 1) == Case::Title;
    let title = cue == Cue::Title && GLUED.has(view.folded(at));
    let name = unit(view, at + 1).filter(|_| camel && title)?;
    let sure = name.grade >= Grade::Unknown && view.tokens[at + 1].len() > 2
        || name.grade == Grade::Word && standing::may_be_called(view, at + 1);
    sure.then(|| (at, more_units(view, style, name, Grade::Unknown), "title"))
}

/// The index of the word after a label, past `:`, `.` and blanks.
pub(super) fn past_label(view: &View<'_>, from: usize) -> Option<(usize, bool)> {
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
pub(super) fn titled(view: &View<'_>, style: &Style, at: usize, start: usize) -> Found {
    let dotted = view.mark(at + 1) == Some(b'.');
    let upper = view.case(at) == Case::Upper && !dotted;
    if matches!(view.folded(at), "fr" | "hr") && !dotted {
        return None;
    }
    let doubtful = upper || view.case(at) == Case::Lower && !dotted;
    let mut first = start;
    let mut initials = false;
    for _ in 0..6 {
        let title =
            cues::is_title(view.folded(first)) && view.tokens[first].len() > 1 && first > at;
        if title || is_feminine(view, first) {
            first = past_label(view, first + 1)?.0;
        } else if let Some(next) = initial(view, first) {
            initials = true;
            first = next;
        } else {
            break;
        }
    }
    if let Some(to) = short_name(view, at, first) {
        return Some((at, to, "title"));
    }
    let bare = first;
    let (first, found) = past_particles(view, first)?;
    let parted = first > bare;
    let code = matches!(view.folded(at), "dr" | "mr" | "ms" | "doc" | "md");
    // `Mr Knee Left`, `Dr Hand 2 Views`: a modality, written as titles are.
    if code && !dotted && !parted && !initials && standing::is_examined(view, first) {
        return None;
    }
    let modality = code && doubtful;
    // `CT chest DR BAKER`: no word that says what was examined, and nothing it goes on with.
    let nurse = matches!(view.folded(at), "nurse" | "prof" | "schwester");
    let called = (modality && view.folded(at) == "dr" || nurse)
        && standing::may_be_called(view, first)
        && (!nurse || view.case(first) == Case::Title);
    let least = match (doubtful, modality) {
        _ if called => Grade::Word,
        (false, _) => Grade::Word,
        (true, false) => Grade::Unknown,
        (true, true) if view.folded(at) == "dr" && view.tokens[first].len() > 4 => Grade::Unknown,
        (true, true) => Grade::Known,
    };
    let lower_name = view.case(first) == Case::Lower
        && view.class(first).rank == Rank::Unknown
        && if doubtful {
            small_name(view, at, first)
        } else {
            view.tokens[first].len() > 2
        };
    let rare = doubtful && view.class(first).rank > Rank::Unknown && found.grade < Grade::Known;
    let clinical = view.class(first).rank == Rank::Clinical
        && view.case(first) == Case::Upper
        && !initials
        && style.mixed;
    let clinical = clinical && !called;
    if (found.grade < least || rare && !parted && !called || clinical) && !lower_name {
        // `MR L SPINE`, `DR C SPINE`: a modality and a side or a region.
        return (initials && !modality)
            .then_some((at, start.max(first.saturating_sub(1)), "title"))
            .filter(|f| f.1 > f.0 + 2);
    }
    let to = more_units(view, style, found, Grade::Unknown);
    let to = if lower_name {
        past_small(view, to)
    } else {
        let to = family::after_given(view, found.head, past_capitals(view, found.head, to), true);
        family::past_particle(view, to - 1, to, true)
    };
    // `MR_Greco`: the modality stays.
    let kept = doubtful && matches!(view.folded(at), "mr" | "ms") && view.case(at) == Case::Upper;
    Some((if kept { start } else { at }, to, "title"))
}

/// `Dr.ª`, `Dr.in`: the ending of the title for a woman.
fn is_feminine(view: &View<'_>, at: usize) -> bool {
    let ending = matches!(view.tokens[at].text(view.text), "\u{aa}" | "in" | "ssa");
    ending && at > 0 && view.mark(at - 1) == Some(b'.')
}

/// `dr beauchamp-lefevre`: what is joined to a name that is written small.
fn past_small(view: &View<'_>, to: usize) -> usize {
    let joined = view.mark(to) == Some(b'-')
        && view.case(to + 1) == Case::Lower
        && view.class(to + 1).rank < Rank::Ordinary;
    if joined { to + 2 } else { to }
}

/// `Urs ZELLWEGER`: a family name in capitals after an announced given name.
fn past_capitals(view: &View<'_>, head: usize, to: usize) -> usize {
    let family = view.case(head) == Case::Title
        && head + 1 == to
        && view.kind(to) == Some(Kind::Space)
        && view.case(to + 1) == Case::Upper
        && view.tokens[to + 1].len() > 4
        && class_free(view, to + 1)
        && has_vowel(view.folded(to + 1));
    if family { to + 2 } else { to }
}

/// `Mr. X`, `Dr. Ng`: one letter, or two written as a name, with nothing of a code about them.
fn short_name(view: &View<'_>, at: usize, first: usize) -> Option<usize> {
    let dotted = view.mark(at + 1) == Some(b'.');
    let modality = matches!(view.folded(at), "dr" | "mr" | "ms" | "doc" | "md");
    if view.case(at) != Case::Title || modality && !dotted {
        return None;
    }
    let named = match view.folded(first).chars().count() {
        1 => view.case(first) == Case::Upper,
        2 => view.case(first) == Case::Title && !view.class(first).is_word(),
        _ => false,
    };
    let glued = matches!(view.kind(first + 1), Some(Kind::Word | Kind::Number))
        || matches!(view.mark(first + 1), Some(b'-' | b'_' | b'/' | b'\''));
    let ended = ends(view, first + 1) && view.kind(first + 2) != Some(Kind::Number);
    (named && !glued && ended).then_some(first + 1)
}

/// `dr zwyxenhof`: all small, after a title that is written small as well.
fn small_name(view: &View<'_>, at: usize, first: usize) -> bool {
    let class = view.class(first);
    view.case(at) == Case::Lower
        && LOWER_TITLES.has(view.folded(at))
        && (view.tokens[first].len() >= 5
            || class.surname == Known::Common && class.rank == Rank::Unknown)
        && has_vowel(view.folded(first))
        && !class.eponym
}

/// Names in the meaning of a code, where standard terms stay whole: after a title written as one,
/// and after `ordered by` and the like.
pub(super) fn announced_in_code(view: &View<'_>, style: &Style, at: usize) -> Found {
    let sure = match cues::cue_at(view, at)? {
        Cue::Title => view.case(at) == Case::Title,
        Cue::Person => view.folded(at) == "by" && ACTIONS.has(view.word_before(at)),
        Cue::Weak => false,
    };
    if sure {
        announced(view, style, at)
    } else {
        None
    }
}

/// After a word for a person: `operator Crowhurst`, `read by: A. Brown`, `Patient Kowalczyk`.
pub(super) fn labelled(
    view: &View<'_>,
    style: &Style,
    at: usize,
    start: usize,
    colon: bool,
) -> Option<(usize, usize)> {
    let cue = view.folded(at);
    let vague = VAGUE_LABELS.has(cue);
    let strong = (STRONG_LABELS.has(cue) || colon) && !vague;
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
    let bare = first;
    let (first, found) = past_particles(view, first)?;
    let particles = first > bare + 2;
    let initials = initials || particles;
    let class = view.class(found.head);
    let title = view.case(found.head) == Case::Title;
    let acted = cue == "by" && ACTIONS.has(view.word_before(at));
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
            let thing = vague && drug_like(view.folded(found.head));
            let role = ROLES.has(cue) && family::is_unlisted(view, found.head);
            particles && (title || colon)
                || role && ends(view, found.to)
                || shape && !rare && !thing && (strong || title && style.mixed || initials)
                || rare && strong && title && ends(view, found.to)
        }
        Grade::Word => {
            let dotted = view.mark(start + 1) == Some(b'.');
            let short = title && initials && (colon || dotted) && class.surname == Known::Common;
            short && view.tokens[found.head].len() == 2 && ends(view, found.to)
                || (colon || acted) && before_name(view, &found)
                || acted && word_before_name(view, &found)
                || strong
                    && class.rank < Rank::Clinical
                    && class.given.max(class.surname) == Known::Common
                    && title
                    && (ends(view, found.to) || initials || colon)
                || title
                    && class.rank < Rank::Clinical
                    && class.given.max(class.surname) == Known::Common
                    && view.case(found.to + 1) == Case::Title
                    && unit(view, found.to + 1).is_some_and(|n| {
                        let unlisted = n.grade == Grade::Unknown && class_free(view, n.head);
                        n.grade >= Grade::Known || unlisted && view.tokens[n.head].len() > 3
                    })
        }
        Grade::No => {
            let lower = view.case(first) == Case::Lower
                && class.rank == Rank::Unknown
                && view.tokens[first].len() > 3;
            let pair = small_pair(view, first, acted).filter(|_| acted || colon);
            if let Some(to) = pair {
                return Some((start, to));
            }
            let two = colon && class.surname == Known::Common && !class.is_word();
            two && view.case(first) == Case::Upper && ends(view, found.to)
                || acted && word_before_name(view, &found)
                || lower
                    && (colon || matches!(cue, "operator" | "op" | "tech"))
                    && has_vowel(view.folded(first))
        }
    };
    let paired = before_name(view, &found);
    let called = acted || paired || called_alike(view, at, &found, colon);
    let thing = !called && view.class(first).eponym || is_thing(view, &found);
    let noun =
        found.grade == Grade::Unknown && !initials && !colon && says_no_name(view, at, first);
    (accepted && !thing && !noun).then(|| {
        let to = more_units(view, style, found, Grade::Unknown);
        let to = past_capitals(view, found.head, to);
        let to = family::after_given(view, found.head, to, true);
        let to = family::past_particle(view, to - 1, to, true);
        let to = family::unlisted_after(view, found.head, to);
        let given = comma_given(view, to, true);
        let listed = found.grade >= Grade::Known
            || given > to && view.class(given - 1).given == Known::Common;
        let told = colon || acted || listed && ends(view, given);
        (start, if told { given } else { to })
    })
}

/// Labels before which a technique or an operation stands as well as a person.
static OF_THINGS: Words = Words::new("op ops operation tech technik by par durch von por da");

/// Words for people before which no mark is needed.
static ROLES: Words = Words::new(
    "oa oberarzt oberarztin chefarzt chefarztin assistenzarzt assistenzarztin stationsarzt facharzt \
     arzt arztin radiologist radiologe radiologue radiographer sonographer technologist operator \
     physician surgeon cardiologist referrer zuweiser mtra nurse hausarzt patient",
);

/// `Radiologist: Weber`, `OA Huber`: a common family name that a disease is called after too, alone
/// after a label that only people follow.
fn called_alike(view: &View<'_>, at: usize, found: &Unit, colon: bool) -> bool {
    (colon || ROLES.has(view.folded(at)))
        && !OF_THINGS.has(view.folded(at))
        && view.case(found.head) != Case::Lower
        && view.class(found.head).surname == Known::Common
        && ends(view, found.to)
}

/// `PIP PEETERS` after `dictated by`: a word nobody is known to be called before a common family
/// name that closes the phrase.
fn word_before_name(view: &View<'_>, first: &Unit) -> bool {
    let family = first.to + 1;
    let family = initial(view, family).unwrap_or(family);
    let class = view.class(first.head);
    view.kind(first.to) == Some(Kind::Space)
        && (class.rank < Rank::Clinical || class.given == Known::Common)
        && view.case(first.head) != Case::Lower
        && view.case(family) == view.case(first.head)
        && unit(view, family).is_some_and(|n| n.grade == Grade::Clear && ends(view, n.to))
}

/// Whether another part of a name follows, written alike, and nothing after it makes a thing of it:
/// `PIP PEETERS`, `Hilbert Padberg`.
fn before_name(view: &View<'_>, first: &Unit) -> bool {
    let family = first.to + 1;
    let blank = view.kind(first.to) == Some(Kind::Space) && view.tokens[first.to].len() == 1;
    let class = view.class(first.head);
    let called = class.given.max(class.surname) > Known::No || class.eponym;
    blank
        && called
        && view.case(family) == view.case(first.head)
        && unit(view, family).is_some_and(|next| {
            let unlisted = next.grade == Grade::Unknown && class_free(view, family);
            let named = next.grade >= Grade::Known || unlisted && view.tokens[family].len() > 4;
            named && !view.class(family).eponym && !is_thing(view, &next) && ends(view, next.to)
        })
}

/// `dictated by earnest schumm`: a given and a family name in small letters, one of them a name in
/// the lists and one no word.
fn small_pair(view: &View<'_>, first: usize, acted: bool) -> Option<usize> {
    let second = first + 2;
    let small = |at: usize| view.case(at) == Case::Lower && view.tokens[at].len() > 2;
    let named = |at: usize| {
        let class = view.class(at);
        class.given.max(class.surname) > Known::No
    };
    let no_word = |at: usize| view.class(at).rank < Rank::Ordinary && has_vowel(view.folded(at));
    let pair = small(first)
        && view.kind(first + 1) == Some(Kind::Space)
        && small(second)
        && (no_word(second) && (no_word(first) || named(first)) || no_word(first) && named(second))
        && (named(first) || named(second) || acted && no_word(first))
        && ends(view, second + 1);
    pair.then_some(second + 1)
}

/// Prepositions of languages that write more than names after them, and words for the patient there.
static BROAD: Words = Words::new("von da do por");
static FOREIGN_PATIENTS: Words = Words::new("patientin paciente paziente pacjent pacjentka");

/// What adjectives of an illness end in: `Paciente Hipertenso`.
static ADJECTIVES: Words = Words::new("ico ica oso osa eso esa enso ensa ado ada ato ata uto");

/// Whether an unknown word after a label is a noun or an adjective of its language all the same:
/// `Ausschluss von Fremdkoerper`, `Paciente Diabetico`, but `vorgestellt von Zwyxenhof`.
fn says_no_name(view: &View<'_>, at: usize, first: usize) -> bool {
    let (cue, word) = (view.folded(at), view.folded(first));
    if lexicon::has_clinical_kin(word) {
        return true;
    }
    if BROAD.has(cue) {
        let acted = view.index_before(at).is_some_and(|before| {
            let word = view.folded(before);
            let participle = ["t", "en", "do", "da", "to", "ta"]
                .iter()
                .any(|e| word.ends_with(e));
            word.len() > 4 && (view.case(before) == Case::Lower || participle)
        });
        return view.index_before(at).is_some() && !acted;
    }
    FOREIGN_PATIENTS.has(cue) && ADJECTIVES.iter().any(|e| word.ends_with(e))
}

/// What a person has done with a study; `fraction by Simpson` is a method.
static ACTIONS: Words = Words::new(
    "read reported performed seen signed requested ordered referred reviewed dictated scanned \
     done approved verified asked interpreted operated assisted supervised ref sent called",
);

/// `NAME: Villegas, Yosef`: after a label what follows a comma may be an unknown given name.
pub(super) fn comma_given(view: &View<'_>, to: usize, colon: bool) -> usize {
    if !colon || view.mark(to) != Some(b',') {
        return to;
    }
    let next = to + 1 + usize::from(view.kind(to + 1) == Some(Kind::Space));
    let given = unit(view, next).filter(|u| {
        let class = view.class(next);
        let called = class.given.max(class.surname) > Known::No && class.rank < Rank::Clinical
            || class.given > Known::No;
        (u.grade >= Grade::Unknown && class_free(view, next) || called)
            && view.case(next) == view.case(to - 1)
    });
    given.map_or(to, |u| u.to)
}

/// After a preposition: a clear name, a pair, or in prose an unknown capitalised word.
pub(super) fn after_preposition(
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
    let bare = first;
    let (first, found) = past_particles(view, first)?;
    let initials = initials || first > bare + 2;
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
                        && !NOUNS_FOLLOW.has(view.folded(at))
                        && !lexicon::has_clinical_kin(view.folded(found.head))
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
    let from = if is_particle(view.folded(at)) {
        name_before(view, at, found.head)
    } else {
        start
    };
    let to = family::after_given(view, found.head, to, personal || view.folded(at) == "for");
    let given = comma_given(view, to, found.grade == Grade::Clear);
    let to = if ends(view, given) { given } else { to };
    (accepted && !part && !is_eponym(view, &found)).then_some((from, to))
}

/// Where a name begins whose particle reads as a preposition: `C De La Cruz`, `Petronio De Falco`.
fn name_before(view: &View<'_>, particle: usize, head: usize) -> usize {
    let written = view.case(particle) == Case::Title && view.case(head) == Case::Title
        || view.case(particle) == Case::Upper && view.case(head) == Case::Upper;
    if !written {
        return if view.case(particle) == Case::Title {
            particle
        } else {
            past(view, particle)
        };
    }
    let Some(given) = particle
        .checked_sub(2)
        .filter(|i| view.kind(i + 1) == Some(Kind::Space))
    else {
        return particle;
    };
    let class = view.class(given);
    let named = class.given > Known::No || class.rank == Rank::Unknown;
    let one = view.tokens[given].len() == 1 && view.case(given) == Case::Upper;
    let first = view.case(given) == Case::Title
        && named
        && !class.is_word()
        && view.tokens[given].len() > 2;
    if one || first { given } else { particle }
}

fn past(view: &View<'_>, at: usize) -> usize {
    at + 1 + usize::from(view.kind(at + 1) == Some(Kind::Space))
}

/// `circle of Willis`, `tendon of Todaro`: parts of the body are named after people.
pub(super) static ANATOMY_OF: Words = Words::new(
    "circle tendon ligament sphincter foramen canal angle sinus node island islets crypt crypts \
     duct vein artery fissure valve valves bundle loop pouch ampulla space line sign tetralogy \
     fossa triangle hiatus muscle fascia gland nerve ganglion nucleus organ aneurysm disease \
     syndrome",
);

/// Endings of drugs and agents: capitalised, in no list, and no names.
pub(super) static DRUG_ENDINGS: Words = Words::new(
    "ine ate ol cil mab nib tin zole pril vist scan paque rem ide ium cin xel rin dex pam one gen \
     ex ix ax tec sol",
);

pub(super) fn drug_like(word: &str) -> bool {
    DRUG_ENDINGS.iter().any(|e| word.ends_with(e))
}
