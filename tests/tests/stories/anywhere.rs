//! W-14: whatever happens to relationships, whenever, what was sold stays as it was.

use ofrecord_core::command::relationship::AzureRole;
use ofrecord_core::command::subscription::Product;
use ofrecord_core::event::dap::{
    AzureRoleAssigned, DapEndCause, DapGranted, DapObserved, DapRemovedByPartner, DapState, DapTerminatedByMicrosoft,
};
use ofrecord_core::event::gdap::{
    GdapAccessAssignmentActivated, GdapAccessAssignmentCreated, GdapRelationshipActivated, GdapRelationshipExpired,
    GdapRelationshipObserved, GdapRelationshipTerminated, GdapTerms,
};
use ofrecord_core::event::relationship::{ResellerRelationshipAcceptedByCustomer, ResellerRelationshipObserved};
use ofrecord_core::vocabulary::{
    BillingCycle, GdapAutoExtend, GdapDuration, GdapStatus, RelationshipKind, RemovedBy, Services, TermDuration,
};
use ofrecord_core::{Cloud, Event, PartnerTenantId};
use ofrecord_ledger::KnownAt;
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::role::{GLOBAL_ADMINISTRATOR, GLOBAL_READER};
use ofrecord_testkit::story::{Terms, instant};
use ofrecord_testkit::{Random, name, product};
use ofrecord_views::{SubscriptionRow, interference, subscriptions};

use super::granular::p_sells_to;
use super::transfers::{sells, two_resellers};
use super::{C, E3, Stage, stage};

const INSERTED: usize = 30;

/// Two resellers side by side (W-1), one of whom suspends what it sold (W-4).
fn side_by_side() -> Stage {
    let stage = stage(Cloud::China21Vianet);
    stage.opens_with_q_selling_e3();
    stage.p_joins();
    stage.accepted(stage.story.at("2018-08-02").partner("Q").suspends(C, E3));
    stage
}

/// Something legacy under another id and something of new commerce under the same one (W-5, W-6).
fn transferred() -> Stage {
    let stage = two_resellers();
    let story = &stage.story;
    sells(&stage, "2018-06-01", E3, product::office_legacy());
    stage.accepted(story.at("2018-07-01").partner("Q").offers_transfer(C, "T-1", "P", &[E3]));
    stage.accepted(story.at("2018-07-03").partner("P").accepts_transfer(C, "T-1", &[]));
    stage.accepted(story.at("2018-07-05").ledger().completes_transfer(C, "T-1", &[(E3, Ok(Some("S-E3-P")))]));
    sells(&stage, "2024-07-12", "NCE", product::office_new_commerce());
    stage.accepted(story.at("2024-10-18").partner("P").asks_for_transfer(C, "T-2", "Q"));
    stage.accepted(story.at("2024-10-20").partner("Q").accepts_transfer(C, "T-2", &["NCE"]));
    stage.accepted(story.at("2024-10-21").ledger().completes_transfer(C, "T-2", &[("NCE", Ok(None))]));
    stage
}

/// A sale of a partner with DAP and a granular relationship (W-7, W-9).
fn administered() -> Stage {
    let stage = p_sells_to(&[(C, true)]);
    stage.grants(C, ("2022-01-01", "2022-01-02"), Terms::of_days(180, &[GLOBAL_READER]), &[GLOBAL_READER]);
    let order = |at: &str, subscription: &str, product: Product| {
        let subscription = name::subscription(subscription);
        let line = product::line(subscription, product, 10, TermDuration::P1Y, BillingCycle::Annual);
        stage.accepted(stage.story.at(at).partner("P").orders(C, at, vec![line]));
    };
    order("2022-03-01", "NCE", product::office_new_commerce());
    order("2022-03-02", E3, product::office_legacy());
    stage.accepted(stage.story.at("2022-03-07").partner("P").cancels(C, "NCE"));
    stage
}

