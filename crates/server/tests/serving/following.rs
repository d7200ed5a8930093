//! Following: what is refused, that nothing is missing and nothing comes twice from any cursor, and who sees what.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use ofrecord_core::{Event, StreamId};
use ofrecord_server::{AccessRole, Limits, Scope};
use ofrecord_testkit::Generator;
use serde_json::{Value, json};

use crate::stage::{FOUNDED, Stage, lines, told};

/// Every event from the beginning on, by polling until nothing more comes.
pub(crate) fn followed(stage: &Stage, query: &str, token: &str) -> Vec<Value> {
    let (mut events, mut after) = (Vec::new(), String::new());
    loop {
        let answer = stage.get_with(&format!("/v1/events?wait=0&{query}{after}"), token);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page: Vec<Value> = serde_json::from_slice(&answer.body).unwrap();
        let reached = answer.header("last-event-id").unwrap().to_owned();
        // Within what an entry shows of others, it is no position.
        let is_end = reached.parse().is_ok_and(|at: u64| at + 1 == stage.ledger.reader().log().tree_size());
        events.extend(page);
        if is_end {
            return events;
        }
        after = format!("&after={reached}");
    }
}

fn ids(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["id"].as_str().unwrap()).collect()
}

/// The ids of everything that the log says of a customer, or of everybody, in order.
fn all_ids(stage: &Stage) -> Vec<String> {
    let reader = stage.ledger.reader();
    let mut ids = Vec::new();
    for position in 0..reader.log().tree_size() {
        let entry = reader.entry(position).unwrap();
        let parts = entry.decision.events().len().max(usize::from(entry.decision.refusal.is_some()));
        ids.extend((0..parts).map(|index| format!("{position}-{index}")));
    }
    ids
}

/// A stream of Server-Sent Events.
struct Following(BufReader<TcpStream>);

impl Following {
    fn begin(stage: &Stage, path: &str, headers: &str) -> Self {
        let mut stream = stage.connect();
        let accepts = "Accept: text/event-stream";
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{accepts}\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            lines.read_line(&mut head).unwrap();
        }
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
        Self(lines)
    }

    /// The next message: its event, its id and what it says; none once there are no more.
    fn next(&mut self) -> Option<(String, String, Value)> {
        let (mut event, mut id) = ("message".to_owned(), String::new());
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            let line = line.trim_end();
            if let Some(given) = line.strip_prefix("event: ") {
                event = given.to_owned();
            } else if let Some(given) = line.strip_prefix("id: ") {
                id = given.to_owned();
            } else if let Some(told) = line.strip_prefix("data: ") {
                return Some((event, id, serde_json::from_str(told).unwrap()));
            }
        }
    }

    /// The ids of events up to the next sign of how far the log was looked through, and that sign.
    fn page(&mut self) -> (Vec<String>, String) {
        let mut ids = Vec::new();
        loop {
            let (event, id, told) = self.next().unwrap();
            match event.as_str() {
                "message" => {
                    assert_eq!(told["id"], json!(id));
                    ids.push(id);
                }
                "position" => return (ids, id),
                other => panic!("{other}: {told}"),
            }
        }
    }
}

#[test]
fn what_leads_nowhere_is_refused() {
    let stage = Stage::new();
    for (query, field) in [
        ("after=x", "after"),
        ("after=17-", "after"),
        ("after=99", "after"),
        ("customer=x", "customer"),
        ("partner=x", "partner"),
        ("wait=soon", "wait"),
        ("colour=red", "colour"),
    ] {
        let answer = stage.get(&format!("/v1/events?{query}"));
        assert_eq!((answer.status, &answer.json()["field"]), (400, &json!(field)), "{query}");
    }
    assert_eq!(stage.get_with("/v1/events", "Last-Event-ID: x\r\n").json()["field"], json!("Last-Event-ID"));
}

#[test]
fn whoever_goes_on_from_any_event_misses_nothing_and_gets_nothing_twice() {
    let stage = Stage::new();
    let mut generator = Generator::new(11);
    stage.record((0..300).map(|_| generator.draft().request));
    let all = followed(&stage, "", "");
    assert_eq!(ids(&all), all_ids(&stage), "in the order of the log");
    assert!(all.iter().all(|event| event["specversion"] == json!("1.0")));
    for (number, event) in all.iter().enumerate().step_by(7) {
        let rest = stage.get(&format!("/v1/events?wait=0&after={}", event["id"].as_str().unwrap()));
        let rest: Vec<Value> = serde_json::from_slice(&rest.body).unwrap();
        assert!(!rest.is_empty() || number + 1 == all.len());
        assert_eq!(rest[..], all[number + 1..][..rest.len()], "after {}", event["id"]);
    }
}

