//! Reading the copies of the standard's tables: JSON, CSV, and the dictionary's keywords.

use std::fs;
use std::path::Path;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use serde::de::DeserializeOwned;

use super::TablesError;

/// The bytes of a source.
pub(super) fn bytes(data: &Path, file: &'static str) -> Result<Vec<u8>, TablesError> {
    let path = data.join(file);
    fs::read(&path).map_err(|error| TablesError::File(path, error))
}

/// A JSON source.
pub(super) fn json<T: DeserializeOwned>(data: &Path, file: &'static str) -> Result<T, TablesError> {
    serde_json::from_slice(&bytes(data, file)?).map_err(|error| TablesError::Json(file, error))
}

/// The records of a CSV source (RFC 4180) without the first, which names the columns.
pub(super) fn csv(data: &Path, file: &'static str) -> Result<Vec<Vec<String>>, TablesError> {
    let text =
        String::from_utf8(bytes(data, file)?).map_err(|_| content(file, "not UTF-8".to_owned()))?;
    Ok(csv_records(text.trim_start_matches('\u{FEFF}'))
        .into_iter()
        .skip(1)
        .collect())
}

fn csv_records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            c => field.push(c),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}

/// Keywords of editions other than the dictionary's, which knows the same tags as `...Sequence`.
const RENAMED: [(&str, (u16, u16)); 2] = [
    ("AnalogFilterType", (0x003A, 0x0325)),
    ("SummarizedFilterLookupTable", (0x003A, 0x0320)),
];

/// The tag of a keyword of PS3.6; of a repeating group the first one.
pub(super) fn tag_of(keyword: &str) -> Option<(u16, u16)> {
    if let Some((_, tag)) = RENAMED.iter().find(|(name, _)| *name == keyword) {
        return Some(*tag);
    }
    let entry = StandardDataDictionary.by_name(keyword)?;
    let tag = entry.tag_range().inner();
    Some((tag.0, tag.1))
}

/// An error about the content of a source.
pub(super) fn content(file: &'static str, what: String) -> TablesError {
    TablesError::Content { file, what }
}

/// A hexadecimal number of a source.
pub(super) fn hex(file: &'static str, text: &str) -> Result<u16, TablesError> {
    u16::from_str_radix(text.trim_start_matches("0x"), 16)
        .map_err(|_| content(file, format!("{text} is not a hexadecimal number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_with_quotes_commas_and_a_last_line_without_end() {
        let records = csv_records("a,b\r\n\"x \"\"y\"\", z\",2\n\"\",");
        assert_eq!(
            records,
            [vec!["a", "b"], vec!["x \"y\", z", "2"], vec!["", ""]]
        );
    }

    #[test]
    fn keywords_are_found_in_the_dictionary() {
        assert_eq!(tag_of("PatientName"), Some((0x0010, 0x0010)));
        assert_eq!(tag_of("OverlayData"), Some((0x6000, 0x3000)));
        assert_eq!(tag_of("NoSuchKeyword"), None);
    }
}
