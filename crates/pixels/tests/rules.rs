//! Rules for devices and ultrasound regions: what they ask of an image, and what they do not.

use obscura_dicom::{DataSet, Element, Header, Syntax, Tag, VR};
use obscura_pixels::Area;
use obscura_pixels::rules::regions::{RegionNote, outside};
use obscura_pixels::rules::{RuleAction, RuleAreas, RuleCause, Rules, RulesError, uncovered};
use proptest::prelude::*;

const MANUFACTURER: Tag = Tag(0x0008, 0x0070);
const MODEL: Tag = Tag(0x0008, 0x1090);
const MODALITY: Tag = Tag(0x0008, 0x0060);
const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
const ROWS: Tag = Tag(0x0028, 0x0010);
const REGIONS: Tag = Tag(0x0018, 0x6011);

fn rows(rows: u16) -> Element<'static> {
    Element::new(ROWS, VR::US, rows.to_le_bytes().to_vec())
}

fn text(tag: Tag, text: &str) -> Element<'static> {
    let vr = if tag == MODALITY || tag == IMAGE_TYPE {
        VR::CS
    } else {
        VR::LO
    };
    Element::text(tag, vr, text)
}

fn with<T>(elements: Vec<Element<'static>>, see: impl FnOnce(&Header<'_, '_>) -> T) -> T {
    let data = DataSet::from_elements(elements);
    see(&Header::new(&data, &Syntax::from_uid(Syntax::EXPLICIT_LE)))
}

fn rules(text: &str) -> Rules {
    Rules::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: &str) -> String {
    match Rules::parse(text) {
        Ok(_) => panic!("accepted: {text}"),
        Err(error) => error.to_string(),
    }
}

fn rectangles(found: &RuleAreas<'_>) -> Vec<Area> {
    found.areas.iter().map(|area| area.area).collect()
}

/// The shipped file parses (nothing stands in for it), and blanks a banner it is known for.
#[test]
fn the_public_rules_know_a_banner_and_leave_other_devices_alone() {
    let rules = Rules::parse(obscura_pixels::rules::DEVICES).unwrap();
    assert_eq!(rules.len(), Rules::builtin().len());
    assert!(rules.len() > 100);
    assert!(rules.weakenings().is_empty());
    let epiq = |count| {
        vec![
            text(MANUFACTURER, "Philips Medical Systems "),
            text(MODEL, "epiq 7G"),
            text(MODALITY, "US"),
            rows(count),
        ]
    };
    with(epiq(768), |header| {
        let found = rules.areas(header, 768, 1024);
        assert_eq!(rectangles(&found), [Area::new(0, 0, 1024, 49)]);
        assert_eq!(found.areas[0].rule, "EPIQ 7G, 768 rows");
        assert_eq!(found.areas[0].cause, RuleCause::DeviceRule);
        assert_eq!(found.areas[0].action, RuleAction::Blank);
    });
    with(epiq(400), |header| {
        assert!(rules.areas(header, 400, 600).areas.is_empty());
    });
    let ct = vec![
        text(MANUFACTURER, "SIEMENS"),
        text(MODEL, "SOMATOM Force"),
        text(MODALITY, "CT"),
        text(IMAGE_TYPE, "ORIGINAL\\PRIMARY\\AXIAL"),
        rows(512),
    ];
    with(ct, |header| {
        let found = rules.areas(header, 512, 512);
        assert_eq!(found, RuleAreas::default());
    });
}

/// No rule of the shipped file makes an image clean, and labels without rectangles only warn.
#[test]
fn labels_without_rectangles_only_suspect() {
    let rules = Rules::builtin();
    let report = vec![
        text(MODALITY, "MR"),
        text(Tag(0x0008, 0x103E), "PACS nomination form"),
    ];
    with(report, |header| {
        let found = rules.areas(header, 512, 512);
        assert!(found.areas.is_empty());
        assert!(
            found
                .suspect
                .contains(&"Stanford Blacklist Dose Report or External")
        );
    });
}

