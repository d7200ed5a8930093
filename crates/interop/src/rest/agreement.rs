//! Customer agreements as Partner Center shows them.

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{Event, StreamId};

use super::customer_or_bad;
use crate::document::Page;
use crate::node::Node;
use crate::resource::agreement::attested;
use crate::scribe::Scribe;

/// An agreement that a partner attested. It holds from the day it was agreed.
pub(super) fn read(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(customer) = customer_or_bad(node, page, scribe) else { return };
    let partner = scribe.context().partner;
    scribe.actor(node.text("userId"));
    let Some(confirmed) = attested(node, partner, scribe) else {
        return scribe.bad(&node.path("dateAgreed"), "the day it was agreed is missing, so the record was not read");
    };
    let at = confirmed.date_agreed;
    scribe.state(StreamId::Customer(customer), at, vec![Event::CustomerAgreementConfirmed(Box::new(confirmed))]);
}

/// Whether the customer signed directly. The day is not said, and an agreement without its day cannot be stated.
pub(super) fn read_direct_status(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(customer) = scribe.context().customer else {
        return scribe.whole(
            crate::Severity::Bad,
            "the direct agreement status names no customer, so it was not read; pass --customer",
        );
    };
    let Some(signed) = node.flag("isSigned", scribe) else { return };
    let summary = if signed {
        "the customer has signed the Microsoft Customer Agreement directly; the day is not said"
    } else {
        "the customer has not signed the Microsoft Customer Agreement directly"
    };
    let operation = "directSignedMicrosoftCustomerAgreementStatus";
    let event = scribe.kept(operation, KeptBecause::ContentMissing, Some(summary.to_owned()));
    scribe.state_seen(StreamId::Customer(customer), vec![event]);
}
