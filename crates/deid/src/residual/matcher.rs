//! [`Matcher`]: many needles in one pass, after Wu and Manber (1994), with ASCII case folded.
//!
//! Objects have their own needles, so the tables are built once per object and must cost next to
//! nothing: one table of 4,096 bytes says how far the window may jump, given the two bytes at its
//! end; where it may not jump, the hash of the window says which needles to compare. Objects that
//! refer to thousands of instances have thousands of UIDs with one beginning, so the window of a
//! number lies at its end.

use zeroize::Zeroize;

const TABLE: usize = 4096;
const NONE: u32 = u32::MAX;
/// Fewest bytes of a needle.
const MIN_NEEDLE: usize = 3;
/// The widest window: longer ones hardly jump further, the table fills instead.
const MAX_WINDOW: usize = 12;

/// How the bytes of a needle spell its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// ASCII, which every character set of the standard begins with.
    Ascii,
    /// UTF-16 of ASCII text without the outermost zero, so that both byte orders agree.
    WideAscii,
    /// Text beyond ASCII in one of the character sets.
    Foreign,
    /// The two-byte codes of ISO 2022 IR 87, which are printable ASCII after an escape.
    Escaped,
    /// Base64 or hexadecimal of the text.
    Transport,
    /// Bytes the caller gave.
    Raw,
}

/// Which end of a needle tells it best from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Words.
    Head,
    /// Numbers and UIDs, which often begin alike.
    Tail,
}

/// One byte string to look for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needle {
    start: usize,
    len: usize,
    /// Where the window lies in it, once the tables are filled.
    skip: usize,
    anchor: Anchor,
    /// The next needle whose window has the same hash.
    next: u32,
    /// The identifier it spells: an index into the entries of the search set.
    pub(super) entry: u32,
    /// How.
    pub(super) form: Form,
}

impl Needle {
    /// Bytes of the needle.
    pub(super) const fn len(&self) -> usize {
        self.len
    }
}

/// The needles and their tables. The bytes are wiped on drop.
pub(super) struct Matcher {
    arena: Vec<u8>,
    needles: Vec<Needle>,
    jump: Box<[u8; TABLE]>,
    buckets: Vec<u32>,
    window: usize,
}

impl Drop for Matcher {
    fn drop(&mut self) {
        self.arena.zeroize();
    }
}

impl Default for Matcher {
    fn default() -> Self {
        Self {
            arena: Vec::new(),
            needles: Vec::new(),
            jump: Box::new([0; TABLE]),
            buckets: Vec::new(),
            window: 0,
        }
    }
}

impl Matcher {
    /// Adds a needle. `false` if it is too short to be looked for.
    pub(super) fn push(&mut self, bytes: &[u8], entry: u32, form: Form, anchor: Anchor) -> bool {
        if bytes.len() < MIN_NEEDLE {
            return false;
        }
        let (start, len) = (self.arena.len(), bytes.len());
        self.arena.extend(bytes.iter().map(u8::to_ascii_lowercase));
        self.needles.push(Needle {
            start,
            len,
            skip: 0,
            anchor,
            next: NONE,
            entry,
            form,
        });
        true
    }

    /// Fills the tables. Call once, after the last needle.
    pub(super) fn prepare(&mut self) {
        let Some(shortest) = self.needles.iter().map(Needle::len).min() else {
            return;
        };
        self.window = shortest.min(MAX_WINDOW);
        self.jump.fill((self.window - 1) as u8);
        self.buckets = vec![NONE; (2 * self.needles.len()).next_power_of_two().max(64)];
        for id in 0..self.needles.len() {
            let needle = &mut self.needles[id];
            if needle.anchor == Anchor::Tail {
                needle.skip = needle.len - self.window;
            }
            let start = needle.start + needle.skip;
            let window = &self.arena[start..start + self.window];
            for (at, pair) in window.windows(2).enumerate() {
                let slot = &mut self.jump[slot(pair[0], pair[1])];
                *slot = (*slot).min((self.window - 2 - at) as u8);
            }
            let bucket = hash(window) & (self.buckets.len() - 1);
            needle.next = self.buckets[bucket];
            self.buckets[bucket] = id as u32;
        }
    }

