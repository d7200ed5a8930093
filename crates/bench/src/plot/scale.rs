//! A logarithmic scale, and the marks on it.

/// Decades over which only powers of ten are marked.
const DECADES: f64 = 2.7;

/// Values laid out along a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    values: (f64, f64),
    pixels: (f64, f64),
}

impl Scale {
    /// From the least to the greatest value, along so many pixels.
    pub(super) fn over(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { values, pixels }
    }

    /// The same, its ends taken out to the nearest marks.
    pub(super) fn round_over(values: &[f64], pixels: (f64, f64)) -> Self {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(0.0, f64::max);
        let marks = || marks_between(least / 10.0, most * 10.0);
        let low = marks().filter(|mark| *mark <= least).fold(least / 10.0, f64::max);
        let high = marks().filter(|mark| *mark >= most).fold(most * 10.0, f64::min);
        Self::over((low, high), pixels)
    }

    /// Where a value stands.
    pub(super) fn place(self, value: f64) -> f64 {
        let (low, high) = (self.values.0.log10(), self.values.1.log10());
        let share = if high > low { (value.log10() - low) / (high - low) } else { 0.5 };
        (self.pixels.1 - self.pixels.0).mul_add(share, self.pixels.0)
    }

    /// Round values within its ends.
    pub(super) fn marks(self) -> Vec<f64> {
        let (low, high) = self.values;
        let coarse = (high / low).log10() > DECADES;
        let within = marks_between(low, high);
        within.filter(|mark| !coarse || (mark.log10() - mark.log10().round()).abs() < 1e-6).collect()
    }
}

/// One, two and five times every power of ten between two values, the ends included.
fn marks_between(low: f64, high: f64) -> impl Iterator<Item = f64> {
    let all = (-6_i32..=12).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
    // A power below one is not exact.
    all.filter(move |mark| *mark >= low * (1.0 - 1e-9) && *mark <= high * (1.0 + 1e-9))
}

#[cfg(test)]
mod tests;
