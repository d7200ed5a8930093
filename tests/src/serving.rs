//! A witness that listens over HTTP in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;

use crate::signed::TODAY;
use crate::stage::Stage;

/// A witness that listens, until it is dropped.
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
        let mut child = stage.start(&["witness", "serve", folder, "--clock", TODAY]);
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a witness that listens"))
            .read_line(&mut line)
            .expect("a witness that listens");
        let url = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
        Self { child, url }
    }

    /// What is answered to raw bytes.
    ///
    /// # Panics
    /// When nothing is.
    #[must_use]
    pub fn answer(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.url.strip_prefix("http://").expect("a witness that listens"))
            .expect("a witness that listens");
        stream.write_all(request).expect("a witness that listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("a witness that listens");
        answer
    }

    /// What is answered to a request to cosign.
    #[must_use]
    pub fn posted(&self, body: &str) -> String {
        let length = body.len();
        self.answer(format!("POST /add-checkpoint HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes())
    }
}

#[expect(clippy::expect_used, reason = "a test fails by panicking")]
impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().expect("a witness that listens");
        self.child.wait().expect("a witness that listens");
    }
}
