//! Rows of who could administer.

use ofrecord_core::Event;
use ofrecord_core::event::dap::{DapObserved, DapState};
use ofrecord_core::vocabulary::Services;

use super::{Coverage, Mechanism, Standing, access};
use crate::story::{Story, accepted, at, azure_role, china, dap, names, p, q, removed, seen_at};

#[test]
fn dap_gives_both_groups_of_the_partner_their_role() {
    let policy = china();
    let record = Story::new().on("2024-01-01", [accepted(q()), dap(q(), Services::All)]).record();
    let rows = access(&record, &seen_at("2024-01-02", &policy));
    assert_eq!(rows.len(), 1);
    let roles: Vec<_> = rows[0].roles.iter().map(|held| (held.role.as_str(), held.through.as_deref())).collect();
    assert_eq!(
        roles,
        [("Global administrator", Some("Admin agents")), ("Helpdesk administrator", Some("Helpdesk agents"))]
    );
    assert_eq!((rows[0].mechanism, &rows[0].coverage), (Mechanism::Dap, &Coverage::Tenant));
}

#[test]
fn each_service_and_each_azure_role_is_a_row_of_its_own() {
    let policy = china();
    let record = Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), names(&["Azure", "Exchange"])), azure_role(q()), azure_role(p())])
        .record();
    let keys: Vec<String> =
        access(&record, &seen_at("2024-01-02", &policy)).iter().map(super::AccessRow::key).collect();
    assert_eq!(
        keys,
        [
            format!("{}/dap/Azure", q()),
            format!("{}/dap/Exchange", q()),
            format!("{}/azure_role//subscriptions/1/Owner", q()),
            format!("{}/azure_role//subscriptions/1/Owner", p()),
        ]
    );
}

#[test]
fn a_row_says_whether_its_partner_was_reseller() {
    let policy = china();
    let record = Story::new()
        .on("2024-01-01", [azure_role(q())])
        .on("2024-02-01", [accepted(q())])
        .on("2024-03-01", [removed(q())])
        .record();
    let standing = |day: &str| access(&record, &seen_at(day, &policy)).remove(0).standing;
    assert_eq!(standing("2024-01-15"), Standing::NeverReseller);
    assert_eq!(standing("2024-02-15"), Standing::Reseller);
    assert_eq!(standing("2024-03-15"), Standing::FormerReseller);
}

#[test]
fn what_was_there_before_it_was_seen_keeps_the_sources_own_beginning() {
    let policy = china();
    let seen = Event::DapObserved(DapObserved {
        partner: q(),
        state: DapState::Active,
        started_at: Some(at("2019-05-05")),
        ended_at: None,
        last_sign_in_at: None,
    });
    let record = Story::new().on("2024-01-01", [seen]).record();
    let row = access(&record, &seen_at("2024-01-02", &policy)).remove(0);
    assert_eq!((row.since, row.started_at), (at("2024-01-01"), Some(at("2019-05-05"))));
}
