//! Tables E.1-1 and E.3.4-1 of PS3.15.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::emit::{head, literal, rows};
use super::source::{content, hex, json};
use super::{Generated, TablesError};

const FILE: &str = "ps315_2026d.json";

#[derive(Deserialize)]
struct Tables {
    source: Source,
    rules: Vec<Rule>,
    content_items: Vec<ContentItem>,
}

#[derive(Deserialize)]
struct Source {
    edition: String,
}

#[derive(Deserialize)]
struct Rule {
    tag: String,
    name: String,
    retired: bool,
    in_std_iod: bool,
    basic: String,
    options: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct ContentItem {
    code: String,
    scheme: String,
    meaning: String,
    value_type: String,
    retired: bool,
    basic: String,
    options: BTreeMap<String, String>,
}

/// The options in the order of the columns: the key of the source, the variant.
const OPTIONS: [(&str, &str); 10] = [
    ("retain_safe_private", "RetainSafePrivate"),
    ("retain_uids", "RetainUids"),
    ("retain_device_identity", "RetainDeviceIdentity"),
    ("retain_institution_identity", "RetainInstitutionIdentity"),
    (
        "retain_patient_characteristics",
        "RetainPatientCharacteristics",
    ),
    (
        "retain_longitudinal_full_dates",
        "RetainLongitudinalFullDates",
    ),
    (
        "retain_longitudinal_modified_dates",
        "RetainLongitudinalModifiedDates",
    ),
    ("clean_descriptors", "CleanDescriptors"),
    ("clean_structured_content", "CleanStructuredContent"),
    ("clean_graphics", "CleanGraphics"),
];

pub(super) fn generate(data: &Path) -> Result<Vec<Generated>, TablesError> {
    let tables: Tables = json(data, FILE)?;
    Ok(vec![profile(&tables)?, content_items(&tables)?])
}

fn profile(tables: &Tables) -> Result<Generated, TablesError> {
    let edition = &tables.source.edition;
    let mut sorted = Vec::new();
    for rule in &tables.rules {
        let (order, pattern) = pattern(&rule.tag)?;
        let row = format!(
            "ProfileRow {{ pattern: {pattern}, name: {}, retired: {}, in_std_iod: {}, basic: \
             Action::{}, options: {} }}",
            literal(&rule.name),
            rule.retired,
            rule.in_std_iod,
            action(&rule.basic)?,
            options(&rule.options)?,
        );
        sorted.push((order, row));
    }
    sorted.sort();
    let lines: Vec<_> = sorted.into_iter().map(|(_, row)| row).collect();
    let mut text = head(
        "PS3.15 Table E.1-1, all rows.",
        &format!("PS3.15 {edition}"),
        FILE,
    );
    text.push_str(
        "use dicom_core::Tag;\n\nuse crate::tables::profile::{OptionAction, ProfileRow, \
         TagPattern};\nuse crate::tables::vocabulary::{Action, ProfileOption};\n\n",
    );
    text += "/// The edition of the table.\n";
    let _ = writeln!(
        text,
        "pub(crate) const EDITION: &str = {};\n",
        literal(edition)
    );
    let declaration = format!("pub(crate) static ROWS: [ProfileRow; {}]", lines.len());
    rows(&mut text, &declaration, &lines);
    Ok(Generated {
        path: "src/tables/generated/profile.rs",
        content: text,
    })
}

fn content_items(tables: &Tables) -> Result<Generated, TablesError> {
    let mut items: Vec<&ContentItem> = tables.content_items.iter().collect();
    items.sort_by_key(|item| (&item.scheme, &item.code, &item.value_type));
    let mut lines = Vec::new();
    for item in items {
        lines.push(format!(
            "ContentItemRow {{ code: {}, scheme: {}, meaning: {}, value_type: {}, retired: {}, \
             basic: Action::{}, options: {} }}",
            literal(&item.code),
            literal(&item.scheme),
            literal(&item.meaning),
            literal(&item.value_type),
            item.retired,
            action(&item.basic)?,
            options(&item.options)?,
        ));
    }
    let edition = format!("PS3.15 {}", tables.source.edition);
    let mut text = head("PS3.15 Table E.3.4-1, all rows.", &edition, FILE);
    text.push_str(
        "use crate::tables::content_items::ContentItemRow;\nuse \
         crate::tables::profile::OptionAction;\nuse crate::tables::vocabulary::{Action, \
         ProfileOption};\n\n",
    );
    let declaration = format!("pub(crate) static ROWS: [ContentItemRow; {}]", lines.len());
    rows(&mut text, &declaration, &lines);
    Ok(Generated {
        path: "src/tables/generated/content_items.rs",
        content: text,
    })
}

/// The pattern of a tag as the source writes it, and its place: single tags, repeating, private.
fn pattern(tag: &str) -> Result<((u8, String), String), TablesError> {
    if tag == "PRIVATE" {
        return Ok(((2, tag.to_owned()), "TagPattern::Private".to_owned()));
    }
    if !tag.is_ascii() || tag.len() != 8 {
        return Err(content(FILE, format!("{tag} is not a tag")));
    }
    let (group, element) = tag.split_at(4);
    if let Some(prefix) = group.strip_suffix("xx") {
        let element = match element {
            "xxxx" => "None".to_owned(),
            element => format!("Some(0x{:04X})", hex(FILE, element)?),
        };
        let group = hex(FILE, prefix)? << 8;
        let text = format!("TagPattern::Repeating {{ group: 0x{group:04X}, element: {element} }}");
        return Ok(((1, tag.to_owned()), text));
    }
    let (group, element) = (hex(FILE, group)?, hex(FILE, element)?);
    let text = format!("TagPattern::One(Tag(0x{group:04X}, 0x{element:04X}))");
    Ok(((0, tag.to_uppercase()), text))
}

fn action(code: &str) -> Result<&'static str, TablesError> {
    Ok(match code {
        "X" => "X",
        "Z" => "Z",
        "D" => "D",
        "U" => "U",
        "X/Z" => "XZ",
        "X/D" => "XD",
        "Z/D" => "ZD",
        "X/Z/D" => "XZD",
        "X/Z/U*" => "XZU",
        other => return Err(content(FILE, format!("unknown action {other}"))),
    })
}

fn options(options: &BTreeMap<String, String>) -> Result<String, TablesError> {
    if let Some(key) = options
        .keys()
        .find(|key| !OPTIONS.iter().any(|(known, _)| known == key))
    {
        return Err(content(FILE, format!("unknown option {key}")));
    }
    let mut parts = Vec::new();
    for (key, variant) in OPTIONS {
        match options.get(key).map(String::as_str) {
            None => {}
            Some(code @ ("K" | "C")) => {
                parts.push(format!("(ProfileOption::{variant}, OptionAction::{code})"));
            }
            Some(other) => return Err(content(FILE, format!("unknown option action {other}"))),
        }
    }
    Ok(format!("&[{}]", parts.join(", ")))
}
