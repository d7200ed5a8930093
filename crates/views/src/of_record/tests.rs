//! One timeline per subscription and kind.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::event::partner::PartnerRegistered;
use ofrecord_core::event::partner_of_record::{
    CporClaimApproved, CporClaimRejected, CporClaimSubmitted, DigitalPartnerOfRecordSet, PartnerAdminLinked,
    ResellerOfRecordChanged,
};
use ofrecord_core::event::subscription::SubscriptionPurchased;
use ofrecord_core::event::transfer::TransferredItem;
use ofrecord_core::state::Partner;
use ofrecord_core::vocabulary::{PartnerOfRecordKind, PartnerType};
use ofrecord_core::{Event, PartnerId, PartnerTenantId};

use super::{OfRecordRow, partners_of_record};
use crate::record::PartnerRecord;
use crate::story::transfer::{completed, completion, transferred};
use crate::story::{Story, at, bought, claimed, p, purchase, q, seen_at, subscription, supported, worldwide};
use crate::viewpoint::Viewpoint;

fn id(text: &str) -> PartnerId {
    text.parse().unwrap()
}

/// Q has the partner ID 1000001, P 2000002.
fn accounts() -> BTreeMap<PartnerTenantId, Partner> {
    [(q(), "1000001"), (p(), "2000002")]
        .map(|(partner, number)| {
            let registered = Event::PartnerRegistered(PartnerRegistered {
                partner,
                name: "Partner".to_owned(),
                partner_type: PartnerType::DirectBill,
                partner_id: Some(id(number)),
                markets: BTreeSet::new(),
                indirect_reseller_enrolment: None,
            });
            let mut record = PartnerRecord::new(partner);
            Story::new().on("2000-01-01", [registered]).entries.iter().for_each(|entry| record.take(entry));
            (partner, record.latest().clone())
        })
        .into()
}

fn rows(story: &Story, as_of: &str) -> Vec<OfRecordRow> {
    partners_of_record(&story.record(), &accounts(), &seen_at(as_of, &worldwide()))
}

/// Of a kind: partner ID, first instant, first instant no longer.
#[track_caller]
fn check(story: &Story, kind: &PartnerOfRecordKind, expected: &[(Option<&str>, &str, Option<&str>)]) {
    let told: Vec<_> = rows(story, "2024-12-01")
        .into_iter()
        .filter(|row| row.kind == *kind)
        .map(|row| (row.partner_id, row.from, row.to))
        .collect();
    let expected: Vec<_> = expected.iter().map(|(partner, from, to)| (partner.map(id), at(from), to.map(at))).collect();
    assert_eq!(told, expected);
}

fn sold() -> Story {
    let sale = SubscriptionPurchased { partner_id_on_record: Some(id("4847383")), ..purchase(1, q()) };
    Story::new().on("2024-01-01", [bought(sale)])
}

fn dpor(after: Option<&str>) -> Event {
    Event::DigitalPartnerOfRecordSet(DigitalPartnerOfRecordSet {
        subscription: subscription(1),
        before: None,
        after: after.map(id),
    })
}

#[test]
fn the_owner_is_the_transacting_partner_of_record() {
    let story = sold().on("2024-02-01", [transferred(1, None)]);
    check(
        &story,
        &PartnerOfRecordKind::Tpor,
        &[(Some("1000001"), "2024-01-01", Some("2024-02-01")), (Some("2000002"), "2024-02-01", None)],
    );
    let owners: Vec<_> =
        rows(&story, "2024-12-01").into_iter().filter(|row| row.kind == PartnerOfRecordKind::Tpor).collect();
    assert_eq!(owners.iter().map(|row| row.partner).collect::<Vec<_>>(), [Some(q()), Some(p())]);
    assert_eq!(owners[0].ended_by, [story.last()]);
    // The owner stands where its account does not.
    let record = story.record();
    let unknown = partners_of_record(&record, &BTreeMap::new(), &seen_at("2024-12-01", &worldwide()));
    assert!(
        unknown
            .iter()
            .all(|row| row.kind != PartnerOfRecordKind::Tpor || (row.partner.is_some() && row.partner_id.is_none()))
    );
}

#[test]
fn the_reseller_of_record_is_what_a_transfer_names() {
    let mut named = completion(1, None);
    named.items = vec![TransferredItem { partner_id_on_record: Some(id("517285")), ..named.items[0].clone() }];
    let changed = Event::ResellerOfRecordChanged(ResellerOfRecordChanged {
        subscription: subscription(1),
        before: Some(id("4847383")),
        after: Some(id("5139005")),
    });
    let story = sold().on("2024-02-01", [changed]).on("2024-03-01", [completed(named)]);
    check(
        &story,
        &PartnerOfRecordKind::ResellerOfRecord,
        &[
            (Some("4847383"), "2024-01-01", Some("2024-02-01")),
            (Some("5139005"), "2024-02-01", Some("2024-03-01")),
            (Some("517285"), "2024-03-01", None),
        ],
    );
    let silent = sold().on("2024-03-01", [transferred(1, None)]);
    check(
        &silent,
        &PartnerOfRecordKind::ResellerOfRecord,
        &[(Some("4847383"), "2024-01-01", Some("2024-03-01")), (None, "2024-03-01", None)],
    );
}

