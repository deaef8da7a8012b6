//! `OUT/report.html`: one file for a compliance officer, without network and without a single
//! original name.
//!
//! Everything in it comes from the manifest (so that a run in several parts has one report) and
//! from the policy. Quarantined inputs are named by their line in the manifest.

mod collect;
mod html;
mod redactions;
mod thumbs;

use std::fs::{self, File};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use obscura_deid::policy::{Policy, WeakeningLevel};

use crate::exit::shown;
use crate::keyfile::KeyOrigin;
use crate::output::OutputError;
use crate::output::atomic::{Access, write_whole};
use crate::output::state::Settings;
use crate::run::Ended;

/// What the report says of the run besides the manifest.
#[derive(Debug, Clone)]
pub(crate) struct About {
    policy: String,
    description: String,
    digest: String,
    options: Vec<String>,
    weakenings: Vec<(WeakeningLevel, String, String)>,
    key: &'static str,
    settings: Settings,
}

impl About {
    /// Collects it before the engine takes the policy.
    pub(crate) fn new(
        policy: &Policy,
        rule_weakenings: Vec<String>,
        key: &KeyOrigin,
        settings: &Settings,
    ) -> Self {
        // A team names a place on the screens of a device: less than a danger, more than nothing.
        let by_rules = rule_weakenings.into_iter().map(|sentence| {
            let key = "--pixel-rules".to_owned();
            (WeakeningLevel::Note, key, sentence)
        });
        let weakening =
            |w: &obscura_deid::policy::Weakening| (w.level, w.key.clone(), w.sentence.clone());
        Self {
            policy: policy.name().to_owned(),
            description: policy.description().trim().to_owned(),
            digest: policy.digest(),
            options: policy.options().map(|option| option.to_string()).collect(),
            weakenings: policy
                .weakenings()
                .iter()
                .map(weakening)
                .chain(by_rules)
                .collect(),
            key: key.describe(),
            settings: settings.clone(),
        }
    }
}

/// Writes the report of an output directory.
pub(crate) fn write(out: &Path, about: &About, ended: Ended) -> Result<(), OutputError> {
    let path = out.join("report.html");
    let failed = |source| OutputError::Write {
        path: shown(&path),
        source,
    };
    let facts = collect::read(out).map_err(failed)?;
    let thumbs = thumbs::make(out, &facts.pictures, thumbs::SIDE);
    let shown = facts.redacted.shown.iter();
    let touched: Vec<String> = shown
        .flat_map(|one| one.after.iter().chain(&one.before).cloned())
        .collect();
    let touched_thumbs = thumbs::make(out, &touched, thumbs::TOUCHED_SIDE);
    let page = html::page(&html::Page {
        about,
        facts: &facts,
        thumbs: &thumbs,
        touched_thumbs: &touched_thumbs,
        ended,
        date: &utc(SystemTime::now()),
    });
    let access = if about.settings.show_originals {
        Access::Owner
    } else {
        Access::Usual
    };
    write_whole(&path, page.as_bytes(), access, File::sync_all).map_err(failed)?;
    tracing::info!(
        bytes = fs::metadata(&path).map_or(0, |m| m.len()),
        "wrote the report"
    );
    Ok(())
}

/// `2026-03-04 05:06 UTC`, by the civil calendar (H. Hinnant, `days_from_civil`, inverted).
fn utc(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let era_day = shifted % 146_097;
    let era_year = (era_day - era_day / 1_460 + era_day / 36_524 - era_day / 146_096) / 365;
    let year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
    let month_index = (5 * year_day + 2) / 153;
    let day = year_day - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = shifted / 146_097 * 400 + era_year + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02} UTC",
        rest / 3_600,
        rest / 60 % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_399, "2000-02-28 23:59 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_772_600_760, "2026-03-04 05:06 UTC"),
            (4_107_542_399, "2100-02-28 23:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00 UTC"),
        ] {
            assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }
}
