//! The worked scenarios W-1 to W-16 of the domain, told to a running ledger and asked back through the views.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ofrecord_core::event::dap::DapGranted;
use ofrecord_core::event::relationship::ResellerRelationshipObserved;
use ofrecord_core::vocabulary::{
    AutoRenew, BillingCycle, PartnerType, RelationshipKind, Services, SubscriptionStatus, TermDuration,
};
use ofrecord_core::{Cloud, Event, Request, ServiceName};
use ofrecord_ledger::{KnownAt, ReceiptOutcome};
use ofrecord_log::{EventLog, Identity, MemoryLog, OpenOptions, SledLog};
use ofrecord_testkit::story::instant;
use ofrecord_testkit::{Running, Story, name, product};
use ofrecord_views::{
    AccessRow, FOLD_VERSION, Mechanism, ResellerRow, SubscriptionRow, access, interference, present_bytes, resellers,
    subscriptions,
};

#[path = "stories/anywhere.rs"]
mod anywhere;
#[path = "stories/granular.rs"]
mod granular;
#[path = "stories/indirect.rs"]
mod indirect;
#[path = "stories/transfers.rs"]
mod transfers;

const C: &str = "C";
const E3: &str = "S-E3";

/// A ledger to tell a story to.
struct Stage {
    running: Running,
    story: Story,
}

fn stage(cloud: Cloud) -> Stage {
    stage_over(Box::new(MemoryLog::new("ofrecord.test/stories")), cloud)
}

fn stage_over(log: Box<dyn EventLog>, cloud: Cloud) -> Stage {
    Stage { running: Running::over(log, cloud).unwrap(), story: Story::new(1) }
}

fn quiet() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

impl Stage {
    /// Tells something that must be accepted; answers with its position.
    fn accepted(&self, request: Request) -> u64 {
        let name = request.command.command().name();
        match self.running.hear(request).unwrap().outcome {
            ReceiptOutcome::Accepted { recorded, .. } => recorded.position,
            other @ (ReceiptOutcome::Refused { .. }
            | ReceiptOutcome::Repeated { .. }
            | ReceiptOutcome::Conflict { .. }) => unexpected(name, &other),
        }
    }

    /// Tells something that must be refused by a rule; answers with the details.
    fn refused(&self, request: Request, rule: &str) -> BTreeMap<String, Vec<String>> {
        let name = request.command.command().name();
        match self.running.hear(request).unwrap().outcome {
            ReceiptOutcome::Refused { refusal, .. } => {
                assert_eq!(refusal.rule, rule, "{name}: {refusal:?}");
                refusal.details
            }
            other @ (ReceiptOutcome::Accepted { .. }
            | ReceiptOutcome::Repeated { .. }
            | ReceiptOutcome::Conflict { .. }) => unexpected(name, &other),
        }
    }

    fn resellers(&self, as_of: &str) -> Vec<ResellerRow> {
        let (record, snapshot) = self.running.record(name::customer(C), KnownAt::Now).unwrap();
        resellers(&record, &self.running.reader().viewpoint(&snapshot, instant(as_of)))
    }

    fn reseller_names(&self, as_of: &str) -> Vec<ofrecord_core::PartnerTenantId> {
        self.resellers(as_of).iter().map(|row| row.partner).collect()
    }

    fn subscription(&self, as_of: &str, subscription: &str) -> SubscriptionRow {
        let (record, snapshot) = self.running.record(name::customer(C), KnownAt::Now).unwrap();
        let rows = subscriptions(&record, &self.running.reader().viewpoint(&snapshot, instant(as_of)));
        rows.into_iter().find(|row| row.subscription == name::subscription(subscription)).unwrap()
    }

    fn access_of(&self, as_of: &str, partner: &str) -> Vec<AccessRow> {
        let (record, snapshot) = self.running.record(name::customer(C), KnownAt::Now).unwrap();
        let rows = access(&record, &self.running.reader().viewpoint(&snapshot, instant(as_of)));
        rows.into_iter().filter(|row| row.partner == name::partner(partner)).collect()
    }

