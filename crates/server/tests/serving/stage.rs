//! A server over a ledger in memory, on a port of its own, and a client that speaks HTTP by hand.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use ofrecord_core::vocabulary::PartnerType;
use ofrecord_core::{Cloud, Request};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::{Clock, Entropy, Ledger, LedgerOptions, ReceiptOutcome};
use ofrecord_log::MemoryLog;
use ofrecord_server::{
    AccessRole, BackupStanding, Gate, Generation, Holdings, KeptCheckpoint, Limits, Scope, ServeError, Served, Serving,
    Sign, Stop, TokenFile, TokenGrant, Webhook, Workshop, bind, serve,
};
use ofrecord_testkit::{actor, line, name, story};
use serde_json::Value;
use tempfile::TempDir;

use crate::rehearsal::{Rehearsal, Step};

/// Where it keeps what is sent to be imported, in its folder of keys.
pub(crate) const UPLOADS: &str = "uploads";

/// A running server.
pub(crate) struct Stage {
    pub(crate) address: SocketAddr,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) stop: Stop,
    serving: Option<JoinHandle<Result<Served, ServeError>>>,
    keys: TempDir,
    /// What lets the jobs of a test go on.
    pub(crate) steps: Sender<Step>,
    /// The clock, which stands still until a test sets it.
    pub(crate) clock: SetClock,
    /// What is kept beside the log.
    pub(crate) shelf: Shelf,
}

/// What is kept beside the log of a test.
#[derive(Clone, Default)]
pub(crate) struct Shelf {
    /// The newest checkpoint.
    pub(crate) checkpoint: Arc<Mutex<Option<KeptCheckpoint>>>,
    /// The generations of stored rows.
    pub(crate) generations: Arc<Mutex<Vec<Generation>>>,
    /// What is in the folder of backups, where there is one.
    pub(crate) backup: Arc<Mutex<Option<BackupStanding>>>,
}

impl Holdings for Shelf {
    fn checkpoint(&self) -> Result<Option<KeptCheckpoint>, String> {
        Ok(self.checkpoint.lock().unwrap().clone())
    }

    fn generations(&self) -> Result<Vec<Generation>, String> {
        Ok(self.generations.lock().unwrap().clone())
    }

    fn backup(&self) -> Result<Option<BackupStanding>, String> {
        Ok(self.backup.lock().unwrap().clone())
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Stage {
    /// With the limits that hold when nothing else is said.
    pub(crate) fn new() -> Self {
        Self::within(Limits::default())
    }

    /// With other limits.
    pub(crate) fn within(limits: Limits) -> Self {
        Self::started(limits, Cloud::China21Vianet, |_| Gate::open(), Vec::new())
    }

    /// Asking for tokens, within limits.
    pub(crate) fn asking(limits: Limits) -> Self {
        Self::started(limits, Cloud::China21Vianet, Gate::tokens, Vec::new())
    }

    /// Sending events to receivers, which are tried again at once.
    pub(crate) fn sending(webhooks: Vec<Webhook>) -> Self {
        let pause = Duration::from_millis(1);
        let limits = Limits { webhook_pause: pause, webhook_pause_max: pause, ..Limits::default() };
        Self::started(limits, Cloud::China21Vianet, |_| Gate::open(), webhooks)
    }

    /// Sending events to receivers, and asking for tokens.
    pub(crate) fn sending_to_known(webhooks: Vec<Webhook>) -> Self {
        Self::started(Limits::default(), Cloud::China21Vianet, Gate::tokens, webhooks)
    }

    /// Asking for tokens, over a ledger of the cloud that has granular administration.
    pub(crate) fn worldwide() -> Self {
        Self::started(Limits::default(), Cloud::Worldwide, Gate::tokens, Vec::new())
    }

    fn started(limits: Limits, cloud: Cloud, gate: impl FnOnce(TokenFile) -> Gate, webhooks: Vec<Webhook>) -> Self {
        let (clock, shelf) = (SetClock::at(story::instant("2024-06-01")), Shelf::default());
        let options = LedgerOptions { cloud, clock: Clock::Set(clock.clone()), views: None, sealer: None };
        let log = Box::new(MemoryLog::new("ofrecord.local/test"));
        let ledger = Arc::new(Ledger::start(log, options).unwrap());
        accept(&ledger, founded());
        let keys = tempfile::tempdir().unwrap();
        let gate = gate(TokenFile::in_folder(keys.path()));
        let listener = bind("127.0.0.1:0", &gate).unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), Stop::default());
        let (of, asked, approvals) = (Arc::clone(&ledger), stop.clone(), keys.path().join("approvals"));
        let (steps, taken) = channel();
        let workshop = Rehearsal { reader: ledger.reader(), files: keys.path().to_owned(), steps: Mutex::new(taken) };
        let uploads = keys.path().join(UPLOADS);
        let kept = shelf.clone();
        let serving = std::thread::spawn(move || {
            let (sign, workshop): (Option<Sign>, Option<Box<dyn Workshop>>) =
                (Some(Box::new(signed)), Some(Box::new(workshop)));
            let holdings: Option<Box<dyn Holdings>> = Some(Box::new(kept));
            let uploads = Some(uploads);
            let serving = Serving { gate, approvals, tls: None, sign, holdings, workshop, uploads, webhooks, limits };
            serve(listener, &of, of.reader(), serving, &asked)
        });
        Self { address, ledger, stop, serving: Some(serving), keys, steps, clock, shelf }
    }

