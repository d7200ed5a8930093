//! W-5 and W-6: subscriptions that go from one partner to another.

use ofrecord_core::command::subscription::Product;
use ofrecord_core::vocabulary::{
    AutoRenew, BillingCycle, LineStatus, PartnerType, SubscriptionStatus, TermDuration, TransferStatus,
};
use ofrecord_core::{Cloud, PartnerTenantId, Timestamp};
use ofrecord_ledger::KnownAt;
use ofrecord_testkit::story::instant;
use ofrecord_testkit::{name, product};
use ofrecord_views::{ApprovedThrough, Period, TransferRow, billing, transfers};

use super::{C, E3, Stage, stage};

/// Worldwide, where Q and P both sell to C.
pub(super) fn two_resellers() -> Stage {
    let stage = stage(Cloud::Worldwide);
    let story = &stage.story;
    for partner in ["Q", "P"] {
        stage.accepted(story.at("2018-01-01").ledger().registers_partner(partner, PartnerType::DirectBill, None));
        stage.accepted(story.at("2018-01-01").ledger().records_partner_agreement(partner));
    }
    stage.accepted(story.at("2018-01-02").ledger().registers_customer(C));
    stage.accepted(story.at("2018-01-02").ledger().records_direct_agreement(C));
    for partner in ["Q", "P"] {
        stage.accepted(story.at("2018-01-03").partner(partner).requests_relationship());
        stage.accepted(story.at("2018-01-04").customer(C).accepts(partner));
    }
    stage
}

/// Q sells a year of something.
pub(super) fn sells(stage: &Stage, at: &str, subscription: &str, product: Product) {
    let line = product::line(name::subscription(subscription), product, 10, TermDuration::P1Y, BillingCycle::Annual);
    stage.accepted(stage.story.at(at).partner("Q").orders(C, subscription, vec![line]));
}

impl Stage {
    fn transfer(&self, as_of: &str) -> TransferRow {
        let (record, snapshot) = self.running.record(name::customer(C), KnownAt::Now).unwrap();
        let mut rows = transfers(&record, &self.running.reader().viewpoint(&snapshot, instant(as_of)));
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    /// Per stretch of a subscription: who is billed, from which day, up to which.
    fn billed(&self, as_of: &str, subscription: &str) -> Vec<(Option<PartnerTenantId>, Timestamp, Timestamp)> {
        let (record, snapshot) = self.running.record(name::customer(C), KnownAt::Now).unwrap();
        let rows = billing(&record, Period::ALWAYS, &self.running.reader().viewpoint(&snapshot, instant(as_of)));
        let rows = rows.into_iter().filter(|row| row.subscription == name::subscription(subscription));
        rows.map(|row| (row.partner, row.from, row.to)).collect()
    }
}

#[test]
fn w5_a_legacy_transfer_moves_one_line_under_another_id_and_fails_for_the_other() {
    let stage = two_resellers();
    sells(&stage, "2018-01-05", E3, product::office_legacy());
    sells(&stage, "2018-06-02", "F1", product::office_legacy());
    let before = stage.subscription("2018-06-30", E3);
    let story = &stage.story;
    stage.accepted(story.at("2018-07-01").partner("Q").offers_transfer(C, "T-1", "P", &[E3, "F1"]));
    stage.refused(story.at("2018-07-02").partner("Q").accepts_transfer(C, "T-1", &[]), "T-8");
    stage.accepted(story.at("2018-07-03").partner("P").accepts_transfer(C, "T-1", &[]));
    assert_eq!(stage.transfer("2018-07-04").status, Some(TransferStatus::InProgress));
    let lines = [(E3, Ok(Some("S-E3-P"))), ("F1", Err("the subscription is not in sync"))];
    stage.accepted(story.at("2018-07-05T12:00:00Z").ledger().completes_transfer(C, "T-1", &lines));

    let row = stage.transfer("2018-07-06");
    assert_eq!(row.status, Some(TransferStatus::PartiallyComplete));
    assert_eq!(row.approvals.source.unwrap().through, ApprovedThrough::Request);
    assert_eq!(row.approvals.target.unwrap().through, ApprovedThrough::Acceptance);
    let outcome = |name: &str| row.lines.iter().find(|line| line.subscription == name::subscription(name)).unwrap();
    assert_eq!(outcome(E3).new_subscription, Some(name::subscription("S-E3-P")));
    assert_eq!(outcome("F1").outcome, LineStatus::Failed);
    assert_eq!(outcome("F1").error.as_deref(), Some("the subscription is not in sync"));

    let (old, new) = (stage.subscription("2018-07-06", E3), stage.subscription("2018-07-06", "S-E3-P"));
    assert_eq!((old.owner, new.owner), (Some(name::partner("Q")), Some(name::partner("P"))));
    assert_eq!((old.status, new.status), (SubscriptionStatus::Suspended, SubscriptionStatus::Active));
    assert_eq!((old.transferred_to, new.transferred_from), (Some(new.subscription), Some(old.subscription)));
    assert_eq!((new.quantity, new.commitment_end), (before.quantity, before.commitment_end));
    assert_eq!((&new.term, &new.billing_cycle, &new.product), (&before.term, &before.billing_cycle, &before.product));
    assert_eq!(stage.subscription("2018-07-06", "F1").owner, Some(name::partner("Q")));
    let (q, p) = (Some(name::partner("Q")), Some(name::partner("P")));
    assert_eq!(stage.billed("2018-07-31", E3), [(q, instant("2018-01-05"), instant("2018-07-06"))]);
    assert_eq!(stage.billed("2018-07-31", "S-E3-P"), [(p, instant("2018-07-06"), instant("2018-08-01"))]);
}

#[test]
fn w6_a_new_commerce_transfer_keeps_the_id_and_the_terms_and_splits_the_bill() {
    let stage = two_resellers();
    sells(&stage, "2024-07-12", "NCE", product::office_new_commerce());
    let story = &stage.story;
    let before = stage.subscription("2024-10-19", "NCE");
    assert_eq!(before.commitment_end, Some(instant("2025-07-11T23:59:59Z")));
    stage.accepted(story.at("2024-10-18").partner("P").asks_for_transfer(C, "T-1", "Q"));
    stage.accepted(story.at("2024-10-20T09:00:00Z").partner("Q").accepts_transfer(C, "T-1", &["NCE"]));
    let lines = [("NCE", Ok(None))];
    stage.accepted(story.at("2024-10-20T09:30:00Z").ledger().completes_transfer(C, "T-1", &lines));

    let (q, p) = (name::partner("Q"), name::partner("P"));
    let after = stage.subscription("2024-10-21", "NCE");
    assert_eq!((before.owner, after.owner), (Some(q), Some(p)));
    let terms = |row: &ofrecord_views::SubscriptionRow| {
        (row.quantity, row.term.clone(), row.billing_cycle.clone(), row.commitment_end, row.cancellation_allowed_until)
    };
    assert_eq!(terms(&after), terms(&before));
    assert_eq!(stage.transfer("2024-10-21").billing_split_date, Some(instant("2024-10-20")));
    stage.accepted(story.at("2024-11-01").partner("P").sets_auto_renew(C, "NCE", AutoRenew::Off));
    stage.refused(story.at("2024-11-02").partner("Q").sets_auto_renew(C, "NCE", AutoRenew::On), "S-3");
    assert_eq!(
        stage.billed("2025-12-31", "NCE"),
        [
            (Some(q), instant("2024-07-12"), instant("2024-10-21")),
            (Some(p), instant("2024-10-21"), instant("2025-07-12")),
        ]
    );
}
