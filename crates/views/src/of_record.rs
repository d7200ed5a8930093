//! One timeline per subscription of its partners of record, by kind (question 24).

use std::collections::BTreeMap;

use ofrecord_core::effect::Column;
use ofrecord_core::state::{Customer, Partner};
use ofrecord_core::vocabulary::PartnerOfRecordKind;
use ofrecord_core::{PartnerId, PartnerTenantId, SubscriptionId, Timestamp, Workload};
use serde::Serialize;

use crate::histories::{OfRecordKey, read_owners, read_partners_of_record};
use crate::intervals::{Interval, Reading, by_knowledge};
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// A stretch of time for which a subscription had one partner of record of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfRecordRow {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The kind.
    pub kind: PartnerOfRecordKind,
    /// The workload that a claiming partner of record was claimed for.
    pub workload: Option<Workload>,
    /// The partner ID; none where a source says that there was nobody, or the owner's is not known.
    pub partner_id: Option<PartnerId>,
    /// The partner behind it, where its account is known by that partner ID.
    pub partner: Option<PartnerTenantId>,
    /// First instant.
    pub from: Timestamp,
    /// First instant at which it no longer was; none while it is.
    pub to: Option<Timestamp>,
    /// The entries behind it.
    pub positions: Vec<u64>,
    /// The entries that speak of the instant at which it ended.
    pub ended_by: Vec<u64>,
}

/// The partners of record up to a viewpoint's instant, by what is known there: by subscription, kind and time.
///
/// The transacting partner of record is the owner, by the partner ID of its account as given; the other kinds
/// are what sources and commands say. Support contacts are none of them.
#[must_use]
pub fn partners_of_record(
    record: &CustomerRecord,
    partners: &BTreeMap<PartnerTenantId, Partner>,
    viewpoint: &Viewpoint<'_>,
) -> Vec<OfRecordRow> {
    let known = viewpoint.known_below;
    let attributed = by_knowledge(record, known, Column::PartnersOfRecord, Reading::ByEvents(read_partners_of_record));
    let transacting = by_knowledge(record, known, Column::Owner, Reading::ByEvents(read_owners));
    let mut rows: Vec<OfRecordRow> = attributed.into_iter().map(|interval| of_kind(interval, partners)).collect();
    rows.extend(transacting.into_iter().map(|interval| of_owner(interval, partners)));
    rows.retain(|row| row.from <= viewpoint.as_of);
    for row in &mut rows {
        if row.to.is_some_and(|to| viewpoint.as_of < to) {
            row.to = None;
            row.ended_by.clear();
        }
    }
    rows.sort_by(|left, right| key(left).cmp(&key(right)));
    rows
}

type Key<'a> = (SubscriptionId, &'a PartnerOfRecordKind, Option<&'a Workload>, Timestamp, Option<&'a PartnerId>);

fn key(row: &OfRecordRow) -> Key<'_> {
    (row.subscription, &row.kind, row.workload.as_ref(), row.from, row.partner_id.as_ref())
}

fn of_kind(
    interval: Interval<OfRecordKey, Option<PartnerId>>,
    partners: &BTreeMap<PartnerTenantId, Partner>,
) -> OfRecordRow {
    let holder = |id: &PartnerId| {
        let has = |account: &Partner| account.partner_id.as_ref().is_some_and(|own| own.value == *id);
        partners.iter().find(|(_, account)| has(account)).map(|(partner, _)| *partner)
    };
    OfRecordRow {
        subscription: interval.key.subscription,
        kind: interval.key.kind,
        workload: interval.key.workload,
        partner: interval.value.as_ref().and_then(holder),
        partner_id: interval.value,
        from: interval.valid_from,
        to: interval.valid_to,
        positions: interval.positions,
        ended_by: interval.ended_by,
    }
}

fn of_owner(
    interval: Interval<SubscriptionId, PartnerTenantId>,
    partners: &BTreeMap<PartnerTenantId, Partner>,
) -> OfRecordRow {
    let account = partners.get(&interval.value);
    OfRecordRow {
        subscription: interval.key,
        kind: PartnerOfRecordKind::Tpor,
        workload: None,
        partner: Some(interval.value),
        partner_id: account.and_then(|account| account.partner_id.as_ref()).map(|id| id.value.clone()),
        from: interval.valid_from,
        to: interval.valid_to,
        positions: interval.positions,
        ended_by: interval.ended_by,
    }
}

/// Partners of record of every kind that is recorded, out of a folded state.
pub(crate) fn read(customer: &Customer) -> Vec<(OfRecordKey, Option<PartnerId>, Vec<u64>)> {
    let mut read = Vec::new();
    for (id, subscription) in &customer.subscriptions.by_id {
        let record = &subscription.partners_of_record;
        let mut add = |key: OfRecordKey, value: Option<PartnerId>, set: ofrecord_core::Stamp| {
            read.push((key, value, set.positions().collect()));
        };
        let kinds = [
            (PartnerOfRecordKind::ResellerOfRecord, &record.reseller_of_record),
            (PartnerOfRecordKind::Dpor, &record.dpor),
            (PartnerOfRecordKind::Pal, &record.pal),
        ];
        for (kind, cell) in kinds {
            if let Some(cell) = cell {
                add(OfRecordKey::of(*id, kind), cell.value.clone(), cell.set);
            }
        }
        for (workload, association) in &record.cpor {
            if let Some(cell) = &association.associated {
                let key = OfRecordKey::of(*id, PartnerOfRecordKind::Cpor);
                add(OfRecordKey { workload: Some(workload.clone()), ..key }, cell.value.clone(), cell.set);
            }
        }
        for seller in record.additional_sellers.iter().flat_map(|cell| &cell.value) {
            let key = OfRecordKey::of(*id, PartnerOfRecordKind::AdditionalSeller);
            if let Some(cell) = &record.additional_sellers {
                add(OfRecordKey { seller: Some(seller.clone()), ..key }, Some(seller.clone()), cell.set);
            }
        }
    }
    read
}

#[cfg(test)]
mod tests;
