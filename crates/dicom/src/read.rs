//! The reader.
use obscura_core::Limits;

use crate::{DicomFile, ReadError};

/// The bytes of one object, inflated if need be: what a [`DicomFile`] borrows from.
#[derive(Debug)]
pub struct Source<'a> { _raw: &'a [u8] }

impl<'a> Source<'a> {
    /// Finds the preamble, the file meta group and the transfer syntax, and inflates.
    pub fn open(_raw: &'a [u8], _limits: &Limits) -> Result<Self, ReadError> { Err(ReadError::NotDicom) }
    /// Parses the data set.
    pub fn parse(&self, _limits: &Limits) -> Result<DicomFile<'_>, ReadError> { Err(ReadError::NotDicom) }
}
