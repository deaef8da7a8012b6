//! The command line as data: every command, option and default, with the help a person reads.
//!
//! Main type: [`Cli`]. Parsing is clap's; what an option means is decided in `commands`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use obscura_pipeline::{Area, Frames, Rectangle};

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
    /// Blank rectangles in the pixels of one file, or list what may be text for a person to decide.
    Redact(RedactArgs),
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
    /// Prove that an audit trail was not changed.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Administer a deployment on AWS.
    #[cfg(feature = "aws")]
    Aws(AwsArgs),
}

/// `obscura deid`.
#[derive(Debug, Args)]
#[command(after_help = "\
Output:
  OUT/dicom/<patient>/<study>/<series>/<sop>.dcm          all names are pseudonyms
  OUT/jpeg/<patient>/<study>/<series>/<sop>[-<frame>].jpg
  OUT/manifest.jsonl    one line an input; it names the originals, so keep it with them
  OUT/report.html       with --report; carries no original name
  OUT/danger-originals/ with --danger-show-originals: it names patients

A run that was stopped goes on where it ended when it is started again with the same options.")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line, and read where it is named"
)]
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
    #[arg(long, value_name = "MODE", value_enum, default_value_t = PixelsMode::Text)]
    pub(crate) pixels: PixelsMode,
    /// A team's own rules for devices, in TOML, beside those that come with Obscura.
    #[arg(long, value_name = "FILE")]
    pub(crate) pixel_rules: Option<PathBuf>,
    /// Where the models that find text are [default: where `cargo xtask models` puts them].
    #[arg(long, value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
    /// Worker threads [default: the number of cores].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Input held in memory at once, in MiB, over all workers. A larger file is worked on alone.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) memory: u32,
    /// Write what remained in pictures that were quarantined as burned-in-text, as a list of boxes
    /// for a person to accept or refuse. An existing file is never written over.
    #[arg(long, value_name = "LIST.json")]
    pub(crate) review: Option<PathBuf>,
    /// Follow a list with a person's decisions: accepted boxes are blanked, refused ones count as
    /// looked at.
    #[arg(long, value_name = "LIST.json")]
    pub(crate) apply: Option<PathBuf>,
    /// DANGER: write uids.csv and patients.csv with every original identifier and its pseudonym.
    /// Whoever holds them can undo the de-identification.
    #[arg(long, value_name = "DIR")]
    pub(crate) export_map: Option<PathBuf>,
    /// DANGER: keep a picture of each original that had text blanked, in OUT/danger-originals, and
    /// show it in the report. These pictures show what was blanked.
    #[arg(long)]
    pub(crate) danger_show_originals: bool,
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

/// `obscura redact`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("boxes to blank").required(true).args(["boxes", "review", "apply"])))]
#[command(after_help = "\
Examples:
  obscura redact us.dcm --out new.dcm --box 0,0,640,40 --box 500,440,140,40@1,5-8
  obscura redact us.dcm --review list.json
  obscura redact us.dcm --out new.dcm --apply list.json

This is no de-identification: the header stays as it is, names in it too. Boxes are in pixels of the
frame, from its upper left corner.")]
pub(crate) struct RedactArgs {
    /// The DICOM file. It is not changed.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where the result goes; an existing file is never written over.
    #[arg(
        short,
        long,
        value_name = "FILE",
        required_unless_present = "review",
        conflicts_with = "review"
    )]
    pub(crate) out: Option<PathBuf>,
    /// A rectangle to blank, as often as needed: left, top, width, height, and the frames counted
    /// from 1, such as @1,5-8 [default: all].
    #[arg(long = "box", value_name = "X,Y,W,H[@FRAMES]")]
    pub(crate) boxes: Vec<BoxArg>,
    /// Search for text and write what was found, as a list of boxes to accept or refuse.
    #[arg(long, value_name = "LIST.json")]
    pub(crate) review: Option<PathBuf>,
    /// Blank the boxes of a list that are accepted.
    #[arg(long, value_name = "LIST.json")]
    pub(crate) apply: Option<PathBuf>,
    /// Where the models that find text are [default: where `cargo xtask models` puts them].
    #[arg(long, value_name = "DIR", requires = "review")]
    pub(crate) models: Option<PathBuf>,
}

/// A rectangle as it is written on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BoxArg(pub(crate) Rectangle);

