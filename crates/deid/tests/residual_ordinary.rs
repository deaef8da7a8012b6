//! Names and numbers that read like the descriptions of images: the scan quarantines no object for
//! what its protocol says ("identifiers that are ordinary words of the object are handled and
//! tested"), and still finds them where they must mean the person.

mod residual_kit;

use obscura_deid::residual::{Place, SearchSet};
use obscura_text::{IdentifierKind, Strength};
use residual_kit::*;

const FORM: Form = Form::ExplicitLittle;

fn found(vr: &str, tag: (u16, u16), value: &[u8], set: &SearchSet) -> usize {
    let element = FORM.element(tag, vr, value, None);
    hits(&FORM.file(&[FORM.head(), element].concat()), set).len()
}

fn in_text(value: &[u8], set: &SearchSet) -> usize {
    found("LO", (0x0008, 0x103E), value, set)
}

/// The orders a full name is looked for in.
fn full_name(family: &str, given: &str) -> SearchSet {
    strong(&[
        &format!("{family} {given}"),
        &format!("{given} {family}"),
        &format!("{family}^{given}"),
        &format!("{family}, {given}"),
    ])
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_full_name_begins_and_ends_with_whole_words() {
    let cases = [
        ("Long", "Bo", "Long bone survey"),
        ("Head", "Ne", "CT Head neck"),
        ("Bone", "Sc", "Bone scan"),
        ("Left", "Ha", "Left hand"),
        ("Black", "Blo", "Black blood"),
        ("Chest", "Pa", "CHEST PATTERN"),
        ("Ant", "Foot", "Instant foot"),
        ("Left", "Ha", "Left, hand 2"),
    ];
    for (family, given, text) in cases {
        let set = full_name(family, given);
        assert_eq!(in_text(text.as_bytes(), &set), 0, "{text}");
        assert_eq!(in_text(&wide(text), &set), 0, "{text}, two bytes each");
        for named in [
            format!("{family} {given}"),
            format!("CT {given} {family}, left"),
            format!("x_{family}^{given}_y"),
            format!("({family}, {given})").to_uppercase(),
        ] {
            assert!(in_text(named.as_bytes(), &set) >= 1, "{named}");
            assert!(in_text(&wide(&named), &set) >= 1, "{named}, two bytes each");
        }
        let name = format!("{family}^{given}");
        assert_eq!(found("PN", (0x0010, 0x0010), name.as_bytes(), &set), 1);
    }
    // Beyond ASCII as well, but not in scripts that set no blanks around words.
    assert_eq!(
        in_text("Épaule gauche".as_bytes(), &full_name("Épaule", "Ga")),
        0
    );
    assert!(in_text("x Épaule Ga\u{a0}x".as_bytes(), &full_name("Épaule", "Ga")) >= 1);
    assert!(in_text("は山田 太郎様".as_bytes(), &full_name("山田", "太郎")) >= 1);
    assert!(in_text("は王 伟様".as_bytes(), &full_name("王", "伟")) >= 1);
}

#[test]
fn one_word_and_phrases_that_are_no_names_are_still_found_inside_words() {
    assert_eq!(in_text(b"STNUthstad7", &strong(&["Uthstad"])), 1);
    let mut builder = SearchSet::builder();
    builder
        .add(
            IdentifierKind::Institution,
            "Elm Vale Hosp",
            Strength::Strong,
        )
        .add(IdentifierKind::Address, "7 E Elm Str", Strength::Strong);
    let set = builder.build();
    assert_eq!(in_text(b"Elm Vale Hospital", &set), 1);
    assert_eq!(in_text(b"at 7 E Elm Street", &set), 1);
}

#[test]
fn an_initial_with_an_ordinary_word_is_a_hit_only_where_it_stands_as_a_name() {
    let cases = [
        ("Brain", "W", "Brain w contrast"),
        ("Brain", "W", "MRI Brain, w/o"),
        ("Knee", "R", "KNEE R AP"),
        ("Hand", "L", "Hand L"),
        ("Hand", "L", "L Hand"),
        ("Chest", "P", "CHEST P-A"),
        ("Chest", "P A", "CHEST P A"),
        ("Left", "L", "Left L"),
    ];
    for (family, given, text) in cases {
        let set = full_name(family, given);
        assert_eq!(in_text(text.as_bytes(), &set), 0, "{text}");
        assert_eq!(in_text(&wide(text), &set), 0, "{text}, two bytes each");
        assert_eq!(found("CS", (0x0018, 0x0015), text.as_bytes(), &set), 0);
        let (named, caret) = (format!("{given} {family}"), format!("{family}^{given}"));
        for text in [
            caret.clone(),
            format!("seen by Dr. {named}"),
            format!("seen by Mrs {named} today"),
            format!("{named}^^Dr"),
        ] {
            assert!(in_text(text.as_bytes(), &set) >= 1, "{text}");
            assert!(in_text(&wide(&text), &set) >= 1, "{text}, two bytes each");
        }
        for name in [named.as_bytes(), caret.as_bytes()] {
            assert_eq!(found("PN", (0x0010, 0x0010), name, &set), 1);
        }
        let mut file = FORM.file(&FORM.head());
        file[3..3 + named.len()].copy_from_slice(named.as_bytes());
        assert_eq!(places(&file, &set), [Place::Preamble], "{named}");
    }
    assert_eq!(in_text(b"May J Young", &full_name("Young", "May J")), 1);
}

#[test]
fn codes_of_modalities_are_no_titles() {
    let foot = set(&["Foot"], Strength::Weak, &[]);
    for text in [
        "MR FOOT LEFT",
        "DR FOOT 2V",
        "MS FOOT",
        "mr foot",
        "dr foot",
        "ms foot",
        "MR Foot",
        "Dr",
        "XR. FOOT",
        "dR foot",
    ] {
        assert_eq!(in_text(text.as_bytes(), &foot), 0, "{text}");
    }
    for text in [
        "Dr. Foot",
        "Mr. Foot",
        "Dr Foot",
        "Ms Foot",
        "DR. FOOT",
        "dr. foot",
        "seen by Mr FOOT",
        "MRS FOOT",
        "prof foot",
        "Prof. Foot",
    ] {
        assert_eq!(in_text(text.as_bytes(), &foot), 1, "{text}");
    }
}

#[test]
fn an_integer_is_no_hit_as_all_of_a_number_of_the_standard() {
    let mut builder = SearchSet::builder();
    for id in ["123456", "1000000"] {
        builder.add(IdentifierKind::PatientId, id, Strength::Strong);
    }
    builder
        .add(IdentifierKind::Date, "19741228", Strength::Strong)
        .add(IdentifierKind::PatientId, "664-62-5272", Strength::Strong);
    let set = builder.build();
    for value in [b"123456".as_slice(), b" 1000000 ", b"1\\123456\\1000000"] {
        assert_eq!(found("IS", (0x0020, 0x0013), value, &set), 0);
        assert_eq!(found("DS", (0x0018, 0x0090), value, &set), 0);
    }
    for (vr, tag) in [
        ("LO", (0x0010, 0x0020)),
        ("SH", (0x0008, 0x0050)),
        ("LT", (0x0010, 0x4000)),
        ("PN", (0x0010, 0x0010)),
        ("IS", (0x0029, 0x1010)),
        ("DS", (0x0029, 0x1010)),
        ("UN", (0x0029, 0x1010)),
    ] {
        assert_eq!(found(vr, tag, b"123456", &set), 1, "{vr}");
    }
    for more in [
        b"0000123456".as_slice(),
        b"ID 123456",
        b"19741228",
        b"664625272",
    ] {
        assert_eq!(found("IS", (0x0020, 0x0013), more, &set), 1);
    }
    // Inside a private sequence nothing is known to be of the standard.
    let inner = FORM.item(&FORM.element((0x0020, 0x0013), "IS", b"123456", None));
    assert_eq!(found("SQ", (0x0029, 0x1010), &inner, &set), 1);
    assert_eq!(found("SQ", (0x0040, 0x0275), &inner, &set), 0);
}

#[test]
fn items_under_a_defined_length_of_pixel_data_are_searched() {
    let set = strong(&["Crowhurst"]);
    let frame = jpeg(&[segment(0xFE, b"Crowhurst")], b"coded.", &[]);
    for form in FORMS {
        for vr in ["OB", "OW", "UN"] {
            let items = [form.item(&[]), form.item(&frame)].concat();
            let end = form.element((0xFFFE, 0xE0DD), "", &[], None);
            let whole = [items.as_slice(), &end].concat();
            for value in [items, whole] {
                let pixels = form.element((0x7FE0, 0x0010), vr, &value, None);
                let file = form.file(&[form.head(), pixels].concat());
                assert_eq!(hits(&file, &set).len(), 1, "{form:?} {vr}");
            }
        }
        // The same bytes as plain samples are samples.
        let plain = form.element((0x7FE0, 0x0010), "OW", &frame, None);
        assert_eq!(hits(&form.file(&[form.head(), plain].concat()), &set), []);
    }
}
