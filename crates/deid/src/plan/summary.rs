//! The plan for people: counts for the report, lines for `inspect`. No values.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use obscura_dicom::{DicomFile, Tag};
use serde::Serialize;

use super::decide::Because;
use super::{Act, ITEM, Plan};

/// How many elements were treated how, and by which rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PlanSummary {
    /// Elements of the object, items of sequences included, those of removed sequences not.
    pub elements: u64,
    /// Elements by what was done ([`super::Act::name`]).
    pub actions: BTreeMap<&'static str, u64>,
    /// Elements that did not simply stay, by the rule that says so.
    pub rules: BTreeMap<String, u64>,
}

/// One element of the plan, for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanLine {
    /// Where: `(0040,A730)[2].(0040,A160)`; items count from 1.
    pub path: String,
    /// The attribute's name, or `private` or `unknown`.
    pub name: String,
    /// The VR.
    pub vr: String,
    /// What is done ([`super::Act::name`]).
    pub action: &'static str,
    /// By which rule.
    pub rule: String,
}

impl Plan {
    /// The counts of this plan.
    pub fn summary(&self) -> PlanSummary {
        let mut elements = 0;
        let mut acts: Vec<(Act, u64)> = Vec::with_capacity(14);
        let mut rules: Vec<(Because, u64)> = Vec::with_capacity(16);
        for step in self.steps().iter().filter(|step| step.tag != ITEM) {
            elements += 1;
            count(&mut acts, step.act);
            if !matches!(step.act, Act::Keep | Act::Descend) {
                count(&mut rules, step.because);
            }
        }
        let named = |(act, count): (Act, u64)| (act.name(), count);
        let actions = acts.into_iter().map(named).collect();
        let written = |(rule, count): (Because, u64)| {
            let mut text = String::with_capacity(96);
            // Writing to a string cannot fail.
            let _ = write!(text, "{rule}");
            (text, count)
        };
        let mut by_rule: BTreeMap<String, u64> = BTreeMap::new();
        for (rule, count) in rules.into_iter().map(written) {
            // Two rules of one wording are one for a person.
            *by_rule.entry(rule).or_insert(0) += count;
        }
        PlanSummary {
            elements,
            actions,
            rules: by_rule,
        }
    }

    /// The lines of this plan for the object it was made of.
    pub fn lines(&self, file: &DicomFile<'_>) -> Vec<PlanLine> {
        let mut lines = Vec::with_capacity(self.steps().len());
        self.visit(&file.data, &mut |step, path, element| {
            let mut at = String::new();
            for (tag, number) in path {
                at += &[tag.to_string(), format!("[{}].", number + 1)].concat();
            }
            at.push_str(&element.tag.to_string());
            lines.push(PlanLine {
                path: at,
                name: name(element.tag).to_owned(),
                vr: step.vr.to_string().to_owned(),
                action: step.act.name(),
                rule: step.because.to_string(),
            });
        });
        lines
    }
}

/// Counts one more of a kind. There are few kinds, and most steps are of those counted before.
fn count<K: PartialEq>(counts: &mut Vec<(K, u64)>, kind: K) {
    match counts.iter_mut().find(|(known, _)| *known == kind) {
        Some((_, count)) => *count += 1,
        None => counts.push((kind, 1)),
    }
}

fn name(tag: Tag) -> &'static str {
    if tag.group() % 2 == 1 {
        return "private";
    }
    StandardDataDictionary
        .by_tag(tag)
        .map_or("unknown", DataDictionaryEntry::alias)
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(source) => source.fmt(f),
            Self::ContentItem(source) => write!(f, "content item: {source}"),
            Self::Private(source) => source.fmt(f),
            Self::Outside => f.write_str("standard attribute outside Table E.1-1, by its VR"),
            Self::Unknown => f.write_str("attribute unknown to the standard"),
            Self::InDummy => f.write_str("inside a sequence replaced by dummies"),
            Self::Graphics => f.write_str("overlays and curves (PS3.15 E.3.3)"),
            Self::Item => f.write_str("item of a kept sequence"),
        }
    }
}
