//! The scan searches everything but the coded samples: "any harvested identifier, in any of the
//! encodings, anywhere but in the coded samples of the image themselves".

mod residual_kit;

use dicom_core::Tag;
use obscura_core::Limits;
use obscura_deid::residual::{Place, ScanError, scan};
use proptest::prelude::*;
use residual_kit::*;

const NAME: &str = "Crowhurst";
const COMMENTS: (u16, u16) = (0x0010, 0x4000);

fn element(tags: &[(u16, u16)]) -> Place {
    Place::Element(tags.iter().map(|tag| Tag(tag.0, tag.1)).collect())
}

#[test]
fn a_value_is_found_in_every_transfer_syntax_and_named_by_its_tag() {
    for form in FORMS {
        let comment = form.element(COMMENTS, "LT", b"seen by CROWHURST ", None);
        let file = form.file(&[form.head(), comment, form.image(&[7; 16])].concat());
        assert_eq!(
            places(&file, &strong(&[NAME])),
            [element(&[COMMENTS])],
            "{form:?}"
        );
        let clean = form.file(&[form.head(), form.image(&[7; 16])].concat());
        assert_eq!(places(&clean, &strong(&[NAME])), [], "{form:?}");
    }
}

#[test]
fn nested_private_and_unknown_values_are_found_by_their_path() {
    for form in FORMS {
        let inner = form.element((0x0040, 0xA160), "UT", b"Dr crowhurst", None);
        let sequence = form.element((0x0040, 0xA730), "SQ", &form.item(&inner), None);
        let private = form.element((0x0029, 0x1010), "UN", b"\x01\x02Crowhurst\x00", None);
        let file = form.file(&[form.head(), private, sequence].concat());
        assert_eq!(
            places(&file, &strong(&[NAME])),
            [
                element(&[(0x0029, 0x1010)]),
                element(&[(0x0040, 0xA730), (0x0040, 0xA160)])
            ],
            "{form:?}"
        );
    }
}

#[test]
fn a_sequence_of_undefined_length_does_not_hide_the_pixel_data_after_it() {
    let form = Form::ExplicitLittle;
    let inner = form.element((0x0040, 0xA160), "UT", b"nothing to see", None);
    let mut items = form.element((0xFFFE, 0xE000), "", &inner, Some(u32::MAX));
    items.extend(form.element((0xFFFE, 0xE00D), "", &[], None));
    items.extend(form.element((0xFFFE, 0xE0DD), "", &[], None));
    let sequence = form.element((0x0008, 0x1140), "SQ", &items, Some(u32::MAX));
    let file = form.file(&[form.head(), sequence, form.image(b"....Crowhurst...")].concat());
    assert_eq!(places(&file, &strong(&[NAME])), []);
}

#[test]
fn samples_that_spell_a_name_are_no_hit_but_what_follows_them_is() {
    for form in FORMS {
        let samples = b"....Crowhurst...";
        let file = form.file(&[form.head(), form.image(samples)].concat());
        assert_eq!(places(&file, &strong(&[NAME])), [], "{form:?}");
        let padded = [samples.as_slice(), b"Crowhurst "].concat();
        let file = form.file(&[form.head(), form.image(&padded)].concat());
        assert_eq!(
            places(&file, &strong(&[NAME])),
            [Place::SamplePadding],
            "{form:?}"
        );
    }
}

#[test]
fn samples_of_an_icon_are_searched() {
    let form = Form::ExplicitLittle;
    let icon = form.element(
        (0x0088, 0x0200),
        "SQ",
        &form.item(&form.image(b"....Crowhurst...")),
        None,
    );
    let file = form.file(&[form.head(), icon].concat());
    assert_eq!(
        places(&file, &strong(&[NAME])),
        [element(&[(0x0088, 0x0200), (0x7FE0, 0x0010)])]
    );
}

#[test]
fn preamble_meta_group_and_trailing_bytes_are_searched() {
    let form = Form::ExplicitLittle;
    let set = strong(&[NAME]);
    let mut file = form.file(&form.head());
    file[5..14].copy_from_slice(b"Crowhurst");
    assert_eq!(places(&file, &set), [Place::Preamble]);

    let info = form.element((0x0002, 0x0102), "OB", b"by Crowhurst", None);
    let file = form.file_as(form.uid(), &info, &form.head());
    assert_eq!(places(&file, &set), [element(&[(0x0002, 0x0102)])]);

    for form in FORMS {
        let mut file = form.file(&[form.head(), form.image(&[0; 16])].concat());
        file.extend(b"\0\0 Crowhurst");
        assert!(!places(&file, &set).is_empty(), "{form:?}");
    }
}

