//! Webhooks of `ofrecord serve` as a process, to a receiver that listens: what is refused, what arrives, and that
//! nothing is missing after a kill.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use ofrecord_acceptance::programs::{left_out, python, told};
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::{Stage, fixture};
use ofrecord_acceptance::workspace;
use serde_json::{Value, json};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const OWN: &str = "cccccccc-0000-4000-8000-000000000001";
const OTHER: &str = "cccccccc-0000-4000-8000-000000000002";

/// What was posted.
struct Posted {
    headers: BTreeMap<String, String>,
    body: String,
}

impl Posted {
    fn id(&self) -> &str {
        self.headers.get("webhook-id").unwrap()
    }
}

/// A receiver on a port of its own, which takes everything.
fn receiver() -> (u16, Receiver<Posted>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (to, posted) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let to = to.clone();
            std::thread::spawn(move || {
                let mut stream = BufReader::new(stream);
                while let Some(one) = read(&mut stream) {
                    stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap_or_default();
                    drop(to.send(one));
                }
            });
        }
    });
    (port, posted)
}

/// A request; none where the sender is gone.
fn read(stream: &mut BufReader<TcpStream>) -> Option<Posted> {
    let mut head = Vec::new();
    for line in stream.by_ref().lines() {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    assert!(head.first()?.starts_with("POST /hook?key=hidden HTTP/1.1"), "{head:?}");
    let headers: BTreeMap<String, String> = head
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    Some(Posted { headers, body: String::from_utf8(body).unwrap() })
}

fn with_secret(stage: &Stage, name: &str, content: &str, mode: u32) {
    stage.write(name, content);
    fs::set_permissions(stage.folder().join(name), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_a_webhook_must_not_be_is_refused_and_named_with_what_to_write_instead() {
    let stage = Stage::empty();
    with_secret(&stage, "good", SECRET, 0o600);
    with_secret(&stage, "open", SECRET, 0o644);
    with_secret(&stage, "short", "whsec_AAAA", 0o600);
    let one = "[[webhook]]\nname = \"billing\"\nurl = \"https://r.example/h\"\nsecret_file = \"good\"\n";
    for (content, said) in [
        ("webhook = 1".to_owned(), "[[webhook]]"),
        ("[[webhook]]\nname = \"billing\"\n".to_owned(), "missing field `url`"),
        (format!("{one}colour = \"red\"\n"), "unknown field `colour`"),
        (format!("{one}{one}"), "two of this name"),
        (format!("{one}customer = \"x\"\n"), "GUID"),
        (format!("{one}role = \"operator\"\n"), "`role`: `operator` is none of"),
        (format!("{one}role = \"partner_user\"\n"), "`tenant`: a partner_user is of one partner"),
        (format!("{one}role = \"customer_admin\"\n"), "`tenant`: a customer_admin is of one customer"),
        (format!("{one}tenant = \"{OWN}\"\n"), "an auditor is of no tenant"),
        (format!("{one}role = \"partner_user\"\ntenant = \"x\"\n"), "`tenant`: `x` is not a GUID"),
        (
            format!("{one}role = \"customer_admin\"\ntenant = \"{OWN}\"\ncustomer = \"{OTHER}\"\n"),
            "it sees no other than its `tenant`",
        ),
        (one.replace("billing", "Billing!"), "small letters, digits and -"),
        (one.replace("https:", "http:"), "begins with https://"),
        (one.replace("https://r", "https://user@r"), "begins with https://"),
        (one.replace("good", "nowhere"), "`secret_file`"),
        (one.replace("good", "open"), "everybody on this machine may read it"),
        (one.replace("good", "short"), "24 to 64 bytes as Base64"),
    ] {
        stage.write("server.toml", &content);
        let ran = stage.ran(&["serve", "--config", "server.toml", "--check"], b"");
        assert_eq!(ran.code, Some(2), "{content}: {}", ran.shown());
        for part in ["could not use server.toml: `webhook`", said] {
            assert!(ran.stderr.contains(part), "{content}: {part}: {}", ran.stderr);
        }
        assert!(!ran.stderr.contains(SECRET), "{}", ran.stderr);
    }
    stage.write("server.toml", format!("{one}role = \"customer_admin\"\ntenant = \"{OWN}\"\n"));
    let ran = stage.ran(&["serve", "--config", "server.toml", "--check"], b"");
    assert!(ran.code == Some(0) && ran.stdout.contains("https://r.example"), "{}", ran.shown());
    assert!(!ran.stdout.contains("https://r.example/h"), "the path may be a secret: {}", ran.stdout);
}

/// A server of the stage's ledger with one receiver.
fn serving(stage: &Stage, url: &str, more: &str) -> Serving {
    let webhook = format!("[[webhook]]\nname = \"billing\"\nurl = \"{url}\"\nsecret_file = \"secret\"\n{more}");
    stage.write("server.toml", format!("listen = \"127.0.0.1:0\"\n{webhook}"));
    with_secret(stage, "secret", SECRET, 0o600);
    Serving::listening(stage, &["serve", "--config", "server.toml"])
}

/// The lines of the first day of the story.
fn lines() -> Vec<String> {
    let mut days: Vec<_> = fs::read_dir(fixture("story")).unwrap().map(|day| day.unwrap().path()).collect();
    days.sort();
    fs::read_to_string(days.first().unwrap()).unwrap().lines().map(str::to_owned).collect()
}

fn ledger() -> Stage {
    let stage = Stage::empty();
    stage.ran(&["init", "--origin", "example.cn/ledger"], b"").must_exit(0);
    stage
}

#[test]
fn an_address_of_this_machine_is_not_reached_unless_the_settings_say_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let stage = ledger();
        let mut serving = serving(&stage, &format!("https://{host}:{port}/hook"), "from = 0\n");
        let page = loop {
            let page = serving.asked("/console/operations").1;
            if page.contains("in a row, since") {
                break page;
            }
        };
        assert!(page.contains("is no public address"), "{host}: {page}");
        assert!(listener.accept().is_err(), "{host}: it was reached");
        assert_eq!(serving.ended().0, Some(0));
    }
}

#[test]
fn a_receiver_gets_every_event_signed_and_misses_none_after_a_kill() {
    let (port, posted) = receiver();
    let stage = ledger();
    let url = format!("http://127.0.0.1:{port}/hook?key=hidden");
    let more = "from = 0\nallow_private = true\n";
    let (mut got, lines) = (Vec::<Posted>::new(), lines());
    let (before, after) = lines.split_at(lines.len() / 2);
    let mut first = serving(&stage, &url, more);
    for line in before {
        assert_eq!(first.sent("/v1/commands", "application/json", line).0, 201);
    }
    got.push(posted.recv().unwrap());
    first.kill();
    let mut second = serving(&stage, &url, more);
    for line in after {
        assert_eq!(second.sent("/v1/commands", "application/json", line).0, 201);
    }
    let all: Vec<Value> = serde_json::from_str(&second.asked("/v1/events?wait=0").1).unwrap();
    let ids: Vec<&str> = all.iter().map(|event| event.get("id").unwrap().as_str().unwrap()).collect();
    while got.last().is_none_or(|last| last.id() != *ids.last().unwrap()) {
        got.push(posted.recv().unwrap());
    }
    assert_eq!(second.ended().0, Some(0));
    let mut sent: Vec<&str> = got.iter().map(Posted::id).collect();
    assert!(sent.len() <= ids.len() + before.len(), "{sent:?}");
    // At least once, and in order: what comes twice is what was taken when the server was killed.
    let order = |id: &&str| ids.iter().position(|known| known == id).unwrap_or_else(|| panic!("{id} of {ids:?}"));
    sent.sort_by_key(order);
    sent.dedup();
    assert_eq!(sent, ids);
    let entries = stage.ran(&["export", "--as", "cloudevents"], b"").stdout;
    assert_eq!(entries.matches("sent as events to a webhook").count(), 2, "once for each start");
    verified(&got);
}

/// The library of the specification verifies each, and refuses what was changed.
fn verified(got: &[Posted]) {
    let test = "a_receiver_gets_every_event_signed";
    let lines: Vec<String> =
        got.iter().map(|one| json!({"secret": SECRET, "headers": one.headers, "body": one.body}).to_string()).collect();
    let script = workspace::root().join("tests/foreign/webhooks.py");
    let mut command = Command::new(python());
    command.arg("-B").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that ends without reading its input is its own affair: what it said is looked at.
    drop(child.stdin.take().unwrap().write_all((lines.join("\n") + "\n").as_bytes()));
    let output = child.wait_with_output().unwrap();
    let said = told(&output);
    if said.contains("No module named 'standardwebhooks'") {
        return left_out(test, &said);
    }
    assert!(output.status.success() && said.ends_with("good\n"), "{said}");
}
