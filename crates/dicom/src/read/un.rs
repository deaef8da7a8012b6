//! Values that do not say that they are sequences: UN of defined length (PS3.5 6.2.2), private
//! elements of Implicit VR and sequences of the standard under another VR. Each is read as items, and
//! stays bytes if that does not work out.

use dicom_core::{Tag, VR};

use super::header::{Encoding, Header, ITEM, Vrs, delimiter_endian, tag_at};
use super::parse::{Care, Parser, Scope};
use crate::dictionary;
use crate::model::{Element, LengthForm, Value};

impl<'d> Parser<'d> {
    /// The value begins as an item does, and nothing is known of its attribute or the standard says that
    /// it is a sequence.
    pub(super) fn may_be_items(&self, tag: Tag, vr: VR, (start, end): (usize, usize)) -> bool {
        let begins = |least: usize| {
            let tag = tag_at(self.data, start, delimiter_endian(self.data, start));
            end - start >= least && tag == Some(ITEM)
        };
        (vr == VR::UN && begins(8)) || (begins(4) && dictionary::is_sequence(tag))
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
        // What the bytes are held for depends on them alone, not on what is around them.
        let other = Encoding {
            vr: match own.vr {
                Vrs::Explicit => Vrs::Implicit,
                Vrs::Implicit => Vrs::Explicit,
            },
            ..own
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
