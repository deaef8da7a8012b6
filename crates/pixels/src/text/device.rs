//! [`Devices`]: the kinds of device whose pictures bear a mark. `TE` is a setting of an MR scanner, and
//! somebody's initials on a radiograph.

use obscura_dicom::{DataSet, Tag};

const MODALITY: Tag = Tag(0x0008, 0x0060);

/// A set of kinds of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Devices(u8);

impl Devices {
    /// Projections: radiography, mammography, fluoroscopy, angiography, dental pictures.
    pub(super) const X_RAY: Self = Self(1);
    /// Mammography, which prints its views, targets and filters.
    pub(super) const BREAST: Self = Self(1 << 5);
    pub(super) const CT: Self = Self(1 << 1);
    pub(super) const MR: Self = Self(1 << 2);
    pub(super) const ULTRASOUND: Self = Self(1 << 3);
    /// Scintigraphy, SPECT and PET.
    pub(super) const NUCLEAR: Self = Self(1 << 4);
    /// Any device: a screenshot can be of each.
    pub(super) const ANY: Self = Self(u8::MAX);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of these devices is among the others.
    pub(super) const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The devices that made a picture, by its Modality (PS3.3 C.7.3.1.1.1); any, where that is not
    /// stated or says nothing of the device.
    pub(super) fn of(data: &DataSet<'_>) -> Self {
        match data.ascii(MODALITY).unwrap_or_default() {
            "MG" => Self::X_RAY.and(Self::BREAST),
            "CR" | "DX" | "IO" | "PX" | "RF" | "RG" | "XA" | "BMD" => Self::X_RAY,
            "CT" => Self::CT,
            "MR" => Self::MR,
            "US" | "IVUS" => Self::ULTRASOUND,
            // They are shown over slices of the other device.
            "NM" | "PT" => Self::NUCLEAR.and(Self::CT).and(Self::MR),
            _ => Self::ANY,
        }
    }

    /// What the list of marks says behind a word: names of kinds, or nothing for all of them. `None` for a
    /// name that is none.
    pub(super) fn listed(names: &str) -> Option<Self> {
        let mut all = Self(0);
        for name in names.split_whitespace() {
            all = all.and(match name {
                "x-ray" => Self::X_RAY,
                "mg" => Self::BREAST,
                "ct" => Self::CT,
                "mr" => Self::MR,
                "us" => Self::ULTRASOUND,
                "nm" => Self::NUCLEAR,
                _ => return None,
            });
        }
        Some(if all.0 == 0 { Self::ANY } else { all })
    }
}

#[cfg(test)]
mod tests {
    use obscura_dicom::{Element, VR};

    use super::*;

    #[test]
    fn the_modality_names_the_devices() {
        let of = |modality: &str| {
            Devices::of(&DataSet::from_elements(vec![Element::text(
                MODALITY,
                VR::CS,
                modality,
            )]))
        };
        assert_eq!(of("MR"), Devices::MR);
        assert_eq!(of("DX"), Devices::X_RAY);
        assert!(of("MG").meet(Devices::X_RAY) && of("MG").meet(Devices::BREAST));
        assert_eq!(of("US"), Devices::ULTRASOUND);
        assert!(of("PT").meet(Devices::CT) && !of("PT").meet(Devices::X_RAY));
        for modality in ["OT", "", "XC", "ZZ"] {
            assert_eq!(of(modality), Devices::ANY, "{modality}");
        }
        assert_eq!(Devices::of(&DataSet::default()), Devices::ANY);
    }

    #[test]
    fn the_list_names_kinds_or_none() {
        assert_eq!(Devices::listed(""), Some(Devices::ANY));
        assert_eq!(Devices::listed("ct mr"), Some(Devices::CT.and(Devices::MR)));
        assert_eq!(Devices::listed("ct mri"), None);
    }
}
