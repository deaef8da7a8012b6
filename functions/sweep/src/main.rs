//! The sweep function: erases what is older than its retention, every hour.
//!
//! Clients are built once, here.

mod handler;

use std::collections::BTreeMap;
use std::sync::Arc;

use lambda_runtime::Error;
use obscura_aws::{Aws, SystemClock, SystemRandom};
use obscura_lambda_kit::{Environment, Level, Metrics, Out, Variable, serve};
use obscura_pipeline::flow::{Ports, Retention, Sweeper};
use obscura_storage::Bucket;

use crate::handler::App;

/// Versions that one run removes: a run ends within its time, and the next goes on.
const AT_ONCE: usize = 50_000;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let least = environment.parsed(Variable::LOG, Level::parse)?;
    let settings = environment.settings()?;
    let metrics = Metrics::new(Out::Stdout, settings.stack.clone(), "sweep");
    let mut kept = BTreeMap::new();
    for (bucket, variable) in [
        (Bucket::Intake, Variable::INTAKE_RETENTION),
        (Bucket::Clean, Variable::CLEAN_RETENTION),
        (Bucket::Quarantine, Variable::QUARANTINE_RETENTION),
    ] {
        if let Some(hours) = environment.hours(variable)? {
            kept.insert(bucket, hours);
        }
    }
    let aws = Arc::new(Aws::connect(settings).await);
    let ports = Ports::of(aws, SystemClock, SystemRandom);
    let retention = Retention {
        kept,
        max_versions: AT_ONCE,
    };
    let app = App {
        sweeper: Sweeper::new(ports, retention),
        metrics,
    };
    serve(least, move |_, context| app.handle(context)).await
}
