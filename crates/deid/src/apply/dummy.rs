//! Dummy values (action D, PS3.15 E.1.1): non-zero length, valid for the VR, the same for all.

use obscura_dicom::{Element, Tag, VR, Value};

/// The text every dummy of a text VR holds.
const DUMMY_TEXT: &str = "REMOVED";
/// The date every dummy date holds.
const DUMMY_DATE: &str = "19000101";

/// Replaces the value of an element by the dummy of its VR. Sequences get no items: what holds
/// required items is descended into instead.
pub(crate) fn put_dummy(element: &mut Element<'_>) {
    let (tag, vr) = (element.tag, element.vr);
    *element = match vr {
        VR::DA => Element::text(tag, vr, DUMMY_DATE),
        VR::TM => Element::text(tag, vr, "000000"),
        VR::DT => Element::text(tag, vr, "19000101000000"),
        VR::AS => Element::text(tag, vr, "000Y"),
        VR::DS | VR::IS => Element::text(tag, vr, "0"),
        VR::CS => Element::text(tag, vr, coded_dummy(tag)),
        // A UID that names nothing: the nil UUID under the arc for UUIDs (PS3.5 B.2).
        VR::UI => Element::text(tag, vr, "2.25.0"),
        VR::UR => Element::text(tag, vr, "urn:removed"),
        // Zero has the same bytes in either byte order.
        VR::AT | VR::UL | VR::SL | VR::FL | VR::OL | VR::OF => Element::new(tag, vr, vec![0; 4]),
        VR::US | VR::SS | VR::OB | VR::OW | VR::UN => Element::new(tag, vr, vec![0; 2]),
        VR::FD | VR::OD | VR::OV | VR::SV | VR::UV => Element::new(tag, vr, vec![0; 8]),
        VR::SQ => Element {
            tag,
            vr,
            value: Value::Items(obscura_dicom::Items::default()),
        },
        VR::AE | VR::LO | VR::LT | VR::PN | VR::SH | VR::ST | VR::UC | VR::UT => {
            Element::text(tag, vr, DUMMY_TEXT)
        }
    };
}

/// Enumerated values that a dummy has to be one of.
fn coded_dummy(tag: Tag) -> &'static str {
    match tag {
        // Reason for the Attribute Modification (PS3.3 C.12.1.1.9).
        Tag(0x0400, 0x0565) => "CORRECT",
        _ => DUMMY_TEXT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dummy_is_never_empty_and_of_even_length() {
        use VR::{
            AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SS,
            ST, SV, TM, UC, UI, UL, UN, UR, US, UT, UV,
        };
        for vr in [
            AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SS,
            ST, SV, TM, UC, UI, UL, UN, UR, US, UT, UV,
        ] {
            let mut element = Element::new(Tag(0x0010, 0x4000), vr, b"secret".to_vec());
            put_dummy(&mut element);
            let bytes = element.bytes().unwrap();
            assert!(
                !bytes.is_empty() && bytes.len().is_multiple_of(2) && bytes != b"secret",
                "{vr:?}"
            );
        }
    }
}
