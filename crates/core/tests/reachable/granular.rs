//! Granular delegated administration.

use ofrecord_core::{Actor, ActorKind};
use serde_json::{Value, json};

use crate::office::{
    A1, A2, C, C2, GLOBAL, GROUP, GROUP2, I, IR, P, Q, R1, R2, READER, Story, active, admin, agent, approved, assigned,
    create, created, locked, of_kind, office, on, with,
};
use crate::shop::{S1, sold};
use crate::{Row, Rows};

/// The day of most rows: the relationship runs until July.
const FEBRUARY: &str = "2022-02-01T00:00:00Z";

fn microsoft() -> Actor {
    of_kind(ActorKind::Microsoft)
}

fn of_p(asked: Value) -> (Actor, Option<&'static str>, Value) {
    (agent(P), Some(C), asked)
}

pub(crate) fn rows() -> Vec<Row> {
    let mut table = Rows::at(FEBRUARY);
    making(&mut table);
    preparing(&mut table);
    approving(&mut table);
    running(&mut table);
    assigning(&mut table);
    leading(&mut table);
    table.rows
}

fn making(table: &mut Rows) {
    let made = |fields: Value| of_p(create(fields));
    table.row(("G-1", "gdap_not_available"), Story::in_china().with_partners(), made(json!({})));
    table.row(("G-1", "actor_not_party"), office(), (admin(C), Some(C), create(json!({}))));
    table.row(("G-1", "display_name_invalid"), office(), made(json!({"display_name": "x".repeat(51)})));
    table.row(("G-2", "display_name_not_unique"), created(json!({})), made(json!({"relationship": R2})));
    table.row(("G-2", "gdap_relationship_exists"), created(json!({})), made(json!({"display_name": "Other"})));
    table.row(("G-4", "duration_out_of_range"), office(), made(json!({"duration": "P731D"})));
    table.row(("G-5", "role_not_supported"), office(), made(json!({"roles": []})));
    table.row(("G-6", "auto_extend_invalid"), office(), made(json!({"auto_extend": "P90D"})));
    let excluded = ("G-7", "auto_extend_not_allowed_with_global_administrator");
    table.row(excluded, office(), made(json!({"auto_extend": "P180D", "roles": [GLOBAL]})));
}

fn preparing(table: &mut Rows) {
    let change =
        |version: u64, fields: Value| of_p(on("UpdateGdapRelationship", with(json!({"version": version}), fields)));
    let unsaid = of_p(on("UpdateGdapRelationship", json!({"duration": "P90D"})));
    table.row(("G-8", "not_editable_in_status"), locked(json!({})), change(2, json!({"duration": "P90D"})));
    table.row(("G-11", "precondition_required"), created(json!({})), unsaid);
    table.row(("G-11", "precondition_failed"), created(json!({})), change(7, json!({"duration": "P90D"})));
    table.row(("G-17", "roles_can_only_shrink"), active(json!({})), change(4, json!({"roles": [READER, GLOBAL]})));
    let delete = of_p(on("DeleteGdapRelationship", json!({"version": 2})));
    table.row(("G-10", "delete_only_in_created"), locked(json!({})), delete);
    let switch = of_p(on("SetGdapAutoExtend", json!({"version": 2, "auto_extend": "P180D"})));
    table.row(("G-9", "not_editable_in_status"), locked(json!({})), switch);
    let lock = || of_p(on("LockGdapForApproval", json!({})));
    table.row(("G-12", "invalid_transition"), locked(json!({})), lock());
    table.row(("G-20", "gdap_relationship_not_found"), office(), lock());
    table.row(("G-21", "customer_mismatch"), created(json!({})), (agent(P), Some(C2), lock().2));
}

fn approving(table: &mut Rows) {
    let approve = |customer: &'static str| (admin(customer), Some(customer), on("ApproveGdap", json!({})));
    table.row(("G-13", "only_customer_may_approve"), locked(json!({})), of_p(on("ApproveGdap", json!({}))));
    table.row(("G-13", "only_reseller_may_reject"), locked(json!({})), of_p(on("RejectGdap", json!({}))));
    table.row_at("2022-04-01T02:00:00Z", ("G-14", "request_expired"), locked(json!({})), approve(C));
    table.row(("G-20", "invitation_already_used"), approved(json!({})), approve(C2));
    // I makes a relationship for IR, who has not agreed yet.
    let of_ir = |asked: Value| with(asked, json!({"partner": IR}));
    let mut by_provider = office().with_partnership();
    for asked in [of_ir(create(json!({}))), of_ir(on("LockGdapForApproval", json!({})))] {
        let outcome = by_provider.at("2022-01-01T00:00:00Z", &agent(I), Some(C), asked);
        assert!(matches!(outcome, ofrecord_core::Outcome::Accepted(_)), "{outcome:?}");
    }
    let asked = of_ir(on("ApproveGdap", json!({})));
    table.row(("G-13", "partner_consent_pending"), by_provider, (admin(C), Some(C), asked));
}

