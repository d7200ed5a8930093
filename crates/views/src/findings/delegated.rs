//! Findings on who could administer: access that outlived or never had a relationship, and overlapping DAP.

use std::collections::BTreeSet;

use ofrecord_core::policy::{DapOffer, DapScope};
use ofrecord_core::vocabulary::PartnerType;
use ofrecord_core::{Event, PartnerTenantId, ServiceName, Timestamp};

use super::{Scene, finding};
use crate::access::{AccessRow, Coverage, HeldRole, Mechanism, Standing};
use crate::finding::{Finding, FindingCode, FindingSubject};
use crate::histories::{AccessKey, ResellerSpell, access_by_knowledge, standing_by_knowledge};
use crate::intervals::Interval;
use crate::viewpoint::Period;

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in by_grant(crate::access::of_state(&scene.state, scene.viewpoint.as_of, scene.viewpoint.policy)) {
        found.extend(without_relationship(scene, &row));
        if row.mechanism == Mechanism::Dap {
            found.extend(after_end_of_offer(scene, &row));
            found.extend(beginning_not_seen(scene, &row));
        }
    }
    if scene.viewpoint.policy.dap_scope == DapScope::Services {
        found.extend(overlapping(scene));
    }
    found
}

/// One row for each grant: the assignments of a granular relationship, which are one grant to the partner, as one.
pub(super) fn by_grant(rows: Vec<AccessRow>) -> Vec<AccessRow> {
    let mut grants: Vec<AccessRow> = Vec::new();
    for row in rows {
        let granted_by = |row: &AccessRow| row.granular.as_ref().map(|granular| granular.key.relationship.clone());
        let same = grants.iter_mut().find(|grant| granted_by(grant).is_some() && granted_by(grant) == granted_by(&row));
        match same {
            Some(grant) => {
                grant.since = grant.since.min(row.since);
                grant.positions.extend(row.positions);
            }
            None => grants.push(row),
        }
    }
    grants
}

/// Through what a row lets a partner administer, in words.
pub(super) fn named(row: &AccessRow) -> &'static str {
    match row.mechanism {
        Mechanism::Dap => "DAP",
        Mechanism::Gdap => "granular access",
        Mechanism::AzureRole => "an Azure role",
    }
}

/// Whose access it is, and which.
pub(super) fn subject(row: &AccessRow) -> FindingSubject {
    let (service, scope) = match &row.coverage {
        Coverage::Tenant => (None, None),
        Coverage::Service(name) => (Some(name.clone()), None),
        Coverage::Scope(scope) => (None, Some(scope)),
    };
    let field = match row.mechanism {
        Mechanism::Dap => "dap".to_owned(),
        Mechanism::Gdap => "gdap".to_owned(),
        Mechanism::AzureRole => {
            let role = row.roles.first().map_or("", |held| held.role.as_str());
            format!("azure_role {role} on {}", scope.map_or("", |scope| scope.as_str()))
        }
    };
    let relationship = row.granular.as_ref().map(|granular| granular.key.relationship.clone());
    FindingSubject { service, relationship, field: Some(field), ..FindingSubject::partner(row.partner) }
}

/// Rules M-9 and D-7, question 9.
fn without_relationship(scene: &Scene<'_>, row: &AccessRow) -> Option<Finding> {
    let partner = row.partner;
    let what = named(row);
    let (code, since, sentence) = match row.standing {
        Standing::Reseller => return None,
        Standing::FormerReseller => {
            let ended = scene.state.resellers.relationships.get(&partner)?.ended.as_ref()?;
            let sentence = format!(
                "partner {partner} has {what}, and its reseller relationship ended at {}",
                ended.set.effective_at
            );
            (FindingCode::FormerResellerStillHasAccess, ended.set.effective_at.max(row.since), sentence)
        }
        Standing::NeverReseller => {
            let sentence = format!("partner {partner} has {what} and was never seen as reseller");
            (FindingCode::AdministersWithoutReselling, row.since, sentence)
        }
    };
    let support_only = code == FindingCode::AdministersWithoutReselling && row.mechanism == Mechanism::Gdap;
    let rule = support_only.then_some("G-25");
    Some(Finding { rule, ..finding(code, subject(row), since, sentence, row.positions.iter().copied()) })
}

/// Question 16.
fn after_end_of_offer(scene: &Scene<'_>, row: &AccessRow) -> Option<Finding> {
    let end = match scene.viewpoint.policy.dap_offer {
        DapOffer::OfferedUntil(end) if end <= scene.viewpoint.as_of => end,
        DapOffer::OfferedUntil(_) | DapOffer::Offered | DapOffer::Required => return None,
    };
    let sentence =
        format!("DAP of partner {} is still on; the cloud offered it until {}", row.partner, end.date_text());
    Some(Finding {
        rule: Some("R-13"),
        ..finding(
            FindingCode::DapStillOnAfterEndOfOffer,
            subject(row),
            end.max(row.since),
            sentence,
            row.cells.of("access"),
        )
    })
}

