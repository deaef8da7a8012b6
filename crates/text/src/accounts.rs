//! Paths of files and names of accounts: `\\server\share\smithj`, folders of users, `user jdoe`.
//!
//! The folders of a person are named after the person, and so is an account.

use crate::kinds::{Context, IdentifierKind, Span};
use crate::lexicon::{self, Known};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Words before the name of an account.
static ACCOUNTS: Words = Words::new(
    "user username userid login loginname logon benutzer benutzername benutzerkennung usuario \
     utilisateur utente gebruiker gebruikersnaam brukernavn anvandare uzytkownik identifiant",
);

/// Words of [`ACCOUNTS`] before which a mark must stand: their languages are in no list here.
static LOOSE: Words =
    Words::new("benutzer usuario utilisateur utente gebruiker uzytkownik anvandare identifiant");

/// Words for people who sign with their account.
static OPERATORS: Words =
    Words::new("operator op tech technologist radiographer sonographer mta mtra radiologist");

/// Words between a label and the name of an account.
static FILLERS: Words = Words::new("name id is as by");

/// Longest path, and the longest blank-parted folder of one.
const LONGEST: usize = 512;
const LONGEST_FOLDER: usize = 40;
/// Characters of the longest name of an account.
const LONGEST_NAME: usize = 64;

/// Finds paths, handles and accounts. Two backslashes part empty values too, so a path that starts
/// with them counts in descriptions only.
pub(crate) fn find(view: &View<'_>, context: Context, spans: &mut Vec<Span>) {
    let described = matches!(context, Context::Descriptor | Context::Prose);
    let mut from = 0;
    for at in 0..view.tokens.len() {
        if view.tokens[at].start < from {
            continue;
        }
        let found = match view.mark(at) {
            Some(b'\\') if described => shared(view, at),
            Some(b':') => drive(view, at),
            Some(b'/') => home(view, at),
            Some(b'@') if described => handle(view, at),
            None if described && view.kind(at) == Some(Kind::Word) => {
                account(view, at).or_else(|| signed(view, at))
            }
            Some(_) | None => None,
        };
        if let Some((start, end, rule)) = found {
            spans.push(Span::new(start, end, IdentifierKind::OtherId, rule));
            from = end;
        }
    }
}

type Found = Option<(usize, usize, &'static str)>;

/// Nothing is glued before a token.
fn opens(view: &View<'_>, at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| {
        matches!(view.kind(before), Some(Kind::Space | Kind::Newline))
            || matches!(
                view.mark(before),
                Some(b'(' | b'"' | b'\'' | b'[' | b'<' | b':' | b'=')
            )
    })
}

/// The end of a path; a folder with blanks in its name belongs to it, where a separator follows.
fn path_end(view: &View<'_>, start: usize, separator: char) -> usize {
    let rest = &view.text[start..];
    let stops = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '|' | ',' | ';' | ')' | ']')
    };
    let mut end = 0;
    while end < LONGEST {
        end += rest[end..].find(stops).unwrap_or(rest.len() - end);
        let Some(blank) = rest[end..].strip_prefix(' ') else {
            break;
        };
        let marks = |c: char| c == separator || stops(c) && c != ' ' || c == '.' || c == ':';
        let folder = blank
            .char_indices()
            .take(LONGEST_FOLDER)
            .find(|(_, c)| marks(*c))
            .filter(|(at, c)| *c == separator && !blank[..*at].ends_with(' ') && *at > 0);
        let Some((length, _)) = folder else { break };
        end += 1 + length;
    }
    start + rest[..end].trim_end_matches(['.', ':', '!', '?']).len()
}

/// `\\server\share\folder`
fn shared(view: &View<'_>, at: usize) -> Found {
    let named = view.mark(at + 1) == Some(b'\\')
        && matches!(view.kind(at + 2), Some(Kind::Word | Kind::Number))
        && opens(view, at);
    let start = view.tokens[at].start;
    let end = if named {
        path_end(view, start, '\\')
    } else {
        start
    };
    let folders = view.text[start..end].matches('\\').count();
    (folders > 2).then_some((start, end, "path"))
}

/// `C:\Users\jdoe`, `D:/data/jdoe`
fn drive(view: &View<'_>, at: usize) -> Found {
    let letter = at.checked_sub(1)?;
    if view.kind(letter) != Some(Kind::Word)
        || view.tokens[letter].len() != 1
        || !opens(view, letter)
        || !matches!(view.kind(at + 2), Some(Kind::Word | Kind::Number))
    {
        return None;
    }
    let start = view.tokens[letter].start;
    let separator = match view.mark(at + 1)? {
        b'\\' => '\\',
        b'/' => '/',
        _ => return None,
    };
    let end = path_end(view, start, separator);
    let folders = view.text[start..end].matches(separator).count();
    (separator == '\\' || folders > 1).then_some((start, end, "path"))
}

/// A folder of users, or one where volumes are mounted, and the folder of one person in it.
fn home(view: &View<'_>, at: usize) -> Found {
    let folder = matches!(
        view.folded(at + 1),
        "home" | "users" | "export" | "mnt" | "media"
    );
    let below = view.mark(at + 2) == Some(b'/')
        && matches!(view.kind(at + 3), Some(Kind::Word | Kind::Number));
    let start = view.tokens[at].start;
    (folder && below && opens(view, at)).then(|| (start, path_end(view, start, '/'), "path"))
}

