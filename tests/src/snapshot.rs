//! Snapshots: whole texts kept in `tests/snapshots`, compared byte by byte, written anew with `OFRECORD_BLESS=1`.

use std::fs;
use std::path::Path;

use crate::workspace;

/// Compares a text with its snapshot.
///
/// # Panics
/// When they differ, or there is no snapshot: that is how a test fails.
pub fn check(name: &str, text: &str) {
    check_file(&format!("{name}.txt"), text);
}

/// Compares a text with a snapshot whose name has an ending of its own, so that it can be looked at as what it is.
///
/// # Panics
/// When they differ, or there is no snapshot: that is how a test fails.
pub fn check_file(name: &str, text: &str) {
    let path = workspace::root().join("tests/snapshots").join(name);
    if std::env::var_os("OFRECORD_BLESS").is_some_and(|bless| bless == "1") {
        bless(&path, text);
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "{} is not what came out; look at the difference, then OFRECORD_BLESS=1 writes it anew\n{}",
        path.display(),
        difference(&kept, text)
    );
}

fn bless(path: &Path, text: &str) {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    assert!(written.is_ok(), "write {}: {written:?}", path.display());
}

/// The lines from the first difference on, a few of each side.
fn difference(kept: &str, text: &str) -> String {
    let same = kept.lines().zip(text.lines()).take_while(|(left, right)| left == right).count();
    let shown = |side: &str, mark: char| -> Vec<String> {
        side.lines().skip(same).take(SHOWN).map(|line| format!("{mark} {line}")).collect()
    };
    let mut lines = vec![format!("from line {}:", same + 1)];
    lines.extend(shown(kept, '-'));
    lines.extend(shown(text, '+'));
    lines.join("\n")
}

/// Lines of each side that a difference shows.
const SHOWN: usize = 12;
