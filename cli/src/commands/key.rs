//! `obscura key new`.

use super::CommandResult;
use crate::args::KeyCommand;
use crate::exit::{Ending, shown};
use crate::keyfile;

/// Makes a key.
pub(crate) fn key(command: KeyCommand) -> CommandResult {
    let KeyCommand::New { file } = command;
    let path = match file {
        Some(path) => path,
        None => keyfile::own_path()?,
    };
    keyfile::create(&path)?;
    crate::stdout(&format!(
        "A new key is in {}.\nKeep it secret and keep a copy: it links what you release from now \
         on, and whoever has it can test guesses about who is who.\n",
        shown(&path)
    ));
    Ok(Ending::Clean)
}
