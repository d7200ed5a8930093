//! Observations: rules L-6, L-8 and L-12.

use ofrecord_core::state::Terms;
use ofrecord_core::{Actor, ActorKind, Event};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, LATER, P, Q, S1, S2, admin, agent, at, events_of, happens, id, nce, of_kind, purchase, refused, with,
};
use crate::story::Story;

fn observe(events: &[Value]) -> Value {
    json!({"type": "RecordObservation", "events": events})
}

fn importer() -> Actor {
    of_kind(ActorKind::Importer)
}

fn granted(partner: &str) -> Value {
    json!({"type": "DapGranted", "partner": partner, "services": "all"})
}

fn seen(fields: Value) -> Value {
    with(json!({"type": "SubscriptionObserved", "subscription": S1}), fields)
}

#[test]
fn only_an_import_observes() {
    for actor in [agent(Q), admin(C), of_kind(ActorKind::PartnerApplication)] {
        let asked = observe(&[granted(P)]);
        refused(nce(), LATER, actor, asked, ("L-12", "only_importer_may_observe"));
    }
    for kind in [ActorKind::Importer, ActorKind::Operator, ActorKind::Microsoft, ActorKind::System] {
        happens(nce(), LATER, of_kind(kind), observe(&[granted(P)]), &["DapGranted"]);
    }
}

#[test]
fn what_speaks_of_other_entries_is_not_observed() {
    let corrected = json!({"type": "EventCorrected", "position": 0, "event_index": 0, "reason": "x"});
    let evidence = json!({"type": "EvidenceAdded", "position": 0, "event_index": 0});
    for events in [vec![], vec![corrected], vec![granted(P), evidence]] {
        refused(nce(), LATER, importer(), observe(&events), ("L-12", "observation_not_allowed"));
    }
}

#[test]
fn imported_facts_are_never_refused_for_what_they_say() {
    // A second partner with DAP, a purchase under a taken id, a cancellation after its window, a word nobody knows.
    let facts = [
        granted(Q),
        granted(P),
        with(purchase(S1, "new_commerce_license"), json!({"owner": P})),
        json!({"type": "SubscriptionCancelled", "subscription": S1, "data_kept_until": LATER}),
        seen(json!({"status": "on_holiday"})),
    ];
    let names = ["DapGranted", "DapGranted", "SubscriptionPurchased", "SubscriptionCancelled", "SubscriptionObserved"];
    let story = happens(nce(), LATER, importer(), observe(&facts), &names);
    let status = story.customer().subscriptions.by_id[&id(S1)].terms.status.clone();
    assert_eq!(status.unwrap().value.as_str(), "on_holiday");
}

#[test]
fn a_fact_stated_again_is_evidence_for_the_first() {
    let story = happens(nce(), LATER, importer(), observe(&[granted(P)]), &["DapGranted"]);
    let before = story.customer();
    let (story, events) = events_of(story, LATER, importer(), observe(&[granted(P), granted(Q)]));
    let names: Vec<&str> = events.iter().map(Event::name).collect();
    assert_eq!(names, ["EvidenceAdded", "DapGranted"]);
    let (story, again) = events_of(story, LATER, importer(), observe(&[granted(Q)]));
    let Event::EvidenceAdded(added) = &again[0] else { panic!("{again:?}") };
    assert_eq!(added.event_index, 1);
    assert_eq!(story.customer().access.of(P.parse().unwrap()), before.access.of(P.parse().unwrap()));
}

#[test]
fn a_fact_of_another_instant_kind_or_subject_is_its_own() {
    let story = happens(nce(), LATER, importer(), observe(&[granted(P)]), &["DapGranted"]);
    happens(story.clone(), "2024-06-01T00:00:00.0000001Z", importer(), observe(&[granted(P)]), &["DapGranted"]);
    let removed = json!({"type": "DapRemoved", "partner": P, "services": "all"});
    happens(story.clone(), LATER, importer(), observe(&[removed]), &["DapRemoved"]);
    let other = json!({"type": "SubscriptionUpdateNotified", "subscription": S2});
    let story = happens(story, LATER, importer(), observe(&[other]), &["SubscriptionUpdateNotified"]);
    let mine = json!({"type": "SubscriptionUpdateNotified", "subscription": S1});
    happens(story, LATER, importer(), observe(&[mine]), &["SubscriptionUpdateNotified"]);
}

