//! The table of jobs on `DynamoDB`.
//!
//! `pk` is `<group>#<job>`, `sk` is `job` or `file#<file>`; the rest of a row is `rev`, `state`,
//! `doc`, `patient` (the key of the index `by-patient`), `expires` (the TTL) and, on a job's own
//! row, `head_sequence` and `head_hash`, which change without a revision.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use obscura_audit::Head;
use obscura_core::{FileId, Group};
use obscura_storage::{JobRef, Replaced, Row, RowKey, RowStore, StoreError};

use crate::Aws;
use crate::failure::{code, failed, of_code, unnamed};

type Item = HashMap<String, AttributeValue>;

/// Rows that one call of `BatchWriteItem` takes.
const AT_ONCE: usize = 25;
/// How often rows that were not taken are offered again.
const TRIES: u32 = 8;

impl Aws {
    fn jobs_table(&self, operation: &'static str) -> Result<&str, StoreError> {
        let table = self.inner.settings.jobs_table.as_deref();
        table.ok_or_else(|| unnamed(operation))
    }

    async fn write_all(
        &self,
        operation: &'static str,
        table: &str,
        mut waiting: Vec<WriteRequest>,
    ) -> Result<(), StoreError> {
        for attempt in 0..TRIES {
            let request = self.inner.dynamodb.batch_write_item();
            let request = request.request_items(table, waiting);
            let answer = request.send().await.map_err(failed(operation))?;
            let left = answer.unprocessed_items.unwrap_or_default();
            waiting = left.into_values().flatten().collect();
            if waiting.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
        Err(of_code(operation, "rows were not taken".to_owned()))
    }

    async fn item(
        &self,
        operation: &'static str,
        key: &RowKey,
    ) -> Result<Option<Item>, StoreError> {
        let request = self
            .inner
            .dynamodb
            .get_item()
            .table_name(self.jobs_table(operation)?)
            .set_key(Some(key_of(key)))
            .consistent_read(true);
        let answer = request.send().await.map_err(failed(operation))?;
        Ok(answer.item)
    }
}

impl RowStore for Aws {
    fn create(&self, rows: &[Row]) -> Result<(), StoreError> {
        let operation = "create rows";
        let table = self.jobs_table(operation)?;
        self.wait(async {
            for some in rows.chunks(AT_ONCE) {
                let mut writes = Vec::with_capacity(some.len());
                for row in some {
                    let put = PutRequest::builder().set_item(Some(item_of(row, 1)));
                    let put = put
                        .build()
                        .map_err(|_| of_code(operation, "request could not be made".to_owned()))?;
                    writes.push(WriteRequest::builder().put_request(put).build());
                }
                self.write_all(operation, table, writes).await?;
            }
            Ok(())
        })
    }

    fn read(&self, key: &RowKey) -> Result<Option<Row>, StoreError> {
        let operation = "read row";
        let item = self.wait(self.item(operation, key))?;
        item.map(|item| row(operation, &item)).transpose()
    }

    fn replace(&self, row: &Row) -> Result<Replaced, StoreError> {
        let operation = "replace row";
        let mut set = "SET rev = :next, #state = :state, doc = :doc".to_owned();
        let mut remove = Vec::new();
        let mut request = self
            .inner
            .dynamodb
            .update_item()
            .table_name(self.jobs_table(operation)?)
            .set_key(Some(key_of(&row.key)))
            .condition_expression("rev = :rev")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":rev", number(row.revision))
            .expression_attribute_values(":next", number(row.revision + 1))
            .expression_attribute_values(":state", text(&row.state))
            .expression_attribute_values(":doc", text(&row.doc));
        match &row.patient {
            Some(patient) => {
                set.push_str(", patient = :patient");
                let value = text(&indexed(&row.key.job().group, patient));
                request = request.expression_attribute_values(":patient", value);
            }
            None => remove.push("patient"),
        }
        match row.expires {
            Some(expires) => {
                set.push_str(", expires = :expires");
                request = request.expression_attribute_values(":expires", number(expires));
            }
            None => remove.push("expires"),
        }
        if !remove.is_empty() {
            set.push_str(" REMOVE ");
            set.push_str(&remove.join(", "));
        }
        match self.wait(request.update_expression(set).send()) {
            Ok(_) => Ok(Replaced::Done),
            Err(error) => match code(&error) {
                code if code == "ConditionalCheckFailedException" => Ok(Replaced::Lost),
                code => Err(of_code(operation, code)),
            },
        }
    }

    fn files(
        &self,
        job: &JobRef,
        behind: Option<FileId>,
        at_most: u32,
    ) -> Result<Vec<Row>, StoreError> {
        let operation = "read files";
        let sort = |file| RowKey::File(job.clone(), file).sort();
        let behind = behind.map_or_else(|| "file#".to_owned(), sort);
        let mut items = self
            .inner
            .dynamodb
            .query()
            .table_name(self.jobs_table(operation)?)
            .key_condition_expression("pk = :pk AND sk > :behind")
            .expression_attribute_values(":pk", text(&job.to_string()))
            .expression_attribute_values(":behind", text(&behind))
            .consistent_read(true)
            .limit(i32::try_from(at_most).unwrap_or(i32::MAX))
            .into_paginator()
            .items()
            .send();
        self.wait(async {
            let mut rows = Vec::new();
            while rows.len() < at_most as usize {
                let Some(item) = items.try_next().await.map_err(failed(operation))? else {
                    break;
                };
                let row = row(operation, &item)?;
                // The job's own row is sorted behind those of its files.
                if matches!(row.key, RowKey::File(..)) {
                    rows.push(row);
                }
            }
            Ok(rows)
        })
    }

