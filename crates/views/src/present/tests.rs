//! The present row holds every column, and nothing that only time brings about.

use ofrecord_core::Event;
use ofrecord_core::event::dap::{DapTransitionStartedByMicrosoft, DelegatedAccessUsed, PartnerListingObserved};
use ofrecord_core::event::gdap::{GdapOperationObserved, GdapRelationshipApproved, GdapRequestObserved};
use ofrecord_core::event::partner::PartnerRegistered;
use ofrecord_core::vocabulary::{
    AgentGroup, ApprovalBasis, GdapOperationStatus, GdapOperationType, GdapRequestAction, GdapRequestStatus,
    PartnerType, ResellerEnrolment, Services,
};
use serde_json::json;

use super::{canonical_bytes, present_bytes, present_partner_bytes, present_row};
use crate::json;
use crate::record::PartnerRecord;
use crate::story::granular::{
    GLOBAL_ADMINISTRATOR, activated, agent, assigned, assignment, group, made, relationship, terms, user,
};
use crate::story::transfer::{transfer_requested, transferred};
use crate::story::{
    Story, accepted, agreement, azure_role, bought, claimed, dap, dap_removed, extended, p, purchase, q, removed,
    subscription, supported, suspended,
};

#[test]
fn every_column_has_its_place() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), Services::All), azure_role(q()), agreement("2023-12-31")])
        .on("2024-01-02", [bought(purchase(1, q()))]);
    let row = present_row(&story.record());
    let at = |path: &str| row.pointer(path).cloned().unwrap_or_default();
    assert_eq!(at(&format!("/resellers/{}/established/how", q())), json!("accepted_by_customer"));
    assert_eq!(at(&format!("/access/{}/dap/0/granted/index", q())), json!(1));
    assert_eq!(at("/agreements/0/date_agreed"), json!("2023-12-31T00:00:00.0000000Z"));
    let subscription = format!("/subscriptions/{}", subscription(1));
    assert_eq!(at(&format!("{subscription}/owner/value")), json!(q().to_string()));
    assert_eq!(at(&format!("{subscription}/terms/quantity/value")), json!(25));
    assert_eq!(at(&format!("{subscription}/partners_of_record/reseller_of_record/value")), json!(null));
}

#[test]
fn the_row_shows_the_status_as_recorded() {
    let story = Story::new().on("2020-01-01", [bought(purchase(1, q()))]).on("2020-02-01", [suspended(1)]);
    let row = present_row(&story.record());
    let path = format!("/subscriptions/{}/terms/status/value", subscription(1));
    assert_eq!(row.pointer(&path), Some(&json!("suspended")));
}

/// A field that the state gets and the row does not would make two different
/// states look equal, so the state's fields, as printed, are looked up in the
/// source of the row.
#[test]
fn no_field_of_the_state_is_left_out() {
    let customer = Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), Services::All), azure_role(q()), agreement("2023-12-31")])
        .on("2024-01-02", [bought(purchase(1, q())), supported(1, p())])
        .on("2024-01-03", [extended(), claimed(), transfer_requested(1), transferred(1, Some(2))])
        .on("2024-01-03", [removed(q()), dap_removed(q(), Services::All)])
        .on("2024-01-04", administered())
        .record();
    let partner = partner_of(&account().on("2024-01-04", administered()));
    let written = include_str!("written.rs").replace('\\', "");
    let rows = [include_str!("../present.rs"), include_str!("granular.rs"), include_str!("transfer.rs")].concat();
    let sources = [rows, written].concat();
    for printed in [format!("{:#?}", customer.latest()), format!("{:#?}", partner.latest())] {
        let fields = printed.lines().filter_map(|line| line.trim_start().split_once(": ").map(|(name, _)| name));
        for name in fields.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')) {
            let held = sources.contains(&format!("\"{name}\"")) || RENAMED.contains(&name) || of_a_whole(name);
            assert!(held, "the row leaves out {name}");
        }
    }
}

/// Fields whose content the row holds under another name.
const RENAMED: [&str; 7] = ["relationships", "partners", "by_id", "ids_by_name", "at", "value", "by"];

