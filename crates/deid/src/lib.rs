//! The de-identification engine: PS3.15 Annex E as data, planned, applied and verified.
//!
//! [`Engine`] is the way in. It harvests the identifiers an object states, plans
//! what is done to every element ([`plan`]), applies the plan, writes the object, and scans what
//! it wrote with a reader of its own ([`residual`]). [`policy`] says what is asked for, [`tables`]
//! what the standard and the field's knowledge bases say.

mod apply;
pub mod codestream;
mod engine;
pub mod faces;
mod harvest;
mod identity;
mod markers;
mod meta;
pub mod plan;
pub mod policy;
pub mod residual;
pub mod tables;

pub use engine::{Deidentified, Engine, EngineError, MapEntry, MapKind, Place};
pub use markers::PixelCleaning;
