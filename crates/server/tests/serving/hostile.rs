//! What a hostile client sends: heads and bodies that trickle, that are too long or that two readers would cut apart
//! differently, paths that lead out, packed bodies, too many connections, and connections that are cut.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use ofrecord_server::Limits;
use serde_json::json;

use crate::stage::{FOUNDED, Stage, customer, lines, posted, read_answer};

const CLOSE: &str = "Host: localhost\r\nConnection: close\r\n";
const SHORT: Duration = Duration::from_millis(50);

/// Everything that comes until the server closes the connection.
fn until_closed(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What comes of some bytes on a connection of their own.
fn sent(stage: &Stage, bytes: &str) -> String {
    let mut stream = stage.connect();
    stream.write_all(bytes.as_bytes()).unwrap();
    until_closed(&mut stream)
}

/// The statuses of every answer in what came.
fn statuses(answers: &str) -> Vec<&str> {
    answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect()
}

/// That the server is as it was: it answers, and nothing was recorded.
#[track_caller]
fn check_unharmed(stage: &Stage, said: &str) {
    assert_eq!(stage.get("/healthz").status, 200, "{said}");
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED, "{said}");
}

#[test]
fn a_request_that_trickles_is_not_waited_for_however_alive_it_looks() {
    let stage = Stage::within(Limits { head_time: SHORT, request_time: SHORT, ..Limits::default() });
    let head = "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    for begun in ["G", head, &format!("{head}Content-Length: 100\r\n\r\n{{"), &format!("{head}X-A: ")] {
        let mut stream = stage.connect();
        stream.write_all(begun.as_bytes()).unwrap();
        // A byte at a time, for as long as anybody takes it.
        while stream.write_all(b"a").is_ok() {
            stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
            let mut byte = [0; 256];
            match stream.read(&mut byte) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => break,
            }
        }
        check_unharmed(&stage, begun);
    }
}

#[test]
fn a_connection_that_rests_after_an_answer_is_closed() {
    let stage = Stage::within(Limits { head_time: SHORT, ..Limits::default() });
    let answers = sent(&stage, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(statuses(&answers), ["200"]);
}

#[test]
fn whoever_takes_nothing_of_an_answer_is_given_up() {
    let stage = Stage::within(Limits { stall: SHORT, connections: 1, ..Limits::default() });
    let mut stream = stage.connect();
    let asked = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(400);
    // It asks for far more than the system keeps for whoever does not read.
    drop(stream.write_all(asked.as_bytes()));
    assert_eq!(stage.get("/healthz").status, 200, "the only place is free again");
    drop(stream);
}

#[test]
fn heads_and_addresses_that_are_too_long_are_refused() {
    let stage = Stage::within(Limits { head_bytes: 16 * 1024, ..Limits::default() });
    let long = "a".repeat(20_000);
    for (request, status) in [
        (format!("GET /healthz?{long} HTTP/1.1\r\n{CLOSE}\r\n"), "431"),
        (format!("GET /healthz HTTP/1.1\r\n{CLOSE}X-Long: {long}\r\n\r\n"), "431"),
        (format!("GET /healthz HTTP/1.1\r\n{CLOSE}{}\r\n", "X-Many: 1\r\n".repeat(200)), "431"),
        (format!("GET /healthz HTTP/1.1\r\n{CLOSE}Cookie: {}\r\n\r\n", "a=b; ".repeat(4_000)), "431"),
        (format!("{long} /healthz HTTP/1.1\r\n{CLOSE}\r\n"), "431"),
        (format!("GET /healthz?{} HTTP/1.1\r\n{CLOSE}\r\n", "a".repeat(8_000)), "400"),
    ] {
        let answers = sent(&stage, &request);
        assert!(statuses(&answers).iter().all(|given| *given == status), "{}: {answers}", &request[..60]);
        check_unharmed(&stage, &request[..60]);
    }
}

#[test]
fn a_request_that_two_readers_would_cut_apart_differently_never_hides_another() {
    let stage = Stage::within(Limits { head_time: SHORT, ..Limits::default() });
    let hidden = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let head = "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    for framing in [
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length : 5\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "X-A: b\r\n Transfer-Encoding: chunked\r\n",
    ] {
        let answers = sent(&stage, &format!("{head}{framing}\r\n0\r\n\r\n{hidden}"));
        assert!(!answers.contains("ofrecord_tree_size"), "{framing}: {answers}");
        assert!(statuses(&answers).iter().all(|status| *status == "400"), "{framing}: {answers}");
        check_unharmed(&stage, framing);
    }
    let chunk = |size: &str| format!("{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{size}\r\n");
    for size in ["-1", "0x5", "FFFFFFFFFFFFFFFFF", "g", ""] {
        let answers = sent(&stage, &chunk(size));
        assert!(statuses(&answers).iter().all(|status| matches!(*status, "400" | "413")), "{size}: {answers}");
        check_unharmed(&stage, size);
    }
}

