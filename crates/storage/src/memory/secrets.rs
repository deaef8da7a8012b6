//! Secrets and signatures in memory.

use obscura_core::{ContentHash, Group, PseudonymKey, Timestamp};

use super::{Memory, Shredded};
use crate::error::StoreError;
use crate::ports::{GroupAdmin, GroupInfo, Random, SecretError, SecretStore, Signature, Signer};

impl SecretStore for Memory {
    fn secret(&self, group: &Group) -> Result<PseudonymKey, SecretError> {
        let found = self.faults.around("unwrap secret", || {
            Ok(self.lock().secrets.get(group).cloned())
        });
        match found.map_err(SecretError::Store)? {
            None => Err(SecretError::NoGroup),
            Some((_, Shredded::Yes, _)) => Err(SecretError::Destroyed),
            Some((key, Shredded::No, _)) => Ok(key),
        }
    }

    fn check(&self, group: &Group) -> Result<(), SecretError> {
        self.secret(group).map(drop)
    }
}

impl GroupAdmin for Memory {
    fn add(&self, group: &Group, at: Timestamp) -> Result<GroupInfo, SecretError> {
        let mut bytes = [0; 32];
        for half in bytes.chunks_exact_mut(16) {
            half.copy_from_slice(&self.bytes().map_err(SecretError::Store)?);
        }
        let key = PseudonymKey::from_bytes(bytes);
        let mut state = self.lock();
        let entry = state.secrets.entry(group.clone());
        let created = entry.or_insert((key, Shredded::No, at)).2;
        Ok(info(group, created))
    }

    fn list(&self) -> Result<Vec<GroupInfo>, SecretError> {
        let state = self.lock();
        let groups = state.secrets.iter();
        Ok(groups.map(|(group, (_, _, at))| info(group, *at)).collect())
    }

    fn shred(&self, group: &Group, days: u32) -> Result<u32, SecretError> {
        let mut state = self.lock();
        let secret = state.secrets.get_mut(group).ok_or(SecretError::NoGroup)?;
        if secret.1 == Shredded::Yes {
            return Err(SecretError::Destroyed);
        }
        secret.1 = Shredded::Yes;
        Ok(days)
    }
}

impl Signer for Memory {
    /// A stand-in: the hash of the message. It proves nothing but that it was asked for.
    fn sign(&self, message: &[u8]) -> Result<Signature, StoreError> {
        self.faults.around("sign", || {
            Ok(Signature {
                base64: ContentHash::of(message).to_string(),
                key: "memory".to_owned(),
                algorithm: "NONE".to_owned(),
            })
        })
    }
}

fn info(group: &Group, created: Timestamp) -> GroupInfo {
    GroupInfo {
        group: group.clone(),
        key: format!("memory:{group}"),
        created,
    }
}
