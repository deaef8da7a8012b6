//! The tolerant reader: finds the parts of a file, then parses its data set without copying.
//!
//! [`Source::open`] finds preamble, file meta group and encoding (PS3.10 7), and inflates a
//! deflated data set; [`Source::parse`] builds the [`DicomFile`] in one pass over the bytes.

mod detect;
mod end;
mod fragments;
mod header;
mod inflate;
mod meta;
mod parse;
mod sequence;
mod un;

use std::borrow::Cow;

use dicom_core::Tag;
use obscura_core::Limits;

use crate::ReadError;
use crate::dictionary::PIXEL_DATA;
use crate::model::{DataSet, DicomFile, Mend, Value};
use crate::syntax::Syntax;

use header::Encoding;

const TRANSFER_SYNTAX_UID: Tag = Tag(0x0002, 0x0010);

/// The bytes of one object, inflated if need be: what a [`DicomFile`] borrows from.
#[derive(Debug)]
pub struct Source<'a> {
    preamble: Option<&'a [u8]>,
    meta: DataSet<'a>,
    body: Cow<'a, [u8]>,
    syntax: Syntax,
    encoding: Encoding,
    mends: Vec<Mend>,
}

impl<'a> Source<'a> {
    /// Finds the preamble, the file meta group and the transfer syntax, and inflates.
    ///
    /// # Errors
    /// [`ReadError::NotDicom`] if nothing looks like DICOM, [`ReadError::Inflate`] and
    /// [`ReadError::Limit`] for what cannot or must not be inflated, and what the file meta group
    /// itself has wrong.
    pub fn open(raw: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        if raw.len() as u64 > limits.max_file_bytes {
            return Err(ReadError::Limit("bytes of a file"));
        }
        let mut mends = Vec::new();
        let start = detect::start(raw).ok_or(ReadError::NotDicom)?;
        if !start.has_magic {
            mends.push(Mend::NoPreamble);
        }
        let meta = meta::read(raw, start.at, limits, &mut mends)?;
        let body = raw.get(meta.end..).unwrap_or_default();
        let claimed = meta.data.ascii(TRANSFER_SYNTAX_UID).map(Syntax::from_uid);
        let (body, encoding, syntax) = match claimed {
            Some(syntax) if syntax.deflated => inflate::open(body, syntax, limits, &mut mends)?,
            Some(syntax) => {
                let (encoding, syntax) = detect::check(body, syntax, &mut mends);
                (Cow::Borrowed(body), encoding, syntax)
            }
            None => {
                let encoding = detect::encoding(body).unwrap_or(Encoding::EXPLICIT_LE);
                (Cow::Borrowed(body), encoding, detect::native(encoding))
            }
        };
        if !start.has_magic && meta.data.is_empty() && !detect::is_plausible(&body, encoding) {
            return Err(ReadError::NotDicom);
        }
        Ok(Self {
            preamble: start.preamble,
            meta: meta.data,
            body,
            syntax,
            encoding,
            mends,
        })
    }

    /// The transfer syntax the data set is encoded in.
    pub const fn syntax(&self) -> &Syntax {
        &self.syntax
    }

    /// Parses the data set.
    ///
    /// # Errors
    /// [`ReadError::Truncated`] if the object ends inside an element other than the last pixel
    /// data, [`ReadError::Malformed`] if its structure cannot be understood, and
    /// [`ReadError::Limit`] if it nests too deeply or holds too many elements.
    pub fn parse(&self, limits: &Limits) -> Result<DicomFile<'_>, ReadError> {
        let mut parser = parse::Parser::new(&self.body, self.encoding.endian, limits);
        parser.mends.clone_from(&self.mends);
        parser.encapsulated = self.syntax.is_encapsulated();
        parser.explicit = self.syntax.explicit;
        let (data, end) = parser.root(self.encoding)?;
        let is_encapsulated = match data.get(PIXEL_DATA).map(|element| &element.value) {
            Some(Value::Fragments(_)) => true,
            Some(Value::Bytes(bytes)) if !bytes.is_empty() => false,
            _ => parser.encapsulated,
        };
        if is_encapsulated != parser.encapsulated {
            parse::note(&mut parser.mends, Mend::SyntaxMismatch);
        }
        let mut meta = self.meta.clone();
        let data = meta::take_strays(data, &mut meta);
        Ok(DicomFile {
            preamble: self.preamble,
            meta,
            data,
            syntax: self.syntax.clone(),
            trailing: self.body.get(end..).unwrap_or_default(),
            mends: parser.mends,
        })
    }
}
