//! Every finding: one history that shows it, and a neighbour that does not.

use std::collections::BTreeMap;

use ofrecord_core::event::customer::{CustomerObserved, CustomerRegistered};
use ofrecord_core::event::dap::{DapEndCause, DapObserved, DapRemovedByPartner, DapState};
use ofrecord_core::event::ledger::{
    KeptBecause, SourceCoverageRecorded, SourceRecordKept, SourceRetentionGap, UnrecognisedWord,
};
use ofrecord_core::event::partner::PartnerRegistered;
use ofrecord_core::event::partner_of_record::{PartnerAdminLinked, ResellerOfRecordChanged};
use ofrecord_core::event::relationship::ResellerRelationshipObserved;
use ofrecord_core::event::subscription::{
    SubscriptionDeleted, SubscriptionObserved, SubscriptionPurchased, SubscriptionRenewed, SubscriptionSeatsChanged,
    SubscriptionTermChanged,
};
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::state::Partner;
use ofrecord_core::vocabulary::{
    BillingCycle, PartnerType, ProductFamily, RelationshipKind, Services, SubscriptionStatus, TenantType, TermDuration,
    Trial,
};
use ofrecord_core::{Event, PartnerTenantId, Policy};

use crate::finding::{Finding, FindingCode};
use crate::laws::nothing_shown;
use crate::record::{CustomerRecord, PartnerRecord};
use crate::story::{
    Story, accepted, agreement, at, azure_role, bought, china, customer, dap, dap_removed, names, p, product, purchase,
    q, removed, replaced, seen_at, subscription, suspended, withdrawn, worldwide,
};
use crate::viewpoint::Viewpoint;

mod granular;
mod transfer;

const AUDIT: SourceSystem = SourceSystem::PartnerCenterAudit;
const REST: SourceSystem = SourceSystem::PartnerCenterRest;

/// Accounts by partner: kind, partner ID, market.
fn accounts(list: &[(PartnerTenantId, PartnerType, &str, &str)]) -> BTreeMap<PartnerTenantId, Partner> {
    let account = |(partner, kind, id, market): &(PartnerTenantId, PartnerType, &str, &str)| {
        let registered = Event::PartnerRegistered(PartnerRegistered {
            partner: *partner,
            name: "Partner".to_owned(),
            partner_type: kind.clone(),
            partner_id: Some(id.parse().unwrap()),
            markets: [market.parse().unwrap()].into(),
            indirect_reseller_enrolment: None,
        });
        let mut record = PartnerRecord::new(*partner);
        Story::new().on("2000-01-01", [registered]).entries.iter().for_each(|entry| record.take(entry));
        (*partner, record.latest().clone())
    };
    list.iter().map(account).collect()
}

fn provider_and_reseller() -> BTreeMap<PartnerTenantId, Partner> {
    accounts(&[
        (q(), PartnerType::IndirectProvider, "1000001", "CN"),
        (p(), PartnerType::IndirectReseller, "2000002", "CN"),
    ])
}

struct Asked {
    policy: Policy,
    as_of: &'static str,
    accounts: BTreeMap<PartnerTenantId, Partner>,
}

fn in_china() -> Asked {
    Asked { policy: china(), as_of: "2024-12-01", accounts: provider_and_reseller() }
}

fn found(story: &Story, asked: &Asked, code: FindingCode) -> Vec<Finding> {
    let viewpoint = seen_at(asked.as_of, &asked.policy);
    let mut all = super::findings(&story.record(), &asked.accounts, &viewpoint);
    for finding in &all {
        assert!(!finding.positions.is_empty(), "{finding:?} rests on no entry");
        assert!(finding.since <= viewpoint.as_of, "{finding:?} begins after the instant asked about");
    }
    all.retain(|finding| finding.code == code);
    all
}

#[track_caller]
fn check(code: FindingCode, asked: &Asked, shows: &Story, does_not: &Story) -> Finding {
    let mut shown = found(shows, asked, code);
    assert_eq!(shown.len(), 1, "{shown:#?}");
    assert_eq!(found(does_not, asked, code), []);
    shown.remove(0)
}

fn standing() -> Story {
    Story::new().on("2024-01-01", [agreement("2023-12-31"), accepted(q()), bought(purchase(1, q()))])
}

