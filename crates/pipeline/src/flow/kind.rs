//! What a file that is no DICOM object seems to be: documents and pictures are named as what is not
//! supported yet, the rest is only not DICOM.

use obscura_core::Reason;

/// Beginnings of documents and pictures.
const BEGINNINGS: &[&[u8]] = &[
    b"%PDF-",
    b"PK\x03\x04",
    b"\xD0\xCF\x11\xE0",
    b"{\\rtf",
    b"\xFF\xD8\xFF",
    b"\x89PNG",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"BM",
];

/// Bytes that are looked at to tell a text.
const LOOK: usize = 4096;

/// The reason for which a file that is no DICOM object is set aside.
pub(crate) fn reason(bytes: &[u8]) -> Reason {
    let known = BEGINNINGS.iter().any(|magic| bytes.starts_with(magic));
    if known || is_text(bytes) {
        Reason::NotSupported
    } else {
        Reason::NotDicom
    }
}

/// UTF-8 without control characters, as far as is looked.
fn is_text(bytes: &[u8]) -> bool {
    let look = &bytes[..bytes.len().min(LOOK)];
    let text = match std::str::from_utf8(look) {
        Ok(text) => text,
        // A character may be cut at the end of the look.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&look[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    !text.is_empty() && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_not_supported_and_noise_is_not_dicom() {
        let supported_later: &[&[u8]] = &[
            b"%PDF-1.7 ...",
            b"PK\x03\x04word/document.xml",
            "Befund für Frau Ü\n".as_bytes(),
            b"\x89PNG\r\n",
        ];
        for bytes in supported_later {
            assert_eq!(reason(bytes), Reason::NotSupported);
        }
        for bytes in [&b""[..], b"\0\x01\x02", b"\xFF\xFE\xFD"] {
            assert_eq!(reason(bytes), Reason::NotDicom);
        }
    }
}
