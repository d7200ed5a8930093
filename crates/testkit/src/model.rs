//! A reference model: the rules and the folds written a second time, over plain maps, from what is published
//! of them alone, which is called the text here.
//!
//! It shares no code with the rules of `ofrecord_core`: it keeps what happened as a flat list, folds it
//! again for every question, and says of a command either which reasons forbid it, or that none does. Where
//! the text does not say, [`Judgement::unsure`] is set and the outcome is left to the rules.

mod access;
mod account;
mod assignment;
mod cloud;
mod fold;
mod granted;
mod granular;
mod preparation;
mod purchase;
mod relationship;
mod running;
mod subscription;
mod terms;
mod transfer;
mod upkeep;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{
    Actor, ActorKind, Cloud, Command, CustomerId, GdapRelationshipId, Outcome, PartnerTenantId, Refusal, Request, Role,
    SecurityGroupId, SubscriptionId, Timestamp, TransferId, UserName,
};

use self::fold::{CustomerPicture, PartnerPicture};
use self::granted::Sight;
use self::granular::Told;
pub use self::world::{AssignmentPicture, Coverage, GranularPicture, SubscriptionPicture, TransferPicture};
use self::world::{CustomerChange, Dated, PartnerChange};

/// Why a command must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// With this code.
    Code(&'static str),
    /// With this code of Partner Center.
    Upstream(u32),
    /// On some ground: the text says that it is refused, not with which code.
    Some(&'static str),
}

/// What the text says of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Every reason that forbids it. When several do, the text does not say which is answered.
    pub reasons: BTreeSet<Reason>,
    /// The text leaves it open whether it is refused.
    pub unsure: bool,
}

impl Judgement {
    /// What an outcome has against it; nothing when it agrees with the text.
    #[must_use]
    pub fn disagreement(&self, outcome: &Outcome) -> Option<String> {
        match outcome {
            Outcome::Accepted(_) if self.reasons.is_empty() => None,
            Outcome::Accepted(_) => Some(format!("accepted, but the text refuses it: {:?}", self.reasons)),
            Outcome::Refused(refusal) if self.unsure || self.reasons.iter().any(|reason| reason.fits(refusal)) => None,
            Outcome::Refused(refusal) => Some(format!(
                "refused by {} `{}`, but the text says {:?}; details {:?}",
                refusal.rule, refusal.code, self.reasons, refusal.details
            )),
        }
    }

    fn forbid(&mut self, reason: Reason) {
        self.reasons.insert(reason);
    }

    fn code(&mut self, code: &'static str) {
        self.forbid(Reason::Code(code));
    }
}

impl Reason {
    fn fits(self, refusal: &Refusal) -> bool {
        match self {
            Self::Code(code) => refusal.code == code,
            Self::Upstream(code) => refusal.upstream_code == Some(code),
            Self::Some(_) => true,
        }
    }
}

/// What a command is judged by: the world at its instant.
struct Scene<'a> {
    cloud: Cloud,
    actor: &'a Actor,
    customer_id: Option<CustomerId>,
    customer: CustomerPicture,
    /// Subscriptions that the record knows at any time, later ones too.
    in_use: BTreeSet<SubscriptionId>,
    /// The same of transfers.
    transfers_ever: BTreeSet<TransferId>,
    partners: PartnerPicture,
    granular: Sight<'a>,
    at: Timestamp,
}

/// The model: what happened, in the order in which it was recorded.
#[derive(Debug)]
pub struct Model {
    cloud: Cloud,
    partners: Vec<Dated<PartnerChange>>,
    customers: BTreeMap<CustomerId, Vec<Dated<CustomerChange>>>,
    granular: Vec<Dated<Told>>,
}

impl Model {
    /// An empty world under the rules of a cloud.
    #[must_use]
    pub fn new(cloud: Cloud) -> Self {
        Self { cloud, partners: Vec::new(), customers: BTreeMap::new(), granular: Vec::new() }
    }