#[test]
fn access_that_outlives_the_relationship_is_found() {
    let removed_with =
        |event: Event| Story::new().on("2024-01-01", [accepted(q()), event]).on("2024-02-01", [removed(q())]);
    let code = FindingCode::FormerResellerStillHasAccess;
    let does_not = removed_with(dap(q(), Services::All)).on("2024-02-01", [dap_removed(q(), Services::All)]);
    let finding = check(code, &in_china(), &removed_with(azure_role(q())), &does_not);
    assert_eq!((finding.subject.partner, finding.since), (Some(q()), at("2024-02-01")));
    assert_eq!(finding.positions.len(), 2);
    // A removal by the partner ends DAP with it (rule M-9); a source that only shows the end does not say so.
    let ended = Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
        partner: q(),
        relationship: RelationshipKind::None,
        ended_by: None,
        via_provider: None,
    });
    let shown = Story::new().on("2024-01-01", [accepted(q()), dap(q(), Services::All)]).on("2024-02-01", [ended]);
    check(code, &in_china(), &shown, &removed_with(dap(q(), Services::All)));
}

#[test]
fn a_partner_who_administers_and_never_resold_is_found() {
    let shows = Story::new().on("2024-01-01", [azure_role(q())]);
    let does_not = Story::new().on("2024-01-01", [accepted(q()), azure_role(q())]);
    check(FindingCode::AdministersWithoutReselling, &in_china(), &shows, &does_not);
    let former = does_not.on("2024-03-01", [removed(q())]);
    assert_eq!(found(&former, &in_china(), FindingCode::AdministersWithoutReselling), []);
}

fn overlap(second: Services) -> Story {
    Story::new()
        .on("2024-01-01", [accepted(q()), accepted(p()), dap(q(), names(&["Exchange"]))])
        .told("2024-02-01", AUDIT, [dap(p(), second)])
        .on("2024-03-01", [dap_removed(q(), names(&["Exchange"]))])
}

#[test]
fn two_transacting_resellers_with_dap_on_one_service_are_found_with_their_interval() {
    let direct = |asked: Asked| Asked {
        accounts: accounts(&[
            (q(), PartnerType::DirectBill, "1000001", "CN"),
            (p(), PartnerType::DirectBill, "2000002", "CN"),
        ]),
        ..asked
    };
    let code = FindingCode::TwoResellersWithDapOnService;
    let asked = direct(in_china());
    let finding = check(code, &asked, &overlap(names(&["Exchange"])), &overlap(names(&["Azure"])));
    assert_eq!((finding.since, finding.until), (at("2024-02-01"), Some(at("2024-03-01"))));
    assert_eq!(finding.subject.service, Some("Exchange".parse().unwrap()));
    assert_eq!((finding.subject.partner, finding.subject.other_partner), (Some(q()), Some(p())));
    check(code, &asked, &overlap(Services::All), &overlap(names(&["Azure"])));
    let early = Asked { as_of: "2024-02-15", ..direct(in_china()) };
    let finding = check(code, &early, &overlap(Services::All), &overlap(names(&["Azure"])));
    assert_eq!(finding.until, None);
    // An indirect reseller does not transact, and worldwide DAP always covers the tenant.
    assert_eq!(found(&overlap(Services::All), &in_china(), code), []);
    assert_eq!(found(&overlap(Services::All), &direct(Asked { policy: worldwide(), ..in_china() }), code), []);
}

#[test]
fn a_providers_sale_without_reseller_of_record_is_found() {
    let named = Event::ResellerOfRecordChanged(ResellerOfRecordChanged {
        subscription: subscription(1),
        before: None,
        after: Some("2000002".parse().unwrap()),
    });
    let code = FindingCode::ResellerOfRecordMissing;
    let finding = check(code, &in_china(), &standing(), &standing().on("2024-01-02", [named]));
    assert_eq!(finding.rule, Some("I-5"));
    let unknown_kind = Asked { accounts: BTreeMap::new(), ..in_china() };
    assert_eq!(found(&standing(), &unknown_kind, code), []);
}

#[test]
fn a_purchase_before_any_agreement_is_found() {
    let without = SubscriptionPurchased { agreement: None, ..purchase(1, q()) };
    let agreed = |day: &str| {
        Story::new()
            .on("2024-01-01", [accepted(q())])
            .on("2024-01-05T10:00:00Z", [agreement(day), bought(without.clone())])
    };
    let code = FindingCode::PurchaseWithoutAgreement;
    let finding = check(code, &in_china(), &agreed("2024-01-06"), &agreed("2024-01-05"));
    assert!(finding.sentence.contains("the first one is of 2024-01-06"), "{}", finding.sentence);
}

