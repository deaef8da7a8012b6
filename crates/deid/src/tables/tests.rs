//! The generated tables against the copies they come from, read here a second time and simply.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dicom_core::{Tag, VR};
use serde_json::Value;

use super::types::AttributeType::{self, One, OneC, Three, Two, TwoC};
use super::types::attribute_type;
use super::*;

fn data(file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(file);
    std::fs::read_to_string(path).unwrap()
}

fn tables() -> Value {
    serde_json::from_str(&data("ps315_2026d.json")).unwrap()
}

fn option_texts(options: &[(ProfileOption, OptionAction)]) -> BTreeMap<String, String> {
    let text = |(option, action): &(ProfileOption, OptionAction)| {
        (option.key().replace('-', "_"), format!("{action:?}"))
    };
    options.iter().map(text).collect()
}

fn json_texts(options: &Value) -> BTreeMap<String, String> {
    let text = |(key, value): (&String, &Value)| (key.clone(), value.as_str().unwrap().to_owned());
    options.as_object().unwrap().iter().map(text).collect()
}

/// PS3.15 E.1: Table E.1-1, edition 2026d, all rows.
#[test]
fn the_profile_has_all_rows_of_its_edition() {
    assert_eq!(EDITION, "2026d");
    assert_eq!(PROFILE.len(), 657);
    let mut counts = BTreeMap::new();
    for row in PROFILE {
        *counts.entry(row.basic.code()).or_insert(0) += 1;
    }
    let expected = [
        ("D", 93),
        ("U", 55),
        ("X", 417),
        ("X/D", 23),
        ("X/Z", 11),
        ("X/Z/D", 8),
        ("X/Z/U*", 2),
        ("Z", 42),
        ("Z/D", 6),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn every_row_of_the_profile_is_that_of_the_source() {
    let tables = tables();
    for rule in tables["rules"].as_array().unwrap() {
        let text = rule["tag"].as_str().unwrap();
        let shown = match text {
            "PRIVATE" => "(gggg,eeee) where gggg is odd".to_owned(),
            text => format!("({},{})", &text[..4], &text[4..]),
        };
        let rows: Vec<_> = PROFILE
            .iter()
            .filter(|r| r.pattern.to_string() == shown)
            .collect();
        let [row] = rows.as_slice() else {
            panic!("{text}: {} rows", rows.len())
        };
        assert_eq!(row.name, rule["name"].as_str().unwrap());
        assert_eq!(row.retired, rule["retired"].as_bool().unwrap(), "{text}");
        assert_eq!(
            row.in_std_iod,
            rule["in_std_iod"].as_bool().unwrap(),
            "{text}"
        );
        assert_eq!(row.basic.code(), rule["basic"].as_str().unwrap(), "{text}");
        assert_eq!(
            option_texts(row.options),
            json_texts(&rule["options"]),
            "{text}"
        );
    }
}

/// PS3.15 E.3.4: Table E.3.4-1.
#[test]
fn every_content_item_is_that_of_the_source() {
    let tables = tables();
    let items = tables["content_items"].as_array().unwrap();
    assert_eq!((CONTENT_ITEMS.len(), items.len()), (214, 214));
    for item in items {
        let text = |key: &str| item[key].as_str().unwrap();
        let place = content_items(text("code"), text("scheme"))
            .find(|at| CONTENT_ITEMS[*at].value_type == text("value_type"))
            .unwrap();
        let row = CONTENT_ITEMS[place];
        assert_eq!(
            (row.meaning, row.basic.code()),
            (text("meaning"), text("basic"))
        );
        assert_eq!(option_texts(row.options), json_texts(&item["options"]));
    }
    assert!(content_items("121022", "SRT").is_empty());
    assert_eq!(content_items("128425", "DCM").count(), 3);
}

/// PS3.15 E.3.10: Table E.3.10-1.
#[test]
fn every_safe_private_attribute_is_found_by_its_creator() {
    let table: Value =
        serde_json::from_str(&data("ps315_2026d_E3.10-1_safe_private.json")).unwrap();
    let rows = table["rows"].as_array().unwrap();
    assert_eq!((SAFE_PRIVATE.len(), rows.len()), (479, 479));
    for row in rows {
        let text = |key: &str| row[key].as_str().unwrap();
        let group = u16::from_str_radix(text("group"), 16).unwrap();
        let element = u8::from_str_radix(text("element_low"), 16).unwrap();
        let creator = text("private_creator");
        for spelling in [
            creator.to_owned(),
            format!("{creator} "),
            format!("{creator}\0"),
            creator.to_uppercase(),
        ] {
            let found = safe_private(group, &spelling, element).unwrap();
            assert_eq!(found.creator, creator);
            let vr = found.vr.map(VR::to_string).unwrap_or_default();
            assert_eq!(vr, text("vr").replace("OW/OB", "OW"));
        }
        assert!(safe_private(group, &format!("{creator}X"), element).is_none());
    }
    assert_eq!(
        SAFE_PRIVATE
            .iter()
            .filter(|row| row.vr == Some(VR::UI))
            .count(),
        7
    );
}

#[test]
fn pixelmed_rows_are_those_the_standard_does_not_have() {
    let mut known = 0;
    for line in data("safe_private_attributes_pixelmed.csv").lines().skip(1) {
        let Some((head, _)) = line.split_once(",xx") else {
            continue;
        };
        let (group, creator) = head.split_once(',').unwrap();
        let group = u16::from_str_radix(group, 16).unwrap();
        let element = &line[head.len() + 3..head.len() + 5];
        let element = u8::from_str_radix(element, 16).unwrap();
        let creator = creator.trim_matches('"');
        let standard = safe_private(group, creator, element).is_some();
        assert_ne!(
            standard,
            pixelmed_private(group, creator, element).is_some(),
            "{line}"
        );
        known += 1;
    }
    assert_eq!(known, 364);
}

#[test]
fn the_knowledge_base_has_every_element_of_its_source() {
    assert_eq!(PRIVATE_KB_SOURCE_ROWS, 8787);
    assert_eq!(
        data("TCIAPrivateTagKB-02-01-2024.csv").lines().count(),
        8788
    );
    let stored: Vec<_> = private_kb_rows().collect();
    let signatures: std::collections::BTreeSet<_> = stored
        .iter()
        .map(|row| row.signature.replace('"', "").to_lowercase())
        .collect();
    for line in data("TCIAPrivateTagKB-02-01-2024.csv").lines().skip(1) {
        // The signature is the first field, and ends with the last bracket before the name.
        let field = line.strip_prefix('"').unwrap();
        let signature = field[..=field.find(")\",").unwrap()].replace('"', "");
        let signature = signature.to_lowercase().replace(" ,", ",");
        assert!(signatures.contains(&signature), "{signature}");
    }
}

#[test]
fn the_knowledge_base_decides_by_vr_and_path_and_the_strictest_wins() {
    let private = |group, creator, element| KbStep::Private {
        group,
        creator,
        element,
    };
    let sequence = KbStep::Standard(Tag(0x0008, 0x1110));
    let other = KbStep::Standard(Tag(0x0008, 0x1115));
    let gl = private(0x2001, "PHILIPS IMAGING DD 001 ", 0xC1);
    let disposition = |step, path: &[KbStep<'_>], vr| kb_lookup(step, path, vr).unwrap().0;
    assert_eq!(disposition(gl, &[sequence], VR::LO), Disposition::Keep);
    assert_eq!(disposition(gl, &[other], VR::LO), Disposition::Delete);
    // A path of which the knowledge base does not speak: the strictest of all.
    assert_eq!(
        disposition(gl, &[other, other, other], VR::LO),
        Disposition::Delete
    );
    let date = private(0x0009, "GEMS_IDEN_01", 0x27);
    assert_eq!(
        kb_lookup(date, &[], VR::UN),
        Some((Disposition::OffsetInteger, Some(VR::SL)))
    );
    // Rows of one element that disagree: (0009,GEMS_PETD_01,97) is `h` as LO and `d` otherwise.
    let id = private(0x0009, "GEMS_PETD_01", 0x97);
    assert_eq!(disposition(id, &[], VR::LO), Disposition::Hash);
    assert_eq!(disposition(id, &[], VR::SH), Disposition::Delete);
    assert_eq!(
        kb_lookup(private(0x0009, "NOBODY", 0x27), &[], VR::UN),
        None
    );
    let standard = KbStep::Standard(Tag(0x0028, 0x0010));
    let icon = private(0x0009, "GEIIS", 0x10);
    assert_eq!(
        disposition(standard, &[icon], VR::US),
        Disposition::NotApplicable
    );
}

#[test]
fn the_codes_of_the_options_are_those_of_cid_7050() {
    assert_eq!(methods::codes().len(), 13);
    for option in ProfileOption::ALL {
        assert_ne!(
            option.name(),
            option.key(),
            "no code meaning for {}",
            option.key()
        );
        assert_eq!(ProfileOption::from_key(option.key()), Some(option));
    }
    assert_eq!(
        methods::code_meaning("113107"),
        Some("Retain Longitudinal Temporal Information Modified Dates Option")
    );
    assert_eq!(
        method_meaning("113100"),
        "Basic Application Confidentiality Profile"
    );
    assert_eq!(method_meaning("1"), "");
}

#[test]
fn tcia_actions_are_found_by_tag() {
    assert_eq!(
        tcia_attribute(Tag(0x0010, 0x0010)),
        Some(TciaAction::Lookup)
    );
    assert_eq!(tcia_attribute(Tag(0x0008, 0x1030)), Some(TciaAction::Keep));
    assert_eq!(
        tcia_attribute(Tag(0x0008, 0x0020)),
        Some(TciaAction::IncrementDate)
    );
    assert_eq!(tcia_attribute(Tag(0x0008, 0x0060)), None);
    assert_eq!(
        TCIA_ATTRIBUTES.len(),
        237 + 55 + 96 + 43 + 22 + 121 + 12 + 2 + 20 + 1
    );
}

/// PS3.5 7.6: repeating groups are the even groups 5000 to 50FF and 6000 to 60FF.
#[test]
fn repeating_groups_match_even_groups_of_their_range() {
    let curves = TagPattern::Repeating {
        group: 0x5000,
        element: None,
    };
    let overlay = TagPattern::Repeating {
        group: 0x6000,
        element: Some(0x3000),
    };
    for group in 0x4FFE..=0x5101_u16 {
        let inside = (0x5000..=0x50FF).contains(&group) && group % 2 == 0;
        assert_eq!(curves.matches(Tag(group, 0x0005)), inside, "{group:04X}");
    }
    assert!(overlay.matches(Tag(0x60FE, 0x3000)) && !overlay.matches(Tag(0x6000, 0x3001)));
    assert!(!overlay.matches(Tag(0x6001, 0x3000)) && !overlay.matches(Tag(0x6100, 0x3000)));
}

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
const ENHANCED_MR: &str = "1.2.840.10008.5.1.4.1.1.4.1";
const RT_STRUCTURE_SET: &str = "1.2.840.10008.5.1.4.1.1.481.3";
const COMPREHENSIVE_SR: &str = "1.2.840.10008.5.1.4.1.1.88.33";

fn found(sop_class: &str, path: &[(u16, u16)], tag: (u16, u16)) -> Option<AttributeType> {
    let path: Vec<_> = path
        .iter()
        .map(|(group, element)| Tag(*group, *element))
        .collect();
    attribute_type(sop_class, &path, Tag(tag.0, tag.1))
}

/// PS3.3: C.7.1.1 Patient, C.7.2.1 General Study, C.7.3.1 General Series, C.7.6.1 General Image.
#[test]
fn types_of_well_known_attributes() {
    for sop_class in [CT, MR] {
        assert_eq!(
            found(sop_class, &[], (0x0010, 0x0020)),
            Some(Two),
            "Patient ID"
        );
        assert_eq!(
            found(sop_class, &[], (0x0010, 0x0010)),
            Some(Two),
            "Patient's Name"
        );
        assert_eq!(
            found(sop_class, &[], (0x0020, 0x000D)),
            Some(One),
            "Study Instance UID"
        );
        assert_eq!(
            found(sop_class, &[], (0x0008, 0x0020)),
            Some(Two),
            "Study Date"
        );
        assert_eq!(
            found(sop_class, &[], (0x0008, 0x1030)),
            Some(Three),
            "Study Description"
        );
        assert_eq!(
            found(sop_class, &[], (0x0008, 0x0023)),
            Some(TwoC),
            "Content Date"
        );
    }
    assert_eq!(found(CT, &[], (0x0018, 0x0060)), Some(Two), "KVP");
    assert_eq!(
        found(MR, &[], (0x0018, 0x0020)),
        Some(One),
        "Scanning Sequence"
    );
    assert_eq!(
        found(RT_STRUCTURE_SET, &[], (0x3006, 0x0002)),
        Some(One),
        "Structure Set Label"
    );
    assert_eq!(
        found(COMPREHENSIVE_SR, &[], (0x0040, 0xA730)),
        Some(OneC),
        "Content Sequence"
    );
}

#[test]
fn types_in_sequences_overlays_and_outside_the_iod() {
    let referenced = [(0x0008, 0x1140)];
    assert_eq!(found(CT, &referenced, (0x0008, 0x1155)), Some(One));
    let purpose = [(0x0008, 0x1140), (0x0040, 0xA170)];
    assert_eq!(found(CT, &purpose, (0x0008, 0x0104)), Some(One));
    let frame = [(0x5200, 0x9230), (0x0020, 0x9111)];
    assert_eq!(found(ENHANCED_MR, &frame, (0x0018, 0x9074)), Some(OneC));
    assert_eq!(found(CT, &[], (0x6000, 0x3000)), Some(One));
    assert_eq!(found(CT, &[], (0x601E, 0x3000)), Some(One));
    assert_eq!(found(CT, &[], (0x6001, 0x3000)), None);
    assert_eq!(found(CT, &[(0x0009, 0x1010)], (0x0010, 0x0020)), None);
    assert_eq!(found(CT, &[], (0x3006, 0x0002)), None);
    assert_eq!(found("1.2.3", &[], (0x0010, 0x0020)), None);
    assert!(types::is_known_sop_class(CT) && !types::is_known_sop_class(""));
}