#[test]
fn segments_of_encapsulated_frames_are_searched_and_coded_data_is_not() {
    let set = strong(&[NAME]);
    let text = NAME.as_bytes();
    let exif = segment(0xE1, &[b"Exif\0\0".as_slice(), text].concat());
    let quiet = segment(0xFE, b"nothing");
    let jpeg_uid = "1.2.840.10008.1.2.4.50";
    let j2k_uid = "1.2.840.10008.1.2.4.90";
    let jp2 = |extra: &[u8]| {
        let stream = boxed(*b"jp2c", &j2k(b"-", b"-", text, &[]));
        [
            boxed(*b"jP  ", &[0x0D, 0x0A, 0x87, 0x0A]),
            boxed(*b"xml ", extra),
            stream,
        ]
        .concat()
    };
    let mut rle = vec![0_u8; 64];
    rle[0] = 1;
    rle[4] = 64;
    let rle_plain = [rle.clone(), vec![15], vec![9; 16]].concat();
    let cases: [(&str, Vec<u8>, usize); 11] = [
        (jpeg_uid, jpeg(&[exif], b"....", &[]), 1),
        (jpeg_uid, jpeg(&[segment(0xFE, text)], b"....", &[]), 1),
        (
            jpeg_uid,
            jpeg(std::slice::from_ref(&quiet), b"....", text),
            1,
        ),
        (jpeg_uid, jpeg(&[text.to_vec()], b"....", &[]), 1),
        (jpeg_uid, jpeg(&[quiet], text, &[]), 0),
        (j2k_uid, j2k(text, b"-", text, &[]), 1),
        (j2k_uid, j2k(b"-", text, text, text), 2),
        (j2k_uid, jp2(text), 1),
        (j2k_uid, jp2(b"nothing"), 0),
        (
            "1.2.840.10008.1.2.5",
            [rle_plain.clone(), b"  Crowhurst".to_vec()].concat(),
            1,
        ),
        ("1.2.840.10008.1.2.4.100", text.to_vec(), 1),
    ];
    for (at, (uid, frame, count)) in cases.iter().enumerate() {
        let form = Form::ExplicitLittle;
        let shape = [form.us((0x0028, 0x0010), 4), form.us((0x0028, 0x0011), 4)].concat();
        let data = [form.head(), shape.clone(), encapsulated(&[frame])].concat();
        let file = form.file_as(uid, &[], &data);
        assert_eq!(
            places(&file, &set),
            vec![Place::FrameSegment; *count],
            "case {at}"
        );
        // Split in the middle of the name, or of whatever stands there.
        let cut = frame.windows(9).position(|part| part == text).unwrap_or(4) + 4;
        if !uid.ends_with("2.5") && !uid.ends_with("100") {
            let data = [
                form.head(),
                shape,
                encapsulated(&[&frame[..cut], &frame[cut..]]),
            ]
            .concat();
            let even = cut % 2 == 0;
            let file = form.file_as(uid, &[], &data);
            if even {
                assert_eq!(
                    places(&file, &set).len(),
                    *count,
                    "case {at} in two fragments"
                );
            }
        }
    }
}

#[test]
fn an_offset_table_and_the_element_after_the_pixels_are_searched() {
    let form = Form::ExplicitLittle;
    let mut value = form.item(b"Crowhurst   ");
    value.extend(form.item(&jpeg(&[], b"..", &[])));
    value.extend(form.element((0xFFFE, 0xE0DD), "", &[], None));
    let pixels = form.element((0x7FE0, 0x0010), "OB", &value, Some(u32::MAX));
    let padding = form.element((0xFFFC, 0xFFFC), "OB", b"\0\0Crowhurst\0", None);
    let data = [form.head(), pixels, padding].concat();
    let file = form.file_as("1.2.840.10008.1.2.4.50", &[], &data);
    let found = places(&file, &strong(&[NAME]));
    assert_eq!(found, [Place::Encapsulation, element(&[(0xFFFC, 0xFFFC)])]);
}