fn running(table: &mut Rows) {
    let by_microsoft = |name: &str| (microsoft(), Some(C), on(name, json!({})));
    let terminate = |actor: Actor| (actor, Some(C), on("TerminateGdap", json!({})));
    table.row(("G-15", "actor_not_party"), active(json!({})), terminate(agent(Q)));
    table.row(("G-15", "invalid_transition"), approved(json!({})), terminate(admin(C)));
    let take_out = |version: u64| of_p(on("RemoveGlobalAdministratorRole", json!({"version": version})));
    table.row(("G-16", "role_not_in_relationship"), active(json!({})), take_out(4));
    table.row(("G-16", "not_editable_in_status"), approved(json!({})), take_out(3));
    table.row(("G-18", "end_not_reached"), active(json!({})), by_microsoft("ExpireGdap"));
    table.row(("G-19", "only_microsoft_may"), approved(json!({})), of_p(on("ActivateGdap", json!({}))));
}

fn assigning(table: &mut Rows) {
    let give = |fields: Value| {
        let plain = json!({"assignment": A1, "group": GROUP, "roles": [READER]});
        of_p(on("CreateAccessAssignment", with(plain, fields)))
    };
    let replace = |fields: Value| {
        let plain = json!({"assignment": A1, "roles": [READER]});
        of_p(on("UpdateAccessAssignment", with(plain, fields)))
    };
    table.row(("A-1", "relationship_not_active"), approved(json!({})), give(json!({})));
    table.row(("A-2", "role_not_in_relationship"), active(json!({})), give(json!({"roles": [GLOBAL]})));
    table.row(("A-3", "access_container_invalid"), active(json!({})), give(json!({"container_type": "user"})));
    table.row(("A-4", "assignment_exists"), assigned(), give(json!({"assignment": A2})));
    table.row(("A-4", "assignment_not_found"), active(json!({})), replace(json!({"version": 1})));
    let gone = json!({"type": "GdapAccessAssignmentDeleted", "partner": P, "relationship": R1, "assignment": A1});
    let gone = assigned().on("2022-01-20", ofrecord_core::StreamId::Customer(C.parse().unwrap()), gone);
    table.row(("A-4", "assignment_not_live"), gone, replace(json!({"version": 3})));
    table.row(("A-6", "precondition_required"), assigned(), replace(json!({})));
    table.row(("A-6", "precondition_failed"), assigned(), replace(json!({"version": 9})));
    table.row(("A-7", "group_is_immutable"), assigned(), replace(json!({"version": 2, "group": GROUP2})));
    let member = |name: &str| json!({"type": name, "partner": P, "group": GROUP, "user": "ann@partner.example"});
    table.row(("A-9", "actor_not_party"), office(), (agent(Q), None, member("AddSecurityGroupMember")));
    table.row(("A-9", "not_a_member"), office(), (agent(P), None, member("RemoveSecurityGroupMember")));
}

fn leading(table: &mut Rows) {
    let lead = |relationship: &str| {
        on(
            "StartMicrosoftLedTransition",
            json!({"relationship": relationship, "display_name": format!("MLT_{}_efgh5678_ijkl9012", &relationship[..8]),
                "roles": [READER]}),
        )
    };
    let given = || office().reseller(P).dap(P, json!("all"));
    table.row(("D-6", "only_microsoft_may"), given(), of_p(lead(R1)));
    let mut led = given();
    let outcome = led.at("2022-01-01T00:00:00Z", &microsoft(), Some(C), lead(R1));
    assert!(matches!(outcome, ofrecord_core::Outcome::Accepted(_)), "{outcome:?}");
    table.row(("D-6", "transition_already_started"), led, (microsoft(), Some(C), lead(R2)));
    let ended = json!({"type": "RecordMicrosoftDapTermination", "partner": P, "cause": "microsoft_led_transition"});
    table.row(("D-6", "transition_not_over"), given(), (microsoft(), Some(C), ended));
    let licences = json!({"type": "ConvertSubscription", "subscription": S1,
        "transition_type": "transition_with_license_transfer",
        "to_product": {"id": "product-2", "name": "Other", "family": "new_commerce_license"}});
    table.row_at(
        "2024-06-01T00:00:00Z",
        ("U-14", "insufficient_granular_admin_permissions"),
        sold("new_commerce_license", json!({})),
        (agent(Q), Some(C), licences),
    );
}
