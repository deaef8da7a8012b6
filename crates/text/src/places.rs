//! Institutions and addresses by their shape: a head word (`Hospital`, `Street`) and the proper
//! words around it. Head words alone (`outpatient clinic`, `ICU`) identify nobody and stay.

use crate::kinds::{IdentifierKind, Span};
use crate::lexicon::Rank;
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Saints and virtues that hospitals are named after.
static DEDICATED: Words =
    Words::new("mercy providence trinity samaritan veterans lady hope queens victoria elizabeth");

/// Small words inside the name of an institution.
static LINKS: Words = Words::new(
    "of de du des la le les di del della da do dos der die am im zu van het the and und e y for",
);

/// Words before an address.
static BEFORE_ADDRESS: Words = Words::new("home address addr lives at from resides adresse of");

/// Small words inside the name of a street.
static STREET_LINKS: Words = Words::new("de du des la le les del della dos da do dei di d l el");

/// Verbs before the place where somebody lives.
static LIVES: Words = Words::new(
    "lives living lived resides residing resident wohnhaft wohnt habite vive transferred moved \
     native born",
);

/// Words that make an institution of the proper words before them.
static HEADS: Words = Words::new(
    "hospital hospitals clinic clinics infirmary hospice sanatorium klinik kliniken klinikum \
     krankenhaus spital universitatsklinikum universitatsspital kantonsspital hopital clinique \
     ospedale policlinico clinica ziekenhuis gasthuis umc hospitalet sjukhus sjukhuset sykehus \
     sygehus sairaala szpital nemocnice korhaz spitalul bolnica hastanesi больница госпиталь \
     клиника νοσοκομειο radiology radiologie imaging diagnostics university universitat \
     universite universita universidad universidade institute college polyclinic surgery practice \
     praxis medizin medical mvz health healthcare medcenter gemeinschaftspraxis orthopedics \
     orthopaedics oncology radiologists sanatorio hospitalier cancer childrens",
);

/// Heads that need a second word (`Medical Center`, `Health System`).
const PAIRED: &[(&str, &[&str])] = &[
    (
        "medical",
        &[
            "center",
            "centre",
            "group",
            "associates",
            "school",
            "college",
            "partners",
            "plaza",
        ],
    ),
    (
        "health",
        &[
            "system", "center", "centre", "services", "network", "trust", "partners", "care",
            "sciences",
        ],
    ),
    ("cancer", &["center", "centre", "institute"]),
    (
        "imaging",
        &[
            "center",
            "centre",
            "associates",
            "partners",
            "group",
            "services",
            "institute",
            "network",
            "specialists",
        ],
    ),
    ("surgery", &["center", "centre"]),
    (
        "oncology",
        &["center", "centre", "associates", "group", "partners"],
    ),
    ("orthopedics", &["center", "associates", "group", "clinic"]),
    ("orthopaedics", &["centre", "associates", "group", "clinic"]),
    ("practice", &["group", "partners"]),
    ("childrens", &["hospital", "center", "centre"]),
];

/// Heads after which the proper name comes (`Klinikum Sankt Aurelius`, `Hôpital Necker`).
static NAME_AFTER: Words = Words::new(
    "klinikum krankenhaus klinik universitatsklinikum universitatsspital hopital clinique \
     ospedale policlinico clinica hospital szpital nemocnice spital kantonsspital universitat \
     universite universita universidad universidade university institut istituto instituto chu \
     umc ziekenhuis praxis radiologie mvz spitalul больница sanatorio gemeinschaftspraxis \
     institute college",
);

/// Words of institutions that are not proper by themselves; they go with a proper one.
static GENERIC: Words = Words::new(
    "community general regional memorial university childrens children county city national royal \
     day teaching medical diagnostic imaging state district central north south east west \
     northern southern eastern western saint st st. sankt san santa sainte ste mount mt veterans \
     veteran affairs army naval air women womens mercy our lady sacred heart holy cross good \
     samaritan cancer health radiology und nuclear new great upper lower valley lake river hill \
     hills park point harbour harbor bay ridge grove wood woods spring springs field fields \
     bridge view oak cedar pine elm maple willow sun sunrise star island coast shore beach ocean \
     sea green white silver golden queen king queens kings prince princess victoria elizabeth \
     trinity providence grace hope centre center centrum zentrum civil militar universitario \
     universitaire universitatsklinik regionale prive private public mem gen light stone rock \
     bell long black brown blue red bright summit crest tower cedars sinai",
);

/// Words before a head that make it a kind of place and not a name.
static KINDS: Words = Words::new(
    "outpatient inpatient pain fracture breast chest eye sleep memory walk urgent emergency \
     outside other same referring local our the this her his family day home and from at in to of \
     dental vascular cardiac stroke oncology general diagnostic interventional nuclear pediatric \
     paediatric teaching university community private public mobile digital computed magnetic \
     resonance medical mr ct body prior previous clinical academic tertiary rural regional",
);

