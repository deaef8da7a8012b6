//! What every function shares: the environment, events, callers, answers, logs and metrics.
//!
//! A function's `main` reads [`Environment`], builds its clients once and gives [`serve()`] a plain
//! function from an event to an answer. That function works on a thread of its own, where the
//! ports of storage may wait. What goes wrong is retryable or not by type ([`batch()`]); what is said
//! of it goes through [`Log`], which has no field for a value of an object.

mod batch;
mod caller;
mod environment;
mod http;
mod log;
mod metrics;
mod notice;
mod serve;

pub use batch::{Again, Message, Refusal, batch, notices};
pub use caller::{Caller, CallerError, Role};
pub use environment::{Environment, EnvironmentError, Variable};
pub use http::{Answer, Request, RequestError};
pub use log::{Level, Line, Log, Out, chain_of};
pub use metrics::{Metrics, Unit};
pub use notice::{Notice, NoticeError};
pub use serve::{Context, serve};
