//! Tests of what headers say of faces, in both directions.

use obscura_dicom::{DataSet, Element, Syntax, Tag, VR};

use super::*;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
const PT: &str = "1.2.840.10008.5.1.4.1.1.128";
const DX: &str = "1.2.840.10008.5.1.4.1.1.1.1";
const SC: &str = "1.2.840.10008.5.1.4.1.1.7";
const ENHANCED_MR: &str = "1.2.840.10008.5.1.4.1.1.4.1";
const BODY: Tag = tags::BODY_PART_EXAMINED;
const SERIES: Tag = tags::SERIES_DESCRIPTION;
const STUDY: Tag = tags::STUDY_DESCRIPTION;

fn object(class: &str, modality: &str, more: &[(Tag, &str)]) -> Vec<Element<'static>> {
    let mut elements = vec![
        Element::text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        Element::text(tags::SOP_CLASS_UID, VR::UI, class),
        Element::text(tags::MODALITY, VR::CS, modality),
    ];
    elements.extend(more.iter().map(|(tag, text)| {
        let vr = if matches!(*tag, tags::SLICE_THICKNESS | tags::SPACING_BETWEEN_SLICES) {
            VR::DS
        } else {
            VR::LO
        };
        Element::new(*tag, vr, text.as_bytes().to_vec())
    }));
    elements
}

fn see(elements: Vec<Element<'static>>) -> Face {
    let data = DataSet::from_elements(elements);
    face(&Header::new(&data, &Syntax::from_uid(Syntax::EXPLICIT_LE)))
}

fn of(class: &str, modality: &str, more: &[(Tag, &str)]) -> Face {
    see(object(class, modality, more))
}

/// PS3.15 E.3.2, note 3: cross-sectional imaging of the head and neck.
#[test]
fn slices_of_the_head_likely_show_a_face() {
    for words in [
        "HEAD",
        "Brain",
        "Neuro^Kopf",
        "CT Sch\u{E4}del nativ",
        "Scanner c\u{E9}r\u{E9}bral",
        "TC cr\u{E1}neo",
        "Cabe\u{E7}a",
        "TAC encefalo",
        "MRT Gehirn",
        "hersenen",
        "hj\u{E4}rna",
        "M\u{F3}zgowie",
        "\u{433}\u{43E}\u{43B}\u{43E}\u{432}\u{43D}\u{43E}\u{439} \u{43C}\u{43E}\u{437}\u{433}",
        "\u{5934}\u{90E8}CT",
        "\u{982D}\u{90E8}",
        "\u{B1CC} MRI",
        "\u{3B5}\u{3B3}\u{3BA}\u{3AD}\u{3C6}\u{3B1}\u{3BB}\u{3BF}\u{3C2}",
        "NNH",
        "orbits",
        "t1_mprage_brain",
        "Facial bones",
    ] {
        for tag in [STUDY, SERIES, tags::PROTOCOL_NAME] {
            assert_eq!(
                of(CT, "CT", &[(tag, words)]),
                Face::Likely(FaceCause::Head),
                "{words}"
            );
        }
    }
    for part in [
        "HEAD", "HEADNECK", "SKULL", "JAW", "ORBIT", "CRANIUM", "TMJ",
    ] {
        assert_eq!(
            of(MR, "MR", &[(BODY, part)]),
            Face::Likely(FaceCause::Head),
            "{part}"
        );
    }
    // A console's default does not hide what the study says.
    let both = [(BODY, "CHEST"), (STUDY, "CT head and chest")];
    assert_eq!(of(CT, "CT", &both), Face::Likely(FaceCause::Head));
}

#[test]
fn what_is_named_elsewhere_is_no_face() {
    for words in [
        "CHEST",
        "CT Thorax low dose",
        "Femoral head AVN right hip",
        "MRI bladder neck, pelvis",
        "head of pancreas, pancreas protocol",
        "sinus tarsi left ankle",
        "coronary sinus, heart",
        "Cervical cancer pelvis MRI",
        "cranio caudal lung",
        "Kniegelenk",
        "Lungenarterien",
        "\u{80F8}\u{90E8}CT",
        "\u{80A1}\u{9AA8}\u{5934} \u{9AA8}\u{76C6}",
        "head first, abdomen",
    ] {
        assert_eq!(of(CT, "CT", &[(STUDY, words)]), Face::No, "{words}");
    }
    for (class, modality) in [
        (DX, "DX"),
        (SC, "OT"),
        ("1.2.840.10008.5.1.4.1.1.6.1", "US"),
    ] {
        assert_eq!(
            of(class, modality, &[(BODY, "HEAD")]),
            Face::No,
            "{modality}"
        );
    }
}

