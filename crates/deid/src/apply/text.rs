//! Cleaning the words of one element, in the character set of its data set.

use std::borrow::Cow;

use obscura_dicom::{Charsets, Tag, VR};
use obscura_text::{Cleaner, Context};

use crate::plan::Act;

/// What kind of text an element holds.
pub(super) fn context(tag: Tag, vr: VR, act: Act) -> Context {
    match (act, vr) {
        (Act::Scrub, _) => Context::HarvestOnly,
        _ if tag == Tag(0x0008, 0x0104) => Context::Code,
        (_, VR::LT | VR::ST | VR::UT) => Context::Prose,
        _ => Context::Descriptor,
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
        match cleaner.clean(trimmed(&text), context).text {
            Cow::Borrowed(_) => return None,
            Cow::Owned(cleaned) => cleaned,
        }
    } else {
        clean_values(cleaner, &text, context)?
    };
    Some(encode(&cleaned, vr, charsets))
}

/// CS and the like are of the default repertoire; the others follow Specific Character Set
/// (PS3.5 6.1.2.2).
fn decode<'b>(bytes: &'b [u8], vr: VR, charsets: &Charsets) -> Cow<'b, str> {
    if vr == VR::CS { String::from_utf8_lossy(bytes) } else { charsets.decode_vr(vr, bytes) }
}

fn encode(text: &str, vr: VR, charsets: &Charsets) -> Vec<u8> {
    if vr == VR::CS || text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    charsets.encode_vr(vr, text).unwrap_or_else(|_| {
        // Bytes that never were text of this set came out as U+FFFD and cannot go back.
        let plain: String = text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        plain.into_bytes()
    })
}

/// Cleans value by value; `None` if no value changes.
fn clean_values(cleaner: &Cleaner<'_>, text: &str, context: Context) -> Option<String> {
    let mut changed = false;
    let values: Vec<Cow<'_, str>> = text
        .split('\\')
        .map(|value| {
            let cleaned = cleaner.clean(trimmed(value), context).text;
            changed |= matches!(cleaned, Cow::Owned(_));
            cleaned
        })
        .collect();
    changed.then(|| values.join("\\"))
}

fn trimmed(value: &str) -> &str {
    value.trim_end_matches([' ', '\0'])
}
