//! Whether every event changed only the columns that the effect matrix gives its family (rules S-1, S-5).

use ofrecord_core::effect::may_change;
use ofrecord_core::{Customer, State};
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

/// Folds every event that is known below a position and compares all columns
/// before and after it. Anything in the answer is a fault of this program.
#[must_use]
pub fn effect_violations(record: &CustomerRecord, known_below: u64) -> Vec<EffectViolation> {
    let mut violations = Vec::new();
    let mut state = Customer::default();
    for fact in record.effective_facts(known_below) {
        let before = state.clone();
        state.apply(&fact);
        let allowed = may_change(fact.event.family());
        violations.extend(
            columns::changed(&before, &state).into_iter().filter(|column| !allowed.contains(column)).map(|column| {
                EffectViolation {
                    position: fact.at.position,
                    index: fact.at.index,
                    event: fact.event.name(),
                    column: columns::word(column),
                }
            }),
        );
    }
    violations
}
