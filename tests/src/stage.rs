//! A folder of its own in which the built binary is run, and whole runs as text.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::{product, snapshot, workspace};

/// A folder of its own, and everything that was run in it.
#[derive(Debug)]
pub struct Stage {
    folder: TempDir,
    transcript: String,
}

/// What one run gave.
#[derive(Debug)]
#[must_use = "an outcome nobody looks at tests nothing"]
pub struct Ran {
    /// The arguments.
    pub arguments: Vec<String>,
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
}

/// The name under which every story's ledger is created.
pub const ORIGIN: &str = "example.cn/ledger";

#[expect(clippy::expect_used, reason = "a test fails by panicking")]
impl Stage {
    /// An empty folder.
    ///
    /// # Panics
    /// When the system gives none.
    #[must_use]
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), transcript: String::new() }
    }

    /// A folder with a new ledger in `ledger`.
    #[must_use]
    pub fn with_ledger() -> Self {
        let stage = Self::empty();
        stage.ran(&["init", "--origin", ORIGIN, "--clock", "2018-01-01"], b"").must_exit(0);
        stage
    }

    /// A folder with a ledger of the cloud in China that holds the story of `tests/fixtures/cli/story`.
    ///
    /// # Panics
    /// When a fixture cannot be read or a command is not decided.
    #[must_use]
    pub fn with_story() -> Self {
        let stage = Self::with_ledger();
        stage.submit("story");
        stage
    }

    /// A folder with a ledger of the worldwide cloud that holds the story of `tests/fixtures/cli/story-worldwide`:
    /// granular administration, and what became of DAP.
    ///
    /// # Panics
    /// When a fixture cannot be read or a command is not decided.
    #[must_use]
    pub fn with_worldwide_story() -> Self {
        let stage = Self::empty();
        let arguments = ["init", "--origin", "example.com/ledger", "--cloud", "worldwide", "--clock", "2023-01-01"];
        stage.ran(&arguments, b"").must_exit(0);
        stage.submit("story-worldwide");
        stage
    }

    /// A folder with a ledger of the worldwide cloud that holds the story of `tests/fixtures/cli/story-transfers`:
    /// transfers of subscriptions, an extension of a relationship, and claims of partners of record.
    ///
    /// # Panics
    /// When a fixture cannot be read or a command is not decided.
    #[must_use]
    pub fn with_transfers() -> Self {
        let stage = Self::empty();
        let arguments = ["init", "--origin", "example.com/ledger", "--cloud", "worldwide", "--clock", "2024-01-01"];
        stage.ran(&arguments, b"").must_exit(0);
        stage.submit("story-transfers");
        stage
    }

    /// Submits each file of a fixture at the date of its name.
    fn submit(&self, story: &str) {
        for path in files(&fixture(story)) {
            let date = path.file_stem().and_then(OsStr::to_str).expect("a date for a name").to_owned();
            let lines = fs::read(&path).expect("a story that can be read");
            let ran = self.ran(&["submit", "--clock", &date, "--quiet"], &lines);
            assert!(matches!(ran.code, Some(0 | 3)), "{}", ran.shown());
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file in the folder.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder().join(name), content).expect("write a file");
    }

    /// Runs the binary and keeps what came of it in the transcript.
    ///
    /// # Panics
    /// When the binary cannot be built or run.
    pub fn run(&mut self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, b"")
    }

    /// Runs the binary with an input and keeps what came of it in the transcript.
    ///
    /// # Panics
    /// When the binary cannot be built or run.
    pub fn run_with(&mut self, arguments: &[&str], input: &[u8]) -> Ran {
        let ran = self.ran(arguments, input);
        self.transcript.push_str(&ran.shown());
        ran
    }

    /// Runs the binary and leaves the transcript as it is.
    ///
    /// # Panics
    /// When the binary cannot be built or run.
    pub fn ran(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self.start(arguments);
        let mut stdin = child.stdin.take().expect("a pipe");
        // A program that ends without reading its input is its own affair: what it said is looked at.
        drop(stdin.write_all(input));
        drop(stdin);
        self.end(arguments, child)
    }

    /// Runs the binary with variables in its environment, and leaves the transcript as it is.
    ///
    /// # Panics
    /// When the binary cannot be built or run.
    pub fn ran_among(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Ran {
        self.end(arguments, self.start_among(environment, arguments))
    }

    /// Starts the binary with all three streams as pipes.
    ///
    /// # Panics
    /// When the binary cannot be built or run.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.start_among(&[], arguments)
    }

    fn start_among(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Child {
        let binary = product::binary().expect("the binary builds");
        let mut command = Command::new(binary);
        command.args(arguments).current_dir(self.folder()).env_clear().envs(environment.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the binary runs")
    }

    /// Waits for a run that was started.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub fn end(&self, arguments: &[&str], child: Child) -> Ran {
        let Output { status, stdout, stderr } = child.wait_with_output().expect("the binary ends");
        Ran {
            arguments: arguments.iter().map(|argument| self.without_folder((*argument).as_bytes())).collect(),
            stdout: self.without_folder(&stdout),
            stderr: self.without_folder(&stderr),
            code: status.code(),
        }
    }

    /// Compares everything that was run with a snapshot.
    pub fn check(self, name: &str) {
        snapshot::check(name, &self.transcript);
    }

    /// The folder, and the workspace, are other ones on another machine.
    fn without_folder(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        let text = text.replace(&self.folder().display().to_string(), "<folder>");
        text.replace(&workspace::root().display().to_string(), "<workspace>")
    }
}

impl Ran {
    /// Fails unless the exit code is this one.
    ///
    /// # Panics
    /// When it is another.
    pub fn must_exit(self, code: i32) {
        assert!(self.code == Some(code), "expected exit {code}\n{}", self.shown());
    }

    /// The run as a text: arguments, both outputs and the exit code, each with an end that shows a missing newline.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = format!("$ ofrecord {}\n{}[end]\n", self.arguments.join(" "), self.stdout);
        if !self.stderr.is_empty() {
            // Writing to a string cannot fail.
            write!(text, "--- standard error\n{}[end]\n", self.stderr).unwrap_or_default();
        }
        let code = self.code.map_or_else(|| "by a signal".to_owned(), |code| code.to_string());
        writeln!(text, "--- exit {code}\n").unwrap_or_default();
        text
    }
}

/// A fixture of the command line's tests.
#[must_use]
pub fn fixture(name: &str) -> PathBuf {
    workspace::root().join("tests/fixtures/cli").join(name)
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
