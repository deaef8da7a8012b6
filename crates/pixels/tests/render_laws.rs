//! Laws of rendering that hold for every header and every frame.

use obscura_dicom::{DataSet, Element, Syntax, Tag, VR};
use obscura_pixels::render::{Display, Quality};
use obscura_pixels::{Frame, Photometric, Samples};
use proptest::prelude::*;

/// Attributes that rendering reads, as numbers, words and texts of any content.
const TEXTS: [(u16, u16); 9] = [
    (0x0008, 0x9205),
    (0x0028, 0x0004),
    (0x0028, 0x1050),
    (0x0028, 0x1051),
    (0x0028, 0x1052),
    (0x0028, 0x1053),
    (0x0028, 0x1056),
    (0x0062, 0x0001),
    (0x2050, 0x0020),
];
const WORDS: [(u16, u16); 17] = [
    (0x0028, 0x0101),
    (0x0028, 0x0103),
    (0x0028, 0x0120),
    (0x0028, 0x0121),
    (0x0028, 0x0122),
    (0x0028, 0x1101),
    (0x0028, 0x1102),
    (0x0028, 0x1103),
    (0x0028, 0x1201),
    (0x0028, 0x1202),
    (0x0028, 0x1203),
    (0x0028, 0x1221),
    (0x0028, 0x1222),
    (0x0028, 0x1223),
    (0x0028, 0x3002),
    (0x0028, 0x3006),
    (0x0062, 0x000E),
];
const SEQUENCES: [(u16, u16); 6] = [
    (0x0028, 0x3000),
    (0x0028, 0x3010),
    (0x0028, 0x9132),
    (0x0028, 0x9145),
    (0x5200, 0x9229),
    (0x5200, 0x9230),
];

fn tag((group, element): (u16, u16)) -> Tag {
    Tag(group, element)
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<Vec<u8>> = [
        "SIGMOID",
        "LINEAR_EXACT",
        "INVERSE",
        "MONOCHROME2",
        "PALETTE COLOR",
        "COLOR",
        "LABELMAP",
        "FRACTIONAL",
        "0",
        "-1",
        "1e308",
        "-1e308",
        "1e-308",
        "nan",
        "40\\80",
        "",
        "65535.5",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    prop_oneof![
        4 => prop::sample::select(known),
        2 => any::<f64>().prop_map(|number| number.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ]
}

fn element() -> impl Strategy<Value = Element<'static>> {
    let vr = prop::sample::select(vec![VR::US, VR::SS, VR::OW, VR::OB, VR::UN, VR::FD, VR::FL]);
    let word = prop_oneof![
        Just(0_u16),
        Just(1),
        Just(2),
        Just(8),
        Just(256),
        any::<u16>()
    ];
    prop_oneof![
        (prop::sample::select(&TEXTS[..]), text()).prop_map(|(at, text)| Element::new(
            tag(at),
            VR::DS,
            text
        )),
        (
            prop::sample::select(&WORDS[..]),
            vr,
            prop::collection::vec(word, 0..12),
            0..3_usize
        )
            .prop_map(|(at, vr, words, cut)| {
                let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
                bytes.truncate(bytes.len().saturating_sub(cut));
                Element::new(tag(at), vr, bytes)
            }),
    ]
}

fn data_set() -> impl Strategy<Value = DataSet<'static>> {
    let leaf = prop::collection::vec(element(), 0..16)
        .prop_map(DataSet::from_elements)
        .boxed();
    leaf.prop_recursive(3, 64, 4, |inner| {
        let items = prop::collection::vec(inner, 0..3);
        let sequence = (prop::sample::select(&SEQUENCES[..]), items)
            .prop_map(|(at, items)| Element::sequence(tag(at), items));
        (
            prop::collection::vec(element(), 0..16),
            prop::collection::vec(sequence, 0..4),
        )
            .prop_map(|(mut elements, sequences)| {
                elements.extend(sequences);
                DataSet::from_elements(elements)
            })
    })
}

fn samples(count: usize) -> impl Strategy<Value = Samples> {
    let many = move || count..=count;
    prop_oneof![
        prop::collection::vec(any::<u8>(), many()).prop_map(Samples::U8),
        prop::collection::vec(any::<u16>(), many()).prop_map(Samples::U16),
        prop::collection::vec(any::<i16>(), many()).prop_map(Samples::I16),
        prop::collection::vec(any::<u32>(), many()).prop_map(Samples::U32),
        prop::collection::vec(any::<i32>(), many()).prop_map(Samples::I32),
        prop::collection::vec(any::<f32>(), many()).prop_map(Samples::F32),
        prop::collection::vec(any::<f64>(), many()).prop_map(Samples::F64),
    ]
}

