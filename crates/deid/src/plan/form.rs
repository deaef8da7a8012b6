//! Whether bytes are a value of their VR (PS3.5 6.2), as far as a wrong one can hide words.
//!
//! A rule that keeps a number keeps a number: a name typed into a Decimal String, a time, or a
//! private element that a list calls a float, is not what the rule speaks of.

use obscura_dicom::{Element, VR};

/// The value can be one of this VR. Sequences and pixel data always can.
pub(super) fn is_plausible(vr: VR, element: &Element<'_>) -> bool {
    let Some(bytes) = element.bytes() else {
        return true;
    };
    let private = element.tag.group() % 2 == 1;
    match vr {
        VR::DS => bytes
            .iter()
            .all(|c| matches!(c, b'+' | b'-' | b'.' | b'e' | b'E') || plain(*c)),
        VR::IS => bytes
            .iter()
            .all(|c| matches!(c, b'+' | b'-' | b'.') || plain(*c)),
        VR::TM => bytes
            .iter()
            .all(|c| matches!(c, b':' | b'.' | b'-') || plain(*c)),
        VR::CS if private => is_code_string(bytes),
        VR::US | VR::SS if private => is_binary(bytes, 2),
        VR::UL | VR::SL | VR::FL | VR::AT if private => is_binary(bytes, 4),
        VR::FD | VR::UV | VR::SV if private => is_binary(bytes, 8),
        _ => true,
    }
}

/// Digits, the mark between values, padding.
const fn plain(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'\\' | b' ' | 0)
}

/// Upper case letters, digits, blank and underscore, 16 a value.
fn is_code_string(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\\').all(|value| {
        let value = value.trim_ascii();
        value.len() <= 16
            && value.iter().all(|c| {
                matches!(c, b'A'..=b'Z' | b'0'..=b'9' | b'_' | b' ' | 0 | b'-' | b'+' | b'.' | b'/')
            })
    })
}

/// A multiple of the size, and not words: four letters and more with nothing but text around them.
fn is_binary(bytes: &[u8], size: usize) -> bool {
    let text = bytes.trim_ascii();
    let letters = text.iter().filter(|c| c.is_ascii_alphabetic()).count();
    let words = letters >= 4
        && text
            .iter()
            .all(|c| c.is_ascii_graphic() || *c == b' ' || *c >= 0x80 || *c == 0)
        && letters * 2 > text.len();
    bytes.len().is_multiple_of(size) && !words
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_dicom::Tag;

    fn plausible(vr: VR, bytes: &[u8]) -> bool {
        is_plausible(vr, &Element::new(Tag(0x0019, 0x1001), vr, bytes.to_vec()))
    }

    #[test]
    fn numbers_are_numbers() {
        assert!(plausible(VR::DS, b"-1.5e-03\\ 2 "));
        assert!(plausible(VR::IS, b"12\\-7"));
        assert!(plausible(VR::TM, b"101112.123"));
        assert!(plausible(VR::FL, &1.5_f32.to_le_bytes()));
        assert!(plausible(VR::US, &[0x41, 0x42]));
        assert!(plausible(VR::CS, b"AXIAL\\M_FFE "));
    }

    #[test]
    fn words_are_not() {
        assert!(!plausible(VR::DS, b"Kowalczyk "));
        assert!(!plausible(VR::IS, b"12 by Smith"));
        assert!(!plausible(VR::TM, b"junk"));
        assert!(!plausible(VR::FL, b"Kowa"));
        assert!(!plausible(VR::US, b"Kowalczyk "));
        assert!(!plausible(VR::FD, b"Kowalczyk\0\0\0\0\0\0\0"));
        assert!(!plausible(VR::FL, &[0; 6]));
        assert!(!plausible(VR::CS, b"Kowalczyk "));
    }
}
