//! W-9, W-10 and W-12 as their views answer them; W-16 stands with the users whom it is about.

use ofrecord_core::Event;
use ofrecord_core::event::dap::{DapTerminatedByMicrosoft, DapTransitionStartedByMicrosoft};
use ofrecord_core::event::gdap::{GdapRelationshipActivated, GdapRelationshipExpired, GdapTerms};
use ofrecord_core::vocabulary::{ApprovalBasis, DapTerminationCause, GdapDuration, GdapStatus, Services};

use crate::record::CustomerRecord;
use crate::story::granular::{
    GLOBAL_ADMINISTRATOR, activated, assigned, extending, global_reader, made, relationship, roles, terms,
    user_administrator,
};
use crate::story::{Story, accepted, at, dap, p, seen_at, worldwide};
use crate::*;

fn seen(record: &CustomerRecord, as_of: &str) -> (Vec<AccessRow>, GranularRow) {
    let policy = worldwide();
    let viewpoint = seen_at(as_of, &policy);
    (access(record, &viewpoint), granular_relationships(record, &viewpoint).remove(0))
}

/// W-9: 180 days from 2022-01-02, going on by 180 days.
#[test]
fn a_relationship_that_goes_on_moves_its_end_from_july_to_december_by_time_alone() {
    let story = Story::new()
        .on("2022-01-01", [made(p(), 1, extending(&[global_reader()]))])
        .on("2022-01-02", [activated(p(), 1)])
        .on("2022-01-02", assigned(p(), 1, 1, &[global_reader()]));
    let record = story.record();
    for (as_of, until, extensions) in [
        ("2022-06-30T23:59:59.9999999Z", "2022-07-01", 0),
        ("2022-07-01", "2022-12-28", 1),
        ("2022-12-27T23:59:59.9999999Z", "2022-12-28", 1),
        ("2022-12-28", "2023-06-26", 2),
    ] {
        let (access, relationship) = seen(&record, as_of);
        assert_eq!(access.iter().map(|row| row.until).collect::<Vec<_>>(), [Some(at(until))], "{as_of}");
        assert_eq!((relationship.ends_at, relationship.extensions), (Some(at(until)), extensions), "{as_of}");
        assert_eq!(relationship.at_end, Some(AtEnd::GoesOn));
    }
    let with_role = Story::new()
        .on("2022-01-01", [made(p(), 1, extending(&[GLOBAL_ADMINISTRATOR, global_reader()]))])
        .on("2022-01-02", [activated(p(), 1)]);
    let (_, over) = seen(&with_role.record(), "2022-07-01");
    assert_eq!((over.status, over.extensions), (Some(GdapStatus::Expired), 0), "it does not go on with that role");
}

/// W-10: Microsoft leads P from DAP to a granular relationship of one year.
#[test]
fn dap_ends_thirty_days_into_the_transition_and_nobody_approved_what_replaces_it() {
    let relationship = relationship(1);
    let led = GdapTerms {
        display_name: "MLT_abcd1234_efgh5678_ijkl9012".to_owned(),
        duration: GdapDuration::of_days(365),
        ..terms(&[global_reader()])
    };
    let began = [
        Event::DapTransitionStartedByMicrosoft(DapTransitionStartedByMicrosoft {
            partner: p(),
            relationship: relationship.clone(),
        }),
        Event::GdapRelationshipActivated(GdapRelationshipActivated {
            partner: p(),
            relationship,
            customer: None,
            ends_at: None,
            basis: Some(ApprovalBasis::MicrosoftLed),
            terms: Some(led),
        }),
    ];
    let ended = Event::DapTerminatedByMicrosoft(DapTerminatedByMicrosoft {
        partner: p(),
        last_sign_in_at: None,
        cause: Some(DapTerminationCause::MicrosoftLedTransition),
    });
    let record = Story::new()
        .on("2023-01-01", [accepted(p()), dap(p(), Services::All)])
        .on("2023-05-22", began.into_iter().chain(assigned(p(), 1, 1, &[global_reader()])))
        .on("2023-06-21", [ended])
        .record();
    for (as_of, by) in [
        ("2023-05-21", &[Mechanism::Dap][..]),
        ("2023-05-22", &[Mechanism::Dap, Mechanism::Gdap]),
        ("2023-06-20T23:59:59.9999999Z", &[Mechanism::Dap, Mechanism::Gdap]),
        ("2023-06-21", &[Mechanism::Gdap]),
        ("2024-05-20T23:59:59.9999999Z", &[Mechanism::Gdap]),
        ("2024-05-21", &[]),
    ] {
        let policy = worldwide();
        let mechanisms: Vec<_> = access(&record, &seen_at(as_of, &policy)).iter().map(|row| row.mechanism).collect();
        assert_eq!(mechanisms, by, "{as_of}");
    }
    let (_, relationship) = seen(&record, "2023-06-01");
    let approved = relationship.approved.unwrap();
    assert_eq!((approved.basis, approved.by), (ApprovalBasis::MicrosoftLed, None));
    assert_eq!(relationship.ends_at, Some(at("2024-05-21")));
    let policy = worldwide();
    let terminations = dap_terminations(&record, &seen_at("2023-07-01", &policy));
    assert_eq!(terminations.iter().map(|one| one.replaced_by).collect::<Vec<_>>(), [ReplacedBy::MicrosoftLed]);
}

/// W-12: expired on 2025-01-01, asked about long after Microsoft ceased to show it.
#[test]
fn what_a_partner_could_do_is_answered_after_microsoft_has_forgotten_it() {
    let year = GdapTerms { duration: GdapDuration::of_days(366), ..terms(&[global_reader(), user_administrator()]) };
    let running = Story::new()
        .on("2023-12-31", [made(p(), 1, year)])
        .on("2024-01-01", [activated(p(), 1)])
        .on("2024-01-02", assigned(p(), 1, 1, &[global_reader(), user_administrator()]));
    let expired = GdapRelationshipExpired { partner: p(), relationship: relationship(1) };
    let told = running.clone().on("2025-01-01", [Event::GdapRelationshipExpired(expired)]);
    for story in [running, told] {
        let record = story.record();
        let (access, relationship) = seen(&record, "2024-12-31");
        let given = access.into_iter().map(|row| (row.partner, row.granular.unwrap().roles)).collect::<Vec<_>>();
        assert_eq!(given, [(p(), Some(roles(&[global_reader(), user_administrator()])))]);
        assert_eq!(relationship.at_microsoft, AtMicrosoft::Shown);
        let (access, relationship) = seen(&record, "2026-02-01");
        assert_eq!((access, relationship.status), (Vec::new(), Some(GdapStatus::Expired)));
        assert_eq!(relationship.at_microsoft, AtMicrosoft::NoLongerShown);
        assert_eq!(relationship.roles, Some(roles(&[global_reader(), user_administrator()])));
    }
}
