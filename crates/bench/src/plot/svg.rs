//! A chart as SVG text that is read in light and dark: the same chart gives the same bytes.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};

use super::chart::{Chart, Series};
use super::is_ours;
use super::scale::Scale;
use crate::reckoning::{grouped, rounded, shared};

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 420.0;
/// The room of the lines: left, right, top, bottom.
const LEFT: f64 = 84.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 64.0;
const BOTTOM: f64 = 364.0;
/// From the ends of the axis to the first and the last count.
const INDENT: f64 = 14.0;
/// From one line of the legend to the next.
const LEGEND_STEP: f64 = 22.0;

/// Colours of the lines on light and on dark, each with at least the contrast of 3 to 1 that lines need.
const COLOURS: [(&str, &str); 10] = [
    ("#0b5cad", "#6cb2ff"),
    ("#b93a0b", "#ff9a76"),
    ("#1a7f37", "#56d07a"),
    ("#7a3fd1", "#c6a0ff"),
    ("#8a5a00", "#e0b040"),
    ("#b02a7c", "#ff8fd0"),
    ("#0a717a", "#45ccd6"),
    ("#4d5560", "#b4bcc6"),
    ("#6b6b00", "#cfcf4a"),
    ("#8c1d2f", "#ff8a98"),
];

/// Everything that is no line, on light and on dark.
const STYLE: &str = "svg.chart{font:12px system-ui,\"Segoe UI\",\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n\
    .chart .paper{fill:#ffffff}.chart text{fill:#24292f}.chart .title{font-size:14px;font-weight:600}\n\
    .chart .grid{stroke:#d8dee4;stroke-width:1}.chart .axis{stroke:#57606a;stroke-width:1}\n\
    .chart .line{fill:none;stroke-width:1.6;stroke-linejoin:round}.chart .ours .line{stroke-width:3}\n\
    .chart .mark{stroke-width:1.4}\n\
    @media (prefers-color-scheme:dark){.chart .paper{fill:#0d1117}.chart text{fill:#e6edf3}\
    .chart .grid{stroke:#30363d}.chart .axis{stroke:#9198a1}}\n";

impl Chart {
    /// The whole file.
    pub(super) fn svg(&self) -> String {
        let drawing = Drawing { chart: self, x: self.across(), y: Scale::round_over(&self.values(), (BOTTOM, TOP)) };
        format!("{}\n", drawing.drawn().into_string())
    }

    fn across(&self) -> Scale {
        let counts = self.counts();
        let ends = (counts.first().copied().unwrap_or(1.0), counts.last().copied().unwrap_or(1.0));
        Scale::over(ends, (LEFT + INDENT, RIGHT - INDENT))
    }

    fn description(&self) -> String {
        let lines = self.series.iter().filter(|series| !series.points.is_empty());
        let told: Vec<String> =
            lines.map(|series| format!("{} {} {}", series.name, rounded(series.last()), self.y.unit)).collect();
        format!("{} against {}, both logarithmic. Furthest right: {}.", self.y.label, self.x.label, told.join("; "))
    }
}

struct Drawing<'a> {
    chart: &'a Chart,
    x: Scale,
    y: Scale,
}

