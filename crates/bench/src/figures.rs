//! Single figures of the ledger by itself, each with what it stands beside.

use serde::{Deserialize, Serialize};

use crate::grid::Grid;
use crate::reckoning::{median, rounded};

/// The figures of one measurement.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Figures {
    /// One after the other.
    pub(crate) figures: Vec<Figure>,
}

/// A figure, what it is compared with, and the ratio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// The median of the rounds.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: String,
    /// What it stands beside, measured in the same run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) beside: Option<Beside>,
}

/// The other side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Beside {
    /// What it is.
    pub(crate) name: String,
    /// Its median, in the same unit.
    pub(crate) value: f64,
    /// The figure divided by it.
    pub(crate) ratio: f64,
}

impl Figures {
    /// Adds the median of the rounds.
    pub(crate) fn alone(&mut self, name: impl Into<String>, unit: &str, rounds: &mut [f64]) {
        self.figures.push(Figure { name: name.into(), value: median(rounds), unit: unit.to_owned(), beside: None });
    }

    /// Adds the median of the rounds beside that of something else in the same rounds.
    pub(crate) fn beside(
        &mut self,
        name: impl Into<String>,
        unit: &str,
        rounds: &mut [f64],
        (other, others): (&str, &mut [f64]),
    ) {
        let (value, limit) = (median(rounds), median(others));
        let ratio = if limit > 0.0 { value / limit } else { 0.0 };
        let beside = Some(Beside { name: other.to_owned(), value: limit, ratio });
        self.figures.push(Figure { name: name.into(), value, unit: unit.to_owned(), beside });
    }

    /// One line for each.
    pub(crate) fn grid(&self) -> Grid {
        let mut grid = Grid::under(&["measured", "figure", "unit", "beside it", "figure", "ratio"]);
        for figure in &self.figures {
            let (beside, limit, ratio) = figure.beside.as_ref().map_or_else(Default::default, |beside| {
                (beside.name.clone(), rounded(beside.value), format!("{:.2}", beside.ratio))
            });
            grid.rows.push(vec![figure.name.clone(), rounded(figure.value), figure.unit.clone(), beside, limit, ratio]);
        }
        grid
    }
}
