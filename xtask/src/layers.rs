//! `cargo xtask layers`: proves that the crates depend on each other only as designed.
//!
//! Four things are checked: the edges between our own crates, what other people's crates may not
//! stand under the engine (network, runtimes, clouds), that the engine's sources ask neither the clock nor
//! the environment nor the file system, and that the functions have the same crates under them.

use std::fs;
use std::path::Path;

use crate::alike;
use crate::error::TaskError;
use crate::metadata::Packages;
use crate::steps::Outcome;
use crate::workspace::{Workspace, read_text};

/// Each of our crates and those of ours it may name. `docs/ARCHITECTURE.md` draws this.
const EDGES: &[(&str, &[&str])] = &[
    ("obscura-core", &[]),
    ("obscura-dicom", &["obscura-core"]),
    ("obscura-text", &["obscura-core"]),
    (
        "obscura-deid",
        &["obscura-core", "obscura-dicom", "obscura-text"],
    ),
    ("obscura-pixels", &["obscura-core", "obscura-dicom"]),
    (
        "obscura-ocr",
        &["obscura-core", "obscura-dicom", "obscura-pixels"],
    ),
    ("obscura-audit", &["obscura-core"]),
    ("obscura-storage", &["obscura-core", "obscura-audit"]),
    (
        "obscura-pipeline",
        &[
            "obscura-core",
            "obscura-dicom",
            "obscura-text",
            "obscura-deid",
            "obscura-pixels",
            "obscura-audit",
            "obscura-storage",
        ],
    ),
    (
        "obscura-lambda-kit",
        &[
            "obscura-core",
            "obscura-audit",
            "obscura-storage",
            "obscura-aws",
        ],
    ),
    (
        "obscura-aws",
        &["obscura-core", "obscura-audit", "obscura-storage"],
    ),
    ("obscura-fn-upload", FUNCTION),
    ("obscura-fn-deidentify", FUNCTION),
    ("obscura-fn-analyse", FUNCTION),
    ("obscura-fn-sweep", FUNCTION),
    ("obscura-fn-erase", FUNCTION),
    (
        "obscura",
        &[
            "obscura-core",
            "obscura-dicom",
            "obscura-deid",
            "obscura-pixels",
            "obscura-ocr",
            "obscura-pipeline",
            "obscura-audit",
            "obscura-storage",
            "obscura-aws",
        ],
    ),
    ("obscura-testkit", &["obscura-core", "obscura-dicom"]),
    (
        "obscura-invariants",
        &[
            "obscura-core",
            "obscura-dicom",
            "obscura-text",
            "obscura-deid",
            "obscura-pixels",
        ],
    ),
    ("xtask", &[]),
];

/// What a function may name: the use cases and the adapters.
const FUNCTION: &[&str] = &[
    "obscura-core",
    "obscura-audit",
    "obscura-storage",
    "obscura-pipeline",
    "obscura-lambda-kit",
    "obscura-aws",
    "obscura-deid",
    "obscura-pixels",
    "obscura-ocr",
];

/// Crates that take bytes and give bytes: nothing of [`OUTSIDE`] stands under them.
const PURE: &[(&str, &str)] = &[
    ("obscura-core", "crates/core"),
    ("obscura-dicom", "crates/dicom"),
    ("obscura-text", "crates/text"),
    ("obscura-deid", "crates/deid"),
    ("obscura-pixels", "crates/pixels"),
    ("obscura-ocr", "crates/ocr"),
    ("obscura-audit", "crates/audit"),
    ("obscura-storage", "crates/storage"),
    ("obscura-pipeline", "crates/pipeline"),
];

/// Names, or beginnings of names where a `*` ends them, of crates that reach outside.
const OUTSIDE: &[&str] = &[
    "aws-*",
    "lambda_*",
    "lambda-*",
    "tokio",
    "tokio-*",
    "async-std",
    "smol",
    "hyper",
    "hyper-*",
    "reqwest",
    "ureq",
    "curl",
    "isahc",
    "rustls",
    "native-tls",
    "openssl",
    "openssl-*",
    "socket2",
];

/// What the sources of a pure crate may not ask, and why.
const ASKING: &[(&str, &str)] = &[
    ("std::net", "the network"),
    ("std::fs", "the file system"),
    ("std::env", "the environment"),
    ("SystemTime", "the clock"),
    ("Instant::now", "the clock"),
    ("std::process", "other programs"),
];

