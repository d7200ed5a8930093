//! Transfers between partners.

use ofrecord_core::{Actor, Cloud};
use serde_json::{Value, json};

use crate::deal::{
    AFTER, ANSWERED, ASKED, BOUGHT, C, DONE, I, LATER, NEW1, P, Q, S1, S2, S3, Story, T2, accept, agent, complete,
    happens, legacy, legacy_accepted, legacy_asked, legacy_request, manual_request, microsoft, modern, modern_accepted,
    modern_asked, modern_request, moved, moved_to, purchase, reject, shop, sold, with, withdraw,
};
use crate::{Row, Rows};

type Asks = (Actor, Option<&'static str>, Value);

fn by(partner: &str, asked: Value) -> Asks {
    (agent(partner), Some(C), asked)
}

pub(crate) fn rows() -> Vec<Row> {
    let mut table = Rows::at(ASKED);
    requests(&mut table);
    lines(&mut table);
    offers(&mut table);
    table.at = ANSWERED;
    answers(&mut table);
    table.at = DONE;
    completions(&mut table);
    table.rows
}

fn requests(table: &mut Rows) {
    let asked = || by(Q, legacy_request());
    let changed = |fields: Value| by(Q, with(legacy_request(), fields));
    table.row(("T-1", "wrong_initiator"), legacy(), by(P, legacy_request()));
    let removed = json!({"type": "ResellerRelationshipRemovedByPartner", "partner": P, "subscriptions_considered": [],
        "generation": 1});
    table.row(("T-2", "no_reseller_relationship"), legacy().told(BOUGHT, removed), asked());
    let advisor = json!({"type": "PartnerUpdated", "partner": P, "partner_type": "advisor"});
    table.row(("T-2", "target_does_not_transact"), legacy().told_of(P, advisor), asked());
    table.row(("T-3", "source_equals_target"), legacy(), changed(json!({"target": Q})));
    table.row_at(ANSWERED, ("T-4", "transfer_already_exists"), legacy_asked(), asked());
    let abroad = json!({"type": "PartnerUpdated", "partner": P, "markets": ["DE"]});
    table.row(("T-6", "region_mismatch"), legacy().told_of(P, abroad), asked());
    table.row(("T-19", "reseller_id_required"), legacy(), changed(json!({"target": I})));
    let unsigned = by(Q, with(manual_request(), json!({"signatures": []})));
    table.row(("T-8", "signatures_missing"), sold("legacy_azure", json!({})), unsigned);
}

fn lines(table: &mut Rows) {
    let of_lines = |ids: &[&str]| {
        let lines: Vec<Value> = ids.iter().map(|id| json!({"subscription": id})).collect();
        json!({"lines": lines})
    };
    let changed = |fields: Value| by(Q, with(legacy_request(), fields));
    table.row(("T-4", "line_stands_twice"), legacy(), changed(of_lines(&[S1, S1])));
    table.row_at(ANSWERED, ("T-4", "in_another_transfer"), legacy_asked(), changed(json!({"transfer": T2})));
    table.row(("T-5", "transfer_has_no_lines"), legacy(), changed(json!({"lines": []})));
    let of_provider = with(purchase(S1, "legacy_license"), json!({"owner": I}));
    let others = shop(Cloud::Worldwide).told(BOUGHT, of_provider);
    table.row(("T-5", "source_does_not_own_subscription"), others, changed(json!({})));
    let stopped = json!({"type": "SubscriptionSuspended", "subscription": S1, "reason": "non_payment"});
    table.row(("T-5", "subscription_not_eligible"), legacy().told(LATER, stopped), changed(json!({})));
    let many: Vec<String> = (0..26).map(|number| format!("70000000-0000-0000-0000-0000000000{number:02}")).collect();
    let stocked = many.iter().fold(modern(), |story, id| story.told(BOUGHT, purchase(id, "new_commerce_license")));
    let all: Vec<&str> = many.iter().map(String::as_str).collect();
    table.row(("T-7", "too_many_items"), stocked, by(P, with(modern_request(), of_lines(&all))));
    for (family, code) in [
        ("azure_reservation", "reservation_not_transferable"),
        ("marketplace_saas", "marketplace_not_transferable"),
        ("azure_plan", "product_not_in_family"),
    ] {
        table.row(("T-17", code), sold(family, json!({})), changed(json!({})));
    }
}

fn offers(table: &mut Rows) {
    table.row_at("2024-05-31", ("T-17", "transfer_not_offered"), modern(), by(P, modern_request()));
    let plan = || by(P, with(modern_request(), json!({"family": "azure_plan"})));
    let of_p = || with(purchase(S2, "azure_plan"), json!({"owner": P}));
    let given = || sold("azure_plan", json!({}));
    table.row(("T-20", "azure_plan_missing"), given(), plan());
    let gone = json!({"type": "SubscriptionDeleted", "subscription": S2});
    table.row(("T-20", "azure_plan_not_active"), given().told(BOUGHT, of_p()).told(LATER, gone), plan());
    let without = crate::shop::without_agreement(Cloud::Worldwide);
    let without = without.told(BOUGHT, purchase(S1, "azure_plan")).told(BOUGHT, of_p());
    table.row(("T-20", "customer_agreement_missing"), without, plan());
}

fn answers(table: &mut Rows) {
    table.row(("T-8", "wrong_acceptor"), legacy_asked(), by(Q, accept(&[])));
    let signed = with(manual_request(), json!({"transfer": crate::deal::T1}));
    let asked = &["SubscriptionTransferRequested"];
    let by_hand = happens(sold("legacy_azure", json!({})), ASKED, agent(Q), signed, asked);
    table.row(("T-8", "accepted_by_signature"), by_hand, by(P, accept(&[])));
    let two = with(legacy_request(), json!({"lines": [{"subscription": S1}, {"subscription": S2}]}));
    let both = happens(legacy().told(BOUGHT, purchase(S2, "legacy_license")), ASKED, agent(Q), two, asked);
    table.row(("T-8", "items_cannot_be_selected"), both, by(P, accept(&[S1])));
    table.row(("T-9", "transfer_not_found"), legacy(), by(P, reject()));
    let rejected = happens(legacy_asked(), ANSWERED, agent(P), reject(), &["SubscriptionTransferRejected"]);
    table.row_at(AFTER, ("T-9", "transfer_has_ended"), rejected, by(Q, withdraw()));
    let seen = json!({"type": "SubscriptionTransferObserved", "transfer": crate::deal::T1, "status": "Active"});
    table.row(("L-11", "transfer_not_known"), legacy().told(ASKED, seen), by(P, reject()));
    table.row_at(DONE, ("T-10", "transfer_in_processing"), legacy_accepted(), by(P, accept(&[])));
    table.row_at(DONE, ("T-12", "not_cancellable"), modern_accepted(), by(P, withdraw()));
    let stopped = json!({"type": "SubscriptionSuspended", "subscription": S2, "reason": "non_payment"});
    let beside = modern_asked().told(BOUGHT, purchase(S2, "new_commerce_license")).told(LATER, stopped);
    table.row(("T-18", "inactive_item_selected"), beside, by(Q, accept(&[S1, S2])));
}

fn completions(table: &mut Rows) {
    let by_microsoft = |asked: Value| (microsoft(), Some(C), asked);
    let moves = || complete(json!([moved_to(S1, NEW1)]));
    table.row(("T-8", "transfer_not_accepted"), legacy_asked(), by_microsoft(moves()));
    table.row(("T-13", "only_microsoft_may"), legacy_accepted(), by(P, moves()));
    table.row(("T-13", "new_subscription_required"), legacy_accepted(), by_microsoft(complete(json!([moved(S1)]))));
    let azure = sold("legacy_azure", json!({"entitlement": S3}));
    let asked = happens(azure, ASKED, agent(Q), legacy_request(), &["SubscriptionTransferRequested"]);
    let azure = happens(asked, ANSWERED, agent(P), accept(&[]), &["SubscriptionTransferAccepted"]);
    let other = json!({"subscription": S1, "outcome": {"complete": {"new_subscription": NEW1, "entitlement": S2}}});
    table.row(("T-13", "entitlement_changed"), azure, by_microsoft(complete(json!([other]))));
    let done: Story = happens(legacy_accepted(), DONE, microsoft(), moves(), &["SubscriptionTransferCompleted"]);
    let again = json!({"type": "ReactivateSubscription", "subscription": S1});
    table.row_at(AFTER, ("T-13", "subscription_transferred"), done, by(Q, again));
    let early = with(moves(), json!({"billing_split_date": "2024-06-11"}));
    table.row(("T-15", "billing_split_out_of_range"), legacy_accepted(), by_microsoft(early));
    table.row(("T-16", "outcome_of_every_line"), legacy_accepted(), by_microsoft(complete(json!([]))));
}
