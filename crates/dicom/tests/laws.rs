//! Laws that hold for every data set and for every input: the round trip, and no harm from bytes.

mod common;

use obscura_core::Limits;
use obscura_dicom::{
    DataSet, DicomFile, Element, Endian, Fragments, Items, LengthForm, Mend, ReadError, Source,
    Syntax, Tag, VR, Value, encoded_len, write_data_set, write_file,
};
use proptest::prelude::*;

/// Attributes of each kind, with the VR that the dictionary gives them.
const ATTRIBUTES: [(Tag, VR); 16] = [
    (Tag(0x0008, 0x0018), VR::UI),
    (Tag(0x0008, 0x0020), VR::DA),
    (Tag(0x0008, 0x0060), VR::CS),
    (Tag(0x0008, 0x103E), VR::LO),
    (Tag(0x0008, 0x1030), VR::LO),
    (Tag(0x0010, 0x0010), VR::PN),
    (Tag(0x0010, 0x4000), VR::LT),
    (Tag(0x0018, 0x9087), VR::FD),
    (Tag(0x0020, 0x9165), VR::AT),
    (Tag(0x0028, 0x0010), VR::US),
    (Tag(0x0028, 0x0106), VR::US),
    (Tag(0x0040, 0xA160), VR::UT),
    (Tag(0x0042, 0x0011), VR::OB),
    (Tag(0x0009, 0x0010), VR::LO),
    (Tag(0x0009, 0x1001), VR::UN),
    (Tag(0x6000, 0x3000), VR::OW),
];
const SEQUENCES: [Tag; 4] = [
    Tag(0x0008, 0x1140),
    Tag(0x0009, 0x1002),
    Tag(0x0040, 0xA730),
    Tag(0x5200, 0x9229),
];

fn length() -> impl Strategy<Value = LengthForm> {
    prop_oneof![Just(LengthForm::Defined), Just(LengthForm::Undefined)]
}

fn plain_element() -> impl Strategy<Value = Element<'static>> {
    let value = prop::collection::vec(prop_oneof![Just(b'\\'), 0x20..0x7F_u8, any::<u8>()], 0..40);
    (0..ATTRIBUTES.len(), value).prop_map(|(at, mut value)| {
        let (tag, vr) = ATTRIBUTES[at];
        value.truncate(value.len() / 8 * 8);
        if vr == VR::UN && !value.is_empty() {
            // Not the begin of an item: such bytes are read as the sequence they may be.
            value[0] = 1;
        }
        Element::new(tag, vr, value)
    })
}

fn data_set() -> impl Strategy<Value = DataSet<'static>> {
    let leaf = prop::collection::vec(plain_element(), 0..8).prop_map(DataSet::from_elements);
    leaf.prop_recursive(4, 40, 4, |inner| {
        let items = (prop::collection::vec((inner, length()), 1..4), length());
        let sequence = (0..SEQUENCES.len(), items).prop_map(|(at, (items, length))| {
            let with_length = |(mut item, length): (DataSet<'static>, _)| {
                item.length = length;
                item
            };
            let items = items.into_iter().map(with_length).collect();
            let value = Value::Items(Items { items, length });
            Element {
                tag: SEQUENCES[at],
                vr: VR::SQ,
                value,
            }
        });
        let elements = (
            prop::collection::vec(plain_element(), 0..8),
            prop::collection::vec(sequence, 0..3),
        );
        elements.prop_map(|(plain, nested)| {
            DataSet::from_elements(plain.into_iter().chain(nested).collect())
        })
    })
}

fn pixel_data() -> impl Strategy<Value = Option<Element<'static>>> {
    let fragment = prop::collection::vec(1..255_u8, 0..20).prop_map(|mut bytes| {
        bytes.truncate(bytes.len() / 2 * 2);
        bytes.into()
    });
    prop::option::of(prop::collection::vec(fragment, 0..4).prop_map(|fragments| {
        let value = Value::Fragments(Fragments {
            offset_table: vec![0; 4].into(),
            fragments,
        });
        Element {
            tag: Tag(0x7FE0, 0x0010),
            vr: VR::OB,
            value,
        }
    }))
}

fn syntaxes() -> impl Strategy<Value = Syntax> {
    let uids = [
        Syntax::IMPLICIT_LE,
        Syntax::EXPLICIT_LE,
        Syntax::EXPLICIT_BE,
        Syntax::DEFLATED_LE,
        Syntax::ENCAPSULATED_UNCOMPRESSED,
        "1.2.840.10008.1.2.4.50",
    ];
    prop::sample::select(uids.to_vec()).prop_map(Syntax::from_uid)
}

