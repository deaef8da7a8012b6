//! [`Environment`]: every variable of the functions, declared once.
//!
//! A variable that is missing or wrong ends the start of the function: the error names it and what
//! it should be, never what it is.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use obscura_aws::{BucketSettings, PathStyle, Settings};
use obscura_storage::Bucket;
use thiserror::Error;

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is for, and what it may be.
    pub about: &'static str,
    /// What holds where it is not set; `None` if it must be.
    pub default: Option<&'static str>,
}

macro_rules! variables {
    ($($id:ident = $name:literal, $default:expr, $about:literal;)*) => {
        impl Variable {
            $(#[doc = $about] pub const $id: Self = Self {
                name: $name,
                about: $about,
                default: $default,
            };)*
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$id),*];
        }
    };
}

variables! {
    STACK = "OBSCURA_STACK", None, "the stack's name";
    LOG = "OBSCURA_LOG", Some("info"), "least level that is logged: error, warn, info or debug";
    INTAKE_BUCKET = "OBSCURA_INTAKE_BUCKET", None, "the bucket of originals";
    CLEAN_BUCKET = "OBSCURA_CLEAN_BUCKET", None, "the bucket of what was de-identified";
    QUARANTINE_BUCKET = "OBSCURA_QUARANTINE_BUCKET", None, "the bucket of what was set aside";
    AUDIT_BUCKET = "OBSCURA_AUDIT_BUCKET", None, "the bucket of the audit";
    INTAKE_KEY = "OBSCURA_INTAKE_KEY_ARN", None, "the KMS key of intake and quarantine";
    CLEAN_KEY = "OBSCURA_CLEAN_KEY_ARN", None, "the KMS key of the clean bucket";
    AUDIT_KEY = "OBSCURA_AUDIT_KEY_ARN", None, "the KMS key of the audit bucket";
    JOBS_TABLE = "OBSCURA_JOBS_TABLE", None, "the table of jobs";
    GROUPS_TABLE = "OBSCURA_GROUPS_TABLE", None, "the table of groups";
    PRESET = "OBSCURA_PRESET", Some("research"), "the policy: basic, research or tcia";
    PIXELS = "OBSCURA_PIXELS", Some("text"), "text in pixels: rules, text or strict";
    JPEG = "OBSCURA_JPEG", Some("all"), "frames rendered as JPEG: all, first, none, or as 1,5-8";
    MODELS = "OBSCURA_MODELS", Some("/opt/models"), "the directory of the models";
    INTAKE_RETENTION = "OBSCURA_INTAKE_RETENTION_HOURS", Some("24"), "hours an original stays at most; not 0";
    CLEAN_RETENTION = "OBSCURA_CLEAN_RETENTION_HOURS", Some("720"), "hours a release stays; 0 for ever";
    QUARANTINE_RETENTION = "OBSCURA_QUARANTINE_RETENTION_HOURS", Some("168"), "hours a quarantined original stays at most; not 0";
    UPLOAD_SECONDS = "OBSCURA_UPLOAD_SECONDS", Some("900"), "seconds a signed upload is valid, 1 to 43200";
    MAX_FILE_BYTES = "OBSCURA_MAX_FILE_BYTES", Some("1073741824"), "bytes of one file at most";
    MAX_FILES = "OBSCURA_MAX_FILES", Some("500"), "files of one job at most, 1 to 5000";
    RECEIPT_KEY = "OBSCURA_RECEIPT_KEY_ARN", None, "the KMS key that signs receipts";
    PATH_STYLE = "OBSCURA_S3_PATH_STYLE", Some("false"), "true where an emulator stands for S3";
}

/// Why the environment does not serve.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// A variable is not set.
    #[error("{0} is not set: {1}")]
    Missing(&'static str, &'static str),
    /// A variable is not what it should be.
    #[error("{0} is not what it should be: {1}")]
    Invalid(&'static str, &'static str),
}

