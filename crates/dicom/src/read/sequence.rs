//! Sequences of items (PS3.5 7.5), of defined and of undefined length, with the delimiters that
//! are missing, superfluous or wrong in real files.

use dicom_core::{Tag, VR};

use super::header::delimiter_endian;
use super::header::{
    DELIMITERS, Encoding, Header, ITEM, ITEM_END, SEQUENCE_END, Stated, UNDEFINED, tag_at, u32_at,
};
use super::parse::{Care, Holder, Parser, Scope};
use crate::ReadError;
use crate::dictionary;
use crate::model::{Element, Items, LengthForm, Mend, Value};
use crate::vr;

impl<'d> Parser<'d> {
    /// An element of undefined length: a sequence, encapsulated pixel data, or bytes up to a
    /// delimiter.
    pub(super) fn undefined(
        &mut self,
        head: &Header,
        vr: VR,
        at: usize,
        end: usize,
        encoding: Encoding,
        scope: &Scope,
    ) -> Result<(Element<'d>, usize), ReadError> {
        let start = head.value_at(at);
        let tag = head.tag;
        if matches!(vr, VR::OB | VR::OW) {
            let (fragments, next) = self.fragments(tag, start, end)?;
            let value = Value::Fragments(fragments);
            // Where no VR was written the dictionary's OW is that of native samples (PS3.5 A.4).
            let is_words = head.vr == Stated::Known(VR::OW);
            let vr = if is_words { VR::OW } else { VR::OB };
            return Ok((Element { tag, vr, value }, next));
        }
        if matches!(vr, VR::SQ | VR::UN) || self.is_delimiter(start) {
            let encoding = self.encoding_of_items(head, start, end, encoding);
            let (items, next) =
                self.items(start, end, encoding, scope, LengthForm::Undefined, tag)?;
            return Ok((
                Element {
                    tag,
                    vr: VR::SQ,
                    value: Value::Items(items),
                },
                next,
            ));
        }
        self.mend(Mend::Delimiters, Some(tag), at)?;
        let Some(to) = self.sequence_end_after(start).filter(|to| *to < end) else {
            return Err(ReadError::Malformed {
                tag,
                offset: at,
                what: "undefined length",
            });
        };
        let value = self.bytes(vr, start, to);
        Ok((Element { tag, vr, value }, to + 8))
    }

    /// A sequence of defined length. `None` if its content is not items, or for a value that only
    /// may be a sequence, if it does not parse without mending. What the dictionary says is a sequence
    /// is mended as one whatever VR was written, as Implicit VR would have it read.
    pub(super) fn defined(
        &mut self,
        head: &Header,
        vr: VR,
        (start, end): (usize, usize),
        encoding: Encoding,
        scope: &Scope,
    ) -> Result<Option<(Element<'d>, usize)>, ReadError> {
        let mut encoding = encoding;
        if vr != VR::SQ || head.vr == Stated::Known(VR::UN) {
            let probed = self.probe(head, (start, end), encoding, scope);
            if probed.is_some() || !dictionary::is_sequence(head.tag) {
                return Ok(probed);
            }
            encoding = self.encoding_of_items(head, start, end, encoding);
        }
        if start < end && !self.is_delimiter(start) {
            self.mend(Mend::WrongVr, Some(head.tag), start)?;
            return Ok(None);
        }
        let (items, next) =
            self.items(start, end, encoding, scope, LengthForm::Defined, head.tag)?;
        let value = Value::Items(items);
        Ok(Some((
            Element {
                tag: head.tag,
                vr: VR::SQ,
                value,
            },
            next,
        )))
    }

    /// Items from `start` up to `end` or, with undefined length, the delimiter.
    pub(super) fn items(
        &mut self,
        start: usize,
        end: usize,
        encoding: Encoding,
        scope: &Scope,
        length: LengthForm,
        tag: Tag,
    ) -> Result<(Items<'d>, usize), ReadError> {
        let depth = scope.depth + 1;
        if depth > self.max_depth {
            return Err(ReadError::Limit("nesting of sequences"));
        }
        let mut items = Items {
            items: Vec::new(),
            length,
        };
        let mut at = start;
        while at < end {
            let Some(next) = self.delimiter_at(at, end) else {
                if self.care == Care::Mend && length == LengthForm::Defined {
                    at = self.stray(&mut items, at, end, encoding, scope)?;
                    continue;
                }
                self.mend(Mend::Delimiters, Some(tag), at)?;
                return Ok((items, at));
            };
            match next.0 {
                ITEM => {
                    self.tally()?;
                    let scope = Scope { depth, ..*scope };
                    let (item, next) = self.item(next.1, at + 8, end, encoding, scope, length)?;
                    items.items.push(item);
                    at = next;
                }
                SEQUENCE_END if length == LengthForm::Undefined => {
                    if next.1 != 0 {
                        self.mend(Mend::Delimiters, Some(tag), at)?;
                    }
                    return Ok((items, at + 8));
                }
                _ => {
                    self.mend(Mend::Delimiters, Some(tag), at)?;
                    at += 8;
                }
            }
        }
        if length == LengthForm::Undefined {
            self.mend(Mend::Delimiters, Some(tag), at)?;
        }
        Ok((items, at))
    }

