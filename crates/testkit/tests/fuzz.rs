//! Every parser given damaged input: a seeded, bounded run over a committed corpus. What is read must print back to what was read.
//!
//! 20 000 inputs for each target, `OFRECORD_FUZZ_INPUTS` for more, `OFRECORD_SEED` for another seed.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints its seed")]

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::path::Path;
use std::str::FromStr;

use ofrecord_core::event::upcast;
use ofrecord_core::vocabulary::GdapDuration;
use ofrecord_core::{
    AccessAssignmentId, Cloud, CommandId, CustomerId, Event, GdapRelationshipId, Market, OrderId, ParsedCommand,
    PartnerId, PartnerTenantId, Policy, ProductId, Request, RoleId, SecurityGroupId, ServiceName, StreamId,
    SubscriptionId, Timestamp, TransferId, UserName, Workload,
};
use ofrecord_interop::{Context, read, request_of};
use ofrecord_ledger::{codec, submission};
use ofrecord_log::canonical::{check_canonical, from_canonical, to_canonical};
use ofrecord_log::entry::{EntryParts, Envelope, compose};
use ofrecord_log::{EventLog, Hash, MemoryLog};
use ofrecord_testkit::fuzz::{Verdict, corpus, run};
use ofrecord_testkit::generator::{Range, drafts};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Desk, Running, actor, line};
use ofrecord_views::EntryRow;
use serde_json::{Value, json};

fn inputs() -> u64 {
    std::env::var("OFRECORD_FUZZ_INPUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

/// Runs a target over its corpus folder and what is given beside it.
fn fuzz(name: &str, beside: Vec<Vec<u8>>, target: &dyn Fn(&[u8]) -> Verdict) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut inputs_first = corpus(&folder).unwrap();
    assert!(!inputs_first.is_empty() || !beside.is_empty(), "{name} has no corpus");
    inputs_first.extend(beside);
    let seed = seeds(4_711, 1).first().copied().unwrap_or(4_711);
    match run(target, &inputs_first, seed, inputs()) {
        Ok(ran) => {
            println!("{name}: seed {seed}, {} inputs, {} of them read", ran.inputs, ran.read);
            assert!(ran.read > 0, "{name}: nothing was ever read");
        }
        Err(found) => assert_eq!(String::new(), found.to_string(), "{name}"),
    }
}

fn must_hold(holds: bool, complaint: impl FnOnce() -> String) -> Verdict {
    if holds { Verdict::Read } else { Verdict::Broken(complaint()) }
}

/// Reads a text and says whether what it prints is read as the same again.
fn prints_back<T: FromStr + Display + PartialEq + Debug>(text: &str) -> Verdict {
    let Ok(once) = text.parse::<T>() else { return Verdict::Refused };
    let printed = once.to_string();
    must_hold(printed.parse::<T>().is_ok_and(|again| again == once), || format!("{once:?} prints {printed:?}"))
}

/// The worst of some verdicts.
fn all(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    verdicts.into_iter().fold(Verdict::Refused, |worst, next| match (&worst, &next) {
        (Verdict::Broken(_), _) => worst,
        (_, Verdict::Broken(_)) | (Verdict::Refused, Verdict::Read | Verdict::Refused) => next,
        (Verdict::Read, Verdict::Read | Verdict::Refused) => worst,
    })
}

fn with_text(bytes: &[u8], target: impl FnOnce(&str) -> Verdict) -> Verdict {
    std::str::from_utf8(bytes).map_or(Verdict::Refused, target)
}

/// Everything that ledgers of each cloud wrote.
fn written() -> Vec<Vec<u8>> {
    let mut written = Vec::new();
    for (seed, cloud) in (1..).zip(Cloud::ALL) {
        let log = MemoryLog::new("ofrecord.test/fuzz");
        let reader = log.reader();
        let running = Running::over(Box::new(log), cloud).unwrap();
        for draft in drafts(seed, Range::Everything, 300) {
            drop(running.hear_draft(&draft));
        }
        running.close();
        written.extend((0..reader.tree_size()).map(|position| reader.read(position).unwrap()));
    }
    written
}

/// Some entries as ledgers wrote them.
fn entries() -> Vec<Vec<u8>> {
    written().into_iter().step_by(9).collect()
}

/// A few of each name.
fn few_of_each<T>(all: impl IntoIterator<Item = T>, name: impl Fn(&T) -> String) -> Vec<T> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut kept = Vec::new();
    for one in all {
        let seen = seen.entry(name(&one)).or_default();
        *seen += 1;
        if *seen <= 3 {
            kept.push(one);
        }
    }
    kept
}

