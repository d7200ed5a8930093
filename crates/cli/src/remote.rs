//! A ledger that a server holds: questions asked and commands handed in over HTTP, as `ofrecord serve` takes them.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::Args;
use ofrecord_core::Timestamp;
use ofrecord_ledger::known::KnownArgument;
use ofrecord_ledger::{Answer, Basis};
use ofrecord_log::Hash;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::http::{self, HttpError, Trust};
use crate::inquiry::Names;
use crate::render::{self, Layout};
use crate::session::Session;

/// Which server is asked, and what it is shown.
#[derive(Debug, Clone, Args)]
pub(crate) struct Remote {
    /// Ask the server at this address, rather than open the ledger
    #[arg(long, value_name = "URL", env = "OFRECORD_SERVER", hide_env_values = true)]
    server: Option<String>,
    /// The file with the token that the server is shown
    #[arg(long, value_name = "FILE", env = "OFRECORD_TOKEN_FILE", hide_env_values = true)]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    trust: Trust,
}

/// Why a server gave no answer. Each message reads after "could not".
#[derive(Debug, Error)]
pub(crate) enum RemoteError {
    /// Whoever is on the way could read the token.
    #[error("show the token to {url}: others could read it on the way")]
    NotPrivate {
        /// The address.
        url: String,
    },
    /// The file with the token cannot be read.
    #[error("read {}: {error}", path.display())]
    Token {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Nobody answered.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The server answered with a problem.
    #[error("get an answer of {url}: {detail} ({code}, status {status})")]
    Problem {
        /// The address.
        url: String,
        /// The status.
        status: u16,
        /// The code.
        code: String,
        /// What is wrong.
        detail: String,
    },
    /// The answer is none of a server of this kind.
    #[error("read the answer of {url}: {problem}")]
    Unreadable {
        /// The address.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// No server is named where one has to be.
    #[error("ask a server: none is named")]
    NotNamed,
    /// No server answers it.
    #[error("ask a server for {what}")]
    NotAsked {
        /// What it is.
        what: &'static str,
    },
    /// Some commands have no receipt.
    #[error("have every command decided: {count} may not be recorded")]
    NotRecorded {
        /// How many.
        count: u64,
    },
}

impl RemoteError {
    /// Whether another question, another token or another address would do.
    pub(crate) fn is_the_askers(&self) -> bool {
        match self {
            Self::NotPrivate { .. } | Self::Token { .. } | Self::NotNamed | Self::NotAsked { .. } => true,
            Self::Problem { status, .. } => (400..500).contains(status),
            Self::Http(_) | Self::Unreadable { .. } | Self::NotRecorded { .. } => false,
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotNamed => Some("name it: --server URL"),
            Self::NotPrivate { .. } => Some("have the server speak TLS, and name it by https"),
            Self::Problem { status: 401, .. } => {
                Some("name a file with a token: --token-file; `ofrecord token` makes one")
            }
            Self::NotAsked { .. } => Some("leave --server out on the machine of the ledger while nothing serves it"),
            Self::NotRecorded { .. } => Some("send the same commands again: none is recorded twice"),
            Self::Http(error) => error.hint(),
            Self::Token { .. } | Self::Problem { .. } | Self::Unreadable { .. } => None,
        }
    }
}

/// A question as the server takes it.
pub(crate) struct Question<'a> {
    /// The path behind `/v1/`.
    pub(crate) path: String,
    /// Its parameters, as far as they were given.
    pub(crate) parameters: Vec<(&'a str, Option<String>)>,
}

/// What an answer of a server holds.
#[derive(Debug, Deserialize)]
struct Heard {
    basis: HeardBasis,
    as_of: Timestamp,
    known_at: Timestamp,
    rows: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct HeardBasis {
    origin: String,
    tree_size: u64,
    root: Hash,
}

/// What kept a server from answering (RFC 9457).
#[derive(Debug, Deserialize)]
struct HeardProblem {
    code: String,
    detail: String,
}

/// A server that is asked.
pub(crate) struct Server<'a> {
    url: &'a str,
    token: Option<String>,
    trust: &'a Trust,
}

impl Remote {
    /// The server, where one is named.
    pub(crate) fn server(&self) -> Result<Option<Server<'_>>, Failure> {
        let Some(url) = &self.server else { return Ok(None) };
        let failed = |path: &PathBuf| {
            let path = path.clone();
            move |error| RemoteError::Token { path, error }
        };
        let read = |path: &PathBuf| fs::read_to_string(path).map_err(failed(path));
        let token = self.token_file.as_ref().map(read).transpose()?.map(|text| text.trim().to_owned());
        if token.is_some() && !http::is_private(url) {
            return Err(RemoteError::NotPrivate { url: url.clone() }.into());
        }
        Ok(Some(Server { url: url.trim_end_matches('/'), token, trust: &self.trust }))
    }

    /// The server, without which nothing can be done.
    pub(crate) fn needed(&self) -> Result<Server<'_>, Failure> {
        self.server()?.ok_or_else(|| RemoteError::NotNamed.into())
    }