    fn item(
        &mut self,
        length: u32,
        start: usize,
        limit: usize,
        encoding: Encoding,
        scope: Scope,
        around: LengthForm,
    ) -> Result<(crate::DataSet<'d>, usize), ReadError> {
        if length == UNDEFINED {
            let scope = Scope {
                holder: Holder::Item(LengthForm::Undefined, around),
                ..scope
            };
            return self.data_set(start, limit, encoding, scope, Vec::new());
        }
        let mut end = start.saturating_add(length as usize);
        if end > limit {
            self.mend(Mend::WrongLength, Some(ITEM), start)?;
            end = limit;
        }
        let scope = Scope {
            holder: Holder::Item(LengthForm::Defined, around),
            ..scope
        };
        self.data_set(start, end, encoding, scope, Vec::new())
    }

    /// Elements that stand between two items: the item before them was longer than it said.
    fn stray(
        &mut self,
        items: &mut Items<'d>,
        at: usize,
        end: usize,
        encoding: Encoding,
        scope: &Scope,
    ) -> Result<usize, ReadError> {
        self.mend(Mend::WrongLength, None, at)?;
        let fits = Header::read(self.data, at, end, encoding)
            .is_some_and(|head| head.end(at).is_none_or(|end_of| end_of <= end));
        let Some(mut item) = items.items.pop().filter(|_| fits) else {
            return Ok(end);
        };
        let holder = Holder::Item(LengthForm::Defined, items.length);
        let scope = Scope {
            holder,
            depth: scope.depth + 1,
            ..*scope
        };
        let before = std::mem::take(item.elements_mut());
        let (item, next) = self.data_set(at, end, encoding, scope, before)?;
        items.items.push(item);
        // A head was there, so at least its bytes were passed.
        Ok(next.max(at + 1))
    }

    /// The delimiter or item at a place, and its length.
    pub(super) fn delimiter_at(&self, at: usize, end: usize) -> Option<(Tag, u32)> {
        if end.saturating_sub(at) < 8 || !self.is_delimiter(at) {
            return None;
        }
        let endian = delimiter_endian(self.data, at);
        Some((
            tag_at(self.data, at, endian)?,
            u32_at(self.data, at + 4, endian)?,
        ))
    }

    /// An item or a delimiter stands at a place, in either byte order.
    pub(super) fn is_delimiter(&self, at: usize) -> bool {
        let tag = tag_at(self.data, at, delimiter_endian(self.data, at));
        matches!(tag, Some(ITEM | ITEM_END | SEQUENCE_END))
    }

    /// Where the next sequence delimiter of length 0 stands, at `start` or later. What was found
    /// is remembered, so that many searches cost no more than one pass over the input.
    pub(super) fn sequence_end_after(&mut self, start: usize) -> Option<usize> {
        const LITTLE: [u8; 8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
        const BIG: [u8; 8] = [0xFF, 0xFE, 0xE0, 0xDD, 0, 0, 0, 0];
        let (from, found) = self.sequence_end;
        if start < from || start > found {
            let bytes = self.data.get(start..)?;
            let place = bytes
                .windows(8)
                .position(|window| window == LITTLE || window == BIG);
            self.sequence_end = (start, place.map_or(usize::MAX, |place| start + place));
        }
        Some(self.sequence_end.1).filter(|found| *found != usize::MAX)
    }

    /// How the items of a sequence are encoded. Those of UN are in Implicit VR Little Endian
    /// (PS3.5 6.2.2), unless the first element shows that its writer did not know.
    pub(super) fn encoding_of_items(
        &self,
        head: &Header,
        start: usize,
        end: usize,
        encoding: Encoding,
    ) -> Encoding {
        if matches!(head.vr, Stated::Known(vr) if vr != VR::UN) {
            return encoding;
        }
        let (inside, length) = (start + 8, self.delimiter_at(start, end).map(|next| next.1));
        let is_inside = length.is_some_and(|length| length >= 8) && inside + 8 <= end;
        let endian = delimiter_endian(self.data, start);
        let implicit = Encoding {
            endian,
            ..Encoding::IMPLICIT_LE
        };
        if !is_inside || tag_at(self.data, inside, endian).is_none_or(|tag| tag.0 == DELIMITERS) {
            return implicit;
        }
        let letters = self
            .data
            .get(inside + 4..inside + 6)
            .and_then(|two| two.try_into().ok());
        let explicit = Encoding {
            endian,
            ..Encoding::EXPLICIT_LE
        };
        let Some(known) = letters.and_then(vr::from_letters) else {
            return implicit;
        };
        let as_explicit = Header::read(self.data, inside, end, explicit);
        let as_implicit = u32_at(self.data, inside + 4, endian).map(|length| length as usize);
        let fits_implicit = as_implicit.is_some_and(|length| length <= end - inside - 8);
        let is_explicit = as_explicit.is_some_and(|head| {
            !head.mended
                && head.vr == Stated::Known(known)
                && head.end(inside).is_none_or(|e| e <= end)
        });
        if is_explicit && !fits_implicit {
            explicit
        } else {
            implicit
        }
    }
}