#[test]
fn filters_pass_over_what_is_not_wanted_and_say_how_far_that_was() {
    let stage = Stage::new();
    let mut generator = Generator::new(12);
    stage.record((0..300).map(|_| generator.draft().request));
    let (customer, partner) = (generator.customers()[0], generator.partners()[0]);
    let reader = stage.ledger.reader();
    let entry = |event: &Value| reader.entry(event["position"].as_str().unwrap().parse().unwrap()).unwrap();
    let of_customer = followed(&stage, &format!("customer={customer}"), "");
    assert!(!of_customer.is_empty());
    assert!(of_customer.iter().all(|event| entry(event).decision.customer == Some(customer)));
    let of_partner = followed(&stage, &format!("partner={partner}"), "");
    assert!(!of_partner.is_empty());
    let names = |event: &&Value| event.to_string().contains(&partner.to_string());
    assert!(of_partner.iter().filter(names).count() * 2 > of_partner.len(), "most of them name it by themselves");
    let kind = of_customer[0]["type"].as_str().unwrap().split('.').nth(3).unwrap().to_owned();
    let of_kind = followed(&stage, &format!("type={kind}"), "");
    assert!(of_kind.iter().all(|event| event["type"].as_str().unwrap().contains(&kind)));
    assert!(ids(&of_kind).contains(&of_customer[0]["id"].as_str().unwrap()));
    assert_eq!(stream_of(&of_customer[0]), StreamId::Customer(customer));
}

