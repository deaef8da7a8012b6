//! What the reader mends, one fault at a time, and what it refuses.

mod common;

use common::{
    NAME, class, explicit, file, has_name, implicit, item, long, name, read, sequence_end, short,
    undefined,
};
use obscura_core::{Limits, Reason};
use obscura_dicom::{Mend, ReadError, Source, Syntax, Tag, VR, Value};

const SEQUENCE: Tag = Tag(0x0008, 0x1140);
const PIXELS: Tag = Tag(0x7FE0, 0x0010);

fn refuse(bytes: &[u8]) -> ReadError {
    let limits = Limits::default();
    match Source::open(bytes, &limits) {
        Ok(source) => source.parse(&limits).expect_err("is refused"),
        Err(error) => error,
    }
}

#[test]
fn a_file_without_preamble_or_meta_group_is_read() {
    let ids = [class(), short(Tag(8, 0x60), b"CS", b"OT"), name()].concat();
    read(&ids, |file| {
        has_name(file);
        assert_eq!(file.syntax.uid, Syntax::EXPLICIT_LE);
        assert_eq!(file.mends, [Mend::NoPreamble, Mend::NoMeta]);
    });
    let with_preamble = [&[0; 128][..], &ids].concat();
    read(&with_preamble, has_name);
    read(&[&[0; 128][..], b"DICM", &ids].concat(), has_name);
    read(&[b"DICM", &ids[..]].concat(), has_name);
    let implicit = [
        implicit(Tag(8, 0x16), b"1.2.840.10008.5.1.4.1.1.7\0"),
        implicit(Tag(8, 0x60), b"OT"),
        implicit(NAME, b"Doe^Jane"),
    ];
    read(&implicit.concat(), |file| {
        has_name(file);
        assert_eq!(file.syntax.uid, Syntax::IMPLICIT_LE);
    });
}

#[test]
fn a_wrong_or_missing_meta_length_does_not_matter() {
    let good = explicit(&[&class(), &name()]);
    read(&good, |file| assert!(file.mends.is_empty()));
    for length in [0_u32, 7, 4000, u32::MAX] {
        let mut wrong = good.clone();
        wrong[140..144].copy_from_slice(&length.to_le_bytes());
        read(&wrong, |file| {
            has_name(file);
            assert_eq!(file.mends, [Mend::MetaLength]);
        });
    }
    let without = [&good[..132], &good[144..]].concat();
    read(&without, has_name);
}

#[test]
fn a_data_set_that_is_not_what_the_meta_group_claims_is_read() {
    let bare = [implicit(Tag(8, 0x60), b"OT"), implicit(NAME, b"Doe^Jane")].concat();
    read(&explicit(&[&bare]), |file| {
        has_name(file);
        assert_eq!(file.syntax.uid, Syntax::IMPLICIT_LE);
        assert_eq!(file.mends, [Mend::SyntaxMismatch]);
    });
    read(&file("1.2.840.10008.1.2.4.50", &[&bare]), |file| {
        has_name(file);
        assert!(file.syntax.explicit && file.syntax.is_encapsulated());
    });
    for claim in [Syntax::IMPLICIT_LE, Syntax::EXPLICIT_BE, "1.2.3.4.5"] {
        read(
            &file(claim, &[&short(Tag(8, 0x60), b"CS", b"OT"), &name()]),
            has_name,
        );
    }
    read(
        &file(
            Syntax::DEFLATED_LE,
            &[&class(), &short(Tag(8, 0x60), b"CS", b"OT"), &name()],
        ),
        has_name,
    );
}

#[test]
fn single_elements_in_the_other_encoding_are_read() {
    let id = short(Tag(0x10, 0x20), b"LO", b"12");
    read(
        &explicit(&[&class(), &implicit(NAME, b"Doe^Jane"), &id]),
        |file| {
            has_name(file);
            assert_eq!(file.data.ascii(Tag(0x10, 0x20)), Some("12"));
        },
    );
    let bare = [
        implicit(Tag(8, 0x60), b"OT"),
        name(),
        implicit(Tag(0x10, 0x20), b"12"),
    ];
    read(&file(Syntax::IMPLICIT_LE, &[&bare.concat()]), |file| {
        has_name(file);
        assert_eq!(file.data.ascii(Tag(0x10, 0x20)), Some("12"));
    });
}

