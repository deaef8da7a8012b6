//! The data set: one element after the other, in one pass, borrowing from the input.

use std::borrow::Cow;

use dicom_core::{Tag, VR};
use obscura_core::Limits;

use super::detect::encoding_of_command;
use super::header::{
    DELIMITERS, Encoding, Header, ITEM, ITEM_END, SEQUENCE_END, Stated, UNDEFINED, Vrs, u16_at,
};
use crate::dictionary::{self, Context, PIXEL_DATA, Written};
use crate::model::{DataSet, Element, LengthForm, Mend, Value};
use crate::syntax::Endian;
use crate::{ReadError, vr};

/// Nesting beyond which no limit may go, as each level takes stack.
const DEEPEST: usize = 200;
/// How often, on average, each byte may be looked at by attempts to read values as sequences.
const PROBES: usize = 16;

const ROWS: Tag = Tag(0x0028, 0x0010);

/// What holds the elements that are being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// The object itself: it ends with the input.
    Root,
    /// An item of this form, in a sequence of this form.
    Item(LengthForm, LengthForm),
}

/// Where the elements that are being read stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub(super) holder: Holder,
    pub(super) depth: usize,
    pub(super) context: Context,
}

impl Scope {
    pub(super) const ROOT: Self = Self {
        holder: Holder::Root,
        depth: 0,
        context: Context {
            signed: false,
            bits_allocated: 0,
            waveform_bits: 0,
            single_entry_lut: false,
        },
    };
}

/// Whether departures from the standard are mended, or end the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    Mend,
    Refuse,
}

/// The state of one pass over a data set.
pub(super) struct Parser<'d> {
    pub(super) data: &'d [u8],
    /// The byte order of the object, in which all values are kept.
    endian: Endian,
    /// The object says VRs, so that one that stands at an element outlives this reading.
    pub(super) explicit: bool,
    pub(super) max_depth: usize,
    max_elements: usize,
    pub(super) count: usize,
    pub(super) mends: Vec<Mend>,
    /// The transfer syntax asks for encapsulated pixel data.
    pub(super) encapsulated: bool,
    pub(super) care: Care,
    /// The object has Rows, so that it is not whole without pixel data.
    pub(super) wants_pixels: bool,
    /// Bytes that attempts to read values as sequences may still look at.
    pub(super) budget: usize,
    /// From where a sequence delimiter was searched last, and where the next one stands.
    pub(super) sequence_end: (usize, usize),
}

/// What comes next in a data set.
pub(super) enum Next {
    Element(Header),
    Skip(usize),
    End(usize),
}

/// Notes a mend once.
pub(super) fn note(mends: &mut Vec<Mend>, mend: Mend) {
    if !mends.contains(&mend) {
        mends.push(mend);
    }
}

impl<'d> Parser<'d> {
    pub(super) fn new(data: &'d [u8], endian: Endian, limits: &Limits) -> Self {
        Self {
            data,
            endian,
            explicit: true,
            max_depth: limits.max_depth.min(DEEPEST),
            max_elements: limits.max_elements,
            count: 0,
            mends: Vec::new(),
            encapsulated: false,
            care: Care::Mend,
            wants_pixels: false,
            budget: data.len().saturating_mul(PROBES),
            sequence_end: (usize::MAX, 0),
        }
    }

    /// Parses the whole object. Returns it and where it ends.
    pub(super) fn root(&mut self, encoding: Encoding) -> Result<(DataSet<'d>, usize), ReadError> {
        let elements = Vec::with_capacity((self.data.len() / 16).min(128));
        self.data_set(0, self.data.len(), encoding, Scope::ROOT, elements)
    }

    /// Parses elements up to `end`, a delimiter or the end of the object; adds them to `elements`.
    /// Returns the data set and where the next thing begins: that can be after `end` where a length
    /// was wrong, and is before the delimiter that belongs to the sequence around.
    pub(super) fn data_set(
        &mut self,
        start: usize,
        end: usize,
        encoding: Encoding,
        mut scope: Scope,
        mut elements: Vec<Element<'d>>,
    ) -> Result<(DataSet<'d>, usize), ReadError> {
        let mut at = start;
        let mut last = elements.last().map(|element| element.tag);
        let (mut is_ordered, mut is_open) = (true, true);
        while at < end {
            // Command elements stand first, if any do.
            let encoding = match (scope.holder, last) {
                (Holder::Root, None | Some(Tag(0, _))) => {
                    encoding_of_command(self.data, at, encoding)
                }
                _ => encoding,
            };
            let head = match self.next(at, end, encoding, scope, last)? {
                Next::Element(head) => head,
                Next::Skip(next) => {
                    at = next;
                    continue;
                }
                Next::End(next) => {
                    at = next;
                    is_open = false;
                    break;
                }
            };
            let (element, next) = self.element(&head, at, end, encoding, &scope)?;
            at = next;
            if head.tag.1 == 0 {
                continue;
            }
            if last.is_some_and(|last| head.tag <= last) {
                self.disorder(&element, &elements);
                is_ordered = false;
            }
            last = last.max(Some(head.tag));
            self.wants_pixels |= head.tag == ROWS && scope.holder == Holder::Root;
            scope
                .context
                .note(head.tag, || u16_at(element.bytes()?, 0, self.endian));
            elements.push(element);
        }
        if is_open && matches!(scope.holder, Holder::Item(LengthForm::Undefined, _)) {
            self.mend(Mend::Delimiters, last, at)?;
        }
        let data = DataSet::from_read(elements, is_ordered, scope.holder.length());
        Ok((data, at))
    }

