//! The data set: elements in order, values as the bytes they were read from.
//!
//! Main type: [`DataSet`]. Everything borrows from the input (`'a`) until it is changed, so that
//! untouched values, pixel data above all, are written back byte for byte and never copied.

use std::borrow::Cow;

use dicom_core::{Tag, VR};

use crate::syntax::Syntax;

/// One object as it was read.
#[derive(Debug, Clone)]
pub struct DicomFile<'a> {
    /// The 128 bytes before `DICM` (PS3.10 7.1), if there were any. Never written back.
    pub preamble: Option<&'a [u8]>,
    /// The file meta group 0002, always Explicit VR Little Endian; empty if the file had none.
    pub meta: DataSet<'a>,
    /// The data set.
    pub data: DataSet<'a>,
    /// The transfer syntax the data set is encoded in (found out, where the file did not say).
    pub syntax: Syntax,
    /// Bytes after the end of the data set that are not part of it. Never written back.
    pub trailing: &'a [u8],
    /// What the reader had to mend, in the order it met it.
    pub mends: Vec<Mend>,
}

/// A data set, or one item of a sequence: elements in the order they were read.
///
/// Conformant objects are in ascending order of tags; the reader sorts those that are not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DataSet<'a> {
    elements: Vec<Element<'a>>,
    /// For an item: how its length was written. Ignored for the outermost data set.
    pub length: LengthForm,
}

/// How the length of a sequence or of an item is written (PS3.5 7.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LengthForm {
    /// The number of bytes stands before the content.
    #[default]
    Defined,
    /// FFFFFFFF stands before, a delimiter after the content.
    Undefined,
}

/// One data element (PS3.5 7.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Element<'a> {
    /// The tag.
    pub tag: Tag,
    /// The VR: as written, or in Implicit VR and for UN of a standard attribute the dictionary's.
    /// Private elements of Implicit VR have [`VR::UN`]; their sequences are resolved to `SQ`.
    pub vr: VR,
    /// The value.
    pub value: Value<'a>,
}

/// The value of an element.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// The bytes of the value field as stored: byte order of the data set, padding included.
    Bytes(Cow<'a, [u8]>),
    /// A sequence of items (VR SQ).
    Items(Items<'a>),
    /// Encapsulated pixel data (PS3.5 A.4).
    Fragments(Fragments<'a>),
}

/// The items of a sequence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items<'a> {
    /// The items in order.
    pub items: Vec<DataSet<'a>>,
    /// How the length of the sequence is written.
    pub length: LengthForm,
}

/// Encapsulated pixel data (PS3.5 A.4): the Basic Offset Table and the fragments.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fragments<'a> {
    /// The value of the first item; empty if there is no table.
    pub offset_table: Cow<'a, [u8]>,
    /// The fragments in order, padding included.
    pub fragments: Vec<Cow<'a, [u8]>>,
}

/// A departure from the standard that the reader understood and mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Mend {
    /// The file begins without preamble and `DICM`.
    NoPreamble,
    /// The file has no file meta group.
    NoMeta,
    /// The file meta group has no group length, or a wrong one.
    MetaLength,
    /// The data set, or its pixel data, is not encoded as the file meta group says.
    SyntaxMismatch,
    /// Elements were not in ascending order.
    Order,
    /// A tag stood twice in one data set; the last one counts.
    RepeatedTag,
    /// A VR that is not one of the standard's, or is not the attribute's.
    WrongVr,
    /// A value or sequence length that passes the end of what holds it.
    WrongLength,
    /// Item or sequence delimiters that are missing, or stand where none belongs.
    Delimiters,
    /// Bytes after the end of the data set were left out.
    Trailing,
    /// The last value (pixel data) is shorter than its length claims.
    ShortPixelData,
    /// An element of odd length; one byte of padding was added.
    OddLength,
}

