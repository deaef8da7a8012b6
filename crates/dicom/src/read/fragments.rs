//! Encapsulated pixel data (PS3.5 A.4): an offset table and fragments, each an item.

use std::borrow::Cow;

use dicom_core::{Tag, VR};

use super::header::{Header, ITEM, SEQUENCE_END, UNDEFINED};
use super::parse::Parser;
use crate::ReadError;
use crate::model::{Element, Fragments, Mend, Value};

impl<'d> Parser<'d> {
    /// Fragments from `start` up to the sequence delimiter, and where the next element begins.
    /// Of an input that ends before the delimiter what there is is kept.
    pub(super) fn fragments(
        &mut self,
        tag: Tag,
        start: usize,
        end: usize,
    ) -> Result<(Fragments<'d>, usize), ReadError> {
        let mut items = Vec::new();
        let mut at = start;
        while at < end {
            let Some((delimiter, length)) = self.delimiter_at(at, end) else {
                break;
            };
            if delimiter == SEQUENCE_END {
                return Ok((from_items(items), at + 8));
            }
            if delimiter != ITEM || length == UNDEFINED {
                self.mend(Mend::Delimiters, Some(tag), at)?;
                at += 8;
                continue;
            }
            self.tally()?;
            let (to, next) = self.fragment_end(tag, at + 8, length as usize, end)?;
            items.push(self.padded(at + 8, to, 0));
            at = next;
        }
        self.mend(Mend::Delimiters, Some(tag), at)?;
        let is_cut = end == self.data.len() && end - at.min(end) < 8;
        Ok((from_items(items), if is_cut { end } else { at }))
    }

    /// Where a fragment that begins at `from` ends, and where the next begins.
    fn fragment_end(
        &mut self,
        tag: Tag,
        from: usize,
        length: usize,
        end: usize,
    ) -> Result<(usize, usize), ReadError> {
        let to = from.saturating_add(length);
        if to == end || (to < end && self.is_delimiter(to)) {
            return Ok((to, to));
        }
        if to < end && length % 2 == 1 && self.is_delimiter(to + 1) {
            // The padding was written but not counted.
            return Ok((to, to + 1));
        }
        if let Some(to) = self.sequence_end_after(from).filter(|to| *to < end) {
            self.mend(Mend::WrongLength, Some(tag), from)?;
            return Ok((to, to));
        }
        if to < end {
            return Ok((to, to));
        }
        self.mend(Mend::ShortPixelData, Some(tag), from)?;
        Ok((end, end))
    }

    /// Encapsulated pixel data that was given a length. The items say where it ends, the length does
    /// not: taken for native samples, the comments of its frames would pass for coded data.
    pub(super) fn fragments_whatever_length(
        &mut self,
        head: &Header,
        start: usize,
        end: usize,
    ) -> Result<(Element<'d>, usize), ReadError> {
        super::parse::note(&mut self.mends, Mend::Delimiters);
        let (fragments, next) = self.fragments(head.tag, start, end)?;
        let value = Value::Fragments(fragments);
        Ok((
            Element {
                tag: head.tag,
                vr: VR::OB,
                value,
            },
            next,
        ))
    }

    /// An item begins here, in what ends at `end`.
    pub(super) fn is_item(&self, at: usize, end: usize) -> bool {
        self.delimiter_at(at, end)
            .is_some_and(|(tag, _)| tag == ITEM)
    }
}

/// The first item is the offset table, unless it plainly is a code stream.
fn from_items(mut items: Vec<Cow<'_, [u8]>>) -> Fragments<'_> {
    let has_table = items.first().is_some_and(|first| !is_code_stream(first));
    let offset_table = if has_table {
        items.remove(0)
    } else {
        Cow::Borrowed(&[][..])
    };
    Fragments {
        offset_table,
        fragments: items,
    }
}

/// JPEG and JPEG-LS (SOI), JPEG 2000 (SOC or a JP2 box) or RLE (a header of 64 bytes).
fn is_code_stream(item: &[u8]) -> bool {
    let is_rle =
        item.len() >= 64 && matches!(item[..4], [1..=15, 0, 0, 0]) && item[4..8] == [64, 0, 0, 0];
    is_rle
        || item.starts_with(&[0xFF, 0xD8, 0xFF])
        || item.starts_with(&[0xFF, 0x4F, 0xFF, 0x51])
        || item.starts_with(b"\0\0\0\x0CjP  ")
}
