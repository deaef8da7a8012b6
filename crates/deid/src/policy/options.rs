//! [`OptionSet`]: which options of the profile are on.

use crate::tables::ProfileOption;

/// A set of options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct OptionSet(u16);

impl OptionSet {
    pub(super) const fn has(self, option: ProfileOption) -> bool {
        self.0 & (1 << option as u16) != 0
    }

    pub(super) const fn set(&mut self, option: ProfileOption, on: bool) {
        let bit = 1 << option as u16;
        if on { self.0 |= bit } else { self.0 &= !bit }
    }

    /// The options of the set, in the order of the table's columns.
    pub(super) fn iter(self) -> impl Iterator<Item = ProfileOption> {
        ProfileOption::ALL
            .into_iter()
            .filter(move |option| self.has(*option))
    }

    /// Only those that weaken privacy so much that a policy must name them as a danger.
    pub(super) fn dangers(self) -> Self {
        let mut dangers = Self::default();
        self.iter()
            .filter(|option| is_danger(*option))
            .for_each(|option| dangers.set(option, true));
        dangers
    }
}

/// The option keeps what identifies by itself: a policy has to name it in `[danger]`.
pub(super) const fn is_danger(option: ProfileOption) -> bool {
    matches!(
        option,
        ProfileOption::RetainUids
            | ProfileOption::RetainDeviceIdentity
            | ProfileOption::RetainInstitutionIdentity
            | ProfileOption::RetainLongitudinalFullDates
    )
}

/// What an option that retains something keeps in the object, as a sentence for the report.
pub(super) const fn retains(option: ProfileOption) -> Option<&'static str> {
    Some(match option {
        ProfileOption::RetainUids => {
            "UIDs are kept: whoever has access to the archive can find the original study."
        }
        ProfileOption::RetainDeviceIdentity => {
            "Device identity is kept: serial numbers and station names can lead to place and time."
        }
        ProfileOption::RetainInstitutionIdentity => {
            "Institution identity is kept: the hospital is named in the released objects."
        }
        ProfileOption::RetainLongitudinalFullDates => {
            "Full dates are kept: dates of examination can be matched with other records."
        }
        ProfileOption::RetainPatientCharacteristics => {
            "Patient characteristics (sex, age up to 89, size, weight and others) are kept."
        }
        ProfileOption::RetainLongitudinalModifiedDates => {
            "Dates are moved, not removed: intervals between a patient's examinations stay true."
        }
        ProfileOption::RetainSafePrivate => {
            "Private elements that the lists in use call safe are kept."
        }
        _ => return None,
    })
}
