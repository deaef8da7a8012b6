//! [`Group`], [`JobId`] and [`FileId`]: what may stand in an object's key, a table and a log.
//!
//! None of them is made of anything that names a person: a group is a tenant's short name, the
//! others are random.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digest::{from_hex, to_hex};

/// A tenant: 1 to 32 of `[a-z0-9-]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Group(String);

/// A job: 128 random bits, 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct JobId([u8; 16]);

/// A file of a job: 128 random bits, 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FileId([u8; 16]);

/// Why a text is none of them. It does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdError {
    /// Not a group.
    #[error("a group is 1 to 32 characters of a-z, 0-9 and -")]
    Group,
    /// Not a job or a file.
    #[error("a job or a file is 32 lower-case hexadecimal digits")]
    Hex,
}

impl Group {
    /// The group.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Group {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if (1..=32).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Group)
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Group> for String {
    fn from(group: Group) -> Self {
        group.0
    }
}

impl TryFrom<String> for Group {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

macro_rules! random_id {
    ($name:ident) => {
        impl $name {
            /// The id of 16 random bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                from_hex(text).map(Self).ok_or(IdError::Hex)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_hex(&self.0))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
    };
}

random_id!(JobId);
random_id!(FileId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_an_id_is_refused_without_its_text() {
        for text in ["", "Radiology", "a/b", "a_b", &"a".repeat(33), "é"] {
            assert_eq!(text.parse::<Group>(), Err(IdError::Group), "{text}");
        }
        assert_eq!(
            "radiology-2".parse::<Group>().unwrap().as_str(),
            "radiology-2"
        );
        let job = JobId::from_bytes(*b"0123456789abcdef");
        assert_eq!(job.to_string().parse(), Ok(job));
        for text in ["", "DOE", &job.to_string().to_uppercase().replace('3', "F")] {
            assert_eq!(text.parse::<JobId>(), Err(IdError::Hex));
        }
    }
}