#[test]
fn a_path_that_leads_out_leads_nowhere() {
    let stage = Stage::new();
    for path in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/console/../v1/status",
        "/console/..%2fv1%2fstatus",
        "/console/style.css/../../../etc/passwd",
        "/tile/0/../../checkpoint",
        "/tile/0/..%2f..%2fledger.json",
        "/tile/entries/..%2f..%2flog",
        "/tile/../x000/000",
        "/v1/entries/..%2f1",
        "/v1/customers/..%2f..%2fstatus/resellers",
        "/console/entries/%00",
        "/v1//status",
        "//v1/status",
        "/v1/status/",
        "/V1/STATUS",
        "/v1/status%20",
        "/v1/status;a=b",
        "http://evil.example/v2/status",
        "*",
    ] {
        let answer = stage.raw(&format!("GET {path} HTTP/1.1\r\n{CLOSE}\r\n"));
        assert!(matches!(answer.status, 400 | 404), "{path}: {} {}", answer.status, answer.text());
        assert!(!answer.text().contains("root:") && !answer.text().contains("tree_size\":"), "{path}");
    }
    check_unharmed(&stage, "paths");
}

#[test]
fn a_packed_body_is_refused_unopened() {
    let stage = Stage::new();
    for encoding in ["gzip", "zstd", "br", "deflate", "gzip, gzip", "identity, gzip"] {
        for (path, media) in [
            ("/v1/commands", "application/json"),
            ("/v1/commands:batch", "application/jsonl"),
            ("/console/entries/3/bytes", "application/x-www-form-urlencoded"),
        ] {
            let headers = format!("Content-Encoding: {encoding}\r\nSec-Fetch-Site: same-origin\r\n");
            let answer = stage.post(path, media, &headers, &lines()[0]);
            assert_eq!((answer.status, answer.json_code().as_deref()), (415, Some("media_type")), "{encoding} {path}");
        }
    }
    check_unharmed(&stage, "packed");
}

#[test]
fn requests_that_are_sent_without_waiting_are_answered_in_their_order() {
    let stage = Stage::new();
    let command = posted("/v1/commands", "application/json", "", &lines()[0]).replace("Connection: close\r\n", "");
    let ready = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let last = format!("GET /v1/entries/{FOUNDED} HTTP/1.1\r\n{CLOSE}\r\n");
    let answers = sent(&stage, &format!("{ready}{command}{ready}{last}"));
    assert_eq!(statuses(&answers), ["200", "201", "200", "200"], "{answers}");
}

#[test]
fn an_address_has_so_many_connections_and_the_next_one_once_one_of_them_is_closed() {
    let stage = Stage::within(Limits { peer_connections: 2, ..Limits::default() });
    let open = || {
        let mut stream = stage.connect();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut byte = [0; 1];
        stream.read_exact(&mut byte).unwrap();
        stream
    };
    let (first, second) = (open(), open());
    let mut third = stage.connect();
    drop(third.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    assert_eq!(until_closed(&mut third), "", "it is closed without a word");
    first.shutdown(Shutdown::Both).unwrap();
    // The place is given back once the server has seen that the connection is closed.
    let heard = (0..10_000).any(|_| {
        let mut stream = stage.connect();
        stream.write_all(format!("GET /healthz HTTP/1.1\r\n{CLOSE}\r\n").as_bytes()).is_ok()
            && until_closed(&mut stream).contains(" 200 ")
    });
    assert!(heard);
    drop(second);
}

#[test]
fn a_submit_that_is_cut_off_is_recorded_whole_or_not_at_all_and_its_id_tells_which() {
    let stage = Stage::new();
    let whole = posted("/v1/commands", "application/json", "", &lines()[0]);
    let log = stage.ledger.reader().log().clone();
    let head = whole.find("\r\n\r\n").unwrap() + 4;
    for cut in [1, 40, head - 2, head, head + 1, whole.len() / 2, whole.len() - 1] {
        let mut stream = stage.connect();
        stream.write_all(&whole.as_bytes()[..cut]).unwrap();
        drop(stream);
        check_unharmed(&stage, &format!("cut after {cut} of {}", whole.len()));
    }
    let mut stream = stage.connect();
    stream.write_all(whole.as_bytes()).unwrap();
    drop(stream);
    let again = stage.raw(&whole);
    assert!(matches!(again.status, 200 | 201), "{}", again.text());
    assert_eq!(again.json()["position"], json!(FOUNDED));
    let third = stage.raw(&whole);
    assert_eq!((third.status, &third.json()["position"]), (200, &json!(FOUNDED)));
    assert_eq!(log.tree_size(), FOUNDED + 1, "once, however often it came");
}

#[test]
fn a_batch_that_is_cut_off_is_not_begun() {
    let stage = Stage::new();
    let body = format!("{}\n", lines().join("\n"));
    let whole = posted("/v1/commands:batch", "application/jsonl", "", &body);
    let mut stream = stage.connect();
    stream.write_all(&whole.as_bytes()[..whole.len() - 1]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    drop(until_closed(&mut stream));
    check_unharmed(&stage, "the last byte is missing");
    let mut stream = stage.connect();
    stream.write_all(whole.as_bytes()).unwrap();
    assert_eq!(read_answer(&mut stream).status, 200);
    assert_eq!(stage.get(&format!("/v1/customers/{}/timeline", customer())).status, 200);
}
