//! [`Preset`]: the policies that come with Obscura, as the TOML files a team can copy.

use std::fmt;

/// A policy that comes with Obscura.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Preset {
    /// The basic profile alone: the least that stays.
    Basic,
    /// For research: descriptors, reports and graphics are cleaned, dates moved, patient
    /// characteristics and safe private elements kept.
    #[default]
    Research,
    /// As The Cancer Imaging Archive does it.
    Tcia,
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 3] = [Self::Basic, Self::Research, Self::Tcia];

    /// The preset's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Research => "research",
            Self::Tcia => "tcia",
        }
    }

    /// The preset of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// The preset's file, with its comments.
    pub const fn toml(self) -> &'static str {
        match self {
            Self::Basic => include_str!("../../presets/basic.toml"),
            Self::Research => include_str!("../../presets/research.toml"),
            Self::Tcia => include_str!("../../presets/tcia.toml"),
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
