//! [`canonical`]: the one JSON form of a value, for hashing and signing.
//!
//! The rules are those of RFC 8785 for what audit entries hold: no white space, the members of an
//! object sorted by name, integers as digits. Fractions have no one form in every language and are
//! refused.

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

/// Why a value has no canonical form.
#[derive(Debug, Error)]
pub enum CanonicalError {
    /// It cannot be written as JSON.
    #[error("the value cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    /// A number that is no integer of 64 bits.
    #[error("a fraction has no canonical form")]
    Fraction,
}

/// The canonical JSON bytes of a value.
///
/// # Errors
/// When it cannot be written, or holds a fraction.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>, CanonicalError> {
    let value = serde_json::to_value(value).map_err(CanonicalError::Json)?;
    let mut bytes = Vec::with_capacity(512);
    write(&value, &mut bytes)?;
    Ok(bytes)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    match value {
        Value::Number(number) if !number.is_i64() && !number.is_u64() => {
            Err(CanonicalError::Fraction)
        }
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
            Ok(())
        }
        Value::Object(members) => {
            // Sorted here: whether the map is sorted depends on a feature that others may set.
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            out.push(b'{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                scalar(name, out)?;
                out.push(b':');
                write(member, out)?;
            }
            out.push(b'}');
            Ok(())
        }
        other => scalar(other, out),
    }
}

fn scalar(value: &(impl Serialize + ?Sized), out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    serde_json::to_writer(out, value).map_err(CanonicalError::Json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_and_nothing_is_between_them() {
        let value = json!({"b": [1, {"z": null, "a": "x\"\n"}], "a": -5});
        let text = String::from_utf8(canonical(&value).unwrap()).unwrap();
        assert_eq!(text, r#"{"a":-5,"b":[1,{"a":"x\"\n","z":null}]}"#);
        let fraction = canonical(&json!([0.5]));
        assert!(matches!(fraction, Err(CanonicalError::Fraction)));
    }
}
