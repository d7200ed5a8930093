//! Asking somebody outside over HTTP: one request, one bounded answer, whatever its status.

use std::time::Duration;

use thiserror::Error;
use ureq::Agent;

/// An answer has to be there within this time.
const TIME_MAX: Duration = Duration::from_secs(30);
/// Bytes of an answer that are read, at most.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// Nobody answered, or with more than is read.
#[derive(Debug, Error)]
#[error("ask {url}: {problem}")]
pub(crate) struct HttpError {
    url: String,
    problem: String,
}

/// What was answered.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Posts bytes of a kind.
pub(crate) fn post(url: &str, content_type: &str, body: &[u8]) -> Result<Answer, HttpError> {
    let failed = |error: ureq::Error| HttpError { url: url.to_owned(), problem: error.to_string() };
    let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(TIME_MAX)).build();
    let agent = Agent::new_with_config(config);
    let mut answer = agent.post(url).content_type(content_type).send(body).map_err(failed)?;
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().map_err(failed)?;
    Ok(Answer { status, body })
}
