//! From a request to the use case, and from its result to an answer.

use obscura_aws::SystemClock;
use obscura_core::JobId;
use obscura_lambda_kit::{Answer, Context, Level, Line, Metrics, Request, Unit};
use obscura_pipeline::flow::{UploadError, Uploader};
use obscura_storage::{Clock, JobRef};
use serde_json::Value;

/// What was built at the start.
pub(crate) struct App {
    pub(crate) uploader: Uploader,
    pub(crate) metrics: Metrics,
}

impl App {
    /// Answers one request.
    pub(crate) fn handle(&self, event: Value, context: &Context) -> Value {
        let answer = match Request::of(event) {
            Ok(request) => self.answer(&request, context),
            Err(error) => {
                let line = Line::new().error(&error);
                context.log.say(Level::Warn, "a request was refused", line);
                error.answer()
            }
        };
        answer.into_event()
    }

    fn answer(&self, request: &Request, context: &Context) -> Answer {
        let parts: Vec<&str> = request.path.iter().map(String::as_str).collect();
        // Behind a stage that has a name the path begins with it.
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", [.., "uploads"]) => self.open(request, context),
            ("GET", [.., "uploads", id]) => match id.parse() {
                Ok(job) => self.status(request, job, context),
                Err(_) => refusal(&UploadError::NoJob, context),
            },
            _ => Answer::refusal(404, "there is no such route"),
        }
    }

    fn open(&self, request: &Request, context: &Context) -> Answer {
        let asked = match request.body() {
            Ok(asked) => asked,
            Err(error) => return error.answer(),
        };
        let caller = &request.caller;
        let opened = match self.uploader.open(&caller.group, &caller.actor, &asked) {
            Ok(opened) => opened,
            Err(error) => return refusal(&error, context),
        };
        let job = JobRef {
            group: caller.group.clone(),
            job: opened.job,
        };
        let files = opened.files.len() as u64;
        let line = Line::new().job(Some(&job)).number("files", files);
        context.log.say(Level::Info, "a job was opened", line);
        let now = SystemClock.now();
        self.metrics
            .put(now, &[("UploadsStarted", Unit::Count, files)]);
        Answer::new(201, &opened)
    }

    fn status(&self, request: &Request, job: JobId, context: &Context) -> Answer {
        match self.uploader.status(&request.caller.group, job) {
            Ok(status) => Answer::new(200, &status),
            Err(error) => refusal(&error, context),
        }
    }
}

/// What the caller did wrong is said; what this program could not do is logged.
fn refusal(error: &UploadError, context: &Context) -> Answer {
    let status = match error {
        UploadError::NoGroup => 403,
        UploadError::NoJob => 404,
        UploadError::Flow(_) => 503,
        _ => 400,
    };
    let line = Line::new().error(error);
    let level = if status == 503 {
        Level::Error
    } else {
        Level::Info
    };
    context.log.say(level, "a request was not fulfilled", line);
    Answer::refusal(status, &error.to_string())
}
