//! Relationships, delegated administration and Azure roles.

use ofrecord_core::policy::Reacceptance;
use ofrecord_core::{ActorKind, Cloud, Role};
use serde_json::{Value, json};

use crate::story::{C, I, IR, P, Q, S1, Story, TODAY, admin, agent, app, of_kind, user, with};
use crate::{Row, Rows};

fn partners() -> Story {
    Story::in_china().with_partners()
}

fn world() -> Story {
    Story::in_cloud(Cloud::Worldwide).with_partners()
}

fn gov() -> Story {
    Story::in_cloud(Cloud::UsGov).with_partners()
}

fn of(name: &str, partner: &str, fields: Value) -> Value {
    with(json!({"type": name, "partner": partner}), fields)
}

fn ask(partner: &str) -> Value {
    of("RequestResellerRelationship", partner, json!({}))
}

fn accept(partner: &str) -> Value {
    of("AcceptResellerRelationship", partner, json!({}))
}

fn create(partner: &str) -> Value {
    of("CreateCustomer", partner, json!({"name": "Contoso", "domain": "contoso.example", "market": "CN"}))
}

fn tenant(tenant_type: &str) -> Story {
    partners().link(P).about_customer(
        C,
        json!({"type": "CustomerRegistered", "name": "Contoso", "tenant_type": tenant_type, "market": "CN"}),
    )
}

pub(crate) fn rows() -> Vec<Row> {
    let mut table = Rows::at(TODAY);
    beyond_scope(&mut table);
    links(&mut table);
    acceptances(&mut table);
    customers(&mut table);
    extensions(&mut table);
    removals(&mut table);
    administration(&mut table);
    table.rows
}

fn beyond_scope(table: &mut Rows) {
    let carrying = |fields: Value| (admin(C), Some(C), with(accept(P), fields));
    let given = || partners().link(P);
    let changes = ("S-2", "relationship_command_cannot_change_subscription");
    table.row(changes, given(), carrying(json!({"quantity": 3})));
    table.row(("S-7", "account_ownership_not_in_scope"), given(), carrying(json!({"tenant_owner": P})));
    table.row(("S-11", "partner_of_record_not_changed_by_relationship"), given(), carrying(json!({"dpor": "42"})));
}

fn links(table: &mut Rows) {
    let own = ("R-2", "indirect_reseller_must_use_provider_invitation");
    table.row(own, partners(), (agent(IR), None, ask(IR)));
    table.row(("R-2", "no_provider_partnership"), world(), (agent(IR), None, ask(IR)));
    let backwards = of("RequestResellerRelationship", P, json!({"expires_at": TODAY}));
    table.row(("R-3", "invitation_expires_before_it_is_made"), partners(), (agent(P), None, backwards));
    let with_dap = of("RequestResellerRelationship", P, json!({"dap": {"with": "all"}}));
    table.row_at("2023-10-09", ("R-13", "dap_not_offered"), world(), (agent(P), None, with_dap));
    table.row(("R-14", "dap_required_in_cloud"), gov(), (agent(P), None, ask(P)));
}

fn acceptances(table: &mut Rows) {
    let accepts = |partner: &str| (admin(C), Some(C), accept(partner));
    let with_dap = || of("AcceptResellerRelationship", P, json!({"dap": {"with": "all"}}));
    table.row(("R-3", "no_invitation"), partners(), accepts(P));
    let modest =
        partners().about_partner(P, json!({"type": "ResellerRelationshipRequested", "partner": P, "dap": "without"}));
    table.row(("R-3", "dap_exceeds_invitation"), modest, (admin(C), Some(C), with_dap()));
    table.row(("R-5", "customer_global_admin_required"), partners().link(P), (agent(P), Some(C), accept(P)));
    table.row(("R-6", "customer_tenant_type_not_supported"), tenant("b2c"), accepts(P));
    let abroad = partners().link(P).about_customer(C, json!({"type": "CustomerProfileChanged", "market": "DE"}));
    table.row(("R-7", "market_mismatch"), abroad, accepts(P));
    table.row(("R-8", "customer_is_csp_partner_tenant"), tenant("csp_transaction"), accepts(P));
    table.row(("R-9", "partner_equals_customer"), partners().link(P), (admin(P), Some(P), accept(P)));
    let mut strict = partners().link(P).reseller(P);
    strict.policy.reacceptance = Reacceptance::Refused;
    table.row(("R-10", "already_established"), strict, accepts(P));
    let rival = partners().link(P).reseller(Q).dap(Q, json!("all"));
    table.row(("R-12", "one_csp_partner_with_dap_per_service"), rival, (admin(C), Some(C), with_dap()));
    table.row(("R-14", "single_partner_cloud"), gov().link(P).reseller(Q), (admin(C), Some(C), with_dap()));
}

