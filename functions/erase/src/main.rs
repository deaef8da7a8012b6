//! The erase function: a person's right to erasure, and a job's; `POST /erasures` of the HTTP API.
//!
//! Clients are built once, here.

mod handler;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda_runtime::Error;
use obscura_aws::{Aws, SystemClock, SystemRandom};
use obscura_lambda_kit::{Environment, Level, Metrics, Out, Variable, serve};
use obscura_pipeline::flow::{Eraser, Ports};

use crate::handler::App;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let least = environment.parsed(Variable::LOG, Level::parse)?;
    environment.text(Variable::RECEIPT_KEY)?;
    let settings = environment.settings()?;
    let metrics = Metrics::new(Out::Stdout, settings.stack.clone(), "erase");
    let aws = Arc::new(Aws::connect(settings).await);
    let ports = Ports::of(aws.clone(), SystemClock, SystemRandom);
    let app = App {
        eraser: Eraser::new(ports, aws),
        metrics,
    };
    serve(least, move |event, context| Ok(app.handle(event, context))).await
}
