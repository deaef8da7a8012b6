//! What [`Display`] makes of headers: one test for each rule, values from the standard's formulas.

use obscura_dicom::{DataSet, Element, Syntax, Tag, VR};
use obscura_pixels::render::{Display, RenderError};
use obscura_pixels::{Frame, Photometric, Samples};

const CENTER: Tag = Tag(0x0028, 0x1050);
const WIDTH: Tag = Tag(0x0028, 0x1051);
const INTERCEPT: Tag = Tag(0x0028, 0x1052);
const SLOPE: Tag = Tag(0x0028, 0x1053);
const FUNCTION: Tag = Tag(0x0028, 0x1056);
const SHAPE: Tag = Tag(0x2050, 0x0020);
const PADDING: Tag = Tag(0x0028, 0x0120);
const MODALITY_LUT: Tag = Tag(0x0028, 0x3000);
const VOI_LUT: Tag = Tag(0x0028, 0x3010);
const FRAME_VOI_LUT: Tag = Tag(0x0028, 0x9132);
const TRANSFORMATION: Tag = Tag(0x0028, 0x9145);
const SHARED: Tag = Tag(0x5200, 0x9229);
const PER_FRAME: Tag = Tag(0x5200, 0x9230);

fn ds(tag: Tag, text: &str) -> Element<'static> {
    Element::text(tag, VR::DS, text)
}

fn cs(tag: Tag, text: &str) -> Element<'static> {
    Element::text(tag, VR::CS, text)
}

fn words(tag: Tag, vr: VR, words: &[u16]) -> Element<'static> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    Element::new(tag, vr, bytes)
}

fn window(center: &str, width: &str) -> Vec<Element<'static>> {
    vec![ds(CENTER, center), ds(WIDTH, width)]
}

/// A LUT sequence of one item.
fn lut(tag: Tag, descriptor: [u16; 3], data: &[u16]) -> Element<'static> {
    let item = DataSet::from_elements(vec![
        words(Tag(0x0028, 0x3002), VR::US, &descriptor),
        words(Tag(0x0028, 0x3006), VR::OW, data),
    ]);
    Element::sequence(tag, vec![item])
}

fn display(elements: Vec<Element<'_>>) -> Display {
    Display::of(
        &DataSet::from_elements(elements),
        &Syntax::from_uid(Syntax::EXPLICIT_LE),
    )
    .expect("the object can be shown")
}

fn frame(photometric: Photometric, bits_stored: u16, samples: Samples, columns: usize) -> Frame {
    Frame {
        rows: 1,
        columns: columns as u32,
        samples_per_pixel: 1,
        bits_stored,
        photometric,
        samples,
    }
}

fn mono(bits: u16, samples: &[i32]) -> Frame {
    frame(
        Photometric::Monochrome2,
        bits,
        Samples::I32(samples.to_vec()),
        samples.len(),
    )
}

/// The tones of 12-bit values in the first frame.
fn tones(elements: Vec<Element<'_>>, stored: &[i32]) -> Vec<u8> {
    let picture = display(elements)
        .render(0, &mono(12, stored))
        .expect("the frame can be shown");
    assert_eq!((picture.channels, picture.data.len()), (1, stored.len()));
    picture.data
}

#[test]
fn windows_apply_to_rescaled_values() {
    // C.11.1 then C.11.2: stored 1064 is 40 HU, the middle of the window.
    let mut elements = window("40", "400");
    elements.extend([ds(SLOPE, "1"), ds(INTERCEPT, "-1024")]);
    // (-1024 + 1064 - 39.5) / 399 + 0.5 = 0.50125, times 255 = 127.8
    assert_eq!(
        tones(elements, &[0, 864, 1064, 1264, 4000]),
        [0, 0, 127, 255, 255]
    );
}

#[test]
fn the_function_of_the_window_is_that_of_its_attribute() {
    let of = |function: &str| {
        let mut elements = window("100", "100");
        elements.push(cs(FUNCTION, function));
        tones(elements, &[50, 75, 100, 150])
    };
    assert_eq!(of("LINEAR"), [0, 64, 128, 255]);
    assert_eq!(of("LINEAR_EXACT"), [0, 63, 127, 255]);
    assert_eq!(of("SIGMOID"), [30, 68, 127, 224]);
    assert_eq!(of("OTHER"), of("LINEAR"));
}

#[test]
fn the_first_usable_window_counts() {
    let first = tones(window("100", "100"), &[60, 100, 140]);
    assert_eq!(tones(window("100\\500", "100\\10"), &[60, 100, 140]), first);
    assert_eq!(tones(window("0\\100", "0\\100"), &[60, 100, 140]), first);
    assert_eq!(tones(window("x\\100", "5\\100"), &[60, 100, 140]), first);
}