    /// What it keeps of what was sent to be imported.
    pub(crate) fn uploads(&self) -> Vec<PathBuf> {
        let kept = std::fs::read_dir(self.keys.path().join(UPLOADS)).into_iter().flatten();
        kept.map(|entry| entry.unwrap().path()).collect()
    }

    /// The file of tokens, as a person at the machine has it.
    pub(crate) fn tokens(&self) -> TokenFile {
        TokenFile::in_folder(self.keys.path())
    }

    /// The folder of what waits for a second person.
    pub(crate) fn approvals(&self) -> PathBuf {
        self.keys.path().join("approvals")
    }

    /// A header with a token made for a name in a role, for as long as the test may run.
    pub(crate) fn token(&self, name: &str, role: AccessRole, scope: Scope) -> String {
        let expires_at = story::instant("2024-07-01");
        let grant = TokenGrant { name: name.to_owned(), role, scope, expires_at };
        let made = self.tokens().create(&grant, story::instant("2024-06-01"), &Entropy::System);
        bearer(&made.unwrap())
    }

    /// The same for a user of a partner, by its short name.
    pub(crate) fn partner(&self, partner: &str) -> String {
        self.token(partner, AccessRole::PartnerUser, Scope::Partner(name::partner(partner)))
    }

    /// The same for an auditor.
    pub(crate) fn auditor(&self) -> String {
        self.token("auditor", AccessRole::Auditor, Scope::OfRole)
    }

    /// Records what a story tells.
    pub(crate) fn record(&self, requests: impl IntoIterator<Item = Request>) {
        for request in requests {
            self.ledger.submit(request).unwrap().wait().unwrap();
        }
    }

    /// Records what a story tells, all of which is accepted.
    pub(crate) fn accepted(&self, requests: impl IntoIterator<Item = Request>) {
        accept(&self.ledger, requests);
    }

