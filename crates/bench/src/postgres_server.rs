//! A PostgreSQL server of its own in a scratch folder, tuned as users of event stores tune theirs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::RaceError;

/// The engine's name in errors.
const NAME: &str = "PostgreSQL";
/// Where Debian keeps the programs that are not on the path.
const VERSIONS: &str = "/usr/lib/postgresql";
/// What is set beyond the defaults. Durability is the default, and is named so that it can be seen.
const SETTINGS: &str = "fsync=on synchronous_commit=on full_page_writes=on shared_buffers=512MB \
                        wal_buffers=16MB max_wal_size=4GB checkpoint_timeout=15min max_connections=300 \
                        autovacuum=off listen_addresses=";

/// A running server; it is stopped when this is dropped.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
}

impl Server {
    /// Starts a server in a new folder. None when PostgreSQL is not installed.
    pub(crate) fn start(scratch: &Path) -> Result<Option<Self>, RaceError> {
        let Some(programs) = programs() else { return Ok(None) };
        let folder = scratch.join("postgres");
        std::fs::create_dir_all(&folder)?;
        let folder = folder.canonicalize()?;
        let server = Self { programs, folder };
        if is_root()? {
            run(Command::new("chown").arg("postgres").arg(&server.folder))?;
        }
        let data = server.folder.join("data");
        run(server.program("initdb").arg("-D").arg(&data).args(["-A", "trust", "-U", "race", "--no-sync"]))?;
        let options: Vec<String> = SETTINGS.split_whitespace().map(|setting| format!("-c {setting}")).collect();
        let options = format!("{} -k {}", options.join(" "), server.folder.display());
        run(server
            .program("pg_ctl")
            .arg("-D")
            .arg(&data)
            .args(["-w", "-o", &options, "-l"])
            .arg(server.folder.join("server.txt"))
            .arg("start"))?;
        Ok(Some(server))
    }

    /// The folder with the socket on which it listens.
    pub(crate) fn socket(&self) -> &Path {
        &self.folder
    }

    /// Where it listens: a socket in its own folder.
    pub(crate) fn address(&self) -> String {
        format!("host={} user=race dbname=postgres", self.folder.display())
    }

    /// A program of the server, run as the user that the server allows.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        if matches!(is_root(), Ok(true)) {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
            command.current_dir(&self.folder);
            return command;
        }
        Command::new(path)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.arg("-D").arg(self.folder.join("data")).args(["-m", "immediate", "stop"]);
        if let Err(error) = run(&mut stop) {
            crate::results::complain(&error.to_string());
        }
    }
}

/// The folder of the server's programs: the newest version that Debian installed.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?;
    let folders = versions.filter_map(Result::ok).map(|version| version.path().join("bin"));
    folders.filter(|bin| bin.join("initdb").is_file()).max()
}

fn is_root() -> Result<bool, RaceError> {
    let output = Command::new("id").arg("-u").output()?;
    Ok(output.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) -> Result<(), RaceError> {
    // What it starts must not keep the pipes of this program open.
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() {
        return Ok(());
    }
    Err(RaceError::of(NAME)(&format!("{:?} ended with {status}", command.get_program())))
}