#[test]
fn a_differing_statement_of_the_same_fact_stays_beside_it() {
    let story = happens(
        nce(),
        LATER,
        importer(),
        observe(&[seen(json!({"quantity": 10, "status": "active"}))]),
        &["SubscriptionObserved"],
    );
    // Another value, and one that says more, are statements of their own.
    for differing in [json!({"quantity": 11}), json!({"quantity": 10, "term": "P1Y"})] {
        happens(story.clone(), LATER, importer(), observe(&[seen(differing)]), &["SubscriptionObserved"]);
    }
    // Whose list shows it is part of what it is about.
    let with_owner = seen(json!({"quantity": 10, "owner": Q}));
    let owned = happens(nce(), LATER, importer(), observe(&[with_owner]), &["SubscriptionObserved"]);
    let without_owner = observe(&[seen(json!({"quantity": 10}))]);
    happens(owned, LATER, importer(), without_owner, &["SubscriptionObserved"]);
    // One that says less adds nothing.
    happens(story, LATER, importer(), observe(&[seen(json!({"quantity": 10}))]), &["EvidenceAdded"]);
}

#[test]
fn what_the_ledger_derives_makes_no_difference() {
    let accepted = |generation: u32| json!({"type": "ResellerRelationshipAcceptedByCustomer", "partner": C, "generation": generation});
    let story = happens(nce(), LATER, importer(), observe(&[accepted(1)]), &["ResellerRelationshipAcceptedByCustomer"]);
    happens(story, LATER, importer(), observe(&[accepted(7)]), &["EvidenceAdded"]);
}

#[test]
fn an_observation_invents_nothing() {
    let story: Story = nce().told(BOUGHT, json!({"type": "SubscriptionObserved", "subscription": S2}));
    let seen = story.customer().subscriptions.by_id[&id(S2)].clone();
    assert_eq!((seen.owner, seen.terms), (None, Terms::default()));
}

fn terms(story: &Story) -> Terms {
    story.customer().subscriptions.by_id.remove(&id(S1)).map(|seen| seen.terms).unwrap_or_default()
}

#[test]
fn words_that_no_rule_reads_are_kept_until_the_product_is_another() {
    let license = json!({"listing": {"billing_type": "license", "publisher": "Microsoft Corporation"}});
    let story = nce().told(LATER, seen(license)).told(LATER, seen(json!({"listing": {"unit_type": "Licenses"}})));
    let listing = terms(&story).listing.unwrap().value;
    assert_eq!(listing.billing_type.as_deref(), Some("license"), "what a later list leaves out stays");
    assert_eq!((listing.unit_type.as_deref(), listing.contract_type), (Some("Licenses"), None));
    let unchanged = story.clone().told(LATER, seen(json!({"quantity": 10})));
    assert_eq!(terms(&unchanged).listing, terms(&story).listing);
    let to_product = json!({"id": "product-2", "name": "Other", "family": "new_commerce_license"});
    let converted = json!({"type": "SubscriptionConverted", "subscription": S1, "from_product": "product-1",
        "to_product": to_product});
    assert_eq!(terms(&story.told(LATER, converted)).listing, None);
}

#[test]
fn refund_options_hold_until_another_window_is_shown_or_opened() {
    let full = json!([{"kind": "Full", "expires_at": "2024-03-08T00:00:00Z"}]);
    let shown = json!({"refund_options": full, "cancellation_allowed_until": "2024-03-08T00:00:00Z"});
    let story = nce().told(LATER, seen(shown));
    assert_eq!(terms(&story).refund_options.len(), 1);
    assert_eq!(terms(&story.clone().told(LATER, seen(json!({"quantity": 10})))).refund_options.len(), 1);
    let newer = json!({"cancellation_allowed_until": "2024-07-01T00:00:00Z"});
    assert!(terms(&story.clone().told(LATER, seen(newer))).refund_options.is_empty());
    let renewed = json!({"type": "SubscriptionRenewed", "subscription": S1, "product": "product-1", "quantity": 10,
        "term": "P1Y", "billing_cycle": "monthly"});
    let renewal_term = seen(json!({"renewal_term": "P3Y"}));
    let story = story.told(LATER, renewal_term);
    assert_eq!(terms(&story).renewal_term.unwrap().value.as_str(), "P3Y");
    let after = terms(&story.told("2025-03-01T05:00:00Z", renewed));
    assert_eq!((after.refund_options.len(), after.renewal_term), (0, None));
}

#[test]
fn a_retention_gap_takes_nothing_away() {
    let story = nce();
    let before = story.customer();
    let gap = json!({"type": "SourceRetentionGap", "source": "partner_center_audit", "subject": "all of 2024"});
    let story = happens(story, LATER, importer(), observe(&[gap]), &["SourceRetentionGap"]);
    assert_eq!(story.customer(), before);
}

#[test]
fn coverage_tells_no_event_from_no_data() {
    let read = json!({"type": "SourceCoverageRecorded", "source": "partner_center_audit", "from": BOUGHT, "to": LATER});
    let story = happens(nce(), LATER, importer(), observe(&[read]), &["SourceCoverageRecorded"]);
    let coverage = story.customer().coverage;
    assert_eq!(
        (coverage[0].from.to_string(), coverage[0].to.to_string()),
        (at(BOUGHT).to_string(), at(LATER).to_string())
    );
    assert!(nce().customer().coverage.is_empty());
}
