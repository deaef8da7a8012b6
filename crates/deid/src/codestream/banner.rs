//! Comments that only name the encoder, which stay so that untouched frames stay byte for byte.
//!
//! Nearly every JPEG 2000 encoder signs its streams. Such a signature is recognised strictly: a
//! known beginning, then nothing but a version. The residual scan searches it all the same.

/// How the signature of a known encoder begins.
const ENCODERS: &[&str] = &[
    "Created by OpenJPEG version ",
    "Created by GDCM/OpenJPEG version ",
    "Creator: JasPer Version ",
    "Kakadu-",
    "OpenJPH Ver ",
    "Created by Grok version ",
    "LEAD Technologies Inc. V",
    "Lavc",
    "CREATOR: gd-jpeg v",
    "AppleMark",
    "Intel(R) JPEG Library, version ",
];

/// Kakadu's table of slopes: a fixed head, then rows of two numbers.
const KAKADU_LAYERS: &str =
    "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)";

/// Digits a version may have in all: fewer than any identifier worth the name.
const MAX_VERSION_DIGITS: usize = 8;

/// The comment is an encoder's signature and nothing else.
pub(super) fn is_encoder_banner(comment: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(comment) else {
        return false;
    };
    let text = text.trim_end_matches(['\0', ' ', '\n', '\r']);
    if let Some(rows) = text.strip_prefix(KAKADU_LAYERS) {
        return rows
            .bytes()
            .all(|b| b.is_ascii_digit() || b" .,+-eE\r\n".contains(&b));
    }
    ENCODERS
        .iter()
        .any(|name| text.strip_prefix(name).is_some_and(is_version))
}

fn is_version(rest: &str) -> bool {
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let rest = rest.strip_prefix('v').unwrap_or(rest);
    let gd = rest
        .strip_prefix("1.0 (using IJG JPEG v")
        .is_some_and(|tail| {
            tail.bytes().filter(u8::is_ascii_digit).count() <= 5
                && matches!(
                    tail.trim_start_matches(|c: char| c.is_ascii_digit()),
                    ")" | "), default quality"
                )
        });
    gd || (digits <= MAX_VERSION_DIGITS
        && rest
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banners_of_encoders_are_known() {
        for text in [
            "Created by OpenJPEG version 2.5.0",
            "Creator: JasPer Version 1.900.1",
            "Kakadu-v7.10.3",
            "OpenJPH Ver 0.21.2.",
            "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)\n-192.0,  1.9e+03\n",
            "LEAD Technologies Inc. V1.01\0",
        ] {
            assert!(is_encoder_banner(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn anything_more_than_a_version_is_no_banner() {
        for text in [
            "Created by OpenJPEG version 2.5.0 for Crowhurst",
            "Kakadu-3.0.7 19741228",
            "Kakadu-197412281",
            "AppleMark Crowhurst",
            "Crowhurst",
            "",
        ] {
            assert!(!is_encoder_banner(text.as_bytes()), "{text}");
        }
    }
}
