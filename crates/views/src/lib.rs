//! Pure folds from ledger entries to what people read.
//!
//! Every answer is a function of a [`Record`]: one stream's entries and the
//! core's one fold of their events. Nothing here reads a clock, draws a random
//! number or does IO; what only time brings about follows from the
//! [`Viewpoint`]'s instant and policy. Intervals are half-open on both times.
//! The same record and the same viewpoint give the same bytes.
//!
//! # The audit questions
//!
//! By their numbers in the guide to audit questions, for what this build knows: reseller
//! relationships, delegated administration privileges, granular relationships,
//! Azure roles, subscriptions, transfers, partners of record, agreements and
//! coverage.
//! "Every customer" means that the caller asks the records one after another.
//!
//! | question | answered by |
//! |---|---|
//! | 1 resellers on a day, and how we know | [`resellers`], [`explain`] |
//! | 2 since when, through what, accepted by whom | [`resellers`] (`since`, `established_by`, `accepted_by`), [`reseller_history`] |
//! | 3 ever without a reseller | [`reseller_gaps`] |
//! | 4 dormant relationships | [`findings`]: `relationship_dormant` |
//! | 5 did a relationship event change a subscription | [`interference`], [`effect_violations`] |
//! | 6 how each relationship was established | [`resellers`], [`reseller_history`] (`established_by`, `extended_from`, `consent_reference`), [`explain`] |
//! | 7 customers outside a partner's market | [`findings`]: `market_mismatch_recorded` |
//! | 8 who could administer on a day | [`access`], [`user_access`] |
//! | 9 access without being reseller, and the reverse | [`access`] (`standing`), [`resellers`] (`dap`), [`findings`]: `former_reseller_still_has_access`, `former_owner_still_has_access`, `administers_without_reselling` |
//! | 10 granular roles, until when, going on since when | [`granular_relationships`], [`partner_granular_relationships`], [`granular_history`] |
//! | 11 two resellers with DAP on one service | [`findings`]: `two_resellers_with_dap_on_service`, [`access_history`] |
//! | 12 Global Administrator, and for how long | [`granular_relationships`] (`global_administrator`), [`findings`]: `global_administrator_granted` |
//! | 13 DAP that Microsoft ended, and what replaced it | [`dap_terminations`], [`findings`]: `dap_termination_not_replaced` |
//! | 14 the approval of every granular relationship | [`granular_relationships`] (`approved`), [`findings`]: `gdap_without_approval`, `gdap_approval_implied` |
//! | 15 gone at Microsoft, still in the ledger | [`granular_relationships`] (`at_microsoft`), [`findings`]: `gdap_no_longer_shown` |
//! | 16 DAP after the end of its offer | [`findings`]: `dap_still_on_after_end_of_offer` |
//! | 17 who sold it, on which order, under which terms | [`subscriptions`], [`subscription_history`], [`explain`] |
//! | 18 was it ever changed, by whom | [`timeline`] by subscription, [`interference`], [`transfers`] |
//! | 19 who owned it on a day, and who approved its transfers | [`subscriptions`] (`owner`), [`owner_history`], [`transfers`] (`approvals`), [`lineage`] |
//! | 20 what moved under which id | [`transfers`] (`lines`), [`subscriptions`] (`transferred_to`, `transferred_from`, `entitlement`) |
//! | 21 seats, status and term on a day, and what time does next | [`subscriptions`] (`status`, `next_change`), [`subscription_history`], [`status_history`], [`terms_history`] |
//! | 22 suspended, why, and until deletion | [`subscriptions`] (`suspension_reason`, `status_since`, `next_change`) |
//! | 23 no reseller of record | [`findings`]: `reseller_of_record_missing` |
//! | 24 partner of record over time, by kind | [`partners_of_record`], [`partner_of_record_history`], [`findings`]: `cpor_claims_conflict` |
//! | 25 bought before the agreement | [`agreements`], [`findings`]: `purchase_without_agreement` |
//! | 26 the same after a rebuild | [`present_bytes`], [`present_partner_bytes`], [`present_ledger_bytes`], [`canonical_bytes`] |
//! | 27 what would have been said then | any answer at a [`Viewpoint`] with the earlier `known_below`, [`diff`] |
//! | 28 one source, two that agree, or conflict | [`sources_of_facts`], [`findings`]: `source_conflict` |
//! | 29 periods without coverage | [`coverage`], [`findings`]: `gap_in_source_coverage` |
//!
//! [`dossier`] asks all of them about one customer at once, for a document.

