//! What was done, as events chained by hash, and the proof that none was changed or left out.
//!
//! A job has one chain. An [`Entry`] says who did what to which object, by which rules, with which
//! result, and holds the SHA-256 of the entry before it; its bytes are canonical JSON, so that one
//! entry has one form. A [`Seal`] ends the chain: it says how many entries there are and, under the
//! group's key, that nobody else made them. [`verify()`] finds what was changed, taken out, moved,
//! cut off or forged. Values in, values out: where entries are kept is the caller's.

mod canonical;
mod chain;
mod event;
mod receipt;
mod verify;

pub use canonical::{CanonicalError, canonical};
pub use chain::{AuditKey, Chain, ChainError, Entry, Head, Seal};
pub use event::{Action, Actor, ActorError, Counts, Event, RuleSet, Verdict};
pub use receipt::{Receipt, SignedReceipt, Subject};
pub use verify::{Fault, FaultKind, Stored, Verified, verify};
