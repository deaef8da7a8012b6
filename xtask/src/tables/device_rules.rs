//! The rules for devices of `crates/pixels`, from pydicom/deid's recipe.
//!
//! What the recipe means and where the rules depart from it is in `crates/pixels/data/README.md`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::source::{bytes, content, tag_of};
use super::{Generated, TablesError};

const RECIPE: &str = "pydicom_deid_regions.deid.dicom";

/// Fields that are none, and what is meant.
const FIELDS: [(&str, &str); 3] = [
    ("Manfacturer", "Manufacturer"),
    ("Manufacture", "Manufacturer"),
    // The code of the phantom stands in its sequence, never by itself.
    ("CodeMeaning", "CTDIPhantomTypeCodeSequence.CodeMeaning"),
];

/// Modalities that are no defined terms (PS3.3 C.7.3.1.1.1), and what is meant.
const MODALITIES: [(&str, &[&str]); 3] = [
    ("PET/CT", &["PT", "CT"]),
    // Of the label "Canon CR/DR".
    ("MRI", &["CR", "DX"]),
    ("Other", &["OT"]),
];

/// Values that are misread in the recipe: the detector's name ends in a letter.
const VALUES: [(&str, &[&str]); 1] = [("CXD1", &["CXD1", "CXDI"])];

/// What a label asks of the header.
#[derive(Clone, PartialEq)]
enum Asked {
    All(Vec<Asked>),
    Any(Vec<Asked>),
    One {
        test: &'static str,
        field: String,
        values: Vec<String>,
    },
}

/// A label of the recipe.
#[derive(Default)]
struct Label {
    section: String,
    name: String,
    source: String,
    checks: Vec<Asked>,
    areas: Vec<String>,
}

pub(super) fn generate(data: &Path) -> Result<Vec<Generated>, TablesError> {
    let text =
        String::from_utf8(bytes(data, RECIPE)?).map_err(|_| wrong("the recipe is not UTF-8"))?;
    let labels = labels(&text)?;
    let mut out = head(labels.len());
    let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for label in &labels {
        let Some(body) = label.body() else { continue };
        if !seen.insert(format!("{}{body}", label.name)) {
            continue;
        }
        let name = unused(&mut names, &label.full_name());
        let _ = writeln!(out, "\n[[rule]]\nname = {}", quoted(&name));
        if !label.source.is_empty() {
            let _ = writeln!(out, "source = {}", quoted(&label.source));
        }
        out.push_str(&body);
    }
    Ok(vec![Generated {
        path: "rules/devices.toml",
        content: out,
    }])
}

fn head(count: usize) -> String {
    format!(
        "# Rectangles that hold identifiers, by device. Generated from {count} labels of\n\
         # `crates/pixels/data/{RECIPE}` by `cargo xtask tables`: never edit by\n\
         # hand. A team's own rules go into a file of their own; docs/pixel-rules.md has the format.\n\
         #\n\
         # The recipe is part of pydicom/deid, copyright (c) 2016-2022 Vanessa Sochat, under the MIT\n\
         # licence (crates/pixels/data/pydicom_deid.LICENSE.txt). `source` is who contributed a\n\
         # label to it.\n"
    )
}

fn labels(text: &str) -> Result<Vec<Label>, TablesError> {
    let (mut labels, mut section) = (Vec::<Label>::new(), String::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix('%') {
            name.trim_start_matches("filter")
                .trim()
                .clone_into(&mut section);
        } else if line.starts_with('#') || section == "header" || line.starts_with("FORMAT") {
        } else if let Some(name) = line.strip_prefix("LABEL") {
            let (name, source) = match name.split_once('#') {
                Some((name, comment)) => (name, comment),
                None => name.split_once('(').unwrap_or((name, "")),
            };
            labels.push(Label {
                section: section.clone(),
                name: name.trim().to_owned(),
                source: source.trim().trim_matches(['(', ')']).to_owned(),
                ..Label::default()
            });
        } else {
            let label = labels
                .last_mut()
                .ok_or_else(|| wrong("a line before the first label"))?;
            label.line(line)?;
        }
    }
    Ok(labels)
}

