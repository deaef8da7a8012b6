//! The functions are built of the same crates with the same features.
//!
//! `sam build` builds each function by itself, and cargo unites features only over what it builds at once.
//! A feature that one function alone turns on somewhere below makes cargo compile everything above it once
//! more, the SDK's clients included.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::FUNCTIONS;
use crate::error::TaskError;
use crate::process::{capture, cargo};
use crate::workspace::Workspace;

/// What `sam build` builds for.
const TARGETS: [&str; 2] = ["aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"];

/// The features of each package, and the functions that have it so.
type Features = BTreeMap<String, BTreeMap<String, BTreeSet<&'static str>>>;

/// Packages that functions would build with different features.
pub(crate) fn findings(workspace: &Workspace) -> Result<Vec<String>, TaskError> {
    let mut features = Features::new();
    for target in TARGETS {
        for function in FUNCTIONS {
            let mut tree = cargo(workspace);
            tree.args([
                "tree",
                "--locked",
                "--package",
                function,
                "--target",
                target,
            ]);
            tree.args(["--edges", "normal,build", "--prefix", "none"]);
            tree.args(["--format", "|{p}|{f}|"]);
            read(&capture(&mut tree)?, function, &mut features);
        }
    }
    Ok(different(&features))
}

fn read(tree: &str, function: &'static str, features: &mut Features) {
    for line in tree.lines() {
        let mut fields = line.split('|').skip(1);
        let (Some(package), Some(list)) = (fields.next(), fields.next()) else {
            continue;
        };
        // A local package is followed by where it is.
        let package = package.split(" (").next().unwrap_or_default();
        let sets = features.entry(package.to_owned()).or_default();
        sets.entry(list.to_owned()).or_default().insert(function);
    }
}

fn different(features: &Features) -> Vec<String> {
    let several = features.iter().filter(|(_, sets)| sets.len() > 1);
    let told = several.map(|(package, sets)| {
        let sets = sets.iter().map(|(list, functions)| {
            let functions: Vec<&str> = functions.iter().copied().collect();
            format!("[{list}] for {}", functions.join(", "))
        });
        let sets: Vec<String> = sets.collect();
        format!(
            "{package} is built more than once: {}; name the missing feature in crates/lambda-kit",
            sets.join("; ")
        )
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_one_function_alone_has_is_found() {
        let mut features = Features::new();
        let tree = "|a v1.0.0 (/x)||\n\n|b v2.0.0|std|\n|c v1.1.0 (proc-macro)||\n";
        read(tree, "obscura-fn-upload", &mut features);
        read("|b v2.0.0|std| (*)\n", "obscura-fn-sweep", &mut features);
        assert!(different(&features).is_empty());
        read("|b v2.0.0|std,union|\n", "obscura-fn-erase", &mut features);
        read("|c v2.0.0||\n", "obscura-fn-erase", &mut features);
        assert_eq!(
            different(&features),
            [
                "b v2.0.0 is built more than once: [std] for obscura-fn-sweep, obscura-fn-upload; \
                 [std,union] for obscura-fn-erase; name the missing feature in crates/lambda-kit"
            ]
        );
    }
}