/// A few requests of each command.
fn requests(first: u64) -> Vec<Request> {
    let drafts = (first..first + 10).flat_map(|seed| drafts(seed, Range::Everything, 300));
    few_of_each(drafts.map(|draft| draft.request), |request| request.command.command().name().to_owned())
}

#[test]
fn an_envelope_that_is_read_composes_to_the_same_bytes() {
    fuzz("envelope", entries(), &|bytes| {
        let Ok(envelope) = Envelope::parse(bytes) else { return Verdict::Refused };
        let composed = compose(&EntryParts {
            format: envelope.format,
            position: envelope.position,
            recorded_at: &envelope.recorded_at,
            command_id: envelope.command_id,
            request_hash: envelope.request_hash,
            streams: &envelope.streams,
            decision: envelope.decision.get().as_bytes(),
        });
        must_hold(composed.as_deref() == Ok(bytes), || format!("composes to {composed:?}"))
    });
}

#[test]
fn canonical_json_is_one_text_for_one_value() {
    fuzz("canonical", entries().into_iter().take(5).collect(), &|bytes| {
        let by_value = serde_json::from_slice::<Value>(bytes).ok().and_then(|value| to_canonical(&value).ok());
        if let Some(canonical) = &by_value
            && check_canonical(canonical).is_err()
        {
            return Verdict::Broken(format!("writes {:?}", String::from_utf8_lossy(canonical)));
        }
        if check_canonical(bytes).is_err() {
            return Verdict::Refused;
        }
        let back = from_canonical(bytes).ok().and_then(|value| to_canonical(&value).ok());
        must_hold(back.as_deref() == Some(bytes), || "does not come back".to_owned())
    });
}

#[test]
fn a_submission_that_is_read_is_written_and_read_the_same_and_decided_without_panic() {
    let lines = requests(2).iter().map(|request| line::of(request).into_bytes()).collect();
    let desks: Vec<Desk> = Cloud::ALL
        .into_iter()
        .map(|cloud| {
            let mut desk = Desk::new(Policy::current(cloud));
            for draft in drafts(2, Range::Everything, 240) {
                desk.submit(&draft.request, draft.recorded_at);
            }
            desk
        })
        .collect();
    let now = ofrecord_testkit::story::instant("2030-01-01");
    fuzz("submission", lines, &|bytes| {
        with_text(bytes, |text| {
            let Ok(request) = submission::read(text) else { return Verdict::Refused };
            for desk in &desks {
                let outcome = desk.judge(&request, now);
                if outcome != desk.judge(&request, now) {
                    return Verdict::Broken("decided differently the second time".to_owned());
                }
            }
            let hash = codec::request_hash(&request);
            let again = submission::read(&line::of(&request));
            let same = again.as_ref().is_ok_and(|again| *again == request && codec::request_hash(again) == hash);
            must_hold(same, || format!("{again:?}"))
        })
    });
}

#[test]
fn a_command_that_is_read_is_written_and_read_the_same() {
    let commands = requests(3).iter().map(|request| serde_json::to_vec(&request.command).unwrap()).collect();
    fuzz("command", commands, &|bytes| {
        let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return Verdict::Refused };
        let read = ParsedCommand::from_json(value);
        let as_stated = serde_json::from_slice(bytes).map(|stated| ParsedCommand::from_stated(&stated));
        if as_stated.ok().as_ref() != Some(&read) {
            return Verdict::Broken(format!("from its text it is not read as from its value: {read:?}"));
        }
        let Ok(command) = read else { return Verdict::Refused };
        let again = serde_json::to_value(&command).ok().map(ParsedCommand::from_json);
        must_hold(again == Some(Ok(command.clone())), || format!("{command:?} comes back as {again:?}"))
    });
}

