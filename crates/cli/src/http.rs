//! Asking somebody outside over HTTP or HTTPS: one request, one bounded answer, whatever its status.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use thiserror::Error;
use ureq::config::ConfigBuilder;
use ureq::http::{Request, Response};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::typestate::AgentScope;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

use self::outside::Outside;

mod outside;

/// An answer of a collector of traces has to be there within this time.
const COLLECTOR_TIME_MAX: Duration = Duration::from_secs(10);
/// An answer has to be there within this time.
const TIME_MAX: Duration = Duration::from_secs(30);
/// A connection has to stand within this time, the agreement on TLS included.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);
/// An answer of the receiver of a webhook has to be there within this time.
const WEBHOOK_TIME_MAX: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read, at most.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// Bytes of an answer of a ledger's server that are read, at most.
const SERVER_ANSWER_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Who may vouch for the host of an address with `https:`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Trust {
    /// Over HTTPS, trust the roots in this file (PEM) and no others
    ///
    /// Without it, those of the Mozilla root programme are trusted, as they were when this version was built.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

/// Nobody answered, or with more than is read, or nobody whom the asker trusts.
#[derive(Debug, Error)]
pub(crate) enum HttpError {
    /// The roots cannot be read.
    #[error("read the roots in {}: {problem}", path.display())]
    Roots {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The host is not who it should be, or does not speak TLS.
    #[error("ask {url}: {problem}")]
    Host {
        /// The address.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// There is no answer that can be used.
    #[error("ask {url}: {problem}")]
    Answer {
        /// The address.
        url: String,
        /// What is wrong.
        problem: String,
    },
}

impl HttpError {
    fn asking(url: &str, error: &ureq::Error) -> Self {
        let (url, problem) = (url.to_owned(), error.to_string());
        // What TLS finds while it reads and writes comes as an error of reading or writing.
        let is_tls = matches!(error, ureq::Error::Tls(_) | ureq::Error::Rustls(_))
            || matches!(error, ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData);
        if is_tls { Self::Host { url, problem } } else { Self::Answer { url, problem } }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Roots { .. } => Some("the file holds certificates as PEM: -----BEGIN CERTIFICATE-----"),
            Self::Host { .. } => {
                Some("a host with a certificate of a private authority is asked with the roots of that: --ca-file FILE")
            }
            Self::Answer { .. } => None,
        }
    }
}

/// What was answered.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Posts bytes of a kind. An answer that names another place is an answer: nobody else is asked instead.
pub(crate) fn post(url: &str, content_type: &str, body: &[u8], trust: &Trust) -> Result<Answer, HttpError> {
    let failed = |error: ureq::Error| HttpError::asking(url, &error);
    answered(url, agent(trust)?.post(url).content_type(content_type).send(body).map_err(failed)?)
}

/// Posts a form, by whoever a header says.
pub(crate) fn post_form(
    url: &str,
    form: &str,
    authorization: Option<&str>,
    trust: &Trust,
) -> Result<Answer, HttpError> {
    let mut request = agent(trust)?.post(url).content_type("application/x-www-form-urlencoded");
    if let Some(authorization) = authorization {
        request = request.header("Authorization", authorization);
    }
    answered(url, request.send(form).map_err(|error| HttpError::asking(url, &error))?)
}

/// Sends a whole request, and gives the whole answer.
pub(crate) fn send(request: Request<Vec<u8>>, trust: &Trust) -> Result<Response<Vec<u8>>, HttpError> {
    let url = request.uri().to_string();
    let agent = Agent::new_with_config(config(trust, COLLECTOR_TIME_MAX)?.build());
    let (head, mut body) = agent.run(request).map_err(|error| HttpError::asking(&url, &error))?.into_parts();
    let body = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
    Ok(Response::from_parts(head, body.map_err(|error| HttpError::asking(&url, &error))?))
}

/// Whether somebody may be on a private network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Public addresses alone, whatever a name leads to.
    Outside,
    /// Any address.
    Anywhere,
}

/// Posts bytes with headers of one's own, to public addresses alone where the reach says so; gives the status.
pub(crate) fn post_to(
    url: &str,
    headers: &[(&'static str, String)],
    body: &[u8],
    (trust, reach): (&Trust, Reach),
) -> Result<u16, HttpError> {
    // A proxy would find the address, and reach what it does not lead to from here.
    let config = config(trust, WEBHOOK_TIME_MAX)?.proxy(None).build();
    let agent = match reach {
        Reach::Outside => Agent::with_parts(config, DefaultConnector::default(), Outside::default()),
        Reach::Anywhere => Agent::new_with_config(config),
    };
    let post = headers.iter().fold(agent.post(url), |post, (name, value)| post.header(*name, value));
    let answer = post.send(body).map_err(|error| HttpError::asking(url, &error))?;
    Ok(answer.status().as_u16())
}

/// Gets what stands at an address.
pub(crate) fn get(url: &str, trust: &Trust) -> Result<Answer, HttpError> {
    let failed = |error: ureq::Error| HttpError::asking(url, &error);
    answered(url, agent(trust)?.get(url).call().map_err(failed)?)
}

/// Whether nobody on the way reads what is said at an address: it speaks TLS, or is on this machine.
pub(crate) fn is_private(url: &str) -> bool {
    // Before an `@` stands a name, and the address behind it.
    let own = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let is_own = |own: &&str| {
        url.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(':') || rest.starts_with('/'))
    };
    url.starts_with("https://") || (own.iter().any(is_own) && !url.contains('@'))
}

/// Asks the server of a ledger, showing a token where there is one.
pub(crate) fn ask_server(url: &str, token: Option<&str>, trust: &Trust) -> Result<Answer, HttpError> {
    let mut request = agent(trust)?.get(url);
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    whole(url, request.call().map_err(|error| HttpError::asking(url, &error))?, SERVER_ANSWER_BYTES_MAX)
}

/// Hands a body of a kind to the server of a ledger, showing a token where there is one.
pub(crate) fn tell_server(
    url: &str,
    token: Option<&str>,
    (content_type, body): (&str, &[u8]),
    trust: &Trust,
) -> Result<Answer, HttpError> {
    let mut request = agent(trust)?.post(url).content_type(content_type);
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    whole(url, request.send(body).map_err(|error| HttpError::asking(url, &error))?, SERVER_ANSWER_BYTES_MAX)
}

fn answered(url: &str, answer: Response<Body>) -> Result<Answer, HttpError> {
    whole(url, answer, ANSWER_BYTES_MAX)
}

fn whole(url: &str, mut answer: Response<Body>, bytes_max: u64) -> Result<Answer, HttpError> {
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(bytes_max).read_to_vec();
    Ok(Answer { status, body: body.map_err(|error| HttpError::asking(url, &error))? })
}

fn agent(trust: &Trust) -> Result<Agent, HttpError> {
    Ok(Agent::new_with_config(config(trust, TIME_MAX)?.build()))
}

fn config(trust: &Trust, time_max: Duration) -> Result<ConfigBuilder<AgentScope>, HttpError> {
    let roots = trust.ca_file.as_deref().map_or(Ok(RootCerts::WebPki), roots_in)?;
    Ok(Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_connect(Some(CONNECT_TIME_MAX))
        .timeout_global(Some(time_max))
        .tls_config(TlsConfig::builder().root_certs(roots).build()))
}

/// The certificates in a file; one without any would trust nobody.
fn roots_in(path: &Path) -> Result<RootCerts, HttpError> {
    let unusable = |problem: String| HttpError::Roots { path: path.to_owned(), problem };
    let bytes = fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let mut roots: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(&bytes) {
        if let PemItem::Certificate(root) = item.map_err(|error| unusable(error.to_string()))? {
            roots.push(root);
        }
    }
    if roots.is_empty() {
        return Err(unusable("it holds no certificate".to_owned()));
    }
    Ok(RootCerts::new_with_certs(&roots))
}
