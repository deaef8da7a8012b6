//! [`explain`]: what each reason means and what to do about it: the text of `docs/reasons.md`, embedded.

use obscura_core::Reason;

const TEXT: &str = include_str!("../../../docs/reasons.md");
const ADVICE: &str = "**What to do:**";

/// What a reason means, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What happened.
    pub meaning: String,
    /// What a person can do.
    pub advice: String,
}

/// The explanation of a reason; empty for one that the text does not have.
pub fn explain(reason: Reason) -> Explained {
    let heading = format!("\n## `{}`\n", reason.code());
    let section = TEXT.split_once(&heading).map_or("", |(_, rest)| rest);
    let section = section.split("\n# ").next().unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let (meaning, advice) = section.split_once(ADVICE).unwrap_or((section, ""));
    Explained {
        meaning: flowing(meaning),
        advice: flowing(advice),
    }
}

/// Lines joined, marks of code taken away, the first letter large.
fn flowing(text: &str) -> String {
    let joined = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('`', "");
    let mut letters = joined.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue: the report says of each quarantined file what to do about it. Issue 4: every permanent
    /// reason has a code in `docs/reasons.md`.
    #[test]
    fn every_reason_is_explained_and_nothing_else() {
        for reason in Reason::ALL {
            let explained = explain(*reason);
            assert!(
                explained.meaning.len() > 20 && explained.advice.len() > 7,
                "{reason}"
            );
            assert!(!explained.advice.contains('#'), "{reason}");
        }
        let headings = TEXT.lines().filter(|line| line.starts_with("## `"));
        assert_eq!(headings.count(), Reason::ALL.len());
    }
}
