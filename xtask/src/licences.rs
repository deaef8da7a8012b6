//! `cargo xtask licences`: every dependency is under a licence that `deny.toml` allows.
//!
//! `deny.toml` is cargo-deny's own format. cargo-deny takes minutes to build, so a fresh machine
//! checks the licences and the bans here; where cargo-deny is installed it runs as well and also
//! looks into the advisories.

use std::collections::BTreeSet;
use std::process::Command;

use crate::error::TaskError;
use crate::metadata::Packages;
use crate::process::{find_program, run};
use crate::steps::Outcome;
use crate::workspace::{Workspace, read_text};

/// What `deny.toml` says about licences and bans.
#[derive(Debug, Default)]
struct Rules {
    allow: BTreeSet<String>,
    /// Package and licence that is allowed for it alone.
    exceptions: BTreeSet<(String, String)>,
    banned: BTreeSet<String>,
}

/// Checks the licences, and runs cargo-deny where it is installed.
pub(crate) fn check(workspace: &Workspace) -> Result<Outcome, TaskError> {
    let rules = Rules::parse(&read_text(&workspace.path("deny.toml"))?)?;
    let packages = Packages::load(workspace)?;
    TaskError::unless_empty(rules.findings(&packages))?;
    if let Some(deny) = find_program("cargo-deny") {
        let mut command = Command::new(deny);
        command.current_dir(&workspace.root);
        run(command.args(["--offline", "check", "bans", "licenses", "sources"]))?;
    }
    Ok(Outcome::Passed)
}

impl Rules {
    fn parse(text: &str) -> Result<Self, TaskError> {
        let form = |detail: String| TaskError::Form {
            what: "deny.toml",
            detail,
        };
        let value: toml::Table = text
            .parse()
            .map_err(|e: toml::de::Error| form(e.to_string()))?;
        let list = |section: &str, key: &str| {
            let found = value.get(section).and_then(|section| section.get(key));
            found
                .and_then(toml::Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let text = |value: &toml::Value, key: &str| {
            value
                .get(key)
                .and_then(toml::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut rules = Self::default();
        let allowed = list("licenses", "allow");
        rules.allow.extend(
            allowed
                .iter()
                .filter_map(|id| id.as_str().map(ToOwned::to_owned)),
        );
        for exception in list("licenses", "exceptions") {
            let licences = exception.get("allow").and_then(toml::Value::as_array);
            for licence in licences
                .into_iter()
                .flatten()
                .filter_map(toml::Value::as_str)
            {
                rules
                    .exceptions
                    .insert((text(&exception, "crate"), licence.to_owned()));
            }
        }
        rules
            .banned
            .extend(list("bans", "deny").iter().map(|ban| text(ban, "crate")));
        if rules.allow.is_empty() {
            return Err(form("it allows no licence".to_owned()));
        }
        Ok(rules)
    }

    fn findings(&self, packages: &Packages) -> Vec<String> {
        let mut findings = Vec::new();
        for package in packages.all().filter(|package| !package.ours) {
            let name = format!("{} {}", package.name, package.version);
            if self.banned.contains(&package.name) {
                findings.push(format!("{name} is banned by deny.toml"));
            }
            match &package.licence {
                None => findings.push(format!("{name} states no licence")),
                Some(licence) if !self.allows(&package.name, licence) => {
                    findings.push(format!("{name} is under {licence}"));
                }
                Some(_) => {}
            }
        }
        findings
    }

    fn allows(&self, package: &str, expression: &str) -> bool {
        let spaced = expression
            .replace('(', " ( ")
            .replace(')', " ) ")
            .replace('/', " OR ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut reader = Expression {
            words: &words,
            rules: self,
            package,
        };
        reader.any() && reader.words.is_empty()
    }

    fn allows_one(&self, package: &str, licence: &str) -> bool {
        self.allow.contains(licence)
            || self
                .exceptions
                .contains(&(package.to_owned(), licence.to_owned()))
    }
}

/// Reads an SPDX licence expression; AND binds stronger than OR, WITH belongs to the licence.
struct Expression<'a> {
    words: &'a [&'a str],
    rules: &'a Rules,
    package: &'a str,
}

impl Expression<'_> {
    fn any(&mut self) -> bool {
        let mut allowed = self.every();
        while self.take("OR") {
            allowed |= self.every();
        }
        allowed
    }

    fn every(&mut self) -> bool {
        let mut allowed = self.one();
        while self.take("AND") {
            allowed &= self.one();
        }
        allowed
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let allowed = self.any();
            return self.take(")") && allowed;
        }
        let Some((licence, rest)) = self.words.split_first() else {
            return false;
        };
        self.words = rest;
        if self.take("WITH") {
            let Some((exception, rest)) = self.words.split_first() else {
                return false;
            };
            self.words = rest;
            return self
                .rules
                .allows_one(self.package, &format!("{licence} WITH {exception}"));
        }
        self.rules.allows_one(self.package, licence)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules::parse(
            r#"[licenses]
            allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
            exceptions = [{ crate = "odd", allow = ["MPL-2.0"] }]
            [bans]
            deny = [{ crate = "openssl" }]"#,
        )
        .unwrap()
    }

    #[test]
    fn an_expression_is_read_with_its_precedence() {
        let rules = rules();
        for allowed in [
            "MIT",
            "MIT/GPL-3.0",
            "GPL-3.0 OR (MIT AND Apache-2.0)",
            "GPL-2.0 AND GPL-3.0 OR MIT",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(rules.allows("x", allowed), "{allowed}");
        }
        for refused in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "MIT AND (GPL-2.0 OR GPL-3.0)",
            "(MIT",
            "MIT MIT",
        ] {
            assert!(!rules.allows("x", refused), "{refused}");
        }
    }

    #[test]
    fn an_exception_is_for_its_package_alone() {
        assert!(rules().allows("odd", "MPL-2.0"));
        assert!(!rules().allows("even", "MPL-2.0"));
    }

    #[test]
    fn a_package_without_a_licence_and_a_banned_one_are_found() {
        let packages = Packages::parse(
            r#"{"workspace_members":[],"resolve":{"nodes":[]},
            "packages":[{"id":"a","name":"a","version":"1","license":null},
                        {"id":"b","name":"openssl","version":"1","license":"MIT"}]}"#,
        )
        .unwrap();
        assert_eq!(
            rules().findings(&packages),
            ["a 1 states no licence", "openssl 1 is banned by deny.toml"]
        );
    }
}
