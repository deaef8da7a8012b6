//! What is a hit and what is not: every encoding is searched, and the scan does not cry wolf
//! ("identifiers that are ordinary words of the object are handled and tested").

mod residual_kit;

use encoding_rs::Encoding;
use obscura_deid::residual::{Place, SearchSet};
use obscura_text::{IdentifierKind, Strength};
use residual_kit::*;

const FORM: Form = Form::ExplicitLittle;

fn file_with(vr: &str, tag: (u16, u16), value: &[u8]) -> Vec<u8> {
    let image = FORM.image(&[0; 16]);
    FORM.file(&[FORM.head(), FORM.element(tag, vr, value, None), image].concat())
}

fn in_text(value: &[u8], set: &SearchSet) -> usize {
    hits(&file_with("LT", (0x0010, 0x4000), value), set).len()
}

fn numbers(texts: &[&str], strength: Strength) -> SearchSet {
    let mut builder = SearchSet::builder();
    for text in texts {
        builder.add(IdentifierKind::PatientId, text, strength);
    }
    builder.build()
}

#[test]
fn names_are_found_in_every_encoding() {
    let cases: [(&str, &[&str]); 9] = [
        (
            "Müller",
            &[
                "windows-1252",
                "iso-8859-15",
                "iso-8859-2",
                "iso-8859-4",
                "windows-1254",
                "utf-8",
            ],
        ),
        ("Wałęsa", &["iso-8859-2", "windows-1250", "utf-8"]),
        (
            "Люкceмбypг",
            &["iso-8859-5", "windows-1251", "koi8-r", "utf-8"],
        ),
        ("Διονυσιος", &["iso-8859-7", "windows-1253", "utf-8"]),
        ("قباني", &["iso-8859-6", "windows-1256", "utf-8"]),
        ("שרון", &["iso-8859-8", "windows-1255", "utf-8"]),
        (
            "山田",
            &["shift_jis", "euc-jp", "iso-2022-jp", "gb18030", "utf-8"],
        ),
        ("김희중", &["euc-kr", "utf-8"]),
        ("王小東", &["gb18030", "big5", "utf-8"]),
    ];
    for (name, encodings) in cases {
        let set = strong(&[name]);
        for label in encodings {
            let encoding = Encoding::for_label(label.as_bytes()).expect("a known label");
            let (bytes, _, lost) = encoding.encode(name);
            assert!(!lost, "{label}");
            let value = [b"A^", bytes.as_ref(), b"^B"].concat();
            assert!(in_text(&value, &set) >= 1, "{name} in {label}");
        }
        for wide in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = name.encode_utf16().flat_map(wide).collect();
            assert!(in_text(&bytes, &set) >= 1, "{name} in UTF-16");
        }
        assert_eq!(in_text("Schmidt Σωκράτης 渡辺 박".as_bytes(), &set), 0);
    }
    assert!(in_text("MÜLLER".as_bytes(), &strong(&["Müller"])) >= 1);
    assert!(in_text("müller".as_bytes(), &strong(&["MÜLLER"])) >= 1);
}

#[test]
fn the_codes_of_iso_2022_are_text_only_after_their_escape() {
    let set = strong(&["山田"]);
    assert_eq!(in_text(b"\x1b$B;3ED\x1b(B", &set), 1);
    assert_eq!(in_text(b"row ;3ED of", &set), 0);
}

#[test]
fn ascii_names_are_found_in_any_case_wide_and_in_transport_encodings() {
    let set = strong(&["Aldershawe"]);
    for value in [b"ALDERSHAWE".as_slice(), b"x aldershawe", b"MRAldershawe1"] {
        assert_eq!(in_text(value, &set), 1);
    }
    let wide: Vec<u8> = "Dr Aldershawe!"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(in_text(&wide, &set), 1);
    let wide: Vec<u8> = "Dr Aldershawe!"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(in_text(&wide, &set), 1);
    // Base64 of "Aldershawe", "xAldershawe" and "xxAldershawe"; hexadecimal.
    for value in [
        b"QWxkZXJzaGF3ZQ==".as_slice(),
        b"eEFsZGVyc2hhd2U=",
        b"eHhBbGRlcnNoYXdl",
    ] {
        assert_eq!(in_text(value, &set), 1);
    }
    assert_eq!(in_text(b"416c6465727368617765", &set), 1);
}