impl FromStr for BoxArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "say left,top,width,height in pixels, such as 0,0,640,40";
        let (place, frames) = text.split_once('@').unwrap_or((text, "all"));
        let numbers: Vec<u32> = place
            .split(',')
            .map(|number| number.trim().parse().map_err(|_| FORM))
            .collect::<Result<_, _>>()?;
        let [x, y, w, h] = numbers[..] else {
            return Err(FORM);
        };
        if w == 0 || h == 0 {
            return Err("the box is empty");
        }
        if x.checked_add(w).is_none() || y.checked_add(h).is_none() {
            return Err("the box is larger than any picture");
        }
        let frames = match frames.parse() {
            Ok(Frames::None) | Err(_) => {
                return Err("say the frames as all, first, or counted from 1, such as @1,5-8");
            }
            Ok(frames) => frames,
        };
        Ok(Self(Rectangle {
            area: Area::new(x, y, w, h),
            frames,
        }))
    }
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

/// `obscura audit`.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Look for entries that were changed, taken out, moved, cut off or forged.
    Verify(AuditVerifyArgs),
}

/// `obscura audit verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
DIR is a copy of the audit bucket or a part of it, as `aws s3 sync s3://AUDIT-BUCKET DIR` makes one,
with entries <group>/<job>/<number>.json. Each job has a chain of its own. A chain without its seal belongs
to a job that is still open, or was cut; both count as found wanting.

Exit codes: 0 every chain is whole, 2 something was found, 1 failure.")]
pub(crate) struct AuditVerifyArgs {
    /// The directory.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// The group's key, to prove that the seals are of nobody else. Without it, whoever may write
    /// everything anew could make a chain that fits.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `obscura aws`.
#[cfg(feature = "aws")]
#[derive(Debug, Args)]
#[command(after_help = "\
Credentials and region come from the environment or the profile, as for the AWS command line.
Names of tables, buckets and keys are made of the stack's name.")]
pub(crate) struct AwsArgs {
    /// The stack's name.
    #[arg(long, value_name = "NAME", default_value = "obscura", global = true)]
    pub(crate) stack: String,
    /// Name buckets in the path of a URL, as emulators of S3 want it.
    #[arg(long, global = true, hide = true)]
    pub(crate) path_style: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: AwsCommand,
}

/// What to do with a deployment.
#[cfg(feature = "aws")]
#[derive(Debug, Subcommand)]
pub(crate) enum AwsCommand {
    /// Add or list the groups, which are the tenants.
    #[command(subcommand)]
    Group(GroupCommand),
    /// DANGER: schedule the deletion of a group's key. Once it is gone, no pseudonym of the group
    /// can ever be made or linked again.
    Shred {
        /// The group.
        group: String,
        /// Days until the key is gone, 7 to 30. Until then an administrator can cancel it.
        #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(7..=30))]
        days: u32,
        /// The group once more, so that nothing is shredded by a slip.
        #[arg(long, value_name = "GROUP")]
        confirm: String,
    },
    /// Erase a person or a job of a group from every bucket and table, and print the receipt.
    Erase(EraseArgs),
}

/// `obscura aws group`.
#[cfg(feature = "aws")]
#[derive(Debug, Subcommand)]
pub(crate) enum GroupCommand {
    /// Make the key and the secret of a new group; one that is there stays as it is.
    Add {
        /// The group: 1 to 32 of a-z, 0-9 and -.
        group: String,
    },
    /// List the groups and their keys.
    List,
}

/// `obscura aws erase`.
#[cfg(feature = "aws")]
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("whom to erase").required(true).args(["job", "pseudonym", "patient_id_stdin"])))]
pub(crate) struct EraseArgs {
    /// The group.
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: String,
    /// A job, by its id.
    #[arg(long, value_name = "ID")]
    pub(crate) job: Option<String>,
    /// A person, by the pseudonym.
    #[arg(long, value_name = "PSEUDONYM")]
    pub(crate) pseudonym: Option<String>,
    /// A person, by the original Patient ID, read from stdin: it is on no command line and in no
    /// history.
    #[arg(long)]
    pub(crate) patient_id_stdin: bool,
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
    /// Rectangles by rule only: outside the regions of ultrasound images, and what is known of
    /// devices. Other text is not looked for.
    Rules,
    /// Text is looked for on every frame, blanked, and looked for again.
    Text,
    /// The same, harder: the whole of every frame at more sizes, and everything outside the regions
    /// of ultrasound images goes.
    Strict,
    /// DANGER: text in the pixels is not looked for, and stays.
    Off,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn a_box_is_read_as_it_is_meant_or_refused() {
        let read = |text: &str| text.parse::<BoxArg>();
        let all = read("0, 1,20,30").unwrap().0;
        assert_eq!(
            (all.area, all.frames),
            (Area::new(0, 1, 20, 30), Frames::All)
        );
        let some = read("0,1,20,30@1,5-8").unwrap().0;
        assert_eq!(some.frames, Frames::Chosen(vec![(1, 1), (5, 8)]));
        for text in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "1,2,0,4",
            "-1,2,3,4",
            "1,2,3,4@",
            "1,2,3,4@0",
            "1,2,3,4@none",
            "4294967295,0,2,2",
            "a,b,c,d",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
