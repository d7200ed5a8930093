//! Why something could not be measured: the machine, an engine, or what was asked for.

use std::path::PathBuf;

use thiserror::Error;

/// Why something could not be measured.
#[derive(Debug, Error)]
pub(crate) enum RaceError {
    /// A scratch file or a process failed.
    #[error("run the race: {0}")]
    Io(#[from] std::io::Error),
    /// The scratch folder is somebody's.
    #[error("run the race: {} exists and would be removed; name another --scratch", .0.display())]
    Exists(PathBuf),
    /// A kept result cannot be read.
    #[error("read {}: {problem}", .path.display())]
    Result {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There is too little room for what would be made.
    #[error("make the ledgers in {}: about {wanted} bytes are needed, {free} are free", .folder.display())]
    Disk {
        /// Where.
        folder: PathBuf,
        /// Bytes needed.
        wanted: u64,
        /// Bytes free.
        free: u64,
    },
    /// An engine failed.
    #[error("run {engine}: {problem}")]
    Engine {
        /// Which.
        engine: &'static str,
        /// What it said.
        problem: String,
    },
}

impl RaceError {
    /// An engine's own error.
    pub(crate) fn of(engine: &'static str) -> impl Fn(&dyn std::fmt::Display) -> Self {
        move |problem| Self::Engine { engine, problem: problem.to_string() }
    }
}
