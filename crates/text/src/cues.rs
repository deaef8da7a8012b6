//! The words around identifiers: titles, labels, prepositions. Folded, in several languages.

use crate::lexicon::{self, Class, Known};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Titles that are never part of the name itself.
static TITLES: Words = Words::new(
    "dr dra drs drmed doctor docteur doktor doctora dott dottssa dottoressa dottor prof professor \
     profdr professeur mr mrs ms miss mister mme mlle madame monsieur herr frau hr fr sr sra srta \
     senor senora sig sigra signor signora dhr mevr mevrouw sir md phd rn np do jr iii ii iv esq \
     dds dvm facr frcr rt rdms med пациент pan pani ra ssa dipl msc mbbs lic sen jun dna priv doz \
     univ",
);

/// Whether a word of a person name is a title or suffix and says nothing about who it is.
pub(crate) fn is_title(word: &str) -> bool {
    let short = word.trim_end_matches('.');
    short.len() <= 10 && TITLES.has(&short.to_ascii_lowercase())
}

/// How sure a word makes it that a name follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cue {
    /// `of`, `for`, `with`: a name may follow, and mostly something else does.
    Weak,
    /// `by`, `operator`, `referring`: a person follows, or a profession.
    Person,
    /// `Dr.`, `Mrs`: a name follows.
    Title,
}

static TITLE_CUES: Words = Words::new(
    "fr hr dr dra drs doctor docteur doktor dott dottssa dottoressa dottor prof professor professeur mr \
     mrs ms miss mister mme mlle madame monsieur herr herrn frau sra srta senor senora sig sigra \
     signor signora dhr mevr mevrouw д-р доктор профессор врач γιατρος nurse pani schwester \
     infirmiere enfermera md doc rabbi reverend rev dna lek",
);

static PERSON_CUES: Words = Words::new(
    "by operator operateur operador operatore op ops tech technologist technician technologe mta \
     mtra radiographer sonographer manipulateur radiologist radiologe radiologue radiologo \
     physician phys surgeon cardiologist attending resident fellow consultant referrer referring \
     ref requester requesting reporter reader reviewer dictated signed arzt arztin aerztin \
     hausarzt zuweiser einsender medecin medico par durch von por door da zuw untersucher \
     befunder prescripteur patient pat pt patientin paciente paziente name nom nombre nome naam \
     prenom vorname nachname surname lastname firstname mother father husband wife son daughter \
     brother sister guardian contact spouse carer caregiver niece nephew aunt uncle mutter vater \
     ehemann ehefrau mere pere madre padre пациент пациентка оператор ασθενης transcriptionist \
     witness called paged notified informed attn attention ueberweiser uberweiser einweiser zhd \
     solicitante solicitado solicitada remitente verwijzer aanvrager author autor auteur auteure \
     autore seen note henvisende henviser rekvirent remitterande remittent zlecajacy zlecajaca \
     kierujacy demandeur richiedente laege lakare lekarz oncologist interpreter \
     translator kin pacjent pacjentka tsrm oberarzt oberarztin chefarzt chefarztin assistenzarzt assistenzarztin \
     stationsarzt facharzt",
);

static WEAK_CUES: Words = Words::new(
    "of for with to from per via pour fur fuer de di para bei avec con mit voor van and dear see \
     ask call contacted spoke discussed",
);

/// What a folded word announces.
pub(crate) fn cue(word: &str) -> Option<Cue> {
    if word.len() > 24 || word.is_empty() {
        return None;
    }
    if TITLE_CUES.has(word) {
        Some(Cue::Title)
    } else if PERSON_CUES.has(word) {
        Some(Cue::Person)
    } else if WEAK_CUES.has(word) {
        Some(Cue::Weak)
    } else {
        None
    }
}

