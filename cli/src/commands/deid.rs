//! `obscura deid`: wires sources, engine and output together, and says what came of it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use miette::Diagnostic;
use obscura_core::{Limits, PseudonymKey, Pseudonyms};
use obscura_deid::policy::Policy;
use obscura_pipeline::{self as pipeline, Decisions, Deidentifier, Options, Originals, Pixels};
use obscura_pixels::render::Quality;
use obscura_pixels::rules::Rules;
use obscura_pixels::text::TextFinder;
use serde_json::json;
use thiserror::Error;

use super::{CommandResult, chosen_policy, read_rules};
use crate::args::{DeidArgs, PixelsMode};
use crate::exit::shown;
use crate::keyfile::{self, KeyOrigin};
use crate::models::{self, ModelsError};
use crate::output::layout::DANGER_ORIGINALS;
use crate::output::manifest::Fingerprint;
use crate::output::map::ExportedMap;
use crate::output::state::{OutDir, Settings};
use crate::progress::{Progress, Voice};
use crate::report;
use crate::review::{self, ReviewError};
use crate::run::{Ended, Run, Summary};
use crate::sources::Walk;

/// Set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// De-identifies everything that was named.
pub(crate) fn deid(args: &DeidArgs) -> CommandResult {
    let limits = Limits::default();
    let policy = chosen_policy(&args.policy)?;
    // Before anything is made: a path that does not exist, or an output that is an input.
    Walk::new(&args.paths, Some(&args.out), limits)?;
    let decisions = Decided::read(args)?;
    let (rules, rules_digest) = match (args.pixels, args.pixel_rules.as_deref()) {
        // Nobody asks for the rules.
        (PixelsMode::Off, None) => (Rules::default(), String::new()),
        (_, own) => read_rules(own)?,
    };
    let rule_weakenings = rules.weakenings();
    let pixels = pixels(args, Arc::new(rules))?;
    let chosen = keyfile::choose(args.key.key.as_deref())?;
    if let KeyOrigin::Made(path) = &chosen.origin {
        crate::stderr_line(&format!(
            "made your pseudonym key in {}: keep it secret and keep a copy",
            shown(path)
        ));
    }
    let settings = settings(args, &policy, &chosen.key, rules_digest);
    let out = OutDir::open(&args.out, settings)?;
    // The walk is looked at again: the output exists now and may stand inside an input.
    let walk = Walk::new(&args.paths, Some(&args.out), limits)?;
    let map = open_map(args)?;
    if args.danger_show_originals {
        crate::stderr_line(&format!(
            "DANGER: --danger-show-originals keeps pictures of originals in {} and in the report; \
             they show the text that was blanked, so never give them away",
            shown(&args.out.join(DANGER_ORIGINALS))
        ));
    }
    let about = report::About::new(&policy, rule_weakenings, &chosen.origin, out.settings());
    let engine = Deidentifier::new(
        policy,
        &chosen.key,
        options(args, pixels, &decisions, limits),
    );
    tracing::info!(policy = out.settings().policy_digest, "run begins");
    stop_on_signals();
    let silent = args.quiet || args.json;
    let progress = Progress::new(if silent { Voice::Silent } else { Voice::Full });
    let run = Run {
        walk: &walk,
        engine: &engine,
        out: &out,
        map,
        decided: decisions.contents,
        jobs: args.jobs.map_or_else(cores, usize::from),
        memory: u64::from(args.memory) << 20,
        limits,
        stop: &STOP,
        progress: &progress,
    };
    let summary = thread::scope(|scope| {
        count_ahead(scope, &walk, &progress);
        let summary = run.run();
        // Ends the counting too, if it is still going on.
        COUNTED.store(true, Ordering::Relaxed);
        summary
    });
    progress.finish();
    let summary = summary?;
    tracing::info!(
        inputs = summary.inputs,
        released = summary.released,
        quarantined = summary.quarantined_total(),
        skipped = summary.skipped_total(),
        duration_ms = summary.elapsed.as_millis(),
        "run ended"
    );
    if args.report {
        report::write(&out.path, &about, summary.ended)?;
    }
    let review = args
        .review
        .as_deref()
        .filter(|_| summary.ended == Ended::Complete);
    if let Some(list) = review {
        let objects = review::remaining(&out.path).map_err(|source| ReviewError::Manifest {
            path: shown(&out.path),
            source,
        })?;
        review::write_many(list, objects)?;
    }
    tell(args, &summary);
    Ok(summary.ending())
}

