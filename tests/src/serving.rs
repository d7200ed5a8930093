//! The program listening over HTTP in a process of its own: as a witness, or as the server of a ledger.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;
use std::time::Duration;

use crate::programs;
use crate::signed::TODAY;
use crate::stage::Stage;

/// How long an answer is waited for before the test fails.
const ANSWER_TIME: Duration = Duration::from_secs(300);

/// A program that listens, until it is dropped.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    /// Its address.
    pub url: String,
}

#[expect(clippy::expect_used, reason = "a test fails by panicking")]
impl Serving {
    /// Has the witness of a folder listen on a port that is free.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub fn start(stage: &Stage, folder: &str) -> Self {
        Self::listening(stage, &["witness", "serve", folder, "--clock", TODAY])
    }

    /// Has the program listen as the arguments say, on a port that is free.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub fn listening(stage: &Stage, arguments: &[&str]) -> Self {
        let mut child = stage.start(arguments);
        let (line, _) = programs::begun(&mut child, |line| Some(line.to_owned())).expect("a program that listens");
        let url = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
        Self { child, url }
    }

    /// A connection to it. What it does not answer within a few minutes it never answers.
    fn connected(&self) -> TcpStream {
        let address = self.url.strip_prefix("http://").expect("a program that listens");
        let stream = TcpStream::connect(address).expect("a program that listens");
        stream.set_read_timeout(Some(ANSWER_TIME)).expect("a program that listens");
        stream
    }

    /// What is answered to raw bytes.
    ///
    /// # Panics
    /// When nothing is.
    #[must_use]
    pub fn answer(&self, request: &[u8]) -> String {
        let mut stream = self.connected();
        stream.write_all(request).expect("a program that listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("a program that listens");
        answer
    }

    /// What is answered to a question: the status and the body.
    ///
    /// # Panics
    /// When nothing is.
    #[must_use]
    pub fn asked(&self, path: &str) -> (u16, String) {
        parts(&self.answer(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes()))
    }

    /// What is answered to a question: the status and the bytes.
    ///
    /// # Panics
    /// When nothing is.
    #[must_use]
    pub fn fetched(&self, path: &str) -> (u16, Vec<u8>) {
        let mut stream = self.connected();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("a program that listens");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("a program that listens");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer");
        let body = answer.split_off(end + 4);
        (parts(&String::from_utf8_lossy(&answer)).0, body)
    }

    /// What is answered to a question of whoever shows a token: the status and the body.
    ///
    /// # Panics
    /// When nothing is.
    #[must_use]
    pub fn asked_with(&self, path: &str, token: &str) -> (u16, String) {
        let host = "Host: localhost\r\nConnection: close";
        let request = format!("GET {path} HTTP/1.1\r\n{host}\r\nAuthorization: Bearer {token}\r\n\r\n");
        parts(&self.answer(request.as_bytes()))
    }

    /// What is answered to a body of a media type: the status and the body.
    ///
    /// # Panics
    /// When nothing is.
    #[must_use]
    pub fn sent(&self, path: &str, media: &str, body: &str) -> (u16, String) {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {media}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        parts(&self.answer(request.as_bytes()))
    }

    /// Kills the process, as a power cut of the program alone would.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("a program that listens");
        self.child.wait().expect("a program that listens");
    }

    /// Sends the process a signal, by its name without `SIG`.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signalled(&self, signal: &str) {
        programs::signal(signal, &self.child.id().to_string()).expect("a program that listens");
    }

    /// Asks the process to end by SIGTERM, waits until it has, and gives its exit code and what it said.
    ///
    /// # Panics
    /// When it cannot be asked.
    #[must_use]
    pub fn ended(&mut self) -> (Option<i32>, String) {
        self.signalled("TERM");
        let code = self.child.wait().expect("a program that listens").code();
        let mut said = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("a pipe");
        (code, said)
    }

    /// What is answered to a request to cosign.
    #[must_use]
    pub fn posted(&self, body: &str) -> String {
        let length = body.len();
        self.answer(format!("POST /add-checkpoint HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes())
    }
}

#[expect(clippy::expect_used, reason = "a test fails by panicking")]
fn parts(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}

#[expect(clippy::expect_used, reason = "a test fails by panicking")]
impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().expect("a program that listens");
        self.child.wait().expect("a program that listens");
    }
}
