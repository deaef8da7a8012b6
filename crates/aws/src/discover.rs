//! [`discover`]: the names of a deployment, from the name of its stack.
//!
//! The template makes all names of the stack's name, the account and the region; keys have an alias
//! each. Whoever administers the deployment so needs to know one name only.

use std::collections::BTreeMap;

use obscura_storage::{Bucket, StoreError};

use crate::failure::{failed, of_code};
use crate::settings::{BucketSettings, PathStyle, Settings, sdk_config};

const OPERATION: &str = "find the deployment";

/// The names of a deployment. Its keys are asked for by their aliases; they tell account and region.
///
/// # Errors
/// If a key is not there, or may not be looked at.
pub async fn discover(stack: &str, path_style: PathStyle) -> Result<Settings, StoreError> {
    let kms = aws_sdk_kms::Client::new(&sdk_config().await);
    let key = async |name: &str| {
        let alias = format!("alias/{stack}-{name}");
        let answer = kms.describe_key().key_id(alias).send().await;
        let answer = answer.map_err(failed(OPERATION))?;
        let arn = answer.key_metadata.and_then(|metadata| metadata.arn);
        arn.ok_or_else(|| of_code(OPERATION, "no key".to_owned()))
    };
    let (intake, clean, audit) = (
        key("intake").await?,
        key("clean").await?,
        key("audit").await?,
    );
    let receipt = key("receipt").await?;
    // arn:<partition>:kms:<region>:<account>:key/<id>
    let parts: Vec<&str> = intake.split(':').collect();
    let [_, _, _, region, account, _] = parts[..] else {
        return Err(of_code(
            OPERATION,
            "a key without account and region".to_owned(),
        ));
    };
    let bucket = |name: &str, key_arn: &str| BucketSettings {
        name: format!("{stack}-{name}-{account}-{region}"),
        key_arn: key_arn.to_owned(),
    };
    Ok(Settings {
        buckets: BTreeMap::from([
            (Bucket::Intake, bucket("intake", &intake)),
            (Bucket::Quarantine, bucket("quarantine", &intake)),
            (Bucket::Clean, bucket("clean", &clean)),
            (Bucket::Audit, bucket("audit", &audit)),
        ]),
        receipt_key: Some(receipt),
        ..Settings::tables_of(stack, path_style)
    })
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
