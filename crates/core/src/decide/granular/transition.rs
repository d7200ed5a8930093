//! Deciding on the transition from delegated to granular administration that Microsoft leads (rule D-6).

use super::preparation::{require_name, require_new, require_roles};
use crate::actor::ActorKind;
use crate::command::gdap::StartMicrosoftLedTransition;
use crate::decide::access::held_dap;
use crate::decide::{Case, Ruling};
use crate::event::Event;
use crate::event::dap::DapTransitionStartedByMicrosoft;
use crate::event::gdap::{GdapRelationshipActivated, GdapTerms};
use crate::ground::granular as ground;
use crate::id::{CustomerId, GdapRelationshipId};
use crate::refusal::Refusal;
use crate::vocabulary::{ApprovalBasis, GdapAutoExtend, GdapDuration};

/// Precedence: cloud, actor, DAP, another transition, id, name, roles. Both stand side by side from here on.
pub(crate) fn start_transition(case: &Case<'_>, command: &StartMicrosoftLedTransition) -> Ruling {
    case.require_gdap()?;
    case.require_actor_kind(&[ActorKind::Microsoft], &ground::ONLY_MICROSOFT_LEADS)?;
    let customer = case.customer_named()?;
    held_dap(case, command.partner)?;
    let known = case.customer.access.of(command.partner).and_then(|access| access.transition.as_ref());
    if let Some(other) = known.map(|known| &known.value).or_else(|| led_later(case, command, customer)) {
        return Err(Refusal::because(&ground::TRANSITION_ALREADY_STARTED)
            .with("partner", command.partner)
            .with("relationship", other));
    }
    require_new(case, command.partner, &command.relationship)?;
    if !is_led_name(&command.display_name) {
        return Err(Refusal::because(&ground::DISPLAY_NAME_INVALID).with("display_name", &command.display_name));
    }
    require_name(case, command.partner, &command.relationship, &command.display_name)?;
    require_roles(&command.roles)?;
    let duration = GdapDuration::of_days(case.policy.transition_duration_days);
    let started = Event::DapTransitionStartedByMicrosoft(DapTransitionStartedByMicrosoft {
        partner: command.partner,
        relationship: command.relationship.clone(),
    });
    let activated = Event::GdapRelationshipActivated(GdapRelationshipActivated {
        partner: command.partner,
        relationship: command.relationship.clone(),
        customer: Some(customer),
        ends_at: duration.end_from(case.when.effective_at),
        basis: Some(ApprovalBasis::MicrosoftLed),
        terms: Some(GdapTerms {
            display_name: command.display_name.clone(),
            duration,
            auto_extend: GdapAutoExtend::P0D,
            roles: command.roles.clone(),
        }),
    });
    Ok(vec![started, activated])
}

/// The relationship of a transition that began after the instant to which this one is dated back.
fn led_later<'a>(
    case: &Case<'a>,
    command: &StartMicrosoftLedTransition,
    customer: CustomerId,
) -> Option<&'a GdapRelationshipId> {
    case.known_later().find_map(|event| {
        let Event::GdapRelationshipActivated(event) = event else { return None };
        let led = event.basis == Some(ApprovalBasis::MicrosoftLed);
        (led && event.partner == command.partner && event.customer == Some(customer)).then_some(&event.relationship)
    })
}

/// `MLT_` and three groups of eight letters or digits joined by `_`.
fn is_led_name(name: &str) -> bool {
    let Some(groups) = name.strip_prefix("MLT_") else { return false };
    let groups: Vec<&str> = groups.split('_').collect();
    groups.len() == 3
        && groups.iter().all(|group| group.len() == 8 && group.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