#[test]
fn an_entry_that_is_decoded_is_encoded_to_the_same_decision() {
    fuzz("entry", entries(), &|bytes| {
        if check_canonical(bytes).is_err() {
            return Verdict::Refused;
        }
        let Ok(entry) = codec::decode(bytes) else { return Verdict::Refused };
        let written = serde_json::to_value(&entry.decision).ok().and_then(|value| to_canonical(&value).ok());
        let again = written.as_deref().map(serde_json::from_slice::<ofrecord_core::Decision>);
        must_hold(again.is_some_and(|again| again.is_ok_and(|again| again == entry.decision)), || {
            format!("position {} comes back otherwise", entry.position)
        })
    });
}

/// Stored events: what a ledger holds, every version of one that has several, and versions that nobody knows.
fn events() -> Vec<Vec<u8>> {
    let (subscription, partner) = (ofrecord_testkit::name::subscription("S"), ofrecord_testkit::name::partner("P"));
    let contact = json!({"partner": partner, "partner_id": "4847383", "name": "First line"});
    let kind = "SupportContactChanged";
    let first = json!({"type": kind, "subscription": subscription, "partner": partner});
    let mut corpus = vec![
        json!({"type": kind, "subscription": subscription}),
        json!({"type": kind, "version": 2, "subscription": subscription, "contact": contact}),
        json!({"type": kind, "version": 3, "subscription": subscription, "contact": contact}),
        json!({"type": kind, "version": 1, "subscription": subscription, "partner": partner}),
        json!({"type": "EventCorrected", "position": 1, "event_index": 0, "reason": "a slip", "replacement": first}),
        json!({"type": "DapGranted", "version": 2, "partner": partner, "services": "all"}),
        first,
    ];
    let stored = written().into_iter().flat_map(|bytes| codec::decode(&bytes).unwrap().decision.events().to_vec());
    let stored = few_of_each(stored, |event| event.name().to_owned());
    corpus.extend(stored.iter().map(|event| serde_json::to_value(event).unwrap()));
    corpus.iter().map(|event| serde_json::to_vec(event).unwrap()).collect()
}

#[test]
fn an_event_names_whom_its_json_names() {
    let template = codec::decode(&written()[0]).unwrap();
    let names = |command: Value, events: Vec<Event>| {
        let mut entry = template.clone();
        (entry.decision.command, entry.decision.events) = (command.into(), Some(events));
        let row = EntryRow::of(&entry);
        (row.partners, row.subscriptions, row.relationships)
    };
    fuzz("event", events(), &|bytes| {
        let Ok(event) = serde_json::from_slice::<Event>(bytes) else { return Verdict::Refused };
        let of_json = names(json!({"type": "Nothing", "told": event}), Vec::new());
        let of_event = names(json!({"type": "Nothing"}), vec![event]);
        must_hold(of_event == of_json, || format!("the event names {of_event:?}, its JSON {of_json:?}"))
    });
}

#[test]
fn a_stored_event_of_any_version_is_written_as_the_newest_and_read_the_same_or_refused() {
    fuzz("event", events(), &|bytes| {
        let Ok(json) = serde_json::from_slice::<Value>(bytes) else { return Verdict::Refused };
        let Ok(event) = serde_json::from_value::<Event>(json.clone()) else { return Verdict::Refused };
        let written = serde_json::to_value(&event).unwrap();
        let (mut raised, mut stated) = (json.clone(), written.clone());
        upcast::raise(&mut raised);
        upcast::restate(&json, &mut stated);
        let newest = !upcast::has_older(&written) && upcast::unknown_in(&written).is_none();
        let is_it = |json: Value, what: &str| {
            let same = serde_json::from_value::<Event>(json).is_ok_and(|again| again == event);
            must_hold(same, || format!("{what} it is another event"))
        };
        all([
            must_hold(upcast::unknown_in(&json).is_none(), || "an unknown version was read".to_owned()),
            must_hold(newest, || format!("is written as {written}")),
            is_it(written, "written"),
            is_it(raised, "raised"),
            is_it(stated, "restated"),
        ])
    });
}

