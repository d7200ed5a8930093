//! The customer's subscriptions: owner, status, terms, obligations and partners of record at an instant.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::state::Customer;
use ofrecord_core::state::subscription::{StatusAt, Subscription};
use ofrecord_core::vocabulary::{
    AgreementType, AutoRenew, BillingCycle, ProductFamily, SubscriptionStatus, SuspensionReason, TermDuration, Trial,
};
use ofrecord_core::{OrderId, PartnerId, PartnerTenantId, ProductId, SubscriptionId, Timestamp, Workload};
use serde::Serialize;

use crate::cells::Cells;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

mod history;
pub(crate) mod next_change;

pub use self::history::subscription_history;
pub(crate) use self::history::subscriptions_in_the_world;
pub use self::next_change::{NextChange, TimedChange};

/// A partner of record, where anything is known of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OfRecord {
    /// No source says.
    NotSaid,
    /// A source says that there is none.
    Nobody,
    /// This partner ID.
    Partner(PartnerId),
}

/// The partners of record of a subscription, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartnersOfRecordRow {
    /// Reseller of record.
    pub reseller_of_record: OfRecord,
    /// Digital partner of record.
    pub dpor: OfRecord,
    /// Partner admin link.
    pub pal: OfRecord,
    /// Additional sellers.
    pub additional: BTreeSet<PartnerId>,
    /// Claiming partner of record, by workload; none where an approved claim was rejected later.
    pub cpor: BTreeMap<Workload, Option<PartnerId>>,
}

/// One subscription. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscriptionRow {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner who sold it and is billed for it.
    pub owner: Option<PartnerTenantId>,
    /// The status that holds at the instant asked about.
    pub status: SubscriptionStatus,
    /// Since when it holds.
    pub status_since: Timestamp,
    /// The rule by which time alone brought it about; none when an event set it.
    pub status_rule: Option<&'static str>,
    /// Why it is suspended.
    pub suspension_reason: Option<SuspensionReason>,
    /// What time alone will do next.
    pub next_change: Option<NextChange>,
    /// Seats or units.
    pub quantity: Option<u64>,
    /// The product's id.
    pub product: Option<ProductId>,
    /// The product's name.
    pub product_name: Option<String>,
    /// The product's family.
    pub family: Option<ProductFamily>,
    /// Friendly name.
    pub friendly_name: Option<String>,
    /// Term.
    pub term: Option<TermDuration>,
    /// When the present term began.
    pub term_start: Option<Timestamp>,
    /// Last instant of the term.
    pub commitment_end: Option<Timestamp>,
    /// Billing cycle.
    pub billing_cycle: Option<BillingCycle>,
    /// Automatic renewal.
    pub auto_renew: Option<AutoRenew>,
    /// Trial or paid.
    pub trial: Option<Trial>,
    /// When it was bought.
    pub bought_at: Option<Timestamp>,
    /// The order.
    pub order: Option<OrderId>,
    /// The agreement it was bought under.
    pub agreement: Option<AgreementType>,
    /// Reference to the price terms.
    pub price_terms: Option<String>,
    /// Until when it may be cancelled.
    pub cancellation_allowed_until: Option<Timestamp>,
    /// Until when the customer's data is kept after a cancellation.
    pub data_kept_until: Option<Timestamp>,
    /// Partners of record by kind.
    pub partner_of_record: PartnersOfRecordRow,
    /// Who supports it.
    pub support_contact: Option<PartnerTenantId>,
    /// The partner ID of who supports it, where stated.
    pub support_contact_partner_id: Option<PartnerId>,
    /// The name of who supports it, where stated.
    pub support_contact_name: Option<String>,
    /// Its base subscription.
    pub parent: Option<SubscriptionId>,
    /// The subscription it was converted into.
    pub converted_into: Option<SubscriptionId>,
    /// The subscription under which it lives on at the partner it was transferred to.
    pub transferred_to: Option<SubscriptionId>,
    /// The subscription that it was before it was transferred.
    pub transferred_from: Option<SubscriptionId>,
    /// The Azure subscription behind it.
    pub entitlement: Option<SubscriptionId>,
    /// The entries that set the fields, by field.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

