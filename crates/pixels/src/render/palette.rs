//! [`Palette`]: the Palette Color Lookup Table module (PS3.3 C.7.9), plain and segmented.

use obscura_dicom::Tag;

use super::attributes::Attributes;
use super::segmented::{Unit, expand};
use super::table::entry_count;

const DESCRIPTORS: [Tag; 3] = [
    Tag(0x0028, 0x1101),
    Tag(0x0028, 0x1102),
    Tag(0x0028, 0x1103),
];
const DATA: [Tag; 3] = [
    Tag(0x0028, 0x1201),
    Tag(0x0028, 0x1202),
    Tag(0x0028, 0x1203),
];
const SEGMENTED: [Tag; 3] = [
    Tag(0x0028, 0x1221),
    Tag(0x0028, 0x1222),
    Tag(0x0028, 0x1223),
];

/// Colours of 8 bits a channel, for each stored value from `first` on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Palette {
    first: i64,
    colours: Vec<[u8; 3]>,
}

/// Whether stored values, and so the first one mapped, can be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Unsigned,
    Signed,
}

/// The entries of one channel, and the bits they have.
struct Channel {
    entries: Vec<u16>,
    /// 8, or more for words.
    bits: u16,
}

impl Palette {
    /// Reads the palette; `None` if a channel is missing or empty.
    pub(crate) fn read(data: Attributes<'_, '_>, sign: Sign) -> Option<Self> {
        let descriptor = data.words(DESCRIPTORS[0]);
        let [_, first, ..] = descriptor[..] else {
            return None;
        };
        let signed = sign == Sign::Signed || data.is_signed(DESCRIPTORS[0]);
        let first = if signed {
            i64::from(first as i16)
        } else {
            i64::from(first)
        };
        let channels = [channel(data, 0)?, channel(data, 1)?, channel(data, 2)?];
        let shift = shift(&channels);
        let count = channels.iter().map(|channel| channel.entries.len()).max()?;
        let [red, green, blue] = channels.map(|channel| channel.entries);
        let entry = |entries: &[u16], at: usize| {
            // A channel that is too short goes on with its last entry.
            (entries[at.min(entries.len() - 1)] >> shift).min(255) as u8
        };
        let colours = (0..count)
            .map(|at| [entry(&red, at), entry(&green, at), entry(&blue, at)])
            .collect();
        Some(Self { first, colours })
    }

    /// The colour of a stored value: values beyond the ends take the end's (C.7.6.3.1.5).
    pub(crate) fn colour(&self, stored: i64) -> [u8; 3] {
        let at = usize::try_from(stored.saturating_sub(self.first)).unwrap_or(0);
        self.colours[at.min(self.colours.len() - 1)]
    }

    /// Whether a Supplemental Palette gives this value its colour (C.7.6.19): those from the first
    /// one mapped on. Values under it are shades of gray.
    pub(super) fn covers(&self, stored: i64) -> bool {
        stored >= self.first
    }
}

/// Bits to drop for 8 a channel.
///
/// Descriptors of the field are wrong in two ways that a picture shows: they say 8 for words that
/// fill 16 bits, and 16 for words of which none passes 255 (a palette that would be all black).
fn shift(channels: &[Channel; 3]) -> u16 {
    let greatest = channels
        .iter()
        .flat_map(|channel| &channel.entries)
        .max()
        .copied()
        .unwrap_or_default();
    let declared = channels
        .iter()
        .map(|channel| channel.bits)
        .max()
        .unwrap_or(16);
    if greatest <= 255 {
        0
    } else if declared <= 8 || greatest >= 1 << declared.min(15) {
        8
    } else {
        declared - 8
    }
}

fn channel(data: Attributes<'_, '_>, at: usize) -> Option<Channel> {
    let descriptor = data.words(DESCRIPTORS[at]);
    let [count, _, bits, ..] = descriptor[..] else {
        return None;
    };
    let bits = if (8..=16).contains(&bits) { bits } else { 16 };
    let channel = if data.has(DATA[at]) {
        plain(data, DATA[at], entry_count(count), bits)
    } else {
        segmented(data, SEGMENTED[at], count, bits)
    };
    (!channel.entries.is_empty()).then_some(channel)
}

