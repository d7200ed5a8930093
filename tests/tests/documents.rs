//! The reference pages say what the code says: each generated part is rendered from the code and compared.
//!
//! With `OFRECORD_BLESS=1` the parts are written instead.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use ofrecord_acceptance::{page, workspace};

#[path = "documents/exports.rs"]
mod exports;
#[path = "documents/personal.rs"]
mod personal;
#[path = "documents/proofs.rs"]
mod proofs;
#[path = "documents/render.rs"]
mod render;
#[path = "documents/shapes.rs"]
mod shapes;

fn check(path: &str, parts: &[(&str, String)]) {
    let mut text = workspace::read(path).unwrap_or_else(|| panic!("{path} is not there")).text;
    if std::env::var_os("OFRECORD_BLESS").is_some() {
        for (name, content) in parts {
            text = page::with_part(&text, name, content).unwrap_or_else(|missing| panic!("{path}: {missing:?}"));
        }
        fs::write(workspace::root().join(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    for (name, content) in parts {
        let told = page::part(&text, name).unwrap_or_else(|missing| panic!("{path}: {missing:?}"));
        for (line, (told, true_now)) in (1..).zip(told.lines().zip(content.lines())) {
            assert_eq!(told, true_now, "{path}, part {name}, line {line}; OFRECORD_BLESS=1 writes it again");
        }
        assert_eq!(
            told.lines().count(),
            content.lines().count(),
            "{path}, part {name}; OFRECORD_BLESS=1 writes it again"
        );
    }
}

#[test]
fn the_page_on_commands_lists_every_command_with_its_fields() {
    let shapes = shapes::Shapes::read();
    let commands = render::commands(&shapes);
    let parts = shapes.referenced("commands.md");
    check("docs/reference/commands.md", &[("commands", commands), ("parts", parts.structs), ("words", parts.words)]);
}

#[test]
fn the_page_on_events_lists_every_event_with_its_effects() {
    let shapes = shapes::Shapes::read();
    let parts = shapes.referenced("events.md");
    check(
        "docs/reference/events.md",
        &[
            ("matrix", render::matrix()),
            ("events", render::events(&shapes)),
            ("parts", parts.structs),
            ("words", parts.words),
        ],
    );
}

#[test]
fn the_page_on_microsofts_shapes_lists_every_difference() {
    check("docs/reference/microsoft-shapes.md", &[("differences", render::differences())]);
}

#[test]
fn the_page_on_refusals_lists_every_ground_in_precedence_order() {
    check("docs/reference/refusals.md", &[("by-command", render::precedence()), ("grounds", render::grounds())]);
}

#[test]
fn every_ground_of_a_command_is_a_ground_of_the_reference() {
    for name in ofrecord_core::Command::NAMES {
        for ground in ofrecord_core::precedence::grounds_of(name) {
            assert!(ofrecord_core::ground::all().any(|known| known == *ground), "{name}: {}", ground.code);
        }
    }
}

#[test]
fn the_page_on_rules_lists_every_rule_and_the_test_that_shows_it() {
    check("docs/reference/rules.md", &[("rules", render::rules())]);
}

#[test]
fn the_page_on_policies_lists_every_parameter_of_every_cloud() {
    check("docs/reference/policies.md", &[("policies", render::policies())]);
}

#[test]
fn the_page_on_findings_lists_every_finding() {
    check("docs/reference/findings.md", &[("findings", render::findings())]);
}

#[test]
fn the_page_on_the_data_set_lists_every_table_with_its_columns() {
    check("docs/reference/data-set.md", &[("tables", exports::tables())]);
}

#[test]
fn the_page_on_cloudevents_lists_every_attribute() {
    check("docs/reference/cloudevents.md", &[("attributes", exports::attributes())]);
}

#[test]
fn the_page_on_imports_lists_what_becomes_of_every_published_record() {
    check("docs/reference/imports.md", &[("operations", render::operations()), ("webhooks", render::webhooks())]);
}

#[test]
fn the_page_on_proof_formats_shows_each_file_as_it_is_written() {
    check("docs/reference/proof-formats.md", &proofs::parts());
}

#[test]
fn the_page_on_personal_fields_lists_every_one_with_what_becomes_of_it() {
    check("docs/reference/personal-fields.md", &[("fields", personal::table()), ("others", personal::others())]);
}

#[test]
fn every_text_of_an_entry_is_told_to_be_personal_or_not() {
    let (texts, told) = (personal::texts(), personal::told());
    let untold: Vec<&String> = texts.iter().filter(|text| !told.contains(&text.as_str())).collect();
    assert!(untold.is_empty(), "{untold:?} are in neither table of crates/ledger/src/sealing/fields.rs");
    for (index, text) in told.iter().enumerate() {
        assert!(texts.contains(*text), "{text} is told of, and is no text of an entry");
        assert!(!told[..index].contains(text), "{text} is told of twice");
    }
}

#[test]
fn every_finding_and_event_that_a_page_asks_for_exists() {
    let mut asked = 0;
    for page in workspace::pages() {
        for (number, line) in (1..).zip(page.text.lines()) {
            let after = |option: &str| -> Vec<String> {
                let words = line.split(option).skip(1).filter_map(|rest| rest.split([' ', '`', ']']).next());
                words.filter(|word| word.chars().all(|c| c.is_alphabetic() || c == '_')).map(str::to_owned).collect()
            };
            for code in after("--code ").iter().filter(|code| *code != &code.to_uppercase()) {
                asked += 1;
                let known = ofrecord_views::FindingCode::ALL.iter().any(|known| known.as_str() == code);
                assert!(known, "{}:{number}: {code} is no finding", page.path);
            }
            for kind in after("--type ").iter().filter(|kind| *kind != &kind.to_uppercase()) {
                asked += 1;
                let known = ofrecord_core::Event::KINDS.iter().any(|(known, _)| known == kind);
                assert!(known, "{}:{number}: {kind} is no event", page.path);
            }
        }
    }
    assert!(asked > 0, "no page asks for a finding or an event");
}

#[test]
fn every_submission_on_a_page_can_be_read() {
    let mut read = 0;
    for page in workspace::pages() {
        for (number, line) in (1..).zip(page.text.lines()).filter(|(_, line)| line.starts_with("{\"command_id\"")) {
            let place = format!("{}:{number}", page.path);
            let value: serde_json::Value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{place}: {error}"));
            if value.get("outcome").is_some() {
                continue;
            }
            let command = value.get("command").cloned().unwrap_or_default();
            let parsed = ofrecord_core::ParsedCommand::from_json(command);
            assert!(parsed.is_ok(), "{place}: {parsed:?}");
            let actor = value.get("actor").cloned().unwrap_or_default();
            let actor: Result<ofrecord_core::Actor, _> = serde_json::from_value(actor);
            assert!(actor.is_ok(), "{place}: {actor:?}");
            read += 1;
        }
    }
    assert!(read > 0, "the guides show no submission");
}

#[test]
fn the_page_on_http_lists_every_route() {
    let mut table = "| method | path | needs | parameters | what it is |\n|---|---|---|---|---|\n".to_owned();
    for [method, path, needs, parameters, says] in ofrecord_server::route_lines() {
        table.push_str(&format!("| {method} | `{path}` | {needs} | {parameters} | {says} |\n"));
    }
    check("docs/reference/http.md", &[("routes", table)]);
}

#[test]
fn the_page_on_access_lists_every_role() {
    let mut table = "| role | sees | may have | acts as |\n|---|---|---|---|\n".to_owned();
    for [role, sees, may, acts_as] in ofrecord_server::role_lines() {
        table.push_str(&format!("| {role} | {sees} | {may} | {acts_as} |\n"));
    }
    check("docs/reference/access.md", &[("roles", table)]);
}
