//! The VR of an attribute (PS3.6), with those that depend on other attributes (PS3.5 annex A).

use std::sync::atomic::{AtomicU32, Ordering};

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

/// Pixel Data.
pub(crate) const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

/// What earlier elements of a data set, or of those around it, say about later ones.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Context {
    /// Pixel Representation (0028,0103) is 1.
    pub(crate) signed: bool,
    /// Bits Allocated (0028,0100), 0 if not stated.
    pub(crate) bits_allocated: u16,
    /// Waveform Bits Allocated (5400,1004), 0 if not stated.
    pub(crate) waveform_bits: u16,
    /// The number of entries of LUT Descriptor (0028,3002) is 1.
    pub(crate) single_entry_lut: bool,
}

/// How the element itself was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// Without a VR, in Implicit VR.
    Implicit,
    /// With a VR that says nothing (UN or unknown).
    Explicit,
}

impl Context {
    /// Takes note of an element that later ones depend on. `number` reads the first 16 bits.
    pub(crate) fn note(&mut self, tag: Tag, number: impl FnOnce() -> Option<u16>) {
        match tag {
            Tag(0x0028, 0x0100) => self.bits_allocated = number().unwrap_or(0),
            Tag(0x0028, 0x0103) => self.signed = number() == Some(1),
            Tag(0x0028, 0x3002) => self.single_entry_lut = number() == Some(1),
            Tag(0x5400, 0x1004) => self.waveform_bits = number().unwrap_or(0),
            _ => {}
        }
    }
}

/// The group is private (PS3.5 7.8).
pub(crate) const fn is_private(tag: Tag) -> bool {
    tag.0 % 2 == 1
}

/// Attributes that were found in the dictionary, each at its place: objects hold the same few hundred
/// again and again, and the dictionary is slow to ask.
static KNOWN: [AtomicU32; KNOWN_PLACES] = [const { AtomicU32::new(0) }; KNOWN_PLACES];
const KNOWN_BITS: u32 = 11;
const KNOWN_PLACES: usize = 1 << KNOWN_BITS;

/// Whether the attribute is one of the standard's (PS3.6).
pub fn is_standard(tag: Tag) -> bool {
    if is_private(tag) {
        return false;
    }
    let number = u32::from(tag.0) << 16 | u32::from(tag.1);
    let place = (number.wrapping_mul(0x9E37_79B1) >> (32 - KNOWN_BITS)) as usize;
    if KNOWN[place].load(Ordering::Relaxed) == number && number != 0 {
        return true;
    }
    let is_known = StandardDataDictionary.by_tag(tag).is_some();
    if is_known {
        KNOWN[place].store(number, Ordering::Relaxed);
    }
    is_known
}

/// Whether the dictionary says that the attribute is a sequence.
pub(crate) fn is_sequence(tag: Tag) -> bool {
    vr_of(tag, Context::default(), Written::Explicit) == Some(VR::SQ)
}

/// The VR of an attribute, `None` if the dictionary does not hold it.
///
/// Private creators are LO; all other private elements are unknown. What depends on context is
/// resolved as PS3.5 annex A says: in Implicit VR samples are OW, else OB up to 8 bits.
pub(crate) fn vr_of(tag: Tag, context: Context, written: Written) -> Option<VR> {
    if is_private(tag) {
        return match tag.1 {
            0 => Some(VR::UL),
            0x10..=0xFF => Some(VR::LO),
            _ => None,
        };
    }
    let words = |bits: u16| match written {
        Written::Explicit if (1..=8).contains(&bits) => VR::OB,
        _ => VR::OW,
    };
    Some(match StandardDataDictionary.by_tag(tag)?.vr() {
        VirtualVr::Exact(vr) => vr,
        VirtualVr::Xs if context.signed => VR::SS,
        VirtualVr::Xs => VR::US,
        VirtualVr::Px => words(context.bits_allocated),
        VirtualVr::Lt if context.single_entry_lut => VR::US,
        VirtualVr::Ox if tag.0 == 0x5400 => words(context.waveform_bits),
        _ => VR::OW,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_the_dictionary_says() {
        for _ in 0..2 {
            for group in [
                0x0000, 0x0008, 0x0009, 0x0010, 0x0018, 0x0028, 0x0040, 0x6002,
            ] {
                for element in 0..0x2000 {
                    let tag = Tag(group, element);
                    let stated = !is_private(tag) && StandardDataDictionary.by_tag(tag).is_some();
                    assert_eq!(is_standard(tag), stated, "{tag}");
                }
            }
        }
    }
}
