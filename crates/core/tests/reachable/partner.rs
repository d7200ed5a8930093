//! Partner accounts and partnerships.

use ofrecord_core::{ActorKind, Role};
use serde_json::{Value, json};

use crate::story::{C, I, IR, P, Q, Story, TODAY, agent, of_kind, user};
use crate::{Row, Rows};

const STRANGER: &str = "d0000000-0000-0000-0000-00000000000d";

fn partners() -> Story {
    Story::in_china().with_partners()
}

fn of_pair(name: &str, provider: &str, reseller: &str) -> Value {
    json!({"type": name, "provider": provider, "reseller": reseller})
}

fn register(partner: &str) -> Value {
    json!({"type": "RegisterPartner", "partner": partner, "name": "D", "partner_type": "direct_bill", "markets": ["CN"]})
}

fn ask(partner: &str) -> Value {
    json!({"type": "RequestResellerRelationship", "partner": partner})
}

fn invited() -> Story {
    let event = of_pair("PartnerInvited", I, IR);
    partners().about_partner(I, event.clone()).about_partner(IR, event)
}

pub(crate) fn rows() -> Vec<Row> {
    let mut table = Rows::at(TODAY);
    accounts(&mut table);
    partnerships(&mut table);
    table.rows
}

fn accounts(table: &mut Rows) {
    let (operator, microsoft) = (|| of_kind(ActorKind::Operator), || of_kind(ActorKind::Microsoft));
    let on_account = |name: &str| json!({"type": name, "partner": P});
    let mut odd = register(STRANGER);
    odd["partner_type"] = json!("moon");
    table.row(("L-8", "value_not_recognised"), partners(), (operator(), None, odd));
    table.row(("L-12", "only_registrar"), partners(), (agent(P), None, register(STRANGER)));
    table.row(("L-12", "subject_mismatch"), partners(), (operator(), Some(C), register(STRANGER)));
    table.row(("R-1", "partner_already_registered"), partners(), (operator(), None, register(P)));
    table.row(("R-1", "partner_not_registered"), partners(), (agent(STRANGER), None, ask(STRANGER)));
    let suspend = json!({"type": "SuspendPartnerAccount", "partner": P, "reason": "abuse"});
    table.row(("R-1", "only_microsoft_may"), partners(), (agent(P), None, suspend));
    let reinstate = on_account("ReinstatePartnerAccount");
    table.row(("R-1", "partner_account_not_suspended"), partners(), (microsoft(), None, reinstate));
    table.row(("R-1", "partner_account_suspended"), partners().suspended(P), (agent(P), None, ask(P)));
    table.row(("R-1", "actor_not_party"), partners(), (agent(Q), None, ask(P)));
    table.row(("R-1", "role_not_allowed"), partners(), (user(P, Role::HelpdeskAgent), None, ask(P)));
    let dormant =
        partners().about_partner(P, json!({"type": "PartnerUpdated", "partner": P, "programme": "not_active"}));
    table.row(("R-1", "programme_not_active"), dormant, (agent(P), None, ask(P)));
    let advisor = partners().registered(STRANGER, "advisor", "1000009");
    table.row(("R-2", "partner_type_cannot_resell"), advisor, (agent(STRANGER), None, ask(STRANGER)));
    let agree = on_account("AcceptPartnerAgreement");
    table.row(("B-6", "actor_not_party"), partners(), (agent(Q), None, agree));
}

fn partnerships(table: &mut Rows) {
    let (invite, accept) = (|| of_pair("InvitePartner", I, IR), || of_pair("AcceptPartnership", I, IR));
    table.row(("I-1", "actor_not_party"), partners(), (agent(IR), None, invite()));
    let by_p = of_pair("InvitePartner", P, IR);
    table.row(("I-1", "only_provider_may_invite"), partners(), (agent(P), None, by_p));
    table.row(("I-2", "provider_equals_reseller"), partners(), (agent(I), None, of_pair("InvitePartner", I, I)));
    table.row(("I-3", "not_an_indirect_reseller"), partners(), (agent(I), None, of_pair("InvitePartner", I, Q)));
    table.row(("I-1", "partnership_already_active"), partners().with_partnership(), (agent(I), None, invite()));
    table.row(("I-1", "no_partnership_invitation"), partners(), (agent(IR), None, accept()));
    let elsewhere = invited().about_partner(IR, json!({"type": "PartnerUpdated", "partner": IR, "markets": ["DE"]}));
    table.row(("I-1", "partnership_market_mismatch"), elsewhere, (agent(IR), None, accept()));
    let idle = invited().about_partner(IR, json!({"type": "PartnerUpdated", "partner": IR, "programme": "not_active"}));
    table.row(("I-3", "reseller_programme_not_active"), idle, (agent(IR), None, accept()));
    let unsigned =
        invited().about_partner(IR, json!({"type": "PartnerObserved", "partner": IR, "agreement_signed": false}));
    table.row(("I-4", "partner_agreement_missing"), unsigned, (agent(IR), None, accept()));
    table.row(("I-7", "partnership_not_active"), partners(), (agent(I), None, of_pair("RemovePartnership", I, IR)));
}