fn beginning_not_seen(scene: &Scene<'_>, row: &AccessRow) -> Option<Finding> {
    let grant = row.cells.of("access").next()?;
    let observed = scene.facts.iter().any(|fact| {
        fact.at.position == grant
            && fact.event.partner() == Some(row.partner)
            && matches!(*fact.event, Event::DapObserved(_))
    });
    let granted = scene.facts.iter().any(|fact| {
        fact.at.position == grant
            && fact.event.partner() == Some(row.partner)
            && matches!(*fact.event, Event::DapGranted(_))
    });
    (observed && !granted).then(|| {
        let sentence = format!("a source shows DAP of partner {} on; no grant is in the ledger", row.partner);
        let positions = row.cells.of("access");
        finding(FindingCode::SourceSaysActiveButNoCreationSeen, subject(row), row.since, sentence, positions)
    })
}

type Held = Interval<AccessKey, Vec<HeldRole>>;
type Stood = Interval<PartnerTenantId, ResellerSpell>;

/// Rule R-12 over the whole history (question 11), in clouds where DAP is granted per service.
fn overlapping(scene: &Scene<'_>) -> Vec<Finding> {
    let known_below = scene.viewpoint.known_below;
    let standing = standing_by_knowledge(scene.record, known_below);
    let held: Vec<Held> = access_by_knowledge(scene.record, known_below, scene.viewpoint.policy)
        .into_iter()
        .filter(|interval| interval.key.mechanism == Mechanism::Dap)
        .filter(|interval| transacts(scene, interval.key.partner))
        .collect();
    let mut found = Vec::new();
    for (index, first) in held.iter().enumerate() {
        for second in held.iter().skip(index.saturating_add(1)) {
            if first.key.partner == second.key.partner {
                continue;
            }
            let Some(service) = common(&first.key.coverage, &second.key.coverage) else { continue };
            for (period, positions) in both_standing(&standing, first, second) {
                found.extend(overlap(scene, (first, second), service.clone(), period, positions));
            }
        }
    }
    found
}

/// As the rule takes it: who is not known to be an advisor or an indirect reseller transacts.
fn transacts(scene: &Scene<'_>, partner: PartnerTenantId) -> bool {
    let kind = scene.partners.get(&partner).and_then(|account| account.partner_type.as_ref());
    !kind.is_some_and(|kind| matches!(kind.value, PartnerType::Advisor | PartnerType::IndirectReseller))
}

/// What both cover: a service, or (none) the whole tenant.
fn common(first: &Coverage, second: &Coverage) -> Option<Option<ServiceName>> {
    match (first, second) {
        (Coverage::Tenant, Coverage::Tenant) => Some(None),
        (Coverage::Tenant, Coverage::Service(name)) | (Coverage::Service(name), Coverage::Tenant) => {
            Some(Some(name.clone()))
        }
        (Coverage::Service(first), Coverage::Service(second)) => (first == second).then(|| Some(first.clone())),
        (Coverage::Scope(_), _) | (_, Coverage::Scope(_)) => None,
    }
}

/// When both held it and both were resellers, with the entries behind all four.
fn both_standing(standing: &[Stood], first: &Held, second: &Held) -> Vec<(Period, BTreeSet<u64>)> {
    let Some(both) = first.valid().overlap(&second.valid()) else { return Vec::new() };
    let of = |partner: PartnerTenantId| standing.iter().filter(move |interval| interval.key == partner);
    let mut periods = Vec::new();
    for left in of(first.key.partner) {
        for right in of(second.key.partner) {
            let period = both.overlap(&left.valid()).and_then(|period| period.overlap(&right.valid()));
            if let Some(period) = period {
                let behind = [&first.positions, &second.positions, &left.positions, &right.positions];
                periods.push((period, behind.into_iter().flatten().copied().collect()));
            }
        }
    }
    periods
}

fn overlap(
    scene: &Scene<'_>,
    (first, second): (&Held, &Held),
    service: Option<ServiceName>,
    period: Period,
    positions: BTreeSet<u64>,
) -> Option<Finding> {
    let as_of: Timestamp = scene.viewpoint.as_of;
    if as_of < period.from {
        return None;
    }
    let until = (period.to <= as_of).then_some(period.to);
    let named = service.as_ref().map_or("the whole tenant", ServiceName::as_str);
    let (one, other) = (first.key.partner.min(second.key.partner), first.key.partner.max(second.key.partner));
    let end = until.map(|until| format!(" until {until}")).unwrap_or_default();
    let sentence = format!("partners {one} and {other} both had DAP for {named} from {}{end}", period.from);
    let subject =
        FindingSubject { partner: Some(one), other_partner: Some(other), service, ..FindingSubject::default() };
    Some(Finding {
        rule: Some("R-12"),
        until,
        ..finding(FindingCode::TwoResellersWithDapOnService, subject, period.from, sentence, positions)
    })
}
