//! [`Rule`]: what is done to an attribute and which row, option or line of a policy says so.

use std::fmt;

use super::options::OptionSet;
use crate::tables::{Action, EDITION, OptionAction, ProfileOption, TciaAction};

/// What is done to an attribute, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rule {
    /// What is done.
    pub action: Action,
    /// Who says so.
    pub source: RuleSource,
}

/// Who asks for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleSource {
    /// The basic profile's column of Table E.1-1, or of Table E.3.4-1 for content items.
    Basic,
    /// The column of an option in the same row.
    Option(ProfileOption),
    /// The Cancer Imaging Archive's list of attribute actions.
    Tcia(TciaAction),
    /// The team's own policy file, by its line (from 1).
    Override(u32),
}

impl fmt::Display for RuleSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic => write!(f, "PS3.15 {EDITION} basic profile"),
            Self::Option(option) => write!(f, "PS3.15 {EDITION} {}", option.name()),
            Self::Tcia(action) => write!(f, "TCIA attribute actions: {}", action.word()),
            Self::Override(line) => write!(f, "policy file, line {line}"),
        }
    }
}

/// What the options that are on do to a row, if any of them has a say (PS3.15 E.1.1: an option
/// takes the place of the profile's own action).
///
/// Of several options Clean wins over Keep, because it is the one that protects more: a
/// calibration date moves with the others although the device's identity is retained.
pub(super) fn by_options(row: &[(ProfileOption, OptionAction)], on: OptionSet) -> Option<Rule> {
    let active = || row.iter().filter(|(option, _)| on.has(*option));
    // Words are cleaned as descriptors even where another option asks for it too: the columns stand
    // in the order retain, clean, so the last one is the plainest.
    let clean = active().rfind(|(_, action)| *action == OptionAction::C);
    let (option, action) = clean.or_else(|| active().next())?;
    let action = match action {
        OptionAction::C => Action::C(*option),
        OptionAction::K => Action::K,
    };
    Some(Rule {
        action,
        source: RuleSource::Option(*option),
    })
}

/// What TCIA's action means for a row under the options that are on; `None` leaves the row to the
/// options and the basic profile.
///
/// TCIA's "keep" is kept after a curator cleaned it: here the option that cleans or retains the
/// row decides, and where no such option is on nothing is kept.
pub(super) fn by_tcia(
    word: TciaAction,
    row: &[(ProfileOption, OptionAction)],
    on: OptionSet,
) -> Option<Rule> {
    let dates = || {
        let option = ProfileOption::RetainLongitudinalModifiedDates;
        on.has(option).then_some(Action::C(option))
    };
    let action = match word {
        TciaAction::Remove => Action::X,
        TciaAction::HashUid => Action::U,
        TciaAction::IncrementDate | TciaAction::Time => dates()?,
        TciaAction::Empty => Action::Z,
        TciaAction::Keep => by_options(row, on)?.action,
        TciaAction::Process => by_options(row, on).map_or(Action::K, |rule| rule.action),
        TciaAction::Lookup | TciaAction::Replace | TciaAction::HashName => Action::D,
    };
    Some(Rule {
        action,
        source: RuleSource::Tcia(word),
    })
}
