//! [`Matcher`]: many needles in one pass, with ASCII case folded.
//!
//! Objects have their own needles, so the tables are built once per object and must cost next to
//! nothing. Every needle has a window as wide as the shortest needle. Three bytes are looked at
//! in every so many that each place of a window holds one look; a table says at which places of
//! some window these three bytes stand, and only there the hash of the window says which needles
//! to compare. Looks do not depend on one another, which is what makes them fast.
//!
//! Objects that refer to thousands of instances have thousands of UIDs with one beginning, so the
//! window of a number lies at its end. Needles of three and four bytes would narrow the window of
//! all others, so they have a table and a pass of their own.

use obscura_text::Strength;
use zeroize::Zeroize;

const NONE: u32 = u32::MAX;
/// Fewest bytes of a needle.
const MIN_NEEDLE: usize = 3;
/// From this many bytes on a needle is looked for with the others of its kind.
const LONG_NEEDLE: usize = 5;
/// Bytes of one look.
const LOOK: usize = 3;
/// The widest window: its places must fit the bits of a byte.
const MAX_WINDOW: usize = LOOK + 7;

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
    start: usize,
    len: usize,
    /// Where the window lies in it, once the tables are filled.
    skip: usize,
    /// The next needle whose window has the same hash.
    next: u32,
    /// The identifier it spells: an index into the entries of the search set.
    pub(super) entry: u32,
    /// How.
    pub(super) form: Form,
    strength: Strength,
}

impl Needle {
    /// Bytes of the needle.
    pub(super) const fn len(&self) -> usize {
        self.len
    }
}

/// The needles and their tables. The bytes are wiped on drop.
#[derive(Default)]
pub(super) struct Matcher {
    arena: Vec<u8>,
    needles: Vec<Needle>,
    short: Option<Table>,
    long: Option<Table>,
}

impl Drop for Matcher {
    fn drop(&mut self) {
        self.arena.zeroize();
    }
}