#[test]
fn a_reseller_without_subscriptions_is_found() {
    let code = FindingCode::RelationshipDormant;
    let finding = check(code, &in_china(), &Story::new().on("2024-01-01", [accepted(q())]), &standing());
    assert_eq!(finding.since, at("2024-01-01"));
    let gone = Event::SubscriptionDeleted(SubscriptionDeleted { subscription: subscription(1) });
    let finding = check(code, &in_china(), &standing().on("2024-05-01", [gone]), &standing());
    assert_eq!(finding.since, at("2024-05-01"));
}

#[test]
fn an_indirect_reseller_sells_through_its_provider() {
    let through = SubscriptionPurchased { partner_id_on_record: Some("2000002".parse().unwrap()), ..purchase(1, q()) };
    let story = |sale: SubscriptionPurchased| {
        Story::new().on("2024-01-01", [accepted(q()), accepted(p())]).on("2024-01-02", [bought(sale)])
    };
    check(FindingCode::RelationshipDormant, &in_china(), &story(purchase(1, q())), &story(through));
}

fn shown(source: SourceSystem, change: impl FnOnce(&mut SubscriptionObserved)) -> Story {
    let mut observed = nothing_shown(1);
    change(&mut observed);
    let sale = Story::new().told("2024-01-01", AUDIT, [accepted(q()), bought(purchase(1, q()))]);
    sale.told("2024-02-01", source, [Event::SubscriptionObserved(Box::new(observed))])
}

#[test]
fn a_source_that_another_one_rules_out_is_found() {
    let code = FindingCode::SourceConflict;
    let more_seats = |shown: &mut SubscriptionObserved| shown.quantity = Some(30);
    let same_seats = |shown: &mut SubscriptionObserved| shown.quantity = Some(25);
    let finding = check(code, &in_china(), &shown(REST, more_seats), &shown(REST, same_seats));
    assert_eq!(finding.subject.field.as_deref(), Some("quantity"));
    assert_eq!(finding.sentence, "quantity is shown as 30; it was known as 25");
    // One source that shows another number has seen a change; another owner is at odds whoever shows it.
    assert_eq!(found(&shown(AUDIT, more_seats), &in_china(), code), []);
    check(
        code,
        &in_china(),
        &shown(AUDIT, |shown| shown.owner = Some(p())),
        &shown(AUDIT, |shown| shown.owner = Some(q())),
    );
}

#[test]
fn a_relationship_shown_after_its_removal_is_a_conflict() {
    let story = |kind: RelationshipKind| {
        let shown =
            ResellerRelationshipObserved { partner: q(), relationship: kind, ended_by: None, via_provider: None };
        Story::new().told("2024-01-01", AUDIT, [accepted(q())]).told("2024-02-01", AUDIT, [removed(q())]).told(
            "2024-03-01",
            REST,
            [Event::ResellerRelationshipObserved(shown)],
        )
    };
    check(FindingCode::SourceConflict, &in_china(), &story(RelationshipKind::Reseller), &story(RelationshipKind::None));
}

#[test]
fn dap_shown_off_where_another_source_has_it_on_is_a_conflict() {
    let story = |state: DapState| {
        let shown = DapObserved { partner: q(), state, started_at: None, ended_at: None, last_sign_in_at: None };
        Story::new().told("2024-01-01", AUDIT, [accepted(q()), dap(q(), Services::All)]).told(
            "2024-03-01",
            REST,
            [Event::DapObserved(shown)],
        )
    };
    check(FindingCode::SourceConflict, &in_china(), &story(DapState::Removed), &story(DapState::Active));
}

#[test]
fn what_is_known_only_from_a_reading_is_found() {
    let code = FindingCode::SourceSaysActiveButNoCreationSeen;
    let active = Event::SubscriptionObserved(Box::new(SubscriptionObserved {
        status: Some(SubscriptionStatus::Active),
        ..nothing_shown(1)
    }));
    let deleted = Event::SubscriptionObserved(Box::new(SubscriptionObserved {
        status: Some(SubscriptionStatus::Deleted),
        ..nothing_shown(1)
    }));
    let seen = |event: Event| Story::new().told("2024-01-01", REST, [event]);
    check(code, &in_china(), &seen(active.clone()), &seen(deleted));
    check(code, &in_china(), &seen(active.clone()), &standing().told("2024-02-01", REST, [active]));
    for via_provider in [None, Some(p())] {
        check(code, &in_china(), &seen(reseller_shown(via_provider)), &seen(accepted(q())));
    }
    let dap_seen = Event::DapObserved(DapObserved {
        partner: q(),
        state: DapState::Active,
        started_at: None,
        ended_at: None,
        last_sign_in_at: None,
    });
    check(code, &in_china(), &seen(dap_seen), &seen(dap(q(), Services::All)));
    let listed = Event::CustomerObserved(CustomerObserved {
        partner: Some(q()),
        name: None,
        domain: None,
        market: None,
        relationship: Some(RelationshipKind::Reseller),
        associated_partner_id: None,
        associated_tenant: None,
    });
    check(code, &in_china(), &seen(listed.clone()), &seen(accepted(q())).told("2024-02-01", REST, [listed]));
}

