//! Small changes of one value: empty it, put text or bytes, move a date, limit an age.

use std::borrow::Cow;

use obscura_dicom::{Element, Endian, VR, Value};

use super::dates;

/// Leaves the element with zero length.
pub(super) fn empty(element: &mut Element<'_>) {
    element.value = if element.vr == VR::SQ {
        Value::Items(obscura_dicom::Items::default())
    } else {
        Value::Bytes(Cow::Borrowed(&[]))
    };
}

/// Puts bytes in, padded to even length as the VR asks (PS3.5 6.2).
pub(super) fn put_bytes(element: &mut Element<'_>, mut bytes: Vec<u8>) {
    if bytes.len() % 2 == 1 {
        let binary = matches!(element.vr, VR::UI | VR::OB | VR::UN);
        bytes.push(if binary { 0 } else { b' ' });
    }
    element.value = Value::Bytes(Cow::Owned(bytes));
}

/// Puts text in, padded to even length with `padding`.
pub(super) fn put_text(element: &mut Element<'_>, text: String, padding: u8) {
    let mut bytes = text.into_bytes();
    if bytes.len() % 2 == 1 {
        bytes.push(padding);
    }
    element.value = Value::Bytes(Cow::Owned(bytes));
}

/// Moves every value of a DA or DT element; a value that is no date goes.
pub(super) fn shift(element: &mut Element<'_>, vr: VR, days: i32) {
    let Some(bytes) = element.bytes() else { return };
    let text = String::from_utf8_lossy(bytes);
    let moved: Vec<String> = text
        .split('\\')
        .map(|value| {
            let moved = if vr == VR::DT {
                dates::shift_date_time(value, days)
            } else {
                dates::shift_date(value, days)
            };
            moved.unwrap_or_default()
        })
        .collect();
    let moved = moved.join("\\");
    put_text(element, moved, b' ');
}

/// Moves a count of seconds since 1970 (vendors' private acquisition times): 32-bit integers and
/// decimal text. Any other form cannot be moved and goes.
pub(super) fn shift_seconds(element: &mut Element<'_>, vr: VR, days: i32, endian: Endian) {
    let seconds = i64::from(days) * 86_400;
    let Some(bytes) = element.bytes() else { return };
    let moved = match vr {
        VR::SL | VR::UL => bytes.try_into().ok().map(|word: [u8; 4]| {
            let value = match endian {
                Endian::Little => u32::from_le_bytes(word),
                Endian::Big => u32::from_be_bytes(word),
            };
            let value = value.wrapping_add_signed(seconds as i32);
            match endian {
                Endian::Little => value.to_le_bytes().to_vec(),
                Endian::Big => value.to_be_bytes().to_vec(),
            }
        }),
        VR::IS | VR::DS | VR::LO | VR::SH => std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| text.trim_matches([' ', '\0']).parse::<i64>().ok())
            .map(|value| (value + seconds).to_string().into_bytes()),
        _ => None,
    };
    match moved {
        Some(bytes) => put_bytes(element, bytes),
        None => empty(element),
    }
}

/// Ages of 90 years and more become `090Y`; what is no age goes (PS3.5 6.2, VR AS).
pub(super) fn limit_age(element: &mut Element<'_>) {
    let Some(bytes) = element.bytes() else { return };
    let text = String::from_utf8_lossy(bytes);
    let mut changed = false;
    let limited: Vec<&str> = text
        .split('\\')
        .map(|value| {
            let kept = limit_one(value);
            changed |= kept != value;
            kept
        })
        .collect();
    if changed {
        let limited = limited.join("\\");
        put_text(element, limited, b' ');
    }
}

fn limit_one(value: &str) -> &str {
    let age = value.trim_matches([' ', '\0']);
    let digits = age.trim_end_matches(['D', 'W', 'M', 'Y', 'd', 'w', 'm', 'y']);
    let Ok(count) = digits.parse::<u32>() else {
        return "";
    };
    let years = match age.as_bytes().last() {
        Some(b'D' | b'd') => count / 366,
        Some(b'W' | b'w') => count / 53,
        Some(b'M' | b'm') => count / 12,
        _ => count,
    };
    if years >= 90 { "090Y" } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_dicom::Tag;

    fn element(vr: VR, text: &str) -> Element<'static> {
        Element::text(Tag(0x0010, 0x1010), vr, text)
    }

    #[test]
    fn no_age_above_89_stays() {
        for (age, limited) in [
            ("089Y", "089Y"),
            ("090Y", "090Y"),
            ("101Y", "090Y"),
            ("999M", "999M"),
            ("012D", "012D"),
            ("93", "090Y"),
            ("old", ""),
            ("045Y\\099Y", "045Y\\090Y "),
        ] {
            let mut element = element(VR::AS, age);
            limit_age(&mut element);
            assert_eq!(
                String::from_utf8_lossy(element.bytes().unwrap()),
                limited,
                "{age}"
            );
        }
    }

    #[test]
    fn every_value_of_a_date_moves_and_what_is_none_goes() {
        let mut element = element(VR::DA, "20200115\\nonsense\\2020.01.16");
        shift(&mut element, VR::DA, -14);
        assert_eq!(element.bytes().unwrap(), b"20200101\\\\2020.01.02");
    }

    #[test]
    fn seconds_move_by_whole_days() {
        let mut seconds = Element::new(
            Tag(0x0009, 0x1027),
            VR::SL,
            1_500_000_000_u32.to_be_bytes().to_vec(),
        );
        shift_seconds(&mut seconds, VR::SL, -7, Endian::Big);
        assert_eq!(
            seconds.bytes().unwrap(),
            (1_500_000_000_u32 - 604_800).to_be_bytes()
        );
    }
}