/// What docs/pixel-rules.md shows is what the program reads, and its counts are the file's.
#[test]
fn the_examples_and_figures_of_the_documentation_are_true() {
    let page = include_str!("../../../docs/pixel-rules.md");
    let mut examples = page.split("```toml\n").skip(1);
    let mut example = || examples.next().and_then(|text| text.split("```").next());
    let file = rules(example().unwrap());
    assert_eq!((file.len(), file.weakenings().len()), (2, 1));
    let switched = Rules::builtin().with(rules(example().unwrap())).unwrap();
    assert_eq!(switched.weakenings().len(), 1);
    let action = |word: &str| obscura_pixels::rules::DEVICES.matches(word).count();
    let (blank, suspect) = (action("action = \"blank\""), action("action = \"suspect\""));
    assert_eq!(blank + suspect, Rules::builtin().len());
    assert!(page.contains(&format!(
        "{blank} rules that blank and {suspect} that suspect"
    )));
}

const ALL_CONDITIONS: &str = r#"
switch-off = ["a rule"]

[[rule]]
name = "every condition"
source = "our own"
modality = ["US", "XA"]
when = [
    { attribute = "Manufacturer", contains = ["acme", "other"] },
    { attribute = "0008,1090", glob = "Scan*9?" },
    { attribute = "Rows", at-least = 400, below = 600.5 },
    { attribute = "ImageType", equals = "secondary" },
    { not = { attribute = "BurnedInAnnotation", equals = "NO" } },
    { any = [{ attribute = "SeriesDescription", is = "missing" }, { attribute = "SeriesDescription", is = "empty" }] },
    { all = [{ attribute = "Rows", above = 1 }, { attribute = "Rows", at-most = 512 }] },
]
action = "keep"
areas = ["-100,-20,100,20", "0,0,*,10%"]
"#;

fn device() -> Vec<Element<'static>> {
    vec![
        text(MANUFACTURER, "ACME Inc."),
        text(MODEL, "Scanner 9b"),
        text(MODALITY, "US"),
        text(IMAGE_TYPE, "DERIVED\\SECONDARY"),
        text(Tag(0x0008, 0x103E), " "),
        rows(512),
    ]
}

#[test]
fn every_condition_holds_or_does_not() {
    let rules = rules(ALL_CONDITIONS);
    let count = |elements| with(elements, |header| rules.areas(header, 512, 640).areas.len());
    assert_eq!(count(device()), 2);
    for (tag, value) in [
        (MANUFACTURER, "Somebody"),
        (MODEL, "Scanner 9"),
        (MODALITY, "IVUS"),
        (IMAGE_TYPE, "DERIVED\\SECONDARY 2"),
        (Tag(0x0028, 0x0301), "NO"),
        (Tag(0x0008, 0x103E), "something"),
    ] {
        let mut elements = device();
        elements.push(text(tag, value));
        assert_eq!(count(elements), 0, "{tag:?}");
    }
    for other in [399, 513, 601] {
        let mut elements = device();
        elements.push(rows(other));
        assert_eq!(count(elements), 0, "{other}");
    }
}

#[test]
fn what_a_team_keeps_or_switches_off_is_named() {
    let shipped = rules(
        "[[rule]]\nname = \"a rule\"\nwhen = [{ attribute = \"Rows\", is = \"present\" }]\naction = \
         \"blank\"\nareas = \"0,0,*,10%\"\n[[rule]]\nname = \"another\"\nwhen = [{ attribute = \
         \"Rows\", is = \"present\" }]\naction = \"blank\"\nareas = \"0,0,*,20\"",
    );
    let own = rules(ALL_CONDITIONS);
    let both = shipped.clone().with(own).unwrap();
    let weakened = both.weakenings();
    assert_eq!(weakened.len(), 2, "{weakened:?}");
    assert!(weakened[0].contains("\"every condition\"") && weakened[1].contains("\"a rule\""));
    with(device(), |header| {
        let found = both.areas(header, 512, 640);
        // 10 % of 512 rows are 52: of the 20 rows to blank nothing is left.
        assert!(found.blanked(RuleCause::DeviceRule).is_empty());
        assert_eq!(
            found.kept_by(&Area::new(0, 2, 30, 10)),
            Some("every condition")
        );
        assert_eq!(found.kept_by(&Area::new(0, 50, 30, 10)), None);
    });
    let unknown = shipped
        .with(rules("switch-off = [\n\"no such rule\"]"))
        .unwrap_err();
    assert!(matches!(unknown, RulesError::UnknownRule { line: 1, .. }));
}

