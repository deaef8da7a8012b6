//! Values that do not say that they are sequences: UN, and a VR that is wrong.

mod common;

use common::{
    NAME, class, explicit, file, has_name, implicit, item, long, name, read, sequence_end,
    undefined,
};
use obscura_dicom::{DicomFile, Syntax, Tag, VR};

const SEQUENCE: Tag = Tag(0x0008, 0x1140);

#[test]
fn sequences_written_as_un_are_parsed() {
    let inner = implicit(NAME, b"Doe^Jane");
    let content = item(&inner);
    let private = Tag(0x0009, 0x1001);
    let check = |bytes: &[u8]| {
        read(bytes, |file| {
            let element = file.data.elements().last().expect("an element");
            assert_eq!(element.vr, VR::SQ);
            has_name(&DicomFile {
                data: element.items().expect("is there")[0].clone(),
                ..file.clone()
            });
        });
    };
    for tag in [SEQUENCE, private] {
        check(&explicit(&[&class(), &long(tag, b"UN", &content)]));
        check(&explicit(&[
            &class(),
            &undefined(tag, b"UN"),
            &content,
            &sequence_end(),
        ]));
        check(&explicit(&[&class(), &long(tag, b"UN", &item(&name()))]));
        check(&file(
            Syntax::IMPLICIT_LE,
            &[&implicit(Tag(8, 0x60), b"OT"), &implicit(tag, &content)],
        ));
    }
    // In big endian data sets too, where numbers take the order of the data set.
    let number = implicit(Tag(0x0028, 0x0010), &[1, 2]);
    let un = [0, 9, 0x10, 1, b'U', b'N', 0, 0, 0, 0, 0, 18];
    let class = [0, 8, 0, 0x60, b'C', b'S', 0, 2, b'O', b'T'];
    read(
        &file(Syntax::EXPLICIT_BE, &[&class, &un, &item(&number)]),
        |file| {
            let items = file
                .data
                .get(private)
                .and_then(|element| element.items())
                .expect("items");
            assert_eq!(items[0].elements()[0].bytes(), Some(&[2, 1][..]));
        },
    );
}

#[test]
fn un_that_is_no_sequence_stays_bytes() {
    let private = Tag(0x0009, 0x1001);
    let cut = &item(&implicit(NAME, b"Doe^Jane"))[..12];
    for content in [cut, b"\xFE\xFF\0\xE0 garbage....", b"text"] {
        let known = long(private, b"UN", content);
        read(&explicit(&[&class(), &known]), |file| {
            assert_eq!(
                file.data.get(private).and_then(|element| element.bytes()),
                Some(content)
            );
            assert!(file.mends.is_empty());
        });
    }
    // UN of a standard attribute takes the dictionary's VR.
    read(
        &explicit(&[&class(), &long(NAME, b"UN", b"Doe^Jane")]),
        has_name,
    );
    // So does one whose VR is none or wrong: found by the fuzz target `read`, as UN it would be read as
    // PN the next time.
    for (vr, value) in [(b"UN", cut), (b"??", cut), (b"SQ", b"Doe^Jane")] {
        read(&explicit(&[&class(), &long(NAME, vr, value)]), |file| {
            let element = file.data.get(NAME).expect("an element");
            assert_eq!((element.vr, element.bytes()), (VR::PN, Some(value)));
        });
    }
}

/// What the fuzz target `read` found: under a VR that says bytes, items of a sequence of the standard would
/// pass as bytes, and in Implicit VR they would be items the next time. With a fault inside, too.
#[test]
fn a_sequence_of_the_standard_is_one_whatever_vr_is_written() {
    let whole = item(&implicit(NAME, b"Doe^Jane"));
    let mut too_long = whole.clone();
    too_long[4] += 8;
    for content in [whole, too_long] {
        for vr in [b"UN", b"OB", b"UT", b"SV", b"SQ"] {
            let written = [class(), long(SEQUENCE, vr, &content)].concat();
            for syntax in [Syntax::EXPLICIT_LE, Syntax::IMPLICIT_LE] {
                read(&file(syntax, &[&written]), |file| {
                    let element = file.data.get(SEQUENCE).expect("an element");
                    let items = element.items().expect("items");
                    assert_eq!(items[0].ascii(NAME), Some("Doe^Jane"));
                });
            }
        }
    }
}
