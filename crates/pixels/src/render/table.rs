//! [`Table`]: a lookup table of the Modality LUT and VOI LUT modules (PS3.3 C.11.1.1, C.11.2.1.1).

use obscura_dicom::Tag;

use super::attributes::Attributes;

const LUT_DESCRIPTOR: Tag = Tag(0x0028, 0x3002);
const LUT_DATA: Tag = Tag(0x0028, 0x3006);

/// A lookup table: an entry for each input from `first` on, inputs beyond its ends take the end's.
#[derive(Debug, PartialEq)]
pub(super) struct Table {
    first: f64,
    entries: Vec<u16>,
    /// Bits of an entry, 1 to 16: the output range is `0..=2^bits - 1`.
    bits: u32,
}

impl Table {
    /// Reads the table of one item of a Modality LUT or VOI LUT Sequence; `None` if it has no
    /// entries or no descriptor.
    ///
    /// `inputs` are the least and the greatest value that can come in. They decide what the
    /// standard leaves to the VR of the descriptor, which implicit VR does not write: whether the
    /// first mapped value is signed.
    pub(super) fn read(item: Attributes<'_, '_>, inputs: (f64, f64)) -> Option<Self> {
        let descriptor = item.words(LUT_DESCRIPTOR);
        let [count, first, bits, ..] = descriptor[..] else {
            return None;
        };
        let count = entry_count(count);
        let entries = entries(item, count)?;
        let signed = item.is_signed(LUT_DESCRIPTOR)
            || (f64::from(first) > inputs.1 && f64::from(first as i16) >= inputs.0);
        let first = if signed {
            f64::from(first as i16)
        } else {
            f64::from(first)
        };
        let needed = 16
            - entries
                .iter()
                .fold(0, |all, entry| all | entry)
                .leading_zeros();
        let bits = if (1..=16).contains(&bits) {
            u32::from(bits)
        } else {
            0
        };
        // A descriptor that promises fewer bits than its entries have is wrong.
        Some(Self {
            first,
            entries,
            bits: bits.max(needed).max(1),
        })
    }

    /// The entry of an input.
    pub(super) fn entry(&self, input: f64) -> u16 {
        // The cast saturates: NaN and everything below the table is its first entry.
        let at = (input - self.first).round() as usize;
        self.entries[at.min(self.entries.len() - 1)]
    }

    /// The least and the greatest entry for inputs from `low` to `high`.
    pub(super) fn range(&self, low: f64, high: f64) -> (f64, f64) {
        let last = self.entries.len() - 1;
        let at = |input: f64| ((input - self.first).round() as usize).min(last);
        let met = &self.entries[at(low)..=at(high).max(at(low))];
        let bound = |entry: Option<&u16>| f64::from(entry.copied().unwrap_or_default());
        (bound(met.iter().min()), bound(met.iter().max()))
    }

    /// The greatest output the table's bits allow.
    pub(super) fn full_scale(&self) -> f64 {
        f64::from((1_u32 << self.bits) - 1)
    }
}

/// The number of entries: 0 stands for 65,536.
pub(super) const fn entry_count(descriptor: u16) -> usize {
    if descriptor == 0 {
        65_536
    } else {
        descriptor as usize
    }
}

/// Entries of 16 bits, or of 8 where the value has too few bytes for words.
fn entries(item: Attributes<'_, '_>, count: usize) -> Option<Vec<u16>> {
    let mut entries = item.words(LUT_DATA);
    if entries.len() < count {
        let bytes = item.packed_bytes(LUT_DATA);
        if bytes.len() >= count {
            entries = bytes.into_iter().map(u16::from).collect();
        }
    }
    entries.truncate(count);
    (!entries.is_empty()).then_some(entries)
}

#[cfg(test)]
mod tests {
    use obscura_dicom::{DataSet, Element, Endian, VR};

    use super::*;

    fn table(vr: VR, descriptor: [u16; 3], data: Vec<u8>, inputs: (f64, f64)) -> Option<Table> {
        let descriptor: Vec<u8> = descriptor.into_iter().flat_map(u16::to_le_bytes).collect();
        let item = DataSet::from_elements(vec![
            Element::new(LUT_DESCRIPTOR, vr, descriptor),
            Element::new(LUT_DATA, VR::OW, data),
        ]);
        Table::read(Attributes::new(&item, Endian::Little), inputs)
    }

    #[test]
    fn inputs_beyond_the_ends_take_the_ends() {
        // PS3.3 C.11.1.1.1: "all ... values less than the first value mapped are also mapped to
        // the first entry".
        let table = table(VR::US, [2, 10, 8], vec![7, 0, 9, 0], (0.0, 255.0)).unwrap();
        let entries: Vec<u16> = [f64::NAN, -5.0, 10.0, 11.0, 400.0]
            .map(|x| table.entry(x))
            .into();
        assert_eq!(entries, [7, 7, 7, 9, 9]);
    }

    #[test]
    fn entries_of_eight_bits_are_unpacked() {
        let table = table(VR::US, [4, 0, 8], vec![1, 2, 3, 4], (0.0, 255.0)).unwrap();
        assert_eq!((table.entry(1.0), table.full_scale()), (2, 255.0));
    }

    #[test]
    fn the_first_mapped_value_is_signed_where_only_that_can_be_met() {
        let first = |vr, inputs| table(vr, [1, 0xFC00, 8], vec![0, 0], inputs).unwrap().first;
        assert_eq!(
            first(VR::SS, (0.0, 65_535.0)).to_bits(),
            (-1024.0_f64).to_bits()
        );
        assert_eq!(
            first(VR::US, (-2048.0, 2047.0)).to_bits(),
            (-1024.0_f64).to_bits()
        );
        assert_eq!(
            first(VR::US, (0.0, 65_535.0)).to_bits(),
            64_512.0_f64.to_bits()
        );
    }

    #[test]
    fn wrong_bits_are_widened_to_what_the_entries_need() {
        let bits = |bits, data| table(VR::US, [2, 0, bits], data, (0.0, 1.0)).unwrap().bits;
        assert_eq!(bits(0, vec![0, 0, 0xFF, 0x0F]), 12);
        assert_eq!(bits(8, vec![0, 0, 0xFF, 0x0F]), 12);
        assert_eq!(bits(99, vec![0, 0, 0, 0]), 1);
        assert_eq!(bits(16, vec![0, 0, 1, 0]), 16);
    }

    #[test]
    fn a_table_without_entries_is_none() {
        assert!(table(VR::US, [0, 0, 16], vec![], (0.0, 1.0)).is_none());
    }
}