/// A rule measured on one size of screen says nothing about a thumbnail of it.
#[test]
fn rectangles_that_do_not_fit_are_not_followed_and_are_named() {
    let rules = rules(
        "[[rule]]\nname = \"banner\"\nwhen = [{ attribute = \"Manufacturer\", contains = \"acme\" \
         }]\naction = \"blank\"\nareas = [\"0,0,1229,69\"]\n[[rule]]\nname = \"whole\"\nwhen = [{ \
         attribute = \"ImageType\", contains = \"page\" }]\naction = \"blank\"\nareas = \"all\"",
    );
    with(device(), |header| {
        let large = rules.areas(header, 600, 800);
        assert_eq!(rectangles(&large), [Area::new(0, 0, 800, 69)]);
        let small = rules.areas(header, 100, 128);
        assert!(small.areas.is_empty());
        assert_eq!(small.unfit, ["banner"]);
        assert!(rules.areas(header, 0, 0).areas.is_empty());
    });
    let mut page = device();
    page.push(text(IMAGE_TYPE, "DERIVED\\PAGE"));
    with(page, |header| {
        assert!(rectangles(&rules.areas(header, 100, 128)).contains(&Area::new(0, 0, 128, 100)));
    });
}

#[test]
fn sequences_and_the_meta_group_are_looked_into() {
    let rules = rules(
        "[[rule]]\nname = \"phantom\"\nwhen = [{ attribute = \
         \"CTDIPhantomTypeCodeSequence.CodeMeaning\", contains = \"iec body\" }]\naction = \
         \"suspect\"\n[[rule]]\nname = \"overlay\"\nwhen = [{ attribute = \"OverlayDescription\", \
         equals = \"graphics\" }]\naction = \"suspect\"",
    );
    let code = text(Tag(0x0008, 0x0104), "IEC Body Dosimetry Phantom");
    let sequence = Element::sequence(
        Tag(0x0018, 0x9346),
        vec![DataSet::from_elements(vec![code])],
    );
    let overlay = text(Tag(0x6002, 0x0022), "Graphics");
    with(vec![sequence, overlay], |header| {
        assert_eq!(rules.areas(header, 9, 9).suspect, ["phantom", "overlay"]);
    });
}

