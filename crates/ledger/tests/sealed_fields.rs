//! Personal fields in a ledger with keys: which are sealed, what is decided of them, and what an erasure leaves.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::ops::ControlFlow;
use std::sync::Arc;

use ofrecord_core::{Cloud, CustomerId, Event, Request, SubjectId, Timestamp};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::sealing::fields::{FIELDS, Kept};
use ofrecord_ledger::sealing::{NO_CUSTOMER, Names, Personal, Revealed, Sealer, SealingError, occurrences};
use ofrecord_ledger::signing::KeyFolder;
use ofrecord_ledger::{
    Clock, Entropy, KnownAt, Ledger, LedgerOptions, Reader, ReceiptOutcome, StoredViews, Ticket, rebuild, submission,
};
use ofrecord_log::{Directory, EventLog as _, LogReader, MemoryLog, NewEntry};
use tempfile::TempDir;

const C: &str = "4b827261-d21f-4aa9-b7db-7fa1f56fb163";
const P: &str = "0a000000-0000-4000-8000-000000000001";
const LIN: &str = "lin@contoso.example";
const KIM: &str = "Kim@Contoso.example";

/// A command of somebody.
fn line(id: u32, actor: &str, customer: Option<&str>, command: &str) -> String {
    let customer = customer.map(|customer| format!(r#""customer":"{customer}","#)).unwrap_or_default();
    format!(
        r#"{{"command_id":"00000000-0000-4000-8000-{id:012}","actor":{actor},{customer}"effective_at":"2024-01-01","command":{command}}}"#
    )
}

fn request(id: u32, actor: &str, customer: Option<&str>, command: &str) -> Request {
    submission::read(&line(id, actor, customer, command)).unwrap()
}

fn observed(id: u32, event: &str) -> Request {
    let command = format!(r#"{{"type":"RecordObservation","events":[{event}]}}"#);
    request(id, r#"{"kind":"importer"}"#, Some(C), &command)
}

fn kept(raw: &str) -> String {
    let raw = serde_json::to_string(raw).unwrap();
    format!(r#"{{"type":"SourceRecordKept","operation":"x","because":"unrecognised","raw":{raw}}}"#)
}

/// A folder of keys with a ledger in memory.
struct Bench {
    keys: TempDir,
    views: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { keys: TempDir::new().unwrap(), views: TempDir::new().unwrap() }
    }

    fn sealer(&self) -> Sealer {
        Sealer::open(&KeyFolder::new(self.keys.path()), Entropy::System).unwrap()
    }

    fn start(&self, log: MemoryLog, sealer: Option<Sealer>) -> Ledger {
        let clock = Clock::Set(SetClock::at("2024-06-01".parse::<Timestamp>().unwrap()));
        let views = Some(Arc::new(self.stored_views()));
        let options = LedgerOptions { cloud: Cloud::China21Vianet, clock, views, sealer };
        Ledger::start(Box::new(log), options).unwrap()
    }

    fn stored_views(&self) -> StoredViews {
        StoredViews::open(&Directory::new(self.views.path())).unwrap()
    }

    fn sealing(&self) -> Ledger {
        self.start(log(), Some(self.sealer()))
    }
}

fn log() -> MemoryLog {
    MemoryLog::new("ofrecord.local/test")
}

/// A log with the entries of another.
fn copied(from: &dyn LogReader) -> MemoryLog {
    let mut entries = Vec::new();
    from.scan(0, from.tree_size(), &mut |_, bytes| {
        entries.push(NewEntry { bytes: bytes.to_vec() });
        ControlFlow::Continue(())
    })
    .unwrap();
    let mut log = log();
    log.append(0, &entries).unwrap();
    log
}

fn outcome(ledger: &Ledger, request: Request) -> ReceiptOutcome {
    ledger.submit(request).and_then(Ticket::wait).unwrap().outcome
}

fn accept(ledger: &Ledger, request: Request) -> u64 {
    let outcome = outcome(ledger, request);
    let ReceiptOutcome::Accepted { recorded, .. } = outcome else { panic!("expected an acceptance: {outcome:?}") };
    recorded.position
}

/// The position of an entry, whatever was decided.
fn recorded(ledger: &Ledger, request: Request) -> u64 {
    let before = ledger.reader().log().tree_size();
    let outcome = outcome(ledger, request);
    assert_eq!(ledger.reader().log().tree_size(), before + 1, "{outcome:?}");
    before
}

fn bytes(ledger: &Ledger, position: u64) -> String {
    String::from_utf8(ledger.reader().log().read(position).unwrap()).unwrap()
}

/// Whose keys open what an entry has sealed.
fn subjects(ledger: &Ledger, position: u64) -> Vec<SubjectId> {
    let found = occurrences(&ledger.reader().entry(position).unwrap());
    let kids = found.into_iter().flat_map(|one| match one.personal {
        Personal::Sealed(sealed) => sealed.kids,
        Personal::Contact(contact) => contact.sealed.into_iter().map(|sealed| sealed.kid).collect(),
        Personal::Clear(_) | Personal::ClearRecord(_) => Vec::new(),
    });
    kids.collect()
}

/// One request for every personal field, with the text that stands in the field.
fn samples() -> Vec<(&'static str, Request, &'static str)> {
    let on = format!(r#""type":"RecordObservation","events":[{{"partner":"{P}""#);
    let seen = |rest: &str| request(1, r#"{"kind":"importer"}"#, Some(C), &format!("{{{on},{rest}}}]}}"));
    let contact = |field: &str, text: &str| {
        let command = format!(
            r#"{{"type":"ConfirmCustomerAgreement","agreement_type":"MicrosoftCustomerAgreement","date_agreed":"2024-01-01","method":"direct","primary_contact":{{"{field}":"{text}"}}}}"#
        );
        request(1, r#"{"kind":"operator"}"#, Some(C), &command)
    };
    let group = format!(r#""partner":"{P}","group":"{C}","user":"{LIN}""#);
    let member = |kind: &str| {
        let actor = format!(r#"{{"kind":"partner_user","tenant_id":"{P}"}}"#);
        request(1, &actor, None, &format!(r#"{{"type":"{kind}",{group}}}"#))
    };
    let registers = r#"{"type":"RegisterCustomer","name":"Contoso"}"#;
    let relationship = format!("{P}-{C}");
    let transfer = format!(
        r#"{{"type":"SubscriptionTransferRequested","transfer":"T1","family":"manual_legacy_azure","source":"{P}","target":"{C}","initiated_by":"{P}","signatures":[{{"by":"customer","signed_at":"2024-01-01","name":"Lin Zhou"}}]}}"#
    );
    vec![
        ("Actor.user", request(1, &format!(r#"{{"kind":"operator","user":"{LIN}"}}"#), Some(C), registers), LIN),
        ("Contact.first_name", contact("first_name", "Lin"), "Lin"),
        ("Contact.last_name", contact("last_name", "Zhou"), "Zhou"),
        ("Contact.email", contact("email", LIN), LIN),
        ("Contact.phone_number", contact("phone_number", "555 0100"), "555 0100"),
        (
            "ResellerRelationshipAcceptedByCustomer.accepted_by",
            seen(&format!(r#""type":"ResellerRelationshipAcceptedByCustomer","generation":1,"accepted_by":"{LIN}""#)),
            LIN,
        ),
        (
            "ResellerRelationshipReestablished.accepted_by",
            seen(&format!(
                r#""type":"ResellerRelationshipReestablished","generation":2,"previous_generation_ended_at":"2023-01-01","accepted_by":"{LIN}""#
            )),
            LIN,
        ),
        (
            "ResellerRelationshipRemovedByPartner.removed_by",
            seen(&format!(
                r#""type":"ResellerRelationshipRemovedByPartner","generation":1,"subscriptions_considered":[],"removed_by":"{LIN}""#
            )),
            LIN,
        ),
        (
            "GdapRelationshipApproved.approved_by",
            seen(&format!(
                r#""type":"GdapRelationshipApproved","relationship":"{relationship}","basis":"customer_global_admin","approved_by":"{LIN}""#
            )),
            LIN,
        ),
        ("TransferSignature.name", observed(1, &transfer), "Lin Zhou"),
        ("SourceRecordKept.raw", observed(1, &kept(&format!("{{\"who\":\"{LIN}\"}}"))), LIN),
        (
            "SecurityGroupMemberAdded.user",
            observed(1, &format!(r#"{{"type":"SecurityGroupMemberAdded",{group}}}"#)),
            LIN,
        ),
        (
            "SecurityGroupMemberRemoved.user",
            observed(1, &format!(r#"{{"type":"SecurityGroupMemberRemoved",{group}}}"#)),
            LIN,
        ),
        ("AddSecurityGroupMember.user", member("AddSecurityGroupMember"), LIN),
        ("RemoveSecurityGroupMember.user", member("RemoveSecurityGroupMember"), LIN),
        ("DelegatedAccessUsed.user", seen(&format!(r#""type":"DelegatedAccessUsed","user":"{LIN}""#)), LIN),
    ]
}

#[test]
fn every_personal_field_is_sealed_as_its_table_says() {
    let samples = samples();
    assert_eq!(samples.len(), FIELDS.len());
    for personal in FIELDS {
        let Some((_, request, text)) = samples.iter().find(|(field, ..)| *field == personal.field) else {
            panic!("{} has no sample", personal.field)
        };
        let bench = Bench::new();
        let mut sealer = bench.sealer();
        let sealed = sealer.seal(request, 0).unwrap().into_owned();
        let written = format!(
            "{}{}",
            serde_json::to_string(&sealed.actor).unwrap(),
            serde_json::to_string(&sealed.command).unwrap()
        );
        let clear = matches!(personal.kept, Kept::Clear(_));
        assert_eq!(written.contains(text), clear, "{}: {written}", personal.field);
        let elsewhere = Bench::new().sealer().seal(&sealed, 1).map(std::borrow::Cow::into_owned);
        assert_eq!(elsewhere.is_err(), !clear, "{}: only this ledger seals", personal.field);
    }
}

#[test]
fn what_a_command_decides_of_a_sealed_user_is_sealed_alike_and_decided_again_to_the_same_bytes() {
    let bench = Bench::new();
    let ledger = bench.sealing();
    let accepted = format!(
        r#"{{"type":"ResellerRelationshipAcceptedByCustomer","partner":"{P}","generation":1,"accepted_by":"{LIN}"}}"#
    );
    let first = accept(&ledger, observed(1, &accepted));
    // A second source, and the same command again: the tag says that it is the same text.
    let second = accept(&ledger, observed(2, &accepted));
    assert!(matches!(outcome(&ledger, observed(1, &accepted)), ReceiptOutcome::Repeated { .. }));
    let entry = ledger.reader().entry(second).unwrap();
    let [Event::EvidenceAdded(added)] = entry.decision.events() else { panic!("{:?}", entry.decision.events()) };
    assert_eq!(added.position, first);
    assert_eq!(subjects(&ledger, first), subjects(&ledger, second));
    let actor = format!(r#"{{"kind":"partner_user","tenant_id":"{P}","user":"{KIM}","role":"global_admin"}}"#);
    let removes = format!(r#"{{"type":"RemoveResellerRelationship","partner":"{P}"}}"#);
    let asked = recorded(&ledger, request(3, &actor, Some(C), &removes));
    let reader = ledger.reader();
    for position in 0..=asked {
        let bytes = bytes(&ledger, position).to_lowercase();
        assert!(!bytes.contains("contoso.example"), "{bytes}");
    }
    let report = replay(reader.log(), 0, reader.log().tree_size(), &()).unwrap();
    assert_eq!((report.difference, report.commands), (None, asked + 1));
    let log = Arc::clone(reader.log());
    ledger.close();
    let rebuilt = rebuild::rebuild(log.as_ref(), &bench.stored_views(), &()).unwrap();
    assert_eq!(rebuilt.drifted, 0);
}

#[test]
fn a_source_record_is_sealed_for_everybody_in_it_and_goes_with_the_first_of_them() {
    let raw = format!(
        r#"{{"@odata.type":"x","userPrincipalName":"{LIN}","resourceNewValue":"{{\"Contact\":{{\"FirstName\":\"Kim\",\"LastName\":\"Park\",\"Email\":\"{KIM}\"}}}}"}}"#
    );
    let bench = Bench::new();
    let mut ledger = bench.sealing();
    let named = accept(&ledger, observed(1, &kept(&raw)));
    let nobody = accept(&ledger, observed(2, &kept(r#"{"members@odata.nextLink":"x"}"#)));
    let lin = accept(
        &ledger,
        request(
            3,
            &format!(r#"{{"kind":"operator","user":"{LIN}"}}"#),
            Some(C),
            r#"{"type":"RegisterCustomer","name":"x"}"#,
        ),
    );
    let of_record = subjects(&ledger, named);
    assert_eq!((of_record.len(), subjects(&ledger, nobody).len()), (2, 1));
    assert!(of_record.contains(&subjects(&ledger, lin)[0]), "the same address is the same subject");
    let reading = |ledger: &Ledger| ledger.reader().with_names(ledger.names());
    let shown = |reader: &Reader| {
        let snapshot = reader.snapshot(KnownAt::Now).unwrap();
        let record = reader.customer(C.parse().unwrap(), &snapshot).unwrap();
        let raw = |position: u64| {
            let row = record.entries().iter().find(|row| row.position == position).unwrap();
            let Event::SourceRecordKept(kept) = &*row.events[0] else { panic!("{row:?}") };
            kept.raw.clone().unwrap()
        };
        (raw(named), raw(nobody), reader.entry(lin).unwrap().decision.actor.user.unwrap())
    };
    // The same reader before and after, as a service keeps one.
    let reader = reading(&ledger);
    assert_eq!(shown(&reader), (raw, r#"{"members@odata.nextLink":"x"}"#.to_owned(), LIN.to_owned()));
    let root = ledger.reader().log().root_at(3).unwrap();
    let kim = *of_record.iter().find(|kid| **kid != subjects(&ledger, lin)[0]).unwrap();
    let erase = format!(r#"{{"type":"EraseSubject","subject":"{kim}","customer":"{C}","reason":"Article 17"}}"#);
    accept(&ledger, request(4, r#"{"kind":"operator","role":"compliance_officer"}"#, None, &erase));
    let (erased, kept, user) = shown(&reader);
    assert_eq!((erased, user.as_str()), (format!("erased ({kim})"), LIN));
    assert!(kept.starts_with('{'));
    let log = Arc::clone(ledger.reader().log());
    assert_eq!(log.root_at(3).unwrap(), root);
    assert_eq!(replay(&log, 0, log.tree_size(), &()).unwrap().difference, None);
    // Started again, it says the same.
    ledger.close();
    ledger = bench.start(copied(log.as_ref()), Some(bench.sealer()));
    assert_eq!(shown(&reading(&ledger)).0, format!("erased ({kim})"));
    ledger.close();
}

#[test]
fn a_command_from_before_its_fields_were_sealed_is_recognised_when_it_is_sent_again() {
    let contact = format!(
        r#"{{"type":"CustomerAgreementConfirmed","agreement_type":"MicrosoftCustomerAgreement","date_agreed":"2024-01-01","method":"direct","primary_contact":{{"email":"{KIM}"}}}}"#
    );
    let command = format!(r#"{{"type":"RecordObservation","events":[{contact}]}}"#);
    let actor = format!(r#"{{"kind":"importer","user":"{LIN}"}}"#);
    let sent = |id: u32| request(id, &actor, Some(C), &command);
    let bench = Bench::new();
    let before = bench.start(log(), None);
    accept(&before, sent(1));
    // As it stands in a ledger in which nothing but contacts was sealed.
    let mut contacts_only = bench.sealer().seal(&sent(2), 1).unwrap().into_owned();
    contacts_only.actor.user = Some(LIN.to_owned());
    let mut sealer = bench.sealer();
    let sealed = sealer.seal(&request(2, r#"{"kind":"importer"}"#, Some(C), &command), 1).unwrap().into_owned();
    sealer.sync().unwrap();
    contacts_only.command = sealed.command;
    accept(&before, contacts_only);
    let log = copied(before.reader().log().as_ref());
    before.close();
    let ledger = bench.start(log, Some(bench.sealer()));
    for id in [1, 2] {
        let again = outcome(&ledger, sent(id));
        assert!(matches!(again, ReceiptOutcome::Repeated { .. }), "{id}: {again:?}");
    }
    let other = request(1, r#"{"kind":"importer","user":"kim@contoso.example"}"#, Some(C), &command);
    assert!(matches!(outcome(&ledger, other), ReceiptOutcome::Conflict { .. }));
    ledger.close();
}

#[test]
fn who_acts_where_no_customer_is_named_is_a_subject_too() {
    let bench = Bench::new();
    let ledger = bench.sealing();
    let actor = format!(r#"{{"kind":"operator","user":"{LIN}"}}"#);
    let registers = format!(
        r#"{{"type":"RegisterPartner","partner":"{P}","name":"Quay","partner_type":"direct_bill","markets":["CN"]}}"#
    );
    let at = recorded(&ledger, request(1, &actor, None, &registers));
    let [kid] = subjects(&ledger, at)[..] else { panic!("one subject") };
    ledger.close();
    assert_eq!(bench.sealer().customer_of(kid), Some(NO_CUSTOMER));
}

#[test]
fn a_sealed_text_that_is_taken_over_from_an_entry_is_sealed_anew_for_the_same_customer_only() {
    let bench = Bench::new();
    let mut sealer = bench.sealer();
    let user = |request: &Request| request.actor.user.clone().unwrap();
    let first = sealer.seal(&samples()[0].1, 7).unwrap().into_owned();
    let again = sealer.seal(&first, 8).unwrap().into_owned();
    assert_ne!(user(&again), user(&first));
    let word = |request: &Request| user(request).parse::<ofrecord_core::personal::SealedWord>().unwrap();
    assert_eq!(word(&again).reduced(), word(&first).reduced());
    assert_eq!(sealer.reveal_text(&word(&again)).unwrap(), sealer.reveal_text(&word(&first)).unwrap());
    let spoiled = ofrecord_core::personal::SealedWord { position: 6, ..word(&first) };
    let actor = |user: &str| format!(r#"{{"kind":"operator","user":"{user}"}}"#);
    let registers = r#"{"type":"RegisterCustomer","name":"x"}"#;
    for (customer, user) in [(P, user(&first)), (C, spoiled.to_string())] {
        let sent = request(1, &actor(&user), Some(customer), registers);
        assert_eq!(sealer.seal(&sent, 9), Err(SealingError::SealedBySubmitter));
    }
    // Of who is erased nothing is left but the word, which stays as it is.
    sealer.destroy(word(&first).kids[0]).unwrap();
    assert_eq!(user(&sealer.seal(&first, 9).unwrap()), user(&first));
}

#[test]
fn a_text_opens_with_the_key_of_its_field_and_without_keys_stays_sealed() {
    let bench = Bench::new();
    let mut sealer = bench.sealer();
    let sealed = sealer.seal(&samples()[0].1, 7).unwrap().into_owned();
    let user = sealed.actor.user.unwrap();
    let word = user.parse().unwrap();
    let (key, customer) = sealer.text_key(&word).unwrap();
    assert_eq!(customer, C.parse::<CustomerId>().unwrap());
    assert_eq!(ofrecord_ledger::sealing::open_text(&key, &word, customer).unwrap().as_str(), LIN);
    let moved = ofrecord_core::personal::SealedWord { position: 8, ..word.clone() };
    assert!(matches!(sealer.reveal_text(&moved), Err(SealingError::Seal(_))));
    assert_eq!(Names::new(None).shown(&user), Some(format!("sealed ({})", word.kids[0])));
    assert_eq!(Names::new(Some(Bench::new().sealer())).shown(&user), Some(format!("sealed ({})", word.kids[0])));
    assert_eq!(Names::new(Some(bench.sealer())).shown("kim"), None);
    sealer.destroy(word.kids[0]).unwrap();
    assert_eq!(sealer.reveal_text(&word).unwrap(), Revealed::Erased);
    assert!(sealer.text_key(&word).is_none());
}
