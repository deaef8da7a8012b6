//! [`Phi`]: a value that may identify a person and must never be printed.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Protected health information (45 CFR 160.103) held in memory.
///
/// `Debug` and `Display` print `****`, there is no `Serialize`, and the memory is wiped on drop.
/// [`Phi::expose`] is the only way to the value, so every use can be found by its name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Phi<T: Zeroize>(T);

impl<T: Zeroize> Phi<T> {
    /// Takes a value into protection.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Never format, log or serialise what this returns.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> From<T> for Phi<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Zeroize> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

impl<T: Zeroize> fmt::Display for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

impl<T: Zeroize> Drop for Phi<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> ZeroizeOnDrop for Phi<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protected_value_is_never_printed() {
        let name = Phi::new(String::from("Doe^Jane"));
        assert_eq!(
            format!("{name} {name:?} {:?}", Some(&name)),
            "**** **** Some(****)"
        );
        assert_eq!(name.expose(), "Doe^Jane");
    }
}
