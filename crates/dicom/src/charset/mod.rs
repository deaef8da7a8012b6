//! Character sets (PS3.3 C.12.1.1.2, PS3.5 6.1 and annexes H, I, J, K).
//!
//! [`Charsets`] is what Specific Character Set (0008,0005) of one data set says. It turns the
//! bytes of text values into `str` and back; pure ASCII is borrowed, not copied.

mod graphic;
mod iso2022;
mod terms;

use std::borrow::Cow;

use dicom_core::{Tag, VR};
use thiserror::Error;

use crate::model::{DataSet, Element};
use encoding_rs::Encoding;
use graphic::Graphic;
use iso2022::Sets;
use terms::Term;

const SPECIFIC_CHARACTER_SET: Tag = Tag(0x0008, 0x0005);

/// The character sets of one data set: default repertoire and code extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charsets {
    coding: Coding,
    recognition: Recognition,
}

/// How text is coded.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Coding {
    /// In one encoding that holds all it needs.
    Whole(&'static Encoding),
    /// In sets of the two halves of the code table.
    Sets(Sets),
}

/// Whether every term was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recognition {
    Known,
    Unknown,
}

/// Text that the character sets cannot carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("text cannot be encoded in the character sets of its data set")]
pub struct CharsetError;

/// What ends the reach of escape sequences in a value (PS3.5 6.1.2.5.3), besides the control
/// characters that end it everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiters {
    /// `\` between values.
    Values,
    /// `\` between values, `^` and `=` in names.
    Names,
    /// None: one value of text.
    Text,
}

impl Delimiters {
    const fn of(vr: VR) -> Self {
        match vr {
            VR::PN => Self::Names,
            VR::LT | VR::ST | VR::UT => Self::Text,
            _ => Self::Values,
        }
    }

    const fn contain(self, byte: u8) -> bool {
        match byte {
            b'\t' | b'\n' | 0x0C | b'\r' => true,
            b'\\' => matches!(self, Self::Values | Self::Names),
            b'^' | b'=' => matches!(self, Self::Names),
            _ => false,
        }
    }
}

impl Default for Charsets {
    /// The default repertoire, ISO IR 6.
    fn default() -> Self {
        let sets = Sets {
            g0: Graphic::Ascii,
            g1: None,
            extensions: Vec::new(),
        };
        Self {
            coding: Coding::Sets(sets),
            recognition: Recognition::Known,
        }
    }
}

impl Charsets {
    /// The character sets of a data set: its own (0008,0005), else those of the data set around it
    /// (PS3.3 C.12.1.1.2), else the default repertoire.
    pub fn of(data: &DataSet<'_>, parent: Option<&Self>) -> Self {
        let stated = data.get(SPECIFIC_CHARACTER_SET).and_then(Element::bytes);
        match stated {
            Some(bytes) => Self::from_value(bytes),
            None => parent.cloned().unwrap_or_default(),
        }
    }

    /// The character sets that a value of (0008,0005) names, defined terms and the misspelt ones
    /// of real files alike.
    pub fn from_value(value: &[u8]) -> Self {
        let mut recognition = Recognition::Known;
        let mut sets = Sets {
            g0: Graphic::Ascii,
            g1: None,
            extensions: Vec::new(),
        };
        let mut whole = None;
        for (number, term) in value.split(|byte| *byte == b'\\').enumerate() {
            match terms::parse(term) {
                // Such an encoding has no extensions and is none (PS3.3 C.12.1.1.2), but holds
                // ASCII: it can stand after an empty first value.
                Some(Term::Whole(encoding)) => whole = whole.or(Some(encoding)),
                Some(Term::Sets { g0, g1 }) if number == 0 => sets.begin(g0, g1),
                Some(Term::Sets { g0, g1 }) => sets.extend(g0, g1),
                None => recognition = Recognition::Unknown,
            }
        }
        let coding = match whole {
            Some(encoding) if sets.g1.is_none() => Coding::Whole(encoding),
            _ => Coding::Sets(sets),
        };
        Self {
            coding,
            recognition,
        }
    }

    /// Every term was understood. Text that is not ASCII cannot be trusted otherwise.
    pub fn is_known(&self) -> bool {
        self.recognition == Recognition::Known
    }

    /// These bytes are text of the declared sets: nothing had to be guessed or replaced.
    pub fn covers(&self, bytes: &[u8]) -> bool {
        plain(bytes).is_some()
            || (self.is_known()
                && !matches!(&self.coding, Coding::Sets(sets) if sets.is_ascii_only())
                && !self.decode(bytes).contains(char::REPLACEMENT_CHARACTER))
    }

