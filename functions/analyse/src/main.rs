//! The analyse function: looks at what was released, and closes the job.
//!
//! Clients are built once, here.

mod handler;

use std::sync::Arc;

use lambda_runtime::Error;
use obscura_aws::{Aws, SystemClock, SystemRandom};
use obscura_core::Limits;
use obscura_lambda_kit::{Environment, Level, Metrics, Out, Variable, serve};
use obscura_pipeline::flow::{Analyser, Ports};
use obscura_storage::Bucket;

use crate::handler::App;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let least = environment.parsed(Variable::LOG, Level::parse)?;
    let settings = environment.settings()?;
    let metrics = Metrics::new(Out::Stdout, settings.stack.clone(), "analyse");
    let bucket = settings
        .buckets
        .get(&Bucket::Clean)
        .map(|bucket| bucket.name.clone());
    let aws = Arc::new(Aws::connect(settings).await);
    let ports = Ports::of(aws, SystemClock, SystemRandom);
    let app = App {
        analyser: Analyser::new(ports, Limits::default()),
        bucket: bucket.unwrap_or_default(),
        metrics,
    };
    serve(least, move |event, context| app.handle(event, context)).await
}
