//! [`Receipt`]: what was erased at a person's request, to be signed and kept.
//!
//! A receipt proves the erasure and must not undo it: it names a person by a keyed token that
//! nobody can compute without the group's secret, and everything else by counts.

use obscura_core::{Group, JobId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::event::{Actor, Counts};

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The form.
    pub schema: u32,
    /// 32 hexadecimal digits: the receipt's own name.
    pub id: JobId,
    /// The tenant.
    pub group: Group,
    /// When it was done.
    pub at: Timestamp,
    /// Who asked for it.
    pub actor: Actor,
    /// Who or what was erased.
    pub subject: Subject,
    /// Versions of objects by bucket, and rows of tables.
    pub erased: Counts,
    /// What was still found by a second look: nothing, or there is no receipt.
    pub remaining: u64,
    /// Whether nothing was found: it was erased before, or never there.
    pub repeated: bool,
}

/// Who or what was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "token", rename_all = "kebab-case")]
pub enum Subject {
    /// A person, by a token keyed with the group's secret.
    Person(String),
    /// A job.
    Job(JobId),
}

/// A receipt and the signature of its canonical bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    /// What is signed, in canonical JSON.
    pub receipt: Receipt,
    /// `ECDSA_SHA_256`, ASN.1 DER, base64.
    pub signature: String,
    /// The key that signed, by its ARN.
    pub key: String,
    /// The algorithm.
    pub algorithm: String,
}
