//! Reading a Cargo manifest as far as the tidy test asks: its package and its dependencies.

use std::collections::BTreeMap;

use crate::workspace::TextFile;

/// A dependency as a manifest writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The crate's name.
    pub name: String,
    /// What stands after the name: a version, a table, or `workspace = true`.
    pub value: String,
    /// Line, from 1.
    pub line: usize,
    /// Whether it is for tests only.
    pub kind: DependencyKind,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependencyKind {
    /// Shipped.
    Normal,
    /// Tests, examples and benches.
    Dev,
    /// Build scripts.
    Build,
    /// The workspace's list of versions.
    Workspace,
}

/// A manifest, read.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Path from the workspace's root.
    pub path: String,
    /// `section.key` and the value as written, quotes removed.
    pub values: BTreeMap<String, String>,
    /// All dependencies, in the order of the file.
    pub dependencies: Vec<Dependency>,
}

impl Manifest {
    /// Reads a manifest. Arrays over several lines are not looked into.
    #[must_use]
    pub fn read(file: &TextFile) -> Self {
        let mut manifest = Self { path: file.path.clone(), values: BTreeMap::new(), dependencies: Vec::new() };
        let mut section = String::new();
        for (number, line) in (1..).zip(file.text.lines()) {
            let line = line.trim();
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']').to_owned();
            } else if !line.starts_with('#')
                && let Some((key, value)) = line.split_once('=')
            {
                manifest.take(&section, key.trim(), value.trim(), number);
            }
        }
        manifest
    }

    /// The package's name; none in the workspace's own manifest.
    #[must_use]
    pub fn package(&self) -> Option<&str> {
        self.values.get("package.name").map(String::as_str)
    }

    fn take(&mut self, section: &str, key: &str, value: &str, line: usize) {
        let Some(kind) = kind_of(section) else {
            self.values.insert(format!("{section}.{key}"), value.trim_matches('"').to_owned());
            return;
        };
        let (name, inherited) = key.split_once('.').map_or((key, ""), |(name, rest)| (name, rest));
        let value = if inherited.is_empty() { value.to_owned() } else { format!("{{ {inherited} = {value} }}") };
        self.dependencies.push(Dependency { name: name.trim_matches('"').to_owned(), value, line, kind });
    }
}

fn kind_of(section: &str) -> Option<DependencyKind> {
    let last = section.rsplit('.').next()?;
    match last {
        "dependencies" if section == "workspace.dependencies" => Some(DependencyKind::Workspace),
        "dependencies" => Some(DependencyKind::Normal),
        "dev-dependencies" => Some(DependencyKind::Dev),
        "build-dependencies" => Some(DependencyKind::Build),
        _ => None,
    }
}
