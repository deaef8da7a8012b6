//! Attribute Types by IOD, from the module tables of PS3.3.
//!
//! A list of attributes (a module, or the items of a sequence) is a run of lines
//! `GGGGEEEE T NNNN`: the tag, the Type (`A` is 1C, `B` is 2C), the list of its items (`----`:
//! none known). Equal lists are stored once; modules share most of theirs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::emit::{head, literal, rows};
use super::source::{bytes, content, json, tag_of};
use super::{Generated, TablesError};

const MODULES: &str = "highdicom_module_attribute_map.json.gz";
const IODS: &str = "highdicom_iod_module_map.json";
const SOP_CLASSES: &str = "highdicom_sop_class_iod_map.json";
const EDITION: &str = "PS3.3 2026b";

#[derive(Deserialize)]
struct Attribute {
    keyword: String,
    r#type: String,
    path: Vec<String>,
}

#[derive(Deserialize)]
struct Module {
    key: String,
}

type Tag = (u16, u16);

/// A list of attributes before equal ones are shared.
#[derive(Default)]
struct Tree(BTreeMap<Tag, (Option<char>, Tree)>);

/// The lists that are stored: each by its text, in the order they were met.
#[derive(Default)]
struct Lists {
    known: BTreeMap<String, usize>,
    texts: Vec<String>,
}

pub(super) fn generate(data: &Path) -> Result<Vec<Generated>, TablesError> {
    let mut text = String::new();
    GzDecoder::new(bytes(data, MODULES)?.as_slice())
        .read_to_string(&mut text)
        .map_err(|error| content(MODULES, error.to_string()))?;
    let modules: BTreeMap<String, Vec<Attribute>> =
        serde_json::from_str(&text).map_err(|error| TablesError::Json(MODULES, error))?;
    let iods: BTreeMap<String, Vec<Module>> = json(data, IODS)?;
    let sop_classes: BTreeMap<String, String> = json(data, SOP_CLASSES)?;

    let mut lists = Lists::default();
    let mut nodes = BTreeMap::new();
    let mut iod_places: BTreeMap<&String, usize> = BTreeMap::new();
    let mut iod_lines = Vec::new();
    for name in sop_classes.values() {
        if iod_places.contains_key(name) {
            continue;
        }
        let modules_of = iods
            .get(name)
            .ok_or_else(|| content(IODS, format!("no IOD {name}")))?;
        let mut places = Vec::new();
        for module in modules_of {
            // A few modules of PS3.3 have no table in the source; they add nothing.
            let Some(attributes) = modules.get(&module.key) else {
                continue;
            };
            if !nodes.contains_key(&module.key) {
                nodes.insert(&module.key, lists.add(&tree(attributes)?));
            }
            places.push(nodes[&module.key].to_string());
        }
        iod_places.insert(name, iod_lines.len());
        iod_lines.push(format!("&[{}]", places.join(", ")));
    }
    let sop_lines: Vec<_> = sop_classes
        .iter()
        .map(|(uid, name)| format!("({}, {})", literal(uid), iod_places[name]))
        .collect();
    Ok(vec![
        Generated {
            path: "data/generated/attribute_types.txt",
            content: lists.texts.concat(),
        },
        Generated {
            path: "src/tables/generated/iods.rs",
            content: index(&sop_lines, &iod_lines, &lists),
        },
    ])
}

fn index(sop_classes: &[String], iods: &[String], lists: &Lists) -> String {
    let mut text = head("SOP classes, their IODs and modules.", EDITION, SOP_CLASSES);
    text.push_str("/// SOP class and the place of its IOD.\n");
    let declaration = format!(
        "pub(crate) static SOP_CLASSES: [(&str, u16); {}]",
        sop_classes.len()
    );
    rows(&mut text, &declaration, sop_classes);
    text.push_str("\n/// The modules of each IOD: the places of their lists.\n");
    rows(
        &mut text,
        &format!("pub(crate) static IODS: [&[u16]; {}]", iods.len()),
        iods,
    );
    text.push_str("\n/// The first line of each list, and the number of lines at the end.\n");
    let mut starts = vec![0];
    for list in &lists.texts {
        starts.push(starts[starts.len() - 1] + list.lines().count());
    }
    let lines: Vec<_> = starts
        .chunks(16)
        .map(|chunk| {
            chunk
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        })
        .collect();
    rows(
        &mut text,
        &format!("pub(crate) static NODES: [u16; {}]", starts.len()),
        &lines,
    );
    text
}

fn tree(attributes: &[Attribute]) -> Result<Tree, TablesError> {
    let mut root = Tree::default();
    for attribute in attributes {
        let mut place = &mut root;
        for step in &attribute.path {
            place = &mut place.0.entry(tag(step)?).or_default().1;
        }
        let letter = match attribute.r#type.as_str() {
            "1" => '1',
            "1C" => 'A',
            "2" => '2',
            "2C" => 'B',
            "3" => '3',
            // Services, not objects: no Type.
            "None" => continue,
            other => return Err(content(MODULES, format!("unknown type {other}"))),
        };
        let known = &mut place.0.entry(tag(&attribute.keyword)?).or_default().0;
        // An attribute named twice in one module has the stricter of the two Types.
        let strictness = |letter: char| "1A2B3".find(letter);
        *known = match *known {
            Some(other) if strictness(other) < strictness(letter) => Some(other),
            _ => Some(letter),
        };
    }
    Ok(root)
}

fn tag(keyword: &str) -> Result<Tag, TablesError> {
    tag_of(keyword).ok_or_else(|| content(MODULES, format!("{keyword} is no keyword of PS3.6")))
}

impl Lists {
    /// The place of a list, which is stored if it is new.
    fn add(&mut self, tree: &Tree) -> usize {
        let mut text = String::new();
        for ((group, element), (letter, items)) in &tree.0 {
            let child = if items.0.is_empty() {
                "----".to_owned()
            } else {
                format!("{:04X}", self.add(items))
            };
            let _ = writeln!(
                text,
                "{group:04X}{element:04X} {} {child}",
                letter.unwrap_or('3')
            );
        }
        if let Some(place) = self.known.get(&text) {
            return *place;
        }
        let place = self.texts.len();
        self.texts.push(text.clone());
        self.known.insert(text, place);
        place
    }
}