static STREETS: Words = Words::new(
    "street avenue ave road rd boulevard blvd lane ln drive crescent cres terrace parkway pkwy \
     highway hwy str strasse gasse weg allee platz laan straat gade vej vagen gatan gata ulica \
     utca",
);

/// Street words that are common words too: the whole must be written as an address.
static LOOSE_STREETS: Words = Words::new(
    "st rise close hill way place pl court walk square sq row gardens grove mews gate green park \
     pike trail circle loop run path plaza quay wharf yard vale view meadow meadows ridge heights \
     dr",
);

/// Street words that come first (`12 rue de la Paix`, `Via Roma 5`).
static STREET_FIRST: Words = Words::new(
    "rue avenue boulevard chemin impasse quai via viale piazza corso calle avenida plaza paseo \
     rua travessa ul ulica улица ул allee cours route",
);

static STREET_TAILS: Words = Words::new(
    "strasse str gasse allee platz straat laan plein gracht gade gatan vagen vej veien weg ring \
     damm ufer",
);

/// Finds institutions and addresses.
pub(crate) fn find(view: &View<'_>, spans: &mut Vec<Span>) {
    for at in 0..view.tokens.len() {
        if view.kind(at) != Some(Kind::Word) || view.case(at) == Case::Lower {
            if view.case(at) == Case::Lower && STREET_FIRST.has(view.folded(at)) {
                push(
                    view,
                    street_first(view, at),
                    IdentifierKind::Address,
                    "street address",
                    spans,
                );
            }
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

/// A word written as a name is, in a place where a name may hold ordinary words.
fn named(view: &View<'_>, at: usize) -> bool {
    let word = view.folded(at);
    let upper_text = view.case(at) == Case::Upper;
    if !matches!(view.case(at), Case::Title | Case::Upper)
        || at > 0 && view.kind(at - 1) == Some(Kind::Word)
    {
        return false;
    }
    proper(view, at)
        || GENERIC.has(word)
        || !upper_text
            && view.case(at) == Case::Title
            && view.class(at).rank == Rank::Ordinary
            && !KINDS.has(word)
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

/// The proper words around a head word.
fn institution(view: &View<'_>, head: usize) -> Option<(usize, usize)> {
    let word = view.folded(head);
    let paired = PAIRED
        .iter()
        .find(|(w, _)| *w == word)
        .map(|(_, seconds)| *seconds);
    let second =
        following(view, head).filter(|n| paired.is_some_and(|s| s.contains(&view.folded(*n))));
    let (from, strength) = grow_left(view, head);
    let bare_head = matches!(
        word,
        "radiology"
            | "imaging"
            | "diagnostics"
            | "radiologists"
            | "institute"
            | "college"
            | "medizin"
    );
    let mut to = second.unwrap_or(head) + 1;
    let (after, after_proper) = if NAME_AFTER.has(word) || word.ends_with("klinikum") {
        grow_right(view, head)
    } else {
        (head + 1, false)
    };
    let university = word == "university" || word.starts_with("universit");
    let before = strength == Name::Proper
        || !after_proper
            && strength == Name::Words
            && (paired.is_none() || second.is_some())
            && written_as_name(view, from, head) >= if bare_head { 2 } else { 1 };
    if after_proper {
        to = to.max(after);
    }
    let complete = paired.is_none()
        || second.is_some()
        || strength == Name::Proper && matches!(word, "health" | "medical" | "imaging");
    let found = after_proper || before && complete && (strength != Name::None || university);
    found.then_some((if before { from } else { head }, to))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    None,
    /// Capitalised ordinary words only (`Harbour Point`).
    Words,
    /// A word that is in no list, or a saint.
    Proper,
}

/// Over the capitalised words before a head; they stop at clinical words, marks and lower case.
fn grow_left(view: &View<'_>, head: usize) -> (usize, Name) {
    let (mut from, mut strength) = (head, Name::None);
    let (mut count, mut ordinary) = (0, 0);
    while let Some(i) = previous(view, from) {
        let word = view.folded(i);
        if word == "s" && view.case(i) == Case::Lower
            || matches!(word, "of" | "and" | "the" | "und")
                && count > 0
                && previous(view, i).is_some_and(|p| proper(view, p))
        {
            from = i;
            continue;
        }
        if count == 6
            || KINDS.has(word) && !GENERIC.has(word)
            || !named(view, i)
            || crate::cues::cue(word) == Some(crate::cues::Cue::Title)
        {
            break;
        }
        let generic = GENERIC.has(word);
        let plain = !proper(view, i) && !generic;
        if plain && (strength == Name::Proper || ordinary == 2) {
            break;
        }
        // Abbreviations before a name written with small letters are clinical, unless they are the name.
        let abbreviation = view.case(i) == Case::Upper
            && view.case(head) == Case::Title
            && view.tokens[i].len() > 2;
        if abbreviation
            && (strength != Name::None
                || NAME_AFTER.has(view.folded(head)) && view.folded(head) != "hospital")
        {
            break;
        }
        ordinary += usize::from(plain);
        let saint = matches!(
            word,
            "st" | "saint" | "sankt" | "san" | "santa" | "sainte" | "ste"
        ) && count > 0;
        let dedicated = DEDICATED.has(word) && i + 2 == head;
        strength = match strength {
            _ if proper(view, i) || saint || dedicated => Name::Proper,
            Name::None if GENERIC.has(word) && KINDS.has(word) => Name::None,
            Name::None => Name::Words,
            other => other,
        };
        from = i;
        count += 1;
    }
    let (from, strength) = if strength == Name::None {
        (head, strength)
    } else {
        (from, strength)
    };
    (from, strength)
}

/// How many ordinary words make a name of a head: capitalised on purpose, none of them clinical.
fn written_as_name(view: &View<'_>, from: usize, head: usize) -> usize {
    let words =
        (from..head).filter(|i| view.kind(*i) == Some(Kind::Word) && view.tokens[*i].len() > 1);
    let mut count = 0;
    for i in words {
        if view.case(i) != Case::Title
            || view.class(i).rank == Rank::Clinical && !GENERIC.has(view.folded(i))
        {
            return 0;
        }
        count += usize::from(!KINDS.has(view.folded(i)));
    }
    if view.case(head) == Case::Title {
        count
    } else {
        0
    }
}

/// Over `of`, `de`, `Sankt` and the proper words after a head.
fn grow_right(view: &View<'_>, head: usize) -> (usize, bool) {
    let (mut to, mut sure, mut linked) = (head + 1, false, false);
    let mut at = head;
    for _ in 0..6 {
        let Some(i) = following(view, at) else { break };
        let word = view.folded(i);
        let link = LINKS.has(word);
        let saint = matches!(
            word,
            "st" | "saint" | "sankt" | "san" | "santa" | "sainte" | "heilig"
        );
        if link && view.case(i) == Case::Lower {
            linked = true;
        } else if proper(view, i)
            || saint && view.case(i) != Case::Lower
            || linked && named(view, i) && view.case(i) == Case::Title
        {
            sure |= proper(view, i) || saint || linked;
            to = i + 1;
        } else {
            break;
        }
        at = i;
    }
    let english = matches!(
        view.folded(head),
        "hospital" | "university" | "institute" | "college" | "radiologie" | "clinica"
    );
    (
        to,
        sure && (!english
            || linked
            || view.case(head) == Case::Title && to > head + 1 && view.folded(head) != "institute"),
    )
}

/// `174 Chestnut Rise, Norwick`, `12 Oak Street`: a number, capitalised words, a street word.
fn street_last(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    let word = view.folded(at);
    let strict = STREETS.has(word);
    let title = word == "dr" && following(view, at).is_some();
    if title || !strict && !LOOSE_STREETS.has(word) {
        return None;
    }
    let mut i = at;
    let mut words = 0;
    let number = loop {
        i = i.checked_sub(1)?;
        match view.kind(i)? {
            Kind::Space => {}
            Kind::Word if words < 4 && matches!(view.case(i), Case::Title | Case::Upper) => {
                let title = view.case(i) == Case::Title;
                if view.class(i).rank == Rank::Clinical && view.tokens[i].len() > 1 && !title
                    || !strict && !title
                {
                    return None;
                }
                words += 1;
            }
            Kind::Number => break i,
            Kind::Mark
                if matches!(view.mark(i), Some(b'.' | b'\''))
                    || view.mark(i) == Some(b'-') && view.kind(i + 1) == Some(Kind::Word) => {}
            Kind::Word
                if view.tokens[i].len() <= 2 && i > 0 && view.kind(i - 1) == Some(Kind::Number) => {
            }
            _ => return None,
        }
    };
    let length = view.tokens[number].len();
    let clinical =
        (number + 1..at).any(|i| view.class(i).rank == Rank::Clinical && view.tokens[i].len() > 1);
    let end = with_town(view, at + 1);
    let told = end > at + 1 || BEFORE_ADDRESS.has(view.word_before(number));
    if words == 0 || length > 5 || clinical && !strict && !told || at - number < 3 {
        return None;
    }
    Some((number, end))
}

/// `12 rue de la Paix`, `Via Roma 5`: the street word comes first.
fn street_first(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    let word = view.folded(at);
    if !STREET_FIRST.has(word) {
        return None;
    }
    let numbered = previous_number(view, at);
    let mut to = at + 1;
    let mut sure = false;
    let mut i = at;
    for _ in 0..6 {
        let Some(n) = following(view, i) else { break };
        let link = STREET_LINKS.has(view.folded(n));
        let capital = view.case(n) == Case::Title && view.class(n).rank < Rank::Clinical;
        if !link && !capital {
            break;
        }
        if capital {
            sure = true;
            to = n + 1;
        }
        i = n;
    }
    let number = view.kind(to) == Some(Kind::Space)
        && view.number(to + 1).is_some_and(|(_, d)| d <= 4)
        || view.mark(to) == Some(b',') && view.number(to + 2).is_some_and(|(_, d)| d <= 4);
    let capital = view.case(at) == Case::Title;
    if !sure || !(numbered.is_some() || number && capital) {
        return None;
    }
    let to = if number {
        (to..to + 3)
            .find(|i| view.kind(*i) == Some(Kind::Number))
            .map_or(to, |n| n + 1)
    } else {
        to
    };
    Some((numbered.unwrap_or(at), with_town(view, to)))
}

fn previous_number(view: &View<'_>, at: usize) -> Option<usize> {
    let mut i = at.checked_sub(1)?;
    while matches!(view.kind(i), Some(Kind::Space))
        || view.mark(i) == Some(b',')
        || matches!(view.folded(i), "bis" | "ter" | "a" | "b")
    {
        i = i.checked_sub(1)?;
    }
    view.number(i).filter(|(_, d)| *d <= 4).map(|_| i)
}

/// `Hauptstr. 5, 12345 Berlin`, `Kerkstraat 4`: street and kind in one word, the number after.
fn street_and_number(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    let word = view.folded(at);
    let tail = STREET_TAILS.iter().any(|t| {
        word.len() > t.len() + 2 && word.ends_with(t) && (t.len() > 3 || t == "str" || t == "weg")
    });
    if !tail || view.class(at).is_word() {
        return None;
    }
    let mut i = at + 1;
    i += usize::from(view.mark(i) == Some(b'.'));
    i += usize::from(view.kind(i) == Some(Kind::Space));
    view.number(i).filter(|(_, d)| *d <= 4)?;
    let letter = view.kind(i + 1) == Some(Kind::Word) && view.tokens[i + 1].len() == 1;
    Some((at, with_town(view, i + 1 + usize::from(letter))))
}

/// A town, state and postal code after a street: `, Norwick`, `, 12345 Berlin`, `, Dover, MA 02139`.
fn with_town(view: &View<'_>, from: usize) -> usize {
    let mut end = from;
    end += usize::from(view.mark(end) == Some(b'.') && view.mark(end + 1) == Some(b','));
    for _ in 0..3 {
        let Some(next) = town_part(view, end) else {
            break;
        };
        end = next;
    }
    end
}

fn town_part(view: &View<'_>, at: usize) -> Option<usize> {
    let comma = view.mark(at) == Some(b',');
    let mut i = at + usize::from(comma);
    i += usize::from(view.kind(i) == Some(Kind::Space));
    if !comma && i == at {
        return None;
    }
    let mut end = at;
    if let Some((_, digits)) = view.number(i) {
        if !matches!(digits, 4 | 5) || !comma && view.case(at.saturating_sub(1)) == Case::None {
            return None;
        }
        end = i + 1;
        i = end + usize::from(view.kind(end) == Some(Kind::Space));
    }
    for _ in 0..3 {
        let capital =
            matches!(view.case(i), Case::Title | Case::Upper) && view.kind(i) == Some(Kind::Word);
        if !capital || view.class(i).rank == Rank::Clinical || !comma && end == at {
            break;
        }
        end = i + 1;
        i = end + usize::from(view.kind(end) == Some(Kind::Space));
        if view.case(end.saturating_sub(1)) == Case::Upper
            && view.number(i).is_some_and(|(_, d)| d == 5)
        {
            return Some(i + 1);
        }
    }
    (end > at).then_some(end)
}

/// `lives in Norwick`, `resident of Dover`.
fn home(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    if !proper(view, at) {
        return None;
    }
    let preposition = previous(view, at)?;
    if !matches!(
        view.folded(preposition),
        "in" | "at" | "near" | "a" | "en" | "of" | "from"
    ) {
        return None;
    }
    let verb = view.word_before(preposition);
    let lives = LIVES.has(verb);
    if !lives {
        return None;
    }
    let mut to = at + 1;
    while let Some(next) = following(view, to - 1).filter(|n| proper(view, *n)) {
        to = next + 1;
    }
    Some((at, to))
}
