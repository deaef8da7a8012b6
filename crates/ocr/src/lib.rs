//! Finding text in pictures with networks.

pub mod glance;
