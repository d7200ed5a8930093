//! Folding a partner's account: standing, links and partnerships.

use super::granular;
use crate::event::partner::{PartnerObserved, PartnerRegistered, PartnerRelationshipObserved, PartnerUpdated};
use crate::event::relationship::ResellerRelationshipRequested;
use crate::event::{Event, Family};
use crate::fold::{Cell, Fact, Stamp};
use crate::state::{Invitation, Partner};

/// Takes in a fact of the account's stream. Facts about customers change nothing here.
pub(super) fn apply(partner: &mut Partner, fact: &Fact) {
    let set = fact.stamp();
    if let Event::PartnerRegistered(event) = &*fact.event {
        registered(partner, event, set);
    } else if let Event::PartnerUpdated(event) = &*fact.event {
        updated(partner, event, set);
    } else if let Event::PartnerObserved(event) = &*fact.event {
        observed(partner, event, set);
    } else if let Event::PartnerAccountSuspended(event) = &*fact.event {
        partner.suspended = Some(Cell::new(event.reason.clone(), set));
    } else if let Event::PartnerAccountReinstated(_) = &*fact.event {
        partner.suspended = None;
    } else if let Event::PartnerAgreementAccepted(_) = &*fact.event {
        partner.agreement_accepted = partner.agreement_accepted.or(Some(set));
    } else if let Event::ResellerRelationshipRequested(event) = &*fact.event {
        partner.invitations.push(invitation(event, set));
    } else if fact.event.family() == Family::Granular {
        granular::apply_to_relationship(&mut partner.granular, &fact.event, set);
    } else if !membership(partner, &fact.event, set) {
        partnership(partner, &fact.event, set);
    }
}

/// Who is in a security group; says whether the event was about that.
fn membership(partner: &mut Partner, event: &Event, set: Stamp) -> bool {
    if let Event::SecurityGroupMemberAdded(event) = event {
        let group = partner.groups.get_or_default(event.group);
        put(&mut group.name, event.group_name.as_ref(), set);
        put(&mut group.agent_group, event.agent_group.as_ref(), set);
        group.members.entry(event.user.clone()).or_insert(set);
    } else if let Event::SecurityGroupMemberRemoved(event) = event {
        if let Some(group) = partner.groups.get_mut(&event.group) {
            group.members.remove(&event.user);
        }
    } else {
        return false;
    }
    true
}

fn partnership(partner: &mut Partner, event: &Event, set: Stamp) {
    if let Event::PartnerInvited(event) = event {
        partner.partnerships.entry((event.provider, event.reseller)).or_default().invited = Some(set);
    } else if let Event::PartnerRelationshipCreated(event) = event {
        let partnership = partner.partnerships.entry((event.provider, event.reseller)).or_default();
        if !partnership.is_active() {
            partnership.created = Some(set);
        }
        partnership.removed = None;
        if event.reseller_partner_id.is_some() {
            partnership.reseller_partner_id.clone_from(&event.reseller_partner_id);
        }
    } else if let Event::PartnerRelationshipRemoved(event) = event {
        if let Some(partnership) = partner.partnerships.get_mut(&(event.provider, event.reseller)) {
            partnership.removed = partnership.removed.or(Some(set));
            partnership.invited = None;
        }
    } else if let Event::PartnerRelationshipObserved(event) = event {
        partnership_observed(partner, event, set);
    }
}

/// `Active` is the only state published; any other word leaves the record as it is (rule L-8).
fn partnership_observed(partner: &mut Partner, event: &PartnerRelationshipObserved, set: Stamp) {
    let Some(provider) = event.provider else { return };
    if !event.state.eq_ignore_ascii_case("active") {
        return;
    }
    let partnership = partner.partnerships.entry((provider, event.reseller)).or_default();
    if !partnership.is_active() {
        partnership.created = Some(set);
        partnership.removed = None;
    }
    if event.partner_id.is_some() {
        partnership.reseller_partner_id.clone_from(&event.partner_id);
    }
    if !event.name.is_empty() {
        partnership.reseller_name = Some(event.name.clone());
    }
    if event.market.is_some() {
        partnership.reseller_market.clone_from(&event.market);
    }
}

fn registered(partner: &mut Partner, event: &PartnerRegistered, set: Stamp) {
    partner.name = Some(Cell::new(event.name.clone(), set));
    partner.partner_type = Some(Cell::new(event.partner_type.clone(), set));
    partner.markets = Some(Cell::new(event.markets.clone(), set));
    put(&mut partner.partner_id, event.partner_id.as_ref(), set);
    put(&mut partner.indirect_reseller_enrolment, event.indirect_reseller_enrolment.as_ref(), set);
}

fn updated(partner: &mut Partner, event: &PartnerUpdated, set: Stamp) {
    put(&mut partner.name, event.name.as_ref(), set);
    put(&mut partner.partner_type, event.partner_type.as_ref(), set);
    put(&mut partner.partner_id, event.partner_id.as_ref(), set);
    put(&mut partner.markets, event.markets.as_ref(), set);
    put(&mut partner.programme, event.programme.as_ref(), set);
    put(&mut partner.indirect_reseller_enrolment, event.indirect_reseller_enrolment.as_ref(), set);
}

fn observed(partner: &mut Partner, event: &PartnerObserved, set: Stamp) {
    put(&mut partner.name, event.name.as_ref(), set);
    put(&mut partner.partner_id, event.partner_id.as_ref(), set);
    put(&mut partner.indirect_reseller_enrolment, event.indirect_reseller_enrolment.as_ref(), set);
    match event.agreement_signed {
        Some(true) => partner.agreement_accepted = partner.agreement_accepted.or(Some(set)),
        Some(false) => partner.agreement_accepted = None,
        None => {}
    }
}

fn put<T: Clone>(cell: &mut Option<Cell<T>>, value: Option<&T>, set: Stamp) {
    if let Some(value) = value {
        *cell = Some(Cell::new(value.clone(), set));
    }
}

fn invitation(event: &ResellerRelationshipRequested, made: Stamp) -> Invitation {
    Invitation {
        made,
        dap: event.dap.clone(),
        via_provider: event.via_provider,
        expires_at: event.expires_at,
        link_url: event.link_url.clone(),
    }
}