#[test]
fn letters_that_are_no_vr_are_resolved_by_what_follows() {
    let id = short(Tag(0x10, 0x20), b"LO", b"12");
    for vr in [b"--", b"??", b"  ", b"\0\0", b"ZZ", b"pn"] {
        for odd in [short(NAME, vr, b"Doe^Jane"), long(NAME, vr, b"Doe^Jane")] {
            read(&explicit(&[&class(), &odd, &id]), |file| {
                has_name(file);
                assert_eq!(file.data.ascii(Tag(0x10, 0x20)), Some("12"));
                assert_eq!(file.mends, [Mend::WrongVr]);
            });
        }
    }
    // PS3.5 7.1.2 gives OB 32 bits of length and PN 16: some writers do not.
    for odd in [
        long(NAME, b"PN", b"Doe^Jane"),
        short(Tag(0x10, 0x15), b"UT", b"text"),
    ] {
        read(&explicit(&[&class(), &odd, &id]), |file| {
            assert_eq!(file.data.ascii(Tag(0x10, 0x20)), Some("12"));
        });
    }
}

/// PS3.5 6.2.2: UN of undefined length is a sequence in Implicit VR Little Endian.
#[test]
fn faults_of_items_and_delimiters_are_mended() {
    let open = [undefined(SEQUENCE, b"SQ"), common::undefined_item()].concat();
    let (end, item_end) = (sequence_end(), common::item_end());
    let inner = short(Tag(8, 0x1155), b"UI", b"1.2.3\0");
    let swapped_end = [0xFF, 0xFE, 0xE0, 0xDD, 0, 0, 0, 0];
    let long_end = [&end[..4], &[8, 0, 0, 0]].concat();
    let odd: [&[&[u8]]; 7] = [
        &[&open, &inner, &end, &name()],
        &[&open, &inner, &item_end, &name()],
        &[&open, &inner, &item_end, &swapped_end, &name()],
        &[&open, &inner, &item_end, &long_end, &name()],
        &[&open, &inner, &item_end, &end, &end, &name()],
        &[
            &undefined(SEQUENCE, b"SQ"),
            &item(&inner),
            &item_end,
            &end,
            &name(),
        ],
        &[
            &long(SEQUENCE, b"SQ", &[&item(&inner)[..], &item_end].concat()),
            &name(),
        ],
    ];
    for (number, data) in odd.iter().enumerate() {
        read(&explicit(&[&class(), &data.concat()]), |file| {
            has_name(file);
            let items = file.data.get(SEQUENCE).and_then(|element| element.items());
            let items = items.expect("items");
            assert_eq!(items.len(), 1, "{number}");
            assert_eq!(items[0].elements().len(), 1, "{number}");
        });
    }
    // At the very end all delimiters may be missing.
    read(&explicit(&[&class(), &open, &inner]), |file| {
        assert_eq!(file.mends, [Mend::Delimiters]);
    });
}

#[test]
fn lengths_of_items_and_sequences_that_are_wrong_are_mended() {
    let inner = short(Tag(8, 0x1155), b"UI", b"1.2.3\0");
    for wrong in [2_u32, 8, 12, 15, 100, 4000] {
        let mut one = item(&inner);
        one[4..8].copy_from_slice(&wrong.to_le_bytes());
        read(
            &explicit(&[&class(), &long(SEQUENCE, b"SQ", &one), &name()]),
            |file| {
                has_name(file);
                assert_eq!(file.mends.first(), Some(&Mend::WrongLength), "{wrong}");
                let items = file.data.get(SEQUENCE).and_then(|element| element.items());
                assert_eq!(items.map(<[_]>::len), Some(1), "{wrong}");
            },
        );
    }
    let mut sequence = long(SEQUENCE, b"SQ", &item(&inner));
    sequence[8..12].copy_from_slice(&4000_u32.to_le_bytes());
    read(&explicit(&[&class(), &sequence]), |file| {
        assert_eq!(file.mends, [Mend::WrongLength]);
    });
}

