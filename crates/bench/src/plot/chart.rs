//! A chart: lines of points against each other, both axes logarithmic.

/// One drawing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chart {
    /// Name of its file.
    pub(super) name: &'static str,
    /// What it shows.
    pub(super) title: &'static str,
    /// What is counted.
    pub(super) x: Axis,
    /// What is measured.
    pub(super) y: Axis,
    /// The lines.
    pub(super) series: Vec<Series>,
}

/// What an axis says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis {
    /// Beside the axis.
    pub(super) label: &'static str,
    /// After a value.
    pub(super) unit: &'static str,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    /// What it is of.
    pub(super) name: String,
    /// Its points by what is counted.
    pub(super) points: Vec<(f64, f64)>,
}

impl Series {
    /// The points in order; those that are not above nothing have no place on such axes.
    pub(super) fn of(name: &str, points: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut points: Vec<(f64, f64)> = points.filter(|(x, y)| *x > 0.0 && *y > 0.0).collect();
        points.sort_by(|left, right| left.0.total_cmp(&right.0));
        Self { name: name.to_owned(), points }
    }

    /// The value furthest right.
    pub(super) fn last(&self) -> f64 {
        self.points.last().map_or(0.0, |point| point.1)
    }
}

impl Chart {
    /// Whether there are two counts, so that a line can be drawn.
    pub(super) fn has_a_course(&self) -> bool {
        self.counts().len() > 1
    }

    /// What was counted, each once, in order.
    pub(super) fn counts(&self) -> Vec<f64> {
        let points = self.series.iter().flat_map(|series| &series.points);
        let mut counts: Vec<f64> = points.map(|point| point.0).collect();
        counts.sort_by(f64::total_cmp);
        counts.dedup();
        counts
    }

    /// Every value.
    pub(super) fn values(&self) -> Vec<f64> {
        self.series.iter().flat_map(|series| &series.points).map(|point| point.1).collect()
    }
}
