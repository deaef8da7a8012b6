//! The arithmetic coder of JPEG 2000 (ISO/IEC 15444-1 annex C): the MQ encoder.

/// A state of probability estimation (table C.2): the estimate, and the states that follow.
struct State {
    estimate: u32,
    more_probable: u8,
    less_probable: u8,
    switches: bool,
}

const fn state(estimate: u32, more_probable: u8, less_probable: u8, switch: u8) -> State {
    State {
        estimate,
        more_probable,
        less_probable,
        switches: switch == 1,
    }
}

const STATES: [State; 47] = [
    state(0x5601, 1, 1, 1),
    state(0x3401, 2, 6, 0),
    state(0x1801, 3, 9, 0),
    state(0x0AC1, 4, 12, 0),
    state(0x0521, 5, 29, 0),
    state(0x0221, 38, 33, 0),
    state(0x5601, 7, 6, 1),
    state(0x5401, 8, 14, 0),
    state(0x4801, 9, 14, 0),
    state(0x3801, 10, 14, 0),
    state(0x3001, 11, 17, 0),
    state(0x2401, 12, 18, 0),
    state(0x1C01, 13, 20, 0),
    state(0x1601, 29, 21, 0),
    state(0x5601, 15, 14, 1),
    state(0x5401, 16, 14, 0),
    state(0x5101, 17, 15, 0),
    state(0x4801, 18, 16, 0),
    state(0x3801, 19, 17, 0),
    state(0x3401, 20, 18, 0),
    state(0x3001, 21, 19, 0),
    state(0x2801, 22, 19, 0),
    state(0x2401, 23, 20, 0),
    state(0x2201, 24, 21, 0),
    state(0x1C01, 25, 22, 0),
    state(0x1801, 26, 23, 0),
    state(0x1601, 27, 24, 0),
    state(0x1401, 28, 25, 0),
    state(0x1201, 29, 26, 0),
    state(0x1101, 30, 27, 0),
    state(0x0AC1, 31, 28, 0),
    state(0x09C1, 32, 29, 0),
    state(0x08A1, 33, 30, 0),
    state(0x0521, 34, 31, 0),
    state(0x0441, 35, 32, 0),
    state(0x02A1, 36, 33, 0),
    state(0x0221, 37, 34, 0),
    state(0x0141, 38, 35, 0),
    state(0x0111, 39, 36, 0),
    state(0x0085, 40, 37, 0),
    state(0x0049, 41, 38, 0),
    state(0x0025, 42, 39, 0),
    state(0x0015, 43, 40, 0),
    state(0x0009, 44, 41, 0),
    state(0x0005, 45, 42, 0),
    state(0x0001, 45, 43, 0),
    state(0x5601, 46, 46, 0),
];

/// The contexts of one code block: their state and more probable symbol.
#[derive(Debug, Clone, Copy)]
struct Context {
    state: u8,
    symbol: u8,
}

/// Contexts of the coding passes (table D.7).
pub(super) const RUN: usize = 17;
pub(super) const UNIFORM: usize = 18;
const CONTEXTS: usize = 19;

/// The encoder of one code block.
pub(super) struct Encoder {
    contexts: [Context; CONTEXTS],
    interval: u32,
    code: u32,
    /// Bits until the next byte is put out.
    count: u32,
    /// The byte that a carry may still change, once there is one.
    last: Option<u8>,
    bytes: Vec<u8>,
}

impl Encoder {
    pub(super) const fn new() -> Self {
        let mut contexts = [Context {
            state: 0,
            symbol: 0,
        }; CONTEXTS];
        // Table D.7.
        contexts[0].state = 4;
        contexts[RUN].state = 3;
        contexts[UNIFORM].state = 46;
        Self {
            contexts,
            interval: 0x8000,
            code: 0,
            count: 12,
            last: None,
            bytes: Vec::new(),
        }
    }

    /// Codes one decision (C.2.2).
    #[inline]
    pub(super) fn put(&mut self, context: usize, symbol: u32) {
        let place = &mut self.contexts[context];
        let state = &STATES[usize::from(place.state)];
        self.interval -= state.estimate;
        if symbol == u32::from(place.symbol) {
            if self.interval & 0x8000 != 0 {
                self.code += state.estimate;
                return;
            }
            if self.interval < state.estimate {
                self.interval = state.estimate;
            } else {
                self.code += state.estimate;
            }
            place.state = state.more_probable;
        } else {
            if self.interval < state.estimate {
                self.code += state.estimate;
            } else {
                self.interval = state.estimate;
            }
            if state.switches {
                place.symbol ^= 1;
            }
            place.state = state.less_probable;
        }
        while self.interval & 0x8000 == 0 {
            self.interval <<= 1;
            self.code <<= 1;
            self.count -= 1;
            if self.count == 0 {
                self.put_byte();
            }
        }
    }

    /// BYTEOUT (C.2.7): after a byte of FF only seven bits follow.
    fn put_byte(&mut self) {
        let carries = self.code >= 0x0800_0000;
        if let Some(last) = self.last
            && last != 0xFF
            && carries
        {
            self.last = Some(last + 1);
            self.code &= 0x07FF_FFFF;
        }
        let (shift, bits) = if self.last == Some(0xFF) {
            (20, 7)
        } else {
            (19, 8)
        };
        self.bytes.extend(self.last);
        self.last = Some((self.code >> shift) as u8);
        self.code &= (1 << shift) - 1;
        self.count = bits;
    }

    /// The bytes of the code block (C.2.9).
    pub(super) fn finish(mut self) -> Vec<u8> {
        let end = self.code + self.interval;
        self.code |= 0xFFFF;
        if self.code >= end {
            self.code -= 0x8000;
        }
        for _ in 0..2 {
            self.code <<= self.count;
            self.put_byte();
        }
        // A last byte of FF is left out.
        self.bytes.extend(self.last.filter(|last| *last != 0xFF));
        self.bytes
    }
}
