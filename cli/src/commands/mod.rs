//! The commands: each takes its parsed arguments and says how it ended.

pub(crate) mod audit;
#[cfg(feature = "aws")]
pub(crate) mod aws;
pub(crate) mod deid;
pub(crate) mod inspect;
pub(crate) mod key;
pub(crate) mod policy;
pub(crate) mod redact;
pub(crate) mod verify;

use std::path::Path;

use miette::Diagnostic;
use obscura_deid::policy::{Policy, PolicyError, Preset};
use obscura_pixels::rules::{Rules, RulesError};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::args::{PolicyArgs, PresetName};
use crate::exit::{Ending, shown};
use crate::output::manifest::hex;
use crate::sources::ReadFailure;

/// How a command ends.
pub(crate) type CommandResult = Result<Ending, Box<dyn Diagnostic + Send + Sync>>;

/// Why a file that a command names cannot be used.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum FileError {
    /// It cannot be read.
    #[error("{path} cannot be read: {detail}")]
    Read { path: String, detail: String },
    /// It is not a file of rules for devices.
    #[error("{path} is not a file of pixel rules")]
    #[diagnostic(help("docs/pixel-rules.md describes the format"))]
    Rules {
        path: String,
        #[source]
        source: RulesError,
    },
    /// It is not a policy.
    #[error("{path} is not a policy")]
    #[diagnostic(help("`obscura policy show --toml` prints one to start from"))]
    Policy {
        path: String,
        #[source]
        source: PolicyError,
    },
}

impl FileError {
    fn read(path: &Path, failure: &ReadFailure) -> Self {
        Self::Read {
            path: shown(path),
            detail: failure.detail.clone(),
        }
    }
}

/// The policy that was asked for; `research` if none was.
fn chosen_policy(args: &PolicyArgs) -> Result<Policy, FileError> {
    match &args.policy {
        Some(path) => read_policy(path),
        None => Ok(Policy::preset(preset(args))),
    }
}

/// The file of the policy that was asked for.
fn policy_text(args: &PolicyArgs) -> Result<String, FileError> {
    match &args.policy {
        Some(path) => read_text(path),
        None => Ok(preset(args).toml().to_owned()),
    }
}

fn preset(args: &PolicyArgs) -> Preset {
    match args.preset {
        Some(PresetName::Basic) => Preset::Basic,
        Some(PresetName::Research) => Preset::Research,
        Some(PresetName::Tcia) => Preset::Tcia,
        None => Preset::default(),
    }
}

fn read_policy(path: &Path) -> Result<Policy, FileError> {
    Policy::from_toml(&read_text(path)?).map_err(|source| FileError::Policy {
        path: shown(path),
        source,
    })
}

/// The rules that come with Obscura, and a team's own behind them; with the SHA-256 of the latter,
/// empty without them.
fn read_rules(own: Option<&Path>) -> Result<(Rules, String), FileError> {
    let Some(path) = own else {
        return Ok((Rules::builtin(), String::new()));
    };
    let failed = |source| FileError::Rules {
        path: shown(path),
        source,
    };
    let text = read_text(path)?;
    let own = Rules::parse(&text).map_err(failed)?;
    let rules = Rules::builtin().with(own).map_err(failed)?;
    Ok((rules, hex(&Sha256::digest(text))))
}

fn read_text(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(|e| FileError::Read {
        path: shown(path),
        detail: e.kind().to_string(),
    })
}