/// What the word at a token announces, where its place decides that: `Fr.` is a title and `8 Fr` a
/// size, `z.Hd.` and `z.H.` are labels and `HD` is none.
pub(crate) fn cue_at(view: &View<'_>, at: usize) -> Option<Cue> {
    let word = view.folded(at);
    match word {
        "fr" | "hr" | "sr" => {
            let sized = at > 1 && view.kind(at - 2) == Some(Kind::Number);
            let dotted = view.mark(at + 1) == Some(b'.');
            (dotted && !sized && view.case(at) == Case::Title).then_some(Cue::Title)
        }
        "hd" | "h" => {
            let to = at > 1 && view.mark(at - 1) == Some(b'.') && view.folded(at - 2) == "z";
            to.then_some(Cue::Person)
        }
        // `OA Huber` is a senior physician, and `OA knee` an arthrosis.
        "oa" => {
            let name = view.class(at + 2);
            let called = view.case(at) == Case::Upper
                && view.kind(at + 1) == Some(Kind::Space)
                && view.case(at + 2) == Case::Title
                && !name.is_word()
                && (name.surname > Known::No || ends_unlisted(view, at + 2));
            (called || colon(view, at)).then_some(Cue::Person)
        }
        _ if SHORTENED.has(word) => {
            let shortened = view.mark(at + 1) == Some(b'.');
            (shortened || colon(view, at)).then_some(Cue::Person)
        }
        _ => cue(word).or_else(|| (colon(view, at) && is_role(word)).then_some(Cue::Person)),
    }
}

/// A word that no list has, at the end of a text or before a bracket or comma.
fn ends_unlisted(view: &View<'_>, at: usize) -> bool {
    let word = view.folded(at);
    let class = view.class(at);
    let closed = matches!(view.kind(at + 1), None | Some(Kind::Newline | Kind::Mark));
    closed && word.len() > 4 && class == Class::default() && !lexicon::has_clinical_kin(word)
}

/// Whether a folded word is one that announces people, whatever stands around it.
pub(crate) fn is_cue(word: &str) -> bool {
    cue(word).is_some() || SHORTENED.has(word) || is_role(word)
}

/// Words for people that mean other things where no mark stands behind them.
static SHORTENED: Words =
    Words::new("rad res att pte technik manip laborant laborantin provider read pcp verified");

/// What the words for professions end in, in several languages.
static ROLE_ENDINGS: Words = Words::new(
    "ologist ologue ologe ologo ologa logista grapher graphist ician itian esthetist esthesist",
);

/// Whether a colon follows, over a blank or not.
fn colon(view: &View<'_>, at: usize) -> bool {
    let blank = usize::from(view.kind(at + 1) == Some(Kind::Space));
    view.mark(at + 1 + blank) == Some(b':')
}

fn is_role(word: &str) -> bool {
    word.len() < 25
        && ROLE_ENDINGS
            .iter()
            .any(|e| word.len() > e.len() && word.ends_with(e))
}

/// Words that say nothing once what they announce is gone, and go with it when they stand directly before it.
static DANGLING: Words = Words::new(
    "for by of from with to at on in dated op operator dr dra prof mrs miss mme mlle herr herrn \
     frau tech technologist email mail mailto call home ref refby asked requested ordered \
     referred dictated signed transcribed name id dob born acc via no nr number num physician \
     par pour le du vom am durch von zuw fur fuer por para el da do door voor il del address tél \
     e web website url www see per contact referring requesting doctor md phd rn since until geb \
     geboren nee ne nata nato nacido nacida nascido nascida geboortedatum gebdat geburtsdatum \
     naissance pid patientid account serial sn lives lived living resides attn pager attending \
     age aged care under sr sra dott sig datum date fecha data called paged bei chez compare \
     ueberweiser uberweiser zuweiser verwijzer aanvrager author autor auteur solicitante \
     solicitado solicitada remitente henvisende remitterande zlecajacy prescripteur medico \
     medecin lekarz zhd",
);

/// Whether a folded word is left hanging when what follows it is gone.
pub(crate) fn is_dangling(word: &str) -> bool {
    word.len() <= 16 && DANGLING.has(word)
}

/// Words that still announce something when what follows is gone: kept when more text follows.
static ONLY_AT_END: Words = Words::new(
    "in compare see call home age number no address e care under on data date name contact \
     living do da en",
);

/// Whether the word goes only where nothing follows the thing removed.
pub(crate) fn dangles_at_end_only(word: &str) -> bool {
    ONLY_AT_END.has(word)
}
