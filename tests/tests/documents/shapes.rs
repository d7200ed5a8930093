//! The JSON shapes of commands and events, from the declarations in core and their doc comments.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ofrecord_acceptance::reference::{self, Declared, Form, Member, Presence};
use ofrecord_core::event::upcast;

/// What the types of the vocabulary are in JSON.
const PLAIN: &[(&str, &str)] = &[
    ("AccessAssignmentId", "assignment (GUID)"),
    ("ApproverName", "name of who approved"),
    ("Authority", "order or legal ground, in words"),
    ("CheckpointKey", "verifier key (`name+id+base64`)"),
    ("CommandId", "GUID"),
    ("CustomerId", "customer (GUID)"),
    ("Digest", "SHA-256 (64 hexadecimal digits)"),
    ("GdapDuration", "ISO 8601 duration"),
    ("GdapRelationshipId", "granular relationship (two GUIDs)"),
    ("HoldId", "name of a hold"),
    ("LogOrigin", "origin"),
    ("Market", "market code"),
    ("OrderId", "order id"),
    ("PartnerId", "partner ID (digits)"),
    ("PartnerTenantId", "partner (GUID)"),
    ("ProductId", "product id"),
    ("Reason", "text"),
    ("RoleId", "role template (GUID)"),
    ("StreamId", "name of a stream"),
    ("SubjectId", "subject (GUID)"),
    ("SecurityGroupId", "security group (GUID)"),
    ("ServiceName", "service name"),
    ("String", "text"),
    ("SubscriptionId", "subscription (GUID)"),
    ("Timestamp", "time"),
    ("TicketId", "ticket or file number"),
    ("TransferId", "transfer id"),
    ("UserName", "user name"),
    ("Uuid", "GUID"),
    ("Workload", "workload"),
    ("bool", "true or false"),
    ("u32", "number"),
    ("u64", "number"),
];

/// Every declaration of core, by name.
pub(crate) struct Shapes {
    by_name: BTreeMap<String, Declared>,
}

/// The shapes that fields refer to, rendered.
pub(crate) struct Referenced {
    pub(crate) structs: String,
    pub(crate) words: String,
}

impl Shapes {
    pub(crate) fn read() -> Self {
        let declared = reference::declared("crates/core/src/");
        Self { by_name: declared.into_iter().map(|one| (one.name.clone(), one)).collect() }
    }

    /// The fields of a type as a table, or a sentence when there are none.
    pub(crate) fn fields(&self, name: &str) -> String {
        let Some(declared) = self.by_name.get(name) else { panic!("{name} is not declared in core") };
        if declared.members.is_empty() {
            return "It has no fields.\n".to_owned();
        }
        let mut out = "| field | value | |\n|---|---|---|\n".to_owned();
        for field in &declared.members {
            let absent = if field.presence == Presence::Optional { "; may be absent" } else { "" };
            let value = self.value(&field.kind);
            writeln!(out, "| `{}` | {value}{absent} | {} |", field.name, cell(&field.doc)).unwrap();
        }
        out
    }

    /// The shapes that the fields of a page's commands or events lead to, directly or through each other.
    pub(crate) fn referenced(&self, page: &str) -> Referenced {
        let mut names = BTreeSet::new();
        let listed = listed_in(page);
        for declared in listed.iter().filter_map(|name| self.by_name.get(name)) {
            self.follow(declared, &mut names);
        }
        let mut referenced = Referenced { structs: String::new(), words: String::new() };
        for declared in names.iter().filter(|name| !listed.contains(*name)).filter_map(|name| self.by_name.get(name)) {
            let out = match (declared.form, is_words(declared)) {
                (Form::Enum, true) => &mut referenced.words,
                (Form::Enum | Form::Struct, _) => &mut referenced.structs,
            };
            write!(out, "### {}\n\n{}\n\n", declared.name, sentences(&declared.doc)).unwrap();
            match declared.form {
                Form::Struct => out.push_str(&self.fields(&declared.name)),
                Form::Enum => out.push_str(&self.variants(declared)),
            }
            out.push('\n');
        }
        referenced
    }

    fn follow(&self, declared: &Declared, names: &mut BTreeSet<String>) {
        for member in &declared.members {
            for name in words_of(&member.kind) {
                if let Some(next) = self.by_name.get(name).filter(|_| plain(name).is_none() && name != "Event")
                    && names.insert(name.to_owned())
                {
                    self.follow(next, names);
                }
            }
        }
    }

    fn variants(&self, declared: &Declared) -> String {
        let mut out = "| word | |\n|---|---|\n".to_owned();
        for member in &declared.members {
            writeln!(out, "| {} | {} |", self.word(member), cell(&member.doc)).unwrap();
        }
        out
    }

    fn word(&self, member: &Member) -> String {
        let word = snake_case(&member.name);
        match member.kind.strip_prefix('(') {
            Some(content) => format!("`{{\"{word}\": …}}` with {}", self.value(content.trim_end_matches(')'))),
            None if member.kind.is_empty() => format!("`\"{word}\"`"),
            None => format!("`\"{}\"`", member.kind),
        }
    }

    fn value(&self, kind: &str) -> String {
        let kind = kind.trim();
        for (open, list) in [("Option<", ""), ("Box<", ""), ("Vec<", "list of "), ("BTreeSet<", "list of ")] {
            if let Some(inner) = kind.strip_prefix(open).and_then(|inner| inner.strip_suffix('>')) {
                return format!("{list}{}", self.value(inner));
            }
        }
        if kind == "Event" {
            return "[event](events.md#events)".to_owned();
        }
        let name = kind.rsplit("::").next().unwrap_or(kind);
        match plain(name) {
            Some(text) => text.to_owned(),
            None if self.by_name.contains_key(name) => format!("[{name}](#{})", name.to_lowercase()),
            None => panic!("no rendering for the type {kind}: add it to PLAIN in tests/tests/documents/shapes.rs"),
        }
    }
}

/// Types that have a section or a table of their own on a page already.
fn listed_in(page: &str) -> BTreeSet<String> {
    let names: Vec<&str> = if page == "commands.md" {
        ofrecord_core::Command::NAMES.to_vec()
    } else {
        let older = upcast::VERSIONS.iter().flat_map(|versions| versions.older.iter().map(|older| older.name));
        ofrecord_core::Event::KINDS.iter().map(|(name, _)| *name).chain(older).collect()
    };
    names.into_iter().map(str::to_owned).collect()
}

fn is_words(declared: &Declared) -> bool {
    declared.members.iter().all(|member| !member.kind.starts_with('('))
}

fn plain(name: &str) -> Option<&'static str> {
    PLAIN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn words_of(kind: &str) -> impl Iterator<Item = &str> {
    kind.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// A text with every sentence on a line of its own.
fn sentences(text: &str) -> String {
    let mut parts = text.split(". ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(if part.starts_with(char::is_uppercase) { ".\n" } else { ". " });
        out.push_str(part);
    }
    out
}

/// A text that can stand in a table's cell.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
