//! The transition that Microsoft leads (rule D-6, W-10) and what licences need (rule U-14).

use ofrecord_core::vocabulary::{ApprovalBasis, DapTerminationCause, GdapStatus};
use ofrecord_core::{ActorKind, Cloud, Policy, PolicyRef, Role};
use serde_json::{Value, json};

use crate::office::{
    A1, C, GROUP, P, Q, R1, R2, READER, Story, WRITERS, admin, agent, at, check, holds, of_kind, office, on,
    relationship, with,
};
use crate::story::{S1, purchase, user};

const START: &str = "2023-05-22T00:00:00Z";
const OVER: &str = "2023-06-21T00:00:00Z";

fn lead(fields: Value) -> Value {
    let made = json!({"display_name": "MLT_abcd1234_efgh5678_ijkl9012", "roles": [READER]});
    on("StartMicrosoftLedTransition", with(made, fields))
}

fn ended() -> Value {
    json!({"type": "RecordMicrosoftDapTermination", "partner": P, "cause": "microsoft_led_transition"})
}

fn with_dap() -> Story {
    office().reseller(P).dap(P, json!("all"))
}

fn microsoft() -> ofrecord_core::Actor {
    of_kind(ActorKind::Microsoft)
}

#[test]
fn w10_microsoft_leads_a_transition_once_and_dap_ends_after_its_days() {
    for actor in [agent(P), admin(C), of_kind(ActorKind::Importer)] {
        check(with_dap(), (START, actor, Some(C), lead(json!({}))), &["D-6", "only_microsoft_may"]);
    }
    check(office(), (START, microsoft(), Some(C), lead(json!({}))), &["D-3", "dap_not_active"]);
    for name in ["Contoso", "MLT_abcd1234_efgh5678", "MLT_abcd1234_efgh5678_ijkl901", "MLT_abcd1234_efgh-678_ijkl9012"]
    {
        let asked = lead(json!({"display_name": name}));
        check(with_dap(), (START, microsoft(), Some(C), asked), &["G-1", "display_name_invalid"]);
    }
    let china = Story::in_china().with_partners().reseller(P).dap(P, json!("all"));
    check(china, (START, microsoft(), Some(C), lead(json!({}))), &["G-1", "gdap_not_available"]);
    let none = lead(json!({"roles": []}));
    check(with_dap(), (START, microsoft(), Some(C), none), &["G-5", "role_not_supported"]);

    let happens = &["DapTransitionStartedByMicrosoft", "GdapRelationshipActivated"];
    let story = check(with_dap(), (START, microsoft(), Some(C), lead(json!({}))), happens);
    let again = lead(json!({"relationship": R2, "display_name": "MLT_zzzz1234_efgh5678_ijkl9012"}));
    check(story.clone(), (START, microsoft(), Some(C), again), &["D-6", "transition_already_started"]);
    let early = ("2023-06-20T23:59:59Z", microsoft(), Some(C), ended());
    check(story.clone(), early, &["D-6", "transition_not_over"]);
    check(with_dap(), (OVER, microsoft(), Some(C), ended()), &["D-6", "transition_not_over"]);
    let odd = with(ended(), json!({"cause": "mood"}));
    check(story.clone(), (OVER, microsoft(), Some(C), odd), &["L-8", "value_not_recognised"]);
    let story = check(story, (OVER, microsoft(), Some(C), ended()), &["DapTerminatedByMicrosoft"]);

    // DAP until 2023-06-21, the relationship for a year from 2023-05-22, and nobody approved it.
    let dap_on = |instant: &str| {
        let customer = story.customers[&C.parse().unwrap()].state_at(at(instant), u64::MAX);
        customer.access.of(P.parse().unwrap()).is_some_and(ofrecord_core::state::Access::has_dap)
    };
    assert!(dap_on("2023-06-20T23:59:59Z") && !dap_on(OVER));
    for (instant, status) in [
        (START, GdapStatus::Active),
        ("2024-05-20T23:59:59Z", GdapStatus::Active),
        ("2024-05-21T00:00:00Z", GdapStatus::Expired),
    ] {
        assert_eq!(holds(&story, instant).status, Some(status), "{instant}");
    }
    let approval = relationship(&story).approval.unwrap().value;
    assert_eq!((approval.basis, approval.by), (ApprovalBasis::MicrosoftLed, None));
    let end = story.customer().access.of(P.parse().unwrap()).unwrap().dap_ended.clone().unwrap();
    assert_eq!(end.cause, Some(DapTerminationCause::MicrosoftLedTransition));
}

/// P owns S1 of C worldwide, and C accepted the agreement.
fn shop() -> Story {
    office()
        .about_partner(P, json!({"type": "PartnerAgreementAccepted", "partner": P}))
        .reseller(P)
        .about_customer(C, with(purchase(P, S1, "new_commerce_license"), json!({"commitment_end": "2030-01-01"})))
}

fn move_licences() -> Value {
    json!({"type": "ConvertSubscription", "subscription": S1, "transition_type": "transition_with_license_transfer",
        "to_product": {"id": "product-2", "name": "Other", "family": "new_commerce_license"}})
}

fn granular(roles: &[&str], status: &str) -> Story {
    shop()
        .about_customer(
            C,
            json!({"type": "GdapRelationshipObserved", "partner": P, "relationship": R1, "customer": C,
            "roles": [READER, WRITERS], "status": "active", "ends_at": "2030-01-01"}),
        )
        .about_customer(
            C,
            json!({"type": "GdapAccessAssignmentObserved", "partner": P, "relationship": R1,
            "assignment": A1, "group": GROUP, "roles": roles, "status": status}),
        )
}

#[test]
fn licences_move_only_with_a_partner_who_may_write_the_directory() {
    const DAY: &str = "2022-06-01T00:00:00Z";
    let asked = || (DAY, user(P, Role::AdminAgent), Some(C), move_licences());
    let refused = &["U-14", "insufficient_granular_admin_permissions"];
    for story in [shop(), granular(&[READER], "active"), granular(&[WRITERS], "pending"), shop().dap(Q, json!("all"))] {
        check(story, asked(), refused);
    }
    for story in [granular(&[WRITERS], "active"), shop().dap(P, json!("all"))] {
        check(story, asked(), &["SubscriptionConverted"]);
    }
    let later = ("2030-01-01T00:00:00Z", user(P, Role::AdminAgent), Some(C), move_licences());
    let ended = granular(&[WRITERS], "active").about_customer(
        C,
        json!({"type": "SubscriptionRenewed", "subscription": S1, "product": "product-1",
            "quantity": 10, "term": "P1Y", "billing_cycle": "monthly", "commitment_end": "2031-01-01"}),
    );
    check(ended, later, refused);
    let only = with(move_licences(), json!({"transition_type": "transition_only"}));
    check(shop(), (DAY, agent(P), Some(C), only), &["SubscriptionConverted"]);
    // The first policy of the cloud did not ask, and what was decided under it is decided the same again.
    let mut before = shop();
    before.policy = Policy::of(PolicyRef { cloud: Cloud::Worldwide, version: 1 }).expect("the first policy");
    check(before, asked(), &["SubscriptionConverted"]);
    let unknown = PolicyRef { cloud: Cloud::Worldwide, version: 4 };
    assert_eq!(Policy::of(unknown), None);
}