/// Whether a run of letters, digits and marks is no word that a text has.
fn is_made_up(run: &str) -> bool {
    let joined = run.contains(['_', '.', '-']) || run.bytes().any(|b| b.is_ascii_digit());
    let letters = run.chars().any(char::is_alphabetic);
    let word = |part: &str| lexicon::class_of(part).is_word();
    let plain = run
        .split(|c: char| !c.is_alphabetic())
        .filter(|part| !part.is_empty())
        .all(word);
    letters && run.len() >= 3 && !plain && (joined || run.len() >= 4)
}

/// `SKim`, `GBoyer`: an initial and a name in one, whatever word the letters make together.
fn is_initialled(run: &str) -> bool {
    let mut letters = run.chars();
    let capital = |c: Option<char>| c.is_some_and(char::is_uppercase);
    capital(letters.next())
        && capital(letters.next())
        && run.chars().count() >= 3
        && letters.all(char::is_lowercase)
}

/// `sun70`, `kim3`: letters and then digits.
fn is_numbered(run: &str) -> bool {
    let letters = run.trim_end_matches(|c: char| c.is_ascii_digit());
    letters.len() < run.len() && letters.len() >= 3 && letters.chars().all(char::is_alphabetic)
}

/// The run of an account's characters that starts at a byte.
fn run(view: &View<'_>, start: usize) -> usize {
    let rest = &view.text[start..];
    let named = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '\\');
    let length: usize = rest
        .chars()
        .take(LONGEST_NAME)
        .take_while(|c| named(*c))
        .map(char::len_utf8)
        .sum();
    start + rest[..length].trim_end_matches(['.', '-', '\\', '_']).len()
}

/// `@jdoe_md`: the name of an account in a message.
fn handle(view: &View<'_>, at: usize) -> Found {
    if !opens(view, at) || view.kind(at + 1) != Some(Kind::Word) {
        return None;
    }
    let start = view.tokens[at].start;
    let end = run(view, start + 1);
    let name = &view.text[start + 1..end];
    (name.len() >= 5 && is_made_up(name)).then_some((start, end, "account"))
}

/// `user jdoe`, `Login: quirkea`, `username ERosen`.
fn account(view: &View<'_>, at: usize) -> Found {
    let label = view.folded(at);
    let person = OPERATORS.has(label);
    if !(person || ACCOUNTS.has(label))
        || !matches!(view.kind(at + 1), Some(Kind::Space | Kind::Mark))
    {
        return None;
    }
    let (mut next, mut marked) = (at + 1, false);
    while next < at + 6 {
        match view.kind(next)? {
            Kind::Space => {}
            Kind::Mark if matches!(view.mark(next), Some(b':' | b'=')) => marked = true,
            Kind::Word if FILLERS.has(view.folded(next)) => {}
            Kind::Word | Kind::Number => break,
            Kind::Mark | Kind::Newline => return None,
        }
        next += 1;
    }
    if LOOSE.has(label) && !marked || !view.is_code_part(next) {
        return None;
    }
    let start = view.tokens.get(next)?.start;
    let end = run(view, start);
    let name = &view.text[start..end];
    if person {
        // A name of a person is found as such; an account is parted or numbered.
        let parted = name.contains(['_', '.']) && name.split(['_', '.']).all(|part| part.len() > 1);
        let account = parted && !name.contains(|c: char| c.is_uppercase()) || is_numbered(name);
        return account.then_some((start, end, "account"));
    }
    let class = lexicon::class_of(name);
    let listed = class.given.max(class.surname) > Known::No;
    let called = marked && listed;
    // `user Naltrexone`: a capital starts words that are in no list, too.
    let title = view.case(next) == Case::Title
        && view.tokens[next].end == end
        && name.chars().skip(1).all(char::is_lowercase);
    let short = name.len() == 3 && view.case(next) == Case::Lower && !class.is_word();
    let made_up = (is_made_up(name) || short) && (marked || listed || !title);
    (called || made_up || is_initialled(name) || is_numbered(name))
        .then_some((start, end, "account"))
}

/// What somebody did with a text, an image or a list, signed by an account.
static DEEDS: Words = Words::new(
    "created modified edited saved changed entered imported exported uploaded typed updated      verified signed approved dictated transcribed reported reviewed erstellt geandert gespeichert      bearbeitet modifie cree creado modificado creato modificato gemaakt gewijzigd",
);

/// `created by jimenar`, `modified by sun70`, `saved by SKim`.
fn signed(view: &View<'_>, at: usize) -> Found {
    let by = matches!(
        view.folded(at),
        "by" | "von" | "par" | "por" | "da" | "door"
    );
    if !by || view.kind(at + 1) != Some(Kind::Space) || !DEEDS.has(view.word_before(at)) {
        return None;
    }
    if view.kind(at + 2) != Some(Kind::Word) || !view.is_code_part(at + 2) {
        return None;
    }
    let start = view.tokens[at + 2].start;
    let end = run(view, start);
    let name = &view.text[start..end];
    let small = name.chars().all(|c| !c.is_uppercase());
    // A name of two words in small letters is one of a person, and found as such.
    let pair = view.case(at + 4) == Case::Lower && view.kind(at + 3) == Some(Kind::Space);
    let parted = name.contains(['_', '.']) || name.bytes().any(|b| b.is_ascii_digit());
    let named = |part: &str| {
        let class = lexicon::class_of(part);
        class.given.max(class.surname) > Known::No
    };
    let short = small && name.len() == 3 && !lexicon::class_of(name).is_word() && !pair;
    let account = is_made_up(name) && (parted || small && !pair)
        || short
        || name.contains(['_', '.']) && name.split(['_', '.']).any(named)
        || is_initialled(name)
        || is_numbered(name);
    account.then_some((start, end, "account"))
}
