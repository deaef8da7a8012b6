//! What each reason means and what to do about it: the text of `docs/reasons.md`, embedded.

use obscura_core::Reason;

const TEXT: &str = include_str!("../../../docs/reasons.md");
const ADVICE: &str = "**What to do:**";

/// What a reason means, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Explained {
    /// What happened.
    pub(crate) meaning: String,
    /// What a person can do.
    pub(crate) advice: String,
}

/// The explanation of a reason; empty for one that the text does not have.
pub(crate) fn explain(reason: Reason) -> Explained {
    let heading = format!("\n## `{}`\n", reason.code());
    let section = TEXT.split_once(&heading).map_or("", |(_, rest)| rest);
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

    /// Issue: the report says of each quarantined file what to do about it.
    #[test]
    fn every_reason_is_explained() {
        let mut documented = 0;
        for line in TEXT.lines().filter_map(|line| line.strip_prefix("## `")) {
            let code = line.trim_end_matches('`');
            let reason: Reason = serde_json::from_value(code.into()).expect(code);
            let explained = explain(reason);
            assert!(
                explained.meaning.len() > 20 && explained.advice.len() > 7,
                "{code}"
            );
            documented += 1;
        }
        // `Reason` has this many variants; the compiler cannot count them.
        assert_eq!(documented, 20);
    }
}
