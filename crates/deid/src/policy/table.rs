//! [`RuleTable`]: the rules by tag, found with one multiplication and usually one comparison.

use dicom_core::Tag;

use super::rule::Rule;

/// A hash table of rules with open addressing, at most half full, never changed once built.
#[derive(Debug, Clone)]
pub(super) struct RuleTable {
    rules: Vec<(Tag, Rule)>,
    /// Places in `rules`, or [`FREE`]. The length is a power of two.
    slots: Vec<u16>,
    shift: u32,
}

const FREE: u16 = u16::MAX;

impl RuleTable {
    /// A table of these rules; of two rules for one tag the later one counts. At most 65,534 rules.
    pub(super) fn new(mut rules: Vec<(Tag, Rule)>) -> Self {
        rules.reverse();
        rules.sort_by_key(|(tag, _)| *tag);
        rules.dedup_by_key(|(tag, _)| *tag);
        let size = (rules.len() * 2).next_power_of_two().max(16);
        let mut table = Self {
            slots: vec![FREE; size],
            shift: 32 - size.trailing_zeros(),
            rules: Vec::new(),
        };
        for (place, (tag, _)) in rules.iter().enumerate() {
            let mut slot = table.first(*tag);
            while table.slots[slot] != FREE {
                slot = (slot + 1) & (size - 1);
            }
            table.slots[slot] = place as u16;
        }
        table.rules = rules;
        table
    }

    /// The rule of a tag.
    pub(super) fn get(&self, tag: Tag) -> Option<Rule> {
        let mut slot = self.first(tag);
        loop {
            let (found, rule) = self.rules.get(usize::from(self.slots[slot]))?;
            if *found == tag {
                return Some(*rule);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn first(&self, tag: Tag) -> usize {
        let key = u32::from(tag.0) << 16 | u32::from(tag.1);
        (key.wrapping_mul(0x9E37_79B1) >> self.shift) as usize
    }
}