impl Label {
    /// One line of the label: a rectangle, or a check with its operator.
    fn line(&mut self, line: &str) -> Result<(), TablesError> {
        if let Some(corners) = line.strip_prefix("ctpcoordinates") {
            let [x, y, w, h] = four(corners)?;
            self.areas.push(format!("{x},{y},{w},{h}"));
            return Ok(());
        }
        if let Some(corners) = line.strip_prefix("coordinates") {
            let [left, upper, right, lower] = four(corners)?;
            let size = |from: u32, to: u32| {
                to.checked_sub(from)
                    .filter(|size| *size > 0)
                    .ok_or_else(|| wrong("corners in the wrong order"))
            };
            let (w, h) = (size(left, right)?, size(upper, lower)?);
            self.areas.push(format!("{left},{upper},{w},{h}"));
            return Ok(());
        }
        if let Some(check) = line.strip_prefix('+') {
            let check = checks(check)?;
            match self.checks.pop() {
                None => self.checks.push(check),
                Some(before) => self.checks.push(joined(before, check, Joint::And)),
            }
        } else if let Some(check) = line.strip_prefix("||") {
            let before = self
                .checks
                .pop()
                .ok_or_else(|| wrong("an operator without a check before it"))?;
            self.checks.push(joined(before, checks(check)?, Joint::Or));
        } else {
            self.checks.push(checks(line)?);
        }
        Ok(())
    }

    /// The rule's text after its name; `None` for a label that is left out.
    fn body(&self) -> Option<String> {
        if self.section == "whitelist" {
            return None;
        }
        let asked = match self.checks.as_slice() {
            [one] => one.clone(),
            several => Asked::Any(several.to_vec()),
        };
        if self.areas.is_empty() && asked.names_only_a_device() {
            return None;
        }
        let parts = match asked {
            Asked::All(parts) => parts,
            other => vec![other],
        };
        let mut out = String::new();
        let (modality, when): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.is_modality());
        // A rule needs a condition besides the modality.
        let (modality, when) = if when.is_empty() {
            (Vec::new(), modality)
        } else {
            (modality, when)
        };
        if let [Asked::One { test, values, .. }] = modality.as_slice() {
            let _ = writeln!(out, "modality = {}", list(test, values));
        }
        out.push_str("when = [\n");
        for part in when {
            let _ = writeln!(out, "    {},", part.toml());
        }
        out.push_str("]\n");
        if self.areas.is_empty() {
            out.push_str("action = \"suspect\"\n");
        } else {
            let areas: Vec<_> = self.areas.iter().map(|area| quoted(area)).collect();
            let _ = writeln!(out, "action = \"blank\"\nareas = [{}]", areas.join(", "));
        }
        Some(out)
    }

    /// The label's name and the rows it is for: many labels share one name.
    fn full_name(&self) -> String {
        let rows = self.checks.iter().find_map(Asked::rows);
        match rows {
            Some(rows) => format!("{}, {rows} rows", self.name),
            None => self.name.clone(),
        }
    }
}

fn unused(names: &mut BTreeSet<String>, name: &str) -> String {
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    let mut all = std::iter::once(name.to_owned()).chain(numbered);
    let free = all.find(|name| !names.contains(name)).unwrap_or_default();
    names.insert(free.clone());
    free
}

#[derive(Clone, Copy, PartialEq)]
enum Joint {
    And,
    Or,
}

fn joined(before: Asked, then: Asked, joint: Joint) -> Asked {
    match (before, joint) {
        (Asked::All(mut all), Joint::And) => {
            all.push(then);
            Asked::All(all)
        }
        (Asked::Any(mut any), Joint::Or) => {
            any.push(then);
            Asked::Any(any)
        }
        (before, Joint::And) => Asked::All(vec![before, then]),
        (before, Joint::Or) => Asked::Any(vec![before, then]),
    }
}

/// The checks of one line, joined by `||` (no line of the recipe has a `+` within).
fn checks(line: &str) -> Result<Asked, TablesError> {
    let mut parts = line.split("||").map(check);
    let first = parts.next().ok_or_else(|| wrong("an empty line"))??;
    parts.try_fold(first, |before, part| Ok(joined(before, part?, Joint::Or)))
}

fn check(text: &str) -> Result<Asked, TablesError> {
    let text = text.trim();
    let (test, rest) = text.split_once(' ').ok_or_else(|| wrong(text))?;
    let (field, value) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let field = FIELDS
        .iter()
        .find(|(name, _)| *name == field)
        .map_or(field, |(_, meant)| meant);
    let last = field.rsplit('.').next().unwrap_or_default();
    tag_of(last).ok_or_else(|| wrong(&format!("unknown attribute {field}")))?;
    let one = |test, values| Asked::One {
        test,
        field: field.to_owned(),
        values,
    };
    let value = value.trim().trim_end_matches('+');
    let words = |text: &str| -> Vec<String> { text.split('|').flat_map(meant).collect() };
    Ok(match test {
        "contains" if field == "Modality" => one("equals", words(value)),
        "contains" if value.contains('+') => {
            let all = value.split('+').map(|word| one("contains", words(word)));
            Asked::All(all.collect())
        }
        "contains" => one("contains", words(value)),
        "equals" => one("equals", words(value)),
        "missing" => one("is", vec!["missing".to_owned()]),
        "empty" => one("is", vec!["empty".to_owned()]),
        other => return Err(wrong(&format!("unknown check {other}"))),
    })
}