#[test]
fn half_a_window_or_one_of_no_width_is_none() {
    let automatic = tones(vec![], &[60, 100, 140]);
    assert_eq!(automatic, [0, 127, 255]);
    for elements in [
        vec![ds(CENTER, "100")],
        vec![ds(WIDTH, "100")],
        window("100", "0"),
        window("100", "-5"),
        window("nan", "100"),
        window("100", ""),
    ] {
        assert_eq!(tones(elements, &[60, 100, 140]), automatic);
    }
}

#[test]
fn a_rescale_slope_of_zero_is_ignored() {
    // dcmtk says the same: "invalid value for 'RescaleSlope' (0) ... ignoring modality
    // transformation".
    let elements = vec![ds(SLOPE, "0"), ds(INTERCEPT, "5")];
    assert_eq!(tones(elements, &[60, 100, 140]), [0, 127, 255]);
}

#[test]
fn a_negative_slope_inverts() {
    let elements = vec![ds(SLOPE, "-1"), ds(INTERCEPT, "0")];
    assert_eq!(tones(elements, &[60, 100, 140]), [255, 127, 0]);
}

#[test]
fn monochrome1_and_inverse_invert_once() {
    // C.7.6.3.1.2, C.11.6.1.2. dcmtk and dcm4che agree, also on INVERSE with MONOCHROME2; pydicom
    // leaves both to its caller.
    let of = |shape: &str, photometric| {
        let stored = frame(photometric, 12, Samples::U16(vec![0, 100, 4000]), 3);
        let mut elements = window("50", "100");
        elements.push(cs(SHAPE, shape));
        display(elements).render(0, &stored).unwrap().data
    };
    let (normal, inverse) = ([0, 255, 255], [255, 0, 0]);
    assert_eq!(of("IDENTITY", Photometric::Monochrome2), normal);
    assert_eq!(of("", Photometric::Monochrome1), inverse);
    assert_eq!(of("INVERSE", Photometric::Monochrome1), inverse);
    assert_eq!(of("INVERSE", Photometric::Monochrome2), inverse);
    // dcmtk shows this one, which the standard excludes, uninverted; viewers that go by the
    // photometric interpretation alone (Weasis, Cornerstone) show it as here.
    assert_eq!(of("IDENTITY", Photometric::Monochrome1), inverse);
}

#[test]
fn a_modality_table_comes_before_rescale_and_before_the_window() {
    let mut elements = window("150", "100");
    elements.push(ds(SLOPE, "7"));
    elements.push(lut(MODALITY_LUT, [3, 10, 16], &[100, 150, 200]));
    assert_eq!(tones(elements, &[0, 10, 11, 12, 99]), [0, 0, 128, 255, 255]);
}

#[test]
fn xa_is_shown_without_its_modality_table() {
    // PS3.4 N.2.1.2; dcmtk does the same, pydicom applies the table.
    let class = |uid| Element::text(Tag(0x0008, 0x0016), VR::UI, uid);
    let table = || lut(MODALITY_LUT, [3, 0, 16], &[0, 1, 100]);
    let xa = vec![class("1.2.840.10008.5.1.4.1.1.12.1"), table()];
    assert_eq!(tones(xa, &[0, 1, 2]), [0, 127, 255]);
    let dx = vec![class("1.2.840.10008.5.1.4.1.1.1.1"), table()];
    assert_eq!(tones(dx, &[0, 1, 2]), [0, 2, 255]);
}

#[test]
fn a_voi_table_comes_before_windows() {
    let mut elements = window("1", "1");
    elements.push(lut(VOI_LUT, [4, 0xFFFE, 12], &[0, 1365, 2730, 4095]));
    elements.push(words(Tag(0x0028, 0x0101), VR::US, &[12]));
    elements.push(words(Tag(0x0028, 0x0103), VR::US, &[1]));
    // Signed data: the first value mapped is -2, though the descriptor's VR is US.
    assert_eq!(
        tones(elements, &[-9, -2, -1, 0, 1, 9]),
        [0, 0, 85, 170, 255, 255]
    );
}

#[test]
fn a_voi_table_of_wrong_bits_is_shown_in_full() {
    // The descriptor says 8 bits, the entries have 12. dcmtk lets them wrap.
    let elements = vec![lut(VOI_LUT, [2, 0, 8], &[2048, 4095])];
    assert_eq!(tones(elements, &[0, 1]), [127, 255]);
}