    /// Has a server answer a question, and prints the answer; none where no server is named. Names of partners are
    /// not among what a server tells.
    pub(crate) fn answer(
        &self,
        question: &Question<'_>,
        layout: &Layout,
        session: &Session,
    ) -> Result<Option<Verdict>, Failure> {
        Ok(self.told(question, layout, session)?.map(|_| Verdict::Done))
    }

    /// The same, and gives the whole answer.
    pub(crate) fn told(
        &self,
        question: &Question<'_>,
        layout: &Layout,
        session: &Session,
    ) -> Result<Option<Value>, Failure> {
        let Some(server) = self.server()? else { return Ok(None) };
        session.interrupt.end_at_once();
        let body = server.get(&path_of(question, session))?;
        let told: Value = serde_json::from_slice(&body).map_err(|error| server.unreadable(&error))?;
        let (mut output, format) = (session.output(), session.global.format);
        match format {
            Format::Json => {
                output.bytes(&body)?;
                output.flush()?;
            }
            Format::Table | Format::Csv => {
                let heard: Heard = Heard::deserialize(&told).map_err(|error| server.unreadable(&error))?;
                let HeardBasis { origin, tree_size, root } = heard.basis;
                let basis = Basis { origin, tree_size, root };
                let answer = Answer { basis, as_of: heard.as_of, known_at: heard.known_at, rows: heard.rows };
                render::answer(&mut output, format, layout, &answer, &Names::default())?;
            }
        }
        Ok(Some(told))
    }

    /// Refuses what no server answers, where one is named.
    pub(crate) fn refuse(&self, what: &'static str) -> Result<(), Failure> {
        if self.server.is_some() { Err(RemoteError::NotAsked { what }.into()) } else { Ok(()) }
    }
}

impl Server<'_> {
    /// What is answered at a path behind `/v1/`.
    pub(crate) fn get(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let url = format!("{}/v1/{path}", self.url);
        let answer = http::ask_server(&url, self.token.as_deref(), self.trust).map_err(RemoteError::Http)?;
        self.content(answer)
    }

    /// Has the commands of a batch decided; gives a line for each.
    pub(crate) fn decide(&self, batch: &[u8]) -> Result<Vec<u8>, Failure> {
        let url = format!("{}/v1/commands:batch", self.url);
        let lines = ("application/jsonl", batch);
        let answer = http::tell_server(&url, self.token.as_deref(), lines, self.trust).map_err(RemoteError::Http)?;
        self.content(answer)
    }

    /// Hands a document to a path behind `/v1/`; gives what is answered.
    pub(crate) fn tell(&self, path: &str, document: &[u8]) -> Result<Vec<u8>, Failure> {
        let url = format!("{}/v1/{path}", self.url);
        let sent = ("application/json", document);
        let answer = http::tell_server(&url, self.token.as_deref(), sent, self.trust).map_err(RemoteError::Http)?;
        self.content(answer)
    }

    fn content(&self, answer: http::Answer) -> Result<Vec<u8>, Failure> {
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        let problem: HeardProblem = serde_json::from_slice(&answer.body).map_err(|error| self.unreadable(&error))?;
        let (url, status) = (self.url.to_owned(), answer.status);
        Err(RemoteError::Problem { url, status, code: problem.code, detail: problem.detail }.into())
    }

    /// An answer that no server of this kind gives.
    pub(crate) fn unreadable(&self, error: &dyn std::fmt::Display) -> RemoteError {
        RemoteError::Unreadable { url: self.url.to_owned(), problem: error.to_string() }
    }
}

/// A state of knowledge as a server takes it.
pub(crate) fn knowledge(known: KnownArgument) -> String {
    match known {
        KnownArgument::Instant(instant) => instant.to_string(),
        KnownArgument::Position(position) => position.to_string(),
        KnownArgument::TreeSize(size) => format!("@{size}"),
    }
}

fn path_of(question: &Question<'_>, session: &Session) -> String {
    let known_at = session.global.known_at.map(knowledge);
    let shared = [("as_of", session.global.as_of.map(|instant| instant.to_string())), ("known_at", known_at)];
    let given = question.parameters.iter().chain(&shared);
    let pairs: Vec<String> =
        given.filter_map(|(name, value)| Some(format!("{name}={}", escaped(value.as_ref()?)))).collect();
    format!("{}?{}", question.path, pairs.join("&"))
}

/// A value as it stands in a query.
fn escaped(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte);
    value
        .bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