/// The variables, as they were when the function started.
#[derive(Clone)]
pub struct Environment(BTreeMap<&'static str, String>);

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// An environment that is looked up elsewhere. An empty variable counts as not set.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let set = |variable: &Variable| {
            let value = lookup(variable.name).filter(|value| !value.is_empty())?;
            Some((variable.name, value))
        };
        Self(Variable::ALL.iter().filter_map(set).collect())
    }

    /// Whether a variable is set.
    pub fn is_set(&self, variable: Variable) -> bool {
        self.0.contains_key(variable.name)
    }

    /// A variable as text.
    ///
    /// # Errors
    /// If it is not set and has no default.
    pub fn text(&self, variable: Variable) -> Result<&str, EnvironmentError> {
        let set = self.0.get(variable.name).map(String::as_str);
        set.or(variable.default)
            .ok_or(EnvironmentError::Missing(variable.name, variable.about))
    }

    /// A variable as what it stands for.
    ///
    /// # Errors
    /// If it is not set, or does not stand for one.
    pub fn parsed<T>(
        &self,
        variable: Variable,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, EnvironmentError> {
        let invalid = EnvironmentError::Invalid(variable.name, variable.about);
        parse(self.text(variable)?).ok_or(invalid)
    }

    /// A number within bounds.
    ///
    /// # Errors
    /// If it is not one.
    pub fn number(
        &self,
        variable: Variable,
        within: std::ops::RangeInclusive<u64>,
    ) -> Result<u64, EnvironmentError> {
        self.parsed(variable, |text| {
            let number = text.parse().ok()?;
            within.contains(&number).then_some(number)
        })
    }

    /// A retention in hours; 0 is `None` where a bucket may be kept for ever.
    ///
    /// # Errors
    /// If it is not one.
    pub fn hours(&self, variable: Variable) -> Result<Option<Duration>, EnvironmentError> {
        let least = u64::from(variable != Variable::CLEAN_RETENTION);
        let hours = self.number(variable, least..=876_000)?;
        Ok((hours > 0).then(|| Duration::from_hours(hours)))
    }

    /// What the adapters on AWS need.
    ///
    /// # Errors
    /// If something of it is not set.
    pub fn settings(&self) -> Result<Settings, EnvironmentError> {
        let bucket = |name, key| {
            Ok(BucketSettings {
                name: self.text(name)?.to_owned(),
                key_arn: self.text(key)?.to_owned(),
            })
        };
        let path_style = self.parsed(Variable::PATH_STYLE, |text| match text {
            "true" => Some(PathStyle::Yes),
            "false" => Some(PathStyle::No),
            _ => None,
        })?;
        Ok(Settings {
            stack: self.text(Variable::STACK)?.to_owned(),
            buckets: BTreeMap::from([
                (
                    Bucket::Intake,
                    bucket(Variable::INTAKE_BUCKET, Variable::INTAKE_KEY)?,
                ),
                (
                    Bucket::Clean,
                    bucket(Variable::CLEAN_BUCKET, Variable::CLEAN_KEY)?,
                ),
                (
                    Bucket::Quarantine,
                    bucket(Variable::QUARANTINE_BUCKET, Variable::INTAKE_KEY)?,
                ),
                (
                    Bucket::Audit,
                    bucket(Variable::AUDIT_BUCKET, Variable::AUDIT_KEY)?,
                ),
            ]),
            jobs_table: Some(self.text(Variable::JOBS_TABLE)?.to_owned()),
            groups_table: Some(self.text(Variable::GROUPS_TABLE)?.to_owned()),
            receipt_key: self.text(Variable::RECEIPT_KEY).ok().map(ToOwned::to_owned),
            path_style,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(set: &[(&str, &str)]) -> Environment {
        let set: BTreeMap<String, String> = set
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Environment::from_lookup(|name| set.get(name).cloned())
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_without_its_value() {
        let wrong = environment(&[("OBSCURA_MAX_FILES", "Doe"), ("OBSCURA_STACK", "")]);
        let error = wrong.number(Variable::MAX_FILES, 1..=5000).unwrap_err();
        assert!(error.to_string().contains("OBSCURA_MAX_FILES"));
        assert!(!error.to_string().contains("Doe"));
        let missing = wrong.settings().unwrap_err();
        assert!(missing.to_string().starts_with("OBSCURA_STACK is not set"));
        assert!(!format!("{wrong:?}").contains("Doe"));
    }

    #[test]
    fn retention_may_be_for_ever_only_for_releases() {
        let zero = environment(&[
            ("OBSCURA_CLEAN_RETENTION_HOURS", "0"),
            ("OBSCURA_INTAKE_RETENTION_HOURS", "0"),
        ]);
        assert_eq!(zero.hours(Variable::CLEAN_RETENTION), Ok(None));
        assert!(zero.hours(Variable::INTAKE_RETENTION).is_err());
        let usual = environment(&[]).hours(Variable::QUARANTINE_RETENTION);
        assert_eq!(usual, Ok(Some(Duration::from_hours(168))));
    }
}
