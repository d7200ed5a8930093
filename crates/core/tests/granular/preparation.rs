//! Until a relationship is approved: rules G-1 to G-14, G-20, G-21 and G-25.

use ofrecord_core::vocabulary::GdapStatus;
use ofrecord_core::{ActorKind, Cloud, Role};
use serde_json::{Value, json};

use crate::office::{
    C, C2, GLOBAL, I, IR, P, Q, R1, R2, READER, Story, WRITERS, active, admin, after, agent, app, approved, check,
    create, created, locked, of_kind, office, on, relationship, status, with,
};

const DAY: &str = "2022-01-01T12:00:00Z";
const MADE: &[&str] = &["GdapRelationshipCreated"];

fn of_created(actor: ofrecord_core::Actor, fields: Value, then: &[&str]) {
    check(office(), (DAY, actor, Some(C), create(fields)), then);
}

#[test]
fn only_the_partner_or_its_provider_makes_a_relationship_where_the_cloud_has_them() {
    for actor in [agent(Q), admin(C), of_kind(ActorKind::Operator)] {
        let code = if actor == agent(Q) { ["R-2", "no_provider_partnership"] } else { ["G-1", "actor_not_party"] };
        of_created(actor, json!({}), &code);
    }
    of_created(agent(P), json!({}), MADE);
    of_created(app(P), json!({}), MADE);
    let china = Story::in_china().with_partners();
    check(china, (DAY, agent(P), Some(C), create(json!({}))), &["G-1", "gdap_not_available"]);
    let nobody = Story::in_cloud(Cloud::Worldwide);
    check(nobody, (DAY, agent(P), Some(C), create(json!({}))), &["R-1", "partner_not_registered"]);
    check(office(), (DAY, agent(P), Some(P), create(json!({}))), &["R-9", "partner_equals_customer"]);
    check(created(json!({})), (DAY, agent(P), Some(C), create(json!({}))), &["G-2", "gdap_relationship_exists"]);
}

#[test]
fn a_name_has_one_to_fifty_characters() {
    for (name, then) in [
        (String::new(), &["G-1", "display_name_invalid"][..]),
        ("   ".to_owned(), &["G-1", "display_name_invalid"]),
        ("n".repeat(51), &["G-1", "display_name_invalid"]),
        ("\u{e9}".repeat(50), MADE),
        ("n".to_owned(), MADE),
    ] {
        of_created(agent(P), json!({"display_name": name}), then);
    }
}

#[test]
fn a_name_that_was_given_up_is_free_and_the_one_taken_for_it_is_not() {
    let named = |name: &str| create(json!({"relationship": R2, "display_name": name}));
    let renamed = || {
        let rename = on("UpdateGdapRelationship", json!({"version": 1, "display_name": "Other"}));
        after(created(json!({})), &[(DAY, agent(P), Some(C), rename)])
    };
    check(renamed(), (DAY, agent(P), Some(C), named("Other")), &["G-2", "display_name_not_unique"]);
    let story = check(renamed(), (DAY, agent(P), Some(C), named("Contoso support")), MADE);
    let back = on("UpdateGdapRelationship", json!({"version": 2, "display_name": "Contoso support"}));
    check(story, (DAY, agent(P), Some(C), back), &["G-2", "display_name_not_unique"]);
    // Dated back to before the change, the first name is still held.
    let early = "2022-01-01T00:30:00Z";
    check(renamed(), (early, agent(P), Some(C), named("Contoso support")), &["G-2", "display_name_not_unique"]);
}

#[test]
fn a_name_is_unique_among_the_partners_relationships_that_are_shown() {
    let again = || create(json!({"relationship": R2}));
    let taken = &["G-2", "display_name_not_unique"];
    check(created(json!({})), (DAY, agent(P), None, again()), taken);
    check(created(json!({})), (DAY, agent(P), Some(C2), again()), taken);
    let gone = on("DeleteGdapRelationship", json!({"version": 1}));
    check(after(created(json!({})), &[(DAY, agent(P), Some(C), gone)]), (DAY, agent(P), Some(C), again()), MADE);
    // Unanswered: free once Microsoft no longer shows it. In force: free a year after its end.
    check(locked(json!({})), ("2022-04-01T00:59:59Z", agent(P), Some(C), again()), taken);
    check(locked(json!({})), ("2022-04-01T01:00:00Z", agent(P), Some(C), again()), MADE);
    check(active(json!({})), ("2023-06-30T23:59:59Z", agent(P), Some(C), again()), taken);
    check(active(json!({})), ("2023-07-01T00:00:00Z", agent(P), Some(C), again()), MADE);
    let cleaned = on("RecordGdapCleanUp", json!({}));
    let early = after(active(json!({})), &[("2022-08-01T00:00:00Z", of_kind(ActorKind::System), Some(C), cleaned)]);
    check(early, ("2022-08-02T00:00:00Z", agent(P), Some(C), again()), MADE);
}