fn photometric() -> impl Strategy<Value = Photometric> {
    prop::sample::select(vec![
        Photometric::Monochrome1,
        Photometric::Monochrome2,
        Photometric::PaletteColor,
        Photometric::Rgb,
        Photometric::YbrFull,
        Photometric::YbrFull422,
        Photometric::YbrPartial,
        Photometric::YbrJpeg2000,
        Photometric::Other,
    ])
}

fn any_frame() -> impl Strategy<Value = Frame> {
    let bits = prop_oneof![Just(1_u16), Just(8), Just(12), Just(16), any::<u16>()];
    (
        1_u32..6,
        1_u32..6,
        prop::sample::select(vec![1_u16, 3]),
        bits,
        photometric(),
    )
        .prop_flat_map(
            |(rows, columns, samples_per_pixel, bits_stored, photometric)| {
                let count = rows as usize * columns as usize * usize::from(samples_per_pixel);
                samples(count).prop_map(move |samples| Frame {
                    rows,
                    columns,
                    samples_per_pixel,
                    bits_stored,
                    photometric,
                    samples,
                })
            },
        )
}

fn syntax() -> impl Strategy<Value = Syntax> {
    prop::sample::select(vec![Syntax::EXPLICIT_LE, Syntax::EXPLICIT_BE]).prop_map(Syntax::from_uid)
}

fn ramp(photometric: Photometric) -> Frame {
    Frame {
        rows: 1,
        columns: 65_536,
        samples_per_pixel: 1,
        bits_stored: 16,
        photometric,
        samples: Samples::I16((i16::MIN..=i16::MAX).collect()),
    }
}

fn windowed(center: f64, width: f64, slope: f64, function: &'static str) -> Display {
    let ds = |at, number: f64| Element::text(tag(at), VR::DS, &format!("{number:.6}"));
    let data = DataSet::from_elements(vec![
        ds((0x0028, 0x1050), center),
        ds((0x0028, 0x1051), width),
        ds((0x0028, 0x1053), slope),
        Element::text(tag((0x0028, 0x1056)), VR::CS, function),
    ]);
    Display::of(&data, &Syntax::from_uid(Syntax::EXPLICIT_LE)).expect("it has a window")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Requirement: bad input gives a clear error, never a panic; a picture has the size of its
    /// frame.
    #[test]
    fn any_header_and_frame_give_a_picture_of_the_frames_size_or_an_error(
        data in data_set(), syntax in syntax(), frame in any_frame(), at in any::<u32>(),
    ) {
        let Ok(display) = Display::of(&data, &syntax) else { return Ok(()) };
        for at in [0, 1, at] {
            let Ok(picture) = display.render(at, &frame) else { continue };
            prop_assert_eq!((picture.width, picture.height), (frame.columns, frame.rows));
            let pixels = frame.rows as usize * frame.columns as usize;
            prop_assert_eq!(picture.data.len(), pixels * usize::from(picture.channels));
            prop_assert!(picture.to_jpeg(Quality::default()).is_ok());
            prop_assert_eq!(picture.thumbnail(2).width.max(picture.thumbnail(2).height).min(3),
                picture.width.max(picture.height).min(2));
        }
    }

    /// C.11.2.1.2: a window with a positive width never turns a brighter value darker, and
    /// MONOCHROME1 is its inverse, to the fraction of a tone that is cut.
    #[test]
    fn a_window_is_monotonic_and_monochrome1_its_inverse(
        center in -40_000.0..40_000.0_f64, width in 0.001..70_000.0_f64, slope in 0.001..10.0_f64,
        function in prop::sample::select(vec!["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
    ) {
        let display = windowed(center, width, slope, function);
        let tones = display.render(0, &ramp(Photometric::Monochrome2)).unwrap().data;
        prop_assert!(tones.is_sorted());
        let inverse = display.render(0, &ramp(Photometric::Monochrome1)).unwrap().data;
        prop_assert!(tones.iter().zip(&inverse).all(|(tone, inverse)| tone + inverse >= 254));
        prop_assert!(tones.iter().zip(&inverse).all(|(tone, inverse)| tone.checked_add(*inverse).is_some()));
    }
}