#[test]
fn order_repetition_odd_lengths_and_group_lengths_are_mended() {
    let second = short(NAME, b"PN", b"Doe^Jane");
    let length = short(Tag(8, 0), b"UL", &[9, 0, 0, 0]);
    let odd = short(Tag(0x10, 0x20), b"LO", b"123");
    let first = short(NAME, b"PN", b"Roe^John");
    read(
        &explicit(&[&length, &first, &second, &odd, &class()]),
        |file| {
            has_name(file);
            let tags: Vec<Tag> = file
                .data
                .elements()
                .iter()
                .map(|element| element.tag)
                .collect();
            assert_eq!(tags, [Tag(8, 0x16), NAME, Tag(0x10, 0x20)]);
            assert_eq!(
                file.data.get(Tag(0x10, 0x20)).and_then(|e| e.bytes()),
                Some(&b"123 "[..])
            );
            assert_eq!(
                file.mends,
                [Mend::RepeatedTag, Mend::OddLength, Mend::Order]
            );
        },
    );
}

#[test]
fn bytes_after_the_end_are_set_apart() {
    let pixels = long(PIXELS, b"OW", &[1, 2, 3, 4]);
    for after in [
        &[0_u8; 300][..],
        b"\0",
        b"garbage that is no element",
        b"\r\n",
    ] {
        read(&explicit(&[&class(), &name(), &pixels, after]), |file| {
            assert_eq!(file.trailing, after);
            assert_eq!(file.mends, [Mend::Trailing]);
        });
        read(&explicit(&[&class(), &name(), &[0; 20]]), |file| {
            assert_eq!(file.trailing, [0; 20]);
        });
    }
    let padding = long(Tag(0xFFFC, 0xFFFC), b"OB", &[0; 8]);
    read(&explicit(&[&class(), &pixels, &padding]), |file| {
        assert!(file.data.get(Tag(0xFFFC, 0xFFFC)).is_some() && file.mends.is_empty());
    });
}

#[test]
fn pixel_data_that_the_file_cuts_off_is_kept() {
    let pixels = long(PIXELS, b"OW", &[1, 2, 3, 4]);
    read(&explicit(&[&class(), &pixels[..14]]), |file| {
        assert_eq!(
            file.data.get(PIXELS).and_then(|e| e.bytes()),
            Some(&[1, 2][..])
        );
        assert_eq!(file.mends, [Mend::ShortPixelData]);
    });
    let fragments = [undefined(PIXELS, b"OB"), item(&[]), item(&[1, 2, 3, 4])].concat();
    for cut in 0..4 {
        let jpeg = "1.2.840.10008.1.2.4.50";
        read(
            &file(jpeg, &[&class(), &fragments[..fragments.len() - cut]]),
            |file| {
                let Some(Value::Fragments(read)) = file.data.get(PIXELS).map(|e| &e.value) else {
                    panic!("fragments");
                };
                assert_eq!(read.fragments.len(), 1);
                assert!(!file.mends.is_empty());
            },
        );
    }
}

#[test]
fn a_file_that_ends_inside_another_element_is_refused() {
    let whole = explicit(&[&class(), &name(), &short(Tag(0x10, 0x20), b"LO", b"1234")]);
    let start = whole.len() - 12;
    for end in start + 1..whole.len() {
        assert_eq!(refuse(&whole[..end]).reason(), Reason::Truncated, "{end}");
    }
    let rows = short(Tag(0x28, 0x10), b"US", &[1, 0]);
    let lost = refuse(&explicit(&[
        &class(),
        &rows,
        b"\0\0\0\0garbage that is no element",
    ]));
    assert_eq!(lost.reason(), Reason::Malformed);
}

