//! Judging how relationships begin and end (rules, M-1 to M-11).

use std::collections::BTreeSet;

use ofrecord_core::command::relationship::{
    AcceptResellerRelationship, CreateCustomer, DapChoice, RemoveResellerRelationship, RequestResellerRelationship,
};
use ofrecord_core::vocabulary::{PartnerType, ProductFamily, Services, SubscriptionStatus, TenantType};
use ofrecord_core::{ActorKind, Command, Event, PartnerTenantId, Role};

use super::fold::{Link, coverages};
use super::world::{Coverage, CustomerChange, PartnerChange, Sighting};
use super::{Judgement, Reason, Scene, cloud};

pub(super) fn linked(command: &RequestResellerRelationship) -> PartnerChange {
    PartnerChange::Linked {
        partner: command.partner,
        dap: wanted(&command.dap).cloned(),
        via: command.via_provider,
        until: command.expires_at,
    }
}

pub(super) fn wanted(choice: &DapChoice) -> Option<&Services> {
    match choice {
        DapChoice::Without => None,
        DapChoice::With(services) => Some(services),
    }
}

fn covers(link: &Services, wanted: &Services) -> bool {
    match (link, wanted) {
        (Services::All, _) => true,
        (Services::Names(_), Services::All) => false,
        (Services::Names(link), Services::Names(wanted)) => wanted.is_subset(link),
    }
}

