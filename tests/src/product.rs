//! The built binary, found beside the running test, built once when it is not there.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::workspace;

/// Set where the whole workspace was just built for its tests, as `.ci/run` does: the binaries that were made along with
/// that are brought up to date, and no second set of them with the features that one package alone asks for.
const WHOLE: &str = "OFRECORD_WHOLE_WORKSPACE";

/// How the names of the variables begin by which cargo tells a test of its package. The build script of `ring` asks to
/// be run again where they change.
const TOLD_OF_PACKAGES: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
static BENCH: OnceLock<Result<PathBuf, String>> = OnceLock::new();

/// Path of the `ofrecord` binary. Cargo does not tell packages about each
/// other's binaries, so it is built here: a stale one would test yesterday's code.
///
/// # Errors
/// What cargo said, when it could not be built.
pub fn binary() -> Result<&'static Path, String> {
    BINARY.get_or_init(|| build("ofrecord")).as_deref().map_err(Clone::clone)
}

/// Path of the program that races, soaks and counts, made as [`binary`] is.
///
/// # Errors
/// What cargo said, when it could not be built.
pub fn bench() -> Result<&'static Path, String> {
    BENCH.get_or_init(|| build("ofrecord-bench")).as_deref().map_err(Clone::clone)
}

fn build(package: &str) -> Result<PathBuf, String> {
    let running = std::env::current_exe().map_err(|error| error.to_string())?;
    let profile = running
        .ancestors()
        .find(|folder| folder.file_name().is_some_and(|name| name == "deps"))
        .and_then(Path::parent)
        .ok_or_else(|| format!("{} does not lie in a target folder", running.display()))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace::root()).args(["build", "--quiet", "--locked"]);
    // What cargo tells a test of its package would have whatever depends on it built again, and once more afterwards.
    for (told, _) in std::env::vars_os() {
        if told.to_str().is_some_and(|told| TOLD_OF_PACKAGES.iter().any(|of| told.starts_with(of))) {
            command.env_remove(told);
        }
    }
    match std::env::var_os(WHOLE) {
        Some(_) => command.args(["--workspace", "--bins", "--tests"]),
        None => command.args(["--package", package]),
    };
    if profile.file_name().is_some_and(|name| name == "release") {
        command.arg("--release");
    }
    if let Some(target) = profile.parent() {
        command.arg("--target-dir").arg(target);
    }
    let output = command.output().map_err(|error| format!("run cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(profile.join(format!("{package}{}", std::env::consts::EXE_SUFFIX)))
}
