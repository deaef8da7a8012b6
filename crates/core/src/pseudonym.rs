//! Keyed, stateless pseudonyms: one secret per group, one derived key per purpose.
//!
//! HKDF-SHA256 (RFC 5869) turns the group's secret into one key per purpose, HMAC-SHA256
//! (RFC 2104) under that key turns an identifier into its pseudonym. The same secret gives the
//! same answer in every process; without it nobody can search for an identifier by trying names.
//! Destroying the secret makes every pseudonym of the group unlinkable.

use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::ContentHash;

/// The secret of one group: 32 bytes from a cryptographic random source.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PseudonymKey([u8; 32]);

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not 64 hexadecimal digits.
    #[error("a key is 64 hexadecimal digits on one line")]
    NotHex,
    /// All bytes are equal: a placeholder, not a secret.
    #[error("the key's bytes are all equal: it is not a secret")]
    Trivial,
}

impl PseudonymKey {
    /// A key from 32 random bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Parses the text form, 64 hexadecimal digits; white space around them is allowed.
    ///
    /// # Errors
    /// [`KeyError::NotHex`] for another form, [`KeyError::Trivial`] for equal bytes.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(KeyError::NotHex);
        }
        let mut bytes = [0_u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let high = hex_digit(pair[0]).ok_or(KeyError::NotHex)?;
            let low = hex_digit(pair[1]).ok_or(KeyError::NotHex)?;
            *byte = high << 4 | low;
        }
        if bytes.iter().all(|b| *b == bytes[0]) {
            return Err(KeyError::Trivial);
        }
        Ok(Self(bytes))
    }

    /// The text form that [`PseudonymKey::from_hex`] reads. A secret: write it to a key file only.
    pub fn to_hex(&self) -> String {
        self.0
            .iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                text.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
                text.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
                text
            })
    }
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(****)")
    }
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// The pseudonyms of one group.
#[derive(Clone)]
pub struct Pseudonyms {
    uid: Hmac<Sha256>,
    patient: Hmac<Sha256>,
    dates: Hmac<Sha256>,
    token: Hmac<Sha256>,
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms(****)")
    }
}

/// One patient of the group, from (issuer, Patient ID): the handle for dates and names.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PatientKey([u8; 32], i32);

impl std::fmt::Debug for PatientKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PatientKey(****)")
    }
}

/// Weeks a patient's dates may move at most, in either direction: about ten years.
const MAX_SHIFT_WEEKS: u64 = 520;
/// Weeks a patient's dates move at least: about a year, so that a shifted date is never near.
const MIN_SHIFT_WEEKS: u64 = 52;

impl Pseudonyms {
    /// Derives the purpose keys from the group's secret.
    pub fn new(key: &PseudonymKey) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(b"obscura pseudonyms v1"), &key.0);
        let purpose = |name: &str| {
            // HMAC fills a key of 32 bytes up with zeros to its block of 64, as this array does.
            let mut okm = [0_u8; 64];
            // 32 bytes is far under HKDF's bound of 255 hashes.
            let expanded = hkdf.expand(name.as_bytes(), &mut okm[..32]);
            debug_assert!(expanded.is_ok());
            let mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new((&okm).into());
            okm.zeroize();
            mac
        };
        Self {
            uid: purpose("uid"),
            patient: purpose("patient"),
            dates: purpose("dates"),
            token: purpose("token"),
        }
    }

    /// The replacement of a UID: `2.25.` and the decimal of a version 8 UUID (RFC 9562) made of
    /// the HMAC of the original (PS3.5 B.2). At most 44 characters. Trailing NULs and spaces of
    /// the original do not matter.
    pub fn uid(&self, original: &str) -> String {
        let digest = mac(&self.uid, &[trim(original).as_bytes()]);
        let mut bytes = [0_u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes[6] = 0x80 | (bytes[6] & 0x0F);
        bytes[8] = 0x80 | (bytes[8] & 0x3F);
        format!("2.25.{}", u128::from_be_bytes(bytes))
    }

    /// The patient of (Issuer of Patient ID, Patient ID), both without padding.
    pub fn patient(&self, issuer: &str, patient_id: &str) -> PatientKey {
        let identity = mac(
            &self.patient,
            &[trim(issuer).as_bytes(), trim(patient_id).as_bytes()],
        );
        let days = mac(&self.dates, &[&identity]);
        let mut word = [0_u8; 8];
        word.copy_from_slice(&days[..8]);
        let word = u64::from_be_bytes(word);
        let weeks = MIN_SHIFT_WEEKS + (word >> 1) % (MAX_SHIFT_WEEKS - MIN_SHIFT_WEEKS + 1);
        // Always into the past: a study dated in the future breaks ages and viewers.
        PatientKey(identity, -(weeks as i32) * 7)
    }

    /// The name of one input under one way of working: a keyed hash of both, so that whoever holds
    /// the input cannot tell what became of it without the group's secret.
    pub fn object(&self, content: &ContentHash, way: &str) -> ContentHash {
        let parts: [&[u8]; 3] = [b"object", content.as_bytes(), way.as_bytes()];
        ContentHash::from_bytes(mac(&self.token, &parts))
    }

    /// A short keyed token, `length` characters of `[0-9A-Z]` without `I`, `L`, `O`, `U`
    /// (Crockford's base 32), for one value of one purpose. `length` is at most 26.
    pub fn token(&self, purpose: &str, value: &str, length: usize) -> String {
        base32(
            &mac(&self.token, &[purpose.as_bytes(), trim(value).as_bytes()]),
            length,
        )
    }
}

