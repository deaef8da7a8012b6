//! Whether equal bytes are a leak.
//!
//! Bytes can be equal by chance, or because an identifier is an ordinary word. The rules:
//!
//! 1. **Words**: from six letters on a strong needle counts anywhere, inside longer words too,
//!    unless the whole word around it is allowed; five letters count inside a word too where they
//!    begin or end it (`STNUTHST`), not in its middle (`Allen` in `challenge`); three and four
//!    letters count as whole words only. In a text, a piece of a longer word of the lexicon is none
//!    (`anonymou` in `Anonymous`). A weak needle, an ordinary word, counts as a whole word
//!    where it must be a name: in a person name (VR PN), outside of elements, where nothing may
//!    stand, and in text next to `^` or after a title (`Dr Foot`, but not `XR FOOT`; `MR FOOT` and
//!    `DR FOOT` name modalities). A full name begins and ends with whole words (`Long Bo` is not
//!    in `Long bone`), and an initial with one word is as ordinary as that word (`Knee R`).
//! 2. **Allowed words** never count, save in person names (PN).
//! 3. **Numbers** count with what is around them: not as a part of a longer number (save after
//!    leading zeros, at the start of a time stamp, or from ten digits on), not as a part of a
//!    decimal number, not inside a `2.25.` UID, which is a pseudonym or was never an identifier,
//!    and not as all of a number (VR IS, DS) of the standard, which counts or measures something.
//! 4. **UIDs** count when they begin at a component and, if short, end at one.
//! 5. **Chance**: in values that are not text a needle counts only if bytes at random would spell
//!    it in fewer than one of 2^14 values of that length, or if text surrounds it.

use obscura_text::{IdentifierKind, Strength};

use super::SearchSet;
use super::elements::{Content, Context};
use super::matcher::{Form, Needle};
use super::set::{Class, Entry, Wording};

/// From this many characters on a strong word counts at the edges of longer words.
const EDGE_CHARS: u16 = 5;
/// From this many characters on a strong word counts inside longer words.
const SUBSTRING_CHARS: u16 = 6;
/// From this many digits on a number counts inside longer numbers.
const SUBSTRING_DIGITS: usize = 10;
/// A UID this long also counts where it only begins another one.
const PREFIX_UID: usize = 16;
/// Words after which a name stands.
const TITLES: [&str; 6] = ["mrs", "miss", "prof", "herr", "frau", "mme"];
/// Titles that are codes of modalities too (PS3.3 C.7.3.1.1.1): titles with a dot or as `Dr`.
const TITLES_OR_MODALITIES: [&str; 3] = ["dr", "mr", "ms"];
/// How far back a title is looked for.
const TITLE_REACH: usize = 64;
/// How unlikely chance must be, as a power of two.
const CHANCE_BITS: usize = 14;
/// How far back the escape of ISO 2022 is looked for: values set it anew after delimiters.
const ESCAPE_REACH: usize = 256;

/// The match at `at` is a leak.
pub(super) fn is_leak(
    bytes: &[u8],
    at: usize,
    needle: &Needle,
    around: &Context,
    set: &SearchSet,
) -> bool {
    let entry = set.entry(needle.entry);
    let end = at + needle.len();
    // A match that runs over the end of a value stands in no value.
    let inside = end <= around.bounds.end;
    let bounds = if inside {
        around.bounds.clone()
    } else {
        at..end
    };
    let hay = Hay {
        bytes: &bytes[bounds.clone()],
        at: at - bounds.start,
        end: end - bounds.start,
    };
    let content = if inside {
        around.content
    } else {
        Content::Binary
    };
    if needle.form == Form::Escaped && !hay.follows_escape() {
        return false;
    }
    if is_noisy(content) && !hay.surrounded_by_text() {
        let room = around.bounds.len().max(1).ilog2() as usize;
        if entropy(needle, set) < room + CHANCE_BITS {
            return false;
        }
    }
    match entry.class {
        Class::Words => word_counts(&hay, needle.form, entry, content, set),
        Class::Digits if needle.form == Form::Transport => true,
        Class::Digits if is_technical(&hay, entry, around) => false,
        Class::Digits => number_counts(&hay, needle.form, entry, content, set),
        Class::Uid => uid_counts(&hay, needle.form, set),
    }
}

const fn is_noisy(content: Content) -> bool {
    matches!(
        content,
        Content::Binary | Content::Unknown | Content::Outside
    )
}

/// Bits of chance it takes to spell a needle: a letter of either case is one of 128.
fn entropy(needle: &Needle, set: &SearchSet) -> usize {
    set.matcher()
        .bytes(needle)
        .iter()
        .map(|byte| match byte {
            0 => 2,
            byte if byte.is_ascii_alphabetic() => 7,
            _ => 8,
        })
        .sum()
}

/// The value around a match.
struct Hay<'b> {
    bytes: &'b [u8],
    at: usize,
    end: usize,
}

