//! `cargo xtask layer`: the folder that becomes the Lambda layer with the models.
//!
//! `infra/functions.yaml` takes `build/models-layer/` as it is; a function finds the files in
//! `/opt/models`. They are the ones `cargo xtask models` fetched, with the list of their SHA-256 and
//! their licence. The first look is compiled into the program and is not here.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::TaskError;
use crate::models;
use crate::workspace::{Workspace, make_dir, remove_dir, write_text};

/// Where the folder is made.
pub(crate) const PLACE: &str = "build/models-layer";

/// Bytes that a function and its layers may take unzipped; Lambda's limit is 250 MB (MiB) for all.
const LIMIT: u64 = 250 * 1024 * 1024;

/// Bytes of that which are left for the function itself: its binary is about 30 MB.
const FOR_THE_FUNCTION: u64 = 50 * 1024 * 1024;

/// Makes the folder anew, and says how large it is.
pub(crate) fn run(workspace: &Workspace) -> Result<(), TaskError> {
    models::set_up(workspace)?;
    let place = workspace.path(PLACE);
    remove_dir(&place)?;
    let inside = place.join("models");
    make_dir(&inside)?;
    let mut list = String::new();
    let mut bytes = 0;
    for (name, digest) in models::pinned() {
        bytes += copy(&models::place(workspace).join(name), &inside.join(name))?;
        list.extend([digest, "  ", name, "\n"]);
    }
    write_text(&inside.join("SHA256SUMS"), &list)?;
    let licence = models::place(workspace).join(models::LICENCE);
    if licence.is_file() {
        bytes += copy(&licence, &inside.join(models::LICENCE))?;
    }
    bytes += list.len() as u64;
    within_limits(bytes)?;
    models::check(&inside)?;
    println!(
        "{PLACE}: {bytes} bytes of at most {} for layers",
        LIMIT - FOR_THE_FUNCTION
    );
    Ok(())
}

fn copy(from: &Path, to: &PathBuf) -> Result<u64, TaskError> {
    fs::copy(from, to).map_err(|source| TaskError::Io {
        action: "copy",
        path: from.to_path_buf(),
        source,
    })
}

fn within_limits(bytes: u64) -> Result<(), TaskError> {
    if bytes <= LIMIT - FOR_THE_FUNCTION {
        return Ok(());
    }
    Err(TaskError::Findings(vec![format!(
        "the layer has {bytes} bytes; Lambda takes {LIMIT} for a function with its layers"
    )]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_that_leaves_no_room_for_the_function_is_refused() {
        assert!(within_limits(31_163_977).is_ok());
        assert!(within_limits(LIMIT - FOR_THE_FUNCTION).is_ok());
        assert!(within_limits(LIMIT - FOR_THE_FUNCTION + 1).is_err());
        assert!(within_limits(LIMIT).is_err());
    }
}
