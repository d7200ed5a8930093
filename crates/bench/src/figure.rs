//! What a race found: a median for each engine, and how ofrecord stands beside it.

use comfy_table::Table;
use serde::Serialize;

/// The engine that the others are compared with.
pub(crate) const OURS: &str = "ofrecord";

/// The result of a race.
#[derive(Debug, Serialize)]
pub(crate) struct Race {
    /// What was raced for.
    pub(crate) name: &'static str,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// One line for each course and engine.
    pub(crate) lines: Vec<Line>,
    /// Engines that could not take part, and why.
    pub(crate) missing: Vec<Missing>,
}

/// One engine on one course.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    /// The course: a number of submitters, or how much is read.
    pub(crate) course: String,
    /// The engine.
    pub(crate) engine: &'static str,
    /// The median of the rounds.
    pub(crate) median: f64,
    /// Median and 99th percentile of the time to an answer in milliseconds, where answers are waited for.
    pub(crate) latency_ms: Option<(f64, f64)>,
    /// The median of ofrecord divided by this one.
    pub(crate) ratio: f64,
}

/// An engine that could not take part.
#[derive(Debug, Serialize)]
pub(crate) struct Missing {
    /// Which.
    pub(crate) engine: &'static str,
    /// Why.
    pub(crate) why: String,
}

/// What one engine did in one round.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    /// Things done in a second.
    pub(crate) rate: f64,
    /// Times to an answer in milliseconds.
    pub(crate) latencies: Vec<f64>,
}

impl Race {
    /// Adds what the engines did on one course, and compares.
    pub(crate) fn add(&mut self, course: &str, rounds: Vec<(&'static str, Vec<Measured>)>) {
        let mut lines: Vec<Line> = Vec::new();
        for (engine, measured) in rounds {
            let mut rates: Vec<f64> = measured.iter().map(|round| round.rate).collect();
            let mut latencies: Vec<f64> = measured.into_iter().flat_map(|round| round.latencies).collect();
            let latency_ms =
                (!latencies.is_empty()).then(|| (quantile(&mut latencies, 0.5), quantile(&mut latencies, 0.99)));
            lines.push(Line {
                course: course.to_owned(),
                engine,
                median: quantile(&mut rates, 0.5),
                latency_ms,
                ratio: 0.0,
            });
        }
        let ours = lines.iter().find(|line| line.engine == OURS).map_or(0.0, |line| line.median);
        for line in &mut lines {
            line.ratio = if line.median > 0.0 { ours / line.median } else { 0.0 };
        }
        self.lines.extend(lines);
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(comfy_table::presets::NOTHING);
        table.set_header(["course", "engine", self.unit, "p50 ms", "p99 ms", "ofrecord / it"]);
        for line in &self.lines {
            let (p50, p99) = line
                .latency_ms
                .map_or((String::new(), String::new()), |(p50, p99)| (format!("{p50:.2}"), format!("{p99:.2}")));
            let ratio = format!("{:.2}", line.ratio);
            table.add_row([line.course.clone(), line.engine.to_owned(), rounded(line.median), p50, p99, ratio]);
        }
        let missing: Vec<String> = self
            .missing
            .iter()
            .map(|missing| format!("\nnot in the race: {}: {}", missing.engine, missing.why))
            .collect();
        format!("{}\n{table}{}", self.name, missing.concat())
    }

    /// For programs.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn rounded(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// The value below which `share` of the sorted values lie; 0 of none.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a list in memory"
    )]
    let index = ((values.len().saturating_sub(1)) as f64 * share).round() as usize;
    values.get(index).copied().unwrap_or(0.0)
}

/// A count over a time, per second.
#[expect(clippy::cast_precision_loss, reason = "counts of a race are far below 2^52")]
pub(crate) fn per_second(count: u64, time: std::time::Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(f64::EPSILON)
}
