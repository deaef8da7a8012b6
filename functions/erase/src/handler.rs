//! From a request to the use case, and from its result to an answer.

use obscura_audit::Actor;
use obscura_aws::SystemClock;
use obscura_core::Group;
use obscura_lambda_kit::{Answer, Context, Level, Line, Metrics, Request, Unit};
use obscura_pipeline::flow::{Asked, EraseCommand, EraseError, Eraser, Target};
use obscura_storage::Clock;
use serde_json::Value;

/// What was built at the start.
pub(crate) struct App {
    pub(crate) eraser: Eraser,
    pub(crate) metrics: Metrics,
}

impl App {
    /// Answers one request.
    pub(crate) fn handle(&self, event: Value, context: &Context) -> Value {
        // The command calls the function itself. What comes by the API never has this member.
        if event.get("erase").is_some() {
            return self.command(event, context).into_event();
        }
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
        self.erase(&caller.group, &target, &caller.actor, context)
    }

    fn command(&self, event: Value, context: &Context) -> Answer {
        let Ok(EraseCommand { group, erase }) = serde_json::from_value(event) else {
            return Answer::refusal(400, "this is no command to erase");
        };
        self.erase(&group, &erase.into(), &Actor::command("erase"), context)
    }

    fn erase(&self, group: &Group, target: &Target, actor: &Actor, context: &Context) -> Answer {
        match self.eraser.erase(group, target, actor) {
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