fn reseller_shown(via_provider: Option<PartnerTenantId>) -> Event {
    Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
        partner: q(),
        relationship: RelationshipKind::Reseller,
        ended_by: None,
        via_provider,
    })
}

fn read(from: &str, to: &str) -> Event {
    Event::SourceCoverageRecorded(SourceCoverageRecorded { source: AUDIT, from: at(from), to: at(to) })
}

#[test]
fn a_hole_between_two_readings_is_found() {
    let first = || Story::new().on("2024-05-01", [read("2024-01-01", "2024-02-01")]);
    let shows = first().on("2024-05-02", [read("2024-03-01", "2024-04-01")]);
    let does_not = first().on("2024-05-02", [read("2024-02-01", "2024-04-01")]);
    let finding = check(FindingCode::GapInSourceCoverage, &in_china(), &shows, &does_not);
    assert_eq!((finding.since, finding.until), (at("2024-02-01"), Some(at("2024-03-01"))));
}

#[test]
fn what_a_source_no_longer_has_is_found() {
    let gap = SourceRetentionGap { source: AUDIT, subject: "records before 2024-02".to_owned() };
    let shows = standing().on("2024-05-01", [Event::SourceRetentionGap(gap)]);
    check(FindingCode::SourceCanNoLongerBeRead, &in_china(), &shows, &standing());
}

#[test]
fn a_customer_outside_the_resellers_markets_is_found() {
    let stands = |market: &str, relationship: Event| {
        let known = Event::CustomerRegistered(CustomerRegistered {
            name: "Contoso".to_owned(),
            domain: None,
            market: Some(market.parse().unwrap()),
            tenant_type: TenantType::Organisation,
        });
        Story::new().on("2024-01-01", [known, relationship])
    };
    let (elsewhere, at_home) = (stands("FR", accepted(q())), stands("cn", accepted(q())));
    let finding = check(FindingCode::MarketMismatchRecorded, &in_china(), &elsewhere, &at_home);
    assert_eq!(finding.rule, Some("R-7"));
    let through_a_provider = stands("FR", reseller_shown(Some(p())));
    check(FindingCode::MarketMismatchRecorded, &in_china(), &elsewhere, &through_a_provider);
}

#[test]
fn dap_after_the_end_of_its_offer_is_found() {
    let story = Story::new().on("2023-01-01", [accepted(q()), dap(q(), Services::All)]);
    let does_not = story.clone().on("2023-10-08", [dap_removed(q(), Services::All)]);
    let code = FindingCode::DapStillOnAfterEndOfOffer;
    let asked = Asked { policy: worldwide(), ..in_china() };
    assert_eq!(check(code, &asked, &story, &does_not).since, at("2023-10-09"));
    assert_eq!(found(&story, &in_china(), code), []);
    assert_eq!(found(&story, &Asked { as_of: "2023-10-08", ..asked }, code), []);
}

#[test]
fn a_term_that_ended_without_a_renewal_is_found() {
    let sale = SubscriptionPurchased {
        product: product(ProductFamily::NewCommerceLicense),
        commitment_end: Some(at("2024-06-30T23:59:59Z")),
        ..purchase(1, q())
    };
    let story = Story::new().on("2023-07-01", [accepted(q()), bought(sale)]);
    let renewed = Event::SubscriptionRenewed(SubscriptionRenewed {
        subscription: subscription(1),
        product: product(ProductFamily::NewCommerceLicense).id,
        quantity: 25,
        term: TermDuration::P1Y,
        billing_cycle: BillingCycle::Annual,
        commitment_end: Some(at("2025-06-30T23:59:59Z")),
        cancellation_allowed_until: None,
    });
    let code = FindingCode::RenewalNotSeen;
    let finding = check(code, &in_china(), &story, &story.clone().on("2024-07-01", [renewed]));
    assert_eq!(finding.since, at("2024-07-02"));
    assert_eq!(found(&story, &Asked { as_of: "2024-07-01T23:59:59Z", ..in_china() }, code), []);
    assert_eq!(found(&story.on("2024-06-01", [suspended(1)]), &in_china(), code), []);
}