fn read_again(bytes: &[u8], check: impl FnOnce(DicomFile<'_>)) {
    let limits = Limits::default();
    let source = Source::open(bytes, &limits).expect("what was written opens");
    check(source.parse(&limits).expect("what was written parses"));
}

/// Everything that can be done with bytes that may be anything.
fn survive(bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
    let source = Source::open(bytes, limits)?;
    let first = source.parse(limits)?;
    let mut written = Vec::new();
    write_file(&first.meta, &first.data, &first.syntax, &mut written);
    let again = Source::open(&written, limits).expect("what was written opens");
    let second = again.parse(limits).expect("what was written parses");
    // Damage can leave so little that the bytes speak for another encoding than was guessed first.
    if !second.mends.contains(&Mend::SyntaxMismatch) {
        assert_eq!(first.data.elements().len(), second.data.elements().len());
    }
    Ok(())
}

/// A file with one of everything, as the start of damage.
fn specimen(syntax: &Syntax) -> Vec<u8> {
    let inner = || Element::text(Tag(0x0008, 0x1155), VR::UI, "1.2.3.4");
    let mut item = DataSet::from_elements(vec![inner()]);
    item.length = LengthForm::Undefined;
    let nested = DataSet::from_elements(vec![
        inner(),
        Element::sequence(Tag(0x0008, 0x1140), vec![item.clone(), item]),
    ]);
    let un = {
        let mut bytes = Vec::new();
        let implicit = Syntax::from_uid(Syntax::IMPLICIT_LE);
        write_data_set(&nested, &implicit, &mut bytes);
        common::item(&bytes)
    };
    let mut undefined = Element::sequence(Tag(0x0040, 0xA730), vec![nested.clone(), nested]);
    if let Value::Items(items) = &mut undefined.value {
        items.length = LengthForm::Undefined;
    }
    let data = DataSet::from_elements(vec![
        Element::text(Tag(0x0008, 0x0005), VR::CS, "ISO_IR 100"),
        Element::text(Tag(0x0008, 0x0016), VR::UI, "1.2.840.10008.5.1.4.1.1.7"),
        Element::new(Tag(0x0009, 0x1001), VR::UN, un),
        Element::text(Tag(0x0010, 0x0010), VR::PN, "Doe^Jane"),
        Element::new(Tag(0x0028, 0x0010), VR::US, vec![1, 0]),
        undefined,
        Element {
            tag: Tag(0x7FE0, 0x0010),
            vr: VR::OB,
            value: Value::Fragments(Fragments {
                offset_table: vec![].into(),
                fragments: vec![vec![1, 2].into(), vec![3, 4].into()],
            }),
        },
    ]);
    let mut out = Vec::new();
    write_file(&DataSet::default(), &data, syntax, &mut out);
    out
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_written_is_read_as_the_same(
        mut data in data_set(), pixels in pixel_data(), syntax in syntaxes(),
    ) {
        if let Some(pixels) = pixels {
            data.put(pixels);
        }
        let mut out = Vec::new();
        write_file(&DataSet::default(), &data, &syntax, &mut out);
        read_again(&out, |file| {
            assert_eq!(file.data, data);
            assert_eq!(file.syntax, syntax);
            // Fragments are read under native syntaxes too, and said to be wrong there.
            let is_sound = file.mends.iter().all(|mend| *mend == Mend::SyntaxMismatch);
            assert!(is_sound, "{:?}", file.mends);
        });
        let mut plain = Vec::new();
        write_data_set(&data, &syntax, &mut plain);
        prop_assert!(plain.len() <= encoded_len(&data) && plain.len() % 2 == 0);
    }

    #[test]
    fn damaged_files_do_no_harm(
        syntax in syntaxes(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = specimen(&syntax);
        for (at, byte) in changes {
            let at = 132 + at.index(bytes.len() - 132);
            bytes[at] = byte;
        }
        let _ = survive(&bytes, &Limits::default());
        let _ = survive(&bytes[..end.index(bytes.len())], &Limits::default());
    }

    #[test]
    fn bytes_that_are_anything_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = survive(&bytes, &Limits::default());
        let head = [&[0; 128][..], b"DICM", &bytes].concat();
        let _ = survive(&head, &Limits::default());
    }
}

#[test]
fn a_file_cut_off_anywhere_does_no_harm() {
    for uid in [
        Syntax::IMPLICIT_LE,
        Syntax::EXPLICIT_LE,
        Syntax::EXPLICIT_BE,
        Syntax::DEFLATED_LE,
    ] {
        let whole = specimen(&Syntax::from_uid(uid));
        for end in 0..whole.len() {
            let _ = survive(&whole[..end], &Limits::default());
        }
        assert!(survive(&whole, &Limits::default()).is_ok());
    }
}

#[test]
fn nesting_ends_at_the_limit_without_recursing_on() {
    let deep = |open: &[u8]| {
        let class = common::short(Tag(8, 0x16), b"UI", b"1.2.840.10008.5.1.4.1.1.7\0");
        [
            &specimen(&Syntax::from_uid(Syntax::EXPLICIT_LE))[..132],
            &class,
            &open.repeat(100_000),
        ]
        .concat()
    };
    let undefined = [
        common::undefined(Tag(8, 0x1140), b"SQ"),
        common::undefined_item(),
    ]
    .concat();
    let private = [&common::undefined(Tag(9, 0x1001), b"UN")[..4], &[0xFF; 4]].concat();
    let implicit = [private, common::undefined_item()].concat().repeat(100_000);
    let first = common::undefined(Tag(9, 0x1001), b"UN");
    let un = [deep(b""), first, common::undefined_item(), implicit].concat();
    for bytes in [deep(&undefined), un] {
        let limits = Limits {
            max_depth: usize::MAX,
            ..Limits::default()
        };
        for limits in [limits, Limits::default()] {
            assert!(matches!(survive(&bytes, &limits), Err(ReadError::Limit(_))));
        }
    }
}

/// UN in UN in UN: attempts to read a value as items must not multiply with the depth.
#[test]
fn nested_attempts_take_linear_time() {
    let mut value = b"\xFE\xFF\0\xE0\x08\0\0\0garbage!".to_vec();
    let private = Tag(9, 0x1001);
    for _ in 0..30 {
        let broken = common::implicit(Tag(9, 0x1002), b"\xFE\xFF\0\xE0\xFF\0\0\0");
        let two = [common::implicit(private, &value), broken, vec![0; 2]].concat();
        value = common::item(&two);
    }
    value = [value, common::item(&vec![1; 1 << 20])].concat();
    let class = common::short(Tag(8, 0x16), b"UI", b"1.2.840.10008.5.1.4.1.1.7\0");
    let mut bytes = [class, common::long(private, b"UN", &value)].concat();
    bytes.extend(common::long(Tag(0x0010, 0x0010), b"PN", b"Doe^Jane").repeat(20_000));
    let start = std::time::Instant::now();
    let _ = survive(&bytes, &Limits::default());
    assert!(start.elapsed() < std::time::Duration::from_secs(5));
}

/// Broken fragments, each without an end, must not make the reader search the file for each.
#[test]
fn many_broken_fragments_take_linear_time() {
    let broken = [
        common::undefined(Tag(0x7FE0, 0x0010), b"OB"),
        common::item(&[]),
        common::item(b"ab")[..9].to_vec(),
    ];
    let class = common::short(Tag(8, 0x16), b"UI", b"1.2.840.10008.5.1.4.1.1.7\0");
    let bytes = [class, broken.concat().repeat(50_000)].concat();
    let start = std::time::Instant::now();
    let _ = survive(&bytes, &Limits::default());
    assert!(start.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn limits_hold() {
    let bytes = specimen(&Syntax::from_uid(Syntax::EXPLICIT_LE));
    for limits in [
        Limits {
            max_elements: 5,
            ..Limits::default()
        },
        Limits {
            max_depth: 1,
            ..Limits::default()
        },
        Limits {
            max_file_bytes: 100,
            ..Limits::default()
        },
    ] {
        assert!(matches!(survive(&bytes, &limits), Err(ReadError::Limit(_))));
    }
    // 40 MiB of zeros in 40 KiB: a bomb by size and by ratio.
    let bomb = DataSet::from_elements(vec![
        Element::text(Tag(0x0008, 0x0016), VR::UI, "1.2.840.10008.5.1.4.1.1.7"),
        Element::new(Tag(0x7FE0, 0x0010), VR::OW, vec![0; 40 << 20]),
    ]);
    let mut out = Vec::new();
    write_file(
        &DataSet::default(),
        &bomb,
        &Syntax::from_uid(Syntax::DEFLATED_LE),
        &mut out,
    );
    assert!(matches!(
        survive(&out, &Limits::default()),
        Err(ReadError::Limit(_))
    ));
    let ratio = Limits {
        max_inflate_ratio: 2000,
        ..Limits::default()
    };
    assert_eq!(survive(&out, &ratio), Ok(()));
    let small = Limits {
        max_inflated_bytes: 1 << 20,
        ..ratio
    };
    assert!(matches!(survive(&out, &small), Err(ReadError::Limit(_))));
}

/// PS3.10 7.1: what the head of a file holds.
#[test]
fn the_head_is_that_of_the_standard() {
    let implicit = Syntax::from_uid(Syntax::IMPLICIT_LE);
    let out = specimen(&implicit);
    assert!(out[..128].iter().all(|byte| *byte == 0) && &out[128..132] == b"DICM");
    let length = u32::from_le_bytes(out[140..144].try_into().expect("four bytes")) as usize;
    assert_eq!(&out[144 + length..148 + length], &[8, 0, 5, 0]);
    assert_eq!(implicit.endian, Endian::Little);
}

/// PS3.5 6.2.2: a value too long for 16 bits of length is written as UN, and read as what it is.
#[test]
fn long_values_of_short_vrs_survive() {
    let text = Element::new(Tag(0x0010, 0x4000), VR::LT, vec![b'a'; 70_000]);
    let data = DataSet::from_elements(vec![
        Element::text(Tag(0x0008, 0x0016), VR::UI, "1.2.840.10008.5.1.4.1.1.7"),
        text,
    ]);
    for uid in [
        Syntax::EXPLICIT_LE,
        Syntax::EXPLICIT_BE,
        Syntax::IMPLICIT_LE,
    ] {
        let mut out = Vec::new();
        write_file(&DataSet::default(), &data, &Syntax::from_uid(uid), &mut out);
        read_again(&out, |file| assert_eq!(file.data, data));
    }
}