    /// Q is a provider and sells Office 365 E3 to C since 2018-01-05, with a reseller of record and DAP.
    fn opens_with_q_selling_e3(&self) {
        let story = &self.story;
        for request in [
            story.at("2018-01-01").ledger().registers_partner("Q", PartnerType::IndirectProvider, Some("517285")),
            story.at("2018-01-01").ledger().registers_partner("P", PartnerType::DirectBill, Some("5139005")),
            story.at("2018-01-01").ledger().registers_partner("R", PartnerType::IndirectReseller, Some("4847383")),
            story.at("2018-01-01").ledger().records_partner_agreement("P"),
            story.at("2018-01-01").ledger().records_partner_agreement("Q"),
            story.at("2018-01-01").ledger().records_partner_agreement("R"),
            story.at("2018-01-02").partner("Q").invites("R"),
            story.at("2018-01-02").partner("R").accepts_partnership("Q"),
            story.at("2018-01-02").ledger().registers_customer(C),
            story.at("2018-01-02").ledger().records_direct_agreement(C),
            story.at("2018-01-03").partner("Q").requests_relationship_with_dap(Services::All),
            story.at("2018-01-04").customer(C).accepts_with_dap("Q", office()),
        ] {
            self.accepted(request);
        }
        let mut line = product::line(
            name::subscription(E3),
            product::office_legacy(),
            25,
            TermDuration::P1Y,
            BillingCycle::Annual,
        );
        line.partner_id_on_record = Some(product::partner_id("4847383"));
        line.auto_renew = AutoRenew::On;
        self.accepted(story.at("2018-01-05").partner("Q").orders(C, "order-1", vec![line]));
    }

    fn p_joins(&self) {
        self.accepted(self.story.at("2018-06-01").partner("P").requests_relationship_with_dap(Services::All));
        self.accepted(self.story.at("2018-06-01T10:00:00Z").customer(C).accepts_with_dap("P", azure()));
    }
}

#[expect(clippy::panic, reason = "a test fails by panicking")]
fn unexpected(name: &str, outcome: &ReceiptOutcome) -> ! {
    panic!("{name}: {outcome:?}")
}

fn named(name: &str) -> Services {
    let names: [ServiceName; 1] = [product::service(name)];
    Services::Names(names.into())
}

fn office() -> Services {
    named("Office 365")
}

fn azure() -> Services {
    named("Azure")
}

#[test]
fn w1_a_second_reseller_joins_and_the_first_ones_subscription_stays_as_it_is() {
    let stage = stage(Cloud::China21Vianet);
    stage.opens_with_q_selling_e3();
    let before = stage.subscription("2018-05-31", E3);
    assert_eq!(before.commitment_end.unwrap().date_text(), "2019-01-04");
    stage.p_joins();
    assert_eq!(stage.reseller_names("2018-05-31"), [name::partner("Q")]);
    let both: Vec<_> = [name::partner("P"), name::partner("Q")].into();
    assert_eq!(stage.reseller_names("2018-06-02"), both);
    assert_eq!(stage.subscription("2018-05-31", E3), before, "asked for the same instant");
    let after = stage.subscription("2018-06-02", E3);
    assert_eq!(SubscriptionRow { next_change: before.next_change.clone(), ..after }, before);
    let at = || stage.story.at("2018-06-02").partner("P");
    for request in [
        at().adds_seats(C, E3, 5),
        at().removes_seats(C, E3, 5),
        at().suspends(C, E3),
        at().reactivates(C, E3),
        at().cancels(C, E3),
        at().sets_auto_renew(C, E3, AutoRenew::Off),
        at().changes_reseller_of_record(C, E3, None),
    ] {
        stage.refused(request, "S-3");
    }
    assert_eq!(
        SubscriptionRow { next_change: before.next_change.clone(), ..stage.subscription("2018-06-03", E3) },
        before
    );
}

#[test]
fn w2_removing_dap_leaves_the_reseller_its_subscription_and_its_azure_role() {
    let stage = stage(Cloud::China21Vianet);
    stage.opens_with_q_selling_e3();
    stage.p_joins();
    stage.accepted(stage.story.at("2018-06-20").ledger().records_azure_owner(C, "Q", "/subscriptions/one"));
    let before = stage.subscription("2018-06-30", E3);
    stage.accepted(stage.story.at("2018-07-01").customer(C).removes_dap("Q", office()));
    assert!(stage.reseller_names("2018-07-02").contains(&name::partner("Q")));
    let after = stage.subscription("2018-07-02", E3);
    assert_eq!(after.owner, Some(name::partner("Q")));
    assert_eq!(SubscriptionRow { next_change: before.next_change.clone(), ..after }, before);
    let left: Vec<Mechanism> = stage.access_of("2018-07-02", "Q").iter().map(|row| row.mechanism).collect();
    assert_eq!(left, [Mechanism::AzureRole]);
    assert_eq!(stage.access_of("2018-06-30", "Q").len(), 2, "until then it had both");
}

