//! From a request to the use case, and from its result to an answer.

use obscura_aws::SystemClock;
use obscura_core::{JobId, Phi};
use obscura_lambda_kit::{Answer, Context, Level, Line, Metrics, Request, Unit};
use obscura_pipeline::flow::{EraseError, Eraser, Target};
use obscura_storage::Clock;
use serde::Deserialize;
use serde_json::Value;

/// What was built at the start.
pub(crate) struct App {
    pub(crate) eraser: Eraser,
    pub(crate) metrics: Metrics,
}

/// Whom or what to erase: one of these.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Asked {
    Job(JobId),
    Pseudonym(String),
    PatientId(String),
}

impl From<Asked> for Target {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Job(job) => Self::Job(job),
            Asked::Pseudonym(pseudonym) => Self::Pseudonym(pseudonym),
            Asked::PatientId(id) => Self::PatientId(Phi::new(id)),
        }
    }
}

impl App {
    /// Answers one request.
    pub(crate) fn handle(&self, event: Value, context: &Context) -> Value {
        let answer = match Request::of(event) {
            Ok(request) => self.answer(&request, context),
            Err(error) => {
                let line = Line::new().error(&error);
                context.log.say(Level::Warn, "a request was refused", line);
                error.answer()
            }
        };
        answer.into_event()
    }

    fn answer(&self, request: &Request, context: &Context) -> Answer {
        if request.method != "POST" || request.path.last().is_none_or(|p| p != "erasures") {
            return Answer::refusal(404, "there is no such route");
        }
        let caller = &request.caller;
        if !caller.is_admin() {
            let said = "an erasure was asked for by somebody who may not";
            context.log.say(Level::Warn, said, Line::new());
            return Answer::refusal(403, "only administrators erase");
        }
        let target = match request.body::<Asked>() {
            Ok(asked) => Target::from(asked),
            Err(error) => return error.answer(),
        };
        match self.eraser.erase(&caller.group, &target, &caller.actor) {
            Ok(receipt) => {
                let now = SystemClock.now();
                self.metrics.put(now, &[("Erasures", Unit::Count, 1)]);
                let versions = receipt.receipt.erased.values().sum();
                let line = Line::new().number("erased", versions);
                context
                    .log
                    .say(Level::Info, "an erasure was carried out", line);
                Answer::new(200, &receipt)
            }
            Err(error) => refusal(&error, context),
        }
    }
}

fn refusal(error: &EraseError, context: &Context) -> Answer {
    let status = match error {
        EraseError::NotAPseudonym => 400,
        EraseError::NoKey => 409,
        _ => 503,
    };
    let line = Line::new().error(error);
    context
        .log
        .say(Level::Error, "an erasure did not end", line);
    Answer::refusal(status, &error.to_string())
}
