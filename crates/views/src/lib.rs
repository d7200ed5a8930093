//! Pure folds from ledger entries to what people read.

mod access;
mod billing;
mod cells;
mod columns;
mod coverage;
mod describe;
mod diff;
mod effects;
mod explain;
mod finding;
mod findings;
mod histories;
mod interference;
mod intervals;
mod json;
#[cfg(test)]
mod laws;
mod present;
mod record;
mod resellers;
mod row;
#[cfg(test)]
mod scenarios;
mod sources;
#[cfg(test)]
mod story;
mod subject;
mod subscriptions;
mod timeline;
mod viewpoint;

pub use crate::access::{AccessRow, Coverage, HeldRole, Mechanism, Standing, access};
pub use crate::billing::{Billed, BillingRow, billing};
pub use crate::cells::Cells;
pub use crate::coverage::{CoverageRow, coverage};
pub use crate::describe::describe;
pub use crate::diff::{ChangeKind, Changes, Diff, RowChange, diff};
pub use crate::effects::{EffectViolation, effect_violations};
pub use crate::explain::{AboutWhat, ExplainedEntry, Explanation, Question, explain, fold_only};
pub use crate::finding::{Finding, FindingCode, FindingSubject};
pub use crate::findings::findings;
pub use crate::histories::{
    AccessKey, OfRecordKey, ResellerSpell, access_history, owner_history, partner_of_record_history, reseller_history,
};
pub use crate::interference::{Interference, InterferenceRow, interference};
pub use crate::intervals::Interval;
pub use crate::present::{FOLD_VERSION, canonical_bytes, present_partner_row, present_row};
pub use crate::record::{CustomerRecord, PartnerRecord, Record};
pub use crate::resellers::{
    DapSummary, EstablishedBy, ResellerGap, ResellerRow, Transacting, reseller_gaps, resellers,
};
pub use crate::row::{EntryRow, RowError};
pub use crate::sources::{Agreement, SourcedFact, sources_of_facts};
pub use crate::subscriptions::{
    NextChange, OfRecord, PartnersOfRecordRow, SubscriptionRow, TimedChange, subscriptions,
};
pub use crate::timeline::{Shown, TimelineQuery, TimelineRow, partner_timeline, timeline};
pub use crate::viewpoint::{Period, Viewpoint};