#[test]
fn w3_two_transacting_partners_never_hold_dap_for_one_service() {
    let stage = stage(Cloud::China21Vianet);
    stage.opens_with_q_selling_e3();
    stage.p_joins();
    let details = stage.refused(stage.story.at("2018-06-10").customer(C).grants_dap("P", office()), "R-12");
    assert!(details.values().flatten().any(|value| *value == name::partner("Q").to_string()), "{details:?}");
    stage.accepted(stage.story.at("2018-06-11").customer(C).removes_dap("Q", office()));
    stage.accepted(stage.story.at("2018-06-12").customer(C).grants_dap("P", office()));
    assert_eq!(stage.access_of("2018-06-13", "Q"), []);
    assert_eq!(stage.access_of("2018-06-13", "P").len(), 2);
}

#[test]
fn w4_a_relationship_ends_only_when_nothing_active_is_left_and_what_was_sold_stays() {
    let stage = stage(Cloud::China21Vianet);
    stage.opens_with_q_selling_e3();
    let details = stage.refused(stage.story.at("2018-08-01").partner("Q").removes_relationship(C), "M-1");
    assert_eq!(details.get("subscriptions"), Some(&vec![name::subscription(E3).to_string()]));
    stage.accepted(stage.story.at("2018-08-02").partner("Q").suspends(C, E3));
    stage.accepted(stage.story.at("2018-08-03").partner("Q").removes_relationship(C));
    assert_eq!(stage.reseller_names("2018-08-04"), []);
    assert_eq!(stage.reseller_names("2018-08-02"), [name::partner("Q")]);
    let left = stage.subscription("2018-08-04", E3);
    assert_eq!((left.owner, left.status), (Some(name::partner("Q")), SubscriptionStatus::Suspended));
    stage.refused(stage.story.at("2018-08-05").partner("Q").removes_relationship(C), "M-11");
}

#[test]
fn w7_a_new_commerce_subscription_is_cancelled_within_seven_days_and_not_a_second_later() {
    for (at, expected) in [
        ("2024-03-08T00:00:01Z", SubscriptionStatus::Active),
        ("2024-03-08T00:00:00Z", SubscriptionStatus::Deleted),
        ("2024-03-07T23:59:00Z", SubscriptionStatus::Deleted),
    ] {
        let stage = stage(Cloud::China21Vianet);
        stage.opens_with_q_selling_e3();
        let bought = product::line(
            name::subscription("NCE"),
            product::office_new_commerce(),
            10,
            TermDuration::P1Y,
            BillingCycle::Annual,
        );
        stage.accepted(stage.story.at("2024-03-01T00:00:00Z").partner("Q").orders(C, "order-2", vec![bought]));
        let cancel = stage.story.at(at).partner("Q").cancels(C, "NCE");
        if expected == SubscriptionStatus::Active {
            stage.refused(cancel, "U-1");
        } else {
            stage.accepted(cancel);
        }
        assert_eq!(stage.subscription("2024-03-08T00:00:02Z", "NCE").status, expected, "{at}");
    }
}

#[test]
fn w8_a_suspended_legacy_subscription_is_deleted_by_time_alone() {
    for (cloud, gone, still) in
        [(Cloud::China21Vianet, "2024-03-02", "2024-02-28"), (Cloud::Worldwide, "2024-04-01", "2024-03-29")]
    {
        let stage = stage(cloud);
        let story = &stage.story;
        for request in [
            story.at("2023-01-01").ledger().registers_partner("Q", PartnerType::DirectBill, Some("517285")),
            story.at("2023-01-01").ledger().records_partner_agreement("Q"),
            story.at("2023-01-01").ledger().registers_customer(C),
            story.at("2023-01-01").ledger().records_direct_agreement(C),
            story.at("2023-01-02").partner("Q").requests_relationship(),
            story.at("2023-01-02").customer(C).accepts("Q"),
        ] {
            stage.accepted(request);
        }
        let line =
            product::line(name::subscription(E3), product::office_legacy(), 5, TermDuration::P1Y, BillingCycle::Annual);
        stage.accepted(story.at("2023-06-01").partner("Q").orders(C, "order-1", vec![line]));
        stage.accepted(story.at("2024-01-01").partner("Q").suspends(C, E3));
        assert_eq!(stage.subscription("2024-02-28", E3).status, SubscriptionStatus::Suspended, "{cloud:?}");
        assert_eq!(stage.subscription(still, E3).status, SubscriptionStatus::Suspended, "{cloud:?}");
        let row = stage.subscription(gone, E3);
        assert_eq!((row.status, row.status_rule), (SubscriptionStatus::Deleted, Some("U-17")), "{cloud:?}");
    }
}

