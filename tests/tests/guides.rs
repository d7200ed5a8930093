//! The story of `docs/guides/first-ledger.md` is decided as the page says, line by line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_acceptance::workspace;
use ofrecord_core::{
    Cloud, CommandId, Custody, Customer, CustomerId, Event, EventRef, Fact, History, Outcome, ParsedCommand, Partner,
    PartnerTenantId, Policy, Request, StreamId, Streams, Timestamp, When, decide, partners_needed, streams_written,
};
use serde_json::{Value, json};

const PAGE: &str = "docs/guides/first-ledger.md";

/// Just enough of a ledger to decide one command after the other.
struct Desk {
    customers: BTreeMap<CustomerId, History<Customer>>,
    partners: BTreeMap<PartnerTenantId, History<Partner>>,
    position: u64,
}

impl Desk {
    fn decide(&mut self, request: &Request, recorded_at: Timestamp) -> Outcome {
        let when = When { effective_at: request.effective_at.unwrap_or(recorded_at), recorded_at };
        let empty = History::<Customer>::default();
        let history = request.customer.and_then(|id| self.customers.get(&id)).unwrap_or(&empty);
        let customer = history.state_at(when.effective_at, u64::MAX);
        let mut known: BTreeMap<PartnerTenantId, Partner> = BTreeMap::new();
        loop {
            let partners = known.iter().map(|(id, partner)| (*id, partner)).collect();
            let custody = Custody::default();
            let streams = Streams { customer: &customer, custody: &custody, partners, facts: history.facts() };
            let missing: BTreeSet<PartnerTenantId> =
                partners_needed(request, &streams).into_iter().filter(|id| !known.contains_key(id)).collect();
            if missing.is_empty() {
                return decide(request, &streams, &Policy::current(Cloud::China21Vianet), when);
            }
            for id in missing {
                let history = self.partners.entry(id).or_default();
                known.insert(id, history.state_at(when.effective_at, u64::MAX));
            }
        }
    }

    fn record(&mut self, request: &Request, events: &[Event], effective_at: Timestamp) {
        for (index, event) in (0..).zip(events) {
            let at = EventRef { position: self.position, index };
            let fact = Fact { at, effective_at, event: event.clone().into(), corrected_by: None };
            for stream in streams_written(request).unwrap() {
                match stream {
                    StreamId::Customer(id) => self.customers.entry(id).or_default().push(fact.clone()),
                    StreamId::Partner(id) => self.partners.entry(id).or_default().push(fact.clone()),
                    StreamId::Ledger => panic!("the pages show no command on the ledger itself"),
                }
            }
        }
    }

    /// The answer as the page shows it.
    fn answer(&mut self, submission: &Value) -> Value {
        let request = request(submission);
        let recorded_at: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let outcome = self.decide(&request, recorded_at);
        let answer = match &outcome {
            Outcome::Accepted(events) => {
                self.record(&request, events, request.effective_at.unwrap_or(recorded_at));
                let names: Vec<&str> = events.iter().map(Event::name).collect();
                json!({"command_id": request.command_id, "outcome": "accepted", "position": self.position, "events": names})
            }
            Outcome::Refused(refusal) => json!({
                "command_id": request.command_id,
                "outcome": "refused",
                "position": self.position,
                "refusal": {"code": refusal.code, "rule": refusal.rule},
            }),
        };
        self.position += 1;
        answer
    }
}

fn request(submission: &Value) -> Request {
    let text = |name: &str| submission.get(name).and_then(Value::as_str);
    Request {
        command_id: text("command_id").unwrap().parse::<CommandId>().unwrap(),
        actor: serde_json::from_value(submission["actor"].clone()).unwrap(),
        customer: text("customer").map(|id| id.parse().unwrap()),
        effective_at: text("effective_at").map(|at| at.parse().unwrap()),
        expected_version: None,
        evidence: Vec::new(),
        command: ParsedCommand::from_json(submission["command"].clone()).unwrap(),
    }
}

#[test]
fn the_story_of_the_first_ledger_is_decided_as_the_page_says() {
    let page = workspace::read(PAGE).unwrap();
    let lines: Vec<(usize, Value)> = (1..)
        .zip(page.text.lines())
        .filter(|(_, line)| line.starts_with('{'))
        .map(|(number, line)| (number, serde_json::from_str(line).unwrap()))
        .collect();
    let (submissions, answers): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|(_, value): &(usize, Value)| value.get("outcome").is_none());
    assert!(!submissions.is_empty() && submissions.len() == answers.len(), "every submission has an answer");
    let mut desk = Desk { customers: BTreeMap::new(), partners: BTreeMap::new(), position: 0 };
    for ((number, submission), (told_at, told)) in submissions.iter().zip(&answers) {
        assert_eq!(
            &desk.answer(submission),
            told,
            "{PAGE}: the submission of line {number}, answered in line {told_at}"
        );
    }
}
