//! `obscura policy show` and `obscura policy check`.

use std::fmt::Write as _;

use obscura_deid::policy::{Policy, PolicyRow, WeakeningLevel};
use serde_json::json;

use super::{CommandResult, chosen_policy, policy_text, read_policy};
use crate::args::PolicyCommand;
use crate::exit::{Ending, shown};

/// Shows or checks a policy.
pub(crate) fn policy(command: PolicyCommand) -> CommandResult {
    match command {
        PolicyCommand::Show {
            policy, toml: true, ..
        } => crate::stdout(&policy_text(&policy)?),
        PolicyCommand::Show { policy, json, .. } => {
            let policy = chosen_policy(&policy)?;
            crate::stdout(&if json {
                as_json(&policy)
            } else {
                as_text(&policy)
            });
        }
        PolicyCommand::Check { file } => {
            let policy = read_policy(&file)?;
            crate::stdout(&format!("{} is a policy.\n{}", shown(&file), head(&policy)));
        }
    }
    Ok(Ending::Clean)
}

/// Name, digest, options and weakenings.
fn head(policy: &Policy) -> String {
    let mut text = format!("{}\n", policy.digest());
    // Writing to a string cannot fail.
    if !policy.description().is_empty() {
        let _ = writeln!(text, "{}", policy.description().trim());
    }
    for option in policy.options() {
        let _ = writeln!(text, "option   {option}");
    }
    for weakening in policy.weakenings() {
        let _ = writeln!(
            text,
            "{:<8} {}: {}",
            level(weakening.level),
            weakening.key,
            weakening.sentence
        );
    }
    text
}

/// The word for a level.
pub(crate) const fn level(level: WeakeningLevel) -> &'static str {
    match level {
        WeakeningLevel::Danger => "DANGER",
        WeakeningLevel::Note => "note",
    }
}

fn as_text(policy: &Policy) -> String {
    let rows: Vec<PolicyRow> = policy.rows().collect();
    let width = |of: fn(&PolicyRow) -> &str, most: usize| {
        rows.iter()
            .map(|row| of(row).chars().count())
            .max()
            .unwrap_or(0)
            .min(most)
    };
    let (pattern, name, action) = (
        width(|r| &r.pattern, 44),
        width(|r| &r.name, 44),
        width(|r| &r.action, 24),
    );
    let mut text = head(policy);
    let mut table = "";
    for row in &rows {
        if row.table != table {
            table = row.table;
            let _ = writeln!(text, "\n{table}");
        }
        let _ = writeln!(
            text,
            "{:<pattern$}  {:<name$}  {:<action$}  {}",
            row.pattern, row.name, row.action, row.source
        );
    }
    text
}

fn as_json(policy: &Policy) -> String {
    let rows = policy.rows().map(|row| {
        json!({
            "table": row.table,
            "pattern": row.pattern,
            "name": row.name,
            "action": row.action,
            "source": row.source,
        })
    });
    let weakenings = policy.weakenings().iter().map(
        |w| json!({"level": level(w.level).to_lowercase(), "key": w.key, "sentence": w.sentence}),
    );
    let value = json!({
        "name": policy.name(),
        "description": policy.description(),
        "digest": policy.digest(),
        "options": policy.options().map(|o| o.to_string()).collect::<Vec<_>>(),
        "weakenings": weakenings.collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}
