//! The sentences of granular administration.

use ofrecord_core::Event;
use serde_json::{Value, json};

use super::super::describe;
use super::{A, B, DAY};

const R: &str = "00000006-0000-4000-8000-000000000001-00000006-0000-4000-8000-000000000002";
const ASSIGNMENT: &str = "00000007-0000-4000-8000-000000000001";
const GROUP: &str = "00000008-0000-4000-8000-000000000001";
const READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const UNPUBLISHED: &str = "00000009-0000-4000-8000-000000000001";

pub(super) fn rows() -> Vec<(&'static str, Value, String)> {
    [preparation(), running(), shown(), assignments(), around()].concat()
}

fn with(more: Value) -> Value {
    let mut fields = json!({"partner": A, "relationship": R});
    let Value::Object(more) = more else { panic!("{more} has no fields") };
    fields.as_object_mut().unwrap().extend(more);
    fields
}

fn terms(auto_extend: &str, roles: &[&str]) -> Value {
    json!({"display_name": "Support", "duration": "P180D", "auto_extend": auto_extend, "roles": roles})
}

fn preparation() -> Vec<(&'static str, Value, String)> {
    let of = |what: &str| format!("granular relationship {R} {what}");
    vec![
        (
            "GdapRelationshipCreated",
            with(json!({"terms": terms("P0D", &[READER, GLOBAL])})),
            of(&format!(
                "made by partner {A}: Support for P180D, not going on at its end, roles Global administrator, Global reader"
            )),
        ),
        (
            "GdapRelationshipUpdated",
            with(json!({"terms": terms("P180D", &[READER])})),
            of(&format!(
                "changed by partner {A}: Support for P180D, going on by 180 days at its end, roles Global reader"
            )),
        ),
        ("GdapRelationshipDeleted", with(json!({})), of(&format!("deleted by partner {A}"))),
        ("GdapRelationshipSubmittedForApproval", with(json!({})), of(&format!("locked for approval by partner {A}"))),
        ("GdapPartnerConsentGiven", with(json!({})), format!("partner {A} agreed to granular relationship {R}")),
        (
            "GdapRelationshipApproved",
            with(json!({"basis": "customer_global_admin", "approved_by": "admin@contoso.example"})),
            of(&format!("of partner {A} approved: by a global administrator of the customer (admin@contoso.example)")),
        ),
        ("GdapRelationshipRejected", with(json!({})), of(&format!("rejected by partner {A}"))),
    ]
}

fn running() -> Vec<(&'static str, Value, String)> {
    let of = |what: &str| format!("granular relationship {R} of partner {A} {what}");
    vec![
        (
            "GdapRelationshipActivated",
            with(json!({"ends_at": DAY, "basis": "implied_by_dap"})),
            of(&format!("in force until {DAY}, implied by DAP")),
        ),
        (
            "GdapRelationshipTerminationRequested",
            with(json!({"by": "customer"})),
            format!("end of granular relationship {R} of partner {A} asked for by customer"),
        ),
        ("GdapRelationshipTerminated", with(json!({"by": "partner"})), of("terminated by partner")),
        ("GdapRelationshipExpired", with(json!({})), of("expired")),
        ("GdapRelationshipExtended", with(json!({"ends_at": DAY})), of(&format!("extended until {DAY}"))),
        (
            "GdapGlobalAdministratorRemoved",
            with(json!({})),
            format!("Global administrator taken out of granular relationship {R} of partner {A}"),
        ),
        ("GdapAutoExtendSet", with(json!({"auto_extend": "P180D"})), of("set to going on by 180 days at its end")),
        (
            "GdapRelationshipCleanedUp",
            with(json!({})),
            format!("Microsoft no longer shows granular relationship {R} of partner {A}"),
        ),
    ]
}

