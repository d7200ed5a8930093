//! W-9, W-10, W-12 and W-16: granular relationships that go on, replace DAP, end, and come before DAP user by user.

use ofrecord_core::vocabulary::{AgentGroup, ApprovalBasis, GdapAutoExtend, GdapStatus, PartnerType, Services};
use ofrecord_core::{Cloud, RoleId};
use ofrecord_ledger::KnownAt;
use ofrecord_testkit::name;
use ofrecord_testkit::role::{DIRECTORY_READERS, GLOBAL_ADMINISTRATOR, GLOBAL_READER};
use ofrecord_testkit::story::{Terms, instant};
use ofrecord_views::{
    AtEnd, AtMicrosoft, GranularRow, Mechanism, ReplacedBy, dap_terminations, granular_relationships, user_access,
};

use super::{C, Stage, stage};

const GRANULAR: &str = "G-1";
const SUPPORT: (&str, &str) = ("A-1", "Support");

/// Worldwide, where P sells and each customer has accepted it, some with DAP.
pub(super) fn p_sells_to(customers: &[(&str, bool)]) -> Stage {
    let stage = stage(Cloud::Worldwide);
    let story = &stage.story;
    stage.accepted(story.at("2021-12-01").ledger().registers_partner("P", PartnerType::DirectBill, None));
    stage.accepted(story.at("2021-12-01").ledger().records_partner_agreement("P"));
    for (customer, with_dap) in customers {
        stage.accepted(story.at("2021-12-02").ledger().registers_customer(customer));
        stage.accepted(story.at("2021-12-02").ledger().records_direct_agreement(customer));
        let partner = story.at("2021-12-03").partner("P");
        if *with_dap {
            stage.accepted(partner.requests_relationship_with_dap(Services::All));
            stage.accepted(story.at("2021-12-04").customer(customer).accepts_with_dap("P", Services::All));
        } else {
            stage.accepted(partner.requests_relationship());
            stage.accepted(story.at("2021-12-04").customer(customer).accepts("P"));
        }
    }
    stage
}

impl Stage {
    /// P makes a relationship on one day; on the other it is approved, comes into force, and a group has its roles.
    pub(super) fn grants(&self, customer: &str, (made, active): (&str, &str), terms: Terms, given: &[RoleId]) {
        let (story, relationship) = (&self.story, format!("{GRANULAR}{customer}"));
        let (assignment, group) = (format!("A{customer}"), SUPPORT.1);
        for request in [
            story.at(made).partner("P").makes_granular(customer, &relationship, terms),
            story.at(made).partner("P").locks_granular(customer, &relationship),
            story.at(active).customer(customer).approves_granular("P", &relationship),
            story.at(active).ledger().activates_granular(customer, "P", &relationship),
            story.at(active).partner("P").assigns(customer, &relationship, (&assignment, group), given),
            story.at(active).ledger().activates_assignment(customer, "P", &relationship, &assignment),
        ] {
            self.accepted(request);
        }
    }

