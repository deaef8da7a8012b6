//! The invariants over structures: elements, items and delimiters with every VR but the right one, with
//! lengths that are wrong, and with values that could be either bytes or items. A fuzzer that knows
//! nothing of the format needs hours for what these draws reach in seconds.

use obscura_dicom::{Syntax, Tag};
use obscura_invariants::{check_read, check_walk};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// Attributes that are a sequence, that are none, that the standard does not know and that are
/// private: kept and not kept by the profile.
const TAGS: [Tag; 18] = [
    Tag(0x0008, 0x0060),
    Tag(0x0008, 0x1140),
    Tag(0x0009, 0x0010),
    Tag(0x0009, 0x1001),
    Tag(0x0009, 0x1002),
    Tag(0x0010, 0x0010),
    Tag(0x0010, 0x9999),
    Tag(0x0018, 0x9346),
    Tag(0x0020, 0x0013),
    Tag(0x0028, 0x0100),
    Tag(0x0028, 0x0106),
    Tag(0x0040, 0xA730),
    Tag(0x0040, 0xFFFB),
    Tag(0x300C, 0x0002),
    Tag(0x300C, 0xFFFB),
    Tag(0x5400, 0x1010),
    Tag(0x6000, 0x3000),
    Tag(0x7FE0, 0x0010),
];

/// VRs with a length of 16 and of 32 bits, and letters that are none.
const LETTERS: [&[u8; 2]; 14] = [
    b"UN", b"SQ", b"OB", b"OW", b"UT", b"UC", b"LT", b"CS", b"DS", b"US", b"AT", b"ZZ", b"xx",
    b"\0\0",
];

/// What a length says.
#[derive(Debug, Clone, Copy)]
enum Length {
    Right,
    Off(i8),
    Undefined,
}

#[derive(Debug, Clone)]
enum Content {
    Bytes(Vec<u8>),
    Items(Vec<Item>),
}

#[derive(Debug, Clone)]
struct Item {
    length: Length,
    elements: Vec<Element>,
}

#[derive(Debug, Clone)]
struct Element {
    tag: Tag,
    /// `None` where the VR is not written.
    vr: Option<&'static [u8; 2]>,
    /// Written with a VR or without one as the object is, whatever `vr` says.
    conforms: bool,
    length: Length,
    content: Content,
    /// The delimiter that ends an undefined length is there.
    is_ended: bool,
}

/// How a data set is written.
#[derive(Debug, Clone, Copy)]
struct Form {
    big: bool,
    explicit: bool,
}