impl Scene<'_> {
    /// A partner who begins something: in person or by an application, in a role, registered and in order.
    pub(super) fn judge_beginner(&self, partner: PartnerTenantId, found: &mut Judgement) {
        if self.acting() != Some(partner) {
            found.code("actor_not_party");
        }
        if !self.is_application() && !matches!(self.actor.role, Some(Role::AdminAgent | Role::SalesAgent)) {
            found.code("role_not_allowed");
        }
        self.require_registered(partner, found);
        let Some(account) = self.partners.accounts.get(&partner) else { return };
        if account.suspended {
            found.code("partner_account_suspended");
        }
        if account.not_in_programme() {
            found.forbid(Reason::Upstream(800_039));
        }
        if account.partner_type == Some(PartnerType::Advisor) {
            found.code("partner_type_cannot_resell");
        }
    }

    pub(super) fn judge_dap_choice(&self, services: Option<&Services>, found: &mut Judgement) {
        let Some(services) = services else {
            if cloud::dap_required(self.cloud) {
                found.code("dap_required_in_cloud");
            }
            return;
        };
        if !cloud::dap_offered(self.cloud, self.at) {
            found.code("dap_not_offered");
        }
        self.judge_services(services, found);
    }

    pub(super) fn judge_services(&self, services: &Services, found: &mut Judgement) {
        if let Services::Names(names) = services {
            if names.is_empty() {
                found.code("dap_names_no_service");
            }
            if !cloud::dap_by_service(self.cloud) {
                found.code("dap_covers_whole_tenant");
            }
        }
    }

    pub(super) fn judge_link(&self, command: &RequestResellerRelationship, found: &mut Judgement) {
        self.judge_beginner(command.partner, found);
        let reseller = self.type_of(command.partner) == Some(PartnerType::IndirectReseller);
        if reseller && !cloud::joint_links(self.cloud) {
            found.code("indirect_reseller_must_use_provider_invitation");
        } else if reseller {
            let stands = |provider| self.partners.partnerships.contains(&(provider, command.partner));
            if !command.via_provider.is_some_and(stands) {
                found.code("no_provider_partnership");
            }
        } else if command.via_provider.is_some() {
            // The text speaks of joint links of indirect resellers only.
            found.unsure = true;
        }
        self.judge_dap_choice(wanted(&command.dap), found);
        if command.expires_at.is_some_and(|end| end <= self.at) {
            found.code("invitation_expires_before_it_is_made");
        }
    }

    pub(super) fn judge_customer(&self, command: &Command, found: &mut Judgement) {
        self.require_own(found);
        if matches!(command, Command::RegisterCustomer(_)) {
            if self.customer.known {
                found.code("customer_already_registered");
            }
        } else if !self.customer.known {
            found.code("customer_not_registered");
            found.unsure |= self.customer.anything;
        }
        found.unsure |= self.customer.anything && !self.customer.known;
    }

    pub(super) fn judge_tenant(&self, partner: PartnerTenantId, found: &mut Judgement) {
        match &self.customer.tenant_type {
            Some(TenantType::B2c | TenantType::ExternalId) => found.code("customer_tenant_type_not_supported"),
            Some(TenantType::CspTransaction) => found.code("customer_is_csp_partner_tenant"),
            Some(TenantType::Organisation | TenantType::CspCorporate | TenantType::Unrecognised(_)) | None => {}
        }
        if self.customer_id.map(ofrecord_core::CustomerId::as_partner) == Some(partner) {
            found.code("partner_equals_customer");
        }
    }

    pub(super) fn in_other_market(&self, partner: PartnerTenantId) -> bool {
        let markets = self.partners.accounts.get(&partner).map(|account| &account.markets);
        match (&self.customer.market, markets) {
            (Some(market), Some(markets)) => !markets.is_empty() && !markets.contains(market),
            (None, _) | (_, None) => false,
        }
    }

    /// The open links that ask for at least what is accepted, newest last.
    fn fitting_links(&self, command: &AcceptResellerRelationship) -> (Vec<&Link>, Vec<&Link>) {
        let links = self.partners.accounts.get(&command.partner).map_or(&[][..], |account| account.links.as_slice());
        let open: Vec<&Link> = links.iter().filter(|link| link.until.is_none_or(|end| self.at < end)).collect();
        let fits = |link: &&&Link| match (wanted(&command.dap), &link.dap) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wanted), Some(offered)) => covers(offered, wanted),
        };
        let fitting = open.iter().filter(fits).copied().collect();
        (open, fitting)
    }

    pub(super) fn judge_acceptance(&self, command: &AcceptResellerRelationship, found: &mut Judgement) {
        if !self.is_global_admin_of_customer() {
            found.code("customer_global_admin_required");
        }
        self.judge_tenant(command.partner, found);
        let (open, fitting) = self.fitting_links(command);
        if open.is_empty() {
            found.code("no_invitation");
        } else if fitting.is_empty() {
            found.code("dap_exceeds_invitation");
        }
        self.judge_dap_choice(wanted(&command.dap), found);
        let standing = self.stands(command.partner);
        let joint = fitting.last().and_then(|link| link.via);
        if self.in_other_market(command.partner) && joint.is_none() {
            found.code("market_mismatch");
            found.unsure |= standing;
        }
        if let Some(provider) = joint
            && !self.partners.partnerships.contains(&(provider, command.partner))
        {
            found.code("no_provider_partnership");
            found.unsure |= standing;
        }
        if cloud::single_partner(self.cloud) && self.another_transacts(command.partner, joint) {
            // Accepting again what stands beside an imported second partner: both speak of it.
            if standing {
                found.unsure = true;
            } else {
                found.code("single_partner_cloud");
            }
        }
        if let Some(services) = wanted(&command.dap) {
            self.judge_one_partner_per_service(command.partner, services, found);
        }
        // The text does not say what becomes of a link when its maker is suspended or leaves the programme.
        let account = self.partners.accounts.get(&command.partner);
        found.unsure |= account.is_none_or(|account| account.suspended || account.not_in_programme());
    }

    fn another_transacts(&self, partner: PartnerTenantId, joint: Option<PartnerTenantId>) -> bool {
        self.customer.resellers.iter().any(|(other, reseller)| {
            reseller.stands && *other != partner && Some(*other) != joint && self.transacts(*other)
        })
    }

    pub(super) fn stands(&self, partner: PartnerTenantId) -> bool {
        self.customer.resellers.get(&partner).is_some_and(|reseller| reseller.stands)
    }

    pub(super) fn judge_creation(&self, command: &CreateCustomer, found: &mut Judgement) {
        self.judge_beginner(command.partner, found);
        if self.type_of(command.partner) == Some(PartnerType::IndirectReseller) {
            found.code("only_provider_may_create_customer");
        }
        if self.customer.known {
            found.code("customer_already_exists");
        }
        found.unsure |= self.customer.anything && !self.customer.known;
        let markets = self.partners.accounts.get(&command.partner).map(|account| &account.markets);
        if markets.is_some_and(|markets| !markets.is_empty() && !markets.contains(&command.market)) {
            found.code("market_mismatch");
        }
        self.judge_tenant(command.partner, found);
        match wanted(&command.dap) {
            Some(services) => self.judge_dap_choice(Some(services), found),
            // R-14 speaks of requests; whether a created customer must come with DAP is not said.
            None => found.unsure |= cloud::dap_required(self.cloud),
        }
    }

    pub(super) fn judge_removal(&self, command: &RemoveResellerRelationship, found: &mut Judgement) {
        use SubscriptionStatus::{Active, Pending, Suspended};
        if self.is_application() {
            found.code("app_user_required");
        }
        let provider =
            self.acting().is_some_and(|acting| self.partners.partnerships.contains(&(acting, command.partner)));
        if self.acting() != Some(command.partner) && !provider {
            found.code("actor_not_party");
        }
        let roles = [Role::GlobalAdmin, Role::AdminAgent, Role::SalesAgent];
        if !self.is_application() && !self.actor.role.as_ref().is_some_and(|role| roles.contains(role)) {
            found.code("role_not_allowed");
        }
        self.require_registered(command.partner, found);
        let acting_type = self.acting().and_then(|partner| self.type_of(partner));
        if acting_type == Some(PartnerType::IndirectReseller) && !provider {
            found.code("indirect_provider_must_remove");
        }
        if !self.stands(command.partner) {
            found.code("not_a_reseller");
        }
        for bought in self.customer.subscriptions.values().filter(|bought| bought.owner == Some(command.partner)) {
            let status = bought.status_at(self.at, self.cloud);
            let runs = matches!(status, Some(Active | Suspended | Pending));
            match &bought.family {
                Some(ProductFamily::AzureReservation) if runs => found.code("azure_reservation_active"),
                Some(ProductFamily::PerpetualSoftware | ProductFamily::SoftwareSubscription) if runs => {
                    found.code("software_purchase_active");
                }
                Some(_) | None => {}
            }
            if status == Some(Active) {
                found.code("active_subscriptions_exist");
            }
            if status == Some(Suspended) && bought.is_new_commerce() && cloud::suspended_blocks_removal(self.cloud) {
                found.code("new_commerce_subscription_not_cancelled");
            }
            found.unsure |= status == Some(Pending);
        }
    }

    pub(super) fn judge_observation(&self, found: &mut Judgement) {
        if !self.is_ledgers_own() && self.actor.kind != ActorKind::Microsoft {
            found.code("only_importer_may_observe");
        }
    }

    /// What relationship and access commands change in the customer.
    pub(super) fn relationship_changes(&self, command: &Command, changes: &mut Vec<CustomerChange>) {
        if let Command::AcceptResellerRelationship(command) = command {
            let joint = self.fitting_links(command).1.last().and_then(|link| link.via);
            // Accepting what stands confirms it: after a removal learned of later, the acceptance still counts.
            let joining = [Some(command.partner), joint].into_iter().flatten();
            changes.extend(joining.map(|partner| CustomerChange::ResellerJoined { partner }));
            if joint.is_some() && !self.stands(command.partner) {
                changes.push(CustomerChange::CameThroughProvider { partner: command.partner });
            }
            changes.extend(wanted(&command.dap).and_then(|services| self.granted(command.partner, services)));
        } else if let Command::CreateCustomer(command) = command {
            changes.push(CustomerChange::Known {
                market: Some(command.market.clone()),
                tenant_type: None,
                status: None,
            });
            changes.push(CustomerChange::ResellerJoined { partner: command.partner });
            let services = wanted(&command.dap).cloned();
            changes.extend(services.map(|services| CustomerChange::DapOn { partner: command.partner, services }));
        } else if let Command::RemoveResellerRelationship(command) = command {
            changes.push(CustomerChange::ResellerLeft { partner: command.partner });
        } else if let Command::RegisterCustomer(command) = command {
            changes.push(CustomerChange::Known {
                market: command.market.clone(),
                tenant_type: Some(command.tenant_type.clone()),
                status: None,
            });
        } else if let Command::UpdateCustomer(command) = command {
            changes.push(CustomerChange::Known {
                market: command.market.clone(),
                tenant_type: command.tenant_type.clone(),
                status: command.account_status.clone(),
            });
        } else if let Command::RecordObservation(command) = command {
            changes.extend(command.events.iter().flat_map(observed));
        } else {
            self.access_changes(command, changes);
        }
    }

    /// What of a grant another transacting partner has already (rule R-12 of the 21Vianet and multichannel
    /// editions; worldwide, delegated administration is never per service).
    pub(super) fn judge_one_partner_per_service(
        &self,
        partner: PartnerTenantId,
        services: &Services,
        found: &mut Judgement,
    ) {
        if !cloud::dap_by_service(self.cloud) || !self.transacts(partner) {
            return;
        }
        let asked = coverages(services);
        let overlap = |on: &BTreeSet<Coverage>| {
            !on.is_empty()
                && (asked.contains(&Coverage::Tenant) || on.contains(&Coverage::Tenant) || !on.is_disjoint(&asked))
        };
        for (other, _) in self.customer.dap.iter().filter(|(other, on)| **other != partner && overlap(on)) {
            if self.stands(*other) && self.transacts(*other) {
                found.code("one_csp_partner_with_dap_per_service");
            } else {
                // Whether a partner without relationship transacts, the text does not say.
                found.unsure = true;
            }
        }
    }

    /// Direct-bill partners and providers transact; resellers do it through their provider, advisors never.
    fn transacts(&self, partner: PartnerTenantId) -> bool {
        matches!(self.type_of(partner), Some(PartnerType::DirectBill | PartnerType::IndirectProvider))
    }

    /// Whether the partner's provider resells to the customer: then the reseller may be granted DAP (rule D-2).
    pub(super) fn supports_through_provider(&self, partner: PartnerTenantId) -> bool {
        !cloud::joint_links(self.cloud)
            && self
                .partners
                .partnerships
                .iter()
                .any(|(provider, reseller)| *reseller == partner && self.stands(*provider))
    }
}

fn observed(event: &Event) -> Vec<CustomerChange> {
    if let Event::DapGranted(event) = event {
        vec![CustomerChange::DapOn { partner: event.partner, services: event.services.clone() }]
    } else if let Event::DapRemovedByCustomer(event) = event {
        vec![CustomerChange::DapOff { partner: event.partner, services: event.services.clone() }]
    } else if let Event::ResellerRelationshipObserved(event) = event {
        vec![CustomerChange::ResellerJoined { partner: event.partner }]
    } else if let Event::ResellerRelationshipRemovedByPartner(event) = event {
        vec![CustomerChange::ResellerLeft { partner: event.partner }]
    } else if let Event::SubscriptionObserved(event) = event {
        vec![CustomerChange::Seen(Box::new(Sighting {
            subscription: event.subscription,
            owner: event.owner,
            quantity: event.quantity,
            status: event.status.clone(),
        }))]
    } else {
        Vec::new()
    }
}
