//! TCIA's knowledge base of private elements, whose signatures are quoted in several broken ways:
//! `(0009,GEIIS",10)[<0>](0028,"X, Inc.",02)`.
//!
//! A row becomes a line `GGGGEEEE CCC PPP VR d`: the element (of a private one only the low byte),
//! its creator and its path by their place in the lists of `tcia_private.rs` (`---`: a standard
//! element), the VR, the disposition (`i` for oi, `n` for na). Lines are sorted, without repeats.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use super::emit::{head, literal, rows};
use super::source::{content, csv, hex};
use super::{Generated, TablesError};

const FILE: &str = "TCIAPrivateTagKB-02-01-2024.csv";

/// One element of a signature: group, element, and for a private one its creator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    group: u16,
    element: u16,
    creator: Option<String>,
}

struct Row {
    steps: Vec<Step>,
    vr: String,
    disposition: char,
}

pub(super) fn generate(data: &Path) -> Result<Vec<Generated>, TablesError> {
    let records = csv(data, FILE)?;
    let rows = records
        .iter()
        .map(|record| parse_row(record))
        .collect::<Result<Vec<_>, _>>()?;
    let mut creators = BTreeMap::new();
    for step in rows.iter().flat_map(|row| &row.steps) {
        if let Some(creator) = &step.creator {
            // One spelling for those that differ in case only: the first of the alphabet.
            let spelling = creators
                .entry(creator.to_lowercase())
                .or_insert_with(|| creator.clone());
            if creator < spelling {
                spelling.clone_from(creator);
            }
        }
    }
    let names: Vec<&String> = creators.keys().collect();
    let paths: BTreeSet<String> = rows.iter().map(|row| path(&row.steps, &names)).collect();
    let paths: Vec<String> = paths.into_iter().collect();
    let lines: BTreeSet<String> = rows.iter().map(|row| line(row, &names, &paths)).collect();
    Ok(vec![
        Generated {
            path: "data/generated/tcia_private.txt",
            content: lines.into_iter().collect(),
        },
        Generated {
            path: "src/tables/generated/tcia_private.rs",
            content: lists(records.len(), creators.values(), &paths),
        },
    ])
}

fn lists<'a>(count: usize, creators: impl Iterator<Item = &'a String>, paths: &[String]) -> String {
    let mut text = head(
        "Creators and paths of TCIA's knowledge base of private elements.",
        "2024-02-01",
        FILE,
    );
    text.push_str("use crate::tables::private_kb::StoredStep::{self, Private, Standard};\n\n");
    let _ = writeln!(
        text,
        "/// Rows of the source.\npub(crate) const SOURCE_ROWS: usize = {count};\n"
    );
    let creators: Vec<_> = creators.map(|creator| literal(creator)).collect();
    rows(
        &mut text,
        &format!("pub(crate) static CREATORS: [&str; {}]", creators.len()),
        &creators,
    );
    text.push('\n');
    let declaration = format!("pub(crate) static PATHS: [&[StoredStep]; {}]", paths.len());
    rows(&mut text, &declaration, paths);
    text
}

fn parse_row(record: &[String]) -> Result<Row, TablesError> {
    let [signature, _, vr, disposition] = record else {
        return Err(content(FILE, format!("{} columns", record.len())));
    };
    let disposition = match disposition.trim().to_lowercase().as_str() {
        // No decision is a decision to delete.
        "d" | "" => 'd',
        "k" => 'k',
        "h" => 'h',
        "o" => 'o',
        "oi" => 'i',
        "na" => 'n',
        other => return Err(content(FILE, format!("unknown disposition {other}"))),
    };
    let vr = if vr.is_empty() {
        "--".to_owned()
    } else {
        vr.clone()
    };
    Ok(Row {
        steps: parse_signature(signature)?,
        vr,
        disposition,
    })
}

