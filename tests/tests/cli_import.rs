//! Importing what other systems recorded of granular administration: what waits for what, what is refused, and what a repeat is.

use ofrecord_acceptance::stage::{Stage, fixture};

const PARTNER: &str = "aaaaaaaa-0000-4000-8000-000000000002";

fn import(stage: &mut Stage, record: &str, more: &[&str], code: i32) {
    let path = fixture("records").join(record).display().to_string();
    stage.run(&[&["import", &path, "--clock", "2018-09-15"], more].concat()).must_exit(code);
}

#[test]
fn an_assignment_waits_for_the_relationship_that_names_its_customer() {
    let mut stage = Stage::with_story();
    let of_partner = ["--partner", PARTNER];
    import(&mut stage, "gdap/accessAssignments", &of_partner, 2);
    import(&mut stage, "gdap", &[&of_partner[..], &["--dry-run"]].concat(), 0);
    import(&mut stage, "gdap", &of_partner, 0);
    import(&mut stage, "gdap", &of_partner, 0);
    // What the ledger has on record places it too.
    import(&mut stage, "gdap/accessAssignments", &of_partner, 0);
    stage.check("cli_import/assignments");
}

#[test]
fn a_list_that_names_neither_partner_nor_relationship_is_refused_with_what_to_do() {
    let mut stage = Stage::with_story();
    let relationship = format!("eeeeeeee-0000-4000-8000-000000000001-{PARTNER}");
    let list = "assignments-of-no-relationship.json";
    import(&mut stage, list, &[], 2);
    import(&mut stage, list, &["--partner", PARTNER], 2);
    import(&mut stage, list, &["--partner", PARTNER, "--relationship", "not-one"], 2);
    let named = ["--partner", PARTNER, "--relationship", &relationship];
    import(&mut stage, list, &named, 2);
    import(&mut stage, list, &[&named[..], &["--customer", "cccccccc-0000-4000-8000-000000000002"]].concat(), 0);
    stage.check("cli_import/nowhere");
}

#[test]
fn a_period_that_the_source_no_longer_had_is_recorded_with_a_doubt() {
    let mut stage = Stage::with_story();
    let period = ["--partner", PARTNER, "--covers-from", "2018-04-01", "--covers-to", "2018-05-01"];
    import(&mut stage, "audit", &[&period[..], &["--fetched-at", "2018-09-01"]].concat(), 0);
    import(&mut stage, "audit", &[&period[..], &["--fetched-at", "2018-06-01"]].concat(), 0);
    stage.check("cli_import/doubts");
}
