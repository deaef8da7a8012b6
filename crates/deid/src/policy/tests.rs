//! Tests of the policy: presets, options, overrides, files with faults.

use dicom_core::{Tag, VR};
use proptest::prelude::*;

use super::*;

const INSTITUTION: Tag = Tag(0x0008, 0x0080);
const STUDY_DATE: Tag = Tag(0x0008, 0x0020);
const STUDY_DESCRIPTION: Tag = Tag(0x0008, 0x1030);
const STATION_NAME: Tag = Tag(0x0008, 0x1010);
const AGE: Tag = Tag(0x0010, 0x1010);
const MODIFIED: ProfileOption = ProfileOption::RetainLongitudinalModifiedDates;

fn policy(text: &str) -> Policy {
    Policy::from_toml(text).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: &str) -> String {
    match Policy::from_toml(text) {
        Ok(_) => panic!("accepted: {text}"),
        Err(error) => error.to_string(),
    }
}

fn action(policy: &Policy, tag: Tag) -> &'static str {
    policy.rule(tag).map_or("-", |rule| rule.action.code())
}

fn private(policy: &Policy, group: u16, creator: &str, element: u8) -> PrivateDisposition {
    policy
        .private_rule(PrivateLookup {
            group,
            creator,
            element,
        })
        .disposition
}

#[test]
fn presets_are_what_their_files_say() {
    for preset in Preset::ALL {
        let parsed = policy(preset.toml());
        assert_eq!(parsed.name(), preset.name());
        assert_eq!(Preset::from_name(preset.name()), Some(preset));
        assert!(!parsed.description().is_empty());
        assert!(
            parsed
                .weakenings()
                .iter()
                .all(|found| found.level == WeakeningLevel::Note)
        );
        assert_eq!(Policy::preset(preset).digest(), parsed.digest());
    }
    assert_eq!(Policy::preset(Preset::Basic).options().count(), 0);
    assert!(Policy::preset(Preset::Basic).weakenings().is_empty());
    assert_eq!(Policy::preset(Preset::default()).name(), "research");
}

/// PS3.15 E.2: without options every row of Table E.1-1 has the profile's own action.
#[test]
fn the_basic_preset_is_the_basic_profile() {
    let basic = Policy::preset(Preset::Basic);
    for row in PROFILE {
        let tag = weakening::example(row.pattern);
        match row.pattern {
            TagPattern::Private => assert_eq!(basic.rule(tag), None),
            _ => assert_eq!(
                basic.rule(tag),
                Some(Rule {
                    action: row.basic,
                    source: RuleSource::Basic
                })
            ),
        }
    }
    assert_eq!(
        basic.rule(Tag(0x0008, 0x0060)),
        None,
        "Modality is not in the table"
    );
    assert_eq!(
        private(&basic, 0x0019, "SIEMENS MR HEADER", 0x0C),
        PrivateDisposition::Remove
    );
}

#[test]
fn the_research_preset_follows_its_options() {
    let research = Policy::preset(Preset::Research);
    assert_eq!(action(&research, INSTITUTION), "X/Z/D");
    assert_eq!(
        research.rule(STUDY_DESCRIPTION).unwrap().action,
        Action::C(ProfileOption::CleanDescriptors)
    );
    assert_eq!(
        research.rule(STUDY_DATE).unwrap().action,
        Action::C(MODIFIED)
    );
    assert_eq!(action(&research, AGE), "K");
    assert_eq!(action(&research, Tag(0x0020, 0x000D)), "U");
    let source = research.rule(STUDY_DESCRIPTION).unwrap().source.to_string();
    assert_eq!(source, "PS3.15 2026d Clean Descriptors Option");
    // Patient's Birth Date has no column for dates: it never comes back.
    assert_eq!(action(&research, Tag(0x0010, 0x0030)), "Z");
    for (group, code) in [(0x6000, "C"), (0x60FE, "C"), (0x6001, "-"), (0x6100, "-")] {
        assert_eq!(action(&research, Tag(group, 0x3000)), code, "{group:04X}");
    }
    assert_eq!(action(&research, Tag(0x6002, 0x0010)), "-");
    assert_eq!(action(&research, Tag(0x50FE, 0x0010)), "C");
}

