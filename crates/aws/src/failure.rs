//! What the services answer, as [`StoreError`]: the operation and the code, nothing of the text.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use obscura_storage::StoreError;

/// Codes by which a service says that the caller may not.
const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "KMS.AccessDeniedException",
    "KMS.DisabledException",
    "DisabledException",
    "AllAccessDisabled",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "ExpiredToken",
];

/// The code of an error, or the kind of failure if no service answered.
pub(crate) fn code<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata,
{
    let kind = match error {
        SdkError::ServiceError(_) => "service error",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "unreachable",
        SdkError::ResponseError(_) => "bad answer",
        SdkError::ConstructionFailure(_) => "request could not be made",
        _ => "unknown",
    };
    error.code().unwrap_or(kind).to_owned()
}

/// The store's error of a service's.
pub(crate) fn failed<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata,
{
    move |error| of_code(operation, code(&error))
}

/// The store's error of a code.
pub(crate) fn of_code(operation: &'static str, code: String) -> StoreError {
    match code.as_str() {
        "NoSuchKey" | "NotFound" => StoreError::NotFound { operation },
        code_word if DENIED.contains(&code_word) => StoreError::Denied { operation, code },
        _ => StoreError::Unavailable { operation, code },
    }
}

/// What was asked for was not named in the settings.
pub(crate) fn unnamed(operation: &'static str) -> StoreError {
    StoreError::Unavailable {
        operation,
        code: "not named in the settings".to_owned(),
    }
}
