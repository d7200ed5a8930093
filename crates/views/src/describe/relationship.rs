//! Sentences for reseller relationships, delegated administration, Azure roles and agreements.

use ofrecord_core::Event;
use ofrecord_core::command::relationship::DapChoice;
use ofrecord_core::event::dap::{DapEndCause, DapState};
use ofrecord_core::vocabulary::RelationshipKind;

use super::{in_brackets, services};

pub(super) fn sentence(event: &Event) -> Option<String> {
    relationship(event).or_else(|| removal(event)).or_else(|| dap(event)).or_else(|| role_or_agreement(event))
}

fn relationship(event: &Event) -> Option<String> {
    Some(if let Event::ResellerRelationshipRequested(event) = event {
        let dap = match &event.dap {
            DapChoice::Without => String::new(),
            DapChoice::With(names) => format!(", with DAP for {}", services(names)),
        };
        format!("reseller relationship requested by partner {}{dap}", event.partner)
    } else if let Event::ResellerRelationshipAcceptedByCustomer(event) = event {
        let via = event.via_provider.map(|provider| format!(" through provider {provider}")).unwrap_or_default();
        let who = in_brackets(event.accepted_by.as_ref());
        format!("reseller relationship with partner {}{via} accepted by the customer{who}", event.partner)
    } else if let Event::ResellerRelationshipConfirmed(event) = event {
        format!("reseller relationship with partner {} accepted again; it already stood", event.partner)
    } else if let Event::ResellerRelationshipReestablished(event) = event {
        let who = in_brackets(event.accepted_by.as_ref());
        format!(
            "reseller relationship with partner {} established again, generation {}{who}",
            event.partner, event.generation
        )
    } else if let Event::ResellerRelationshipExtended(event) = event {
        let consent = in_brackets(event.consent_reference.as_ref());
        format!(
            "reseller relationship of partner {} extended to provider {}{consent}",
            event.from_partner, event.provider
        )
    } else if let Event::CustomerAdded(event) = event {
        format!("customer {} created by partner {}", event.name, event.partner)
    } else {
        return None;
    })
}

fn removal(event: &Event) -> Option<String> {
    Some(if let Event::ResellerRelationshipRemovedByPartner(event) = event {
        let who = in_brackets(event.removed_by.as_ref());
        format!("reseller relationship removed by partner {}{who}", event.partner)
    } else if let Event::CustomerDeleted(event) = event {
        format!("sandbox customer deleted by partner {}", event.partner)
    } else if let Event::ResellerRelationshipObserved(event) = event {
        if event.relationship == RelationshipKind::None {
            let who = event.ended_by.as_ref().map(|who| format!(", ended by {who}")).unwrap_or_default();
            format!("a source shows no relationship with partner {}{who}", event.partner)
        } else {
            format!("a source shows partner {} as {}", event.partner, event.relationship)
        }
    } else {
        return None;
    })
}

fn dap(event: &Event) -> Option<String> {
    Some(if let Event::DapGranted(event) = event {
        format!("DAP granted to partner {} for {}", event.partner, services(&event.services))
    } else if let Event::DapRemovedByCustomer(event) = event {
        format!("DAP of partner {} for {} removed by the customer", event.partner, services(&event.services))
    } else if let Event::DapRemovedByPartner(event) = event {
        let cause = match event.cause {
            DapEndCause::Requested => "removed by the partner",
            DapEndCause::RelationshipRemoved => "ended with the reseller relationship",
        };
        format!("DAP of partner {} for {} {cause}", event.partner, services(&event.services))
    } else if let Event::DapRemoved(event) = event {
        format!(
            "DAP of partner {} for {} removed; the source does not say by whom",
            event.partner,
            services(&event.services)
        )
    } else if let Event::DapTerminatedByMicrosoft(event) = event {
        let why = event.cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default();
        let seen = event.last_sign_in_at.map(|at| format!(", last sign-in {at}")).unwrap_or_default();
        format!("DAP of partner {} terminated by Microsoft{why}{seen}", event.partner)
    } else if let Event::DapObserved(event) = event {
        let state = match event.state {
            DapState::Active => "on",
            DapState::Removed => "off",
        };
        format!("a source shows DAP of partner {} {state}", event.partner)
    } else {
        return None;
    })
}

fn role_or_agreement(event: &Event) -> Option<String> {
    Some(if let Event::AzureRoleAssigned(event) = event {
        format!("Azure role {} on {} held by partner {}", event.assignment.role, event.assignment.scope, event.partner)
    } else if let Event::AzureRoleRemoved(event) = event {
        format!(
            "Azure role {} on {} of partner {} is gone",
            event.assignment.role, event.assignment.scope, event.partner
        )
    } else if let Event::CustomerAgreementConfirmed(event) = event {
        let who = event.attested_by.map(|partner| format!(" by partner {partner}")).unwrap_or_default();
        let day = event.date_agreed.date_text();
        format!("{} of {day} confirmed ({}{who})", event.agreement_type, event.method)
    } else {
        return None;
    })
}