/// Checks all of it.
pub(crate) fn check(workspace: &Workspace) -> Result<Outcome, TaskError> {
    let packages = Packages::load(workspace)?;
    let mut findings = edges(&packages);
    findings.extend(reaching_outside(&packages));
    for (name, place) in PURE {
        sources(&workspace.path(place).join("src"), name, &mut findings)?;
    }
    findings.extend(alike::findings(workspace)?);
    TaskError::unless_empty(findings)?;
    Ok(Outcome::Passed)
}

fn edges(packages: &Packages) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages.ours() {
        let Some((_, allowed)) = EDGES.iter().find(|(name, _)| *name == package.name) else {
            findings.push(format!(
                "{} has no place in the layers of xtask",
                package.name
            ));
            continue;
        };
        for used in packages.direct(package).filter(|used| used.ours) {
            if !allowed.contains(&used.name.as_str()) {
                findings.push(format!("{} may not depend on {}", package.name, used.name));
            }
        }
    }
    findings
}

fn reaching_outside(packages: &Packages) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages.ours() {
        if !PURE.iter().any(|(name, _)| *name == package.name) {
            continue;
        }
        for (used, path) in packages.under(package) {
            if OUTSIDE
                .iter()
                .any(|pattern| matches_pattern(pattern, &used.name))
            {
                findings.push(format!("{path}: reaches outside"));
            }
        }
    }
    findings
}

fn matches_pattern(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    }
}

fn sources(dir: &Path, package: &str, findings: &mut Vec<String>) -> Result<(), TaskError> {
    let unreadable = |source| TaskError::Io {
        action: "list",
        path: dir.to_path_buf(),
        source,
    };
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if name != "tests" {
                sources(&path, package, findings)?;
            }
        } else if is_source(&path) {
            asking(&read_text(&path)?, package, &name, findings);
        }
    }
    Ok(())
}

/// Rust that is not tests of its own.
fn is_source(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    is_rust && !stem.starts_with("test") && !stem.ends_with("tests")
}

/// Looks at the lines of one source file up to its tests, comments left out.
fn asking(text: &str, package: &str, file: &str, findings: &mut Vec<String>) {
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("#[cfg(test)]") {
            return;
        }
        let code = line.split("//").next().unwrap_or_default();
        for (word, what) in ASKING {
            if code.contains(word) {
                findings.push(format!("{package}, {file}:{}: asks {what}", number + 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_asks_the_clock_is_found_and_its_tests_are_not() {
        let mut findings = Vec::new();
        let text = "// SystemTime\nlet t = SystemTime::now();\n#[cfg(test)]\nuse std::fs;";
        asking(text, "obscura-deid", "a.rs", &mut findings);
        assert_eq!(findings, ["obscura-deid, a.rs:2: asks the clock"]);
    }

    #[test]
    fn a_pattern_matches_a_whole_name_or_its_beginning() {
        assert!(matches_pattern("aws-*", "aws-sdk-s3"));
        assert!(matches_pattern("tokio", "tokio"));
        assert!(!matches_pattern("tokio", "tokio-util"));
    }

    #[test]
    fn an_edge_against_the_design_and_a_runtime_below_the_engine_are_found() {
        let text = r#"{"workspace_members":["t","d","n"],
            "packages":[{"id":"t","name":"obscura-text","version":"1"},
                        {"id":"d","name":"obscura-deid","version":"1"},
                        {"id":"n","name":"nowhere","version":"1"},
                        {"id":"m","name":"middle","version":"1"},
                        {"id":"k","name":"tokio","version":"1"}],
            "resolve":{"nodes":[
                {"id":"t","deps":[{"pkg":"d","dep_kinds":[{"kind":null}]}]},
                {"id":"d","deps":[{"pkg":"m","dep_kinds":[{"kind":null}]}]},
                {"id":"m","deps":[{"pkg":"k","dep_kinds":[{"kind":null}]}]}]}}"#;
        let packages = Packages::parse(text).unwrap();
        let edges = edges(&packages);
        assert!(edges.contains(&"obscura-text may not depend on obscura-deid".to_owned()));
        assert!(edges.contains(&"nowhere has no place in the layers of xtask".to_owned()));
        let outside = reaching_outside(&packages);
        assert!(outside.contains(&"obscura-deid > middle > tokio: reaches outside".to_owned()));
    }
}
