//! Where an object ends: what follows its last element, and what to do where no element begins
//! although one must.

use dicom_core::Tag;

use super::header::{DELIMITERS, Encoding, Header, Stated, u16_at};
use super::parse::{Holder, Next, Parser, Scope};
use crate::ReadError;
use crate::dictionary::{self, PIXEL_DATA};
use crate::model::Mend;

impl Parser<'_> {
    /// A head that cannot be an element of this object: the object has ended before it.
    pub(super) fn is_after_end(&self, head: &Header, at: usize, last: Option<Tag>) -> bool {
        let Some(last) = last else { return false };
        let fits = head.end(at).is_none_or(|end| end <= self.data.len());
        if head.tag.0 == 0 {
            return last.0 > 0;
        }
        let is_known = is_stated(head);
        let is_in_order = head.tag > last;
        if last.0 >= PIXEL_DATA.0 {
            !fits || (!is_in_order && !is_known)
        } else {
            !fits && !is_in_order
        }
    }

    /// Where the object goes on, if the element before was a few bytes longer than it said.
    pub(super) fn resumption(
        &self,
        at: usize,
        encoding: Encoding,
        last: Option<Tag>,
    ) -> Option<usize> {
        let total = self.data.len();
        (1..=4).map(|words| at + 2 * words).find(|&place| {
            let Some(head) = Header::read(self.data, place, total, encoding) else {
                return false;
            };
            let end = head.end(place).filter(|end| *end <= total);
            let is_last = end == Some(total);
            let follows = end.and_then(|end| Header::read(self.data, end, total, encoding));
            let is_followed = follows.is_some_and(|next| next.tag > head.tag && !next.mended);
            Some(head.tag) > last
                && !head.mended
                && head.tag.0 != DELIMITERS
                && (is_last || is_followed)
        })
    }

    /// What is left at the end of a data set and is no element.
    pub(super) fn rest(
        &mut self,
        at: usize,
        end: usize,
        encoding: Encoding,
        scope: Scope,
        last: Option<Tag>,
    ) -> Result<Next, ReadError> {
        if scope.holder != Holder::Root {
            self.mend(Mend::WrongLength, last, at)?;
            // Either the item is longer than it says, or the last few bytes belong to nothing.
            let goes_on = Header::read(self.data, at, self.data.len(), encoding)
                .is_some_and(|head| !head.mended && Some(head.tag) > last && is_stated(&head));
            return Ok(Next::End(if goes_on { at } else { end }));
        }
        let rest = self.data.get(at..end).unwrap_or_default();
        let is_blank = |byte: &u8| matches!(byte, 0 | 0xFF | b' ' | b'\r' | b'\n' | b'\t' | 0x1A);
        let last = last.unwrap_or(Tag(0, 0));
        let is_after_pixels = last.0 >= PIXEL_DATA.0;
        if !is_after_pixels && !rest.iter().all(is_blank) && rest.len() < 8 {
            // Less than the head of an element, which would be the next one.
            let group = u16_at(rest, 0, encoding.endian);
            if group.is_none_or(|group| group >= last.0) {
                return Err(ReadError::Truncated {
                    tag: last,
                    offset: at,
                });
            }
        }
        if self.wants_pixels && !is_after_pixels && !rest.iter().all(is_blank) {
            // What follows is not after the end: it was the pixel data, or hides it.
            let what = "no element where one must begin";
            return Err(ReadError::Malformed {
                tag: last,
                offset: at,
                what,
            });
        }
        self.mend(Mend::Trailing, Some(last), at)?;
        Ok(Next::End(at))
    }
}

/// The head belongs to an attribute of the standard, or states one of its VRs.
fn is_stated(head: &Header) -> bool {
    matches!(head.vr, Stated::Known(_)) || dictionary::is_standard(head.tag)
}
