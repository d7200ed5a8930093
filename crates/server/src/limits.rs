//! How much of everything: sizes, times and counts that a request may take.

use std::time::Duration;

use ofrecord_ledger::submission::SUBMISSION_BYTES_MAX;

/// What the server takes at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body of one command.
    pub command_bytes: usize,
    /// Bytes of the body of a batch.
    pub batch_bytes: usize,
    /// Commands of a batch.
    pub batch_commands: usize,
    /// Bytes of a source that is sent to be imported.
    pub upload_bytes: usize,
    /// Sources that are received or wait to be imported at once; more are refused.
    pub uploads: usize,
    /// Connections that are open at once; more wait to be accepted.
    pub connections: usize,
    /// Connections from one address, or one network of IPv6; more are closed at once.
    pub peer_connections: usize,
    /// Questions that are answered at once; more wait for their turn.
    pub questions: usize,
    /// Streams of events that are open at once; more are refused.
    pub followers: usize,
    /// How often whoever follows gets a sign of life, and has its token looked at again.
    pub heartbeat: Duration,
    /// How long a follower, or whoever is answered, may take nothing of what is sent.
    pub stall: Duration,
    /// How long a webhook waits after its first failure; twice as long after each further one.
    pub webhook_pause: Duration,
    /// How long a webhook waits at most.
    pub webhook_pause_max: Duration,
    /// Requests of one principal in a period; more are refused until it is over.
    pub principal_requests: u64,
    /// How long such a period is.
    pub principal_period: Duration,
    /// Browsers that are signed in at once; the one that rested longest makes room for the next.
    pub sessions: usize,
    /// How long a session may rest.
    pub session_rest: Duration,
    /// How long a session may last.
    pub session_time: Duration,
    /// Failures to sign in from one address in a period; more attempts are refused until it is over.
    pub login_failures: u64,
    /// How long such a period is.
    pub login_period: Duration,
    /// Bytes of the head of a request, its address included.
    pub head_bytes: usize,
    /// How long the head of a request may take to come, counted from the answer before.
    pub head_time: Duration,
    /// How long the body of a request may take to come, but for that of an upload.
    pub body_time: Duration,
    /// How long an upload may take from its head to its answer.
    pub upload_time: Duration,
    /// How long any other request may take from its head to its answer.
    pub request_time: Duration,
    /// How long requests that were accepted are waited for once the server should stop.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            command_bytes: SUBMISSION_BYTES_MAX,
            batch_bytes: 16 * 1024 * 1024,
            batch_commands: 1_024,
            upload_bytes: 256 * 1024 * 1024,
            uploads: 4,
            connections: 1_024,
            peer_connections: 512,
            questions: 16,
            followers: 512,
            heartbeat: Duration::from_secs(15),
            stall: Duration::from_secs(60),
            webhook_pause: Duration::from_secs(5),
            webhook_pause_max: Duration::from_secs(3_600),
            principal_requests: 20_000,
            principal_period: Duration::from_secs(10),
            sessions: 10_000,
            session_rest: Duration::from_secs(30 * 60),
            session_time: Duration::from_secs(12 * 60 * 60),
            login_failures: 10,
            login_period: Duration::from_secs(5 * 60),
            head_bytes: 64 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(20),
            upload_time: Duration::from_secs(60 * 60),
            request_time: Duration::from_secs(30),
            stop_time: Duration::from_secs(35),
        }
    }
}
