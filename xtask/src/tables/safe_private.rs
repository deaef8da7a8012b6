//! Lists of safe private attributes: PS3.15 Table E.3.10-1 and `PixelMed`'s.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::emit::{head, literal, rows};
use super::source::{content, csv, hex, json};
use super::{Generated, TablesError};

const STANDARD: &str = "ps315_2026d_E3.10-1_safe_private.json";
const PIXELMED: &str = "safe_private_attributes_pixelmed.csv";

#[derive(Deserialize)]
struct Table {
    edition: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    group: String,
    private_creator: String,
    element_low: String,
    vr: Option<String>,
}

/// Group, element, creator, VR: in the order the rows are written.
type Entry = (u16, u16, String, String);

pub(super) fn generate(data: &Path) -> Result<Vec<Generated>, TablesError> {
    let table: Table = json(data, STANDARD)?;
    let mut standard = BTreeSet::new();
    for row in &table.rows {
        let vr = row.vr.clone().unwrap_or_default();
        let (group, element) = (hex(STANDARD, &row.group)?, hex(STANDARD, &row.element_low)?);
        standard.insert((group, element, row.private_creator.clone(), vr));
    }
    let mut other = BTreeSet::new();
    for record in csv(data, PIXELMED)? {
        let [group, creator, element, comment] = record.as_slice() else {
            return Err(content(PIXELMED, format!("{} columns", record.len())));
        };
        let vr = comment.split('\t').next().unwrap_or_default().to_owned();
        let entry = (
            hex(PIXELMED, group)?,
            hex(PIXELMED, element.trim_start_matches('x'))?,
        );
        // One row for the spellings of a creator that differ in case only.
        let same = |row: &Entry| (row.0, row.1) == entry && row.2.eq_ignore_ascii_case(creator);
        if !standard.iter().any(same) && !other.iter().any(same) {
            other.insert((entry.0, entry.1, creator.clone(), vr));
        }
    }
    Ok(vec![
        file(
            "src/tables/generated/safe_private.rs",
            head(
                "PS3.15 Table E.3.10-1, all rows.",
                &format!("PS3.15 {}", table.edition),
                STANDARD,
            ),
            &standard,
        ),
        file(
            "src/tables/generated/pixelmed.rs",
            head(
                "`PixelMed`'s safe private attributes.",
                "as copied, see the README there",
                PIXELMED,
            ),
            &other,
        ),
    ])
}

fn file(path: &'static str, head: String, entries: &BTreeSet<Entry>) -> Generated {
    let mut text = head;
    text.push_str("use dicom_core::VR;\n\nuse crate::tables::safe_private::SafePrivateRow;\n\n");
    let lines: Vec<_> = entries.iter().map(line).collect();
    let declaration = format!("pub(crate) static ROWS: [SafePrivateRow; {}]", lines.len());
    rows(&mut text, &declaration, &lines);
    Generated {
        path,
        content: text,
    }
}

fn line((group, element, creator, vr): &Entry) -> String {
    let vr = match vr.as_str() {
        "" | "UN" => "None".to_owned(),
        // The table leaves the choice of two; the larger one holds both.
        "OW/OB" => "Some(VR::OW)".to_owned(),
        vr => format!("Some(VR::{vr})"),
    };
    format!(
        "SafePrivateRow {{ group: 0x{group:04X}, element: 0x{element:02X}, creator: {}, vr: {vr} }}",
        literal(creator)
    )
}
