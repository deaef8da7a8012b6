//! DICOM files as archives hold them: a tolerant reader, a data set that borrows from the input,
//! character sets (PS3.3 C.12.1.1.2, PS3.5 6.1) and a writer.
//!
//! The reader accepts what the field's other readers accept and says what it had to mend
//! ([`Mend`]); the writer produces conformant PS3.10 files and leaves every value it was not asked
//! to change as the bytes it was read from. Errors carry tag, VR and offset, never a value.

mod charset;
mod dictionary;
mod error;
mod header;
mod model;
mod read;
mod syntax;
mod vr;
mod write;

pub use charset::{CharsetError, Charsets};
pub use dictionary::is_standard;
pub use error::ReadError;
pub use header::Header;
pub use model::{DataSet, DicomFile, Element, Fragments, Items, LengthForm, Mend, Value};
pub use read::Source;
pub use syntax::{Endian, Syntax};
pub use write::{encoded_len, write_data_set, write_file};

pub use dicom_core::{Tag, VR};
