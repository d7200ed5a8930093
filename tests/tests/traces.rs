//! Spans of `ofrecord serve`, as a collector gets them: one trace from the caller's span to the entry, with nothing of what
//! was sent, and no request that waits for a collector.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::{Stage, fixture};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

/// A collector on a port of its own.
struct Collector {
    url: String,
    bodies: Receiver<Vec<u8>>,
}

impl Collector {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (to, bodies) = channel();
        std::thread::spawn(move || listener.incoming().for_each(|stream| take(stream.unwrap(), &to)));
        Self { url, bodies }
    }

    /// What came, once the server has ended: the bytes, and the spans in them.
    fn taken(&self) -> (Vec<Vec<u8>>, Vec<Span>) {
        let bodies: Vec<Vec<u8>> = self.bodies.try_iter().collect();
        let sent = bodies.iter().map(|body| ExportTraceServiceRequest::decode(body.as_slice()).unwrap());
        let of_service = sent.flat_map(|sent| sent.resource_spans).inspect(|spans| {
            let named = spans.resource.iter().flat_map(|resource| &resource.attributes);
            assert!(named.clone().any(|pair| pair.key == "service.name" && text(pair.value.as_ref()) == "ofrecord"));
        });
        let spans = of_service.flat_map(|spans| spans.scope_spans).flat_map(|spans| spans.spans).collect();
        (bodies, spans)
    }
}

/// Takes one request, and answers it.
fn take(mut stream: TcpStream, to: &Sender<Vec<u8>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "POST /v1/traces HTTP/1.1");
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        match line.trim().to_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(("content-type", value)) => assert_eq!(value, "application/x-protobuf"),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    to.send(body).unwrap();
    let answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(answer.as_bytes()).unwrap();
}

