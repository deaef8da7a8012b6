//! The graphic character sets that code extensions bring in (ISO/IEC 2022, PS3.3 C.12.1.1.2):
//! their escape sequences, and their characters.

use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::Encoding;

/// A set of 94 or 96 characters, or of 94 x 94.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Graphic {
    /// ISO IR 6.
    Ascii,
    /// ISO IR 14, JIS X 0201 Romaji. Its yen sign and overline are read as the `\` and `~` whose
    /// codes they share, since these separate values.
    JisRoman,
    /// ISO IR 13, JIS X 0201 Katakana.
    Katakana,
    /// ISO IR 87, JIS X 0208.
    Kanji,
    /// ISO IR 159, JIS X 0212.
    Supplementary,
    /// ISO IR 149, KS X 1001.
    Korean,
    /// ISO IR 58, GB 2312.
    Chinese,
    /// ISO IR 100.
    Latin1,
    /// ISO IR 101.
    Latin2,
    /// ISO IR 109.
    Latin3,
    /// ISO IR 110.
    Latin4,
    /// ISO IR 148.
    Latin5,
    /// ISO IR 203.
    Latin9,
    /// ISO IR 126.
    Greek,
    /// ISO IR 127.
    Arabic,
    /// ISO IR 138.
    Hebrew,
    /// ISO IR 144.
    Cyrillic,
    /// ISO IR 166.
    Thai,
}

/// The half of the code table a set is brought into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Codes 21 to 7E.
    G0,
    /// Codes A0 to FF.
    G1,
}

/// Each escape sequence, its set and where that goes. The last four are not of the standard's
/// tables but are what other writers of ISO/IEC 2022 write.
const ESCAPES: [(&[u8], Graphic, Half); 22] = [
    (b"\x1B(B", Graphic::Ascii, Half::G0),
    (b"\x1B(J", Graphic::JisRoman, Half::G0),
    (b"\x1B)I", Graphic::Katakana, Half::G1),
    (b"\x1B$B", Graphic::Kanji, Half::G0),
    (b"\x1B$(D", Graphic::Supplementary, Half::G0),
    (b"\x1B$)C", Graphic::Korean, Half::G1),
    (b"\x1B$)A", Graphic::Chinese, Half::G1),
    (b"\x1B-A", Graphic::Latin1, Half::G1),
    (b"\x1B-B", Graphic::Latin2, Half::G1),
    (b"\x1B-C", Graphic::Latin3, Half::G1),
    (b"\x1B-D", Graphic::Latin4, Half::G1),
    (b"\x1B-M", Graphic::Latin5, Half::G1),
    (b"\x1B-b", Graphic::Latin9, Half::G1),
    (b"\x1B-F", Graphic::Greek, Half::G1),
    (b"\x1B-G", Graphic::Arabic, Half::G1),
    (b"\x1B-H", Graphic::Hebrew, Half::G1),
    (b"\x1B-L", Graphic::Cyrillic, Half::G1),
    (b"\x1B-T", Graphic::Thai, Half::G1),
    (b"\x1B$@", Graphic::Kanji, Half::G0),
    (b"\x1B(I", Graphic::Katakana, Half::G0),
    (b"\x1B$(C", Graphic::Korean, Half::G0),
    (b"\x1B$A", Graphic::Chinese, Half::G0),
];

/// The escape sequence that `bytes` begin with: its length, its set and where that goes.
pub(super) fn escape(bytes: &[u8]) -> Option<(usize, Graphic, Half)> {
    let (escape, set, half) = ESCAPES
        .iter()
        .find(|(escape, ..)| bytes.starts_with(escape))?;
    Some((escape.len(), *set, *half))
}

impl Graphic {
    /// The escape sequence that brings the set in, and where to.
    pub(super) fn designation(self) -> (&'static [u8], Half) {
        let found = ESCAPES.iter().find(|(_, set, _)| *set == self);
        found.map_or((b"", Half::G0), |(escape, _, half)| (*escape, *half))
    }

