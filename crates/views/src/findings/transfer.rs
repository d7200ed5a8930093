//! Findings on transfers and on claims: access that outlived the ownership, requests nobody answered, colliding claims.

use std::collections::BTreeMap;

use ofrecord_core::state::CporAssociation;
use ofrecord_core::vocabulary::{ClaimState, LineStatus, TransferStatus};
use ofrecord_core::{PartnerTenantId, Stamp, SubscriptionId, TransferId, Workload};

use super::{Scene, delegated, finding};
use crate::finding::{Finding, FindingCode, FindingSubject};

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = access_of_former_owners(scene);
    found.extend(scene.state.transfers.keys().filter_map(|id| expired(scene, id)));
    for (id, subscription) in &scene.state.subscriptions.by_id {
        for (workload, association) in &subscription.partners_of_record.cpor {
            found.extend(colliding_claims(*id, workload, association));
        }
    }
    found
}

/// Rule T-14: a completion takes no access away. What the source had is there until somebody ends it.
fn access_of_former_owners(scene: &Scene<'_>) -> Vec<Finding> {
    let given_up = given_up(scene);
    let rows = crate::access::of_state(&scene.state, scene.viewpoint.as_of, scene.viewpoint.policy);
    let rows = delegated::by_grant(rows);
    let rows = rows.iter().filter_map(|row| Some((row, given_up.get(&row.partner)?)));
    rows.map(|(row, (transfer, completed))| {
        let sentence = format!(
            "partner {} could administer by {} after transfer {transfer} took subscriptions from it at {}",
            row.partner,
            delegated::named(row),
            completed.effective_at
        );
        let since = completed.effective_at.max(row.since);
        let positions = row.positions.iter().copied().chain(completed.positions());
        Finding {
            rule: Some("T-14"),
            ..finding(FindingCode::FormerOwnerStillHasAccess, delegated::subject(row), since, sentence, positions)
        }
    })
    .collect()
}

/// For every partner that gave subscriptions up, the newest transfer by which it did.
fn given_up<'a>(scene: &'a Scene<'_>) -> BTreeMap<PartnerTenantId, (&'a TransferId, Stamp)> {
    let mut newest: BTreeMap<PartnerTenantId, (&TransferId, Stamp)> = BTreeMap::new();
    for (id, transfer) in &scene.state.transfers {
        let moved = transfer.lines.values().filter(|line| line.status.value == LineStatus::Complete);
        let Some(completed) = moved.map(|line| line.status.set).max_by_key(|set| (set.effective_at, set.at)) else {
            continue;
        };
        let to_another = transfer.target.as_ref().map(|target| target.value);
        let Some(source) =
            transfer.source.as_ref().map(|source| source.value).filter(|source| Some(*source) != to_another)
        else {
            continue;
        };
        let known = newest.entry(source).or_insert((id, completed));
        if (known.1.effective_at, known.1.at) < (completed.effective_at, completed.at) {
            *known = (id, completed);
        }
    }
    newest
}

/// Rule T-11, whether time or a source says so.
fn expired(scene: &Scene<'_>, id: &TransferId) -> Option<Finding> {
    let transfer = scene.state.transfers.get(id)?;
    let status = transfer.status_at(scene.viewpoint.as_of, scene.viewpoint.policy);
    if status.status != Some(TransferStatus::Expired) {
        return None;
    }
    let asked = transfer.requested_at.as_ref().map(|asked| format!(" of {}", asked.value)).unwrap_or_default();
    let sentence = format!("the request{asked} for transfer {id} expired without an answer at {}", status.since);
    let subject = FindingSubject {
        partner: transfer.initiated_by.as_ref().map(|by| by.value),
        field: Some(format!("transfer {id}")),
        ..FindingSubject::default()
    };
    let positions = transfer.requested_at.iter().flat_map(|asked| asked.set.positions()).chain(status.set.positions());
    Some(Finding {
        rule: Some("T-11"),
        ..finding(FindingCode::TransferExpired, subject, status.since, sentence, positions)
    })
}

/// Rule I-11: one partner of a workload at a time. Of a claim that is approved and every other one that is
/// approved, open or disputed, both stay on record.
fn colliding_claims(id: SubscriptionId, workload: &Workload, association: &CporAssociation) -> Option<Finding> {
    let standing = |state: &ClaimState| match state {
        ClaimState::Approved | ClaimState::Submitted | ClaimState::Disputed => true,
        ClaimState::Rejected | ClaimState::Unrecognised(_) => false,
    };
    let claims: Vec<_> = association.claims.iter().filter(|(_, claim)| standing(&claim.state.value)).collect();
    let approved = claims.iter().any(|(_, claim)| claim.state.value == ClaimState::Approved);
    if claims.len() < 2 || !approved {
        return None;
    }
    let named: Vec<String> =
        claims.iter().map(|(claimant, claim)| format!("partner ID {claimant} ({})", claim.state.value)).collect();
    let sentence = format!("{workload} of subscription {id} is claimed by {}", named.join(" and "));
    let since = claims.iter().map(|(_, claim)| claim.state.set.effective_at).max()?;
    let subject = FindingSubject { field: Some(format!("cpor {workload}")), ..FindingSubject::subscription(id) };
    let positions: Vec<u64> = claims.iter().flat_map(|(_, claim)| claim.state.set.positions()).collect();
    Some(Finding {
        rule: Some("I-11"),
        ..finding(FindingCode::CporClaimsConflict, subject, since, sentence, positions)
    })
}
