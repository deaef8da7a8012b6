//! Cleaning of text: it only takes away, it comes to rest, and nothing stated stays.

use obscura_text::{Cleaner, Context, Harvest, IdentifierKind};

const KINDS: [IdentifierKind; 6] = [
    IdentifierKind::PersonName,
    IdentifierKind::PatientId,
    IdentifierKind::AccessionNumber,
    IdentifierKind::Phone,
    IdentifierKind::Institution,
    IdentifierKind::Date,
];

/// Takes the first lines of the bytes as identifiers and the rest as a text to clean of them.
///
/// The answer is made of the text's own characters in their order (white space and punctuation may
/// be tidied; ages become `90+`), cleaning it again changes nothing, and a long number that was stated is gone.
///
/// # Panics
/// If one of these does not hold.
pub fn check_text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(KINDS.len() + 1, '\n');
    let mut harvest = Harvest::new();
    let mut numbers = Vec::new();
    for kind in KINDS {
        let value = lines.next().unwrap_or_default();
        harvest.add(kind, value);
        let is_number = value.len() >= 6 && value.bytes().all(|byte| byte.is_ascii_digit());
        if kind == IdentifierKind::PatientId && is_number && !is_trivial(value) {
            numbers.push(value);
        }
    }
    let text = lines.next().unwrap_or_default();
    let cleaner = Cleaner::new(&harvest);
    let answer = cleaner.clean(text, Context::Descriptor);
    // An age of 90 years and more becomes `90+` (HIPAA 164.514(b)(2)(i)(C)): all that is put in.
    let own = answer.text.replace("90+", "");
    assert!(is_part_of(&own, text), "cleaning put something in");
    if answer.removed.is_empty() {
        assert!(
            answer.text == text,
            "a text changed though nothing was removed"
        );
    }
    let again = cleaner.clean(&answer.text, Context::Descriptor);
    assert!(again.text == answer.text, "cleaning does not come to rest");
    for number in numbers {
        let stays = answer
            .text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == number);
        assert!(!stays, "a stated number stays");
    }
}

/// All digits equal: a placeholder.
fn is_trivial(number: &str) -> bool {
    number
        .bytes()
        .all(|byte| number.starts_with(char::from(byte)))
}

/// The letters and digits of `part` stand in `whole` in the same order.
fn is_part_of(part: &str, whole: &str) -> bool {
    let mut whole = whole.chars();
    part.chars()
        .filter(|c| c.is_alphanumeric())
        .all(|c| whole.any(|other| other == c))
}