#[test]
fn what_is_not_known_is_possible() {
    assert_eq!(of(CT, "CT", &[]), Face::Possible(FaceCause::UnknownRegion));
    assert_eq!(
        of(CT, "CT", &[(SERIES, "Axial 5.0")]),
        Face::Possible(FaceCause::UnknownRegion)
    );
    for words in [
        "Neck soft tissue",
        "HWS",
        "whole body",
        "Polytrauma",
        "\u{9888}\u{90E8}",
    ] {
        assert_eq!(
            of(CT, "CT", &[(STUDY, words)]),
            Face::Possible(FaceCause::BesideHead),
            "{words}"
        );
    }
    assert_eq!(
        of(PT, "PT", &[(BODY, "HEAD")]),
        Face::Possible(FaceCause::Head)
    );
    let thick = [(BODY, "HEAD"), (tags::SLICE_THICKNESS, "10")];
    assert_eq!(of(CT, "CT", &thick), Face::Possible(FaceCause::Head));
    assert_eq!(
        of(MR, "MR", &[(BODY, "BRAIN"), (SERIES, "ep2d_diff")]),
        Face::Possible(FaceCause::Head)
    );
    let rendered = [(SERIES, "3D VRT skull")];
    assert_eq!(
        of(SC, "CT", &rendered),
        Face::Possible(FaceCause::Rendering)
    );
}

#[test]
fn techniques_made_for_heads_need_no_body_part() {
    let mprage = [(SERIES, "T1 MPRAGE sag 1mm")];
    assert_eq!(of(MR, "MR", &mprage), Face::Likely(FaceCause::Technique));
    assert_eq!(
        of(MR, "MR", &[(tags::SEQUENCE_NAME, "*tfl3d1_16ns")]),
        Face::Likely(FaceCause::Technique)
    );
    let dental = [(tags::MANUFACTURER, "Planmeca Oy")];
    assert_eq!(of(CT, "CT", &dental), Face::Likely(FaceCause::Technique));
    // The same sequence of a named other place is of that place.
    assert_eq!(of(MR, "MR", &[mprage[0], (BODY, "KNEE")]), Face::No);
}

#[test]
fn localizers_and_defaced_series_are_no_faces() {
    let scout = [
        (BODY, "HEAD"),
        (tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\LOCALIZER"),
    ];
    assert_eq!(of(CT, "CT", &scout), Face::No);
    assert_eq!(
        of(MR, "MR", &[(BODY, "HEAD"), (SERIES, "3Plane Localizer")]),
        Face::No
    );
    assert_eq!(
        of(MR, "MR", &[(BODY, "HEAD"), (SERIES, "T1 defaced")]),
        Face::No
    );
    assert_eq!(
        of(MR, "MR", &[(BODY, "HEAD"), (SERIES, "T1 skull-stripped")]),
        Face::No
    );
    let not = [(BODY, "HEAD"), (SERIES, "T1 not defaced")];
    assert_eq!(of(MR, "MR", &not), Face::Likely(FaceCause::Head));
    let code = Element::text(tags::CODE_VALUE, VR::SH, "113102");
    let mut stated = object(MR, "MR", &[(BODY, "HEAD")]);
    stated.push(Element::sequence(
        tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
        vec![DataSet::from_elements(vec![code])],
    ));
    assert_eq!(see(stated), Face::No);
    // A flag alone is no proof: PS3.3 C.7.6.1 does not say who set it.
    let flag = [(BODY, "HEAD"), (tags::RECOGNIZABLE_VISUAL_FEATURES, "NO")];
    assert_eq!(of(MR, "MR", &flag), Face::Likely(FaceCause::Head));
}

/// PS3.15 E.3.2, note 2: full-face photographs.
#[test]
fn photographs_of_a_face_are_likely_and_of_a_leg_are_not() {
    let photo = "1.2.840.10008.5.1.4.1.1.77.1.4";
    assert_eq!(
        of(photo, "XC", &[(BODY, "FACE")]),
        Face::Likely(FaceCause::Photograph)
    );
    assert_eq!(of(photo, "XC", &[]), Face::Possible(FaceCause::Photograph));
    assert_eq!(of(photo, "XC", &[(BODY, "LEG")]), Face::No);
    let eye = "1.2.840.10008.5.1.4.1.1.77.1.5.1";
    assert_eq!(of(eye, "OP", &[]), Face::No);
    let camera = Element::text(tags::CODE_VALUE, VR::SH, "409903006");
    let mut external = object(eye, "OP", &[]);
    external.push(Element::sequence(
        tags::ACQUISITION_DEVICE_TYPE_CODE_SEQUENCE,
        vec![DataSet::from_elements(vec![camera])],
    ));
    assert_eq!(see(external), Face::Possible(FaceCause::Photograph));
}

#[test]
fn codes_of_enhanced_frames_are_read() {
    for (code, expected) in [
        ("T-A0100", Face::Likely(FaceCause::Head)),
        ("69536005", Face::Likely(FaceCause::Head)),
        ("38266002", Face::Possible(FaceCause::BesideHead)),
        ("51185008", Face::No),
    ] {
        let meaning = if code == "51185008" { "Chest" } else { "" };
        let region = DataSet::from_elements(vec![
            Element::text(tags::CODE_VALUE, VR::SH, code),
            Element::text(tags::CODE_MEANING, VR::LO, meaning),
        ]);
        let put = |tag, item| DataSet::from_elements(vec![Element::sequence(tag, vec![item])]);
        let anatomy = put(tags::ANATOMIC_REGION_SEQUENCE, region);
        let group = put(tags::FRAME_ANATOMY_SEQUENCE, anatomy);
        let mut enhanced = object(ENHANCED_MR, "MR", &[]);
        enhanced.push(Element::sequence(
            tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
            vec![group],
        ));
        assert_eq!(see(enhanced), expected, "{code}");
    }
}
