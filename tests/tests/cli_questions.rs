//! The questions, asked of one story in each form: every answer whole, as a reader sees it.

use ofrecord_acceptance::stage::Stage;

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";
const QUAY: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const PIER: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const OFFICE: &str = "5ab5c81b-0000-4000-8000-000000000001";

/// Asks questions of the story on 2018-09-01, each in one line of arguments.
fn check(name: &str, questions: &[&str]) {
    let mut stage = Stage::with_story();
    for question in questions {
        let named = question.replace("CONTOSO", CONTOSO).replace("QUAY", QUAY).replace("PIER", PIER);
        let named = named.replace("OFFICE", OFFICE);
        let mut arguments: Vec<&str> = named.split(' ').collect();
        arguments.extend(["--clock", "2018-09-01"]);
        stage.run(&arguments).must_exit(0);
    }
    stage.check(name);
}

#[test]
fn resellers_are_answered_for_any_instant_and_any_knowledge() {
    check(
        "cli_questions/resellers",
        &[
            "resellers CONTOSO",
            "resellers CONTOSO --as-of 2018-06-15",
            "resellers CONTOSO --as-of 2018-06-15T08:00:00+08:00 --format json",
            "resellers CONTOSO --as-of 2018-06-15 --format csv",
            "resellers CONTOSO --as-of 2018-06-15 --known-at 2018-05-31",
            "resellers CONTOSO --as-of 2018-06-15 --known-at @7 --format json",
            "resellers CONTOSO --as-of 2018-06-15 --known-at 10",
            "resellers CONTOSO --as-of 2017-12-31",
            "resellers CONTOSO --history",
            "resellers CONTOSO --history --format csv",
            "resellers CONTOSO --gaps",
        ],
    );
}

#[test]
fn subscriptions_are_answered_with_owner_status_terms_and_partners_of_record() {
    check(
        "cli_questions/subscriptions",
        &[
            "subscriptions CONTOSO",
            "subscriptions CONTOSO --as-of 2018-10-15",
            "subscriptions CONTOSO --subscription OFFICE --format json",
            "subscriptions CONTOSO --format csv",
            "subscriptions CONTOSO --as-of 2018-01-01",
            "subscriptions CONTOSO --history owner",
            "subscriptions CONTOSO --history partner-of-record",
        ],
    );
}

#[test]
fn access_is_answered_with_its_mechanism_and_the_partners_standing() {
    check(
        "cli_questions/access",
        &[
            "access CONTOSO --as-of 2018-06-15",
            "access CONTOSO --as-of 2018-07-15",
            "access CONTOSO",
            "access CONTOSO --format json",
            "access CONTOSO --format csv",
            "access CONTOSO --as-of 2018-01-01",
            "access CONTOSO --history",
        ],
    );
}

#[test]
fn a_timeline_tells_refusals_too() {
    check(
        "cli_questions/timeline",
        &[
            "timeline CONTOSO",
            "timeline CONTOSO --refusals",
            "timeline CONTOSO --from 2018-06-01 --to 2018-07-01 --partner PIER",
            "timeline CONTOSO --subscription OFFICE --format csv",
            "timeline CONTOSO --type dapremovedbycustomer --format json",
            "timeline --partner QUAY",
        ],
    );
}

#[test]
fn findings_name_what_an_auditor_should_look_at() {
    check(
        "cli_questions/findings",
        &[
            "findings",
            "findings CONTOSO --format json",
            "findings --format csv",
            "findings CONTOSO --code former_reseller_still_has_access",
            "findings CONTOSO --as-of 2018-02-01 --fail-on-findings",
        ],
    );
}

#[test]
fn a_finding_fails_the_check_that_asks_for_none() {
    let mut stage = Stage::with_story();
    stage.run(&["findings", "--fail-on-findings", "--clock", "2018-09-01"]).must_exit(4);
    stage.check("cli_questions/fail_on_findings");
}

#[test]
fn an_answer_is_explained_by_its_entries() {
    check(
        "cli_questions/explain",
        &[
            "explain resellers CONTOSO --partner PIER",
            "explain subscriptions CONTOSO --subscription OFFICE --format json",
            "explain access CONTOSO --format csv",
            "explain access CONTOSO --partner PIER",
        ],
    );
}

#[test]
fn a_difference_tells_what_happened_from_what_was_learned() {
    check(
        "cli_questions/diff",
        &[
            "diff CONTOSO --from-as-of 2018-06-15 --to-as-of 2018-09-01",
            "diff CONTOSO --as-of 2018-06-15 --from-known-at 2018-05-31 --to-known-at 2018-06-30",
            "diff CONTOSO --from-as-of 2018-07-31 --to-as-of 2018-08-31 --format json",
            "diff CONTOSO --from-as-of 2018-07-31 --to-as-of 2018-08-31 --format csv",
            "diff CONTOSO",
        ],
    );
}

#[test]
fn interference_coverage_and_billing_are_answered() {
    check(
        "cli_questions/assurance",
        &[
            "interference CONTOSO",
            "interference CONTOSO --format json",
            "interference CONTOSO --format csv --quiet",
            "coverage CONTOSO",
            "coverage",
            "coverage CONTOSO --facts",
            "coverage CONTOSO --facts --format csv",
            "billing CONTOSO",
            "billing CONTOSO --from 2018-06-01 --to 2018-07-01 --format json",
            "billing CONTOSO --format csv",
        ],
    );
}