/// PS3.15 E.3.10: what the standard calls safe stays, whatever is not known goes.
#[test]
fn private_elements_under_the_research_preset() {
    use PrivateDisposition::{Keep, Remove, Uid};
    let research = Policy::preset(Preset::Research);
    for row in crate::tables::SAFE_PRIVATE {
        let expected = if row.vr == Some(VR::UI) { Uid } else { Keep };
        assert_eq!(
            private(&research, row.group, row.creator, row.element),
            expected
        );
    }
    assert_eq!(
        private(&research, 0x0029, "SIEMENS CSA HEADER", 0x10),
        Remove
    );
    assert_eq!(
        private(&research, 0x0019, "SIEMENS MR HEADER", 0x0F),
        Remove
    );
    assert_eq!(private(&research, 0x0019, "UNKNOWN VENDOR", 0x0C), Remove);
    assert_eq!(private(&research, 0x0019, "  ", 0x0C), Remove);
    // PixelMed's list: numbers only, and only while the object says numbers.
    let lookup = PrivateLookup {
        group: 0x0019,
        creator: "LORAD Selenia",
        element: 0x16,
    };
    let rule = research.private_rule_at(lookup, VR::DS, &[]);
    assert_eq!((rule.disposition, rule.vr), (Keep, Some(VR::DS)));
    assert_eq!(rule.source, PrivateSource::PixelMed);
    assert_eq!(
        research.private_rule_at(lookup, VR::LO, &[]).disposition,
        Remove
    );
    assert_eq!(
        private(&research, 0x0019, "LORAD Selenia", 0x26),
        Remove,
        "a text"
    );
    // TCIA keeps this one, the research preset does not ask it.
    assert_eq!(private(&research, 0x0009, "GEMS_IDEN_01", 0x01), Remove);
}

#[test]
fn the_tcia_preset_follows_the_archive() {
    use PrivateDisposition::{IntegerDate, Keep, Remove, Uid};
    let tcia = Policy::preset(Preset::Tcia);
    let rule = tcia.rule(STUDY_DESCRIPTION).unwrap();
    assert_eq!(rule.action, Action::C(ProfileOption::CleanDescriptors));
    assert_eq!(rule.source.to_string(), "TCIA attribute actions: keep");
    assert_eq!(tcia.rule(STUDY_DATE).unwrap().action, Action::C(MODIFIED));
    for (tag, code) in [
        (INSTITUTION, "X"),
        (AGE, "K"),
        (Tag(0x0008, 0x0050), "Z"),
        (Tag(0x0010, 0x0020), "D"),
        (Tag(0x0020, 0x000D), "U"),
        (Tag(0x0040, 0xA073), "K"),
        (Tag(0x0040, 0xA730), "C"),
        (Tag(0x6002, 0x3000), "X"),
        (Tag(0x5002, 0x3000), "X"),
        // Not in TCIA's list, which is older: Name to Use, by the basic profile.
        (Tag(0x0010, 0x0012), "X"),
    ] {
        assert_eq!(action(&tcia, tag), code, "{tag}");
    }
    assert_eq!(private(&tcia, 0x0009, "GEMS_IDEN_01", 0x27), IntegerDate);
    assert_eq!(private(&tcia, 0x0009, "GEMS_GENIE_1", 0x2B), Uid);
    assert_eq!(private(&tcia, 0x0019, "SIEMENS MR HEADER", 0x0C), Keep);
    assert_eq!(private(&tcia, 0x0019, "UNKNOWN VENDOR", 0x0C), Remove);
    let icon = PathStep::Private {
        group: 0x0009,
        creator: "GEIIS",
        element: 0x10,
    };
    assert_eq!(
        tcia.standard_in_private(Tag(0x0028, 0x0010), VR::US, &[icon]),
        None
    );
    assert_eq!(
        tcia.standard_in_private(Tag(0x0028, 0x0010), VR::US, &[]),
        None
    );
}