    /// The text of a value of many values or of names (VR LO, SH, UC, PN). Bytes that the sets do
    /// not define become U+FFFD. Padding stays.
    pub fn decode<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        self.decode_with(bytes, Delimiters::Names)
    }

    /// The text of a value of this VR. Bytes that the sets do not define become U+FFFD.
    pub fn decode_vr<'b>(&self, vr: VR, bytes: &'b [u8]) -> Cow<'b, str> {
        self.decode_with(bytes, Delimiters::of(vr))
    }

    /// The bytes of text of a value of many values or of names, without padding.
    ///
    /// # Errors
    /// [`CharsetError`] if a character is in none of the sets.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, CharsetError> {
        self.encode_with(text, Delimiters::Names)
    }

    /// The bytes of text of a value of this VR, without padding.
    ///
    /// # Errors
    /// [`CharsetError`] if a character is in none of the sets.
    pub fn encode_vr(&self, vr: VR, text: &str) -> Result<Vec<u8>, CharsetError> {
        self.encode_with(text, Delimiters::of(vr))
    }

    /// The values of text, decoded before they are separated: a `\` can be half a character.
    pub fn values<'b>(&self, vr: VR, bytes: &'b [u8]) -> Vec<Cow<'b, str>> {
        let split_str = |text: &str| -> Vec<String> {
            text.split('\\')
                .map(|value| value.trim_matches([' ', '\0']).to_owned())
                .collect()
        };
        if Delimiters::of(vr) == Delimiters::Text {
            return vec![self.decode_vr(vr, bytes)];
        }
        match self.decode_vr(vr, bytes) {
            Cow::Borrowed(text) => {
                let values = text.split('\\');
                values
                    .map(|value| Cow::Borrowed(value.trim_matches([' ', '\0'])))
                    .collect()
            }
            Cow::Owned(text) => split_str(&text).into_iter().map(Cow::Owned).collect(),
        }
    }

    fn decode_with<'b>(&self, bytes: &'b [u8], delimiters: Delimiters) -> Cow<'b, str> {
        if let Some(text) = plain(bytes) {
            return Cow::Borrowed(text);
        }
        match &self.coding {
            Coding::Whole(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Coding::Sets(sets) => Cow::Owned(sets.decode(bytes, delimiters)),
        }
    }

    fn encode_with(&self, text: &str, delimiters: Delimiters) -> Result<Vec<u8>, CharsetError> {
        if plain(text.as_bytes()).is_some() {
            return Ok(text.as_bytes().to_vec());
        }
        match &self.coding {
            Coding::Whole(encoding) => match encoding.encode(text) {
                (_, _, true) => Err(CharsetError),
                (bytes, ..) => Ok(bytes.into_owned()),
            },
            Coding::Sets(sets) => sets.encode(text, delimiters),
        }
    }
}

/// ASCII without escape sequences: the same in every set.
fn plain(bytes: &[u8]) -> Option<&str> {
    if !bytes.is_ascii() || bytes.contains(&0x1B) {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

impl Element<'_> {
    /// An element of text, encoded in these character sets and padded to even length.
    ///
    /// # Errors
    /// [`CharsetError`] if a character is in none of the sets.
    pub fn text_of(
        tag: Tag,
        vr: VR,
        text: &str,
        charsets: &Charsets,
    ) -> Result<Element<'static>, CharsetError> {
        let mut bytes = if crate::vr::is_affected_by_charset(vr) {
            charsets.encode_vr(vr, text)?
        } else if text.is_ascii() {
            text.as_bytes().to_vec()
        } else {
            return Err(CharsetError);
        };
        if bytes.len() % 2 == 1 {
            bytes.push(crate::vr::padding(vr));
        }
        Ok(Element::new(tag, vr, bytes))
    }

    /// The text of a text element; `None` for sequences and binary VRs. Padding stays.
    pub fn text_in(&self, charsets: &Charsets) -> Option<Cow<'_, str>> {
        let bytes = self.bytes()?;
        if crate::vr::is_affected_by_charset(self.vr) {
            return Some(charsets.decode_vr(self.vr, bytes));
        }
        let is_text = crate::vr::padding(self.vr) == b' ' || self.vr == VR::UI;
        is_text.then(|| String::from_utf8_lossy(bytes))
    }
}