fn meant(word: &str) -> Vec<String> {
    let word = word.trim();
    let known = MODALITIES.iter().chain(&VALUES);
    match known.clone().find(|(wrong, _)| *wrong == word) {
        Some((_, meant)) => meant.iter().map(|&word| word.to_owned()).collect(),
        None => vec![word.to_owned()],
    }
}

impl Asked {
    fn is_modality(&self) -> bool {
        matches!(self, Self::One { field, .. } if field == "Modality")
    }

    fn rows(&self) -> Option<String> {
        match self {
            Self::All(parts) => parts.iter().find_map(Self::rows),
            Self::One { field, values, .. } if field == "Rows" => Some(values.join(" or ")),
            _ => None,
        }
    }

    fn names_only_a_device(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::names_only_a_device),
            Self::One { field, .. } => {
                matches!(
                    field.as_str(),
                    "Manufacturer" | "ManufacturerModelName" | "Modality"
                )
            }
        }
    }

    fn toml(&self) -> String {
        let several = |word: &str, parts: &[Self]| {
            let parts: Vec<_> = parts.iter().map(Self::toml).collect();
            format!("{{ {word} = [{}] }}", parts.join(", "))
        };
        match self {
            Self::All(parts) => several("all", parts),
            Self::Any(parts) => several("any", parts),
            Self::One {
                test,
                field,
                values,
            } => format!(
                "{{ attribute = {}, {test} = {} }}",
                quoted(field),
                list(test, values)
            ),
        }
    }
}

/// One value, or a list of several; numbers to be equal to without quotes.
fn list(test: &str, values: &[String]) -> String {
    let value = |value: &String| {
        let is_number = test == "equals" && value.bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            value.clone()
        } else {
            quoted(value)
        }
    };
    let values: Vec<_> = values.iter().map(value).collect();
    match values.as_slice() {
        [one] => one.clone(),
        _ => format!("[{}]", values.join(", ")),
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn four(text: &str) -> Result<[u32; 4], TablesError> {
    let numbers = text.split(',').map(|number| number.trim().parse::<u32>());
    let numbers: Vec<u32> = numbers
        .collect::<Result<_, _>>()
        .map_err(|_| wrong(&format!("{text} are no coordinates")))?;
    numbers
        .try_into()
        .map_err(|_| wrong(&format!("{text} are not four numbers")))
}

fn wrong(what: &str) -> TablesError {
    content(RECIPE, what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(recipe: &str) -> Vec<String> {
        labels(recipe)
            .unwrap()
            .iter()
            .filter_map(Label::body)
            .collect()
    }

    #[test]
    fn corners_and_sizes_become_sizes() {
        let recipe = "%filter graylist\nLABEL A # (x)\n contains Modality CT\n + contains \
                      SeriesDescription 3D\ncoordinates 450,0,672, 85\n ctpcoordinates 350,0,162,30";
        assert_eq!(
            bodies(recipe),
            [
                "modality = \"CT\"\nwhen = [\n    { attribute = \"SeriesDescription\", contains = \
              \"3D\" },\n]\naction = \"blank\"\nareas = [\"450,0,222,85\", \"350,0,162,30\"]\n"
            ]
        );
    }

    #[test]
    fn operators_are_what_the_documentation_says() {
        let recipe = "%filter blacklist\nLABEL A\n contains ImageType SAVE\n + contains Modality \
                      CT|MR\n || empty ImageType\n missing Rows || equals Rows 600|768";
        assert_eq!(
            bodies(recipe),
            [
                "when = [\n    { any = [{ any = [{ all = [{ attribute = \"ImageType\", contains = \
              \"SAVE\" }, { attribute = \"Modality\", equals = [\"CT\", \"MR\"] }] }, { attribute = \
              \"ImageType\", is = \"empty\" }] }, { any = [{ attribute = \"Rows\", is = \"missing\" \
              }, { attribute = \"Rows\", equals = [600, 768] }] }] },\n]\naction = \"suspect\"\n"
            ]
        );
    }

    #[test]
    fn what_calls_an_image_clean_is_left_out_and_what_is_not_known_is_refused() {
        let clean = "%filter whitelist\nLABEL A\n contains BurnedInAnnotation No";
        assert!(bodies(clean).is_empty());
        let device = "%filter graylist\nLABEL A\n contains Modality CT";
        assert!(bodies(device).is_empty());
        for wrong in [
            "LABEL A\n contains NoSuchKeyword x",
            "LABEL A\n like Modality CT",
            "LABEL A\n coordinates 5,5,1,9",
            "LABEL A\n ctpcoordinates 1,2,3",
        ] {
            assert!(labels(wrong).is_err(), "{wrong}");
        }
    }
}
