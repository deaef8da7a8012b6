//! What a person sees while a run goes on: a bar with a rate, and a line for each input set aside.
//!
//! Everything goes to stderr. The bar is drawn on a terminal only. Inputs are named here by their
//! path as given, on the user's own terminal, and never in a log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::exit::Shown;
use crate::output::manifest::Line;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// A bar, and a line for each input set aside.
    Full,
    /// Nothing.
    Silent,
}

/// Tells a person how a run goes.
#[derive(Debug)]
pub(crate) struct Progress {
    voice: Voice,
    bar: ProgressBar,
    told: AtomicU64,
}

/// Inputs that are named on the terminal; the manifest has them all.
const NAMED: u64 = 20;

impl Progress {
    /// A progress that draws on stderr if that is a terminal.
    pub(crate) fn new(voice: Voice) -> Self {
        let bar = match voice {
            Voice::Full => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
            Voice::Silent => ProgressBar::hidden(),
        };
        let style = ProgressStyle::with_template(UNKNOWN_TOTAL);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self {
            voice,
            bar,
            told: AtomicU64::new(0),
        }
    }

    /// Whether a bar is drawn, so that counting the inputs ahead is worth it.
    pub(crate) fn is_drawn(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// The number of inputs is known now.
    pub(crate) fn set_total(&self, total: u64) {
        self.bar.set_length(total);
        if let Ok(style) = ProgressStyle::with_template(KNOWN_TOTAL) {
            self.bar.set_style(style.progress_chars("=> "));
        }
    }

    /// One more input is done; `quarantined` have been set aside.
    pub(crate) fn advance(&self, quarantined: u64) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.inc(1);
        if quarantined > 0 {
            self.bar.set_message(format!("{quarantined} quarantined"));
        }
    }

    /// An input was set aside.
    pub(crate) fn quarantined(&self, shown: &str, line: &Line) {
        let reason = line.reason.map_or("", obscura_core::Reason::code);
        let detail = line.detail.as_deref().unwrap_or_default();
        let between = if detail.is_empty() { "" } else { ": " };
        self.tell(&format!(
            "quarantined {shown}: {reason}{between}{}",
            Shown(detail)
        ));
    }

    /// Another content with the same SOP Instance UID was released before.
    pub(crate) fn conflict(&self, shown: &str) {
        let what = "another object has the same SOP Instance UID; both are kept apart";
        self.tell(&format!("conflict    {shown}: {what}"));
    }

    fn tell(&self, text: &str) {
        if self.voice == Voice::Silent {
            return;
        }
        let told = self.told.fetch_add(1, Ordering::Relaxed);
        match told.cmp(&NAMED) {
            std::cmp::Ordering::Less => self.line(text),
            std::cmp::Ordering::Equal => self.line("... the others are in the manifest"),
            std::cmp::Ordering::Greater => {}
        }
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| crate::stderr_line(text));
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

const UNKNOWN_TOTAL: &str = "{spinner} {human_pos} files  {per_sec}  {elapsed}  {msg}";
const KNOWN_TOTAL: &str = "[{bar:30}] {human_pos}/{human_len} files  {per_sec}  {eta} left  {msg}";
