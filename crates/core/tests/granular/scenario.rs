//! The worked scenarios on granular administration in miniature: W-9 stands with the ends, W-10 with the transition, W-12 and late facts here.

use ofrecord_core::vocabulary::GdapStatus;
use ofrecord_core::{ActorKind, Event, StreamId};
use serde_json::json;

use crate::office::{C, P, R1, Story, assigned, at, of_kind, on, status};
use crate::sample::event_of;

#[test]
fn w12_what_expired_answers_for_its_time_and_gives_nothing_later() {
    let mut story = assigned();
    let expire = on("ExpireGdap", json!({}));
    let outcome = story.at("2022-07-01T00:10:00Z", &of_kind(ActorKind::Microsoft), Some(C), expire);
    assert!(matches!(outcome, ofrecord_core::Outcome::Accepted(_)));
    let clean = on("RecordGdapCleanUp", json!({}));
    let outcome = story.at("2023-07-01T00:00:00Z", &of_kind(ActorKind::Microsoft), Some(C), clean);
    assert!(matches!(outcome, ofrecord_core::Outcome::Accepted(_)));
    assert_eq!(status(&story, "2022-06-30T00:00:00Z"), GdapStatus::Active);
    assert_eq!(status(&story, "2024-01-01T00:00:00Z"), GdapStatus::Expired);
}

#[test]
fn a_relationship_told_in_any_order_is_the_same_relationship() {
    let customer = StreamId::Customer(C.parse().unwrap());
    let told = [
        ("2022-01-01T00:00:00Z", "GdapRelationshipCreated"),
        ("2022-01-02T00:00:00Z", "GdapRelationshipApproved"),
        ("2022-01-03T00:00:00Z", "GdapRelationshipActivated"),
        ("2022-02-01T00:00:00Z", "GdapAutoExtendSet"),
        ("2022-09-01T00:00:00Z", "GdapGlobalAdministratorRemoved"),
        ("2023-01-01T00:00:00Z", "GdapRelationshipTerminated"),
    ];
    let in_order = |order: &[usize]| {
        let mut story = Story::in_cloud(ofrecord_core::Cloud::Worldwide);
        for index in order {
            let (instant, kind) = told[*index];
            story = story.on(instant, customer, event_of(kind).unwrap());
        }
        let mut known =
            story.customers[&C.parse().unwrap()].latest().access.granular.by_id[&R1.parse().unwrap()].clone();
        // Places in the log differ by the order of arrival; what is said does not.
        known.first_seen = known.changed;
        format!(
            "{:?} {:?} {:?} {:?} {:?}",
            known.status.map(|cell| cell.value),
            known.roles.map(|cell| cell.value),
            known.ends_at.map(|cell| cell.value),
            known.extended.map(|cell| cell.value),
            known.version
        )
    };
    let straight = in_order(&[0, 1, 2, 3, 4, 5]);
    for order in [[5, 4, 3, 2, 1, 0], [2, 0, 1, 5, 3, 4], [1, 3, 5, 0, 2, 4]] {
        assert_eq!(in_order(&order), straight, "{order:?}");
    }
}

#[test]
fn a_source_shows_a_relationship_of_a_partner_before_anybody_knows_for_whom() {
    let importer = of_kind(ActorKind::Importer);
    let shown = json!({"type": "GdapRelationshipObserved", "partner": P, "relationship": R1,
        "display_name": "Contoso support", "status": "created"});
    let mut story = Story::in_cloud(ofrecord_core::Cloud::Worldwide);
    let observe = |events: serde_json::Value| json!({"type": "RecordObservation", "events": events});
    let outcome = story.at("2022-01-01T00:00:00Z", &importer, None, observe(json!([shown])));
    let ofrecord_core::Outcome::Accepted(events) = outcome else { panic!("{outcome:?}") };
    assert_eq!(events.iter().map(Event::name).collect::<Vec<_>>(), ["GdapRelationshipObserved"]);
    assert!(story.partner(P).granular.by_id.contains_key(&R1.parse().unwrap()));
    let assignment = event_of("GdapAccessAssignmentObserved").unwrap();
    let outcome = story.at("2022-01-01T00:00:00Z", &importer, None, observe(json!([assignment])));
    assert!(matches!(outcome, ofrecord_core::Outcome::Refused(_)), "an assignment is a customer's");
    assert_eq!(
        story.partner(P).granular.by_id[&R1.parse().unwrap()].first_seen.effective_at,
        at("2022-01-01T00:00:00Z")
    );
}

#[test]
fn a_correction_of_a_relationship_reaches_both_streams_or_none() {
    let mut story = assigned();
    let mut officer = of_kind(ActorKind::Operator);
    officer.role = Some(ofrecord_core::Role::ComplianceOfficer);
    let created = story.partner(P).granular.by_id[&R1.parse().unwrap()].created_at.clone().unwrap().set.at;
    let correct = json!({"type": "CorrectEvent", "position": created.position, "reason": "a slip", "partners": [P],
        "replacement": event_of("GdapRelationshipCreated").unwrap()});
    let outcome = story.at("2022-02-01T00:00:00Z", &officer, None, correct.clone());
    let ofrecord_core::Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusal.code, "correction_misses_stream");
    let outcome = story.at("2022-02-01T00:00:00Z", &officer, Some(C), correct);
    assert!(matches!(outcome, ofrecord_core::Outcome::Accepted(_)), "{outcome:?}");
}