    /// Connects.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap()
    }

    /// What is answered to a request without a body; `headers` ends each line with `\r\n`.
    pub(crate) fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"))
    }

    /// The same without further headers.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_with(path, "")
    }

    /// What is answered to a body of a media type.
    pub(crate) fn post(&self, path: &str, media: &str, headers: &str, body: &str) -> Answer {
        self.raw(&posted(path, media, headers, body))
    }

    /// The same by another method.
    pub(crate) fn sent(&self, method: &str, path: &str, media: &str, headers: &str, body: &str) -> Answer {
        self.raw(&posted(path, media, headers, body).replacen("POST", method, 1))
    }

    /// What is answered to a command.
    pub(crate) fn command(&self, headers: &str, body: &str) -> Answer {
        self.post("/v1/commands", "application/json", headers, body)
    }

    /// What is answered to the bytes of a request.
    pub(crate) fn raw(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        read_answer(&mut stream)
    }

    /// Waits until the server has ended by itself, and gives how.
    pub(crate) fn ended(&mut self) -> Served {
        self.serving.take().unwrap().join().unwrap().unwrap()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.ask();
        // A job that waits for its next step ends.
        self.steps = channel().0;
        if let Some(serving) = self.serving.take() {
            drop(serving.join().unwrap().unwrap());
        }
    }
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of a problem, where it is one.
    pub(crate) fn json_code(&self) -> Option<String> {
        // The problem of a page is told on a page.
        if self.header("content-type") == Some("text/html; charset=utf-8") {
            let text = self.text();
            return Some(text.split_once("code <code>")?.1.split_once('<')?.0.to_owned());
        }
        let problem: Value = serde_json::from_slice(&self.body).ok()?;
        // Microsoft Graph and Partner Center have their own shapes, with the code in them.
        let code = problem.pointer("/error/innerError/code").or_else(|| problem.pointer("/data/0"));
        Some(code.or_else(|| problem.get("code"))?.as_str()?.to_owned())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// A header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

fn accept(ledger: &Ledger, requests: impl IntoIterator<Item = Request>) {
    for request in requests {
        let receipt = ledger.submit(request).unwrap().wait().unwrap();
        assert!(matches!(receipt.outcome, ReceiptOutcome::Accepted { .. }), "{receipt:?}");
    }
}

/// What stands for a signature here; the keys are those of the program.
fn signed() -> Result<(u64, String), String> {
    Ok((FOUNDED, "a signed note\n".to_owned()))
}

/// The header that shows a token.
pub(crate) fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// The bytes of a request with a body.
pub(crate) fn posted(path: &str, media: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {media}\r\n\
         Content-Length: {length}\r\n{headers}\r\n{body}"
    )
}

/// Reads an answer to its end.
pub(crate) fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(&bytes)));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: bytes.split_off(end + 4) }
}

/// The customer of the story.
pub(crate) fn customer() -> String {
    name::customer("C").to_string()
}

/// The path of a route with something in place of each parameter.
pub(crate) fn filled(path: &str) -> String {
    let (relationship, assignment) = (name::granular("G"), name::assignment("A"));
    [
        ("{customer}", customer()),
        ("{position}", "0".to_owned()),
        ("{level}", "0".to_owned()),
        ("{index}", "000.p/5".to_owned()),
        ("{relationship}", relationship.to_string()),
        ("{assignment}", assignment.to_string()),
        ("{request}", "1".to_owned()),
        ("{operation}", "1".to_owned()),
        ("{subscription}", name::subscription("S").to_string()),
        ("{transfer}", "1".to_owned()),
        ("{approval}", "00000000-0000-4000-8000-000000000099".to_owned()),
        ("{table}", "findings".to_owned()),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
}

/// How many entries stand in the ledger before a test begins: two partners and a customer, made known.
pub(crate) const FOUNDED: u64 = 5;

fn founded() -> Vec<Request> {
    let story = story::Story::new(6);
    let ledger = || story.at("2024-01-01").ledger();
    vec![
        ledger().registers_partner("P", PartnerType::DirectBill, Some("517285")),
        ledger().records_partner_agreement("P"),
        ledger().registers_partner("Q", PartnerType::DirectBill, Some("517286")),
        ledger().records_partner_agreement("Q"),
        ledger().registers_customer("C"),
    ]
}

/// A story of a relationship, in four commands, of which the last is refused.
pub(crate) fn told() -> Vec<Request> {
    let story = story::Story::new(7);
    vec![
        story.at("2024-02-01").partner("P").requests_relationship(),
        story.at("2024-02-02").customer("C").accepts("P"),
        story.at("2024-02-03").partner("Q").requests_relationship(),
        story
            .at("2024-02-04")
            .partner("P")
            .by(actor::partner_application(name::partner("P")))
            .removes_relationship("C"),
    ]
}

/// The same as lines.
pub(crate) fn lines() -> Vec<String> {
    told().iter().map(line::of).collect()
}
