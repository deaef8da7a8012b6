//! The de-identification engine: PS3.15 Annex E as data, planned, applied and verified.

pub mod codestream;
pub mod policy;
pub mod residual;
pub mod tables;