#[test]
fn faults_are_told_with_their_line() {
    let rule = |when: &str, rest: &str| format!("[[rule]]\nname = \"x\"\nwhen = [{when}]\n{rest}");
    let rows = "{ attribute = \"Rows\", equals = 1 }";
    let blank = "action = \"blank\"\nareas = \"all\"";
    for (text, expected) in [
        ("[[rule]\n", "line 1: not valid TOML"),
        (
            "\nrules = 1",
            "line 2: unknown key `rules`; known here: rule, switch-off",
        ),
        ("rule = 1", "line 1: `rule` must be tables"),
        (
            "[[rule]]\nwhen = []",
            "line 2: `when` must be a list of conditions",
        ),
        ("[[rule]]\naction = \"blank\"", "line 1: `name` is missing"),
        (&rule("", blank), "line 3: `when` must be a list"),
        (&rule(rows, ""), "line 1: `action` is missing"),
        (
            &rule(rows, "action = \"blank\""),
            "line 1: `areas` is missing",
        ),
        (
            &rule(rows, "action = \"suspect\"\nareas = \"all\""),
            "line 1: `areas` is missing: rules that blank",
        ),
        (&rule(rows, "action = \"hide\""), "line 4: `action` must be"),
        (
            &rule(rows, "action = \"blank\"\nareas = [\"1,2,3\"]"),
            "line 5: `areas` must be rectangles",
        ),
        (
            &rule("{ attribute = \"Manfacturer\", equals = 1 }", blank),
            "line 3: `Manfacturer` is not a keyword",
        ),
        (
            &rule("{ attribute = \"Rows\" }", blank),
            "line 3: `equals` is missing",
        ),
        (
            &rule("{ equals = 1 }", blank),
            "line 3: `attribute` is missing",
        ),
        (
            &rule("{ attribute = \"Rows\", like = 1 }", blank),
            "line 3: unknown key `like`",
        ),
        (
            &rule("{ attribute = \"Rows\", above = \"x\" }", blank),
            "line 3: `above` must be a number",
        ),
        (
            &rule("{ attribute = \"Rows\", above = inf }", blank),
            "line 3: `above` must be a number",
        ),
        (
            &rule("{ attribute = \"Rows\", contains = \"\" }", blank),
            "line 3: `contains` must be",
        ),
        (
            &rule("{ attribute = \"Rows\", is = \"there\" }", blank),
            "line 3: `is` must be",
        ),
        (&rule("{ any = [] }", blank), "line 3: `any` must be a list"),
        (
            &rule("{ not = 3 }", blank),
            "line 3: `not` must be one condition",
        ),
        (
            &format!("{0}\n{0}", rule(rows, blank)),
            "line 6: there is already a rule \"x\" in line 1",
        ),
    ] {
        let error = refused(text);
        assert!(error.starts_with(expected), "{text}\n{error}");
    }
    let deep = format!("{}{rows}{}", "{ not = ".repeat(20), " }".repeat(20));
    assert!(refused(&rule(&deep, blank)).contains("line 3"));
}

fn region(x0: i64, y0: i64, x1: i64, y1: i64) -> DataSet<'static> {
    let place = |element, at: i64| {
        Element::new(
            Tag(0x0018, element),
            VR::UL,
            (at as u32).to_le_bytes().to_vec(),
        )
    };
    DataSet::from_elements(vec![
        place(0x6018, x0),
        place(0x601A, y0),
        place(0x601C, x1),
        place(0x601E, y1),
    ])
}

fn ultrasound(regions: Vec<DataSet<'static>>) -> Vec<Element<'static>> {
    vec![text(MODALITY, "US"), Element::sequence(REGIONS, regions)]
}

/// PS3.3 C.8.5.5.1.1: X1 and Y1 are the last column and row of the region.
#[test]
fn what_lies_outside_of_the_regions_is_asked_for() {
    let elements = ultrasound(vec![region(100, 50, 539, 429), region(100, 430, 539, 479)]);
    with(elements.clone(), |header| {
        let found = outside(header, 480, 640);
        assert_eq!(
            found.rectangles,
            [
                Area::new(0, 0, 640, 50),
                Area::new(0, 50, 100, 430),
                Area::new(540, 50, 100, 430),
            ]
        );
        assert!(found.notes.is_empty());
        let none = Rules::default();
        let areas = none.areas(header, 480, 640);
        assert_eq!(rectangles(&areas), found.rectangles);
        assert!(
            areas
                .areas
                .iter()
                .all(|area| area.cause == RuleCause::UltrasoundRegion)
        );
        assert_eq!(areas.blanked(RuleCause::UltrasoundRegion), found.rectangles);
    });
    let mut other = elements;
    other.push(text(MODALITY, "CT"));
    with(other, |header| {
        assert!(outside(header, 480, 640).rectangles.is_empty());
    });
}

#[test]
fn regions_that_cannot_be_are_ignored_with_a_note() {
    let see = |regions| with(ultrasound(regions), |header| outside(header, 480, 640));
    let whole = see(vec![region(0, 0, 640, 480)]);
    assert!(whole.rectangles.is_empty() && whole.notes.is_empty());
    assert_eq!(see(vec![]), see(vec![region(0, 0, 639, 479)]));
    for strange in [
        region(0, 0, 0, 0),
        region(300, 300, 200, 400),
        region(5000, 0, 6000, 479),
        DataSet::default(),
    ] {
        let found = see(vec![strange.clone()]);
        assert!(found.rectangles.is_empty());
        assert_eq!(found.notes, [RegionNote::Ignored]);
        let beside = see(vec![strange, region(0, 40, 639, 479)]);
        assert_eq!(beside.rectangles, [Area::new(0, 0, 640, 40)]);
    }
    let beyond = see(vec![region(0, 40, 1023, 767)]);
    assert_eq!(beyond.rectangles, [Area::new(0, 0, 640, 40)]);
    assert_eq!(beyond.notes, [RegionNote::Clipped]);
    let tiny = see(vec![region(0, 0, 20, 20)]);
    assert!(tiny.rectangles.is_empty());
    assert_eq!(tiny.notes, [RegionNote::TooSmall]);
    let many = see(vec![region(0, 0, 600, 400); 5000]);
    assert_eq!(many.notes, [RegionNote::TooMany]);
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "US",
        "CT",
        "GE MEDICAL SYSTEMS",
        "LOGIQE9",
        "Philips",
        "EPIQ 7G",
        "DERIVED\\SECONDARY\\SAVE",
        "512",
        "YES",
        "\\\\\\",
        "",
    ]);
    prop_oneof![
        known.prop_map(|text| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..24),
    ]
}