fn shown() -> Vec<(&'static str, Value, String)> {
    vec![
        (
            "GdapRelationshipObserved",
            with(json!({"status": "active", "ends_at": DAY})),
            format!("a source shows granular relationship {R} of partner {A} as active, until {DAY}"),
        ),
        (
            "GdapRequestObserved",
            with(json!({"request": "1", "action": "terminate", "status": "running"})),
            format!("a source shows request terminate on granular relationship {R} of partner {A} as running"),
        ),
        (
            "GdapOperationObserved",
            with(
                json!({"operation": "1", "operation_type": "delegatedAdminRelationshipUpdate", "status": "succeeded"}),
            ),
            format!(
                "a source shows operation delegatedAdminRelationshipUpdate on granular relationship {R} of partner {A} as succeeded"
            ),
        ),
    ]
}

fn assignments() -> Vec<(&'static str, Value, String)> {
    let of = format!("access assignment {ASSIGNMENT} of granular relationship {R}");
    let with = |more: Value| {
        let mut fields = with(more);
        fields["assignment"] = json!(ASSIGNMENT);
        fields
    };
    vec![
        (
            "GdapAccessAssignmentCreated",
            with(json!({"group": GROUP, "roles": [READER]})),
            format!("{of} given to group {GROUP}: Global reader"),
        ),
        ("GdapAccessAssignmentActivated", with(json!({})), format!("{of} in force")),
        (
            "GdapAccessAssignmentUpdated",
            with(json!({"roles": [READER, UNPUBLISHED]})),
            format!("roles of {of} replaced: {UNPUBLISHED}, Global reader"),
        ),
        ("GdapAccessAssignmentDeleted", with(json!({})), format!("{of} deleted")),
        ("GdapAccessAssignmentFailed", with(json!({})), format!("{of} could not be provisioned")),
        (
            "GdapAccessAssignmentObserved",
            with(json!({"status": "deleting"})),
            format!("a source shows {of} as deleting"),
        ),
    ]
}

fn around() -> Vec<(&'static str, Value, String)> {
    vec![
        (
            "SecurityGroupMemberAdded",
            json!({"partner": A, "group": GROUP, "user": "kim@a.example", "group_name": "AdminAgents", "agent_group": "admin_agents"}),
            format!("user kim@a.example added to group {GROUP} (AdminAgents) of partner {A}, Admin agents"),
        ),
        (
            "SecurityGroupMemberRemoved",
            json!({"partner": A, "group": GROUP, "user": "kim@a.example"}),
            format!("user kim@a.example removed from group {GROUP} of partner {A}"),
        ),
        (
            "DapTransitionStartedByMicrosoft",
            with(json!({})),
            format!("Microsoft began to replace DAP of partner {A} by granular relationship {R}"),
        ),
        (
            "DelegatedAccessUsed",
            json!({"partner": A, "user": "user_0123", "application": "Azure Portal"}),
            format!("partner {A} used its access as user_0123 in Azure Portal"),
        ),
        (
            "PartnerListingObserved",
            json!({"partner": A, "listed": false}),
            format!("the customer's tenant does not list partner {A} as service provider"),
        ),
    ]
}

#[test]
fn what_a_source_says_beyond_the_plain_event_is_told_too() {
    let told = |name: &str, mut fields: Value| {
        fields["type"] = json!(name);
        describe(&serde_json::from_value::<Event>(fields).unwrap())
    };
    let made = told("GdapRelationshipCreated", with(json!({"provider": B, "terms": terms("P90D", &[UNPUBLISHED])})));
    assert_eq!(
        made,
        format!(
            "granular relationship {R} made for partner {A} by provider {B}: Support for P180D, going on by P90D at its end, roles {UNPUBLISHED}"
        )
    );
    let replaced = told("GdapAccessAssignmentUpdated", {
        let mut fields = with(json!({}));
        fields["assignment"] = json!(ASSIGNMENT);
        fields
    });
    assert_eq!(
        replaced,
        format!(
            "roles of access assignment {ASSIGNMENT} of granular relationship {R} replaced: the source does not say which"
        )
    );
    let approved = told("GdapRelationshipApproved", with(json!({"basis": "by_phone"})));
    assert_eq!(approved, format!("granular relationship {R} of partner {A} approved: `by_phone`"));
    let terminated = told("DapTerminatedByMicrosoft", json!({"partner": A, "cause": "microsoft_led_transition"}));
    assert_eq!(terminated, format!("DAP of partner {A} terminated by Microsoft (microsoft_led_transition)"));
}
