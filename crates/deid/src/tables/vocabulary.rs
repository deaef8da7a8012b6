//! The words of PS3.15 Annex E: what is done to an attribute ([`Action`]) and what may be asked for
//! beyond the basic profile ([`ProfileOption`]).

use std::fmt;

/// What is done to an attribute (PS3.15 Table E.1-1a "De-identification Action Codes").
///
/// The compound actions leave a choice that the attribute's Type in the object's own IOD decides
/// ([`super::types::attribute_type`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Keep; the items of a sequence are de-identified one by one.
    K,
    /// Remove.
    X,
    /// Replace with a value of zero length, or with a dummy.
    Z,
    /// Replace with a dummy of non-zero length that fits the VR.
    D,
    /// Replace with a UID that is the same wherever the original stood.
    U,
    /// Clean: replace with values of like meaning that identify nobody. Carries the option of the
    /// profile that asks for it, which says what cleaning means here: words
    /// ([`ProfileOption::CleanDescriptors`]), dates
    /// ([`ProfileOption::RetainLongitudinalModifiedDates`]), content items, graphics and so on.
    C(ProfileOption),
    /// X, unless Type 2 asks for Z.
    XZ,
    /// X, unless Type 1 asks for D.
    XD,
    /// Z, unless Type 1 asks for D.
    ZD,
    /// X, unless Type 2 asks for Z or Type 1 asks for D.
    XZD,
    /// X, unless Type 2 asks for Z or Type 1 asks for U in the items of the sequence (X/Z/U*).
    XZU,
}

impl Action {
    /// The code as Table E.1-1 writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::K => "K",
            Self::X => "X",
            Self::Z => "Z",
            Self::D => "D",
            Self::U => "U",
            Self::C(_) => "C",
            Self::XZ => "X/Z",
            Self::XD => "X/D",
            Self::ZD => "Z/D",
            Self::XZD => "X/Z/D",
            Self::XZU => "X/Z/U*",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// An option of the basic profile (PS3.15 E.3).
///
/// The first ten have a column of their own in Table E.1-1; the last two are about pixel data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProfileOption {
    /// Retain Safe Private Option (E.3.10).
    RetainSafePrivate,
    /// Retain UIDs Option (E.3.9).
    RetainUids,
    /// Retain Device Identity Option (E.3.8).
    RetainDeviceIdentity,
    /// Retain Institution Identity Option (E.3.11).
    RetainInstitutionIdentity,
    /// Retain Patient Characteristics Option (E.3.7).
    RetainPatientCharacteristics,
    /// Retain Longitudinal Temporal Information with Full Dates Option (E.3.6).
    RetainLongitudinalFullDates,
    /// Retain Longitudinal Temporal Information with Modified Dates Option (E.3.6).
    RetainLongitudinalModifiedDates,
    /// Clean Descriptors Option (E.3.5).
    CleanDescriptors,
    /// Clean Structured Content Option (E.3.4).
    CleanStructuredContent,
    /// Clean Graphics Option (E.3.3).
    CleanGraphics,
    /// Clean Pixel Data Option (E.3.1).
    CleanPixelData,
    /// Clean Recognizable Visual Features Option (E.3.2).
    CleanRecognizableVisualFeatures,
}

impl ProfileOption {
    /// All options, in the order of the columns of Table E.1-1.
    pub const ALL: [Self; 12] = [
        Self::RetainSafePrivate,
        Self::RetainUids,
        Self::RetainDeviceIdentity,
        Self::RetainInstitutionIdentity,
        Self::RetainPatientCharacteristics,
        Self::RetainLongitudinalFullDates,
        Self::RetainLongitudinalModifiedDates,
        Self::CleanDescriptors,
        Self::CleanStructuredContent,
        Self::CleanGraphics,
        Self::CleanPixelData,
        Self::CleanRecognizableVisualFeatures,
    ];

    /// The key of the option in a policy file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::RetainSafePrivate => "retain-safe-private",
            Self::RetainUids => "retain-uids",
            Self::RetainDeviceIdentity => "retain-device-identity",
            Self::RetainInstitutionIdentity => "retain-institution-identity",
            Self::RetainPatientCharacteristics => "retain-patient-characteristics",
            Self::RetainLongitudinalFullDates => "retain-longitudinal-full-dates",
            Self::RetainLongitudinalModifiedDates => "retain-longitudinal-modified-dates",
            Self::CleanDescriptors => "clean-descriptors",
            Self::CleanStructuredContent => "clean-structured-content",
            Self::CleanGraphics => "clean-graphics",
            Self::CleanPixelData => "clean-pixel-data",
            Self::CleanRecognizableVisualFeatures => "clean-recognizable-visual-features",
        }
    }

    /// The code value of the option in CID 7050 (PS3.16), scheme DCM.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CleanPixelData => "113101",
            Self::CleanRecognizableVisualFeatures => "113102",
            Self::CleanGraphics => "113103",
            Self::CleanStructuredContent => "113104",
            Self::CleanDescriptors => "113105",
            Self::RetainLongitudinalFullDates => "113106",
            Self::RetainLongitudinalModifiedDates => "113107",
            Self::RetainPatientCharacteristics => "113108",
            Self::RetainDeviceIdentity => "113109",
            Self::RetainUids => "113110",
            Self::RetainSafePrivate => "113111",
            Self::RetainInstitutionIdentity => "113112",
        }
    }

    /// The option's name as the standard writes it (the code meaning in CID 7050).
    pub fn name(self) -> &'static str {
        super::methods::code_meaning(self.code()).unwrap_or(self.key())
    }

    /// The option of a key in a policy file.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|option| option.key() == key)
    }
}

impl fmt::Display for ProfileOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