#[test]
fn eight_bits_without_a_window_are_shown_as_stored() {
    let of = |bits, samples, count| {
        let stored = frame(Photometric::Monochrome2, bits, samples, count);
        display(vec![]).render(0, &stored).unwrap().data
    };
    assert_eq!(of(8, Samples::U8(vec![10, 20]), 2), [10, 20]);
    assert_eq!(of(8, Samples::I16(vec![-128, 0, 127]), 3), [0, 128, 255]);
    assert_eq!(of(4, Samples::U8(vec![0, 15]), 2), [0, 255]);
    // Binary segmentations (C.8.20.2).
    assert_eq!(of(1, Samples::U8(vec![0, 1]), 2), [0, 255]);
}

#[test]
fn deeper_samples_without_a_window_span_the_range_of_the_frame() {
    let of = |samples, count| {
        let stored = frame(Photometric::Monochrome2, 32, samples, count);
        display(vec![]).render(0, &stored).unwrap().data
    };
    assert_eq!(
        of(Samples::U32(vec![7, 1 << 30, 1 << 31]), 3),
        [0, 127, 255]
    );
    assert_eq!(
        of(Samples::F64(vec![-1.0, f64::NAN, 0.0, 1.0]), 4),
        [0, 0, 127, 255]
    );
    assert_eq!(of(Samples::F32(vec![f32::NAN; 2]), 2), [0, 0]);
    assert_eq!(of(Samples::U32(vec![9, 9]), 2), [0, 0]);
}

#[test]
fn padding_does_not_count_for_the_range() {
    // C.7.5.1.1.2. dcmtk's +Wm counts it: 100 to 120 would be shown from 252 to 255.
    let stored = || mono(16, &[-2000, 100, 110, 120]);
    let with = display(vec![words(PADDING, VR::SS, &[-2000_i16 as u16])]);
    assert_eq!(with.render(0, &stored()).unwrap().data, [0, 0, 127, 255]);
    let without = display(vec![]);
    assert_eq!(
        without.render(0, &stored()).unwrap().data,
        [0, 252, 253, 255]
    );
}

#[test]
fn functional_groups_of_the_frame_come_first() {
    // C.7.6.16.2.9 and C.7.6.16.2.10; dcmtk 3.6.7 and pydicom do not read them.
    let rescale = |slope| DataSet::from_elements(vec![ds(SLOPE, slope), ds(INTERCEPT, "0")]);
    let voi = |center| DataSet::from_elements(window(center, "101"));
    let group = |elements| DataSet::from_elements(elements);
    let mut elements = window("4000", "3");
    elements.push(Element::sequence(
        SHARED,
        vec![group(vec![
            Element::sequence(FRAME_VOI_LUT, vec![voi("50.5")]),
            Element::sequence(TRANSFORMATION, vec![rescale("1")]),
        ])],
    ));
    elements.push(Element::sequence(
        PER_FRAME,
        vec![
            group(vec![]),
            group(vec![Element::sequence(FRAME_VOI_LUT, vec![voi("150.5")])]),
            group(vec![Element::sequence(TRANSFORMATION, vec![rescale("2")])]),
            group(vec![Element::sequence(FRAME_VOI_LUT, vec![])]),
        ],
    ));
    let display = display(elements);
    let of = |at| {
        display
            .render(at, &mono(12, &[0, 20, 60, 100]))
            .unwrap()
            .data
    };
    assert_eq!(of(0), [0, 51, 153, 255]);
    assert_eq!(of(1), [0, 0, 0, 0]);
    assert_eq!(of(2), [0, 102, 255, 255]);
    assert_eq!(of(3), of(0));
    assert_eq!(of(4_000_000_000), of(0));
}

#[test]
fn segmentations_are_shown_by_their_type() {
    let kind = |kind| cs(Tag(0x0062, 0x0001), kind);
    let of = |elements| {
        let stored = frame(
            Photometric::Monochrome2,
            8,
            Samples::U8(vec![0, 1, 2, 4]),
            4,
        );
        display(elements).render(0, &stored).unwrap().data
    };
    let greatest = words(Tag(0x0062, 0x000E), VR::US, &[4]);
    assert_eq!(of(vec![kind("FRACTIONAL"), greatest]), [0, 63, 127, 255]);
    assert_eq!(of(vec![kind("LABELMAP")]), [0, 63, 127, 255]);
    assert_eq!(of(vec![kind("BINARY")]), [0, 1, 2, 4]);
}

