//! Commands in the shapes of Microsoft Graph: what is refused and with which status, and a relationship from its making
//! to its end, each step an entry as if it had been submitted in the ledger's own words.

use ofrecord_core::{ActorKind, Entry};
use ofrecord_server::{AccessRole, Scope};
use ofrecord_testkit::name;
use ofrecord_testkit::role::{DIRECTORY_READERS, EXCHANGE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, GLOBAL_READER};
use serde_json::{Value, json};

use crate::graph::{named, stage};
use crate::stage::{Answer, Stage};

const RELATIONSHIPS: &str = "/v1.0/tenantRelationships/delegatedAdminRelationships";

/// Sends a command; what is empty has no body.
fn sent(stage: &Stage, method: &str, path: &str, headers: &str, body: &Value) -> Answer {
    let path = if path.starts_with('/') { path.to_owned() } else { format!("{RELATIONSHIPS}/{path}") };
    let body = if body.is_null() { String::new() } else { named(&body.to_string()) };
    stage.sent(method, named(path.trim_end_matches('/')).as_str(), "application/json", headers, &body)
}

fn terms(more: &Value) -> Value {
    let mut terms = json!({
        "displayName": "Support",
        "duration": "P365D",
        "customer": {"tenantId": "[C]", "displayName": "somebody"},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": GLOBAL_READER.to_string()}]},
    });
    for (name, value) in more.as_object().unwrap() {
        terms[name] = value.clone();
    }
    terms
}

fn roles(roles: &[ofrecord_core::RoleId]) -> Value {
    let roles: Vec<Value> = roles.iter().map(|role| json!({"roleDefinitionId": role.to_string()})).collect();
    json!({ "unifiedRoles": roles })
}

fn tag(answer: &Answer) -> String {
    format!("If-Match: {}\r\n", answer.json()["@odata.etag"].as_str().unwrap())
}

/// The path of an address that was answered.
fn path(location: &str) -> &str {
    location.strip_prefix("http://localhost").unwrap()
}

/// The entry that an answer names.
fn entry(stage: &Stage, answer: &Answer) -> Entry {
    stage.ledger.reader().entry(answer.header("ofrecord-position").unwrap().parse().unwrap()).unwrap()
}

#[test]
fn what_is_no_command_is_refused_and_recorded_nowhere() {
    let stage = stage();
    let p = stage.partner("P");
    let size = stage.ledger.reader().log().tree_size();
    let ask = |action: &str| json!({ "action": action });
    let assigned = json!({"accessContainer": {"accessContainerId": "x"}, "accessDetails": roles(&[GLOBAL_READER])});
    for (method, path, body, status, code) in [
        ("POST", "", json!([]), 400, "badRequest"),
        ("POST", "", json!({}), 400, "badRequest"),
        ("POST", "", terms(&json!({"status": "active"})), 400, "badRequest"),
        ("POST", "", terms(&json!({"displayName": null})), 400, "badRequest"),
        ("POST", "", terms(&json!({"customer": {"tenantId": "x"}})), 400, "badRequest"),
        ("PATCH", "[V]", json!({"status": "terminated"}), 400, "badRequest"),
        ("PATCH", "[V]", json!({"displayName": "New", "autoExtendDuration": "P180D"}), 400, "badRequest"),
        ("PATCH", "[X]", json!({"displayName": "New"}), 404, "itemNotFound"),
        ("PATCH", "[H]", json!({"displayName": "New"}), 404, "itemNotFound"),
        ("DELETE", "[H]", Value::Null, 404, "itemNotFound"),
        ("POST", "[G]/requests", ask("dance"), 400, "badRequest"),
        ("POST", "[G]/requests", ask("reject"), 400, "badRequest"),
        ("POST", "[H]/requests", ask("terminate"), 404, "itemNotFound"),
        ("POST", "[G]/accessAssignments", assigned, 400, "badRequest"),
        ("PATCH", "[G]/accessAssignments/x", json!({"accessDetails": roles(&[GLOBAL_READER])}), 400, "badRequest"),
        ("DELETE", "[G]/accessAssignments/[V]", Value::Null, 400, "badRequest"),
        ("PUT", "[G]", json!({}), 405, "methodNotAllowed"),
        ("POST", "[G]/operations", json!({}), 405, "methodNotAllowed"),
    ] {
        let answer = sent(&stage, method, path, &p, &body);
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(code)), "{method} {path} {body}");
    }
    let foreign = r#"W/"JyIxODAwZTY4My0wMDAwLTAyMDAtMDAwMC02MTU0OWFmMDAwMDAiJw==""#;
    let stale = sent(&stage, "DELETE", "[V]", &format!("{p}If-Match: {foreign}\r\n"), &Value::Null);
    assert_eq!((stale.status, stale.json_code().as_deref()), (412, Some("precondition_failed")));
    let no_id = format!("{p}Idempotency-Key: one\r\n");
    assert_eq!(sent(&stage, "POST", "[G]/requests", &no_id, &ask("terminate")).status, 400);
    assert_eq!(stage.sent("POST", RELATIONSHIPS, "text/plain", &p, "{}").status, 415);
    assert_eq!(stage.ledger.reader().log().tree_size(), size);
}