impl Form {
    fn u16(self, number: u16) -> [u8; 2] {
        if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    fn u32(self, number: u32) -> [u8; 4] {
        if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    fn bare(self, tag: Tag, length: u32, out: &mut Vec<u8>) {
        out.extend(self.u16(tag.0));
        out.extend(self.u16(tag.1));
        out.extend(self.u32(length));
    }

    fn elements(self, elements: &[Element], out: &mut Vec<u8>) {
        for element in elements {
            self.element(element, out);
        }
    }

    fn element(self, element: &Element, out: &mut Vec<u8>) {
        let mut value = Vec::new();
        match &element.content {
            Content::Bytes(bytes) => value.extend_from_slice(bytes),
            Content::Items(items) => {
                for item in items {
                    let mut inside = Vec::new();
                    self.elements(&item.elements, &mut inside);
                    self.bare(ITEM, item.length.of(inside.len()), &mut value);
                    value.extend_from_slice(&inside);
                    if matches!(item.length, Length::Undefined) {
                        self.bare(ITEM_END, 0, &mut value);
                    }
                }
            }
        }
        let length = element.length.of(value.len());
        let vr = match element.vr {
            _ if element.conforms && !self.explicit => None,
            None if element.conforms => Some(b"UN"),
            vr => vr,
        };
        match vr {
            None => self.bare(element.tag, length, out),
            Some(vr) => {
                out.extend(self.u16(element.tag.0));
                out.extend(self.u16(element.tag.1));
                out.extend(vr);
                if matches!(vr, b"UN" | b"SQ" | b"OB" | b"OW" | b"UT" | b"UC" | b"ZZ") {
                    out.extend([0, 0]);
                    out.extend(self.u32(length));
                } else {
                    out.extend(self.u16(length as u16));
                }
            }
        }
        out.extend_from_slice(&value);
        if matches!(element.length, Length::Undefined) && element.is_ended {
            self.bare(SEQUENCE_END, 0, out);
        }
    }
}

impl Length {
    fn of(self, right: usize) -> u32 {
        let right = right as u32;
        match self {
            Self::Right => right,
            Self::Off(by) => right.wrapping_add_signed(by.into()),
            Self::Undefined => u32::MAX,
        }
    }
}

fn length() -> impl Strategy<Value = Length> {
    prop_oneof![
        6 => Just(Length::Right),
        2 => Just(Length::Undefined),
        1 => prop::sample::select(vec![-8_i8, -2, -1, 1, 2, 8]).prop_map(Length::Off),
    ]
}

fn element(content: BoxedStrategy<Content>) -> impl Strategy<Value = Element> {
    (
        prop::sample::select(&TAGS[..]),
        prop::option::weighted(0.9, prop::sample::select(&LETTERS[..])),
        prop::bool::weighted(0.8),
        length(),
        content,
        prop::bool::weighted(0.9),
    )
        .prop_map(|(tag, vr, conforms, length, content, is_ended)| Element {
            tag,
            vr,
            conforms,
            length,
            content,
            is_ended,
        })
}

/// In the order of their tags, nearly always.
fn elements(content: BoxedStrategy<Content>) -> impl Strategy<Value = Vec<Element>> {
    let drawn = prop::collection::vec(element(content), 0..5);
    (drawn, prop::bool::weighted(0.95)).prop_map(|(mut elements, in_order)| {
        if in_order {
            elements.sort_by_key(|element| element.tag);
        }
        elements
    })
}

fn content() -> BoxedStrategy<Content> {
    let bytes = prop_oneof![
        Just(Vec::new()),
        Just(b"DERIVED\\".to_vec()),
        // An item, a delimiter and a head as values, cut off or not.
        Just(vec![0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]),
        Just(vec![0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]),
        Just(vec![0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]),
        Just(vec![0xFF, 0xFE, 0xE0, 0x00, 0, 0, 0, 0]),
        Just(vec![0xFE, 0xFF, 0x00, 0xE0, 4, 0]),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    let leaf = bytes.prop_map(Content::Bytes).boxed();
    leaf.prop_recursive(3, 24, 4, |inner| {
        let item = (length(), elements(inner.boxed()))
            .prop_map(|(length, elements)| Item { length, elements });
        prop::collection::vec(item, 0..3).prop_map(Content::Items)
    })
    .boxed()
}

/// A file with this data set after the two UIDs without which nothing is written.
fn file(syntax: &str, form: Form, elements: &[Element]) -> Vec<u8> {
    let plain = Form {
        big: false,
        explicit: true,
    };
    let uid = |tag, text: &str| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        Element {
            tag,
            vr: Some(b"UI"),
            conforms: true,
            length: Length::Right,
            content: Content::Bytes(bytes),
            is_ended: true,
        }
    };
    let mut meta = Vec::new();
    plain.element(&uid(Tag(0x0002, 0x0010), syntax), &mut meta);
    let mut out = [&[0; 128][..], b"DICM", &[2, 0, 0, 0, b'U', b'L', 4, 0]].concat();
    out.extend((meta.len() as u32).to_le_bytes());
    out.extend(meta);
    for (tag, text) in [
        (Tag(0x0008, 0x0016), "1.2.840.10008.5.1.4.1.1.7"),
        (Tag(0x0008, 0x0018), "1.2.3.4"),
    ] {
        form.element(&uid(tag, text), &mut out);
    }
    form.elements(elements, &mut out);
    out
}

/// Draws of a run: the same each time, so that a commit passes or fails, not both. More of them, and others,
/// with `PROPTEST_CASES` and `PROPTEST_RNG_SEED`.
fn config() -> ProptestConfig {
    let stated = |name| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    ProptestConfig {
        cases: stated("PROPTEST_CASES").map_or(4000, |cases| cases as u32),
        rng_seed: RngSeed::Fixed(stated("PROPTEST_RNG_SEED").unwrap_or(20_261_129)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hold_for_any_structure(
        syntax in prop::sample::select(vec![
            Syntax::IMPLICIT_LE, Syntax::EXPLICIT_LE, Syntax::EXPLICIT_BE, "1.2.840.10008.1.2.4.50",
        ]),
        is_as_claimed in prop::bool::weighted(0.9),
        elements in elements(content()),
    ) {
        let form = Form {
            big: syntax == Syntax::EXPLICIT_BE,
            explicit: (syntax != Syntax::IMPLICIT_LE) == is_as_claimed,
        };
        let bytes = file(syntax, form, &elements);
        check_read(&bytes);
        check_walk(&bytes);
    }
}