/// TCIA's "keep" is only kept where an option cleans or retains it.
#[test]
fn tcia_actions_without_their_options_fall_back_to_the_profile() {
    let strict = policy(
        "extends = \"tcia\"\n[options]\nclean-descriptors = false\n\
         retain-longitudinal-modified-dates = false\n",
    );
    assert_eq!(action(&strict, STUDY_DESCRIPTION), "X");
    assert_eq!(strict.rule(STUDY_DATE).unwrap().source, RuleSource::Basic);
    assert_eq!(action(&strict, STUDY_DATE), "Z");
}

/// PS3.15 E.3.8: some rows are cleaned for the device, some kept; Clean wins over Keep.
#[test]
fn of_two_options_the_one_that_protects_more_wins() {
    let device = "[danger]\nretain-device-identity = true\n";
    let calibration = Tag(0x0018, 0x1200);
    assert_eq!(action(&policy(device), calibration), "K");
    let both = policy(&format!("extends = \"research\"\n{device}"));
    assert_eq!(both.rule(calibration).unwrap().action, Action::C(MODIFIED));
    assert_eq!(action(&both, STATION_NAME), "K");
    let full =
        policy("[danger]\nretain-device-identity = true\nretain-longitudinal-full-dates = true");
    assert_eq!(action(&full, calibration), "K");
    // Allergies are text: two options clean it, and both mean words.
    let research = Policy::preset(Preset::Research);
    let allergies = research.rule(Tag(0x0010, 0x2110)).unwrap().action;
    assert_eq!(allergies, Action::C(ProfileOption::CleanDescriptors));
    // A named danger keeps its rows against TCIA's list too.
    let tcia = policy("extends = \"tcia\"\n[danger]\nretain-institution-identity = true");
    assert_eq!(action(&tcia, INSTITUTION), "K");
    assert_eq!(tcia.weakenings()[0].level, WeakeningLevel::Danger);
}

#[test]
fn options_that_exclude_each_other_are_refused() {
    let error = refused("extends = \"research\"\n[danger]\nretain-longitudinal-full-dates = true");
    assert!(error.contains("exclude each other"), "{error}");
    let full = policy(
        "extends = \"research\"\n[options]\nretain-longitudinal-modified-dates = false\n\
         [danger]\nretain-longitudinal-full-dates = true",
    );
    assert_eq!(action(&full, STUDY_DATE), "K");
}

#[test]
fn overrides_by_tag_keyword_and_group() {
    let own = policy(
        "name = \"ours\"\nextends = \"research\"\n[attributes]\n\"(0008,1030)\" = \"X\"\n\
         SeriesDescription = \"Z\"\n00080060 = \"X\"\n\"60xx,3000\" = \"X\"\n\
         ImageComments = \"C\"\nInstitutionalDepartmentName = \"D\"\n",
    );
    let expected = [
        (STUDY_DESCRIPTION, "X", 4),
        (Tag(0x0008, 0x103E), "Z", 5),
        (Tag(0x0008, 0x0060), "X", 6),
        (Tag(0x600A, 0x3000), "X", 7),
        (Tag(0x0020, 0x4000), "C", 8),
        (Tag(0x0008, 0x1040), "D", 9),
    ];
    for (tag, code, line) in expected {
        let rule = own.rule(tag).unwrap();
        assert_eq!(
            (rule.action.code(), rule.source),
            (code, RuleSource::Override(line))
        );
    }
    assert_eq!(
        own.rule(STUDY_DESCRIPTION).unwrap().source.to_string(),
        "policy file, line 4"
    );
    assert!(
        own.weakenings()
            .iter()
            .all(|found| found.level == WeakeningLevel::Note)
    );
    assert!(
        own.digest()
            .starts_with("ours: PS3.15 2026d basic profile; ")
    );
}