#[test]
fn an_ordinary_word_is_a_hit_only_where_a_name_can_stand() {
    let weak = set(&["Head"], Strength::Weak, &[]);
    assert_eq!(hits(&file_with("CS", (0x0018, 0x0015), b"HEAD"), &weak), []);
    assert_eq!(
        hits(&file_with("OB", (0x0042, 0x0011), b" HEAD "), &weak),
        []
    );
    assert_eq!(
        hits(&file_with("PN", (0x0010, 0x0010), b"Head^X"), &weak).len(),
        1
    );
    for named in [
        b"seen by Mr Head".as_slice(),
        b"DR. HEAD",
        b"Head^Ann",
        b"x^head",
    ] {
        assert_eq!(in_text(named, &weak), 1);
    }
    for ordinary in [b"CT HEAD W/O".as_slice(), b"xdr head", b"head"] {
        assert_eq!(in_text(ordinary, &weak), 0);
    }
    let mut file = file_with("LO", (0x0008, 0x103E), b"CT HEAD ");
    file[9..13].copy_from_slice(b"head");
    assert_eq!(places(&file, &weak), [Place::Preamble]);
    assert_eq!(in_text(b"Headache", &weak), 0);
    let allowed = set(&["Head"], Strength::Weak, &["Dr Head coil"]);
    assert_eq!(in_text(b"Dr Head coil", &allowed), 0);
    assert_eq!(
        hits(&file_with("PN", (0x0010, 0x0010), b"Head^X"), &allowed).len(),
        1
    );
}

#[test]
fn short_names_are_whole_words_and_longer_ones_parts_of_words() {
    assert_eq!(in_text(b"Ng, Li", &strong(&["Ng", "Li"])), 0);
    assert_eq!(in_text(b"Dr Lee", &strong(&["Lee"])), 1);
    assert_eq!(in_text(b"fleet", &strong(&["Lee"])), 0);
    assert_eq!(in_text(b"a challenge", &strong(&["Allen"])), 0);
    assert_eq!(in_text(b"allens dr_allen2", &strong(&["Allen"])), 2);
    assert_eq!(in_text(b"STNUthstad7", &strong(&["Uthstad"])), 1);
    let allowed = set(&["Brandt"], Strength::Strong, &["Brandtmann gradient"]);
    assert_eq!(in_text(b"BRANDTMANN Gradient", &allowed), 0);
    assert_eq!(in_text(b"Brandtmanns", &allowed), 1);
}

/// A name that was cut off, of a file that was anonymised before, stands in the word itself; the cleaner
/// leaves that word, and the file would be withheld for it.
#[test]
fn a_piece_of_a_longer_word_that_everybody_knows_is_no_name() {
    let set = strong(&["Anonymou", "Hartman"]);
    assert_eq!(in_text(b"Anonymous", &set), 0);
    assert_eq!(in_text(b"MR ANONYMOUS_2", &set), 0);
    assert_eq!(in_text(b"by anonymou", &set), 1);
    assert_eq!(in_text(b"anonymouxx", &set), 1);
    assert_eq!(in_text(b"Hartmann, E", &set), 1);
    assert_eq!(
        hits(&file_with("PN", (0x0010, 0x0010), b"Anonymous^X"), &set).len(),
        1
    );
}

#[test]
fn the_whole_word_rule_sees_the_edges_of_values_not_the_bytes_of_headers() {
    // In Big Endian the length before, and in Little Endian the tag after, can be letters.
    for form in FORMS {
        let value = [b"Lee ".as_slice(), &[b' '; 62]].concat();
        let comment = form.element((0x0010, 0x4000), "LT", &value, None);
        let odd = form.element((0x0040, 0x0254), "LO", b"Lee", None);
        let next = form.element((0x4141, 0x4141), "LO", b"ok", None);
        let file = form.file(&[form.head(), comment, odd, next].concat());
        assert_eq!(hits(&file, &strong(&["Lee"])).len(), 2, "{form:?}");
    }
}

#[test]
fn numbers_count_with_what_is_around_them() {
    let set = numbers(&["1234567"], Strength::Strong);
    for value in [
        b"1234567".as_slice(),
        b"MRN1234567",
        b"0001234567",
        b"a 1234567.",
        b"1.2.1234567.4",
    ] {
        assert_eq!(
            in_text(value, &set),
            1,
            "{}",
            String::from_utf8_lossy(value)
        );
    }
    for value in [
        b"12345678".as_slice(),
        b"91234567",
        b"0.1234567",
        b"1234567.5",
        b"2.25.881234567",
    ] {
        assert_eq!(
            in_text(value, &set),
            0,
            "{}",
            String::from_utf8_lossy(value)
        );
    }
    let uid = b"2.25.1234567123456700000000000001234567";
    assert_eq!(hits(&file_with("UI", (0x0008, 0x0018), uid), &set), []);
    let ds = b"1.5\\-.1234567\\3.1234567";
    assert_eq!(hits(&file_with("DS", (0x3006, 0x0050), ds), &set), []);
    assert_eq!(
        in_text(b"19741228103000", &numbers(&["19741228"], Strength::Strong)),
        1
    );
    assert_eq!(
        in_text(
            b"9912345678901",
            &numbers(&["1234567890"], Strength::Strong)
        ),
        1
    );
}

