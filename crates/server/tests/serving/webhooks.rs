//! Webhooks: what is sent, in which order, what becomes of what is not taken, and that nothing is missing afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use ofrecord_server::{AccessRole, Scope, Webhook};
use ofrecord_testkit::name;
use serde_json::Value;
use tempfile::TempDir;

use crate::stage::{FOUNDED, Stage, told};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What was posted.
#[derive(Debug)]
struct Posted {
    headers: BTreeMap<&'static str, String>,
    event: Value,
}

impl Posted {
    fn id(&self) -> &str {
        self.headers.get("webhook-id").unwrap()
    }
}

/// A receiver that answers as it is told, in order, and with 204 once nothing more is said.
struct Receiving {
    kept: TempDir,
    answers: Arc<Mutex<Vec<Result<u16, String>>>>,
    to: Sender<Posted>,
    posted: Receiver<Posted>,
}

impl Receiving {
    fn answering(answers: &[Result<u16, String>]) -> Self {
        let mut answers = answers.to_vec();
        answers.reverse();
        let (to, posted) = channel();
        Self { kept: tempfile::tempdir().unwrap(), answers: Arc::new(Mutex::new(answers)), to, posted }
    }

    fn webhook(&self, from: Option<u64>) -> Webhook {
        let (answers, to) = (Arc::clone(&self.answers), self.to.clone());
        Webhook {
            name: "receiver".to_owned(),
            role: AccessRole::Auditor,
            sees: Scope::OfRole,
            customer: None,
            partner: None,
            kind: None,
            from,
            secret: SECRET.parse().unwrap(),
            kept: self.kept(),
            post: Box::new(move |headers, body| {
                let posted =
                    Posted { headers: headers.iter().cloned().collect(), event: serde_json::from_slice(body).unwrap() };
                drop(to.send(posted));
                answers.lock().unwrap().pop().unwrap_or(Ok(204))
            }),
        }
    }

    fn kept(&self) -> PathBuf {
        self.kept.path().join("webhooks").join("receiver")
    }

    /// The ids of what is posted, until one comes.
    fn until(&self, id: &str) -> Vec<String> {
        let mut ids = Vec::new();
        while ids.last().is_none_or(|last| last != id) {
            ids.push(self.posted.recv().unwrap().id().to_owned());
        }
        ids
    }
}

/// What the feed gives, by id.
fn followed(stage: &Stage) -> Vec<String> {
    let page = stage.get("/v1/events?wait=0").json();
    page.as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
}

fn content(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

#[test]
fn what_is_not_taken_is_sent_again_before_anything_else() {
    let failing = [Err("nobody listens".to_owned()), Ok(500), Ok(302), Ok(404), Ok(200), Ok(503)];
    let receiving = Receiving::answering(&failing);
    let stage = Stage::sending(vec![receiving.webhook(Some(0))]);
    let (first, mut ids) = ("0-0", Vec::new());
    while ids.len() < 7 {
        ids.push(receiving.posted.recv().unwrap().id().to_owned());
    }
    let second = ids[5].clone();
    assert_eq!(ids[..5], [first; 5].map(str::to_owned), "{ids:?}");
    assert!(second != first && ids[6] == second, "{ids:?}");
    drop(stage);
}

#[test]
fn every_event_is_sent_as_the_feed_has_it_once_and_in_order() {
    let receiving = Receiving::answering(&[]);
    let stage = Stage::sending(vec![receiving.webhook(Some(0))]);
    stage.record(told());
    // It waits for growth that the server tells of.
    assert_eq!(stage.get("/v1/events?wait=0").status, 200);
    let expected = followed(&stage);
    let posted: Vec<Posted> = expected.iter().map(|_| receiving.posted.recv().unwrap()).collect();
    let ids: Vec<&str> = posted.iter().map(Posted::id).collect();
    assert_eq!(ids, expected);
    for one in &posted {
        assert_eq!(one.event["id"], one.id(), "{one:?}");
        assert_eq!(one.headers["content-type"], "application/cloudevents+json");
        assert_eq!(one.headers["webhook-timestamp"], "1717200000", "the ledger's clock, in seconds");
        assert!(one.headers["webhook-signature"].starts_with("v1,"), "{one:?}");
    }
    assert!(stage.get("/console/operations").text().contains("receiver"));
}

#[test]
fn a_receiver_sees_what_whom_it_is_for_sees_and_nothing_of_others() {
    let (partner, customer) = (name::partner("P"), name::customer("C"));
    for (role, sees, last) in [
        (AccessRole::PartnerUser, Scope::Partner(partner), "6-0"),
        (AccessRole::CustomerAdmin, Scope::Customer(customer), "6-0"),
    ] {
        let receiving = Receiving::answering(&[]);
        let webhook = Webhook { role, sees, ..receiving.webhook(Some(0)) };
        let stage = Stage::sending_to_known(vec![webhook]);
        stage.accepted(told().into_iter().take(2));
        let token = stage.token("somebody", role, sees);
        let expected = stage.get_with("/v1/events?wait=0", &token).json();
        let expected: Vec<&str> =
            expected.as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap()).collect();
        assert_eq!(expected.last(), Some(&last), "{role:?}");
        assert!(expected.len() < 7, "{role:?} does not see everything");
        // That an auditor follows is an entry, and the growth that the receiver waits for.
        assert_eq!(stage.get_with("/v1/events?wait=0", &stage.auditor()).status, 200);
        assert_eq!(receiving.until(last), expected, "{role:?}");
        let reader = stage.ledger.reader();
        assert_eq!(reader.log().tree_size(), FOUNDED + 3, "what is one's own is not recorded as taken");
    }
}

