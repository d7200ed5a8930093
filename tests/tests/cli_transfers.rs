//! The questions on transfers, extensions and claims, asked of their story: every answer whole, as a reader sees it.

use ofrecord_acceptance::stage::Stage;

/// The shorthand of the questions: the customer and the subscriptions of the story.
const NAMES: &[(&str, &str)] = &[
    ("NORTHWIND", "cccccccc-0000-4000-8000-000000000021"),
    ("OFFICE", "5ab5c81b-0000-4000-8000-000000000021"),
    ("MODERN", "5ab5c81b-0000-4000-8000-000000000022"),
    ("RENAMED", "5ab5c81b-0000-4000-8000-000000000031"),
];

/// Asks questions of the story on 2025-01-15, each in one line of arguments.
fn check(name: &str, questions: &[&str]) {
    let mut stage = Stage::with_transfers();
    for question in questions {
        let named = NAMES.iter().fold((*question).to_owned(), |text, (name, id)| text.replace(name, id));
        let mut arguments: Vec<&str> = named.split(' ').collect();
        arguments.extend(["--clock", "2025-01-15"]);
        stage.run(&arguments).must_exit(0);
    }
    stage.check(name);
}

#[test]
fn transfers_are_answered_with_the_approvals_of_both_sides_and_the_ids() {
    check(
        "cli_transfers/transfers",
        &[
            "transfers NORTHWIND",
            "transfers NORTHWIND --as-of 2024-08-05 --format json",
            "transfers NORTHWIND --as-of 2024-11-30",
            "transfers NORTHWIND --known-at 2024-08-05",
            "transfers NORTHWIND --format csv",
            "transfers NORTHWIND --lines",
            "transfers NORTHWIND --lines --format csv",
            "transfers NORTHWIND --subscription RENAMED --lines --format json",
            "transfers NORTHWIND --subscription OFFICE",
            "transfers NORTHWIND --as-of 2024-07-31",
            "transfers NORTHWIND --as-of 2024-07-31 --lines",
        ],
    );
}

#[test]
fn partners_of_record_are_answered_by_kind_and_time() {
    check(
        "cli_transfers/partners_of_record",
        &[
            "partners-of-record NORTHWIND",
            "partners-of-record NORTHWIND --as-of 2024-08-01",
            "partners-of-record NORTHWIND --subscription RENAMED",
            "partners-of-record NORTHWIND --subscription OFFICE --format json",
            "partners-of-record NORTHWIND --subscription MODERN --format csv",
            "partners-of-record NORTHWIND --as-of 2024-01-01",
            "subscriptions NORTHWIND --history partner-of-record --subscription OFFICE",
        ],
    );
}

#[test]
fn the_bill_the_owner_and_the_terms_follow_the_transfer() {
    check(
        "cli_transfers/subscriptions",
        &[
            "billing NORTHWIND",
            "billing NORTHWIND --from 2024-10-01 --to 2024-11-01",
            "subscriptions NORTHWIND",
            "subscriptions NORTHWIND --format csv",
            "subscriptions NORTHWIND --history owner --subscription OFFICE",
            "subscriptions NORTHWIND --subscription MODERN --as-of 2024-10-19 --format json",
            "subscriptions NORTHWIND --subscription MODERN --as-of 2024-10-20 --format json",
            "interference NORTHWIND",
        ],
    );
}

#[test]
fn an_extension_names_where_it_came_from_and_the_consent() {
    check(
        "cli_transfers/extension",
        &["resellers NORTHWIND", "resellers NORTHWIND --history", "resellers NORTHWIND --format csv"],
    );
}

#[test]
fn findings_explanations_and_differences_know_of_transfers() {
    check(
        "cli_transfers/assurance",
        &[
            "findings NORTHWIND",
            "findings NORTHWIND --code former_owner_still_has_access --format json",
            "explain transfers NORTHWIND --subscription RENAMED",
            "explain transfers NORTHWIND --subscription MODERN --format json",
            "diff NORTHWIND --from-as-of 2024-08-05 --to-as-of 2024-08-06",
            "timeline NORTHWIND --subscription RENAMED",
            "timeline NORTHWIND --type subscriptiontransfercompleted --format json",
        ],
    );
}
