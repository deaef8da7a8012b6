//! [`Attributes`]: reads the numbers, words and codes that rendering needs from a data set.
//!
//! Archives hold decimal strings with a comma, numbers under the wrong VR, and tables of odd
//! length. What can be understood is read; what cannot is as if it were absent.

use obscura_dicom::{DataSet, Element, Endian, Tag, VR};

/// One data set, or one item of it, and the byte order of its binary values.
#[derive(Clone, Copy)]
pub(crate) struct Attributes<'d, 'a> {
    data: &'d DataSet<'a>,
    endian: Endian,
}

impl<'d, 'a> Attributes<'d, 'a> {
    pub(crate) const fn new(data: &'d DataSet<'a>, endian: Endian) -> Self {
        Self { data, endian }
    }

    fn element(self, tag: Tag) -> Option<&'d Element<'a>> {
        self.data.get(tag)
    }

    /// The items of a sequence; none if it is absent or not a sequence.
    pub(super) fn items(self, tag: Tag) -> impl ExactSizeIterator<Item = Self> + use<'d, 'a> {
        let items: &'d [DataSet<'a>] = self
            .element(tag)
            .and_then(Element::items)
            .unwrap_or_default();
        let endian = self.endian;
        items.iter().map(move |item| Self::new(item, endian))
    }

    /// The first item of a sequence.
    pub(super) fn item(self, tag: Tag) -> Option<Self> {
        self.items(tag).next()
    }

    pub(super) fn has(self, tag: Tag) -> bool {
        self.element(tag).is_some_and(|element| !element.is_empty())
    }

    /// The first value of a code string (CS, UI), or the empty string.
    pub(crate) fn code(self, tag: Tag) -> &'d str {
        self.data.ascii(tag).unwrap_or_default()
    }

    /// The finite numbers of an element, whatever its VR; `None` for a value that is no number.
    pub(super) fn numbers(self, tag: Tag) -> Vec<Option<f64>> {
        let Some(element) = self.element(tag) else {
            return Vec::new();
        };
        let bytes = element.bytes().unwrap_or_default();
        let numbers: Vec<Option<f64>> = match element.vr {
            VR::US => self.each(bytes, |b: [u8; 2]| f64::from(u16::from_le_bytes(b))),
            VR::SS => self.each(bytes, |b: [u8; 2]| f64::from(i16::from_le_bytes(b))),
            VR::UL => self.each(bytes, |b: [u8; 4]| f64::from(u32::from_le_bytes(b))),
            VR::SL => self.each(bytes, |b: [u8; 4]| f64::from(i32::from_le_bytes(b))),
            VR::FL | VR::OF => self.each(bytes, |b: [u8; 4]| f64::from(f32::from_le_bytes(b))),
            VR::FD | VR::OD => self.each(bytes, f64::from_le_bytes),
            _ => bytes.split(|byte| *byte == b'\\').map(decimal).collect(),
        };
        numbers
            .into_iter()
            .map(|number| number.filter(|n| n.is_finite()))
            .collect()
    }

    /// The first number of an element.
    pub(crate) fn number(self, tag: Tag) -> Option<f64> {
        self.numbers(tag).first().copied().flatten()
    }

    /// The value as 16-bit words in the byte order of the data set; a last odd byte is left out.
    pub(super) fn words(self, tag: Tag) -> Vec<u16> {
        let bytes = self
            .element(tag)
            .and_then(Element::bytes)
            .unwrap_or_default();
        let word = |pair: &[u8]| match self.endian {
            Endian::Little => u16::from_le_bytes([pair[0], pair[1]]),
            Endian::Big => u16::from_be_bytes([pair[0], pair[1]]),
        };
        bytes.chunks_exact(2).map(word).collect()
    }

    /// The value as bytes: those of an OW value in the order of the words, the low byte first
    /// (PS3.5 chapter 8, packing of 8-bit cells in 16-bit words).
    pub(super) fn packed_bytes(self, tag: Tag) -> Vec<u8> {
        let Some(element) = self.element(tag) else {
            return Vec::new();
        };
        let bytes = element.bytes().unwrap_or_default();
        if self.endian == Endian::Big && element.vr != VR::OB {
            return self
                .words(tag)
                .into_iter()
                .flat_map(u16::to_le_bytes)
                .collect();
        }
        bytes.to_vec()
    }

    /// Whether the element says of its own words that they are signed.
    pub(super) fn is_signed(self, tag: Tag) -> bool {
        self.element(tag)
            .is_some_and(|element| element.vr == VR::SS)
    }

    fn each<const N: usize>(
        self,
        bytes: &[u8],
        number: impl Fn([u8; N]) -> f64,
    ) -> Vec<Option<f64>> {
        let read = |chunk: &[u8]| {
            let mut little = [0_u8; N];
            little.copy_from_slice(chunk);
            if self.endian == Endian::Big {
                little.reverse();
            }
            Some(number(little))
        };
        bytes.chunks_exact(N).map(read).collect()
    }
}

/// A decimal string (PS3.5 6.2, DS and IS); a decimal comma is understood.
fn decimal(bytes: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(bytes)
        .ok()?
        .trim_matches([' ', '\0', '\t', '\r', '\n']);
    text.parse()
        .ok()
        .or_else(|| text.replace(',', ".").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: Tag = Tag(0x0028, 0x1050);

    fn numbers(element: Element<'_>, endian: Endian) -> Vec<Option<f64>> {
        let data = DataSet::from_elements(vec![element]);
        Attributes::new(&data, endian).numbers(TAG)
    }

    #[test]
    fn numbers_are_read_whatever_their_vr() {
        let text = |text| numbers(Element::text(TAG, VR::DS, text), Endian::Little);
        assert_eq!(
            text("40\\ +1.5E+02 \\127."),
            [Some(40.0), Some(150.0), Some(127.0)]
        );
        assert_eq!(text("40,5"), [Some(40.5)]);
        assert_eq!(text("nan\\inf\\x\\\\1e999"), [None; 5]);
        let binary = |vr, bytes: Vec<u8>| numbers(Element::new(TAG, vr, bytes), Endian::Big);
        assert_eq!(binary(VR::SS, vec![0xFF, 0xFE, 0]), [Some(-2.0)]);
        assert_eq!(
            binary(VR::FD, 0.25_f64.to_be_bytes().to_vec()),
            [Some(0.25)]
        );
    }

    #[test]
    fn bytes_packed_in_big_endian_words_come_low_byte_first() {
        let data = DataSet::from_elements(vec![Element::new(TAG, VR::OW, vec![2, 1, 4, 3])]);
        assert_eq!(
            Attributes::new(&data, Endian::Big).packed_bytes(TAG),
            [1, 2, 3, 4]
        );
        assert_eq!(
            Attributes::new(&data, Endian::Little).packed_bytes(TAG),
            [2, 1, 4, 3]
        );
        assert_eq!(
            Attributes::new(&data, Endian::Big).words(TAG),
            [0x0201, 0x0403]
        );
    }
}
