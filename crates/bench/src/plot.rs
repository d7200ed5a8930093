//! Drawings of results: what is drawn of each kind, and into which file.

mod chart;
mod scale;
mod svg;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::chart::{Axis, Chart, Series};
use crate::figure::{Course, Line, OURS, Race};
use crate::reckoning::shared;
use crate::results::complain;
use crate::sizes::{FigureOf, Size, Sizes};
use crate::{Done, RaceError};

/// The files that were drawn.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Drawn {
    /// Their names.
    pub(crate) files: Vec<String>,
}

/// Draws everything that can be drawn of some results, each as a file of a folder.
///
/// # Errors
/// [`RaceError`] when a result cannot be read or a drawing not be written.
pub(crate) fn draw(results: &[PathBuf], folder: &Path) -> Result<Drawn, RaceError> {
    fs::create_dir_all(folder)?;
    let mut files = Vec::new();
    for path in results {
        let charts = charts(&Done::read(path)?);
        if charts.is_empty() {
            complain(&format!("nothing is drawn of {}", path.display()));
        }
        for chart in charts {
            let name = format!("{}.svg", chart.name);
            fs::write(folder.join(&name), chart.svg())?;
            files.push(name);
        }
    }
    Ok(Drawn { files })
}

fn charts(done: &Done) -> Vec<Chart> {
    let charts = match done {
        Done::Race(race) => of_race(race),
        Done::Sizes(sizes) => of_sizes(sizes),
        Done::Figures(_) | Done::Soak(_) | Done::Count(_) | Done::Drawn(_) => Vec::new(),
    };
    charts.into_iter().filter(Chart::has_a_course).collect()
}

fn of_race(race: &Race) -> Vec<Chart> {
    match race.course {
        Course::Append => {}
        // Read over one number of entries: there is no course to draw.
        Course::Scan | Course::Replay => return Vec::new(),
    }
    let submitters = || Axis { label: "submitters", unit: "submitters" };
    let of = |figure: fn(&Line) -> Option<f64>| {
        let engines = race.engines().into_iter();
        let lines = |engine: &str| race.lines.iter().filter(|line| line.engine == engine).collect::<Vec<_>>();
        let series = engines.map(|engine| {
            let lines = lines(engine);
            let points = lines.iter().filter_map(|line| figure(line).map(|value| (shared(line.count, 1), value)));
            Series::of(engine, points)
        });
        series.collect::<Vec<_>>()
    };
    vec![
        Chart {
            name: "throughput",
            title: "Durable commands against submitters",
            x: submitters(),
            y: Axis { label: "commands a second", unit: "commands/s" },
            series: of(|line| Some(line.median)),
        },
        Chart {
            name: "latency",
            title: "Waiting for a durable command, 99th percentile",
            x: submitters(),
            y: Axis { label: "milliseconds", unit: "ms" },
            series: of(|line| line.p99_ms),
        },
    ]
}

/// A drawing against the size of the log: its file, its title, its axis, and each line with its figure.
type BySize = (&'static str, &'static str, Axis, &'static [(&'static str, FigureOf)]);

/// What is drawn against the size of the log.
const BY_SIZE: &[BySize] = &[
    (
        "work-by-size",
        "Work over the whole log against its size",
        Axis { label: "seconds", unit: "s" },
        &[
            ("rebuild", |size| Some(size.rebuild.seconds)),
            ("replay", |size| Some(size.replay.seconds)),
            ("verify", |size| Some(size.verify.worked.seconds)),
        ],
    ),
    (
        "memory-by-size",
        "Greatest memory against the size of the log",
        Axis { label: "MiB", unit: "MiB" },
        &[
            ("rebuild", |size| Some(size.rebuild.peak_mib)),
            ("replay", |size| Some(size.replay.peak_mib)),
            ("verify", |size| Some(size.verify.worked.peak_mib)),
            ("open after a kill", |size| Some(size.open.peak_mib)),
        ],
    ),
    (
        "opening-by-size",
        "Opening after a kill against the size of the log",
        Axis { label: "milliseconds", unit: "ms" },
        &[
            ("until the first answer", |size| Some(size.open.first_answer_ms)),
            ("until the first command", |size| Some(size.open.first_command_ms)),
        ],
    ),
    (
        "disk-by-size",
        "Bytes on the device for each entry against the size of the log",
        Axis { label: "bytes for each entry", unit: "bytes/entry" },
        &[
            ("all", |size| Some(size.disk.all)),
            ("store", |size| Some(size.disk.store)),
            ("segments", |size| Some(size.disk.segments)),
            ("index", |size| Some(size.disk.index)),
            ("views", |size| Some(size.disk.views)),
        ],
    ),
    (
        "questions-by-size",
        "Questions at past instants, 99th percentile, against the size of the log",
        Axis { label: "milliseconds", unit: "ms" },
        &[
            ("resellers", |size| Some(size.ask.resellers.p99_ms)),
            ("subscriptions", |size| Some(size.ask.subscriptions.p99_ms)),
            ("largest customer: resellers", |size| Some(size.ask.busy.as_ref()?.resellers.p99_ms)),
            ("largest customer: subscriptions", |size| Some(size.ask.busy.as_ref()?.subscriptions.p99_ms)),
            ("largest, known before: resellers", |size| Some(size.ask.busy.as_ref()?.resellers_known_before.p99_ms)),
            ("largest, known before: subscriptions", |size| {
                Some(size.ask.busy.as_ref()?.subscriptions_known_before.p99_ms)
            }),
        ],
    ),
];

fn of_sizes(sizes: &Sizes) -> Vec<Chart> {
    let chart = |(name, title, y, lines): &BySize| Chart {
        name,
        title,
        x: Axis { label: "entries of the log", unit: "entries" },
        y: *y,
        series: lines.iter().map(|(name, figure)| Series::of(name, points(&sizes.sizes, *figure))).collect(),
    };
    BY_SIZE.iter().map(chart).collect()
}

fn points(sizes: &[Size], figure: FigureOf) -> impl Iterator<Item = (f64, f64)> {
    sizes.iter().filter_map(move |size| figure(size).map(|value| (shared(size.entries, 1), value)))
}

/// Whether a line is drawn stronger than the others: ours among other engines.
fn is_ours(name: &str) -> bool {
    name == OURS
}