/// Something that becomes of a relationship, DAP, an Azure role or a granular relationship.
fn event(random: &mut Random) -> Event {
    let partner: PartnerTenantId = name::partner(random.one_of::<&str>(&["P", "Q", "R"]));
    let relationship = name::granular(random.one_of::<&str>(&["G-1", "G-2"]));
    let assignment = name::assignment("A-1");
    let shows =
        |relationship| ResellerRelationshipObserved { partner, relationship, ended_by: None, via_provider: None };
    let roles = || [GLOBAL_ADMINISTRATOR, GLOBAL_READER].into();
    match random.below(14) {
        0 => Event::DapGranted(DapGranted { partner, services: Services::All }),
        1 => Event::DapRemovedByPartner(DapRemovedByPartner {
            partner,
            services: Services::All,
            cause: DapEndCause::Requested,
        }),
        2 => Event::DapObserved(DapObserved {
            partner,
            state: DapState::Active,
            started_at: None,
            ended_at: None,
            last_sign_in_at: None,
        }),
        3 => Event::DapTerminatedByMicrosoft(DapTerminatedByMicrosoft { partner, last_sign_in_at: None, cause: None }),
        4 => Event::AzureRoleAssigned(AzureRoleAssigned {
            partner,
            assignment: AzureRole { scope: "/subscriptions/one".to_owned(), role: "Owner".to_owned() },
        }),
        5 => Event::ResellerRelationshipObserved(shows(RelationshipKind::Reseller)),
        6 => Event::ResellerRelationshipObserved(shows(RelationshipKind::None)),
        7 => Event::ResellerRelationshipAcceptedByCustomer(ResellerRelationshipAcceptedByCustomer {
            partner,
            accepted_by: None,
            via_provider: None,
            market: None,
            generation: 1,
        }),
        8 => Event::GdapRelationshipActivated(GdapRelationshipActivated {
            partner,
            relationship,
            customer: Some(name::customer(C)),
            ends_at: None,
            basis: None,
            terms: Some(GdapTerms {
                display_name: "inserted".to_owned(),
                duration: GdapDuration::of_days(730),
                auto_extend: GdapAutoExtend::P0D,
                roles: roles(),
            }),
        }),
        9 => Event::GdapRelationshipObserved(Box::new(GdapRelationshipObserved {
            status: Some(GdapStatus::Active),
            roles: Some(roles()),
            ..GdapRelationshipObserved::of(partner, relationship)
        })),
        10 => Event::GdapRelationshipTerminated(GdapRelationshipTerminated {
            partner,
            relationship,
            by: Some(RemovedBy::Customer),
        }),
        11 => Event::GdapRelationshipExpired(GdapRelationshipExpired { partner, relationship }),
        12 => Event::GdapAccessAssignmentCreated(GdapAccessAssignmentCreated {
            partner,
            relationship,
            assignment,
            group: name::group("Support"),
            roles: roles(),
        }),
        _ => Event::GdapAccessAssignmentActivated(GdapAccessAssignmentActivated { partner, relationship, assignment }),
    }
}

/// What was sold as seen from four instants, the first of which lies before anything was.
fn sold(stage: &Stage) -> Vec<Vec<SubscriptionRow>> {
    let (record, snapshot) = stage.running.record(name::customer(C), KnownAt::Now).unwrap();
    let reader = stage.running.reader();
    let at = |as_of| subscriptions(&record, &reader.viewpoint(&snapshot, instant(as_of)));
    ["2017-01-01", "2018-07-04", "2022-12-31", "2026-01-01"].map(at).into()
}

#[test]
fn w14_any_event_on_relationships_at_any_instant_leaves_what_was_sold_as_it_was() {
    let histories: [fn() -> Stage; 3] = [side_by_side, transferred, administered];
    for (history, begin) in histories.into_iter().enumerate() {
        for seed in seeds(1400, 3) {
            println!("seed {seed} into history {history}");
            let (mut random, stage) = (Random::new(seed), begin());
            let before = sold(&stage);
            assert!(before.concat().len() >= 2, "nothing was sold");
            for number in 0..INSERTED {
                let days = i64::try_from(random.below(3_200)).unwrap();
                let hours = i64::try_from(random.below(24)).unwrap();
                let at = instant("2017-06-01").plus_days(days).plus_hours(hours).to_string();
                let event = event(&mut random);
                let told = event.name();
                stage.accepted(stage.story.at(&at).ledger().imports(C, &format!("inserted-{number}"), event));
                assert_eq!(sold(&stage), before, "{told} at {at}");
            }
            let (record, snapshot) = stage.running.record(name::customer(C), KnownAt::Now).unwrap();
            let certificate = interference(&record, snapshot.basis.tree_size);
            assert!(certificate.holds(), "{certificate:?}");
        }
    }
}
