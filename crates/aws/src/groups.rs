//! The groups' secrets: data keys of KMS, wrapped in the table of groups.
//!
//! Each group has a KMS key of its own; its secret is a data key under it, bound by the encryption
//! context to stack, group and purpose. Scheduling that key for deletion shreds every pseudonym of
//! the group.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{DataKeySpec, KeyState, Tag};
use obscura_core::{Group, PseudonymKey, Timestamp};
use obscura_storage::{GroupAdmin, GroupInfo, SecretError, SecretStore, StoreError};
use serde_json::json;
use zeroize::Zeroizing;

use crate::Aws;
use crate::failure::{code, failed, of_code, unnamed};

type Item = HashMap<String, AttributeValue>;

impl Aws {
    fn groups_table(&self, operation: &'static str) -> Result<&str, StoreError> {
        let table = self.inner.settings.groups_table.as_deref();
        table.ok_or_else(|| unnamed(operation))
    }

    fn context(&self, group: &Group) -> HashMap<String, String> {
        HashMap::from([
            (
                "obscura:stack".to_owned(),
                self.inner.settings.stack.clone(),
            ),
            ("obscura:group".to_owned(), group.to_string()),
            ("obscura:purpose".to_owned(), "pseudonym".to_owned()),
        ])
    }

    async fn group_item(&self, group: &Group) -> Result<Option<Item>, StoreError> {
        let operation = "read group";
        let request = self
            .inner
            .dynamodb
            .get_item()
            .table_name(self.groups_table(operation)?)
            .key("group", AttributeValue::S(group.to_string()))
            .consistent_read(true);
        let answer = request.send().await.map_err(failed(operation))?;
        Ok(answer.item)
    }

    async fn unwrap(&self, group: &Group, item: &Item) -> Result<PseudonymKey, SecretError> {
        let operation = "unwrap secret";
        let damaged = || SecretError::Store(StoreError::Damaged { operation });
        let secret = item.get("secret").and_then(|value| value.as_b().ok());
        let key = item.get("key_arn").and_then(|value| value.as_s().ok());
        let (secret, key) = secret.zip(key).ok_or_else(damaged)?;
        let request = self
            .inner
            .kms
            .decrypt()
            .key_id(key)
            .ciphertext_blob(Blob::new(secret.as_ref()))
            .set_encryption_context(Some(self.context(group)));
        let answer = request.send().await;
        let answer = answer.map_err(|error| key_error(operation, code(&error)))?;
        let plain = answer.plaintext.map(Blob::into_inner).map(Zeroizing::new);
        let bytes = plain.and_then(|plain| <[u8; 32]>::try_from(plain.as_slice()).ok());
        let bytes = Zeroizing::new(bytes.ok_or_else(damaged)?);
        Ok(PseudonymKey::from_bytes(*bytes))
    }

