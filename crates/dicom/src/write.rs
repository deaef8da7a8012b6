//! The writer.
use crate::{DataSet, Syntax};
/// Writes a PS3.10 file.
pub fn write_file(_meta: &DataSet<'_>, _data: &DataSet<'_>, _syntax: &Syntax, _out: &mut Vec<u8>) {}
/// Writes a data set.
pub fn write_data_set(_data: &DataSet<'_>, _syntax: &Syntax, _out: &mut Vec<u8>) {}
