//! Folding: one spelling for all the ways a name is written (case, diacritics, width, ligatures).
//!
//! `Müller`, `MULLER` and `ＭＵＬＬＥＲ` fold to `muller`. The German way of writing umlauts with an
//! `e` (`Mueller`) is a second form, made by [`expanded`] and undone by [`collapsed`].

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Appends the folded form of one character: lower case, no marks, compatibility forms resolved.
pub(crate) fn push_folded(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for part in std::iter::once(c).nfkd() {
        for lower in part.to_lowercase().nfkd() {
            if is_combining_mark(lower) && !is_spacing_letter(lower) {
                continue;
            }
            match lower {
                'ß' => out.push_str("ss"),
                'ø' => out.push('o'),
                'æ' => out.push_str("ae"),
                'œ' => out.push_str("oe"),
                'ł' => out.push('l'),
                'đ' | 'ð' => out.push('d'),
                'þ' => out.push_str("th"),
                'ı' => out.push('i'),
                'ς' => out.push('σ'),
                _ => out.push(lower),
            }
        }
    }
}

/// Marks that carry the vowel of a syllable (Indic scripts, Thai) are letters, not decoration.
fn is_spacing_letter(c: char) -> bool {
    matches!(c as u32, 0x0900..=0x0EFF)
}

/// The folded letters and digits of a text; everything else is dropped.
pub(crate) fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        out.extend(kept.map(|b| char::from(b.to_ascii_lowercase())));
        return out;
    }
    for c in text.chars() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            push_folded(c, &mut out);
        }
    }
    out
}

/// Marks that stand inside a name: hyphens, apostrophes, and marks over letters.
pub(crate) fn is_name_mark(c: char) -> bool {
    matches!(c, '-' | '\'' | '\u{2019}' | '\u{2010}' | '\u{2011}' | '`') || is_combining_mark(c)
}

/// Folds a word for the lexicon into a buffer that is used again.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
    } else {
        for c in text.chars() {
            push_folded(c, out);
        }
    }
}

/// The spelling with `e` for the marks of German, Danish, Norwegian and Swedish letters.
/// `None` where it is the plain folded form.
pub(crate) fn expanded(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 4);
    let mut differs = false;
    for c in text.nfc() {
        let e = match c {
            'ä' | 'Ä' => "ae",
            'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
            'ü' | 'Ü' => "ue",
            'å' | 'Å' => "aa",
            _ => {
                if c.is_alphanumeric() {
                    push_folded(c, &mut out);
                }
                continue;
            }
        };
        differs = true;
        out.push_str(e);
    }
    differs.then_some(out)
}

/// The form without the `e` of `ae`, `oe`, `ue`; `None` where there is none of them.
pub(crate) fn collapsed(folded: &str) -> Option<String> {
    let marked = |pair: &[u8]| pair[1] == b'e' && matches!(pair[0], b'a' | b'o' | b'u');
    if !folded.as_bytes().windows(2).any(marked) {
        return None;
    }
    let short = folded
        .replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u");
    (short.len() < folded.len() && short.len() > 3).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_meet() {
        for name in ["Müller", "MÜLLER", "Mu\u{308}ller", "Ｍüller"] {
            assert_eq!(squeezed(name), "muller", "{name}");
            assert_eq!(
                expanded(name).as_deref(),
                name.starts_with(['M', 'Ｍ']).then_some("mueller")
            );
        }
        assert_eq!(collapsed("mueller").as_deref(), Some("muller"));
        assert_eq!(squeezed("O'Brien-Łukasz"), "obrienlukasz");
        assert_eq!(squeezed("Straße"), "strasse");
        assert_eq!(squeezed("山田太郎"), "山田太郎");
    }
}
