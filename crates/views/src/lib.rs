//! Pure folds from ledger entries to what people read.

mod access;
mod cells;
mod histories;
mod intervals;
mod json;
mod record;
mod resellers;
mod row;
mod subject;
mod subscriptions;
mod viewpoint;

pub use crate::access::{AccessRow, Coverage, HeldRole, Mechanism, Standing, access};
pub use crate::cells::Cells;
pub use crate::histories::{
    AccessKey, OfRecordKey, ResellerSpell, access_history, owner_history, partner_of_record_history, reseller_history,
};
pub use crate::intervals::Interval;
pub use crate::record::{CustomerRecord, PartnerRecord, Record};
pub use crate::resellers::{
    DapSummary, EstablishedBy, ResellerGap, ResellerRow, Transacting, reseller_gaps, resellers,
};
pub use crate::row::{EntryRow, RowError};
pub use crate::subscriptions::{
    NextChange, OfRecord, PartnersOfRecordRow, SubscriptionRow, TimedChange, subscriptions,
};
pub use crate::viewpoint::{Period, Viewpoint};