/// The steps of a signature. Quotes say nothing (they are not balanced) and are dropped.
fn parse_signature(text: &str) -> Result<Vec<Step>, TablesError> {
    let bare = text.replace('"', "");
    let mut steps = Vec::new();
    let mut rest = bare.as_str();
    loop {
        let inner = rest.strip_prefix('(').ok_or_else(|| bad(text))?;
        let (step, after) = inner.split_once(')').ok_or_else(|| bad(text))?;
        steps.push(parse_step(step)?);
        if after.is_empty() {
            return Ok(steps);
        }
        let (index, next) = after.split_once(']').ok_or_else(|| bad(text))?;
        if !index.starts_with("[<") || !index.ends_with('>') {
            return Err(bad(text));
        }
        rest = next;
    }
}

/// `0008,1140`, or `0029,CREATOR,10` where the creator may hold commas.
fn parse_step(text: &str) -> Result<Step, TablesError> {
    let (group, rest) = text.split_once(',').ok_or_else(|| bad(text))?;
    let group = hex(FILE, group)?;
    let (creator, element) = match rest.rsplit_once(',') {
        Some((creator, element)) => (Some(creator.trim().to_owned()), element),
        None => (None, rest),
    };
    Ok(Step {
        group,
        element: hex(FILE, element)?,
        creator,
    })
}

fn bad(text: &str) -> TablesError {
    content(FILE, format!("{text} is not a signature"))
}

fn place(creator: &str, names: &[&String]) -> usize {
    let creator = creator.to_lowercase();
    names.binary_search(&&creator).unwrap_or_default()
}

/// The sequences on the way to the element, as a Rust expression.
fn path(steps: &[Step], names: &[&String]) -> String {
    let outer = &steps[..steps.len() - 1];
    let parts: Vec<_> = outer
        .iter()
        .map(|step| match &step.creator {
            None => format!("Standard(0x{:04X}, 0x{:04X})", step.group, step.element),
            Some(creator) => {
                let creator = place(creator, names);
                format!(
                    "Private(0x{:04X}, {creator}, 0x{:02X})",
                    step.group,
                    step.element & 0xFF
                )
            }
        })
        .collect();
    format!("&[{}]", parts.join(", "))
}

fn line(row: &Row, names: &[&String], paths: &[String]) -> String {
    let element = &row.steps[row.steps.len() - 1];
    let path = paths
        .binary_search(&path(&row.steps, names))
        .unwrap_or_default();
    let creator = match &element.creator {
        None => "---".to_owned(),
        Some(creator) => format!("{:03X}", place(creator, names)),
    };
    let (group, number) = (element.group, element.element);
    format!(
        "{group:04X}{number:04X} {creator} {path:03X} {} {}\n",
        row.vr, row.disposition
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(group: u16, creator: Option<&str>, element: u16) -> Step {
        Step {
            group,
            element,
            creator: creator.map(str::to_owned),
        }
    }

    #[test]
    fn signatures_in_every_broken_quoting_are_read() {
        let parse = |text| parse_signature(text).unwrap();
        assert_eq!(
            parse("(0008,1084)[<0>](312f,Ramsoft Diagnosis\",20)"),
            [
                step(0x0008, None, 0x1084),
                step(0x312F, Some("Ramsoft Diagnosis"), 0x20)
            ]
        );
        assert_eq!(
            parse("(0019,\"HOLOGIC, Inc.\",10)[<12>](0028,0107)"),
            [
                step(0x0019, Some("HOLOGIC, Inc."), 0x10),
                step(0x0028, None, 0x0107)
            ]
        );
        assert_eq!(parse("(0009,,02)"), [step(0x0009, Some(""), 2)]);
        assert_eq!(parse("(0029,0010)"), [step(0x0029, None, 0x0010)]);
        for bad in [
            "",
            "(0009",
            "(0009,x)",
            "(0009,A,02)[0](0008,0010)",
            "(0009,A,02)x",
        ] {
            assert!(parse_signature(bad).is_err(), "{bad}");
        }
    }
}
