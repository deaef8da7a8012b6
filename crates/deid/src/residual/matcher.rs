//! [`Matcher`]: many needles in one pass, after Wu and Manber (1994), with ASCII case folded.
//!
//! Objects have their own needles, so the tables are built once per object and must cost next to
//! nothing: one table of 4,096 bytes says how far the window may jump, given the two bytes at its
//! end; where it may not jump, a chain of candidates is compared.

use zeroize::Zeroize;

const TABLE: usize = 4096;
const NONE: u16 = u16::MAX;
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

/// One byte string to look for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needle {
    start: u32,
    len: u16,
    next: u16,
    /// The identifier it spells: an index into the entries of the search set.
    pub(super) entry: u16,
    /// How.
    pub(super) form: Form,
}

impl Needle {
    /// Bytes of the needle.
    pub(super) const fn len(&self) -> usize {
        self.len as usize
    }
}

/// The needles and their tables. The bytes are wiped on drop.
pub(super) struct Matcher {
    arena: Vec<u8>,
    needles: Vec<Needle>,
    jump: Box<[u8; TABLE]>,
    first: Box<[u16; TABLE]>,
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
            first: Box::new([NONE; TABLE]),
            window: 0,
        }
    }
}

impl Matcher {
    /// Adds a needle. `false` if it is too short or too long to be looked for, or one too many.
    pub(super) fn push(&mut self, bytes: &[u8], entry: u16, form: Form) -> bool {
        let (Ok(len), Ok(start)) = (u16::try_from(bytes.len()), u32::try_from(self.arena.len()))
        else {
            return false;
        };
        if len < 3 || self.needles.len() >= usize::from(NONE) {
            return false;
        }
        self.arena.extend(bytes.iter().map(u8::to_ascii_lowercase));
        self.needles.push(Needle {
            start,
            len,
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
        let furthest = self.window - 1;
        self.jump.fill(furthest as u8);
        for id in 0..self.needles.len() {
            let start = self.needles[id].start as usize;
            let head = &self.arena[start..start + self.window];
            for (at, pair) in head.windows(2).enumerate() {
                let slot = &mut self.jump[slot(pair[0], pair[1])];
                *slot = (*slot).min((self.window - 2 - at) as u8);
            }
            let last = slot(head[self.window - 2], head[self.window - 1]);
            self.needles[id].next = self.first[last];
            self.first[last] = id as u16;
        }
    }

    /// Calls `found` with each needle and its offset, until it answers `false`.
    pub(super) fn find(&self, hay: &[u8], mut found: impl FnMut(&Needle, usize) -> bool) {
        if self.needles.is_empty() {
            return;
        }
        let mut at = self.window - 1;
        while at < hay.len() {
            let slot = slot(hay[at - 1], hay[at]);
            let jump = usize::from(self.jump[slot]);
            if jump > 0 {
                at += jump;
                continue;
            }
            let begin = at + 1 - self.window;
            let mut id = self.first[slot];
            while let Some(needle) = self.needles.get(usize::from(id)) {
                if self.matches(needle, &hay[begin..]) && !found(needle, begin) {
                    return;
                }
                id = needle.next;
            }
            at += 1;
        }
    }

    fn matches(&self, needle: &Needle, hay: &[u8]) -> bool {
        let start = needle.start as usize;
        let bytes = &self.arena[start..start + needle.len()];
        hay.get(..bytes.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(bytes))
    }

    /// The folded bytes of a needle.
    pub(super) fn bytes(&self, needle: &Needle) -> &[u8] {
        let start = needle.start as usize;
        &self.arena[start..start + needle.len()]
    }

    /// How many byte strings are looked for.
    pub(super) fn len(&self) -> usize {
        self.needles.len()
    }
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
            assert!(matcher.push(needle.as_bytes(), at as u16, Form::Ascii));
        }
        matcher.prepare();
        matcher
    }

    fn found(matcher: &Matcher, hay: &[u8]) -> Vec<(u16, usize)> {
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
        assert!(!matcher.push(b"li", 0, Form::Ascii));
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
                        want.push((id as u16, at));
                    }
                }
            }
            got.sort_unstable();
            want.sort_unstable();
            proptest::prop_assert_eq!(got, want);
        }
    }
}