fn header_elements() -> impl Strategy<Value = Vec<Element<'static>>> {
    let tags = prop::sample::select(vec![
        MANUFACTURER,
        MODEL,
        MODALITY,
        IMAGE_TYPE,
        ROWS,
        Tag(0x0028, 0x0011),
        Tag(0x0008, 0x103E),
        Tag(0x0008, 0x0005),
        Tag(0x0028, 0x0301),
        Tag(0x0008, 0x0064),
        Tag(0x0008, 0x0016),
    ]);
    let vrs = prop::sample::select(vec![VR::LO, VR::CS, VR::US, VR::FD, VR::UN, VR::UL, VR::OW]);
    let element = (tags, vrs, bytes()).prop_map(|(tag, vr, bytes)| Element::new(tag, vr, bytes));
    let place = prop_oneof![-3..2000_i64, Just(i64::from(u32::MAX)), Just(0)];
    let region = (place.clone(), place.clone(), place.clone(), place)
        .prop_map(|(a, b, c, d)| region(a, b, c, d));
    (
        proptest::collection::vec(element, 0..10),
        proptest::collection::vec(region, 0..6),
    )
        .prop_map(|(mut elements, regions)| {
            elements.push(Element::sequence(REGIONS, regions));
            elements
        })
}

proptest! {
    /// Whatever a header says: rectangles lie in the frame, are not empty, those outside of the
    /// regions are disjoint, and nothing panics.
    #[test]
    fn rectangles_lie_in_the_frame(elements in header_elements(), rows in 0..1500_u32, columns in 0..1500_u32) {
        let rules = Rules::builtin();
        with(elements, |header| {
            let found = rules.areas(header, rows, columns);
            let frame = Area::new(0, 0, columns, rows);
            assert!(found.areas.iter().all(|area| !area.area.is_empty() && frame.holds(&area.area)));
            let outer: Vec<Area> = outside(header, rows, columns).rectangles;
            let joined: u64 = uncovered(&outer, &[]).iter().map(Area::pixels).sum();
            assert_eq!(joined, outer.iter().map(Area::pixels).sum::<u64>());
            let _ = obscura_pixels::rules::kind::page(header);
        });
    }

    /// A file of rules of any content is read or refused with a line, never a panic.
    #[test]
    fn any_file_is_read_or_refused(text in "[\\[\\]{}a-z=\",\n0-9*%. -]{0,200}") {
        if let Err(error) = Rules::parse(&text) {
            prop_assert!(error.to_string().starts_with("line "));
        }
    }
}
