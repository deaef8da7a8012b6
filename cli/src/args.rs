//! The command line as data: every command, option and default, with the help a person reads.
//!
//! Main type: [`Cli`]. Parsing is clap's; what an option means is decided in `commands`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use obscura_pipeline::Frames;

const EXAMPLES: &str = "\
Examples:
  De-identify a directory of studies and write a report:
    obscura deid studies/ --out released/ --report

  A zip archive and one file, no pictures, the profile alone:
    obscura deid archive.zip scan.dcm --out released/ --jpeg none --preset basic

  What would be done to one file, element by element:
    obscura inspect scan.dcm

  Look for identifiers left in the output of any tool:
    obscura verify released/dicom --against studies/

Exit codes: 0 all inputs were released, 2 some were quarantined or found wanting, 1 failure.
Files that are not DICOM are skipped and do not change the exit code.";

/// De-identify DICOM studies (PS3.15 Annex E) on this machine, and prove it.
///
/// Every file that is released was read again and searched for the identifiers of its original;
/// a file that cannot be cleaned with certainty is quarantined: not released, not lost, and listed
/// with what to do about it. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "obscura", version, after_help = EXAMPLES, after_long_help = EXAMPLES)]
#[command(propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Log what happens to stderr (-v info, -vv debug with paths). `RUST_LOG` overrides it.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// De-identify files, directories and zip archives into a new directory.
    Deid(Box<DeidArgs>),
    /// Show what would be done to each element of one file, and why, without its values.
    Inspect(InspectArgs),
    /// Search the output of any tool for identifiers of the originals.
    Verify(VerifyArgs),
    /// Show or check a policy.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Make a pseudonym key.
    #[command(subcommand)]
    Key(KeyCommand),
}

/// `obscura deid`.
#[derive(Debug, Args)]
#[command(after_help = "\
Output:
  OUT/dicom/<patient>/<study>/<series>/<sop>.dcm          all names are pseudonyms
  OUT/jpeg/<patient>/<study>/<series>/<sop>[-<frame>].jpg
  OUT/manifest.jsonl    one line an input; it names the originals, so keep it with them
  OUT/report.html       with --report; carries no original name

A run that was stopped goes on where it ended when it is started again with the same options.")]
pub(crate) struct DeidArgs {
    /// Directories, DICOM files or zip archives.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Where the result goes; made if it does not exist.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    /// The frames to render as JPEG: all, first, none, or frames counted from 1, such as 1,5-8.
    #[arg(long, value_name = "WHICH", default_value_t = Frames::All)]
    pub(crate) jpeg: Frames,
    /// JPEG quality, 1 to 100.
    #[arg(long, value_name = "Q", default_value_t = 90, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) quality: u8,
    /// How text in the pixels is treated.
    #[arg(long, value_name = "MODE", value_enum, default_value_t = PixelsMode::Off)]
    pub(crate) pixels: PixelsMode,
    /// Worker threads [default: the number of cores].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Input held in memory at once, in MiB, over all workers. A larger file is worked on alone.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) memory: u32,
    /// DANGER: write uids.csv and patients.csv with every original identifier and its pseudonym.
    /// Whoever holds them can undo the de-identification.
    #[arg(long, value_name = "DIR")]
    pub(crate) export_map: Option<PathBuf>,
    /// Write OUT/report.html: one file for a compliance officer, without original names.
    #[arg(long)]
    pub(crate) report: bool,
    /// Print errors only.
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) quiet: bool,
    /// Print the summary as JSON on stdout, and no progress.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which policy is applied.
#[derive(Debug, Args, Clone)]
pub(crate) struct PolicyArgs {
    /// A policy that comes with Obscura [default: research].
    #[arg(long, value_enum, value_name = "NAME", conflicts_with = "policy")]
    pub(crate) preset: Option<PresetName>,
    /// A policy of your own, in TOML; `obscura policy show --toml` prints one to start from.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

/// Which key makes the pseudonyms.
#[derive(Debug, Args, Clone)]
pub(crate) struct KeyArgs {
    /// The pseudonym key: a file, or `none` for a key that is forgotten at the end
    /// [default: your own key in the configuration directory, made on first use].
    #[arg(long, value_name = "FILE|none")]
    pub(crate) key: Option<PathBuf>,
}

/// `obscura inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The DICOM file.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Also list the elements that are kept as they are.
    #[arg(short, long)]
    pub(crate) all: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `obscura verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Released files are paired with their originals by the manifest if there is one, then by equal
relative path, then by equal pixel data. A file without a pair cannot be verified and is reported.
What is found is named by kind and place, never by value.")]
pub(crate) struct VerifyArgs {
    /// The output to search: a directory or a file.
    #[arg(value_name = "DIR")]
    pub(crate) released: PathBuf,
    /// The originals: a directory, a zip archive or a file.
    #[arg(long, value_name = "ORIGINALS")]
    pub(crate) against: PathBuf,
    /// The manifest that pairs them [default: DIR/manifest.jsonl if there is one].
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `obscura policy`.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// The effective policy: each row with its source.
    Show {
        #[command(flatten)]
        policy: PolicyArgs,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Print the policy's file, to copy and change.
        #[arg(long, conflicts_with = "json")]
        toml: bool,
    },
    /// Check a policy file, and say what it weakens.
    Check {
        /// The policy, in TOML.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// `obscura key`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a new key; an existing file is never overwritten.
    New {
        /// Where to write it [default: your own key in the configuration directory].
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// The presets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PresetName {
    /// The Basic Profile alone.
    Basic,
    /// Descriptors, structured content and graphics cleaned; dates modified; patient
    /// characteristics and safe private elements retained.
    Research,
    /// What The Cancer Imaging Archive keeps and removes.
    Tcia,
}

/// How text in the pixels is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PixelsMode {
    /// Text in the pixels is not looked for: the report says so. This version has no detector.
    Off,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
