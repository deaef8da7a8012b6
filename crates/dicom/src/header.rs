//! [`Header`]: what the attributes of a data set say, as words and numbers, whatever their VR.
//!
//! For code that judges an object by its header (rules for devices, kinds of pages, faces) and has
//! to do so over what archives hold: numbers under text VRs, padding, odd lengths. What cannot be
//! understood is as if it were not there.

use std::borrow::Cow;

use dicom_core::{Tag, VR};

use crate::charset::Charsets;
use crate::model::{DataSet, DicomFile, Element};
use crate::syntax::{Endian, Syntax};

/// Bytes of one value that are looked at. No attribute that describes a device or an image is
/// longer; a text of gigabytes costs no more than this.
const MOST_BYTES: usize = 64 * 1024;

/// One data set, or one item of it, with its character sets and byte order.
#[derive(Debug, Clone)]
pub struct Header<'d, 'a> {
    data: &'d DataSet<'a>,
    meta: Option<&'d DataSet<'a>>,
    charsets: Charsets,
    endian: Endian,
}

impl<'d, 'a> Header<'d, 'a> {
    /// The header of a file: its data set and, for tags of group 0002, its file meta group.
    pub fn of(file: &'d DicomFile<'a>) -> Self {
        Self {
            meta: Some(&file.meta),
            ..Self::new(&file.data, &file.syntax)
        }
    }

    /// The header of a data set in this transfer syntax, without a file meta group.
    pub fn new(data: &'d DataSet<'a>, syntax: &Syntax) -> Self {
        Self {
            data,
            meta: None,
            charsets: Charsets::of(data, None),
            endian: syntax.endian,
        }
    }

    fn element(&self, tag: Tag) -> Option<&'d Element<'a>> {
        match (tag.0, self.meta) {
            (0x0002, Some(meta)) => meta.get(tag),
            _ => self.data.get(tag),
        }
    }

    /// The element stands in the data set, with or without a value.
    pub fn has(&self, tag: Tag) -> bool {
        self.element(tag).is_some()
    }

    /// The element stands in the data set with nothing in it but padding.
    pub fn is_blank(&self, tag: Tag) -> bool {
        let blank = |element: &Element<'_>| match element.bytes() {
            Some(bytes) => {
                is_text(element.vr) && bytes.iter().copied().all(is_padding) || bytes.is_empty()
            }
            None => element.is_empty(),
        };
        self.element(tag).is_some_and(blank)
    }

    /// The values as words without padding; numbers of a binary VR in decimal. None for an element
    /// that is absent, a sequence or bulk data.
    pub fn words(&self, tag: Tag) -> Vec<Cow<'d, str>> {
        let Some((element, bytes)) = self.bytes(tag) else {
            return Vec::new();
        };
        let numbers = self.binary(element.vr, bytes);
        if !numbers.is_empty() {
            return numbers
                .iter()
                .map(|number| Cow::Owned(number.to_string()))
                .collect();
        }
        if !is_text(element.vr) {
            return Vec::new();
        }
        let values = self.charsets.values(element.vr, bytes).into_iter();
        let trimmed = values.map(|value| match value {
            Cow::Borrowed(text) => Cow::Borrowed(trim(text)),
            Cow::Owned(text) => Cow::Owned(trim(&text).to_owned()),
        });
        trimmed.filter(|value| !value.is_empty()).collect()
    }

    /// The first value as a word, or the empty string.
    pub fn word(&self, tag: Tag) -> Cow<'d, str> {
        self.words(tag).into_iter().next().unwrap_or_default()
    }

    /// The values that are finite numbers, of a binary or a text VR.
    pub fn numbers(&self, tag: Tag) -> Vec<f64> {
        let Some((element, bytes)) = self.bytes(tag) else {
            return Vec::new();
        };
        let mut numbers = self.binary(element.vr, bytes);
        if numbers.is_empty() && is_text(element.vr) {
            let decimals = self.words(tag);
            numbers.extend(decimals.iter().filter_map(|word| word.parse::<f64>().ok()));
        }
        numbers.retain(|number| number.is_finite());
        numbers
    }

    /// The first number.
    pub fn number(&self, tag: Tag) -> Option<f64> {
        self.numbers(tag).first().copied()
    }

    /// The items of a sequence; none if it is absent or not a sequence.
    pub fn items(&self, tag: Tag) -> impl Iterator<Item = Self> + use<'d, 'a> {
        let items: &'d [DataSet<'a>] = self
            .element(tag)
            .and_then(Element::items)
            .unwrap_or_default();
        let (charsets, endian) = (self.charsets.clone(), self.endian);
        items.iter().map(move |item| Self {
            data: item,
            meta: None,
            charsets: Charsets::of(item, Some(&charsets)),
            endian,
        })
    }

    fn bytes(&self, tag: Tag) -> Option<(&'d Element<'a>, &'d [u8])> {
        let element = self.element(tag)?;
        let bytes = element.bytes()?;
        Some((element, &bytes[..bytes.len().min(MOST_BYTES)]))
    }

    /// The numbers of a binary VR; nothing for the others.
    fn binary(&self, vr: VR, bytes: &[u8]) -> Vec<f64> {
        match vr {
            VR::US => self.each(bytes, |b: [u8; 2]| f64::from(u16::from_le_bytes(b))),
            VR::SS => self.each(bytes, |b: [u8; 2]| f64::from(i16::from_le_bytes(b))),
            VR::UL => self.each(bytes, |b: [u8; 4]| f64::from(u32::from_le_bytes(b))),
            VR::SL => self.each(bytes, |b: [u8; 4]| f64::from(i32::from_le_bytes(b))),
            VR::FL => self.each(bytes, |b: [u8; 4]| f64::from(f32::from_le_bytes(b))),
            VR::FD => self.each(bytes, f64::from_le_bytes),
            _ => Vec::new(),
        }
    }

    fn each<const N: usize>(&self, bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        let read = |chunk: &[u8]| {
            let mut little = [0_u8; N];
            little.copy_from_slice(chunk);
            if self.endian == Endian::Big {
                little.reverse();
            }
            number(little)
        };
        bytes.chunks_exact(N).map(read).collect()
    }
}