/// Graph's code for a status.
fn graph_code(status: u16) -> &'static str {
    let codes = [
        (400, "badRequest"),
        (403, "accessDenied"),
        (404, "itemNotFound"),
        (409, "conflict"),
        (412, "resourceModified"),
        (428, "preconditionRequired"),
    ];
    codes.iter().find(|(of, _)| *of == status).unwrap().1
}

/// Sends a command that a rule refuses: with which status, code and rule it is told, and what is recorded.
#[track_caller]
fn check(stage: &Stage, who: &str, asked: &str, body: &Value, status: u16, told: &str) {
    let size = stage.ledger.reader().log().tree_size();
    let (method, path) = asked.split_once(' ').unwrap();
    let (code, rule) = told.split_once(' ').unwrap();
    let answer = sent(stage, method, path, who, body);
    let said = answer.json();
    let inner = &said["error"]["innerError"];
    assert_eq!((answer.status, &inner["code"], &inner["rule"]), (status, &json!(code), &json!(rule)), "{asked} {body}");
    assert_eq!(said["error"]["code"], json!(graph_code(status)), "{asked} {body}");
    let entry = stage.ledger.reader().entry(size).unwrap();
    assert_eq!(entry.decision.refusal.unwrap().code, code, "{asked} {body}");
}

/// The tag of a version that nothing here has reached.
const STALE: &str = "If-Match: W/\"JyIxNyIn\"\r\n";
/// Whatever there is.
const ANY: &str = "If-Match: *\r\n";

