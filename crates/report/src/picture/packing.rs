//! Which line of a row each box goes to, so that no two boxes of a line overlap.

use super::text::Tenths;

/// A box along the time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) from: Tenths,
    pub(super) to: Tenths,
}

/// The line of each box, in the order given: the first line on which it has room. None where all lines are full.
///
/// Boxes that only touch share a line, so that spells that follow each other stay beside each other.
pub(super) fn lines(extents: &[Extent], lines_max: usize) -> Vec<Option<usize>> {
    let mut order: Vec<(usize, &Extent)> = extents.iter().enumerate().collect();
    order.sort_by_key(|(index, extent)| (extent.from, extent.to, *index));
    let mut ends: Vec<Tenths> = Vec::new();
    let mut placed: Vec<(usize, Option<usize>)> = Vec::new();
    for (index, extent) in order {
        let free = ends.iter().position(|end| *end <= extent.from);
        let line = free.or((ends.len() < lines_max).then_some(ends.len()));
        match line.and_then(|line| ends.get_mut(line)) {
            Some(end) => *end = extent.to,
            None if line.is_some() => ends.push(extent.to),
            None => {}
        }
        placed.push((index, line));
    }
    placed.sort_unstable();
    placed.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests;
