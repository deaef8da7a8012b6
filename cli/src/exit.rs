//! Exit codes, and the one place where errors are printed.
//!
//! 0: all inputs were released (skipped ones do not count against it). 2: some were quarantined or
//! found wanting. 1: failure, wrong usage included, so that 2 always means what it says.

use std::fmt::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use miette::Diagnostic;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything was released, or nothing was found wanting.
    Clean,
    /// Some inputs were quarantined, or something was found.
    Wanting,
    /// The command could not do its work, or was stopped.
    Failed,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Clean => 0,
            Ending::Failed => 1,
            Ending::Wanting => 2,
        })
    }
}

/// Renders an error for a person: what failed, the chain of causes, what to do.
pub(crate) fn render(error: &dyn Diagnostic) -> String {
    let mut text = format!("error: {error}\n");
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  caused by: {cause}");
        source = cause.source();
    }
    if let Some(help) = error.help() {
        let _ = writeln!(text, "  help: {help}");
    }
    text
}

/// A path or name as given, safe for a terminal: control characters are escaped.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            // Directional marks could make a name read as another one.
            let misleading = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if c.is_control() || misleading {
                write!(f, "{}", c.escape_unicode())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// A path for an error message.
pub(crate) fn shown(path: &Path) -> String {
    Shown(&path.to_string_lossy()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_speak_to_the_terminal() {
        let name = "a\u{1b}[2Jb\n\u{202e}c.dcm";
        assert_eq!(Shown(name).to_string(), "a\\u{1b}[2Jb\\u{a}\\u{202e}c.dcm");
    }
}