/// A VR of characters (PS3.5 6.2).
fn is_text(vr: VR) -> bool {
    vr == VR::UI || crate::vr::padding(vr) == b' '
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace())
}

const fn is_padding(byte: u8) -> bool {
    matches!(byte, b' ' | 0 | b'\\' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: Tag = Tag(0x0028, 0x0010);

    #[test]
    fn words_and_numbers_are_read_whatever_the_vr() {
        let see = |element: Element<'static>, uid: &str| {
            let data = DataSet::from_elements(vec![element]);
            let header = Header::new(&data, &Syntax::from_uid(uid));
            let words: Vec<String> = header.words(TAG).iter().map(ToString::to_string).collect();
            (words.join("|"), header.numbers(TAG), header.is_blank(TAG))
        };
        let little = |element| see(element, Syntax::EXPLICIT_LE);
        let word = |text: &str| text.to_owned();
        assert_eq!(
            little(Element::new(TAG, VR::US, vec![0, 2, 9])),
            (word("512"), vec![512.0], false)
        );
        let big = see(Element::new(TAG, VR::US, vec![2, 0]), Syntax::EXPLICIT_BE);
        assert_eq!(big.1, [512.0]);
        assert_eq!(
            little(Element::text(TAG, VR::IS, " 512 \\x\\")),
            (word("512|x"), vec![512.0], false)
        );
        assert_eq!(little(Element::text(TAG, VR::DS, "nan\\inf")).1, [0.0; 0]);
        assert_eq!(
            little(Element::text(TAG, VR::LO, "  ")),
            (word(""), vec![], true)
        );
        assert!(little(Element::new(TAG, VR::OW, vec![1, 2])).0.is_empty());
    }

    #[test]
    fn items_inherit_the_character_set() {
        let latin = Element::text(Tag(0x0008, 0x0005), VR::CS, "ISO_IR 100");
        let word = Element::new(Tag(0x0008, 0x0104), VR::LO, vec![b'K', 0xF6, b'p', b'f']);
        let item = DataSet::from_elements(vec![word]);
        let sequence = Element::sequence(Tag(0x0008, 0x2218), vec![item]);
        let data = DataSet::from_elements(vec![latin, sequence]);
        let header = Header::new(&data, &Syntax::from_uid(Syntax::EXPLICIT_LE));
        let items: Vec<_> = header.items(Tag(0x0008, 0x2218)).collect();
        assert_eq!(items[0].word(Tag(0x0008, 0x0104)), "K\u{F6}pf");
        assert_eq!(header.items(TAG).count(), 0);
    }
}
