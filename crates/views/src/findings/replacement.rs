//! Findings on DAP and what replaces it: both at once, a transition that did not end, and an end that nothing followed.

use ofrecord_core::state::Access;
use ofrecord_core::{PartnerTenantId, Timestamp};

use super::{Scene, finding};
use crate::access::ReplacedBy;
use crate::cells::Cells;
use crate::finding::{Finding, FindingCode, FindingSubject};

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (partner, access) in &scene.state.access.partners {
        if access.has_dap() {
            found.extend(side_by_side(scene, *partner, access));
            found.extend(outlived_transition(scene, *partner, access));
        }
    }
    found.extend(not_replaced(scene));
    found
}

fn side_by_side(scene: &Scene<'_>, partner: PartnerTenantId, access: &Access) -> Option<Finding> {
    let viewpoint = scene.viewpoint;
    let mut cells = Cells::default();
    let mut names = Vec::new();
    let mut granular_since = Timestamp::MAX;
    for (id, known) in scene.state.access.granular.by_id.iter().filter(|(_, known)| known.partner == partner) {
        let holds = known.status_at(viewpoint.as_of, viewpoint.policy);
        if holds.is_active() {
            cells.stamp("granular", holds.set);
            granular_since = granular_since.min(holds.since);
            names.push(id.to_string());
        }
    }
    let dap_since = access.dap.values().map(|grant| grant.granted.effective_at).min()?;
    access.dap.values().for_each(|grant| cells.stamp("dap", grant.granted));
    if names.is_empty() {
        return None;
    }
    cells.cell("transition", access.transition.as_ref());
    let led = match &access.transition {
        Some(transition) => format!("; Microsoft began the transition at {}", transition.set.effective_at),
        None => String::new(),
    };
    let sentence = format!("partner {partner} has DAP and granular relationship {} in force{led}", names.join(", "));
    let subject = FindingSubject::partner(partner);
    Some(Finding {
        rule: access.transition.as_ref().map(|_| "D-6"),
        ..finding(
            FindingCode::DapAndGdapSideBySide,
            subject,
            dap_since.max(granular_since),
            sentence,
            cells.positions(),
        )
    })
}

/// Rule D-6. DAP that was granted after the transition began is not what it replaces.
fn outlived_transition(scene: &Scene<'_>, partner: PartnerTenantId, access: &Access) -> Option<Finding> {
    let transition = access.transition.as_ref()?;
    let begun = transition.set.effective_at;
    let over = begun.plus_days(scene.viewpoint.policy.transition_days);
    let mut cells = Cells::default();
    let replaced = access.dap.values().filter(|grant| grant.granted.effective_at <= begun);
    replaced.for_each(|grant| cells.stamp("dap", grant.granted));
    if scene.viewpoint.as_of < over || cells.positions().is_empty() {
        return None;
    }
    cells.cell("transition", Some(transition));
    let sentence = format!(
        "DAP of partner {partner} is still on; the transition that Microsoft began at {begun} was over at {over}"
    );
    Some(Finding {
        rule: Some("D-6"),
        ..finding(
            FindingCode::TransitionDapNotEnded,
            FindingSubject::partner(partner),
            over,
            sentence,
            cells.positions(),
        )
    })
}

/// Question 13, for those who still sell.
fn not_replaced(scene: &Scene<'_>) -> Vec<Finding> {
    let terminations = crate::access::dap_terminations(scene.record, scene.viewpoint);
    let left = terminations.into_iter().filter(|ended| {
        ended.replaced_by == ReplacedBy::Nothing && scene.state.resellers.standing(ended.partner).is_some()
    });
    left.map(|ended| {
        let partner = ended.partner;
        let sentence = format!(
            "Microsoft ended DAP of partner {partner} at {}, and it can administer nothing by DAP or GDAP since",
            ended.terminated_at
        );
        finding(
            FindingCode::DapTerminationNotReplaced,
            FindingSubject::partner(partner),
            ended.terminated_at,
            sentence,
            ended.positions,
        )
    })
    .collect()
}