#[test]
fn a_word_that_is_not_published_is_found_once_with_every_entry() {
    let kept = |words: Vec<UnrecognisedWord>| {
        Event::SourceRecordKept(SourceRecordKept {
            operation: "update_subscription".to_owned(),
            because: KeptBecause::OutOfScope,
            unrecognised: words,
            summary: None,
            raw: None,
        })
    };
    let word = || vec![UnrecognisedWord { field: "status".to_owned(), word: "frozen".to_owned() }];
    let shows = standing().told("2024-02-01", AUDIT, [kept(word())]).told("2024-02-02", AUDIT, [kept(word())]);
    let does_not = standing().told("2024-02-01", AUDIT, [kept(Vec::new())]);
    let code = FindingCode::UnrecognisedValue;
    let finding = check(code, &in_china(), &shows, &does_not);
    assert_eq!((finding.since, finding.positions.len()), (at("2024-02-01"), 2));
    let frozen = |shown: &mut SubscriptionObserved| shown.status = Some(SubscriptionStatus::from_wire("frozen"));
    let finding = check(code, &in_china(), &shown(AUDIT, frozen), &standing());
    assert_eq!(finding.subject.field.as_deref(), Some("status"));
}

#[test]
fn what_a_source_does_not_say_is_no_unpublished_word() {
    let sale = |sale: SubscriptionPurchased| Story::new().told("2024-02-01", AUDIT, [bought(sale)]);
    let says = SubscriptionPurchased { trial: Some(Trial::from_wire("perhaps")), ..purchase(1, q()) };
    let leaves_out = SubscriptionPurchased {
        product: product(ProductFamily::NotStated),
        term: None,
        billing_cycle: None,
        auto_renew: None,
        trial: None,
        agreement: None,
        ..purchase(1, q())
    };
    let finding = check(FindingCode::UnrecognisedValue, &in_china(), &sale(says), &sale(leaves_out));
    assert_eq!(finding.subject.field.as_deref(), Some("trial"));
}

#[test]
fn a_partner_admin_link_without_a_role_is_found() {
    let link = Event::PartnerAdminLinked(PartnerAdminLinked {
        subscription: subscription(1),
        before: None,
        after: Some("2000002".parse().unwrap()),
    });
    let shows = standing().on("2024-02-01", [link]);
    let code = FindingCode::PalWithoutAccess;
    let finding = check(code, &in_china(), &shows, &shows.clone().on("2024-02-02", [azure_role(p())]));
    assert_eq!(finding.subject.partner, Some(p()));
    // Another partner's role does not help a link whose holder is known.
    assert_eq!(found(&shows.clone().on("2024-02-02", [azure_role(q())]), &in_china(), code).len(), 1);
    let unknown_holder = Asked { accounts: BTreeMap::new(), ..in_china() };
    assert_eq!(found(&shows.on("2024-02-02", [azure_role(q())]), &unknown_holder, code), []);
}

#[test]
fn evidence_of_what_the_rules_refuse_is_found() {
    let nothing = Story::new();
    let administered = Story::new().on("2024-01-01", [accepted(q()), dap(q(), Services::All)]);
    let rows: Vec<(&str, Story, Story)> = vec![
        (
            "M-1",
            standing().told("2024-02-01", AUDIT, [removed(q())]),
            standing().on("2024-01-31", [suspended(1)]).told("2024-02-01", AUDIT, [removed(q())]),
        ),
        ("M-11", nothing.clone().told("2024-02-01", AUDIT, [removed(q())]), nothing.clone()),
        (
            "D-2",
            nothing.clone().told("2024-02-01", AUDIT, [dap(q(), Services::All)]),
            standing().told("2024-02-01", AUDIT, [dap(q(), Services::All)]),
        ),
        (
            "D-3",
            standing().told("2024-02-01", AUDIT, [dap_removed(q(), Services::All)]),
            administered.told("2024-02-01", AUDIT, [removed(q()), dap_removed_with_relationship(q())]),
        ),
        ("B-2", nothing.clone().told("2024-02-01", AUDIT, [bought(purchase(1, q()))]), standing()),
        (
            "B-3",
            nothing.clone().told("2024-02-01", AUDIT, [agreement("2024-02-03")]),
            nothing.clone().told("2024-02-01", AUDIT, [agreement("2024-01-30")]),
        ),
        ("R-9", nothing.told("2024-02-01", AUDIT, [accepted(customer().as_partner())]), standing()),
        (
            "U-7",
            standing().told("2024-02-01", AUDIT, [term(TermDuration::P1M)]),
            standing().told("2024-02-01", AUDIT, [term(TermDuration::P3Y)]),
        ),
    ];
    for (rule, shows, does_not) in rows {
        let finding = check(FindingCode::RuleViolatedInEvidence, &in_china(), &shows, &does_not);
        assert_eq!(finding.rule, Some(rule), "{}", finding.sentence);
    }
}