#[test]
fn an_instant_that_is_read_prints_in_the_one_form_and_back() {
    fuzz("timestamp", Vec::new(), &|bytes| {
        with_text(bytes, |text| {
            let Ok(at) = text.parse::<Timestamp>() else { return Verdict::Refused };
            let calendar =
                [at.plus_days(40), at.plus_days(-40), at.plus_months(13), at.start_of_day(), at.end_of_day()];
            let shapes = calendar.iter().all(|at| at.to_string().len() == 28);
            let ticks = Timestamp::from_ticks(at.ticks()) == Some(at);
            let back = prints_back::<Timestamp>(text);
            all([back, must_hold(shapes && ticks, || format!("{at} has another form"))])
        })
    });
}

#[test]
fn an_id_that_is_read_prints_back() {
    fuzz("id", Vec::new(), &|bytes| {
        with_text(bytes, |text| {
            all([
                prints_back::<CustomerId>(text),
                prints_back::<PartnerTenantId>(text),
                prints_back::<SubscriptionId>(text),
                prints_back::<CommandId>(text),
                prints_back::<PartnerId>(text),
                prints_back::<OrderId>(text),
                prints_back::<ProductId>(text),
                prints_back::<ServiceName>(text),
                prints_back::<Market>(text),
                prints_back::<TransferId>(text),
                prints_back::<Workload>(text),
                prints_back::<GdapRelationshipId>(text),
                prints_back::<AccessAssignmentId>(text),
                prints_back::<SecurityGroupId>(text),
                prints_back::<RoleId>(text),
                prints_back::<UserName>(text),
                prints_back::<Hash>(text),
            ])
        })
    });
}

#[test]
fn a_duration_is_kept_as_written_and_what_it_says_agrees_with_itself() {
    let start = ofrecord_testkit::story::instant("2024-02-29");
    fuzz("duration", Vec::new(), &|bytes| {
        with_text(bytes, |text| {
            let duration = GdapDuration::from_wire(text);
            let kept = must_hold(json!(duration) == json!(text), || format!("is kept as {duration}"));
            let (Some(end), Some(days)) = (duration.end_from(start), duration.days()) else {
                let silent =
                    duration.end_from(start).is_none() && duration.days().is_none() && !duration.is_a_day_or_longer();
                return if silent { Verdict::Refused } else { Verdict::Broken("is read in part".to_owned()) };
            };
            let long = duration.is_a_day_or_longer() == (end >= start.plus_days(1));
            let length = end >= start && (days == 0) == (end == start);
            all([kept, must_hold(long && length, || format!("{text} ends at {end} after {days} days"))])
        })
    });
}

#[test]
fn a_stream_that_is_read_prints_back() {
    fuzz("stream", Vec::new(), &|bytes| with_text(bytes, prints_back::<StreamId>));
}

#[test]
fn a_file_of_another_system_is_read_without_panic_and_the_same_twice() {
    let context = Context {
        partner: Some(ofrecord_testkit::name::partner("P")),
        customer: Some(ofrecord_testkit::name::customer("C")),
        fetched_at: Some(ofrecord_testkit::story::instant("2024-04-01")),
        ..Context::new(Cloud::China21Vianet)
    };
    let importer = actor::importer();
    fuzz("interop", Vec::new(), &|bytes| {
        let once = read("fuzz.json", bytes, &context);
        let again = read("fuzz.json", bytes, &context);
        let requests = |reading: &ofrecord_interop::Reading| -> Vec<_> {
            reading.statements.iter().map(|statement| request_of(statement, &importer)).collect()
        };
        let first = requests(&once);
        if first != requests(&again) || once.problems != again.problems {
            return Verdict::Broken("reads differently the second time".to_owned());
        }
        for request in &first {
            // A string that JSON cannot hold in an entry is found when it is hashed, not by a panic.
            drop(codec::request_hash(request));
        }
        if once.statements.is_empty() { Verdict::Refused } else { Verdict::Read }
    });
}
