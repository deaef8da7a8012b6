//! The plan for people: counts for the report, lines for `inspect`. No values.

use std::collections::BTreeMap;
use std::fmt;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use obscura_dicom::{DicomFile, Tag};
use serde::Serialize;

use super::decide::Because;
use super::{ITEM, Plan};

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
        let mut actions = BTreeMap::new();
        let mut rules: BTreeMap<Because, u64> = BTreeMap::new();
        let mut elements = 0;
        for step in self.steps().iter().filter(|step| step.tag != ITEM) {
            elements += 1;
            *actions.entry(step.act.name()).or_insert(0) += 1;
            if !matches!(step.act, super::Act::Keep | super::Act::Descend) {
                *rules.entry(step.because).or_insert(0) += 1;
            }
        }
        let rules = rules
            .into_iter()
            .map(|(rule, count)| (rule.to_string(), count))
            .collect();
        PlanSummary {
            elements,
            actions,
            rules,
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
