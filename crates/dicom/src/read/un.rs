//! Values that do not say that they are sequences: UN of defined length (PS3.5 6.2.2), private
//! elements of Implicit VR and sequences of the standard under another VR. Each is read as items, and
//! stays bytes if that does not work out.

use dicom_core::VR;

use super::header::{Encoding, Header, ITEM, Stated};
use super::parse::{Care, Parser, Scope};
use crate::dictionary;
use crate::model::{Element, LengthForm, Value};

impl<'d> Parser<'d> {
    /// The value begins as an item does, and its VR or the dictionary says that it may be one.
    pub(super) fn may_be_items(&self, head: &Header, vr: VR, (start, end): (usize, usize)) -> bool {
        let is_open = || vr == VR::UN || matches!(head.vr, Stated::Unknown);
        self.delimiter_at(start, end)
            .is_some_and(|next| next.0 == ITEM)
            && (is_open() || dictionary::is_sequence(head.tag))
    }

    /// Reads a value as items, without mending anything. `None` if that does not work out.
    ///
    /// Attempts share a budget of bytes, so that values nested in values cannot make the time
    /// more than linear in the size of the input.
    pub(super) fn probe(
        &mut self,
        head: &Header,
        (start, end): (usize, usize),
        encoding: Encoding,
        scope: &Scope,
    ) -> Option<(Element<'d>, usize)> {
        if start < end && !self.is_delimiter(start) {
            return None;
        }
        let cost = (end - start).max(1);
        let own = self.encoding_of_items(head, start, end, encoding);
        let other = if own == encoding {
            Encoding::EXPLICIT_LE
        } else {
            encoding
        };
        for attempt in [own, other] {
            self.budget = self.budget.checked_sub(cost)?;
            let (count, mends, care) = (self.count, self.mends.len(), self.care);
            self.care = Care::Refuse;
            let length = LengthForm::Defined;
            let result = self.items(start, end, attempt, scope, length, head.tag);
            self.care = care;
            match result {
                Ok((items, next)) if next == end => {
                    let value = Value::Items(items);
                    return Some((
                        Element {
                            tag: head.tag,
                            vr: VR::SQ,
                            value,
                        },
                        end,
                    ));
                }
                _ => {
                    self.count = count;
                    self.mends.truncate(mends);
                }
            }
        }
        None
    }
}
