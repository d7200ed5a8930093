//! The witness over HTTP/1.1: one path, one method, one request a connection, and limits on everything.

use std::io::{self, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ofrecord_ledger::Clock;
use ofrecord_ledger::witness::{Witness, WitnessError};
use ofrecord_proof::inclusion::PROOF_BYTES_MAX;
use ofrecord_proof::witness::NotCosigned;

use crate::commands::cosign::CosignError;
use crate::failure::{Failure, Verdict};

const PATH: &str = "/add-checkpoint";
/// Bytes of the request line and the headers, at most.
const HEAD_BYTES_MAX: usize = 8 * 1024;
/// A request has to be there, and its answer taken, within this time.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Connections that are served at once; further ones are told to come back.
const CONNECTIONS_MAX: usize = 16;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// What is answered.
struct Answer {
    status: u16,
    content_type: &'static str,
    body: String,
}

impl Answer {
    fn plain(status: u16, body: impl Into<String>) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", body: body.into() }
    }
}

/// Serves until the process ends. A connection that fails is its own affair.
pub(super) fn serve(listener: &TcpListener, witness: Witness, clock: Clock) -> Result<Verdict, Failure> {
    let witness = Arc::new((witness, clock));
    let open = Arc::new(AtomicUsize::new(0));
    loop {
        let (stream, _) = listener.accept().map_err(CosignError::Listen)?;
        let place = Place::taken(&open);
        let witness = Arc::clone(&witness);
        let work = move || {
            let done = match &place {
                Some(_) => connection(&stream, &witness.0, &witness.1),
                None => Answer::plain(503, "too many connections\n").write(&stream),
            };
            if let Err(error) = done {
                tracing::debug!(%error, "a connection ended early");
            }
        };
        let thread = std::thread::Builder::new().name("ofrecord-witness".to_owned()).spawn(work);
        drop(thread.map_err(Failure::Thread)?);
    }
}

/// One of the connections that are served at once; given back when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn taken(open: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Self(Arc::clone(open));
        (open.fetch_add(1, Ordering::SeqCst) < CONNECTIONS_MAX).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn connection(stream: &TcpStream, witness: &Witness, clock: &Clock) -> io::Result<()> {
    stream.set_write_timeout(Some(TIME_MAX))?;
    let answer = match (Incoming { stream, until: Instant::now() + TIME_MAX }).request()? {
        Ok(body) => cosigned(witness, &body, clock),
        Err(answer) => answer,
    };
    answer.write(stream)
}

/// What a witness answers to a request, with the statuses of C2SP tlog-witness.
fn cosigned(witness: &Witness, request: &[u8], clock: &Clock) -> Answer {
    match witness.add(request, clock) {
        Ok(signature) => Answer::plain(200, format!("{signature}\n")),
        Err(WitnessError::NotCosigned(NotCosigned::Conflict { seen })) => {
            Answer { status: 409, content_type: "text/x.tlog.size", body: format!("{seen}\n") }
        }
        Err(WitnessError::NotCosigned(error)) => Answer::plain(error.status(), format!("{error}\n")),
        Err(WitnessError::File(error)) => {
            tracing::error!(%error, "nothing is cosigned");
            Answer::plain(500, "the memory of this witness cannot be used\n")
        }
    }
}

impl Answer {
    fn write(&self, mut stream: &TcpStream) -> io::Result<()> {
        let Self { status, content_type, body } = self;
        let reason = match status {
            200 => "OK",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            409 => "Conflict",
            411 => "Length Required",
            413 => "Content Too Large",
            422 => "Unprocessable Content",
            431 => "Request Header Fields Too Large",
            503 => "Service Unavailable",
            400 => "Bad Request",
            _ => "Internal Server Error",
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        stream.flush()
    }
}

/// A connection that is read from until a certain instant.
struct Incoming<'a> {
    stream: &'a TcpStream,
    until: Instant,
}

impl Incoming<'_> {
    /// The body of the request, or the answer to one that has none that could be looked at.
    fn request(&mut self) -> io::Result<Result<Vec<u8>, Answer>> {
        let mut bytes = Vec::new();
        let end = loop {
            let end = bytes.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD);
            if end.unwrap_or(bytes.len()) > HEAD_BYTES_MAX {
                return Ok(Err(Answer::plain(431, "the headers are too long\n")));
            }
            match end {
                Some(end) => break end,
                None => self.more(&mut bytes)?,
            }
        };
        let mut body = bytes.split_off(end + END_OF_HEAD.len());
        let length = match length_of(&String::from_utf8_lossy(&bytes)) {
            Ok(length) => length,
            Err(answer) => return Ok(Err(answer)),
        };
        while body.len() < length {
            self.more(&mut body)?;
        }
        body.truncate(length);
        Ok(Ok(body))
    }

    /// Appends what has come, and fails when nothing comes any more.
    fn more(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut buffer = [0; 4_096];
        let read = self.stream.read(&mut buffer)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend(buffer.iter().take(read));
        Ok(())
    }
}

/// How long the body is, if the head asks for what there is here.
fn length_of(head: &str) -> Result<usize, Answer> {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if path != PATH {
        return Err(Answer::plain(404, "there is only /add-checkpoint\n"));
    }
    if method != "POST" {
        return Err(Answer::plain(405, "POST it\n"));
    }
    let named = |line: &'_ str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().to_owned())
    };
    let lengths: Vec<String> = lines.filter_map(named).collect();
    let [length] = lengths.as_slice() else { return Err(Answer::plain(411, "say how long the body is, once\n")) };
    match length.parse::<usize>() {
        Ok(length) if length <= PROOF_BYTES_MAX => Ok(length),
        Ok(_) => Err(Answer::plain(413, format!("at most {PROOF_BYTES_MAX} bytes\n"))),
        Err(_) => Err(Answer::plain(400, "the length is no number\n")),
    }
}
