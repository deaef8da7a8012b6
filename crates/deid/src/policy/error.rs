//! [`PolicyError`]: what is wrong with a policy file, and in which line.

use thiserror::Error;

/// Why a policy file is refused. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not TOML.
    #[error("line {line}: not valid TOML: {message}")]
    Syntax {
        /// The line.
        line: u32,
        /// What the parser says.
        message: String,
    },
    /// A key that means nothing here.
    #[error("line {line}: unknown key `{key}`; known here: {known}")]
    UnknownKey {
        /// The line.
        line: u32,
        /// The key.
        key: String,
        /// The keys that are known here.
        known: String,
    },
    /// A value of another kind than the key needs.
    #[error("line {line}: `{key}` must be {expected}")]
    WrongValue {
        /// The line.
        line: u32,
        /// The key.
        key: String,
        /// What it must be.
        expected: String,
    },
    /// Not a tag, a keyword of PS3.6 or a private element.
    #[error("line {line}: `{text}` is not {expected}")]
    NotAnAttribute {
        /// The line.
        line: u32,
        /// The text.
        text: String,
        /// What it must be.
        expected: &'static str,
    },
    /// One attribute stands twice in the file.
    #[error("line {line}: `{text}` already has a rule in line {first}")]
    Repeated {
        /// The line.
        line: u32,
        /// The text.
        text: String,
        /// The line of the first rule.
        first: u32,
    },
    /// An attribute that no policy can decide about.
    #[error("line {line}: `{text}` cannot be set: {why}")]
    Fixed {
        /// The line.
        line: u32,
        /// The text.
        text: String,
        /// The reason.
        why: &'static str,
    },
    /// A weakening that the file does not name as one.
    #[error("line {line}: `{key}` weakens privacy and has to stand in [{place}]: {why}")]
    NotNamedDanger {
        /// The line.
        line: u32,
        /// The key.
        key: String,
        /// Where it has to stand: `danger`, `danger.attributes` or `danger.private`.
        place: &'static str,
        /// What would be kept.
        why: String,
    },
    /// Two options that exclude each other.
    #[error("`{first}` and `{second}` exclude each other: dates are either kept or moved")]
    Excluded {
        /// One option.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
}
