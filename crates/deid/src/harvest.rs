//! Harvest: every identifier that the object itself states becomes a search set.
//!
//! Which values identify is the table's knowledge: what the basic profile removes or replaces and
//! no option calls a descriptor or a characteristic is an identifier. The harvest finds them in
//! descriptors, private elements and comments, and the residual scan looks for them in what was
//! written. It lives in memory only and is dropped with the object.

use std::borrow::Cow;

use obscura_dicom::{Charsets, DataSet, DicomFile, Element, Tag, VR};
use obscura_text::{Harvest, IdentifierKind};

use crate::policy::Policy;
use crate::tables::{Action, OptionAction, PROFILE, ProfileOption, ProfileRow, TagPattern};

/// Collects the identifiers of an object.
///
/// Values of attributes that the policy keeps on purpose are no identifiers under that policy.
pub(crate) fn harvest(file: &DicomFile<'_>, policy: &Policy) -> Harvest {
    let mut harvester = Harvester {
        policy,
        harvest: Harvest::new(),
    };
    let charsets = Charsets::of(&file.data, None);
    harvester.data_set(&file.meta, &charsets);
    harvester.data_set(&file.data, &charsets);
    harvester.harvest
}

struct Harvester<'p> {
    policy: &'p Policy,
    harvest: Harvest,
}

impl Harvester<'_> {
    fn data_set(&mut self, data: &DataSet<'_>, charsets: &Charsets) {
        for element in data.elements() {
            if let Some(items) = element.items() {
                for item in items {
                    if item.get(Tag(0x0008, 0x0005)).is_some() {
                        self.data_set(item, &Charsets::of(item, Some(charsets)));
                    } else {
                        self.data_set(item, charsets);
                    }
                }
            } else if let Some(kind) = self.kind(element) {
                self.value(element, kind, charsets);
            }
        }
    }

    fn value(&mut self, element: &Element<'_>, kind: IdentifierKind, charsets: &Charsets) {
        let Some(bytes) = element.bytes().filter(|bytes| !bytes.is_empty()) else {
            return;
        };
        let text = match element.vr {
            VR::DA | VR::DT | VR::AE | VR::UI | VR::UR => String::from_utf8_lossy(bytes),
            vr => charsets.decode_vr(vr, bytes),
        };
        let single = matches!(element.vr, VR::LT | VR::ST | VR::UT | VR::UR);
        let values: Cow<'_, str> = text;
        let mut add = |value: &str| {
            let value = value.trim_matches([' ', '\0', '\r', '\n', '\t']);
            if !value.is_empty() {
                self.harvest.add(kind, value);
            }
        };
        if single {
            add(&values);
        } else {
            values.split('\\').for_each(&mut add);
        }
    }

    /// What kind of identifier an element holds, if it holds one.
    fn kind(&self, element: &Element<'_>) -> Option<IdentifierKind> {
        let tag = element.tag;
        if tag.group() == 0x0002 {
            return (element.vr == VR::AE).then_some(IdentifierKind::DeviceSerial);
        }
        if tag.group() % 2 == 1 {
            return (element.vr == VR::PN).then_some(IdentifierKind::PersonName);
        }
        match element.vr {
            VR::PN => return Some(IdentifierKind::PersonName),
            VR::DA | VR::DT => return is_birth_or_death(tag).then_some(IdentifierKind::Date),
            VR::LO | VR::SH | VR::LT | VR::ST | VR::UT | VR::UC | VR::AE | VR::UR => {}
            _ => return None,
        }
        let row = row(tag)?;
        let named = by_tag(tag);
        if named.is_none() && (is_descriptor(row) || is_ordinary(tag)) {
            return None;
        }
        if self
            .policy
            .rule(tag)
            .is_some_and(|rule| rule.action == Action::K)
        {
            return None;
        }
        Some(named.unwrap_or_else(|| by_row(row, element.vr)))
    }
}

/// The row of Table E.1-1 that names this tag (not the repeating groups).
fn row(tag: Tag) -> Option<&'static ProfileRow> {
    let key = TagPattern::One(tag);
    PROFILE
        .binary_search_by_key(&key, |row| row.pattern)
        .ok()
        .map(|at| &PROFILE[at])
}

/// Words of a person, not for a person: cleaned, not searched for.
fn is_descriptor(row: &ProfileRow) -> bool {
    row.options.iter().any(|(option, action)| {
        matches!(
            (option, action),
            (
                ProfileOption::CleanDescriptors | ProfileOption::CleanStructuredContent,
                _
            ) | (
                ProfileOption::CleanGraphics | ProfileOption::RetainPatientCharacteristics,
                _
            ) | (
                ProfileOption::RetainLongitudinalModifiedDates,
                OptionAction::C
            )
        )
    })
}

fn is_birth_or_death(tag: Tag) -> bool {
    matches!(tag, Tag(0x0010, 0x0030))
}

/// Attributes that go but whose values are ordinary words, shared by many: a rank, a religion, a
/// language, a country, a role. Found in a description they identify nobody.
fn is_ordinary(tag: Tag) -> bool {
    matches!(
        tag,
        Tag(0x0010, 0x0022 | 0x0024 | 0x1080 | 0x1081 | 0x2150 | 0x2180 | 0x21F0 | 0x2298)
            | Tag(0x0010, 0x0213..=0x0217 | 0x2201..=0x2204 | 0x2292 | 0x2299)
            | Tag(0x0008, 0x1040 | 0x1041 | 0x0201)
            | Tag(0x0018, 0x1008 | 0x1009 | 0x1400)
            | Tag(0x0032, 0x1021 | 0x1064)
            | Tag(0x0038, 0x0300 | 0x0400 | 0x0500)
            | Tag(0x0040, 0x0011 | 0x0241 | 0x0242 | 0x0243 | 0x4025..=0x4030)
    )
}

/// Kinds that the tag says more of than its row.
fn by_tag(tag: Tag) -> Option<IdentifierKind> {
    Some(match tag {
        Tag(0x0010, 0x0020 | 0x1000) => IdentifierKind::PatientId,
        Tag(0x0008, 0x0050) => IdentifierKind::AccessionNumber,
        Tag(0x0010, 0x1040) | Tag(0x0008, 0x0081 | 0x0092) | Tag(0x0040, 0x1102) => {
            IdentifierKind::Address
        }
        Tag(0x0010, 0x2154 | 0x2155) | Tag(0x0008, 0x0094) | Tag(0x0040, 0x1103 | 0x2010) => {
            IdentifierKind::Phone
        }
        Tag(0x0010, 0x2152) => IdentifierKind::Address,
        Tag(0x0010, 0x0021) | Tag(0x0008, 0x0080) => IdentifierKind::Institution,
        Tag(0x0010, 0x1050) => IdentifierKind::OtherId,
        _ => return None,
    })
}

fn by_row(row: &ProfileRow, vr: VR) -> IdentifierKind {
    let offers = |wanted| row.options.iter().any(|(option, _)| *option == wanted);
    if vr == VR::UR {
        IdentifierKind::Url
    } else if offers(ProfileOption::RetainInstitutionIdentity) {
        IdentifierKind::Institution
    } else if offers(ProfileOption::RetainDeviceIdentity) || vr == VR::AE {
        IdentifierKind::DeviceSerial
    } else {
        IdentifierKind::OtherId
    }
}