    /// Calls `found` with each needle and its offset, until it answers `false`.
    pub(super) fn find(&self, hay: &[u8], mut found: impl FnMut(&Needle, usize) -> bool) {
        if self.needles.is_empty() {
            return;
        }
        let mut at = self.window - 1;
        while at < hay.len() {
            let jump = usize::from(self.jump[slot(hay[at - 1], hay[at])]);
            if jump > 0 {
                at += jump;
                continue;
            }
            let begin = at + 1 - self.window;
            let bucket = hash(&hay[begin..=at]) & (self.buckets.len() - 1);
            let mut id = self.buckets[bucket];
            while let Some(needle) = self.needles.get(id as usize) {
                let start = begin.checked_sub(needle.skip);
                if let Some(start) = start.filter(|start| self.matches(needle, &hay[*start..]))
                    && !found(needle, start)
                {
                    return;
                }
                id = needle.next;
            }
            at += 1;
        }
    }

    fn matches(&self, needle: &Needle, hay: &[u8]) -> bool {
        let bytes = self.bytes(needle);
        hay.get(..bytes.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(bytes))
    }

    /// The folded bytes of a needle.
    pub(super) fn bytes(&self, needle: &Needle) -> &[u8] {
        &self.arena[needle.start..needle.start + needle.len]
    }

    /// How many byte strings are looked for.
    pub(super) fn len(&self) -> usize {
        self.needles.len()
    }
}

/// A hash of a window that is the same for letters of both cases.
fn hash(window: &[u8]) -> usize {
    let sum = window.iter().fold(0_u32, |sum, byte| {
        sum.wrapping_add(u32::from(byte | 0x20))
            .wrapping_mul(0x9E37_79B1)
    });
    (sum ^ (sum >> 15)) as usize
}

/// The slot of two bytes. Letters of both cases fall together; what else does costs a comparison.
fn slot(a: u8, b: u8) -> usize {
    (usize::from(a | 0x20) ^ (usize::from(b | 0x20) << 4)) & (TABLE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(needles: &[&str]) -> Matcher {
        let mut matcher = Matcher::default();
        for (at, needle) in needles.iter().enumerate() {
            let anchor = if at % 2 == 0 {
                Anchor::Head
            } else {
                Anchor::Tail
            };
            assert!(matcher.push(needle.as_bytes(), at as u32, Form::Ascii, anchor));
        }
        matcher.prepare();
        matcher
    }

    fn found(matcher: &Matcher, hay: &[u8]) -> Vec<(u32, usize)> {
        let mut all = Vec::new();
        matcher.find(hay, |needle, at| {
            all.push((needle.entry, at));
            true
        });
        all
    }

    #[test]
    fn every_needle_is_found_at_every_place_and_in_any_case() {
        let matcher = matcher(&["crowhurst", "row", "hur"]);
        assert_eq!(found(&matcher, b"..CrowHURST."), [(0, 2), (1, 3), (2, 6)]);
        assert_eq!(found(&matcher, b"row"), [(1, 0)]);
        assert_eq!(found(&matcher, b"ro"), []);
        assert_eq!(found(&matcher, b""), []);
    }

    #[test]
    fn needles_shorter_than_three_bytes_are_refused() {
        let mut matcher = Matcher::default();
        assert!(!matcher.push(b"li", 0, Form::Ascii, Anchor::Head));
        matcher.prepare();
        assert_eq!(found(&matcher, b"li li"), []);
    }

    proptest::proptest! {
        #[test]
        fn it_agrees_with_a_naive_search(
            needles in proptest::collection::vec("[a-cA-C]{3,6}", 1..6),
            hay in "[a-cA-C]{0,60}",
        ) {
            let needles: Vec<&str> = needles.iter().map(String::as_str).collect();
            let mut got = found(&matcher(&needles), hay.as_bytes());
            let low = hay.to_lowercase();
            let mut want = Vec::new();
            for (id, needle) in needles.iter().enumerate() {
                let needle = needle.to_lowercase();
                for at in 0..low.len() {
                    if low[at..].starts_with(&needle) {
                        want.push((id as u32, at));
                    }
                }
            }
            got.sort_unstable();
            want.sort_unstable();
            proptest::prop_assert_eq!(got, want);
        }
    }
}
