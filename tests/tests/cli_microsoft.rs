//! What the ledger knows, printed in Microsoft's shapes: whole documents, whose they are, and what they rest on.

use std::fs;

use ofrecord_acceptance::stage::{Stage, fixture};
use ofrecord_acceptance::workspace;
use serde_json::{Value, json};

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";
const FABRIKAM: &str = "cccccccc-0000-4000-8000-000000000002";
const QUAY: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const PIER: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const OFFICE: &str = "5ab5c81b-0000-4000-8000-000000000001";

/// The story, and the audit records that were imported after it.
fn stage() -> Stage {
    let stage = Stage::with_story();
    let records = fixture("records/audit").display().to_string();
    stage.ran(&["import", &records, "--quiet", "--clock", "2018-09-15"], b"").must_exit(0);
    stage
}

fn arguments(asked: &str) -> Vec<String> {
    let named = [("CONTOSO", CONTOSO), ("FABRIKAM", FABRIKAM), ("QUAY", QUAY), ("PIER", PIER), ("OFFICE", OFFICE)];
    let asked = named.iter().fold(asked.to_owned(), |asked, (name, id)| asked.replace(name, id));
    format!("microsoft {asked} --clock 2018-09-15").split_whitespace().map(str::to_owned).collect()
}

/// Asks for shapes, each in one line of arguments, and keeps what was printed.
fn check(name: &str, code: i32, asked: &[&str]) {
    let mut stage = stage();
    for asked in asked {
        let arguments = arguments(asked);
        stage.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).must_exit(code);
    }
    stage.check(name);
}

#[test]
fn nothing_is_printed_where_there_is_nothing_to_show() {
    check(
        "cli_microsoft/nothing",
        2,
        &[
            "",
            "weather",
            "customer",
            "customer cccccccc-0000-4000-8000-00000000ffff",
            "customer CONTOSO --known-at @4",
            "subscription CONTOSO 5ab5c81b-0000-4000-8000-00000000ffff",
            "subscription CONTOSO OFFICE --partner PIER",
            "subscription CONTOSO OFFICE --as-of 2017-12-31",
            "support-contact CONTOSO OFFICE",
            "removal CONTOSO",
            "removal CONTOSO --partner PIER",
            "indirect-resellers aaaaaaaa-0000-4000-8000-00000000ffff",
            "relationship-request PIER",
            "audit-records --from 2018-06-01 --to 2018-05-01",
            "audit-records --customer cccccccc-0000-4000-8000-00000000ffff",
        ],
    );
}

#[test]
fn customers_are_shown_as_a_partner_or_an_auditor_sees_them() {
    check(
        "cli_microsoft/customers",
        0,
        &[
            "customers --partner PIER --as-of 2018-06-15",
            "customers --partner PIER --as-of 2018-06-15 --known-at 2018-08-31 --quiet",
            "customers --partner PIER --as-of 2017-12-31",
            "customer CONTOSO --partner QUAY --as-of 2018-06-15",
            "customer CONTOSO",
            "removal CONTOSO --partner QUAY",
            "relationships CONTOSO",
            "indirect-resellers QUAY",
            "agreements CONTOSO --partner PIER",
        ],
    );
}

#[test]
fn subscriptions_are_shown_at_any_instant_to_the_partner_who_sold_them() {
    check(
        "cli_microsoft/subscriptions",
        0,
        &[
            "subscriptions CONTOSO --partner QUAY --as-of 2018-06-15",
            "subscriptions CONTOSO --partner PIER --as-of 2018-01-15 --quiet",
            "subscription CONTOSO OFFICE --as-of 2018-08-15",
        ],
    );
}

#[test]
fn audit_records_are_the_imported_ones_and_the_ledgers_own() {
    check(
        "cli_microsoft/audit_records",
        0,
        &[
            "audit-records --customer FABRIKAM",
            "audit-records --customer CONTOSO --from 2018-06-01 --to 2018-06-02 --partner PIER",
            "audit-records --as-of 2018-01-01",
        ],
    );
}