/// style.md: what weakens privacy is named for it.
#[test]
fn what_weakens_privacy_has_to_be_named() {
    for (text, place) in [
        ("[attributes]\nInstitutionName = \"K\"", "danger.attributes"),
        ("[attributes]\nPatientName = \"C\"", "danger.attributes"),
        ("[attributes]\n\"60xx,3000\" = \"K\"", "danger.attributes"),
        ("[attributes]\n\"0009,0010\" = \"K\"", "[private]"),
        ("[attributes]\n\"0008,2228\" = \"K\"", ""),
        ("[options]\nretain-uids = true", "danger"),
        (
            "[private]\n\"0029,SIEMENS CSA HEADER,10\" = \"keep\"",
            "danger.private",
        ),
        (
            "[private]\n\"0029,SIEMENS CSA HEADER,*\" = \"clean\"",
            "danger.private",
        ),
    ] {
        if place.is_empty() {
            policy(&text.replace("0008,2228", "0028,0010"));
        } else {
            let error = refused(text);
            assert!(
                error.contains(place) && error.starts_with("line 2"),
                "{error}"
            );
        }
    }
    let named = policy(
        "[danger]\nretain-uids = true\n[danger.attributes]\nInstitutionName = \"K\"\n\
         [danger.private]\n\"0029,SIEMENS CSA HEADER,10\" = \"keep\"\n",
    );
    assert_eq!(action(&named, INSTITUTION), "K");
    assert_eq!(action(&named, Tag(0x0008, 0x0018)), "K");
    let csa = private(&named, 0x0029, "SIEMENS CSA HEADER ", 0x10);
    assert_eq!(csa, PrivateDisposition::Keep);
    let dangers: Vec<_> = named
        .weakenings()
        .iter()
        .map(|found| found.key.as_str())
        .collect();
    assert_eq!(
        dangers,
        ["retain-uids", "(0008,0080)", "(0029,SIEMENS CSA HEADER,10)"]
    );
    assert!(
        named
            .weakenings()
            .iter()
            .all(|found| !found.sentence.is_empty())
    );
}

#[test]
fn private_overrides_go_over_the_lists_and_one_element_over_its_block() {
    let own = policy(
        "extends = \"research\"\n[private]\n\"0019,siemens mr header,*\" = \"remove\"\n\
         \"0019,SIEMENS MR HEADER,0C\" = \"keep\"\n\"0019,HOLOGIC, Inc.,16\" = \"remove\"\n",
    );
    assert_eq!(
        private(&own, 0x0019, "SIEMENS MR HEADER", 0x0C),
        PrivateDisposition::Keep
    );
    assert_eq!(
        private(&own, 0x0019, "SIEMENS MR HEADER", 0x0D),
        PrivateDisposition::Remove
    );
    let lookup = PrivateLookup {
        group: 0x0019,
        creator: "HOLOGIC, Inc.",
        element: 0x16,
    };
    assert_eq!(own.private_rule(lookup).source, PrivateSource::Override(5));
}

