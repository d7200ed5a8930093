//! Which users could administer: the precedence of granular access over DAP (W-16), and what is not known.

use std::collections::BTreeMap;

use ofrecord_core::state::Partner;
use ofrecord_core::vocabulary::{AgentGroup, Services};
use ofrecord_core::{Event, PartnerTenantId, RoleId};

use crate::record::PartnerRecord;
use crate::story::granular::{
    GLOBAL_ADMINISTRATOR, activated, agent, assigned, global_reader, group, made, member, no_longer_member, terms,
    user, user_administrator,
};
use crate::story::{Story, accepted, at, azure_role, dap, p, q, seen_at, worldwide};
use crate::*;

/// The groups of P as its own stream tells them; positions are those of another log, apart from the customer's.
fn groups(events: impl IntoIterator<Item = (&'static str, Event)>) -> BTreeMap<PartnerTenantId, Partner> {
    let mut record = PartnerRecord::new(p());
    let mut story = Story::new();
    for (when, event) in events {
        story = story.on(when, [event]);
    }
    story.entries.iter().for_each(|entry| record.take(entry));
    BTreeMap::from([(p(), record.latest().clone())])
}

const ADMIN_AGENTS: u32 = 1;
const SUPPORT: u32 = 2;

/// User 1 is in Admin agents only, user 2 in Admin agents and in the support group, user 3 in the support group only.
fn three_users() -> BTreeMap<PartnerTenantId, Partner> {
    groups([
        ("2022-01-01", agent(p(), ADMIN_AGENTS, "one", AgentGroup::AdminAgents)),
        ("2022-01-02", agent(p(), ADMIN_AGENTS, "two", AgentGroup::AdminAgents)),
        ("2022-01-03", member(p(), SUPPORT, "two")),
        ("2022-01-04", member(p(), SUPPORT, "three")),
    ])
}

/// What a customer gave P.
fn customer(mechanisms: &[Mechanism], given: RoleId) -> Story {
    let mut story = Story::new().on("2022-02-01", [accepted(p())]);
    if mechanisms.contains(&Mechanism::Dap) {
        story = story.on("2022-02-02", [dap(p(), Services::All)]);
    }
    if mechanisms.contains(&Mechanism::Gdap) {
        let running = [made(p(), 1, terms(&[given])), activated(p(), 1)];
        story = story.on("2022-02-03", running.into_iter().chain(assigned(p(), 1, SUPPORT, &[given])));
    }
    story
}

fn rows(story: &Story, partners: &BTreeMap<PartnerTenantId, Partner>) -> Vec<UserAccessRow> {
    let policy = worldwide();
    user_access(&story.record(), partners, &seen_at("2022-03-01", &policy))
}

/// What a user has: each mechanism with its roles.
fn of_user(rows: &[UserAccessRow], name: &str) -> Vec<(Mechanism, Vec<String>)> {
    let of_user = rows.iter().filter(|row| row.user == Some(user(name)));
    of_user.map(|row| (row.mechanism, row.roles.iter().map(|held| held.role.clone()).collect())).collect()
}

const DAP: &[Mechanism] = &[Mechanism::Dap];
const GDAP: &[Mechanism] = &[Mechanism::Gdap];
const BOTH: &[Mechanism] = &[Mechanism::Dap, Mechanism::Gdap];
const NONE: &[Mechanism] = &[];

/// W-16: what the customer gave, the user, and by which mechanism the user has access.
const PRECEDENCE: &[(&[Mechanism], &str, &[Mechanism])] = &[
    (DAP, "one", DAP),
    (BOTH, "one", DAP),
    (GDAP, "one", NONE),
    (DAP, "two", DAP),
    (BOTH, "two", GDAP),
    (GDAP, "two", GDAP),
    (DAP, "three", NONE),
    (BOTH, "three", GDAP),
    (GDAP, "three", GDAP),
];

#[test]
fn w16_granular_access_comes_before_dap_user_by_user() {
    for (given, name, expected) in PRECEDENCE {
        let rows = rows(&customer(given, global_reader()), &three_users());
        let has: Vec<Mechanism> = of_user(&rows, name).into_iter().map(|(mechanism, _)| mechanism).collect();
        assert_eq!(has, *expected, "user {name} of a customer who gave {given:?}");
    }
}

#[test]
fn w16_a_reader_by_assignment_is_no_global_administrator_by_dap() {
    let rows = rows(&customer(BOTH, global_reader()), &three_users());
    assert_eq!(of_user(&rows, "two"), [(Mechanism::Gdap, vec!["Global reader".to_owned()])]);
    assert_eq!(of_user(&rows, "one"), [(Mechanism::Dap, vec!["Global administrator".to_owned()])]);
}

#[test]
fn an_agent_group_with_an_assignment_has_the_roles_of_the_assignment_alone() {
    let agents = [made(p(), 1, terms(&[user_administrator()])), activated(p(), 1)];
    let agents = agents.into_iter().chain(assigned(p(), 1, ADMIN_AGENTS, &[user_administrator()]));
    let story = customer(DAP, GLOBAL_ADMINISTRATOR).on("2022-02-03", agents);
    for name in ["one", "two"] {
        let has = of_user(&rows(&story, &three_users()), name);
        assert_eq!(has, [(Mechanism::Gdap, vec!["User administrator".to_owned()])]);
    }
}

#[test]
fn a_user_has_access_from_the_later_of_membership_and_access_and_by_both_entries() {
    let partners = groups([("2022-02-20", member(p(), SUPPORT, "three"))]);
    let rows = rows(&customer(GDAP, global_reader()), &partners);
    let [row] = rows.as_slice() else { panic!("{rows:#?}") };
    assert_eq!((row.since, row.until, row.group), (at("2022-02-20"), Some(at("2022-08-02")), Some(group(SUPPORT))));
    assert_eq!(row.cells.of("user").collect::<Vec<_>>(), [10]);
    let early = groups([("2021-01-01", member(p(), SUPPORT, "three"))]);
    assert_eq!(self::rows(&customer(GDAP, global_reader()), &early)[0].since, at("2022-02-03"));
}

#[test]
fn helpdesk_agents_have_the_helpdesks_role_and_one_who_left_has_none() {
    let partners = groups([
        ("2022-01-01", agent(p(), 3, "four", AgentGroup::HelpdeskAgents)),
        ("2022-01-02", agent(p(), 3, "five", AgentGroup::HelpdeskAgents)),
        ("2022-01-03", no_longer_member(p(), 3, "five")),
    ]);
    let rows = rows(&customer(DAP, global_reader()), &partners);
    assert_eq!(of_user(&rows, "four"), [(Mechanism::Dap, vec!["Helpdesk administrator".to_owned()])]);
    assert_eq!(of_user(&rows, "five"), []);
}

/// The rows that name no user: what is known of the members, and of which group.
fn nobody(
    story: &Story,
    partners: &BTreeMap<PartnerTenantId, Partner>,
) -> Vec<(Mechanism, Members, Option<ofrecord_core::SecurityGroupId>)> {
    let rows = rows(story, partners);
    rows.iter().filter(|row| row.user.is_none()).map(|row| (row.mechanism, row.members, row.group)).collect()
}

#[test]
fn members_who_were_never_seen_are_not_known_rather_than_nobody() {
    let not_known = Members::NotKnown;
    let both_agents = [(Mechanism::Dap, not_known, None), (Mechanism::Dap, not_known, None)];
    assert_eq!(nobody(&customer(DAP, global_reader()), &BTreeMap::new()), both_agents);
    let assigned = [(Mechanism::Gdap, not_known, Some(group(SUPPORT)))];
    assert_eq!(nobody(&customer(GDAP, global_reader()), &BTreeMap::new()), assigned);
    let of_another = groups([("2022-01-01", member(p(), 9, "one"))]);
    assert_eq!(nobody(&customer(GDAP, global_reader()), &of_another), assigned);
    let azure = Story::new().on("2022-02-01", [azure_role(q())]);
    assert_eq!(nobody(&azure, &three_users()), [(Mechanism::AzureRole, not_known, None)]);
}

#[test]
fn a_group_that_all_have_left_is_said_to_have_none_left() {
    let partners =
        groups([("2022-01-01", member(p(), SUPPORT, "one")), ("2022-01-02", no_longer_member(p(), SUPPORT, "one"))]);
    let left = [(Mechanism::Gdap, Members::NoneLeft, Some(group(SUPPORT)))];
    assert_eq!(nobody(&customer(GDAP, global_reader()), &partners), left);
}
