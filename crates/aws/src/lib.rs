//! The ports of `obscura-storage` on S3, `DynamoDB` and KMS.
//!
//! [`Aws`] implements all of them. Its calls wait on the thread that makes them, so they belong on
//! a thread where waiting is allowed ([`tokio::task::spawn_blocking`]), never in an asynchronous
//! function. An error carries the operation and the service's code; the service's own words can
//! name keys and are left where they came from.

mod chore;
mod failure;
mod groups;
#[cfg(feature = "invoke")]
mod invoke;
mod objects;
mod presign;
mod rows;
mod settings;
mod sign;
mod versions;

use std::future::Future;
use std::sync::Arc;

use tokio::runtime::Handle;

pub use chore::{SystemClock, SystemRandom};
#[cfg(feature = "invoke")]
pub use invoke::ask;
pub use settings::{BucketSettings, PathStyle, Settings};

/// All ports on AWS. A clone is another handle.
#[derive(Clone)]
pub struct Aws {
    inner: Arc<Inner>,
}

struct Inner {
    s3: aws_sdk_s3::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    kms: aws_sdk_kms::Client,
    settings: Settings,
    handle: Handle,
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Aws")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

impl Aws {
    /// Connects, with the credentials and the region of the environment. Nothing is sent yet.
    pub async fn connect(settings: Settings) -> Self {
        let config = settings::sdk_config().await;
        let s3 = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(settings.path_style == PathStyle::Yes)
            .build();
        let inner = Inner {
            s3: aws_sdk_s3::Client::from_conf(s3),
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            kms: aws_sdk_kms::Client::new(&config),
            settings,
            handle: Handle::current(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Waits for an answer on this thread.
    fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.inner.handle.block_on(answer)
    }
}
