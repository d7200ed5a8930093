//! Folding partners of record (column `P`) and support contacts.

use crate::event::Event;
use crate::event::partner_of_record::SupportContactChanged;
use crate::fold::{Cell, Stamp};
use crate::state::Subscriptions;
use crate::state::subscription::PartnersOfRecordColumn;

/// Folds an event of the partner-of-record family; any other changes nothing.
pub(super) fn apply(column: &mut PartnersOfRecordColumn<'_>, event: &Event, set: Stamp) {
    if let Event::ResellerOfRecordChanged(event) = event {
        column.of(event.subscription, set).reseller_of_record = Some(Cell::new(event.after.clone(), set));
    } else if let Event::DigitalPartnerOfRecordSet(event) = event {
        column.of(event.subscription, set).dpor = Some(Cell::new(event.after.clone(), set));
    } else if let Event::PartnerAdminLinked(event) = event {
        column.of(event.subscription, set).pal = Some(Cell::new(event.after.clone(), set));
    }
}

/// Who supports a subscription stands outside the columns of the effect matrix.
pub(super) fn support_contact(subscriptions: &mut Subscriptions, event: &SupportContactChanged, set: Stamp) {
    subscriptions.entry(event.subscription, set).support_contact = Some(Cell::new(event.partner, set));
}