impl Hay<'_> {
    /// The character before the match, as a byte.
    fn before(&self, form: Form) -> Option<u8> {
        let at = if form == Form::WideAscii {
            self.at.checked_sub(2)?
        } else {
            self.at.checked_sub(1)?
        };
        self.bytes.get(at).copied()
    }

    /// The character after the match, as a byte.
    fn after(&self, form: Form) -> Option<u8> {
        let at = if form == Form::WideAscii {
            self.end + 1
        } else {
            self.end
        };
        self.bytes.get(at).copied()
    }

    fn is_whole_word(&self, form: Form) -> bool {
        let joins = |byte: Option<u8>| {
            byte.is_some_and(|b| b.is_ascii_alphanumeric() || (form == Form::Foreign && b >= 0x80))
        };
        !joins(self.before(form)) && !joins(self.after(form))
    }

    /// The match begins or ends a run of letters.
    fn is_edge(&self, form: Form) -> bool {
        let letter = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_alphabetic());
        !letter(self.before(form)) || !letter(self.after(form))
    }

    /// The run of bytes around the match that satisfy `belongs`.
    fn run(&self, belongs: impl Fn(u8) -> bool) -> &[u8] {
        let before = self.bytes[..self.at]
            .iter()
            .rev()
            .take_while(|b| belongs(**b))
            .count();
        let after = self.bytes[self.end..]
            .iter()
            .take_while(|b| belongs(**b))
            .count();
        &self.bytes[self.at - before..self.end + after]
    }

    /// Two bytes of text or the edge of the value stand on both sides.
    fn surrounded_by_text(&self) -> bool {
        let text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n' | 0x1B);
        self.bytes[..self.at].iter().rev().take(2).all(text)
            && self.bytes[self.end..].iter().take(2).all(text)
            && self.bytes.len() > self.end - self.at
    }

    /// Next to the delimiter of the parts of a name (PS3.5 6.2, PN), or after a title.
    fn is_addressed(&self, form: Form) -> bool {
        let caret = |byte: Option<u8>| byte == Some(b'^');
        caret(self.before(form)) || caret(self.after(form)) || self.follows_title(form)
    }

    fn follows_title(&self, form: Form) -> bool {
        let from = self.at.saturating_sub(TITLE_REACH);
        let before: Vec<u8> = self.bytes[from..self.at]
            .iter()
            .copied()
            .filter(|b| form != Form::WideAscii || *b != 0)
            .collect();
        let gap = before
            .iter()
            .rev()
            .take_while(|b| matches!(b, b' ' | b'.'))
            .count();
        let (before, gap) = before.split_at(before.len() - gap);
        let title = before
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let title = &before[before.len() - title..];
        let is_one_of = |known: &[&str]| {
            let same = |known: &&str| title.eq_ignore_ascii_case(known.as_bytes());
            known.iter().any(same)
        };
        let title_case =
            || title[0].is_ascii_uppercase() && title[1..].iter().all(u8::is_ascii_lowercase);
        match gap.first() {
            None => false,
            Some(_) if is_one_of(&TITLES) => true,
            Some(next) => is_one_of(&TITLES_OR_MODALITIES) && (*next == b'.' || title_case()),
        }
    }

    fn follows_escape(&self) -> bool {
        let from = self.at.saturating_sub(ESCAPE_REACH);
        let before = &self.bytes[from..self.at];
        let escape = before.iter().rposition(|b| *b == 0x1B);
        escape.is_some_and(|at| before.get(at + 1) == Some(&b'$'))
    }
}

fn word_counts(hay: &Hay<'_>, form: Form, entry: Entry, content: Content, set: &SearchSet) -> bool {
    if form == Form::Transport {
        return true;
    }
    let whole = hay.is_whole_word(form);
    if entry.strength == Strength::Weak {
        return whole && is_meant(hay, form, content) && !is_allowed(hay, form, content, set);
    }
    let stands = match (form, entry.chars) {
        _ if !is_named(hay, form, entry, content) => false,
        (Form::Ascii | Form::WideAscii, 0..EDGE_CHARS) => whole,
        (Form::Ascii | Form::WideAscii, EDGE_CHARS..SUBSTRING_CHARS) => whole || hay.is_edge(form),
        _ => true,
    };
    stands && !is_allowed(hay, form, content, set) && !is_within_a_word(hay, form, content)
}

/// The match is a piece of a longer word that the lexicon knows (`anonymou` in `Anonymous`), which is how
/// the cleaner reads it too.
fn is_within_a_word(hay: &Hay<'_>, form: Form, content: Content) -> bool {
    if form != Form::Ascii || content != Content::Text || hay.is_whole_word(form) {
        return false;
    }
    let word = hay.run(|b| b.is_ascii_alphabetic() || b >= 0x80);
    word.len() > hay.end - hay.at
        && std::str::from_utf8(word).is_ok_and(obscura_text::is_known_word)
}