fn stream_of(event: &Value) -> StreamId {
    event["partitionkey"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_stream_brings_what_is_recorded_while_it_is_followed_and_says_how_far_it_is() {
    let mut stage = Stage::within(Limits { heartbeat: Duration::from_millis(20), ..Limits::default() });
    let mut following = Following::begin(&stage, "/v1/events", "");
    let (first, reached) = following.page();
    // That somebody follows everything is an entry of its own, before anything leaves.
    assert_eq!((first.len() as u64, reached), (FOUNDED + 1, FOUNDED.to_string()));
    let (none, again) = following.page();
    assert_eq!((none.len(), again), (0, FOUNDED.to_string()), "a sign of life");
    assert_eq!(stage.command("", &lines()[0]).status, 201);
    let id = loop {
        let (ids, reached) = following.page();
        if let [id] = ids.as_slice() {
            assert_eq!(reached, (FOUNDED + 1).to_string());
            break id.clone();
        }
    };
    let mut again = Following::begin(&stage, "/v1/events?after=0", &format!("Last-Event-ID: {id}\r\n"));
    assert_eq!(again.page(), (Vec::new(), (FOUNDED + 1).to_string()), "what it says itself comes before `after`");
    stage.stop.ask();
    for mut stream in [following, again] {
        let end = std::iter::from_fn(|| stream.next()).find(|(event, ..)| event == "end");
        assert_eq!(end.unwrap().2["code"], json!("stopping"));
        assert_eq!(stream.next(), None);
    }
    assert_eq!(stage.ended().cancelled, [""; 0]);
}

#[test]
fn a_poll_waits_for_what_is_recorded_next() {
    let stage = Stage::new();
    stage.record(told());
    stage.get("/v1/events?wait=0");
    let after = stage.ledger.reader().log().tree_size() - 1;
    std::thread::scope(|scope| {
        let polling = scope.spawn(|| stage.get(&format!("/v1/events?after={after}&wait=15")));
        let next = ofrecord_testkit::Story::new(9).at("2024-02-09").customer("C").accepts("Q");
        assert_eq!(stage.command("", &ofrecord_testkit::line::of(&next)).status, 201);
        let events: Vec<Value> = serde_json::from_slice(&polling.join().unwrap().body).unwrap();
        assert_eq!(ids(&events), [format!("{}-0", after + 1)]);
    });
}

#[test]
fn each_follows_what_it_may_see_and_nothing_else() {
    let stage = Stage::asking(Limits::default());
    let mut generator = Generator::new(13);
    stage.record((0..300).map(|_| generator.draft().request));
    let (customer, partner) = (generator.customers()[0], generator.partners()[0]);
    let own = stage.token("own", AccessRole::CustomerAdmin, Scope::Customer(customer));
    let as_partner = stage.token("partner", AccessRole::PartnerUser, Scope::Partner(partner));
    let operator = stage.token("operator", AccessRole::Operator, Scope::OfRole);
    assert_eq!(stage.get_with("/v1/events?wait=0", &operator).status, 403);
    let other = generator.customers()[1];
    assert_eq!(stage.get_with(&format!("/v1/events?customer={other}"), &own).status, 403);
    let before = stage.ledger.reader().log().tree_size();
    let of_customer = followed(&stage, "", &own);
    assert!(!of_customer.is_empty());
    assert!(of_customer.iter().all(|event| event["subject"] == json!(customer.to_string())));
    let of_partner = followed(&stage, "", &as_partner);
    assert!(!of_partner.is_empty());
    let own_streams = of_partner.iter().filter(|event| matches!(stream_of(event), StreamId::Partner(_)));
    assert!(own_streams.clone().all(|event| stream_of(event) == StreamId::Partner(partner)));
    assert!(own_streams.count() > 0);
    assert_eq!(stage.ledger.reader().log().tree_size(), before, "what is one's own is not recorded as taken");
}

#[test]
fn what_a_consent_shows_comes_with_the_consent_and_filters_hold_of_it() {
    let stage = Stage::asking(Limits::default());
    stage.accepted(told().into_iter().take(2));
    let (p, q) = (stage.partner("P"), stage.partner("Q"));
    let customer = crate::stage::customer();
    let ids_of = |query: &str, token: &str| -> Vec<String> {
        ids(&followed(&stage, query, token)).into_iter().map(str::to_owned).collect()
    };
    let own: Vec<String> = ids_of("", &p);
    // The customer was known at 4, and sells nothing of that to P before it consents at 6.
    assert_eq!(own, ["0-0", "1-0", "5-0", "6.4-0", "6-0"]);
    assert_eq!(ids_of("", &q), ["2-0", "3-0"], "what another one may see is not shown");
    assert_eq!(ids_of(&format!("customer={customer}"), &p), ["6.4-0", "6-0"]);
    assert_eq!(ids_of("type=CustomerRegistered", &p), ["6.4-0"]);
    let of_other = ofrecord_testkit::name::partner("Q");
    assert_eq!(ids_of(&format!("partner={of_other}"), &p), [""; 0], "a filter tells nothing of others");
    let shown = followed(&stage, "type=CustomerRegistered", &p).remove(0);
    assert_eq!((&shown["shownby"], &shown["position"]), (&json!("6"), &json!("4")));
    assert_eq!(shown["data"]["type"], json!("CustomerRegistered"));
    for (number, id) in own.iter().enumerate() {
        let rest = stage.get_with(&format!("/v1/events?wait=0&after={id}"), &p).json();
        assert_eq!(ids(rest.as_array().unwrap()), own[number + 1..], "after {id}");
    }
    let mut following = Following::begin(&stage, "/v1/events", &format!("{p}Last-Event-ID: 6.4-0\r\n"));
    assert_eq!(following.page(), (vec!["6-0".to_owned()], "6".to_owned()));
}

#[test]
fn that_an_auditor_follows_everything_is_recorded_once() {
    let stage = Stage::asking(Limits::default());
    let kim = stage.token("kim", AccessRole::Auditor, Scope::OfRole);
    for _ in 0..3 {
        assert_eq!(stage.get_with("/v1/events?wait=0", &kim).status, 200);
    }
    let reader = stage.ledger.reader();
    assert_eq!(reader.log().tree_size(), FOUNDED + 1);
    let entry = reader.entry(FOUNDED).unwrap();
    assert_eq!(entry.decision.actor.user.as_deref(), Some("kim"));
    assert!(matches!(entry.decision.events(), [Event::DisclosureRecorded(_)]));
}

#[test]
fn a_stream_ends_when_its_token_does_and_its_place_is_free_again() {
    let stage = Stage::asking(Limits { heartbeat: Duration::from_millis(20), followers: 1, ..Limits::default() });
    let (kim, robin) = (
        stage.token("kim", AccessRole::Auditor, Scope::OfRole),
        stage.token("robin", AccessRole::Auditor, Scope::OfRole),
    );
    let mut following = Following::begin(&stage, "/v1/events", &kim);
    following.page();
    let full = stage.get_with("/v1/events", &format!("{robin}Accept: text/event-stream\r\n"));
    assert_eq!((full.status, full.json_code().as_deref()), (503, Some("too_many_followers")));
    stage.tokens().revoke("kim", ofrecord_testkit::story::instant("2024-06-01")).unwrap();
    let end = std::iter::from_fn(|| following.next()).find(|(event, ..)| event == "end");
    assert_eq!(end.unwrap().2["code"], json!("not_authenticated"));
    assert_eq!(following.next(), None);
    Following::begin(&stage, "/v1/events", &robin).page();
}