    fn rows(&self, job: &JobRef) -> Result<Vec<Row>, StoreError> {
        let operation = "read rows";
        let pages = self
            .inner
            .dynamodb
            .query()
            .table_name(self.jobs_table(operation)?)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(&job.to_string()))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let items = self.wait(pages.collect::<Result<Vec<Item>, _>>());
        let items = items.map_err(failed(operation))?;
        items.iter().map(|item| row(operation, item)).collect()
    }

    fn of_patient(&self, group: &Group, patient: &str) -> Result<Vec<RowKey>, StoreError> {
        let operation = "rows of patient";
        let pages = self
            .inner
            .dynamodb
            .query()
            .table_name(self.jobs_table(operation)?)
            .index_name("by-patient")
            .key_condition_expression("patient = :patient")
            .expression_attribute_values(":patient", text(&indexed(group, patient)))
            .into_paginator()
            .items()
            .send();
        let items = self.wait(pages.collect::<Result<Vec<Item>, _>>());
        let items = items.map_err(failed(operation))?;
        items.iter().map(|item| key(operation, item)).collect()
    }

    fn jobs_in(&self, state: &str) -> Result<Vec<JobRef>, StoreError> {
        let operation = "find jobs";
        let pages = self
            .inner
            .dynamodb
            .scan()
            .table_name(self.jobs_table(operation)?)
            .filter_expression("sk = :job AND #state = :state")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":job", text("job"))
            .expression_attribute_values(":state", text(state))
            .projection_expression("pk, sk")
            .into_paginator()
            .items()
            .send();
        let items = self.wait(pages.collect::<Result<Vec<Item>, _>>());
        let items = items.map_err(failed(operation))?;
        let keys = items.iter().map(|item| key(operation, item));
        keys.map(|key| key.map(|key| key.job().clone())).collect()
    }

    fn remove(&self, key: &RowKey) -> Result<(), StoreError> {
        let operation = "remove row";
        let request = self
            .inner
            .dynamodb
            .delete_item()
            .table_name(self.jobs_table(operation)?)
            .set_key(Some(key_of(key)));
        self.wait(request.send()).map_err(failed(operation))?;
        Ok(())
    }

    fn head(&self, job: &JobRef) -> Result<Option<Head>, StoreError> {
        let operation = "read head";
        let item = self.wait(self.item(operation, &RowKey::Job(job.clone())))?;
        let item = item.unwrap_or_default();
        let sequence = item.get("head_sequence").and_then(|v| v.as_n().ok());
        let hash = item.get("head_hash").and_then(|v| v.as_s().ok());
        let (Some(sequence), Some(hash)) = (sequence, hash) else {
            return Ok(None);
        };
        match (sequence.parse(), hash.parse()) {
            (Ok(sequence), Ok(hash)) => Ok(Some(Head { sequence, hash })),
            _ => Err(damaged(operation)),
        }
    }

    fn note_head(&self, job: &JobRef, head: Head) -> Result<(), StoreError> {
        let operation = "note head";
        let request = self
            .inner
            .dynamodb
            .update_item()
            .table_name(self.jobs_table(operation)?)
            .set_key(Some(key_of(&RowKey::Job(job.clone()))))
            .update_expression("SET head_sequence = :n, head_hash = :hash")
            .condition_expression(
                "attribute_exists(pk) AND (attribute_not_exists(head_sequence) OR head_sequence < :n)",
            )
            .expression_attribute_values(":n", number(u64::from(head.sequence)))
            .expression_attribute_values(":hash", text(&head.hash.to_string()));
        match self.wait(request.send()) {
            Err(error) if code(&error) != "ConditionalCheckFailedException" => {
                Err(failed(operation)(error))
            }
            _ => Ok(()),
        }
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A patient as the index has it: pseudonyms of two tenants never meet.
fn indexed(group: &Group, patient: &str) -> String {
    format!("{group}#{patient}")
}

fn key_of(key: &RowKey) -> Item {
    Item::from([
        ("pk".to_owned(), text(&key.job().to_string())),
        ("sk".to_owned(), text(&key.sort())),
    ])
}

fn item_of(row: &Row, revision: u64) -> Item {
    let mut item = key_of(&row.key);
    item.insert("rev".to_owned(), number(revision));
    item.insert("state".to_owned(), text(&row.state));
    item.insert("doc".to_owned(), text(&row.doc));
    if let Some(patient) = &row.patient {
        let value = text(&indexed(&row.key.job().group, patient));
        item.insert("patient".to_owned(), value);
    }
    if let Some(expires) = row.expires {
        item.insert("expires".to_owned(), number(expires));
    }
    item
}

fn damaged(operation: &'static str) -> StoreError {
    StoreError::Damaged { operation }
}

fn key(operation: &'static str, item: &Item) -> Result<RowKey, StoreError> {
    let field = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let keys = field("pk").zip(field("sk"));
    keys.and_then(|(pk, sk)| RowKey::parse(pk, sk))
        .ok_or_else(|| damaged(operation))
}

fn row(operation: &'static str, item: &Item) -> Result<Row, StoreError> {
    let key = key(operation, item)?;
    let field = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let count = |name: &str| {
        let digits = item.get(name).and_then(|value| value.as_n().ok());
        digits.and_then(|digits| digits.parse::<u64>().ok())
    };
    let prefix = format!("{}#", key.job().group);
    let patient = field("patient").and_then(|patient| patient.strip_prefix(&prefix));
    Ok(Row {
        revision: count("rev").ok_or_else(|| damaged(operation))?,
        state: field("state").cloned().unwrap_or_default(),
        patient: patient.map(ToOwned::to_owned),
        expires: count("expires"),
        doc: field("doc").cloned().ok_or_else(|| damaged(operation))?,
        key,
    })
}