mod access;
mod accounts;
mod agreements;
mod billing;
mod cells;
mod columns;
mod comparison;
mod coverage;
mod describe;
mod diff;
mod dossier;
mod effects;
mod explain;
mod finding;
mod findings;
mod four_lines;
mod granular;
mod histories;
mod interference;
mod intervals;
mod json;
#[cfg(test)]
mod laws;
mod of_record;
mod present;
mod profile;
mod record;
mod resellers;
mod roles;
mod row;
#[cfg(test)]
mod scenarios;
mod share;
mod sources;
mod status_history;
#[cfg(test)]
mod story;
mod subject;
mod subscriptions;
mod timeline;
mod transfers;
mod viewpoint;

pub use crate::access::{
    AccessRow, Approved, AtEnd, Coverage, DapTermination, GranularAccess, GranularKey, HeldRole, Mechanism, Members,
    ReplacedBy, Standing, UserAccessRow, access, dap_terminations, user_access,
};
pub use crate::accounts::{AccountRow, account};
pub use crate::agreements::{AgreementRow, agreements};
pub use crate::billing::{Billed, BillingRow, billing};
pub use crate::cells::Cells;
pub use crate::comparison::{ENTRIES, FieldDifference, RowDifference, StoredRows, Tally, compare};
pub use crate::coverage::{CoverageRow, coverage};
pub use crate::describe::describe;
pub use crate::diff::{ChangeKind, Changes, Diff, RowChange, diff};
pub use crate::dossier::{Dossier, dossier};
pub use crate::effects::{EffectViolation, effect_violations, effect_violations_in};
pub use crate::explain::{AboutWhat, ExplainedEntry, Explanation, Question, explain, fold_only};
pub use crate::finding::{Finding, FindingCode, FindingSubject};
pub use crate::findings::findings;
pub use crate::four_lines::{FourLines, RelationshipEvent, four_lines};
pub use crate::granular::{
    AssignmentRow, AtMicrosoft, Effect, GlobalAdministratorHeld, GranularRow, GranularSpell, GranularSpellKey,
    ResellerConsent, entries_on, granular_history, granular_relationships, partner_granular_relationships,
};
pub use crate::histories::{
    AccessKey, OfRecordKey, ResellerSpell, TermsSpell, access_history, owner_history, partner_of_record_history,
    reseller_history, terms_history,
};
pub use crate::interference::{Interference, InterferenceRow, interference, interference_at};
pub use crate::intervals::{Interval, taken_back};
pub use crate::of_record::{OfRecordRow, partners_of_record};
pub use crate::present::{
    FOLD_VERSION, canonical_bytes, present_bytes, present_bytes_of, present_ledger_bytes, present_ledger_bytes_of,
    present_partner_bytes, present_partner_bytes_of, present_row,
};
pub use crate::profile::{ProfileRow, profile};
pub use crate::record::{CustomerRecord, LedgerRecord, PartnerRecord, Record, named_partners};
pub use crate::resellers::{
    DapSummary, EstablishedBy, ResellerGap, ResellerRow, Transacting, reseller_gaps, resellers,
};
pub use crate::row::{EntryRow, RowError, Spelled, Told, digest_bytes};
pub use crate::share::share;
pub use crate::sources::{Agreement, SourcedFact, sources_of_facts};
pub use crate::status_history::{StatusSpell, status_history};
pub use crate::subscriptions::{
    NextChange, OfRecord, PartnersOfRecordRow, SubscriptionRow, TimedChange, subscription_history, subscriptions,
};
pub use crate::timeline::{Shown, TimelineQuery, TimelineRow, partner_timeline, timeline};
pub use crate::transfers::{
    Approval, Approvals, ApprovedThrough, TransferLineRow, TransferRow, TransferStep, TransferredRow, lineage,
    transfers,
};
pub use crate::viewpoint::{Period, Seen, Viewpoint};
