//! What an auditor should look at, found in a customer's folded state and in the facts behind it.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::fold::Fact;
use ofrecord_core::state::{Customer, Partner};
use ofrecord_core::{PartnerTenantId, Timestamp};

use crate::finding::{Finding, FindingCode, FindingSubject};
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

pub(crate) mod conflict;
mod customer_side;
mod delegated;
mod granular;
mod relationship;
mod replacement;
mod source;
mod subscription;
mod transfer;
mod unrecognised;
mod violation;

/// What every family of findings looks at.
pub(crate) struct Scene<'a> {
    pub(crate) record: &'a CustomerRecord,
    pub(crate) partners: &'a BTreeMap<PartnerTenantId, Partner>,
    pub(crate) viewpoint: &'a Viewpoint<'a>,
    pub(crate) state: Customer,
    pub(crate) facts: Vec<Fact>,
}

/// The findings at a viewpoint, in the order of the codes and then of their subjects.
///
/// What depends on a partner's account (its kind, partner ID, markets) is found
/// only for the partners given.
#[must_use]
pub fn findings(
    record: &CustomerRecord,
    partners: &BTreeMap<PartnerTenantId, Partner>,
    viewpoint: &Viewpoint<'_>,
) -> Vec<Finding> {
    let scene =
        Scene { record, partners, viewpoint, state: record.state(viewpoint), facts: record.facts_at(viewpoint) };
    let mut found = relationship::findings(&scene);
    found.extend(delegated::findings(&scene));
    found.extend(granular::findings(&scene));
    found.extend(replacement::findings(&scene));
    found.extend(customer_side::findings(&scene));
    found.extend(subscription::findings(&scene));
    found.extend(transfer::findings(&scene));
    found.extend(source::findings(&scene));
    found.extend(conflict::findings(&scene));
    found.extend(unrecognised::findings(&scene));
    found.extend(violation::findings(&scene));
    found.sort_by(|left, right| {
        (left.code, &left.subject, left.since, &left.positions).cmp(&(
            right.code,
            &right.subject,
            right.since,
            &right.positions,
        ))
    });
    found
}

/// A finding that still holds; positions are put in order and made unique.
fn finding(
    code: FindingCode,
    subject: FindingSubject,
    since: Timestamp,
    sentence: String,
    positions: impl IntoIterator<Item = u64>,
) -> Finding {
    let positions: BTreeSet<u64> = positions.into_iter().collect();
    Finding { code, subject, rule: None, since, until: None, sentence, positions: positions.into_iter().collect() }
}

#[cfg(test)]
mod tests;
