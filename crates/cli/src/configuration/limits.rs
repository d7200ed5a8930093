//! Limits of the server, as the table `[limits]` of the file sets them.

use std::time::Duration;

use ofrecord_ledger::submission::SUBMISSION_BYTES_MAX;
use ofrecord_server::Limits;
use toml::Value;

use super::Setting;

/// The table of the file, and what begins the names of its keys elsewhere.
pub(super) const TABLE: &str = "limits";
const DAY: u64 = 24 * 60 * 60;
const GIB: u64 = 1024 * 1024 * 1024;

/// A limit that the file can set.
struct Limit {
    key: &'static str,
    says: &'static str,
    least: u64,
    most: u64,
    of: Of,
}

/// Where a limit stands.
#[derive(Clone, Copy)]
enum Of {
    /// How many there may be.
    Count(fn(&mut Limits) -> &mut usize),
    /// The same, counted over a period.
    Number(fn(&mut Limits) -> &mut u64),
    /// How long.
    Seconds(fn(&mut Limits) -> &mut Duration),
}

const fn limit(key: &'static str, says: &'static str, least: u64, most: u64, of: Of) -> Limit {
    Limit { key, says, least, most, of }
}

static LIMITS: &[Limit] = &[
    limit(
        "command_bytes",
        "bytes of the body of one command",
        1,
        SUBMISSION_BYTES_MAX as u64,
        Of::Count(|limits| &mut limits.command_bytes),
    ),
    limit("batch_bytes", "bytes of the body of a batch", 1, GIB, Of::Count(|limits| &mut limits.batch_bytes)),
    limit("batch_commands", "commands of a batch", 1, 65_536, Of::Count(|limits| &mut limits.batch_commands)),
    limit(
        "upload_bytes",
        "bytes of a source that is sent to be imported",
        1,
        GIB,
        Of::Count(|limits| &mut limits.upload_bytes),
    ),
    limit(
        "uploads",
        "sources that are received or wait to be imported; each takes a thread while it comes",
        1,
        64,
        Of::Count(|limits| &mut limits.uploads),
    ),
    limit("connections", "connections at once; more wait", 1, 1_000_000, Of::Count(|limits| &mut limits.connections)),
    limit(
        "peer_connections",
        "connections from one address, or one network of IPv6; more are closed at once",
        1,
        1_000_000,
        Of::Count(|limits| &mut limits.peer_connections),
    ),
    limit(
        "questions",
        "questions answered at once, each on a thread; more wait",
        1,
        1_024,
        Of::Count(|limits| &mut limits.questions),
    ),
    limit(
        "followers",
        "streams of events and of jobs at once, each on a connection",
        0,
        1_000_000,
        Of::Count(|limits| &mut limits.followers),
    ),
    limit(
        "principal_requests",
        "requests of one principal in a period",
        1,
        1_000_000_000,
        Of::Number(|limits| &mut limits.principal_requests),
    ),
    limit(
        "principal_period_seconds",
        "how long that period is",
        1,
        DAY,
        Of::Seconds(|limits| &mut limits.principal_period),
    ),
    limit(
        "sessions",
        "browsers that are signed in at once; the one that rested longest makes room",
        1,
        1_000_000,
        Of::Count(|limits| &mut limits.sessions),
    ),
    limit(
        "session_rest_seconds",
        "how long a session may rest",
        1,
        7 * DAY,
        Of::Seconds(|limits| &mut limits.session_rest),
    ),
    limit(
        "session_time_seconds",
        "how long a session may last",
        1,
        7 * DAY,
        Of::Seconds(|limits| &mut limits.session_time),
    ),
    limit(
        "login_failures",
        "failures to sign in from one address in a period",
        1,
        1_000_000,
        Of::Number(|limits| &mut limits.login_failures),
    ),
    limit("login_period_seconds", "how long that period is", 1, DAY, Of::Seconds(|limits| &mut limits.login_period)),
    limit("head_bytes", "bytes of the head of a request", 8_192, 1_048_576, Of::Count(|limits| &mut limits.head_bytes)),
    limit(
        "head_time_seconds",
        "how long the head of a request may take, counted from the answer before",
        1,
        3_600,
        Of::Seconds(|limits| &mut limits.head_time),
    ),
    limit(
        "body_time_seconds",
        "how long the body of a request may take, but for an upload",
        1,
        3_600,
        Of::Seconds(|limits| &mut limits.body_time),
    ),
    limit(
        "request_time_seconds",
        "how long a request may take, but for an upload",
        1,
        3_600,
        Of::Seconds(|limits| &mut limits.request_time),
    ),
    limit("upload_time_seconds", "how long an upload may take", 1, DAY, Of::Seconds(|limits| &mut limits.upload_time)),
    limit(
        "stall_seconds",
        "how long an answer may not be taken, and an upload not go on",
        1,
        3_600,
        Of::Seconds(|limits| &mut limits.stall),
    ),
    limit(
        "heartbeat_seconds",
        "how often a follower gets a sign of life, and has its token looked at",
        1,
        3_600,
        Of::Seconds(|limits| &mut limits.heartbeat),
    ),
    limit(
        "stop_time_seconds",
        "how long a stop waits for what was accepted",
        1,
        3_600,
        Of::Seconds(|limits| &mut limits.stop_time),
    ),
];

