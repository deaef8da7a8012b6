//! `OUT/manifest.jsonl`: one line an input, for whoever holds the originals.
//!
//! The file only grows during a run; lines are whole or, after a kill, torn at the very end, where
//! [`former::load`] cuts them off. It names the originals, so its owner alone can read it.

pub(crate) mod former;
mod writer;

use obscura_core::Reason;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub(crate) use writer::Manifest;

/// The name of the manifest in the output directory.
pub(crate) const FILE_NAME: &str = "manifest.jsonl";

/// What became of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// De-identified and written, or equal to one that was.
    Released,
    /// Set aside; the original stays where it is.
    Quarantined,
    /// Not an object to de-identify.
    Skipped,
}

/// One line. The fields of the first group are always there, `null` where they do not apply.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The input, relative to the path that was given; `a.zip!/b.dcm` for a member.
    pub(crate) input: String,
    /// What became of it.
    pub(crate) status: Status,
    /// Why, if it was not simply released.
    pub(crate) reason: Option<Reason>,
    /// The DICOM file, relative to the output directory.
    pub(crate) output: Option<String>,
    /// The pictures, relative to the output directory.
    #[serde(default)]
    pub(crate) jpeg: Vec<String>,
    /// SHA-256 of the input, hexadecimal.
    pub(crate) sha256_in: Option<String>,
    /// SHA-256 of the DICOM output, hexadecimal.
    pub(crate) sha256_out: Option<String>,
    /// What was done, in counts by action and rule.
    pub(crate) plan: Option<Box<RawValue>>,
    /// What was blanked in the pixels.
    pub(crate) redactions: Box<RawValue>,

    /// The picture of the original, relative to the output directory, if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) danger_original: Option<String>,
    /// Tag, VR and rule of what stood in the way; no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    /// The input that was released first with the same content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) duplicate_of: Option<String>,
    /// The output of another content with the same SOP Instance UID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) conflict_with: Option<String>,
    /// What a person should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<String>,
    /// The path that was given, absolute and without links.
    pub(crate) source: String,
    /// Size of the input in bytes.
    #[serde(default)]
    pub(crate) size_in: u64,
    /// Time of the input's last change, in nanoseconds since 1970.
    #[serde(default)]
    pub(crate) mtime_in: i64,
    /// Size of the DICOM output in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) size_out: Option<u64>,
}

impl Line {
    /// A line about an input of which nothing is known yet.
    pub(crate) fn new(source: &str, input: &str) -> Self {
        Self {
            input: input.to_owned(),
            status: Status::Quarantined,
            reason: None,
            output: None,
            jpeg: Vec::new(),
            sha256_in: None,
            sha256_out: None,
            plan: None,
            redactions: empty_array(),
            danger_original: None,
            detail: None,
            duplicate_of: None,
            conflict_with: None,
            warnings: Vec::new(),
            source: source.to_owned(),
            size_in: 0,
            mtime_in: 0,
            size_out: None,
        }
    }
}

fn empty_array() -> Box<RawValue> {
    // `[]` is JSON; the fallback `null` cannot be met.
    RawValue::from_string("[]".to_owned()).unwrap_or_default()
}

/// 128 bits that stand for a name or a content: enough to tell any two apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u128);

impl Fingerprint {
    /// Of an input, by where it came from.
    pub(crate) fn of_input(source: &str, name: &str) -> Self {
        use sha2::Digest;
        let mut hash = sha2::Sha256::new();
        hash.update((source.len() as u64).to_le_bytes());
        hash.update(source);
        hash.update(name);
        Self::of_digest(&hash.finalize().into())
    }

    /// Of a text.
    pub(crate) fn of_text(text: &str) -> Self {
        use sha2::Digest;
        Self::of_digest(&sha2::Sha256::digest(text).into())
    }

    /// Of a SHA-256.
    pub(crate) fn of_digest(digest: &[u8; 32]) -> Self {
        let mut half = [0_u8; 16];
        half.copy_from_slice(&digest[..16]);
        Self(u128::from_be_bytes(half))
    }

    /// The first 12 hexadecimal digits are equal.
    pub(crate) const fn shares_prefix(self, other: Self) -> bool {
        self.0 >> 80 == other.0 >> 80
    }

    /// Of a SHA-256 in hexadecimal.
    pub(crate) fn of_hex(hex: &str) -> Option<Self> {
        u128::from_str_radix(hex.get(..32)?, 16).ok().map(Self)
    }
}

/// Hexadecimal of a digest.
pub(crate) fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_fields_of_the_manual() {
        let line = Line::new("/in", "a.dcm");
        let json = serde_json::to_value(&line).unwrap();
        let fields = [
            "input",
            "status",
            "reason",
            "output",
            "jpeg",
            "sha256_in",
            "sha256_out",
            "plan",
            "redactions",
        ];
        for field in fields {
            assert!(json.get(field).is_some(), "{field}");
        }
        assert_eq!(json["redactions"], serde_json::json!([]));
        let back: Line = serde_json::from_value(json).unwrap();
        assert_eq!(back.input, "a.dcm");
    }

    #[test]
    fn a_fingerprint_is_the_same_from_hexadecimal() {
        let digest = [0xAB_u8; 32];
        assert_eq!(
            Fingerprint::of_hex(&hex(&digest)),
            Some(Fingerprint::of_digest(&digest))
        );
        assert_ne!(
            Fingerprint::of_input("a", "bc"),
            Fingerprint::of_input("ab", "c")
        );
    }
}