/// Every kind of thing that a state holds of granular administration.
fn administered() -> Vec<Event> {
    let mut events = vec![
        made(q(), 1, terms(&[GLOBAL_ADMINISTRATOR])),
        Event::GdapRequestObserved(GdapRequestObserved {
            partner: q(),
            relationship: relationship(1),
            request: "1".to_owned(),
            action: GdapRequestAction::LockForApproval,
            status: GdapRequestStatus::from_wire("running"),
            created_at: None,
            modified_at: None,
            etag: None,
        }),
        Event::GdapOperationObserved(GdapOperationObserved {
            partner: q(),
            relationship: relationship(1),
            operation: "1".to_owned(),
            operation_type: GdapOperationType::RelationshipUpdate,
            status: GdapOperationStatus::Succeeded,
            data: None,
            created_at: None,
            modified_at: None,
            etag: None,
        }),
        Event::GdapRelationshipApproved(GdapRelationshipApproved {
            partner: q(),
            relationship: relationship(1),
            customer: None,
            basis: ApprovalBasis::CustomerGlobalAdmin,
            approved_by: Some("admin@customer.example".to_owned()),
            terms: None,
        }),
        activated(q(), 1),
        Event::DapTransitionStartedByMicrosoft(DapTransitionStartedByMicrosoft {
            partner: q(),
            relationship: relationship(1),
        }),
        Event::DelegatedAccessUsed(DelegatedAccessUsed { partner: q(), user: None, application: None }),
        Event::PartnerListingObserved(PartnerListingObserved { partner: q(), listed: true }),
    ];
    events.extend(assigned(q(), 1, 1, &[GLOBAL_ADMINISTRATOR]));
    events
}

fn account() -> Story {
    let registered = PartnerRegistered {
        partner: q(),
        name: "Fabrikam".to_owned(),
        partner_type: PartnerType::DirectBill,
        partner_id: None,
        markets: ["CN".parse().unwrap()].into(),
        indirect_reseller_enrolment: Some(ResellerEnrolment::Completed),
    };
    Story::new()
        .on("2024-01-01", [Event::PartnerRegistered(registered)])
        .on("2024-01-02", [agent(q(), 1, "kim", AgentGroup::AdminAgents)])
}

fn partner_of(story: &Story) -> PartnerRecord {
    let mut record = PartnerRecord::new(q());
    story.entries.iter().for_each(|entry| record.take(entry));
    record
}

/// Fields of a product, of a request and of an operation, which the row holds as one value each.
fn of_a_whole(name: &str) -> bool {
    let product = ["id", "family", "service", "quantity_min", "quantity_max", "markets"];
    let shown = ["relationship", "request", "action", "operation", "operation_type", "data"];
    product.contains(&name) || shown.contains(&name)
}

/// Stored rows of one fold version must all be built the same way. When this
/// fails because the fold or the row changed, raise `FOLD_VERSION` and replace the file.
#[test]
fn the_row_of_this_fold_version_is_as_kept() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), Services::All), azure_role(q()), agreement("2023-12-31")])
        .on("2024-01-02", [bought(purchase(1, q())), supported(1, p())])
        .on("2024-01-03", [suspended(1)])
        .on("2024-01-04", [removed(q()), dap_removed(q(), Services::All)])
        .on("2024-01-05", administered())
        .on("2024-01-06", [extended(), claimed(), bought(purchase(3, q())), transfer_requested(3)])
        .on("2024-01-07", [transferred(3, Some(4)), transferred(1, None)]);
    assert_eq!(canonical_bytes(&present_row(&story.record())), present_bytes(&story.record()));
    let kept: serde_json::Value = serde_json::from_str(include_str!("tests/fold_7.json")).unwrap();
    let row = present_row(&story.record());
    assert_eq!(super::FOLD_VERSION, "7");
    assert_eq!(row, kept, "\n{}", serde_json::to_string_pretty(&row).unwrap());
}

#[test]
fn a_partners_row_holds_its_account_and_its_groups() {
    let row = json::read(&present_partner_bytes(&partner_of(&account())));
    assert_eq!(row.pointer("/account/markets/value"), Some(&json!(["CN"])));
    let group = format!("/groups/{}", group(1));
    assert_eq!(row.pointer(&format!("{group}/agent_group/value")), Some(&json!("admin_agents")));
    let added = format!("{group}/members/{}/effective_at", user("kim"));
    assert_eq!(row.pointer(&added), Some(&json!("2024-01-02T00:00:00.0000000Z")));
    assert_eq!(canonical_bytes(&json!({"b": 1, "a": {"d": [], "c": null}})), br#"{"a":{"c":null,"d":[]},"b":1}"#);
}

#[test]
fn a_relationship_stands_in_both_rows_and_its_assignments_with_the_customer() {
    let customer = present_row(&Story::new().on("2024-01-01", administered()).record());
    let partner = json::read(&present_partner_bytes(&partner_of(&account().on("2024-01-04", administered()))));
    let known = format!("/granular/{}", relationship(1));
    let assignments = format!("{known}/assignments");
    for row in [&customer, &partner] {
        assert_eq!(row.pointer(&format!("{known}/display_name/value")), Some(&json!("Support")));
        assert_eq!(row.pointer(&format!("{known}/approval/by")), Some(&json!("admin@customer.example")));
    }
    let group_of = format!("{assignments}/{}/group/value", assignment(1));
    assert_eq!(customer.pointer(&group_of), Some(&json!(group(1).to_string())));
    assert_eq!(partner.pointer(&assignments), Some(&json!({})));
}