impl PatientKey {
    /// The new Patient ID: `P` and 15 characters of base 32 (75 bits).
    pub fn patient_id(&self) -> String {
        format!("P{}", base32(&self.0, 15))
    }

    /// Days to add to each of this patient's dates: a negative whole number of weeks, so that
    /// intervals and weekdays stay, between one and ten years.
    pub const fn shift_days(&self) -> i32 {
        self.1
    }
}

fn mac(keyed: &Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = keyed.clone();
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn base32(digest: &[u8; 32], length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut word = [0_u8; 16];
    word.copy_from_slice(&digest[..16]);
    let mut word = u128::from_be_bytes(word);
    (0..length.min(25))
        .map(|_| {
            let digit = ALPHABET[(word & 31) as usize];
            word >>= 5;
            char::from(digit)
        })
        .collect()
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudonyms(seed: u8) -> Pseudonyms {
        let mut bytes = [seed; 32];
        bytes[0] = 1;
        Pseudonyms::new(&PseudonymKey::from_bytes(bytes))
    }

    #[test]
    fn a_uid_is_valid_and_the_same_for_the_same_key() {
        let (a, b) = (pseudonyms(7), pseudonyms(8));
        let uid = a.uid("1.2.840.1");
        assert_eq!(uid, a.uid("1.2.840.1\0"));
        assert_ne!(uid, b.uid("1.2.840.1"));
        assert!(uid.len() <= 44 && uid.starts_with("2.25.") && !uid.starts_with("2.25.0"));
        assert!(uid[5..].bytes().all(|c| c.is_ascii_digit()));
    }

    #[test]
    fn a_known_key_gives_known_pseudonyms() {
        // Computed by an independent program from the description above. A change here would unlink everything released before it.
        let p = pseudonyms(7);
        assert_eq!(
            p.uid("1.2.840.1"),
            "2.25.12247798215518571174379046931121220658"
        );
        let patient = p.patient("HOSP", "123");
        assert_eq!(patient.patient_id(), "P6JMJWQNATMH583P");
        assert_eq!(patient.shift_days(), -1694);
        assert_eq!(patient.shift_days() % 7, 0);
        assert!((-3640..=-364).contains(&patient.shift_days()));
        assert_ne!(patient.patient_id(), p.patient("HOS", "P123").patient_id());
    }

    #[test]
    fn the_text_form_of_a_key_round_trips_and_is_never_debug_printed() {
        let key = PseudonymKey::from_bytes(std::array::from_fn(|i| i as u8));
        let hex = key.to_hex();
        assert_eq!(
            PseudonymKey::from_hex(&format!(" {hex}\n"))
                .unwrap()
                .to_hex(),
            hex
        );
        assert_eq!(format!("{key:?}"), "PseudonymKey(****)");
        assert_eq!(PseudonymKey::from_hex("zz").unwrap_err(), KeyError::NotHex);
        assert_eq!(
            PseudonymKey::from_hex(&"00".repeat(32)).unwrap_err(),
            KeyError::Trivial
        );
    }
}
