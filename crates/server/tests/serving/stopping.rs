//! Stopping: what was accepted is answered and recorded, and nothing more is accepted.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use ofrecord_server::Limits;
use serde_json::json;

use crate::stage::{FOUNDED, Stage, lines, posted, read_answer};

#[test]
fn a_command_that_is_half_sent_is_still_recorded_and_answered() {
    let mut stage = Stage::new();
    let whole = posted("/v1/commands", "application/json", "Expect: 100-continue\r\n", &lines()[0]);
    let (head, body) = whole.split_once("\r\n\r\n").unwrap();
    let mut stream = stage.connect();
    stream.write_all(format!("{head}\r\n\r\n").as_bytes()).unwrap();
    // That the body is asked for says that the request was accepted.
    let mut goes_on = [0; 25];
    stream.read_exact(&mut goes_on).unwrap();
    assert!(goes_on.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&goes_on));
    stage.stop.ask();
    stream.write_all(body.as_bytes()).unwrap();
    let answer = read_answer(&mut stream);
    assert_eq!((answer.status, &answer.json()["position"]), (201, &json!(FOUNDED)), "{}", answer.text());
    assert_eq!(stage.ended().cancelled, [""; 0]);
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED + 1);
    assert!(TcpStream::connect(stage.address).is_err(), "nothing listens any more");
}

#[test]
fn a_connection_without_a_request_does_not_hold_the_server() {
    let mut stage = Stage::new();
    let mut idle = stage.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut byte = [0; 1];
    idle.read_exact(&mut byte).unwrap();
    stage.stop.ask();
    assert_eq!(stage.ended().cancelled, [""; 0]);
}

#[test]
fn a_client_that_never_finishes_holds_the_server_for_so_long_only() {
    let mut stage = Stage::within(Limits { stop_time: Duration::from_millis(50), ..Limits::default() });
    let whole = posted("/v1/commands", "application/json", "Expect: 100-continue\r\n", &lines()[0]);
    let mut stream = stage.connect();
    stream.write_all(whole.split_once("\r\n\r\n").unwrap().0.as_bytes()).unwrap();
    stream.write_all(b"\r\n\r\n").unwrap();
    let mut goes_on = [0; 25];
    stream.read_exact(&mut goes_on).unwrap();
    stage.stop.ask();
    assert_eq!(stage.ended().cancelled, [""; 0]);
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED);
}