    fn granular(&self, as_of: &str) -> GranularRow {
        let (record, snapshot) = self.running.record(name::customer(C), KnownAt::Now).unwrap();
        let mut rows = granular_relationships(&record, &self.running.reader().viewpoint(&snapshot, instant(as_of)));
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    fn mechanisms(&self, as_of: &str) -> Vec<Mechanism> {
        self.access_of(as_of, "P").iter().map(|row| row.mechanism).collect()
    }

    /// What a user of P can do at a customer: each mechanism with its roles.
    fn user_can(&self, customer: &str, user: &str) -> Vec<(Mechanism, Vec<String>)> {
        let (record, snapshot) = self.running.record(name::customer(customer), KnownAt::Now).unwrap();
        let reader = self.running.reader();
        let viewpoint = reader.viewpoint(&snapshot, instant("2022-03-01"));
        let partners = reader.partners_of(&record, &snapshot, &viewpoint).unwrap();
        let rows = user_access(&record, &partners, &viewpoint);
        let of_user = rows.into_iter().filter(|row| row.user == Some(name::user(user)));
        of_user.map(|row| (row.mechanism, row.roles.into_iter().map(|held| held.role).collect())).collect()
    }
}

fn named(relationship: &str) -> String {
    format!("{relationship}{C}")
}

#[test]
fn w9_a_relationship_goes_on_by_180_days_and_not_while_it_holds_global_administrator() {
    let stage = p_sells_to(&[(C, false)]);
    let days = ("2022-01-01", "2022-01-02");
    stage.grants(C, days, Terms::of_days(180, &[GLOBAL_READER]).going_on(), &[GLOBAL_READER]);
    let ends = |stage: &Stage, as_of: &str| stage.granular(as_of).ends_at.unwrap().date_text();
    assert_eq!(ends(&stage, "2022-06-30T23:59:59Z"), "2022-07-01");
    assert_eq!(ends(&stage, "2022-07-01"), "2022-12-28", "time alone moves it");
    let told = stage.story.at("2022-07-01").ledger().extends_granular(C, "P", &named(GRANULAR));
    stage.accepted(told);
    assert_eq!((ends(&stage, "2022-07-01"), stage.granular("2022-07-01").extensions), ("2022-12-28".to_owned(), 1));
    assert_eq!(stage.granular("2022-12-27").at_end, Some(AtEnd::GoesOn));

    let stage = p_sells_to(&[(C, false)]);
    let story = &stage.story;
    let both = [GLOBAL_ADMINISTRATOR, GLOBAL_READER];
    let terms = Terms::of_days(180, &both);
    let at_once = story.at("2022-01-01").partner("P").makes_granular(C, "G-0", terms.clone().going_on());
    stage.refused(at_once, "G-7");
    stage.grants(C, days, terms, &[GLOBAL_READER]);
    stage.refused(story.at("2022-02-01").partner("P").lets_granular_go_on(C, &named(GRANULAR), 4), "G-7");
    assert_eq!(stage.granular("2022-02-01").at_end, Some(AtEnd::Ends));
    stage.accepted(story.at("2022-02-02").partner("P").gives_global_administrator_up(C, &named(GRANULAR), 4));
    stage.accepted(story.at("2022-02-03").partner("P").lets_granular_go_on(C, &named(GRANULAR), 5));
    let row = stage.granular("2022-07-01");
    assert_eq!((row.auto_extend, ends(&stage, "2022-07-01")), (Some(GdapAutoExtend::P180D), "2022-12-28".to_owned()));
    let held = row.global_administrator.unwrap();
    assert_eq!((held.since, held.until), (instant("2022-01-01"), Some(instant("2022-02-02"))));
}

#[test]
fn w10_dap_ends_thirty_days_after_microsoft_led_to_a_relationship_that_nobody_approved() {
    let stage = p_sells_to(&[(C, true)]);
    let story = &stage.story;
    stage.accepted(story.at("2023-05-22").ledger().leads_to_granular(C, "P", GRANULAR, &[DIRECTORY_READERS]));
    let assigned = story.at("2023-05-22").partner("P").assigns(C, GRANULAR, SUPPORT, &[DIRECTORY_READERS]);
    stage.accepted(assigned);
    stage.accepted(story.at("2023-05-22").ledger().activates_assignment(C, "P", GRANULAR, SUPPORT.0));
    let early = story.at("2023-06-20T23:59:59Z").ledger().ends_dap_after_transition(C, "P");
    stage.refused(early, "D-6");
    stage.accepted(story.at("2023-06-21").ledger().ends_dap_after_transition(C, "P"));

    for (as_of, by) in [
        ("2023-05-21", &[Mechanism::Dap][..]),
        ("2023-05-22", &[Mechanism::Dap, Mechanism::Gdap]),
        ("2023-06-20", &[Mechanism::Dap, Mechanism::Gdap]),
        ("2023-06-21", &[Mechanism::Gdap]),
        ("2024-05-20", &[Mechanism::Gdap]),
        ("2024-05-21", &[]),
    ] {
        assert_eq!(stage.mechanisms(as_of), by, "{as_of}");
    }
    let row = stage.granular("2023-06-21");
    assert!(row.display_name.unwrap().starts_with("MLT_"));
    let approved = row.approved.unwrap();
    assert_eq!((approved.basis, approved.by), (ApprovalBasis::MicrosoftLed, None));
    let (record, snapshot) = stage.running.record(name::customer(C), KnownAt::Now).unwrap();
    let told = record.entries().iter().flat_map(|entry| &entry.events).map(|event| event.name());
    assert_eq!(told.filter(|name| *name == "GdapRelationshipApproved").count(), 0);
    let reader = stage.running.reader();
    let terminations = dap_terminations(&record, &reader.viewpoint(&snapshot, instant("2023-07-01")));
    assert_eq!(terminations.iter().map(|one| one.replaced_by).collect::<Vec<_>>(), [ReplacedBy::MicrosoftLed]);
}

#[test]
fn w12_what_expired_is_still_answered_when_microsoft_has_cleaned_it_up() {
    let roles = [GLOBAL_READER, DIRECTORY_READERS];
    let stage = p_sells_to(&[(C, false)]);
    stage.grants(C, ("2023-12-31", "2024-01-01"), Terms::of_days(366, &roles), &roles);
    let before = |stage: &Stage| {
        let access = stage.access_of("2024-12-31", "P").into_iter();
        access.map(|row| (row.mechanism, row.granular.unwrap().roles.unwrap())).collect::<Vec<_>>()
    };
    let expected = [(Mechanism::Gdap, roles.into())];
    assert_eq!(before(&stage), expected);
    stage.accepted(stage.story.at("2025-01-01").ledger().expires_granular(C, "P", &named(GRANULAR)));
    assert_eq!(before(&stage), expected);
    let (shown, gone) = ("2025-12-31", "2026-02-01");
    assert_eq!(stage.granular(shown).at_microsoft, AtMicrosoft::Shown);
    assert_eq!(stage.granular(gone).at_microsoft, AtMicrosoft::NoLongerShown);
    stage.accepted(stage.story.at("2026-01-15").ledger().cleans_granular_up(C, "P", &named(GRANULAR)));
    assert_eq!(before(&stage), expected);
    let row = stage.granular(gone);
    assert_eq!((row.status, row.at_microsoft), (Some(GdapStatus::Expired), AtMicrosoft::CleanedUp));
    assert_eq!(row.roles, Some(roles.into()));
    assert_eq!(stage.mechanisms(gone), []);
}

#[test]
fn w16_granular_access_comes_before_dap_user_by_user() {
    let stage = p_sells_to(&[("C1", true), ("C2", true), ("C3", false)]);
    let given = [GLOBAL_READER];
    for customer in ["C2", "C3"] {
        stage.grants(customer, ("2022-01-01", "2022-01-02"), Terms::of_days(180, &given), &given);
    }
    let agents = Some(AgentGroup::AdminAgents);
    for (group, user, agent_group) in [
        ("Agents", "one", agents.clone()),
        ("Agents", "two", agents),
        (SUPPORT.1, "two", None),
        (SUPPORT.1, "three", None),
    ] {
        let partner = stage.story.at("2022-02-01").partner("P");
        stage.accepted(partner.puts_user_into(group, user, agent_group));
    }
    let none: &[(Mechanism, &str)] = &[];
    let dap = &[(Mechanism::Dap, "Global administrator")][..];
    let gdap = &[(Mechanism::Gdap, "Global reader")][..];
    for (user, expected) in [("one", [dap, dap, none]), ("two", [dap, gdap, gdap]), ("three", [none, gdap, gdap])] {
        for (customer, expected) in ["C1", "C2", "C3"].into_iter().zip(expected) {
            let expected = expected.iter().map(|(mechanism, role)| (*mechanism, vec![(*role).to_owned()]));
            assert_eq!(stage.user_can(customer, user), expected.collect::<Vec<_>>(), "user {user} at {customer}");
        }
    }
}
