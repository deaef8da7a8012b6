//! [`ask`]: having a function of the deployment do what the caller itself may not.
//!
//! Whoever administers a deployment can neither read originals nor write proof nor sign receipts; the
//! functions' roles can. The right to call one of them is the administrator's.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_sdk_lambda::primitives::Blob;
use obscura_storage::StoreError;

use crate::failure::{failed, of_code};
use crate::settings::sdk_config;

/// The longest that a function which answers may take, and some more.
const ANSWER: Duration = Duration::from_secs(310);

/// Gives an event to a function of a deployment, and waits for its answer.
///
/// # Errors
/// If there is no such function, it may not be called, or it fails.
pub async fn ask(
    stack: &str,
    function: &'static str,
    event: Vec<u8>,
) -> Result<Vec<u8>, StoreError> {
    let operation = "ask function";
    let config = sdk_config().await;
    let timeouts = TimeoutConfig::builder().read_timeout(ANSWER).build();
    let config = aws_sdk_lambda::config::Builder::from(&config).timeout_config(timeouts);
    let lambda = aws_sdk_lambda::Client::from_conf(config.build());
    let request = lambda.invoke().function_name(format!("{stack}-{function}"));
    let answer = request.payload(Blob::new(event)).send().await;
    let answer = answer.map_err(failed(operation))?;
    if answer.function_error().is_some() {
        return Err(of_code(
            operation,
            "the function ended with an error".to_owned(),
        ));
    }
    Ok(answer.payload.map(Blob::into_inner).unwrap_or_default())
}
