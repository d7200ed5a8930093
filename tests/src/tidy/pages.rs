//! Pages: links that resolve, paths that exist, one sentence a line, and a top level with nothing else in it.

use super::Violation;
use crate::manifest::{DependencyKind, Manifest};
use crate::workspace::{self, TextFile};

/// Everything that may stand in the workspace's root.
const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".git",
    ".gitattributes",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "packaging",
    "docs",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "target",
    "tests",
];
/// Files that must stand there.
const REQUIRED: &[&str] = &[".ci/run", "CHANGELOG.md", "Cargo.lock", "LICENSE", "README.md", "docs/ARCHITECTURE.md"];

/// What stands in the root and should not, and what should and does not.
#[must_use]
pub fn top_level() -> Vec<Violation> {
    let strange = workspace::top_level().into_iter().filter(|name| !TOP_LEVEL.contains(&name.as_str()));
    let missing = REQUIRED.iter().filter(|name| !workspace::exists(name));
    strange
        .map(|name| Violation::at(&name, 1, "the top level holds only what tests/src/tidy/pages.rs lists"))
        .chain(missing.map(|name| Violation::at(name, 1, "this file is missing")))
        .collect()
}

/// Links to pages, headings or files that are not there.
#[must_use]
pub fn links(pages: &[TextFile]) -> Vec<Violation> {
    let mut found = Vec::new();
    for page in pages {
        for (number, line) in prose(page) {
            let broken = targets(line).filter(|target| !resolves(page, target));
            found.extend(
                broken.map(|target| Violation::at(&page.path, number, format!("the link {target} leads nowhere"))),
            );
        }
    }
    found
}

/// Paths of this workspace in code quotes that do not exist.
#[must_use]
pub fn quoted_paths(pages: &[TextFile]) -> Vec<Violation> {
    let mut found = Vec::new();
    for page in pages.iter().filter(|page| page.path != "CHANGELOG.md") {
        for (number, line) in prose(page) {
            let quoted = line.split('`').skip(1).step_by(2);
            let ours = quoted.filter(|text| {
                let path = ["crates/", "docs/", "tests/", ".ci/"].iter().any(|start| text.starts_with(start));
                path && !text.contains(['<', '*', ' ', '…', '{'])
            });
            let gone = ours.filter(|text| !workspace::exists(text));
            found.extend(gone.map(|text| Violation::at(&page.path, number, format!("`{text}` does not exist"))));
        }
    }
    found
}

/// Lines that hold more than one sentence: a change of one sentence should be a change of one line.
#[must_use]
pub fn sentences(pages: &[TextFile]) -> Vec<Violation> {
    let mut found = Vec::new();
    for page in pages {
        for (number, line) in prose(page).filter(|(_, line)| !line.starts_with(['|', '#', '<'])) {
            let line = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
            let line = line.strip_prefix(". ").unwrap_or(line);
            let two = [". ", "? ", "! "]
                .iter()
                .any(|end| line.split(end).skip(1).any(|next| next.starts_with(char::is_uppercase)));
            if two {
                found.push(Violation::at(&page.path, number, "one sentence per line"));
            }
        }
    }
    found
}

/// Workspace dependencies without a line in the decision on dependencies, and lines without a dependency.
#[must_use]
pub fn dependencies(workspace: &Manifest, decision: &TextFile) -> Vec<Violation> {
    let rows: Vec<(usize, &str, &str)> = (1..)
        .zip(decision.text.lines())
        .filter_map(|(number, line)| {
            let mut cells = line.strip_prefix("| `")?.split('|').map(|cell| cell.trim().trim_matches('`'));
            Some((number, cells.next()?, cells.next()?))
        })
        .collect();
    let listed = workspace
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == DependencyKind::Workspace && !dependency.name.starts_with("ofrecord"));
    let mut found = Vec::new();
    for dependency in listed.clone() {
        let version = dependency.value.split('"').nth(1).unwrap_or_default();
        let row = rows.iter().find(|(_, name, _)| *name == dependency.name);
        let message = match row {
            None => format!("{} has no line in {}", dependency.name, decision.path),
            Some((_, _, told)) if *told != version => {
                format!("{} is {version} here and {told} in {}", dependency.name, decision.path)
            }
            Some(_) => continue,
        };
        found.push(Violation::at(&workspace.path, dependency.line, message));
    }
    let gone = rows.iter().filter(|(_, name, _)| !listed.clone().any(|dependency| dependency.name == *name));
    found.extend(
        gone.map(|(number, name, _)| Violation::at(&decision.path, *number, format!("{name} is not a dependency"))),
    );
    found
}

/// Packages that lack a description, the shared lints, or the shared versions.
#[must_use]
pub fn packages(manifests: &[Manifest]) -> Vec<Violation> {
    let mut found = Vec::new();
    for manifest in manifests {
        if manifest.values.get("package.description").is_none_or(|text| text.len() < 10) {
            found.push(Violation::at(&manifest.path, 1, "the package has no description"));
        }
        if manifest.values.get("lints.workspace").is_none_or(|value| value != "true") {
            found.push(Violation::at(&manifest.path, 1, "the package does not take the workspace's lints"));
        }
        let own = manifest.dependencies.iter().filter(|one| !one.value.contains("workspace = true"));
        let own = own.filter(|one| !one.value.contains("path = \".\""));
        found.extend(own.map(|one| {
            let message = format!("take {} from the workspace; versions stand only in the root Cargo.toml", one.name);
            Violation::at(&manifest.path, one.line, message)
        }));
    }
    found
}

/// The lines of a page outside code fences, with their numbers.
fn prose(page: &TextFile) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    (1..).zip(page.text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
}

fn resolves(page: &TextFile, target: &str) -> bool {
    if target.starts_with("https://") || target.starts_with("http://") {
        return true;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = if path.is_empty() { page.path.clone() } else { joined(&page.path, path) };
    if anchor.is_empty() {
        return workspace::exists(&file);
    }
    workspace::read(&file).is_some_and(|page| prose(&page).any(|(_, line)| anchor_of(line).as_deref() == Some(anchor)))
}

/// A path relative to a page, from the root.
fn joined(page: &str, path: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchor that a heading gets.
fn anchor_of(line: &str) -> Option<String> {
    let title = line.strip_prefix('#')?.trim_start_matches('#').trim();
    let kept = title.to_lowercase();
    Some(
        kept.chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect(),
    )
}
