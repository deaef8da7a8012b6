//! Cleaning the words of one element, in the character set of its data set.

use std::borrow::Cow;

use obscura_dicom::{Charsets, Tag, VR};
use obscura_text::{Cleaner, Context};

use crate::plan::Act;

/// What kind of text an element holds.
pub(super) fn context(tag: Tag, vr: VR, act: Act) -> Context {
    match (act, vr) {
        // A code's meaning is a vocabulary's.
        _ if matches!(tag, Tag(0x0008, 0x0104 | 0x0108)) => Context::Code,
        (Act::Scrub, _) if names_a_product(tag) => Context::HarvestOnly,
        (Act::Scrub, VR::CS) => Context::Coded,
        (Act::Scrub, VR::AE) => Context::HarvestOnly,
        (Act::Scrub, _) => Context::Technical,
        (_, VR::LT | VR::ST | VR::UT) => Context::Prose,
        _ => Context::Descriptor,
    }
}

/// Makers, models, programs, algorithms and coding schemes: proper names that are in no vocabulary
/// and name nobody.
fn names_a_product(tag: Tag) -> bool {
    match tag.group() {
        0x0008 => matches!(
            tag.element(),
            0x0005
                | 0x0070
                | 0x0100..=0x0103
                | 0x0109..=0x0122
                | 0x0222
                | 0x0301..=0x030F
                | 0x1090
        ),
        0x0018 => matches!(
            tag.element(),
            0x1016..=0x101B
                | 0x1020
                | 0x1022
                | 0x1023
                | 0x1802
                | 0x702A
                | 0x702B
                | 0x9041
                | 0x9050
                | 0x9073
                | 0x9524..=0x9527
        ),
        0x0012 => true,
        0x0020 => matches!(tag.element(), 0x3404 | 0x9213 | 0x9238),
        0x0022 => matches!(tag.element(), 0x1093..=0x1097),
        0x0024 => matches!(tag.element(), 0x0202 | 0x0306..=0x0309),
        0x0028 => matches!(tag.element(), 0x7004),
        0x0044 => matches!(tag.element(), 0x0001..=0x000A),
        0x0062 => matches!(tag.element(), 0x0009),
        0x0066 => matches!(tag.element(), 0x0031..=0x0036),
        0x0070 => matches!(tag.element(), 0x0080 | 0x0227 | 0x0229),
        0x0040 => matches!(tag.element(), 0xDB00 | 0xA040 | 0xA010),
        _ => false,
    }
}

/// The cleaned bytes of a value, or `None` if nothing had to go.
pub(super) fn clean(
    cleaner: &Cleaner<'_>,
    bytes: &[u8],
    vr: VR,
    context: Context,
    charsets: &Charsets,
) -> Option<Vec<u8>> {
    let text = decode(bytes, vr, charsets);
    let cleaned = if matches!(vr, VR::LT | VR::ST | VR::UT) {
        let cleaned = cleaner.clean(trimmed(&text), context).text;
        if is_a_label(&cleaned) {
            // Prose asks for proof of its language; a title has none and is read as a label too.
            let label = cleaner
                .clean(&cleaned, Context::Technical)
                .text
                .into_owned();
            if label == trimmed(&text) {
                return None;
            }
            label
        } else if let Cow::Owned(cleaned) = cleaned {
            cleaned
        } else {
            return None;
        }
    } else {
        clean_values(cleaner, &text, vr, context)?
    };
    Some(encode(&cleaned, vr, charsets))
}

/// Two or three words without a mark of a sentence.
fn is_a_label(text: &str) -> bool {
    text.split_whitespace().count() <= 3 && !text.contains(['.', ',', ';', '!', '?', '\n'])
}

/// CS and the like are of the default repertoire; the others follow Specific Character Set
/// (PS3.5 6.1.2.2).
fn decode<'b>(bytes: &'b [u8], vr: VR, charsets: &Charsets) -> Cow<'b, str> {
    if vr == VR::CS {
        String::from_utf8_lossy(bytes)
    } else {
        charsets.decode_vr(vr, bytes)
    }
}

fn encode(text: &str, vr: VR, charsets: &Charsets) -> Vec<u8> {
    if vr == VR::CS || text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    charsets.encode_vr(vr, text).unwrap_or_else(|_| {
        // Bytes that never were text of this set came out as U+FFFD and cannot go back.
        let plain: String = text
            .chars()
            .map(|c| if c.is_ascii() { c } else { '?' })
            .collect();
        plain.into_bytes()
    })
}

/// Cleans value by value; `None` if no value changes.
fn clean_values(cleaner: &Cleaner<'_>, text: &str, vr: VR, context: Context) -> Option<String> {
    let mut changed = false;
    let values: Vec<Cow<'_, str>> = text
        .split('\\')
        .map(|value| {
            let cleaned = cleaner.clean(trimmed(value), context).text;
            changed |= matches!(cleaned, Cow::Owned(_));
            // One of several coded values keeps its place (Image Type, PS3.3 C.7.6.1.1.2).
            let lost = vr == VR::CS && cleaned.is_empty() && !value.trim().is_empty();
            if lost && text.contains('\\') {
                Cow::Borrowed("OTHER")
            } else {
                cleaned
            }
        })
        .collect();
    changed.then(|| values.join("\\"))
}

fn trimmed(value: &str) -> &str {
    value.trim_end_matches([' ', '\0'])
}
