//! Character sets: the worked examples of PS3.5 annexes H, I, J and K, the terms of real files, and
//! the laws of encoding.

use obscura_dicom::{Charsets, DataSet, Element, Tag, VR};

fn charsets(terms: &str) -> Charsets {
    Charsets::from_value(terms.as_bytes())
}

/// Value of (0008,0005), bytes of a name, its text.
const EXAMPLES: [(&str, &[u8], &str); 12] = [
    // H.3.1: Kanji and Hiragana by escape sequence over ASCII.
    (
        "\\ISO 2022 IR 87",
        b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
    ),
    // H.3.2: half-width Katakana as the first set.
    (
        "ISO 2022 IR 13\\ISO 2022 IR 87",
        b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
        "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
    ),
    // I.2: Hangul and Hanja in the upper half, brought in again after each delimiter.
    (
        "\\ISO 2022 IR 149",
        b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
        "Hong^Gildong=洪^吉洞=홍^길동",
    ),
    // J.1: UTF-8.
    (
        "ISO_IR 192",
        b"Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1",
        "Wang^XiaoDong=王^小東",
    ),
    // J.2: GB18030.
    ("GB18030", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"),
    // J.3: GBK.
    ("GBK", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"),
    // K.2: GB 2312 by escape sequence.
    (
        "\\ISO 2022 IR 58",
        b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=",
        "Zhang^XiaoDong=张^小东=",
    ),
    // Sets of 8 bits.
    ("ISO_IR 100", b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
    ("ISO_IR 144", b"\xbb\xee\xdace\xdc\xd1yp\xd3", "Люкceмбypг"),
    ("ISO_IR 126", b"\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"),
    ("ISO_IR 203", b"\xa4^\xbd", "€^œ"),
    // JIS X 0212 and Greek beside Latin in one value.
    ("ISO 2022 IR 100\\ISO 2022 IR 126", b"\xe9\x1b-F\xc4\x1b-A\xe9^\xe9", "éΔé^é"),
];

#[test]
fn the_examples_of_the_standard_are_decoded() {
    for (terms, bytes, text) in EXAMPLES {
        assert_eq!(charsets(terms).decode(bytes), text, "{terms}");
        assert!(charsets(terms).covers(bytes), "{terms}");
    }
}

/// PS3.5 6.1.2.5.3: what is encoded is decoded as the same, whatever the sets.
#[test]
fn what_is_encoded_is_decoded_as_the_same() {
    for (terms, _, text) in EXAMPLES {
        let bytes = charsets(terms).encode(text).expect(terms);
        assert_eq!(charsets(terms).decode(&bytes), text, "{terms}");
    }
    let kanji = charsets("\\ISO 2022 IR 87\\ISO 2022 IR 159");
    let bytes = kanji.encode("丂山A^太").expect("both sets");
    assert_eq!(bytes, b"\x1b$(D0!\x1b$B;3\x1b(BA^\x1b$BB@\x1b(B");
    assert_eq!(kanji.decode(&bytes), "丂山A^太");
}

/// PS3.5 H.3.1 and I.2: these encodings are written as the standard's examples are.
#[test]
fn the_escape_sequences_are_those_of_the_examples() {
    for (terms, bytes, text) in [EXAMPLES[0], EXAMPLES[1], EXAMPLES[2], EXAMPLES[6]] {
        assert_eq!(
            charsets(terms).encode(text).as_deref(),
            Ok(bytes),
            "{terms}"
        );
    }
}

#[test]
fn text_outside_the_sets_is_refused_not_mangled() {
    assert!(charsets("ISO_IR 100").encode("山").is_err());
    assert!(charsets("").encode("é").is_err());
    assert!(charsets("\\ISO 2022 IR 87").encode("é").is_err());
    assert!(charsets("GBK").encode("😀").is_err());
    assert!(charsets("ISO_IR 13").encode("é").is_err());
}

#[test]
fn misspelt_terms_are_understood() {
    for (written, meant) in [
        ("ISO-IR 100", "ISO_IR 100"),
        ("ISO_IR_100", "ISO_IR 100"),
        ("ISO IR 192", "ISO_IR 192"),
        ("UTF8", "ISO_IR 192"),
        ("utf-8", "ISO_IR 192"),
        ("iso8859-1", "ISO_IR 100"),
        ("ISO 2022 GB18030", "GB18030"),
        ("ISO 2022 GBK", "GBK"),
        ("ISO2022IR149", "ISO 2022 IR 149"),
        ("\\ISO 2022 58", "\\ISO 2022 IR 58"),
        ("ISO_IR 6 ", ""),
    ] {
        assert!(charsets(written).is_known(), "{written}");
        assert_eq!(charsets(written), charsets(meant), "{written}");
    }
    assert!(!charsets("KLINGON").is_known());
    assert!(!charsets("ISO_IR 999").is_known());
    assert!(!charsets("KLINGON").covers(b"\xe9"));
}

#[test]
fn bytes_that_are_no_text_never_fail() {
    let every: Vec<u8> = (0..=255)
        .chain([0x1b, b'$', 0x1b, b'$', b'B', 0x21])
        .collect();
    for (terms, ..) in EXAMPLES {
        let text = charsets(terms).decode(&every);
        assert!(text.starts_with('\0'), "{terms}");
    }
    assert_eq!(charsets("ISO_IR 192").decode(b"A\xff"), "A\u{fffd}");
    assert_eq!(
        charsets("\\ISO 2022 IR 87").decode(b"\x1b$B\xff\x1b(BA"),
        "\u{fffd}A"
    );
    // Text of an undeclared set is guessed, and said to be.
    assert_eq!(charsets("").decode("Müller".as_bytes()), "Müller");
    assert_eq!(charsets("").decode(b"M\xfcller"), "Müller");
    assert!(!charsets("").covers(b"M\xfcller"));
}

/// A `\` can be the second half of a character: values are decoded before they are separated.
#[test]
fn a_backslash_inside_a_character_separates_nothing() {
    let gb = charsets("GB18030");
    let bytes = gb.encode("誠").expect("GB18030 holds all");
    let values = gb.values(VR::LO, b"\x81\x5c\\A ");
    assert_eq!(values, ["乗", "A"]);
    assert_eq!(gb.values(VR::LO, &bytes), ["誠"]);
    assert_eq!(gb.values(VR::LT, b"A\\B").len(), 1);
}

#[test]
fn ascii_is_borrowed() {
    for (terms, ..) in EXAMPLES {
        let text = charsets(terms).decode(b"Doe^Jane");
        assert!(
            matches!(text, std::borrow::Cow::Borrowed("Doe^Jane")),
            "{terms}"
        );
    }
}

/// PS3.5 6.2: text is padded with a space, and only text goes into the declared sets.
#[test]
fn elements_of_text_are_encoded_and_padded() {
    let tag = Tag(0x0010, 0x0010);
    let latin = charsets("ISO_IR 100");
    let name = Element::text_of(tag, VR::PN, "M\u{fc}ller^Eva", &latin).expect("Latin-1");
    assert_eq!(name.bytes(), Some(&b"M\xfcller^Eva"[..]));
    assert_eq!(name.text_in(&latin).as_deref(), Some("M\u{fc}ller^Eva"));
    let odd = Element::text_of(tag, VR::PN, "\u{fc}", &latin).expect("Latin-1");
    assert_eq!(odd.bytes(), Some(&b"\xfc "[..]));
    assert!(Element::text_of(tag, VR::CS, "\u{fc}", &latin).is_err());
    assert_eq!(Element::new(tag, VR::US, vec![1, 0]).text_in(&latin), None);
}

/// PS3.3 C.12.1.1.2: an item without its own character set has that of what is around it.
#[test]
fn items_inherit_the_character_sets_around_them() {
    let set = Tag(0x0008, 0x0005);
    let stated = DataSet::from_elements(vec![Element::text(set, VR::CS, "ISO_IR 192")]);
    let outer = Charsets::of(&stated, None);
    assert_eq!(outer, charsets("ISO_IR 192"));
    assert_eq!(Charsets::of(&DataSet::default(), Some(&outer)), outer);
    assert_eq!(Charsets::of(&stated, Some(&charsets("GBK"))), outer);
    assert_eq!(Charsets::of(&DataSet::default(), None), Charsets::default());
}
