//! The tokenizer: text as words, numbers, spaces and single marks, with their place and case.

use unicode_normalization::char::is_combining_mark;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters of one script; `SmithJ` is two words, `Smith` and `J`.
    Word,
    /// ASCII digits.
    Number,
    /// Blanks and tabs.
    Space,
    /// One or more line ends.
    Newline,
    /// One other character.
    Mark,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Title,
    Upper,
    /// Scripts without case (Han, kana, Hangul, Arabic, Hebrew), and tokens that are no words.
    None,
}

/// A piece of the text; `start` and `end` are byte offsets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    pub(crate) case: Case,
}

impl Token {
    pub(crate) fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// Splits a text; the tokens cover it without gap or overlap.
pub(crate) fn tokenize_into(text: &str, tokens: &mut Vec<Token>) {
    tokens.reserve(text.len() / 3 + 4);
    let mut at = 0;
    while at < text.len() {
        let token = next_token(text, at);
        at = token.end;
        tokens.push(token);
    }
}

fn next_token(text: &str, start: usize) -> Token {
    let bytes = text.as_bytes();
    let run = |test: fn(u8) -> bool| bytes[start..].iter().take_while(|b| test(**b)).count();
    let other = |kind, len: usize| Token {
        start,
        end: start + len,
        kind,
        case: Case::None,
    };
    match bytes[start] {
        b'0'..=b'9' => other(Kind::Number, run(|b| b.is_ascii_digit())),
        b' ' | b'\t' => other(Kind::Space, run(|b| b == b' ' || b == b'\t')),
        b'\r' | b'\n' | 0x0b | 0x0c => other(
            Kind::Newline,
            run(|b| matches!(b, b'\r' | b'\n' | 0x0b | 0x0c)),
        ),
        b if b.is_ascii_alphabetic() || b >= 0x80 => wide_token(text, start),
        _ => other(Kind::Mark, 1),
    }
}

/// A token that starts with a letter or with a character outside ASCII.
fn wide_token(text: &str, start: usize) -> Token {
    let mut chars = text[start..].char_indices();
    let first = chars.next().map_or('\0', |(_, c)| c);
    let single = |kind| Token {
        start,
        end: start + first.len_utf8(),
        kind,
        case: Case::None,
    };
    if first.is_whitespace() {
        return single(Kind::Space);
    }
    if !is_letter(first) {
        return single(Kind::Mark);
    }
    let ideographic = is_cjk(first);
    let (mut end, mut upper, mut lower) = (text.len(), 0, 0);
    let mut previous_lower = false;
    for (at, c) in text[start..].char_indices() {
        let camel = previous_lower && c.is_uppercase();
        if !(is_letter(c) || is_combining_mark(c)) || is_cjk(c) != ideographic || camel {
            end = start + at;
            break;
        }
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
        previous_lower = c.is_lowercase();
    }
    let case = match (upper, lower) {
        (0, 0) => Case::None,
        (0, _) => Case::Lower,
        (_, 0) => Case::Upper,
        _ if first.is_uppercase() => Case::Title,
        _ => Case::Lower,
    };
    Token {
        start,
        end,
        kind: Kind::Word,
        case,
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c)
}

/// Han, kana and Hangul: scripts whose words are written without blanks or in syllables.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c as u32,
        0x1100..=0x11FF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x3130..=0x318F | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut tokens = Vec::new();
        tokenize_into(text, &mut tokens);
        tokens.iter().map(|t| t.text(text)).collect()
    }

    #[test]
    fn pieces_are_split_where_a_reader_would() {
        assert_eq!(
            words("SmithJ_T2w 3mm"),
            ["Smith", "J", "_", "T", "2", "w", " ", "3", "mm"]
        );
        assert_eq!(words("MÜLLER, 山田Dr"), ["MÜLLER", ",", " ", "山田", "Dr"]);
        assert_eq!(words("a\r\nb"), ["a", "\r\n", "b"]);
    }

    proptest::proptest! {
        #[test]
        fn tokens_cover_the_text(text in ".*") {
            let joined: String = words(&text).concat();
            proptest::prop_assert_eq!(joined, text);
        }
    }
}