#[test]
fn two_partners_may_use_the_same_name() {
    let others = with(create(json!({"relationship": R2})), json!({"partner": Q}));
    check(created(json!({})), (DAY, agent(Q), Some(C), others), MADE);
}

#[test]
fn a_duration_is_from_a_day_to_two_years() {
    let refused = &["G-4", "duration_out_of_range"][..];
    for (duration, then) in [
        ("P0D", refused),
        ("PT23H", refused),
        ("P731D", refused),
        ("P2Y1D", refused),
        ("two years", refused),
        ("P1D", MADE),
        ("P730D", MADE),
        ("P2Y", MADE),
    ] {
        of_created(agent(P), json!({"duration": duration}), then);
    }
}

#[test]
fn roles_are_entra_built_in_roles() {
    let refused = &["G-5", "role_not_supported"][..];
    for (roles, then) in [
        (json!([]), refused),
        (json!(["00000000-0000-0000-0000-000000000001"]), refused),
        (json!([READER, "00000000-0000-0000-0000-000000000001"]), refused),
        (json!([READER]), MADE),
    ] {
        of_created(agent(P), json!({"roles": roles}), then);
    }
}

#[test]
fn it_is_extended_by_180_days_or_not_at_all() {
    for (word, then) in [
        ("P90D", &["G-6", "auto_extend_invalid"][..]),
        ("unknownFutureValue", &["G-6", "auto_extend_invalid"]),
        ("P0D", MADE),
        ("PT0S", MADE),
        ("P180D", MADE),
    ] {
        of_created(agent(P), json!({"auto_extend": word}), then);
    }
}

#[test]
fn global_administrator_and_extension_exclude_each_other() {
    let refused = &["G-7", "auto_extend_not_allowed_with_global_administrator"];
    of_created(agent(P), json!({"auto_extend": "P180D", "roles": [READER, GLOBAL]}), refused);
    let set = || on("SetGdapAutoExtend", json!({"version": 1, "auto_extend": "P180D"}));
    check(created(json!({"roles": [GLOBAL]})), (DAY, agent(P), Some(C), set()), refused);
    let add = on("UpdateGdapRelationship", json!({"version": 1, "roles": [GLOBAL]}));
    check(created(json!({"auto_extend": "P180D"})), (DAY, agent(P), Some(C), add), refused);
}

#[test]
fn what_is_locked_is_not_edited() {
    for change in [json!({"display_name": "New"}), json!({"duration": "P90D"}), json!({"roles": [READER]})] {
        let asked = |version: u64| on("UpdateGdapRelationship", with(change.clone(), json!({"version": version})));
        check(created(json!({})), (DAY, agent(P), Some(C), asked(1)), &["GdapRelationshipUpdated"]);
        let refused = &["G-8", "not_editable_in_status"];
        check(locked(json!({})), (DAY, agent(P), Some(C), asked(2)), refused);
        check(active(json!({})), ("2022-02-01T00:00:00Z", agent(P), Some(C), asked(4)), refused);
    }
    let same = on("UpdateGdapRelationship", json!({"version": 1, "display_name": "Contoso support"}));
    check(created(json!({})), (DAY, agent(P), Some(C), same), &[]);
    let story = after(
        created(json!({})),
        &[(DAY, agent(P), Some(C), on("UpdateGdapRelationship", json!({"version": 1, "duration": "P90D"})))],
    );
    let known = relationship(&story);
    assert_eq!(known.duration.unwrap().value.as_str(), "P90D");
    assert_eq!(known.display_name.unwrap().value, "Contoso support", "what is left out stays");
}

