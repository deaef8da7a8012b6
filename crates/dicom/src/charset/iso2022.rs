//! Code extension (PS3.5 6.1.2.5): escape sequences bring sets into the lower (G0) and the upper
//! half (G1) of the code table; delimiters and control characters bring back the first ones.

use super::graphic::{self, Graphic, Half};
use super::{CharsetError, Delimiters};

/// The sets of a data set with code extensions, or with one set of 8 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sets {
    /// The lower half at the begin: ASCII, or JIS X 0201.
    pub(super) g0: Graphic,
    /// The upper half at the begin, if there is one.
    pub(super) g1: Option<Graphic>,
    /// What escape sequences may bring in.
    pub(super) extensions: Vec<Graphic>,
}

/// The sets in use at one place of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    g0: Graphic,
    g1: Option<Graphic>,
}

impl Sets {
    /// Takes value 1. Sets that need escape sequences do not stand at the begin, even where they
    /// are named first.
    pub(super) fn begin(&mut self, g0: Graphic, g1: Option<Graphic>) {
        self.g1 = g1;
        if g0.is_ascii() {
            self.g0 = g0;
        } else {
            self.extensions.push(g0);
        }
    }

    /// Takes one of the values 2 to n.
    pub(super) fn extend(&mut self, g0: Graphic, g1: Option<Graphic>) {
        let new = g1.into_iter().chain((!g0.is_ascii()).then_some(g0));
        for set in new {
            if !self.extensions.contains(&set) {
                self.extensions.push(set);
            }
        }
    }

    /// No set but ASCII is declared.
    pub(super) fn is_ascii_only(&self) -> bool {
        self.g1.is_none() && self.extensions.is_empty()
    }

    const fn initial(&self) -> State {
        State {
            g0: self.g0,
            g1: self.g1,
        }
    }

    /// The upper half where no escape sequence has brought a set in. Writers leave out the
    /// escape sequence where there is only one choice, those of Korean names above all.
    fn upper(&self) -> Option<Graphic> {
        let is_upper = |set: &&Graphic| set.designation().1 == Half::G1;
        self.g1
            .or_else(|| self.extensions.iter().find(is_upper).copied())
    }

    pub(super) fn decode(&self, bytes: &[u8], delimiters: Delimiters) -> String {
        if self.upper().is_none() && !bytes.contains(&0x1B) {
            return undeclared(bytes);
        }
        let mut text = String::with_capacity(bytes.len() * 3 / 2);
        let mut state = self.initial();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte == 0x1B
                && let Some((length, set, half)) = graphic::escape(&bytes[at..])
            {
                match half {
                    Half::G0 => state.g0 = set,
                    Half::G1 => state.g1 = Some(set),
                }
                at += length;
                continue;
            }
            let is_code = matches!(byte, 0x21..=0x7E) && state.g0.width() == 2;
            if byte < 0x80 && !is_code && delimiters.contain(byte) {
                state = self.initial();
            }
            at += self.run(&bytes[at..], state, delimiters, &mut text);
        }
        text
    }

    /// Decodes the bytes up to the next that can change the state. Returns their number, at
    /// least 1.
    fn run(&self, bytes: &[u8], state: State, delimiters: Delimiters, text: &mut String) -> usize {
        let first = bytes.first().copied().unwrap_or_default();
        if first >= 0x80 {
            let length = bytes.iter().take_while(|byte| **byte >= 0x80).count();
            match state.g1.or_else(|| self.upper()) {
                Some(set) => set.decode(&bytes[..length], text),
                None => text.extend((0..length).map(|_| char::REPLACEMENT_CHARACTER)),
            }
            return length;
        }
        let is_graphic = |byte: &u8| matches!(byte, 0x21..=0x7E);
        if state.g0.is_ascii() || !is_graphic(&first) {
            let is_plain = |byte: &&u8| **byte < 0x80 && **byte != 0x1B;
            let ends =
                |byte: &u8| delimiters.contain(*byte) || (!state.g0.is_ascii() && is_graphic(byte));
            let rest = bytes.get(1..).unwrap_or_default();
            let length = 1 + rest
                .iter()
                .take_while(is_plain)
                .take_while(|b| !ends(b))
                .count();
            Graphic::Ascii.decode(&bytes[..length], text);
            return length;
        }
        let length = bytes.iter().take_while(|byte| is_graphic(byte)).count();
        state.g0.decode(&bytes[..length], text);
        length
    }

    pub(super) fn encode(
        &self,
        text: &str,
        delimiters: Delimiters,
    ) -> Result<Vec<u8>, CharsetError> {
        let mut bytes = Vec::with_capacity(text.len() * 2);
        let mut state = self.initial();
        for character in text.chars() {
            match u8::try_from(character) {
                Ok(byte) if byte < 0x80 => {
                    if delimiters.contain(byte) {
                        self.restore(&mut state, &mut bytes);
                        state = self.initial();
                    } else if !state.g0.is_ascii() {
                        designate(self.g0, &mut state, &mut bytes);
                    }
                    bytes.push(byte);
                }
                _ => self.encode_one(character, &mut state, &mut bytes)?,
            }
        }
        self.restore(&mut state, &mut bytes);
        Ok(bytes)
    }

    /// Writes a character that is not ASCII: with a set in use, else with one brought in.
    fn encode_one(
        &self,
        character: char,
        state: &mut State,
        bytes: &mut Vec<u8>,
    ) -> Result<(), CharsetError> {
        let in_use = [state.g1, Some(state.g0)].into_iter().flatten();
        let choices = in_use.chain(self.g1).chain(self.extensions.iter().copied());
        for set in choices.filter(|set| !set.is_ascii()) {
            let Some(code) = set.encode(character) else {
                continue;
            };
            let half = set.designation().1;
            if Some(set) != state.g1 && set != state.g0 {
                designate(set, state, bytes);
            }
            let mask = if half == Half::G0 { 0x7F } else { 0xFF };
            bytes.extend(code.iter().map(|byte| byte & mask));
            return Ok(());
        }
        Err(CharsetError)
    }

    /// Brings back the first sets, as must be done before delimiters and at the end.
    fn restore(&self, state: &mut State, bytes: &mut Vec<u8>) {
        if state.g0 != self.g0 {
            designate(self.g0, state, bytes);
        }
        if let Some(g1) = self.g1.filter(|_| state.g1 != self.g1) {
            designate(g1, state, bytes);
        }
    }
}

fn designate(set: Graphic, state: &mut State, bytes: &mut Vec<u8>) {
    let (escape, half) = set.designation();
    bytes.extend_from_slice(escape);
    match half {
        Half::G0 => state.g0 = set,
        Half::G1 => state.g1 = Some(set),
    }
}

/// Text that is not ASCII although nothing else is declared: UTF-8 if it is that, else Latin-1, as
/// the writers of such text meant.
fn undeclared(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}