impl Limit {
    fn value(&self, mut limits: Limits) -> u64 {
        match self.of {
            Of::Count(of) => *of(&mut limits) as u64,
            Of::Number(of) => *of(&mut limits),
            Of::Seconds(of) => of(&mut limits).as_secs(),
        }
    }

    fn set(&self, limits: &mut Limits, value: u64) {
        match self.of {
            Of::Count(of) => *of(limits) = usize::try_from(value).unwrap_or(usize::MAX),
            Of::Number(of) => *of(limits) = value,
            Of::Seconds(of) => *of(limits) = Duration::from_secs(value),
        }
    }
}

/// Reads the table; what it leaves out is as it is without one.
pub(super) fn read(value: &Value) -> Result<Limits, String> {
    let table = value.as_table().ok_or("write it as a table: [limits]")?;
    let mut limits = Limits::default();
    for (key, value) in table {
        let found = LIMITS.iter().find(|limit| limit.key == key);
        let limit = found.ok_or_else(|| {
            let keys: Vec<&str> = LIMITS.iter().map(|limit| limit.key).collect();
            format!("`{key}`: there is no such key; the keys are {}", keys.join(", "))
        })?;
        let (least, most) = (limit.least, limit.most);
        let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
        let number = number.filter(|number| (least..=most).contains(number));
        let number = number.ok_or_else(|| format!("`{key}`: write a number from {least} to {most}, without quotes"))?;
        limit.set(&mut limits, number);
    }
    check(&limits)?;
    Ok(limits)
}

/// Limits that go with others.
fn check(limits: &Limits) -> Result<(), String> {
    let goes = |fits: &[(&str, &str)]| fits.first().map_or(Ok(()), |(key, problem)| Err(format!("`{key}`: {problem}")));
    let mut wrong = Vec::new();
    if limits.followers >= limits.connections {
        wrong.push(("followers", "each is on a connection: raise `connections` above it"));
    }
    if limits.peer_connections > limits.connections {
        wrong.push(("peer_connections", "one address cannot have more than `connections` are"));
    }
    if limits.command_bytes > limits.batch_bytes {
        wrong.push(("command_bytes", "a batch of one command is longer: raise `batch_bytes` to it"));
    }
    if limits.body_time > limits.request_time {
        wrong.push(("body_time_seconds", "the body is part of a request: raise `request_time_seconds` to it"));
    }
    if limits.request_time > limits.stop_time {
        wrong.push(("request_time_seconds", "a stop waits for what was accepted: raise `stop_time_seconds` to it"));
    }
    if limits.session_rest > limits.session_time {
        wrong.push(("session_rest_seconds", "a session lasts no longer: raise `session_time_seconds` to it"));
    }
    goes(&wrong)
}

/// Each limit as a setting that is told, from where it was set.
pub(super) fn stated(limits: Limits, origin: Option<&str>) -> impl Iterator<Item = Setting> {
    LIMITS.iter().map(move |limit| {
        let (value, usual) = (limit.value(limits), limit.value(Limits::default()));
        let from = origin.filter(|_| value != usual).unwrap_or("default");
        Setting { setting: format!("{TABLE}.{}", limit.key), value: Some(value.to_string()), from: from.to_owned() }
    })
}

/// Every limit as a line of a file, with what it is without one.
pub(super) fn template() -> String {
    let line = |limit: &Limit| {
        let set = format!("# {TABLE}.{} = {}", limit.key, limit.value(Limits::default()));
        format!("{set:<42}  # {}\n", limit.says)
    };
    LIMITS.iter().map(line).collect()
}
