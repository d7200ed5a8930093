//! What reference pages say of types, read from their source: the doc comments are the only place that has it.

use crate::workspace::{self, TextFile};

/// A variant of an enum or a field of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name, and the word on the wire where the source gives one.
    pub name: String,
    /// What stands after the name: a field's type, a variant's content or wire word.
    pub kind: String,
    /// The first paragraph of its doc comment.
    pub doc: String,
    /// Whether JSON may leave it out.
    pub presence: Presence,
}

/// Whether JSON may leave a field out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be absent.
    Optional,
}

/// Whether a type has fields or variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A struct: its members are fields.
    Struct,
    /// An enum: its members are variants.
    Enum,
}

/// A struct or enum as its source shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// What it is.
    pub form: Form,
    /// The first paragraph of its doc comment.
    pub doc: String,
    /// Fields or variants, in order.
    pub members: Vec<Member>,
}

/// Every public struct and enum declared in the files below a folder or in one file, those of macros included.
#[must_use]
pub fn declared(path: &str) -> Vec<Declared> {
    let files: Vec<TextFile> =
        workspace::rust_files().into_iter().filter(|file| file.path == path || file.path.starts_with(path)).collect();
    files.iter().flat_map(|file| of_text(&file.text)).collect()
}

/// The members of a macro call that lists documented names, such as `commands! { … }`.
#[must_use]
pub fn listed(path: &str, call: &str) -> Vec<Member> {
    let Some(file) = workspace::read(path) else { return Vec::new() };
    let after = file.text.split(&format!("\n{call} {{\n")).nth(1).unwrap_or_default();
    let body = after.split("\n}").next().unwrap_or_default();
    members(&mut body.lines())
}

fn of_text(text: &str) -> Vec<Declared> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    let mut doc = Vec::new();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix("///") {
            doc.push(comment.trim());
        } else if let Some((form, name)) = opened(line) {
            let name = name.to_owned();
            found.push(Declared { name, form, doc: paragraph(&doc), members: members(&mut lines) });
            doc.clear();
        } else if !line.starts_with("#[") {
            doc.clear();
        }
    }
    found
}

/// The name of a public struct or enum with a body.
fn opened(line: &str) -> Option<(Form, &str)> {
    let of_struct = line.strip_prefix("pub struct ").map(|rest| (Form::Struct, rest));
    let (form, rest) = of_struct.or_else(|| line.strip_prefix("pub enum ").map(|rest| (Form::Enum, rest)))?;
    let name = rest.strip_suffix(" {")?;
    (!name.contains('$')).then_some((form, name))
}

fn members(lines: &mut std::str::Lines<'_>) -> Vec<Member> {
    let mut found = Vec::new();
    let (mut doc, mut presence, mut depth) = (Vec::new(), Presence::Required, 0_i32);
    for line in lines {
        let line = line.trim();
        if depth == 0 && line == "}" {
            break;
        }
        if depth > 0 {
            // The fields of a struct variant: they belong to the variant.
        } else if let Some(comment) = line.strip_prefix("///") {
            doc.push(comment.trim());
        } else if line.starts_with("#[") {
            if line.contains("serde(default") {
                presence = Presence::Optional;
            }
        } else if let Some(member) = member(line, &doc, presence) {
            found.push(member);
            doc.clear();
            presence = Presence::Required;
        }
        depth += depth_change(line);
    }
    found
}

fn depth_change(line: &str) -> i32 {
    line.chars().map(|c| i32::from(c == '{') - i32::from(c == '}')).sum()
}

fn member(line: &str, doc: &[&str], presence: Presence) -> Option<Member> {
    let line = line.strip_prefix("pub ").unwrap_or(line).trim_end_matches(',');
    let end = line.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(line.len());
    let (name, kind) = line.split_at_checked(end)?;
    if name.is_empty() || line.starts_with("//") {
        return None;
    }
    let kind = kind.trim_start_matches([':', '=', ' ']).trim().trim_matches('"').to_owned();
    let presence = if kind.starts_with("Option<") { Presence::Optional } else { presence };
    Some(Member { name: name.to_owned(), kind, doc: paragraph(doc), presence })
}

fn paragraph(doc: &[&str]) -> String {
    doc.split(|line| line.is_empty()).next().unwrap_or_default().join(" ")
}

#[cfg(test)]
mod tests;