fn text(value: Option<&opentelemetry_proto::tonic::common::v1::AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    span.attributes.iter().find(|pair| pair.key == key).map(|pair| text(pair.value.as_ref()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn served(stage: &Stage, more: &[&str]) -> Serving {
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--clock", "2018-01-02", "--verbose"];
    arguments.extend(more);
    Serving::listening(stage, &arguments)
}

/// The first command of the story.
fn command() -> String {
    let mut days: Vec<_> = fs::read_dir(fixture("story")).unwrap().map(|day| day.unwrap().path()).collect();
    days.sort();
    fs::read_to_string(&days[0]).unwrap().lines().next().unwrap().to_owned()
}

/// What is answered to the command with some headers.
fn told(serving: &Serving, command: &str, headers: &str) -> String {
    let length = command.len();
    let head =
        "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";
    serving.answer(format!("{head}Content-Length: {length}\r\n{headers}\r\n{command}").as_bytes())
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[test]
fn a_command_is_one_trace_below_the_span_of_whoever_sent_it_down_to_its_entry() {
    let (stage, collector) = (Stage::with_ledger(), Collector::new());
    let mut serving = served(&stage, &["--otlp-endpoint", &collector.url]);
    let headers =
        format!("traceparent: 00-{TRACE}-{PARENT}-01\r\ntracestate: vendor=1\r\nAuthorization: Bearer s3cret\r\n");
    let answer = told(&serving, &command(), &headers);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let response = header(&answer, "traceresponse").unwrap().to_owned();
    let asked = "/v1/customers/cccccccc-0000-4000-8000-000000000001/resellers?as_of=2018-01-01";
    assert_eq!(serving.asked(asked).0, 404);
    let (code, said) = serving.ended();
    assert_eq!(code, Some(0), "{said}");
    let (bodies, spans) = collector.taken();
    let of_trace: Vec<&Span> = spans.iter().filter(|span| hex(&span.trace_id) == TRACE).collect();
    let named = |name: &str| {
        let found = of_trace.iter().find(|span| span.name == name);
        *found.unwrap_or_else(|| panic!("no {name}: {of_trace:?}"))
    };
    let request = named("POST /v1/commands");
    assert_eq!((hex(&request.parent_span_id), request.trace_state.as_str()), (PARENT.to_owned(), "vendor=1"));
    assert_eq!(response, format!("00-{TRACE}-{}-01", hex(&request.span_id)));
    let receipt: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    for (key, value) in [
        ("http.request.method", "POST".to_owned()),
        ("http.route", "/v1/commands".to_owned()),
        ("http.response.status_code", "201".to_owned()),
        ("ofrecord.role", "anybody".to_owned()),
        ("ofrecord.outcome", "accepted".to_owned()),
        ("ofrecord.position", receipt["position"].to_string()),
        ("ofrecord.command_id", receipt["command_id"].as_str().unwrap().to_owned()),
        ("ofrecord.request_id", header(&answer, "x-request-id").unwrap().to_owned()),
    ] {
        assert_eq!(attribute(request, key), Some(value), "{key}");
    }
    for child in [named("decide"), named("append and sync")] {
        assert_eq!(child.parent_span_id, request.span_id, "{}", child.name);
        assert!(child.start_time_unix_nano >= request.start_time_unix_nano, "{}", child.name);
        assert!(child.end_time_unix_nano <= request.end_time_unix_nano, "{}", child.name);
    }
    assert_eq!(of_trace.len(), 3, "{of_trace:?}");
    let question = spans.iter().find(|span| span.name == "GET /v1/customers/{customer}/resellers").unwrap();
    assert_ne!(question.trace_id, request.trace_id, "whoever names no trace begins one");
    let below = spans.iter().filter(|span| span.parent_span_id == question.span_id);
    let below: Vec<&str> = below.map(|span| span.name.as_str()).collect();
    assert_eq!(below, ["wait for a turn", "read"]);
    for secret in ["s3cret", "cccccccc-0000-4000-8000-000000000001", "2018-01-01"] {
        let is_sent = bodies.iter().any(|body| body.windows(secret.len()).any(|part| part == secret.as_bytes()));
        assert!(!is_sent, "{secret} is in a span");
    }
    let line = said.lines().find(|line| line.contains("route=\"/v1/commands\"")).unwrap();
    assert!(line.contains(TRACE), "{line}");
    let decided = said.lines().find(|line| line.contains("ofrecord_server::commands")).unwrap();
    assert!(decided.contains(TRACE) && decided.contains("position=0"), "{decided}");
}

#[test]
fn a_trace_that_its_caller_does_not_sample_is_not_sent_and_is_carried_on_all_the_same() {
    let (stage, collector) = (Stage::with_ledger(), Collector::new());
    let mut serving = served(&stage, &["--otlp-endpoint", &collector.url]);
    let answer = told(&serving, &command(), &format!("traceparent: 00-{TRACE}-{PARENT}-00\r\n"));
    let response = header(&answer, "traceresponse").unwrap();
    assert!(response.starts_with(&format!("00-{TRACE}-")) && response.ends_with("-00"), "{response}");
    let (code, said) = serving.ended();
    assert_eq!((code, collector.taken().1.len()), (Some(0), 0));
    assert!(said.contains(TRACE), "{said}");
}

#[test]
fn a_server_that_is_told_of_no_collector_makes_no_spans_and_logs_the_trace_that_it_was_named() {
    let stage = Stage::with_ledger();
    let mut serving = served(&stage, &[]);
    let answer = told(&serving, &command(), &format!("traceparent: 00-{TRACE}-{PARENT}-01\r\n"));
    assert!(answer.starts_with("HTTP/1.1 201") && header(&answer, "traceresponse").is_none(), "{answer}");
    let (code, said) = serving.ended();
    assert!(code == Some(0) && said.contains(TRACE), "{said}");
}

#[test]
fn a_collector_that_is_not_there_or_never_answers_keeps_no_request_and_no_end_waiting() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [silent.local_addr().unwrap(), nobody] {
        let stage = Stage::with_ledger();
        let mut serving = served(&stage, &["--otlp-endpoint", &format!("http://{address}")]);
        let began = Instant::now();
        assert!(told(&serving, &command(), "").starts_with("HTTP/1.1 201"));
        for _ in 0..50 {
            assert_eq!(serving.asked("/v1/status").0, 200);
        }
        let (code, said) = serving.ended();
        assert_eq!(code, Some(0), "{said}");
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
        if address == nobody {
            assert!(said.contains("traces are not taken by the collector"), "{said}");
        }
    }
}

#[test]
fn what_is_no_address_of_a_collector_is_refused_before_anything_is_served() {
    let stage = Stage::with_ledger();
    for wrong in ["localhost:4318", "http://", "ftp://x", "http://kim:secret@collector:4318"] {
        let ran = stage.ran(&["serve", "--otlp-endpoint", wrong, "--check"], b"");
        assert!(ran.code == Some(2) && ran.stderr.contains("4318"), "{wrong}: {}", ran.shown());
    }
    let ran = stage.ran_among(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/")], &["serve", "--check"]);
    assert!(ran.code == Some(0) && ran.stdout.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "{}", ran.shown());
}