    /// Whether a key can be used, by what KMS says of it: no right to use it is needed.
    async fn usable(&self, key: &str) -> Result<(), SecretError> {
        let operation = "see key of group";
        let answer = self.inner.kms.describe_key().key_id(key).send().await;
        let answer = answer.map_err(|error| key_error(operation, code(&error)))?;
        match answer.key_metadata.and_then(|metadata| metadata.key_state) {
            Some(KeyState::Enabled) => Ok(()),
            Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion) => {
                Err(SecretError::Destroyed)
            }
            // What using it would answer.
            _ => Err(key_error(operation, "DisabledException".to_owned())),
        }
    }

    /// A new KMS key for a group; it rotates every year, which keeps old data keys readable.
    async fn new_key(&self, group: &Group) -> Result<String, StoreError> {
        let operation = "create key";
        let tag = |key: &str, value: &str| {
            let tag = Tag::builder().tag_key(key).tag_value(value).build();
            tag.map_err(|_| of_code(operation, "request could not be made".to_owned()))
        };
        let request = self
            .inner
            .kms
            .create_key()
            .description("Obscura: the pseudonyms of one group")
            .tags(tag("obscura:stack", &self.inner.settings.stack)?)
            .tags(tag("obscura:group", group.as_str())?);
        let answer = request.send().await.map_err(failed(operation))?;
        let arn = answer.key_metadata.and_then(|metadata| metadata.arn);
        let arn = arn.ok_or_else(|| of_code(operation, "no key".to_owned()))?;
        if let Err(error) = self.close_key(&arn, group).await {
            // Nothing was wrapped with it.
            let _ = self.schedule_deletion(&arn, 7).await;
            return Err(error);
        }
        Ok(arn)
    }

    /// Has a new key turn every year, and be used by the functions alone.
    async fn close_key(&self, arn: &str, group: &Group) -> Result<(), StoreError> {
        let operation = "close key";
        let policy = policy(arn, &self.inner.settings.stack, group);
        let policy =
            policy.ok_or_else(|| of_code(operation, "a key without an account".to_owned()))?;
        let request = self.inner.kms.put_key_policy().key_id(arn);
        let answer = request.policy(policy).send().await;
        answer.map_err(failed(operation))?;
        let rotate = self.inner.kms.enable_key_rotation().key_id(arn);
        rotate.send().await.map_err(failed("rotate key"))?;
        Ok(())
    }

    async fn schedule_deletion(&self, key: &str, days: u32) -> Result<u32, SecretError> {
        let operation = "schedule deletion of key";
        let request = self
            .inner
            .kms
            .schedule_key_deletion()
            .key_id(key)
            .pending_window_in_days(i32::try_from(days).unwrap_or(30));
        let answer = request.send().await;
        // A key that waits for its deletion already is not scheduled again.
        let answer = answer.map_err(|error| key_error(operation, code(&error)))?;
        let window = answer.pending_window_in_days.filter(|window| *window > 0);
        Ok(window.map_or(days, i32::unsigned_abs))
    }

    async fn add_group(&self, group: &Group, at: Timestamp) -> Result<GroupInfo, StoreError> {
        let operation = "add group";
        if let Some(item) = self.group_item(group).await? {
            return info(operation, &item);
        }
        let table = self.groups_table(operation)?;
        let key = self.new_key(group).await?;
        let request = self
            .inner
            .kms
            .generate_data_key_without_plaintext()
            .key_id(&key)
            .key_spec(DataKeySpec::Aes256)
            .set_encryption_context(Some(self.context(group)));
        let wrapped = request.send().await.map_err(failed("make secret"))?;
        let wrapped = wrapped.ciphertext_blob.map(Blob::into_inner);
        let wrapped = wrapped.ok_or_else(|| of_code(operation, "no secret".to_owned()))?;
        let secret = aws_sdk_dynamodb::primitives::Blob::new(wrapped);
        let request = self
            .inner
            .dynamodb
            .put_item()
            .table_name(table)
            .item("group", AttributeValue::S(group.to_string()))
            .item("key_arn", AttributeValue::S(key.clone()))
            .item("secret", AttributeValue::B(secret))
            .item("created", AttributeValue::S(at.to_string()))
            .condition_expression("attribute_not_exists(#group)")
            .expression_attribute_names("#group", "group");
        if let Err(error) = request.send().await {
            // Nothing was wrapped with this key that anybody has.
            let scheduled = self.schedule_deletion(&key, 7).await;
            if let Err(SecretError::Store(error)) = scheduled {
                return Err(error);
            }
            if code(&error) != "ConditionalCheckFailedException" {
                return Err(failed(operation)(error));
            }
            let item = self.group_item(group).await?;
            let item = item.ok_or(StoreError::Damaged { operation })?;
            return info(operation, &item);
        }
        Ok(GroupInfo {
            group: group.clone(),
            key,
            created: at,
        })
    }
}

impl SecretStore for Aws {
    fn secret(&self, group: &Group) -> Result<PseudonymKey, SecretError> {
        self.wait(async {
            let item = self.group_item(group).await.map_err(SecretError::Store)?;
            self.unwrap(group, &item.ok_or(SecretError::NoGroup)?).await
        })
    }

    fn check(&self, group: &Group) -> Result<(), SecretError> {
        self.wait(async {
            let item = self.group_item(group).await.map_err(SecretError::Store)?;
            let item = item.ok_or(SecretError::NoGroup)?;
            let key = item.get("key_arn").and_then(|value| value.as_s().ok());
            let operation = "check group";
            let key = key.ok_or(SecretError::Store(StoreError::Damaged { operation }))?;
            self.usable(key).await
        })
    }
}

impl GroupAdmin for Aws {
    fn add(&self, group: &Group, at: Timestamp) -> Result<GroupInfo, SecretError> {
        self.wait(self.add_group(group, at))
            .map_err(SecretError::Store)
    }

    fn list(&self) -> Result<Vec<GroupInfo>, SecretError> {
        let operation = "list groups";
        let table = self.groups_table(operation).map_err(SecretError::Store)?;
        let pages = self
            .inner
            .dynamodb
            .scan()
            .table_name(table)
            .into_paginator()
            .items()
            .send();
        let items = self.wait(pages.collect::<Result<Vec<Item>, _>>());
        let items = items.map_err(|error| SecretError::Store(failed(operation)(error)))?;
        let infos = items.iter().map(|item| info(operation, item));
        infos.collect::<Result<_, _>>().map_err(SecretError::Store)
    }

