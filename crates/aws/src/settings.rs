//! [`Settings`]: the names of what was deployed.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use obscura_storage::Bucket;

/// The names of what was deployed. What a function has no business with is left out; asking for it
/// is then an error, not a guess.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The stack.
    pub stack: String,
    /// The buckets.
    pub buckets: BTreeMap<Bucket, BucketSettings>,
    /// The table of jobs.
    pub jobs_table: Option<String>,
    /// The table of groups.
    pub groups_table: Option<String>,
    /// The key that signs receipts.
    pub receipt_key: Option<String>,
    /// Whether buckets are named in the path, as emulators want it.
    pub path_style: PathStyle,
}

/// A bucket and the key of its objects.
#[derive(Debug, Clone, Default)]
pub struct BucketSettings {
    /// Its name.
    pub name: String,
    /// The ARN of its KMS key.
    pub key_arn: String,
}

/// Where a bucket is named in a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PathStyle {
    /// In the path.
    Yes,
    /// In the host.
    #[default]
    No,
}

impl Settings {
    /// The tables of a deployment, which its stack's name tells alone.
    pub fn tables_of(stack: &str, path_style: PathStyle) -> Self {
        Self {
            stack: stack.to_owned(),
            jobs_table: Some(format!("{stack}-jobs")),
            groups_table: Some(format!("{stack}-groups")),
            path_style,
            ..Self::default()
        }
    }
}

/// The configuration of the environment, with TLS by rustls and ring.
pub(crate) async fn sdk_config() -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        // Between two bytes, not for a whole object: 100 MB may take longer.
        .read_timeout(Duration::from_secs(20))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(timeouts)
        .load()
        .await
}
