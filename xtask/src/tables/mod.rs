//! `cargo xtask tables`: generates the tables of `crates/deid` and the rules of `crates/pixels` from
//! the copies of their sources in `crates/deid/data` and `crates/pixels/data`. With `--check` nothing is written and a difference is an error.

mod attribute_types;
mod device_rules;
mod emit;
mod private_kb;
mod profile;
mod safe_private;
mod small;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why tables could not be generated.
#[derive(Debug, Error)]
pub(crate) enum TablesError {
    /// A file could not be read or written.
    #[error("cannot use {0}")]
    File(PathBuf, #[source] std::io::Error),
    /// A source is not JSON.
    #[error("{0} is not the JSON expected")]
    Json(&'static str, #[source] serde_json::Error),
    /// A source holds something this generator does not know.
    #[error("{file}: {what}")]
    Content {
        /// The source.
        file: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// Committed tables differ from what the sources give.
    #[error("out of date, run `cargo xtask tables`: {0}")]
    Stale(String),
    /// An argument that is not known.
    #[error("unknown argument {0}: usage is `cargo xtask tables [--check]`")]
    Usage(String),
}

/// Runs the command: `[]` writes the tables, `["--check"]` compares. Returns what to tell the user.
pub(crate) fn run(args: &[String]) -> Result<String, TablesError> {
    let root = crates_root();
    match args {
        [] => write(&root),
        [flag] if flag == "--check" => check(&root),
        [other, ..] => Err(TablesError::Usage(other.clone())),
    }
}

/// One generated file: its path under its crate and its content.
struct Generated {
    path: &'static str,
    content: String,
}

fn crates_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")
}

/// Every generated file with the crate it belongs to.
fn generate(root: &Path) -> Result<Vec<(&'static str, Generated)>, TablesError> {
    let data = root.join("deid/data");
    let mut files = profile::generate(&data)?;
    files.extend(safe_private::generate(&data)?);
    files.extend(small::generate(&data)?);
    files.extend(private_kb::generate(&data)?);
    files.extend(attribute_types::generate(&data)?);
    let rules = device_rules::generate(&root.join("pixels/data"))?;
    let of = |home| move |file| (home, file);
    let deid = files.into_iter().map(of("deid"));
    Ok(deid.chain(rules.into_iter().map(of("pixels"))).collect())
}

fn write(root: &Path) -> Result<String, TablesError> {
    let files = generate(root)?;
    for (home, file) in &files {
        let path = root.join(home).join(file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| TablesError::File(path.clone(), error))?;
        }
        fs::write(&path, &file.content).map_err(|error| TablesError::File(path, error))?;
    }
    Ok(format!("{} tables written", files.len()))
}

fn check(root: &Path) -> Result<String, TablesError> {
    let files = generate(root)?;
    let is_stale = |(home, file): &&(&str, Generated)| {
        let committed = fs::read_to_string(root.join(home).join(file.path)).ok();
        committed.as_ref() != Some(&file.content)
    };
    let stale: Vec<_> = files
        .iter()
        .filter(is_stale)
        .map(|(_, file)| file.path)
        .collect();
    if stale.is_empty() {
        Ok(format!("{} tables are up to date", files.len()))
    } else {
        Err(TablesError::Stale(stale.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Generation is deterministic, and what is committed is what the sources give.
    #[test]
    fn committed_tables_are_what_the_sources_give() {
        check(&crates_root()).unwrap();
        let (first, second) = (
            generate(&crates_root()).unwrap(),
            generate(&crates_root()).unwrap(),
        );
        for ((_, a), (_, b)) in first.iter().zip(&second) {
            assert_eq!((a.path, &a.content), (b.path, &b.content));
        }
    }

    #[test]
    fn a_changed_table_is_noticed() {
        let place = std::env::temp_dir().join(format!("obscura-tables-{}", std::process::id()));
        for data in ["deid/data", "pixels/data"] {
            fs::create_dir_all(place.join(data)).unwrap();
            for entry in fs::read_dir(crates_root().join(data)).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_file() {
                    fs::copy(entry.path(), place.join(data).join(entry.file_name())).unwrap();
                }
            }
        }
        assert!(matches!(check(&place), Err(TablesError::Stale(_))));
        write(&place).unwrap();
        check(&place).unwrap();
        let row = place.join("deid/src/tables/generated/profile.rs");
        let text = fs::read_to_string(&row)
            .unwrap()
            .replacen("Action::X,", "Action::K,", 1);
        fs::write(&row, text).unwrap();
        let error = check(&place).unwrap_err().to_string();
        assert!(
            error.contains("profile.rs") && !error.contains("pixelmed"),
            "{error}"
        );
        fs::remove_dir_all(&place).unwrap();
    }

    #[test]
    fn an_unknown_argument_is_refused() {
        assert!(matches!(
            run(&["--chek".into()]),
            Err(TablesError::Usage(_))
        ));
    }
}
