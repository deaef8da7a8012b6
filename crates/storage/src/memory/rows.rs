//! The table of jobs in memory.

use std::ops::Bound;

use obscura_audit::Head;
use obscura_core::{FileId, Group};

use super::Memory;
use crate::error::StoreError;
use crate::row::{JobRef, Replaced, Row, RowKey, RowStore};

impl RowStore for Memory {
    fn create(&self, rows: &[Row]) -> Result<(), StoreError> {
        self.faults.around("create rows", || {
            let mut state = self.lock();
            for row in rows {
                let mut row = row.clone();
                row.revision = 1;
                state.rows.insert(row.key.clone(), row);
            }
            Ok(())
        })
    }

    fn read(&self, key: &RowKey) -> Result<Option<Row>, StoreError> {
        self.faults
            .around("read row", || Ok(self.lock().rows.get(key).cloned()))
    }

    fn replace(&self, row: &Row) -> Result<Replaced, StoreError> {
        self.faults.around("replace row", || {
            let mut state = self.lock();
            match state.rows.get_mut(&row.key) {
                Some(there) if there.revision == row.revision => {
                    *there = row.clone();
                    there.revision += 1;
                    Ok(Replaced::Done)
                }
                _ => Ok(Replaced::Lost),
            }
        })
    }

    fn files(
        &self,
        job: &JobRef,
        behind: Option<FileId>,
        at_most: u32,
    ) -> Result<Vec<Row>, StoreError> {
        self.faults.around("read files", || {
            let key = |file| RowKey::File(job.clone(), file);
            let first = match behind {
                Some(file) => Bound::Excluded(key(file)),
                None => Bound::Included(key(FileId::from_bytes([0; 16]))),
            };
            let mut state = self.lock();
            let rows = state.rows.range((first, Bound::Unbounded));
            let rows = rows.map(|(_, row)| row);
            let rows = rows.take_while(|row| row.key.job() == job);
            let rows: Vec<Row> = rows.take(at_most as usize).cloned().collect();
            state.rows_read += rows.len() as u64;
            Ok(rows)
        })
    }

    fn rows(&self, job: &JobRef) -> Result<Vec<Row>, StoreError> {
        self.faults.around("read rows", || {
            let mut state = self.lock();
            let rows = state.rows.values().filter(|row| row.key.job() == job);
            let rows: Vec<Row> = rows.cloned().collect();
            state.rows_read += rows.len() as u64;
            Ok(rows)
        })
    }

    fn of_patient(&self, group: &Group, patient: &str) -> Result<Vec<RowKey>, StoreError> {
        self.faults.around("rows of patient", || {
            let state = self.lock();
            let rows = state.rows.values().filter(|row| {
                row.key.job().group == *group && row.patient.as_deref() == Some(patient)
            });
            Ok(rows.map(|row| row.key.clone()).collect())
        })
    }

    fn jobs_in(&self, wanted: &str) -> Result<Vec<JobRef>, StoreError> {
        self.faults.around("find jobs", || {
            let state = self.lock();
            let jobs = state.rows.values().filter(|row| row.state == wanted);
            let jobs = jobs.filter(|row| matches!(row.key, RowKey::Job(_)));
            Ok(jobs.map(|row| row.key.job().clone()).collect())
        })
    }

    fn remove(&self, key: &RowKey) -> Result<(), StoreError> {
        self.faults.around("remove row", || {
            let mut state = self.lock();
            state.rows.remove(key);
            state.heads.remove(key);
            Ok(())
        })
    }

    fn head(&self, job: &JobRef) -> Result<Option<Head>, StoreError> {
        self.faults.around("read head", || {
            Ok(self.lock().heads.get(&RowKey::Job(job.clone())).copied())
        })
    }

    fn note_head(&self, job: &JobRef, head: Head) -> Result<(), StoreError> {
        self.faults.around("note head", || {
            let mut state = self.lock();
            let key = RowKey::Job(job.clone());
            let later = |there: &Head| there.sequence >= head.sequence;
            if state.rows.contains_key(&key) && !state.heads.get(&key).is_some_and(later) {
                state.heads.insert(key, head);
            }
            Ok(())
        })
    }
}
