//! Whether every event changed only the columns that the effect matrix gives its family (rules S-1, S-5).

use ofrecord_core::effect::{Column, may_change};
use ofrecord_core::fold::Fact;
use ofrecord_core::{Customer, State as _};
use serde::Serialize;

use crate::columns;
use crate::record::CustomerRecord;

/// An event that changed a column its family may not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EffectViolation {
    /// The entry's position.
    pub position: u64,
    /// Which event of the entry.
    pub index: u32,
    /// The event's name.
    pub event: &'static str,
    /// The column.
    pub column: &'static str,
}

/// Folds every event that is known below a position and compares all columns that it may not change
/// before and after it. Anything in the answer is a fault of this program.
#[must_use]
pub fn effect_violations(record: &CustomerRecord, known_below: u64) -> Vec<EffectViolation> {
    effect_violations_in(&record.effective_facts(known_below))
}

/// The same of the facts of a customer that hold, in the order of the world.
#[must_use]
pub fn effect_violations_in(facts: &[Fact]) -> Vec<EffectViolation> {
    let mut violations = Vec::new();
    let mut state = Customer::default();
    for fact in facts {
        let before = state.clone();
        state.apply(fact);
        let allowed = may_change(fact.event.family());
        let kept = Column::ALL.into_iter().filter(|column| !allowed.contains(column));
        let broken = kept.filter(|column| !columns::equal(*column, &before, &state));
        violations.extend(broken.map(|column| EffectViolation {
            position: fact.at.position,
            index: fact.at.index,
            event: fact.event.name(),
            column: columns::word(column),
        }));
    }
    violations
}