#[test]
fn pixel_data_of_a_text_vr_is_no_pixel_data() {
    let form = Form::ExplicitLittle;
    let fake = form.element((0x7FE0, 0x0010), "UT", b"Crowhurst ", None);
    let file = form.file(&[form.head(), fake].concat());
    assert_eq!(places(&file, &strong(&[NAME])).len(), 1);
}

#[test]
fn a_damaged_deflate_stream_cannot_be_released() {
    let mut file = Form::Deflated.file(&[Form::Deflated.head(), vec![0; 4000]].concat());
    file.truncate(file.len() - 3);
    assert_eq!(
        scan(&file, &strong(&[NAME]), &Limits::default()),
        Err(ScanError::Inflate)
    );
    let bomb = Form::Deflated.file(&vec![0; 64 << 20]);
    let limits = Limits {
        max_inflated_bytes: 1 << 20,
        ..Limits::default()
    };
    assert_eq!(
        scan(&bomb, &strong(&[NAME]), &limits),
        Err(ScanError::Limit("inflated bytes"))
    );
}

#[test]
fn a_file_cut_at_any_byte_is_searched_without_panic() {
    let set = strong(&[NAME, "1234567", "佐藤太郎"]);
    for form in FORMS {
        let inner = form.element((0x0040, 0xA160), "UT", b"Dr crowhurst", None);
        let sequence = form.element((0x0040, 0xA730), "SQ", &form.item(&inner), None);
        let file = form.file(&[form.head(), sequence, form.image(b"....Crowhurst...")].concat());
        for end in 0..file.len() {
            let _ = scan(&file[..end], &set, &Limits::default());
        }
    }
    let frames = [
        jpeg(&[segment(0xFE, b"Crowhurst")], b"..", b"x"),
        j2k(b"a", b"b", b"..", b"cd"),
    ];
    for frame in frames {
        let form = Form::ExplicitLittle;
        let data = [form.head(), encapsulated(&[&frame])].concat();
        let file = form.file_as("1.2.840.10008.1.2.4.90", &[], &data);
        for end in 0..file.len() {
            let _ = scan(&file[..end], &set, &Limits::default());
        }
    }
}

#[test]
fn endless_nesting_and_lying_lengths_end() {
    let form = Form::ExplicitLittle;
    let mut data = form.head();
    for _ in 0..5000 {
        data.extend(form.element((0x0040, 0xA730), "SQ", &[], Some(u32::MAX)));
        data.extend(form.element((0xFFFE, 0xE000), "", &[], Some(u32::MAX)));
    }
    data.extend(b"Crowhurst");
    assert_eq!(places(&form.file(&data), &strong(&[NAME])).len(), 1);
    let liar = form.element(COMMENTS, "UT", b"Crowhurst ", Some(0xFFFF_FFF0));
    let file = form.file(&[form.head(), liar].concat());
    assert_eq!(places(&file, &strong(&[NAME])), [element(&[COMMENTS])]);
}

proptest! {
    #[test]
    fn a_name_planted_anywhere_but_in_the_samples_is_found(at in 0..400_usize, form in 0..4_usize) {
        let form = FORMS[form];
        let filler = form.element((0x0009, 0x1001), "UN", &[0xAB; 120], None);
        let data = [form.head(), filler, form.image(&[3; 16])].concat();
        let sample_end = data.len();
        let samples = sample_end - 16..sample_end;
        let mut planted = [data, vec![0; 80]].concat();
        // In the deflated form the planted bytes are those before compression.
        let at = at % (planted.len() - 9);
        // Overwriting a header changes where the samples are: only values and gaps are planted.
        let value = 8 + 26 + 12..8 + 26 + 12 + 120;
        prop_assume!(value.contains(&at) && value.contains(&(at + 9)) || at >= samples.end);
        planted[at..at + 9].copy_from_slice(b"cROWHURST");
        let file = form.file(&planted);
        prop_assert_eq!(hits(&file, &strong(&[NAME])).len(), 1);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), form in 0..4_usize) {
        let form = FORMS[form];
        let data = [form.head(), bytes.clone()].concat();
        let _ = scan(&form.file(&data), &strong(&[NAME]), &Limits::default());
        let _ = scan(&form.file_as("1.2.840.10008.1.2.4.90", &[], &[form.head(), encapsulated(&[&bytes])].concat()), &strong(&[NAME]), &Limits::default());
        let _ = scan(&bytes, &strong(&[NAME]), &Limits::default());
    }
}
