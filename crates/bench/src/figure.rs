//! What a race found: a median for each engine, and how ofrecord stands beside it.

use comfy_table::Table;
use serde::{Deserialize, Serialize};

use crate::reckoning::{quantile, rounded};

/// The engine that the others are compared with.
pub(crate) const OURS: &str = "ofrecord";

/// What is raced for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Course {
    /// Durable commands, by submitters.
    Append,
    /// Entries read in order, by how many there are.
    Scan,
    /// All states folded again, by entries.
    Replay,
}

impl Course {
    fn title(self) -> &'static str {
        match self {
            Self::Append => "durable commands, each submitter waiting for its answer before the next",
            Self::Scan => "entries read in order",
            Self::Replay => "all states folded again",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Append => "commands/s",
            Self::Scan | Self::Replay => "entries/s",
        }
    }

    fn counted(self) -> &'static str {
        match self {
            Self::Append => "submitters",
            Self::Scan | Self::Replay => "entries",
        }
    }
}

/// The result of a race.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Race {
    /// What was raced for.
    pub(crate) course: Course,
    /// One line for each count and engine.
    pub(crate) lines: Vec<Line>,
    /// Engines that could not take part, and why.
    pub(crate) missing: Vec<Missing>,
}

/// One engine with one number of submitters, or over so many entries.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Submitters, or entries that are read.
    pub(crate) count: u64,
    /// The engine.
    pub(crate) engine: String,
    /// The median of the rounds, in things done in a second.
    pub(crate) median: f64,
    /// Median and 99th percentile of the time to an answer in milliseconds, where answers are waited for.
    pub(crate) latency_ms: Option<(f64, f64)>,
    /// The median of ofrecord divided by this one.
    pub(crate) ratio: f64,
}

/// An engine that could not take part.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Missing {
    /// Which.
    pub(crate) engine: String,
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
    /// A race in which nobody has run yet.
    pub(crate) fn of(course: Course) -> Self {
        Self { course, lines: Vec::new(), missing: Vec::new() }
    }

    /// Says that an engine could not take part.
    pub(crate) fn without(&mut self, engine: &str, why: &str) {
        self.missing.push(Missing { engine: engine.to_owned(), why: why.to_owned() });
    }

    /// Adds what the engines did with one count, and compares.
    pub(crate) fn add(&mut self, count: u64, rounds: Vec<(&'static str, Vec<Measured>)>) {
        let mut lines: Vec<Line> = Vec::new();
        for (engine, measured) in rounds {
            let mut rates: Vec<f64> = measured.iter().map(|round| round.rate).collect();
            let mut latencies: Vec<f64> = measured.into_iter().flat_map(|round| round.latencies).collect();
            let latency_ms =
                (!latencies.is_empty()).then(|| (quantile(&mut latencies, 0.5), quantile(&mut latencies, 0.99)));
            let median = quantile(&mut rates, 0.5);
            lines.push(Line { count, engine: engine.to_owned(), median, latency_ms, ratio: 0.0 });
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
        table.set_header([self.course.counted(), "engine", self.course.unit(), "p50 ms", "p99 ms", "ofrecord / it"]);
        for line in &self.lines {
            let (p50, p99) = line
                .latency_ms
                .map_or((String::new(), String::new()), |(p50, p99)| (format!("{p50:.2}"), format!("{p99:.2}")));
            let ratio = format!("{:.2}", line.ratio);
            table.add_row([line.count.to_string(), line.engine.clone(), rounded(line.median), p50, p99, ratio]);
        }
        let missing: Vec<String> = self
            .missing
            .iter()
            .map(|missing| format!("\nnot in the race: {}: {}", missing.engine, missing.why))
            .collect();
        format!("{}\n{table}{}", self.course.title(), missing.concat())
    }
}