#[test]
fn what_a_rule_refuses_of_a_relationship_is_recorded_and_told_with_its_status() {
    let stage = stage();
    let p = stage.partner("P");
    let c = stage.token("c", AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")));
    let ask = |action: &str| json!({ "action": action });
    let (taken, new) = (json!({"displayName": "administration G"}), json!({"displayName": "New"}));
    let (stale, any) = (format!("{p}{STALE}"), format!("{p}{ANY}"));
    for (who, asked, body, status, told) in [
        (&p, "POST ", terms(&json!({"duration": "P800D"})), 400, "duration_out_of_range G-4"),
        (&p, "POST ", terms(&json!({"duration": "one year"})), 400, "duration_out_of_range G-4"),
        (&p, "POST ", terms(&taken), 409, "display_name_not_unique G-2"),
        (&p, "POST ", terms(&json!({"accessDetails": roles(&[])})), 400, "role_not_supported G-5"),
        (&p, "PATCH [V]", new.clone(), 428, "precondition_required G-11"),
        (&stale, "PATCH [V]", new.clone(), 412, "precondition_failed G-11"),
        (&any, "PATCH [G]", new.clone(), 409, "not_editable_in_status G-8"),
        (&p, "DELETE [V]", Value::Null, 428, "precondition_required G-11"),
        (&any, "DELETE [G]", Value::Null, 409, "delete_only_in_created G-10"),
        (&p, "POST [G]/requests", ask("lockForApproval"), 409, "invalid_transition G-12"),
        (&p, "POST [W]/requests", ask("approve"), 403, "only_customer_may_approve G-13"),
        (&p, "POST [V]/requests", ask("terminate"), 409, "invalid_transition G-15"),
        (&c, "POST [G]/requests", ask("terminate"), 403, "customer_global_admin_required R-5"),
        (&format!("{c}{ANY}"), "PATCH [V]", new, 403, "actor_not_party G-1"),
    ] {
        check(&stage, who, asked, &body, status, told);
    }
}

#[test]
fn what_a_rule_refuses_of_an_assignment_is_recorded_and_told_with_its_status() {
    let stage = stage();
    let p = stage.partner("P");
    let assigned = |role, group: &str| {
        let container = json!({"accessContainerId": name::group(group).to_string()});
        json!({"accessContainer": container, "accessDetails": roles(&[role])})
    };
    let (stale, any) = (format!("{p}{STALE}"), format!("{p}{ANY}"));
    for (who, asked, body, status, told) in [
        (&p, "POST [G]", assigned(EXCHANGE_ADMINISTRATOR, "Other"), 400, "role_not_in_relationship A-2"),
        (&p, "POST [G]", assigned(GLOBAL_READER, "Support"), 409, "assignment_exists A-4"),
        (&p, "POST [V]", assigned(GLOBAL_READER, "Other"), 409, "relationship_not_active A-1"),
        (&any, "PATCH [G] [A]", assigned(GLOBAL_READER, "Other"), 400, "group_is_immutable A-7"),
        (&p, "DELETE [G] [A]", Value::Null, 428, "precondition_required A-6"),
        (&stale, "DELETE [G] [A]", Value::Null, 412, "precondition_failed A-6"),
    ] {
        let (method, path) = asked.split_once(' ').unwrap();
        let (relationship, assignment) = path.split_once(' ').unwrap_or((path, ""));
        let asked = format!("{method} {relationship}/accessAssignments/{assignment}");
        check(&stage, who, &asked, &body, status, told);
    }
}

#[test]
fn a_relationship_is_made_changed_locked_approved_assigned_and_ended_by_graphs_own_words() {
    let stage = stage();
    let p = stage.partner("P");
    let c = stage.token("c", AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")));
    let c = format!("{c}ofrecord-role: global_admin\r\n");
    let get = |path: &str| stage.get_with(path, &p);

    let made = sent(&stage, "POST", "", &p, &terms(&json!({"autoExtendDuration": "P0D", "@odata.type": "x"})));
    assert_eq!(made.status, 201, "{}", made.text());
    let relationship = made.json();
    assert_eq!((&relationship["status"], &relationship["activatedDateTime"]), (&json!("created"), &json!("")));
    let recorded = entry(&stage, &made);
    let actor = (recorded.decision.actor.kind, recorded.decision.actor.user);
    assert_eq!(actor, (ActorKind::PartnerUser, Some("P".to_owned())));
    assert_eq!(recorded.decision.command.name(), "CreateGdapRelationship");
    let own = path(made.header("location").unwrap()).to_owned();
    assert_eq!(own, format!("{RELATIONSHIPS}/{}", relationship["id"].as_str().unwrap()));

    let read = get(&own);
    assert_eq!(read.json()["activatedDateTime"], Value::Null);
    let whole = json!({"displayName": "Support", "duration": "P365D", "autoExtendDuration": "P0D"});
    let unchanged = sent(&stage, "PATCH", &own, &p, &whole);
    assert_eq!((unchanged.status, unchanged.header("ofrecord-position")), (200, None), "{}", unchanged.text());
    let admin = json!({"displayName": "Care", "accessDetails": roles(&[GLOBAL_ADMINISTRATOR, GLOBAL_READER])});
    let changed = sent(&stage, "PATCH", &own, &format!("{p}{}", tag(&read)), &admin);
    assert_eq!((changed.status, &changed.json()["displayName"]), (200, &json!("Care")), "{}", changed.text());
    assert_ne!(tag(&changed), tag(&read));
    assert_eq!(sent(&stage, "PATCH", &own, &format!("{p}{}", tag(&read)), &whole).status, 412);

    let locked = sent(&stage, "POST", &format!("{own}/requests"), &p, &json!({"action": "lockForApproval"}));
    assert_eq!((locked.status, &locked.json()["status"]), (201, &json!("succeeded")), "{}", locked.text());
    let request = get(path(locked.header("location").unwrap()));
    assert_eq!((request.status, &request.json()["action"]), (200, &json!("lockForApproval")));
    let approved = sent(&stage, "POST", &format!("{own}/requests"), &c, &json!({"action": "approve"}));
    assert_eq!(approved.status, 201, "{}", approved.text());
    assert_eq!(entry(&stage, &approved).decision.actor.kind, ActorKind::CustomerAdmin);
    activated(&stage, relationship["id"].as_str().unwrap());
    assert_eq!(get(&own).json()["status"], json!("active"));

    let given_up = json!({"accessDetails": roles(&[GLOBAL_READER])});
    let given_up = sent(&stage, "PATCH", &own, &format!("{p}{}", tag(&get(&own))), &given_up);
    assert_eq!((given_up.status, given_up.text().as_str()), (202, "{}"), "{}", given_up.text());
    assert_eq!(given_up.header("retry-after"), Some("10"));
    let operation = get(path(given_up.header("location").unwrap())).json();
    assert_eq!(operation["operationType"], json!("delegatedAdminRelationshipUpdate"));
    let going_on = json!({"autoExtendDuration": "P180D"});
    let going_on = sent(&stage, "PATCH", &own, &format!("{p}{}", tag(&get(&own))), &going_on);
    assert_eq!((going_on.status, &going_on.json()["autoExtendDuration"]), (200, &json!("P180D")));

    let ended = sent(&stage, "POST", &format!("{own}/requests"), &p, &json!({"action": "terminate"}));
    assert_eq!((ended.status, &ended.json()["status"]), (201, &json!("pending")), "{}", ended.text());
    assert_eq!(get(&own).json()["status"], json!("terminationRequested"));
    let requests = get(&format!("{own}/requests")).json();
    assert_eq!(requests["value"].as_array().unwrap().len(), 3, "{requests:#}");
}

/// Microsoft brings a relationship into force.
fn activated(stage: &Stage, relationship: &str) {
    let activation = json!({
        "command_id": "00000000-0000-4000-8000-0000000000aa",
        "actor": {"kind": "microsoft"},
        "customer": name::customer("C").to_string(),
        "command": {
            "type": "ActivateGdap",
            "partner": name::partner("P").to_string(),
            "relationship": relationship,
        },
    });
    stage.accepted([ofrecord_ledger::submission::read_value(activation).unwrap()]);
}

#[test]
fn an_access_assignment_is_made_changed_and_deleted() {
    let stage = stage();
    let p = stage.partner("P");
    let all = format!("{RELATIONSHIPS}/{}/accessAssignments", name::granular("G"));
    let container = json!({
        "accessContainerId": name::group("Other").to_string(), "accessContainerType": "securityGroup",
    });
    let both = roles(&[GLOBAL_READER, DIRECTORY_READERS]);
    let made = sent(&stage, "POST", &all, &p, &json!({"accessContainer": container, "accessDetails": both}));
    assert_eq!((made.status, &made.json()["status"]), (201, &json!("pending")), "{}", made.text());
    let own = path(made.header("location").unwrap()).to_owned();
    let read = stage.get_with(&own, &p);
    assert_eq!(
        (read.status, &read.json()["accessDetails"]["unifiedRoles"]),
        (200, &made.json()["accessDetails"]["unifiedRoles"])
    );
    let same = sent(&stage, "PATCH", &own, &format!("{p}{}", tag(&read)), &json!({"accessDetails": both}));
    assert_eq!((same.status, &same.json()["id"]), (200, &made.json()["id"]), "{}", same.text());
    let fewer = json!({"accessDetails": roles(&[GLOBAL_READER])});
    let changed = sent(&stage, "PATCH", &own, &format!("{p}{}", tag(&read)), &fewer);
    assert_eq!((changed.status, changed.text().as_str()), (202, "{}"), "{}", changed.text());
    let operation = stage.get_with(path(changed.header("location").unwrap()), &p).json();
    assert_eq!(operation["operationType"], json!("delegatedAdminAccessAssignmentUpdate"), "{operation:#}");
    assert!(operation["data"].as_str().unwrap().contains(&GLOBAL_READER.to_string()), "{operation:#}");
    assert_eq!(sent(&stage, "DELETE", &own, &format!("{p}{}", tag(&read)), &Value::Null).status, 412);
    let now = stage.get_with(&own, &p);
    let gone = sent(&stage, "DELETE", &own, &format!("{p}{}", tag(&now)), &Value::Null);
    assert_eq!((gone.status, gone.text().as_str(), gone.header("content-type")), (204, "", None));
    assert_eq!(stage.get_with(&own, &p).status, 404);
}

#[test]
fn a_request_that_is_sent_again_is_answered_again_and_recorded_once() {
    let stage = stage();
    let p = stage.partner("P");
    let again = format!("{p}client-request-id: 8bd28ff6-2b65-4b02-9d4c-6b9ab2a1b3c1\r\n");
    let first = sent(&stage, "POST", "", &again, &terms(&json!({})));
    let size = stage.ledger.reader().log().tree_size();
    let second = sent(&stage, "POST", "", &again, &terms(&json!({})));
    assert_eq!((first.status, second.status), (201, 201), "{}", second.text());
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(first.header("ofrecord-position"), second.header("ofrecord-position"));
    assert_eq!(stage.ledger.reader().log().tree_size(), size);
    let other = sent(&stage, "POST", "", &again, &terms(&json!({"displayName": "Other"})));
    assert_eq!((other.status, &other.json()["error"]["code"]), (409, &json!("conflict")), "{}", other.text());
    let key = format!("{again}Idempotency-Key: 8bd28ff6-2b65-4b02-9d4c-6b9ab2a1b3c2\r\n");
    assert_eq!(sent(&stage, "POST", "", &key, &terms(&json!({"displayName": "Other"}))).status, 201);
}

#[test]
fn a_tag_names_the_version_of_the_partners_account_also_where_the_customer_came_later() {
    let stage = stage();
    let p = stage.partner("P");
    let mut for_nobody = terms(&json!({}));
    for_nobody.as_object_mut().unwrap().remove("customer");
    let made = sent(&stage, "POST", "", &p, &for_nobody);
    let own = path(made.header("location").unwrap()).to_owned();
    for change in [json!({"customer": {"tenantId": "[C]"}}), json!({"displayName": "Care"})] {
        let read = stage.get_with(&own, &p);
        let changed = sent(&stage, "PATCH", &own, &format!("{p}{}", tag(&read)), &change);
        assert_eq!(changed.status, 200, "{change}: {}", changed.text());
    }
    let read = stage.get_with(&own, &p).json();
    assert_eq!((&read["displayName"], &read["customer"]["tenantId"]), (&json!("Care"), &json!(name::customer("C"))));
}

#[test]
fn where_nobody_is_asked_for_a_token_the_partner_is_named() {
    let stage = Stage::new();
    let body = terms(&json!({}));
    let unnamed = sent(&stage, "POST", "", "", &body);
    assert_eq!((unnamed.status, unnamed.json_code().as_deref()), (400, Some("malformed")), "{}", unnamed.text());
    let partner = format!("ofrecord-partner: {}\r\n", name::partner("P"));
    let refused = sent(&stage, "POST", "", &partner, &body);
    assert_eq!(refused.json_code().as_deref(), Some("gdap_not_available"), "{}", refused.text());
}