#[test]
fn what_is_not_dicom_is_said_to_be_that() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x02\0\0\0";
    let pdf = b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n".repeat(20);
    let text = b"The quick brown fox jumps over the lazy dog. ".repeat(20);
    let mut state = 12345_u32;
    let random: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(5000)
    .collect();
    let zeros = vec![0; 5000];
    for bytes in [
        &b""[..],
        b"\x08",
        png,
        &pdf,
        &text,
        &random,
        &zeros,
        b"\x08\0\0\0\x08\0\0\0",
    ] {
        assert_eq!(refuse(bytes), ReadError::NotDicom);
    }
}

#[test]
fn an_object_goes_on_after_an_element_longer_than_it_says() {
    let mut short_by_four = long(Tag(0x0009, 0x1001), b"UN", b"12345678");
    short_by_four[8] = 4;
    short_by_four[16..].copy_from_slice(&[0; 4]);
    let pixels = long(PIXELS, b"OW", &[1, 2, 3, 4]);
    read(
        &explicit(&[&class(), &short_by_four, &name(), &pixels]),
        |file| {
            has_name(file);
            assert_eq!(
                file.data.get(PIXELS).and_then(|e| e.bytes()),
                Some(&[1, 2, 3, 4][..])
            );
            assert_eq!(file.mends, [Mend::WrongLength]);
        },
    );
}

#[test]
fn pixel_data_encoded_otherwise_than_its_syntax_says_is_read() {
    let jpeg = "1.2.840.10008.1.2.4.50";
    let items = [item(&[]), item(&[1, 2])].concat();
    let fragments = [undefined(PIXELS, b"OB"), items.clone(), sequence_end()].concat();
    read(&explicit(&[&class(), &fragments]), |file| {
        let value = file.data.get(PIXELS).map(|element| &element.value);
        assert!(matches!(value, Some(Value::Fragments(read)) if read.fragments.len() == 1));
        assert_eq!(file.mends, [Mend::SyntaxMismatch]);
    });
    read(
        &file(jpeg, &[&class(), &long(PIXELS, b"OW", &[1, 2])]),
        |file| {
            assert_eq!(
                file.data.get(PIXELS).and_then(|e| e.bytes()),
                Some(&[1, 2][..])
            );
            assert_eq!(file.mends, [Mend::SyntaxMismatch]);
        },
    );
    // With a length although it is encapsulated.
    read(
        &file(jpeg, &[&class(), &long(PIXELS, b"OB", &items)]),
        |file| {
            let value = file.data.get(PIXELS).map(|element| &element.value);
            assert!(matches!(value, Some(Value::Fragments(read)) if read.fragments.len() == 1));
        },
    );
    // Without the item of the offset table; with a delimiter inside a fragment; in an icon.
    let stream = item(&[&[0xFF, 0xD8, 0xFF, 0xE0][..], &sequence_end()].concat());
    let bare = [undefined(PIXELS, b"OB"), stream.clone(), sequence_end()].concat();
    let icon = long(Tag(0x0088, 0x0200), b"SQ", &item(&bare));
    read(&file(jpeg, &[&class(), &icon, &bare]), |file| {
        let icon = file
            .data
            .get(Tag(0x0088, 0x0200))
            .and_then(|element| element.items());
        for data in [&file.data, &icon.expect("items")[0]] {
            let Some(Value::Fragments(read)) = data.get(PIXELS).map(|e| &e.value) else {
                panic!("fragments");
            };
            assert!(read.offset_table.is_empty());
            assert_eq!(read.fragments, [&stream[8..]]);
        }
        assert!(file.mends.is_empty());
    });
}

