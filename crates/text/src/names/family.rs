//! Family names that no list tells: by their last letters, or by the given name beside them.
//!
//! The endings are those that no word of medicine, technique or everyday speech of the languages
//! around has.

use super::alone::{acts, credential};
use super::unit::{class_free, ends, has_vowel, is_particle, is_thing, unit};
use crate::cues;
use crate::lexicon::{self, Known, Rank};
use crate::standing;
use crate::technical;
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

static ENDINGS: Words = Words::new(
    "uzzo azzo ozzo wski wska lski lska nski nska ecki icki acki ocki stedt ntzen owski owska ewski ewska inski inska ynski czyk czuk owicz ewicz ovich evich ovic evic kovic \
     enko chenko ovsky evsky kovsky poulos poulou akis oglu shvili adze ssian \
     sson sdottir quist qvist gaard aard strom holm lund gren skov berg bergh \
     mann meier meyer maier mayer mueller muller schmidt schmid hofer huber bauer berger dorfer \
     egger ecker hauser brecht hardt bach bacher wald hauer linger ringer \
     stra sma kamp broek veldt aert aerts inckx eynde ucci acci azzi uzzi ezzi aldi iello etti elli \
     ndez nchez guez uez murthy swamy nathan raman kumar prasad chandran krishnan gopal \
     moto mura gawa kawa yama saki zaki hashi guchi shima naga bayashi yoshi tani \
     worth worthy wick thorpe stead combe hurst croft wright smith bury leigh dale ington ingham \
     field sworth borough",
);

const SHORTEST: usize = 6;

/// Whether a word in no list is written as a name and ends as family names do.
pub(super) fn ends_as_one(view: &View<'_>, at: usize) -> bool {
    let word = view.folded(at);
    let capital = matches!(view.case(at), Case::Title | Case::Upper);
    capital
        && word.len() >= SHORTEST
        && word.is_ascii()
        && class_free(view, at)
        && !view.class(at).eponym
        && !lexicon::has_clinical_kin(word)
        && ends_as_name(word)
}

fn ends_as_name(word: &str) -> bool {
    (3..=8).any(|length| {
        let cut = word.len().checked_sub(length).filter(|cut| *cut >= 2);
        cut.is_some_and(|cut| has_vowel(&word[..cut]) && ENDINGS.has(&word[cut..]))
    })
}

/// `Urs Zellweger`, `Mei Ma`, `Joey Knies MD`: the index after a family name that is a word or stands
/// for a disease as well, behind a given name and at the end of a phrase.
///
/// Where something has announced the name, any word that is written as one is.
pub(super) fn after_given(view: &View<'_>, head: usize, to: usize, announced: bool) -> usize {
    let family = to + 1;
    let (given, class) = (view.class(head), view.class(family));
    let follows = head + 1 == to
        && view.kind(to) == Some(Kind::Space)
        && view.tokens[to].len() == 1
        && (given.given > Known::No || announced && given.rank == Rank::Unknown)
        && !given.is_word()
        && view.kind(family) == Some(Kind::Word)
        && view.case(family) == view.case(head)
        && !is_particle(view.folded(family));
    if !follows {
        return to;
    }
    let gap = usize::from(view.mark(family + 1) == Some(b','));
    let gap = gap + usize::from(view.kind(family + 1 + gap) == Some(Kind::Space));
    let titled = credential(view, family + 1 + gap).is_some();
    let next = view.folded(family + 2);
    let acts = acts(view, family + 2);
    let goes_on = GOING_ON.has(next) && view.case(family + 2) == Case::Lower;
    let title = view.case(family) == Case::Title;
    let common = class.surname == Known::Common;
    let named = (class.eponym || common) && class.rank < Rank::Clinical
        || title && common && view.tokens[family].len() == 2
        || title && (titled || acts)
        || announced && title && class.surname > Known::No;
    let thing = || unit(view, family).is_none_or(|next| is_thing(view, &next));
    let on =
        announced && title && class.surname > Known::No && view.case(family + 2) == Case::Lower;
    if named && (on || ends(view, family + 1) || titled || acts || goes_on) && !thing() {
        family + 1
    } else {
        to
    }
}

