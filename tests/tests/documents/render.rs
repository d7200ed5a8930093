//! Rendering core's tables as the generated parts of reference pages.

use std::fmt::Write as _;

use ofrecord_acceptance::reference::{self, Member};
use ofrecord_core::command::Subject;
use ofrecord_core::effect::{Column, may_change};
use ofrecord_core::event::upcast;
use ofrecord_core::rule::{Kept, Rule};
use ofrecord_core::{Cloud, Command, Event, Family, Ground, Policy, ground, precedence, rule};
use ofrecord_interop::write::DIFFERENCES;
use ofrecord_views::FindingCode;
use serde_json::Value;

use super::shapes::{Shapes, cell};

pub(crate) fn commands(shapes: &Shapes) -> String {
    let documented = reference::listed("crates/core/src/command.rs", "commands!");
    let mut out = String::new();
    for name in Command::NAMES {
        let stream = match Command::subject_of(name) {
            Some(Subject::Customer) => "Decided in the customer's stream; the request names the customer.",
            Some(Subject::Ledger) => "Decided in the ledger's own stream; the request names no customer.",
            Some(Subject::Partner) => "Decided in the partner's stream; the request names no customer.",
            Some(Subject::PartnerForCustomer) => {
                "Decided in the partner's stream; the request may name the customer it is meant for."
            }
            Some(Subject::PartnerAndCustomer) => "Decided in the partner's stream; the request names the customer.",
            Some(Subject::Either) => {
                "Decided in the customer's stream when the request names one, otherwise in the partner's."
            }
            None => panic!("{name} has no subject"),
        };
        write!(out, "### {name}\n\n{}\n{stream}\n", doc_of(&documented, name)).unwrap();
        let grounds = precedence::grounds_of(name).len();
        write!(out, "It can be [refused](refusals.md#{}) on {grounds} grounds.\n\n", name.to_lowercase()).unwrap();
        writeln!(out, "{}", shapes.fields(name)).unwrap();
    }
    out
}

pub(crate) fn events(shapes: &Shapes) -> String {
    let documented = reference::listed("crates/core/src/event.rs", "events!");
    let mut out = String::new();
    for (name, family) in Event::KINDS {
        write!(out, "### {name}\n\n{}\n", doc_of(&documented, name)).unwrap();
        write!(
            out,
            "Family {}; it may change {}.\n\n{}\n",
            family_name(*family),
            columns(*family),
            fields(shapes, name)
        )
        .unwrap();
    }
    out
}

/// The fields of an event; where it has older versions, of each of them.
fn fields(shapes: &Shapes, name: &str) -> String {
    let newest = shapes.fields(name);
    let Some(versions) = upcast::VERSIONS.iter().find(|versions| versions.event == name) else { return newest };
    let mut out = format!("Written in version {}, with `version` {0}.\n\n{newest}", versions.newest());
    for (version, older) in (1..versions.newest()).rev().zip(versions.older.iter().rev()) {
        let stated = if version == 1 { "without `version`".to_owned() } else { format!("with `version` {version}") };
        write!(out, "\nVersion {version}, {stated}, is read as the newest.\n\n{}", shapes.fields(older.name)).unwrap();
    }
    out
}

pub(crate) fn matrix() -> String {
    let mut families: Vec<Family> = Event::KINDS.iter().map(|(_, family)| *family).collect();
    families.sort_unstable();
    families.dedup();
    let mut out =
        "| family | resellers | access | owner | terms | partners of record |\n|---|---|---|---|---|---|\n".to_owned();
    for family in families {
        write!(out, "| {} |", family_name(family)).unwrap();
        for column in Column::ALL {
            write!(out, " {} |", if may_change(family).contains(&column) { "may change" } else { "" }).unwrap();
        }
        out.push('\n');
    }
    out.replace("|  |", "| |").replace("|  |", "| |")
}

pub(crate) fn precedence() -> String {
    let mut out = String::new();
    for name in Command::NAMES {
        write!(out, "### {name}\n\n").unwrap();
        for (place, ground) in (1..).zip(precedence::grounds_of(name)) {
            writeln!(out, "{place}. `{}` ({})", ground.code, ground.rule).unwrap();
        }
        if precedence::grounds_of(name).is_empty() {
            out.push_str("No ground is listed for it.\n");
        }
        out.push('\n');
    }
    out
}

pub(crate) fn grounds() -> String {
    let mut grounds: Vec<&Ground> = ground::all().collect();
    grounds.sort_by_key(|ground| (ground.code, ground.rule));
    let mut out = "| code | rule | Partner Center | says |\n|---|---|---|---|\n".to_owned();
    for ground in grounds {
        let upstream = ground.upstream.map_or_else(String::new, |answer| format!("{}/{}", answer.status, answer.code));
        writeln!(out, "| `{}` | {} | {upstream} | {} |", ground.code, ground.rule, cell(ground.message)).unwrap();
    }
    out
}