/// Entries in words, or in bytes where the value is too short for words.
fn plain(data: Attributes<'_, '_>, tag: Tag, count: usize, bits: u16) -> Channel {
    let mut words = data.words(tag);
    if words.len() < count && (bits == 8 || words.len() * 2 >= count) {
        let bytes = data.packed_bytes(tag);
        words = bytes.into_iter().map(u16::from).collect();
        words.truncate(count);
        return Channel {
            entries: words,
            bits: 8,
        };
    }
    words.truncate(count);
    Channel {
        entries: words,
        bits,
    }
}

fn segmented(data: Attributes<'_, '_>, tag: Tag, count: u16, bits: u16) -> Channel {
    if bits == 8 {
        let bytes: Vec<u16> = data.packed_bytes(tag).into_iter().map(u16::from).collect();
        return Channel {
            entries: expand(&bytes, Unit::Byte, count),
            bits,
        };
    }
    Channel {
        entries: expand(&data.words(tag), Unit::Word, count),
        bits,
    }
}

#[cfg(test)]
mod tests {
    use obscura_dicom::{DataSet, Element, Endian, VR};

    use super::*;

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn palette(descriptor: [u16; 3], data: &[u8], tags: [Tag; 3], sign: Sign) -> Option<Palette> {
        let mut elements = Vec::new();
        for (at, tag) in tags.into_iter().enumerate() {
            elements.push(Element::new(DESCRIPTORS[at], VR::US, words(&descriptor)));
            elements.push(Element::new(tag, VR::OW, data.to_vec()));
        }
        let data = DataSet::from_elements(elements);
        Palette::read(Attributes::new(&data, Endian::Little), sign)
    }

    #[test]
    fn values_beyond_the_ends_take_the_ends_and_the_first_can_be_negative() {
        let data = words(&[0x0100, 0x0200, 0xFF00]);
        let palette = palette([3, 0xFFFF, 16], &data, DATA, Sign::Signed).unwrap();
        assert_eq!(
            [-9, -1, 0, 1, 9].map(|v| palette.colour(v)[0]),
            [1, 1, 2, 255, 255]
        );
        assert!(!palette.covers(-2) && palette.covers(-1));
    }

    #[test]
    fn entries_of_any_depth_and_packing_become_eight_bits() {
        let second = |bits, data: &[u8]| {
            palette([2, 0, bits], data, DATA, Sign::Unsigned)
                .unwrap()
                .colour(1)[2]
        };
        assert_eq!(second(16, &words(&[0, 0xABCD])), 0xAB);
        assert_eq!(second(12, &words(&[0, 0x0ABC])), 0xAB);
        assert_eq!(second(8, &words(&[0, 0xAB])), 0xAB);
        assert_eq!(second(8, &words(&[0, 0xABAB])), 0xAB);
        assert_eq!(second(16, &words(&[0, 0xAB])), 0xAB);
        assert_eq!(second(8, &[0, 0xAB]), 0xAB);
        assert_eq!(second(77, &words(&[0, 0xABCD])), 0xAB);
        assert_eq!(second(10, &words(&[0, 0xFFFF])), 0xFF);
    }

    #[test]
    fn a_descriptor_of_zero_entries_means_65536() {
        let data: Vec<u16> = (0..=u16::MAX).collect();
        let palette = palette([0, 0, 16], &words(&data), DATA, Sign::Unsigned).unwrap();
        assert_eq!(palette.colour(0x8001), [0x80; 3]);
        assert_eq!(palette.colour(70_000), [0xFF; 3]);
    }

    #[test]
    fn segmented_tables_are_expanded() {
        let data = words(&[0, 1, 0, 1, 255, 0xFF00]);
        let palette = palette([256, 0, 16], &data, SEGMENTED, Sign::Unsigned).unwrap();
        assert_eq!(
            (palette.colour(0), palette.colour(128), palette.colour(255)),
            ([0; 3], [128; 3], [255; 3])
        );
        let bytes = [0, 1, 0, 1, 255, 255];
        let palette =
            super::tests::palette([256, 0, 8], &bytes, SEGMENTED, Sign::Unsigned).unwrap();
        assert_eq!(palette.colour(77), [77; 3]);
    }

    #[test]
    fn a_palette_without_entries_is_none() {
        assert!(palette([256, 0, 16], &[], DATA, Sign::Unsigned).is_none());
        assert!(palette([256, 0, 16], &[1], SEGMENTED, Sign::Unsigned).is_none());
    }
}