/// PS3.5 6.2.2 and annex A: VRs that depend on other attributes.
#[test]
fn ambiguous_vrs_are_resolved_by_context() {
    for (signed, vr) in [(0, VR::US), (1, VR::SS)] {
        let data = [
            implicit(Tag(0x0008, 0x0060), b"OT"),
            implicit(Tag(0x0028, 0x0100), &[8, 0]),
            implicit(Tag(0x0028, 0x0103), &[signed, 0]),
            implicit(Tag(0x0028, 0x0106), &[1, 0]),
            implicit(
                Tag(0x0028, 0x3010),
                &item(&implicit(Tag(0x0028, 0x3002), &[1, 0, 0, 0, 8, 0])),
            ),
            implicit(Tag(0x50AA, 0x3000), &[1, 0]),
            implicit(Tag(0x60FE, 0x3000), &[1, 0]),
            implicit(PIXELS, &[1, 0]),
        ];
        read(&file(Syntax::IMPLICIT_LE, &[&data.concat()]), |file| {
            let found = |tag| file.data.get(tag).map(|element| element.vr);
            assert_eq!(found(Tag(0x0028, 0x0106)), Some(vr));
            assert_eq!(found(Tag(0x50AA, 0x3000)), Some(VR::OW));
            assert_eq!(found(Tag(0x60FE, 0x3000)), Some(VR::OW));
            assert_eq!(found(PIXELS), Some(VR::OW));
            let lut = file
                .data
                .get(Tag(0x0028, 0x3010))
                .and_then(|element| element.items());
            assert_eq!(lut.expect("items")[0].elements()[0].vr, vr);
        });
    }
}

/// What an object in Implicit VR says of the VR of one element is lost when it is written: it is read as
/// it will be read then. Found by fuzzing.
#[test]
fn a_vr_in_an_object_without_any_is_not_believed() {
    let odd = [
        &undefined(Tag(8, 0x60), b"OB")[..],
        &item(&[]),
        &sequence_end(),
    ];
    let data = [implicit(Tag(8, 5), b""), odd.concat()].concat();
    read(&file(Syntax::IMPLICIT_LE, &[&data]), |file| {
        let modality = file.data.get(Tag(8, 0x60)).expect("is there");
        assert!(
            modality.items().is_some(),
            "read as a delimited value of no pixels"
        );
    });
}

/// Letters that are no VR do not make items of what the standard says is text. Found by fuzzing.
#[test]
fn a_name_that_begins_as_an_item_is_a_name() {
    let letters = long(NAME, b"ZZ", &item(&[]));
    read(&explicit(&[&class(), &letters]), |file| {
        let name = file.data.get(NAME).expect("is there");
        assert!(name.vr == VR::PN && matches!(name.value, Value::Bytes(_)));
    });
}

/// Commands (PS3.7 6.3.1) do not belong in a file, and many of their tags are some in both byte orders.
/// Found by fuzzing.
#[test]
fn commands_say_nothing_of_the_byte_order() {
    let commands = [
        long(Tag(0, 8), b"UN", b""),
        undefined(Tag(0, 0xFFFF), b"SQ"),
        sequence_end(),
    ];
    read(
        &explicit(&[&commands.concat(), &class(), &name()]),
        |file| {
            has_name(file);
            assert_eq!(file.syntax.uid, Syntax::EXPLICIT_LE);
        },
    );
}

/// A value of Pixel Data in an item is what it says it holds, not what follows it. Found by fuzzing.
#[test]
fn pixel_data_of_an_item_ends_with_it() {
    let cut = &item(&[0; 4])[..6];
    let icon = item(&long(PIXELS, b"OB", cut));
    let after = long(Tag(0x0400, 0x0500), b"SQ", b"");
    let data = [class(), long(Tag(0x0088, 0x0200), b"SQ", &icon), after].concat();
    read(&file("1.2.840.10008.1.2.4.50", &[&data]), |file| {
        let items = file.data.get(Tag(0x0088, 0x0200)).and_then(|e| e.items());
        let pixels = &items.expect("items")[0].elements()[0];
        assert_eq!(pixels.bytes(), Some(cut));
    });
}