/// A full name stands between the edges of words, and an initial with one word where it must be a
/// name: with `^` in it, or where an ordinary word is one. All else may stand anywhere.
fn is_named(hay: &Hay<'_>, form: Form, entry: Entry, content: Content) -> bool {
    // Beyond ASCII the next byte may be a sign of any kind; only an ASCII letter is surely one.
    let parted = match form {
        Form::Foreign => hay.is_whole_word(Form::Ascii),
        Form::Ascii | Form::WideAscii => hay.is_whole_word(form),
        Form::Escaped | Form::Transport | Form::Raw => true,
    };
    match entry.wording {
        Wording::Plain => true,
        Wording::FullName => parted,
        Wording::Initials => {
            parted
                && (matches!(content, Content::Names | Content::Outside)
                    || hay.bytes[hay.at..hay.end].contains(&b'^')
                    || hay.is_addressed(form))
        }
    }
}

/// An ordinary word or a short number can only mean the person here.
fn is_meant(hay: &Hay<'_>, form: Form, content: Content) -> bool {
    match content {
        Content::Names | Content::Outside => true,
        Content::Text | Content::Unknown if form == Form::Ascii => hay.is_addressed(form),
        _ => false,
    }
}

/// The words the match is part of are all ones that may stand.
fn is_allowed(hay: &Hay<'_>, form: Form, content: Content, set: &SearchSet) -> bool {
    if content == Content::Names {
        return false;
    }
    if form == Form::WideAscii {
        let plain: Vec<u8> = hay.run(|b| b == 0 || b.is_ascii_alphanumeric()).to_vec();
        let plain: Vec<u8> = plain.into_iter().filter(|b| *b != 0).collect();
        return set.allows(&plain);
    }
    let word = hay.run(|b| b.is_ascii_alphanumeric() || b >= 0x80);
    set.allows(word) || set.allows(&hay.bytes[hay.at..hay.end])
}

/// An integer that is all of one number (VR IS, DS) of the standard: it counts or measures
/// something. A date is no such number.
fn is_technical(hay: &Hay<'_>, entry: Entry, around: &Context) -> bool {
    let found = &hay.bytes[hay.at..hay.end];
    around.content == Content::Numbers
        && around.is_standard()
        && entry.kind != IdentifierKind::Date
        && found.len() == usize::from(entry.chars)
        && found.iter().all(u8::is_ascii_digit)
        && hay.run(|b| b != b'\\').trim_ascii() == found
}

fn number_counts(
    hay: &Hay<'_>,
    form: Form,
    entry: Entry,
    content: Content,
    set: &SearchSet,
) -> bool {
    if form == Form::WideAscii {
        let digit = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_digit());
        return !digit(hay.before(form)) && !digit(hay.after(form));
    }
    let token = hay.run(|b| b.is_ascii_digit() || b == b'.');
    let run = hay.run(|b| b.is_ascii_digit());
    let found = &hay.bytes[hay.at..hay.end];
    if token.starts_with(b"2.25.") || (token != found && is_decimal(token, content)) {
        return false;
    }
    if set.allows(token) || set.allows(run) {
        return false;
    }
    if entry.strength == Strength::Weak {
        return is_meant(hay, form, content)
            && hay.is_whole_word(form)
            && token.trim_ascii_end() == found;
    }
    let before = hay.bytes[..hay.at]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_digit());
    let leading_zeros = before.clone().all(|b| *b == b'0');
    let ends = !hay.after(form).is_some_and(|b| b.is_ascii_digit());
    let digits = found.iter().filter(|b| b.is_ascii_digit()).count();
    // A date at the start of a time stamp: YYYYMMDDHHMM and longer.
    let stamp = digits == 8 && before.count() == 0 && matches!(run.len(), 12 | 14);
    if digits < usize::from(EDGE_CHARS) && !hay.is_whole_word(form) {
        return false;
    }
    (leading_zeros && ends) || stamp || digits >= SUBSTRING_DIGITS
}

/// A number with one point and digits on both sides; anywhere in a DS a point makes a decimal.
fn is_decimal(token: &[u8], content: Content) -> bool {
    let mut parts = token.split(|b| *b == b'.');
    let (Some(whole), Some(fraction), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    content == Content::Numbers || (!whole.is_empty() && !fraction.is_empty())
}

fn uid_counts(hay: &Hay<'_>, form: Form, set: &SearchSet) -> bool {
    let joins = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_digit() || b == b'.');
    let digit = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_digit());
    if joins(hay.before(form)) || digit(hay.after(form)) {
        return false;
    }
    if form == Form::WideAscii {
        return true;
    }
    let token = hay.run(|b| b.is_ascii_digit() || b == b'.');
    let whole = token.len() == hay.end - hay.at;
    (whole || hay.end - hay.at >= PREFIX_UID) && !set.allows(token)
}
