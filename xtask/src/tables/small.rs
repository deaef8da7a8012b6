//! Small tables: CID 7050 of PS3.16, TCIA's attribute actions.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::emit::{head, literal, rows};
use super::source::{content, hex, json};
use super::{Generated, TablesError};

const METHODS: &str = "cid_7050_deidentification_method.json";
const TCIA: &str = "midib_tcia_supplied_deid_attrs.json";

#[derive(Deserialize)]
struct Methods {
    edition: String,
    codes: BTreeMap<String, String>,
}

pub(super) fn generate(data: &Path) -> Result<Vec<Generated>, TablesError> {
    Ok(vec![methods(data)?, tcia_attributes(data)?])
}

fn methods(data: &Path) -> Result<Generated, TablesError> {
    let table: Methods = json(data, METHODS)?;
    let lines: Vec<_> = table
        .codes
        .iter()
        .map(|(code, meaning)| format!("({}, {})", literal(code), literal(meaning)))
        .collect();
    let edition = format!("PS3.16 {}", table.edition);
    let mut text = head(
        "PS3.16 CID 7050, code values and meanings.",
        &edition,
        METHODS,
    );
    let declaration = format!("pub(crate) static CODES: [(&str, &str); {}]", lines.len());
    rows(&mut text, &declaration, &lines);
    Ok(Generated {
        path: "src/tables/generated/methods.rs",
        content: text,
    })
}

fn tcia_attributes(data: &Path) -> Result<Generated, TablesError> {
    let lists: BTreeMap<String, Vec<String>> = json(data, TCIA)?;
    let mut actions = BTreeMap::new();
    for (word, tags) in &lists {
        let variant = match word.as_str() {
            "remove" => "Remove",
            "hashuid" => "HashUid",
            "incrementdate" => "IncrementDate",
            "time" => "Time",
            "empty" => "Empty",
            "keep" => "Keep",
            "process" => "Process",
            "lookup" => "Lookup",
            "replace" => "Replace",
            "hashname" => "HashName",
            // One entry, "private attributes": the private knowledge base takes its place.
            "Remove Unsafe" => continue,
            other => return Err(content(TCIA, format!("unknown action {other}"))),
        };
        for tag in tags {
            if actions.insert(parse_tag(tag)?, variant).is_some() {
                return Err(content(TCIA, format!("{tag} stands in two lists")));
            }
        }
    }
    let lines: Vec<_> = actions
        .iter()
        .map(|((g, e), variant)| format!("(Tag(0x{g:04X}, 0x{e:04X}), TciaAction::{variant})"))
        .collect();
    let mut text = head(
        "TCIA's attribute actions.",
        "as given to the MIDI-B teams",
        TCIA,
    );
    text.push_str("use dicom_core::Tag;\n\nuse crate::tables::tcia_attributes::TciaAction;\n\n");
    let declaration = format!(
        "pub(crate) static ROWS: [(Tag, TciaAction); {}]",
        lines.len()
    );
    rows(&mut text, &declaration, &lines);
    Ok(Generated {
        path: "src/tables/generated/tcia_attributes.rs",
        content: text,
    })
}

/// `(0x0008, 0x0080)`; `x` in a repeating group stands for its first.
fn parse_tag(text: &str) -> Result<(u16, u16), TablesError> {
    let inner = text.trim_matches(['(', ')']);
    let (group, element) = inner
        .split_once(", ")
        .ok_or_else(|| content(TCIA, format!("{text} is not a tag")))?;
    let zeroed = |part: &str| format!("0x{}", part.trim_start_matches("0x").replace('x', "0"));
    Ok((hex(TCIA, &zeroed(group))?, hex(TCIA, &zeroed(element))?))
}
