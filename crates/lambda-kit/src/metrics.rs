//! [`Metrics`]: numbers as log lines, in the embedded metric format of `CloudWatch`.
//!
//! A line holds the values and says which of them are metrics and by which dimensions. Nobody is
//! asked over the network, and nothing of it is a value of an object.

use obscura_core::Timestamp;
use serde_json::{Map, Value, json};

use crate::log::Out;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
}

impl Unit {
    const fn word(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Bytes => "Bytes",
            Self::Milliseconds => "Milliseconds",
            Self::Seconds => "Seconds",
        }
    }
}

/// The metrics of one function.
#[derive(Debug, Clone)]
pub struct Metrics {
    out: Out,
    stack: String,
    function: &'static str,
}

impl Metrics {
    /// The metrics of a function of a stack.
    pub const fn new(out: Out, stack: String, function: &'static str) -> Self {
        Self {
            out,
            stack,
            function,
        }
    }

    /// Numbers by stack, and by stack and function.
    pub fn put(&self, at: Timestamp, values: &[(&'static str, Unit, u64)]) {
        let dimensions = json!([["Stack"], ["Stack", "Function"]]);
        let own = [("Function", self.function)];
        self.line(at, &dimensions, &own, values);
    }

    /// Numbers by stack and one other dimension alone.
    pub fn put_by(
        &self,
        at: Timestamp,
        dimension: (&'static str, &str),
        values: &[(&'static str, Unit, u64)],
    ) {
        let dimensions = json!([["Stack", dimension.0]]);
        self.line(at, &dimensions, &[dimension], values);
    }

    fn line(
        &self,
        at: Timestamp,
        dimensions: &Value,
        own: &[(&'static str, &str)],
        values: &[(&'static str, Unit, u64)],
    ) {
        let names = values
            .iter()
            .map(|(name, unit, _)| json!({"Name": name, "Unit": unit.word()}));
        let names: Vec<Value> = names.collect();
        let mut fields = Map::new();
        fields.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": at.millis(),
                "CloudWatchMetrics": [{
                    "Namespace": "Obscura",
                    "Dimensions": dimensions,
                    "Metrics": names,
                }],
            }),
        );
        fields.insert("Stack".to_owned(), self.stack.clone().into());
        for (name, value) in own {
            fields.insert((*name).to_owned(), (*value).into());
        }
        for (name, _, value) in values {
            fields.insert((*name).to_owned(), (*value).into());
        }
        self.out.line(&Value::Object(fields));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_line_is_what_cloudwatch_reads() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let out = Out::Memory(Arc::clone(&lines));
        let metrics = Metrics::new(out, "hospital".to_owned(), "deidentify");
        let at = Timestamp::from_millis(1_800_000_000_000);
        metrics.put(at, &[("FilesReleased", Unit::Count, 1)]);
        metrics.put_by(
            at,
            ("Reason", "not-dicom"),
            &[("FilesQuarantined", Unit::Count, 1)],
        );
        let text = String::from_utf8(lines.lock().unwrap().clone()).unwrap();
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let directive = |line: &Value| line["_aws"]["CloudWatchMetrics"][0].clone();
        assert_eq!(
            directive(&lines[0]),
            json!({
                "Namespace": "Obscura",
                "Dimensions": [["Stack"], ["Stack", "Function"]],
                "Metrics": [{"Name": "FilesReleased", "Unit": "Count"}],
            })
        );
        assert_eq!(lines[0]["FilesReleased"], 1);
        assert_eq!(
            directive(&lines[1])["Dimensions"],
            json!([["Stack", "Reason"]])
        );
        assert_eq!(lines[1]["Reason"], "not-dicom");
    }
}
