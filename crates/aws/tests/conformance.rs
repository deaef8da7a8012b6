//! The adapters on AWS guarantee what every store guarantees. They are run against an endpoint
//! that stands for AWS, named by `AWS_ENDPOINT_URL` (with `AWS_CA_BUNDLE` as `SSL_CERT_FILE`), and
//! make their own buckets, keys and tables there:
//!
//! ```text
//! AWS_ENDPOINT_URL=https://localhost:4566 AWS_REGION=us-east-1 cargo test -p obscura-aws -- --ignored
//! ```

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::collections::BTreeMap;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::types as db;
use aws_sdk_s3::types as s3;
use obscura_aws::{Aws, BucketSettings, PathStyle, Settings, SystemRandom};
use obscura_core::ContentHash;
use obscura_storage::{
    Bucket, ObjectKey, ObjectStore, Part, Random, Signer, Terms, Uploads, conformance,
};
use tokio::runtime::Runtime;

async fn config() -> SdkConfig {
    assert!(
        std::env::var_os("AWS_ENDPOINT_URL").is_some(),
        "AWS_ENDPOINT_URL names no endpoint to test against"
    );
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(aws_smithy_http_client::tls::Provider::Rustls(
            aws_smithy_http_client::tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https();
    let defaults = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
    defaults.load().await
}

async fn key(kms: &aws_sdk_kms::Client) -> String {
    let made = kms.create_key().send().await.unwrap();
    made.key_metadata.unwrap().arn.unwrap()
}

/// Buckets, keys and tables of this run alone.
async fn deploy() -> Aws {
    let config = config().await;
    let s3_config = aws_sdk_s3::config::Builder::from(&config).force_path_style(true);
    let s3 = aws_sdk_s3::Client::from_conf(s3_config.build());
    let kms = aws_sdk_kms::Client::new(&config);
    let run = SystemRandom.job().unwrap().to_string();
    let mut buckets = BTreeMap::new();
    for bucket in Bucket::ALL {
        let name = format!("obscura-{}-{}", bucket.name(), &run[..12]);
        s3.create_bucket().bucket(&name).send().await.unwrap();
        let versioning = s3::VersioningConfiguration::builder()
            .status(s3::BucketVersioningStatus::Enabled)
            .build();
        let request = s3.put_bucket_versioning().bucket(&name);
        request
            .versioning_configuration(versioning)
            .send()
            .await
            .unwrap();
        let key_arn = key(&kms).await;
        buckets.insert(bucket, BucketSettings { name, key_arn });
    }
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let (jobs, groups) = (format!("jobs-{run}"), format!("groups-{run}"));
    tables(&dynamodb, &jobs, &groups).await;
    let receipt = kms
        .create_key()
        .key_spec(aws_sdk_kms::types::KeySpec::EccNistP256)
        .key_usage(aws_sdk_kms::types::KeyUsageType::SignVerify)
        .send()
        .await
        .unwrap();
    Aws::connect(Settings {
        stack: "conformance".to_owned(),
        buckets,
        jobs_table: Some(jobs),
        groups_table: Some(groups),
        receipt_key: receipt.key_metadata.unwrap().arn,
        path_style: PathStyle::Yes,
    })
    .await
}

fn attribute(name: &str) -> db::AttributeDefinition {
    let attribute = db::AttributeDefinition::builder().attribute_name(name);
    let attribute = attribute.attribute_type(db::ScalarAttributeType::S);
    attribute.build().unwrap()
}

fn part(name: &str, kind: db::KeyType) -> db::KeySchemaElement {
    let element = db::KeySchemaElement::builder().attribute_name(name);
    element.key_type(kind).build().unwrap()
}

async fn tables(dynamodb: &aws_sdk_dynamodb::Client, jobs: &str, groups: &str) {
    let everything = db::Projection::builder()
        .projection_type(db::ProjectionType::KeysOnly)
        .build();
    let by_patient = db::GlobalSecondaryIndex::builder()
        .index_name("by-patient")
        .key_schema(part("patient", db::KeyType::Hash))
        .key_schema(part("pk", db::KeyType::Range))
        .projection(everything)
        .build()
        .unwrap();
    let table = dynamodb
        .create_table()
        .table_name(jobs)
        .billing_mode(db::BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk"))
        .attribute_definitions(attribute("sk"))
        .attribute_definitions(attribute("patient"))
        .key_schema(part("pk", db::KeyType::Hash))
        .key_schema(part("sk", db::KeyType::Range))
        .global_secondary_indexes(by_patient);
    table.send().await.unwrap();
    let table = dynamodb
        .create_table()
        .table_name(groups)
        .billing_mode(db::BillingMode::PayPerRequest)
        .attribute_definitions(attribute("group"))
        .key_schema(part("group", db::KeyType::Hash));
    table.send().await.unwrap();
}

#[test]
#[ignore = "needs an endpoint that stands for AWS"]
fn the_adapters_guarantee_what_every_store_does() {
    let runtime = Runtime::new().unwrap();
    let aws = runtime.block_on(deploy());
    assert_eq!(conformance::objects(&aws, &SystemRandom), Ok(()));
    assert_eq!(conformance::lists(&aws, &SystemRandom), Ok(()));
    assert_eq!(conformance::uploads(&aws, &SystemRandom), Ok(()));
    assert_eq!(conformance::rows(&aws, &SystemRandom), Ok(()));
    assert_eq!(conformance::files(&aws, &SystemRandom), Ok(()));
    assert_eq!(conformance::groups(&aws, &SystemRandom), Ok(()));
    let signature = aws.sign(b"a receipt").unwrap();
    assert_eq!(signature.algorithm, "ECDSA_SHA_256");
    assert_ne!(signature.base64, aws.sign(b"another").unwrap().base64);
}

/// Issue 4: a presigned URL is bound to key, length, checksum, content type and SSE-KMS headers.
#[test]
#[ignore = "needs an endpoint that stands for AWS"]
fn everything_an_upload_is_bound_to_is_signed() {
    let runtime = Runtime::new().unwrap();
    let aws = runtime.block_on(deploy());
    let key = ObjectKey::Intake(
        "conformance".parse().unwrap(),
        SystemRandom.job().unwrap(),
        SystemRandom.file().unwrap(),
    );
    let terms = Terms {
        bytes: 5,
        sha256: ContentHash::of(b"bytes"),
        content_type: "application/dicom".to_owned(),
    };
    let quarter = Duration::from_mins(15);
    let signed = aws.sign_put(&key, &terms, quarter).unwrap();
    let bound = [
        "content-length",
        "content-type",
        "if-none-match",
        "x-amz-checksum-sha256",
        "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-aws-kms-key-id",
    ];
    for name in bound {
        assert!(signed.headers.iter().any(|(n, _)| n == name), "{name}");
        assert!(
            signed_headers(&signed.url).contains(&name.to_owned()),
            "{name}"
        );
    }
    assert!(signed.url.contains("X-Amz-Expires=900"));
    let upload = aws.begin(&key, "application/dicom").unwrap();
    let part = Part {
        bytes: 5,
        sha256: ContentHash::of(b"bytes"),
    };
    let signed = aws.sign_part(&key, &upload, 1, &part, quarter).unwrap();
    for name in ["content-length", "x-amz-checksum-sha256"] {
        assert!(
            signed_headers(&signed.url).contains(&name.to_owned()),
            "{name}"
        );
    }
    assert!(aws.head(&key).unwrap().is_none());
}

fn signed_headers(url: &str) -> Vec<String> {
    let (_, after) = url.split_once("X-Amz-SignedHeaders=").unwrap();
    let list = after.split('&').next().unwrap();
    list.split("%3B").map(ToOwned::to_owned).collect()
}
