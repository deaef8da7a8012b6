//! [`serve`]: the loop of a function.

use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

use crate::log::{Level, Line, Log, Out};

/// What a handler knows of its invocation.
#[derive(Debug, Clone)]
pub struct Context {
    /// The log of it.
    pub log: Log,
}

/// Serves events until the platform ends the process. A handler works on a thread where it may
/// wait; an error that it returns fails the invocation.
///
/// # Errors
/// If the platform cannot be reached.
pub async fn serve<H>(least: Level, handler: H) -> Result<(), Error>
where
    H: Fn(Value, &Context) -> Result<Value, Error> + Send + Sync + 'static,
{
    panics_say_where(least);
    let handler = Arc::new(handler);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let handler = Arc::clone(&handler);
        async move {
            let log = Log::new(Out::Stdout, least, &event.context.request_id);
            let context = Context { log };
            let work = tokio::task::spawn_blocking(move || {
                let result = handler(event.payload, &context);
                if let Err(error) = &result {
                    let line = Line::new().error(&**error);
                    context.log.say(Level::Error, "the invocation failed", line);
                }
                result
            });
            match work.await {
                Ok(result) => result,
                // Its place was logged; here it fails the invocation.
                Err(_) => Err(Error::from("the handler panicked")),
            }
        }
    }))
    .await
}

/// A panic is logged by its place in the code alone: its message could hold anything.
fn panics_say_where(least: Level) {
    std::panic::set_hook(Box::new(move |panic| {
        let log = Log::new(Out::Stdout, least, "");
        let line = panic.location().map_or_else(Line::new, |location| {
            Line::new()
                .place(location.file())
                .number("line", u64::from(location.line()))
        });
        log.say(Level::Error, "a defect of this program", line);
    }));
}