#[test]
fn an_active_relationship_gets_no_further_roles() {
    let add = on("UpdateGdapRelationship", json!({"version": 4, "roles": [READER, WRITERS, GLOBAL]}));
    let refused = &["G-17", "roles_can_only_shrink"];
    check(active(json!({})), ("2022-02-01T00:00:00Z", agent(P), Some(C), add), refused);
}

#[test]
fn only_what_is_not_locked_is_deleted() {
    let delete = |version: u64| on("DeleteGdapRelationship", json!({"version": version}));
    check(created(json!({})), (DAY, agent(P), Some(C), delete(1)), &["GdapRelationshipDeleted"]);
    let refused = &["G-10", "delete_only_in_created"];
    check(locked(json!({})), (DAY, agent(P), Some(C), delete(2)), refused);
    let gone = after(created(json!({})), &[(DAY, agent(P), Some(C), delete(1))]);
    check(gone, (DAY, agent(P), Some(C), delete(2)), refused);
}

#[test]
fn a_change_names_the_version_that_was_read() {
    let changes = [
        ("UpdateGdapRelationship", json!({"display_name": "New"})),
        ("DeleteGdapRelationship", json!({})),
        ("SetGdapAutoExtend", json!({"auto_extend": "P180D"})),
    ];
    for (name, fields) in changes {
        let asked = |more: Value| on(name, with(fields.clone(), more));
        let missing = &["G-11", "precondition_required"];
        check(created(json!({})), (DAY, agent(P), Some(C), asked(json!({}))), missing);
        let stale = &["G-11", "precondition_failed"];
        check(created(json!({})), (DAY, agent(P), Some(C), asked(json!({"version": 2}))), stale);
    }
}

#[test]
fn it_is_locked_once_and_approved_once_locked() {
    let lock = || on("LockGdapForApproval", json!({}));
    check(created(json!({})), (DAY, agent(P), Some(C), lock()), &["GdapRelationshipSubmittedForApproval"]);
    check(locked(json!({})), (DAY, agent(P), Some(C), lock()), &["G-12", "invalid_transition"]);
    let approve = || on("ApproveGdap", json!({}));
    check(created(json!({})), (DAY, admin(C), Some(C), approve()), &["G-12", "invalid_transition"]);
    check(locked(json!({})), (DAY, admin(C), Some(C), approve()), &["GdapRelationshipApproved"]);
    check(approved(json!({})), (DAY, admin(C), Some(C), approve()), &["G-12", "invalid_transition"]);
    check(office(), (DAY, agent(P), Some(C), lock()), &["G-20", "gdap_relationship_not_found"]);
    check(created(json!({})), (DAY, agent(Q), Some(C), lock()), &["G-1", "actor_not_party"]);
}

#[test]
fn only_the_customer_approves_and_the_reseller_only_its_own() {
    let approve = || on("ApproveGdap", json!({}));
    let refused = &["G-13", "only_customer_may_approve"];
    let mut helper = admin(C);
    helper.role = Some(Role::UserManagementAdmin);
    for actor in [agent(P), agent(Q), helper, admin(C2), of_kind(ActorKind::Microsoft)] {
        check(locked(json!({})), (DAY, actor, Some(C), approve()), refused);
    }
    let for_reseller = || {
        let of_ir = with(create(json!({})), json!({"partner": IR}));
        after(office().with_partnership(), &[(DAY, agent(I), Some(C), of_ir)])
    };
    let of_ir = |name: &str| with(on(name, json!({})), json!({"partner": IR}));
    let waiting = after(for_reseller(), &[(DAY, agent(I), Some(C), of_ir("LockGdapForApproval"))]);
    let pending = &["G-13", "partner_consent_pending"];
    check(waiting.clone(), (DAY, admin(C), Some(C), of_ir("ApproveGdap")), pending);
    check(waiting.clone(), (DAY, agent(I), Some(C), of_ir("ApproveGdap")), refused);
    let agreed = check(waiting.clone(), (DAY, agent(IR), Some(C), of_ir("ApproveGdap")), &["GdapPartnerConsentGiven"]);
    check(agreed.clone(), (DAY, agent(IR), Some(C), of_ir("ApproveGdap")), &[]);
    check(agreed.clone(), (DAY, admin(C), Some(C), of_ir("ApproveGdap")), &["GdapRelationshipApproved"]);
    let only = &["G-13", "only_reseller_may_reject"];
    for actor in [agent(I), admin(C)] {
        check(waiting.clone(), (DAY, actor, Some(C), of_ir("RejectGdap")), only);
    }
    check(agreed, (DAY, agent(IR), Some(C), of_ir("RejectGdap")), only);
    check(locked(json!({})), (DAY, agent(P), Some(C), on("RejectGdap", json!({}))), only);
    let story = check(waiting, (DAY, agent(IR), Some(C), of_ir("RejectGdap")), &["GdapRelationshipRejected"]);
    assert_eq!(status(&story, DAY), GdapStatus::Rejected);
    check(story, (DAY, agent(IR), Some(C), of_ir("RejectGdap")), &["G-12", "invalid_transition"]);
}

