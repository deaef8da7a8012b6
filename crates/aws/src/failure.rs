//! What the services answer, as [`StoreError`]: the operation and the code, nothing of the text.

use std::error::Error;
use std::fmt::Debug;

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
    E: ProvideErrorMetadata + Error + 'static,
    R: Debug + 'static,
{
    let kind = match error {
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_)
            if says(error, "region") =>
        {
            "no region is set"
        }
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_)
            if says(error, "credential") =>
        {
            "no credentials were found"
        }
        SdkError::ServiceError(_) => "service error",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "unreachable",
        SdkError::ResponseError(_) => "bad answer",
        SdkError::ConstructionFailure(_) => "request could not be made",
        _ => "unknown",
    };
    error.code().unwrap_or(kind).to_owned()
}

/// Whether an error, or one behind it, speaks of something. What it says is not repeated.
fn says(error: &(dyn Error + 'static), word: &str) -> bool {
    let mut next = Some(error);
    while let Some(one) = next {
        if one.to_string().to_lowercase().contains(word) {
            return true;
        }
        next = one.source();
    }
    false
}

/// The store's error of a service's.
pub(crate) fn failed<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: Debug + 'static,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An error that stands behind another.
    #[derive(Debug, thiserror::Error)]
    #[error("dispatch failure")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn what_is_missing_on_the_users_side_is_found_behind_an_error() {
        let outer = Outer(std::io::Error::other("the Credential provider gave none"));
        assert!(says(&outer, "credential") && !says(&outer, "region"));
    }

    #[test]
    fn denials_are_told_from_failures() {
        let of = |code: &str| of_code("put", code.to_owned());
        assert!(matches!(of("NoSuchKey"), StoreError::NotFound { .. }));
        assert!(matches!(
            of("KMS.DisabledException"),
            StoreError::Denied { .. }
        ));
        assert!(matches!(of("SlowDown"), StoreError::Unavailable { .. }));
    }
}
