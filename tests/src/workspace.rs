//! The workspace as files: where it is, and which files of a kind it holds.

use std::fs;
use std::path::{Path, PathBuf};

/// A file as text, with the path that messages show.
#[derive(Debug, Clone)]
pub struct TextFile {
    /// Path from the workspace's root, with `/` between the parts.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The folder that holds the workspace's `Cargo.toml`.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// Every Rust file of the workspace, by path.
#[must_use]
pub fn rust_files() -> Vec<TextFile> {
    files(&["crates", "tests"], "rs")
}

/// Every page of the documentation, by path.
#[must_use]
pub fn pages() -> Vec<TextFile> {
    let top = ["README.md", "CHANGELOG.md"].into_iter().filter_map(read);
    top.chain(files(&["docs", "crates", "tests"], "md")).collect()
}

/// The manifests of the workspace's packages, by path.
#[must_use]
pub fn manifests() -> Vec<TextFile> {
    let mut found = files(&["crates", "tests"], "toml");
    found.retain(|file| file.path.ends_with("/Cargo.toml"));
    found
}

/// One file by its path from the root; none when it is not there or not text.
#[must_use]
pub fn read(path: &str) -> Option<TextFile> {
    let text = fs::read_to_string(root().join(path)).ok()?;
    Some(TextFile { path: path.to_owned(), text })
}

/// Whether something stands at a path from the root.
#[must_use]
pub fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// The names that stand in the root itself.
#[must_use]
pub fn top_level() -> Vec<String> {
    let mut names: Vec<String> = entries(&root()).iter().filter_map(|path| file_name(path)).collect();
    names.sort();
    names
}

fn files(folders: &[&str], extension: &str) -> Vec<TextFile> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), extension, &mut found);
    }
    found.sort();
    found.iter().filter_map(|path| shown(path).and_then(|path| read(&path))).collect()
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        let hidden = file_name(&path).is_none_or(|name| name.starts_with('.') || name == "target");
        if hidden {
            continue;
        }
        if path.is_dir() {
            collect(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

fn file_name(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}

fn shown(path: &Path) -> Option<String> {
    path.strip_prefix(root()).ok().map(|path| path.to_string_lossy().replace('\\', "/"))
}
