//! Tracing to the standard error, by `-v` or by OFRECORD_LOG; and of a server, spans to whoever collects them.

use tracing::Metadata;
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Registry, fmt};

use self::otlp::Collected;
use crate::http::Trust;

mod otlp;

pub(crate) use self::otlp::Traces;

/// Tracing that goes on.
#[must_use = "spans that were not sent yet are lost where it is not ended"]
pub(crate) struct Tracing(Option<Collected>);

impl Tracing {
    /// Sends what was not sent yet, as far as there is time.
    pub(crate) fn end(self) {
        drop(self.0);
    }
}

/// Starts tracing. OFRECORD_LOG wins over `-v`; without either only errors are shown.
pub(crate) fn start(verbose: u8, traces: Option<(&Traces, &Trust)>) -> Tracing {
    // What the log has to say reaches the operator as a warning or an error of the command itself.
    let level = match verbose {
        0 => "error,ofrecord_log=off",
        1 => "info",
        2 => "debug",
        3.. => "trace",
    };
    let filter = EnvFilter::try_from_env("OFRECORD_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // A line says by itself what it is about, so that it need not be looked for in the spans around it.
    let told = filter.and(filter_fn(|metadata: &Metadata<'_>| !metadata.is_span()));
    let lines = fmt::layer().with_writer(std::io::stderr).without_time().with_ansi(false).with_filter(told);
    let collected = traces.and_then(|(traces, trust)| Collected::by(traces, trust));
    let spans = collected.as_ref().map(Collected::layer);
    // A second start in one process fails; the first one's settings then hold.
    drop(Registry::default().with(spans).with(lines).try_init());
    Tracing(collected)
}
