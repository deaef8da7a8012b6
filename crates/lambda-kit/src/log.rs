//! [`Log`]: JSON lines on stdout, one for each thing that happened.
//!
//! A [`Line`] has fields for ids, codes and numbers, and none for a text of an object. What is said
//! in words is a fixed sentence of this program.

use std::error::Error;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use obscura_core::{FileId, Reason};
use obscura_storage::JobRef;
use serde_json::{Map, Value};

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Somebody must act.
    Error,
    /// Somebody should look.
    Warn,
    /// The course of the work.
    Info,
    /// Each step.
    Debug,
}

impl Level {
    /// The level of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "error" => Self::Error,
            "warn" => Self::Warn,
            "info" => Self::Info,
            "debug" => Self::Debug,
            _ => return None,
        })
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// Where lines go.
#[derive(Debug, Clone, Default)]
pub enum Out {
    /// To stdout, where the platform collects them.
    #[default]
    Stdout,
    /// Into memory, for tests.
    Memory(Arc<Mutex<Vec<u8>>>),
}

impl Out {
    /// Writes one line. A line that cannot be written is lost; the work goes on.
    pub(crate) fn line(&self, value: &Value) {
        let mut line = value.to_string().into_bytes();
        line.push(b'\n');
        match self {
            Self::Stdout => {
                let _ = std::io::stdout().lock().write_all(&line);
            }
            Self::Memory(lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.extend_from_slice(&line);
            }
        }
    }
}

/// The log of one request.
#[derive(Debug, Clone)]
pub struct Log {
    out: Out,
    least: Level,
    request: String,
}

/// What a line says.
#[derive(Debug, Clone, Default)]
pub struct Line(Map<String, Value>);

impl Line {
    /// A line without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// The job it is about.
    #[must_use]
    pub fn job(mut self, job: Option<&JobRef>) -> Self {
        if let Some(job) = job {
            self.0.insert("group".to_owned(), job.group.as_str().into());
            self.0.insert("job".to_owned(), job.job.to_string().into());
        }
        self
    }

    /// The file it is about.
    #[must_use]
    pub fn file(mut self, file: Option<FileId>) -> Self {
        if let Some(file) = file {
            self.0.insert("file".to_owned(), file.to_string().into());
        }
        self
    }

    /// The reason.
    #[must_use]
    pub fn reason(mut self, reason: Reason) -> Self {
        self.0.insert("reason".to_owned(), reason.code().into());
        self
    }

    /// A number, with its unit in its name.
    #[must_use]
    pub fn number(mut self, name: &'static str, number: u64) -> Self {
        self.0.insert(name.to_owned(), number.into());
        self
    }

    /// A file of this program's source.
    #[must_use]
    pub(crate) fn place(mut self, source: &str) -> Self {
        self.0.insert("source".to_owned(), source.into());
        self
    }

    /// An error with its causes. Errors of this program hold no values.
    #[must_use]
    pub fn error(mut self, error: &(dyn Error + 'static)) -> Self {
        self.0.insert("error".to_owned(), chain_of(error).into());
        self
    }
}

/// An error with its causes, in one line.
pub fn chain_of(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

impl Log {
    /// The log of a request. Its id is the platform's.
    pub fn new(out: Out, least: Level, request: &str) -> Self {
        Self {
            out,
            least,
            request: request.to_owned(),
        }
    }

    /// Says one thing; `message` is a fixed sentence.
    pub fn say(&self, level: Level, message: &'static str, line: Line) {
        if level > self.least {
            return;
        }
        let mut fields = line.0;
        fields.insert("level".to_owned(), level.word().into());
        fields.insert("message".to_owned(), message.into());
        fields.insert("request_id".to_owned(), self.request.clone().into());
        self.out.line(&Value::Object(fields));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_json_and_below_its_level_silent() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let log = Log::new(Out::Memory(Arc::clone(&lines)), Level::Info, "r1");
        log.say(Level::Debug, "not this", Line::new());
        let line = Line::new()
            .reason(Reason::NotDicom)
            .number("duration_ms", 5);
        log.say(Level::Warn, "a file was set aside", line);
        let text = String::from_utf8(lines.lock().unwrap().clone()).unwrap();
        let line: Value = serde_json::from_str(text.trim()).unwrap();
        let expected = serde_json::json!({
            "level": "warn", "message": "a file was set aside", "request_id": "r1",
            "reason": "not-dicom", "duration_ms": 5
        });
        assert_eq!(line, expected);
    }
}
