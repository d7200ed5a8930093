//! Sentences for granular delegated administration: relationships, assignments, groups, and what the customer's side sees.

use ofrecord_core::Event;
use ofrecord_core::event::gdap::GdapTerms;
use ofrecord_core::vocabulary::{ApprovalBasis, GdapAutoExtend};

use super::in_brackets;
use crate::roles;

pub(super) fn sentence(event: &Event) -> Option<String> {
    preparation(event)
        .or_else(|| answer(event))
        .or_else(|| end(event))
        .or_else(|| change(event))
        .or_else(|| shown(event))
        .or_else(|| assignment(event))
        .or_else(|| group(event))
        .or_else(|| customer_side(event))
}

fn preparation(event: &Event) -> Option<String> {
    Some(if let Event::GdapRelationshipCreated(event) = event {
        let by = match event.provider {
            Some(provider) => format!("for partner {} by provider {provider}", event.partner),
            None => format!("by partner {}", event.partner),
        };
        format!("granular relationship {} made {by}: {}", event.relationship, terms(&event.terms))
    } else if let Event::GdapRelationshipUpdated(event) = event {
        let what = terms(&event.terms);
        format!("granular relationship {} changed by partner {}: {what}", event.relationship, event.partner)
    } else if let Event::GdapRelationshipDeleted(event) = event {
        format!("granular relationship {} deleted by partner {}", event.relationship, event.partner)
    } else if let Event::GdapRelationshipSubmittedForApproval(event) = event {
        format!("granular relationship {} locked for approval by partner {}", event.relationship, event.partner)
    } else if let Event::GdapPartnerConsentGiven(event) = event {
        format!("partner {} agreed to granular relationship {}", event.partner, event.relationship)
    } else {
        return None;
    })
}

fn answer(event: &Event) -> Option<String> {
    Some(if let Event::GdapRelationshipApproved(event) = event {
        let (basis, who) = (basis(&event.basis), in_brackets(event.approved_by.as_ref()));
        format!("granular relationship {} of partner {} approved: {basis}{who}", event.relationship, event.partner)
    } else if let Event::GdapRelationshipRejected(event) = event {
        format!("granular relationship {} rejected by partner {}", event.relationship, event.partner)
    } else if let Event::GdapRelationshipActivated(event) = event {
        let until = event.ends_at.map(|end| format!(" until {end}")).unwrap_or_default();
        let on = event.basis.as_ref().map(|known| format!(", {}", basis(known))).unwrap_or_default();
        format!("granular relationship {} of partner {} in force{until}{on}", event.relationship, event.partner)
    } else {
        return None;
    })
}

fn end(event: &Event) -> Option<String> {
    Some(if let Event::GdapRelationshipTerminationRequested(event) = event {
        format!(
            "end of granular relationship {} of partner {} asked for by {}",
            event.relationship, event.partner, event.by
        )
    } else if let Event::GdapRelationshipTerminated(event) = event {
        let by = event.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        format!("granular relationship {} of partner {} terminated{by}", event.relationship, event.partner)
    } else if let Event::GdapRelationshipExpired(event) = event {
        format!("granular relationship {} of partner {} expired", event.relationship, event.partner)
    } else if let Event::GdapRelationshipCleanedUp(event) = event {
        format!("Microsoft no longer shows granular relationship {} of partner {}", event.relationship, event.partner)
    } else {
        return None;
    })
}

fn change(event: &Event) -> Option<String> {
    Some(if let Event::GdapRelationshipExtended(event) = event {
        let from = event.ended_before.map(|end| format!(" from {end}")).unwrap_or_default();
        format!(
            "granular relationship {} of partner {} extended{from} until {}",
            event.relationship, event.partner, event.ends_at
        )
    } else if let Event::GdapGlobalAdministratorRemoved(event) = event {
        format!(
            "Global administrator taken out of granular relationship {} of partner {}",
            event.relationship, event.partner
        )
    } else if let Event::GdapAutoExtendSet(event) = event {
        format!(
            "granular relationship {} of partner {} set to {}",
            event.relationship,
            event.partner,
            auto_extend(&event.auto_extend)
        )
    } else {
        return None;
    })
}