#[test]
fn an_unanswered_request_is_gone_after_ninety_days() {
    let approve = || on("ApproveGdap", json!({}));
    check(locked(json!({})), ("2022-04-01T00:59:59Z", admin(C), Some(C), approve()), &["GdapRelationshipApproved"]);
    check(locked(json!({})), ("2022-04-01T01:00:00Z", admin(C), Some(C), approve()), &["G-14", "request_expired"]);
    assert_eq!(status(&locked(json!({})), "2022-04-01T00:59:59Z"), GdapStatus::ApprovalPending);
    assert_eq!(status(&locked(json!({})), "2022-04-01T01:00:00Z"), GdapStatus::RequestExpired);
}

/// P made and locked R1 without saying for whom.
fn open() -> Story {
    after(
        office(),
        &[(DAY, agent(P), None, create(json!({}))), (DAY, agent(P), None, on("LockGdapForApproval", json!({})))],
    )
}

#[test]
fn the_link_of_a_relationship_is_used_once() {
    let approve = || on("ApproveGdap", json!({}));
    let used = after(open(), &[(DAY, admin(C), Some(C), approve())]);
    check(used, (DAY, admin(C2), Some(C2), approve()), &["G-20", "invitation_already_used"]);
}

#[test]
fn the_customer_is_the_one_it_is_made_for_or_the_one_who_approves() {
    let approve = || on("ApproveGdap", json!({}));
    check(locked(json!({})), (DAY, admin(C2), Some(C2), approve()), &["G-21", "customer_mismatch"]);
    let story = after(open(), &[(DAY, admin(C), Some(C), approve())]);
    let known = relationship(&story);
    assert_eq!(known.customer.unwrap().value, C.parse().unwrap());
    assert_eq!(known.roles.unwrap().value.len(), 2, "the customer's stream has all of the terms");
    assert_eq!(known.approval.unwrap().value.by.as_deref(), Some("admin@customer.example"));
    // A command that leaves the customer out would not reach the customer's stream.
    let delete = on("DeleteGdapRelationship", json!({"version": 1}));
    check(created(json!({})), (DAY, agent(P), None, delete), &["G-21", "customer_mismatch"]);
    let named = on("UpdateGdapRelationship", json!({"version": 1}));
    let without = || after(office(), &[(DAY, agent(P), None, create(json!({})))]);
    let story = check(without(), (DAY, agent(P), Some(C), named.clone()), &["GdapRelationshipUpdated"]);
    assert_eq!(relationship(&story).customer.unwrap().value, C.parse().unwrap());
    check(created(json!({})), (DAY, agent(P), Some(C2), named), &["G-21", "customer_mismatch"]);
    check(without(), (DAY, agent(P), None, on("UpdateGdapRelationship", json!({"version": 1}))), &[]);
}

#[test]
fn a_granular_relationship_needs_no_reseller_relationship() {
    let story = active(json!({}));
    assert!(story.resellers().is_empty());
    assert!(story.customer().access.granular.any_active(
        P.parse().unwrap(),
        "2022-02-01T00:00:00Z".parse().unwrap(),
        &story.policy
    ));
}

#[test]
fn an_id_is_two_guids_in_lower_case() {
    for text in ["", "5d027261-d21f-4aa9-b7db-7fa1f56fb163", &R1.to_uppercase(), &R1.replace('-', "")] {
        assert!(text.parse::<ofrecord_core::GdapRelationshipId>().is_err(), "{text}");
    }
    assert_eq!(R1.parse::<ofrecord_core::GdapRelationshipId>().unwrap().as_str(), R1);
}