impl Matcher {
    /// Adds a needle. `false` if it is too short to be looked for.
    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        entry: u32,
        form: Form,
        strength: Strength,
    ) -> bool {
        if bytes.len() < MIN_NEEDLE {
            return false;
        }
        let (start, len) = (self.arena.len(), bytes.len());
        self.arena.extend(bytes.iter().map(u8::to_ascii_lowercase));
        self.needles.push(Needle {
            start,
            len,
            skip: 0,
            next: NONE,
            entry,
            form,
            strength,
        });
        true
    }

    /// Fills the tables. Call once, after the last needle.
    pub(super) fn prepare(&mut self) {
        self.short = Table::of(&self.arena, &mut self.needles, MIN_NEEDLE..LONG_NEEDLE);
        self.long = Table::of(&self.arena, &mut self.needles, LONG_NEEDLE..usize::MAX);
    }

    /// Calls `found` with each needle and its offset, until it answers `false`.
    pub(super) fn find(&self, hay: &[u8], mut found: impl FnMut(&Needle, usize) -> bool) {
        if let Some(table) = &self.long {
            self.find_with(table, hay, &mut found);
        }
        if let Some(table) = &self.short {
            self.find_with(table, hay, &mut found);
        }
    }

    fn find_with(&self, table: &Table, hay: &[u8], found: &mut impl FnMut(&Needle, usize) -> bool) {
        let stride = table.stride();
        let mut at = 0;
        // Four bytes are loaded at once, of which three count; the last look has no fourth.
        while let Some(four) = hay.get(at..at + 4) {
            let places = table.places[slot([four[0], four[1], four[2], four[3]])];
            if places != 0 && !self.look(table, hay, at, places, found) {
                return;
            }
            at += stride;
        }
        if let Some(&[a, b, c]) = hay.get(at..) {
            self.look(table, hay, at, table.places[slot([a, b, c, 0])], found);
        }
    }

    /// Compares where windows may begin whose `places` hold the look at `at`; `false` when the
    /// search is over.
    fn look(
        &self,
        table: &Table,
        hay: &[u8],
        at: usize,
        mut places: u8,
        found: &mut impl FnMut(&Needle, usize) -> bool,
    ) -> bool {
        while places != 0 {
            let begin = at.checked_sub(places.trailing_zeros() as usize);
            places &= places - 1;
            if begin.is_some_and(|begin| !self.compare(table, hay, begin, found)) {
                return false;
            }
        }
        true
    }

    /// Compares the needles whose window may stand at `begin`; `false` when the search is over.
    fn compare(
        &self,
        table: &Table,
        hay: &[u8],
        begin: usize,
        found: &mut impl FnMut(&Needle, usize) -> bool,
    ) -> bool {
        let Some(window) = hay.get(begin..begin + table.window) else {
            return true;
        };
        let mut id = table.buckets[table.bucket(window)];
        while let Some(needle) = self.needles.get(id as usize) {
            let start = begin.checked_sub(needle.skip);
            if let Some(start) = start.filter(|start| self.matches(needle, &hay[*start..]))
                && !found(needle, start)
            {
                return false;
            }
            id = needle.next;
        }
        true
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

/// Where in a window three bytes stand, and the needles by their window.
struct Table {
    window: usize,
    places: Box<[u8; SLOTS]>,
    buckets: Vec<u32>,
}

const SLOT_BITS: u32 = 14;
const SLOTS: usize = 1 << SLOT_BITS;

impl Table {
    /// The table of the needles with these lengths; `None` if there are none.
    fn of(arena: &[u8], needles: &mut [Needle], lengths: std::ops::Range<usize>) -> Option<Self> {
        let chosen = needles
            .iter()
            .map(Needle::len)
            .filter(|len| lengths.contains(len));
        let (count, shortest) =
            chosen.fold((0, usize::MAX), |(n, least), len| (n + 1, least.min(len)));
        if count == 0 {
            return None;
        }
        let window = shortest.min(MAX_WINDOW);
        let buckets = (2_usize * count).next_power_of_two().max(64);
        let mut table = Self {
            window,
            places: Box::new([0; SLOTS]),
            buckets: vec![NONE; buckets],
        };
        for id in 0..needles.len() {
            if lengths.contains(&needles[id].len) {
                table.insert(arena, needles, id);
            }
        }
        Some(table)
    }

    /// How far looks lie apart.
    const fn stride(&self) -> usize {
        self.window + 1 - LOOK
    }

    fn insert(&mut self, arena: &[u8], needles: &mut [Needle], id: usize) {
        let Needle {
            start,
            len,
            strength,
            ..
        } = needles[id];
        let bytes = &arena[start..start + len];
        // The end of a number, the beginning of a word tells it best from others.
        let number = bytes.last().is_some_and(u8::is_ascii_digit);
        let skip = if number { len - self.window } else { 0 };
        let window = &bytes[skip..skip + self.window];
        let bucket = self.bucket(window);
        let mut other = self.buckets[bucket];
        while let Some(needle) = needles.get(other as usize) {
            let same = &arena[needle.start..needle.start + needle.len] == bytes;
            if same && needle.strength == strength {
                return;
            }
            other = needle.next;
        }
        for (place, look) in window.windows(LOOK).enumerate() {
            self.places[slot([look[0], look[1], look[2], 0])] |= 1 << place;
        }
        needles[id].skip = skip;
        needles[id].next = self.buckets[bucket];
        self.buckets[bucket] = id as u32;
    }

    /// The bucket of a window, the same for letters of both cases.
    fn bucket(&self, window: &[u8]) -> usize {
        let sum = window.iter().fold(0_u32, |sum, byte| {
            sum.wrapping_add(u32::from(byte | 0x20))
                .wrapping_mul(0x9E37_79B1)
        });
        (sum ^ (sum >> 15)) as usize & (self.buckets.len() - 1)
    }
}

/// The slot of the first three bytes. Letters of both cases fall together; what else does costs a
/// comparison.
fn slot(four: [u8; 4]) -> usize {
    let three = (u32::from_le_bytes(four) | 0x0020_2020) & 0x00FF_FFFF;
    (three.wrapping_mul(0x9E37_79B1) >> (32 - SLOT_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(needles: &[&str]) -> Matcher {
        let mut matcher = Matcher::default();
        for (at, needle) in needles.iter().enumerate() {
            assert!(matcher.push(needle.as_bytes(), at as u32, Form::Ascii, Strength::Strong));
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
        for shift in 0..20 {
            let hay = [&vec![b'.'; shift], b"crowhurst".as_slice()].concat();
            assert_eq!(found(&matcher, &hay)[0], (0, shift));
        }
        assert_eq!(found(&matcher, b"row"), [(1, 0)]);
        assert_eq!(found(&matcher, b"ro"), []);
        assert_eq!(found(&matcher, b""), []);
    }

    #[test]
    fn needles_shorter_than_three_bytes_are_refused() {
        let mut matcher = Matcher::default();
        assert!(!matcher.push(b"li", 0, Form::Ascii, Strength::Strong));
        matcher.prepare();
        assert_eq!(found(&matcher, b"li li"), []);
    }

    proptest::proptest! {
        #[test]
        fn it_agrees_with_a_naive_search(
            needles in proptest::collection::btree_set("[a-b1-2]{3,7}", 1..6),
            hay in "[a-bA-B1-2]{0,60}",
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