    /// Bytes of one character.
    pub(super) const fn width(self) -> usize {
        match self {
            Self::Kanji | Self::Supplementary | Self::Korean | Self::Chinese => 2,
            _ => 1,
        }
    }

    /// The lower half holds the characters of ASCII.
    pub(super) const fn is_ascii(self) -> bool {
        matches!(self, Self::Ascii | Self::JisRoman)
    }

    /// Characters of `bytes`, a whole number of them, from either half of the code table.
    pub(super) fn decode(self, bytes: &[u8], text: &mut String) {
        if self.is_ascii() {
            text.extend(bytes.iter().map(|byte| match byte {
                0..=0x7F => char::from(*byte),
                _ => char::REPLACEMENT_CHARACTER,
            }));
            return;
        }
        let mut high = Vec::with_capacity(bytes.len() * 3 / 2);
        for character in bytes.chunks(self.width()) {
            match self {
                // Half-width katakana and JIS X 0212 have prefixes in EUC.
                Self::Katakana => high.push(0x8E),
                Self::Supplementary => high.push(0x8F),
                _ => {}
            }
            high.extend(character.iter().map(|byte| byte | 0x80));
        }
        let (decoded, _) = self.encoding().decode_without_bom_handling(&high);
        text.push_str(&decoded);
    }

    /// The code of a character, as it stands in the upper half; `None` if it is not in the set.
    pub(super) fn encode(self, character: char) -> Option<Vec<u8>> {
        if self == Self::Supplementary {
            return SUPPLEMENTARY.get(&character).map(|code| code.to_vec());
        }
        let mut utf8 = [0; 4];
        let (code, _, has_failed) = self.encoding().encode(character.encode_utf8(&mut utf8));
        let code = match (self, &*code) {
            (Self::Katakana, [0x8E, code @ 0xA1..=0xFF]) => vec![*code],
            (Self::Katakana, _) => return None,
            (_, code) => code.to_vec(),
        };
        let is_high = code
            .iter()
            .all(|byte| *byte >= if self.width() == 2 { 0xA1 } else { 0x80 });
        (!has_failed && code.len() == self.width() && is_high).then_some(code)
    }

    /// The encoding whose upper half holds the set.
    fn encoding(self) -> &'static Encoding {
        match self {
            // JIS X 0201, 0208 and 0212 are the code sets 2, 1 and 3 of EUC-JP.
            Self::Katakana | Self::Kanji | Self::Supplementary => encoding_rs::EUC_JP,
            Self::Korean => encoding_rs::EUC_KR,
            Self::Chinese => encoding_rs::GBK,
            // The codes 80 to 9F of the windows sets are written in the field, and are not
            // characters in ISO 8859.
            Self::Ascii | Self::JisRoman | Self::Latin1 => encoding_rs::WINDOWS_1252,
            Self::Latin2 => encoding_rs::ISO_8859_2,
            Self::Latin3 => encoding_rs::ISO_8859_3,
            Self::Latin4 => encoding_rs::ISO_8859_4,
            Self::Latin5 => encoding_rs::WINDOWS_1254,
            Self::Latin9 => encoding_rs::ISO_8859_15,
            Self::Greek => encoding_rs::ISO_8859_7,
            Self::Arabic => encoding_rs::ISO_8859_6,
            Self::Hebrew => encoding_rs::ISO_8859_8,
            Self::Cyrillic => encoding_rs::ISO_8859_5,
            Self::Thai => encoding_rs::WINDOWS_874,
        }
    }
}

/// The codes of JIS X 0212, which encoders of EUC-JP do not write.
static SUPPLEMENTARY: LazyLock<HashMap<char, [u8; 2]>> = LazyLock::new(|| {
    let mut codes = HashMap::new();
    for row in 0xA1..=0xFE {
        for cell in 0xA1..=0xFE {
            let mut text = String::new();
            Graphic::Supplementary.decode(&[row, cell], &mut text);
            let mut characters = text.chars();
            if let (Some(one), None) = (characters.next(), characters.next())
                && one != char::REPLACEMENT_CHARACTER
            {
                codes.insert(one, [row, cell]);
            }
        }
    }
    codes
});