impl Drawing<'_> {
    fn drawn(&self) -> Markup {
        let chart = self.chart;
        let (title, description) = (format!("{}-title", chart.name), format!("{}-description", chart.name));
        html! {
            svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width=(px(WIDTH)) height=(px(HEIGHT))
                viewBox=(format!("0 0 {} {}", px(WIDTH), px(HEIGHT))) aria-labelledby=(title)
                aria-describedby=(description) {
                title id=(title) { (chart.title) }
                desc id=(description) { (chart.description()) }
                style { (PreEscaped(self.style())) }
                rect class="paper" width=(px(WIDTH)) height=(px(HEIGHT)) {}
                (words("title", "start", LEFT, 24.0, chart.title))
                (words("label", "start", LEFT, TOP - 16.0, chart.y.label))
                (words("label", "middle", f64::midpoint(LEFT, RIGHT), BOTTOM + 44.0, chart.x.label))
                (self.ground())
                @for (place, series) in self.by_last() { (self.series(place, series)) }
                (self.legend())
            }
        }
    }

    /// Style of the page, and of as many lines as there are.
    fn style(&self) -> String {
        let mut style = STYLE.to_owned();
        let lines = || (0..self.chart.series.len()).zip(COLOURS.iter().cycle());
        let rule = |number: usize, colour: &str| {
            format!(
                ".chart .s{number} .line{{stroke:{colour}}}.chart .s{number} .mark{{stroke:{colour};fill:{colour}}}"
            )
        };
        for (number, (light, _)) in lines() {
            // Writing to a string cannot fail.
            writeln!(style, "{}", rule(number, light)).unwrap_or_default();
        }
        let dark: String = lines().map(|(number, (_, dark))| rule(number, dark)).collect();
        style + &format!("@media (prefers-color-scheme:dark){{{dark}}}")
    }

    /// The axes with their marks, behind everything.
    fn ground(&self) -> Markup {
        html! {
            @for value in self.y.marks() {
                "\n"
                @let y = self.y.place(value);
                line class="grid" x1=(px(LEFT)) x2=(px(RIGHT)) y1=(px(y)) y2=(px(y)) {}
                (words("mark-label", "end", LEFT - 8.0, y + 4.0, &grouped(value)))
            }
            @for value in self.chart.counts() {
                "\n"
                @let x = self.x.place(value);
                line class="grid" x1=(px(x)) x2=(px(x)) y1=(px(TOP)) y2=(px(BOTTOM)) {}
                (words("mark-label", "middle", x, BOTTOM + 20.0, &grouped(value)))
            }
            path class="axis" fill="none" d=(format!("M{} {}V{}H{}", px(LEFT), px(TOP), px(BOTTOM), px(RIGHT))) {}
        }
    }

    /// The lines that have points with their numbers, in the order in which they end from above.
    fn by_last(&self) -> Vec<(usize, &Series)> {
        let mut series: Vec<_> =
            self.chart.series.iter().enumerate().filter(|(_, series)| !series.points.is_empty()).collect();
        series.sort_by(|left, right| right.1.last().total_cmp(&left.1.last()).then(left.0.cmp(&right.0)));
        series
    }

    fn series(&self, number: usize, series: &Series) -> Markup {
        let places: Vec<(f64, f64)> = series.points.iter().map(|(x, y)| (self.x.place(*x), self.y.place(*y))).collect();
        let course: Vec<String> = places.iter().map(|(x, y)| format!("{} {}", px(*x), px(*y))).collect();
        html! {
            "\n"
            g class=(class(number, series)) {
                path class="line" d=(format!("M{}", course.join("L"))) {}
                @for ((x, y), (count, value)) in places.iter().zip(&series.points) {
                    g {
                        title {
                            (series.name) ": " (rounded(*value)) " " (self.chart.y.unit) ", " (grouped(*count)) " "
                            (self.chart.x.unit)
                        }
                        (mark(number, *x, *y))
                    }
                }
            }
        }
    }

    fn legend(&self) -> Markup {
        html! {
            @for (place, (number, series)) in self.by_last().into_iter().enumerate() {
                "\n"
                @let y = shared(place as u64, 1).mul_add(LEGEND_STEP, TOP + 6.0);
                g class=(class(number, series)) {
                    path class="line" d=(format!("M{} {}h26", px(RIGHT + 16.0), px(y))) {}
                    (mark(number, RIGHT + 29.0, y))
                    (words("name", "start", RIGHT + 50.0, y + 4.0, &series.name))
                }
            }
        }
    }
}

fn class(number: usize, series: &Series) -> String {
    let ours = if is_ours(&series.name) { " ours" } else { "" };
    format!("s{number}{ours}")
}

/// The sign of a line, so that its colour is never the only one.
fn mark(number: usize, x: f64, y: f64) -> Markup {
    let (x, y) = (px(x), px(y));
    let form = match number % 7 {
        0 => "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        1 => "m-3.5 -3.5h7v7h-7z",
        2 => "m0 -5l5 5l-5 5l-5 -5z",
        3 => "m0 -4.5l4.5 8h-9z",
        4 => "m0 4.5l4.5 -8h-9z",
        5 => "m-4 -4l8 8m0 -8l-8 8",
        _ => "m-5 0h10m-5 -5v10",
    };
    html! { path class="mark" d=(format!("M{x} {y}{form}")) {} }
}

fn words(class: &str, anchor: &str, x: f64, y: f64, text: &str) -> Markup {
    html! { text class=(class) text-anchor=(anchor) x=(px(x)) y=(px(y)) { (text) } }
}

/// Pixels to a tenth.
fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests;
