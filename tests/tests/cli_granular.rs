//! The questions on granular administration, asked of the story of the worldwide cloud: every answer whole.

use ofrecord_acceptance::stage::Stage;

/// The shorthand of the questions: customers, partners and relationships of the story.
const NAMES: &[(&str, &str)] = &[
    ("FABRIKAM", "cccccccc-0000-4000-8000-000000000011"),
    ("TAILSPIN", "cccccccc-0000-4000-8000-000000000012"),
    ("HARBOUR", "aaaaaaaa-0000-4000-8000-000000000011"),
    ("LIGHTHOUSE", "aaaaaaaa-0000-4000-8000-000000000012"),
    ("SUPPORT", "6da90000-0000-4000-8000-000000000001-6da90000-0000-4000-8000-000000000000"),
    ("LED", "6da90000-0000-4000-8000-000000000002-6da90000-0000-4000-8000-000000000000"),
];

/// Asks questions of the story on 2025-08-01, each in one line of arguments.
fn check(name: &str, questions: &[&str]) {
    let mut stage = Stage::with_worldwide_story();
    for question in questions {
        let named = NAMES.iter().fold((*question).to_owned(), |text, (name, id)| text.replace(name, id));
        let mut arguments: Vec<&str> = named.split(' ').collect();
        arguments.extend(["--clock", "2025-08-01"]);
        stage.run(&arguments).must_exit(0);
    }
    stage.check(name);
}

#[test]
fn access_is_answered_by_mechanism_user_and_time() {
    check(
        "cli_granular/access",
        &[
            "access FABRIKAM --as-of 2023-08-15",
            "access FABRIKAM --as-of 2023-08-15 --mechanism gdap --format json",
            "access FABRIKAM --as-of 2023-08-15 --format csv",
            "access FABRIKAM",
            "access TAILSPIN --as-of 2023-06-01",
            "access TAILSPIN",
            "access FABRIKAM --history",
            "access FABRIKAM --history --mechanism dap --format csv",
        ],
    );
}

#[test]
fn users_are_answered_as_far_as_members_are_known() {
    check(
        "cli_granular/users",
        &[
            "access FABRIKAM --users --as-of 2023-08-15",
            "access FABRIKAM --users",
            "access FABRIKAM --users --as-of 2023-08-15 --mechanism gdap --format csv",
            "access FABRIKAM --users --mechanism gdap --format json",
            "access FABRIKAM --users --as-of 2023-01-01",
        ],
    );
}

#[test]
fn privileges_that_microsoft_ended_are_answered_with_what_replaced_them() {
    check(
        "cli_granular/terminated",
        &[
            "access FABRIKAM --terminated",
            "access TAILSPIN --terminated --format json",
            "access TAILSPIN --terminated --as-of 2023-06-20",
        ],
    );
}

#[test]
fn relationships_are_answered_with_their_status_and_its_history() {
    check(
        "cli_granular/gdap",
        &[
            "gdap FABRIKAM --as-of 2023-08-15",
            "gdap FABRIKAM",
            "gdap FABRIKAM --relationship SUPPORT --format json",
            "gdap FABRIKAM --partner LIGHTHOUSE --format csv",
            "gdap TAILSPIN",
            "gdap --partner HARBOUR",
            "gdap --partner HARBOUR --as-of 2023-12-01 --format csv",
            "gdap TAILSPIN --history",
            "gdap TAILSPIN --history --relationship LED --known-at 2024-01-01 --format csv",
            "gdap FABRIKAM --as-of 2023-01-01",
        ],
    );
}

#[test]
fn findings_name_what_an_auditor_should_look_at() {
    check(
        "cli_granular/findings",
        &["findings FABRIKAM --as-of 2023-08-15", "findings --as-of 2023-06-01", "findings", "findings --format csv"],
    );
}

#[test]
fn a_relationship_is_followed_through_explanation_timeline_and_difference() {
    check(
        "cli_granular/followed",
        &[
            "explain gdap TAILSPIN --relationship LED",
            "explain access FABRIKAM --partner LIGHTHOUSE --as-of 2023-08-15 --format json",
            "timeline FABRIKAM --relationship SUPPORT",
            "timeline --partner HARBOUR --relationship LED",
            "diff TAILSPIN --from-as-of 2024-05-01 --to-as-of 2024-06-01",
            "diff FABRIKAM --from-as-of 2023-02-15 --to-as-of 2023-03-15",
        ],
    );
}

#[test]
fn requests_and_operations_that_were_decided_here_are_written_as_graph_shows_its_own() {
    check(
        "cli_granular/requests",
        &[
            "microsoft gdap-requests SUPPORT",
            "microsoft gdap-requests SUPPORT --partner HARBOUR --as-of 2023-02-01",
            "microsoft gdap-operations SUPPORT",
        ],
    );
}