fn settings(args: &DeidArgs, policy: &Policy, key: &PseudonymKey, pixel_rules: String) -> Settings {
    Settings {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        policy: policy.name().to_owned(),
        policy_digest: policy.digest(),
        key: Pseudonyms::new(key).token("output directory", "fingerprint of the key", 16),
        jpeg: args.jpeg.to_string(),
        quality: args.quality,
        pixels: match args.pixels {
            PixelsMode::Rules => "rules".to_owned(),
            PixelsMode::Text => "text".to_owned(),
            PixelsMode::Strict => "strict".to_owned(),
            PixelsMode::Off => "off".to_owned(),
        },
        pixel_rules,
        export_map: args.export_map.is_some(),
        show_originals: args.danger_show_originals,
    }
}

/// The models are read before any input is touched.
fn pixels(args: &DeidArgs, rules: Arc<Rules>) -> Result<Pixels, ModelsError> {
    let finder =
        || models::load(args.models.as_deref()).map(|ocr| Arc::new(ocr) as Arc<dyn TextFinder>);
    Ok(match args.pixels {
        PixelsMode::Off => Pixels::Off,
        PixelsMode::Rules => Pixels::Rules(rules),
        PixelsMode::Text => Pixels::Text(rules, finder()?),
        PixelsMode::Strict => Pixels::Strict(rules, finder()?),
    })
}

/// What a person decided, read before any input is touched.
#[derive(Debug, Default)]
struct Decided {
    decisions: Decisions,
    /// The contents it is about.
    contents: HashSet<Fingerprint>,
}

/// A list of boxes is of no use here.
#[derive(Debug, Error, Diagnostic)]
#[error("--review and --apply are about text that was searched for: not with --pixels {mode}")]
#[diagnostic(help("leave --pixels away, or say --pixels strict"))]
struct NotSearched {
    mode: &'static str,
}

impl Decided {
    fn read(args: &DeidArgs) -> Result<Self, Box<dyn Diagnostic + Send + Sync>> {
        let mode = match args.pixels {
            PixelsMode::Off => Some("off"),
            PixelsMode::Rules => Some("rules"),
            PixelsMode::Text | PixelsMode::Strict => None,
        };
        if let Some(mode) = mode.filter(|_| args.review.is_some() || args.apply.is_some()) {
            return Err(NotSearched { mode }.into());
        }
        if let Some(list) = args.review.as_deref().filter(|list| list.exists()) {
            return Err(ReviewError::Exists { path: shown(list) }.into());
        }
        let Some(list) = &args.apply else {
            return Ok(Self::default());
        };
        let objects = review::read(list)?;
        let by_content: Vec<([u8; 32], Vec<pipeline::Decided>)> = objects
            .iter()
            .filter_map(|object| {
                let decided = object.boxes.iter().flat_map(review::Listed::decided);
                Some((object.digest()?, decided.collect()))
            })
            .collect();
        let contents = by_content
            .iter()
            .map(|(sha, _)| Fingerprint::of_digest(sha));
        Ok(Self {
            contents: contents.collect(),
            decisions: Decisions::new(by_content),
        })
    }
}

fn options(args: &DeidArgs, pixels: Pixels, decided: &Decided, limits: Limits) -> Options {
    Options {
        frames: args.jpeg.clone(),
        quality: Quality::new(args.quality).unwrap_or_default(),
        pixels,
        decisions: decided.decisions.clone(),
        limits,
        originals: if args.danger_show_originals {
            Originals::Shown
        } else {
            Originals::Withheld
        },
        collect_map: args.export_map.is_some(),
    }
}