fn dap_removed_with_relationship(partner: PartnerTenantId) -> Event {
    let (services, cause) = (Services::All, DapEndCause::RelationshipRemoved);
    Event::DapRemovedByPartner(DapRemovedByPartner { partner, services, cause })
}

fn term(after: TermDuration) -> Event {
    Event::SubscriptionTermChanged(SubscriptionTermChanged {
        subscription: subscription(1),
        before: TermDuration::P1Y,
        after,
        commitment_end: None,
    })
}

#[test]
fn seats_for_a_suspended_subscription_are_found() {
    let seats = |after: u64| {
        Event::SubscriptionSeatsChanged(SubscriptionSeatsChanged {
            subscription: subscription(1),
            before: 25,
            after,
            refundable_until: None,
        })
    };
    let story = |after: u64| standing().on("2024-02-01", [suspended(1)]).told("2024-02-02", AUDIT, [seats(after)]);
    let finding = check(FindingCode::RuleViolatedInEvidence, &in_china(), &story(30), &story(20));
    assert_eq!(finding.rule, Some("U-3"));
}

#[test]
fn a_relationship_in_a_tenant_that_cannot_have_one_is_found() {
    let in_tenant = |tenant_type: TenantType| {
        let known = CustomerRegistered { name: "Contoso".to_owned(), domain: None, market: None, tenant_type };
        Story::new().on("2024-01-01", [Event::CustomerRegistered(known)]).told("2024-02-01", AUDIT, [accepted(q())])
    };
    for (tenant, rule) in [(TenantType::B2c, "R-6"), (TenantType::CspTransaction, "R-8")] {
        let does_not = in_tenant(TenantType::CspCorporate);
        let finding = check(FindingCode::RuleViolatedInEvidence, &in_china(), &in_tenant(tenant), &does_not);
        assert_eq!(finding.rule, Some(rule));
    }
}

#[test]
fn dap_granted_after_the_end_of_its_offer_is_found() {
    let granted =
        |day: &str| Story::new().on("2023-01-01", [accepted(q())]).told(day, AUDIT, [dap(q(), Services::All)]);
    let asked = Asked { policy: worldwide(), ..in_china() };
    let (late, in_time) = (granted("2023-10-09"), granted("2023-10-08"));
    assert_eq!(check(FindingCode::RuleViolatedInEvidence, &asked, &late, &in_time).rule, Some("R-13"));
}

#[test]
fn a_change_of_a_deleted_subscription_is_found() {
    let gone = Event::SubscriptionDeleted(SubscriptionDeleted { subscription: subscription(1) });
    let story = standing().on("2024-02-01", [gone]);
    let shows = story.clone().told("2024-02-02", AUDIT, [suspended(1)]);
    let finding = check(FindingCode::RuleViolatedInEvidence, &in_china(), &shows, &story);
    assert_eq!(finding.rule, Some("U-4"));
}

#[test]
fn a_correction_is_found_from_the_instant_of_what_it_corrects() {
    let story = Story::new().on("2024-01-01", [accepted(q())]);
    let position = story.last();
    let code = FindingCode::CorrectionApplied;
    for correction in [withdrawn(position, 0), replaced(position, 0, accepted(p()))] {
        let corrected = story.clone().on("2024-06-01", [correction]);
        let finding = check(code, &in_china(), &corrected, &story);
        assert_eq!((finding.since, finding.positions.len()), (at("2024-01-01"), 2));
        let policy = china();
        let before = Viewpoint { as_of: at("2024-12-01"), known_below: position + 1, policy: &policy };
        let record: CustomerRecord = corrected.record();
        let found = super::findings(&record, &BTreeMap::new(), &before);
        assert!(found.iter().all(|finding| finding.code != code));
    }
}