fn shown(event: &Event) -> Option<String> {
    Some(if let Event::GdapRelationshipObserved(event) = event {
        let status = event.status.as_ref().map(|status| format!(" as {status}")).unwrap_or_default();
        let until = event.ends_at.map(|end| format!(", until {end}")).unwrap_or_default();
        format!(
            "a source shows granular relationship {} of partner {}{status}{until}",
            event.relationship, event.partner
        )
    } else if let Event::GdapRequestObserved(event) = event {
        format!(
            "a source shows request {} on granular relationship {} of partner {} as {}",
            event.action, event.relationship, event.partner, event.status
        )
    } else if let Event::GdapOperationObserved(event) = event {
        format!(
            "a source shows operation {} on granular relationship {} of partner {} as {}",
            event.operation_type, event.relationship, event.partner, event.status
        )
    } else {
        return None;
    })
}

fn assignment(event: &Event) -> Option<String> {
    Some(if let Event::GdapAccessAssignmentCreated(event) = event {
        format!(
            "{} given to group {}: {}",
            assigned(event.assignment, &event.relationship),
            event.group,
            roles::names(&event.roles)
        )
    } else if let Event::GdapAccessAssignmentActivated(event) = event {
        format!("{} in force", assigned(event.assignment, &event.relationship))
    } else if let Event::GdapAccessAssignmentUpdated(event) = event {
        let now = event.roles.as_ref().map_or_else(|| "the source does not say which".to_owned(), roles::names);
        format!("roles of {} replaced: {now}", assigned(event.assignment, &event.relationship))
    } else if let Event::GdapAccessAssignmentDeleted(event) = event {
        format!("{} deleted", assigned(event.assignment, &event.relationship))
    } else if let Event::GdapAccessAssignmentFailed(event) = event {
        format!("{} could not be provisioned", assigned(event.assignment, &event.relationship))
    } else if let Event::GdapAccessAssignmentObserved(event) = event {
        let status = event.status.as_ref().map(|status| format!(" as {status}")).unwrap_or_default();
        format!("a source shows {}{status}", assigned(event.assignment, &event.relationship))
    } else {
        return None;
    })
}

fn group(event: &Event) -> Option<String> {
    Some(if let Event::SecurityGroupMemberAdded(event) = event {
        let name = in_brackets(event.group_name.as_ref());
        let agents = event.agent_group.as_ref().map(|known| format!(", {}", roles::agents(known))).unwrap_or_default();
        format!("user {} added to group {}{name} of partner {}{agents}", event.user, event.group, event.partner)
    } else if let Event::SecurityGroupMemberRemoved(event) = event {
        format!("user {} removed from group {} of partner {}", event.user, event.group, event.partner)
    } else {
        return None;
    })
}

fn customer_side(event: &Event) -> Option<String> {
    Some(if let Event::DapTransitionStartedByMicrosoft(event) = event {
        format!(
            "Microsoft began to replace DAP of partner {} by granular relationship {}",
            event.partner, event.relationship
        )
    } else if let Event::DelegatedAccessUsed(event) = event {
        let user = event.user.as_ref().map(|user| format!(" as {user}")).unwrap_or_default();
        let application = event.application.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
        format!("partner {} used its access{user}{application}", event.partner)
    } else if let Event::PartnerListingObserved(event) = event {
        let how = if event.listed { "lists" } else { "does not list" };
        format!("the customer's tenant {how} partner {} as service provider", event.partner)
    } else {
        return None;
    })
}

fn assigned(assignment: impl std::fmt::Display, relationship: impl std::fmt::Display) -> String {
    format!("access assignment {assignment} of granular relationship {relationship}")
}

fn terms(terms: &GdapTerms) -> String {
    format!(
        "{} for {}, {}, roles {}",
        terms.display_name,
        terms.duration,
        auto_extend(&terms.auto_extend),
        roles::names(&terms.roles)
    )
}

fn auto_extend(auto_extend: &GdapAutoExtend) -> String {
    match auto_extend {
        GdapAutoExtend::P180D => "going on by 180 days at its end".to_owned(),
        GdapAutoExtend::P0D | GdapAutoExtend::Pt0S => "not going on at its end".to_owned(),
        GdapAutoExtend::Unrecognised(word) => format!("going on by {word} at its end"),
    }
}

fn basis(basis: &ApprovalBasis) -> String {
    match basis {
        ApprovalBasis::CustomerGlobalAdmin => "by a global administrator of the customer".to_owned(),
        ApprovalBasis::ImpliedByDap => "implied by DAP".to_owned(),
        ApprovalBasis::MicrosoftLed => "by the transition that Microsoft led".to_owned(),
        ApprovalBasis::AccountCreated => "with the account that the partner created".to_owned(),
        ApprovalBasis::NotStated => "the source does not say by whom".to_owned(),
        ApprovalBasis::Unrecognised(word) => format!("`{word}`"),
    }
}
