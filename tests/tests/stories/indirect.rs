//! W-11: two providers with a reseller each, one of whom goes.

use ofrecord_core::Cloud;
use ofrecord_core::vocabulary::{BillingCycle, PartnerType, Services, TermDuration};
use ofrecord_testkit::{name, product};
use ofrecord_views::{Mechanism, OfRecord};

use super::{C, Stage, stage};

/// Two providers who sell to C for a reseller each; the second one has DAP.
fn two_providers() -> Stage {
    let stage = stage(Cloud::Worldwide);
    let story = &stage.story;
    stage.accepted(story.at("2022-01-02").ledger().registers_customer(C));
    stage.accepted(story.at("2022-01-02").ledger().records_direct_agreement(C));
    for (provider, reseller, digits) in [("A", "IR1", "4847383"), ("B", "IR2", "5139005")] {
        for request in [
            story.at("2022-01-01").ledger().registers_partner(provider, PartnerType::IndirectProvider, None),
            story.at("2022-01-01").ledger().registers_partner(reseller, PartnerType::IndirectReseller, Some(digits)),
            story.at("2022-01-01").ledger().records_partner_agreement(provider),
            story.at("2022-01-01").ledger().records_partner_agreement(reseller),
            story.at("2022-01-02").partner(provider).invites(reseller),
            story.at("2022-01-03").partner(reseller).accepts_partnership(provider),
            story.at("2022-01-04").partner(provider).requests_relationship_with_dap(Services::All),
        ] {
            stage.accepted(request);
        }
        let customer = story.at("2022-01-05").customer(C);
        let accepts = if provider == "B" {
            customer.accepts_with_dap(provider, Services::All)
        } else {
            customer.accepts(provider)
        };
        stage.accepted(accepts);
        let subscription = name::subscription(provider);
        let mut line =
            product::line(subscription, product::office_new_commerce(), 10, TermDuration::P1Y, BillingCycle::Annual);
        line.partner_id_on_record = Some(product::partner_id(digits));
        stage.accepted(story.at("2022-03-01").partner(provider).orders(C, provider, vec![line]));
    }
    stage
}

fn of_record(stage: &Stage, as_of: &str, subscription: &str) -> OfRecord {
    stage.subscription(as_of, subscription).partner_of_record.reseller_of_record
}

#[test]
fn w11_a_partnership_ends_and_the_provider_the_dap_and_the_reseller_of_record_stay() {
    let stage = two_providers();
    let story = &stage.story;
    let both = |as_of: &str| ["A", "B"].map(|subscription| stage.subscription(as_of, subscription));
    let (resellers, access) = (stage.resellers("2022-06-30"), stage.access_of("2022-06-30", "B"));
    assert_eq!(access.iter().map(|row| row.mechanism).collect::<Vec<_>>(), [Mechanism::Dap]);
    let before = both("2022-06-30");
    stage.accepted(story.at("2022-06-15").partner("B").ends_partnership("IR2"));

    assert_eq!(stage.reseller_names("2022-06-30"), [name::partner("A"), name::partner("B")]);
    assert_eq!(stage.resellers("2022-06-30"), resellers);
    assert_eq!(stage.access_of("2022-06-30", "B"), access);
    assert_eq!(both("2022-06-30"), before);
    let (first, second) = (product::partner_id("4847383"), product::partner_id("5139005"));
    assert_eq!(of_record(&stage, "2022-06-30", "B"), OfRecord::Partner(second.clone()));
    let change = |digits| story.at("2022-07-01").partner("B").changes_reseller_of_record(C, "B", digits);
    stage.refused(change(Some("4847383")), "I-3");
    stage.refused(change(Some("5139005")), "I-1");
    stage.accepted(change(None));
    assert_eq!(of_record(&stage, "2022-06-30", "B"), OfRecord::Partner(second));
    assert_eq!(of_record(&stage, "2022-07-02", "B"), OfRecord::Nobody);
    assert_eq!(of_record(&stage, "2022-07-02", "A"), OfRecord::Partner(first));
}