#[test]
fn a_receiver_goes_on_where_it_was_after_a_restart_and_misses_nothing() {
    let receiving = Receiving::answering(&[Ok(204), Ok(204)]);
    let stage = Stage::sending(vec![receiving.webhook(Some(0))]);
    let all = followed(&stage);
    receiving.until(all.last().unwrap());
    drop(stage);
    let kept = content(&receiving.kept());
    // The last one may be taken and not yet kept, and is sent once more then.
    let position = all.iter().position(|id| *id == kept).unwrap_or_else(|| panic!("{kept} of {all:?}"));
    assert!(position + 2 >= all.len(), "{kept} of {all:?}");
    let again = Stage::sending(vec![receiving.webhook(Some(0))]);
    for line in crate::stage::lines().iter().take(2) {
        assert_eq!(again.command("", line).status, 201);
    }
    let expected = followed(&again);
    let ids = receiving.until(expected.last().unwrap());
    assert_eq!(ids, expected[position + 1..], "what comes behind {kept}");
}

#[test]
fn a_new_receiver_gets_what_is_recorded_from_then_on() {
    let receiving = Receiving::answering(&[]);
    let stage = Stage::sending(vec![receiving.webhook(None)]);
    let posted = receiving.posted.recv_timeout(std::time::Duration::from_millis(0));
    assert!(posted.is_err() || posted.unwrap().id().starts_with(&FOUNDED.to_string()));
    for line in crate::stage::lines().iter().take(2) {
        assert_eq!(stage.command("", line).status, 201);
    }
    let all = followed(&stage);
    let ids = receiving.until(all.last().unwrap());
    let earliest = ids.first().unwrap().split('-').next().unwrap().parse::<u64>().unwrap();
    assert!(earliest >= FOUNDED, "{ids:?}");
}

#[test]
fn a_receiver_that_is_dead_is_seen_and_stops_nothing() {
    let receiving = Receiving::answering(&vec![Err("nobody listens".to_owned()); 100_000]);
    let stage = Stage::sending(vec![receiving.webhook(Some(0))]);
    for _ in 0..3 {
        receiving.posted.recv().unwrap();
    }
    for line in crate::stage::lines().iter().take(2) {
        assert_eq!(stage.command("", line).status, 201);
    }
    let numbers = stage.get("/metrics").text();
    let figure = |name: &str| -> u64 {
        let line = numbers.lines().find_map(|line| line.strip_prefix(&format!("{name}{{webhook=\"receiver\"}} ")));
        line.unwrap_or_else(|| panic!("{name}: {numbers}")).parse().unwrap()
    };
    assert!(figure("ofrecord_webhook_failures") >= 2 && figure("ofrecord_webhook_behind") > FOUNDED, "{numbers}");
    assert_eq!(figure("ofrecord_webhook_events_total"), 0);
    let page = stage.get("/console/operations").text();
    assert!(page.contains("in a row, since") && page.contains("nobody listens"), "{page}");
}

#[test]
fn a_file_that_holds_something_else_is_never_begun_anew() {
    let receiving = Receiving::answering(&[]);
    std::fs::create_dir(receiving.kept().parent().unwrap()).unwrap();
    std::fs::write(receiving.kept(), "spoiled\n").unwrap();
    let stage = Stage::sending(vec![receiving.webhook(Some(0))]);
    let page = loop {
        let page = stage.get("/console/operations").text();
        if page.contains("in a row, since") {
            break page;
        }
    };
    assert!(page.contains("neither a position"), "{page}");
    drop(stage);
    assert!(receiving.posted.try_recv().is_err(), "nothing was sent");
    assert_eq!(content(&receiving.kept()), "spoiled");
}
