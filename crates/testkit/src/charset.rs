//! [`Repertoire`]: how the text of a synthetic object is written (PS3.3 C.12.1.1.2, PS3.5 6.1).
//!
//! Written apart from the code under test, so that one does not hide a fault of the other.

use encoding_rs::{EUC_KR, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, WINDOWS_1252};

/// The character sets of a synthetic object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Repertoire {
    /// The default repertoire, ASCII; the object has no Specific Character Set.
    #[default]
    Ascii,
    /// `ISO_IR 100`.
    Latin1,
    /// `ISO_IR 192`.
    Utf8,
    /// `\ISO 2022 IR 87`: ASCII, and kanji by escape sequences (PS3.5 annex H).
    Iso2022Jp,
    /// `\ISO 2022 IR 149`: ASCII, and hangul in the upper half (PS3.5 annex I).
    Iso2022Kr,
    /// `GB18030` (PS3.5 annex J).
    Gb18030,
}

impl Repertoire {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Ascii,
        Self::Latin1,
        Self::Utf8,
        Self::Iso2022Jp,
        Self::Iso2022Kr,
        Self::Gb18030,
    ];

    /// The value of Specific Character Set; `None` for the default repertoire.
    pub const fn terms(self) -> Option<&'static str> {
        match self {
            Self::Ascii => None,
            Self::Latin1 => Some("ISO_IR 100"),
            Self::Utf8 => Some("ISO_IR 192"),
            Self::Iso2022Jp => Some("\\ISO 2022 IR 87"),
            Self::Iso2022Kr => Some("\\ISO 2022 IR 149"),
            Self::Gb18030 => Some("GB18030"),
        }
    }

    /// The bytes of a text. Code extensions return to ASCII before each delimiter (`\`, `^`, `=`,
    /// line ends), as PS3.5 6.1.2.5.3 asks.
    ///
    /// # Panics
    /// If the text has characters that the repertoire does not have.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Ascii => {
                assert!(text.is_ascii(), "text outside the default repertoire");
                text.as_bytes().to_vec()
            }
            Self::Latin1 => by(WINDOWS_1252, text),
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Gb18030 => by(GB18030, text),
            Self::Iso2022Jp => by_components(text, |part| by(ISO_2022_JP, part)),
            Self::Iso2022Kr => by_components(text, |part| {
                let mut bytes = b"\x1b$)C".to_vec();
                bytes.extend(by(EUC_KR, part));
                bytes
            }),
        }
    }

    /// The bytes a person's name may have anywhere in a file: this repertoire's, UTF-8, UTF-16 in
    /// both orders, and Shift JIS for Japanese. What a leak would look like.
    pub fn leaks(self, text: &str) -> Vec<Vec<u8>> {
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut forms = vec![self.encode(text), text.as_bytes().to_vec(), little, big];
        if self == Self::Iso2022Jp {
            forms.push(by(SHIFT_JIS, text));
        }
        forms.dedup();
        forms
    }
}

fn by(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy, "text outside the repertoire");
    bytes.into_owned()
}

fn by_components(text: &str, encode: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut part = String::new();
    for c in text.chars().map(Some).chain([None]) {
        match c {
            Some(c) if !matches!(c, '\\' | '^' | '=' | '\r' | '\n') => part.push(c),
            delimiter => {
                bytes.extend(if part.is_ascii() {
                    part.clone().into_bytes()
                } else {
                    encode(&part)
                });
                part.clear();
                // Delimiters are ASCII: one byte each.
                bytes.extend(delimiter.map(|c| c as u8));
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PS3.5 H.3.1, example 1: the bytes are printed there.
    #[test]
    fn a_japanese_name_is_written_as_the_standard_shows() {
        let bytes = Repertoire::Iso2022Jp.encode("Yamada^Tarou=山田^太郎=やまだ^たろう");
        let expected = b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\
                         \x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B";
        assert_eq!(bytes, expected);
    }

    /// PS3.5 I.2: the bytes are printed there.
    #[test]
    fn a_korean_name_is_written_as_the_standard_shows() {
        let bytes = Repertoire::Iso2022Kr.encode("Hong^Gildong=洪^吉洞=홍^길동");
        let expected = b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\
                         \x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf";
        assert_eq!(bytes, expected);
    }
}