#[test]
fn numbers_are_found_with_and_without_their_punctuation() {
    let set = numbers(&["664 62 5272"], Strength::Strong);
    for value in [b"664 62 5272".as_slice(), b"664-62-5272", b"id 664625272"] {
        assert_eq!(
            in_text(value, &set),
            1,
            "{}",
            String::from_utf8_lossy(value)
        );
    }
}

#[test]
fn weak_numbers_count_only_alone_and_where_a_name_stands() {
    let set = numbers(&["1234"], Strength::Weak);
    assert_eq!(in_text(b"ward 1234", &set), 0);
    assert_eq!(
        hits(&file_with("PN", (0x0010, 0x0010), b"Doe^1234"), &set).len(),
        1
    );
    assert_eq!(in_text(b"W1234", &set), 0);
    assert_eq!(in_text(b"1234.5", &set), 0);
    assert_eq!(hits(&file_with("IS", (0x0020, 0x0013), b"1234"), &set), []);
}

#[test]
fn a_uid_counts_from_a_component_on() {
    let mut builder = SearchSet::builder();
    builder
        .add_uid("1.2.826.0.1.3680043.7")
        .add_uid("1.2.826.0.1.3680043.7.55");
    builder.add_allowed("1.2.826.0.1.3680043.7.999");
    let set = builder.build();
    let uid = |value: &[u8]| hits(&file_with("UI", (0x0008, 0x1155), value), &set).len();
    assert_eq!(uid(b"1.2.826.0.1.3680043.7\0"), 1);
    assert_eq!(uid(b"1.2.826.0.1.3680043.7.1.2"), 1);
    assert_eq!(uid(b"1.2.826.0.1.3680043.70"), 0);
    assert_eq!(uid(b"8.1.2.826.0.1.3680043.7"), 0);
    assert_eq!(uid(b"1.2.826.0.1.3680043.7.999"), 0);
}

#[test]
fn chance_in_bulk_data_is_no_hit_and_text_in_it_is() {
    let set = strong(&["Rossi"]);
    let mut bulk = vec![0xEE; 8 << 20];
    bulk[5000..5005].copy_from_slice(b"rOSsI");
    assert_eq!(hits(&file_with("OW", (0x0042, 0x0011), &bulk), &set), []);
    bulk[4990..5010].copy_from_slice(b"name = Rossi, Chiara");
    assert_eq!(
        hits(&file_with("OW", (0x0042, 0x0011), &bulk), &set).len(),
        1
    );
    let small = b"\x01\x02Rossi\0\0\x03";
    assert_eq!(
        hits(&file_with("OB", (0x0042, 0x0011), small), &set).len(),
        1
    );
}

#[test]
fn thousands_of_uids_are_searched_in_linear_time() {
    let mut builder = SearchSet::builder();
    for n in 0..20_000 {
        builder.add_uid(&format!("1.2.840.113619.2.55.3.{}", 100_000 + n));
    }
    let set = builder.build();
    let others: Vec<String> = (0..20_000)
        .map(|n| format!("1.2.840.113619.2.55.3.{}", 500_000 + n))
        .collect();
    let mut text = others.join("\\");
    assert_eq!(in_text(text.as_bytes(), &set), 0);
    text += "\\1.2.840.113619.2.55.3.119999";
    let value = text.as_bytes();
    let file = FORM.file(
        &[
            FORM.head(),
            FORM.element((0x0008, 0x1155), "UC", value, None),
        ]
        .concat(),
    );
    assert_eq!(hits(&file, &set).len(), 1);
}

#[test]
fn nothing_of_a_set_or_a_hit_is_printed() {
    let set = strong(&["Crowhurst"]);
    let found = hits(&file_with("LO", (0x0010, 0x0010), b"Crowhurst "), &set);
    let shown = format!("{set:?} {found:?} {} {}", found[0], found[0].place);
    assert!(!shown.to_lowercase().contains("crowhurst"));
    assert!(shown.contains("(0010,0010)"));
    assert_eq!(
        found[0].place,
        Place::Element(vec![dicom_core::Tag(0x0010, 0x0010)])
    );
}
