//! A rival over HTTP: what a team would otherwise write, an event store over PostgreSQL (Emmett) behind a small server
//! (Express), with the same commands and the same question.

use std::path::Path;
use std::process::Command;

use super::failed;
use super::served::Running;
use crate::RaceError;
use crate::postgres_server;
use crate::results::complain;

/// What it is called in the table.
pub(super) const NAME: &str = "64 connections to Emmett over PostgreSQL, behind Express";
/// The server, which Node.js runs.
const SERVER: &str = include_str!("../../rival/server.cjs");

/// The rival, as long as it runs. The process ends before the database does.
pub(super) struct Rival {
    running: Running,
    _database: postgres_server::Server,
}

impl Rival {
    /// Starts it over a database of its own, with so many connections to that. None where something of it is not
    /// installed, which is said.
    pub(super) fn start(packages: &Path, scratch: &Path, connections: usize) -> Result<Option<Self>, RaceError> {
        let left_out = |what: &str| complain(&format!("left out of the race over HTTP: {NAME}: {what}"));
        let modules = packages.join("node_modules");
        if !modules.is_dir() {
            let how = "npm ci, with crates/bench/rival/package.json and its lock copied there";
            left_out(&format!("{} has no packages: {how}", packages.display()));
            return Ok(None);
        }
        let Some(database) = postgres_server::Server::start(scratch)? else {
            left_out("PostgreSQL is not installed");
            return Ok(None);
        };
        let script = scratch.join("rival.cjs");
        std::fs::write(&script, SERVER)?;
        let mut node = Command::new("node");
        node.env("NODE_PATH", modules.canonicalize()?).env("NODE_ENV", "production");
        node.arg(&script).arg(database.socket()).arg(connections.to_string());
        let running = Running::start(&mut node).map_err(|error| failed(&format!("the rival: {error}")))?;
        Ok(Some(Self { running, _database: database }))
    }

    /// Where it listens.
    pub(super) fn address(&self) -> &str {
        self.running.address()
    }
}