fn palette(descriptor: [u16; 3], channels: [&[u16]; 3]) -> Vec<Element<'static>> {
    (0..3)
        .flat_map(|at| {
            let channel = at as u16;
            [
                words(Tag(0x0028, 0x1101 + channel), VR::US, &descriptor),
                words(Tag(0x0028, 0x1201 + channel), VR::OW, channels[at]),
            ]
        })
        .collect()
}

#[test]
fn palette_colours_are_looked_up() {
    let colours: [&[u16]; 3] = [&[0, 0xFF00], &[0x8000, 0], &[0x1000, 0x2000]];
    let of = |samples, count| {
        let stored = frame(Photometric::PaletteColor, 16, samples, count);
        let picture = display(palette([2, 5, 16], colours))
            .render(0, &stored)
            .unwrap();
        assert_eq!(picture.channels, 3);
        picture.data
    };
    let wanted = [0, 128, 16, 0, 128, 16, 255, 0, 32, 255, 0, 32];
    assert_eq!(of(Samples::U8(vec![0, 5, 6, 9]), 4), wanted);
    assert_eq!(of(Samples::U16(vec![0, 5, 6, 60_000]), 4), wanted);
}

#[test]
fn a_supplemental_palette_colours_what_it_covers() {
    // C.7.6.19: values from the first one mapped on are coloured, those below are gray. dcmtk and
    // pydicom show all of it gray.
    let colours: [&[u16]; 3] = [&[0xFF00], &[0], &[0]];
    let mut elements = palette([1, 200, 16], colours);
    elements.push(cs(Tag(0x0008, 0x9205), "COLOR"));
    elements.push(cs(Tag(0x0028, 0x0004), "MONOCHROME2"));
    let stored = frame(Photometric::Monochrome2, 8, Samples::U8(vec![9, 200]), 2);
    assert_eq!(
        display(elements).render(0, &stored).unwrap().data,
        [9, 9, 9, 255, 0, 0]
    );
    // A palette that nothing announces is not used.
    let stray = display(palette([1, 200, 16], colours));
    assert_eq!(stray.render(0, &stored).unwrap().data, [9, 200]);
}

#[test]
fn big_endian_values_are_read_in_their_order() {
    let word = |value: u16| value.to_be_bytes().to_vec();
    let data = DataSet::from_elements(vec![
        Element::new(Tag(0x0028, 0x0103), VR::US, word(1)),
        Element::new(PADDING, VR::SS, word(-5_i16 as u16)),
    ]);
    let display = Display::of(&data, &Syntax::from_uid(Syntax::EXPLICIT_BE)).unwrap();
    assert_eq!(
        display.render(0, &mono(12, &[-5, 10, 20])).unwrap().data,
        [0, 0, 255]
    );
}

#[test]
fn what_cannot_be_shown_is_an_error() {
    let palette_object = DataSet::from_elements(vec![cs(Tag(0x0028, 0x0004), "PALETTE COLOR")]);
    let syntax = Syntax::from_uid(Syntax::EXPLICIT_LE);
    assert_eq!(
        Display::of(&palette_object, &syntax).unwrap_err(),
        RenderError::Palette
    );
    let display = display(vec![]);
    let render = |frame: &Frame| display.render(0, frame).unwrap_err();
    let bytes = |count| Samples::U8(vec![0; count]);
    let whole = frame(Photometric::Monochrome2, 8, bytes(4), 4);
    assert_eq!(
        render(&Frame {
            columns: 5,
            ..whole.clone()
        }),
        RenderError::FrameSize { samples: 4 }
    );
    let huge = Frame {
        rows: u32::MAX,
        columns: u32::MAX,
        ..whole.clone()
    };
    assert_eq!(render(&huge), RenderError::FrameSize { samples: 4 });
    let empty = Frame {
        rows: 0,
        columns: 0,
        samples: bytes(0),
        ..whole.clone()
    };
    assert_eq!(render(&empty), RenderError::FrameSize { samples: 0 });
    let four = Frame {
        columns: 1,
        samples_per_pixel: 4,
        ..whole.clone()
    };
    assert_eq!(render(&four), RenderError::SamplesPerPixel(4));
    let indexed = Frame {
        photometric: Photometric::PaletteColor,
        ..whole
    };
    assert_eq!(render(&indexed), RenderError::Palette);
    let float = Samples::F32(vec![0.0; 3]);
    let colour = Frame {
        samples_per_pixel: 3,
        ..frame(Photometric::Rgb, 32, float, 1)
    };
    assert_eq!(render(&colour), RenderError::FloatColour);
}
