//! The defined terms of Specific Character Set (PS3.3 tables C.12-2 to C.12-5), and the forms that
//! real files write for them.

use encoding_rs::{Encoding, GB18030, GBK, UTF_8};

use super::graphic::Graphic;

/// What one term stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// A set without code extensions that holds all it needs: UTF-8, GB18030, GBK.
    Whole(&'static Encoding),
    /// Sets for the lower half, if not ASCII, and for the upper half of the code table.
    Sets { g0: Graphic, g1: Option<Graphic> },
}

/// Understands a term, whatever its case and punctuation. `None` for one that is not known.
pub(super) fn parse(term: &[u8]) -> Option<Term> {
    let bare: String = term
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(|byte| char::from(byte.to_ascii_uppercase()))
        .collect();
    if bare.is_empty() {
        return Some(lower(Graphic::Ascii));
    }
    let number = ["ISO2022IR", "ISO2022", "ISOIR", "IR"]
        .iter()
        .find_map(|prefix| bare.strip_prefix(prefix))
        .unwrap_or(&bare);
    registration(number)
        .or_else(|| by_name(number))
        .or_else(|| labelled(term))
}

const fn lower(g0: Graphic) -> Term {
    Term::Sets { g0, g1: None }
}

const fn upper(g1: Graphic) -> Term {
    Term::Sets {
        g0: Graphic::Ascii,
        g1: Some(g1),
    }
}

/// The term of a registration number of ISO/IEC 2375.
fn registration(number: &str) -> Option<Term> {
    Some(match number {
        "6" => lower(Graphic::Ascii),
        "13" | "14" => Term::Sets {
            g0: Graphic::JisRoman,
            g1: Some(Graphic::Katakana),
        },
        "58" => upper(Graphic::Chinese),
        "87" => lower(Graphic::Kanji),
        "100" => upper(Graphic::Latin1),
        "101" => upper(Graphic::Latin2),
        "109" => upper(Graphic::Latin3),
        "110" => upper(Graphic::Latin4),
        "126" => upper(Graphic::Greek),
        "127" => upper(Graphic::Arabic),
        "138" => upper(Graphic::Hebrew),
        "144" => upper(Graphic::Cyrillic),
        "148" => upper(Graphic::Latin5),
        "149" => upper(Graphic::Korean),
        "159" => lower(Graphic::Supplementary),
        "166" => upper(Graphic::Thai),
        "192" => Term::Whole(UTF_8),
        "203" => upper(Graphic::Latin9),
        _ => return None,
    })
}

/// The term of a name that is none of the standard's but is written.
fn by_name(name: &str) -> Option<Term> {
    Some(match name {
        "ASCII" | "USASCII" | "DEFAULT" | "ISO646" => lower(Graphic::Ascii),
        "UTF8" | "UNICODE" => Term::Whole(UTF_8),
        "GB18030" => Term::Whole(GB18030),
        "GBK" | "GB2312" => Term::Whole(GBK),
        "ISO88591" | "LATIN1" | "88591" => upper(Graphic::Latin1),
        "ISO88592" | "LATIN2" => upper(Graphic::Latin2),
        "ISO88593" => upper(Graphic::Latin3),
        "ISO88594" => upper(Graphic::Latin4),
        "ISO88595" => upper(Graphic::Cyrillic),
        "ISO88596" => upper(Graphic::Arabic),
        "ISO88597" => upper(Graphic::Greek),
        "ISO88598" => upper(Graphic::Hebrew),
        "ISO88599" => upper(Graphic::Latin5),
        "ISO885911" | "TIS620" => upper(Graphic::Thai),
        "ISO885915" | "LATIN9" => upper(Graphic::Latin9),
        _ => return None,
    })
}

/// A label of the WHATWG Encoding Standard, if it leaves ASCII as it is.
fn labelled(term: &[u8]) -> Option<Term> {
    let encoding = Encoding::for_label_no_replacement(term)?;
    encoding
        .is_ascii_compatible()
        .then_some(Term::Whole(encoding))
}