impl<'a> Element<'a> {
    /// An element with bytes as its value.
    pub fn new(tag: Tag, vr: VR, value: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            tag,
            vr,
            value: Value::Bytes(value.into()),
        }
    }

    /// An element of text, padded to even length as its VR asks (PS3.5 6.2). `text` is ASCII.
    pub fn text(tag: Tag, vr: VR, text: &str) -> Self {
        let mut bytes = text.as_bytes().to_vec();
        if bytes.len() % 2 == 1 {
            bytes.push(if vr == VR::UI { 0 } else { b' ' });
        }
        Self {
            tag,
            vr,
            value: Value::Bytes(Cow::Owned(bytes)),
        }
    }

    /// An element of text that this program always writes. The writer pads it.
    pub const fn fixed(tag: Tag, vr: VR, text: &'static str) -> Self {
        Self {
            tag,
            vr,
            value: Value::Bytes(Cow::Borrowed(text.as_bytes())),
        }
    }

    /// A sequence.
    pub fn sequence(tag: Tag, items: Vec<DataSet<'a>>) -> Self {
        let items = Items {
            items,
            length: LengthForm::Defined,
        };
        Self {
            tag,
            vr: VR::SQ,
            value: Value::Items(items),
        }
    }

    /// The bytes of the value, if it is neither a sequence nor encapsulated.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.value {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The items, if it is a sequence.
    pub fn items(&self) -> Option<&[DataSet<'a>]> {
        match &self.value {
            Value::Items(items) => Some(&items.items),
            _ => None,
        }
    }

    /// Nothing in it: no bytes, no items, no fragments.
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Bytes(bytes) => bytes.is_empty(),
            Value::Items(items) => items.items.is_empty(),
            Value::Fragments(fragments) => fragments.fragments.is_empty(),
        }
    }
}

impl<'a> DataSet<'a> {
    /// A data set of these elements, sorted by tag; of equal tags the last one stays.
    pub fn from_elements(mut elements: Vec<Element<'a>>) -> Self {
        elements.sort_by_key(|element| element.tag);
        elements.reverse();
        elements.dedup_by_key(|element| element.tag);
        elements.reverse();
        Self {
            elements,
            length: LengthForm::Defined,
        }
    }

    /// A data set as it was read: elements that were met in order need no sorting.
    pub(crate) fn from_read(
        elements: Vec<Element<'a>>,
        is_ordered: bool,
        length: LengthForm,
    ) -> Self {
        let data = if is_ordered {
            Self { elements, length }
        } else {
            Self::from_elements(elements)
        };
        Self { length, ..data }
    }

    /// The elements in ascending order of tags.
    pub fn elements(&self) -> &[Element<'a>] {
        &self.elements
    }

    /// The elements, to change values in place. Their order must stay ascending.
    pub fn elements_mut(&mut self) -> &mut Vec<Element<'a>> {
        &mut self.elements
    }

    /// The element of a tag.
    pub fn get(&self, tag: Tag) -> Option<&Element<'a>> {
        self.position(tag).ok().map(|at| &self.elements[at])
    }

    /// The element of a tag, to change.
    pub fn get_mut(&mut self, tag: Tag) -> Option<&mut Element<'a>> {
        self.position(tag).ok().map(|at| &mut self.elements[at])
    }

    /// Puts an element at its place, over one of the same tag.
    pub fn put(&mut self, element: Element<'a>) {
        match self.position(element.tag) {
            Ok(at) => self.elements[at] = element,
            Err(at) => self.elements.insert(at, element),
        }
    }

    /// Takes an element out.
    pub fn remove(&mut self, tag: Tag) -> Option<Element<'a>> {
        self.position(tag).ok().map(|at| self.elements.remove(at))
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// The first value of an element of ASCII text (UI, CS, DS, IS, DA ...) without padding.
    /// `None` if absent, empty, a sequence or not ASCII.
    pub fn ascii(&self, tag: Tag) -> Option<&str> {
        let bytes = self.get(tag)?.bytes()?;
        let first = bytes.split(|byte| *byte == b'\\').next()?;
        let text = std::str::from_utf8(first).ok()?.trim_matches([' ', '\0']);
        (!text.is_empty() && text.is_ascii()).then_some(text)
    }

    fn position(&self, tag: Tag) -> Result<usize, usize> {
        self.elements
            .binary_search_by_key(&tag, |element| element.tag)
    }
}
