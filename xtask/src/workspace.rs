//! [`Workspace`]: where things are, inside the clone and nowhere else.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::TaskError;
use crate::process::{capture, cargo};

/// The workspace on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The root of the clone.
    pub(crate) root: PathBuf,
}

impl Workspace {
    /// The workspace this program was built from.
    pub(crate) fn find() -> Result<Self, TaskError> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().ok_or(TaskError::NoWorkspace)?.to_path_buf();
        if !root.join("Cargo.toml").is_file() {
            return Err(TaskError::NoWorkspace);
        }
        Ok(Self { root })
    }

    /// A path below the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A path below `.obscura-work`, which git ignores: all that is fetched or made on the way.
    pub(crate) fn work(&self, relative: &str) -> PathBuf {
        self.root.join(".obscura-work").join(relative)
    }

    /// Where cargo puts what it builds: `CARGO_TARGET_DIR`, settings and all considered.
    pub(crate) fn target(&self) -> Result<PathBuf, TaskError> {
        let text = capture(cargo(self).args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ]))?;
        let form = |detail: String| TaskError::Form {
            what: "cargo metadata",
            detail,
        };
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| form(error.to_string()))?;
        let target = value["target_directory"].as_str();
        Ok(PathBuf::from(
            target.ok_or_else(|| form("no target directory".to_owned()))?,
        ))
    }

    /// The optimised `obscura` binary, where cargo builds it.
    pub(crate) fn binary(&self) -> Result<PathBuf, TaskError> {
        let name = format!("obscura{}", std::env::consts::EXE_SUFFIX);
        Ok(self.target()?.join("release").join(name))
    }
}

/// Makes a directory and those above it.
pub(crate) fn make_dir(path: &Path) -> Result<(), TaskError> {
    fs::create_dir_all(path).map_err(|source| TaskError::Io {
        action: "make directory",
        path: path.to_path_buf(),
        source,
    })
}

/// Removes a directory with all in it; none is no error.
pub(crate) fn remove_dir(path: &Path) -> Result<(), TaskError> {
    match fs::remove_dir_all(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(TaskError::Io {
            action: "remove",
            path: path.to_path_buf(),
            source,
        }),
        _ => Ok(()),
    }
}

/// The text of a file.
pub(crate) fn read_text(path: &Path) -> Result<String, TaskError> {
    fs::read_to_string(path).map_err(|source| TaskError::Io {
        action: "read",
        path: path.to_path_buf(),
        source,
    })
}

/// Writes a file.
pub(crate) fn write_text(path: &Path, text: &str) -> Result<(), TaskError> {
    fs::write(path, text).map_err(|source| TaskError::Io {
        action: "write",
        path: path.to_path_buf(),
        source,
    })
}
