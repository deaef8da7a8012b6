//! E-mail and web addresses.

use crate::kinds::{IdentifierKind, Span};
use crate::lexicon::{self, Known};

/// Domains recognised without `www.` or a scheme.
const ENDINGS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "info", "health", "nhs.uk", "co.uk", "ac.uk", "eu",
];

/// Finds e-mail addresses, those that the spans hold already, addresses with a scheme or `www.`, and host names of well-known ends.
pub(crate) fn find(text: &str, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let stated = stated(text, spans);
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if at < from {
            continue;
        }
        let found = match byte {
            b'@' => email(text, at, from).map(|span| parted(text, span, at, &stated)),
            b':' if bytes[at..].starts_with(b"://") => url(text, at, from),
            b'.' => www(text, at, from).or_else(|| host(text, at, from)),
            _ => None,
        };
        if let Some(span) = found {
            from = span.end;
            spans.push(span);
        }
    }
}

fn left_run(text: &str, at: usize, floor: usize, test: fn(char) -> bool) -> usize {
    let run: usize = text[floor..at]
        .chars()
        .rev()
        .take(256)
        .take_while(|c| test(*c))
        .map(char::len_utf8)
        .sum();
    at - run
}

fn right_run(text: &str, at: usize, test: fn(char) -> bool) -> usize {
    let run: usize = text[at..]
        .chars()
        .take(2048)
        .take_while(|c| test(*c))
        .map(char::len_utf8)
        .sum();
    at + run
}

fn email(text: &str, at: usize, floor: usize) -> Option<Span> {
    let local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'');
    let domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let start = left_run(text, at, floor, local);
    let end = right_run(text, at + 1, domain);
    let host = text[at + 1..end].trim_end_matches(['.', '-']);
    let named = host.split('.').count() > 1 && host.contains(char::is_alphabetic);
    (start < at && named).then(|| {
        Span::new(
            start,
            at + 1 + host.len(),
            IdentifierKind::Email,
            "e-mail address",
        )
    })
}

/// The addresses among what was found before: where each ends and starts.
fn stated(text: &str, spans: &[Span]) -> Vec<(usize, usize)> {
    let addresses = spans
        .iter()
        .filter(|s| text[s.start..s.end].contains('@'))
        .map(|s| (s.end, s.start));
    let mut stated: Vec<_> = addresses.collect();
    stated.sort_unstable();
    stated
}

/// An address without the words that `_` or `-` glue to it: `Runoff_may.long@example.org`.
///
/// Where the object states the address, it ends the words; else a word of the lexicon does that
/// is no name, or is written with a capital before an address in small letters.
fn parted(text: &str, span: Span, at: usize, stated: &[(usize, usize)]) -> Span {
    let joint = |b: u8| matches!(b, b'_' | b'-');
    let first = stated.partition_point(|(end, _)| *end < span.end);
    let own = stated.get(first).filter(|(end, start)| {
        *end == span.end && *start > span.start && joint(text.as_bytes()[*start - 1])
    });
    if let Some((_, start)) = own {
        return Span::new(*start, span.end, span.kind, span.rule);
    }
    let mut start = span.start;
    while let Some(length) = text[start..at].bytes().position(joint) {
        let (word, rest) = (&text[start..start + length], &text[start + length + 1..at]);
        if rest.is_empty() || !is_text(word, rest) {
            break;
        }
        start += length + 1;
    }
    Span::new(start, span.end, span.kind, span.rule)
}

/// Whether a piece before the rest of an address is a word of the text, or nothing.
fn is_text(word: &str, rest: &str) -> bool {
    let class = lexicon::class_of(word);
    let named = class.given.max(class.surname) > Known::No;
    let apart = word.contains(char::is_uppercase) && !rest.contains(char::is_uppercase);
    let code = word.len() <= 8 && word.contains(|c: char| c.is_ascii_digit());
    word.is_empty() || class.is_word() && (!named || apart) || code && apart
}

fn in_url(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(
            c,
            '<' | '>' | '"' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';'
        )
}

fn url(text: &str, at: usize, floor: usize) -> Option<Span> {
    let start = left_run(text, at, floor, |c| c.is_ascii_alphabetic());
    let end = right_run(text, at + 3, in_url);
    let end = at
        + 3
        + text[at + 3..end]
            .trim_end_matches(['.', ':', '!', '?', '\''])
            .len();
    (start < at && end > at + 3).then(|| Span::new(start, end, IdentifierKind::Url, "web address"))
}

fn www(text: &str, at: usize, floor: usize) -> Option<Span> {
    let start = at.checked_sub(3).filter(|s| *s >= floor)?;
    let head = text.get(start..at)?;
    let before = text[..start]
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric());
    if !before || !head.eq_ignore_ascii_case("www") {
        return None;
    }
    let end = right_run(text, at + 1, in_url);
    let end = at
        + 1
        + text[at + 1..end]
            .trim_end_matches(['.', ':', '!', '?'])
            .len();
    (end > at + 3).then(|| Span::new(start, end, IdentifierKind::Url, "web address"))
}

/// `portal.example.org/path`
fn host(text: &str, at: usize, floor: usize) -> Option<Span> {
    let rest = &text[at + 1..];
    let ending = ENDINGS.iter().find(|e| {
        rest.get(..e.len())
            .is_some_and(|r| r.eq_ignore_ascii_case(e))
            && rest[e.len()..]
                .chars()
                .next()
                .is_none_or(|c| !c.is_alphanumeric() && c != '-')
    })?;
    let start = left_run(text, at, floor, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '.')
    });
    let label = &text[start..at];
    if label.len() < 2 || !label.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let tail = at + 1 + ending.len();
    let end = if text[tail..].starts_with('/') {
        right_run(text, tail, in_url)
    } else {
        tail
    };
    Some(Span::new(start, end, IdentifierKind::Url, "web address"))
}
