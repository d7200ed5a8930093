//! The record about itself: corrections, observations, the two times.

use ofrecord_core::{Actor, ActorKind, Role};
use serde_json::{Value, json};

use crate::shop::{C, LATER, P, Q, S1, S2, SOON, Story, agent, nce, of_kind, on, with};
use crate::{Row, Rows};

fn officer() -> Actor {
    Actor { role: Some(Role::ComplianceOfficer), ..of_kind(ActorKind::Operator) }
}

/// The place of the purchase among the facts of the shop.
fn purchase_at(story: &Story) -> u64 {
    story.customer().subscriptions.by_id[&S1.parse().unwrap()].first_seen.at.position
}

fn correct(fields: Value) -> (Actor, Option<&'static str>, Value) {
    let asked = json!({"type": "CorrectEvent", "position": purchase_at(&nce()), "reason": "a slip"});
    (officer(), Some(C), with(asked, fields))
}

pub(crate) fn rows() -> Vec<Row> {
    let mut table = Rows::at(LATER);
    table.row(("L-1", "only_compliance_officer"), nce(), (agent(Q), Some(C), correct(json!({})).2));
    table.row(("L-1", "reason_required"), nce(), correct(json!({"reason": " "})));
    table.row(("L-1", "event_not_found"), nce(), correct(json!({"position": 9_999})));
    let deleted = |subscription: &str| on("SubscriptionDeleted", subscription, json!({}));
    table.row(("L-1", "correction_changes_subject"), nce(), correct(json!({"replacement": deleted(S2)})));
    let withdrawn = json!({"type": "EventCorrected", "position": purchase_at(&nce()), "event_index": 0, "reason": "x"});
    let again = correct(json!({"position": purchase_at(&nce()) + 1}));
    table.row(("L-1", "event_not_correctable"), nce().told(SOON, withdrawn), again);
    let account = json!({"type": "PartnerAccountSuspended", "partner": P, "reason": "abuse"});
    let elsewhere = correct(json!({"position": purchase_at(&nce()) + 1}));
    table.row(("L-1", "correction_misses_stream"), nce().told(SOON, account), elsewhere);
    let later = correct(json!({"replacement_effective_at": "2030-01-01"}));
    table.row(("L-5", "effective_at_in_future"), nce(), later);
    let observe = |events: Value| json!({"type": "RecordObservation", "events": events});
    table.row(("L-12", "only_importer_may_observe"), nce(), (agent(Q), Some(C), observe(json!([deleted(S1)]))));
    table.row(("L-12", "observation_not_allowed"), nce(), (of_kind(ActorKind::Importer), Some(C), observe(json!([]))));
    table.rows
}
