//! Tracing to the standard error, by `-v` or by OFRECORD_LOG.

use tracing_subscriber::EnvFilter;

/// Starts tracing. OFRECORD_LOG wins over `-v`; without either only errors are shown.
pub(crate) fn start(verbose: u8) {
    // What the log has to say reaches the operator as a warning or an error of the command itself.
    let level = match verbose {
        0 => "error,ofrecord_log=off",
        1 => "info",
        2 => "debug",
        3.. => "trace",
    };
    let filter = EnvFilter::try_from_env("OFRECORD_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let tracing = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time();
    // A second start in one process fails; the first one's settings then hold.
    drop(tracing.with_ansi(false).try_init());
}
