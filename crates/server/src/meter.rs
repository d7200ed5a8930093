//! What is counted while the server runs, and its text in the form of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ofrecord_ledger::answers::Status;

use crate::feed::webhooks::Standing;

/// The upper ends of the classes of the latency, in milliseconds.
const CLASSES_MS: [u64; 12] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000];

/// What is counted.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Counts>);

/// Held for the time of one count, and while the text is written.
#[derive(Debug, Default)]
struct Counts {
    commands: BTreeMap<&'static str, u64>,
    requests: BTreeMap<(&'static str, &'static str, u16), u64>,
    latencies: BTreeMap<&'static str, Latency>,
}

#[derive(Debug, Default)]
struct Latency {
    classes: [u64; CLASSES_MS.len()],
    count: u64,
    total: Duration,
}

impl Meter {
    /// Counts a command by the word for what became of it.
    pub(crate) fn command(&self, outcome: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.commands.entry(outcome).or_default() += 1;
    }

    /// Counts an answered request.
    pub(crate) fn request(&self, method: &'static str, path: &'static str, status: u16, took: Duration) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.requests.entry((method, path, status)).or_default() += 1;
        let latency = counts.latencies.entry(path).or_default();
        latency.count += 1;
        latency.total += took;
        for (class, limit) in latency.classes.iter_mut().zip(CLASSES_MS) {
            if took <= Duration::from_millis(limit) {
                *class += 1;
            }
        }
    }

    /// Everything as text, with how the ledger is and how many jobs there are.
    pub(crate) fn text(
        &self,
        status: &Status,
        jobs: &[(&'static str, u64)],
        webhooks: &[(String, Standing)],
    ) -> String {
        let mut text = String::new();
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let written = gauges(&mut text, status)
            .and_then(|()| waiting(&mut text, jobs))
            .and_then(|()| sending(&mut text, status, webhooks))
            .and_then(|()| counts.write(&mut text));
        // Writing to a string does not fail; half of the numbers would be worse than none.
        if written.is_ok() { text } else { String::new() }
    }
}

fn gauges(text: &mut String, status: &Status) -> std::fmt::Result {
    let gauges = [
        ("ofrecord_tree_size", "Entries in the log.", status.tree_size),
        ("ofrecord_sealed_through", "Entries below it are in sealed segments.", status.sealed_through),
        ("ofrecord_verified_through", "Entries below it were compared and hashed.", status.verified_through),
        ("ofrecord_all_verified_through", "Below it, bytes and rows were found right.", status.all_verified_through),
        ("ofrecord_drifted_rows", "Stored rows that drifted, when last compared.", status.views_drifted.unwrap_or(0)),
        ("ofrecord_writable", "Whether the log takes entries.", u64::from(status.health == "writable")),
    ];
    for (name, help, value) in gauges {
        writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}")?;
    }
    Ok(())
}

fn waiting(text: &mut String, jobs: &[(&'static str, u64)]) -> std::fmt::Result {
    writeln!(text, "# HELP ofrecord_jobs Jobs that are remembered, by where they stand.\n# TYPE ofrecord_jobs gauge")?;
    jobs.iter().try_for_each(|(state, count)| writeln!(text, "ofrecord_jobs{{state=\"{state}\"}} {count}"))
}

fn sending(text: &mut String, status: &Status, webhooks: &[(String, Standing)]) -> std::fmt::Result {
    type Figure = fn(&Standing, u64) -> u64;
    let figures: [(&str, &str, &str, Figure); 3] = [
        ("ofrecord_webhook_events_total", "counter", "Events that a webhook took.", |standing, _| standing.taken),
        ("ofrecord_webhook_failures", "gauge", "Failures of a webhook in a row.", |standing, _| standing.failures),
        ("ofrecord_webhook_behind", "gauge", "Entries that a webhook has not come to.", |standing, size| {
            size.saturating_sub(standing.next)
        }),
    ];
    for (name, kind, help, figure) in figures.iter().filter(|_| !webhooks.is_empty()) {
        writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}")?;
        for (webhook, standing) in webhooks {
            writeln!(text, "{name}{{webhook=\"{webhook}\"}} {}", figure(standing, status.tree_size))?;
        }
    }
    Ok(())
}

impl Counts {
    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "# HELP ofrecord_commands_total Commands by what became of them.")?;
        writeln!(text, "# TYPE ofrecord_commands_total counter")?;
        for (outcome, count) in &self.commands {
            writeln!(text, "ofrecord_commands_total{{outcome=\"{outcome}\"}} {count}")?;
        }
        writeln!(text, "# HELP ofrecord_http_requests_total Requests by route and status.")?;
        writeln!(text, "# TYPE ofrecord_http_requests_total counter")?;
        for ((method, route, status), count) in &self.requests {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            writeln!(text, "ofrecord_http_requests_total{{{labels}}} {count}")?;
        }
        let name = "ofrecord_http_request_seconds";
        writeln!(text, "# HELP {name} Time from the head of a request to the head of its answer.")?;
        writeln!(text, "# TYPE {name} histogram")?;
        for (route, latency) in &self.latencies {
            for (limit, count) in CLASSES_MS.iter().zip(latency.classes) {
                let end = Duration::from_millis(*limit).as_secs_f64();
                writeln!(text, "{name}_bucket{{route=\"{route}\",le=\"{end}\"}} {count}")?;
            }
            writeln!(text, "{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {}", latency.count)?;
            writeln!(text, "{name}_sum{{route=\"{route}\"}} {}", latency.total.as_secs_f64())?;
            writeln!(text, "{name}_count{{route=\"{route}\"}} {}", latency.count)?;
        }
        Ok(())
    }
}