    fn shred(&self, group: &Group, days: u32) -> Result<u32, SecretError> {
        self.wait(async {
            let item = self.group_item(group).await.map_err(SecretError::Store)?;
            let info = info("shred group", &item.ok_or(SecretError::NoGroup)?);
            let key = info.map_err(SecretError::Store)?.key;
            // Not again, nor later than it was said before.
            if let Err(SecretError::Destroyed) = self.usable(&key).await {
                return Err(SecretError::Destroyed);
            }
            self.schedule_deletion(&key, days).await
        })
    }
}

/// The functions that unwrap secrets: they make pseudonyms, or seal what a job ends with.
const UNWRAP: [&str; 4] = ["deidentify", "analyse", "sweep", "erase"];

/// What those who administer keys may do: everything but use them. Wrapping without seeing what is wrapped
/// is how a group is added.
const ADMINISTER: [&str; 19] = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
];

/// The policy of a group's key, whose ARN tells partition and account: whoever administers it cannot unwrap
/// what it wraps; the functions can, and only a secret of this group.
fn policy(arn: &str, stack: &str, group: &Group) -> Option<String> {
    let ["arn", partition, "kms", _, account, _] = arn.split(':').collect::<Vec<_>>()[..] else {
        return None;
    };
    let anybody = json!({"AWS": format!("arn:{partition}:iam::{account}:root")});
    let role = |name: &str| format!("arn:{partition}:iam::{account}:role/{stack}-{name}");
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Administration",
                "Effect": "Allow",
                "Principal": anybody,
                "Action": ADMINISTER,
                "Resource": "*",
            },
            {
                "Sid": "FunctionsUnwrapTheSecret",
                "Effect": "Allow",
                "Principal": anybody,
                "Action": "kms:Decrypt",
                "Resource": "*",
                "Condition": {
                    "ArnEquals": {"aws:PrincipalArn": UNWRAP.map(role)},
                    "StringEquals": {
                        "kms:EncryptionContext:obscura:stack": stack,
                        "kms:EncryptionContext:obscura:group": group.as_str(),
                        "kms:EncryptionContext:obscura:purpose": "pseudonym",
                    },
                },
            },
        ],
    });
    Some(policy.to_string())
}

fn key_error(operation: &'static str, code: String) -> SecretError {
    match code.as_str() {
        // Pending deletion or deleted; a key that is only disabled is a denial.
        "KMSInvalidStateException" | "NotFoundException" => SecretError::Destroyed,
        _ => SecretError::Store(of_code(operation, code)),
    }
}

fn info(operation: &'static str, item: &Item) -> Result<GroupInfo, StoreError> {
    let field = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let found = || {
        Some(GroupInfo {
            group: field("group")?.parse().ok()?,
            key: field("key_arn")?.clone(),
            created: field("created")?.parse().ok()?,
        })
    };
    found().ok_or(StoreError::Damaged { operation })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panic")]
mod tests {
    use super::*;

    /// Issue 4: least-privilege key policies; who administers a key cannot use it.
    #[test]
    fn the_key_of_a_group_is_used_by_the_functions_alone() {
        let arn = "arn:aws-cn:kms:cn-north-1:123456789012:key/0a";
        let group: Group = "radiology".parse().unwrap();
        let policy = policy(arn, "hospital", &group).unwrap();
        let policy: serde_json::Value = serde_json::from_str(&policy).unwrap();
        let [administration, use_] = &policy["Statement"].as_array().unwrap()[..] else {
            panic!("{policy}");
        };
        for action in administration["Action"].as_array().unwrap() {
            let action = action.as_str().unwrap();
            let uses = [
                "kms:Decrypt",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:CreateGrant",
            ];
            assert!(!uses.contains(&action), "{action}");
            assert!(
                !action.contains('*') && !action.starts_with("kms:ReEncrypt"),
                "{action}"
            );
        }
        assert_eq!(use_["Action"], "kms:Decrypt");
        let condition = &use_["Condition"];
        assert_eq!(condition["StringEquals"].as_object().unwrap().len(), 3);
        assert_eq!(
            condition["ArnEquals"]["aws:PrincipalArn"],
            json!([
                "arn:aws-cn:iam::123456789012:role/hospital-deidentify",
                "arn:aws-cn:iam::123456789012:role/hospital-analyse",
                "arn:aws-cn:iam::123456789012:role/hospital-sweep",
                "arn:aws-cn:iam::123456789012:role/hospital-erase",
            ])
        );
        assert_eq!(super::policy("key/0a", "hospital", &group), None);
    }
}