    /// Disorder says nothing against a sequence: attempts do not end at it.
    fn disorder(&mut self, new: &Element<'_>, before: &[Element<'_>]) {
        let is_repeated = before.last().is_some_and(|last| last.tag == new.tag);
        note(
            &mut self.mends,
            if is_repeated {
                Mend::RepeatedTag
            } else {
                Mend::Order
            },
        );
    }

    /// Decides what stands at `at`: an element, something to pass over, or the end.
    fn next(
        &mut self,
        at: usize,
        end: usize,
        encoding: Encoding,
        scope: Scope,
        last: Option<Tag>,
    ) -> Result<Next, ReadError> {
        let Some(head) = Header::read(self.data, at, end, encoding) else {
            return self.rest(at, end, encoding, scope, last);
        };
        if head.tag.0 == DELIMITERS {
            return self.delimiter(&head, at, scope);
        }
        if scope.holder == Holder::Root && self.is_after_end(&head, at, last) {
            if let Some(next) = self.resumption(at, encoding, last) {
                self.mend(Mend::WrongLength, last, at)?;
                return Ok(Next::Skip(next));
            }
            return self.rest(at, end, encoding, scope, last);
        }
        Ok(Next::Element(head))
    }

    fn delimiter(&mut self, head: &Header, at: usize, scope: Scope) -> Result<Next, ReadError> {
        let after = at + head.size;
        if let (ITEM_END, Holder::Item(LengthForm::Undefined, _)) = (head.tag, scope.holder) {
            if head.length != 0 {
                self.mend(Mend::Delimiters, Some(head.tag), at)?;
            }
            return Ok(Next::End(after));
        }
        self.mend(Mend::Delimiters, Some(head.tag), at)?;
        let belongs_outside = match scope.holder {
            Holder::Root => false,
            Holder::Item(LengthForm::Undefined, _) => matches!(head.tag, ITEM | SEQUENCE_END),
            Holder::Item(LengthForm::Defined, LengthForm::Undefined) => {
                matches!(head.tag, ITEM | SEQUENCE_END)
            }
            Holder::Item(LengthForm::Defined, LengthForm::Defined) => head.tag == ITEM,
        };
        Ok(if belongs_outside {
            Next::End(at)
        } else {
            Next::Skip(after)
        })
    }

    /// Reads the element of a head that stands at `at`. Returns it and where the next one begins.
    pub(super) fn element(
        &mut self,
        head: &Header,
        at: usize,
        end: usize,
        encoding: Encoding,
        scope: &Scope,
    ) -> Result<(Element<'d>, usize), ReadError> {
        self.tally()?;
        if head.mended {
            self.mend(Mend::WrongVr, Some(head.tag), at)?;
        }
        let vr = self.vr(head, scope.context, encoding);
        if head.length == UNDEFINED {
            return self.undefined(head, vr, at, end, encoding, scope);
        }
        let value = head.value_at(at);
        if head.tag == PIXEL_DATA && self.encapsulated {
            // In an item something else follows: what the value says it holds must begin as one.
            let claimed = value.saturating_add(head.length as usize);
            let is_bound = scope.holder != Holder::Root && claimed <= self.data.len();
            if self.is_item(value, if is_bound { claimed } else { end }) {
                return self.fragments_whatever_length(
                    head,
                    value,
                    end.max(claimed.min(self.data.len())),
                );
            }
        }
        let Some(next) = self.value_end(head, at, end, scope)? else {
            self.mend(Mend::ShortPixelData, Some(head.tag), at)?;
            let value = self.value(head.tag, vr, value, self.data.len(), encoding);
            return Ok((
                Element {
                    tag: head.tag,
                    vr,
                    value,
                },
                self.data.len(),
            ));
        };
        let mut vr = vr;
        if vr == VR::SQ || self.may_be_items(head.tag, vr, (value, next)) {
            if let Some(items) = self.defined(head, vr, (value, next), encoding, scope)? {
                return Ok(items);
            }
            // Bytes that are no items have the VR that UN would be read as.
            vr = dictionary::vr_of(head.tag, scope.context, Written::Explicit)
                .filter(|vr| *vr != VR::SQ)
                .unwrap_or(VR::UN);
        }
        let value = self.value(head.tag, vr, value, next, encoding);
        let tag = head.tag;
        Ok((Element { tag, vr, value }, next))
    }

    /// Counts an element, an item or a fragment.
    pub(super) fn tally(&mut self) -> Result<(), ReadError> {
        self.count += 1;
        if self.count > self.max_elements {
            return Err(ReadError::Limit("elements"));
        }
        Ok(())
    }

    /// The VR that counts: what is written, or what the dictionary says where nothing is. An object in
    /// Implicit VR is read as it will be read when it is written again: without the VRs that single
    /// elements of it state.
    fn vr(&self, head: &Header, context: Context, encoding: Encoding) -> VR {
        let written = match (head.vr, encoding.vr) {
            _ if !self.explicit => Written::Implicit,
            (Stated::Known(VR::UN) | Stated::Unknown, _) | (Stated::Nothing, Vrs::Explicit) => {
                Written::Explicit
            }
            (Stated::Known(vr), _) => return vr,
            (Stated::Nothing, Vrs::Implicit) => Written::Implicit,
        };
        dictionary::vr_of(head.tag, context, written).unwrap_or(VR::UN)
    }

    /// Where a value of defined length really ends; `None` for pixel data that the input cuts off.
    fn value_end(
        &mut self,
        head: &Header,
        at: usize,
        end: usize,
        scope: &Scope,
    ) -> Result<Option<usize>, ReadError> {
        let claimed = head.value_at(at).saturating_add(head.length as usize);
        if claimed <= end {
            return Ok(Some(claimed));
        }
        let total = self.data.len();
        let is_sequence = self.vr(head, scope.context, Encoding::IMPLICIT_LE) == VR::SQ;
        if claimed <= total && scope.holder != Holder::Root {
            self.mend(Mend::WrongLength, Some(head.tag), at)?;
            let goes_on = super::header::tag_at(self.data, claimed, self.endian)
                .is_none_or(|tag| tag.0 == DELIMITERS || tag > head.tag);
            return Ok(Some(if goes_on { claimed } else { end }));
        }
        if is_sequence {
            self.mend(Mend::WrongLength, Some(head.tag), at)?;
            return Ok(Some(end));
        }
        let is_pixel_data = matches!(head.tag, Tag(0x7FE0, 0x0008..=0x0010));
        if is_pixel_data && scope.holder == Holder::Root {
            return Ok(None);
        }
        Err(ReadError::Truncated {
            tag: head.tag,
            offset: at,
        })
    }

    /// The bytes of a value, in the byte order of the object.
    fn value(&mut self, tag: Tag, vr: VR, from: usize, to: usize, encoding: Encoding) -> Value<'d> {
        let is_foreign = encoding.endian != self.endian && tag.0 != 0;
        if is_foreign && vr::number_width(vr) > 1 {
            let bytes = self.data.get(from..to).unwrap_or_default();
            return Value::Bytes(Cow::Owned(vr::swapped(bytes, vr)));
        }
        self.bytes(vr, from, to)
    }

    /// The bytes of a value as they are, padded to even length.
    pub(super) fn bytes(&mut self, vr: VR, from: usize, to: usize) -> Value<'d> {
        Value::Bytes(self.padded(from, to, vr::padding(vr)))
    }

    /// Bytes as they are, padded to even length.
    pub(super) fn padded(&mut self, from: usize, to: usize, padding: u8) -> Cow<'d, [u8]> {
        let bytes = self.data.get(from..to).unwrap_or_default();
        if bytes.len().is_multiple_of(2) {
            return Cow::Borrowed(bytes);
        }
        note(&mut self.mends, Mend::OddLength);
        let mut padded = Vec::with_capacity(bytes.len() + 1);
        padded.extend_from_slice(bytes);
        padded.push(padding);
        Cow::Owned(padded)
    }

    /// Notes a mend, or ends an attempt that must not mend.
    pub(super) fn mend(
        &mut self,
        mend: Mend,
        tag: Option<Tag>,
        offset: usize,
    ) -> Result<(), ReadError> {
        if self.care == Care::Refuse {
            let tag = tag.unwrap_or(Tag(0, 0));
            return Err(ReadError::Malformed {
                tag,
                offset,
                what: "not a sequence of items",
            });
        }
        note(&mut self.mends, mend);
        Ok(())
    }
}

impl Holder {
    const fn length(self) -> LengthForm {
        match self {
            Self::Root => LengthForm::Defined,
            Self::Item(length, _) => length,
        }
    }
}
