//! The de-identify function: takes what arrives in the intake bucket the whole way.
//!
//! Clients and the engine are built once, here; the models that read text are loaded when a picture
//! first needs them.

mod handler;
mod models;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda_runtime::Error;
use obscura_aws::{Aws, SystemClock, SystemRandom};
use obscura_deid::policy::{Policy, Preset};
use obscura_lambda_kit::{Environment, EnvironmentError, Level, Metrics, Out, Variable, serve};
use obscura_pipeline::flow::{Intake, Ports, Way, Workshop};
use obscura_pipeline::{Frames, Options, Pixels};
use obscura_pixels::rules::Rules;
use obscura_storage::Bucket;

use crate::handler::App;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let least = environment.parsed(Variable::LOG, Level::parse)?;
    let settings = environment.settings()?;
    let metrics = Metrics::new(Out::Stdout, settings.stack.clone(), "deidentify");
    let max_bytes = environment.number(Variable::MAX_FILE_BYTES, 1..=5 << 30)?;
    let way = way(&environment)?;
    let bucket = settings
        .buckets
        .get(&Bucket::Intake)
        .map(|bucket| bucket.name.clone());
    let aws = Arc::new(Aws::connect(settings).await);
    let ports = Ports::of(aws, SystemClock, SystemRandom);
    let app = App {
        intake: Intake::new(ports, Workshop::new(way), max_bytes),
        bucket: bucket.unwrap_or_default(),
        metrics,
    };
    serve(least, move |event, context| app.handle(event, context)).await
}

/// How files are worked on, by the environment.
fn way(environment: &Environment) -> Result<Way, Error> {
    let preset = environment.parsed(Variable::PRESET, |text| match text {
        "basic" => Some(Preset::Basic),
        "research" => Some(Preset::Research),
        "tcia" => Some(Preset::Tcia),
        _ => None,
    })?;
    let frames: Frames = environment.parsed(Variable::JPEG, |text| text.parse().ok())?;
    let rules = Arc::new(Rules::builtin());
    let directory = environment.text(Variable::MODELS)?;
    let pixels = match environment.text(Variable::PIXELS)? {
        "rules" => Pixels::Rules(rules),
        "text" => Pixels::Text(rules, models::finder(directory)?),
        "strict" => Pixels::Strict(rules, models::finder(directory)?),
        _ => {
            let Variable { name, about, .. } = Variable::PIXELS;
            return Err(EnvironmentError::Invalid(name, about).into());
        }
    };
    let options = Options {
        frames,
        pixels,
        ..Options::default()
    };
    let version = env!("CARGO_PKG_VERSION");
    let processor = std::env::consts::ARCH;
    Ok(Way::new(
        Policy::preset(preset),
        options,
        version,
        processor,
    ))
}