#[test]
fn files_with_faults_are_refused_with_their_line() {
    for (text, expected) in [
        ("name = \"x\"\noptoins = 1", "line 2: unknown key `optoins`"),
        ("name = ", "line 1: not valid TOML"),
        (
            "\n\n[options]\nclean-descriptor = true",
            "line 4: unknown key `clean-descriptor`",
        ),
        (
            "[options]\nclean-descriptors = \"yes\"",
            "must be true or false",
        ),
        (
            "[danger]\nclean-descriptors = true",
            "unknown key `clean-descriptors`",
        ),
        (
            "extends = \"reserch\"",
            "must be \"basic\", \"research\" or \"tcia\"",
        ),
        ("[attributes]\nInstitutionNam = \"X\"", "is not a tag"),
        ("[attributes]\n\"0008,008\" = \"X\"", "is not a tag"),
        ("[attributes]\n\"0008,+080\" = \"X\"", "is not a tag"),
        ("[attributes]\nPatientID = \"R\"", "must be one of K, X, Z"),
        (
            "[attributes]\nPatientID = \"U\"",
            "for attributes that hold UIDs",
        ),
        ("[attributes]\nSOPInstanceUID = \"X\"", "only U or K"),
        (
            "[attributes]\nPatientIdentityRemoved = \"X\"",
            "always written anew",
        ),
        ("[attributes]\n\"0002,0010\" = \"X\"", "always written anew"),
        ("[attributes]\nPixelData = \"X\"", "options for pixel data"),
        (
            "[attributes]\nPatientID = \"X\"\n\"0010,0020\" = \"Z\"",
            "line 3: `",
        ),
        (
            "[private]\n\"0019,SIEMENS\" = \"keep\"",
            "is not a private element",
        ),
        (
            "[private]\n\"0018,SIEMENS,0C\" = \"keep\"",
            "is not a private element",
        ),
        (
            "[private]\n\"0019,,0C\" = \"keep\"",
            "is not a private element",
        ),
        (
            "[private]\n\"0019,SIEMENS,1\" = \"keep\"",
            "is not a private element",
        ),
        (
            "[private]\n\"0019,SIEMENS,01\" = \"hold\"",
            "must be one of remove, keep",
        ),
        (
            "[tables]\nprivate = [\"tcia\", \"tcia\"]",
            "each at most once",
        ),
        ("[tables]\nprivate = \"tcia\"", "must be a list"),
        (
            "[tables]\nattribute-actions = \"tcja\"",
            "must be \"none\" or \"tcia\"",
        ),
        (
            "[documents]\nencapsulated = \"keep\"",
            "must be \"dummy\" or \"quarantine\"",
        ),
        (
            "[pixels]\npages = \"keep\"",
            "line 2: `pages` must be one of \"blank\", \"quarantine\", \"drop\"",
        ),
        (
            "[pixels]\nfaces = true",
            "line 2: `faces` must be a text in quotes",
        ),
        (
            "[pixels]\nface = \"warn\"",
            "line 2: unknown key `face`; known here: pages, faces",
        ),
        ("name = \"\"", "1 to 40 printable"),
        ("name = \"a\\\\b\"", "1 to 40 printable"),
        ("name = \"größe\"", "1 to 40 printable"),
        ("options = 3", "must be a table"),
    ] {
        let error = refused(text);
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn content_items_follow_the_options() {
    let basic = Policy::preset(Preset::Basic);
    let research = Policy::preset(Preset::Research);
    let code = |policy: &Policy, code, kind| {
        policy
            .content_item_typed(code, "DCM", kind)
            .map(|rule| rule.action.code())
    };
    assert_eq!(code(&basic, "126201", "DATE"), Some("X"));
    assert_eq!(code(&research, "126201", "DATE"), Some("C"));
    assert_eq!(code(&research, "121022", "TEXT"), Some("X"));
    assert_eq!(code(&research, "000000", "TEXT"), None);
    // Clinical Report: a text is cleaned, a reference goes; not knowing which, it goes.
    let report = |kind| {
        research
            .content_item_typed("371524004", "SCT", kind)
            .unwrap()
            .action
    };
    assert_eq!(report("TEXT").code(), "C");
    assert_eq!(report("COMPOSITE").code(), "X");
    assert_eq!(
        research.content_item("371524004", "SCT").unwrap().action,
        Action::X
    );
}

#[test]
fn rows_list_every_rule_with_its_source() {
    let count = |policy: &Policy, table| policy.rows().filter(|row| row.table == table).count();
    for preset in Preset::ALL {
        let policy = Policy::preset(preset);
        assert_eq!(count(&policy, "E.1-1"), 657);
        assert_eq!(count(&policy, "E.3.4-1"), 214);
        assert!(
            policy
                .rows()
                .all(|row| !row.source.is_empty() && !row.action.is_empty())
        );
    }
    assert_eq!(count(&Policy::preset(Preset::Basic), "private"), 0);
    assert!(count(&Policy::preset(Preset::Research), "private") > 479);
    assert!(count(&Policy::preset(Preset::Tcia), "private") > 8000);
    let noted = policy("[attributes]\nStudyDescription = \"C\"");
    let [note] = noted.weakenings() else {
        panic!("one note")
    };
    assert_eq!(
        note.sentence,
        "Study Description is cleaned, not removed, by the policy file."
    );
    let own = policy("[attributes]\nModality = \"X\"\n\"60xx,0010\" = \"X\"");
    let shown: Vec<_> = own
        .rows()
        .filter(|row| row.table == "policy file")
        .collect();
    assert_eq!(shown.len(), 2);
    assert_eq!(
        (shown[0].pattern.as_str(), shown[0].name.as_str()),
        ("(0008,0060)", "Modality")
    );
    assert_eq!(action(&own, Tag(0x6004, 0x0010)), "X");
}

/// Pages and faces: the defaults release, what is stricter is no weakening, a file that builds on
/// another inherits it, and all of it is shown and part of the digest.
#[test]
fn pages_and_faces_are_set_in_pixels() {
    for preset in Preset::ALL {
        let policy = Policy::preset(preset);
        assert_eq!(
            (policy.pages(), policy.faces()),
            (Pages::Blank, Faces::Warn)
        );
    }
    let strict =
        policy("extends = \"research\"\n[pixels]\npages = \"drop\"\nfaces = \"quarantine\"");
    assert_eq!(
        (strict.pages(), strict.faces()),
        (Pages::Drop, Faces::Quarantine)
    );
    let research = policy("extends = \"research\"");
    assert_eq!(strict.weakenings(), research.weakenings());
    let half = policy("extends = \"research\"\n[pixels]\npages = \"quarantine\"");
    assert_eq!(half.faces(), Faces::Warn);
    let shown: Vec<_> = half.rows().filter(|row| row.table == "pixels").collect();
    let shown: Vec<_> = shown
        .iter()
        .map(|row| (row.pattern.as_str(), row.action.as_str()))
        .collect();
    assert_eq!(shown, [("pages", "quarantine"), ("faces", "warn")]);
    let digests = [&strict, &research, &half].map(Policy::digest);
    assert!(digests[0] != digests[1] && digests[1] != digests[2] && digests[0] != digests[2]);
}

#[test]
fn the_digest_tells_policies_apart_and_is_stable() {
    let one = policy("extends = \"research\"");
    let same = policy("# a comment\nextends = \"research\"\ndescription = \"other words\"");
    let other = policy("extends = \"research\"\n[attributes]\nModality = \"X\"");
    assert_eq!(one.digest(), same.digest());
    assert_ne!(one.digest(), other.digest());
    assert!(policy("[documents]\nencapsulated = \"quarantine\"").quarantines_documents());
}

proptest! {
    /// Whatever a file holds, reading it ends in a policy or an error, and an accepted policy
    /// answers for every attribute.
    #[test]
    fn any_file_is_read_or_refused(text in "(\\[(options|danger|attributes|private|tables)\\]\n)?\
        ([a-zA-Z0-9,x\"*. -]{0,30} ?= ?[\"\\[a-zA-Z0-9\\]]{0,12}\n){0,4}", tag in any::<u32>()) {
        if let Ok(policy) = Policy::from_toml(&text) {
            policy.rule(Tag((tag >> 16) as u16, tag as u16));
        }
    }

    /// The lookup by hash finds what the table holds, and nothing else.
    #[test]
    fn a_rule_is_found_exactly_where_a_row_matches(group in 0_u16..0x7000, element in any::<u16>()) {
        let tag = Tag(group, element);
        let listed = group % 2 == 0 && PROFILE.iter().any(|row| row.pattern.matches(tag));
        prop_assert_eq!(Policy::preset(Preset::Research).rule(tag).is_some(), listed);
    }
}
