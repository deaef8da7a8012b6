//! Numbers and codes: how telling one is, alone and after a label.

use zeroize::Zeroizing;

use super::{Harvest, Role, Strength};
use crate::fold;
use crate::kinds::IdentifierKind;
use crate::lexicon::{self, Rank};

/// Letters before the number of a setting, a kernel or a sequence: `TE90`, `FC52`, `Br36d`.
const SETTINGS: &[&str] = &[
    "b", "te", "tr", "ti", "fa", "fov", "fc", "qr", "br", "bl", "bv", "hr", "hf", "uf", "yc", "yb",
];
/// Letters before the number of a vertebra, a nerve or a stage.
const LEVELS: &[&str] = &["c", "d", "t", "th", "l", "s", "p", "n", "m"];
/// Letters after a number: a unit, or a dimension.
const UNITS: &[&str] = &[
    "mm", "cm", "m", "um", "ms", "msec", "s", "sec", "min", "h", "hr", "hz", "khz", "mhz", "kv",
    "kvp", "kev", "mev", "ma", "mas", "ml", "cc", "l", "mg", "g", "kg", "mbq", "gbq", "mci", "mgy",
    "gy", "hu", "t", "d", "fr", "f", "x", "deg", "px", "w", "wk", "y", "yo", "yr", "yrs", "mo",
];
/// A code longer than this is none of the short technical ones.
const LONGEST_TECHNICAL: usize = 7;

impl Harvest {
    pub(super) fn add_code(&mut self, kind: IdentifierKind, value: &str) {
        let folded = Zeroizing::new(fold::squeezed(value));
        let (mut strength, rank) = strength(&folded);
        if kind == IdentifierKind::DeviceSerial && folded.len() >= 6 && tells_alone(&folded) {
            // `KCHCT1`: radiology writes nothing of this form, though it has few digits.
            strength = Strength::Strong;
        }
        let numeric = folded.len() >= 4 && folded.bytes().all(|b| b.is_ascii_digit());
        // `K 12` is written for other things as well.
        let parted = folded.len() >= 6 || !value.contains(' ');
        let tells = parted && (numeric || tells_alone(&folded));
        let spelled = if strength == Strength::Weak && tells {
            marks(value)
        } else {
            0
        };
        let shown = if spelled == 0 {
            strength
        } else {
            Strength::Strong
        };
        self.show(kind, value, shown);
        self.fold_code(kind, &folded, (rank, strength), spelled);
        let digits = folded
            .split(|c: char| !c.is_ascii_digit())
            .max_by_key(|d| d.len())
            .unwrap_or_default();
        for part in [digits, digits.trim_start_matches('0')] {
            if part.len() >= 6 && part.len() < folded.len() {
                let strength = self::strength(part).0;
                self.show(kind, part, strength);
                self.fold(kind, Role::Code, part, Rank::Unknown, strength);
            }
        }
    }
}

/// Where marks stand inside a code: bit `n` is set where one follows `n` letters and digits. Zero for
/// a code without marks, or too long to need its marks to be known.
pub(crate) fn marks(code: &str) -> u32 {
    let (mut bits, mut at) = (0, 0);
    let inner = code.trim_matches(|c: char| !c.is_alphanumeric());
    for byte in inner.bytes() {
        if byte.is_ascii_alphanumeric() {
            at += 1;
        } else if !byte.is_ascii() || at >= u32::BITS {
            return 0;
        } else {
            bits |= 1 << at;
        }
    }
    bits
}

/// Whether a short code of a patient or an order is one wherever it stands apart: letters with
/// digits, or four digits, and nothing that radiology writes as well. `folded` has no marks.
pub(crate) fn tells_alone(folded: &str) -> bool {
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let enough = digits >= 4 || digits > 0 && digits < folded.len() && folded.len() >= 3;
    folded.is_ascii() && enough && !is_technical(folded)
}

/// Modalities and rooms that stations are numbered by: `CT2`, `MR12`, `XR03`.
const ROOMS: &[&str] = &[
    "ct", "mr", "mri", "us", "xr", "cr", "dx", "dr", "rf", "xa", "nm", "pt", "pet", "mg", "mx",
    "rx", "bay", "room", "cath", "angio", "mammo", "linac",
];

/// Whether a short code of a device is one wherever it stands apart: as [`tells_alone`], and a
/// modality with its number, which nothing else in a text means where a station is called so.
pub(crate) fn tells_station(folded: &str) -> bool {
    let letters = folded.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, number) = folded.split_at(letters);
    let numbered = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    tells_alone(folded) || numbered && ROOMS.contains(&word)
}

/// Codes that radiology writes too: `T12`, `L5`, `3D`, `b1000`, `B30f`, `5mm`, a year, a matrix.
pub(crate) fn is_technical(folded: &str) -> bool {
    if folded.len() > LONGEST_TECHNICAL {
        return false;
    }
    let letters = |text: &str| text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (word, rest) = folded.split_at(letters(folded));
    let (number, tail) = rest.split_at(digits(rest));
    let value: u32 = number.parse().unwrap_or(u32::MAX);
    if number.is_empty() {
        return false;
    }
    if word.is_empty() {
        let size = matches!(value, 1024 | 2048 | 4096);
        let year = number.len() == 4 && (1900..2100).contains(&value);
        let dimension = matches!(value, 2..=4) && tail.starts_with('d');
        let product = tail
            .strip_prefix('x')
            .is_some_and(|t| digits(t) > 0 && digits(t) == t.len());
        return tail.is_empty() && (size || year) || dimension || product || UNITS.contains(&tail);
    }
    let level = LEVELS.contains(&word) && value <= 12 && tail.is_empty();
    let relaxation = word == "t" && matches!(value, 1 | 2);
    let setting = SETTINGS.contains(&word) && number.len() <= 4 && tail.len() <= 1;
    let named = lexicon::class(word).rank == Rank::Clinical
        && (number.len() == 1 || word.len() <= 3 && number.len() == 2)
        && tail.len() <= 1;
    level || relaxation || setting || named
}

/// How telling a number or code is; `folded` has letters and digits only.
fn strength(folded: &str) -> (Strength, Rank) {
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let mut distinct = folded.as_bytes().to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let (strong, rank) = if digits == 0 {
        let rank = lexicon::class(folded).rank;
        let long = folded.chars().count() >= 5 && distinct.len() > 2;
        (rank == Rank::Unknown && long, rank)
    } else {
        let long = folded.len() >= 5 && (digits >= 4 || folded.len() >= 8);
        let strong = long && distinct.len() > 1 && !is_technical(folded);
        (strong, Rank::Unknown)
    };
    if strong {
        (Strength::Strong, rank)
    } else {
        (Strength::Weak, rank)
    }
}
