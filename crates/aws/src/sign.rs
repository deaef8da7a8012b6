//! Signatures of receipts by KMS.

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use obscura_core::ContentHash;
use obscura_storage::{Signature, Signer, StoreError};

use crate::Aws;
use crate::failure::{failed, of_code, unnamed};

impl Signer for Aws {
    fn sign(&self, message: &[u8]) -> Result<Signature, StoreError> {
        let operation = "sign receipt";
        let key = self.inner.settings.receipt_key.as_deref();
        let key = key.ok_or_else(|| unnamed(operation))?;
        let request = self
            .inner
            .kms
            .sign()
            .key_id(key)
            // The digest, so that a receipt may be longer than the 4096 bytes that KMS takes.
            .message(Blob::new(ContentHash::of(message).as_bytes().to_vec()))
            .message_type(MessageType::Digest)
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let answer = self.wait(request.send()).map_err(failed(operation))?;
        let signature = answer.signature.map(Blob::into_inner);
        let signature = signature.ok_or_else(|| of_code(operation, "no signature".to_owned()))?;
        Ok(Signature {
            base64: STANDARD.encode(signature),
            key: key.to_owned(),
            algorithm: "ECDSA_SHA_256".to_owned(),
        })
    }
}
