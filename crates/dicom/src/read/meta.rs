//! The file meta group 0002 (PS3.10 7.1), with or without its length, in any encoding.

use dicom_core::{Tag, VR};
use obscura_core::Limits;

use super::header::{Encoding, Header, u16_at};
use super::parse::{Parser, Scope, note};
use crate::ReadError;
use crate::model::{DataSet, Mend};
use crate::syntax::Endian;

const GROUP: u16 = 0x0002;
const GROUP_LENGTH: Tag = Tag(GROUP, 0x0000);

/// The file meta group and where it ends.
pub(super) struct Meta<'a> {
    pub(super) data: DataSet<'a>,
    pub(super) end: usize,
}

/// Reads elements as long as they are of group 0002, whatever the group length claims.
pub(super) fn read<'a>(
    raw: &'a [u8],
    start: usize,
    limits: &Limits,
    mends: &mut Vec<Mend>,
) -> Result<Meta<'a>, ReadError> {
    let encoding = encoding(raw, start);
    let mut parser = Parser::new(raw, Endian::Little, limits);
    let (mut at, mut elements) = (start, Vec::new());
    let mut claimed = None;
    while u16_at(raw, at, encoding.endian) == Some(GROUP) {
        let Some(head) = Header::read(raw, at, raw.len(), encoding) else {
            break;
        };
        if head.tag == GROUP_LENGTH {
            let value = head.value_at(at);
            let length = super::header::u32_at(raw, value, encoding.endian);
            let end = head.end(at).unwrap_or(value);
            claimed = length.map(|length| end.saturating_add(length as usize));
            at = end;
            continue;
        }
        let (element, next) = parser.element(&head, at, raw.len(), encoding, &Scope::ROOT)?;
        elements.push(element);
        at = next;
    }
    at = at.min(raw.len());
    if at == start {
        note(mends, Mend::NoMeta);
    } else if claimed != Some(at) {
        note(mends, Mend::MetaLength);
    }
    for mend in parser.mends {
        note(mends, mend);
    }
    Ok(Meta {
        data: DataSet::from_elements(elements),
        end: at,
    })
}

/// Explicit VR Little Endian, unless the first element is written otherwise.
fn encoding(raw: &[u8], start: usize) -> Encoding {
    let endian = match raw.get(start..start + 2) {
        Some([0x00, 0x02]) => Endian::Big,
        _ => Endian::Little,
    };
    let letters = raw
        .get(start + 4..start + 6)
        .and_then(|letters| letters.try_into().ok());
    match (letters.and_then(crate::vr::from_letters), endian) {
        (Some(_), Endian::Little) => Encoding::EXPLICIT_LE,
        (Some(_), Endian::Big) => Encoding::EXPLICIT_BE,
        (None, Endian::Little) => Encoding::IMPLICIT_LE,
        (None, Endian::Big) => Encoding::IMPLICIT_BE,
    }
}

/// Moves elements of group 0002 that stand in the data set to the file meta group.
pub(super) fn take_strays<'a>(mut data: DataSet<'a>, meta: &mut DataSet<'a>) -> DataSet<'a> {
    if data.elements().iter().any(|element| element.tag.0 == GROUP) {
        let elements = data.elements_mut();
        let (strays, kept) = std::mem::take(elements)
            .into_iter()
            .partition(|element| element.tag.0 == GROUP);
        *elements = kept;
        let strays: Vec<_> = strays;
        for stray in strays {
            if meta.get(stray.tag).is_none() && stray.vr != VR::SQ {
                meta.put(stray);
            }
        }
    }
    data
}