#[test]
fn a_transfer_leaves_the_partners_who_were_attributed_otherwise() {
    let link = Event::PartnerAdminLinked(PartnerAdminLinked {
        subscription: subscription(1),
        before: None,
        after: Some(id("2000002")),
    });
    let story =
        sold().on("2024-01-05", [dpor(Some("2000002")), link, claimed()]).on("2024-03-01", [transferred(1, None)]);
    for kind in [PartnerOfRecordKind::Dpor, PartnerOfRecordKind::Pal] {
        check(&story, &kind, &[(Some("2000002"), "2024-01-05", None)]);
    }
    check(&story, &PartnerOfRecordKind::Cpor, &[(Some("42"), "2024-01-05", None)]);
    let digital = rows(&story, "2024-12-01").into_iter().find(|row| row.kind == PartnerOfRecordKind::Dpor).unwrap();
    assert_eq!(digital.partner, Some(p()));
}

#[test]
fn a_digital_partner_of_record_who_was_unset_leaves_nobody() {
    let story = sold().on("2024-01-05", [dpor(Some("2000002"))]).on("2024-02-05", [dpor(None)]);
    check(
        &story,
        &PartnerOfRecordKind::Dpor,
        &[(Some("2000002"), "2024-01-05", Some("2024-02-05")), (None, "2024-02-05", None)],
    );
}

fn approved(workload: &str, partner: &str) -> Event {
    Event::CporClaimApproved(CporClaimApproved {
        subscription: subscription(1),
        workload: workload.parse().unwrap(),
        partner_id: id(partner),
        claim_id: None,
    })
}

#[test]
fn claims_count_by_workload_from_their_approval() {
    let submitted = Event::CporClaimSubmitted(CporClaimSubmitted {
        subscription: subscription(1),
        workload: "Teams".parse().unwrap(),
        partner_id: id("42"),
        claim_id: None,
    });
    check(&sold().on("2024-02-01", [submitted]), &PartnerOfRecordKind::Cpor, &[]);
    let story = sold().on("2024-02-01", [approved("Teams", "42")]).on("2024-03-01", [approved("Exchange", "43")]);
    let told: Vec<_> = rows(&story, "2024-12-01")
        .into_iter()
        .filter(|row| row.kind == PartnerOfRecordKind::Cpor)
        .map(|row| (row.workload.unwrap().to_string(), row.partner_id.unwrap(), row.from))
        .collect();
    let expected = [("Exchange", "43", "2024-03-01"), ("Teams", "42", "2024-02-01")];
    assert_eq!(told, expected.map(|(workload, partner, from)| (workload.to_owned(), id(partner), at(from))));
}

#[test]
fn a_claim_rejected_after_its_approval_leaves_nobody() {
    let rejected = Event::CporClaimRejected(CporClaimRejected {
        subscription: subscription(1),
        workload: "Teams".parse().unwrap(),
        partner_id: id("42"),
        claim_id: None,
        reason: None,
    });
    let story = sold().on("2024-02-01", [approved("Teams", "42")]).on("2024-03-01", [rejected]);
    check(
        &story,
        &PartnerOfRecordKind::Cpor,
        &[(Some("42"), "2024-02-01", Some("2024-03-01")), (None, "2024-03-01", None)],
    );
}

#[test]
fn additional_sellers_stand_beside_each_other() {
    let sale = SubscriptionPurchased {
        additional_partner_ids_on_record: [id("517285"), id("5139005")].into(),
        ..purchase(1, q())
    };
    let story = Story::new().on("2024-01-01", [bought(sale)]);
    check(
        &story,
        &PartnerOfRecordKind::AdditionalSeller,
        &[(Some("5139005"), "2024-01-01", None), (Some("517285"), "2024-01-01", None)],
    );
}

#[test]
fn a_support_contact_is_no_partner_of_record() {
    let story = sold();
    assert_eq!(rows(&story, "2024-12-01"), rows(&story.clone().on("2024-02-01", [supported(1, p())]), "2024-12-01"));
}

#[test]
fn what_ended_after_the_instant_asked_about_had_not_ended_then() {
    let story = sold().on("2024-06-01", [dpor(Some("2000002"))]).on("2024-07-01", [dpor(None)]);
    let digital = |as_of: &str| -> Vec<_> {
        rows(&story, as_of).into_iter().filter(|row| row.kind == PartnerOfRecordKind::Dpor).collect()
    };
    assert_eq!(digital("2024-05-01"), []);
    let then = digital("2024-06-15");
    assert_eq!((then.len(), then[0].to, then[0].ended_by.clone()), (1, None, Vec::new()));
    assert_eq!(digital("2024-07-01").len(), 2);
}

#[test]
fn what_was_not_known_yet_is_not_told() {
    let story = sold();
    let known_below = story.last() + 1;
    let record = story.learned("2024-09-01", "2024-02-01", &[], [dpor(Some("2000002"))]).record();
    let policy = worldwide();
    let then = Viewpoint { as_of: at("2024-12-01"), known_below, policy: &policy };
    let kinds = |viewpoint: &Viewpoint<'_>| -> BTreeSet<_> {
        partners_of_record(&record, &accounts(), viewpoint).into_iter().map(|row| row.kind).collect()
    };
    assert!(!kinds(&then).contains(&PartnerOfRecordKind::Dpor));
    assert!(kinds(&Viewpoint { known_below: u64::MAX, ..then }).contains(&PartnerOfRecordKind::Dpor));
}
