//! [`RulesError`]: what is wrong with a file of rules, and in which line.

use thiserror::Error;

/// Why a file of rules is refused. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RulesError {
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
    /// A key that a rule or a condition needs.
    #[error("line {line}: `{key}` is missing: {why}")]
    MissingKey {
        /// The line.
        line: u32,
        /// The key.
        key: &'static str,
        /// What it is needed for.
        why: &'static str,
    },
    /// A value of another kind than the key needs.
    #[error("line {line}: `{key}` must be {expected}")]
    WrongValue {
        /// The line.
        line: u32,
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
    /// Not an attribute of the data dictionary.
    #[error(
        "line {line}: `{text}` is not a keyword of PS3.6, a tag such as \"0008,0070\", or such names joined by dots"
    )]
    UnknownAttribute {
        /// The line.
        line: u32,
        /// The text.
        text: String,
    },
    /// Two rules of one name, which a report could not tell apart.
    #[error("line {line}: there is already a rule \"{name}\" in line {first}")]
    Repeated {
        /// The line.
        line: u32,
        /// The name.
        name: String,
        /// The line of the first.
        first: u32,
    },
    /// A rule to be switched off that is not there.
    #[error("line {line}: there is no rule \"{name}\" to switch off")]
    UnknownRule {
        /// The line.
        line: u32,
        /// The name.
        name: String,
    },
}