#[test]
fn a_transfer_is_shown_to_both_partners_as_far_as_it_is() {
    let mut stage = Stage::with_ledger();
    let submit = |stage: &Stage, date: &str, lines: &[u8]| {
        let ran = stage.ran(&["submit", "--clock", date, "--quiet"], lines);
        assert!(matches!(ran.code, Some(0 | 3)), "{}", ran.shown());
    };
    for date in ["2018-01-05", "2018-06-01"] {
        let lines = fs::read(fixture("story").join(date).with_extension("jsonl")).unwrap();
        submit(&stage, date, &lines);
    }
    let transfer = "7a000000-0000-4000-8000-000000000001";
    let agent = |partner: &str| json!({"kind": "partner_user", "tenant_id": partner, "role": "admin_agent"});
    let line = |id: u8, actor: Value, command: Value| {
        let command_id = format!("c0000000-0000-4000-8000-0000000001{id:02}");
        let line = json!({"command_id": command_id, "actor": actor, "customer": CONTOSO, "command": command});
        format!("{line}\n").into_bytes()
    };
    let request = json!({"type": "RequestTransfer", "transfer": transfer, "family": "legacy_license", "source": QUAY,
        "target": PIER, "lines": [{"subscription": OFFICE}]});
    submit(&stage, "2018-06-15", &line(1, agent(QUAY), request));
    submit(&stage, "2018-06-16", &line(2, agent(PIER), json!({"type": "AcceptTransfer", "transfer": transfer})));
    let moved = json!({"complete": {"new_subscription": "5ab5c81b-0000-4000-8000-0000000000f1", "order": "0ddba11"}});
    let complete = json!({"type": "CompleteTransfer", "transfer": transfer,
        "lines": [{"subscription": OFFICE, "outcome": moved}]});
    submit(&stage, "2018-06-17", &line(3, json!({"kind": "microsoft"}), complete));
    let one = format!("transfer CONTOSO {transfer} --partner PIER --quiet");
    for (asked, code) in [
        ("transfers CONTOSO --partner QUAY --as-of 2018-06-15T12:00:00Z", 0),
        ("transfers CONTOSO --as-of 2018-06-16T12:00:00Z --quiet", 0),
        (one.as_str(), 0),
        ("transfers CONTOSO --partner CONTOSO", 0),
        ("transfer CONTOSO 7a000000-0000-4000-8000-0000000000ff", 2),
        ("subscriptions CONTOSO --partner PIER --quiet", 0),
        ("audit-records --customer CONTOSO --from 2018-06-15 --to 2018-06-18 --quiet", 0),
    ] {
        let arguments = arguments(asked);
        stage.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).must_exit(code);
    }
    stage.check("cli_microsoft/transfers");
}

#[test]
fn a_document_is_written_whole_with_what_it_rests_on_beside_it() {
    let stage = stage();
    let run = |asked: &str| {
        let arguments = arguments(asked);
        stage.ran(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), b"")
    };
    let asked = "customers --partner PIER --as-of 2018-06-15";
    let printed = run(asked);
    run(&format!("{asked} -o customers.json --basis basis.json")).must_exit(0);
    let read = |name: &str| fs::read_to_string(stage.folder().join(name)).unwrap();
    assert_eq!(read("customers.json"), printed.stdout);
    let basis: Value = serde_json::from_str(&read("basis.json")).unwrap();
    assert_eq!(basis["as_of"], "2018-06-15T00:00:00.0000000Z");
    assert_eq!(basis["basis"]["origin"], "example.cn/ledger");
    assert!(printed.stderr.contains(&basis["basis"]["root"].as_str().unwrap()[..16]), "{}", printed.stderr);
    printed.must_exit(0);
    run("subscription CONTOSO OFFICE --partner PIER -o customers.json").must_exit(2);
    assert!(read("customers.json").contains("\"items\""), "what was there stays");
    let left: Vec<_> = fs::read_dir(stage.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".unfinished")), "{left:?}");
    run("customers -o no/such/folder.json").must_exit(1);
}

#[test]
fn what_is_printed_can_be_imported_and_is_printed_again_the_same() {
    let shapes = workspace::root().join("crates/interop/tests/fixtures/shapes");
    let partner = "0a000000-0000-4000-8000-0000000000a1";
    let customer = "0c000000-0000-4000-8000-0000000000c1";
    let import = |stage: &Stage, path: &str| {
        let fetched = ["--fetched-at", "2024-06-01", "--clock", "2024-06-01"];
        stage.ran(&[&["import", path, "--partner", partner, "--quiet"], &fetched[..]].concat(), b"").must_exit(0);
    };
    let first = Stage::with_ledger();
    for name in ["customer", "subscription_new_commerce", "subscription_marketplace", "subscription_addon"] {
        import(&first, &shapes.join(name).with_extension("json").display().to_string());
    }
    let second = Stage::with_ledger();
    for asked in [vec!["customer", customer], vec!["customers"], vec!["subscriptions", customer]] {
        let asked = [&["microsoft"], &asked[..], &["--partner", partner, "--clock", "2024-06-01"]].concat();
        let printed = first.ran(&asked, b"");
        second.write("printed.json", &printed.stdout);
        printed.must_exit(0);
        import(&second, "printed.json");
        let again = second.ran(&asked, b"");
        let once = first.ran(&asked, b"");
        assert_eq!(once.stdout, again.stdout, "{asked:?}");
        once.must_exit(0);
        again.must_exit(0);
    }
}