/// `Faisal Al Shammari`, `Hans-Peter von Stein`: the index after a family name with its particles,
/// behind a given name.
pub(super) fn past_particle(view: &View<'_>, head: usize, to: usize, announced: bool) -> usize {
    let listed = view.class(head).given > Known::No;
    let given = (listed || announced && class_free(view, head)) && view.case(head) == Case::Title;
    let mut name = to + 1;
    let mut particles = 0;
    while given
        && particles < 2
        && view.kind(name - 1) == Some(Kind::Space)
        && view.tokens[name - 1].len() == 1
        && is_particle(view.folded(name))
        && view.tokens[name].len() > 1
        && view.case(name) != Case::Upper
    {
        particles += 1;
        name += 2;
    }
    let class = view.class(name);
    let family = particles > 0
        && view.kind(name - 1) == Some(Kind::Space)
        && view.case(name) == Case::Title
        && (class.rank < Rank::Clinical || class.surname > Known::No);
    if family { name + 1 } else { to }
}

/// Small words that go on after a person, and hardly after a thing.
static GOING_ON: Words = Words::new("on at in and was is has had who from for will to");

/// `Jeremi MATUSZAK`, `MAGNUS WATSICA`: the index after a word in no list, behind a known name and at
/// the end of a phrase.
pub(super) fn unlisted_after(view: &View<'_>, head: usize, to: usize) -> usize {
    let next = to + 1;
    let beside = head + 1 == to
        && view.kind(to) == Some(Kind::Space)
        && view.tokens[to].len() == 1
        && view.tokens[head].len() > 3
        && view.case(next) == view.case(head)
        && is_unlisted(view, next)
        && ends(view, next + 1);
    if beside { next + 1 } else { to }
}

/// A word of five letters or more that no list has and that could be spoken.
pub(super) fn is_unlisted(view: &View<'_>, at: usize) -> bool {
    let word = view.folded(at);
    view.kind(at) == Some(Kind::Word)
        && word.len() > 4
        && class_free(view, at)
        && !view.class(at).eponym
        && technical::can_be_spoken(word)
        && !technical::is_term(view, at)
        && !lexicon::has_clinical_kin(word)
}

/// `Prudence Pfeffer`, `Iris Fisher`: where a name begins whose given name is a word too.
pub(super) fn given_before(view: &View<'_>, at: usize) -> usize {
    let Some(given) = at
        .checked_sub(2)
        .filter(|i| view.kind(i + 1) == Some(Kind::Space))
    else {
        return at;
    };
    let class = view.class(given);
    let called = match class.rank {
        Rank::Unknown => class.given > Known::No || view.tokens[given].len() > 3,
        Rank::Rare | Rank::Ordinary => class.given > Known::No,
        Rank::Clinical => class.given == Known::Common,
    };
    let known = class.given.max(class.surname) > Known::No && !standing::is_examined(view, given);
    let announced =
        (class.rank < Rank::Clinical || known) && cues::cue(view.word_before(given)).is_some();
    let called = called || announced;
    // In capitals abbreviations look the same: a given name, or a longer word that no list has.
    let capitals = view.case(given) == Case::Upper
        && view.case(at) == Case::Upper
        && view.tokens[at].len() > 4
        && (class.given > Known::No && !class.is_word() && view.tokens[given].len() > 3
            || is_unlisted(view, given));
    let written = (capitals || view.case(given) == Case::Title && view.case(at) == Case::Title)
        && view.tokens[at - 1].len() == 1
        && view.tokens[given].len() > 2
        && !lexicon::has_clinical_kin(view.folded(given));
    if written && called && ends(view, at + 1) {
        given
    } else {
        at
    }
}
