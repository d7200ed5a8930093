//! What is too much, too slow, or not meant for this server.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use ofrecord_server::{Gate, Limits, ServeError, TokenFile, bind};
use serde_json::json;

use crate::stage::{FOUNDED, Stage, customer, lines, posted, read_answer};

#[track_caller]
fn check(stage: &Stage, request: &str, status: u16, code: &str) {
    let answer = stage.raw(request);
    assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{request}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{request}");
}

#[test]
fn addresses_that_others_reach_are_listened_on_only_where_tokens_are_asked_for() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = bind(address, &Gate::open()).unwrap_err();
        assert!(matches!(refused, ServeError::NotLoopback { .. }), "{address}: {refused}");
    }
    assert!(matches!(bind("nowhere", &Gate::open()).unwrap_err(), ServeError::Listen { .. }));
    let asks = Gate::tokens(TokenFile::in_folder(std::path::Path::new("nowhere")));
    assert!(bind("0.0.0.0:0", &asks).is_ok(), "where everybody is asked for a token, others may reach it");
}

#[test]
fn what_no_route_takes_is_refused() {
    let stage = Stage::new();
    let line = &lines()[0];
    let close = "Host: localhost\r\nConnection: close\r\n";
    check(&stage, &format!("GET /v2/commands HTTP/1.1\r\n{close}\r\n"), 404, "not_found");
    check(&stage, &format!("GET /v1/commands HTTP/1.1\r\n{close}\r\n"), 405, "method_not_allowed");
    check(&stage, &format!("DELETE /healthz HTTP/1.1\r\n{close}\r\n"), 405, "method_not_allowed");
    let allowed = stage.raw(&format!("DELETE /healthz HTTP/1.1\r\n{close}\r\n"));
    assert_eq!(allowed.header("allow"), Some("GET, HEAD"));
    for media in ["text/plain", "application/x-www-form-urlencoded", "application/jsonl"] {
        check(&stage, &posted("/v1/commands", media, "", line), 415, "media_type");
    }
    check(&stage, &posted("/v1/commands:batch", "application/json", "", line), 415, "media_type");
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED);
}

#[test]
fn only_the_names_of_this_machine_are_answered_to() {
    let stage = Stage::new();
    let asked = |host: &str| format!("GET /v1/status HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    for host in ["evil.example", "evil.example:8470", "127.0.0.1.evil.example", "10.0.0.1", "localhost.evil.example:1"]
    {
        check(&stage, &asked(host), 421, "other_host");
    }
    for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8470", "[::1]:8470", "[::1]"] {
        assert_eq!(stage.raw(&asked(host)).status, 200, "{host}");
    }
}

#[test]
fn a_body_that_is_too_long_is_refused_whether_or_not_it_says_so() {
    let stage = Stage::within(Limits { command_bytes: 1_000, batch_commands: 2, ..Limits::default() });
    let long = format!("{}{}", lines()[0], " ".repeat(1_000));
    check(&stage, &posted("/v1/commands", "application/json", "", &long), 413, "too_large");
    let chunked = format!(
        "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{long}\r\n0\r\n\r\n",
        long.len()
    );
    check(&stage, &chunked, 413, "too_large");
    let many = format!("{}\n", lines()[..3].join("\n"));
    check(&stage, &posted("/v1/commands:batch", "application/jsonl", "", &many), 400, "not_a_command");
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED);
}

#[test]
fn a_head_that_does_not_come_ends_the_connection() {
    let stage = Stage::within(Limits { head_time: Duration::from_millis(50), ..Limits::default() });
    let mut stream = stage.connect();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: local").unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(!String::from_utf8_lossy(&rest).contains(" 200 "), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn a_body_or_an_entry_that_does_not_come_ends_the_request() {
    let stage = Stage::within(Limits { request_time: Duration::from_millis(50), ..Limits::default() });
    let mut stream = stage.connect();
    let whole = posted("/v1/commands", "application/json", "", &lines()[0]);
    stream.write_all(&whole.as_bytes()[..whole.len() - 5]).unwrap();
    let answer = read_answer(&mut stream);
    assert_eq!((answer.status, &answer.json()["code"]), (504, &json!("too_slow")));
    let never = format!("/v1/customers/{}/resellers?min_position=99", customer());
    assert_eq!(stage.get(&never).status, 504);
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED);
}

#[test]
fn a_body_is_told_apart_that_breaks_off_that_is_late_that_is_too_long_and_that_is_of_another_kind() {
    let short = Duration::from_millis(50);
    let stage = Stage::within(Limits { body_time: short, command_bytes: 1_000, ..Limits::default() });
    for path in ["/v1/commands", "/v1/commands:batch", "/v1/jobs"] {
        let media = if path.ends_with("batch") { "application/jsonl" } else { "application/json" };
        let chunked = |chunks: &str| {
            format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {media}\r\n\
                 Transfer-Encoding: chunked\r\n\r\n{chunks}"
            )
        };
        check(&stage, &chunked("2\r\n{}\r\nx\r\n"), 400, "malformed");
        check(&stage, &chunked("2\r\n{}\r\n"), 408, "slow_body");
        check(&stage, &posted(path, "text/plain", "", "{}"), 415, "media_type");
        let mut stream = stage.connect();
        let whole = posted(path, media, "", "{}");
        stream.write_all(&whole.as_bytes()[..whole.len() - 1]).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        let answer = String::from_utf8_lossy(&rest);
        assert!(answer.is_empty() || answer.contains(" 400 "), "{path}: {answer}");
    }
    let long = 20_000_000;
    let told = format!(
        "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {long}\r\n\r\n"
    );
    check(&stage, &told, 413, "too_large");
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED);
}

#[test]
fn connections_beyond_the_limit_wait_for_their_turn() {
    let stage = Stage::within(Limits { connections: 1, ..Limits::default() });
    let mut first = stage.connect();
    first.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut byte = [0; 1];
    first.read_exact(&mut byte).unwrap();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| stage.get("/healthz"));
        drop(first);
        assert_eq!(second.join().unwrap().status, 200);
    });
}
