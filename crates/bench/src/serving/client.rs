//! A client that keeps its connection and waits for each answer, by hand: nothing of it is measured but the wait.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// A connection.
pub(super) struct Client(BufReader<TcpStream>);

impl Client {
    pub(super) fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request of a first line, perhaps with headers, and a body, and reads the status and the body of the answer.
    pub(super) fn ask(&mut self, head: &str, body: &str) -> io::Result<(u16, Vec<u8>)> {
        let length = body.len();
        let request = format!("{head}\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}");
        self.0.get_mut().write_all(request.as_bytes())?;
        let (status, length) = self.head()?;
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes)?;
        Ok((status, bytes))
    }

    /// Begins to follow a customer from the first entry on, and gives the status.
    pub(super) fn follow(&mut self, customer: &str) -> io::Result<u16> {
        let request = format!(
            "GET /v1/events?customer={customer} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        self.head().map(|(status, _)| status)
    }

    /// Waits for the next event of what it follows.
    pub(super) fn event(&mut self) -> io::Result<()> {
        let mut line = String::new();
        while !line.starts_with("data:") {
            line.clear();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }

    /// The status of an answer, and how long its body is.
    fn head(&mut self) -> io::Result<(u16, usize)> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("no answer"))?;
        let mut length = 0;
        loop {
            line.clear();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().map_err(io::Error::other)?;
                }
                Some(_) => {}
                None => return Ok((status, length)),
            }
        }
    }
}
