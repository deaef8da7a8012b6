//! What the object says of its own de-identification (PS3.15 E.2, PS3.3 C.12.1.1.1 and C.7.1.1).
//!
//! Only what really ran is claimed: the codes come from the policy's options, and Clean Pixel Data
//! (113101) only from a caller that cleaned and verified the pixels. Recognizable Visual Features
//! (0028,0302; PS3.3 C.7.6.1) becomes YES where a face is likely and is left as it was elsewhere:
//! absent, it says that there may be such features, and a header cannot prove that there are none.
//! Clean Recognizable Visual Features (113102) is never claimed.

use obscura_dicom::{DataSet, Element, Tag, VR};

use crate::faces::Face;
use crate::policy::{Policy, ProfileOption};
use crate::tables::EDITION;
use crate::tables::methods::{DEIDENTIFYING_EQUIPMENT, method_meaning};

/// What was done to the pixels, as far as the markers are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PixelCleaning {
    /// Nobody looked for text in the pixels: nothing is claimed.
    #[default]
    NotDone,
    /// Text was looked for on every frame, blanked and verified.
    Verified,
}

/// Patient Identity Removed.
const PATIENT_IDENTITY_REMOVED: Tag = Tag(0x0012, 0x0062);
/// De-identification Method.
pub(crate) const METHOD: Tag = Tag(0x0012, 0x0063);
/// De-identification Method Code Sequence.
pub(crate) const METHOD_CODES: Tag = Tag(0x0012, 0x0064);
/// Longitudinal Temporal Information Modified.
const TEMPORAL: Tag = Tag(0x0028, 0x0303);
/// Burned In Annotation.
const BURNED_IN: Tag = Tag(0x0028, 0x0301);
/// Recognizable Visual Features.
const RECOGNIZABLE: Tag = Tag(0x0028, 0x0302);
/// Contributing Equipment Sequence.
pub(crate) const CONTRIBUTING_EQUIPMENT: Tag = Tag(0x0018, 0xA001);
/// Clean Graphics Option, of CID 7050.
const CLEAN_GRAPHICS: &str = "113103";

/// Purpose of Reference Code Sequence.
const PURPOSE: Tag = Tag(0x0040, 0xA170);

/// Writes the markers into a de-identified data set.
pub(crate) fn put_markers(
    data: &mut DataSet<'_>,
    policy: &Policy,
    pixels: PixelCleaning,
    face: Face,
) {
    // An overlay that a policy keeps was not looked into: no claim is made of what is drawn in it.
    let keeps_graphics = data
        .elements()
        .iter()
        .any(|element| element.tag.0 & 0xFF01 == 0x6000 && element.tag.1 == 0x3000);
    let pixels = if keeps_graphics {
        PixelCleaning::NotDone
    } else {
        pixels
    };
    let mut codes = method_codes(policy, pixels);
    codes.retain(|code| !keeps_graphics || *code != CLEAN_GRAPHICS);
    data.put(Element::fixed(PATIENT_IDENTITY_REMOVED, VR::CS, "YES"));
    data.put(Element::text(METHOD, VR::LO, &method_text(policy)));
    let items = codes
        .iter()
        .map(|code| coded_entry(code, method_meaning(code)))
        .collect();
    data.put(Element::sequence(METHOD_CODES, items));
    data.put(Element::fixed(TEMPORAL, VR::CS, temporal(policy)));
    if pixels == PixelCleaning::Verified {
        data.put(Element::fixed(BURNED_IN, VR::CS, "NO"));
    }
    if matches!(face, Face::Likely(_)) {
        data.put(Element::fixed(RECOGNIZABLE, VR::CS, "YES"));
    }
    put_equipment(data);
}

/// The codes of CID 7050 (PS3.16) for what ran.
fn method_codes(policy: &Policy, pixels: PixelCleaning) -> Vec<&'static str> {
    use ProfileOption as O;
    let mut codes = vec!["113100"];
    if pixels == PixelCleaning::Verified {
        codes.push("113101");
    }
    for (option, code) in [
        (O::CleanGraphics, CLEAN_GRAPHICS),
        (O::CleanStructuredContent, "113104"),
        (O::CleanDescriptors, "113105"),
        (O::RetainLongitudinalFullDates, "113106"),
        (O::RetainLongitudinalModifiedDates, "113107"),
        (O::RetainPatientCharacteristics, "113108"),
        (O::RetainDeviceIdentity, "113109"),
        (O::RetainUids, "113110"),
        (O::RetainSafePrivate, "113111"),
        (O::RetainInstitutionIdentity, "113112"),
    ] {
        if policy.has(option) {
            codes.push(code);
        }
    }
    codes
}

/// The tool, the edition and the policy as values of LO (64 characters each).
fn method_text(policy: &Policy) -> String {
    let name: String = policy
        .name()
        .chars()
        .filter(char::is_ascii_graphic)
        .take(40)
        .collect();
    let name = name.replace('\\', "/");
    format!(
        "Obscura {}\\DICOM PS3.15 {EDITION} Table E.1-1\\Policy {name}",
        env!("CARGO_PKG_VERSION")
    )
}

fn temporal(policy: &Policy) -> &'static str {
    if policy.has(ProfileOption::RetainLongitudinalFullDates) {
        "UNMODIFIED"
    } else if policy.has(ProfileOption::RetainLongitudinalModifiedDates) {
        "MODIFIED"
    } else {
        "REMOVED"
    }
}

/// One item of a code sequence with a code of scheme DCM (PS3.3 8.8).
fn coded_entry(code: &'static str, meaning: &'static str) -> DataSet<'static> {
    DataSet::from_elements(vec![
        Element::fixed(Tag(0x0008, 0x0100), VR::SH, code),
        Element::fixed(Tag(0x0008, 0x0102), VR::SH, "DCM"),
        Element::fixed(Tag(0x0008, 0x0104), VR::LO, meaning),
    ])
}

/// Appends this program to the Contributing Equipment Sequence (PS3.3 C.12.1.1.5).
fn put_equipment(data: &mut DataSet<'_>) {
    let (code, meaning) = DEIDENTIFYING_EQUIPMENT;
    let item = DataSet::from_elements(vec![
        Element::fixed(Tag(0x0008, 0x0070), VR::LO, "Obscura"),
        Element::fixed(Tag(0x0008, 0x1090), VR::LO, "Obscura"),
        Element::fixed(Tag(0x0018, 0x1020), VR::LO, env!("CARGO_PKG_VERSION")),
        Element::sequence(PURPOSE, vec![coded_entry(code, meaning)]),
    ]);
    let present = data
        .get_mut(CONTRIBUTING_EQUIPMENT)
        .map(|element| &mut element.value);
    if let Some(obscura_dicom::Value::Items(sequence)) = present {
        sequence.items.push(item);
    } else {
        data.put(Element::sequence(CONTRIBUTING_EQUIPMENT, vec![item]));
    }
}