pub(crate) fn findings() -> String {
    let mut out = "| code | says | when, and what to do |\n|---|---|---|\n".to_owned();
    for code in FindingCode::ALL {
        writeln!(out, "| `{}` | {} | {} |", code.as_str(), cell(code.title()), cell(code.meaning())).unwrap();
    }
    out
}

pub(crate) fn differences() -> String {
    let mut out = "| resource | property | how it differs | why |\n|---|---|---|---|\n".to_owned();
    for row in DIFFERENCES {
        writeln!(out, "| {} | `{}` | {} | {} |", row.form, row.path, row.differs, cell(row.why)).unwrap();
    }
    out
}

pub(crate) fn operations() -> String {
    let mut out = "| operation | | becomes |\n|---|---|---|\n".to_owned();
    for operation in ofrecord_interop::published_operations() {
        let kept = if operation.kept { "kept" } else { "read" };
        writeln!(out, "| `{}` | {kept} | {} |", operation.word, cell(operation.becomes)).unwrap();
    }
    out
}

pub(crate) fn webhooks() -> String {
    let mut out = "| event | becomes |\n|---|---|\n".to_owned();
    for event in ofrecord_interop::published_webhook_events() {
        writeln!(out, "| `{}` | {} |", event.name, cell(event.becomes)).unwrap();
    }
    out
}

pub(crate) fn rules() -> String {
    let mut out = "| id | rule | how it is kept | shown by |\n|---|---|---|---|\n".to_owned();
    for rule in rule::all() {
        let shown = if rule.test.is_empty() { String::new() } else { format!("`{}`", rule.test) };
        writeln!(out, "| {} | {} | {} | {shown} |", rule.id, cell(rule.sentence), kept(rule)).unwrap();
    }
    out
}

fn kept(rule: &Rule) -> String {
    match rule.kept {
        Kept::Refuses => {
            let mut codes: Vec<&str> =
                ground::all().filter(|ground| ground.rule == rule.id).map(|ground| ground.code).collect();
            codes.sort_unstable();
            codes.dedup();
            if codes.is_empty() { "refuses".to_owned() } else { format!("refuses: `{}`", codes.join("`, `")) }
        }
        Kept::Holds => "holds of every history".to_owned(),
        Kept::NotDecidable(reason) => format!("not decidable: {}", cell(reason)),
        Kept::Later(reason) => format!("not yet: {}", cell(reason)),
    }
}

pub(crate) fn policies() -> String {
    let documented = reference::declared("crates/core/src/policy.rs");
    let fields = documented.iter().find(|one| one.name == "Policy").map(|one| one.members.clone()).unwrap_or_default();
    let versions: Vec<Policy> = Cloud::ALL.into_iter().flat_map(Policy::of_cloud).collect();
    let policies: Vec<Value> = versions.iter().map(|policy| serde_json::to_value(policy).unwrap()).collect();
    let name = |policy: &Policy| format!("`{}` {}", policy.reference.cloud.as_str(), policy.reference.version);
    let names: Vec<String> = versions.iter().map(name).collect();
    let mut out = format!("| parameter | {} | |\n|---|{}---|\n", names.join(" | "), "---|".repeat(names.len()));
    for field in fields {
        write!(out, "| `{}` |", field.name).unwrap();
        for policy in &policies {
            write!(out, " {} |", told(&policy[&field.name])).unwrap();
        }
        writeln!(out, " {} |", cell(&field.doc)).unwrap();
    }
    out
}

fn told(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Array(list) => list.iter().map(told).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| format!("{name} {}", told(value))).collect::<Vec<_>>().join(", ")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn columns(family: Family) -> String {
    let names: Vec<&str> = may_change(family).iter().map(|column| column_name(*column)).collect();
    if names.is_empty() { "no column".to_owned() } else { names.join(", ") }
}

fn column_name(column: Column) -> &'static str {
    match column {
        Column::Resellers => "resellers",
        Column::Access => "access",
        Column::Owner => "owner",
        Column::Terms => "terms",
        Column::PartnersOfRecord => "partners of record",
    }
}

fn family_name(family: Family) -> String {
    family.as_str().replace('_', " ")
}

fn doc_of(documented: &[Member], name: &str) -> String {
    let member = documented.iter().find(|member| member.name == name);
    member.map(|member| member.doc.clone()).unwrap_or_else(|| panic!("{name} has no doc comment"))
}
