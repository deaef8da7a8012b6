//! From text to value fields: each VR's own form (PS3.5 6.2), and the byte order.

use obscura_dicom::{DataSet, Element, LengthForm, VR, Value};

use crate::Repertoire;

/// The value field of a text in a VR, little endian, without padding.
///
/// Text VRs are encoded in the repertoire. Binary numbers are written as decimals separated by
/// backslashes (`"512\\512"`), AT as `GGGGEEEE`. OB, OW and UN take the text's bytes.
///
/// # Panics
/// If the text is not a value of the VR.
pub fn native_value(vr: VR, text: &str, repertoire: Repertoire) -> Vec<u8> {
    let numbers = || {
        text.split('\\')
            .filter(|part| !part.is_empty())
            .map(str::trim)
    };
    match vr {
        VR::LO | VR::LT | VR::PN | VR::SH | VR::ST | VR::UC | VR::UT => repertoire.encode(text),
        VR::US => numbers()
            .flat_map(|n| number::<u16>(n).to_le_bytes())
            .collect(),
        VR::SS => numbers()
            .flat_map(|n| number::<i16>(n).to_le_bytes())
            .collect(),
        VR::UL | VR::OL => numbers()
            .flat_map(|n| number::<u32>(n).to_le_bytes())
            .collect(),
        VR::SL => numbers()
            .flat_map(|n| number::<i32>(n).to_le_bytes())
            .collect(),
        VR::UV | VR::OV => numbers()
            .flat_map(|n| number::<u64>(n).to_le_bytes())
            .collect(),
        VR::SV => numbers()
            .flat_map(|n| number::<i64>(n).to_le_bytes())
            .collect(),
        VR::FL | VR::OF => numbers()
            .flat_map(|n| number::<f32>(n).to_le_bytes())
            .collect(),
        VR::FD | VR::OD => numbers()
            .flat_map(|n| number::<f64>(n).to_le_bytes())
            .collect(),
        VR::AT => numbers()
            .map(|tag| u32::from_str_radix(tag, 16).expect("a tag of eight hexadecimal digits"))
            .flat_map(|tag| [(tag >> 16) as u16, tag as u16])
            .flat_map(u16::to_le_bytes)
            .collect(),
        _ => text.as_bytes().to_vec(),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse()
        .ok()
        .expect("a number of the value representation")
}

/// Turns the byte order of every binary value around, for Explicit VR Big Endian.
pub(crate) fn swap_bytes(data: &mut DataSet<'_>) {
    for element in data.elements_mut() {
        let width = width(element.vr);
        match &mut element.value {
            Value::Bytes(bytes) if width > 1 => {
                for word in bytes.to_mut().chunks_exact_mut(width) {
                    word.reverse();
                }
            }
            Value::Items(items) => items.items.iter_mut().for_each(swap_bytes),
            _ => {}
        }
    }
}

/// Gives every sequence and item an undefined length.
pub(crate) fn undefine_lengths(data: &mut DataSet<'_>) {
    for element in data.elements_mut() {
        if let Value::Items(items) = &mut element.value {
            items.length = LengthForm::Undefined;
            for item in &mut items.items {
                item.length = LengthForm::Undefined;
                undefine_lengths(item);
            }
        }
    }
}

/// An element of text in a repertoire, padded to even length.
pub(crate) fn element(
    tag: obscura_dicom::Tag,
    vr: VR,
    text: &str,
    repertoire: Repertoire,
) -> Element<'static> {
    let mut bytes = native_value(vr, text, repertoire);
    if bytes.len() % 2 == 1 {
        let is_text = !matches!(vr, VR::UI | VR::OB | VR::UN);
        bytes.push(if is_text { b' ' } else { 0 });
    }
    Element::new(tag, vr, bytes)
}

const fn width(vr: VR) -> usize {
    match vr {
        VR::US | VR::SS | VR::OW | VR::AT => 2,
        VR::UL | VR::SL | VR::FL | VR::OF | VR::OL => 4,
        VR::FD | VR::OD | VR::SV | VR::UV | VR::OV => 8,
        _ => 1,
    }
}