/// The customer's subscriptions at a viewpoint, ended ones included, by id.
#[must_use]
pub fn subscriptions(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<SubscriptionRow> {
    of_state(&record.state(viewpoint), viewpoint)
}

pub(crate) fn of_state(customer: &Customer, viewpoint: &Viewpoint<'_>) -> Vec<SubscriptionRow> {
    customer.subscriptions.by_id.iter().map(|(id, subscription)| row(*id, subscription, viewpoint)).collect()
}

/// The status at the viewpoint's instant, by the core's rules.
pub(crate) fn status(subscription: &Subscription, viewpoint: &Viewpoint<'_>) -> StatusAt {
    subscription.status_at(viewpoint.as_of, viewpoint.policy)
}

/// Notes everything that the status at an instant follows from.
pub(crate) fn status_cells(subscription: &Subscription, field: &'static str, cells: &mut Cells) {
    let terms = &subscription.terms;
    cells.stamp(field, subscription.first_seen);
    cells.cell(field, terms.status.as_ref());
    cells.cell(field, terms.product.as_ref());
    cells.cell(field, terms.term.as_ref());
    cells.cell(field, terms.term_start.as_ref());
    cells.cell(field, terms.commitment_end.as_ref());
    cells.cell(field, terms.auto_renew.as_ref());
    cells.cell(field, terms.trial.as_ref());
    cells.cell(field, terms.bought_at.as_ref());
    cells.cell(field, terms.suspension_reason.as_ref());
}

fn row(id: SubscriptionId, subscription: &Subscription, viewpoint: &Viewpoint<'_>) -> SubscriptionRow {
    let mut cells = Cells::default();
    let terms = &subscription.terms;
    let status = status(subscription, viewpoint);
    status_cells(subscription, "status", &mut cells);
    let product = cells.read("product", terms.product.as_ref());
    cells.cell("support_contact", subscription.support_contact.as_ref());
    let contact = subscription.support_contact.as_ref().and_then(|contact| contact.value.as_ref());
    let row = SubscriptionRow {
        subscription: id,
        owner: cells.read("owner", subscription.owner.as_ref()),
        status: status.status,
        status_since: status.since,
        status_rule: status.rule,
        suspension_reason: cells.read("suspension_reason", terms.suspension_reason.as_ref()),
        next_change: next_change::of(subscription, viewpoint),
        quantity: cells.read("quantity", terms.quantity.as_ref()),
        product: product.as_ref().map(|product| product.id.clone()),
        product_name: product.as_ref().map(|product| product.name.clone()),
        family: product.map(|product| product.family).filter(|family| *family != ProductFamily::NotStated),
        friendly_name: cells.read("friendly_name", terms.friendly_name.as_ref()),
        term: cells.read("term", terms.term.as_ref()),
        term_start: cells.read("term_start", terms.term_start.as_ref()),
        commitment_end: cells.read("commitment_end", terms.commitment_end.as_ref()),
        billing_cycle: cells.read("billing_cycle", terms.billing_cycle.as_ref()),
        auto_renew: cells.read("auto_renew", terms.auto_renew.as_ref()),
        trial: cells.read("trial", terms.trial.as_ref()),
        bought_at: cells.read("bought_at", terms.bought_at.as_ref()),
        order: cells.read("order", terms.order.as_ref()),
        agreement: cells.read("agreement", terms.agreement.as_ref()),
        price_terms: cells.read("price_terms", terms.price_terms.as_ref()),
        cancellation_allowed_until: cells.read("cancellation_allowed_until", terms.cancellation_allowed_until.as_ref()),
        data_kept_until: cells.read("data_kept_until", terms.data_kept_until.as_ref()),
        partner_of_record: partners_of_record(subscription, &mut cells),
        support_contact: contact.map(|contact| contact.partner),
        support_contact_partner_id: contact.and_then(|contact| contact.partner_id.clone()),
        support_contact_name: contact.and_then(|contact| contact.name.clone()),
        parent: cells.read("parent", terms.parent.as_ref()),
        converted_into: cells.read("converted_into", terms.converted_into.as_ref()),
        transferred_to: cells.read("transferred_to", terms.transferred_to.as_ref()),
        transferred_from: cells.read("transferred_from", terms.transferred_from.as_ref()),
        entitlement: cells.read("entitlement", terms.entitlement.as_ref()),
        positions: Vec::new(),
        cells: Cells::default(),
    };
    SubscriptionRow { positions: cells.positions(), cells, ..row }
}

fn partners_of_record(subscription: &Subscription, cells: &mut Cells) -> PartnersOfRecordRow {
    let record = &subscription.partners_of_record;
    let of = |read: Option<Option<PartnerId>>| match read {
        None => OfRecord::NotSaid,
        Some(None) => OfRecord::Nobody,
        Some(Some(partner)) => OfRecord::Partner(partner),
    };
    let associated = record.cpor.iter().filter_map(|(workload, known)| Some((workload, known.associated.as_ref()?)));
    PartnersOfRecordRow {
        cpor: associated.map(|(workload, cell)| (workload.clone(), cells.read("cpor", Some(cell)).flatten())).collect(),
        reseller_of_record: of(cells.read("reseller_of_record", record.reseller_of_record.as_ref())),
        dpor: of(cells.read("dpor", record.dpor.as_ref())),
        pal: of(cells.read("pal", record.pal.as_ref())),
        additional: cells.read("additional_sellers", record.additional_sellers.as_ref()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
