//! The upload function: opens jobs, signs uploads, and says how far a job is.
//!
//! `POST /uploads` and `GET /uploads/{id}` of the HTTP API. Clients are built once, here.

mod handler;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use lambda_runtime::Error;
use obscura_aws::{Aws, SystemClock, SystemRandom};
use obscura_lambda_kit::{Environment, Level, Metrics, Out, Variable, serve};
use obscura_pipeline::flow::{MAX_REQUESTS, Ports, UploadLimits, Uploader};

use crate::handler::App;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let least = environment.parsed(Variable::LOG, Level::parse)?;
    let settings = environment.settings()?;
    let metrics = Metrics::new(Out::Stdout, settings.stack.clone(), "upload");
    let seconds = environment.number(Variable::UPLOAD_SECONDS, 1..=43_200)?;
    let limits = UploadLimits {
        max_file_bytes: environment.number(Variable::MAX_FILE_BYTES, 1..=5 << 30)?,
        max_files: environment.number(Variable::MAX_FILES, 1..=MAX_REQUESTS as u64)? as usize,
        valid: Duration::from_secs(seconds),
        rows_kept: rows_kept(&environment)?,
    };
    let aws = Arc::new(Aws::connect(settings).await);
    let ports = Ports::of(aws.clone(), SystemClock, SystemRandom);
    let uploader = Uploader::new(ports, aws, limits);
    let app = App { uploader, metrics };
    serve(least, move |event, context| Ok(app.handle(event, context))).await
}

/// Rows outlive what they are about by a month. Where nobody says how long that is kept, they stay:
/// without them a person's erasure would miss records.
fn rows_kept(environment: &Environment) -> Result<Option<Duration>, Error> {
    if !environment.is_set(Variable::CLEAN_RETENTION) {
        return Ok(None);
    }
    let kept = environment.hours(Variable::CLEAN_RETENTION)?;
    Ok(kept.map(|kept| kept + Duration::from_hours(720)))
}