    /// What the text says of a command.
    #[must_use]
    pub fn judge(&self, request: &Request, recorded_at: Timestamp) -> Judgement {
        let mut judgement = Judgement::default();
        let at = request.effective_at.unwrap_or(recorded_at);
        if at > recorded_at {
            judgement.code("effective_at_in_future");
        }
        if request.command.beyond_scope().is_some() {
            judgement.code("relationship_command_cannot_change_subscription");
            judgement.code("account_ownership_not_in_scope");
            judgement.code("partner_of_record_not_changed_by_relationship");
        }
        let scene = self.scene(request, at);
        scene.judge(request.command.command(), recorded_at, &mut judgement);
        judgement
    }

    /// Takes in a command that was accepted.
    pub fn take(&mut self, request: &Request, recorded_at: Timestamp, position: u64) {
        let at = request.effective_at.unwrap_or(recorded_at);
        let scene = self.scene(request, at);
        let (partner_changes, customer_changes) = scene.changes(request.command.command());
        let told = scene.granular_changes(request.command.command());
        let observed = matches!(request.command.command(), Command::RecordObservation(_));
        for (index, change) in (0_u32..).zip(partner_changes) {
            // The same fact told again is one fact (rule L-6).
            if !observed || !self.partners.iter().any(|known| known.at == at && known.change == change) {
                self.partners.push(Dated { at, position, index, change });
            }
        }
        for (index, change) in (0_u32..).zip(told) {
            if !observed || !self.granular.iter().any(|known| known.at == at && known.change.tells(&change)) {
                self.granular.push(Dated { at, position, index, change });
            }
        }
        if let Some(customer) = request.customer {
            let happened = self.customers.entry(customer).or_default();
            for (index, change) in (0_u32..).zip(customer_changes) {
                if !observed || !happened.iter().any(|known| known.at == at && known.change == change) {
                    happened.push(Dated { at, position, index, change });
                }
            }
        }
    }

    /// The resellers of a customer at an instant, by what stood below a position, with their generation.
    #[must_use]
    pub fn resellers(
        &self,
        customer: CustomerId,
        as_of: Timestamp,
        known_below: u64,
    ) -> BTreeMap<PartnerTenantId, u32> {
        let picture = self.picture(Some(customer), as_of, known_below);
        picture
            .resellers
            .iter()
            .filter(|(_, reseller)| reseller.stands)
            .map(|(partner, reseller)| (*partner, reseller.generation))
            .collect()
    }

    /// Who could administer a customer by DAP at an instant, and for what.
    #[must_use]
    pub fn access(
        &self,
        customer: CustomerId,
        as_of: Timestamp,
        known_below: u64,
    ) -> BTreeMap<PartnerTenantId, BTreeSet<Coverage>> {
        let picture = self.picture(Some(customer), as_of, known_below);
        let whole = |coverage: BTreeSet<Coverage>| match coverage.contains(&Coverage::Tenant) {
            true => [Coverage::Tenant].into(),
            false => coverage,
        };
        picture
            .dap
            .into_iter()
            .filter(|(_, coverage)| !coverage.is_empty())
            .map(|(partner, coverage)| (partner, whole(coverage)))
            .collect()
    }

    /// The subscriptions of a customer at an instant.
    #[must_use]
    pub fn subscriptions(
        &self,
        customer: CustomerId,
        as_of: Timestamp,
        known_below: u64,
    ) -> BTreeMap<SubscriptionId, SubscriptionPicture> {
        let picture = self.picture(Some(customer), as_of, known_below);
        picture.subscriptions.iter().map(|(id, subscription)| (*id, subscription.shown(as_of, self.cloud))).collect()
    }

    /// The transfers of a customer at an instant.
    #[must_use]
    pub fn transfers(
        &self,
        customer: CustomerId,
        as_of: Timestamp,
        known_below: u64,
    ) -> BTreeMap<TransferId, TransferPicture> {
        let known = self.picture(Some(customer), as_of, known_below).transfers;
        known.into_iter().map(|(id, transfer)| (id, transfer.shown(as_of))).collect()
    }

