//! [`Event`]: who did what to which object, by which rules, with which result, and for how long.
//!
//! An event has no field that could take a value of an object: identifiers are random, objects are
//! named by hash, everything else is a code or a count.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use obscura_core::{ContentHash, FileId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Counts by name: files, versions, bytes. The names are fixed words of this program.
pub type Counts = BTreeMap<String, u64>;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// The file of the job, if it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
    /// The input, by its keyed hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<ContentHash>,
    /// What came of it, by the hash of its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<ContentHash>,
    /// The rules that were applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<RuleSet>,
    /// How it ended.
    pub verdict: Verdict,
    /// How long it took.
    pub duration_ms: u64,
    /// Numbers of things.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: Counts,
}

/// Who acts: `function:<name>`, `user:<opaque id>` or `command:<name>`. 1 to 96 characters of
/// `[A-Za-z0-9:._-]`, so that an address or a name with a space cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Actor(String);

/// A text names no actor. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an actor is function:, user: or command: and a name of letters, digits, dots and dashes")]
pub struct ActorError;

impl Actor {
    /// A function of the pipeline.
    pub fn function(name: &'static str) -> Self {
        Self(format!("function:{name}"))
    }

    /// A command of a person at a terminal.
    pub fn command(name: &'static str) -> Self {
        Self(format!("command:{name}"))
    }

    /// A person, by the opaque id of the user pool. Never by a name or an address.
    ///
    /// # Errors
    /// If the id has other characters than letters, digits, dots and dashes.
    pub fn user(id: &str) -> Result<Self, ActorError> {
        format!("user:{id}").parse()
    }
}

impl FromStr for Actor {
    type Err = ActorError;

    fn from_str(text: &str) -> Result<Self, ActorError> {
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
        let (kind, name) = text.split_once(':').ok_or(ActorError)?;
        let known = matches!(kind, "function" | "user" | "command");
        if known && (1..=80).contains(&name.len()) && name.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ActorError)
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.0
    }
}

impl TryFrom<String> for Actor {
    type Error = ActorError;

    fn try_from(text: String) -> Result<Self, ActorError> {
        text.parse()
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A job was opened and its uploads were signed.
    JobOpened,
    /// A file was de-identified and its result written.
    Deidentified,
    /// A file was set aside.
    Quarantined,
    /// An original was erased in all versions.
    OriginalErased,
    /// A release was validated.
    Analysed,
    /// A file never came, or stayed too long.
    Expired,
    /// What was older than its retention was erased.
    Swept,
    /// A person or a job was erased at request.
    Erased,
    /// The chain ends here.
    Sealed,
}

/// The rules that were applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// The policy's name.
    pub policy: String,
    /// What tells one effective policy from another.
    pub digest: String,
    /// The edition of PS3.15.
    pub edition: String,
    /// What was done about text in the pixels.
    pub pixels: String,
    /// The version of the program.
    pub version: String,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", content = "reason", rename_all = "kebab-case")]
pub enum Verdict {
    /// As it should.
    Done,
    /// Not, for a reason that `docs/reasons.md` explains.
    Refused(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_never_an_address_or_a_name() {
        assert!(Actor::user("0b7c6f3e-9a51-4f6e-8d58-0c1e2a3b4c5d").is_ok());
        for id in ["", "jane@example.org", "Jane Doe", "a/b", &"x".repeat(81)] {
            assert_eq!(Actor::user(id), Err(ActorError), "{id}");
        }
        assert_eq!("robot:x".parse::<Actor>(), Err(ActorError));
        assert_eq!(Actor::function("sweep").to_string(), "function:sweep");
    }
}