/// The present of C, as bytes.
fn present(running: &Running) -> Vec<u8> {
    let (record, _) = running.record(name::customer(C), KnownAt::Now).unwrap();
    present_bytes(&record)
}

#[test]
fn w13_the_same_log_folds_to_the_same_bytes_whichever_way_and_engine() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("ledger");
    let identity = Identity::new("ofrecord.test/stories", "2018-01-01", BTreeMap::new());
    let durable = SledLog::create(&place, &identity, &quiet()).unwrap();
    let on_disk = stage_over(Box::new(durable), Cloud::China21Vianet);
    let in_memory = stage(Cloud::China21Vianet);
    for stage in [&on_disk, &in_memory] {
        stage.opens_with_q_selling_e3();
        stage.p_joins();
    }
    let once = present(&in_memory.running);
    assert_eq!(present(&in_memory.running), once, "folded twice");
    assert_eq!(present(&on_disk.running), once, "folded from the other engine");
    let root = on_disk.running.reader().log().root();
    assert_eq!(in_memory.running.reader().log().root(), root, "{FOLD_VERSION}");
    on_disk.running.close();
    let again = SledLog::open(&place, &quiet()).unwrap();
    let reopened = Running::over(Box::new(again), Cloud::China21Vianet).unwrap();
    assert_eq!(present(&reopened), once, "folded after opening again");
    assert_eq!(reopened.reader().log().root(), root);
}

#[test]
fn w14_a_relationship_event_anywhere_leaves_every_subscription_as_it_was() {
    let events = || {
        let partner = name::partner("P");
        [
            Event::DapGranted(DapGranted { partner, services: Services::All }),
            Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
                partner: name::partner("Q"),
                relationship: RelationshipKind::None,
                ended_by: None,
                via_provider: None,
            }),
            Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
                partner,
                relationship: RelationshipKind::Reseller,
                ended_by: None,
                via_provider: None,
            }),
        ]
    };
    for (number, event) in events().into_iter().enumerate() {
        for at in ["2017-12-31", "2018-01-04T12:00:00Z", "2018-01-05", "2018-03-01"] {
            let stage = stage(Cloud::China21Vianet);
            stage.opens_with_q_selling_e3();
            let before = stage.subscription("2018-12-31", E3);
            let import = stage.story.at(at).ledger().imports(C, &format!("record-{number}"), event.clone());
            stage.accepted(import);
            assert_eq!(stage.subscription("2018-12-31", E3), before, "{} at {at}", event.name());
            let (record, snapshot) = stage.running.record(name::customer(C), KnownAt::Now).unwrap();
            let certificate = interference(&record, snapshot.basis.tree_size);
            assert!(certificate.holds(), "{certificate:?}");
        }
    }
}

#[test]
fn w15_a_late_import_changes_what_april_was_and_not_what_was_known_in_may() {
    let stage = stage(Cloud::China21Vianet);
    stage.opens_with_q_selling_e3();
    stage.p_joins();
    let azure_in_april = |known_at| {
        let (record, snapshot) = stage.running.record(name::customer(C), known_at).unwrap();
        let rows = access(&record, &stage.running.reader().viewpoint(&snapshot, instant("2019-04-20")));
        rows.into_iter().filter(|row| row.partner == name::partner("P")).count()
    };
    let may = KnownAt::Instant(instant("2019-05-15"));
    stage.accepted(stage.story.at("2019-05-01").customer(C).grants_dap("P", named("Dynamics CRM Online")));
    let known_in_may = azure_in_april(may);
    assert_eq!((known_in_may, azure_in_april(KnownAt::Now)), (1, 1));
    let april = DapGranted { partner: name::partner("P"), services: named("Exchange") };
    let import = stage.story.at("2019-04-10").ledger().imports(C, "april-1", Event::DapGranted(april));
    stage.running.hear_at(import, instant("2019-06-10")).unwrap();
    assert_eq!(azure_in_april(KnownAt::Now), 2, "April is known better in June");
    assert_eq!(azure_in_april(may), known_in_may, "what was known in May stays");
}