fn open_map(args: &DeidArgs) -> Result<Option<ExportedMap>, crate::output::OutputError> {
    let Some(directory) = &args.export_map else {
        return Ok(None);
    };
    let map = ExportedMap::open(directory)?;
    crate::stderr_line(&format!(
        "DANGER: --export-map writes every original identifier with its pseudonym to {}; whoever \
         holds these files can undo the de-identification",
        shown(directory)
    ));
    Ok(Some(map))
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Ctrl-C (and SIGTERM) lets the inputs under way end; the second one ends at once, and what is
/// half-written has no name and goes when the next run begins.
fn stop_on_signals() {
    let handler = || {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(1);
        }
        crate::stderr_line("stopping: finishing what is under way (once more to stop at once)");
    };
    if ctrlc::set_handler(handler).is_err() {
        tracing::warn!("signals cannot be caught; a kill is safe too, but is not announced");
    }
}

/// Set when the inputs need not be counted any more.
static COUNTED: AtomicBool = AtomicBool::new(false);

/// Counts the inputs beside the run, so that the bar knows how long it is.
fn count_ahead<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    walk: &'scope Walk,
    progress: &'scope Progress,
) {
    if !progress.is_drawn() {
        return;
    }
    scope.spawn(move || {
        let count = AtomicU64::new(0);
        walk.run(&mut |_| {
            count.fetch_add(1, Ordering::Relaxed);
            if COUNTED.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        progress.set_total(count.into_inner());
    });
}

fn tell(args: &DeidArgs, summary: &Summary) {
    if args.json {
        crate::stdout(&as_json(args, summary));
    } else if !args.quiet {
        crate::stdout(&as_text(args, summary));
    }
}

fn as_json(args: &DeidArgs, summary: &Summary) -> String {
    let mut value = json!(summary);
    value["files_per_second"] = json!((summary.rate() * 10.0).round() / 10.0);
    value["out"] = json!(args.out.to_string_lossy());
    value["manifest"] = json!(args.out.join("manifest.jsonl").to_string_lossy());
    if args.report {
        value["report"] = json!(args.out.join("report.html").to_string_lossy());
    }
    format!("{value:#}\n")
}

fn as_text(args: &DeidArgs, summary: &Summary) -> String {
    let (out, report) = (&args.out, args.report);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{} released", summary.released);
    if summary.duplicates > 0 {
        let _ = write!(text, " ({} duplicates)", summary.duplicates);
    }
    let _ = write!(
        text,
        ", {} quarantined, {} skipped",
        summary.quarantined_total(),
        summary.skipped_total()
    );
    if summary.kept > 0 {
        let _ = write!(text, "; {} of them done by a former run", summary.kept);
    }
    let _ = writeln!(
        text,
        "\n{} pictures, {:.1} MB read in {:.1} s, {:.0} files/s",
        summary.pictures,
        summary.bytes_in as f64 / 1e6,
        summary.elapsed.as_secs_f64(),
        summary.rate()
    );
    if summary.conflicts > 0 {
        let _ = writeln!(
            text,
            "{} objects share a SOP Instance UID with another one and are kept apart",
            summary.conflicts
        );
    }
    for (reason, count) in &summary.quarantined {
        let _ = writeln!(text, "  {count:>6} quarantined: {reason}");
    }
    for (warning, count) in &summary.warnings {
        let _ = writeln!(text, "  {count:>6} with a warning: {warning}");
    }
    let _ = writeln!(text, "manifest  {}", shown(&out.join("manifest.jsonl")));
    if report {
        let _ = writeln!(text, "report    {}", shown(&out.join("report.html")));
    }
    if let (Some(list), Ended::Complete) = (&args.review, summary.ended) {
        let _ = writeln!(text, "review    {}", shown(list));
    }
    match args.pixels {
        PixelsMode::Off => {
            text.push_str("DANGER    text in the pixels was not looked for (--pixels off)\n");
        }
        PixelsMode::Rules => text.push_str(
            "warning   only rules ran on the pixels: other text was not looked for (--pixels rules)\n",
        ),
        PixelsMode::Text | PixelsMode::Strict => {}
    }
    if summary.ended == Ended::Interrupted {
        text.push_str("stopped before the end: run the same command again to go on\n");
    }
    text
}
