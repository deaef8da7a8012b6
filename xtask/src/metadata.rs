//! [`Packages`]: what `cargo metadata` says about the packages and who depends on whom.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error::TaskError;
use crate::process::{capture, cargo, in_ci};
use crate::workspace::Workspace;

/// Every package of the dependency graph, all platforms and default features.
#[derive(Debug, Default)]
pub(crate) struct Packages {
    by_id: BTreeMap<String, Package>,
}

/// One package.
#[derive(Debug, Default)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// The licence as an SPDX expression, if it states one.
    pub(crate) licence: Option<String>,
    /// It is a member of this workspace.
    pub(crate) ours: bool,
    /// Packages that its library or its build script needs.
    used: Vec<String>,
    /// Packages that its tests need.
    used_by_tests: Vec<String>,
}

impl Packages {
    /// Asks cargo. In CI the lock file must already be right.
    pub(crate) fn load(workspace: &Workspace) -> Result<Self, TaskError> {
        let mut command = cargo(workspace);
        command.args(["metadata", "--format-version", "1"]);
        if in_ci() {
            command.arg("--locked");
        }
        Self::parse(&capture(&mut command)?)
    }

    /// Understands the output of `cargo metadata --format-version 1`.
    pub(crate) fn parse(text: &str) -> Result<Self, TaskError> {
        let form = |detail: &str| TaskError::Form {
            what: "cargo metadata",
            detail: detail.to_owned(),
        };
        let value: Value = serde_json::from_str(text).map_err(|error| form(&error.to_string()))?;
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let members: BTreeSet<String> = list(&value["workspace_members"])
            .iter()
            .map(string)
            .collect();
        let mut by_id = BTreeMap::new();
        for package in list(&value["packages"]) {
            let id = string(&package["id"]);
            let entry = Package {
                name: string(&package["name"]),
                version: string(&package["version"]),
                licence: package["license"].as_str().map(ToOwned::to_owned),
                ours: members.contains(&id),
                ..Package::default()
            };
            by_id.insert(id, entry);
        }
        for node in list(&value["resolve"]["nodes"]) {
            let package = by_id
                .get_mut(&string(&node["id"]))
                .ok_or_else(|| form("lost node"))?;
            for dependency in list(&node["deps"]) {
                let id = string(&dependency["pkg"]);
                let kinds: Vec<String> = list(&dependency["dep_kinds"])
                    .iter()
                    .map(|k| string(&k["kind"]))
                    .collect();
                if kinds.iter().all(|kind| kind == "dev") {
                    package.used_by_tests.push(id);
                } else {
                    package.used.push(id);
                }
            }
        }
        Ok(Self { by_id })
    }

    /// All packages.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Package> {
        self.by_id.values()
    }

    /// The packages of this workspace.
    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.all().filter(|package| package.ours)
    }

    /// The packages a package names itself, for its library or build script.
    pub(crate) fn direct<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = &'a Package> {
        package.used.iter().filter_map(|id| self.by_id.get(id))
    }

    /// Every package under a package, with one path that leads to it (`a > b > c`); what only
    /// tests need is left out.
    pub(crate) fn under(&self, package: &Package) -> Vec<(&Package, String)> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let mut open: Vec<(&String, String)> = package
            .used
            .iter()
            .map(|id| (id, package.name.clone()))
            .collect();
        while let Some((id, path)) = open.pop() {
            let Some(next) = self.by_id.get(id) else {
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            let path = format!("{path} > {}", next.name);
            open.extend(next.used.iter().map(|id| (id, path.clone())));
            found.push((next, path));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_tests_only_are_kept_apart() {
        let text = r#"{"workspace_members":["a"],
            "packages":[{"id":"a","name":"a","version":"1","license":"MIT"},
                        {"id":"b","name":"b","version":"1","license":null},
                        {"id":"c","name":"c","version":"1","license":"MIT"}],
            "resolve":{"nodes":[
                {"id":"a","deps":[{"pkg":"b","dep_kinds":[{"kind":null},{"kind":"dev"}]},
                                  {"pkg":"c","dep_kinds":[{"kind":"dev"}]}]},
                {"id":"b","deps":[]},{"id":"c","deps":[]}]}}"#;
        let packages = Packages::parse(text).unwrap();
        let a = packages.ours().next().unwrap();
        let under: Vec<_> = packages
            .under(a)
            .into_iter()
            .map(|(_, path)| path)
            .collect();
        assert_eq!(under, ["a > b"]);
        assert_eq!(packages.direct(a).count(), 1);
    }
}
