//! The byte strings in which one identifier can stand in a file.
//!
//! ASCII text is the same in every character set of PS3.3 C.12.1.1.2, so it needs two forms: as it
//! is, and as UTF-16 (private elements, Exif and documents use it). Text beyond ASCII is spelled in
//! every character set that can carry it, since the file may declare another one than it uses.

use std::sync::OnceLock;

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, ISO_8859_2, ISO_8859_3, ISO_8859_4,
    ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_10, ISO_8859_13, ISO_8859_14,
    ISO_8859_15, KOI8_R, KOI8_U, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
};

use super::matcher::Form;

/// Character sets of one byte a character. ISO 8859-1 and -9 are in windows-1252 and -1254, TIS 620
/// is in windows-874.
const SINGLE: [&Encoding; 22] = [
    WINDOWS_1252,
    ISO_8859_2,
    ISO_8859_3,
    ISO_8859_4,
    ISO_8859_5,
    ISO_8859_6,
    ISO_8859_7,
    ISO_8859_8,
    ISO_8859_10,
    ISO_8859_13,
    ISO_8859_14,
    ISO_8859_15,
    WINDOWS_874,
    WINDOWS_1250,
    WINDOWS_1251,
    WINDOWS_1253,
    WINDOWS_1254,
    WINDOWS_1255,
    WINDOWS_1256,
    WINDOWS_1257,
    KOI8_R,
    KOI8_U,
];

/// Character sets of several bytes a character. The G1 sets of ISO 2022 IR 149 and IR 58 are those
/// of EUC-KR and GB 18030.
const MULTIPLE: [&Encoding; 5] = [SHIFT_JIS, EUC_JP, EUC_KR, GB18030, BIG5];

/// The upper half of one of [`SINGLE`]: its characters in their order, with their bytes.
type Upper = Vec<(char, u8)>;

/// The upper halves of all of [`SINGLE`]. An encoder looks for each character from the start of its
/// table, in every set; here it is asked for by halves.
fn uppers() -> &'static [Upper; SINGLE.len()] {
    static UPPERS: OnceLock<[Upper; SINGLE.len()]> = OnceLock::new();
    UPPERS.get_or_init(|| {
        SINGLE.map(|charset| {
            let known = (0x80..=0xFF).filter_map(|byte| {
                let one = [byte];
                let text = charset.decode_without_bom_handling_and_without_replacement(&one)?;
                text.chars().next().map(|letter| (letter, byte))
            });
            let mut upper: Upper = known.collect();
            upper.sort_unstable();
            upper
        })
    })
}

/// The text in a character set of one byte a character, if it can carry it.
fn single_bytes(text: &str, upper: &Upper) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            bytes.push(letter as u8);
        } else {
            let at = upper
                .binary_search_by_key(&letter, |(known, _)| *known)
                .ok()?;
            bytes.push(upper[at].1);
        }
    }
    Some(bytes)
}

/// Calls `add` with each byte string of an ASCII text.
pub(super) fn ascii_forms(text: &[u8], wide: &mut Vec<u8>, mut add: impl FnMut(&[u8], Form)) {
    add(text, Form::Ascii);
    wide.clear();
    for byte in text {
        wide.extend([*byte, 0]);
    }
    wide.pop();
    add(wide, Form::WideAscii);
}

/// Every distinct byte string of a text beyond ASCII, in the cases a header may write it in.
pub(super) fn foreign_forms(text: &str) -> Vec<(Vec<u8>, Form)> {
    let mut forms = Vec::new();
    for variant in cases(text) {
        forms.push((variant.as_bytes().to_vec(), Form::Foreign));
        forms.push((
            variant.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Form::Foreign,
        ));
        forms.push((
            variant.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Form::Foreign,
        ));
        let single = uppers()
            .iter()
            .filter_map(|upper| single_bytes(&variant, upper));
        forms.extend(single.map(|bytes| (bytes, Form::Foreign)));
        for charset in MULTIPLE {
            let (bytes, _, unmappable) = charset.encode(&variant);
            if !unmappable {
                forms.push((bytes.into_owned(), Form::Foreign));
            }
        }
        forms.extend(escaped_form(&variant).map(|bytes| (bytes, Form::Escaped)));
    }
    forms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    forms.dedup_by(|a, b| a.0 == b.0);
    forms
}

/// The codes between the escapes of ISO 2022 IR 87, if the whole text lies between one pair.
fn escaped_form(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, unmappable) = ISO_2022_JP.encode(text);
    if unmappable {
        return None;
    }
    let inner = bytes.strip_prefix(b"\x1b$B")?.strip_suffix(b"\x1b(B")?;
    (!inner.contains(&0x1b)).then(|| inner.to_vec())
}

/// The text as it is, in capitals, in small letters, and with capital initials.
fn cases(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut title = String::with_capacity(text.len());
    let mut initial = true;
    for letter in lower.chars() {
        if initial {
            title.extend(letter.to_uppercase());
        } else {
            title.push(letter);
        }
        initial = !letter.is_alphanumeric();
    }
    let mut all = vec![text.to_owned(), text.to_uppercase(), lower, title];
    all.sort_unstable();
    all.dedup();
    all
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 of a text at each of the three alignments, without the characters that depend on what
/// stands around it, and hexadecimal digits. For texts of eight bytes or more.
pub(super) fn transport_forms(text: &[u8], mut add: impl FnMut(&[u8], Form)) {
    let mut out = Vec::with_capacity(2 * text.len());
    for skip in 0..3 {
        out.clear();
        for three in text[skip..].chunks_exact(3) {
            let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
            out.extend([18, 12, 6, 0].map(|by| BASE64[(bits >> by & 63) as usize]));
        }
        add(&out, Form::Transport);
    }
    out.clear();
    for byte in text {
        out.extend([byte >> 4, byte & 15].map(|nibble| b"0123456789abcdef"[usize::from(nibble)]));
    }
    add(&out, Form::Transport);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_encode_as_the_encoders_do() {
        let letters: Vec<char> = ('\u{80}'..='\u{2FFF}').collect();
        for (charset, upper) in SINGLE.iter().zip(uppers()) {
            assert!(upper.len() > 40, "{}", charset.name());
            for letter in &letters {
                let text = letter.to_string();
                let (bytes, _, unmappable) = charset.encode(&text);
                let expected = (!unmappable).then(|| bytes.into_owned());
                assert_eq!(
                    single_bytes(&text, upper),
                    expected,
                    "{} {letter:?}",
                    charset.name()
                );
            }
        }
    }
}
