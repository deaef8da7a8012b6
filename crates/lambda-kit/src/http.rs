//! Requests of the HTTP API and their answers, in the form 2.0 of its payload.

use aws_lambda_events::event::apigw::ApiGatewayV2httpRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thiserror::Error;

use crate::caller::{Caller, CallerError};

/// Bytes of a body at most: 5000 files of a job fit.
const BODY: usize = 4 << 20;

/// A request that the authoriser let pass.
#[derive(Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The parts of the path.
    pub path: Vec<String>,
    /// Who sends it.
    pub caller: Caller,
    body: Vec<u8>,
}

/// Why a request cannot be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// Not a request of the HTTP API.
    #[error("the event is no request of the HTTP API")]
    Event,
    /// The caller is refused.
    #[error(transparent)]
    Caller(#[from] CallerError),
    /// The body is not what it should be. Nothing of it is repeated, only where it goes wrong.
    #[error("the body is not the JSON that is asked for here: line {line}, column {column}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The body is larger than a body may be, or not in base64 where it says so.
    #[error("the body cannot be read: it has 4 MiB at most")]
    Body,
}

impl Request {
    /// The request of an event.
    ///
    /// # Errors
    /// If it is none, or its caller is refused.
    pub fn of(event: Value) -> Result<Self, RequestError> {
        let event: ApiGatewayV2httpRequest =
            serde_json::from_value(event).map_err(|_| RequestError::Event)?;
        let context = event.request_context;
        let claims = context
            .authorizer
            .and_then(|authorizer| authorizer.jwt)
            .map(|jwt| jwt.claims)
            .unwrap_or_default();
        let caller = Caller::of(&claims)?;
        let body = event.body.unwrap_or_default();
        if body.len() > 2 * BODY {
            return Err(RequestError::Body);
        }
        let body = if event.is_base64_encoded {
            STANDARD.decode(body).map_err(|_| RequestError::Body)?
        } else {
            body.into_bytes()
        };
        let path = event.raw_path.unwrap_or_default();
        let parts = path.split('/').filter(|part| !part.is_empty());
        Ok(Self {
            method: context.http.method.to_string(),
            path: parts.map(ToOwned::to_owned).collect(),
            caller,
            body,
        })
    }

    /// The body as what is asked for.
    ///
    /// # Errors
    /// If it is something else.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, RequestError> {
        if self.body.len() > BODY {
            return Err(RequestError::Body);
        }
        serde_json::from_slice(&self.body).map_err(|error| RequestError::Json {
            line: error.line(),
            column: error.column(),
        })
    }
}

impl RequestError {
    /// The answer to it.
    pub fn answer(self) -> Answer {
        let status = match self {
            Self::Caller(_) => 403,
            Self::Event | Self::Body | Self::Json { .. } => 400,
        };
        Answer::refusal(status, &self.to_string())
    }
}

/// An answer, JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    body: String,
}

impl Answer {
    /// An answer with a body.
    pub fn new(status: u16, body: &impl Serialize) -> Self {
        match serde_json::to_string(body) {
            Ok(body) => Self { status, body },
            Err(_) => Self::refusal(500, "the answer could not be written"),
        }
    }

    /// A refusal, in words.
    pub fn refusal(status: u16, message: &str) -> Self {
        Self {
            status,
            body: json!({"message": message}).to_string(),
        }
    }

    /// The answer as the HTTP API takes it. It is for nobody's cache.
    pub fn into_event(self) -> Value {
        json!({
            "statusCode": self.status,
            "headers": {
                "content-type": "application/json",
                "cache-control": "no-store",
                "x-content-type-options": "nosniff",
            },
            "body": self.body,
            "isBase64Encoded": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(groups: &str, body: &str) -> Value {
        json!({
            "version": "2.0",
            "routeKey": "POST /uploads",
            "rawPath": "/uploads",
            "headers": {"content-type": "application/json"},
            "requestContext": {
                "accountId": "1", "apiId": "a", "stage": "$default", "requestId": "r",
                "authorizer": {"jwt": {"claims": {
                    "sub": "0b7c6f3e-9a51-4f6e-8d58-0c1e2a3b4c5d", "cognito:groups": groups
                }, "scopes": null}},
                "http": {"method": "POST", "path": "/uploads", "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1", "userAgent": "x"},
                "timeEpoch": 1
            },
            "body": body,
            "isBase64Encoded": false
        })
    }

    #[test]
    fn a_request_is_read_with_its_caller() {
        let request = Request::of(event("[group-radiology]", r#"{"a": 1}"#)).unwrap();
        assert_eq!(
            (request.method.as_str(), &*request.path),
            ("POST", &["uploads".to_owned()][..])
        );
        assert_eq!(request.caller.group.as_str(), "radiology");
        assert_eq!(request.body::<Value>(), Ok(json!({"a": 1})));
        let broken = Request::of(event("[group-radiology]", "Doe^Jane")).unwrap();
        let refused = broken.body::<Value>().unwrap_err().answer().into_event();
        assert_eq!(refused["statusCode"], 400);
        assert!(!refused.to_string().contains("Doe"));
    }

    #[test]
    fn a_body_that_is_not_as_asked_for_says_where_and_never_what() {
        #[derive(Debug, serde::Deserialize)]
        struct Asked {
            #[serde(rename = "bytes")]
            _bytes: u64,
        }
        for wrong in ["-5", "5.5", "\"Doe^Jane\"", "18446744073709551616"] {
            let body = format!("{{\n \"bytes\": {wrong}}}");
            let request = Request::of(event("[group-radiology]", &body)).unwrap();
            let error = request.body::<Asked>().unwrap_err();
            let said = error.to_string();
            assert!(said.contains("line 2, column "), "{said}");
            assert!(!said.contains("Doe"), "{said}");
            assert_eq!(error.answer().status, 400);
        }
    }

    #[test]
    fn a_caller_without_a_tenant_is_forbidden() {
        let refused = Request::of(event("[]", "")).unwrap_err();
        assert_eq!(refused.answer().status, 403);
        assert_eq!(Request::of(json!([])).unwrap_err(), RequestError::Event);
    }
}
