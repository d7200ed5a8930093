//! What a race found: a median for each engine, and how ofrecord stands beside it.

use serde::{Deserialize, Serialize};

use crate::grid::Grid;
use crate::reckoning::{grouped, quantile, rounded, shared};

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

    fn counted(self, count: u64) -> &'static str {
        match self {
            Self::Append if count == 1 => "submitter",
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
    /// The median of the time to an answer in milliseconds, where answers are waited for.
    pub(crate) p50_ms: Option<f64>,
    /// Its 99th percentile.
    pub(crate) p99_ms: Option<f64>,
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
            let mut waited = |share| (!latencies.is_empty()).then(|| quantile(&mut latencies, share));
            let (p50_ms, p99_ms, median) = (waited(0.5), waited(0.99), quantile(&mut rates, 0.5));
            lines.push(Line { count, engine: engine.to_owned(), median, p50_ms, p99_ms, ratio: 0.0 });
        }
        let ours = lines.iter().find(|line| line.engine == OURS).map_or(0.0, |line| line.median);
        for line in &mut lines {
            line.ratio = if line.median > 0.0 { ours / line.median } else { 0.0 };
        }
        self.lines.extend(lines);
    }

    /// The engines, each once, in the order of their first lines.
    pub(crate) fn engines(&self) -> Vec<&str> {
        let mut engines: Vec<&str> = Vec::new();
        for line in &self.lines {
            if !engines.contains(&line.engine.as_str()) {
                engines.push(&line.engine);
            }
        }
        engines
    }

    /// For people: a line for each count and engine.
    pub(crate) fn table(&self) -> String {
        let header = [self.course.counted(0), "engine", self.course.unit(), "p50 ms", "p99 ms", "ofrecord / it"];
        let mut grid = Grid::under(&header);
        for line in &self.lines {
            let (count, engine) = (line.count.to_string(), line.engine.clone());
            grid.rows.push(vec![
                count,
                engine,
                rounded(line.median),
                or_dash(line.p50_ms),
                or_dash(line.p99_ms),
                ratio(line),
            ]);
        }
        let without = |missing: &Missing| format!("\nnot in the race: {}: {}", missing.engine, missing.why);
        format!("{}\n{}{}", self.course.title(), grid.text(), self.missing.iter().map(without).collect::<String>())
    }

    /// For pages: a line for each engine, and columns for each count.
    pub(crate) fn markdown(&self) -> String {
        let mut counts: Vec<u64> = self.lines.iter().map(|line| line.count).collect();
        counts.sort_unstable();
        counts.dedup();
        let waits = |count: u64| self.lines.iter().any(|line| line.count == count && line.p99_ms.is_some());
        let mut grid = Grid::under(&["engine"]);
        for count in &counts {
            grid.header.push(format!(
                "{} {}, {}",
                rounded_count(*count),
                self.course.counted(*count),
                self.course.unit()
            ));
            grid.header.push("ratio".to_owned());
            if waits(*count) {
                grid.header.push("p99 ms".to_owned());
            }
        }
        for engine in self.engines() {
            let mut row = vec![engine.to_owned()];
            for count in &counts {
                let line = self.lines.iter().find(|line| line.engine == engine && line.count == *count);
                row.push(or_dash(line.map(|line| line.median)));
                row.push(line.map_or_else(|| "-".to_owned(), ratio));
                if waits(*count) {
                    row.push(or_dash(line.and_then(|line| line.p99_ms)));
                }
            }
            grid.rows.push(row);
        }
        grid.markdown()
    }
}

fn ratio(line: &Line) -> String {
    format!("{:.2}", line.ratio)
}

fn or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), rounded)
}

fn rounded_count(count: u64) -> String {
    grouped(shared(count, 1))
}
