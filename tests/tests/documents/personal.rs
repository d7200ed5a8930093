//! The page on personal fields: every text of commands and events is in the table of sealing, or known to be nobody's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ofrecord_acceptance::reference::{self, Declared, Form};
use ofrecord_core::{Command, Event};
use ofrecord_ledger::sealing::fields::{FIELDS, Kept, NOT_PERSONAL};

/// Where what an entry holds is declared.
const DECLARED_IN: &[&str] =
    &["crates/core/src/actor.rs", "crates/core/src/command/", "crates/core/src/event/", "crates/core/src/evidence.rs"];
/// Types of which a field may hold any words.
const TEXTS: &[&str] = &["String", "UserName", "Reason", "Value"];

fn declared() -> Vec<Declared> {
    let found = DECLARED_IN.iter().flat_map(|path| reference::declared(path));
    // What an error or the table of versions says is in no entry.
    found
        .filter(|one| one.form == Form::Struct && !one.members.iter().any(|field| field.kind.contains("'static")))
        .collect()
}

fn words(kind: &str) -> impl Iterator<Item = &str> {
    kind.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

/// Every field that may hold any words, as `Type.field`.
pub(crate) fn texts() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for one in declared() {
        let texts = one.members.iter().filter(|field| words(&field.kind).any(|word| TEXTS.contains(&word)));
        found.extend(texts.map(|field| format!("{}.{}", one.name, field.name)));
    }
    found
}

/// What the tables of sealing say of texts, each as often as it is said.
pub(crate) fn told() -> Vec<&'static str> {
    let others = NOT_PERSONAL.iter().flat_map(|(_, fields)| fields.iter().copied());
    FIELDS.iter().map(|personal| personal.field).chain(others).collect()
}

/// One line for each place of each command and event in which a personal field stands.
pub(crate) fn table() -> String {
    let by_name: BTreeMap<String, Declared> = declared().into_iter().map(|one| (one.name.clone(), one)).collect();
    let mut places = vec![("every entry".to_owned(), "actor.user".to_owned(), "Actor.user".to_owned())];
    let kinds = Event::KINDS.iter().map(|(name, _)| *name);
    for name in Command::NAMES.iter().copied().chain(kinds) {
        let mut found = Vec::new();
        walk(&by_name, name, "", &mut found);
        places.extend(found.into_iter().map(|(path, field)| (name.to_owned(), path, field)));
    }
    let mut out =
        "| in | field | whose | id of the subject from | compared by | kept |\n|---|---|---|---|---|---|\n".to_owned();
    for (name, path, field) in places {
        let Some(personal) = FIELDS.iter().find(|personal| personal.field == field) else { continue };
        let kept = match personal.kept {
            Kept::Sealed => "sealed".to_owned(),
            Kept::SealedByAt => "sealed when it has an `@`".to_owned(),
            Kept::Clear(why) => format!("in the clear: {why}"),
        };
        let compared = personal.compared.unwrap_or("nothing");
        writeln!(out, "| {name} | `{path}` | {} | {} | {compared} | {kept} |", personal.subject, personal.derived)
            .unwrap();
    }
    out
}

/// The fields below a type with their paths; what an observation or a correction states is listed as itself.
fn walk(by_name: &BTreeMap<String, Declared>, name: &str, path: &str, found: &mut Vec<(String, String)>) {
    let Some(declared) = by_name.get(name) else { return };
    for member in &declared.members {
        let list = if member.kind.contains("Vec<") || member.kind.contains("BTreeSet<") { "[]" } else { "" };
        let path = format!("{path}{}{list}", member.name);
        found.push((path.clone(), format!("{name}.{}", member.name)));
        for word in words(&member.kind).filter(|word| *word != "Event" && *word != name) {
            walk(by_name, word, &format!("{path}."), found);
        }
    }
}

/// Every other text, and why it is nobody's.
pub(crate) fn others() -> String {
    let mut out = "| why it is not sealed | fields |\n|---|---|\n".to_owned();
    for (why, fields) in NOT_PERSONAL {
        let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
        writeln!(out, "| {why} | {} |", fields.join(", ")).unwrap();
    }
    out
}