fn customers(table: &mut Rows) {
    let operator = || of_kind(ActorKind::Operator);
    let register = || json!({"type": "RegisterCustomer", "name": "Contoso"});
    table.row(("R-2b", "only_provider_may_create_customer"), partners(), (agent(IR), Some(C), create(IR)));
    table.row(("R-15", "customer_already_exists"), tenant("organisation"), (agent(P), Some(C), create(P)));
    table.row(("R-15", "customer_already_registered"), tenant("organisation"), (operator(), Some(C), register()));
    let update = json!({"type": "UpdateCustomer", "name": "Contoso"});
    table.row(("R-15", "customer_not_registered"), partners(), (operator(), Some(C), update));
    let associate = |partner: &str| of("SetAssociatedPartner", partner, json!({"associated_partner_id": "1000004"}));
    table.row(("I-8", "actor_not_party"), partners(), (agent(P), Some(C), associate(I)));
    table.row(("I-8", "only_indirect_provider"), partners().reseller(P), (agent(P), Some(C), associate(P)));
    table.row(("I-8", "no_reseller_relationship"), partners(), (agent(I), Some(C), associate(I)));
    let delete = |account: &str| of("DeleteCustomer", P, json!({"account": account}));
    table.row(("M-11", "actor_not_party"), partners().reseller(P), (agent(Q), Some(C), delete("sandbox")));
    table.row(("M-11", "only_sandbox_may_delete"), partners().reseller(P), (agent(P), Some(C), delete("production")));
}

fn extensions(table: &mut Rows) {
    let extend = |fields: Value| {
        let asked = json!({"provider": I, "consent_reference": "letter of 2018-05-30"});
        (agent(P), Some(C), of("ExtendResellerRelationship", P, with(asked, fields)))
    };
    let enrolled = |story: Story| {
        let done = json!({"type": "PartnerUpdated", "partner": P, "indirect_reseller_enrolment": "completed"});
        story.about_partner(P, done)
    };
    let together = |story: Story| {
        let created = json!({"type": "PartnerRelationshipCreated", "provider": I, "reseller": P,
            "reseller_partner_id": "1000001"});
        story.about_partner(I, created.clone()).about_partner(P, created)
    };
    let ready = || together(enrolled(partners()));
    let through = json!({"type": "ResellerRelationshipAcceptedByCustomer", "partner": P, "via_provider": I,
        "generation": 1});
    table.row(("R-17", "extension_requires_enrolment"), together(partners().reseller(P)), extend(json!({})));
    table.row(("R-17", "no_reseller_relationship"), ready(), extend(json!({})));
    table.row(("R-17", "extension_only_for_direct_customers"), ready().about_customer(C, through), extend(json!({})));
    table.row(("R-17", "no_provider_partnership"), enrolled(partners().reseller(P)), extend(json!({})));
    table.row(("R-17", "consent_required"), ready().reseller(P), extend(json!({"consent_reference": " "})));
}

fn removals(table: &mut Rows) {
    let given = || partners().reseller(P);
    let remove = |partner: &str| of("RemoveResellerRelationship", partner, json!({}));
    let by_p = || (agent(P), Some(C), remove(P));
    table.row(("M-8", "app_user_required"), given(), (app(P), Some(C), remove(P)));
    table.row(("M-8", "actor_not_party"), given(), (agent(Q), Some(C), remove(P)));
    table.row(("M-7", "role_not_allowed"), given(), (user(P, Role::HelpdeskAgent), Some(C), remove(P)));
    table.row(("M-6", "indirect_provider_must_remove"), world().reseller(IR), (agent(IR), Some(C), remove(IR)));
    table.row(("M-11", "not_a_reseller"), partners(), by_p());
    table.row(("M-1", "active_subscriptions_exist"), given().sold(P, S1, "legacy_license"), by_p());
    table.row(("M-4", "azure_reservation_active"), given().sold(P, S1, "azure_reservation"), by_p());
    table.row(("M-5", "software_purchase_active"), given().sold(P, S1, "perpetual_software"), by_p());
    let suspended = json!({"type": "SubscriptionSuspended", "subscription": S1, "reason": "customer_request"});
    let held = world().reseller(P).sold(P, S1, "new_commerce_license").about_customer(C, suspended);
    table.row(("M-3", "new_commerce_subscription_not_cancelled"), held, by_p());
}

fn administration(table: &mut Rows) {
    let grant = |services: Value| (admin(C), Some(C), of("GrantDap", P, json!({"services": services})));
    let remove = || of("RemoveDap", P, json!({"services": "all"}));
    let on = || partners().reseller(P).dap(P, json!("all"));
    table.row(("D-1", "actor_not_party"), on(), (agent(Q), Some(C), remove()));
    table.row(("D-2", "no_reseller_relationship"), partners(), grant(json!("all")));
    table.row(("D-3", "dap_not_active"), partners().reseller(P), (admin(C), Some(C), remove()));
    table.row(("D-4", "dap_names_no_service"), partners().reseller(P), grant(json!({"names": []})));
    table.row(("D-4", "dap_covers_whole_tenant"), gov().reseller(P), grant(json!({"names": ["Azure"]})));
    let ended = || of("RecordMicrosoftDapTermination", P, json!({"last_sign_in_at": TODAY}));
    table.row(("D-5", "only_microsoft_may"), on(), (agent(P), Some(C), ended()));
    table.row(("D-5", "dap_not_inactive"), on(), (of_kind(ActorKind::Microsoft), Some(C), ended()));
    let azure = |name: &str| of(name, P, json!({"assignment": {"scope": "/subscriptions/1", "role": "Owner"}}));
    table.row(("D-7", "actor_not_party"), partners(), (agent(Q), Some(C), azure("RecordAzureRoleAssignment")));
    table.row(("D-7", "azure_role_not_assigned"), partners(), (agent(P), Some(C), azure("RecordAzureRoleRemoval")));
}
