//! The identity provider of `tests/identity/provider.js`, in a process of its own.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::{programs, workspace};

const RUNS: &str = "an identity provider that runs";
/// Says where the packages of `tests/identity/package.json` are; `.ci/run` sets it.
const MODULES: &str = "OFRECORD_NODE_MODULES";

fn modules() -> PathBuf {
    let own = || workspace::root().join("target/identity/node_modules");
    std::env::var_os(MODULES).map_or_else(own, PathBuf::from)
}

/// An identity provider that runs until it is dropped.
#[derive(Debug)]
pub struct Provider {
    child: Child,
    /// Held, so that it can go on saying what it does.
    _said: BufReader<ChildStdout>,
    /// Its name, which is its address.
    pub issuer: String,
}

#[expect(clippy::expect_used, reason = "a test fails by panicking")]
impl Provider {
    /// On a port; with 0, on any that is free. It knows the console of the ledger at an address.
    ///
    /// # Errors
    /// What keeps it from running.
    ///
    /// # Panics
    /// When it is there and does not run.
    pub fn start(port: u16, ledger: Option<&str>) -> Result<Self, String> {
        let modules = modules();
        if !modules.join("oidc-provider").exists() {
            return Err(format!("{} has no oidc-provider", modules.display()));
        }
        let mut command = Command::new("node");
        command
            .arg(workspace::root().join("tests/identity/provider.js"))
            .arg(modules)
            .arg(port.to_string())
            .args(ledger);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|error| error.to_string())?;
        let (issuer, said) = programs::begun(&mut child, |line| line.strip_prefix("listening on ").map(str::to_owned))?;
        Ok(Self { child, _said: said, issuer })
    }

    /// Its port.
    ///
    /// # Panics
    /// When it has none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.issuer.rsplit(':').next().expect(RUNS).parse().expect(RUNS)
    }

    /// A token for an audience, signed by an algorithm.
    ///
    /// # Panics
    /// When it gives none.
    #[must_use]
    pub fn token(&self, algorithm: &str, audience: &str) -> String {
        let body = format!(
            "grant_type=client_credentials&scope=ledger&client_id=client-{algorithm}&client_secret=secret-of-a-test\
             &resource={audience}"
        );
        let request = format!(
            "POST /token HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            self.port(),
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port())).expect(RUNS);
        stream.write_all(request.as_bytes()).expect(RUNS);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect(RUNS);
        let body = answer.split_once("\r\n\r\n").expect(RUNS).1;
        let said: Value = serde_json::from_str(body).expect(RUNS);
        said.get("access_token").and_then(Value::as_str).expect(RUNS).to_owned()
    }
}

#[expect(clippy::expect_used, reason = "a test fails by panicking")]
impl Drop for Provider {
    fn drop(&mut self) {
        self.child.kill().expect(RUNS);
        self.child.wait().expect(RUNS);
    }
}