    /// The granular relationships of a customer at an instant, as its own record has them.
    #[must_use]
    pub fn granular(
        &self,
        customer: CustomerId,
        as_of: Timestamp,
        known_below: u64,
    ) -> BTreeMap<(PartnerTenantId, GdapRelationshipId), GranularPicture> {
        let known = granted::of_customer(&self.granular, Some(customer), as_of, known_below);
        known.into_iter().map(|(key, granular)| (key, granular.shown(as_of))).collect()
    }

    /// The granular relationships of a partner at an instant, whomever they are with, without assignments.
    #[must_use]
    pub fn granular_of_partner(
        &self,
        partner: PartnerTenantId,
        as_of: Timestamp,
        known_below: u64,
    ) -> BTreeMap<GdapRelationshipId, GranularPicture> {
        let known = granted::of_partners(&self.granular, as_of, known_below);
        let own = known.into_iter().filter(|((owner, _), _)| *owner == partner);
        own.map(|((_, id), granular)| (id, granular.shown(as_of))).collect()
    }

    /// Who is in the security groups of a partner at an instant; groups without anybody are left out.
    #[must_use]
    pub fn members(
        &self,
        partner: PartnerTenantId,
        as_of: Timestamp,
        known_below: u64,
    ) -> BTreeMap<SecurityGroupId, BTreeSet<UserName>> {
        let groups = fold::partners(&self.partners, as_of, known_below).groups;
        let own = groups.into_iter().filter(|((owner, _), group)| *owner == partner && !group.members.is_empty());
        own.map(|((_, id), group)| (id, group.members)).collect()
    }

    /// The instants at which time alone changes one of a customer's granular relationships, by everything known.
    #[must_use]
    pub fn turns(&self, customer: CustomerId) -> BTreeSet<Timestamp> {
        let told = self.granular.iter().filter(|told| told.change.customer == Some(customer));
        let instants: BTreeSet<Timestamp> = told.map(|told| told.at).collect();
        let known = |at| granted::of_customer(&self.granular, Some(customer), at, u64::MAX);
        instants.into_iter().flat_map(|at| known(at).into_values().flat_map(move |known| known.turns(at))).collect()
    }

    fn scene<'a>(&'a self, request: &'a Request, at: Timestamp) -> Scene<'a> {
        let ever = self.picture(request.customer, Timestamp::MAX, u64::MAX);
        Scene {
            cloud: self.cloud,
            actor: &request.actor,
            customer_id: request.customer,
            customer: self.picture(request.customer, at, u64::MAX),
            in_use: ever.subscriptions.into_keys().collect(),
            transfers_ever: ever.transfers.into_keys().collect(),
            partners: fold::partners(&self.partners, at, u64::MAX),
            granular: Sight::new(&self.granular, request.customer, at),
            at,
        }
    }

    fn picture(&self, customer: Option<CustomerId>, as_of: Timestamp, known_below: u64) -> CustomerPicture {
        let happened = customer.and_then(|id| self.customers.get(&id)).map_or(&[][..], Vec::as_slice);
        fold::customer(happened, as_of, known_below)
    }
}

impl Scene<'_> {
    /// The partner for whom somebody acts.
    fn acting(&self) -> Option<PartnerTenantId> {
        matches!(self.actor.kind, ActorKind::PartnerUser | ActorKind::PartnerApplication)
            .then_some(self.actor.tenant_id)
            .flatten()
            .map(PartnerTenantId::new)
    }

    fn is_application(&self) -> bool {
        self.actor.kind == ActorKind::PartnerApplication
    }

    fn is_global_admin_of_customer(&self) -> bool {
        self.actor.kind == ActorKind::CustomerAdmin
            && self.actor.role == Some(Role::GlobalAdmin)
            && self.actor.tenant_id == self.customer_id.map(CustomerId::guid)
    }

    fn is_ledgers_own(&self) -> bool {
        matches!(self.actor.kind, ActorKind::Operator | ActorKind::System | ActorKind::Importer)
    }
}
